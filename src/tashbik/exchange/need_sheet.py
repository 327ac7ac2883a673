"""The sheet of a need: all that its buyer states, as one value, with every change that a person can make to it. Not the saving (verbs.needs)
nor the splitting of pasted texts (need_lines).

A need in draft is its sheet; a released need may have a second one, `pending`, that takes effect with its next version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from tashbik.exchange.models import Need
from tashbik.exchange.need_lines import line_of, lines_of, without_bullet
from tashbik.exchange.projection import as_json
from tashbik.language.scripts import detect
from tashbik.registry.records import Need as NeedRecord
from tashbik.registry.records import NeedLine, Place, Record, Requirement

TITLE = 80
"""Characters of the text that become the title where the buyer gives none."""


class LineDetails(Record, frozen=True, kw_only=True):
    """What the record of a line has no field for. `price_breaks`: quantities, in the unit of the line, from which a price is asked."""

    price_breaks: tuple[float, ...] = ()
    confirmed: bool = False


class Sheet(Record, frozen=True, kw_only=True):
    """What a buyer states. `due` is the last day for answers; the date of delivery is a requirement of a line.

    `last_line` is the highest line number ever given, so that no number is given twice.
    """

    title: str = ""
    text: str = ""
    language: str = ""
    kind: str = "subcontract"
    lines: tuple[NeedLine, ...] = ()
    place: Place = Place()
    incoterm: str = ""
    due: date | None = None
    confidentiality: str = "invited"
    anonymous: bool = False
    eligibility: str = ""
    details: dict[str, LineDetails] = msgspec.field(default_factory=dict)
    last_line: int = 0

    def line(self, line_id: str) -> NeedLine:
        """A line by its id; KeyError where there is none."""
        for one in self.lines:
            if one.id == line_id:
                return one
        raise KeyError(line_id)

    def of_line(self, line_id: str) -> LineDetails:
        """Price breaks and confirmation of a line."""
        return self.details.get(line_id, LineDetails())


def in_force(need: Need) -> Sheet:
    """The sheet as released, or the draft."""
    record = msgspec.convert(need.record, NeedRecord)
    return Sheet(
        title=need.title,
        text=need.text,
        language=need.language,
        kind=need.kind,
        lines=record.lines,
        place=record.place,
        incoterm=record.incoterm,
        due=need.due,
        confidentiality=need.confidentiality,
        anonymous=need.anonymous,
        eligibility=record.eligibility,
        details=msgspec.convert(need.details.get("lines", {}), dict[str, LineDetails], strict=False),
        last_line=need.details.get("last_line") or _highest(record.lines),
    )


def _highest(lines: Sequence[NeedLine]) -> int:
    return max((int(digits) for one in lines if (digits := one.id.rpartition("/")[2]).isdigit()), default=0)


def sheet_of(need: Need) -> Sheet:
    """The sheet that is being worked at: the pending one of a released need that is being changed, else the one in force."""
    pending = need.details.get("pending")
    return msgspec.convert(pending, Sheet, strict=False) if pending else in_force(need)


def is_pending(need: Need) -> bool:
    """Whether a released need has changes that are not in force yet."""
    return bool(need.details.get("pending"))


def edition_of(need: Need) -> int:
    """Counts the edits, so that two people who edit one need are told of each other."""
    return int(need.details.get("edition", 0))


def write(need: Need, sheet: Sheet) -> None:
    """Put a sheet in force on a row (not saved). The buyer's name is never part of the record: who may know it is asked by query."""
    need.title, need.text, need.language, need.kind = sheet.title, sheet.text, sheet.language, sheet.kind
    need.confidentiality, need.anonymous, need.due = sheet.confidentiality, sheet.anonymous, sheet.due
    need.details = {
        "lines": {one.id: msgspec.to_builtins(sheet.of_line(one.id)) for one in sheet.lines},
        "last_line": sheet.last_line,
        "edition": edition_of(need),
    }
    need.record = as_json(record_of(need, sheet))


def record_of(need: Need, sheet: Sheet) -> NeedRecord:
    """The registry record of a sheet, without the buyer."""
    return NeedRecord(
        id=need.code,
        lines=sheet.lines,
        kind=sheet.kind,
        place=sheet.place,
        incoterm=sheet.incoterm,
        published=need.released.date() if need.released else None,
        due=sheet.due,
        confidentiality=sheet.confidentiality,
        eligibility=sheet.eligibility,
        status=need.status,
        version=need.version,
    )


def pending_json(sheet: Sheet) -> dict[str, Any]:
    """A sheet as JSON values, to be kept beside the one in force."""
    return as_json(sheet)


# --- changes: each takes a sheet and gives another; KeyError for a line that is not there ---


def from_text(sheet: Sheet, text: str, *, country: str) -> Sheet:
    """The sheet with the lines that a text states; what the buyer gave by hand outside the lines is kept."""
    first = sheet.last_line + 1
    lines = lines_of(text, first, country=country)
    found = next(
        (one.place for line in lines for one in line.requirements if one.kind == "delivery" and one.place), None
    )
    return replace(
        sheet,
        text=text,
        language=detect(text).language[:2] if text.strip() else "",
        title=sheet.title or title_of(text),
        lines=tuple(lines),
        details={},
        last_line=sheet.last_line + len(lines),
        place=sheet.place if known(sheet.place) else (found or sheet.place),
    )


def title_of(text: str) -> str:
    """The beginning of a text without the mark of a list, cut at a word."""
    first = next((without_bullet(one.strip()) for one in text.splitlines() if one.strip()), "")
    return first if len(first) <= TITLE else first[:TITLE].rsplit(" ", 1)[0].rstrip(" ,،;؛") + "…"


