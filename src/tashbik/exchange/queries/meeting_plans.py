"""Plans of an edition's meetings as its organisers see them, what one made anew changes, and why a pair does not meet. Not wishes (meetings.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tashbik import forum
from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.forum_problem import (
    forum_of,
    held_of,
    interpreter_id,
    key_of,
    pair_of,
    person_id,
    person_of,
    problem_of,
    request_id,
)
from tashbik.exchange.models import Edition, Meeting, MeetingPlan, MeetingSlot, Participant
from tashbik.exchange.permissions import require
from tashbik.exchange.queries.participation import local_now
from tashbik.forum import Forum, Held, WhyNot
from tashbik.forum.check import Violation

APPROVED = Participant.Status.APPROVED


def plan(actor: Actor, edition: Edition, number: int) -> MeetingPlan:
    """A plan by its number. Raises NotFoundError, NotPermittedError."""
    require(actor, "participant.export", edition)
    found = edition.plans.select_related("edition__exchange", "base", "by").filter(number=number).first()
    if found is None:
        raise NotFoundError(_("There is no such plan: it may have been dropped."))
    return found


def published_plan(edition: Edition) -> MeetingPlan | None:
    """The plan in force."""
    return edition.plans.filter(status=MeetingPlan.Status.PUBLISHED).first()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two participants of a request."""

    request: str
    first: Participant
    second: Participant
    must: bool = False
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A meeting in the picture of slots and tables."""

    pair: Pair
    interpreter: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """Somebody with many gaps, and the fewest that any plan with the same meetings of theirs has."""

    participant: Participant
    value: int
    bound: int

    @property
    def unavoidable(self) -> bool:
        """Whether it is proven that there are no fewer."""
        return self.value <= self.bound


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as it is shown: slots × tables, pairs that are not held, people with many gaps, and meetings by person."""

    slots: list[MeetingSlot]
    tables: list[str]
    cells: Mapping[tuple[int, str], Cell]
    left: list[Pair]
    gaps: list[Gaps]
    held: int
    people: int
    interpreted: int

    def rows(self) -> list[tuple[MeetingSlot, list[Cell | None]]]:
        """Slot by slot, the cell at each table."""
        return [(slot, [self.cells.get((slot.number, table)) for table in self.tables]) for slot in self.slots]


def plan_view(made: MeetingPlan) -> PlanView:
    """A made plan for its page; a fixed number of queries."""
    edition, problem, held = made.edition, forum_of(made), held_of(made)
    keys = {key_of(one.id) for one in problem.people}
    people = _people(edition, keys)
    names = {interpreter_id(one.pk): one.name for one in edition.interpreters.all()}
    pairs = pairs_of(problem, people)
    taken = {one.request for one in held}
    cells = {
        (one.slot, one.table): Cell(pairs[one.request], names.get(one.interpreter, ""))
        for one in held
        if one.request in pairs
    }
    many = made.answer.get("many_gaps", {})
    return PlanView(
        slots=list(edition.slots.all()),
        tables=[one.id for one in problem.tables],
        cells=cells,
        left=sorted(
            (one for name, one in pairs.items() if name not in taken),
            key=lambda one: (not one.must, -one.weight, one.request),
        ),
        gaps=[
            Gaps(people[key_of(name)], one["value"], one["bound"])
            for name, one in many.items()
            if key_of(name) in people
        ],
        held=len(held),
        people=len({key for one in held for key in pair_of(one.request)}),
        interpreted=sum(bool(one.interpreter) for one in held),
    )


def pairs_of(problem: Forum, people: Mapping[int, Participant]) -> dict[str, Pair]:
    """The requests of a problem with their participants, by name; those of people who are gone are left out."""
    found = {}
    for one in problem.requests:
        first, second = pair_of(one.id)
        if first in people and second in people:
            found[one.id] = Pair(one.id, people[first], people[second], one.must, one.weight)
    return found


def _people(edition: Edition, keys: Iterable[int]) -> dict[int, Participant]:
    return {one.pk: one for one in edition.participants.filter(pk__in=set(keys))}


