"""A first plan for demands that may not share a supplier, built supplier by supplier from the bound's prices. Not its improvement (neighbourhood.py)."""

from __future__ import annotations

import time

import numpy as np

from tashbik.network.problem import Booleans, Floats, Positions, Problem
from tashbik.network.relaxation import FREE, Relaxation
from tashbik.network.transport import Shipment, shipment_of

EAGER = 1.5
"""Prices of what is left, in times of the bound's prices: high enough that suppliers fill up."""


def construct(problem: Problem, prices: Floats, engaged: Positions, until: float) -> Shipment | None:
    """A plan: what the suppliers `engaged` choose at the prices, then who meets what is left at the least mean cost; None where that fails.

    Each choice is an independent knapsack, so that no incompatible demands meet.
    """
    quantity = np.zeros(problem.shape)
    relaxation = Relaxation(problem, np.full(len(problem.suppliers), FREE, dtype=np.intp))
    earned, wanted = relaxation.knapsacks(problem.unit_cost - prices)
    for supplier in engaged[np.argsort((problem.fixed_cost + earned)[engaged], kind="stable")]:
        quantity[supplier] = np.minimum(wanted[supplier], problem.quantity - quantity.sum(axis=0))
    left = problem.quantity - quantity.sum(axis=0)
    while left.max() > 1e-9 * problem.total and time.monotonic() < until:
        supplier, demands, amount = _cheapest(problem, prices, quantity, left)
        if supplier < 0:
            return None
        quantity[supplier, demands] += amount
        left = problem.quantity - quantity.sum(axis=0)
    if left.max() > 1e-9 * problem.total:
        return None
    chosen = np.flatnonzero(quantity.sum(axis=1) > 0)
    return shipment_of(problem, chosen, quantity[chosen])


def _cheapest(problem: Problem, prices: Floats, quantity: Floats, left: Floats) -> tuple[int, Positions, Floats]:
    """The supplier that meets what is left at the least cost a unit, and what of it; −1 where none can."""
    demands = np.flatnonzero(left > 1e-9 * problem.total)
    everybody = np.arange(len(problem.suppliers))
    part = problem.part(everybody, demands, left[demands])
    room = np.maximum(0.0, problem.capacity - quantity.sum(axis=1))
    rest = Problem(
        part.suppliers, part.demands, room, problem.fixed_cost, part.quantity, part.unit_cost, part.incompatible
    )
    allowed = _compatible(problem, quantity > 0, demands)
    relaxation = Relaxation(rest, np.full(len(everybody), FREE, dtype=np.intp), allowed)
    eager = np.maximum(EAGER * prices[demands], np.where(allowed, part.unit_cost, 0.0).max(axis=0) + 1.0)
    _, shipped = relaxation.knapsacks(relaxation.costs - eager)
    amounts = shipped.sum(axis=1)
    fixed = np.where(quantity.sum(axis=1) > 0, 0.0, problem.fixed_cost)
    costs = fixed + (shipped * part.unit_cost).sum(axis=1)
    mean = np.where(amounts > 1e-9 * problem.total, costs / np.maximum(amounts, 1e-12), np.inf)
    best = int(mean.argmin())
    return (best if np.isfinite(mean[best]) else -1), demands, shipped[best]


def _compatible(problem: Problem, used: Booleans, demands: Positions) -> Booleans:
    """Which suppliers serve nothing that is incompatible with a demand."""
    one, other = np.array(problem.incompatible).T
    blocked = np.zeros(problem.shape, bool)
    np.logical_or.at(blocked.T, one, used.T[other])
    np.logical_or.at(blocked.T, other, used.T[one])
    return ~blocked[:, demands]
