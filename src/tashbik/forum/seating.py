"""Which table each meeting gets, so that people change tables seldom. Slots are given and stay."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from ortools.graph.python import linear_sum_assignment

from tashbik.forum.grid import Draft

SWEEPS = 4
"""Passes over all slots; each slot is assigned exactly, given the others."""
MOVE, HALL = 8, 1
"""Costs of a change of table and, to break ties, of hall."""


def seated(draft: Draft) -> list[int | None]:
    """The table (index from 0) of each held request: slot by slot an assignment problem, again until nothing gets better."""
    followers = _followers(draft)
    table: list[int | None] = [None] * len(draft.slot)
    by_slot: list[list[int]] = [[] for _ in draft.grid.bits]
    for request, slot in enumerate(draft.slot):
        if slot is not None:
            by_slot[slot].append(request)
    fewest = None
    for _ in range(SWEEPS):
        for here in by_slot:
            _seat(draft, here, followers, table)
        moves = moves_of(draft, table)
        if fewest is not None and moves >= fewest:
            break
        fewest = moves
    return table


def moves_of(draft: Draft, table: list[int | None]) -> int:
    """Changes of table between a person's meetings that follow each other in a day."""
    return sum(table[one] != table[two] for one, two in _steps(draft))


def least_moves(draft: Draft) -> int:
    """A lower bound on the moves of any seating with these slots.

    Two steps into one meeting from two meetings of the same slot cannot both keep the table; nor can two steps out of one.
    """
    into: dict[tuple[int, int | None], set[int]] = {}
    out: dict[tuple[int, int | None], set[int]] = {}
    for one, two in _steps(draft):
        into.setdefault((two, draft.slot[one]), set()).add(one)
        out.setdefault((one, draft.slot[two]), set()).add(two)
    return max(sum(len(one) - 1 for one in side.values()) for side in (into, out))


def _steps(draft: Draft) -> list[tuple[int, int]]:
    """Pairs of requests that follow each other in some person's day."""
    found = []
    for own in draft.at:
        slots = sorted(own)
        for earlier, later in pairwise(slots):
            if draft.grid.forum.slots[earlier].day == draft.grid.forum.slots[later].day:
                found.append((own[earlier], own[later]))
    return found


def _followers(draft: Draft) -> dict[int, list[int]]:
    """For each request those that come directly before or after it for one of its people."""
    found: dict[int, list[int]] = {}
    for one, two in _steps(draft):
        found.setdefault(one, []).append(two)
        found.setdefault(two, []).append(one)
    return found


def _seat(draft: Draft, here: list[int], followers: dict[int, list[int]], table: list[int | None]) -> None:
    """Assign the meetings of one slot to tables at least cost, given the tables of the meetings before and after."""
    tables = draft.grid.forum.tables
    if not here:
        return
    cost = np.zeros((len(tables), len(tables)), dtype=np.int64)
    halls = np.array(_halls(draft))
    for row, request in enumerate(here):
        for other in followers.get(request, ()):
            at = table[other]
            if at is not None:
                cost[row] += MOVE + HALL * (halls != halls[at])
                cost[row, at] -= MOVE
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    left, right = np.divmod(np.arange(cost.size), len(tables))
    solver.add_arcs_with_cost(left.astype(np.int32), right.astype(np.int32), cost.ravel())
    if solver.solve() != solver.OPTIMAL:
        raise AssertionError("an assignment with all arcs has a solution")
    for row, request in enumerate(here):
        table[request] = solver.right_mate(row)


def _halls(draft: Draft) -> list[int]:
    names: dict[str, int] = {}
    return [names.setdefault(one.hall, len(names)) for one in draft.grid.forum.tables]
