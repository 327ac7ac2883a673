"""An upper bound on what any plan can hold, and the requests that reach it when slots are forgotten. Places nothing."""

from __future__ import annotations

from ortools.sat.python import cp_model

from tashbik.forum.grid import Grid
from tashbik.forum.worth import Selection, must_weight


def select(grid: Grid, *, time_limit: float, workers: int = 2) -> Selection:
    """The best set of requests by limits, availability in number, tables, sessions and interpreters in number.

    A relaxation: who meets when is not asked, so that its optimum, or the solver's bound on it, bounds every plan.
    """
    model = cp_model.CpModel()
    forum = grid.forum
    hold = [model.new_bool_var("") for _ in forum.requests]
    for index, domain in enumerate(grid.domains):
        if not domain:
            model.add(hold[index] == 0)
    for person, own in enumerate(grid.of_person):
        model.add(sum(hold[index] for index in own) <= grid.limits[person])
        _limit_fixed(model, grid, hold, own)
    _limit_places(model, grid, hold)
    _limit_interpreters(model, grid, hold)
    must = must_weight(grid)
    worth = sum((one.weight + must * one.must) * hold[index] for index, one in enumerate(forum.requests))
    for own in grid.of_person:
        if own and forum.first_bonus:
            served = model.new_bool_var("")
            model.add(sum(hold[index] for index in own) >= served)
            worth += forum.first_bonus * served
    model.maximize(worth)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        loose = sum(one.weight + must * one.must for one in forum.requests) + forum.first_bonus * len(forum.people)
        return Selection(frozenset(), loose)
    chosen = frozenset(index for index, one in enumerate(hold) if solver.value(one))
    return Selection(chosen, round(solver.best_objective_bound))


def _limit_fixed(model: cp_model.CpModel, grid: Grid, hold: list[cp_model.IntVar], own: list[int]) -> None:
    """At most one of a person's requests that can only lie in the same slot."""
    alone: dict[int, list[int]] = {}
    for index in own:
        if grid.domains[index].bit_count() == 1:
            alone.setdefault(grid.domains[index], []).append(index)
    for rivals in alone.values():
        model.add_at_most_one(hold[index] for index in rivals)


def _limit_places(model: cp_model.CpModel, grid: Grid, hold: list[cp_model.IntVar]) -> None:
    """Requests that share a set of possible slots, or one within it, fit its tables."""
    everywhere = grid.mask(range(1, len(grid.bits) + 1))
    masks = {everywhere, *grid.days}
    for session in {one.session for one in grid.forum.slots}:
        masks.add(grid.mask(number for number, one in enumerate(grid.forum.slots, 1) if one.session == session))
    for mask in masks:
        inside = [hold[index] for index, domain in enumerate(grid.domains) if domain and not domain & ~mask]
        model.add(sum(inside) <= mask.bit_count() * len(grid.forum.tables))


def _limit_interpreters(model: cp_model.CpModel, grid: Grid, hold: list[cp_model.IntVar]) -> None:
    """Requests that only some interpreters can serve fit these interpreters' slots."""
    slots = len(grid.bits)
    for able in {one for one in grid.translators if one is not None}:
        inside = [
            hold[index] for index, one in enumerate(grid.translators) if one is not None and set(one) <= set(able)
        ]
        model.add(sum(inside) <= sum(slots - len(set(grid.forum.interpreters[one].unavailable)) for one in able))
