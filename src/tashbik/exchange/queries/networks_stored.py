"""An analysed network as it is stored, made from ties and read back as an analysis. Not the job that makes it (verbs.networks).

Names are not stored: who reads resolves the nodes as the register stands (networks_names.py), so that what was withdrawn or erased since is gone.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from math import isnan
from typing import Any

import msgspec
import numpy as np

from tashbik.exchange.models import Enterprise, NetworkSnapshot
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_gaps import Gap, gaps
from tashbik.exchange.queries.networks_levels import Eyes, as_seen
from tashbik.exchange.queries.networks_near import PURPOSES, AlikeGroup, alike_groups, near_ties
from tashbik.exchange.queries.networks_ties import Scope, Tie, all_ties, outside_names
from tashbik.network import flows
from tashbik.network.analysis import NAMES, Analysis, Measure, analyse
from tashbik.network.concentration import Plant, agglomeration, location_quotients
from tashbik.network.drawing import Layout, layout
from tashbik.network.graph import KINDS, Edge, EdgeKind, LinkageGraph, Node, linkage_graph
from tashbik.network.measures import Communities

SUPPLYING: tuple[EdgeKind, ...] = ("supply", "award")
"""Kinds of ties that count as supplying; invitations and quotes are contacts."""
FEWEST_PLANTS = 3
"""Enterprises from which on a number about a region's industry is told: with fewer it would tell the headcount of one."""
BROKERS = 20


class SectorShare(msgspec.Struct, frozen=True):
    """An industry (ISIC division) in a region: location quotient, enterprises that it rests on."""

    industry: str
    region: str
    quotient: float
    plants: int


class SectorSpread(msgspec.Struct, frozen=True):
    """How concentrated an industry is beyond chance (Ellison and Glaeser's γ), and the enterprises that it rests on."""

    industry: str
    gamma: float | None
    plants: int


class StoredNetwork(msgspec.Struct, frozen=True):
    """Nodes by position; ties between positions; all measures (none where undefined); what was found. `radius`, `x`, `y` from 0 to 1000."""

    ids: list[str]
    outside: dict[str, str]
    x: list[float]
    y: list[float]
    radius: list[float]
    measures: dict[str, list[float | None]]
    estimated: list[str]
    modularity: float
    source: list[int]
    target: list[int]
    kind: list[int]
    weight: list[float]
    brokers: list[tuple[int, float]]
    single: list[tuple[int, int, float]]
    gaps: list[Gap]
    alike: dict[str, list[AlikeGroup]]
    quotients: list[SectorShare]
    spread: list[SectorSpread]


class Coverage(msgspec.Struct, frozen=True):
    """What a network rests on: published enterprises, those with a tie, ties by origin (all, and those of them that are shown), demands looked at,
    enterprises whose headcount and place are known."""

    enterprises: int = 0
    tied: int = 0
    ties: dict[str, int] = {}
    shown: dict[str, int] = {}
    demands: int = 0
    placed_headcounts: int = 0


# making


