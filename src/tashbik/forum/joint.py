"""Choosing and placing in one exact model (CP-SAT), for forums that are small enough. Starts from a draft, proves or improves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from tashbik.forum.grid import Draft, Grid
from tashbik.forum.selecting import restore, slots_in
from tashbik.forum.worth import must_weight, total_worth

Expression = Any
"""A linear expression of CP-SAT, whose stubs do not agree with `sum`."""
LARGEST = 12_000
"""Requests × slots up to which the model is worth its time (on two cores in a minute)."""


@dataclass
class Joint:
    """The model: who is held, who lies where."""

    grid: Grid
    model: cp_model.CpModel
    hold: list[cp_model.IntVar]
    at: dict[tuple[int, int], cp_model.IntVar]
    worth: Expression
    gaps: Expression


def proven_worth(joint: Joint, draft: Draft, *, time_limit: float) -> int:
    """Raise what the draft is worth, in place; the bound that no plan can exceed."""
    joint.model.maximize(joint.worth)
    solver = _solved(joint, draft, time_limit)
    if solver is None:
        return sum(one.weight + must_weight(joint.grid) * one.must for one in joint.grid.forum.requests) + (
            joint.grid.forum.first_bonus * len(joint.grid.forum.people)
        )
    return round(solver.best_objective_bound)


def proven_gaps(joint: Joint, draft: Draft, *, time_limit: float) -> int:
    """Lessen the gaps of the draft, in place, at no loss of worth; the bound below which no plan of that worth can go."""
    held = {one for one, slot in enumerate(draft.slot) if slot is not None}
    joint.model.add(joint.worth >= total_worth(joint.grid, held))
    joint.model.minimize(joint.gaps)
    solver = _solved(joint, draft, time_limit)
    return 0 if solver is None else max(0, round(solver.best_objective_bound))


def joint_model(grid: Grid) -> Joint:
    """Variables and constraints of choosing and placing."""
    model = cp_model.CpModel()
    at = {(one, slot): model.new_bool_var("") for one, mask in enumerate(grid.domains) for slot in slots_in(grid, mask)}
    hold = [model.new_bool_var("") for _ in grid.pairs]
    for one, mask in enumerate(grid.domains):
        model.add(sum(at[one, slot] for slot in slots_in(grid, mask)) == hold[one])
    for slot in range(len(grid.bits)):
        here = [var for (_, when), var in at.items() if when == slot]
        model.add(sum(here) <= len(grid.forum.tables))
        _interpret(model, grid, at, slot)
    gaps: Expression = 0
    for person, own in enumerate(grid.of_person):
        model.add(sum(hold[one] for one in own) <= grid.limits[person])
        gaps = gaps + _count_gaps(model, grid, at, own)
    _order(model, grid, at)
    must = must_weight(grid)
    worth: Expression = sum(
        (one.weight + must * one.must) * hold[index] for index, one in enumerate(grid.forum.requests)
    )
    for own in grid.of_person:
        if own and grid.forum.first_bonus:
            served = model.new_bool_var("")
            model.add(sum(hold[one] for one in own) >= served)
            worth = worth + grid.forum.first_bonus * served
    return Joint(grid, model, hold, at, worth, gaps)


def _count_gaps(
    model: cp_model.CpModel, grid: Grid, at: dict[tuple[int, int], cp_model.IntVar], own: list[int]
) -> Expression:
    """A person's gaps: starts of runs, less days on which he is busy; he is in one meeting a slot at most."""
    total: Expression = 0
    busy: list[Expression] = []
    days: dict[int, list[int]] = {}
    for slot, facts in enumerate(grid.forum.slots):
        here = [at[one, slot] for one in own if (one, slot) in at]
        if len(here) > 1:
            model.add_at_most_one(here)
        busy.append(sum(here))
        if here:
            days.setdefault(facts.day, []).append(slot)
    for slots in days.values():
        active = model.new_bool_var("")
        model.add(sum(busy[slot] for slot in slots) >= active)
        total = total - active
        for slot in slots:
            start = model.new_bool_var("")
            model.add(start >= (busy[slot] - busy[slot - 1] if slot - 1 in slots else busy[slot]))
            total = total + start
    return total


def _interpret(model: cp_model.CpModel, grid: Grid, at: dict[tuple[int, int], cp_model.IntVar], slot: int) -> None:
    """Each meeting of a slot that needs an interpreter has one for itself."""
    load: dict[int, list[cp_model.IntVar]] = {}
    for one, able in enumerate(grid.translators):
        if able is None or (one, slot) not in at:
            continue
        served = []
        for index in able:
            if slot + 1 not in grid.forum.interpreters[index].unavailable:
                served.append(model.new_bool_var(""))
                load.setdefault(index, []).append(served[-1])
        model.add(sum(served) == at[one, slot])
    for users in load.values():
        model.add_at_most_one(users)


def _order(model: cp_model.CpModel, grid: Grid, at: dict[tuple[int, int], cp_model.IntVar]) -> None:
    for one, names in enumerate(grid.before):
        for before in names:
            for slot in slots_in(grid, grid.domains[one]):
                for other in slots_in(grid, grid.domains[before]):
                    if other >= slot:
                        model.add_at_most_one(at[one, slot], at[before, other])


def _solved(joint: Joint, draft: Draft, time_limit: float) -> cp_model.CpSolver | None:
    """Solve from the draft and bring the draft to what was found; None where nothing was."""
    joint.model.clear_hints()  # type: ignore[no-untyped-call]
    for (one, slot), var in joint.at.items():
        joint.model.add_hint(var, draft.slot[one] == slot)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, time_limit)
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = 1
    if solver.solve(joint.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    slots: list[int | None] = [None] * len(draft.slot)
    for (one, slot), var in joint.at.items():
        if solver.value(var):
            slots[one] = slot
    keep = list(draft.slot)
    restore(draft, slots)
    _keep_better(joint, draft, keep)
    return solver


def _keep_better(joint: Joint, draft: Draft, before: list[int | None]) -> None:
    """Go back where the solver, out of time, returned less than the draft had."""

    def rank(slots: list[int | None]) -> int:
        return total_worth(joint.grid, {one for one, slot in enumerate(slots) if slot is not None})

    now, worth = draft.gaps(), rank(draft.slot)
    after = list(draft.slot)
    restore(draft, before)
    if (rank(before), -draft.gaps()) < (worth, -now):
        restore(draft, after)
