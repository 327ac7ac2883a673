"""Checks an answer to a sourcing problem against the problem's own words, independently of every solver. Not solving."""

from __future__ import annotations

import math
from collections import defaultdict

from tashbik.network.problem import Answer, Problem

TOLERANCE = 1e-6
"""Relative; of quantities, capacities and the cost."""
OPTIMAL = 1e-4
"""Largest relative gap of an answer called optimal."""


def faults(problem: Problem, answer: Answer) -> list[str]:
    """Everything that is wrong with an answer, in words; empty for a right one. An answer without a plan has only its bound checked."""
    if answer.status in ("infeasible", "unknown"):
        return [] if not answer.allocation and answer.cost is None else ["a plan is given but not claimed"]
    if answer.status not in ("optimal", "feasible"):
        return [f"unknown status {answer.status!r}"]
    known = _unknown_ids(problem, answer)
    return known or [
        *_quantities(problem, answer),
        *_engagement(problem, answer),
        *_incompatibility(problem, answer),
        *_cost(problem, answer),
        *_bound(answer),
    ]


def _unknown_ids(problem: Problem, answer: Answer) -> list[str]:
    suppliers, demands = set(problem.suppliers), set(problem.demands)
    found = [f"unknown supplier {one!r}" for one in answer.open if one not in suppliers]
    found += [f"supplier {one!r} engaged twice" for one in suppliers if answer.open.count(one) > 1]
    for supplier, demand, quantity in answer.allocation:
        if supplier not in suppliers or demand not in demands:
            found.append(f"unknown pair {supplier!r}, {demand!r}")
        if not (math.isfinite(quantity) and quantity >= 0):
            found.append(f"quantity {quantity!r} of {supplier!r} for {demand!r}")
    return found


def _quantities(problem: Problem, answer: Answer) -> list[str]:
    shipped: dict[str, list[float]] = defaultdict(list)
    received: dict[str, list[float]] = defaultdict(list)
    for supplier, demand, quantity in answer.allocation:
        shipped[supplier].append(quantity)
        received[demand].append(quantity)
    found = []
    for number, demand in enumerate(problem.demands):
        asked, got = float(problem.quantity[number]), math.fsum(received[demand])
        if abs(asked - got) > TOLERANCE * max(1.0, asked):
            found.append(f"demand {demand!r} asks {asked} and gets {got}")
    for number, supplier in enumerate(problem.suppliers):
        limit, sent = float(problem.capacity[number]), math.fsum(shipped[supplier])
        if sent > limit + TOLERANCE * max(1.0, limit):
            found.append(f"supplier {supplier!r} has {limit} and ships {sent}")
    return found


def _engagement(problem: Problem, answer: Answer) -> list[str]:
    engaged = set(answer.open)
    shipping = {supplier for supplier, _, quantity in answer.allocation if quantity > 0}
    return [f"supplier {one!r} ships and is not engaged" for one in sorted(shipping - engaged)]


def _incompatibility(problem: Problem, answer: Answer) -> list[str]:
    served: dict[str, set[str]] = defaultdict(set)
    for supplier, demand, quantity in answer.allocation:
        if quantity > 0:
            served[demand].add(supplier)
    found = []
    for one, other in problem.incompatible:
        for both in sorted(served[problem.demands[one]] & served[problem.demands[other]]):
            found.append(f"supplier {both!r} serves {problem.demands[one]!r} and {problem.demands[other]!r}")
    return found


def cost_of(problem: Problem, answer: Answer) -> float:
    """The cost of an answer, recomputed term by term."""
    row = {one: number for number, one in enumerate(problem.suppliers)}
    column = {one: number for number, one in enumerate(problem.demands)}
    terms = [float(problem.fixed_cost[row[one]]) for one in answer.open]
    terms += [
        quantity * float(problem.unit_cost[row[supplier], column[demand]])
        for supplier, demand, quantity in answer.allocation
    ]
    return math.fsum(terms)


def _cost(problem: Problem, answer: Answer) -> list[str]:
    true = cost_of(problem, answer)
    if answer.cost is None or abs(true - answer.cost) > TOLERANCE * max(1.0, abs(true)):
        return [f"cost is {true}, said {answer.cost}"]
    return []


def _bound(answer: Answer) -> list[str]:
    cost, bound = answer.cost or 0.0, answer.bound
    if bound is None:
        return ["no bound"] if answer.status == "optimal" else []
    found = []
    if bound > cost + TOLERANCE * max(1.0, abs(cost)):
        found.append(f"bound {bound} above cost {cost}")
    if answer.status == "optimal" and cost - bound > OPTIMAL * max(1.0, abs(cost)):
        found.append(f"called optimal with bound {bound} under cost {cost}")
    return found
