"""What a need lacks before it can be released, and values of a sheet that cannot be taken. Not the acts (verbs.needs)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Any

from django.utils.translation import gettext_lazy as _

from tashbik.errors import InvalidError
from tashbik.exchange.models import Need
from tashbik.exchange.need_sheet import Sheet, known, quantity_at
from tashbik.language.analysis import fold
from tashbik.linkage.match import DECISIVE
from tashbik.registry.records import NeedLine

INCOTERMS = ("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF")
"""The eleven rules of Incoterms 2020, International Chamber of Commerce, in its order: any mode of transport, then sea."""
COUNTED = (Need.Kind.SUBCONTRACT, Need.Kind.SUPPLY)
"""Kinds of need whose every line must have a quantity."""
MAX_TEXT = 20_000
MAX_BREAKS = 12
MAX_DAYS = 3 * 366
"""Days ahead beyond which a last day for answers is taken for a slip."""
_TEXTS: dict[str, Any] = {
    "lines": _("State what you need: there is no line yet."),
    "decisive": _("At least one line must name a process, a product or an HS heading."),
    "quantity": _("Give the quantity of this line."),
    "confirmation": _("Confirm that this line was understood as you meant it."),
    "place": _("Give the place of delivery."),
    "due": _("Give the last day for answers."),
    "due-past": _("The last day for answers has passed: choose a later one."),
    "named": _("The need is anonymous, but its text names you: take the name out."),
    "named-file": _("The need is anonymous, but an attached file is named after you: attach it under another name."),
    "title": _("Give the need a title."),
}
SECTIONS = {"named-file": "drawings", "place": "terms", "due": "terms", "due-past": "terms", "title": "terms"}
"""Where each is mended: in the lines unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that must be mended before release: what, in which section (lines, terms, drawings), of which line."""

    code: str
    line: str = ""

    @property
    def section(self) -> str:
        """lines, terms or drawings."""
        return SECTIONS.get(self.code, "lines")

    @property
    def text(self) -> Any:
        """What to do, in the reader's language."""
        return _TEXTS[self.code]


def missing(sheet: Sheet, *, today: date, names: Iterable[str] = (), files: Iterable[str] = ()) -> list[Missing]:
    """All that is missing for release. `names` are those of the buyer, which an anonymous need and its `files` must not say."""
    found = [*_of_lines(sheet), *_of_terms(sheet, today)]
    return [*found, *_names_said(sheet, names, files)] if sheet.anonymous else found


def _of_lines(sheet: Sheet) -> Iterator[Missing]:
    if not sheet.lines:
        yield Missing("lines")
        return
    if not any(is_decisive(one) for one in sheet.lines):
        yield Missing("decisive")
    for line in sheet.lines:
        if sheet.kind in COUNTED and quantity_at(line) is None:
            yield Missing("quantity", line.id)
        if not sheet.of_line(line.id).confirmed:
            yield Missing("confirmation", line.id)


def is_decisive(line: NeedLine) -> bool:
    """Whether a line names what is made or done, so that more than likeness of words decides."""
    return any(one.kind in DECISIVE and one.values for one in line.requirements)


def _of_terms(sheet: Sheet, today: date) -> Iterator[Missing]:
    if not sheet.title.strip():
        yield Missing("title")
    if not known(sheet.place):
        yield Missing("place")
    if sheet.due is None:
        yield Missing("due")
    elif sheet.due <= today:
        yield Missing("due-past")


def _names_said(sheet: Sheet, names: Iterable[str], files: Iterable[str]) -> Iterator[Missing]:
    wanted = [folded for name in names if len(folded := fold(name).strip()) > 3]
    general = f" {fold(' . '.join((sheet.title, sheet.text, sheet.eligibility)))} "
    if any(name in general for name in wanted):
        yield Missing("named")
    for line in sheet.lines:
        text = fold(" . ".join((line.text, *(one.words for one in line.requirements))))
        if any(name in text for name in wanted):
            yield Missing("named", line.id)
    said = fold(" . ".join(files).replace("_", " ").replace("-", " "))
    if any(name in said for name in wanted):
        yield Missing("named-file")


def check(sheet: Sheet, *, today: date) -> None:
    """Raises InvalidError for values that even a draft cannot hold."""
    fields: dict[str, list[str]] = {}

    def refuse(field: str, text: Any) -> None:
        fields.setdefault(field, []).append(str(text))

    if len(sheet.text) > MAX_TEXT:
        refuse("text", _("The text is longer than 20,000 characters: put details into an attachment."))
    if len(sheet.title) > 200:
        refuse("title", _("The title is longer than 200 characters: shorten it."))
    if sheet.kind not in Need.Kind.values:
        refuse("kind", _("Choose one of the kinds of need."))
    if sheet.confidentiality not in Need.Confidentiality.values:
        refuse("confidentiality", _("Choose who may see the need."))
    if sheet.incoterm and sheet.incoterm not in INCOTERMS:
        refuse("incoterm", _("Choose one of the Incoterms 2020 rules."))
    if sheet.due is not None and sheet.due > today + timedelta(days=MAX_DAYS):
        refuse("due", _("The last day for answers is more than three years away: check the year."))
    for field, text in _of_numbers(sheet):
        refuse(field, text)
    if fields:
        raise InvalidError(fields)


def _of_numbers(sheet: Sheet) -> Iterator[tuple[str, Any]]:
    ids = [one.id for one in sheet.lines]
    if len(set(ids)) < len(ids):
        yield "lines", _("Two lines have the same number.")
    for line in sheet.lines:
        for requirement in line.requirements:
            if any(not isfinite(one) or one <= 0 for one in requirement.numbers):
                yield "requirements", _("Numbers must be greater than zero.")
        breaks = sheet.of_line(line.id).price_breaks
        if any(not isfinite(one) or one <= 0 for one in breaks):
            yield "price_breaks", _("Numbers must be greater than zero.")
        if len(breaks) > MAX_BREAKS:
            yield "price_breaks", _("Give at most twelve price-break quantities.")
