"""The checker finds every kind of broken constraint, and nothing in a sound timetable."""

from __future__ import annotations

import re

import pytest

from tashbik.forum.check import breaks, claims, violations
from tashbik.forum.event import Event, Meeting, Placement, Timetable, breaks_of
from tashbik.forum.wording import violation_text, wording

EVENT = Event(
    name="check",
    participants=4,
    slots=9,
    morning_slots=4,
    tables=2,
    meetings=(
        Meeting(1, 2, 1),
        Meeting(1, 3, 3),
        Meeting(1, 2, 2, 0, frozenset({2})),
        Meeting(1, 4, 3, 9),
    ),
    forbidden=(frozenset({5}), frozenset(), frozenset({1}), frozenset()),
)
SOUND = (Placement(1, 2, 1), Placement(2, 3, 1), Placement(3, 7, 2), Placement(4, 9, 1))


def test_the_example_of_the_definition():
    assert breaks_of({2, 3, 7, 9}) == 2
    assert breaks(EVENT, SOUND) == [2, 1, 0, 0]
    assert violations(EVENT, SOUND) == []
    assert claims(EVENT, Timetable("optimal", 3, 3, 0.1, SOUND)) == []


def moved(number: int, slot: int, table: int = 1) -> tuple[Placement, ...]:
    return tuple(Placement(number, slot, table) if one.meeting == number else one for one in SOUND)


@pytest.mark.parametrize(
    ("meetings", "kind"),
    [
        (SOUND[:3], "missing"),
        (SOUND + (Placement(1, 4, 2),), "repeated"),
        (SOUND + (Placement(9, 4, 2),), "unknown-meeting"),
        (moved(2, 10), "slot-range"),
        (moved(2, 3, 3), "table-range"),
        (moved(2, 2), "table-clash"),
        (moved(2, 2), "clash"),
        (moved(1, 6), "session"),
        (moved(3, 4), "session"),
        (moved(2, 5), "forbidden"),
        (moved(4, 8), "fixed"),
        (moved(2, 8), "precedence"),
    ],
)
def test_every_broken_constraint_is_named(meetings, kind):
    assert kind in {one.kind for one in violations(EVENT, meetings)}


def test_too_many_meetings_for_the_tables():
    event = Event("", 6, 1, 1, 2, (Meeting(1, 2), Meeting(3, 4), Meeting(5, 6)), (frozenset(),) * 6)
    found = violations(event, [Placement(number, 1, min(number, 2)) for number in (1, 2, 3)])
    assert {one.kind for one in found} == {"tables", "table-clash"}


def test_fairness_counts_those_without_meetings():
    assert violations(EVENT, SOUND, fairness=2) == []
    assert [one.kind for one in violations(EVENT, SOUND, fairness=1)] == ["fairness"]
    assert violations(EVENT, SOUND, fairness=None) == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Timetable("optimal", 2, 2, 0.1, SOUND), "breaks"),
        (Timetable("optimal", 3, 2, 0.1, SOUND), "bound"),
        (Timetable("feasible", 3, 4, 0.1, SOUND), "bound"),
        (Timetable("infeasible", None, None, 0.1, SOUND), "status"),
    ],
)
def test_what_an_answer_says_of_itself(answer, kind):
    assert kind in {one.kind for one in claims(EVENT, answer)}


def test_every_violation_is_worded_in_three_languages():
    found = [one for number in range(1, 5) for slot in (5, 10) for one in violations(EVENT, moved(number, slot, 3))]
    assert found
    for one in found:
        for language in ("ar", "fr", "en"):
            assert all(
                str(value) in violation_text(one, language) for name, value in one.values.items() if name != "session"
            )
    for key, row in wording().items():
        holders = [set(re.findall(r"{(\w+)", row[language])) for language in ("ar", "fr", "en")]
        assert holders[0] == holders[1] == holders[2], key
        assert re.search("[\u0621-\u064a]", row["ar"]), key
