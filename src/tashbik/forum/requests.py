"""The records of the forum's own problem: which requested meetings to hold, when, at which table, with which interpreter.

They are also its JSON file (see docs/forum-scheduling.md). Slots are numbered from 1 in the order of time; people, requests, tables
and interpreters have names. Nothing is solved here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from tashbik.errors import HostileInputError, InputError

WANT, MUTUAL, FIRST = 2, 5, 4
"""Weights: of a wish of one side, of a wish of both, and what a person's first meeting counts on top, so that nobody goes
home without one while others have many."""
LARGEST = 1_000_000
"""Requests × slots beyond which a forum is refused."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all of them are: immutable, strict about their fields."""


class Slot(Record, frozen=True):
    """A slot of time: its label ("10:30"), its day (gaps do not run over a night), its session (any name)."""

    label: str = ""
    day: int = 1
    session: str = ""


class Person(Record, frozen=True):
    """A participant: languages (none: needs no interpreter), most meetings, slots in which he is not available."""

    id: str
    languages: tuple[str, ...] = ()
    limit: int | None = None
    unavailable: tuple[int, ...] = ()


class Request(Record, frozen=True):
    """A meeting that is asked for. `must` goes before all weights; `after` names requests that, if held, come before it."""

    id: str
    first: str
    second: str
    weight: int = WANT
    must: bool = False
    session: str = ""
    fixed: int | None = None
    after: tuple[str, ...] = ()


class Table(Record, frozen=True):
    """A table, and the hall in which it stands."""

    id: str
    hall: str = ""


class Interpreter(Record, frozen=True):
    """An interpreter between any two of his languages."""

    id: str
    languages: tuple[str, ...]
    unavailable: tuple[int, ...] = ()


class Forum(Record, frozen=True, omit_defaults=False):
    """The whole problem. `first_bonus` is what a person's first meeting counts on top of its weight."""

    slots: tuple[Slot, ...]
    people: tuple[Person, ...]
    requests: tuple[Request, ...]
    tables: tuple[Table, ...]
    interpreters: tuple[Interpreter, ...] = ()
    first_bonus: int = FIRST
    format: Literal["tashbik-forum"] = "tashbik-forum"


class Held(Record, frozen=True):
    """A meeting that is held: slot from 1, names of table and interpreter (empty: none is needed)."""

    request: str
    slot: int
    table: str
    interpreter: str = ""


class Level(Record, frozen=True):
    """A level of the objective: its value, and the bound that no plan can pass given the levels before it."""

    value: int
    bound: int


class Plan(Record, frozen=True):
    """Meetings of a forum, and how good they are, level by level.

    `musts` and `wishes` (weights and bonuses) are maximised, `gaps` (breaks within days) and then `moves` (changes of table between a
    person's meetings that follow each other in a day) minimised. `status` is `optimal` where every level meets its bound.
    `many_gaps` names people with more than two gaps, each with the fewest that any plan with his meetings has.
    """

    status: Literal["optimal", "feasible"]
    musts: Level
    wishes: Level
    gaps: Level
    moves: Level
    meetings: tuple[Held, ...]
    seconds: float = 0.0
    many_gaps: dict[str, Level] = {}


class Wish(Record, frozen=True):
    """What `by` says of a meeting with `about`."""

    by: str
    about: str
    kind: Literal["must", "want", "no"] = "want"


def requests_of(wishes: Iterable[Wish]) -> list[Request]:
    """The requests that wishes amount to: one for each pair, unless one of the two says no.

    A wish of both sides weighs MUTUAL, of one side WANT; a must of either side makes the request a must.
    """
    said: dict[tuple[str, str], dict[str, str]] = {}
    for one in wishes:
        pair = (min(one.by, one.about), max(one.by, one.about))
        said.setdefault(pair, {})[one.by] = one.kind
    return [
        Request(f"{first}|{second}", first, second, MUTUAL if len(kinds) == 2 else WANT, "must" in kinds.values())
        for (first, second), kinds in said.items()
        if "no" not in kinds.values()
    ]


def checked(forum: Forum, file: str = "") -> Forum:
    """The forum itself, if its names and numbers fit together. Raises InputError with field and what was expected."""
    if len(forum.requests) * max(1, len(forum.slots)) > LARGEST:
        raise HostileInputError("requests × slots is too many", file=file, mend=f"at most {LARGEST}")
    for field in ("people", "requests", "tables", "interpreters"):
        _unique(file, field, [one.id for one in getattr(forum, field)])
    slots = len(forum.slots)
    for kind, people in (("people", forum.people), ("interpreters", forum.interpreters)):
        for one in people:
            if any(not 1 <= slot <= slots for slot in one.unavailable):
                raise InputError(
                    f"{one.id}: {one.unavailable}",
                    file=file,
                    field=f"{kind}.unavailable",
                    mend=f"expected slots 1 to {slots}",
                )
    names = {one.id for one in forum.people}
    requests = {one.id for one in forum.requests}
    for request in forum.requests:
        _check_request(file, request, names, requests, slots)
    return forum


def _unique(file: str, field: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{name!r} is there twice", file=file, field=f"{field}.id", mend="expected different ids")
        seen.add(name)


def _check_request(file: str, one: Request, names: set[str], requests: set[str], slots: int) -> None:
    def wrong(field: str, message: str, mend: str) -> InputError:
        return InputError(f"{one.id}: {message}", file=file, field=f"requests.{field}", mend=mend)

    for field, name in (("first", one.first), ("second", one.second)):
        if name not in names:
            raise wrong(field, f"{name!r} is no participant", "expected an id of people")
    if one.first == one.second:
        raise wrong("second", "a participant with himself", "expected two different participants")
    if one.weight < 0 or one.weight > 1000:
        raise wrong("weight", f"{one.weight}", "expected 0 to 1000")
    if one.fixed is not None and not 1 <= one.fixed <= slots:
        raise wrong("fixed", f"slot {one.fixed}", f"expected 1 to {slots}")
    for before in one.after:
        if before not in requests or before == one.id:
            raise wrong("after", f"{before!r}", "expected the id of another request")
