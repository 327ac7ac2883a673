"""The project's own JSON of events and of timetables. Not the published format (dzn), not whole forums (forum_json).

An event::

    {"format": "tashbik-event", "name": "…", "participants": 42, "slots": 8, "morning_slots": 4, "tables": 21,
     "meetings": [{"first": 1, "second": 8, "session": "morning", "fixed": 3, "after": [2]}],
     "forbidden": {"7": [1, 2]}}

`session` is `morning`, `afternoon` or `any` (default); `fixed`, `after`, `forbidden`, `morning_slots` (default: all slots) and
`name` may be left out. Participants, slots and meetings are numbered from 1, the meetings in their order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from tashbik.errors import FileError, HostileInputError, InputError
from tashbik.forum.event import AFTERNOON, ANY, MORNING, Event, Placement, Status, Timetable
from tashbik.forum.event_checks import LARGEST, event_from

FORMAT = "tashbik-event"
LARGEST_FILE = 50_000_000
"""Bytes."""
SESSIONS = {"morning": MORNING, "afternoon": AFTERNOON, "any": ANY}

T = TypeVar("T")


class MeetingRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A meeting as the file has it."""

    first: int
    second: int
    session: Literal["morning", "afternoon", "any"] = "any"
    fixed: int | None = None
    after: tuple[int, ...] = ()


class EventFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An event as the file has it."""

    participants: int
    slots: int
    tables: int
    meetings: tuple[MeetingRow, ...]
    morning_slots: int | None = None
    forbidden: dict[int, tuple[int, ...]] = {}
    name: str = ""
    format: Literal["tashbik-event"] = "tashbik-event"


class PlacementRow(msgspec.Struct, frozen=True):
    """A placed meeting as an answer has it."""

    meeting: int
    slot: int
    table: int


class AnswerFile(msgspec.Struct, frozen=True):
    """An answer as `tashbik forum schedule --json` prints it; what else it holds is not read."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    meetings: tuple[PlacementRow, ...] = ()
    breaks: int | None = None
    bound: int | None = None
    seconds: float = 0.0


def decoded(path: Path, kind: type[T]) -> T:
    """A JSON file as a record. Raises FileError, HostileInputError, or InputError with the field and what was expected."""
    if not path.is_file():
        raise FileError("no such file", file=str(path), mend="check the path")
    if path.stat().st_size > LARGEST_FILE:
        raise HostileInputError("larger than 50 MB", file=str(path), mend="give one event a file")
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.ValidationError as error:
        message, _, field = str(error).partition(" - at ")
        raise InputError(
            message, file=str(path), field=field.strip("`"), mend="see docs/forum-scheduling.md"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileError(f"is not JSON: {error}", file=str(path), mend="expected a JSON document") from error


def read_event(path: Path) -> Event:
    """The event in a JSON file; errors as `decoded`, and InputError for numbers that make no event."""
    rows = decoded(path, EventFile)
    most = min(rows.participants, LARGEST["participants"])
    for participant in rows.forbidden:
        if not 1 <= participant <= rows.participants:
            raise InputError(
                f"participant {participant}",
                file=str(path),
                field="forbidden",
                mend=f"expected 1 to {rows.participants}",
            )
    return event_from(
        name=rows.name or path.stem,
        file=str(path),
        participants=rows.participants,
        meetings=len(rows.meetings),
        tables=rows.tables,
        slots=rows.slots,
        morning_slots=rows.slots if rows.morning_slots is None else rows.morning_slots,
        requested=[(one.first, one.second, SESSIONS[one.session]) for one in rows.meetings],
        forbidden=[rows.forbidden.get(number, ()) for number in range(1, most + 1)],
        fixed=[one.fixed or 0 for one in rows.meetings],
        precedences=[one.after for one in rows.meetings],
    )


def event_json(event: Event) -> bytes:
    """The event as a JSON document that `read_event` reads back without loss."""
    names = {number: name for name, number in SESSIONS.items()}
    rows = tuple(
        MeetingRow(one.first, one.second, names[one.session], one.fixed or None, tuple(sorted(one.after)))  # type: ignore[arg-type]
        for one in event.meetings
    )
    closed = {number: tuple(sorted(slots)) for number, slots in enumerate(event.forbidden, 1) if slots}
    made = EventFile(event.participants, event.slots, event.tables, rows, event.morning_slots, closed, event.name)
    return msgspec.json.format(
        msgspec.json.encode({"format": FORMAT} | msgspec.to_builtins(made, str_keys=True)), indent=1
    )


def read_timetable(path: Path) -> Timetable:
    """The answer in a JSON file; errors as `decoded`."""
    rows = decoded(path, AnswerFile)
    status: Status = rows.status
    placements = tuple(Placement(one.meeting, one.slot, one.table) for one in rows.meetings)
    return Timetable(status, rows.breaks, rows.bound, rows.seconds, placements)


def answer_of(timetable: Timetable) -> dict[str, object]:
    """A timetable as the JSON object of FORMAT and DESIGN: status, breaks, bound, seconds, meetings."""
    return {
        "status": timetable.status,
        "breaks": timetable.breaks,
        "bound": timetable.bound,
        "seconds": round(timetable.seconds, 3),
        "meetings": [{"meeting": one.meeting, "slot": one.slot, "table": one.table} for one in timetable.meetings],
    }
