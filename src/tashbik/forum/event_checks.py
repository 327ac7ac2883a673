"""Makes an event of numbers read from a file and refuses what cannot be one. Reads no files itself."""

from __future__ import annotations

from collections.abc import Sequence

from tashbik.errors import HostileInputError, InputError
from tashbik.forum.event import Event, Meeting

LARGEST = {"participants": 20_000, "meetings": 100_000, "slots": 500, "tables": 100_000}
"""Beyond these an event is refused before anything is built for it: it would exhaust the machine."""
LARGEST_PRODUCT = 20_000_000
"""Meetings × slots."""


def event_from(
    *,
    name: str,
    file: str,
    participants: int,
    meetings: int,
    tables: int,
    slots: int,
    morning_slots: int,
    requested: Sequence[Sequence[int]],
    forbidden: Sequence[Sequence[int]],
    fixed: Sequence[int],
    precedences: Sequence[Sequence[int]],
) -> Event:
    """The event of these numbers; empty `forbidden`, `fixed` and `precedences` mean none.

    Raises InputError with the file, the field and what was expected; HostileInputError for sizes beyond reason.
    """
    _check_sizes(file, participants=participants, meetings=meetings, slots=slots, tables=tables)
    if not 0 <= morning_slots <= slots:
        raise InputError(f"is {morning_slots}", file=file, field="nMorningSlots", mend=f"expected 0 to {slots}")
    _check_length(file, "requested", requested, meetings, "meeting", needed=True)
    _check_length(file, "forbidden", forbidden, participants, "participant")
    _check_length(file, "fixed", fixed, meetings, "meeting")
    _check_length(file, "precedences", precedences, meetings, "meeting")
    made = tuple(
        _meeting(file, number, requested[number - 1], fixed, precedences, participants, slots, meetings)
        for number in range(1, meetings + 1)
    )
    closed = [_slots_of(file, number, one, slots) for number, one in enumerate(forbidden, 1)]
    return Event(
        name=name,
        participants=participants,
        slots=slots,
        morning_slots=morning_slots,
        tables=tables,
        meetings=made,
        forbidden=tuple(closed) or (frozenset(),) * participants,
    )


def _check_sizes(file: str, **sizes: int) -> None:
    for field, value in sizes.items():
        if value < 0:
            raise InputError(f"is {value}", file=file, field=field, mend="expected 0 or more")
        if value > LARGEST[field]:
            raise HostileInputError(f"{value} is too many", file=file, field=field, mend=f"at most {LARGEST[field]}")
    if sizes["meetings"] * sizes["slots"] > LARGEST_PRODUCT:
        raise HostileInputError("meetings × slots is too many", file=file, mend=f"at most {LARGEST_PRODUCT}")


def _check_length(
    file: str, field: str, values: Sequence[object], expected: int, each: str, needed: bool = False
) -> None:
    if (values or needed) and len(values) != expected:
        raise InputError(
            f"has {len(values)} entries", file=file, field=field, mend=f"expected {expected}, one a {each}"
        )


def _meeting(
    file: str,
    number: int,
    row: Sequence[int],
    fixed: Sequence[int],
    precedences: Sequence[Sequence[int]],
    participants: int,
    slots: int,
    meetings: int,
) -> Meeting:
    def wrong(field: str, message: str, mend: str) -> InputError:
        return InputError(f"meeting {number}: {message}", file=file, field=field, mend=mend)

    if len(row) != 3:
        raise wrong("requested", f"has {len(row)} values", "expected participant, participant, session")
    first, second, session = row
    if not (1 <= first <= participants and 1 <= second <= participants):
        raise wrong("requested", f"participants {first} and {second}", f"expected 1 to {participants}")
    if first == second:
        raise wrong("requested", f"participant {first} with himself", "expected two different participants")
    if session not in (0, 1, 2, 3):
        raise wrong("requested", f"session {session}", "expected 1 morning, 2 afternoon, 3 or 0 no matter")
    slot = fixed[number - 1] if fixed else 0
    if not 0 <= slot <= slots:
        raise wrong("fixed", f"slot {slot}", f"expected 1 to {slots}, or 0 for a free meeting")
    before = frozenset(precedences[number - 1]) if precedences else frozenset()
    if any(not 1 <= one <= meetings for one in before):
        raise wrong("precedences", f"{sorted(before)}", f"expected meetings 1 to {meetings}")
    return Meeting(first, second, session or 3, slot, before)


def _slots_of(file: str, number: int, values: Sequence[int], slots: int) -> frozenset[int]:
    """Forbidden slots of a participant; a 0 among them means nothing in the published files."""
    found = frozenset(values) - {0}
    if any(not 1 <= one <= slots for one in found):
        raise InputError(
            f"participant {number}: {sorted(found)}", file=file, field="forbidden", mend=f"expected slots 1 to {slots}"
        )
    return found
