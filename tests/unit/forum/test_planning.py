"""Plans of whole forums are sound, as good as enumeration where that is possible, and never better than their bounds."""

from __future__ import annotations

import random
from itertools import product

import msgspec
import pytest

from tashbik.errors import InputError
from tashbik.forum import (
    Forum,
    Held,
    Level,
    Person,
    Request,
    Slot,
    Table,
    Wish,
    plan,
    plan_claims,
    plan_levels,
    plan_violations,
    requests_of,
)
from tashbik.forum.check_plan import gaps_of
from tashbik.forum.compacting import compacted, fewest_gaps
from tashbik.forum.forum_json import read_forum, read_plan
from tashbik.forum.grid import Draft, Grid
from tashbik.forum.requests import checked
from tashbik.forum.selecting import place, restore, slots_in
from tests.unit.forum.forums import forum_of_chance


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_is_sound_and_keeps_its_claims(seed):
    forum = forum_of_chance(seed)
    found = plan(forum, time_limit=1.5)
    assert found.meetings
    assert plan_violations(forum, found.meetings) == []
    assert plan_claims(forum, found) == []


def best_by_enumeration(forum: Forum) -> tuple[int, int, int]:
    """Most musts, then most wishes, then fewest gaps, over all choices of slot or none, judged by the checker alone."""
    best = (0, 0, 0)
    for slots in product(range(len(forum.slots) + 1), repeat=len(forum.requests)):
        taken: dict[int, int] = {}
        held = []
        for request, slot in zip(forum.requests, slots, strict=True):
            if slot:
                taken[slot] = taken.get(slot, -1) + 1
                if taken[slot] >= len(forum.tables):
                    break
                held.append(Held(request.id, slot, forum.tables[taken[slot]].id))
        else:
            if not plan_violations(forum, held):
                musts, wishes, gaps, _ = plan_levels(forum, held)
                best = max(best, (musts, wishes, -gaps))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_small_forums_are_planned_as_well_as_by_enumeration(seed):
    forum = forum_of_chance(seed, people=5, requests=5, days=1, per_day=4, tables=1 + seed % 2)
    people = tuple(msgspec.structs.replace(one, languages=()) for one in forum.people)
    forum = msgspec.structs.replace(forum, people=people)
    found = plan(forum, time_limit=4)
    assert (found.musts.value, found.wishes.value, -found.gaps.value) == best_by_enumeration(forum)
    assert (found.musts.bound, found.wishes.bound, found.gaps.bound) == (
        found.musts.value,
        found.wishes.value,
        found.gaps.value,
    )


def test_annealing_and_ejection_keep_a_draft_sound_and_count_right():
    forum = forum_of_chance(7, people=30, requests=120, per_day=6, tables=8)
    grid, rng = Grid(forum), random.Random(3)
    draft = Draft(grid)
    for request in range(len(forum.requests)):
        if draft.below_limits(request):
            place(draft, request, rng)
    before, held = draft.gaps(), [one is not None for one in draft.slot]
    import time

    compacted(draft, until=time.monotonic() + 0.5)
    assert draft.gaps() <= before
    assert [one is not None for one in draft.slot] == held
    meetings = _as_held(draft)
    assert plan_violations(forum, meetings) == []
    assert sum(gaps_of(forum, meetings).values()) == draft.gaps()


def _as_held(draft: Draft) -> list[Held]:
    forum, taken, held = draft.grid.forum, [0] * len(draft.grid.bits), []
    serves = {request: forum.interpreters[one].id for serving in draft.serving for one, request in serving.items()}
    for request, slot in enumerate(draft.slot):
        if slot is not None:
            held.append(
                Held(forum.requests[request].id, slot + 1, forum.tables[taken[slot]].id, serves.get(request, ""))
            )
            taken[slot] += 1
    return held


def test_a_draft_can_be_brought_back():
    grid, rng = Grid(forum_of_chance(1)), random.Random(1)
    draft = Draft(grid)
    empty = list(draft.slot)
    for request in range(10):
        place(draft, request, rng)
    assert draft.slot != empty
    restore(draft, empty)
    assert draft.slot == empty and not any(draft.busy) and not any(draft.taken) and not any(draft.serving)
    assert not any(draft.at)


def test_gaps_do_not_run_over_a_night():
    slots = tuple(Slot(day=day) for day in (1, 1, 1, 2, 2, 2))
    grid = Grid(Forum(slots, (Person("a"),), (), ()))
    assert grid.gaps(grid.mask([1, 3])) == 1
    assert grid.gaps(grid.mask([2, 5])) == 0
    assert grid.gaps(grid.mask([1, 3, 4, 6])) == 2
    assert list(slots_in(grid, grid.mask([3, 4]))) == [2, 3]


def test_more_than_two_gaps_are_named_and_proven_unavoidable():
    slots = tuple(Slot(str(number)) for number in range(7))
    a = Person("a", unavailable=(2, 4, 6))
    others = tuple(Person(f"b{number}") for number in range(4))
    requests = tuple(Request(f"r{number}", "a", f"b{number}") for number in range(4))
    found = plan(Forum(slots, (a, *others), requests, (Table("t"),)), time_limit=3)
    assert found.status == "optimal" and found.gaps.value == 3
    assert found.many_gaps == {"a": Level(3, 3)}


