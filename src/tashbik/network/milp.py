"""The sourcing problem as one mixed-integer program for HiGHS, whole or limited to some pairs. Not the choice of what to limit it to.

The strong formulation: a flow is bounded by its demand times the engagement of its supplier (or the choice of the pair, where the
demand has incompatible ones), and of each clique of incompatible demands a supplier serves at most one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from tashbik.network.problem import Booleans, Floats, Positions, Problem
from tashbik.network.transport import Shipment, cleaned, shipment_of, silent_solver


@dataclass(frozen=True, eq=False)
class MilpResult:
    """`status`: optimal, feasible, infeasible or unknown, of the problem limited to the allowed pairs; its plan and lower bound."""

    status: str
    plan: Shipment | None
    bound: float


@dataclass(eq=False)
class _Rows:
    lower: list[Floats]
    upper: list[Floats]
    row: list[Positions]
    column: list[Positions]
    value: list[Floats]
    count: int = 0

    def add(self, place: Positions, column: Positions, value: npt.ArrayLike, lower: Floats, upper: Floats) -> None:
        """Rows numbered from 0 in `place`."""
        self.row.append(np.asarray(place) + self.count)
        self.column.append(np.asarray(column))
        self.value.append(np.broadcast_to(np.asarray(value, float), np.shape(column)))
        self.lower.append(lower)
        self.upper.append(upper)
        self.count += len(lower)


def solve_milp(
    problem: Problem,
    *,
    seconds: float,
    allowed: Booleans | None = None,
    start: Shipment | None = None,
    gap: float = 0.0,
    cutoff: float | None = None,
) -> MilpResult:
    """The best plan over the allowed pairs within `seconds`; `start` is a plan known before, `gap` the relative gap that suffices."""
    here = np.ones(problem.shape, bool) if allowed is None else allowed
    solver, pairs = build(problem, here)
    solver.setOptionValue("time_limit", max(0.0, seconds))
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_allow_restart", gap == 0)  # who wants a good plan soon gains nothing by a restart
    if cutoff is not None:
        solver.setOptionValue("objective_bound", cutoff)
    if start is not None:
        _set_start(solver, problem, pairs, start)
    solver.run()
    return _result(solver, problem, pairs)


def build(problem: Problem, allowed: Booleans) -> tuple[Any, tuple[Positions, Positions]]:
    """A solver with the program: columns are engagements, then flows of the allowed pairs, then choices of pairs that could clash."""
    height = len(problem.suppliers)
    supplier, demand = np.nonzero(allowed)
    flows = len(supplier)
    clashing = np.array([bool(one) for one in problem.conflicts])
    chosen = np.flatnonzero(clashing[demand])
    switch = supplier.copy()
    switch[chosen] = height + flows + np.arange(len(chosen))
    limit = np.minimum(problem.quantity[demand], problem.capacity[supplier])
    flow = height + np.arange(flows)
    rows = _Rows([], [], [], [], [])
    rows.add(demand, flow, 1.0, problem.quantity, problem.quantity)
    rows.add(
        np.concatenate([supplier, np.arange(height)]),
        np.concatenate([flow, np.arange(height)]),
        np.concatenate([np.ones(flows), -problem.capacity]),
        np.full(height, -np.inf),
        np.zeros(height),
    )
    number = np.arange(flows)
    rows.add(
        np.concatenate([number, number]),
        np.concatenate([flow, switch]),
        np.concatenate([np.ones(flows), -limit]),
        np.full(flows, -np.inf),
        np.zeros(flows),
    )
    rows.add(
        np.zeros(height, np.intp), np.arange(height), problem.capacity, np.array([problem.total]), np.array([np.inf])
    )
    if len(chosen):
        _add_cliques(rows, problem, supplier, demand, switch)
    costs = np.concatenate([problem.fixed_cost, problem.unit_cost[supplier, demand], np.zeros(len(chosen))])
    upper = np.concatenate([np.ones(height), limit, np.ones(len(chosen))])
    integral = np.concatenate([np.ones(height, bool), np.zeros(flows, bool), np.ones(len(chosen), bool)])
    solver = silent_solver()
    solver.passModel(_model(rows, costs, upper, integral))
    return solver, (supplier, demand)


def _add_cliques(rows: _Rows, problem: Problem, supplier: Positions, demand: Positions, switch: Positions) -> None:
    height, width = problem.shape
    column = np.full((height, width), -1)
    column[supplier, demand] = switch
    row_, column_, value_ = [], [], []
    count = 0
    for clique in cliques(problem):
        block = column[:, clique]
        for i in np.flatnonzero((block >= 0).sum(axis=1) > 0):
            members = block[i][block[i] >= 0]
            row_ += [count] * (len(members) + 1)
            column_ += [*members.tolist(), int(i)]
            value_ += [1.0] * len(members) + [-1.0]
            count += 1
    rows.add(
        np.array(row_, np.intp), np.array(column_, np.intp), np.array(value_), np.full(count, -np.inf), np.zeros(count)
    )


def cliques(problem: Problem) -> list[list[int]]:
    """Cliques of incompatible demands that cover every pair, greedily."""
    left = {demand: set(others) for demand, others in enumerate(problem.conflicts) if others}
    found = []
    for one, other in problem.incompatible:
        if other not in left[one]:
            continue
        clique = [one, other]
        among = problem.conflicts[one] & problem.conflicts[other]
        while among:
            following = max(sorted(among), key=lambda demand: len(among & problem.conflicts[demand]))
            clique.append(following)
            among = among & problem.conflicts[following]
        for demand in clique:
            left[demand] -= set(clique)
        found.append(clique)
    return found


def _model(rows: _Rows, costs: Floats, upper: Floats, integral: Booleans) -> highspy.HighsLp:
    row = np.concatenate(rows.row).astype(np.int64)
    order = row.argsort(kind="stable")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(costs), rows.count
    model.col_cost_, model.col_lower_, model.col_upper_ = costs, np.zeros(len(costs)), upper
    model.row_lower_, model.row_upper_ = np.concatenate(rows.lower), np.concatenate(rows.upper)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(row[order], np.arange(rows.count + 1)).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate(rows.column)[order].astype(np.int32)
    model.a_matrix_.value_ = np.concatenate(rows.value)[order].astype(float)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(one)] for one in integral]
    return model


def _set_start(solver: Any, problem: Problem, pairs: tuple[Positions, Positions], start: Shipment) -> None:
    height = len(problem.suppliers)
    quantity = np.zeros(problem.shape)
    quantity[start.open] = start.quantity
    flow = quantity[pairs]
    solution = highspy.HighsSolution()
    engaged = np.zeros(height)
    engaged[start.open] = 1.0
    clashing = np.array([bool(one) for one in problem.conflicts])
    choice = (flow[np.flatnonzero(clashing[pairs[1]])] > 0).astype(float)
    solution.col_value = np.concatenate([engaged, flow, choice]).tolist()
    solver.setSolution(solution)


def _result(solver: Any, problem: Problem, pairs: tuple[Positions, Positions]) -> MilpResult:
    status = solver.getModelStatus()
    info = solver.getInfo()
    bound = float(info.mip_dual_bound)
    if status == highspy.HighsModelStatus.kInfeasible:
        return MilpResult("infeasible", None, np.inf)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return MilpResult("unknown", None, bound)
    height = len(problem.suppliers)
    values = np.asarray(solver.getSolution().col_value)
    quantity = np.zeros(problem.shape)
    quantity[pairs] = np.maximum(0.0, values[height : height + len(pairs[0])])
    chosen = np.flatnonzero(values[:height] > 0.5)
    plan = shipment_of(problem, chosen, cleaned(problem, quantity)[chosen])
    return MilpResult("optimal" if status == highspy.HighsModelStatus.kOptimal else "feasible", plan, bound)