class Material:
    """What the networks of one scope share, each part worked out once: ties, nearness, groups of alike enterprises, industries by place."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.ties = list(all_ties(scope))
        self._analyses: dict[tuple[Tie, ...], tuple[Analysis, Layout]] = {}

    @cached_property
    def near(self) -> tuple[Tie, ...]:
        """Ties of nearness."""
        return tuple(near_ties(self.scope))

    @cached_property
    def groups(self) -> dict[str, list[AlikeGroup]]:
        """Groups of alike enterprises by purpose."""
        return {one: alike_groups(self.scope, one) for one in PURPOSES}

    @cached_property
    def sectors(self) -> tuple[list[SectorShare], list[SectorSpread], int]:
        """Industries by place, and how many headcounts they rest on."""
        return _sectors(self.scope)

    @cached_property
    def codes(self) -> set[str]:
        """The published enterprises."""
        return set(_codes(self.scope))

    @cached_property
    def outside(self) -> dict[str, str]:
        """Names of companies outside the register."""
        return outside_names(self.scope)

    def analysed(self, ties: tuple[Tie, ...]) -> tuple[Analysis, Layout]:
        """The analysis and layout of some ties; levels that show the same ties share them."""
        if ties not in self._analyses:
            found = analyse(graph_of(ties), supplies=SUPPLYING)
            self._analyses[ties] = found, layout(found.graph, found.communities.of)
        return self._analyses[ties]


def made(material: Material, level: str, basis: str) -> tuple[StoredNetwork, Coverage, date | None]:
    """The analysis of the ties of a scope at a level, what it rests on, and the day of the newest tie."""
    scope = material.scope
    seen = tuple(as_seen(material.ties, Eyes(level, scope.exchange_id or 0)))
    near = basis == NetworkSnapshot.Basis.NEAR
    found, where = material.analysed((*seen, *material.near) if near else seen)
    linked = graph_of(one for one in seen if one.kind in SUPPLYING)
    missing, demands = ([], 0) if near else gaps(scope, level, linked)
    shares, spread, headcounts = ([], [], 0) if near else material.sectors
    coverage = Coverage(
        enterprises=len(material.codes),
        tied=len(material.codes.intersection(found.graph.ids)),
        ties=dict(Counter(one.origin for one in material.ties)),
        shown=dict(Counter(one.origin for one in seen)),
        demands=demands,
        placed_headcounts=headcounts,
    )
    groups = {} if near else material.groups
    more = {"gaps": missing, "alike": groups, "quotients": shares, "spread": spread}
    return stored_of(found, where, material.outside, **more), coverage, found.graph.as_of


def graph_of(ties: Iterable[Tie]) -> LinkageGraph:
    """The graph of ties."""
    return linkage_graph(
        Edge(source=one.source, target=one.target, kind=one.kind, weight=one.weight, as_of=one.as_of) for one in ties
    )


def _codes(scope: Scope) -> Iterable[str]:
    rows = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED)
    if scope.exchange_id:
        rows = rows.filter(exchange=scope.exchange_id)
    return rows.values_list("code", flat=True).iterator(10_000)


def stored_of(found: Analysis, where: Layout, outside: dict[str, str], **more: Any) -> StoredNetwork:
    """An analysis in the form that is stored, with its layout."""
    graph = found.graph
    known = set(graph.ids)
    return StoredNetwork(
        ids=list(graph.ids),
        outside={node: name for node, name in outside.items() if node in known},
        x=np.round(where.x, 1).tolist(),
        y=np.round(where.y, 1).tolist(),
        radius=np.round(where.radius, 2).tolist(),
        measures={name: [_plain(one) for one in found.measures[name].values.tolist()] for name in NAMES},
        estimated=[name for name in NAMES if found.measures[name].estimated],
        modularity=found.communities.modularity,
        source=graph.source.tolist(),
        target=graph.target.tolist(),
        kind=graph.kind.tolist(),
        weight=np.round(graph.weight, 4).tolist(),
        brokers=[(graph.position[one], value) for one, value in found.brokers(BROKERS)],
        single=[(graph.position[one], count, stake) for one, count, stake in found.single_sources(BROKERS)],
        **more,
    )


def _plain(value: float) -> float | None:
    return None if isnan(value) else round(value, 6)


def _sectors(scope: Scope) -> tuple[list[SectorShare], list[SectorSpread], int]:
    """Location quotients and Ellison–Glaeser indices from the headcounts of the register, by division of ISIC and region."""
    rows = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED, employees__gt=0).exclude(region="")
    if scope.exchange_id:
        rows = rows.filter(exchange=scope.exchange_id)
    plants = []
    fields = ("pk", "employees", "region", "facets__value")
    main: dict[int, tuple[str, str, int]] = {}
    for key, employees, region, sector in (
        rows.filter(facets__kind="sector").order_by("pk", "facets__pk").values_list(*fields[:3], "facets__value")
    ):
        if len(sector) == 2:
            main.setdefault(key, (sector, region, employees))
    plants = [Plant(industry=sector, region=region, employees=float(count)) for sector, region, count in main.values()]
    if not plants:
        return [], [], 0
    shares = [
        SectorShare(one.industry, one.region, round(one.quotient, 3), one.plants)
        for one in location_quotients(plants)
        if one.plants >= FEWEST_PLANTS
    ]
    spread = [
        SectorSpread(one.industry, None if one.gamma is None else round(one.gamma, 4), one.plants)
        for one in agglomeration(plants)
        if one.plants >= FEWEST_PLANTS
    ]
    return shares, spread, len(plants)


# storing


def packed(stored: StoredNetwork) -> bytes:
    """The bytes that are stored."""
    return zlib.compress(msgspec.json.encode(stored), 1)


@lru_cache(maxsize=8)
def _unpacked(key: int, made: str) -> StoredNetwork:
    row = NetworkSnapshot.objects.only("result").get(pk=key)
    return msgspec.json.decode(zlib.decompress(bytes(row.result)), type=StoredNetwork)


def unpacked(row: NetworkSnapshot) -> StoredNetwork:
    """What a stored network holds; kept in memory, because a stored network never changes."""
    return _unpacked(row.pk, row.made.isoformat())


def newest(exchange_id: int | None, level: str, basis: str = "ties") -> NetworkSnapshot | None:
    """The stored network of a scope at a level, without its content; None where none was made."""
    rows = NetworkSnapshot.objects.filter(exchange=exchange_id, level=level, basis=basis).defer("result")
    return rows.select_related("exchange").first()


def coverage_of(row: NetworkSnapshot) -> Coverage:
    """What a stored network rests on."""
    return msgspec.convert(row.coverage, Coverage)


# reading back


def restored(stored: StoredNetwork, nodes: Mapping[str, Node], as_of: date | None) -> tuple[Analysis, Layout]:
    """The analysis and layout of a stored network with the names of its nodes, for files and pictures."""
    graph = LinkageGraph(
        tuple(stored.ids),
        np.array(stored.source, np.int64),
        np.array(stored.target, np.int64),
        np.array(stored.weight, float),
        np.array(stored.kind, np.int8),
        nodes,
        as_of,
    )
    measures = {name: _measure(name, values, stored, as_of) for name, values in stored.measures.items()}
    of = np.array(stored.measures["community"], np.int64)
    depends = flows.dependence(graph.of_kinds(SUPPLYING))
    where = Layout(np.array(stored.x, float), np.array(stored.y, float), np.array(stored.radius, float))
    return Analysis(graph, measures, Communities(of, stored.modularity), depends), where


def _measure(name: str, values: list[float | None], stored: StoredNetwork, as_of: date | None) -> Measure:
    numbers = np.array([np.nan if one is None else one for one in values], float)
    known = float(np.isfinite(numbers).mean()) if len(numbers) else 0.0
    return Measure(name, numbers, known, as_of, name in stored.estimated)


def without(stored: StoredNetwork, gone: set[str]) -> StoredNetwork:
    """The network without some nodes and their ties; the measures of the others stay those of the analysis."""
    if not gone:
        return stored
    kept = [place for place, one in enumerate(stored.ids) if one not in gone]
    at = {place: number for number, place in enumerate(kept)}
    ties = [
        number
        for number, (one, other) in enumerate(zip(stored.source, stored.target, strict=True))
        if one in at and other in at
    ]

    def chosen(values: Sequence[Any], places: Sequence[int] = kept) -> list[Any]:
        return [values[place] for place in places]

    return msgspec.structs.replace(
        stored,
        ids=chosen(stored.ids),
        x=chosen(stored.x),
        y=chosen(stored.y),
        radius=chosen(stored.radius),
        measures={name: chosen(values) for name, values in stored.measures.items()},
        source=[at[stored.source[number]] for number in ties],
        target=[at[stored.target[number]] for number in ties],
        kind=chosen(stored.kind, ties),
        weight=chosen(stored.weight, ties),
        brokers=[(at[place], value) for place, value in stored.brokers if place in at],
        single=[(at[place], count, stake) for place, count, stake in stored.single if place in at],
    )


def kind_name(code: int) -> str:
    """The kind of a tie by its stored number."""
    return KINDS[code]


LEVELS_OF_AN_EXCHANGE = (Level.PUBLIC, Level.MEMBERS, Level.EXCHANGE)
LEVELS_OF_ALL = (Level.PUBLIC, Level.MEMBERS)
