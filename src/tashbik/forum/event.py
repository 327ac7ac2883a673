"""The records of the published B2B meeting scheduling problem: the event, its meetings, a timetable. No reading, no solving.

Participants, slots, tables and meetings are numbered from 1, as in the published files; a tuple that speaks of all
of them holds number n at index n − 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
"""Proven best; a timetable without proof; proven impossible; neither found nor refuted in the time."""

MORNING, AFTERNOON, ANY = 1, 2, 3
"""Sessions of a meeting; the files also write 0 for any."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that must be held: two different participants, a session, a fixed slot (0: free), the meetings before it."""

    first: int
    second: int
    session: int = ANY
    fixed: int = 0
    after: frozenset[int] = frozenset()

    @property
    def pair(self) -> tuple[int, int]:
        """Its two participants."""
        return self.first, self.second


@dataclass(frozen=True)
class Event:
    """An event whose meetings are to be placed. Source: Bofill et al., JAIR 74 (2022), section 2.

    Attributes
    ----------
    participants, slots, tables: how many there are.
    morning_slots: slots 1 to this one are the morning.
    forbidden: for each participant the slots in which no meeting of his may lie.
    """

    name: str
    participants: int
    slots: int
    morning_slots: int
    tables: int
    meetings: tuple[Meeting, ...]
    forbidden: tuple[frozenset[int], ...]

    @cached_property
    def meetings_of(self) -> tuple[tuple[int, ...], ...]:
        """For each participant the numbers of his meetings."""
        found: list[list[int]] = [[] for _ in range(self.participants)]
        for number, meeting in enumerate(self.meetings, 1):
            for one in meeting.pair:
                found[one - 1].append(number)
        return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and when a meeting is held."""

    meeting: int
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a solver answers.

    Attributes
    ----------
    breaks: breaks in all; None without a timetable.
    bound: no timetable has fewer breaks than this; None where it is proven that there is no timetable.
    seconds: wall time spent.
    meetings: in the order of the event's meetings; empty without a timetable.
    method: which of the methods gave the proof, for the curious.
    """

    status: Status
    breaks: int | None
    bound: int | None
    seconds: float
    meetings: tuple[Placement, ...] = ()
    method: str = ""


def placed(event: Event, slots: list[int]) -> tuple[Placement, ...]:
    """Placements of meetings in these slots, one a meeting, with the tables of each slot numbered from 1."""
    taken = [0] * (event.slots + 1)
    placements = []
    for number, slot in enumerate(slots, 1):
        taken[slot] += 1
        placements.append(Placement(number, slot, taken[slot]))
    return tuple(placements)


def breaks_of(busy: set[int]) -> int:
    """Breaks of a participant who is busy in these slots: runs of consecutive busy slots, less one."""
    return max(0, sum(slot - 1 not in busy for slot in busy) - 1)
