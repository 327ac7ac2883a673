"""Countries, first-level divisions and industrial towns: recognition in text and distance. Not addresses."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from tashbik.language.analysis import tokenise
from tashbik.nomenclature import tables

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, IUGG."""
_PREFIXES = ("وبال", "وال", "بال", "ولل", "لل", "ال", "و", "ب", "ل", "ف")
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


@cache
def _by_name() -> dict[str, tuple[KnownPlace, ...]]:
    table: dict[str, tuple[KnownPlace, ...]] = {}
    for place in places().values():
        for names in place.terms.values():
            for name in names:
                key = _key(name)
                known = table.get(key, ())
                if place not in known:
                    table[key] = tuple(sorted((*known, place), key=lambda item: _RANK[item.kind]))
    return table


def _key(name: str) -> str:
    words = [token.folded for token in tokenise(name)]
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)


def lookup(name: str, country: str = "") -> KnownPlace | None:
    """The place of a cell: exact name in any language, ISO code, narrowed by country; the division before the town of its name."""
    code = name.strip().upper()
    if code in places():
        return places()[code]
    found = [place for place in _by_name().get(_key(name), ()) if not country or place.country == country]
    divisions = [place for place in found if place.kind == "division"]
    return (divisions or found or [None])[0]  # type: ignore[list-item]


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
    firsts = [words[0]]
    firsts += [words[0][len(p) :] for p in _PREFIXES if words[0].startswith(p) and len(words[0]) - len(p) >= 3]
    for first in firsts:
        rest = [word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words[1:]]
        bare = first[2:] if first.startswith("ال") and len(first) > 4 else first
        found = _by_name().get(" ".join([bare, *rest]))
        if found:
            return found
    return ()


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in km of two (latitude, longitude) in degrees, by the haversine formula (Sinnott 1984)."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))
