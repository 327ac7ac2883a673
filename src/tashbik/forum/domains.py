"""Which slots each meeting can still lie in, and the fewest breaks each participant must have. No search over the whole event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tashbik.forum.event import AFTERNOON, MORNING, Event

Domains = list[set[int]]


@dataclass(frozen=True)
class Narrowed:
    """An event after propagation.

    Attributes
    ----------
    domains: for each meeting its possible slots; an empty one, or a cause, proves that there is no timetable.
    cause: why there is none, in words; empty where nothing was refuted.
    """

    domains: Domains
    cause: str = ""


def narrowed(event: Event) -> Narrowed:
    """Propagate sessions, forbidden and fixed slots, precedences, tables and clashes to a fixed point.

    Clashes are propagated for each participant as an all-different constraint: a slot stays in a meeting's domain only
    if all of the participant's meetings can still be matched with different slots when the meeting takes it.
    """
    domains = [_first_domain(event, number) for number in range(1, len(event.meetings) + 1)]
    if len(event.meetings) > event.slots * event.tables:
        return Narrowed(domains, f"{len(event.meetings)} meetings, {event.slots * event.tables} places")
    waiting = set(range(event.participants))
    while True:
        changed = _precede(event, domains) | _fill_tables(event, domains)
        waiting |= {one - 1 for number in changed for one in event.meetings[number].pair}
        if any(not one for one in domains):
            number = next(index for index, one in enumerate(domains, 1) if not one)
            return Narrowed(domains, f"meeting {number} has no slot left")
        if not waiting:
            return Narrowed(domains)
        participant = waiting.pop()
        own = event.meetings_of[participant]
        kept = all_different([domains[number - 1] for number in own])
        if kept is None:
            return Narrowed(domains, f"participant {participant + 1} has more meetings than slots for them")
        for number, left in zip(own, kept, strict=True):
            if len(left) < len(domains[number - 1]):
                domains[number - 1] = left
                waiting |= {one - 1 for one in event.meetings[number - 1].pair if one - 1 != participant}


def _first_domain(event: Event, number: int) -> set[int]:
    meeting = event.meetings[number - 1]
    slots = {meeting.fixed} if meeting.fixed else set(range(1, event.slots + 1))
    if meeting.session == MORNING:
        slots = {slot for slot in slots if slot <= event.morning_slots}
    if meeting.session == AFTERNOON:
        slots = {slot for slot in slots if slot > event.morning_slots}
    return slots - event.forbidden[meeting.first - 1] - event.forbidden[meeting.second - 1]


def _precede(event: Event, domains: Domains) -> set[int]:
    """Keep meetings after those that precede them; the indices of the domains that changed."""
    changed: set[int] = set()
    again = True
    while again:
        again = False
        for index, meeting in enumerate(event.meetings):
            for before in meeting.after:
                one, two = domains[before - 1], domains[index]
                if not one or not two:
                    return changed
                late = {slot for slot in one if slot >= max(two)}
                early = {slot for slot in two if slot <= min(one)}
                one -= late
                two -= early
                if late or early:
                    again = True
                    changed |= ({before - 1} if late else set()) | ({index} if early else set())
    return changed


def _fill_tables(event: Event, domains: Domains) -> set[int]:
    """Close slots whose tables are all taken by meetings that can lie nowhere else."""
    settled = [0] * (event.slots + 1)
    for one in domains:
        if len(one) == 1:
            settled[next(iter(one))] += 1
    changed = set()
    for slot in range(1, event.slots + 1):
        if settled[slot] >= event.tables:
            for index, one in enumerate(domains):
                if slot in one and (len(one) > 1 or settled[slot] > event.tables):
                    one.discard(slot)
                    changed.add(index)
    return changed


def all_different(domains: Sequence[set[int]]) -> list[set[int]] | None:
    """The values that take part in some choice of different values, one from each domain; None where there is no such choice.

    Berge: with one matching at hand, a value stays if its edge lies in the matching, or closes an alternating cycle, or starts
    an alternating path that ends at a free value.
    """
    match: dict[int, int] = {}
    for index in range(len(domains)):
        if not _augment(index, domains, match, set()):
            return None
    value_of = {index: value for value, index in match.items()}
    reach = [_reachable(value, domains, match, value_of) for value in value_of.values()]
    reached = dict(zip(value_of.values(), reach, strict=True))
    kept = []
    for index, domain in enumerate(domains):
        own = value_of[index]
        kept.append({v for v in domain if v == own or v not in match or _can_leave(v, own, reached, match)})
    return kept


def _augment(index: int, domains: Sequence[set[int]], match: dict[int, int], seen: set[int]) -> bool:
    for value in domains[index]:
        if value not in seen:
            seen.add(value)
            if value not in match or _augment(match[value], domains, match, seen):
                match[value] = index
                return True
    return False


def _reachable(start: int, domains: Sequence[set[int]], match: dict[int, int], value_of: dict[int, int]) -> set[int]:
    """Values to which the holder of `start`, and those that he pushes out in turn, can move."""
    seen, waiting = {start}, [start]
    while waiting:
        value = waiting.pop()
        if value in match:
            new = domains[match[value]] - seen
            seen |= new
            waiting += new
    return seen


def _can_leave(value: int, own: int, reached: dict[int, set[int]], match: dict[int, int]) -> bool:
    """Whether the holder of `value` can be moved so that in the end `own`, or a free value, is taken."""
    return own in reached[value] or any(one not in match for one in reached[value])


def fewest_breaks(event: Event, domains: Domains, participant: int) -> int:
    """A lower bound on the breaks of a participant (number from 1), by his own meetings alone.

    Dynamic programming over the slots that he can, must and cannot be busy in, with the number of his meetings; which meeting
    lies where is relaxed.
    """
    own = [domains[number - 1] for number in event.meetings_of[participant - 1]]
    if len(own) < 2:
        return 0
    can = set().union(*own)
    must = {next(iter(one)) for one in own if len(one) == 1}
    infinite = len(own) + event.slots
    best = {(False, 0): 0}
    for slot in range(1, event.slots + 1):
        following: dict[tuple[bool, int], int] = {}
        for (busy, held), runs in best.items():
            if slot in can and held < len(own):
                key = (True, held + 1)
                following[key] = min(following.get(key, infinite), runs + (not busy))
            if slot not in must:
                key = (False, held)
                following[key] = min(following.get(key, infinite), runs)
        best = following
    return max(0, min((best.get((busy, len(own)), infinite) for busy in (False, True)), default=infinite) - 1)
