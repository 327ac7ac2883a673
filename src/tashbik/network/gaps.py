"""Missing linkages: what is demanded here and made here by somebody not tied to the buyer, and what is made nowhere near. Not the matching (linkage)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from tashbik.network.graph import LinkageGraph
from tashbik.nomenclature.places import distance_km
from tashbik.nomenclature.tables import ancestors
from tashbik.registry.records import Place, Record

NEAR_KM = 150.0
"""A day's drive there and back for a lorry."""


class Demand(Record, frozen=True, kw_only=True):
    """Something that an enterprise buys: a concept of the nomenclature, where, and how much it weighs."""

    enterprise: str
    concept: str
    place: Place = Place()
    weight: float = 1.0


class Supply(Record, frozen=True, kw_only=True):
    """Something that an enterprise makes: a concept of the nomenclature, and where."""

    enterprise: str
    concept: str
    place: Place = Place()


class MissingLink(Record, frozen=True, kw_only=True):
    """A demand without its link. `unlinked`: `makers` near the buyer make it (nearest first) and none is tied to it; `absent`: nobody near makes it,
    and `makers` are the nearest elsewhere. `km` is the distance of the nearest maker, None where a place is unknown.
    """

    kind: Literal["unlinked", "absent"]
    enterprise: str
    concept: str
    makers: tuple[str, ...]
    km: float | None
    weight: float


def missing_links(
    demands: Iterable[Demand],
    supplies: Iterable[Supply],
    graph: LinkageGraph,
    *,
    near_km: float = NEAR_KM,
    top: int = 5,
) -> list[MissingLink]:
    """Demands that no tied maker near the buyer meets, the weightiest first. A maker of a narrower concept makes the broader one too.

    Near is within `near_km`; where coordinates are missing, in the same region, or in the same country if a region is missing too.
    """
    makers: dict[str, list[Supply]] = defaultdict(list)
    for supply in supplies:
        for concept in (supply.concept, *ancestors(supply.concept)):
            makers[concept].append(supply)
    found = [_missing(one, makers[one.concept], graph, near_km, top) for one in demands]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.weight, one.enterprise, one.concept))


def _missing(
    demand: Demand, makers: Sequence[Supply], graph: LinkageGraph, near_km: float, top: int
) -> MissingLink | None:
    others = [one for one in makers if one.enterprise != demand.enterprise]
    near = [one for one in others if is_near(demand.place, one.place, near_km)]
    if any(_tied(graph, demand.enterprise, one.enterprise) for one in near):
        return None
    ranked = sorted(near or others, key=lambda one: (_order(_km(demand.place, one.place)), one.enterprise))
    return MissingLink(
        kind="unlinked" if near else "absent",
        enterprise=demand.enterprise,
        concept=demand.concept,
        makers=tuple(dict.fromkeys(one.enterprise for one in ranked))[:top],
        km=_km(demand.place, ranked[0].place) if ranked else None,
        weight=demand.weight,
    )


def _order(km: float | None) -> float:
    return float("inf") if km is None else km


def _km(one: Place, other: Place) -> float | None:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    return distance_km((one.latitude, one.longitude), (other.latitude, other.longitude))


def is_near(one: Place, other: Place, near_km: float) -> bool:
    """Whether two places are near each other, by the best that is known of both."""
    away = _km(one, other)
    if away is not None:
        return away <= near_km
    if one.region and other.region:
        return one.region == other.region
    return bool(one.country) and one.country == other.country


def _tied(graph: LinkageGraph, one: str, other: str) -> bool:
    first, second = graph.position.get(one), graph.position.get(other)
    return first is not None and second is not None and bool(graph.adjacency[first, second])
