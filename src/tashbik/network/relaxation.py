"""The Lagrangian relaxation of "every demand is met": one small problem a supplier, and how many suppliers it takes. Not its ascent (ascent.py).

With a price λ[j] for each unit of demand j, supplier i earns at most −min Σ (c[i,j] − λ[j]) x[i,j] within its capacity: a continuous
knapsack (Dantzig 1957), exact by sorting. Where incompatible demands compete for it, the knapsack is solved over the independent
sets of their graph by branch and bound, so that the bound is that of Dantzig–Wolfe decomposition and stronger than the linear
relaxation of any formulation in flows. What engaged suppliers can ship must cover all demand: that constraint is kept, in its two
relaxations (continuous, and "at least so many suppliers"), of which the better bound counts. See Cornuejols, Sridharan and Thizy (EJOR
50, 1991), Z^{I}_{D} there, and Geoffrion and McBride (AIIE Transactions 10, 1978).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tashbik.network.problem import Booleans, Floats, Positions, Problem

FREE, CLOSED, OPEN = -1, 0, 1
PROHIBITIVE = 1e30
"""Unit cost of a pair that may not be used: never worth it, and harmless when multiplied by nothing."""
MAX_NODES = 500
"""Nodes of one supplier's knapsack with incompatibilities; beyond them its relaxation counts, which is a bound too."""


@dataclass(frozen=True, eq=False)
class Point:
    """The relaxation at one price vector.

    `bound` is a lower bound of the problem, `engaged` the choice (0–1, one supplier may be fractional), `missing` the supergradient
    (quantity that stays unmet, per demand), `reduced` what each supplier adds to the bound, `entry` and `leave` the thresholds below
    which one would enter for nothing and above which one would leave.
    """

    bound: float
    engaged: Floats
    missing: Floats
    reduced: Floats
    entry: Floats | float
    leave: Floats | float

    @property
    def opening(self) -> Floats:
        """How much the bound rises at least if a supplier is forced in."""
        return np.maximum(0.0, self.reduced - self.entry)

    @property
    def closing(self) -> Floats:
        """How much it rises at least if one is forced out."""
        return np.maximum(0.0, self.leave - self.reduced)


