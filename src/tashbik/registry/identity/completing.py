"""Pairs that share no key but may come into one cluster: which they are, so that they are compared after all. Not the comparing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tashbik.registry.identity.blocking import Pairs

LARGEST = 150
"""Records of a component up to which all its pairs are compared; a larger one is held together by accident."""


def pairs_left_out(
    records: int, pairs: Pairs, joining: npt.NDArray[np.bool_], together: Iterable[tuple[int, int]]
) -> Pairs:
    """The pairs inside components that are not among `pairs`; `joining` says which pairs make components, as do `together`.

    A pair that shares no key looks unlike, but where both are like a third it is often only that no key met.
    """
    edges = np.vstack([pairs[joining], np.array(sorted(together), dtype=np.int32).reshape(-1, 2)])
    if not len(edges):
        return pairs[:0]
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (edges[:, 0], edges[:, 1])), shape=(records, records))
    label = connected_components(graph, directed=False)[1]
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(label[order]) > 0])
    sizes = np.diff(np.r_[starts, records])
    found = [np.zeros(0, dtype=np.int64)]
    for size in np.unique(sizes[(sizes >= 3) & (sizes <= LARGEST)]):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        i, j = np.triu_indices(size, 1)
        found.append((members[:, i].astype(np.int64) * records + members[:, j]).ravel())
    known = pairs[:, 0].astype(np.int64) * records + pairs[:, 1]
    left = np.setdiff1d(np.concatenate(found), known)
    return np.column_stack([left // records, left % records]).astype(np.int32)
