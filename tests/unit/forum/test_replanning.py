"""On the day: what must change changes, the rest stays; reasons are true, and what is said to help helps."""

from __future__ import annotations

import msgspec
import pytest

from tashbik.errors import InputError
from tashbik.forum import (
    Absence,
    Changes,
    Forum,
    Held,
    Interpreter,
    Person,
    Request,
    Slot,
    Table,
    plan,
    plan_violations,
    reason_text,
    replan,
    why_not,
)
from tests.unit.forum.forums import forum_of_chance

SLOTS = (Slot("9:00"), Slot("9:30"), Slot("10:00"))


def small(*requests: Request, tables: int = 2, **people: Person) -> Forum:
    everybody = tuple(people.get(name, Person(name)) for name in "abcd")
    return Forum(SLOTS, everybody, requests, tuple(Table(f"t{number}") for number in range(tables)))


@pytest.mark.parametrize("seed", range(5))
def test_a_revision_is_sound_and_changes_no_more_than_it_says(seed):
    forum = forum_of_chance(seed, people=20, requests=60, tables=5)
    published = plan(forum, time_limit=0.6).meetings
    changes = Changes(
        now=3,
        absences=(Absence("p1"), Absence("p2", 1, 5)),
        people=(Person("new"),),
        added=(Request("x1", "p3", "new", 5, True), Request("x2", "p4", "p5", 5)),
        cancelled=(published[-1].request,),
    )
    found = replan(forum, published, changes)
    past = [one for one in published if one.slot < 3]
    assert [one for one in found.meetings if one.slot < 3] == past
    assert plan_violations(found.forum, found.meetings) == []
    now = {one.request: one for one in found.meetings}
    assert published[-1].request not in now
    touched = {one.request for one in found.moved} | set(found.dropped)
    for one in published[:-1]:
        if one.request not in touched:
            assert (now[one.request].slot, now[one.request].table) == (one.slot, one.table)
    assert found.changes == len(touched) >= found.bound
    assert {"x1", "x2"} <= set(now) | {one.request for one in found.reasons}
    absent = {one.request for one in published if one.slot >= 3} & {
        one.id for one in forum.requests if "p1" in (one.first, one.second)
    }
    assert absent - set(changes.cancelled) <= set(found.dropped)


def test_a_late_arrival_moves_his_meeting_only():
    forum = small(Request("ab", "a", "b"), Request("cd", "c", "d"))
    published = [Held("ab", 1, "t0"), Held("cd", 1, "t1")]
    found = replan(forum, published, Changes(absences=(Absence("a", 1, 1),)))
    assert [(one.request, one.before) for one in found.moved] == [("ab", 1)]
    assert (found.changes, found.bound, found.dropped) == (1, 1, ())
    assert Held("cd", 1, "t1") in found.meetings


def test_another_meeting_is_moved_only_where_there_is_no_free_slot():
    forum = small(Request("ab", "a", "b"), Request("ac", "a", "c"), b=Person("b", unavailable=(3,)), c=Person("c"))
    published = [Held("ab", 2, "t0"), Held("ac", 1, "t0")]
    added = Request("bd", "b", "d", fixed=2)
    found = replan(forum, published, Changes(added=(added,)))
    assert {one.request: one.slot for one in found.meetings}["bd"] == 2
    assert plan_violations(found.forum, found.meetings) == []
    assert "ab" in {one.request for one in found.moved}
    easy = replan(forum, published, Changes(added=(Request("bd", "b", "d"),)))
    assert easy.changes == 0 and "bd" in easy.placed


def test_a_no_show_leaves_his_partner_a_place_for_another():
    forum = small(Request("ab", "a", "b"), Request("bc", "b", "c", session=""), tables=1)
    forum = msgspec.structs.replace(forum, slots=SLOTS[:1])
    found = replan(forum, [Held("ab", 1, "t0")], Changes(absences=(Absence("a"),)))
    assert [one.request for one in found.meetings] == ["bc"]
    assert found.dropped == ("ab",)
    kept = replan(forum, [Held("ab", 1, "t0")], Changes(absences=(Absence("a"),), refill=False))
    assert kept.meetings == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (Changes(absences=(Absence("x"),)), "absences.person"),
        (Changes(cancelled=("x",)), "cancelled"),
        (Changes(added=(Request("ab", "a", "b"),)), "requests.id"),
        (Changes(added=(Request("r", "a", "x"),)), "requests.second"),
    ],
)
def test_changes_that_name_what_is_not_there(changes, field):
    with pytest.raises(InputError) as error:
        replan(small(Request("ab", "a", "b")), [], changes)
    assert error.value.field == field


def test_a_plan_that_is_not_sound_is_not_planned_anew():
    with pytest.raises(InputError, match="not sound"):
        replan(small(Request("ab", "a", "b")), [Held("ab", 7, "t0")], Changes())


def kinds(obstacles) -> set[str]:
    return {one.kind for one in obstacles}


def test_why_not_names_the_obstacles_of_each_slot():
    forum = small(
        Request("ab", "a", "b"),
        Request("ac", "a", "c"),
        Request("cd", "c", "d"),
        tables=1,
        b=Person("b", unavailable=(3,)),
    )
    found = why_not(forum, [Held("ac", 1, "t0"), Held("cd", 2, "t0")], "ab")
    assert not found.held and found.general == ()
    assert [kinds(one.obstacles) for one in found.slots] == [{"busy", "tables"}, {"tables"}, {"unavailable"}]
    assert kinds(found.relax) == {"relax-table", "relax-available"}
    assert reason_text(found.slots[1].obstacles[0], "en") == "9:30: table limit, all 1 are taken"
    assert why_not(forum, [Held("ac", 1, "t0")], "ac").held


def test_why_not_in_general():
    limited = small(Request("ab", "a", "b"), Request("ac", "a", "c"), a=Person("a", limit=1))
    found = why_not(limited, [Held("ac", 1, "t0")], "ab")
    assert kinds(found.general) == {"limit"} and kinds(found.relax) == {"relax-limit"}
    apart = small(Request("ab", "a", "b"), a=Person("a", unavailable=(1, 2)), b=Person("b", unavailable=(3,)))
    assert "no-common-slot" in kinds(why_not(apart, [], "ab").general)
    busy = small(Request("ab", "a", "b"), Request("ac", "a", "c"), b=Person("b", unavailable=(2, 3)))
    found = why_not(busy, [Held("ac", 1, "t0")], "ab")
    assert kinds(found.general) == {"no-common-free-slot"} and kinds(found.relax) == {"relax-move", "relax-available"}
    foreign = small(Request("ab", "a", "b"), a=Person("a", ("ar",)), b=Person("b", ("en",)))
    assert kinds(why_not(foreign, [], "ab").general) == {"no-interpreter"}
    scarce = msgspec.structs.replace(foreign, interpreters=(Interpreter("i", ("ar", "en"), (1, 2, 3)),))
    found = why_not(scarce, [], "ab")
    assert kinds(found.slots[0].obstacles) == {"interpreter"} and kinds(found.relax) == {"relax-interpreter"}


def test_moving_the_meeting_that_is_named_makes_room():
    forum = small(Request("ab", "a", "b"), Request("ac", "a", "c"), b=Person("b", unavailable=(2, 3)))
    move = next(one for one in why_not(forum, [Held("ac", 1, "t0")], "ab").relax if one.kind == "relax-move")
    to = next(number for number, slot in enumerate(forum.slots, 1) if slot.label == move.values["to"])
    assert plan_violations(forum, [Held("ac", to, "t0"), Held("ab", 1, "t0")]) == []
