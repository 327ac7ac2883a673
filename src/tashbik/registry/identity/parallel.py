"""Comparisons of many pairs, on several cores where the machine can fork. Not what is compared (comparison.py)."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tashbik.registry.identity.comparison import COMPARISONS, Setting, compare
from tashbik.registry.identity.model import Table
from tashbik.registry.identity.particulars import Profile

WORTHWHILE = 100_000
"""Pairs from which starting processes pays."""
CHUNK = 20_000

_shared: tuple[Sequence[Profile], npt.NDArray[np.int32], Setting] | None = None


def compared(profiles: Sequence[Profile], pairs: npt.NDArray[np.int32], setting: Setting, *, workers: int = 1) -> Table:
    """The levels of each pair, in order."""
    global _shared
    starts = range(0, len(pairs), CHUNK)
    _shared = (profiles, pairs, setting)
    try:
        if workers < 2 or len(pairs) < WORTHWHILE or not _can_fork():
            parts = [_compare_chunk(start) for start in starts]
        else:
            with multiprocessing.get_context("fork").Pool(workers) as pool:
                parts = pool.map(_compare_chunk, starts, chunksize=1)
    finally:
        _shared = None
    return np.concatenate(parts) if parts else np.zeros((0, len(COMPARISONS)), dtype=np.int8)


def _compare_chunk(start: int) -> Table:
    assert _shared is not None
    profiles, pairs, setting = _shared
    chunk = pairs[start : start + CHUNK].tolist()
    flat = [level for a, b in chunk for level in compare(profiles[a], profiles[b], setting)]
    return np.asarray(flat, dtype=np.int8).reshape(-1, len(COMPARISONS))


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()
