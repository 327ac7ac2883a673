"""How well identity finds true clusters: pairwise precision, recall and F1. Not the finding (register_identity.py)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence

from tashbik.registry.identity.particulars import Particulars
from tashbik.registry.identity.register_identity import RegisterIdentity


def pairwise(found: Sequence[object], true: Sequence[object]) -> dict[str, float]:
    """Pairwise precision, recall and F1 of clusters given as one label a record, and how many true pairs there are.

    A pair counts as found where both records have one label. Without found pairs precision is 1, without true pairs recall.
    """
    both = _pairs(Counter(zip(found, true, strict=True)))
    proposed, actual = _pairs(Counter(found)), _pairs(Counter(true))
    precision = both / proposed if proposed else 1.0
    recall = both / actual if actual else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "pairs": actual}


def _pairs(counts: Counter[object] | Counter[tuple[object, object]]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def evaluate_identity(
    records: Sequence[Particulars], truth: Mapping[str, str], *, workers: int = 1
) -> dict[str, float]:
    """Cluster `records` without a look at `truth` (cluster by id), then measure. `seconds` is wall-clock time of clustering."""
    start = time.perf_counter()
    identity = RegisterIdentity(records, workers=workers)
    home = identity.cluster_of_each().tolist()
    seconds = time.perf_counter() - start
    figures = pairwise(home, [truth[record.id] for record in records])
    order = ("precision", "recall", "f1")
    return {name: figures[name] for name in order} | {
        "records": len(records), "pairs": figures["pairs"], "seconds": seconds
    }  # fmt: skip