class Relaxation:
    """The relaxation of one branch: suppliers in `state` (FREE, CLOSED, OPEN) and pairs that may be used (`allowed`)."""

    def __init__(self, problem: Problem, state: Positions, allowed: Booleans | None = None) -> None:
        self.problem = problem
        self.rows = np.flatnonzero(state != CLOSED)
        self.forced = state[self.rows] == OPEN
        self.costs = problem.unit_cost[self.rows]
        if allowed is not None:
            self.costs = np.where(allowed[self.rows], self.costs, PROHIBITIVE)
        self.capacity = problem.capacity[self.rows]
        self.fixed = problem.fixed_cost[self.rows]
        self.free = np.flatnonzero(~self.forced)
        self.settled = len(self.rows) - len(self.free)
        self.short = problem.total - float(self.capacity[self.forced].sum())
        self.count, self.feasible = self._least_count()
        self._pairs = np.array(problem.incompatible, dtype=np.intp).reshape(-1, 2).T if problem.incompatible else None
        self._ones = np.ones(len(problem.demands))
        self._offsets = (np.arange(len(self.rows)) * len(problem.demands))[:, None]
        self._quantities: list[float] = problem.quantity.tolist()

    def _least_count(self) -> tuple[int, bool]:
        slack = 1e-9 * max(1.0, self.problem.total)
        if self.short <= slack:
            return 0, True
        sums = np.cumsum(np.sort(self.capacity[self.free])[::-1])
        count = int(np.searchsorted(sums, self.short - slack)) + 1
        return count, count <= len(sums)

    def at(self, prices: Floats) -> Point:
        """The relaxation at the prices λ (per unit of each demand)."""
        earned, shipped = self.knapsacks(self.costs - prices)
        reduced = self.fixed + earned
        value, engaged, entry, leave = self._cover(reduced)
        missing = self.problem.quantity - engaged @ shipped
        return Point(float(prices @ self.problem.quantity) + value, engaged, missing, reduced, entry, leave)

    def knapsacks(self, reduced: Floats) -> tuple[Floats, Floats]:
        """What each supplier adds at reduced unit costs (at most 0), and what it ships for it."""
        shipped = self.problem.quantity * (reduced < 0)
        full = (shipped @ self._ones > self.capacity).nonzero()[0]
        if full.size:
            shipped[full] = self._filled(reduced[full], shipped[full], self.capacity[full])
        relaxed = self._without_conflicts(reduced, shipped) if self._pairs is not None else ()
        values = (reduced * shipped) @ self._ones
        for row, value in relaxed:
            values[row] = value
        return values, shipped

    def _filled(self, reduced: Floats, wanted: Floats, capacity: Floats) -> Floats:
        """Rows that want more than they have: cheapest first until full."""
        place = reduced.argsort(axis=1) + self._offsets[: len(reduced)]
        taken = wanted.take(place)
        left = capacity[:, None] - taken.cumsum(axis=1)
        taken += np.minimum(left, 0.0)
        filled = np.empty_like(wanted)
        filled.put(place, np.maximum(taken, 0.0))
        return filled

    def _without_conflicts(self, reduced: Floats, shipped: Floats) -> list[tuple[int, float]]:
        """Put right the rows that ship to incompatible demands; rows whose value is only a bound, with it."""
        assert self._pairs is not None
        used = shipped > 0
        clashing = np.flatnonzero((used[:, self._pairs[0]] & used[:, self._pairs[1]]).any(axis=1))
        relaxed: list[tuple[int, float]] = []
        for row in clashing:
            values = reduced[row]
            order = values.argsort(kind="stable")
            wanted = order[: int(np.searchsorted(values[order], 0.0))].tolist()
            bound, chosen, exact = independent_knapsack(
                float(self.capacity[row]), self._quantities, values.tolist(), wanted, self.problem.conflicts
            )
            shipped[row] = 0.0
            left = float(self.capacity[row])
            for demand in chosen:
                shipped[row, demand] = min(left, self._quantities[demand])
                left -= float(shipped[row, demand])
            if not exact:
                relaxed.append((int(row), bound))
        return relaxed

    def _cover(self, reduced: Floats) -> tuple[float, Floats, Floats | float, Floats | float]:
        """Least Σ reduced of a choice with enough capacity, and the thresholds from which entering and leaving cost nothing."""
        chosen = self.forced | (reduced < 0)
        engaged = chosen.astype(float)
        plain = float(engaged @ reduced)
        if not self.count:
            return plain, engaged, 0.0, 0.0
        missing = self.problem.total - float(engaged @ self.capacity)
        counted = int(np.count_nonzero(chosen)) < self.count + self.settled
        if missing <= 0 and not counted:
            return plain, engaged, 0.0, 0.0
        own = reduced[self.free]
        by_count = self._by_count(reduced, own) if counted else None
        by_capacity = self._by_capacity(reduced, own, engaged, missing) if missing > 0 else None
        if by_count is None or (by_capacity is not None and by_capacity[0] > by_count[0]):
            assert by_capacity is not None
            return by_capacity
        return by_count

    def _by_count(self, reduced: Floats, own: Floats) -> tuple[float, Floats, Floats | float, Floats | float]:
        order = own.argsort(kind="stable")
        chosen = self.free[order[: self.count]]
        engaged = self.forced.astype(float)
        engaged[chosen] = 1.0
        last = float(own[order[self.count - 1]])
        following = float(own[order[self.count]]) if self.count < len(own) else np.inf
        return float(engaged @ reduced), engaged, max(0.0, last), max(0.0, following)

    def _by_capacity(
        self, reduced: Floats, own: Floats, engaged: Floats, missing: float
    ) -> tuple[float, Floats, Floats | float, Floats | float]:
        ratio = own / np.maximum(self.capacity[self.free], 1e-12)
        engaged = engaged.copy()
        rate = 0.0
        for place in ratio.argsort(kind="stable")[int(np.count_nonzero(own < 0)) :].tolist():
            supplier = self.free[place]
            part = min(1.0, missing / max(float(self.capacity[supplier]), 1e-12))
            engaged[supplier], rate = part, float(ratio[place])
            missing -= part * float(self.capacity[supplier])
            if missing <= 1e-9 * self.problem.total:
                break
        threshold = rate * self.capacity
        return float(engaged @ reduced), engaged, threshold, threshold


def independent_knapsack(
    capacity: float,
    quantity: Sequence[float],
    value: Sequence[float],
    wanted: list[int],
    conflicts: Sequence[frozenset[int]],
) -> tuple[float, list[int], bool]:
    """Least Σ value × amount over demands that do not clash: a lower bound of it, a choice (best first), and whether they agree.

    `wanted` are the demands of negative value in rising order of value. Best-first branch and bound on the knapsack without clashes.
    """

    def relaxed(among: list[int]) -> tuple[float, list[int]]:
        left, total, chosen = capacity, 0.0, []
        for demand in among:
            amount = min(left, quantity[demand])
            total += value[demand] * amount
            left -= amount
            chosen.append(demand)
            if left <= 0:
                break
        return total, chosen

    total, chosen = relaxed(wanted)
    heap, serial = [(total, 0, wanted, chosen)], 0
    for _ in range(MAX_NODES):
        total, _serial, among, chosen = heapq.heappop(heap)
        inside = set(chosen)
        clashes = [len(conflicts[demand] & inside) for demand in chosen]
        worst = max(clashes, default=0)
        if not worst:
            return total, chosen, True
        pivot = chosen[clashes.index(worst)]
        for rest in (
            [demand for demand in among if demand != pivot],
            [demand for demand in among if demand not in conflicts[pivot]],
        ):
            serial += 1
            total, chosen = relaxed(rest)
            heapq.heappush(heap, (total, serial, rest, chosen))
    bound, _, _, chosen = heap[0]
    kept: list[int] = []
    for demand in chosen:
        if not conflicts[demand] & set(kept):
            kept.append(demand)
    return bound, kept, False
