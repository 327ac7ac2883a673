"""Fields of records and their values in the reader's words: for answers to be checked, comparisons and histories. Not the comparing (exchange.differences)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.differences import Change, Path, key_of
from tashbik.language.spoken import language_name
from tashbik.language.units import label as unit_label
from tashbik.language.units import units
from tashbik.nomenclature import tables
from tashbik.nomenclature.grades import grades
from tashbik.web import reading

SECTIONS: dict[str, Any] = {
    "identity": _("Identity"),
    "place": _("Place and sites"),
    "capabilities": _("Capabilities"),
    "machines": _("Machines"),
    "certificates": _("Certificates"),
    "exports": _("Exports and references"),
    "contacts": _("Contacts"),
    "visibility": _("Who sees what"),
    "finance": _("Financing need"),
    "evidence": _("Evidence"),
}
FIELDS: dict[str, Any] = {
    "names": _("Name"),
    "aliases": _("Other names"),
    "identifiers": _("Official numbers"),
    "legal_form": _("Legal form"),
    "place.country": _("Country"),
    "place.region": _("Region"),
    "place.locality": _("Town"),
    "place.address": _("Address"),
    "place.latitude": _("Latitude"),
    "place.longitude": _("Longitude"),
    "sites": _("Other sites"),
    "founded": _("Founded in"),
    "employees": _("People employed"),
    "employees_year": _("People employed, in the year"),
    "turnover": _("Turnover"),
    "turnover_year": _("Turnover, in the year"),
    "activities": _("Activities (ISIC)"),
    "languages": _("Languages spoken"),
    "website": _("Website"),
    "contacts": _("Contacts"),
    "description": _("Description"),
    "machines": _("Machines"),
    "certificates": _("Certificates"),
    "exports": _("Exports"),
    "references": _("References"),
    "finance_need": _("Financing need"),
    "provenance.source": _("Source of the data"),
    "provenance.locator": _("Place in the source"),
    "provenance.as_of": _("Data as of"),
    "provenance.verified_by": _("Verified by"),
    "provenance.verified_on": _("Verified on"),
}
OF_CAPABILITY: dict[str, Any] = {
    "kind": _("Kind"),
    "words": _("In your own words"),
    "concepts": _("Processes, products, materials recognised"),
    "core": _("Main activity"),
    "materials": _("Materials"),
    "grades": _("Grades"),
    "envelope_min": _("Smallest part"),
    "envelope_max": _("Largest part"),
    "weight_min": _("Lightest part (kg)"),
    "weight_max": _("Heaviest part (kg)"),
    "tolerance": _("Tolerance (± mm)"),
    "tolerance_class": _("Tolerance class"),
    "finish": _("Finish"),
    "batch_min": _("Smallest batch (pieces)"),
    "batch_max": _("Largest batch (pieces)"),
    "minimum_order": _("Smallest order (pieces)"),
    "capacity": _("Capacity"),
    "spare": _("Spare capacity"),
    "spare_as_of": _("Spare capacity as of"),
    "lead_time": _("Lead time (days)"),
    "price_hint": _("Indication of price"),
    "attributes": _("Other data"),
}
KINDS: dict[str, Any] = {
    "process": _("process or craft"),
    "product": _("own product"),
    "service": _("service"),
    "trade": _("trade in others' goods"),
    "training": _("training"),
}
LANGUAGES: dict[str, Any] = {"ar": _("Arabic"), "fr": _("French"), "en": _("English"), "und": _("language unknown")}
GROUPS: dict[str, Any] = {
    "contacts": _("Contacts"),
    "capacities": _("Capacity and spare capacity"),
    "prices": _("Indications of price"),
    "machines": _("Machines"),
    "certificates": _("Certificates and evidence"),
    "exports": _("Exports"),
    "references": _("References"),
    "figures": _("People employed and turnover"),
    "finance": _("Financing need"),
}
LEVELS: dict[str, Any] = {
    "public": _("everyone"),
    "members": _("who has a role at an exchange"),
    "exchange": _("the officers of your exchange only"),
}
COLUMNS: dict[str, Any] = {
    "status": _("Status"),
    "exchange_id": _("Exchange"),
    "enterprise_id": _("Enterprise"),
    "section": _("Section"),
    "base_version": _("Version that was edited"),
    "reasons": _("Reasons"),
    "note": _("Note"),
    "by_id": _("Sent by"),
    "decided": _("Decided on"),
    "decided_by_id": _("Decided by"),
    "title": _("Title"),
    "text": _("Text"),
    "due": _("Answer by"),
    "kind": _("Kind"),
    "confidentiality": _("Confidentiality"),
    "anonymous": _("Buyer not named"),
    "name": _("Name"),
    "file": _("File"),
    "purpose": _("Purpose"),
    "revision": _("Revision"),
    "size": _("Size (bytes)"),
    "media_type": _("Kind of file"),
    "replaces_id": _("Replaces"),
    "deadline": _("Deadline"),
    "currency": _("Currency"),
    "value": _("Value"),
    "reason": _("Reason"),
    "answer": _("Answer"),
    "verdict": _("Verdict"),
    "language": _("Language"),
    "email": _("E-mail address"),
    "version": _("Version"),
    "code": _("Code"),
}
"""Columns of the models whose history is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A changed field in words: its label, and its value before and after, item by item."""

    key: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def shown_changes(changes: Iterable[Change], *records: Mapping[str, Any]) -> list[Shown]:
    """Changes in the reader's words; `records` are where the names of capabilities come from."""
    names = capability_names(*records)
    return [
        Shown(key_of(one.path), label_of(one.path, names), shown(one.path, one.before), shown(one.path, one.after))
        for one in changes
    ]


