"""How verdicts are worded for the reader: columns, what stands in a cell, what a cell opens to. Not who sees what (queries)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tashbik.exchange.models import Question
from tashbik.exchange.queries.matches_rows import WITHHELD, Cell, Row
from tashbik.language.units import measures, written
from tashbik.linkage.explain import asked_text, date_words, name_of, question, verdict_sentence, word
from tashbik.linkage.verdict import Verdict
from tashbik.nomenclature.places import lookup, places
from tashbik.registry.records import NeedLine, Requirement
from tashbik.web import reading
from tashbik.web.needs.showing import kind_name, quantity_text, understood

MARKS = {"pass": "✓", "fail": "✕", "unknown": "?"}
_RATE = re.compile(r"([\d.e+]+) (\w+)(?:/(day|week|month|year))?")
_NUMBER = re.compile(r"\d[\d.]*(?:e\+\d+)?")
_NAMED = ("process", "product", "machine", "material")
_SHORT = 42
"""Characters of an offer's own words in a cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A requirement as a column: what it is about, what is asked, whether it must be met."""

    number: int
    kind: str
    label: str
    asked: str
    mandatory: bool


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell closed: outcome, shape and word, what stands beside them, a remark under it, and the query string of its page."""

    outcome: str
    mark: str
    word: str
    text: str
    remark: str
    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A cell opened: the sentence, asked, offered, where that is read from, in whose words, document, date, and the question."""

    sentence: str
    asked: str
    asked_words: str
    offered: str
    field: str
    words: str
    words_language: str
    document: str
    as_of: date | None
    question: str


def outcome_word(outcome: str) -> str:
    """met, not met or unknown."""
    return word(f"outcome.{outcome}", reading.language())


def columns_of(line: NeedLine, digits: str = "latn") -> list[Column]:
    """The requirements of a line as columns."""
    return [
        Column(number, one.kind, capfirst(kind_name(one.kind)), _asked(one, digits), one.mandatory)
        for number, one in enumerate(line.requirements)
    ]


def _asked(one: Requirement, digits: str) -> str:
    """What is asked, as short as it can be said: place and date of a delivery, the first name of anything else."""
    phrases = understood(one, digits)
    return " · ".join(phrases) if one.kind == "delivery" else next(iter(phrases), one.words)


def short(verdict: Verdict, digits: str = "latn") -> str:
    """What is offered, as short as it can be said; empty where nothing is known."""
    kind, language = verdict.requirement.kind, reading.language()
    if verdict.reason == WITHHELD:
        return _("details not shown")
    if kind in _NAMED:
        return _named(verdict, language)
    if kind in ("quantity", "batch"):
        return _rate(verdict.offered, digits)
    if kind == "lead_time" and verdict.offered:
        return quantity_text(float(verdict.offered), "day", "", digits)
    if kind == "delivery":
        return _delivery(verdict, digits)
    if verdict.offered in places():
        return places()[verdict.offered].label(language)
    text = name_of(verdict.offered, language) if kind == "certificate" else measures(verdict.offered, language)
    return reading.shaped(_cut(text), digits)


def _named(verdict: Verdict, language: str) -> str:
    if verdict.requirement.unit == "grade" and verdict.offered:
        asked = verdict.requirement.words
        return f"{verdict.offered} ≈ {asked}" if verdict.reason == "equivalent" else verdict.offered
    names = list(dict.fromkeys(name_of(one, language) for one in verdict.offered_ids))
    return _cut(names[0] if names else verdict.offered)


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else text[:_SHORT].rsplit(" ", 1)[0] + "…"


def _rate(offered: str, digits: str) -> str:
    found = _RATE.fullmatch(offered)
    if not found:
        return reading.shaped(_NUMBER.sub(lambda one: written(float(one[0]), reading.language()), offered), digits)
    return quantity_text(float(found[1]), found[2], found[3] or "", digits)


def _delivery(verdict: Verdict, digits: str) -> str:
    details = dict(verdict.details)
    if "lead" in details:
        lead = quantity_text(float(details["lead"]), "day", "", digits)
        return _("in %(days)s") % {"days": lead}
    if "km" in details:
        return quantity_text(float(details["km"]), "km", "", digits)
    return reading.place(verdict.offered) if len(verdict.offered) == 2 else reading.shaped(verdict.offered, digits)


def cell(line: str, row: Row, one: Cell, label: str, digits: str = "latn") -> ShownCell:
    """A cell closed."""
    outcome = one.verdict.outcome
    return ShownCell(
        outcome=outcome,
        mark=MARKS[outcome],
        word=outcome_word(outcome),
        text=_said(one)
        or short(one.engine, digits)
        or (_("to be asked") if outcome == "unknown" else outcome_word(outcome)),
        remark=_remark(one, digits),
        label=label,
        query="?" + urlencode({"line": line, "enterprise": row.code, "number": one.number}),
    )


