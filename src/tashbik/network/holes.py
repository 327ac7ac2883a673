"""Structural holes: who bridges others that are not tied to each other. Triangles once, and all that follows from them. Not paths (measures.py)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tashbik.network.graph import Floats, LinkageGraph, Positions, as_array

CHUNK = 4_000_000
"""Pairs of neighbours looked up at once: bounds the memory."""


@dataclass(frozen=True, eq=False)
class Triangles:
    """All triangles as positions in the arrays of the adjacency matrix: three nodes, each triangle once."""

    first: Positions
    second: Positions
    third: Positions


def triangles(graph: LinkageGraph) -> Triangles:
    """All triangles, each once: edges run from the lesser to the greater degree, so that no node has many (Chiba and Nishizeki 1985)."""
    matrix = graph.adjacency
    matrix.sort_indices()
    size, degrees = len(graph), np.diff(matrix.indptr)
    rank = np.empty(size, np.int64)
    rank[np.lexsort((np.arange(size), degrees))] = np.arange(size)
    pairs = matrix.tocoo()
    kept = rank[pairs.row] < rank[pairs.col]
    low, high = rank[pairs.row[kept]], rank[pairs.col[kept]]
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    keys = low * size + high
    begin = np.searchsorted(low, np.arange(size + 1))
    node = np.argsort(rank)
    found = [_closed(low, high, keys, begin, chunk, size) for chunk in _chunks(begin, high)]
    if not found:
        nothing = np.zeros(0, np.int64)
        return Triangles(nothing, nothing, nothing)
    first, second, third = (np.concatenate(part) for part in zip(*found, strict=True))
    return Triangles(node[first], node[second], node[third])


def _chunks(begin: Positions, high: Positions) -> list[tuple[int, int]]:
    """Ranges of edges whose pairs with the later neighbours of the same node are few enough for one look-up."""
    later = np.repeat(begin[1:], np.diff(begin)) - np.arange(len(high)) - 1
    sums = np.cumsum(later)
    cuts = np.searchsorted(sums, np.arange(CHUNK, (sums[-1] if len(sums) else 0) + CHUNK, CHUNK)) + 1
    edges = np.unique(np.clip(np.concatenate([[0], cuts, [len(high)]]), 0, len(high)))
    return [(int(one), int(other)) for one, other in pairwise(edges.tolist())]


def _closed(
    low: Positions, high: Positions, keys: Positions, begin: Positions, chunk: tuple[int, int], size: int
) -> tuple[Positions, Positions, Positions]:
    edges = np.arange(*chunk)
    counts = begin[low[edges] + 1] - edges - 1
    one = np.repeat(edges, counts)
    ends = np.cumsum(counts)
    other = np.arange(len(one)) - np.repeat(ends - counts, counts) + one + 1
    wanted = high[one] * size + high[other]
    place = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    closed = keys[place] == wanted if len(keys) else np.zeros(0, bool)
    return low[one[closed]], high[one[closed]], high[other[closed]]


def clustering(graph: LinkageGraph, found: Triangles | None = None) -> Floats:
    """The part of a node's pairs of neighbours that are tied, 0–1 (Watts and Strogatz, Nature 393, 1998)."""
    shapes = found or triangles(graph)
    corners = np.concatenate([shapes.first, shapes.second, shapes.third])
    closed = np.bincount(corners, minlength=len(graph)).astype(float)
    degrees = np.diff(graph.adjacency.indptr).astype(float)
    possible = degrees * (degrees - 1) / 2
    return np.asarray(np.divide(closed, possible, out=np.zeros(len(graph)), where=possible > 0), float)


def constraint(graph: LinkageGraph, found: Triangles | None = None) -> Floats:
    """Burt's constraint: how far a node's ties lead back to each other (Structural Holes, 1992, eq. 2.4); low: it bridges holes.

    Σⱼ (pᵢⱼ + Σ_q pᵢ_q p_qⱼ)² over the neighbours j, with pᵢⱼ the part of i's weights that goes to j. NaN for a node without ties.
    """
    shapes = found or triangles(graph)
    matrix = graph.adjacency
    matrix.sort_indices()
    sums = as_array(matrix.sum(axis=1))
    rows = np.repeat(np.arange(len(graph)), np.diff(matrix.indptr))
    parts = matrix.data / np.where(sums[rows] > 0, sums[rows], 1.0)
    total = parts.copy()
    keys = rows.astype(np.int64) * len(graph) + matrix.indices
    corners = (shapes.first, shapes.second, shapes.third)
    place = {
        (one, other): np.searchsorted(keys, corners[one] * len(graph) + corners[other])
        for one in range(3)
        for other in range(3)
        if one != other
    }
    for one, other in place:
        between = 3 - one - other
        indirect = parts[place[one, between]] * parts[place[between, other]]
        total += np.bincount(place[one, other], weights=indirect, minlength=len(total))
    found_ = np.bincount(rows, weights=total**2, minlength=len(graph))
    return np.where(np.diff(matrix.indptr) > 0, found_, np.nan)


def effective_size(graph: LinkageGraph, found: Triangles | None = None) -> Floats:
    """Number of neighbours less the mean number of ties among them (Borgatti, Connections 20, 1997); NaN for a node without ties."""
    degrees = np.diff(graph.adjacency.indptr).astype(float)
    closed = clustering(graph, found) * degrees * (degrees - 1) / 2
    return np.where(degrees > 0, degrees - 2 * closed / np.maximum(degrees, 1.0), np.nan)
