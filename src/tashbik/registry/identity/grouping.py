"""Clusters out of pairs: average linkage on log-odds under cannot-links. Not the probabilities (model.py)."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

UNCOMPARED = -8.0
"""Log-odds of two records that share no key."""
BOUND = 6.0
"""Log-odds beyond which one pair says no more for or against joining two clusters."""


def clusters(
    records: int,
    pairs: npt.NDArray[np.int32],
    log_odds: npt.NDArray[np.float64],
    *,
    apart: Iterable[tuple[int, int]] = (),
    together: Iterable[tuple[int, int]] = (),
    join_from: float,
) -> npt.NDArray[np.int32]:
    """The cluster of each record, named by its first record.

    Clusters merge while the mean log-odds over all pairs between them is that of `join_from` at least. Records `apart` never
    come into one cluster; those `together` start in one. `pairs` holds positions, first < second, each pair once.
    """
    threshold = float(np.log(join_from / (1 - join_from)))
    home = np.arange(records, dtype=np.int32)
    forbidden, forced = _both_ways(apart), _both_ways(together)
    for inside, links in _components(records, pairs, log_odds, forced, threshold):
        for group in _agglomerate(inside, links, threshold, forbidden, forced):
            home[group] = min(group)
    return home


def _both_ways(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for first, second in pairs:
        found[first].add(second)
        found[second].add(first)
    return dict(found)


def _components(
    records: int,
    pairs: npt.NDArray[np.int32],
    log_odds: npt.NDArray[np.float64],
    forced: Mapping[int, set[int]],
    threshold: float,
) -> Iterable[tuple[list[int], list[tuple[int, int, float]]]]:
    """Records connected by pairs that could join, with every pair inside: what is decided apart from the rest."""
    root = list(range(records))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    joining = pairs[log_odds >= threshold].tolist() + [[one, other] for one in forced for other in forced[one]]
    for first, second in joining:
        a, b = find(first), find(second)
        if a != b:
            root[max(a, b)] = min(a, b)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for one in sorted({one for pair in joining for one in pair}):
        members[find(one)].append(one)
    label = np.full(records, -1, dtype=np.int64)
    for head, group in members.items():
        label[group] = head
    inside = (label[pairs[:, 0]] == label[pairs[:, 1]]) & (label[pairs[:, 0]] >= 0)
    links: defaultdict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for (first, second), odds in zip(pairs[inside].tolist(), log_odds[inside].tolist(), strict=True):
        links[int(label[first])].append((first, second, odds))
    return [(group, links[head]) for head, group in members.items()]


def _agglomerate(
    records: Sequence[int],
    links: Sequence[tuple[int, int, float]],
    threshold: float,
    forbidden: Mapping[int, set[int]],
    forced: Mapping[int, set[int]],
) -> list[list[int]]:
    linkage = _Linkage(records, links, forbidden)
    for first in records:
        for second in sorted(forced.get(first, ())):
            linkage.merge(linkage.where[first], linkage.where[second])
    heap = [(-linkage.mean(a, b), a, b) for a in linkage.sums for b in linkage.sums[a] if a < b]
    heapq.heapify(heap)
    while heap:
        distance, a, b = heapq.heappop(heap)
        if -distance < threshold:
            break
        if not linkage.current(a, b, -distance):
            continue
        linkage.merge(a, b)
        for other in linkage.sums[a]:
            heapq.heappush(heap, (-linkage.mean(a, other), min(a, other), max(a, other)))
    return [sorted(members) for members in linkage.members.values()]


class _Linkage:
    """Clusters that merge: their members, the sums of log-odds between them and how many pairs these sums hold."""

    def __init__(
        self, records: Sequence[int], links: Sequence[tuple[int, int, float]], forbidden: Mapping[int, set[int]]
    ) -> None:
        self.members = {one: [one] for one in records}
        self.where = {one: one for one in records}
        self.sums: dict[int, dict[int, tuple[float, int]]] = {one: {} for one in records}
        self.apart: dict[int, set[int]] = {one: set() for one in records}
        for first, second, odds in links:
            self.sums[first][second] = self.sums[second][first] = (min(max(odds, -BOUND), BOUND), 1)
        for first in records:
            for second in forbidden.get(first, ()):
                if second in self.members:
                    self.apart[first].add(second)

    def mean(self, a: int, b: int) -> float:
        """Mean log-odds between two clusters; minus infinity where they may not merge."""
        if b in self.apart[a]:
            return float("-inf")
        total, count = self.sums[a][b]
        size = len(self.members[a]) * len(self.members[b])
        return (total + UNCOMPARED * (size - count)) / size

    def current(self, a: int, b: int, mean: float) -> bool:
        """Whether both clusters still are and still have that mean."""
        return a in self.members and b in self.members and b in self.sums[a] and abs(self.mean(a, b) - mean) < 1e-9

    def merge(self, a: int, b: int) -> None:
        """Cluster b becomes part of a."""
        if a == b:
            return
        for other, (total, count) in self.sums.pop(b).items():
            if other != a:
                before, counted = self.sums[a].get(other, (0.0, 0))
                self.sums[a][other] = self.sums[other][a] = (before + total, counted + count)
                del self.sums[other][b]
        self.sums[a].pop(b, None)
        for other in self.apart.pop(b):
            self.apart[other].discard(b)
            if other != a:
                self.apart[other].add(a)
                self.apart[a].add(other)
        self.apart[a].discard(b)
        for one in self.members[b]:
            self.where[one] = a
        self.members[a] += self.members.pop(b)