def known(place: Place) -> bool:
    """Whether a place says more than its country."""
    return bool(place.locality or place.region)


def _with(sheet: Sheet, line_id: str, change: Callable[[NeedLine], NeedLine]) -> Sheet:
    sheet.line(line_id)
    return replace(sheet, lines=tuple(change(one) if one.id == line_id else one for one in sheet.lines))


def _detailed(sheet: Sheet, line_id: str, **changes: Any) -> Sheet:
    sheet.line(line_id)
    return replace(sheet, details={**sheet.details, line_id: replace(sheet.of_line(line_id), **changes)})


def confirmed(sheet: Sheet, line_id: str, yes: bool = True) -> Sheet:
    """The line's requirements are what the buyer meant."""
    return _detailed(sheet, line_id, confirmed=yes)


def reworded(sheet: Sheet, line_id: str, text: str, *, country: str) -> Sheet:
    """A line with another text, understood anew, and to be confirmed again; price breaks stay."""
    return _detailed(
        _with(sheet, line_id, lambda one: line_of(line_id, text, country=country)), line_id, confirmed=False
    )


def split(sheet: Sheet, line_id: str, texts: Sequence[str], *, country: str) -> Sheet:
    """A line made several, each understood anew. The first keeps the number; the others get new ones."""
    first, *others = [one for one in texts if one.strip()]
    sheet = reworded(sheet, line_id, first, country=country)
    made = [line_of(str(sheet.last_line + place), text, country=country) for place, text in enumerate(others, 1)]
    at = [one.id for one in sheet.lines].index(line_id) + 1
    return replace(sheet, lines=(*sheet.lines[:at], *made, *sheet.lines[at:]), last_line=sheet.last_line + len(made))


def merged(sheet: Sheet, line_id: str, *, country: str) -> Sheet:
    """A line made one with the line before it, understood anew. ValueError for the first."""
    at = [one.id for one in sheet.lines].index(sheet.line(line_id).id)
    if at == 0:
        raise ValueError("the first line has none before it")
    before = sheet.lines[at - 1]
    text = f"{before.text}\n{sheet.lines[at].text}"
    return reworded(without_line(sheet, line_id), before.id, text, country=country)


def without_line(sheet: Sheet, line_id: str) -> Sheet:
    """The sheet without a line."""
    sheet.line(line_id)
    details = {key: value for key, value in sheet.details.items() if key != line_id}
    return replace(sheet, lines=tuple(one for one in sheet.lines if one.id != line_id), details=details)


def with_new_line(sheet: Sheet, text: str, *, country: str) -> Sheet:
    """The sheet with one more line, understood from its text."""
    number = sheet.last_line + 1
    return replace(sheet, lines=(*sheet.lines, line_of(str(number), text, country=country)), last_line=number)


def with_requirement(sheet: Sheet, line_id: str, requirement: Requirement, number: int | None = None) -> Sheet:
    """A requirement added, or put in the place of the one numbered `number` (from 0). IndexError where there is none."""

    def change(line: NeedLine) -> NeedLine:
        stated = list(line.requirements)
        if number is None:
            stated.append(requirement)
        else:
            stated[number] = requirement
        return replace(line, requirements=tuple(stated))

    return _with(sheet, line_id, change)


def without_requirement(sheet: Sheet, line_id: str, number: int) -> Sheet:
    """A requirement taken out."""
    stated = sheet.line(line_id).requirements
    stated[number]  # IndexError where there is none
    kept = (*stated[:number], *stated[number + 1 :])
    return _with(sheet, line_id, lambda line: replace(line, requirements=kept))


def switched(sheet: Sheet, line_id: str, number: int) -> Sheet:
    """A requirement made preferred if it was mandatory, mandatory if it was preferred."""
    one = sheet.line(line_id).requirements[number]
    return with_requirement(sheet, line_id, replace(one, mandatory=not one.mandatory), number)


def quantity_at(line: NeedLine) -> int | None:
    """Where the line's quantity stands among its requirements: the quantity in a period, else the quantity of the order."""
    kinds = [one.kind for one in line.requirements]
    return next((kinds.index(kind) for kind in ("quantity", "batch") if kind in kinds), None)


def with_quantity(
    sheet: Sheet, line_id: str, *, value: float, unit: str, period: str, price_breaks: Sequence[float], words: str
) -> Sheet:
    """The line's quantity (with a period: that of each period; without: that of the order) and its price breaks."""
    at = quantity_at(sheet.line(line_id))
    requirement = Requirement(
        kind="quantity" if period else "batch", words=words, numbers=(value,), unit=unit, period=period
    )
    sheet = with_requirement(sheet, line_id, requirement, at)
    return _detailed(sheet, line_id, price_breaks=tuple(sorted(set(price_breaks))))


def with_place(sheet: Sheet, place: Place, words: str) -> Sheet:
    """The place of delivery, for the need and for each line that named none or the one before."""
    before = sheet.place

    def change(line: NeedLine) -> NeedLine:
        stated = list(line.requirements)
        for number, one in enumerate(stated):
            if one.kind == "delivery" and (one.place is None or one.place == before):
                stated[number] = replace(one, place=place, words=words)
        if known(place) and not any(one.kind == "delivery" for one in stated):
            stated.append(Requirement(kind="delivery", words=words, place=place, mandatory=False))
        return replace(line, requirements=tuple(stated))

    return replace(sheet, place=place, lines=tuple(change(one) for one in sheet.lines))
