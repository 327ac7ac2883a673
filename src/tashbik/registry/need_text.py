"""From a buyer's words to requirements. Not the reading of need files (readers) nor verdicts (linkage)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from tashbik.language.quantities import fold_aligned
from tashbik.nomenclature import tables
from tashbik.nomenclature.grades import family
from tashbik.registry.facts import Facts, read_facts
from tashbik.registry.medicines import read_medicine
from tashbik.registry.records import NeedLine, Place, Requirement, RequirementKind


def need_line(line_id: str, text: str, *, country: str = "", today: date | None = None) -> NeedLine:
    """A need line with the requirements that its text states. `country` (ISO alpha-2) decides between places of one name."""
    facts = read_facts(text, "", country)
    return NeedLine(id=line_id, text=text, language=facts.language, requirements=tuple(requirements_of(facts)))


def requirements_of(facts: Facts) -> list[Requirement]:
    """All requirements that the facts of a need state, in the order in which a buyer reads them."""
    medicine = read_medicine(facts.text)
    if medicine is not None:
        rates = [one for one in _numbers(facts) if one.kind == "quantity"]
        return [*medicine.requirements(), *rates, *_certificates(facts), *_delivery(facts)]
    return [
        *_concepts(facts, "process"),
        *_concepts(facts, "product"),
        *_materials(facts),
        *_concepts(facts, "machine"),
        *_numbers(facts),
        *_certificates(facts),
        *_delivery(facts),
    ]


def narrowest(ids: Iterable[str]) -> list[str]:
    """Concepts without those that are broader than another of the list."""
    chosen = list(dict.fromkeys(ids))
    return [one for one in chosen if not any(one in tables.ancestors(other) for other in chosen)]


def _concepts(facts: Facts, kind: RequirementKind) -> list[Requirement]:
    """One requirement for each place in the text; concepts that share the same words are alternatives of one requirement."""
    by_span: dict[tuple[int, int], list[str]] = {}
    words: dict[tuple[int, int], str] = {}
    kept = set(narrowest(found.concept for found in facts.of_kind(kind)))
    for found in sorted(facts.of_kind(kind), key=lambda item: item.start):
        if found.concept in kept:
            by_span.setdefault((found.start, found.end), []).append(found.concept)
            words[found.start, found.end] = found.words
    return [
        Requirement(kind=kind, words=words[span], values=tuple(ids), mandatory=kind in ("process", "product"))
        for span, ids in by_span.items()
    ]


def _materials(facts: Facts) -> list[Requirement]:
    if facts.grades:
        known = {material for grade in facts.grades for material in family(grade.grade)}
        graded = [
            Requirement(kind="material", words=found.words, values=(found.grade,), unit="grade")
            for found in facts.grades
        ]
        rest = [one for one in _concepts(facts, "material") if not _implied(one.values, known)]
        return [*graded, *(one for one in rest if not _names_grade(one, facts))]
    return _concepts(facts, "material")


def _implied(values: tuple[str, ...], known: set[str]) -> bool:
    """Whether a material only repeats the family of a grade that is asked for anyway."""
    return any(value in known or known & set(tables.ancestors(value)) for value in values)


def _names_grade(requirement: Requirement, facts: Facts) -> bool:
    return any(requirement.words in found.words or found.words in requirement.words for found in facts.grades)


def _numbers(facts: Facts) -> list[Requirement]:
    out: list[Requirement] = []
    if facts.sides:
        out.append(Requirement(kind="envelope", words=facts.sides_words, numbers=facts.sides, unit="mm"))
    if facts.weight is not None:
        out.append(Requirement(kind="weight", words=f"{facts.weight:g} kg", numbers=(facts.weight,), unit="kg"))
    if facts.tolerance is not None:
        out.append(Requirement(kind="tolerance", words=facts.tolerance_words, numbers=(facts.tolerance,), unit="mm"))
    elif facts.tolerance_class:
        out.append(Requirement(kind="tolerance", words=facts.tolerance_class, values=(facts.tolerance_class,)))
    rate = facts.rate("quantity", "capacity", "minimum")
    if rate is not None:
        kind: RequirementKind = "quantity" if rate.period else "batch"
        out.append(Requirement(kind=kind, words=rate.words, numbers=(rate.value,), unit=rate.unit, period=rate.period))
    batch = facts.rate("batch")
    if batch is not None:
        out.append(Requirement(kind="batch", words=batch.words, numbers=(batch.value,), unit=batch.unit))
    if facts.lead_time is not None:
        out.append(Requirement(kind="lead_time", words=f"{facts.lead_time:g}", numbers=(facts.lead_time,), unit="day"))
    return out


_DEMANDED = re.compile(
    r"exig|obligatoire|imperati|required|mandatory|must|compulsory|الزامي|ضروري|يشترط|شرط|حاصل|حايز|مطلوبه"
)
_WISHED = re.compile(r"souhait|prefer|apprecie|ideal|un plus|يفضل|مستحسن|ميزه")


def _certificates(facts: Facts) -> list[Requirement]:
    """Certificates are preferred unless the buyer says otherwise in the same clause."""
    return [replace(one, mandatory=_demanded(facts.text, one.words)) for one in _concepts(facts, "certificate")]


def _demanded(text: str, words: str) -> bool:
    folded, start = fold_aligned(text), text.find(words)
    before = re.split(r"[,;.،؛\n]", folded[max(0, start - 30) : start])[-1]
    after = re.split(r"[,;.،؛\n]", folded[start + len(words) : start + len(words) + 30])[0]
    clause = f"{before} {after}"
    return _DEMANDED.search(clause) is not None and _WISHED.search(clause) is None


def _delivery(facts: Facts) -> list[Requirement]:
    place = facts.places[-1].place if facts.places else None
    where = (
        Place(
            country=place.country,
            region=place.division,
            locality=place.id,
            latitude=None if place.kind == "country" else place.latitude,
            longitude=None if place.kind == "country" else place.longitude,
        )
        if place
        else None
    )
    if facts.due is None and where is None:
        return []
    words = " ".join(
        part
        for part in ((facts.text[facts.places[-1].start : facts.places[-1].end] if place else ""), str(facts.due or ""))
        if part
    )
    return [Requirement(kind="delivery", words=words, due=facts.due, place=where, mandatory=facts.due is not None)]
