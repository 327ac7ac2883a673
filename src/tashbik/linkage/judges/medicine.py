"""Verdicts on medicines: active moiety, dosage form, strength, whatever the spelling, salt or unit."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from tashbik.linkage.offers import Offer
from tashbik.linkage.verdict import Case, Verdict, failed, passed, unknown
from tashbik.registry.medicines import form_parts, is_base, moieties
from tashbik.registry.records import Requirement
from tashbik.registry.strengths import readings

SAME_SPELLING = 0.8
"""Likeness of skeletons from which a word is taken for the same name misspelt."""


def judge_substance(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Active moieties: all of those asked and no others pass; a combination that has more, or others, fails."""
    written = offer.capability.attributes.get("substance", "")
    if not written:
        return unknown(requirement, "not-stated", 0.2)
    likeness = _likeness(frozenset(requirement.values), moieties(written))
    if likeness >= SAME_SPELLING:
        return passed(requirement, "same", likeness, offered=written, source="substance")
    return failed(requirement, "other", 0.5 * likeness, offered=written, source="substance")


@lru_cache(maxsize=200_000)
def _likeness(asked: frozenset[str], offered: frozenset[str]) -> float:
    """1 for the same moieties; else the mean likeness of the words of their names when paired best, short of extra words."""
    if asked == offered:
        return 1.0
    left, right = _names(asked), _names(offered)
    if not left or not right:
        return 0.0
    best = [max(_word_likeness(one, other) for other in right) for one in left]
    best += [max(_word_likeness(one, other) for other in left) for one in right]
    return sum(best) / len(best) if min(best) >= SAME_SPELLING else min(0.5, sum(best) / len(best))


def _names(keys: frozenset[str]) -> list[str]:
    """Concept ids stay whole; skeleton keys are split into their words."""
    return [word for key in keys for word in ([key] if key.startswith("substance.") else key.split())]


@lru_cache(maxsize=200_000)
def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if one.startswith("substance.") and other.startswith("substance."):
        return 0.0
    if min(len(one), len(other)) < 5:
        return 0.0
    return float(Levenshtein.normalized_similarity(one, other))


def judge_form(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Dosage form: the same parts, or more exact ones, pass; another base or a missing asked part fails."""
    written = offer.capability.attributes.get("form", "")
    offered = form_parts(written)
    asked = frozenset(requirement.values)
    if not offered:
        return unknown(requirement, "not-stated", 0.3, offered=written)
    likeness = len(asked & offered) / len(asked | offered)
    if asked == offered:
        exact = 1.0 if written.casefold() == requirement.words.casefold() else 0.99
        return passed(requirement, "same", exact, offered=written, source="form")
    if {one for one in asked if is_base(one)} != {one for one in offered if is_base(one)}:
        return failed(requirement, "other", 0.3 * likeness, offered=written, source="form")
    if asked <= offered:
        return passed(requirement, "narrower", 0.5 * likeness, offered=written, source="form")
    return failed(requirement, "lacking", 0.6 * likeness, offered=written, source="form")


def judge_dosage(requirement: Requirement, offer: Offer, case: Case) -> Verdict:
    """Strength: any reading of what is asked equal to any reading of what is offered passes."""
    written = offer.capability.attributes.get("dosage", "")
    asked, offered = readings(requirement.words), readings(written)
    if written and _squeezed(written) == _squeezed(requirement.words):
        return passed(requirement, "same", 1.0, offered=written, source="dosage")
    if not offered or not asked:
        return unknown(requirement, "not-stated", 0.3, offered=written)
    if set(asked) & set(offered):
        return passed(requirement, "same", 0.98, offered=written, source="dosage")
    return failed(requirement, "other", offered=written, source="dosage")


def _squeezed(text: str) -> str:
    return "".join(text.casefold().split()).replace("*", "")
