"""Enterprises near each other in what they make or where they are, and groups of alike ones for horizontal networks. Not ties (networks_ties.py)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
import numpy as np
from scipy.spatial import cKDTree

from tashbik.exchange.models import Enterprise, Facet
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_ties import Scope, Tie, enterprise_node
from tashbik.network.graph import of_arrays
from tashbik.network.likeness import Alike, alike
from tashbik.network.measures import communities
from tashbik.nomenclature.tables import ancestors

PURPOSES = {"purchasing": "material", "export": "product", "machines": "process"}
"""What a horizontal network is for, and the kind of concept in which its members are alike."""
MOST_NEAR = 20_000
"""Enterprises up to which nearness is worked out."""
LIKE, NEIGHBOURS = 0.6, 3
"""Least likeness in processes for a tie of nearness, and how many of the likest (and of the nearest) each enterprise is tied to."""
NEAR_KM = 15.0
EARTH_KM = 6371.0
SHARED_WEIGHT, PLACE_WEIGHT = 0.3, 0.1
LIKE_ENOUGH, SMALLEST, LARGEST = 0.45, 3, 12
MOST_GROUPS = 60


class AlikeGroup(msgspec.Struct, frozen=True):
    """Enterprises alike enough for one purpose: their nodes, what at least half of them share, mean likeness of tied pairs (0–1), countries."""

    members: list[str]
    shared: list[str]
    likeness: float
    countries: list[str]


class Place(msgspec.Struct, frozen=True):
    """Where an enterprise is, and its node."""

    code: str
    country: str
    latitude: float | None
    longitude: float | None


def places_of(scope: Scope) -> dict[int, Place]:
    """The published enterprises of an exchange (or all) with their places, by key."""
    rows = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED).order_by("pk")
    if scope.exchange_id:
        rows = rows.filter(exchange=scope.exchange_id)
    fields = rows.values_list("pk", "code", "country", "latitude", "longitude")
    return {
        key: Place(code, country, latitude, longitude)
        for key, code, country, latitude, longitude in fields.iterator(5_000)
    }


def profiles(keys: Iterable[int], kind: str) -> dict[int, set[str]]:
    """The concepts of one kind that enterprises are found by."""
    wanted, found = set(keys), defaultdict(set)
    for enterprise, value in Facet.objects.filter(kind=kind).values_list("enterprise_id", "value").iterator(10_000):
        if enterprise in wanted:
            found[enterprise].add(value)
    return dict(found)


def near_ties(scope: Scope) -> Iterator[Tie]:
    """Ties of nearness: each enterprise with the likest in its processes, and with the nearest. None for a register beyond MOST_NEAR."""
    known = places_of(scope)
    if len(known) > MOST_NEAR:
        return
    made = profiles(known, "process")
    by_code = {known[key].code: values for key, values in made.items()}
    country = {one.code: one.country for one in known.values()}
    for pair in alike(by_code, top=NEIGHBOURS, least=LIKE):
        if country[pair.one] == country[pair.other]:
            yield _near(scope, pair.one, pair.other, "process", SHARED_WEIGHT * pair.likeness)
    for one, other in _neighbours([one for one in known.values() if one.latitude is not None]):
        yield _near(scope, one, other, "place", PLACE_WEIGHT)


def _near(scope: Scope, one: str, other: str, kind: str, weight: float) -> Tie:
    return Tie(
        source=enterprise_node(one),
        target=enterprise_node(other),
        kind="process" if kind == "process" else "place",
        weight=weight,
        as_of=None,
        level=str(Level.PUBLIC),
        origin=kind,
        exchange_id=scope.exchange_id or 0,
    )


def _neighbours(placed: list[Place]) -> list[tuple[str, str]]:
    """Pairs of each place with its nearest ones within NEAR_KM."""
    if len(placed) < 2:
        return []
    angles = np.radians(np.array([(one.latitude, one.longitude) for one in placed], float))
    level = np.cos(angles[:, 0])
    points = np.stack([level * np.cos(angles[:, 1]), level * np.sin(angles[:, 1]), np.sin(angles[:, 0])], axis=1)
    reach = 2 * np.sin(NEAR_KM / EARTH_KM / 2)
    count = min(NEIGHBOURS + 1, len(placed))
    found = cKDTree(points).query(points, k=count, distance_upper_bound=reach)[1]
    pairs = {
        (min(here, int(there)), max(here, int(there)))
        for here, row in enumerate(found)
        for there in row
        if there != here and there < len(placed)
    }
    return [(placed[one].code, placed[other].code) for one, other in sorted(pairs)]


def alike_groups(scope: Scope, purpose: str) -> list[AlikeGroup]:
    """Groups of alike enterprises for a purpose, the best first (likeness times the logarithm of the size)."""
    known = places_of(scope)
    made = profiles(known, PURPOSES[purpose])
    by_code = {known[key].code: values for key, values in made.items()}
    country = {one.code: one.country for one in known.values()}
    pairs = [one for one in alike(by_code, top=8, least=LIKE_ENOUGH) if country[one.one] == country[one.other]]
    groups = [_group(members, inner, by_code, country) for members, inner in _gathered(pairs)]
    kept = [one for one in groups if one.shared]
    return sorted(kept, key=lambda one: (-one.likeness * np.log(len(one.members)), one.members))[:MOST_GROUPS]


def _gathered(pairs: list[Alike]) -> Iterator[tuple[list[str], list[Alike]]]:
    """Communities of the graph of alike pairs, each with its pairs; those too large keep who has the most likeness."""
    ids = sorted({end for one in pairs for end in (one.one, one.other)})
    place = {one: number for number, one in enumerate(ids)}
    graph = of_arrays(
        ids, [place[one.one] for one in pairs], [place[one.other] for one in pairs], [one.likeness for one in pairs]
    )
    of = communities(graph).of
    inside: dict[int, list[Alike]] = defaultdict(list)
    for pair in pairs:
        if of[place[pair.one]] == of[place[pair.other]]:
            inside[int(of[place[pair.one]])].append(pair)
    for _, found in sorted(inside.items()):
        sums: dict[str, float] = defaultdict(float)
        for pair in found:
            sums[pair.one] += pair.likeness
            sums[pair.other] += pair.likeness
        members = sorted(islice(sorted(sums, key=lambda one: (-sums[one], one)), LARGEST))
        if len(members) >= SMALLEST:
            kept = set(members)
            yield members, [one for one in found if one.one in kept and one.other in kept]


def _group(
    members: list[str], pairs: list[Alike], concepts: dict[str, set[str]], country: dict[str, str]
) -> AlikeGroup:
    counts = Counter(value for one in members for value in concepts[one])
    common = {value for value, count in counts.items() if 2 * count >= len(members)}
    broader = {above for one in common for above in ancestors(one)}
    shared = sorted(common - broader, key=lambda one: (-counts[one], one))
    likeness = sum(one.likeness for one in pairs) / max(1, len(pairs))
    return AlikeGroup(members, shared[:6], likeness, sorted({country[one] for one in members if country[one]}))
