"""A row of a register to an enterprise record. Not the understanding of its words (understanding.py)."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import date
from typing import Any

import msgspec

from tashbik.language.dates import parse_date
from tashbik.language.quantities import find_quantities
from tashbik.language.scripts import detect
from tashbik.language.spoken import language_code
from tashbik.language.units import convert
from tashbik.nomenclature.classifications import isic_code
from tashbik.nomenclature.countries import country_code
from tashbik.nomenclature.places import lookup
from tashbik.registry.layout import Layout
from tashbik.registry.records import (
    Capability,
    Certificate,
    Contact,
    Enterprise,
    Envelope,
    Export,
    Identifier,
    Machine,
    Place,
    Provenance,
    Rate,
    Words,
)
from tashbik.registry.rejects import RowError

RECORD_COLUMN = "record"
"""Column in which an exported table carries the whole record."""
ATTRIBUTES = ("substance", "form", "dosage", "brand", "pack", "hs")
_PLAUSIBLE_YEARS = range(1750, 2101)
_AND = re.compile(r"\s+(?:et|and|&)\s+|\s*[/,،]\s*|\s+و\s*(?=\S)")


def enterprise_of(cells: dict[str, Any], layout: Layout, source: str, row: int) -> Enterprise:
    """The enterprise of one row. Raises RowError naming the field that is wrong; columns that no field claims are left out.

    A row that is a record already (JSON Lines written by `export`) is decoded as one.
    """
    if "names" in cells and isinstance(cells["names"], dict):
        return _decoded(cells)
    if str(cells.get(RECORD_COLUMN, "")).startswith("{"):
        return _decoded(_json(cells[RECORD_COLUMN]))
    name = layout.value(cells, "name") or next(
        (v for k in ("name_ar", "name_fr", "name_en") if (v := layout.value(cells, k))), ""
    )
    told_by = (name, *(layout.value(cells, field) for field in ("country", "region", "locality")))
    local = layout.value(cells, "id") or (_short_hash("\n".join(told_by)) if name else "")
    if not local:
        raise RowError("id", "", "no-id")
    place = _place(cells, layout)
    names = _names(cells, layout, name)
    return Enterprise(
        id=local,
        names=names,
        aliases=tuple(layout.values(cells, "alias")),
        identifiers=tuple(Identifier(scheme="", value=value) for value in layout.values(cells, "identifier")),
        legal_form=layout.value(cells, "legal_form"),
        place=place,
        founded=_whole(cells, layout, "founded", _PLAUSIBLE_YEARS),
        employees=_whole(cells, layout, "employees", range(2_000_000)),
        turnover=layout.value(cells, "turnover"),
        activities=tuple(isic_code(value) or value for value in layout.values(cells, "activity")),
        languages=_languages(cells, layout),
        website=layout.value(cells, "website"),
        contacts=_contacts(cells, layout),
        description=_words(layout.value(cells, "description")),
        capabilities=_capabilities(cells, layout),
        machines=tuple(Machine(words=_words(value)) for value in layout.values(cells, "machine")),
        certificates=_certificates(cells, layout),
        exports=tuple(Export(product=value) for value in layout.values(cells, "exports")),
        references=tuple(layout.values(cells, "references")),
        finance_need=layout.value(cells, "finance_need"),
        provenance=Provenance(
            source=layout.value(cells, "source") or source,
            locator=f"{source}:{row}",
            as_of=_date(cells, layout, "as_of"),
        ),
    )


def _json(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise RowError(RECORD_COLUMN, text, "bad-json") from error


def _decoded(cells: dict[str, Any]) -> Enterprise:
    try:
        return msgspec.convert(cells, Enterprise, strict=False)
    except msgspec.ValidationError as error:
        raise RowError(str(error).rpartition("at `$.")[2].rstrip("`"), str(error), "bad-json") from error


def _short_hash(text: str) -> str:
    return "h" + hashlib.blake2b(" ".join(text.casefold().split()).encode(), digest_size=6).hexdigest()


def _words(text: str) -> Words:
    return {detect(text).language: text} if text else {}


def _languages(cells: dict[str, Any], layout: Layout) -> tuple[str, ...]:
    """Codes of the languages spoken, in the order given. Raises RowError for a language that is not known."""
    codes: list[str] = []
    for written in layout.values(cells, "languages"):
        for part in [written] if language_code(written) else _AND.split(written):
            if not (code := language_code(part)):
                raise RowError("languages", part, "unknown-language")
            codes.append(code)
    return tuple(dict.fromkeys(codes))


def _names(cells: dict[str, Any], layout: Layout, name: str) -> Words:
    names = {code: value for code in ("ar", "fr", "en") if (value := layout.value(cells, f"name_{code}"))}
    if name and name not in names.values():
        language = detect(name).language
        names.setdefault(language if language == "ar" else "und", name)
    return names


def _place(cells: dict[str, Any], layout: Layout) -> Place:
    written = layout.value(cells, "country")
    code = country_code(written)
    return Place(
        country=code,
        region=_region(layout.value(cells, "region"), code),
        locality=layout.value(cells, "locality"),
        address=layout.value(cells, "address") or ("" if code else written),
        latitude=_number(cells, layout, "latitude", 90.0),
        longitude=_number(cells, layout, "longitude", 180.0),
    )


def _region(written: str, country: str) -> str:
    known = lookup(written, country) if written else None
    return known.id if known and known.kind == "division" else written


def _number(cells: dict[str, Any], layout: Layout, name: str, limit: float) -> float | None:
    text = layout.value(cells, name)
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError as error:
        raise RowError(name, text, "not-a-number") from error
    if not -limit <= value <= limit:
        raise RowError(name, text, "out-of-range")
    return value


def _whole(cells: dict[str, Any], layout: Layout, name: str, plausible: range) -> int | None:
    text = layout.value(cells, name)
    if not text:
        return None
    found = find_quantities(text)
    if not found:
        raise RowError(name, text, "not-a-number")
    value = int(found[0].value) if math.isfinite(found[0].value) else -1
    if value not in plausible:
        raise RowError(name, text, "out-of-range")
    return value


def _date(cells: dict[str, Any], layout: Layout, name: str) -> date | None:
    text = layout.value(cells, name)
    if not text:
        return None
    found = parse_date(text)
    if found is None:
        raise RowError(name, text, "not-a-date")
    return found


def _contacts(cells: dict[str, Any], layout: Layout) -> tuple[Contact, ...]:
    email, phone = layout.value(cells, "email"), layout.value(cells, "phone")
    return (Contact(email=email, phone=phone),) if email or phone else ()


def _certificates(cells: dict[str, Any], layout: Layout) -> tuple[Certificate, ...]:
    expiry = _date(cells, layout, "certificate_expiry")
    return tuple(Certificate(words=value, expiry=expiry) for value in layout.values(cells, "certificate"))


def _capabilities(cells: dict[str, Any], layout: Layout) -> tuple[Capability, ...]:
    """One capability for the row's own words and limits, or for its product's attributes; more for lists of substances."""
    attributes = {name: value for name in ATTRIBUTES if (value := layout.value(cells, name))}
    limits = _limits(cells, layout)
    if "substance" in layout.lists:
        return tuple(
            Capability(id=_short_hash(value), kind="product", attributes={"substance": value})
            for value in layout.values(cells, "substance")
        )
    if attributes.keys() - {"hs"}:
        return (
            Capability(id=_short_hash(" ".join(attributes.values())), kind="product", attributes=attributes, **limits),
        )
    words = " . ".join(
        part for name in ("capability", "process", "product", "description") for part in layout.values(cells, name)
    )
    if not words:
        return ()
    materials = tuple(layout.values(cells, "material"))
    return (Capability(id="1", words=_words(words), materials=materials, attributes=attributes, **limits),)


def _limits(cells: dict[str, Any], layout: Layout) -> dict[str, Any]:
    limits: dict[str, Any] = {
        "capacity": _rate(cells, layout, "capacity"),
        "spare": _rate(cells, layout, "spare"),
        "spare_as_of": _date(cells, layout, "spare_as_of"),
        "minimum_order": _first_number(cells, layout, "minimum_order"),
        "weight_max": _measure(cells, layout, "weight", "kg"),
        "lead_time": _measure(cells, layout, "lead_time", "day"),
        "envelope_max": _envelope(cells, layout),
    }
    tolerance = layout.value(cells, "tolerance")
    found = (
        [one for one in find_quantities(tolerance) if one.sign == "±" or one.unit in ("mm", "um")] if tolerance else []
    )
    limits["tolerance"] = convert(found[0].value, found[0].unit or "mm", "mm") if found else None
    limits["tolerance_class"] = "" if found else tolerance
    return {name: value for name, value in limits.items() if value is not None}


def _rate(cells: dict[str, Any], layout: Layout, name: str) -> Rate | None:
    text = layout.value(cells, name)
    if not text:
        return None
    found = find_quantities(text)
    if not found:
        raise RowError(name, text, "not-a-quantity")
    if found[0].per == "quarter":
        return Rate(value=found[0].value / 3, unit=found[0].unit or "piece", period="month")
    period = found[0].per if found[0].per in ("day", "week", "month", "year") else "month"
    return Rate(value=found[0].value, unit=found[0].unit or "piece", period=period)  # type: ignore[arg-type]


def _first_number(cells: dict[str, Any], layout: Layout, name: str) -> float | None:
    text = layout.value(cells, name)
    if not text:
        return None
    found = find_quantities(text)
    if not found:
        raise RowError(name, text, "not-a-number")
    return found[0].value


def _measure(cells: dict[str, Any], layout: Layout, name: str, unit: str) -> float | None:
    """A number in `unit`, which it is in where it names none."""
    text = layout.value(cells, name)
    if not text:
        return None
    found = find_quantities(text)
    value = convert(found[0].value, found[0].unit or unit, unit) if found else None
    if value is None:
        raise RowError(name, text, "not-a-quantity")
    return value


def _envelope(cells: dict[str, Any], layout: Layout) -> Envelope | None:
    text = layout.value(cells, "envelope")
    if not text:
        return None
    found = find_quantities(text)
    if not found:
        raise RowError("envelope", text, "not-a-quantity")
    sides = [convert(value, found[0].unit or "mm", "mm") or 0.0 for value in found[0].values]
    if found[0].sign == "Ø":
        sides = [sides[0], *sides]
    return Envelope(sides=tuple(sorted(sides, reverse=True)[:3]))