def capability_names(*records: Mapping[str, Any]) -> dict[str, str]:
    """A short name of each capability by its id."""
    return {str(one["id"]): capability_name(one) for record in records for one in record.get("capabilities", ())}


def capability_name(one: Mapping[str, Any]) -> str:
    """The beginning of its own words in the reader's language, else in any; else its first concept."""
    words = one.get("words") or {}
    text = str(words.get(reading.language()) or next(iter(words.values()), ""))
    concepts = one.get("concepts") or ()
    text = text or (reading.concept(concepts[0]) if concepts else str(one.get("id", "")))
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + " …"


def label_of(path: Path, names: Mapping[str, str] | None = None) -> str:
    """The name of a field."""
    if path[0] == "capabilities" and len(path) > 1:
        name = (names or {}).get(path[1], path[1])
        if len(path) == 2:
            return gettext("Capability “%(name)s”") % {"name": name}
        return gettext("%(field)s of “%(name)s”") % {
            "field": _in_language(OF_CAPABILITY[path[2]], path[3:]),
            "name": name,
        }
    if path[0] == "visibility" and len(path) > 1:
        if path[1] == "consent":
            return gettext("Consent to being shown, given on")
        return gettext("Who sees: %(group)s") % {"group": GROUPS.get(path[1], path[1])}
    if "." in path[0]:
        return str(COLUMNS.get(path[0].split(".", 1)[1], path[0].split(".", 1)[1]))
    dotted = ".".join(path)
    if dotted in FIELDS:
        return str(FIELDS[dotted])
    return _in_language(FIELDS.get(path[0], path[0]), path[1:])


def _in_language(field: Any, rest: Path) -> str:
    if not rest:
        return str(field)
    return gettext("%(field)s (%(language)s)") % {"field": field, "language": LANGUAGES.get(rest[0], rest[0])}


def spoken(code: str) -> str:
    """The name of a language that people speak."""
    if code in LANGUAGES:
        return str(LANGUAGES[code])
    name = language_name(code, reading.language())
    return name[:1].upper() + name[1:] if name != code else code


def shown(path: Path, value: Any) -> tuple[str, ...]:
    """A value in the reader's words, item by item; empty for none."""
    if value is None or value in ("", [], {}):
        return ()
    if path[0] == "capabilities" and len(path) == 2:
        return _whole_capability(value)
    if "." in path[0]:
        return _column(path[0], value)
    field = path[2] if path[0] == "capabilities" else path[-1] if path[0] == "provenance" else path[0]
    if path[0] == "visibility":
        return (str(LEVELS.get(value, value)),)
    if path[0] == "place":
        return (reading.place(value) if path[1] in ("country", "region") else str(value),)
    if isinstance(value, (list, tuple)):
        return tuple(one_of(field, one) for one in value)
    return (one_of(field, value),)


