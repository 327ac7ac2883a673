"""How a need is shown: requirements as written and as understood, quantities, places, versions side by side. Not what may be seen (queries)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tashbik.exchange.models import Need
from tashbik.exchange.need_checks import is_decisive
from tashbik.exchange.need_sheet import Sheet, quantity_at
from tashbik.exchange.queries.needs import Version
from tashbik.language.units import gap, label
from tashbik.linkage.explain import name_of, word
from tashbik.nomenclature.classifications import hs
from tashbik.nomenclature.grades import SYSTEMS, grades
from tashbik.nomenclature.places import places
from tashbik.registry.records import NeedLine, Place, Requirement
from tashbik.web import reading

EQUIVALENTS = 5
"""Designations of a grade shown beside the one that was written."""


@dataclass(frozen=True, slots=True)
class ShownRequirement:
    """A requirement: its number in the line, what it is about, as written, as understood (one phrase each), mandatory or preferred."""

    number: int
    kind: str
    kind_name: str
    written: str
    understood: tuple[str, ...]
    mandatory: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its requirements, quantity and price breaks; `decisive` tells whether it names what is made or done."""

    id: str
    number: int
    text: str
    language: str
    requirements: tuple[ShownRequirement, ...]
    quantity: str
    price_breaks: tuple[str, ...]
    confirmed: bool
    decisive: bool


def kind_name(kind: str) -> str:
    """What a requirement is about."""
    return word(f"kind.{kind}", reading.language())


def unit_name(unit: str, count: float = 2) -> str:
    """A unit as it stands beside a number: periods in words, areas and volumes with their exponents."""
    if unit in ("day", "week", "month", "hour"):
        return _period_name(unit, count)
    return label(unit, reading.language(), count).replace("2", "²").replace("3", "³")


def _period_name(unit: str, count: float) -> str:
    whole = int(count) if count % 1 == 0 else 2
    if unit == "day":
        return ngettext("day", "days", whole)
    if unit == "week":
        return ngettext("week", "weeks", whole)
    return ngettext("month", "months", whole) if unit == "month" else ngettext("hour", "hours", whole)


def quantity_text(value: float, unit: str, period: str = "", digits: str = "latn") -> str:
    """A number with its unit and, where there is one, its period."""
    amount = reading.number(value, digits)
    measured = f"{amount}{gap(reading.language(), unit)}{unit_name(unit, value)}" if unit else amount
    return f"{measured} {word(f'per.{period}', reading.language())}" if period else measured


def place_text(place: Place | None) -> str:
    """A place from the town to the country."""
    if place is None:
        return ""
    known = places().get(place.locality) or places().get(place.region)
    town = known.label(reading.language()) if known else place.locality
    country = reading.place(place.country) if place.country else ""
    names = [one for one in (town, country) if one]
    return ("، " if reading.language() == "ar" else ", ").join(dict.fromkeys(names))


def grade_text(grade_id: str) -> tuple[str, ...]:
    """A grade, and the nearest ones of other standards."""
    grade = grades()[grade_id]
    others = [name for system in SYSTEMS for name in grade.designations.get(system, ())[:1] if name != grade.label()]
    if not others:
        return (grade.label(),)
    listed = " · ".join(others[:EQUIVALENTS])
    relation = _("the same as") if grade.same else _("comparable with")
    return (grade.label(), f"{relation} {listed}")


def understood(one: Requirement, digits: str = "latn") -> tuple[str, ...]:
    """What was understood of a requirement, in phrases of the reader's language."""
    language = reading.language()
    if one.kind == "hs":
        return tuple(_heading(code, language) for code in one.values)
    if one.kind in ("substance", "form", "dosage"):
        return tuple(dict.fromkeys(name_of(value, language) for value in one.values)) or (one.words,)
    if one.values:
        return tuple(
            part
            for value in one.values
            for part in (grade_text(value) if value in grades() else (name_of(value, language),))
        )
    return (*_numbers(one, digits), *_delivery(one, digits))


def _heading(code: str, language: str) -> str:
    found = next((hs()[code[:length]] for length in (6, 4, 2) if code[:length] in hs()), None)
    return f"{code} {found.label(language)}" if found else code


def _numbers(one: Requirement, digits: str) -> tuple[str, ...]:
    if not one.numbers:
        return ()
    if one.kind == "envelope":
        sides = " × ".join(reading.number(side, digits) for side in one.numbers)
        return (f"{sides}{gap(reading.language(), 'mm')}{unit_name('mm')}",)
    if one.kind == "tolerance":
        return (f"±{quantity_text(one.numbers[0], 'mm', '', digits)}",)
    if one.kind == "place":
        return (_("within %(distance)s") % {"distance": quantity_text(one.numbers[0], "km", "", digits)},)
    unit = {"weight": "kg", "lead_time": "day"}.get(one.kind, one.unit)
    return (quantity_text(one.numbers[0], unit, one.period, digits),)


