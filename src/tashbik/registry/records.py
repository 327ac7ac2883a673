"""The records of the register: immutable, typed values. Not for reading files (readers) nor understanding text (facts.py).

Units are fixed by field so that no record needs interpreting downstream: lengths in millimetres, masses in kilograms,
forces in kilonewtons, times in days, rates in `unit` per `period`. Own words are kept by language
(`{"ar": …, "fr": …, "en": …}`) beside the concept ids that were understood from them.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Language = Literal["ar", "fr", "en"]
Words = dict[str, str]
"""Text by language code; `und` for words whose language could not be told."""


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=False):
    """Base of all records: frozen, compared by value, defaults left out when written."""


class Identifier(Record, frozen=True, kw_only=True):
    """A number under a scheme of org-id.guide, e.g. `DZ-NRC` 98B0012345."""

    scheme: str
    value: str


class Place(Record, frozen=True, kw_only=True):
    """Where something is. `country` ISO 3166-1 alpha-2, `region` ISO 3166-2; degrees WGS 84."""

    country: str = ""
    region: str = ""
    locality: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Provenance(Record, frozen=True, kw_only=True):
    """Where a record comes from: source, place in it (file:row), date of the data, who verified it and when."""

    source: str = ""
    locator: str = ""
    as_of: date | None = None
    verified_by: str = ""
    verified_on: date | None = None


class Contact(Record, frozen=True, kw_only=True):
    """A way to reach the enterprise; a role rather than a person wherever that does."""

    role: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


class Envelope(Record, frozen=True, kw_only=True):
    """Part size in millimetres, longest side first; a missing side is unknown. A diameter stands as two equal sides."""

    sides: tuple[float, ...] = ()


class Rate(Record, frozen=True, kw_only=True):
    """Quantity per period: `unit` is a unit id of the nomenclature (`piece`, `kg`, …), `period` day, week, month or year."""

    value: float
    unit: str = "piece"
    period: Literal["day", "week", "month", "year", ""] = "month"


class Certificate(Record, frozen=True, kw_only=True):
    """A certificate held: concept id of its scheme (or empty), as written, scope, issuer, expiry, evidence."""

    scheme: str = ""
    words: str = ""
    scope: str = ""
    issuer: str = ""
    expiry: date | None = None
    evidence: str = ""


class Machine(Record, frozen=True, kw_only=True):
    """A machine or several alike. `force` in kN, `envelope` the working envelope in mm."""

    words: Words = msgspec.field(default_factory=dict)
    concepts: tuple[str, ...] = ()
    make: str = ""
    model: str = ""
    year: int | None = None
    quantity: int = 1
    envelope: Envelope = Envelope()
    axes: int | None = None
    force: float | None = None
    condition: str = ""


class Export(Record, frozen=True, kw_only=True):
    """An export: product in words or HS heading, destination country, year."""

    product: str = ""
    country: str = ""
    year: int | None = None


class Capability(Record, frozen=True, kw_only=True):
    """What an enterprise can do: a process, a product or a service, in own words plus concepts, with its limits.

    `kind` says too where the enterprise only sells others' goods (`trade`) or teaches the craft (`training`).
    `attributes` keeps trade-specific fields by name (`substance`, `form`, `dosage`, `hs`, `brand`, …).
    `concepts` are ids of the nomenclature understood from words, materials and attributes, once, at reading.
    """

    id: str
    kind: Literal["process", "product", "service", "trade", "training"] = "process"
    words: Words = msgspec.field(default_factory=dict)
    concepts: tuple[str, ...] = ()
    core: bool = True
    materials: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    envelope_min: Envelope = Envelope()
    envelope_max: Envelope = Envelope()
    weight_min: float | None = None
    weight_max: float | None = None
    tolerance: float | None = None
    tolerance_class: str = ""
    finish: str = ""
    batch_min: float | None = None
    batch_max: float | None = None
    minimum_order: float | None = None
    capacity: Rate | None = None
    spare: Rate | None = None
    spare_as_of: date | None = None
    lead_time: float | None = None
    price_hint: str = ""
    attributes: dict[str, str] = msgspec.field(default_factory=dict)


class Enterprise(Record, frozen=True, kw_only=True):
    """An enterprise of a register. `id` is global: exchange + local id, or the register's own id."""

    id: str
    names: Words
    aliases: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    legal_form: str = ""
    place: Place = Place()
    sites: tuple[Place, ...] = ()
    founded: int | None = None
    employees: int | None = None
    employees_year: int | None = None
    turnover: str = ""
    turnover_year: int | None = None
    activities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    website: str = ""
    contacts: tuple[Contact, ...] = ()
    description: Words = msgspec.field(default_factory=dict)
    capabilities: tuple[Capability, ...] = ()
    machines: tuple[Machine, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    exports: tuple[Export, ...] = ()
    references: tuple[str, ...] = ()
    finance_need: str = ""
    provenance: Provenance = Provenance()
    visibility: dict[str, str] = msgspec.field(default_factory=dict)


RequirementKind = Literal[
    "process",
    "product",
    "material",
    "machine",
    "envelope",
    "weight",
    "tolerance",
    "quantity",
    "batch",
    "certificate",
    "lead_time",
    "delivery",
    "place",
    "hs",
    "substance",
    "form",
    "dosage",
]


class Requirement(Record, frozen=True, kw_only=True):
    """One condition of a need line.

    `values` holds concept ids, grade names or codes (any of them satisfies the requirement); `numbers` the numeric
    side in the unit that the kind fixes: envelope mm, weight kg, tolerance mm, quantity in `unit` per `period`,
    lead_time days, place km. `due` is the latest delivery date. `words` is what the buyer wrote.
    """

    kind: RequirementKind
    words: str = ""
    values: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    unit: str = ""
    period: str = ""
    due: date | None = None
    place: Place | None = None
    mandatory: bool = True


class NeedLine(Record, frozen=True, kw_only=True):
    """A line of a need: the buyer's words, and the requirements understood from them (or given in fields)."""

    id: str
    text: str
    language: str = ""
    requirements: tuple[Requirement, ...] = ()


class Need(Record, frozen=True, kw_only=True):
    """A buyer's need. `kind`: subcontract, supply, partnership, technology or finance."""

    id: str
    lines: tuple[NeedLine, ...]
    kind: str = "subcontract"
    buyer: str = ""
    place: Place = Place()
    incoterm: str = ""
    published: date | None = None
    due: date | None = None
    confidentiality: str = ""
    eligibility: str = ""
    status: str = "released"
    version: int = 1
