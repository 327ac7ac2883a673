"""Why a requested meeting is not held, slot by slot, and what would make it possible. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from tashbik.forum.check import Violation
from tashbik.forum.grid import Draft, Grid
from tashbik.forum.requests import Forum, Held, Record
from tashbik.forum.selecting import cheapest

Obstacle = Violation
"""A kind and its values, worded by `wording.reason_text`."""


class SlotReason(Record, frozen=True):
    """A slot, and all that keeps the meeting out of it (kinds: `unavailable`, `busy`, `tables`, `interpreter`, `session`, `fixed`, `order`)."""

    slot: int
    obstacles: tuple[Obstacle, ...]


class WhyNot(Record, frozen=True):
    """Why a request is not held.

    Attributes
    ----------
    general: obstacles whatever the slot: `limit`, `no-common-slot` (never available together), `no-common-free-slot`,
        `no-interpreter` (none speaks both sides' languages).
    slots: obstacles slot by slot.
    relax: single changes that would make it possible, best first: `relax-move` (move another meeting), `relax-table`,
        `relax-interpreter`, `relax-available`, `relax-session`, `relax-limit`.
    """

    request: str
    held: bool
    general: tuple[Obstacle, ...]
    slots: tuple[SlotReason, ...]
    relax: tuple[Obstacle, ...]


def draft_of(grid: Grid, meetings: Sequence[Held]) -> Draft:
    """A draft that holds these meetings. They must be a sound plan (`check_plan.plan_violations`)."""
    draft = Draft(grid)
    index_of = {one.id: index for index, one in enumerate(grid.forum.requests)}
    interpreter_of = {one.id: index for index, one in enumerate(grid.forum.interpreters)}
    for one in meetings:
        draft.put(index_of[one.request], one.slot - 1, interpreter_of.get(one.interpreter))
    return draft


def why_not(forum: Forum, meetings: Sequence[Held], request: str) -> WhyNot:
    """Why `request` is not among the meetings of a sound plan. Raises KeyError for a request that the forum does not have."""
    grid = Grid(forum)
    index = {one.id: number for number, one in enumerate(forum.requests)}[request]
    draft = draft_of(grid, meetings)
    if draft.slot[index] is not None:
        return WhyNot(request, True, (), (), ())
    slots = tuple(SlotReason(slot + 1, tuple(_obstacles(draft, index, slot))) for slot in range(len(grid.bits)))
    general = tuple(_general(draft, index))
    relax = [one for reason in slots for one in _relaxations(draft, index, reason)] if not _blocked(general) else []
    over = [one for one in general if one.kind == "limit"]
    if over:
        free = any(not reason.obstacles for reason in slots)
        relax = [Obstacle("relax-limit", {"person": one.values["person"]}) for one in over] if free else []
    order = ["relax-limit", "relax-move", "relax-table", "relax-interpreter", "relax-session", "relax-available"]
    return WhyNot(request, False, general, slots, tuple(sorted(relax, key=lambda one: order.index(one.kind))))


def _blocked(general: Sequence[Obstacle]) -> bool:
    return any(one.kind in ("limit", "no-interpreter") for one in general)


def _general(draft: Draft, index: int) -> list[Obstacle]:
    grid = draft.grid
    first, second = grid.pairs[index]
    found = []
    for person in (first, second):
        if draft.held[person] >= grid.limits[person]:
            found.append(Obstacle("limit", {"person": grid.forum.people[person].id, "limit": grid.limits[person]}))
    if grid.translators[index] == ():
        found.append(Obstacle("no-interpreter", {"request": grid.forum.requests[index].id}))
    both = grid.open[first] & grid.open[second]
    if not both:
        found.append(Obstacle("no-common-slot", {}))
    elif not both & ~draft.busy[first] & ~draft.busy[second]:
        found.append(Obstacle("no-common-free-slot", {}))
    return found


def _obstacles(draft: Draft, index: int, slot: int) -> list[Obstacle]:
    """All that keeps a request out of a slot (index from 0)."""
    grid, bit = draft.grid, draft.grid.bits[slot]
    request, time = grid.forum.requests[index], _time(grid, slot)
    found = []
    for person in grid.pairs[index]:
        name = grid.forum.people[person].id
        if not grid.open[person] & bit:
            found.append(Obstacle("unavailable", {"person": name, "time": time}))
        elif slot in draft.at[person]:
            other = grid.forum.requests[draft.at[person][slot]].id
            found.append(Obstacle("busy", {"person": name, "time": time, "request": other}))
    if draft.taken[slot] >= len(grid.forum.tables):
        found.append(Obstacle("tables", {"time": time, "tables": len(grid.forum.tables)}))
    if request.fixed is not None and request.fixed != slot + 1:
        found.append(Obstacle("fixed", {"time": _time(grid, request.fixed - 1)}))
    if request.session and grid.forum.slots[slot].session != request.session:
        found.append(Obstacle("session", {"time": time, "session": request.session}))
    if not draft.in_order(index, slot):
        found.append(Obstacle("order", {"time": time}))
    if grid.translators[index] is not None and not draft.interpretable(index, slot):
        found.append(Obstacle("interpreter", {"time": time}))
    return found


def _relaxations(draft: Draft, index: int, reason: SlotReason) -> list[Obstacle]:
    """What one change would open this slot."""
    if len(reason.obstacles) != 1:
        return []
    only, slot = reason.obstacles[0], reason.slot - 1
    time = _time(draft.grid, slot)
    match only.kind:
        case "busy":
            rival = draft.at[draft.grid.index_of[str(only.values["person"])]][slot]
            to = _elsewhere(draft, rival)
            values: dict[str, int | str] = {"request": only.values["request"], "time": time}
            return [] if to is None else [Obstacle("relax-move", values | {"to": _time(draft.grid, to)})]
        case "tables":
            return [Obstacle("relax-table", {"time": time})]
        case "interpreter":
            return [Obstacle("relax-interpreter", {"time": time})]
        case "unavailable":
            return [Obstacle("relax-available", {"person": only.values["person"], "time": time})]
        case "session":
            return [Obstacle("relax-session", {"time": time})]
        case _:
            return []


def _elsewhere(draft: Draft, rival: int) -> int | None:
    """Another slot for a meeting that is not fixed, with everything else as it is."""
    if draft.grid.forum.requests[rival].fixed is not None:
        return None
    slot = draft.take(rival)
    domain = draft.grid.domains[rival]
    draft.grid.domains[rival] = domain & ~draft.grid.bits[slot]
    to = cheapest(draft, rival)
    draft.grid.domains[rival] = domain
    draft.put(rival, slot)
    return to


def _time(grid: Grid, slot: int) -> str:
    """The slot's label, with its day where there is more than one."""
    facts = grid.forum.slots[slot]
    label = facts.label or str(slot + 1)
    return label if len(grid.days) < 2 else f"{facts.day} · {label}"
