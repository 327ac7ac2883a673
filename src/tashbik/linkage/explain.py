"""Verdicts, questions and links in Arabic, French and English. Not the verdicts themselves (judges); wording is in data/wording.tsv."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib import resources

from tashbik.language.analysis import index_words
from tashbik.language.units import gap, measures, written
from tashbik.language.units import label as unit_label
from tashbik.linkage.match import Link
from tashbik.linkage.verdict import Verdict
from tashbik.nomenclature import tables
from tashbik.nomenclature.grades import grades
from tashbik.nomenclature.places import places

_RATE = re.compile(r"^([\d.e+]+) (\w+)(?:/(day|week|month|year))?$")
_RANGE = re.compile(r"[\d.e+]+(?:–[\d.e+]+)?")
_MEASURED = frozenset({"envelope", "weight", "tolerance", "delivery", "place"})


@cache
def _wording() -> dict[str, dict[str, str]]:
    text = resources.files("tashbik.linkage").joinpath("data/wording.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    header = rows[0][1:]
    return {row[0]: dict(zip(header, row[1:], strict=True)) for row in rows[1:]}


def word(key: str, language: str) -> str:
    """One phrase of the wording table; KeyError for a phrase that is not there."""
    return _wording()[key][language]


def kind_name(verdict: Verdict, language: str) -> str:
    """What the requirement is about, e.g. material."""
    return word(f"kind.{verdict.requirement.kind}", language)


def name_of(concept_or_grade: str, language: str) -> str:
    """Label of a concept, grade, place or form part in a language; the id itself where it is none of these."""
    concept = tables.concepts().get(concept_or_grade)
    if concept is not None:
        return concept.label(language)
    if concept_or_grade in grades():
        return grades()[concept_or_grade].label()
    if concept_or_grade in places():
        return places()[concept_or_grade].label(language)
    return concept_or_grade


def asked_text(verdict: Verdict, language: str) -> str:
    """What was asked: the buyer's words, and the name in the reader's language where that says more."""
    due = verdict.requirement.due
    if due is not None:
        key = "asked.place-date" if verdict.asked else "asked.date"
        return word(key, language).format(place=verdict.asked, date=date_words(due, language))
    return _measured(verdict, _with_names(verdict.asked, _named_ids(verdict, verdict.asked_ids), language), language)


def offered_text(verdict: Verdict, language: str) -> str:
    """What is offered, likewise; empty where nothing is known."""
    rate = _RATE.match(verdict.offered) if verdict.requirement.kind in ("quantity", "batch") else None
    if rate:
        return _rate(rate, language)
    if verdict.requirement.kind == "batch" and _RANGE.fullmatch(verdict.offered):
        return "–".join(written(float(one), language) for one in verdict.offered.split("–"))
    if verdict.offered in places():
        return places()[verdict.offered].label(language)
    return _measured(
        verdict, _with_names(verdict.offered, _named_ids(verdict, verdict.offered_ids), language), language
    )


def _measured(verdict: Verdict, text: str, language: str) -> str:
    """Sizes, weights, tolerances and distances as the language writes them; names and grades as they are."""
    return measures(text, language) if verdict.requirement.kind in _MEASURED else text


def _named_ids(verdict: Verdict, ids: tuple[str, ...]) -> tuple[str, ...]:
    if verdict.requirement.kind in ("substance", "form", "dosage", "hs", "tolerance"):
        return ()
    return () if verdict.reason in ("equivalent", "held") else ids


def _with_names(words: str, ids: tuple[str, ...], language: str) -> str:
    """Words as written, with the names of what they mean in brackets, where these are not the same words in another form."""
    names = list(dict.fromkeys(name_of(one, language) for one in ids))
    if not words:
        return word("list", language).join(names[:3])
    said = set(index_words(words))
    telling = [name for name in names if not set(index_words(name)) <= said]
    return f"{words} ({word('list', language).join(telling[:3])})" if telling else words


def date_words(day: date, language: str) -> str:
    """A day in words, e.g. 28 février 2027."""
    return f"{day.day} {word(f'month.{day.month}', language)} {day.year}"


def _detail_date(details: dict[str, str], name: str, language: str) -> str:
    return date_words(date.fromisoformat(details[name]), language) if name in details else ""


def _rate(match: re.Match[str], language: str) -> str:
    value = float(match[1])
    amount = f"{written(value, language)}{gap(language, match[2])}{unit_label(match[2], language, value)}"
    return f"{amount} {word('per.' + match[3], language)}" if match[3] else amount


def verdict_sentence(verdict: Verdict, language: str) -> str:
    """One sentence: kind, outcome, asked, offered, the reason with its numbers, and the date of the datum."""
    details = dict(verdict.details)
    key = f"reason.{verdict.requirement.kind}.{verdict.reason}"
    template = _wording().get(key, _wording()[f"reason.{verdict.reason}"])[language]
    values = {
        "asked": asked_text(verdict, language),
        "offered": offered_text(verdict, language) or word("nothing", language),
        "standard": details.get("standard", ""),
        "km": details.get("km", ""),
        "ready": _detail_date(details, "ready", language),
        "expiry": _detail_date(details, "expiry", language),
        "months": details.get("months", ""),
        "share": f"{100 * (verdict.share or 0):.0f}",
    }
    sentence = template.format(**values)
    if verdict.as_of is not None:
        sentence += " " + word("as-of", language).format(date=month_of(verdict, language))
    if verdict.requirement.kind == "delivery" and details.get("km"):
        sentence += " " + word("away", language).format(km=details["km"])
    preferred = (
        "" if verdict.requirement.mandatory or verdict.outcome != "fail" else " " + word("buyer-decides", language)
    )
    line = word("line", language).format(
        kind=kind_name(verdict, language),
        outcome=word(f"outcome.{verdict.outcome}", language),
        sentence=sentence + preferred,
    )
    return line[:1].upper() + line[1:]


def month_of(verdict: Verdict, language: str) -> str:
    """Month and year of the datum in words."""
    assert verdict.as_of is not None
    return f"{word(f'month.{verdict.as_of.month}', language)} {verdict.as_of.year}"


def question(verdict: Verdict, language: str) -> str:
    """The question to the enterprise that would settle an unknown."""
    details = dict(verdict.details)
    kind = verdict.requirement.kind
    key = f"question.{kind}.{verdict.reason}"
    if kind == "envelope" and "force" in details:
        key = "question.envelope.press"
    template = _wording().get(key) or _wording()[f"question.{kind}"]
    return template[language].format(
        asked=asked_text(verdict, language), offered=offered_text(verdict, language), force=details.get("force", "")
    )


def questions(link: Link, language: str) -> list[str]:
    """All questions of a link, in the order of the requirements."""
    return [question(one, language) for one in link.verdicts if one.outcome == "unknown"]


def explanation(link: Link, language: str) -> str:
    """The whole explanation of a link: a summing-up and one sentence for each verdict."""
    counts = {outcome: sum(one.outcome == outcome for one in link.verdicts) for outcome in ("pass", "fail", "unknown")}
    if not link.verdicts:
        return word("summary.likeness", language).format(score=f"{100 * link.score:.0f}")
    lines = [word("summary", language).format(passed=counts["pass"], failed=counts["fail"], unknown=counts["unknown"])]
    if link.mandatory_failed:
        lines.append(word("mandatory-failed", language))
    lines += [verdict_sentence(one, language) for one in link.verdicts]
    return "\n".join(lines)