def _whole_capability(value: Mapping[str, Any]) -> tuple[str, ...]:
    lines = []
    for field, inner in value.items():
        if field in OF_CAPABILITY:
            texts = inner.values() if isinstance(inner, dict) and field in ("words", "attributes") else None
            said = tuple(map(str, texts)) if texts else shown(("capabilities", "", field), inner)
            if said:
                lines.append(
                    gettext("%(field)s: %(value)s")
                    % {"field": OF_CAPABILITY[field], "value": reading.listed(list(said))}
                )
    return tuple(lines)


def _column(name: str, value: Any) -> tuple[str, ...]:
    """A column of a model; choices by their labels."""
    kind, _dot, column = name.partition(".")
    if column == "reasons":
        from tashbik.exchange.verbs.moderation import ReturnReason

        return tuple(str(ReturnReason(one).label) if one in ReturnReason.values else str(one) for one in value)
    model = apps.get_model("exchange", kind)
    field = next((one for one in model._meta.concrete_fields if one.attname == column), None)
    choices = dict(getattr(field, "flatchoices", ()) or ())
    if isinstance(value, bool):
        return (gettext("yes") if value else gettext("no"),)
    if column == "section" and value in SECTIONS:
        return (str(SECTIONS[value]),)
    return (str(choices.get(value, value)),)


def one_of(field: str, value: Any) -> str:
    """One value of a field of the record."""
    if field in _STRUCTURES:
        return _STRUCTURES[field](value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, float):
        return reading.number(value)
    if field in ("as_of", "verified_on", "spare_as_of", "consent"):
        return reading.day(date.fromisoformat(str(value)))
    if field == "kind":
        return str(KINDS.get(value, value))
    if field == "languages":
        return spoken(value)
    if field == "concepts" or (field == "materials" and value in tables.concepts()):
        return reading.concept(value)
    if field == "grades":
        known = grades().get(value)
        return known.label() if known else str(value).upper()
    return str(value)


def envelope(value: Mapping[str, Any]) -> str:
    """Sides in millimetres."""
    return (
        " × ".join(reading.number(one) for one in value.get("sides", ())) + f" {unit_label('mm', reading.language())}"
    )


def rate(value: Mapping[str, Any]) -> str:
    """A quantity per period; defaults of the record as the record has them."""
    amount, unit = value.get("value", 0), value.get("unit", "piece")
    period = {
        "day": gettext("a day"),
        "week": gettext("a week"),
        "month": gettext("a month"),
        "year": gettext("a year"),
    }
    name = unit_label(unit, reading.language(), amount) if unit in units() else unit
    return " ".join(
        part for part in (reading.number(amount), name, period.get(value.get("period", "month"), "")) if part
    )


def _joined(*parts: Any) -> str:
    return " · ".join(str(one) for one in parts if one not in (None, "", 0))


def machine(value: Mapping[str, Any]) -> str:
    """A machine in one line."""
    words = value.get("words") or {}
    name = words.get(reading.language()) or next((one for one in words.values() if one), "")
    name = name or reading.listed([reading.concept(one) for one in value.get("concepts", ())])
    force = value.get("force")
    many = value.get("quantity", 1)
    return _joined(
        name,
        value.get("make"),
        value.get("model"),
        value.get("year"),
        f"× {many}" if many != 1 else "",
        envelope(value["envelope"]) if value.get("envelope") else "",
        f"{reading.number(round(force))} {unit_label('kn', reading.language())}" if force else "",
        value.get("condition"),
    )


def certificate(value: Mapping[str, Any]) -> str:
    """A certificate in one line."""
    expiry = value.get("expiry")
    until = gettext("until %(date)s") % {"date": reading.day(date.fromisoformat(str(expiry)))} if expiry else ""
    name = value.get("words") or reading.concept(value.get("scheme", ""))
    return _joined(name, value.get("scope"), value.get("issuer"), until)


_STRUCTURES: dict[str, Callable[[Any], str]] = {
    "machines": machine,
    "certificates": certificate,
    "envelope_min": envelope,
    "envelope_max": envelope,
    "capacity": rate,
    "spare": rate,
    "identifiers": lambda one: _joined(one.get("scheme"), one.get("value")),
    "contacts": lambda one: _joined(one.get("role"), one.get("name"), one.get("email"), one.get("phone")),
    "exports": lambda one: _joined(one.get("product"), reading.place(one.get("country", "")), one.get("year")),
    "sites": lambda one: _joined(
        one.get("locality"),
        reading.place(one.get("region", "")),
        reading.place(one.get("country", "")),
        one.get("address"),
    ),
}