def _said(one: Cell) -> str:
    """What the enterprise answered, while it is not settled or once its answer is in force; empty else."""
    asked = one.question
    if asked is None or asked.answered is None or one.origin == "override":
        return ""
    return _cut(asked.answer) or _("says: %(claim)s") % {"claim": claim_word(asked.claim)}


def _remark(one: Cell, digits: str) -> str:
    """Under a cell: whose word it is where it is not the engine's, the state of the question, else the month of a dated fact."""
    if one.origin == "override":
        return _("decided by an officer")
    if one.question is not None:
        return question_state(one.question, digits)
    if one.engine.as_of is not None and one.engine.requirement.kind in ("quantity", "batch"):
        return month(one.engine.as_of, digits)
    return ""


def question_state(asked: Question, digits: str = "latn") -> str:
    """What became of a question, in a few words."""
    if asked.answered is None:
        return _("asked on %(date)s") % {"date": reading.day(asked.created, digits)}
    values = {"date": reading.day(asked.answered, digits)}
    if asked.status == Question.Status.SETTLED:
        return _("answered by the enterprise on %(date)s") % values
    return _("answered on %(date)s, to be settled") % values


def claim_word(claim: str) -> str:
    """What an enterprise says of a requirement."""
    return outcome_word(claim) if claim else pgettext("answer", "in words only")


def facts(row: Row, one: Cell, digits: str = "latn") -> Facts:
    """A cell opened. The engine's own finding, whoever's word is in force."""
    verdict, language = one.engine, reading.language()
    own = row.link.words
    spoken = language if language in own else next(iter(own), "")
    quoted = verdict.source in ("capability", "materials", "grade table") or verdict.requirement.kind in _NAMED
    return Facts(
        sentence=reading.shaped(sentence(verdict), digits),
        asked=reading.shaped(asked_text(verdict, language), digits),
        asked_words=verdict.requirement.words,
        offered="" if one.withheld else short(verdict, digits),
        field=field_name(verdict.source),
        words=own.get(spoken, "") if quoted and not one.withheld else "",
        words_language=spoken if spoken in ("ar", "fr", "en") else "",
        document="" if one.withheld else document_of(row),
        as_of=None if one.withheld else verdict.as_of or row.as_of,
        question=reading.shaped(question_text(verdict), digits) if verdict.outcome == "unknown" else "",
    )


def question_text(verdict: Verdict) -> str:
    """The question that would settle an unknown."""
    known = replace(verdict, reason="not-stated") if verdict.reason == WITHHELD else verdict
    return question(known, reading.language())


def sentence(verdict: Verdict) -> str:
    """The verdict in one sentence; where its facts are kept from the reader, that they are."""
    if verdict.reason == WITHHELD:
        values = {"requirement": kind_name(verdict.requirement.kind), "outcome": outcome_word(verdict.outcome)}
        return _("%(requirement)s: %(outcome)s; the enterprise does not show the details to you.") % values
    return verdict_sentence(verdict, reading.language())


def document_of(row: Row) -> str:
    """Where the enterprise's data come from: source, place in it, who verified them."""
    given = row.link.provenance
    parts = [given.source, given.locator]
    if given.verified_on:
        parts.append(_("verified on %(date)s") % {"date": date_words(given.verified_on, reading.language())})
    return " · ".join(one for one in parts if one)


def field_name(source: str) -> str:
    """What the field is called that a verdict was read from."""
    names = {
        "capability": _("capability in the enterprise's own words"),
        "other capability": _("another capability of the enterprise"),
        "envelope": _("largest part"),
        "machines": _("machines"),
        "weight": _("heaviest part"),
        "tolerance": _("tolerance"),
        "spare capacity": _("spare capacity"),
        "capacity": _("production capacity"),
        "minimum order": _("minimum order"),
        "batch": _("order quantity"),
        "materials": _("materials"),
        "grade table": _("table of equivalent grades"),
        "certificates": _("certificates"),
        "hs": _("HS heading"),
        "lead time": _("lead time"),
        "place": _("place of the enterprise"),
        "date": _("date asked for"),
    }
    return names.get(source, "")


def month(day: date | None, digits: str = "latn") -> str:
    """Month and year in words; empty for no date."""
    if day is None:
        return ""
    return reading.shaped(f"{word(f'month.{day.month}', reading.language())} {day.year}", digits)


def where(row: Row, digits: str = "latn") -> str:
    """Place of an enterprise with its distance from the place of delivery."""
    one = row.enterprise
    town = lookup(one.locality, one.country) if one.locality else places().get(one.region)
    parts = [
        town.label(reading.language()) if town else one.locality,
        reading.place(one.country) if one.country else "",
    ]
    place = ("، " if reading.language() == "ar" else ", ").join(dict.fromkeys(part for part in parts if part))
    away = quantity_text(row.link.km, "km", "", digits) if row.link.km is not None else ""
    return " · ".join(part for part in (place, away) if part)
