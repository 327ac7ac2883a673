"""What is understood from own words, to be confirmed or taken away before it is kept. Not the understanding (registry.facts, nomenclature)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from msgspec.structs import replace

from tashbik.nomenclature import tables
from tashbik.registry import records
from tashbik.registry.facts import Facts, StatedRate, read_facts
from tashbik.web import reading
from tashbik.web.editing import labels

SURE = 0.3
"""Score from which a concept is ticked beforehand; below it the words have several meanings and the user chooses."""
_ITEMS = ("machine", "certificate")
_CONCEPTS = ("concept:", "machine:", "certificate:")
_KINDS = ("process", "product", "material", "substance")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing understood: a key for the form, its kind, what it is, from which words, and whether it is ticked beforehand."""

    key: str
    kind: str
    text: str
    words: str
    ticked: bool


def kind_names() -> dict[str, str]:
    """Headings of the suggestions by kind, in the order they are shown."""
    return {
        "process": _("Processes"),
        "product": _("Products"),
        "material": _("Materials"),
        "substance": _("Substances"),
        "grade": _("Grades"),
        "machine": _("Machines"),
        "certificate": _("Certificates"),
        "limit": _("Figures"),
    }


def suggestions(record: records.Enterprise, capability_id: str = "") -> list[Suggestion]:
    """What the words of one capability state; without one, what those of machines and certificates state that have no concept yet."""
    if not capability_id:
        return [*_of_machines(record), *_of_certificates(record)]
    able = next((one for one in record.capabilities if one.id == capability_id), None)
    return list(_of_capability(record, able)) if able is not None else []


def facts_of(record: records.Enterprise, able: records.Capability) -> list[Facts]:
    """What each language's words, and the materials, state."""
    texts = [(text, language) for language, text in able.words.items() if text]
    materials = " . ".join(able.materials)
    texts += [(materials, "")] if materials else []
    return [read_facts(text, language if language != "und" else "", record.place.country) for text, language in texts]


def _of_capability(record: records.Enterprise, able: records.Capability) -> Iterator[Suggestion]:
    facts = facts_of(record, able)
    found: dict[str, tuple[float, str]] = {}
    for one in (concept for fact in facts for concept in fact.concepts):
        if one.concept not in found or found[one.concept][0] < one.score:
            found[one.concept] = (one.score, one.words)
    for concept in (*able.concepts, *found):
        found.setdefault(concept, (1.0, ""))
    for concept, (score, words) in sorted(found.items(), key=lambda pair: -pair[1][0]):
        kind = concept.partition(".")[0]
        if kind in _KINDS:
            sure = concept in able.concepts or score >= SURE
            yield Suggestion(f"concept:{concept}", kind, reading.concept(concept), words, sure)
        elif kind in _ITEMS and not _held(record, concept):
            yield Suggestion(f"{kind}:{concept}", kind, reading.concept(concept), words, score >= SURE)
    stated = {one.grade: one.words for fact in facts for one in fact.grades}
    for grade in dict.fromkeys((*able.grades, *stated)):
        yield Suggestion(f"grade:{grade}", "grade", labels.one_of("grades", grade), stated.get(grade, ""), True)
    for name, value in limits(able, facts).items():
        text = _("%(field)s: %(value)s") % {"field": labels.OF_CAPABILITY[name], "value": _shown(name, value)}
        yield Suggestion(f"limit:{name}", "limit", text, "", True)


def _held(record: records.Enterprise, concept: str) -> bool:
    machines = {one for machine in record.machines for one in machine.concepts}
    return concept in machines | {one.scheme for one in record.certificates}


def _shown(name: str, value: Any) -> str:
    if isinstance(value, records.Rate):
        return labels.rate({"value": value.value, "unit": value.unit, "period": value.period})
    if isinstance(value, records.Envelope):
        return labels.envelope({"sides": value.sides})
    return labels.one_of(name, value)


