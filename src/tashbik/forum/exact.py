"""Solves the published B2B meeting scheduling problem to proven optimality. The methods it runs are modules of their own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from tashbik.errors import InputError
from tashbik.forum import core_guided, improving
from tashbik.forum.check import violations
from tashbik.forum.domains import Domains, narrowed
from tashbik.forum.encoding import Encoding, encoded
from tashbik.forum.event import Event, Placement, Status, Timetable, breaks_of, placed
from tashbik.forum.race import Entrant, RaceError, Send, raced

FAIRNESS = 2
"""The largest difference between the breaks of two participants in most of the published runs."""
TIME_LIMIT = 60.0


def solve(event: Event, *, fairness: int = FAIRNESS, time_limit: float = TIME_LIMIT) -> Timetable:
    """The timetable of an event with the fewest breaks, or the proof that there is none.

    Two processes work beside each other: a core-guided search from below and a search for better timetables from above; they
    are ended as soon as their bounds meet, at the time limit (wall seconds), and on any exception.
    Every timetable is checked by `violations`, which shares nothing with the methods, before it is returned.
    Raises InputError for a negative fairness or a time limit that is not positive.
    """
    if fairness < 0:
        raise InputError(f"is {fairness}", field="--fairness", mend="expected 0 or more")
    if not time_limit > 0:
        raise InputError(f"is {time_limit}", field="--time-limit", mend="expected seconds, more than 0")
    started = time.perf_counter()
    reduced = narrowed(event)
    found = _Bounds(event, fairness)
    if reduced.cause:
        found.hear("propagation", _Infeasible())
    else:
        arguments = (event, reduced.domains, fairness)
        entrants = [Entrant("cores", from_below, arguments), Entrant("improvement", from_above, arguments)]
        left = max(0.01, time_limit - (time.perf_counter() - started))
        with closing(raced(entrants, time_limit=left)) as messages:
            for name, message in messages:
                found.hear(name, message)
                if found.closed:
                    break
    return found.timetable(time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class _AtLeast:
    breaks: int


@dataclass(frozen=True, slots=True)
class _Found:
    slots: list[int]


@dataclass(frozen=True, slots=True)
class _Infeasible:
    pass


@dataclass
class _Bounds:
    """What is known so far, from whomever."""

    event: Event
    fairness: int
    bound: int = 0
    best: int | None = None
    meetings: tuple[Placement, ...] = ()
    infeasible: bool = False
    method: str = field(default="")

    @property
    def closed(self) -> bool:
        return self.infeasible or self.best == self.bound

    def hear(self, name: str, message: Any) -> None:
        match message:
            case _AtLeast(breaks) if breaks > self.bound:
                self.bound, self.method = breaks, name
            case _Infeasible():
                self.infeasible, self.method = True, name
            case _Found(slots):
                self._take(slots)
        self.method = self.method or name

    def _take(self, slots: list[int]) -> None:
        meetings = placed(self.event, slots)
        wrong = violations(self.event, meetings, fairness=self.fairness)
        if wrong:
            raise RaceError(f"a timetable of the solver is wrong: {wrong[0].kind} {wrong[0].values}", mend="report it")
        breaks = _breaks(self.event, slots)
        if self.best is None or breaks < self.best:
            self.best, self.meetings = breaks, meetings

    def timetable(self, seconds: float) -> Timetable:
        if self.infeasible:
            return Timetable("infeasible", None, None, seconds, method=self.method)
        if self.best is None:
            return Timetable("unknown", None, self.bound, seconds)
        status: Status = "optimal" if self.best == self.bound else "feasible"
        return Timetable(status, self.best, self.bound, seconds, self.meetings, self.method)


def _breaks(event: Event, slots: Sequence[int]) -> int:
    return sum(breaks_of({slots[number - 1] for number in own}) for own in event.meetings_of)


def from_below(send: Send, event: Event, domains: Domains, fairness: int) -> None:
    """The core-guided method, with Glucose, which refutes these clauses fastest."""
    made = encoded(event, domains, fairness)
    send(_AtLeast(made.bound))
    found = core_guided.minimised(
        made.formula, made.objective, "glucose42", lambda bound: send(_AtLeast(made.bound + bound))
    )
    _tell(send, made, found)


def from_above(send: Send, event: Event, domains: Domains, fairness: int) -> None:
    """The improving method, with CaDiCaL, which finds models of these clauses fastest."""
    made = encoded(event, domains, fairness)
    found = improving.improved(
        made.formula,
        made.objective,
        "cadical195",
        lambda _, model: send(_Found(made.slots(model))),
        lambda bound: send(_AtLeast(made.bound + bound)),
    )
    _tell(send, made, found)


def _tell(send: Send, made: Encoding, found: tuple[int, Sequence[int]] | None) -> None:
    if found is None:
        send(_Infeasible())
        return
    send(_Found(made.slots(found[1])))
    send(_AtLeast(made.bound + found[0]))
