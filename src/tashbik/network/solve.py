"""Solves a sourcing problem within a time limit: plan, proven bound, status. Not the methods it puts together.

Without incompatible demands: Lagrangian ascent, local search over engaged suppliers, branch and bound on what is not settled.
With them: the same bound with independent sets, and large neighbourhood search by HiGHS for the plan.
"""

from __future__ import annotations

import math
import time

import numpy as np

from tashbik.network.ascent import Ascent, Limits, ascend, first_prices
from tashbik.network.incumbent import WHOLE, Incumbent, improve
from tashbik.network.problem import Answer, Problem
from tashbik.network.relaxation import CLOSED, FREE, Relaxation
from tashbik.network.transport import Shipment
from tashbik.network.tree import Tree

SMALL = 6000
"""Pairs up to which a step is so cheap that branching early is faster than a better first bound."""
ROOT = {True: (150, 12), False: (400, 20)}
"""Steps and patience of the first ascent, for small problems and others."""
SEARCH = 0.2
"""Time of the local search, in times of the ascent before it."""
OPTIMAL_GAP = 1e-5
"""Largest relative gap of an answer that is called optimal."""


def source(problem: Problem, *, time_limit: float = 60.0) -> Answer:
    """The cheapest plan found within `time_limit` seconds, with a proven lower bound of every plan's cost."""
    started = time.monotonic()
    asked = np.flatnonzero(problem.quantity > 0)
    usable = np.flatnonzero(problem.capacity > 0)
    core = problem.part(usable, asked, problem.quantity[asked])
    if not len(asked):
        return Answer("optimal", 0.0, 0.0, time.monotonic() - started)
    if not Relaxation(core, np.full(len(usable), FREE)).feasible:
        return Answer("infeasible", None, None, time.monotonic() - started)
    until = started + 0.97 * time_limit
    incumbent = Incumbent(core, until)
    if core.incompatible:
        from tashbik.network.neighbourhood import solve_with_conflicts

        bound = solve_with_conflicts(core, incumbent, until)
    else:
        bound = _solve_plain(core, incumbent, until)
    return _answer(core, incumbent, bound, time.monotonic() - started)


def _solve_plain(problem: Problem, incumbent: Incumbent, until: float) -> float:
    root = _root(problem, incumbent, until)
    if incumbent.plan is None:
        incumbent.try_set(frozenset(range(len(problem.suppliers))))
    if root is None:
        return incumbent.cost
    spent = time.monotonic() - incumbent.started
    if (root.state == FREE).any():
        improve(incumbent, np.flatnonzero(root.state != CLOSED), time.monotonic() + SEARCH * spent)
    tree = Tree(problem, incumbent, root)
    tree.run(until)
    return tree.bound


def _root(problem: Problem, incumbent: Incumbent, until: float) -> Ascent | None:
    state = np.full(len(problem.suppliers), FREE, dtype=np.intp)
    steps, patience = ROOT[problem.unit_cost.size <= SMALL]
    limits = Limits(incumbent.cutoff, until, steps, patience=patience)
    return ascend(problem, state, first_prices(problem), limits, None, incumbent.propose)


def _answer(problem: Problem, incumbent: Incumbent, bound: float, seconds: float) -> Answer:
    plan = incumbent.plan
    if plan is None:
        status = "infeasible" if bound == np.inf else "unknown"
        return Answer(status, None, bound if math.isfinite(bound) else None, seconds)
    if incumbent.whole:
        bound = min(plan.cost, math.ceil(bound - WHOLE / 2))
    bound = max(0.0, min(bound, plan.cost))
    optimal = plan.cost - bound <= OPTIMAL_GAP * max(1.0, abs(plan.cost))
    return Answer(
        "optimal" if optimal else "feasible",
        plan.cost,
        bound,
        seconds,
        tuple(problem.suppliers[i] for i in plan.open),
        _allocation(problem, plan),
    )


def _allocation(problem: Problem, plan: Shipment) -> tuple[tuple[str, str, float], ...]:
    rows, columns = np.nonzero(plan.quantity)
    return tuple(
        (problem.suppliers[plan.open[i]], problem.demands[j], float(plan.quantity[i, j]))
        for i, j in zip(rows, columns, strict=True)
    )