def limits(able: records.Capability, facts: list[Facts]) -> dict[str, Any]:
    """Figures that the words state and the fields do not."""
    found: dict[str, Any] = {}
    for fact in facts:
        rate = fact.rate("capacity", "quantity")
        whole = _rate(rate, None) if rate and rate.period else None
        spare = fact.rate("spare")
        stated = {
            "capacity": whole,
            "spare": _rate(spare, rate) if spare else None,
            "envelope_max": records.Envelope(sides=fact.sides) if fact.sides else None,
            "tolerance": fact.tolerance,
            "tolerance_class": fact.tolerance_class or None,
            "weight_max": fact.weight,
            "lead_time": fact.lead_time,
        }
        for name, value in stated.items():
            if value is not None and _is_free(able, name):
                found.setdefault(name, value)
    return found


def _is_free(able: records.Capability, name: str) -> bool:
    return getattr(able, name) in (None, "", records.Envelope())


def _rate(stated: StatedRate, like: StatedRate | None) -> records.Rate:
    """A stated rate; one without unit or period takes those of the capacity it is a part of."""
    unit = stated.unit or (like.unit if like else "") or "piece"
    period = stated.period or (like.period if like else "") or "month"
    return records.Rate(value=stated.value, unit=unit, period=period)  # type: ignore[arg-type]  # one of the period words


def _of_machines(record: records.Enterprise) -> Iterator[Suggestion]:
    for index, one in enumerate(record.machines):
        if not one.concepts:
            for found in read_facts(" . ".join(one.words.values())).of_kind("machine"):
                key = f"machine-at:{index}:{found.concept}"
                yield Suggestion(key, "machine", reading.concept(found.concept), found.words, found.score >= SURE)


def _of_certificates(record: records.Enterprise) -> Iterator[Suggestion]:
    for index, one in enumerate(record.certificates):
        if not one.scheme:
            for found in read_facts(one.words).of_kind("certificate")[:1]:
                key = f"certificate-at:{index}:{found.concept}"
                yield Suggestion(key, "certificate", reading.concept(found.concept), found.words, True)


def confirmed(record: records.Enterprise, capability_id: str, chosen: frozenset[str]) -> records.Enterprise:
    """The record with what was ticked, and nothing that was not: concepts and grades of a capability are exactly those ticked."""
    if not capability_id:
        return _with_items(record, chosen)
    able = next((one for one in record.capabilities if one.id == capability_id), None)
    if able is None:
        return record
    facts = facts_of(record, able)
    offered = [one for one in suggestions(record, capability_id) if one.key in chosen]
    kept = {name: value for name, value in limits(able, facts).items() if f"limit:{name}" in chosen}
    if "spare" in kept:
        kept["spare_as_of"] = next((fact.as_of for fact in facts if fact.as_of), None) or date.today()
    shown = {one.key.partition(":")[2] for one in suggestions(record, capability_id)}
    unseen = tuple(one for one in able.concepts if one not in shown and one in tables.concepts())
    changed = replace(
        able,
        concepts=unseen + tuple(one.key.partition(":")[2] for one in offered if one.key.startswith(_CONCEPTS)),
        grades=tuple(one.key.partition(":")[2] for one in offered if one.key.startswith("grade:")),
        **kept,
    )
    machines = tuple(
        records.Machine(
            words={facts[0].language: one.words}, concepts=(one.key.partition(":")[2],), force=_force(facts)
        )
        for one in offered
        if one.key.startswith("machine:")
    )
    certificates = tuple(
        records.Certificate(scheme=one.key.partition(":")[2], words=one.words)
        for one in offered
        if one.key.startswith("certificate:")
    )
    return replace(
        record,
        capabilities=tuple(changed if one.id == capability_id else one for one in record.capabilities),
        machines=record.machines + machines,
        certificates=record.certificates + certificates,
    )


def _force(facts: list[Facts]) -> float | None:
    return next((fact.force for fact in facts if fact.force is not None), None)


def _with_items(record: records.Enterprise, chosen: frozenset[str]) -> records.Enterprise:
    machines, certificates = list(record.machines), list(record.certificates)
    for one in suggestions(record):
        if one.key not in chosen:
            continue
        kind, place, concept = one.key.split(":", 2)
        index = int(place)
        if kind == "machine-at":
            machines[index] = replace(machines[index], concepts=(*machines[index].concepts, concept))
        else:
            certificates[index] = replace(certificates[index], scheme=concept)
    return replace(record, machines=tuple(machines), certificates=tuple(certificates))
