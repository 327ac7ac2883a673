"""The exact methods against every timetable of tiny events, and against each other; bounds and propagation are never wrong."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tashbik.errors import InputError
from tashbik.forum.check import breaks, violations
from tashbik.forum.domains import all_different, fewest_breaks, narrowed
from tashbik.forum.encoding import encoded
from tashbik.forum.event import Event, Meeting, placed
from tashbik.forum.exact import _AtLeast, _Found, _Infeasible, from_above, from_below, solve


@st.composite
def events(draw) -> Event:
    participants = draw(st.integers(2, 5))
    slots = draw(st.integers(1, 6))
    pairs = [(a, b) for a, b in permutations(range(1, participants + 1), 2)]
    count = draw(st.integers(0, 5))
    meetings = []
    for number in range(1, count + 1):
        first, second = draw(st.sampled_from(pairs))
        fixed = draw(st.sampled_from([0, 0, 0, draw(st.integers(1, slots))]))
        after = draw(st.sets(st.integers(1, count).filter(lambda one, own=number: one != own), max_size=1))
        meetings.append(
            Meeting(
                first,
                second,
                draw(st.sampled_from([3, 3, 1, 2])),
                fixed,
                frozenset(after if draw(st.booleans()) else ()),
            )
        )
    closed = [frozenset(draw(st.sets(st.integers(1, slots), max_size=1))) for _ in range(participants)]
    return Event(
        "tiny",
        participants,
        slots,
        draw(st.integers(0, slots)),
        draw(st.integers(1, 3)),
        tuple(meetings),
        tuple(closed),
    )


def by_enumeration(event: Event, fairness: int) -> int | None:
    """The fewest breaks over all assignments of slots, judged by the checker alone."""
    found = []
    for slots in product(range(1, event.slots + 1), repeat=len(event.meetings)):
        meetings = placed(event, list(slots))
        if not violations(event, meetings, fairness=fairness):
            found.append(sum(breaks(event, meetings)))
    return min(found, default=None)


def by_method(method, event: Event, fairness: int) -> int | None:
    """What a method finds, with its timetable checked, and its bounds never above its result."""
    reduced = narrowed(event)
    if reduced.cause:
        return None
    sent: list[object] = []
    method(sent.append, event, reduced.domains, fairness)
    if _Infeasible() in sent:
        return None
    slots = [one.slots for one in sent if isinstance(one, _Found)][-1]
    meetings = placed(event, slots)
    assert violations(event, meetings, fairness=fairness) == []
    value = sum(breaks(event, meetings))
    assert max(one.breaks for one in sent if isinstance(one, _AtLeast)) == value
    return value


@settings(deadline=None, max_examples=60)
@given(events(), st.integers(0, 2))
def test_both_methods_find_the_fewest_breaks(event, fairness):
    best = by_enumeration(event, fairness)
    assert by_method(from_below, event, fairness) == best
    assert by_method(from_above, event, fairness) == best


@settings(deadline=None, max_examples=40)
@given(events())
def test_ways_of_counting_tables_agree(event):
    from pysat.solvers import Solver

    reduced = narrowed(event)
    answers = set()
    if not reduced.cause:
        for count in ("participants", "meetings", "both"):
            with Solver(
                name="minisat22", bootstrap_with=encoded(event, reduced.domains, 2, count).formula.clauses
            ) as solver:
                answers.add(solver.solve())
    assert answers <= {by_enumeration(event, 2) is not None}


@settings(deadline=None, max_examples=60)
@given(events())
def test_propagation_loses_no_timetable_and_bounds_hold(event):
    reduced = narrowed(event)
    bounds = [fewest_breaks(event, reduced.domains, one) for one in range(1, event.participants + 1)]
    for slots in product(range(1, event.slots + 1), repeat=len(event.meetings)):
        meetings = placed(event, list(slots))
        if not violations(event, meetings, fairness=None):
            assert not reduced.cause
            assert all(slot in domain for slot, domain in zip(slots, reduced.domains, strict=True))
            assert all(count >= bound for count, bound in zip(breaks(event, meetings), bounds, strict=True))


@given(st.lists(st.sets(st.integers(1, 5)), max_size=4))
def test_all_different_keeps_exactly_what_can_be(domains):
    choices = [one for one in product(*domains) if len(set(one)) == len(one)]
    expected = [{one[index] for one in choices} for index in range(len(domains))] if choices else None
    assert all_different(domains) == expected


def test_fairness_between_participants_who_all_have_meetings():
    """Everybody has two meetings or more: the bound is relative, and a break for all can be what it costs."""
    ring = tuple(Meeting(a, b, 3, slot) for a, b, slot in [(1, 2, 1), (2, 3, 3), (3, 4, 1), (4, 1, 0)])
    event = Event("ring", 4, 4, 4, 2, ring, (frozenset(),) * 4)
    assert by_method(from_below, event, 0) == by_enumeration(event, 0)
    assert by_method(from_below, event, 1) == by_enumeration(event, 1)


def test_solve_runs_both_in_processes_and_ends_them():
    import multiprocessing

    event = Event("pair", 2, 3, 3, 1, (Meeting(1, 2), Meeting(1, 2, 3, 1)), (frozenset(), frozenset({2})))
    found = solve(event, time_limit=30)
    assert (found.status, found.breaks, found.bound) == ("optimal", 2, 2)
    assert [one.slot for one in found.meetings] == [3, 1]
    assert multiprocessing.active_children() == []


def test_a_time_limit_that_is_over_leaves_the_question_open():
    event = Event(
        "open", 40, 30, 30, 20, tuple(Meeting(a, b) for a in range(1, 20) for b in range(21, 40)), (frozenset(),) * 40
    )
    found = solve(event, time_limit=0.01)
    assert found.status in ("unknown", "feasible")


@pytest.mark.parametrize("options", [{"fairness": -1}, {"time_limit": 0}, {"time_limit": float("nan")}])
def test_impossible_options_are_refused(options):
    with pytest.raises(InputError):
        solve(Event("", 0, 0, 0, 0, (), ()), **options)


def test_an_event_without_meetings_has_an_empty_timetable():
    found = solve(Event("", 3, 2, 2, 1, (), (frozenset(),) * 3))
    assert (found.status, found.breaks, found.meetings) == ("optimal", 0, ())
