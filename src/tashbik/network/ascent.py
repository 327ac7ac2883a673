"""Raises a Lagrangian bound by subgradient steps and settles which suppliers must or cannot be engaged. Not the relaxation (relaxation.py).

Polyak's step towards the best known cost (USSR Comp. Math. and Math. Phys. 9, 1969), along a direction smoothed over the steps
before (Camerini, Fratta and Maffioli 1975), each demand's price measured for its whole quantity; the running mean of the choices
approaches a fractional solution (volume algorithm; Barahona and Anbil, Math. Program. 87, 2000).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tashbik.network.problem import Booleans, Floats, Positions, Problem
from tashbik.network.relaxation import CLOSED, FREE, OPEN, Point, Relaxation

SMOOTHING = 0.3
PATIENCE = 20
"""Steps without a better bound before the step is shortened."""
SHORTER = 0.5
SMALLEST = 1e-3
FARTHEST = 0.1
"""Part of the bound that a step aims above it at most, as where no plan is known."""
SETTLING = 10
"""Steps between two looks at which suppliers are settled."""
MEMORY = 0.9
PROPOSING = frozenset((25, 50, 80, 120, 180, 250))
"""Steps at which the choice of suppliers is proposed for a plan, beside the last."""


@dataclass(eq=False)
class Ascent:
    """What an ascent found: bound, its prices, states after settling, the mean choice."""

    bound: float
    prices: Floats
    state: Positions
    mean: Floats


@dataclass(eq=False)
class Limits:
    """When to stop: `cutoff` returns the cost that a bound must reach to close the branch; `until` is a time of time.monotonic."""

    cutoff: Callable[[], float]
    until: float
    steps: int
    step: float = 1.0
    patience: int = PATIENCE


def first_prices(problem: Problem) -> Floats:
    """Prices to start from: the third cheapest unit cost with the supplier's fixed cost spread over its capacity."""
    spread = problem.fixed_cost / np.maximum(problem.capacity, 1e-12)
    full = problem.unit_cost + np.where(problem.capacity > 0, np.minimum(spread, 1e12), 1e12)[:, None]
    rank = min(2, len(full) - 1)
    return np.asarray(np.partition(full, rank, axis=0)[rank], dtype=float)


def ascend(
    problem: Problem,
    state: Positions,
    prices: Floats,
    limits: Limits,
    allowed: Booleans | None = None,
    propose: Callable[[frozenset[int]], None] | None = None,
) -> Ascent | None:
    """The best bound found within the limits; None where the branch holds no plan cheaper than the cutoff.

    `propose` is told of each new choice of suppliers with enough capacity at a good bound.
    """
    state = state.copy()
    relaxation = Relaxation(problem, state, allowed)
    if not relaxation.feasible:
        return None
    best = Ascent(-np.inf, prices, state, np.zeros(0))
    scale = np.maximum(problem.quantity, 1e-9 * max(1.0, problem.total))
    inverse = 1.0 / scale
    step, waited, direction, mean = limits.step, 0, None, None
    for number in range(limits.steps):
        point = relaxation.at(prices)
        mean = point.engaged if mean is None else MEMORY * mean + (1 - MEMORY) * point.engaged
        waited += 1
        if point.bound > best.bound:
            if point.bound - best.bound > 1e-6 * abs(point.bound):
                waited = 0
            best.bound, best.prices = point.bound, prices
            if point.bound >= limits.cutoff():
                return None
        if propose is not None and number in PROPOSING:
            propose(_choice(relaxation, point.engaged))
        if number % SETTLING == SETTLING - 1 and _settle(relaxation, point, limits.cutoff(), state):
            whole = _spread(relaxation, mean, problem)
            relaxation = Relaxation(problem, state, allowed)
            mean = whole[relaxation.rows]
            if not relaxation.feasible:
                return None
            if not relaxation.free.size:
                break
            point = relaxation.at(prices)
        if waited >= limits.patience:
            step, waited, prices, direction = step * SHORTER, 0, best.prices, None
            if step < SMALLEST:
                break
        weighted = point.missing * inverse
        direction = weighted if direction is None else SMOOTHING * weighted + (1 - SMOOTHING) * direction
        length = float(point.missing @ weighted)
        if length <= 1e-12 * problem.total or time.monotonic() > limits.until:
            break  # where nothing is missing, the choice is optimal for this branch
        aim = max(min(limits.cutoff() - point.bound, FARTHEST * abs(point.bound)), 1e-9 * abs(point.bound))
        prices = np.maximum(0.0, prices + (step * aim / length) * direction)
    if mean is not None:
        best.mean = _spread(relaxation, mean, problem)
    if propose is not None:
        _propose_last(relaxation, point, best, propose)
    best.state = state
    return best if best.bound < limits.cutoff() else None


def _propose_last(
    relaxation: Relaxation, point: Point, best: Ascent, propose: Callable[[frozenset[int]], None]
) -> None:
    propose(_choice(relaxation, point.engaged if relaxation.free.size else relaxation.forced))
    if relaxation.free.size:
        propose(_choice(relaxation, best.mean[relaxation.rows] > 0.5))
        propose(_choice(relaxation, (point.opening <= 1e-7 * abs(best.bound)) | relaxation.forced))


def _spread(relaxation: Relaxation, mean: Floats, problem: Problem) -> Floats:
    """The mean choice over all suppliers."""
    whole = np.zeros(len(problem.suppliers))
    whole[relaxation.rows] = mean
    return whole


def _choice(relaxation: Relaxation, engaged: Floats | Booleans) -> frozenset[int]:
    return frozenset(relaxation.rows[np.flatnonzero(engaged > 0)].tolist())


def _settle(relaxation: Relaxation, point: Point, cutoff: float, state: Positions) -> bool:
    """Write into `state` who can no longer be engaged, or no longer be left out, in a plan cheaper than the cutoff; whether any."""
    rows = relaxation.rows
    free = state[rows] == FREE
    out = rows[free & (point.bound + point.opening >= cutoff)]
    inside = rows[free & (point.bound + point.closing >= cutoff)]
    state[out] = CLOSED
    state[inside] = OPEN
    return bool(out.size or inside.size)
