"""How each section's form is filled from a record and put back into it. Not the fields (forms.py) nor the saving (flow.py).

What a form does not show of a row (concepts, words in other languages) stays as it was: rows are matched to the record's by their position
in the record that the form was made of.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace

from tashbik.exchange import visibility
from tashbik.language.scripts import detect
from tashbik.nomenclature.places import known_place
from tashbik.registry import records
from tashbik.registry.records import Enterprise
from tashbik.web import reading
from tashbik.web.editing import forms

LANGUAGES = ("ar", "fr", "en")
NOWHERE = records.Place()
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its main form, its rows, and the functions that fill them from a record and put them back."""

    name: str
    form: type[forms.SectionForm] | None
    row: type[forms.SectionForm] | None
    fill: Callable[[Enterprise], Values]
    fill_rows: Callable[[Enterprise], list[Values]]
    put: Callable[[Enterprise, Values, list[tuple[int, Values]]], Enterprise]


def _none(_record: Enterprise) -> Values:
    return {}


def _no_rows(_record: Enterprise) -> list[Values]:
    return []


def spoken(given: Values, stem: str, known: records.Words) -> records.Words:
    """Own words by language from the fields `stem_ar` …, words in other languages kept."""
    kept = {code: text for code, text in known.items() if code not in LANGUAGES}
    return kept | {code: text for code in LANGUAGES if (text := str(given.get(f"{stem}_{code}") or "").strip())}


def _said(words: records.Words, stem: str) -> Values:
    return {f"{stem}_{code}": words.get(code, "") for code in LANGUAGES}


def language_of(text: str) -> str:
    """The language of a text; `und` where it cannot be told."""
    found = detect(text).language
    return found if found in LANGUAGES else "und"


# identity


def _fill_identity(one: Enterprise) -> Values:
    plain = {
        name: getattr(one, name)
        for name in ("aliases", "legal_form", "founded", "employees", "employees_year", "turnover", "turnover_year")
    }
    more = {"activities": one.activities, "languages": list(one.languages), "website": one.website}
    return {**plain, **more, **_said(one.names, "name"), **_said(one.description, "description")}


def _put_identity(one: Enterprise, given: Values, rows: list[tuple[int, Values]]) -> Enterprise:
    numbers = tuple(
        records.Identifier(scheme=row["scheme"].strip(), value=row["value"].strip())
        for _, row in rows
        if row["value"].strip()
    )
    return replace(
        one,
        names=spoken(given, "name", one.names),
        description=spoken(given, "description", one.description),
        identifiers=numbers,
        languages=tuple(given["languages"]) + tuple(code for code in one.languages if code not in LANGUAGES),
        **{
            name: given[name]
            for name in ("aliases", "legal_form", "founded", "employees", "employees_year", "turnover", "turnover_year")
        },
        activities=given["activities"],
        website=given["website"],
    )


# place


def _fill_place(place: records.Place) -> Values:
    return {
        name: getattr(place, name) for name in ("country", "region", "locality", "address", "latitude", "longitude")
    }


def placed(given: Values, known: records.Place = NOWHERE) -> records.Place:
    """A place with coordinates and region from the gazetteer where they are not given, or given for another town than now."""
    country, region, locality, address = (
        str(given.get(name) or "") for name in ("country", "region", "locality", "address")
    )
    place = records.Place(country=country, region=region, locality=locality, address=address)
    latitude, longitude = given.get("latitude"), given.get("longitude")
    moved = (place.country, place.region, place.locality) != (known.country, known.region, known.locality)
    if latitude is not None and not (moved and (latitude, longitude) == (known.latitude, known.longitude)):
        return replace(place, latitude=latitude, longitude=longitude)
    found = known_place(place.locality, place.country) if place.locality else None
    found = found or (known_place(place.region, place.country) if place.region else None)
    if found is None or found.kind == "country":
        return place
    return replace(
        place,
        country=place.country or found.country,
        region=place.region or found.division,
        latitude=found.latitude,
        longitude=found.longitude,
    )


def _put_place(one: Enterprise, given: Values, rows: list[tuple[int, Values]]) -> Enterprise:
    known = dict(enumerate(one.sites))
    sites = tuple(placed(row, known.get(index, NOWHERE)) for index, row in rows if row["locality"] or row["address"])
    return replace(one, place=placed(given, one.place), sites=sites)


