"""An edition as the planner's problem, and the planner's answers as rows again. Not the planning (forum) nor the deciding (verbs.planning)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from tashbik.exchange.models import (
    Edition,
    MeetingCondition,
    MeetingPlan,
    MeetingSlot,
    MeetingTable,
    MeetingWish,
    Participant,
)
from tashbik.forum import Forum, Held, Interpreter, Person, Request, Slot, Table, Wish, requests_of

PROPOSED = 1
"""Weight of a meeting that only the engine proposes: below the wish of one side."""
PROPOSED_FROM = 40.0
"""Score (0–100) from which a proposal is worth a meeting of its own."""

_KINDS: dict[str, Literal["must", "want", "no"]] = {"must": "must", "want": "want", "no": "no"}


def person_id(key: int) -> str:
    """A participant's name in the problem; of equal length, so that names sort as keys do."""
    return f"p{key:09d}"


def key_of(person: str) -> int:
    """The participant's key of a name in the problem."""
    return int(person[1:])


def request_id(first: int, second: int) -> str:
    """A pair's name in the problem."""
    return "|".join(sorted((person_id(first), person_id(second))))


def pair_of(request: str) -> tuple[int, int]:
    """The keys of a request's pair, the smaller first."""
    first, _, second = request.partition("|")
    return key_of(first), key_of(second)


def interpreter_id(key: int) -> str:
    """An interpreter's name in the problem."""
    return f"i{key}"


def problem_of(edition: Edition, *, proposals: bool = False) -> Forum:
    """The problem: slots, approved participants, requests from their wishes (with `proposals` also the engine's), tables, interpreters."""
    people = {one.pk: one for one in edition.participants.filter(status=Participant.Status.APPROVED)}
    requests = {one.id: one for one in _wished(edition, people)}
    if proposals:
        requests = {**_proposed(edition, people), **requests}
        for refused in _refused(edition):
            requests.pop(refused, None)
    conditions = list(edition.conditions.select_related("slot", "after"))
    asked = _conditioned(requests, conditions)
    wanted = {name for one in asked for name in (one.first, one.second)}
    return Forum(
        slots=slots_of(edition),
        people=tuple(person_of(one, edition) for one in people.values() if person_id(one.pk) in wanted),
        requests=tuple(asked),
        tables=tuple(table_of(one) for one in edition.tables.select_related("room")),
        interpreters=tuple(
            Interpreter(interpreter_id(one.pk), tuple(one.languages), tuple(one.unavailable))
            for one in edition.interpreters.all()
        ),
    )


def slots_of(edition: Edition) -> tuple[Slot, ...]:
    """The slots, with the day they are of counted from 1."""
    rows = list(edition.slots.all())
    days = {day: number for number, day in enumerate(sorted({one.day for one in rows}), 1)}
    return tuple(Slot(f"{one.starts:%H:%M}", days[one.day], one.session) for one in rows)


def person_of(participant: Participant, edition: Edition) -> Person:
    """A participant as the planner sees them."""
    limit = edition.meeting_limit if participant.meeting_limit is None else participant.meeting_limit
    return Person(person_id(participant.pk), tuple(participant.languages), limit, tuple(participant.unavailable))


def table_of(table: MeetingTable) -> Table:
    """A table with its hall; its label is its name in the problem."""
    return Table(table.label, str(table.room or ""))


def _wished(edition: Edition, people: Mapping[int, Participant]) -> list[Request]:
    rows = edition.wishes.values_list("by_id", "about_id", "kind")
    return requests_of(
        Wish(person_id(by), person_id(about), _KINDS[kind])
        for by, about, kind in rows
        if by in people and about in people
    )


def _refused(edition: Edition) -> set[str]:
    rows = edition.wishes.filter(kind=MeetingWish.Kind.NO).values_list("by_id", "about_id")
    return {request_id(by, about) for by, about in rows}


def _proposed(edition: Edition, people: Mapping[int, Participant]) -> dict[str, Request]:
    rows = edition.proposals.filter(score__gte=PROPOSED_FROM, met_before=False).values_list("first_id", "second_id")
    found = {}
    for first, second in rows:
        if first in people and second in people:
            name = request_id(first, second)
            here, there = sorted((person_id(first), person_id(second)))
            found[name] = Request(name, here, there, PROPOSED)
    return found


def _conditioned(requests: Mapping[str, Request], conditions: Iterable[MeetingCondition]) -> list[Request]:
    """The requests with what the organiser fixed for them."""
    found = dict(requests)
    for one in conditions:
        name = request_id(one.first_id, one.second_id)
        if name not in found:
            continue
        before = request_id(one.after.first_id, one.after.second_id) if one.after else ""
        found[name] = msgspec.structs.replace(
            found[name],
            session=one.session,
            fixed=one.slot.number if one.slot else None,
            after=(before,) if before in requests else (),
        )
    return list(found.values())


# plans as they are stored


def forum_of(plan: MeetingPlan) -> Forum:
    """The problem of a plan as records."""
    return msgspec.convert(plan.problem, Forum)


def held_of(plan: MeetingPlan) -> tuple[Held, ...]:
    """The meetings of a plan as records."""
    return msgspec.convert(plan.answer.get("meetings", []), tuple[Held, ...])


def plain(record: Any) -> dict[str, Any]:
    """A record as JSON values."""
    found: dict[str, Any] = msgspec.to_builtins(record)
    return found


def slots_by_number(edition: Edition) -> dict[int, MeetingSlot]:
    """The slots of an edition by number."""
    return {one.number: one for one in edition.slots.all()}