# a plan made anew


@dataclass(frozen=True, slots=True)
class Shift:
    """A meeting that lies elsewhere: where it was and where it is."""

    pair: Pair
    before: MeetingSlot
    before_table: str
    after: MeetingSlot
    after_table: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A meeting that is not held any more, or a new wish that finds no place, and why."""

    pair: Pair
    slot: MeetingSlot | None
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a plan made anew changes, and whom it touches."""

    moved: list[Shift]
    dropped: list[Loss]
    placed: list[tuple[Pair, MeetingSlot, str]]
    unplaced: list[Loss]
    touched: int
    changes: int
    bound: int
    seconds: float


def difference(made: MeetingPlan, language: str) -> Difference:
    """What a revision changes of the published plan, in words and with names."""
    edition, problem = made.edition, forum_of(made)
    before = {one.request: one for one in held_of(made.base)} if made.base else {}
    now = {one.request: one for one in held_of(made)}
    every = {*before, *now, *(one.id for one in problem.requests)}
    people = _people(edition, {key for name in every for key in pair_of(name)})
    pairs = {name: Pair(name, people[pair_of(name)[0]], people[pair_of(name)[1]]) for name in every}
    slots = {one.number: one for one in edition.slots.all()}
    why = {one.request: one for one in msgspec.convert(made.revision.get("reasons", []), list[WhyNot])}
    told = _Words(people, language, slots.values())

    def reasons(name: str) -> list[str]:
        return told.why(why[name]) if name in why else []

    moved = [
        Shift(pairs[name], slots[before[name].slot], before[name].table, slots[one.slot], one.table)
        for name, one in now.items()
        if name in before and (before[name].slot, before[name].table) != (one.slot, one.table)
    ]
    dropped = [Loss(pairs[name], slots[one.slot], reasons(name)) for name, one in before.items() if name not in now]
    placed = [(pairs[name], slots[one.slot], one.table) for name, one in now.items() if name not in before]
    added = {one["id"] for one in made.revision.get("changes", {}).get("added", [])}
    unplaced = [Loss(pairs[name], None, reasons(name)) for name in sorted(added - set(now))]
    touched = {
        key
        for name in (*(s.pair.request for s in moved), *(one.pair.request for one in dropped))
        for key in pair_of(name)
    }
    touched |= {key for pair, _slot, _table in placed for key in pair_of(pair.request)}
    revision = made.revision
    return Difference(
        moved, dropped, placed, unplaced, len(touched), revision["changed"], revision["bound"], made.answer["seconds"]
    )


# why not


class _Words:
    """Puts names of people for their keys in obstacles, and the obstacles in words."""

    def __init__(self, people: Mapping[int, Participant], language: str, slots: Iterable[MeetingSlot]) -> None:
        self._people = people
        self._language = language
        self._days = dict(enumerate(sorted({one.day for one in slots}), 1))

    def text(self, obstacle: Violation) -> str:
        """An obstacle or a way out as a phrase."""
        values = dict(obstacle.values)
        if "person" in values:
            values["person"] = self._name(key_of(str(values["person"])))
        if obstacle.kind == "limit" and not values["limit"]:  # so is one who stays away taken into a plan made on the day
            with translation.override(self._language):
                return _("%(name)s is absent, or takes no meetings.") % {"name": values["person"]}
        if "request" in values:
            first, second = pair_of(str(values["request"]))
            values["request"] = f"{self._name(first)} – {self._name(second)}"
        for name in ("time", "to"):
            if name in values:
                values[name] = self._time(str(values[name]))
        return forum.reason_text(Violation(obstacle.kind, values), self._language)

    def _time(self, label: str) -> str:
        """A slot's label, with the date for the number of its day."""
        number, between, time = label.partition(" · ")
        if not between:
            return label
        with translation.override(self._language):
            return f"{date_format(self._days[int(number)], 'j F')} {time}"

    def _name(self, key: int) -> str:
        one = self._people.get(key)
        return one.name if one is not None else str(key)

    def why(self, found: WhyNot, most: int = 3) -> list[str]:
        """The general obstacles; without any, what stands against single slots."""
        if found.general:
            return [self.text(one) for one in found.general]
        every = [self.text(one) for slot in found.slots for one in slot.obstacles]
        return list(dict.fromkeys(every))[:most]


