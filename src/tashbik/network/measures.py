"""Measures of nodes in the linkage graph without direction: degree, core, components, brokerage, communities. Not structural holes (holes.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import graspologic_native
import numpy as np
import rustworkx
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from tashbik.network.graph import Floats, LinkageGraph, Positions, as_array

EXACT_NODES = 6000
"""Nodes up to which betweenness is exact; beyond, it is estimated from pivots."""
PIVOTS = 48
SEED = 20_260_901


@dataclass(frozen=True, eq=False)
class Communities:
    """A community for each node (0 the largest; nodes without ties have one each), and the modularity of the division."""

    of: Positions
    modularity: float

    @property
    def count(self) -> int:
        """Number of communities."""
        return int(self.of.max(initial=-1)) + 1


def degree(graph: LinkageGraph) -> Positions:
    """Number of different neighbours."""
    return np.asarray(np.diff(graph.adjacency.indptr), np.int64)


def strength(graph: LinkageGraph) -> Floats:
    """Sum of the weights of a node's ties."""
    return as_array(graph.adjacency.sum(axis=1))


def components(graph: LinkageGraph) -> Positions:
    """The connected component of each node, the largest first."""
    return by_size(np.asarray(connected_components(graph.adjacency, directed=False)[1], np.int64))


def by_size(labels: Positions) -> Positions:
    """Labels numbered anew by falling size, ties in the order of their first member."""
    if not len(labels):
        return labels
    _, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[inverse], np.int64)


def core_numbers(graph: LinkageGraph) -> Positions:
    """The largest k for which a node is in the k-core (Seidman, Social Networks 5, 1983), in time linear in the ties.

    Nodes are peeled off by rising degree, kept sorted in bins (Batagelj and Zaveršnik, arXiv cs/0310049, 2003). Not by rustworkx, whose time is
    quadratic in the ties of a hub.
    """
    matrix = graph.adjacency
    begin, neighbours = matrix.indptr.tolist(), matrix.indices.tolist()
    degrees = degree(graph)
    sorted_out = np.argsort(degrees, kind="stable")
    first = np.searchsorted(degrees[sorted_out], np.arange(int(degrees.max(initial=0)) + 2)).tolist()
    place = np.argsort(sorted_out, kind="stable").tolist()
    order, left = sorted_out.tolist(), degrees.tolist()
    for position in range(len(order)):
        node = order[position]
        own = left[node]
        for other in neighbours[begin[node] : begin[node + 1]]:
            its = left[other]
            if its > own:  # it moves to the front of its bin, which then begins after it
                here, front = place[other], first[its]
                swapped = order[front]
                order[front], order[here] = other, swapped
                place[other], place[swapped] = front, here
                first[its], left[other] = front + 1, its - 1
    return np.array(left, np.int64)


def simple_graph(graph: LinkageGraph) -> rustworkx.PyGraph[None, float]:
    """The graph in rustworkx: one edge for each pair."""
    made: rustworkx.PyGraph[None, float] = rustworkx.PyGraph(multigraph=False)
    made.add_nodes_from([None] * len(graph))
    upper = graph.adjacency.tocoo()
    kept = upper.row < upper.col
    made.add_edges_from(
        list(zip(upper.row[kept].tolist(), upper.col[kept].tolist(), upper.data[kept].tolist(), strict=True))
    )
    return made


def betweenness(graph: LinkageGraph, *, pivots: int = PIVOTS) -> Floats:
    """The part of shortest paths between others that pass a node, 0–1 (Freeman, Sociometry 40, 1977), paths counted in steps.

    Exact up to `EXACT_NODES` nodes; beyond, estimated from `pivots` sources drawn evenly over the nodes with ties (Brandes and Pich,
    Int. J. Bifurcation and Chaos 17, 2007).
    """
    if len(graph) <= EXACT_NODES:
        found: Any = rustworkx.graph_betweenness_centrality(simple_graph(graph), normalized=True)
        return np.array([found[number] for number in range(len(graph))], float)
    tied = np.flatnonzero(degree(graph) > 0)
    chosen = np.random.default_rng(SEED).choice(tied, min(pivots, len(tied)), replace=False)
    return betweenness_from(graph, chosen) * (len(tied) / len(chosen))


def betweenness_from(graph: LinkageGraph, sources: Positions) -> Floats:
    """The contribution of some sources to betweenness; of all nodes, betweenness itself (Brandes, J. Math. Sociology 25, 2001).

    Brandes' accumulation level by level, for all sources at once, as products of the adjacency matrix with dense blocks.
    """
    total = np.zeros(len(graph))
    pattern = csr_matrix(graph.adjacency, copy=True)
    pattern.data = np.ones_like(pattern.data)
    for start in range(0, len(sources), 16):
        total += _accumulated(pattern, sources[start : start + 16])
    count = len(graph)
    return total / max(1.0, (count - 1.0) * (count - 2.0))


def _accumulated(pattern: csr_matrix, sources: Positions) -> Floats:
    width = len(sources)
    paths = np.zeros((pattern.shape[0], width))
    paths[sources, np.arange(width)] = 1.0
    seen = paths > 0
    levels = [paths.copy()]
    while True:
        found = np.asarray(pattern @ levels[-1])
        found[seen] = 0.0
        if not found.any():
            break
        seen |= found > 0
        paths += found
        levels.append(found)
    dependency = np.zeros_like(paths)
    for depth in range(len(levels) - 1, 0, -1):
        reached = levels[depth] > 0
        share = np.where(reached, (1.0 + dependency) / np.where(reached, paths, 1.0), 0.0)
        dependency += np.where(levels[depth - 1] > 0, np.asarray(pattern @ share) * paths, 0.0)
    dependency[sources, np.arange(width)] = 0.0
    return as_array(dependency.sum(axis=1))


def communities(graph: LinkageGraph, *, resolution: float = 1.0) -> Communities:
    """Communities of greatest modularity by the Leiden method (Traag, Waltman and van Eck, Scientific Reports 9, 2019); the same each time."""
    matrix = graph.adjacency
    if not matrix.nnz:
        return Communities(np.arange(len(graph)), 0.0)
    matrix.sort_indices()
    tied = np.flatnonzero(np.diff(matrix.indptr) > 0)
    inner = csr_matrix(matrix[tied][:, tied])
    _, found = graspologic_native.leiden_csr(
        inner.indptr.astype(np.int64),
        inner.indices.astype(np.int32),
        inner.data.astype(float),
        len(tied),
        resolution=resolution,
        iterations=2,
        seed=SEED,
    )
    labels = np.arange(len(graph), dtype=np.int64) + len(graph)
    labels[tied] = np.fromiter(map(found.__getitem__, range(len(tied))), np.int64, len(tied))
    ordered = by_size(labels)
    return Communities(ordered, modularity(graph, ordered, resolution=resolution))


def modularity(graph: LinkageGraph, labels: Positions, *, resolution: float = 1.0) -> float:
    """Newman's modularity of a division by weights (Phys. Rev. E 70, 2004): ties inside less those expected by chance."""
    pairs = graph.adjacency.tocoo()
    twice = float(pairs.data.sum())
    if twice == 0:
        return 0.0
    inside = float(pairs.data[labels[pairs.row] == labels[pairs.col]].sum())
    sums = np.bincount(labels, weights=strength(graph))
    return inside / twice - resolution * float((sums**2).sum()) / twice**2