@pytest.mark.parametrize("seed", range(8))
def test_the_fewest_gaps_of_a_person_are_a_bound(seed):
    forum = forum_of_chance(seed, people=6, requests=12, per_day=5)
    draft, rng = Draft(Grid(forum)), random.Random(seed)
    for request in range(len(forum.requests)):
        if draft.below_limits(request):
            place(draft, request, rng)
    for person, busy in enumerate(draft.busy):
        own = [draft.grid.domains[one] for one in draft.at[person].values()]
        least = min(
            draft.grid.gaps(sum(choice))
            for choice in product(*([bit for bit in draft.grid.bits if bit & mask] for mask in own))
            if len(set(choice)) == len(choice)
        )
        assert fewest_gaps(draft, person) <= least <= draft.grid.gaps(busy)


def test_nobody_goes_home_without_a_meeting_while_another_has_many():
    people = tuple(Person(name) for name in "abcd")
    requests = (Request("ab", "a", "b"), Request("ab2", "a", "b"), Request("cd", "c", "d"))
    forum = Forum((Slot(), Slot()), people, requests, (Table("t"),))
    found = plan(forum, time_limit=3)
    assert {"cd"} < {one.request for one in found.meetings}


def test_an_interpreter_is_in_one_meeting_at_a_time():
    people = (Person("a", ("ar",)), Person("b", ("en",)), Person("c", ("ar",)), Person("d", ("en",)))
    from tashbik.forum import Interpreter

    requests = (Request("ab", "a", "b"), Request("cd", "c", "d"))
    forum = Forum((Slot(),), people, requests, (Table("1"), Table("2")), (Interpreter("i", ("ar", "en", "fr")),))
    found = plan(forum, time_limit=3)
    assert len(found.meetings) == 1 and found.meetings[0].interpreter == "i"
    both = [Held("ab", 1, "1", "i"), Held("cd", 1, "2", "i")]
    assert [one.kind for one in plan_violations(forum, both)] == ["plan-interpreter"]
    assert [one.kind for one in plan_violations(forum, [Held("ab", 1, "1")])] == ["plan-interpreter"]


def test_wishes_become_requests():
    wishes = [Wish("b", "a"), Wish("a", "b", "must"), Wish("a", "c"), Wish("c", "a", "no"), Wish("d", "a")]
    found = {one.id: one for one in requests_of(wishes)}
    assert set(found) == {"a|b", "a|d"}
    assert found["a|b"].must and found["a|b"].weight > found["a|d"].weight


def test_forums_and_plans_are_files(tmp_path):
    forum = forum_of_chance(2)
    (tmp_path / "forum.json").write_bytes(msgspec.json.encode(forum))
    assert read_forum(tmp_path / "forum.json") == forum
    found = plan(forum, time_limit=0.5)
    (tmp_path / "plan.json").write_bytes(msgspec.json.encode(found))
    assert read_plan(tmp_path / "plan.json") == found


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"people": (Person("a"), Person("a"))}, "people.id"),
        ({"people": (Person("a", unavailable=(3,)), Person("b"))}, "people.unavailable"),
        ({"requests": (Request("r", "a", "x"),)}, "requests.second"),
        ({"requests": (Request("r", "a", "a"),)}, "requests.second"),
        ({"requests": (Request("r", "a", "b", fixed=9),)}, "requests.fixed"),
        ({"requests": (Request("r", "a", "b", after=("q",)),)}, "requests.after"),
        ({"requests": (Request("r", "a", "b", weight=-1),)}, "requests.weight"),
    ],
)
def test_what_does_not_fit_together_is_told(change, field):
    forum = Forum((Slot(), Slot()), (Person("a"), Person("b")), (), (Table("t"),))
    with pytest.raises(InputError) as error:
        checked(msgspec.structs.replace(forum, **change), "forum.json")
    assert (error.value.file, error.value.field) == ("forum.json", field)


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ([Held("ab", 1, "t"), Held("ac", 1, "u")], "plan-clash"),
        ([Held("ab", 1, "t"), Held("cd", 1, "t")], "plan-table"),
        ([Held("ab", 2, "t")], "plan-unavailable"),
        ([Held("ab", 1, "t"), Held("ab", 3, "t")], "plan-repeated"),
        ([Held("zz", 1, "t")], "plan-unknown"),
        ([Held("ab", 9, "t")], "plan-unknown"),
        ([Held("ac", 1, "t"), Held("ab", 3, "t")], "plan-order"),
        ([Held("cd", 3, "t")], "plan-session"),
        ([Held("bd", 1, "t")], "plan-fixed"),
        ([Held("cd", 1, "t"), Held("ad", 3, "t")], "plan-limit"),
    ],
)
def test_the_checker_of_plans_names_what_is_broken(held, kind):
    forum = Forum(
        (Slot(session="m"), Slot(session="m"), Slot(session="a")),
        (Person("a", unavailable=(2,)), Person("b"), Person("c"), Person("d", limit=1)),
        (
            Request("ab", "a", "b"),
            Request("ac", "a", "c", after=("ab",)),
            Request("cd", "c", "d", session="m"),
            Request("bd", "b", "d", fixed=2),
            Request("ad", "a", "d"),
        ),
        (Table("t"), Table("u")),
    )
    assert kind in {one.kind for one in plan_violations(forum, held)}


def test_a_plan_without_time_still_holds_what_fits():
    forum = forum_of_chance(3)
    found = plan(forum, time_limit=1e-6)
    assert found.meetings and plan_violations(forum, found.meetings) == []