# machines, certificates, exports, contacts, financing


def _fill_machine(one: records.Machine) -> Values:
    words = one.words.get(reading.language()) or next((text for text in one.words.values() if text), "")
    words = words or reading.listed([reading.concept(concept) for concept in one.concepts])
    same = {name: getattr(one, name) for name in ("make", "model", "year", "quantity", "axes", "force", "condition")}
    return {"words": words, "envelope": one.envelope.sides, **same}


def _put_machines(one: Enterprise, _given: Values, rows: list[tuple[int, Values]]) -> Enterprise:
    known = dict(enumerate(one.machines))
    return replace(
        one, machines=tuple(_machine(row, known.get(index)) for index, row in rows if row["words"] or row["make"])
    )


def _machine(row: Values, known: records.Machine | None) -> records.Machine:
    one = known or records.Machine()
    if (
        known is None or row["words"] != _fill_machine(known)["words"]
    ):  # other words: what was recognised no longer holds
        one = replace(one, words={language_of(row["words"]): row["words"]} if row["words"] else {}, concepts=())
    same = {name: row[name] for name in ("make", "model", "year", "axes", "force", "condition")}
    return replace(one, quantity=row["quantity"] or 1, envelope=records.Envelope(sides=row["envelope"]), **same)


def _fill_certificate(one: records.Certificate) -> Values:
    return {name: getattr(one, name) for name in ("scheme", "words", "scope", "issuer", "expiry", "evidence")}


def _put_certificates(one: Enterprise, _given: Values, rows: list[tuple[int, Values]]) -> Enterprise:
    return replace(
        one, certificates=tuple(records.Certificate(**row) for _, row in rows if row["scheme"] or row["words"])
    )


def _put_exports(one: Enterprise, given: Values, rows: list[tuple[int, Values]]) -> Enterprise:
    exports = tuple(records.Export(**row) for _, row in rows if row["product"] or row["country"])
    return replace(one, references=given["references"], exports=exports)


def _put_contacts(one: Enterprise, _given: Values, rows: list[tuple[int, Values]]) -> Enterprise:
    return replace(one, contacts=tuple(records.Contact(**row) for _, row in rows if any(row.values())))


def _fields(*names: str) -> Callable[[Any], Values]:
    return lambda one: {name: getattr(one, name) for name in names}


def _each(
    items: Callable[[Enterprise], Sequence[Any]], fill: Callable[[Any], Values]
) -> Callable[[Enterprise], list[Values]]:
    return lambda one: [fill(item) for item in items(one)]


ALL: dict[str, Section] = {
    section.name: section
    for section in (
        Section(
            "identity",
            forms.IdentityForm,
            forms.IdentifierForm,
            _fill_identity,
            _each(lambda one: one.identifiers, _fields("scheme", "value")),
            _put_identity,
        ),
        Section(
            "place",
            forms.PlaceForm,
            forms.PlaceForm,
            lambda one: _fill_place(one.place),
            _each(lambda one: one.sites, _fill_place),
            _put_place,
        ),
        Section(
            "machines", None, forms.MachineForm, _none, _each(lambda one: one.machines, _fill_machine), _put_machines
        ),
        Section(
            "certificates",
            None,
            forms.CertificateForm,
            _none,
            _each(lambda one: one.certificates, _fill_certificate),
            _put_certificates,
        ),
        Section(
            "exports",
            forms.ReferencesForm,
            forms.ExportForm,
            _fields("references"),
            _each(lambda one: one.exports, _fields("product", "country", "year")),
            _put_exports,
        ),
        Section(
            "contacts",
            None,
            forms.ContactForm,
            _none,
            _each(lambda one: one.contacts, _fields("role", "name", "email", "phone")),
            _put_contacts,
        ),
        Section(
            "finance",
            forms.FinanceForm,
            None,
            _fields("finance_need"),
            _no_rows,
            lambda one, given, _rows: replace(one, finance_need=given["finance_need"].strip()),
        ),
    )
}
"""The sections that are one page each; capabilities have a page each: `capability_section`."""


# capabilities


