"""The best plan known, and how sets of suppliers are tried for a better one. Not the bound (ascent.py) nor the branching (tree.py)."""

from __future__ import annotations

import operator
import time
from collections.abc import Iterator

import numpy as np

from tashbik.network.problem import Floats, Positions, Problem
from tashbik.network.relaxation import FREE, Relaxation
from tashbik.network.transport import Shipment, Shipper, shipment_of

TOLERANCE = 1e-6
"""Relative gap at which a cost is as good as its bound."""
WHOLE = 1e-3
"""Rounding allowed for where data, and so the optimal cost, are whole numbers."""
SHARE = 0.35
"""Part of the time that proposals of an ascent may take, the first few apart."""
FIRST = 2
CUTS = 200


class Incumbent:
    """The best plan so far; `cutoff` is what a better plan must stay below."""

    def __init__(self, problem: Problem, until: float) -> None:
        self.problem = problem
        self.until = until
        self.plan: Shipment | None = None
        self.started = time.monotonic()
        self.spent = 0.0
        self.scale = float(problem.fixed_cost.sum() + (problem.unit_cost.max(axis=0, initial=0.0) @ problem.quantity))
        self.shipper = Shipper(problem)
        self.relaxation = Relaxation(problem, np.full(len(problem.suppliers), FREE, dtype=np.intp))
        self._constants: list[float] = []
        self._slopes: list[Floats] = []
        self.tried: set[frozenset[int]] = set()
        data = (problem.capacity, problem.fixed_cost, problem.quantity, problem.unit_cost)
        self.whole = all(bool(np.all(one == np.floor(one))) for one in data)

    @property
    def cost(self) -> float:
        """Cost of the best plan, infinite without one."""
        return self.plan.cost if self.plan else np.inf

    def cutoff(self) -> float:
        """A branch whose bound reaches this holds nothing better: with whole data, costs differ by one at least."""
        if self.plan is None:
            return np.inf
        margin = TOLERANCE * abs(self.cost) + 1e-12 * self.scale
        return self.cost - (max(margin, 1 - WHOLE) if self.whole else margin)

    def offer(self, plan: Shipment | None) -> bool:
        """Take a plan if it is better; whether it is."""
        if plan is None or (self.plan is not None and plan.cost >= self.plan.cost - 1e-9 * abs(self.plan.cost)):
            return False
        self.plan = plan
        return True

    def promise(self, chosen: frozenset[int]) -> float:
        """A lower bound of what a set costs, from the prices of the shipments seen before (cuts of Benders, Numer. Math. 4, 1962)."""
        if not self._slopes:
            return -np.inf
        return float(
            max(map(operator.add, self._constants, np.array(self._slopes)[:, list(chosen)].sum(axis=1).tolist()))
        )

    def try_set(self, chosen: frozenset[int]) -> Shipment | None:
        """The cheapest shipment of a set of suppliers that was not tried and may be better; taken if it is."""
        if chosen in self.tried or self.promise(chosen) >= self.cutoff():
            return None
        self.tried.add(chosen)
        before = time.monotonic()
        plan = self.shipper.ship(np.array(sorted(chosen), dtype=np.intp))
        if plan is not None:
            self._learn(plan)
            plan = without_idle(self.problem, plan)
            self.offer(plan)
        self.spent += time.monotonic() - before
        return plan

    def _learn(self, plan: Shipment) -> None:
        self._constants.append(float(plan.prices @ self.problem.quantity))
        self._slopes.append(self.reduced(plan.prices))
        if len(self._slopes) > CUTS:
            del self._slopes[0], self._constants[0]

    def reduced(self, prices: Floats) -> Floats:
        """What each supplier adds at least to the cost of any set at these prices."""
        earned, _ = self.relaxation.knapsacks(self.relaxation.costs - prices)
        return self.relaxation.fixed + earned

    def propose(self, chosen: frozenset[int]) -> None:
        """A set that an ascent came by: tried while proposals stay within their share of the time."""
        if len(self.tried) < FIRST or self.spent < SHARE * (time.monotonic() - self.started):
            self.try_set(chosen)


def without_idle(problem: Problem, plan: Shipment) -> Shipment:
    """A plan without the engaged suppliers that ship nothing, and without their fixed costs."""
    busy = plan.quantity.sum(axis=1) > 0
    return plan if busy.all() else shipment_of(problem, plan.open[busy], plan.quantity[busy], plan.prices)


def improve(incumbent: Incumbent, usable: Positions, until: float, patience: int = 40) -> None:
    """Local search: engage one supplier, leave one out, exchange two, in the order of what the shipment's prices promise at best.

    With the prices λ of the best plan's shipment, r[i] is what supplier i would add to its cost at least; a move whose
    optimistic estimate is no gain is not tried (Jacobsen, EJOR 12, 1983, without the heuristics for the estimates).
    """
    while incumbent.plan is not None:
        plan = incumbent.plan
        reduced = incumbent.reduced(plan.prices)
        failures = 0
        for _, chosen in _moves(plan.key, usable, reduced):
            if failures >= patience or time.monotonic() > until:
                return
            if incumbent.try_set(chosen) is None:
                continue
            if incumbent.plan is not plan:
                break
            failures += 1
        else:
            return


def _moves(key: frozenset[int], usable: Positions, reduced: Floats) -> Iterator[tuple[float, frozenset[int]]]:
    outside = [int(i) for i in usable if int(i) not in key]
    moves = [(float(reduced[i]), key | {i}) for i in outside]
    moves += [(-float(reduced[k]), key - {k}) for k in key]
    moves += [(float(reduced[i] - reduced[k]), key - {k} | {i}) for i in outside for k in key]
    yield from sorted((move for move in moves if move[0] < 0), key=lambda move: move[0])
