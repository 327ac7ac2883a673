"""The cheapest shipment from engaged suppliers, by linear programming with HiGHS. Not the choice of suppliers (tree.py, search.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import highspy
import numpy as np

from tashbik.network.problem import Booleans, Floats, Positions, Problem

KEPT = 1500
"""Largest number of pairs for which a program is kept."""
DUST = 1e-9
"""Quantities below this share of the demand are rounding of the simplex method and left out."""


@dataclass(frozen=True, eq=False)
class Shipment:
    """Engaged suppliers, quantities (suppliers × demands), cost with the fixed costs, and the demands' dual prices."""

    open: Positions
    quantity: Floats
    cost: float
    prices: Floats

    @cached_property
    def key(self) -> frozenset[int]:
        """The engaged suppliers as a set."""
        return frozenset(map(int, self.open))


def silent_solver() -> Any:
    """A HiGHS (`highspy.Highs`) without output, on one thread: the same answer every time.

    The class below `Highs`, because setting up the callbacks of `Highs` prints a banner on standard output whatever the options say.
    """
    below: type[Any] = highspy.Highs.__mro__[1]
    solver: Any = below()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


class Shipper:
    """Ships from one set of suppliers after another: a small problem keeps its program, so that each solution starts from the last."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._solver: Any = None

    def ship(self, chosen: Positions) -> Shipment | None:
        """As the function `ship`, over all pairs."""
        problem = self.problem
        if problem.unit_cost.size > KEPT:
            return ship(problem, chosen)
        if problem.capacity[chosen].sum() < problem.total * (1 - 1e-12):
            return None
        height, width = problem.shape
        if self._solver is None:
            self._solver = silent_solver()
            self._solver.setOptionValue("presolve", "off")
            row, column = np.nonzero(np.ones(problem.shape, bool))
            self._solver.passModel(_model(problem, np.arange(height), row, column))
        limits = np.zeros(height)
        limits[chosen] = problem.capacity[chosen]
        rows = np.arange(width, width + height, dtype=np.int32)
        self._solver.changeRowsBounds(height, rows, np.full(height, -np.inf), limits)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        quantity = np.maximum(0.0, np.asarray(solution.col_value).reshape(height, width)[chosen])
        return shipment_of(problem, chosen, cleaned(problem, quantity), np.asarray(solution.row_dual)[:width])


def ship(problem: Problem, chosen: Positions, allowed: Booleans | None = None) -> Shipment | None:
    """The cheapest shipment from the suppliers `chosen` over the pairs `allowed` (suppliers × demands); None where there is none.

    Incompatibilities are not looked at: who wants them kept forbids pairs.
    """
    if problem.capacity[chosen].sum() < problem.total * (1 - 1e-12):
        return None
    width = len(problem.demands)
    here = np.ones((len(chosen), width), bool) if allowed is None else allowed[chosen]
    row, column = np.nonzero(here)
    solver = silent_solver()
    if row.size <= 20_000:
        solver.setOptionValue("presolve", "off")
    solver.passModel(_model(problem, chosen, row, column))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    quantity = np.zeros((len(chosen), width))
    quantity[row, column] = np.maximum(0.0, np.asarray(solution.col_value))
    prices = np.asarray(solution.row_dual)[:width]
    return shipment_of(problem, chosen, cleaned(problem, quantity), prices)


def _model(problem: Problem, chosen: Positions, row: Positions, column: Positions) -> highspy.HighsLp:
    height, width, count = len(chosen), len(problem.demands), len(row)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, width + height
    model.col_cost_ = problem.unit_cost[chosen][row, column]
    model.col_lower_, model.col_upper_ = np.zeros(count), np.full(count, np.inf)
    model.row_lower_ = np.concatenate([problem.quantity, np.full(height, -np.inf)])
    model.row_upper_ = np.concatenate([problem.quantity, problem.capacity[chosen]])
    model.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.stack([column, width + row], 1).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * count)
    return model


def cleaned(problem: Problem, quantity: Floats) -> Floats:
    """Quantities without dust, each demand's sum set right on its largest part."""
    quantity = np.where(quantity > DUST * np.maximum(problem.quantity, DUST), quantity, 0.0)
    largest = quantity.argmax(axis=0)
    columns = np.arange(quantity.shape[1])
    quantity[largest, columns] += problem.quantity - quantity.sum(axis=0)
    return np.maximum(quantity, 0.0)


def shipment_of(problem: Problem, chosen: Positions, quantity: Floats, prices: Floats | None = None) -> Shipment:
    """A shipment with its cost."""
    cost = float(problem.fixed_cost[chosen].sum() + (quantity * problem.unit_cost[chosen]).sum())
    return Shipment(chosen, quantity, cost, np.zeros(len(problem.demands)) if prices is None else prices)