def capability_section(capability_id: str) -> Section:
    """The section of one capability; an id that the record does not have is a new one."""
    return Section(
        f"capability:{capability_id}",
        forms.CapabilityForm,
        None,
        lambda one: _fill_capability(_capability(one, capability_id)),
        _no_rows,
        lambda one, given, _rows: _put_capability(one, capability_id, given),
    )


def new_capability_id() -> str:
    """An id that two people adding a capability at the same time do not both get."""
    return secrets.token_hex(4)


def _capability(one: Enterprise, capability_id: str) -> records.Capability:
    found = (able for able in one.capabilities if able.id == capability_id)
    return next(found, records.Capability(id=capability_id))


_AS_TYPED = (
    *("kind", "core", "materials", "lead_time", "weight_min", "weight_max", "tolerance", "tolerance_class", "finish"),
    *("batch_min", "batch_max", "minimum_order", "price_hint"),
)


def _fill_capability(one: records.Capability) -> Values:
    rate = one.capacity or one.spare or records.Rate(value=0)
    return {
        **{name: getattr(one, name) for name in _AS_TYPED},
        **_said(one.words, "words"),
        "capacity": one.capacity.value if one.capacity else None,
        "capacity_unit": rate.unit,
        "capacity_period": rate.period,
        "spare": one.spare.value if one.spare else None,
        "envelope_min": one.envelope_min.sides,
        "envelope_max": one.envelope_max.sides,
    }


def _put_capability(one: Enterprise, capability_id: str, given: Values) -> Enterprise:
    known = _capability(one, capability_id)
    spare = _rate(given, "spare", known, known.spare)
    as_of = known.spare_as_of if spare == known.spare else date.today()
    changed = replace(
        known,
        **{name: given[name] for name in _AS_TYPED} | {"kind": given["kind"] or "process"},
        words=spoken(given, "words", known.words),
        capacity=_rate(given, "capacity", known, known.capacity),
        spare=spare,
        spare_as_of=as_of if spare is not None else None,
        envelope_min=records.Envelope(sides=given["envelope_min"]),
        envelope_max=records.Envelope(sides=given["envelope_max"]),
    )
    others = [able.id for able in one.capabilities]
    if capability_id in others:
        return replace(
            one, capabilities=tuple(changed if able.id == capability_id else able for able in one.capabilities)
        )
    return replace(one, capabilities=(*one.capabilities, changed))


def _rate(given: Values, name: str, known: records.Capability, before: records.Rate | None) -> records.Rate | None:
    """A rate as typed; the one that stood there where none of it was touched, for its unit may differ from the form's."""
    filled = _fill_capability(known)
    if all(given[one] == filled[one] for one in (name, "capacity_unit", "capacity_period")):
        return before
    value, unit, period = given[name], given["capacity_unit"] or "piece", given["capacity_period"] or "month"
    return None if value is None else records.Rate(value=value, unit=unit, period=period)  # type: ignore[arg-type]  # a choice of the form


def without_capability(one: Enterprise, capability_id: str) -> Enterprise:
    """The record without one capability."""
    return replace(one, capabilities=tuple(able for able in one.capabilities if able.id != capability_id))


def section_named(name: str) -> Section | None:
    """A section by its name, `capability:<id>` too; None for an unknown one."""
    if name.startswith("capability:"):
        return capability_section(name.partition(":")[2])
    return ALL.get(name)


def visibility_of(one: Enterprise) -> Values:
    """What the form of visibility starts from."""
    levels = {group: visibility.level_of(one, group) for group in visibility.GROUPS}
    return {**levels, "consent": bool(one.visibility.get("consent"))}


def registered(given: Values) -> Enterprise:
    """The record of a registration; its free text becomes the description and the words of one capability."""
    text = given["text"].strip()
    words = {language_of(text): text}
    contact = records.Contact(role=given["role"], name=given["contact"], email=given["email"], phone=given["phone"])
    numbers = (records.Identifier(scheme=given["scheme"].strip(), value=given["identifier"].strip()),)
    return Enterprise(
        id="",
        names=spoken(given, "name", {}),
        identifiers=numbers if numbers[0].value else (),
        place=placed({**given, "region": ""}),
        contacts=(contact,),
        description=words,
        capabilities=(records.Capability(id="1", words=words),),
    )
