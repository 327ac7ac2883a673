"""Plans for demands that may not share a supplier: a limited program first, then large neighbourhood search. Not the bound's method (ascent.py).

Each neighbourhood frees some suppliers that compete for the same demands, together with what they ship, and is solved by HiGHS
(Shaw 1998; Pisinger and Ropke, Handbook of Metaheuristics, 2010). Only pairs whose unit cost is near the demand's Lagrangian price
are looked at: dearer ones are hardly ever used.
"""

from __future__ import annotations

import time

import numpy as np

from tashbik.network.ascent import Ascent, Limits, ascend, first_prices
from tashbik.network.construct import construct
from tashbik.network.incumbent import Incumbent, without_idle
from tashbik.network.milp import solve_milp
from tashbik.network.problem import Booleans, Floats, Positions, Problem
from tashbik.network.relaxation import CLOSED, FREE
from tashbik.network.transport import Shipment, shipment_of
from tashbik.network.tree import Tree

SEED = 20_260_901
ROOT_STEPS = 400
NEAREST = 3
"""Suppliers at least that each demand may choose from, whatever their cost."""
SEARCH_SHARE = 0.8
"""Part of the time for the plan; the rest raises the bound."""
POLISHING = 0.1
"""Part of the time for improving the constructed plan before a program is solved from it."""
FIRST_SHARE = 0.55
"""Part of the search's time for the first plan at most."""
FIRST_GAP = 0.01
SMALL = 4000
"""Pairs up to which the whole program is solved at once first."""


def solve_with_conflicts(problem: Problem, incumbent: Incumbent, until: float) -> float:
    """Put the best plan found into `incumbent`; the proven lower bound of the problem."""
    begun = time.monotonic()
    state = np.full(len(problem.suppliers), FREE, dtype=np.intp)
    limits = Limits(incumbent.cutoff, begun + 0.15 * (until - begun), ROOT_STEPS)
    root = ascend(problem, state, first_prices(problem), limits)
    if root is None:
        return np.inf
    if problem.unit_cost.size <= SMALL:
        return _whole(problem, incumbent, root, until)
    searched = begun + SEARCH_SHARE * (until - begun)
    incumbent.offer(construct(problem, root.prices, np.flatnonzero(root.mean > 0.5), searched))
    if incumbent.plan is not None:
        Search(problem, incumbent, root).run(min(searched, time.monotonic() + POLISHING * (until - begun)))
    if not _core_plan(problem, incumbent, root, searched) and incumbent.plan is None:
        return _whole(problem, incumbent, root, until)
    Search(problem, incumbent, root).run(searched)
    again = ascend(problem, root.state, root.prices, Limits(incumbent.cutoff, until, ROOT_STEPS, 0.5))
    if again is None:
        return incumbent.cutoff()
    again.bound = max(again.bound, root.bound)
    tree = Tree(problem, incumbent, again)
    tree.run(until)
    return max(again.bound, tree.bound)


def _whole(problem: Problem, incumbent: Incumbent, root: Ascent, until: float) -> float:
    result = solve_milp(problem, seconds=until - time.monotonic(), start=incumbent.plan)
    if result.plan is not None:
        incumbent.offer(without_idle(problem, result.plan))
    return max(root.bound, result.bound)


def near_pairs(problem: Problem, root: Ascent, slack: float, nearest: int = NEAREST) -> Booleans:
    """Pairs whose unit cost exceeds the demand's price by `slack` at most, and the cheapest few of each demand."""
    reduced = problem.unit_cost - root.prices
    rank = min(nearest, len(reduced)) - 1
    least = np.partition(reduced, rank, axis=0)[rank]
    return np.asarray(((reduced <= slack) | (reduced <= least)) & (root.state != CLOSED)[:, None])


