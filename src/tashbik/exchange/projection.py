"""From a registry record to the columns and facets of its row, and back. Not the understanding of words (registry.understanding)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from tashbik.exchange.models import Enterprise, Exchange, Facet
from tashbik.language.analysis import fold
from tashbik.nomenclature import tables
from tashbik.registry import records

FACET_KINDS = ("process", "product", "material", "machine", "certificate", "substance")


def record_of(enterprise: Enterprise) -> records.Enterprise:
    """The typed record of a row, under the row's global id."""
    return msgspec.convert(enterprise.record, records.Enterprise)


def as_json(record: msgspec.Struct) -> dict[str, Any]:
    """A record as plain JSON values."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain


def global_id(exchange: Exchange, local: str) -> str:
    """The id of an enterprise over all exchanges: exchange + local id."""
    return local if local.startswith(f"{exchange.code}:") else f"{exchange.code}:{local}"


def project(enterprise: Enterprise, record: records.Enterprise) -> Enterprise:
    """Fill the columns of a row (not saved) from a record; the record takes the row's code for its id."""
    record = msgspec.structs.replace(record, id=enterprise.code)
    enterprise.record = as_json(record)
    names = record.names
    enterprise.name_ar, enterprise.name_fr, enterprise.name_en = (
        names.get(one, "")[:300] for one in ("ar", "fr", "en")
    )
    known = next(iter(names.values()), record.id)[:300]
    if not (enterprise.name_ar or enterprise.name_fr or enterprise.name_en):
        enterprise.name_en = known
    enterprise.sort_name = fold(enterprise.name_fr or enterprise.name_en or enterprise.name_ar)[:300]
    enterprise.sort_name_ar = fold(enterprise.name_ar or enterprise.name_fr or enterprise.name_en)[:300]
    place = record.place
    enterprise.country, enterprise.region, enterprise.locality = (
        place.country[:2],
        place.region[:10],
        place.locality[:200],
    )
    enterprise.latitude, enterprise.longitude = place.latitude, place.longitude
    enterprise.employees, enterprise.size = record.employees, size_class(record.employees)
    enterprise.capabilities = len(record.capabilities)
    spare = [one for one in record.capabilities if one.spare and one.spare.value > 0]
    enterprise.has_spare = bool(spare)
    enterprise.spare_as_of = max((one.spare_as_of for one in spare if one.spare_as_of), default=None)
    enterprise.as_of = record.provenance.as_of
    enterprise.verified_on = record.provenance.verified_on
    enterprise.completeness = completeness(record)
    return enterprise


def size_class(employees: int | None) -> str:
    """Size by headcount alone (fewer than 10, 50, 250 people, as the EU recommendation 2003/361 and most Arab definitions cut)."""
    if employees is None:
        return ""
    cuts = ((10, Enterprise.Size.MICRO), (50, Enterprise.Size.SMALL), (250, Enterprise.Size.MEDIUM))
    return next((str(name) for limit, name in cuts if employees < limit), str(Enterprise.Size.LARGE))


QUESTIONS: tuple[tuple[str, int], ...] = (
    ("capabilities", 20),
    ("place", 8),
    ("contacts", 8),
    ("capacity", 10),
    ("spare", 10),
    ("envelope", 6),
    ("materials", 6),
    ("lead_time", 6),
    ("certificates", 7),
    ("machines", 7),
    ("employees", 4),
    ("identifiers", 4),
    ("references", 2),
    ("exports", 2),
)
"""What a useful profile states and its weight, in the order of use to a buyer; weights sum to 100."""


def stated(record: records.Enterprise) -> dict[str, bool]:
    """Which of the questions a record answers."""
    able = record.capabilities
    return {
        "capabilities": bool(able),
        "place": bool(record.place.locality or record.place.region),
        "contacts": bool(record.contacts or record.website),
        "capacity": any(one.capacity for one in able),
        "spare": any(one.spare for one in able),
        "envelope": any(one.envelope_max.sides for one in able),
        "materials": any(one.materials or one.grades for one in able),
        "lead_time": any(one.lead_time is not None for one in able),
        "certificates": bool(record.certificates),
        "machines": bool(record.machines),
        "employees": record.employees is not None,
        "identifiers": bool(record.identifiers),
        "references": bool(record.references),
        "exports": bool(record.exports),
    }


def completeness(record: records.Enterprise) -> int:
    """0–100: the summed weights of what is stated."""
    given = stated(record)
    return sum(weight for name, weight in QUESTIONS if given[name])


def next_question(record: records.Enterprise) -> str:
    """The most useful question that the record does not answer yet; empty when it answers all."""
    given = stated(record)
    missing = [(weight, name) for name, weight in QUESTIONS if not given[name]]
    return max(missing, key=lambda pair: pair[0])[1] if missing else ""


def facets_of(record: records.Enterprise) -> set[tuple[str, str]]:
    """(kind, concept) pairs that a record is filtered by, broader concepts included."""
    ids = {concept for one in record.capabilities for concept in one.concepts}
    ids |= {concept for machine in record.machines for concept in machine.concepts}
    wide = ids | set(tables.above(tuple(ids)))
    found = {(kind, one) for one in wide if (kind := one.partition(".")[0]) in FACET_KINDS}
    found |= {("certificate", one.scheme) for one in record.certificates if one.scheme}
    known = tables.concepts()
    made = (one for one in ids if one.startswith(("process.", "product.")) and one in known)
    codes = {
        *record.activities,
        *(code for one in made for code in known[one].isic),
    }  # what it makes says its sector too
    found |= {("sector", part) for code in codes for part in _sectors(code)}
    return found


def _sectors(code: str) -> Iterable[str]:
    """An ISIC code with its broader ones: 2431 → 24, 243, 2431."""
    digits = "".join(one for one in code if one.isdigit())
    return (digits[:cut] for cut in range(2, len(digits) + 1))


def write_facets(rows: Sequence[tuple[Enterprise, records.Enterprise]]) -> None:
    """Replace the facets of saved rows by those of their records."""
    Facet.objects.filter(enterprise__in=[row for row, _ in rows]).delete()
    Facet.objects.bulk_create(
        [
            Facet(enterprise=row, kind=kind, value=value[:80])
            for row, record in rows
            for kind, value in sorted(facets_of(record))
        ],
        batch_size=2_000,
    )