@dataclass(frozen=True, slots=True)
class WhyView:
    """Why a pair does not meet: whether they do after all, general obstacles, slot by slot, and what would make it possible."""

    first: Participant
    second: Participant
    held: Held | None
    wished: bool
    general: list[str]
    slots: list[tuple[MeetingSlot, list[str]]]
    relax: list[str]


def why(
    actor: Actor, edition: Edition, made: MeetingPlan, first: Participant, second: Participant, language: str
) -> WhyView:
    """Why two do not meet in a plan; a pair that nobody asked for is looked at as if one of them had. Raises NotPermittedError."""
    require(actor, "participant.export", edition)
    problem, held, name = forum_of(made), held_of(made), request_id(first.pk, second.pk)
    wished = any(one.id == name for one in problem.requests)
    if not wished:
        problem = _asked_for(edition, problem, first, second)
    found = forum.why_not(problem, held, name)
    keys = {key for one in problem.requests for key in pair_of(one.id)}
    slots = {one.number: one for one in edition.slots.all()}
    told = _Words(_people(edition, keys | {first.pk, second.pk}), language, slots.values())
    return WhyView(
        first=first,
        second=second,
        held=next((one for one in held if one.request == name), None),
        wished=wished,
        general=[told.text(one) for one in found.general],
        slots=[
            (slots[one.slot], [told.text(each) for each in one.obstacles]) for one in found.slots if one.slot in slots
        ],
        relax=list(dict.fromkeys(told.text(one) for one in found.relax)),
    )


def _asked_for(edition: Edition, problem: Forum, first: Participant, second: Participant) -> Forum:
    known = {one.id for one in problem.people}
    new = tuple(person_of(one, edition) for one in (first, second) if person_id(one.pk) not in known)
    here, there = sorted((person_id(first.pk), person_id(second.pk)))
    request = forum.Request(request_id(first.pk, second.pk), here, there)
    return msgspec.structs.replace(problem, people=(*problem.people, *new), requests=(*problem.requests, request))


# the day


@dataclass(frozen=True, slots=True)
class Day:
    """What stands on the day: the first slot that is still to come, wishes and cancellations since the plan, and who has said they are away."""

    now: int
    added: int
    cancelled: list[Meeting]
    away: list[Participant]


def the_day(edition: Edition, made: MeetingPlan, moment: datetime | None = None) -> Day:
    """What a plan made anew would take into account by itself."""
    local = local_now(edition, moment)
    slots = list(edition.slots.all())
    past = [one for one in slots if (one.day, one.starts) <= (local.date(), local.time())]
    published = forum_of(made)
    asked = {one.id for one in published.requests}
    fresh = problem_of(edition)
    before = {one.id: set(one.unavailable) for one in published.people}
    away = [
        one
        for one in edition.participants.filter(status=APPROVED).exclude(unavailable=[])
        if set(one.unavailable) - before.get(person_id(one.pk), set(one.unavailable))
    ]
    since = made.published or made.created
    gone = edition.meetings.filter(status=Meeting.Status.CANCELLED, changed__gt=since).exclude(
        reason__in=("absent", "replanned")
    )
    return Day(
        now=min(len(past) + 1, len(slots)) if slots else 1,
        added=sum(one.id not in asked for one in fresh.requests),
        cancelled=list(gone.select_related("first", "second", "slot")),
        away=away,
    )


def quality(answer: Mapping[str, Any], level: str) -> tuple[int, int, float | None]:
    """Value, bound and their share (0–1) of a level of a plan; for gaps and moves the share says how near to the bound it is."""
    found = answer.get(level, {"value": 0, "bound": 0})
    value, bound = int(found["value"]), int(found["bound"])
    most, least = max(value, bound), min(value, bound)
    return value, bound, (least / most if most else 1.0)