def _core_plan(problem: Problem, incumbent: Incumbent, root: Ascent, until: float) -> bool:
    """A plan over the pairs and suppliers that the bound's choices use most; over more of them where there is none."""
    unit = float(np.median(root.prices))
    everybody = np.ones(len(problem.suppliers), bool)
    cores = ((-0.07, 2, root.mean > 0.02), (0.0, 3, root.mean > 0), (0.08, 4, everybody), (np.inf, 4, everybody))
    for slack, nearest, likely in cores:
        left = until - time.monotonic()
        if left <= 0:
            break
        allowed = near_pairs(problem, root, slack * unit, nearest) & likely[:, None]
        start = incumbent.plan
        if start is not None:
            allowed[start.open] |= start.quantity > 0
        result = solve_milp(problem, seconds=FIRST_SHARE * left, allowed=allowed, gap=FIRST_GAP, start=start)
        if result.plan is not None:
            incumbent.offer(without_idle(problem, result.plan))
            return True
    return False


class Search:
    """Large neighbourhood search from the incumbent's plan."""

    def __init__(self, problem: Problem, incumbent: Incumbent, root: Ascent) -> None:
        self.problem = problem
        self.incumbent = incumbent
        self.random = np.random.default_rng(SEED)
        self.slack = 0.02 * float(np.median(root.prices))
        self.pairs = near_pairs(problem, root, self.slack)
        close = np.maximum(0.0, root.prices + self.slack - problem.unit_cost) * problem.quantity
        norms = np.maximum(np.linalg.norm(close, axis=1, keepdims=True), 1e-12)
        self.likeness = (close / norms) @ (close / norms).T
        self.usable = np.flatnonzero(root.state != CLOSED)
        self.size = 12.0
        self.visits = np.zeros(len(problem.suppliers))

    def run(self, until: float) -> None:
        """Search until a time of time.monotonic."""
        while (left := until - time.monotonic()) > 0.02:
            chosen = self._neighbourhood()
            before = time.monotonic()
            better, exact = self._solve(chosen, min(left, 3.0))
            seconds = time.monotonic() - before
            self.visits[chosen] = 0 if better else self.visits[chosen] + 1
            if seconds < 0.6 and exact:
                self.size = min(self.size * 1.05, float(len(self.usable)))
            elif seconds > 1.2:
                self.size = max(6.0, self.size * 0.93)
            if exact and len(chosen) == len(self.usable) and not better:
                return

    def _neighbourhood(self) -> Positions:
        """A supplier seldom visited in vain, and those that are likest to it, with some noise."""
        assert self.incumbent.plan is not None
        keys = self.visits[self.usable] + self.random.random(len(self.usable)) * 2
        centre = self.usable[keys.argmin()]
        likeness = self.likeness[centre, self.usable] * (0.6 + 0.8 * self.random.random(len(self.usable)))
        likeness[self.usable == centre] = np.inf
        count = min(len(self.usable), round(self.size))
        return np.asarray(np.sort(self.usable[np.argpartition(-likeness, count - 1)[:count]]))

    def _solve(self, chosen: Positions, seconds: float) -> tuple[bool, bool]:
        plan = self.incumbent.plan
        assert plan is not None
        whole = np.zeros(self.problem.shape)
        whole[plan.open] = plan.quantity
        received = whole[chosen].sum(axis=0)
        demands = np.flatnonzero(received > 0)
        if not demands.size:
            return False, True
        part = self.problem.part(chosen, demands, received[demands])
        now = whole[np.ix_(chosen, demands)]
        engaged = np.flatnonzero(now.sum(axis=1) > 0)
        start = shipment_of(part, engaged, now[engaged])
        allowed = self.pairs[np.ix_(chosen, demands)] | (now > 0)
        result = solve_milp(part, seconds=seconds, allowed=allowed, start=start)
        if result.plan is None or result.plan.cost >= start.cost - 1e-7 * start.cost:
            return False, result.status == "optimal"
        return self._replace(whole, chosen, demands, result.plan), result.status == "optimal"

    def _replace(self, whole: Floats, chosen: Positions, demands: Positions, found: Shipment) -> bool:
        whole[np.ix_(chosen, demands)] = 0.0
        whole[np.ix_(chosen[found.open], demands)] = found.quantity
        engaged = np.flatnonzero(whole.sum(axis=1) > 0)
        return self.incumbent.offer(shipment_of(self.problem, engaged, whole[engaged]))
