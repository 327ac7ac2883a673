"""What is measured of an engine: quality of its rankings, times, memory and disk. Not the printing of it (report.py)."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from benchmarks.data import JudgedNeed
from tashbik.linkage.evaluate import ranking_metrics

DEPTH = 10
QUALITY = {"R@1": "recall@1", "R@10": "recall@10", "MRR@10": "mrr@10", "nDCG@10": "ndcg@10"}
"""Column heads and the metrics that they show."""
SIDES = {"R@10 same": True, "R@10 other": False}
"""Recall of the relevant profiles that are in the need's own language, and of those that are not."""
MEGA = 1_000_000


class Building(msgspec.Struct):
    """The making of an index: seconds, peak memory and the index's size in MB (10⁶ bytes)."""

    seconds: float
    peak_mb: float
    disk_mb: float = 0.0


class Asking(msgspec.Struct):
    """The asking of one: metrics by name, milliseconds a query, peak memory in MB."""

    quality: dict[str, float]
    p50_ms: float
    p95_ms: float
    peak_mb: float


def peak_mb() -> float:
    """Peak resident memory of this process and of its largest helper that has ended (a worker, a server's backend)."""
    unit = 1 if sys.platform == "darwin" else 1024
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) * unit / MEGA


def averages(needs: Sequence[JudgedNeed], rankings: Sequence[list[str]]) -> dict[str, float]:
    """Every metric averaged over the needs; recall of a side over the needs that have relevant profiles on it."""
    judged = list(zip(needs, rankings, strict=True))
    overall = [ranking_metrics(ranking, dict.fromkeys(need.relevant, 1.0), DEPTH) for need, ranking in judged]
    quality = {head: _mean(row[name] for row in overall) for head, name in QUALITY.items()}
    sides = {
        head: _mean(side for need, ranking in judged if (side := _side_recall(need, ranking, same)) is not None)
        for head, same in SIDES.items()
    }
    return quality | sides


def _side_recall(need: JudgedNeed, ranking: list[str], same: bool) -> float | None:
    side = {key for key, language in need.relevant.items() if (language == need.language) is same}
    return len(side.intersection(ranking[:DEPTH])) / min(DEPTH, len(side)) if side else None


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else 0.0


def percentile(milliseconds: Sequence[float], share: float) -> float:
    """A percentile of some times."""
    return float(np.percentile(milliseconds, share))
