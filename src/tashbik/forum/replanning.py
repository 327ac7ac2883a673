"""Plans anew on the day: absences, late arrivals, added and cancelled requests, with as few published meetings changed as can be."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import msgspec

from tashbik.errors import InputError
from tashbik.forum.check_plan import plan_violations
from tashbik.forum.grid import Draft, Grid
from tashbik.forum.reasons import WhyNot, draft_of, why_not
from tashbik.forum.requests import Forum, Held, Person, Record, Request, checked
from tashbik.forum.selecting import REACH, place

TIME_LIMIT = 2.0


class Absence(Record, frozen=True):
    """Somebody is not there from a slot to another (None: to the end): a no-show, a late arrival, an early departure."""

    person: str
    first: int = 1
    last: int | None = None


class Changes(Record, frozen=True):
    """What is different from what was planned. Slots before `now` are past: what was planned in them stays."""

    now: int = 1
    absences: tuple[Absence, ...] = ()
    people: tuple[Person, ...] = ()
    added: tuple[Request, ...] = ()
    cancelled: tuple[str, ...] = ()
    refill: bool = True
    """Whether requests that were not held may take places that have become free."""


class Move(Record, frozen=True):
    """A published meeting that is held in another slot now."""

    request: str
    before: int
    after: int


class Revision(Record, frozen=True):
    """The new plan and what it changes.

    Attributes
    ----------
    forum: the forum with the changes in it.
    meetings: all that are held, those of the past included.
    moved, dropped: published meetings that lie elsewhere or are not held any more; cancelled ones are in neither.
    placed: requests that were not held before.
    changes: published meetings changed, moved or dropped.
    bound: changes that no plan can avoid, because somebody is absent.
    reasons: why each dropped or added request is not held.
    """

    forum: Forum
    meetings: tuple[Held, ...]
    moved: tuple[Move, ...]
    dropped: tuple[str, ...]
    placed: tuple[str, ...]
    changes: int
    bound: int
    reasons: tuple[WhyNot, ...]
    seconds: float


def replan(forum: Forum, meetings: Iterable[Held], changes: Changes, *, time_limit: float = TIME_LIMIT) -> Revision:
    """The published meetings with as few changes as found within `time_limit` (wall seconds).

    Meetings that cannot stay, and added requests, are placed in free slots if there are any; only where there are none is another
    meeting moved, then two, then three. Tables and interpreters of meetings that stay do not change as long as there is a way.
    Raises InputError for changes that name what is not there, or for published meetings that are no sound plan.
    """
    started = time.monotonic()
    published = tuple(meetings)
    wrong = plan_violations(forum, published)
    if wrong:
        raise InputError(f"the published plan is not sound: {wrong[0].kind} {wrong[0].values}", mend="check it first")
    revised = _revised(forum, changes)
    draft, stay, broken = _as_published(revised, published, changes)
    asked = [one.id for one in changes.added]
    _place_all(draft, [one.request for one in broken] + asked, started + time_limit * 0.8)
    if changes.refill:
        _refill(draft, set(changes.cancelled), started + time_limit * 0.8)
    held = _seated_again(draft, {one.request: one for one in published}, {one.request for one in stay})
    return _revision(revised, published, held, broken, changes, started)


def _revised(forum: Forum, changes: Changes) -> Forum:
    """The forum with the changes; a cancelled request leaves it."""
    names = {one.id for one in forum.people} | {one.id for one in changes.people}
    absent: dict[str, set[int]] = {}
    for one in changes.absences:
        if one.person not in names:
            raise InputError(
                f"{one.person!r} is no participant", field="absences.person", mend="expected an id of people"
            )
        last = len(forum.slots) if one.last is None else one.last
        absent.setdefault(one.person, set()).update(
            range(max(1, one.first, changes.now), min(last, len(forum.slots)) + 1)
        )
    unknown = set(changes.cancelled) - {one.id for one in forum.requests}
    if unknown:
        raise InputError(f"{min(unknown)!r} is no request", field="cancelled", mend="expected ids of requests")
    people = tuple(
        msgspec.structs.replace(one, unavailable=tuple(sorted({*one.unavailable, *absent[one.id]})))
        if one.id in absent
        else one
        for one in (*forum.people, *changes.people)
    )
    gone = set(changes.cancelled)
    requests = tuple(
        msgspec.structs.replace(one, after=tuple(name for name in one.after if name not in gone))
        for one in (*forum.requests, *changes.added)
        if one.id not in gone
    )
    return checked(msgspec.structs.replace(forum, people=people, requests=requests))


def _as_published(forum: Forum, published: tuple[Held, ...], changes: Changes) -> tuple[Draft, list[Held], list[Held]]:
    """A draft of what can stay, with the past beyond reach; what stays, and what cannot."""
    grid = Grid(forum)
    index_of = {one.id: index for index, one in enumerate(forum.requests)}
    stay: list[Held] = []
    broken: list[Held] = []
    for one in published:
        if one.request not in index_of:
            continue
        possible = grid.domains[index_of[one.request]] & grid.bits[one.slot - 1]
        (stay if possible or one.slot < changes.now else broken).append(one)
    future = grid.mask(range(changes.now, len(grid.bits) + 1))
    grid.domains = [mask & future for mask in grid.domains]
    for one in stay:
        if one.slot < changes.now:
            grid.domains[index_of[one.request]] = grid.bits[one.slot - 1]
    return draft_of(grid, stay), stay, broken


def _place_all(draft: Draft, names: list[str], until: float) -> None:
    """Place requests, musts and heavy ones first: all without moving others, then the rest by moving one, two, three."""
    forum, rng = draft.grid.forum, random.Random(1)
    index_of = {one.id: index for index, one in enumerate(forum.requests)}
    waiting = sorted(
        (index_of[name] for name in names if name in index_of),
        key=lambda one: (not forum.requests[one].must, -forum.requests[one].weight, draft.free(one).bit_count()),
    )
    for reach in range(REACH + 1):
        for one in list(waiting):
            if time.monotonic() > until:
                return
            if draft.below_limits(one) and place(draft, one, rng, reach):
                waiting.remove(one)


def _refill(draft: Draft, cancelled: set[str], until: float) -> None:
    """Requests that were not held take what is free, heavy ones first; nothing is moved for them."""
    forum = draft.grid.forum
    waiting = [one for one, slot in enumerate(draft.slot) if slot is None and forum.requests[one].id not in cancelled]
    for one in sorted(waiting, key=lambda one: (not forum.requests[one].must, -forum.requests[one].weight)):
        if time.monotonic() > until:
            return
        if draft.below_limits(one):
            place(draft, one, random.Random(1), 0)


def _seated_again(draft: Draft, before: dict[str, Held], stay: set[str]) -> tuple[Held, ...]:
    """Tables: those who stay keep theirs, others get a free one, if possible where one of the two sits before or after."""
    forum = draft.grid.forum
    table: dict[int, str] = {}
    taken: set[tuple[int, str]] = set()
    for request, slot in enumerate(draft.slot):
        name = forum.requests[request].id
        if slot is not None and name in stay and before[name].slot == slot + 1:
            table[request] = before[name].table
            taken.add((slot, before[name].table))
    for request, slot in enumerate(draft.slot):
        if slot is None or request in table:
            continue
        free = [one.id for one in forum.tables if (slot, one.id) not in taken]
        near = {
            table.get(draft.at[person].get(at, -1))
            for person in draft.grid.pairs[request]
            for at in (slot - 1, slot + 1)
        }
        table[request] = next((one for one in free if one in near), free[0])
        taken.add((slot, table[request]))
    serves = {request: forum.interpreters[one].id for serving in draft.serving for one, request in serving.items()}
    held = (
        Held(forum.requests[one].id, slot + 1, table[one], serves.get(one, ""))
        for one, slot in enumerate(draft.slot)
        if slot is not None
    )
    return tuple(sorted(held, key=lambda one: (one.slot, one.table)))


def _revision(
    forum: Forum,
    published: tuple[Held, ...],
    held: tuple[Held, ...],
    broken: list[Held],
    changes: Changes,
    started: float,
) -> Revision:
    now = {one.request: one for one in held}
    known = {one.id for one in forum.requests}
    moved = tuple(
        Move(one.request, one.slot, now[one.request].slot)
        for one in published
        if one.request in now and now[one.request].slot != one.slot
    )
    dropped = tuple(one.request for one in published if one.request in known and one.request not in now)
    before = {one.request for one in published}
    missing = [*dropped, *(one.id for one in changes.added if one.id not in now)]
    future = [one for one in held if one.slot >= changes.now]
    reasons = tuple(_why(forum, tuple(future), name, changes.now) for name in missing)
    return Revision(
        forum=forum,
        meetings=held,
        moved=moved,
        dropped=dropped,
        placed=tuple(one.request for one in held if one.request not in before),
        changes=len(moved) + len(dropped),
        bound=len(broken),
        reasons=reasons,
        seconds=round(time.monotonic() - started, 3),
    )


def _why(forum: Forum, held: tuple[Held, ...], name: str, now: int) -> WhyNot:
    """The reasons, of the slots that are still to come."""
    found = why_not(forum, held, name)
    return msgspec.structs.replace(
        found,
        slots=tuple(one for one in found.slots if one.slot >= now),
    )
