"""From a buyer's words to requirements. Not the reading of need files (readers) nor verdicts (linkage)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from tashbik.language.quantities import fold_aligned
from tashbik.language.units import convert
from tashbik.nomenclature import tables
from tashbik.nomenclature.classify import Classified
from tashbik.nomenclature.grades import family
from tashbik.nomenclature.places import FoundPlace
from tashbik.nomenclature.verbs import find_verbs
from tashbik.registry.facts import Facts, StatedRate, read_facts
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
    facts = _with_verbs(facts)
    products = _products(facts)
    return [
        *_concepts(facts, "process"),
        *products,
        *_materials(facts),
        *_machines(facts, products),
        *(Requirement(kind="hs", words=f"HS {code}", values=(code,), mandatory=False) for code in facts.hs),
        *_numbers(facts),
        *_certificates(facts),
        *_delivery(facts),
    ]


def _with_verbs(facts: Facts) -> Facts:
    """The facts with the processes that verbs name, where no noun names the same or a narrower one."""
    named = {up for one in facts.of_kind("process") for up in (one.concept, *tables.ancestors(one.concept))}
    verbs = tuple(one for one in find_verbs(facts.text) if one.concept not in named)
    return dataclasses.replace(facts, concepts=(*facts.concepts, *verbs)) if verbs else facts


def _products(facts: Facts) -> list[Requirement]:
    """Products, the first named being what is asked for: later ones are mostly its parts, its packing or its use.

    A machine that is asked for where no other product is named, or in the same words, is a product to be bought.
    """
    found = _concepts(facts, "product") or [replace(one, kind="product") for one in _concepts(facts, "machine")]
    return [replace(one, mandatory=place == 0) for place, one in enumerate(found)]


def _machines(facts: Facts, products: list[Requirement]) -> list[Requirement]:
    taken = {one.words for one in products}
    return [one for one in _concepts(facts, "machine") if one.words not in taken]


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
    """Grades, and materials in words; what only repeats a grade's family, or stands inside a product's name, is left out."""
    inside = _inside_names(facts)
    facts = dataclasses.replace(facts, concepts=tuple(one for one in facts.concepts if one not in inside))
    if facts.grades:
        known = {material for grade in facts.grades for material in family(grade.grade)}
        graded = [
            Requirement(kind="material", words=found.words, values=(found.grade,), unit="grade")
            for found in facts.grades
        ]
        rest = [one for one in _concepts(facts, "material") if not _implied(one.values, known)]
        return [*graded, *(one for one in rest if not _names_grade(one, facts))]
    return _concepts(facts, "material")


def _inside_names(facts: Facts) -> list[Classified]:
    """Materials that are only words of a product's or process's name (زيت زيتون in a bottle of olive oil)."""
    names = [(one.start, one.end) for kind in ("product", "process") for one in facts.of_kind(kind)]
    return [
        one for one in facts.of_kind("material") if any(start <= one.start and one.end <= end for start, end in names)
    ]


def _implied(values: tuple[str, ...], known: set[str]) -> bool:
    """Whether a material only repeats the family of a grade that is asked for anyway."""
    return any(value in known or known & set(tables.ancestors(value)) for value in values)


def _names_grade(requirement: Requirement, facts: Facts) -> bool:
    return any(requirement.words in found.words or found.words in requirement.words for found in facts.grades)


def _numbers(facts: Facts) -> list[Requirement]:
    out: list[Requirement] = []
    if facts.sides:
        out.append(Requirement(kind="envelope", words=facts.sides_words, numbers=facts.sides, unit="mm"))
    elif facts.nominal is not None:  # a part with this bore is at least as wide and as high
        out.append(
            Requirement(kind="envelope", words=facts.nominal_words, numbers=(facts.nominal, facts.nominal), unit="mm")
        )
    if facts.weight is not None:
        out.append(Requirement(kind="weight", words=f"{facts.weight:g} kg", numbers=(facts.weight,), unit="kg"))
    if facts.tolerance is not None:
        out.append(Requirement(kind="tolerance", words=facts.tolerance_words, numbers=(facts.tolerance,), unit="mm"))
    elif facts.tolerance_class:
        out.append(Requirement(kind="tolerance", words=facts.tolerance_class, values=(facts.tolerance_class,)))
    rate = _quantity(facts)
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
_DELIVERED = re.compile(r"livr|deliver|rendu|franco|تسليم|توصيل|توريد|destination|\b(?:cif|ddp|dap)\b")
_OR = re.compile(r"\s*(?:ou|or|أو|او|/)\s*")
_WISHED = re.compile(r"souhait|prefer|apprecie|ideal|un plus|يفضل|مستحسن|ميزه")


def _quantity(facts: Facts) -> StatedRate | None:
    """The quantity asked for: one with a period before one without, then the larger, for packs and pieces have sizes too."""
    stated = [rate for role in ("quantity", "capacity", "minimum") for rate in facts.rates if rate.role == role]
    if not stated and facts.rate("batch") is None:
        return next(iter(facts.counts), None)
    return max(stated, key=lambda rate: (bool(rate.period), _in_base(rate)), default=None)


def _in_base(rate: StatedRate) -> float:
    factors = (convert(1.0, rate.unit, base) for base in ("kg", "l", "m", "m2") if rate.unit)
    return rate.value * next((factor for factor in factors if factor is not None), 1.0)


def _certificates(facts: Facts) -> list[Requirement]:
    """Certificates are preferred unless the buyer says otherwise in the same clause."""
    classed = fold_aligned(facts.tolerance_class)
    found = [
        replace(one, mandatory=_demanded(facts.text, one.words))
        for one in _concepts(facts, "certificate")
        if fold_aligned(one.words) not in classed  # ISO 8062 in `ISO 8062 DCTG 10` says how to measure
    ]
    merged: list[Requirement] = []
    for one in found:
        if merged and _OR.fullmatch(_between(facts.text, merged[-1].words, one.words)):
            last = merged.pop()
            one = replace(last, values=(*last.values, *one.values), words=f"{last.words} / {one.words}")
        merged.append(one)
    return merged


def _between(text: str, one: str, other: str) -> str:
    start = text.find(one.rpartition(" / ")[2]) + len(one.rpartition(" / ")[2])
    return text[start : text.find(other, start)]


def _demanded(text: str, words: str) -> bool:
    folded, start = fold_aligned(text), text.find(words)
    before = re.split(r"[,;.،؛\n]", folded[max(0, start - 30) : start])[-1]
    after = re.split(r"[,;.،؛\n]", folded[start + len(words) : start + len(words) + 30])[0]
    clause = f"{before} {after}"
    return _DEMANDED.search(clause) is not None and _WISHED.search(clause) is None


def _destination(facts: Facts) -> FoundPlace | None:
    """The place named after a word for delivery, else the most precise one named; a town before a region before a country."""
    if not facts.places:
        return None
    ranks = {"town": 0, "division": 1, "country": 2}
    named = [
        one for one in facts.places if _DELIVERED.search(fold_aligned(facts.text)[max(0, one.start - 25) : one.start])
    ]
    return min(named or facts.places, key=lambda one: ranks[one.place.kind])


def _delivery(facts: Facts) -> list[Requirement]:
    found = _destination(facts)
    place = found.place if found else None
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
    words = facts.text[found.start : found.end] if found else ""
    return [Requirement(kind="delivery", words=words, due=facts.due, place=where, mandatory=facts.due is not None)]
