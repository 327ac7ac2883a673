"""All measures of a linkage graph at once, each with its definition, coverage and date. Not their calculation (measures, holes, flows)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tashbik.network import flows, holes, measures
from tashbik.network.flows import Dependence
from tashbik.network.graph import DIRECTED, EdgeKind, Floats, LinkageGraph, Positions
from tashbik.network.measures import Communities
from tashbik.network.wording import wording

NAMES = (
    "degree", "strength", "core", "betweenness", "constraint", "clustering", "community", "component", "suppliers", "concentration",
    "largest_part", "sole_for", "position",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Measure:
    """A number for each node (NaN where it is not defined): `coverage` the part of the nodes for which it is; `estimated` from a sample."""

    name: str
    values: Floats
    coverage: float
    as_of: date | None
    estimated: bool = False

    def definition(self, language: str) -> str:
        """What it measures, in a language."""
        said = wording("measures.tsv")
        text = said[self.name][language]
        return f"{text} ({said['estimated'][language]})" if self.estimated else text


@dataclass(frozen=True, eq=False)
class Analysis:
    """The measures of a graph by name, its communities, and who depends on whom."""

    graph: LinkageGraph
    measures: dict[str, Measure]
    communities: Communities
    dependence: Dependence

    def top(self, name: str, count: int = 10, *, lowest: bool = False) -> list[tuple[str, float]]:
        """The nodes with the highest (or lowest) values of a measure, ties by id; nodes without it are left out."""
        values = self.measures[name].values
        known = np.flatnonzero(np.isfinite(values))
        key = values[known] if lowest else -values[known]
        ids = np.array(self.graph.ids, dtype=object)[known]
        order = sorted(range(len(known)), key=lambda place: (key[place], ids[place]))[:count]
        return [(str(ids[place]), float(values[known[place]])) for place in order]

    def brokers(self, count: int = 10) -> list[tuple[str, float]]:
        """Those who bridge others: by betweenness, among nodes whose constraint is below the median of the nodes with two ties and more."""
        limits = self.measures["constraint"].values
        tied = self.measures["degree"].values >= 2
        middle = float(np.nanmedian(limits[tied])) if tied.any() else np.inf
        values = np.where(tied & (limits <= middle), self.measures["betweenness"].values, -1.0)
        order = [int(place) for place in np.argsort(-values, kind="stable")[:count] if values[place] > 0]
        return [(self.graph.ids[place], float(values[place])) for place in order]

    def single_sources(self, count: int = 10) -> list[tuple[str, int, float]]:
        """Suppliers that are the only one of buyers: how many buyers, and the weight that these buy; most buyers first."""
        of, stake = self.dependence.sole_for, self.dependence.at_stake
        order = np.lexsort((-stake, -of))[:count]
        return [(self.graph.ids[place], int(of[place]), float(stake[place])) for place in order if of[place] > 0]


def analyse(graph: LinkageGraph, *, supplies: Iterable[EdgeKind] = DIRECTED) -> Analysis:
    """All measures of a graph. `supplies`: the kinds that count as supplying, for dependence and the position in the chain of value."""
    shapes = holes.triangles(graph)
    found = measures.communities(graph)
    supplied = graph if set(supplies) == set(DIRECTED) else graph.of_kinds(supplies)
    depends = flows.dependence(supplied)
    bought = depends.suppliers > 0
    sold = np.diff(supplied.flows.indptr) > 0
    columns: dict[str, Floats | Positions] = {
        "degree": measures.degree(graph),
        "strength": measures.strength(graph),
        "core": measures.core_numbers(graph),
        "betweenness": measures.betweenness(graph),
        "constraint": holes.constraint(graph, shapes),
        "clustering": holes.clustering(graph, shapes),
        "community": found.of,
        "component": measures.components(graph),
        "suppliers": np.where(bought, depends.suppliers, np.nan),
        "concentration": depends.concentration,
        "largest_part": depends.largest_part,
        "sole_for": np.where(sold, depends.sole_for, np.nan),
        "position": flows.chain_position(supplied),
    }
    sampled = len(graph) > measures.EXACT_NODES
    return Analysis(
        graph,
        {name: _measure(graph, name, columns[name], sampled and name == "betweenness") for name in NAMES},
        found,
        depends,
    )


def _measure(graph: LinkageGraph, name: str, values: Floats | Positions, estimated: bool) -> Measure:
    numbers = np.asarray(values, float)
    coverage = float(np.isfinite(numbers).mean()) if len(numbers) else 0.0
    return Measure(name, numbers, coverage, graph.as_of, estimated)


def table(analysis: Analysis) -> tuple[Sequence[str], list[list[object]]]:
    """Header and rows of all nodes with all measures; None where a measure is not defined. Whole measures as integers."""
    header = ["id", "name", *NAMES]
    columns = [analysis.measures[name].values for name in NAMES]
    rows: list[list[object]] = []
    for place, identifier in enumerate(analysis.graph.ids):
        values = [float(column[place]) for column in columns]
        plain = [None if np.isnan(one) else int(one) if one.is_integer() else round(one, 9) for one in values]
        rows.append([identifier, analysis.graph.name(place, "en"), *plain])
    return header, rows
