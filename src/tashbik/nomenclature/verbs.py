"""Verbs of work in a buyer's sentence: `nous cherchons à faire usiner`, `نريد أن نخرط`. Not nouns, which are terms (terms.py)."""

from __future__ import annotations

import re
from functools import cache

from tashbik.language.quantities import fold_aligned
from tashbik.nomenclature import tables
from tashbik.nomenclature.classify import Classified

_SCORE = 0.5
_ARABIC_BEFORE = r"(?:و|ف|ل|س|ول|وس)?[ينتا]"
_ARABIC_AFTER = r"(?:وا|ون|ها|ه|هم|هن|وها|وه)?"
_SHADDA = "\u0651"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    """Process, pattern, and whether it is sought in the text as written rather than folded; longer phrases first."""
    found: list[tuple[int, str, re.Pattern[str], bool]] = []
    for row in tables.table("verbs.tsv"):
        for language in tables.LANGUAGES:
            for verb in tables.alternatives(row[language]):
                pattern = _arabic(verb) if language == "ar" else _latin(verb, language)
                found.append((-len(verb), row["process"], re.compile(pattern), _SHADDA in verb))
    found.sort(key=lambda one: one[0])
    return tuple(one[1:] for one in found)


def _arabic(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    stem = first[1:] if _SHADDA in first else fold_aligned(first)[1:]
    more = "".join(rf"(?:\s+\w+){{0,3}}?\s+{re.escape(fold_aligned(word))}" for word in rest.split())
    return rf"(?<!\w){_ARABIC_BEFORE}{re.escape(stem)}{_ARABIC_AFTER}(?!\w){more}"


def _latin(verb: str, language: str) -> str:
    words = re.escape(fold_aligned(verb)).replace(r"\ ", r"\s+").replace(r"\-", r"[\s-]?")
    before = r"\bto\s+(?:be\s+|have\s+)?" if language == "en" else r"\b"
    return rf"{before}(?P<verb>{words})\b"


def find_verbs(text: str) -> list[Classified]:
    """Processes whose verbs stand in a text, in order of position; of verbs that share words the longest."""
    folded = fold_aligned(text)
    found: list[Classified] = []
    for process, pattern, written in _patterns():
        for match in pattern.finditer(text if written else folded):
            start, end = match.span("verb") if "verb" in pattern.groupindex else match.span()
            if not any(start < one.end and one.start < end for one in found):
                found.append(Classified(process, _SCORE, text[start:end], start, end))
    return sorted(found, key=lambda one: one.start)
