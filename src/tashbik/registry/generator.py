"""Many fictitious enterprises out of the vocabulary, for benchmarks. Not the hand-written demonstration (demonstration.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from tashbik.nomenclature import tables
from tashbik.nomenclature.coherence import sectors
from tashbik.nomenclature.places import places
from tashbik.registry.records import Capability, Certificate, Enterprise, Place, Provenance, Rate

SOURCE = "generated (fictitious)"
_BASE = date(2026, 10, 31)
_LANGUAGES = ("ar", "ar", "ar", "fr", "fr", "en")

# How a profile and a need say the same: {process}, {product}, {material} are terms of the vocabulary.
_OFFERS = {
    "ar": (
        "ورشة مختصة في {process}، نصنع {product} من {material}",
        "{process} - {product} - {material}",
        "نقدم خدمات {process} للمصانع: {product} ({material}) حسب الطلب",
    ),
    "fr": (
        "Atelier de {process} : {product} en {material}",
        "{process}, {product}, {material}, petites et moyennes séries",
        "Nous réalisons {product} ({material}) par {process}, sur plan",
    ),
    "en": (
        "{process} workshop making {product} in {material}",
        "{process}; {product}; {material}; small and medium batches",
        "We supply {product} ({material}) by {process} to drawing",
    ),
}
_NEEDS = {
    "ar": ("نبحث عن مؤسسة تقوم بـ{process} لإنتاج {product} من {material}",),
    "fr": ("Cherche sous-traitant pour {product} en {material}, {process}",),
    "en": ("Looking for a supplier of {product} in {material} by {process}",),
}
_NAMES = {
    "ar": ("ورشة {a} {b}", "مؤسسة {a} {b} الصناعية", "شركة {a} للصناعات"),
    "fr": ("Ateliers {a} {b}", "Société {a} Industries", "Ets {a} {b}"),
    "en": ("{a} {b} Works", "{a} Industrial Co.", "{a} {b} Manufacturing"),
}
_WORDS = {
    "ar": "النخيل الهضاب الفرات الزيتون الأوراس السنابل المرجان الواحة القلعة الصفاء الياسمين الميناء النجمة السهل الوادي الأرز الشاطئ القمة البادية المنارة".split(),
    "fr": "Atlas Soummam Tell Hoggar Cèdre Oasis Corail Palmier Aurès Littoral Sahel Médina Olivier Phare Dunes Source Colline Jasmin Ardent Rivage".split(),
    "en": "Cedar Gulf Dune Falcon Pearl Oasis Palm Harbour Desert Star River Canyon Coral Summit Meadow Anchor Amber Crescent Valley Lantern".split(),
}


class Facets(NamedTuple):
    """What a generated profile is about: concept ids of its process, product and material."""

    process: str
    product: str
    material: str


@cache
def _pools() -> dict[str, dict[str, tuple[str, ...]]]:
    """Leaf concepts by sector and kind, of the sectors that have processes, products and materials."""
    parents = {concept.broader for concept in tables.concepts().values()}
    pools: dict[str, dict[str, list[str]]] = {}
    for one, concept in sorted(tables.concepts().items()):
        if concept.kind in Facets._fields and one not in parents:
            for sector in sectors(one):
                pools.setdefault(sector, {}).setdefault(concept.kind, []).append(one)
    whole = {sector: kinds for sector, kinds in pools.items() if len(kinds) == len(Facets._fields)}
    return {sector: {kind: tuple(ids) for kind, ids in whole[sector].items()} for sector in sorted(whole)}


def facets(number: int, seed: int) -> Facets:
    """The facets of profile `number`, all of one sector; triples repeat, so that a need has several answers."""
    chooser = Random(f"{seed}/facets/{number // 4 if number % 4 else number}")
    pool = _pools()[chooser.choice(tuple(_pools()))]
    return Facets(*(chooser.choice(pool[kind]) for kind in Facets._fields))


def _said(about: Facets, language: str, templates: Mapping[str, tuple[str, ...]], chooser: Random) -> str:
    terms = {name: chooser.choice(tables.concepts()[one].terms[language]) for name, one in about._asdict().items()}
    return chooser.choice(templates[language]).format(**terms)


@cache
def _places() -> tuple[Place, ...]:
    return tuple(
        Place(
            country=one.country, region=one.id, locality=one.label("fr"), latitude=one.latitude, longitude=one.longitude
        )
        for one in places().values()
        if one.kind == "division"
    )


def profile(number: int, seed: int = 1) -> Enterprise:
    """Generated enterprise `number`: the same for the same seed, whatever is generated before it."""
    chooser = Random(f"{seed}/profile/{number}")
    language = chooser.choice(_LANGUAGES)
    name = chooser.choice(_NAMES[language]).format(
        a=chooser.choice(_WORDS[language]), b=chooser.choice(_WORDS[language])
    )
    capacity = float(chooser.choice((500, 1_000, 2_000, 5_000, 8_000, 20_000, 50_000)))
    dated = _BASE - timedelta(days=chooser.randrange(900))
    spare = (
        Rate(value=round(capacity * chooser.random()), unit="piece", period="month") if chooser.random() < 0.6 else None
    )
    capability = Capability(
        id="1",
        words={language: _said(facets(number, seed), language, _OFFERS, chooser)},
        capacity=Rate(value=capacity, unit="piece", period="month") if chooser.random() < 0.7 else None,
        spare=spare,
        spare_as_of=dated if spare else None,
        lead_time=float(chooser.choice((14, 21, 30, 45, 60))) if chooser.random() < 0.5 else None,
    )
    certificates = (Certificate(words="ISO 9001"),) if chooser.random() < 0.4 else ()
    return Enterprise(
        id=f"GEN-{seed}-{number:07}",
        names={language: f"{name} {number}"},
        place=chooser.choice(_places()),
        employees=chooser.randrange(3, 250) if chooser.random() < 0.7 else None,
        capabilities=(capability,),
        certificates=certificates,
        provenance=Provenance(source=SOURCE, as_of=dated),
    )


def generate(count: int, seed: int = 1) -> Iterator[Enterprise]:
    """`count` enterprises, one at a time."""
    for number in range(count):
        yield profile(number, seed)


class GeneratedNeed(NamedTuple):
    """A need in one language, and the ids of the generated enterprises that are about the same three concepts."""

    id: str
    text: str
    language: str
    relevant: frozenset[str]


def needs(count: int, profiles: int, seed: int = 1) -> list[GeneratedNeed]:
    """Needs about the facets of some of the first `profiles` enterprises, worded in a language chosen anew."""
    by_facets: dict[Facets, set[str]] = {}
    for number in range(profiles):
        by_facets.setdefault(facets(number, seed), set()).add(f"GEN-{seed}-{number:07}")
    chooser = Random(f"{seed}/needs")
    chosen = [facets(chooser.randrange(profiles), seed) for _ in range(count)]
    made = []
    for number, about in enumerate(chosen):
        language = chooser.choice(("ar", "fr", "en"))
        made.append(
            GeneratedNeed(
                f"GN-{number}", _said(about, language, _NEEDS, chooser), language, frozenset(by_facets[about])
            )
        )
    return made
