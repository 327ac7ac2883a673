"""The linkage graph: who is tied to whom and how, as arrays. Not its measures (measures.py, holes.py, flows.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from tashbik.errors import InputError
from tashbik.network.wording import best_name
from tashbik.registry.records import Record

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

EdgeKind = Literal["link", "rfq", "award", "supply", "process", "place", "membership"]
KINDS: tuple[EdgeKind, ...] = ("link", "rfq", "award", "supply", "process", "place", "membership")
DIRECTED: tuple[EdgeKind, ...] = ("link", "rfq", "award", "supply")
"""Kinds whose direction means something: from the maker to the one it makes for."""


class Edge(Record, frozen=True, kw_only=True):
    """A tie. For the kinds in `DIRECTED` `source` makes and `target` buys; the others have no direction. `weight` > 0."""

    source: str
    target: str
    kind: EdgeKind = "link"
    weight: float = 1.0
    as_of: date | None = None


class Node(Record, frozen=True, kw_only=True):
    """Who is tied: names by language, kind (enterprise, buyer, institution, …), country."""

    id: str
    names: dict[str, str] = msgspec.field(default_factory=dict)
    kind: str = "enterprise"
    country: str = ""

    def name(self, language: str) -> str:
        """The name in a language, else in one of the same script, else in any, else the id."""
        return best_name(self.names, language) or self.id


@dataclass(frozen=True, eq=False)
class LinkageGraph:
    """Nodes in a fixed order and edges as positions: `source[e]`, `target[e]`, `weight[e]`, `kind[e]` (position in KINDS)."""

    ids: tuple[str, ...]
    source: Positions
    target: Positions
    weight: Floats
    kind: npt.NDArray[np.int8]
    nodes: Mapping[str, Node]
    as_of: date | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of each id."""
        return {one: number for number, one in enumerate(self.ids)}

    @cached_property
    def adjacency(self) -> csr_matrix:
        """Symmetric weights without loops; several edges of a pair are summed."""
        kept = self.source != self.target
        rows = np.concatenate([self.source[kept], self.target[kept]])
        columns = np.concatenate([self.target[kept], self.source[kept]])
        values = np.concatenate([self.weight[kept], self.weight[kept]])
        return csr_matrix((values, (rows, columns)), shape=(len(self), len(self)))

    @cached_property
    def flows(self) -> csr_matrix:
        """Weights from maker (row) to buyer (column) of the directed kinds, without loops."""
        codes = [KINDS.index(one) for one in DIRECTED]
        kept = np.isin(self.kind, codes) & (self.source != self.target)
        return csr_matrix((self.weight[kept], (self.source[kept], self.target[kept])), shape=(len(self), len(self)))

    def of_kinds(self, kinds: Iterable[EdgeKind]) -> LinkageGraph:
        """The same nodes with the edges of some kinds only."""
        kept = np.isin(self.kind, [KINDS.index(one) for one in kinds])
        return LinkageGraph(
            self.ids,
            self.source[kept],
            self.target[kept],
            self.weight[kept],
            self.kind[kept],
            self.nodes,
            self.as_of,
        )

    def name(self, position: int, language: str) -> str:
        """Name of a node in a language."""
        identifier = self.ids[position]
        return self.nodes[identifier].name(language) if identifier in self.nodes else identifier


def linkage_graph(edges: Iterable[Edge], nodes: Iterable[Node] = ()) -> LinkageGraph:
    """The graph of some edges; nodes without an edge are kept. Raises InputError for a weight that is not above 0 or an empty id."""
    known = {one.id: one for one in nodes}
    position: dict[str, int] = {one: number for number, one in enumerate(known)}
    source, target, weight, kind = [], [], [], []
    latest: date | None = None
    codes = {one: number for number, one in enumerate(KINDS)}
    for number, edge in enumerate(edges, 1):
        if not edge.source or not edge.target or not 0 < edge.weight < np.inf:
            raise InputError("an empty id or a weight not above 0", row=number, field="edges", mend="mend the edge")
        source.append(position.setdefault(edge.source, len(position)))
        target.append(position.setdefault(edge.target, len(position)))
        weight.append(edge.weight)
        kind.append(codes[edge.kind])
        if edge.as_of is not None and (latest is None or edge.as_of > latest):
            latest = edge.as_of
    return LinkageGraph(
        tuple(position),
        np.array(source, np.int64),
        np.array(target, np.int64),
        np.array(weight, float),
        np.array(kind, np.int8),
        known,
        latest,
    )


def of_arrays(
    ids: Sequence[str],
    source: npt.ArrayLike,
    target: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    kind: EdgeKind = "link",
) -> LinkageGraph:
    """The graph of edges of one kind given as positions in `ids`."""
    first, second = np.asarray(source, np.int64), np.asarray(target, np.int64)
    weights = np.ones(len(first)) if weight is None else np.asarray(weight, float)
    return LinkageGraph(tuple(ids), first, second, weights, np.full(len(first), KINDS.index(kind), np.int8), {}, None)


def as_array(matrix: Any) -> Floats:
    """A row or column of a sparse product as a flat array."""
    return np.asarray(matrix, float).ravel()
