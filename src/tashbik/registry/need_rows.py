"""A row of a needs file to a need record. Not the understanding of free text (need_text.py)."""

from __future__ import annotations

from typing import Any

import msgspec

from tashbik.language.dates import parse_date
from tashbik.language.scripts import detect
from tashbik.nomenclature.countries import country_code
from tashbik.nomenclature.places import lookup
from tashbik.registry.layout import Layout
from tashbik.registry.medicines import from_fields
from tashbik.registry.need_text import need_line
from tashbik.registry.records import Need, NeedLine, Place
from tashbik.registry.rejects import RowError


def need_of(cells: dict[str, Any], layout: Layout, source: str, row: int) -> Need:
    """The need of one row: a record already, a medicine in three fields, or free text with at most a buyer, a place and a date.

    Raises RowError where there is nothing to look for, or a date that is none.
    """
    if isinstance(cells.get("lines"), list):
        return _decoded(cells)
    need_id = layout.value(cells, "id") or f"{source}:{row}"
    place = _place(layout.value(cells, "locality") or layout.value(cells, "region"), layout.value(cells, "country"))
    due_text = layout.value(cells, "due")
    due = parse_date(due_text) if due_text else None
    if due_text and due is None:
        raise RowError("due", due_text, "not-a-date")
    return Need(
        id=need_id,
        lines=(_line(cells, layout, need_id, place.country),),
        kind=layout.value(cells, "kind") or "subcontract",
        buyer=layout.value(cells, "buyer"),
        place=place,
        due=due,
    )


def _decoded(cells: dict[str, Any]) -> Need:
    try:
        return msgspec.convert(cells, Need, strict=False)
    except msgspec.ValidationError as error:
        raise RowError(str(error).rpartition("at `$.")[2].rstrip("`"), str(error), "bad-json") from error


def _place(name: str, country: str) -> Place:
    code = country_code(country)
    known = lookup(name or code, code) if name or code else None
    if known is None:
        return Place(country=code)
    return Place(
        country=known.country or known.id,
        region=known.division,
        locality=name,
        latitude=known.latitude,
        longitude=known.longitude,
    )


def _line(cells: dict[str, Any], layout: Layout, need_id: str, country: str) -> NeedLine:
    substance = layout.value(cells, "substance")
    if substance:
        form, dosage = layout.value(cells, "form"), layout.value(cells, "dosage")
        text = " ".join(part for part in (substance, form, dosage) if part)
        requirements = from_fields(substance, form, dosage).requirements()
        return NeedLine(id=f"{need_id}/1", text=text, language=detect(text).language, requirements=tuple(requirements))
    parts = [
        layout.value(cells, name)
        for name in ("text", "product", "process", "material", "quantity", "detail", "description")
    ]
    text = " . ".join(part for part in parts if part) or layout.value(cells, "name")
    if not text:
        raise RowError("text", "", "no-text")
    return need_line(f"{need_id}/1", text, country=country)
