"""Plans a forum: musts, wishes, gaps, moves, each as good as can be before the next, each with its bound. The steps are modules."""

from __future__ import annotations

import time
from typing import Literal

from tashbik.errors import InputError
from tashbik.forum.compacting import MOST, compacted, fewest_gaps
from tashbik.forum.grid import Draft, Grid
from tashbik.forum.joint import LARGEST, joint_model, proven_gaps, proven_worth
from tashbik.forum.requests import Forum, Held, Level, Plan, checked
from tashbik.forum.seating import least_moves, moves_of, seated
from tashbik.forum.selecting import filled
from tashbik.forum.selection_bound import select
from tashbik.forum.worth import Selection, must_weight, total_worth, worth_of


def plan(forum: Forum, *, time_limit: float = 60.0) -> Plan:
    """The best plan found within `time_limit` (wall seconds), and how far from the best possible it can be at each level.

    Small forums (requests × slots up to `joint.LARGEST`) are solved exactly as far as the time goes; larger ones by a relaxation, ejection
    chains and annealing, whose bounds are those of the relaxation. Raises InputError for a forum whose parts do not fit together.
    """
    if not time_limit > 0:
        raise InputError(f"is {time_limit}", field="--time-limit", mend="expected seconds, more than 0")
    started = time.monotonic()
    grid = Grid(checked(forum))
    exact = len(grid.pairs) * len(grid.bits) <= LARGEST
    share = time_limit * (0.1 if exact else 0.3)
    selection = select(grid, time_limit=share)
    draft = filled(grid, selection, until=started + 2 * share)
    compacted(draft, until=started + time_limit * (0.25 if exact else 0.85))
    worth_bound, gap_bound = selection.bound, 0
    if exact and not _is_best(draft, selection):
        joint = joint_model(grid)
        left = time_limit - (time.monotonic() - started)
        worth_bound = min(worth_bound, proven_worth(joint, draft, time_limit=left * 0.45))
        left = time_limit - (time.monotonic() - started)
        gap_bound = proven_gaps(joint, draft, time_limit=left * 0.9)
    return _told(draft, worth_bound, gap_bound, time.monotonic() - started)


def _is_best(draft: Draft, selection: Selection) -> bool:
    held = {one for one, slot in enumerate(draft.slot) if slot is not None}
    return total_worth(draft.grid, held) >= selection.bound and draft.gaps() == 0


def _told(draft: Draft, worth_bound: int, gap_bound: int, seconds: float) -> Plan:
    """The draft as a plan, with tables and interpreters."""
    grid = draft.grid
    musts, wishes = worth_of(grid, {one for one, slot in enumerate(draft.slot) if slot is not None})
    must_bound, rest = divmod(worth_bound, must_weight(grid))
    wish_bound = rest if musts == must_bound else must_weight(grid) - 1
    table = seated(draft)
    levels = (
        Level(musts, must_bound),
        Level(wishes, wish_bound),
        Level(draft.gaps(), gap_bound),
        Level(moves_of(draft, table), least_moves(draft)),
    )
    proven = all(one.value == one.bound for one in levels)
    status: Literal["optimal", "feasible"] = "optimal" if proven else "feasible"
    return Plan(status, *levels, meetings_of(draft, table), round(seconds, 3), _many_gaps(draft))


def _many_gaps(draft: Draft) -> dict[str, Level]:
    """People with more gaps than MOST, with the fewest that they can have."""
    gaps = [draft.grid.gaps(busy) for busy in draft.busy]
    people = draft.grid.forum.people
    return {people[one].id: Level(many, fewest_gaps(draft, one)) for one, many in enumerate(gaps) if many > MOST}


def meetings_of(draft: Draft, table: list[int | None]) -> tuple[Held, ...]:
    """The held meetings in the order of time, with the names of tables and interpreters."""
    forum = draft.grid.forum
    serves = {request: one for serving in draft.serving for one, request in serving.items()}
    found = []
    for request, slot in enumerate(draft.slot):
        at = table[request]
        if slot is not None and at is not None:
            name = forum.interpreters[serves[request]].id if request in serves else ""
            found.append(Held(forum.requests[request].id, slot + 1, forum.tables[at].id, name))
    return tuple(sorted(found, key=lambda one: (one.slot, one.table)))
