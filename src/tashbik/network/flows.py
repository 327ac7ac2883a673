"""What the direction of supply says: dependence on single suppliers and the position in the chain of value. Not undirected measures (measures.py)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, identity
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

from tashbik.network.graph import Floats, LinkageGraph, Positions, as_array

ROUNDS = 2000
PRECISION = 1e-12


@dataclass(frozen=True, eq=False)
class Dependence:
    """Of each buyer: number of suppliers, concentration of what it buys (Herfindahl–Hirschman, 0–1), its largest supplier and that one's part.

    Of each supplier: how many buyers have it alone, and the weight that these buy. NaN and −1 for who buys nothing.
    """

    suppliers: Positions
    concentration: Floats
    largest: Positions
    largest_part: Floats
    sole_for: Positions
    at_stake: Floats


def dependence(graph: LinkageGraph) -> Dependence:
    """Dependence of buyers on single suppliers, and of which suppliers, from the directed ties."""
    bought = csr_matrix(graph.flows.T)
    bought.sort_indices()
    counts = np.diff(bought.indptr).astype(np.int64)
    sums = as_array(bought.sum(axis=1))
    rows = np.repeat(np.arange(len(graph)), counts)
    parts = bought.data / np.where(sums[rows] > 0, sums[rows], 1.0)
    concentration = np.bincount(rows, weights=parts**2, minlength=len(graph))
    largest, most = np.full(len(graph), -1, np.int64), np.full(len(graph), np.nan)
    order = np.lexsort((bought.indices, -parts, rows))
    heads = order[np.searchsorted(rows[order], np.flatnonzero(counts))]
    largest[rows[heads]], most[rows[heads]] = bought.indices[heads], parts[heads]
    alone = np.flatnonzero(counts == 1)
    only = largest[alone]
    return Dependence(
        counts,
        np.where(counts > 0, concentration, np.nan),
        largest,
        most,
        np.bincount(only, minlength=len(graph)).astype(np.int64),
        np.asarray(np.bincount(only, weights=sums[alone], minlength=len(graph)), float),
    )


def chain_position(graph: LinkageGraph) -> Floats:
    """Position in the chain of value, 1 for who buys from nobody in the graph (trophic level; Levine, J. Theor. Biol. 83, 1980).

    A buyer stands one above the mean level of its suppliers, weighted by what it buys. Rings that buy from nobody outside stand at
    1 too. NaN for nodes without directed ties.
    """
    flows = graph.flows
    size = len(graph)
    bought = csr_matrix(flows.T)
    sums = as_array(bought.sum(axis=1))
    basal = sums == 0
    basal |= _source_rings(flows)
    mean = csr_matrix(bought, copy=True)
    rows = np.repeat(np.arange(size), np.diff(mean.indptr))
    mean.data = np.where(basal[rows], 0.0, mean.data / np.where(sums[rows] > 0, sums[rows], 1.0))
    level = np.ones(size)
    for _ in range(ROUNDS):
        following = 1.0 + np.asarray(mean @ level)
        change = float(np.abs(following - level).max(initial=0.0))
        level = following
        if change < PRECISION * max(1.0, float(level.max(initial=1.0))):
            break
    else:
        level = np.asarray(spsolve(csr_matrix(identity(size) - mean).tocsc(), np.ones(size)), float)
    untied = basal & (as_array(flows.sum(axis=1)) == 0) & (sums == 0)
    return np.where(untied, np.nan, level)


def _source_rings(flows: csr_matrix) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Members of strongly connected sets of two and more that buy from nobody outside."""
    _, labels = connected_components(flows, directed=True, connection="strong")
    sizes = np.bincount(labels)
    pairs = flows.tocoo()
    fed = np.zeros(len(sizes), bool)
    crossing = labels[pairs.row] != labels[pairs.col]
    fed[labels[pairs.col[crossing]]] = True
    return np.asarray((sizes[labels] > 1) & ~fed[labels])
