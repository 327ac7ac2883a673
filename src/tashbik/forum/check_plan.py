"""Checks plans of a whole forum and counts anew what they claim. Shares nothing with the planner but the records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tashbik.forum.check import Violation
from tashbik.forum.requests import Forum, Held, Plan


def plan_violations(forum: Forum, meetings: Sequence[Held]) -> list[Violation]:
    """Every constraint that these meetings break, by the names of what is concerned; empty for a sound plan.

    Kinds: `plan-unknown`, `plan-repeated`, `plan-clash`, `plan-table`, `plan-unavailable`, `plan-limit`, `plan-session`, `plan-fixed`,
    `plan-order`, `plan-interpreter`.
    """
    known = {one.id for one in forum.requests}
    tables = {one.id for one in forum.tables}
    found, sound, seen = [], [], set[str]()
    for one in meetings:
        if one.request not in known or one.table not in tables or not 1 <= one.slot <= len(forum.slots):
            found.append(Violation("plan-unknown", {"request": one.request, "slot": one.slot, "table": one.table}))
        elif one.request in seen:
            found.append(Violation("plan-repeated", {"request": one.request}))
        else:
            seen.add(one.request)
            sound.append(one)
    return [
        *found,
        *_shared(forum, sound),
        *_people(forum, sound),
        *_requests(forum, sound),
        *_interpreted(forum, sound),
    ]


def plan_claims(forum: Forum, plan: Plan) -> list[Violation]:
    """Levels whose value is not what the meetings amount to (`plan-level`), or better than its bound (`plan-bound`)."""
    counted = dict(zip(("musts", "wishes", "gaps", "moves"), plan_levels(forum, plan.meetings), strict=True))
    found = []
    for name, value in counted.items():
        level = getattr(plan, name)
        if level.value != value:
            found.append(Violation("plan-level", {"level": name, "said": level.value, "counted": value}))
        beyond = level.bound < value if name in ("musts", "wishes") else level.bound > value
        if beyond:
            found.append(Violation("plan-bound", {"level": name, "bound": level.bound, "counted": value}))
    return found


def plan_levels(forum: Forum, meetings: Sequence[Held]) -> tuple[int, int, int, int]:
    """Musts, wishes, gaps and moves, counted from the definition."""
    asked = {one.id: one for one in forum.requests}
    held = [asked[one.request] for one in meetings]
    served = {person for one in held for person in (one.first, one.second)}
    wishes = sum(one.weight for one in held) + forum.first_bonus * len(served)
    moves = 0
    for day in _days(forum, meetings).values():
        moves += sum(a.table != b.table for a, b in pairwise(day))
    return sum(one.must for one in held), wishes, sum(gaps_of(forum, meetings).values()), moves


def gaps_of(forum: Forum, meetings: Sequence[Held]) -> dict[str, int]:
    """Gaps of each person: neighbours in his day with idle slots between."""
    found = dict.fromkeys((one.id for one in forum.people), 0)
    for (person, _), day in _days(forum, meetings).items():
        found[person] += sum(b.slot - a.slot > 1 for a, b in pairwise(day))
    return found


def _days(forum: Forum, meetings: Iterable[Held]) -> dict[tuple[str, int], list[Held]]:
    asked = {one.id: one for one in forum.requests}
    days: dict[tuple[str, int], list[Held]] = defaultdict(list)
    for one in sorted(meetings, key=lambda one: one.slot):
        for person in (asked[one.request].first, asked[one.request].second):
            days[person, forum.slots[one.slot - 1].day].append(one)
    return days


def _shared(forum: Forum, meetings: Sequence[Held]) -> Iterable[Violation]:
    seats: dict[tuple[int, str], str] = {}
    for one in meetings:
        other = seats.setdefault((one.slot, one.table), one.request)
        if other != one.request:
            yield Violation(
                "plan-table", {"request": one.request, "other": other, "slot": one.slot, "table": one.table}
            )


def _people(forum: Forum, meetings: Sequence[Held]) -> Iterable[Violation]:
    asked = {one.id: one for one in forum.requests}
    persons = {one.id: one for one in forum.people}
    busy: dict[tuple[str, int], str] = {}
    count: Counter[str] = Counter()
    for one in meetings:
        for name in (asked[one.request].first, asked[one.request].second):
            count[name] += 1
            other = busy.setdefault((name, one.slot), one.request)
            if other != one.request:
                yield Violation(
                    "plan-clash", {"person": name, "request": one.request, "other": other, "slot": one.slot}
                )
            if one.slot in persons[name].unavailable:
                yield Violation("plan-unavailable", {"person": name, "request": one.request, "slot": one.slot})
    for name, held in count.items():
        limit = persons[name].limit
        if limit is not None and held > limit:
            yield Violation("plan-limit", {"person": name, "held": held, "limit": limit})


def _requests(forum: Forum, meetings: Sequence[Held]) -> Iterable[Violation]:
    asked = {one.id: one for one in forum.requests}
    slot_of = {one.request: one.slot for one in meetings}
    for one in meetings:
        request = asked[one.request]
        if request.session and forum.slots[one.slot - 1].session != request.session:
            yield Violation("plan-session", {"request": one.request, "slot": one.slot, "session": request.session})
        if request.fixed is not None and request.fixed != one.slot:
            yield Violation("plan-fixed", {"request": one.request, "slot": one.slot, "fixed": request.fixed})
        for before in request.after:
            if before in slot_of and slot_of[before] >= one.slot:
                yield Violation("plan-order", {"request": one.request, "before": before, "slot": one.slot})


def _interpreted(forum: Forum, meetings: Sequence[Held]) -> Iterable[Violation]:
    asked = {one.id: one for one in forum.requests}
    spoken = {one.id: set(one.languages) for one in forum.people}
    able = {one.id: one for one in forum.interpreters}
    serving: dict[tuple[str, int], str] = {}
    for one in meetings:
        first, second = spoken[asked[one.request].first], spoken[asked[one.request].second]
        needed = bool(first and second and not first & second)
        who = able.get(one.interpreter)
        fit = (
            who is not None
            and set(who.languages) & first
            and set(who.languages) & second
            and one.slot not in who.unavailable
        )
        twice = one.interpreter and serving.setdefault((one.interpreter, one.slot), one.request) != one.request
        if (needed and not fit) or twice:
            yield Violation(
                "plan-interpreter", {"request": one.request, "slot": one.slot, "interpreter": one.interpreter}
            )
