"""Enterprises alike enough for a horizontal network: joint purchasing, joint export, sharing of machines. Not links between buyer and maker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.sparse import csr_matrix

from tashbik.registry.records import Enterprise, Record

BLOCK = 2000
PURPOSES = ("purchasing", "export", "machines")


class Alike(Record, frozen=True, kw_only=True):
    """Two enterprises and how alike they are: `likeness` 0–1 (rare features weigh more), `jaccard` 0–1, and the features that they share."""

    one: str
    other: str
    likeness: float
    jaccard: float
    shared: tuple[str, ...]


def features_for(enterprise: Enterprise, purpose: str) -> tuple[str, ...]:
    """What counts as alike: materials for joint purchasing, products for joint export, machines and processes for sharing machines.

    Raises KeyError for a purpose not in `PURPOSES`.
    """
    concepts = [concept for one in enterprise.capabilities for concept in one.concepts]
    machines = [concept for one in enterprise.machines for concept in one.concepts]
    chosen = {
        "purchasing": [one for one in concepts if one.startswith("material.")]
        + [grade for one in enterprise.capabilities for grade in one.grades],
        "export": [one for one in concepts if one.startswith("product.")],
        "machines": machines + [one for one in concepts if one.startswith(("process.", "machine."))],
    }[purpose]
    return tuple(dict.fromkeys(chosen))


def alike(profiles: Mapping[str, Iterable[str]], *, top: int = 10, least: float = 0.2) -> list[Alike]:
    """Pairs of enterprises by falling likeness: for each the `top` likest with a likeness of `least` at least, each pair once.

    Likeness is the cosine of the features weighted by ln(1 + N / n), N enterprises of which n have it; Jaccard's index is of the bare sets.
    """
    ids = list(profiles)
    sets = [set(one) for one in profiles.values()]
    names = sorted(set().union(*sets)) if sets else []
    if not names:
        return []
    column = {name: number for number, name in enumerate(names)}
    rows = np.repeat(np.arange(len(ids)), [len(one) for one in sets])
    columns = np.array([column[name] for one in sets for name in sorted(one)], np.int64)
    spread = np.bincount(columns, minlength=len(names))
    weights = np.log1p(len(ids) / spread)[columns]
    norms = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(ids)))
    matrix = csr_matrix((weights / norms[rows], (rows, columns)), shape=(len(ids), len(names)))
    pairs: dict[tuple[int, int], float] = {}
    for start in range(0, len(ids), BLOCK):
        block = csr_matrix(matrix[start : start + BLOCK] @ matrix.T)
        for offset in range(block.shape[0]):
            own = slice(block.indptr[offset], block.indptr[offset + 1])
            one = start + offset
            others, values = block.indices[own], block.data[own]
            kept = (values >= least) & (others != one)
            order = np.lexsort((others[kept], -values[kept]))[:top]
            for other, value in zip(others[kept][order].tolist(), values[kept][order].tolist(), strict=True):
                pairs[min(one, other), max(one, other)] = value
    made = [
        Alike(
            one=ids[one],
            other=ids[other],
            likeness=min(1.0, value),
            jaccard=len(sets[one] & sets[other]) / len(sets[one] | sets[other]),
            shared=tuple(sorted(sets[one] & sets[other])),
        )
        for (one, other), value in pairs.items()
    ]
    return sorted(made, key=lambda pair: (-pair.likeness, pair.one, pair.other))
