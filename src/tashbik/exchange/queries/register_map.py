"""Where the enterprises of a search are: gathered by place, with coordinates. Not the drawing (web.charts.map)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from tashbik.exchange.queries.register import Found, Line
from tashbik.nomenclature.places import places
from tashbik.registry.records import Place

MOST = 500
"""Places that a map shows at most; the rest is said."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with the enterprises there. `locality` is a town as the register writes it, `region` ISO 3166-2; degrees WGS 84."""

    country: str
    region: str
    locality: str
    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The places of a search, most enterprises first; `unplaced` are without any coordinates, `left_out` beyond MOST."""

    spots: tuple[Spot, ...]
    unplaced: int
    left_out: int

    @property
    def placed(self) -> int:
        """Enterprises that are drawn."""
        return sum(one.count for one in self.spots)


def spread(found: Found) -> Spread:
    """Places of what is found: by town where it is few enough to be read line by line, else by region."""
    return _by_town(found.lines) if found.lines is not None else _by_region(found)


def _by_town(read: Iterable[Line]) -> Spread:
    groups: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    unplaced = 0
    for one in read:
        where = _own_or_known(one)
        if where is None:
            unplaced += 1
        else:
            groups.setdefault((one.country, one.region, one.locality.strip()), []).append(where)
    spots = []
    for (country, region, locality), points in groups.items():
        latitude = sum(point[0] for point in points) / len(points)
        longitude = sum(point[1] for point in points) / len(points)
        spots.append(Spot(country, region, locality, latitude, longitude, len(points)))
    return _spread(spots, unplaced)


def _own_or_known(one: Line) -> tuple[float, float] | None:
    if one.latitude is not None and one.longitude is not None:
        return one.latitude, one.longitude
    return _known(one.country, one.region)


def _known(country: str, region: str) -> tuple[float, float] | None:
    """Where the nomenclature has a region, else its country."""
    place = places().get(region) or places().get(country)
    return (place.latitude, place.longitude) if place else None


def coordinates(place: Place) -> tuple[float, float] | None:
    """Where a place of a record is: its own coordinates, else those of its region or country; None where nothing is known."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    return _known(place.country, place.region)


def _by_region(found: Found) -> Spread:
    counted = found.rows.values_list("country", "region").annotate(total=Count("pk"))
    spots, unplaced = [], 0
    for country, region, total in counted:
        where = _known(country, region)
        if where is None:
            unplaced += total
        else:
            spots.append(Spot(country, region, "", *where, total))
    return _spread(spots, unplaced)


def _spread(spots: list[Spot], unplaced: int) -> Spread:
    ordered = sorted(spots, key=lambda one: (-one.count, one.country, one.region, one.locality))
    return Spread(tuple(ordered[:MOST]), unplaced, sum(one.count for one in ordered[MOST:]))
