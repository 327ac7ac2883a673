"""The composition of a group as a mixed-integer program whose conditions can be left out one by one. Not what is asked of it (composing.py).

Strong formulation: an offer's part of its line is bounded by the choice of the offer, and the choice by that of its partner. All
parts are shares of a line (0–1), so that lines of 10 and of 10⁶ pieces weigh alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from tashbik.network.order import Condition, Conditions, Order, Partner, PartnerOffer
from tashbik.network.transport import silent_solver

TIME_LIMIT = 20.0
OPTIONS = {
    "mip_rel_gap": 1e-6,
    "mip_allow_restart": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
}
"""Small programs that are solved at the root: restarts and the costly heuristics double their time (docs/decisions/0021)."""
PENALTY = 50.0
"""What leaving the whole order uncovered counts, in times of its cost with one more partner, where cost and coverage are weighed in one
program: a newcomer who covers less than a fiftieth of the order may be too dear."""
FREE_EPS = 1e-7


@dataclass(frozen=True, eq=False)
class Market:
    """An order with the partners and offers that may take part, indexed, and what each offer costs a unit."""

    order: Order
    partners: tuple[Partner, ...]
    offers: tuple[PartnerOffer, ...]
    conditions: Conditions
    unit_cost: tuple[float, ...]
    worth: dict[str, float]

    def partner(self, identifier: str) -> Partner:
        """A partner by its id."""
        return self.by_id[identifier]

    @property
    def by_id(self) -> dict[str, Partner]:
        """Partners by id."""
        return {one.id: one for one in self.partners}


@dataclass(eq=False)
class Choice:
    """A solution: engaged partners, the lead, parts by number of the offer, uncovered parts by line, objective, proven bound."""

    engaged: tuple[str, ...]
    lead: str
    parts: dict[int, float]
    uncovered: dict[str, float]
    objective: float
    bound: float


@dataclass(eq=False)
class _Columns:
    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)

    def add(self, upper: float, whole: bool = False) -> int:
        self.cost.append(0.0)
        self.lower.append(0.0)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1


Row = tuple[dict[int, float], float, float]


class Program:
    """The program of a market. `conditions()` names what may be left out; `solve` minimises cost or what stays uncovered."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.columns = _Columns()
        self.rows: list[tuple[Condition | None, Row]] = []
        self.engaged = {one.id: self.columns.add(1.0, True) for one in market.partners}
        self.lead = {one.id: self.columns.add(1.0 if one.can_lead else 0.0, True) for one in market.partners}
        self.used = [self.columns.add(1.0, True) for _ in market.offers]
        self.part = [self.columns.add(1.0) for _ in market.offers]
        self.open = {line.id: self.columns.add(1.0) for line in market.order.lines}
        self.line_row: dict[str, int] = {}
        self.capacity_row: dict[int, int] = {}
        self.cost_of: dict[int, float] = {}
        self._offers_of: dict[str, list[int]] = defaultdict(list)
        self._offers_to: dict[str, list[int]] = defaultdict(list)
        for number, offer in enumerate(market.offers):
            self._offers_of[offer.partner].append(number)
            self._offers_to[offer.line].append(number)
        self._set_costs()
        self._add_lines()
        self._add_offers()
        self._add_partners()
        self._add_shares()
        self._add_lead()

    def conditions(self) -> list[Condition]:
        """All conditions that can be left out, in the order in which they were set up."""
        return list(dict.fromkeys(condition for condition, _ in self.rows if condition is not None))

    def _set_costs(self) -> None:
        market = self.market
        quantity = {line.id: line.quantity for line in market.order.lines}
        for partner in market.partners:
            self.cost_of[self.engaged[partner.id]] = partner.fixed_cost
        for number, offer in enumerate(market.offers):
            self.cost_of[self.part[number]] = market.unit_cost[number] * quantity[offer.line]

    def row(self, condition: Condition | None, terms: dict[int, float], lower: float, upper: float) -> None:
        """Add a row that belongs to a condition, or (None) to the nature of things."""
        self.rows.append((condition, (terms, lower, upper)))

    def _add_lines(self) -> None:
        for line in self.market.order.lines:
            terms = {self.part[number]: 1.0 for number in self._offers_to[line.id]}
            self.line_row[line.id] = len(self.rows)
            self.row(None, {**terms, self.open[line.id]: 1.0}, 1.0, 1.0)
            self.row(Condition(kind="line", about=(line.id,)), {self.open[line.id]: 1.0}, 0.0, 0.0)
            if line.critical and self.market.conditions.sources > 1:
                needed = Condition(kind="sources", about=(line.id,), number=self.market.conditions.sources)
                self.row(needed, {self.used[n]: 1.0 for n in self._offers_to[line.id]}, needed.number or 0, np.inf)

    def _add_offers(self) -> None:
        market, wanted = self.market, self.market.conditions
        lines = {line.id: line for line in market.order.lines}
        pools: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, offer in enumerate(market.offers):
            line = lines[offer.line]
            most = min(1.0, offer.capacity / line.quantity)
            least = max(offer.minimum / line.quantity, min(most, wanted.least_part) if line.critical else 0.0)
            if least > most + 1e-12:
                self.columns.upper[self.used[number]] = 0.0
            self.capacity_row[number] = len(self.rows)
            self.row(None, {self.part[number]: 1.0, self.used[number]: -most}, -np.inf, 0.0)
            self.row(None, {self.part[number]: -1.0, self.used[number]: least}, -np.inf, 0.0)
            self.row(None, {self.used[number]: 1.0, self.engaged[offer.partner]: -1.0}, -np.inf, 0.0)
            if wanted.most_part < 1:
                bounded = Condition(kind="most_part", about=(offer.line,), number=wanted.most_part)
                self.row(bounded, {self.part[number]: 1.0}, -np.inf, wanted.most_part)
            if offer.pool:
                pools[offer.partner, offer.pool].append(number)
        for members in pools.values():
            terms = {
                self.part[n]: lines[market.offers[n].line].quantity / max(market.offers[n].capacity, 1e-12)
                for n in members
                if market.offers[n].capacity > 0
            }
            if len(terms) > 1:
                self.row(None, terms, -np.inf, 1.0)

    def _add_partners(self) -> None:
        wanted = self.market.conditions
        for partner, column in self.engaged.items():
            numbers = self._offers_of[partner]
            self.row(None, {column: 1.0, **{self.used[n]: -1.0 for n in numbers}}, -np.inf, 0.0)
            real = {self.part[n]: -1.0 for n in numbers}
            self.row(None, {column: min(wanted.least_part, 0.01), **real}, -np.inf, 0.0)
            if partner in wanted.excluded:
                self.columns.upper[column] = 0.0
            if partner in wanted.required:
                self.row(Condition(kind="required", about=(partner,)), {column: 1.0}, 1.0, 1.0)
        if wanted.max_partners is not None:
            limit = Condition(kind="max_partners", number=wanted.max_partners)
            self.row(limit, dict.fromkeys(self.engaged.values(), 1.0), -np.inf, wanted.max_partners)
        for one, other in wanted.apart:
            if one in self.engaged and other in self.engaged:
                apart = Condition(kind="apart", about=(one, other))
                self.row(apart, {self.engaged[one]: 1.0, self.engaged[other]: 1.0}, -np.inf, 1.0)

    def _add_shares(self) -> None:
        market, wanted = self.market, self.market.conditions
        total = sum(market.worth.values())
        countries = {one.id: one.place.country for one in market.partners}
        for share in wanted.countries:
            terms = {
                self.part[n]: market.worth[offer.line]
                for n, offer in enumerate(market.offers)
                if countries[offer.partner] == share.country
            }
            condition = Condition(kind="country", about=(share.country,), number=share.least or share.most)
            self.row(condition, terms, share.least * total, share.most * total + FREE_EPS * total)
        if wanted.local_content > 0:
            terms = {self.part[n]: market.worth[one.line] * one.content for n, one in enumerate(market.offers)}
            condition = Condition(kind="local_content", number=wanted.local_content)
            self.row(condition, terms, wanted.local_content * total, np.inf)
        if wanted.budget is not None:
            self.row(Condition(kind="budget", number=wanted.budget), dict(self.cost_of), -np.inf, wanted.budget)

    def _add_lead(self) -> None:
        market, wanted = self.market, self.market.conditions
        total = sum(market.worth.values())
        name = Condition(kind="lead", about=(wanted.lead,) if wanted.lead else (), number=wanted.lead_part or None)
        self.row(name, dict.fromkeys(self.lead.values(), 1.0), 1.0, 1.0)
        for partner, column in self.lead.items():
            self.row(None, {column: 1.0, self.engaged[partner]: -1.0}, -np.inf, 0.0)
            if wanted.lead and partner != wanted.lead:
                self.row(name, {column: 1.0}, 0.0, 0.0)
            if wanted.lead_part > 0:
                made = {self.part[n]: -market.worth[market.offers[n].line] for n in self._offers_of[partner]}
                self.row(name, {column: wanted.lead_part * total, **made}, -np.inf, 0.0)

    def solve(
        self,
        *,
        without: Iterable[Condition] = (),
        aim: str = "cost",
        extra: Sequence[Row] = (),
        fixed: dict[int, float] | None = None,
        gap: float | None = None,
    ) -> Choice | None:
        """The best choice without some conditions; None where there is none. `aim`: cost, uncovered (its value), both, or nothing."""
        solver = self.solver(without=without, aim=aim, extra=extra, fixed=fixed, gap=gap)
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return self._choice(np.asarray(solver.getSolution().col_value), solver)

    def solver(
        self,
        *,
        without: Iterable[Condition] = (),
        aim: str = "cost",
        extra: Sequence[Row] = (),
        fixed: dict[int, float] | None = None,
        relaxed: bool = False,
        gap: float | None = None,
    ) -> Any:
        """HiGHS with the program, not run yet; `relaxed` without integrality."""
        dropped = set(without)
        rows = [row for condition, row in self.rows if condition not in dropped] + list(extra)
        costs = np.zeros(len(self.columns.cost))
        objective = self._objective(aim)
        costs[list(objective)] = list(objective.values())
        lower, upper = np.array(self.columns.lower), np.array(self.columns.upper)
        for column, value in (fixed or {}).items():
            lower[column] = upper[column] = value
        solver = silent_solver()
        solver.setOptionValue("time_limit", TIME_LIMIT)
        for option, value in OPTIONS.items():
            solver.setOptionValue(option, value)
        if gap is not None:
            solver.setOptionValue("mip_rel_gap", gap)
        solver.passModel(_model(rows, costs, lower, upper, [] if relaxed else self.columns.whole))
        return solver

    def _objective(self, aim: str) -> dict[int, float]:
        if aim == "both":
            scale = PENALTY * self._money() / sum(self.market.worth.values())
            return self.cost_of | {column: scale * value for column, value in self.openness().items()}
        return {"cost": self.cost_of, "uncovered": self.openness(), "nothing": {}}[aim]

    def _money(self) -> float:
        """A cost that the whole order with one more partner hardly exceeds."""
        dearest: dict[str, float] = defaultdict(float)
        for number, offer in enumerate(self.market.offers):
            dearest[offer.line] = max(dearest[offer.line], self.cost_of[self.part[number]])
        fixed = max((one.fixed_cost for one in self.market.partners), default=0.0)
        return fixed + sum(dearest.values()) or 1.0

    def openness(self) -> dict[int, float]:
        """The value of what stays uncovered, as an objective or a row."""
        return {column: self.market.worth[line] for line, column in self.open.items()}

    def _choice(self, values: np.ndarray, solver: Any) -> Choice:
        info = solver.getInfo()
        parts = {n: float(values[column]) for n, column in enumerate(self.part) if values[column] > FREE_EPS}
        engaged = tuple(one for one, column in self.engaged.items() if values[column] > 0.5)
        lead = next((one for one, column in self.lead.items() if values[column] > 0.5), "")
        left = {line: float(values[column]) for line, column in self.open.items() if values[column] > FREE_EPS}
        objective = float(info.objective_function_value)
        bound = float(info.mip_dual_bound)
        return Choice(engaged, lead, parts, left, objective, min(bound, objective) if np.isfinite(bound) else objective)


def _model(
    rows: Sequence[Row], costs: np.ndarray, lower: np.ndarray, upper: np.ndarray, whole: Sequence[bool]
) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(costs), len(rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = costs, lower, upper
    model.row_lower_ = np.array([row[1] for row in rows], float)
    model.row_upper_ = np.array([row[2] for row in rows], float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) for row in rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([column for row in rows for column in row[0]], dtype=np.int32)
    model.a_matrix_.value_ = np.array([value for row in rows for value in row[0].values()], float)
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in whole]
    return model
