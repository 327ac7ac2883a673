"""Checks timetables of the published problem. Shares nothing with the solver but the records of the event.

It counts breaks by walking through each participant's day, as the definition in FORMAT and in JAIR 74 (2022) reads, and not
by runs as the solver does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tashbik.forum.event import AFTERNOON, MORNING, Event, Placement, Timetable


@dataclass(frozen=True)
class Violation:
    """A broken constraint: its kind, and the numbers (from 1) of what is concerned.

    Kinds: `missing`, `repeated`, `unknown-meeting`, `slot-range`, `table-range`, `table-clash`, `tables`, `clash`, `session`,
    `forbidden`, `fixed`, `precedence`, `fairness`, `breaks`, `bound`, `status`.
    """

    kind: str
    values: dict[str, int | str]


def violations(event: Event, meetings: Sequence[Placement], *, fairness: int | None = 2) -> list[Violation]:
    """Every constraint that these placements break; an empty list proves that the timetable is one. None: no fairness."""
    found = list(_of_places(event, meetings))
    sound = [one for one in meetings if 1 <= one.meeting <= len(event.meetings)]
    found += _of_meetings(event, sound)
    found += _of_participants(event, sound)
    if fairness is not None:
        found += _of_fairness(event, sound, fairness)
    return found


def claims(event: Event, answer: Timetable) -> list[Violation]:
    """What an answer says of itself and does not keep: breaks, bound, status. Nothing here proves a bound."""
    found = []
    if answer.status in ("infeasible", "unknown"):
        if answer.meetings:
            found.append(Violation("status", {"status": answer.status, "meetings": len(answer.meetings)}))
        return found
    counted = sum(breaks(event, answer.meetings))
    if answer.breaks != counted:
        found.append(Violation("breaks", {"said": str(answer.breaks), "counted": counted}))
    if answer.bound is not None and answer.bound > counted:
        found.append(Violation("bound", {"bound": answer.bound, "breaks": counted}))
    if answer.status == "optimal" and answer.bound != counted:
        found.append(Violation("bound", {"bound": str(answer.bound), "breaks": counted}))
    return found


def breaks(event: Event, meetings: Iterable[Placement]) -> list[int]:
    """Breaks of each participant: pairs of meetings that follow each other in his day with idle slots between."""
    days: dict[int, set[int]] = defaultdict(set)
    for one in meetings:
        meeting = event.meetings[one.meeting - 1]
        days[meeting.first].add(one.slot)
        days[meeting.second].add(one.slot)
    counted = []
    for participant in range(1, event.participants + 1):
        day = sorted(days[participant])
        counted.append(sum(later - earlier > 1 for earlier, later in pairwise(day)))
    return counted


def _of_places(event: Event, meetings: Sequence[Placement]) -> Iterable[Violation]:
    times = Counter(one.meeting for one in meetings)
    for number in range(1, len(event.meetings) + 1):
        if not times[number]:
            yield Violation("missing", {"meeting": number})
        elif times[number] > 1:
            yield Violation("repeated", {"meeting": number, "times": times[number]})
    for number in sorted(set(times) - set(range(1, len(event.meetings) + 1))):
        yield Violation("unknown-meeting", {"meeting": number, "meetings": len(event.meetings)})
    seats: dict[tuple[int, int], int] = {}
    for one in meetings:
        if not 1 <= one.slot <= event.slots:
            yield Violation("slot-range", {"meeting": one.meeting, "slot": one.slot, "slots": event.slots})
        if not 1 <= one.table <= event.tables:
            yield Violation("table-range", {"meeting": one.meeting, "table": one.table, "tables": event.tables})
        other = seats.setdefault((one.slot, one.table), one.meeting)
        if other != one.meeting:
            yield Violation(
                "table-clash", {"meeting": one.meeting, "other": other, "slot": one.slot, "table": one.table}
            )
    for slot, held in sorted(Counter(one.slot for one in meetings).items()):
        if held > event.tables:
            yield Violation("tables", {"slot": slot, "held": held, "tables": event.tables})


def _of_meetings(event: Event, meetings: Sequence[Placement]) -> Iterable[Violation]:
    slot_of = {one.meeting: one.slot for one in meetings}
    for number, slot in sorted(slot_of.items()):
        meeting = event.meetings[number - 1]
        if meeting.fixed and meeting.fixed != slot:
            yield Violation("fixed", {"meeting": number, "slot": slot, "fixed": meeting.fixed})
        wrong_half = (meeting.session == MORNING and slot > event.morning_slots) or (
            meeting.session == AFTERNOON and slot <= event.morning_slots
        )
        if wrong_half:
            yield Violation("session", {"meeting": number, "slot": slot, "session": meeting.session})
        for before in sorted(meeting.after):
            if before in slot_of and slot_of[before] >= slot:
                yield Violation(
                    "precedence", {"meeting": number, "slot": slot, "before": before, "before_slot": slot_of[before]}
                )
        for participant in (meeting.first, meeting.second):
            if slot in event.forbidden[participant - 1]:
                yield Violation("forbidden", {"meeting": number, "participant": participant, "slot": slot})


def _of_participants(event: Event, meetings: Sequence[Placement]) -> Iterable[Violation]:
    held: dict[tuple[int, int], int] = {}
    for one in meetings:
        meeting = event.meetings[one.meeting - 1]
        for participant in (meeting.first, meeting.second):
            other = held.setdefault((participant, one.slot), one.meeting)
            if other != one.meeting:
                yield Violation(
                    "clash", {"participant": participant, "meeting": one.meeting, "other": other, "slot": one.slot}
                )


def _of_fairness(event: Event, meetings: Sequence[Placement], fairness: int) -> Iterable[Violation]:
    counted = breaks(event, meetings)
    if counted and max(counted) - min(counted) > fairness:
        most, fewest = counted.index(max(counted)) + 1, counted.index(min(counted)) + 1
        yield Violation(
            "fairness",
            {
                "participant": most,
                "breaks": max(counted),
                "other": fewest,
                "other_breaks": min(counted),
                "fairness": fairness,
            },
        )
