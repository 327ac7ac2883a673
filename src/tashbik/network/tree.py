"""Branch and bound over the engagement of suppliers with Lagrangian bounds. Not the first plan (incumbent.py, neighbourhood.py).

Best bound first. A branch engages or leaves out one supplier; where all are decided and the cheapest shipment serves incompatible
demands from one supplier, it forbids that supplier one of them, or all that are incompatible with it.
"""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass

import numpy as np

from tashbik.network.ascent import Ascent, Limits, ascend
from tashbik.network.incumbent import TOLERANCE, Incumbent, without_idle
from tashbik.network.problem import Booleans, Floats, Positions, Problem
from tashbik.network.relaxation import CLOSED, FREE, OPEN
from tashbik.network.transport import Shipment, ship

STEPS = 30
STEP = 1.2
PATIENCE = 8


@dataclass(eq=False)
class Branch:
    """Decided suppliers, pairs that may be used (None: all), prices to start from, a lower bound."""

    bound: float
    state: Positions
    prices: Floats
    allowed: Booleans | None = None


class Tree:
    """The open branches; `bound` is a lower bound of the problem at any time."""

    def __init__(self, problem: Problem, incumbent: Incumbent, root: Ascent) -> None:
        self.problem = problem
        self.incumbent = incumbent
        self._propose = None if problem.incompatible else incumbent.propose
        self._heap: list[tuple[float, int, Branch]] = []
        self._serial = 0
        self._closed = np.inf
        self._add(Branch(root.bound, root.state, root.prices))

    @property
    def done(self) -> bool:
        """Whether no open branch can hold a better plan."""
        return not self._heap or self._heap[0][0] >= self.incumbent.cutoff()

    @property
    def bound(self) -> float:
        """Lower bound of the problem: of the open branches, and of those closed for reaching the cutoff of their time."""
        least = min(self._heap[0][0] if self._heap else np.inf, self._closed)
        return min(least, self.incumbent.cost)

    def run(self, until: float) -> None:
        """Work until done or until a time of time.monotonic."""
        while not self.done and time.monotonic() < until:
            _, _, branch = heapq.heappop(self._heap)
            cutoff = self.incumbent.cutoff()
            limits = Limits(self.incumbent.cutoff, until, STEPS, STEP, PATIENCE)
            found = ascend(self.problem, branch.state, branch.prices, limits, branch.allowed, self._propose)
            if found is None:
                self._closed = min(self._closed, max(branch.bound, self.incumbent.cutoff()), cutoff)
            else:
                found.bound = max(found.bound, branch.bound)
                self._push(Branch(found.bound, found.state, found.prices, branch.allowed), found)

    def _push(self, branch: Branch, found: Ascent) -> None:
        free = np.flatnonzero(branch.state == FREE)
        if not free.size:
            self._leaf(branch)
            return
        mean = found.mean[free]
        supplier = int(free[np.abs(mean - 0.5).argmin()])
        for decision in (OPEN, CLOSED):
            state = branch.state.copy()
            state[supplier] = decision
            self._add(Branch(branch.bound, state, branch.prices, branch.allowed))

    def _add(self, branch: Branch) -> None:
        self._serial += 1
        heapq.heappush(self._heap, (self._level(branch.bound), -self._serial, branch))

    def _level(self, bound: float) -> float:
        """Bounds that differ by rounding are one, so that among them the branch goes down to plans first."""
        grain = TOLERANCE * abs(self.incumbent.cost)
        return math.floor(bound / grain) * grain if 0 < grain < np.inf else bound

    def _leaf(self, branch: Branch) -> None:
        chosen = np.flatnonzero(branch.state == OPEN)
        if not self.problem.incompatible:
            self.incumbent.try_set(frozenset(chosen.tolist()))
            self._closed = min(self._closed, max(branch.bound, self.incumbent.cutoff()))
            return
        plan = ship(self.problem, chosen, branch.allowed)
        if plan is None:
            return
        bound = max(branch.bound, plan.cost)
        clash = first_clash(self.problem, plan)
        if clash is None:
            self.incumbent.offer(without_idle(self.problem, plan))
            self._closed = min(self._closed, bound)
        elif bound >= self.incumbent.cutoff():
            self._closed = min(self._closed, bound)
        else:
            supplier, demand = clash
            everything = np.ones(self.problem.shape, bool) if branch.allowed is None else branch.allowed
            for kept_out in ([demand], sorted(self.problem.conflicts[demand])):
                allowed = everything.copy()
                allowed[supplier, kept_out] = False
                self._add(Branch(bound, branch.state, branch.prices, allowed))


def first_clash(problem: Problem, plan: Shipment) -> tuple[int, int] | None:
    """A supplier and the demand of it that is incompatible with most others that it serves; None where there is no such pair."""
    if not problem.incompatible:
        return None
    one, other = np.array(problem.incompatible).T
    used = plan.quantity > 0
    both = used[:, one] & used[:, other]
    rows = np.flatnonzero(both.any(axis=1))
    if not rows.size:
        return None
    row = rows[both[rows].sum(axis=1).argmax()]
    counts = np.bincount(np.concatenate([one[both[row]], other[both[row]]]), minlength=len(problem.demands))
    return int(plan.open[row]), int(counts.argmax())