def _delivery(one: Requirement, digits: str) -> tuple[str, ...]:
    until = _("until %(date)s") % {"date": reading.day(one.due, digits)} if one.due else ""
    return tuple(part for part in (place_text(one.place), until) if part)


def shown_requirement(number: int, one: Requirement, digits: str = "latn") -> ShownRequirement:
    """A requirement as it is shown."""
    return ShownRequirement(number, one.kind, kind_name(one.kind), one.words, understood(one, digits), one.mandatory)


def shown_line(sheet: Sheet, line: NeedLine, number: int, digits: str = "latn") -> ShownLine:
    """A line as it is shown."""
    at, details = quantity_at(line), sheet.of_line(line.id)
    unit = line.requirements[at].unit if at is not None else ""
    return ShownLine(
        id=line.id,
        number=number,
        text=line.text,
        language=line.language[:2],
        requirements=tuple(shown_requirement(place, one, digits) for place, one in enumerate(line.requirements)),
        quantity=understood(line.requirements[at], digits)[0] if at is not None else "",
        price_breaks=tuple(quantity_text(one, unit, "", digits) for one in details.price_breaks),
        confirmed=details.confirmed,
        decisive=is_decisive(line),
    )


def shown_lines(sheet: Sheet, digits: str = "latn") -> list[ShownLine]:
    """All lines, numbered as they stand."""
    return [shown_line(sheet, line, number, digits) for number, line in enumerate(sheet.lines, 1)]


def quantity_of(sheet: Sheet, digits: str = "latn") -> str:
    """The first line's quantity, for a list."""
    return next((one.quantity for one in shown_lines(sheet, digits)[:1]), "")


def terms_of(sheet: Sheet, digits: str = "latn") -> list[tuple[str, str]]:
    """What holds for the whole need, as label and value."""
    return [
        (_("Kind of need"), str(dict(Need.Kind.choices).get(sheet.kind, sheet.kind))),
        (_("Place of delivery"), place_text(sheet.place) if sheet.place.locality or sheet.place.region else ""),
        (_("Incoterms 2020 rule"), sheet.incoterm),
        (_("Last day for answers"), reading.day(sheet.due, digits)),
        (_("Who may see it"), str(dict(Need.Confidentiality.choices).get(sheet.confidentiality, ""))),
        (_("Buyer's name"), _("not shown outside your exchange") if sheet.anonymous else pgettext("name", "shown")),
        (_("Who may answer"), sheet.eligibility),
    ]


# versions side by side


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One fact in two versions."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether it was changed."""
        return self.before != self.after


def compared(before: Version, after: Version, digits: str = "latn") -> list[ComparedRow]:
    """Two versions fact by fact, lines by their numbers."""
    old, new = before.sheet or Sheet(), after.sheet or Sheet()
    rows = [ComparedRow(_("Title"), _given(old.title), _given(new.title))]
    rows += [
        ComparedRow(label, _given(was), _given(now))
        for (label, was), (_label, now) in zip(terms_of(old, digits), terms_of(new, digits), strict=True)
    ]
    ids = list(dict.fromkeys(one.id for one in (*new.lines, *old.lines)))
    for number, line_id in enumerate(ids, 1):
        rows.append(
            ComparedRow(
                _("Line %(number)s") % {"number": reading.number(number, digits)},
                _line_facts(old, line_id, digits),
                _line_facts(new, line_id, digits),
            )
        )
    return rows


def _given(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _line_facts(sheet: Sheet, line_id: str, digits: str) -> tuple[str, ...]:
    line = next((one for one in sheet.lines if one.id == line_id), None)
    if line is None:
        return ()
    shown = shown_line(sheet, line, 1, digits)
    facts = [
        f"{one.kind_name}: {_joined(one.understood or (one.written,))} ({_duty(one)})" for one in shown.requirements
    ]
    heading = _("Price-break quantities")
    breaks = [f"{heading}: {_joined(shown.price_breaks)}"] if shown.price_breaks else []
    return (shown.text, *facts, *breaks)


def _duty(one: ShownRequirement) -> str:
    return str(pgettext("requirement", "mandatory") if one.mandatory else pgettext("requirement", "preferred"))


def _joined(parts: Sequence[str]) -> str:
    return ("، " if reading.language() == "ar" else ", ").join(parts)
