"""Understanding an enterprise once: concepts, grades and numbers from its own words into its records. Not needs (need_text.py)."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from msgspec.structs import replace

from tashbik.language.analysis import fold
from tashbik.nomenclature.places import known_place
from tashbik.registry.facts import Facts, StatedRate, read_facts
from tashbik.registry.medicines import medicine_concepts
from tashbik.registry.records import Capability, Certificate, Enterprise, Envelope, Machine, Place, Rate


def understand(enterprise: Enterprise) -> Enterprise:
    """The enterprise with what its words state filled in; fields that it gives itself are never changed."""
    place = _place(enterprise.place)
    description = " . ".join(enterprise.description.values())
    facts = read_facts(description, "", place.country) if description else None
    capabilities = enterprise.capabilities
    if not capabilities and facts is not None:
        capabilities = (Capability(id="1", words=dict(enterprise.description)),)
    understood = tuple(understand_capability(one, enterprise, place.country) for one in capabilities)
    machines = tuple(_machine(machine) for machine in enterprise.machines)
    texts = [facts] if facts else []
    texts += [read_facts(_words(one), "", place.country) for one in capabilities]
    certificates = _certificates(enterprise, texts)
    machines += _stated_machines(texts) if not machines else ()
    return replace(enterprise, place=place, capabilities=understood, machines=machines, certificates=certificates)


def _words(capability: Capability) -> str:
    return " . ".join(
        [
            *capability.words.values(),
            *capability.materials,
            *(v for k, v in capability.attributes.items() if k != "dosage"),
        ]
    )


def understand_capability(capability: Capability, enterprise: Enterprise, country: str = "") -> Capability:
    """One capability with the concepts, grades and limits that its words state."""
    facts = read_facts(_words(capability), "", country)
    concepts = (
        *capability.concepts,
        *(found.concept for found in facts.concepts),
        *medicine_concepts(capability.attributes),
    )
    as_of = capability.spare_as_of or facts.as_of or enterprise.provenance.as_of
    attributes = capability.attributes
    if facts.hs and "hs" not in attributes:
        attributes = {**attributes, "hs": facts.hs[0]}
    return replace(
        capability,
        kind=_kind(capability),
        attributes=attributes,
        concepts=tuple(dict.fromkeys(concepts)),
        grades=tuple(dict.fromkeys((*capability.grades, *(found.grade for found in facts.grades)))),
        **_limits(capability, facts, as_of),
    )


_HEAD = 70
"""Characters at the beginning of a profile in which it says what it is."""
_MAKES = re.compile(
    r"fabri|manufactur|produc|usin|atelier|workshop|fonderie|foundr|صنع|صناع|تصنيع|انتاج|ورش|مصنع|مسبك|\bmak(?:e|ing)|transform|mill\b|works\b"
)
_TRADES = re.compile(
    r"\btrad(?:ing|ers?)\b|wholesale|distribut(?:or|eur)|distribution de|importat(?:ion|eur)|importers?\b|reseller|stockist|negoce|revend"
    r"|commerce de|\bvente de|\bو?(?:ال)?(?:بيع|تجاره|تاجر|استيراد|مستورد|موزع|وكيل|وكاله)\b"
)
_TEACHES = re.compile(
    r"training (?:cent|inst)|\bformation (?:professionnelle|des|en|aux?)\b|centre de formation|centre d'apprentissage|\binstitut"
    r"|مركز تكوين|مركز تدريب|معهد|التكوين المهني|التدريب المهني"
)


def _kind(capability: Capability) -> Literal["process", "product", "service", "trade", "training"]:
    """What a profile says of itself first: a trader and a school name the same crafts as a workshop."""
    head = fold(" . ".join(capability.words.values()))[:_HEAD]
    if capability.kind != "process" or _MAKES.search(head):
        return capability.kind
    return "trade" if _TRADES.search(head) else "training" if _TEACHES.search(head) else capability.kind


def _limits(capability: Capability, facts: Facts, as_of: date | None) -> dict[str, object]:
    limits: dict[str, object] = {}
    if not capability.envelope_max.sides and facts.sides:
        limits["envelope_max"] = Envelope(sides=facts.sides)
    if capability.tolerance is None and not capability.tolerance_class:
        limits["tolerance"] = facts.tolerance
        limits["tolerance_class"] = facts.tolerance_class
    if capability.weight_max is None:
        limits["weight_max"], limits["weight_min"] = facts.weight, facts.weight_low
    batch = facts.rate("batch")
    if capability.batch_max is None and batch is not None:
        limits["batch_min"], limits["batch_max"] = batch.low, batch.value
    if capability.lead_time is None:
        limits["lead_time"] = facts.lead_time
    capacity = facts.rate("capacity", "quantity")
    if capability.capacity is None and capacity is not None and capacity.period:
        limits["capacity"] = _as_rate(capacity, None)
    spare = facts.rate("spare")
    if capability.spare is None and spare is not None:
        limits["spare"] = _as_rate(spare, capacity)
    if capability.spare is not None or spare is not None:
        limits["spare_as_of"] = as_of
    minimum = facts.rate("minimum")
    if capability.minimum_order is None and minimum is not None:
        limits["minimum_order"] = minimum.value
    return limits


def _as_rate(rate: StatedRate, like: StatedRate | None) -> Rate:
    """A stated rate; one without unit or period (`of which 8,000 free`) takes those of the capacity it belongs to."""
    unit = rate.unit or (like.unit if like else "") or "piece"
    period = rate.period or (like.period if like else "") or "month"
    return Rate(value=rate.value, unit=unit, period=period)  # type: ignore[arg-type]


def _place(place: Place) -> Place:
    """A place with region and coordinates from the gazetteer where the record gives only names."""
    if place.latitude is not None:
        return place
    for name in (place.locality, place.region):
        known = known_place(name, place.country) if name else None
        if known is not None and known.kind != "country":  # a country's centre is nobody's address
            return replace(
                place,
                country=place.country or known.country,
                region=place.region or known.division,
                latitude=known.latitude,
                longitude=known.longitude,
            )
    return place


def _machine(machine: Machine) -> Machine:
    facts = read_facts(" . ".join(machine.words.values()))
    return replace(
        machine,
        concepts=machine.concepts or tuple(found.concept for found in facts.of_kind("machine")),
        force=machine.force if machine.force is not None else facts.force,
        envelope=machine.envelope if machine.envelope.sides else Envelope(sides=facts.sides),
    )


def _stated_machines(texts: list[Facts]) -> tuple[Machine, ...]:
    """Machines that the free text names: with a force, or by a machine concept."""
    machines: dict[str, Machine] = {}
    for facts in texts:
        for found in facts.of_kind("machine"):
            machines.setdefault(
                found.concept,
                Machine(words={facts.language: found.words}, concepts=(found.concept,), force=facts.force),
            )
        if facts.force is not None and not machines:
            machines["press"] = Machine(words={facts.language: ""}, force=facts.force)
    return tuple(machines.values())


def _certificates(enterprise: Enterprise, texts: list[Facts]) -> tuple[Certificate, ...]:
    known = {certificate.scheme or certificate.words for certificate in enterprise.certificates}
    given = []
    for certificate in enterprise.certificates:
        schemes = [found.concept for found in read_facts(certificate.words).of_kind("certificate")]
        given.append(replace(certificate, scheme=certificate.scheme or (schemes[0] if schemes else "")))
        known.update(schemes)
    for facts in texts:
        for found in facts.of_kind("certificate"):
            if found.concept not in known:
                known.add(found.concept)
                given.append(Certificate(scheme=found.concept, words=found.words))
    return tuple(given)
