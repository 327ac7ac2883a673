"""Countries, first-level divisions and industrial towns: recognition in text and distance. Not addresses."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from tashbik.language.analysis import tokenise
from tashbik.nomenclature import tables

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, IUGG."""
_PARTICLES = (("ولل", "ال"), ("لل", "ال"), ("وب", ""), ("ول", ""), ("و", ""), ("ب", ""), ("ل", ""), ("ف", ""))
"""Arabic particles before a name, and what of the name they swallow."""
_MAX_TOKENS = 4


class KnownPlace(NamedTuple):
    """A place of the gazetteer. `id` ISO 3166-1 alpha-2, ISO 3166-2, or division + slug for a town; degrees WGS 84."""

    id: str
    kind: str
    country: str
    division: str
    terms: dict[str, tuple[str, ...]]
    latitude: float
    longitude: float

    def label(self, language: str) -> str:
        """The name in a language."""
        return self.terms[language][0]


class FoundPlace(NamedTuple):
    """A place named in a text, with offsets."""

    place: KnownPlace
    start: int
    end: int


@cache
def places() -> dict[str, KnownPlace]:
    """All places by id."""
    return {
        row["id"]: KnownPlace(
            row["id"],
            row["kind"],
            row["country"],
            row["division"],
            {language: tables.alternatives(row[language]) for language in tables.LANGUAGES},
            float(row["lat"]),
            float(row["lon"]),
        )
        for row in tables.tables_of("places")
    }


_RANK = {"town": 0, "division": 1, "country": 2}


_KINDS_OF_PLACE = frozenset("مدينه ولايه بلديه محافظه اقليم عماله دايره منطقه".split())


@cache
def _by_name() -> dict[str, tuple[KnownPlace, ...]]:
    """Names as they stand in running text, the article with them: الموصل is a town, موصل a conductor."""
    table: dict[str, tuple[KnownPlace, ...]] = {}
    for place in places().values():
        for key in {_key(name) for names in place.terms.values() for name in names}:
            table[key] = tuple(sorted((*table.get(key, ()), place), key=lambda item: _RANK[item.kind]))
    return table


@cache
def _by_bare_name() -> dict[str, tuple[KnownPlace, ...]]:
    """Names in a cell that says nothing else: without article, and without the `مدينة` that guards common words (مدينة قابس)."""
    table: dict[str, tuple[KnownPlace, ...]] = {}
    for key, bearers in _by_name().items():
        first, _, rest = key.partition(" ")
        for bare in {_bare(key), _bare(rest) if first in _KINDS_OF_PLACE else ""} - {""}:
            known = table.get(bare, ())
            table[bare] = (*known, *(place for place in bearers if place not in known))
    return table


def _key(name: str) -> str:
    return " ".join(token.folded for token in tokenise(name))


def _bare(key: str) -> str:
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in key.split())


def lookup(name: str, country: str = "") -> KnownPlace | None:
    """The place of a cell: exact name in any language, ISO code, narrowed by country; the division before the town of its name."""
    code = name.strip().upper()
    if code in places():
        return places()[code]
    key = _key(name)
    bearers = _by_name().get(key) or _by_bare_name().get(_bare(key), ())
    found = [place for place in bearers if not country or place.country == country]
    divisions = [place for place in found if place.kind == "division"]
    return (divisions or found or [None])[0]  # type: ignore[list-item]


def known_place(written: str, country: str = "") -> KnownPlace | None:
    """The place of an address line: the whole of it, or the most precise place of that country named in it."""
    whole = lookup(written, country)
    if whole is not None:
        return whole
    named = [found.place for found in find_places(written, country) if not country or found.place.country == country]
    return min(named, key=lambda place: _RANK[place.kind], default=None)


def find_places(text: str, country: str = "") -> list[FoundPlace]:
    """Places named in running text, longest name first; where a name has several bearers, that of `country`, else the first listed."""
    tokens = tokenise(text)
    found: list[FoundPlace] = []
    position = 0
    while position < len(tokens):
        for size in range(min(_MAX_TOKENS, len(tokens) - position), 0, -1):
            window = tokens[position : position + size]
            bearers = _bearers([token.folded for token in window])
            if bearers and (size > 1 or len(window[0].folded) > 2):
                chosen = next((place for place in bearers if place.country == country), bearers[0])
                found.append(FoundPlace(chosen, window[0].start, window[-1].end))
                position += size - 1
                break
        position += 1
    return found


def _bearers(words: list[str]) -> tuple[KnownPlace, ...]:
    for first in _without_particles(words[0]):
        found = _by_name().get(" ".join([first, *words[1:]]))
        if found:
            return found
    return ()


def _without_particles(word: str) -> list[str]:
    """A word, and the name that it may hold behind particles: وبالبليدة, للبليدة → البليدة."""
    forms = [word]
    for particle, rest in _PARTICLES:
        if word.startswith(particle) and len(word) - len(particle) >= 3:
            forms.append(rest + word[len(particle) :])
    return forms


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in km of two (latitude, longitude) in degrees, by the haversine formula (Sinnott 1984)."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))
