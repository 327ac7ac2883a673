"""Meetings of an edition: slots, tables, wishes, conditions, plans, publication, planning anew on the day, why not."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone, translation

from tashbik import forum
from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange import jobs
from tashbik.exchange.audit import broken_links
from tashbik.exchange.forum_problem import forum_of, held_of, request_id
from tashbik.exchange.models import Edition, Mail, Meeting, MeetingPlan, Participant, Revision
from tashbik.exchange.verbs import editions, meetings, participants, planning
from tests.exchange.forum_world import DAY, add_people, make_edition, set_up_meetings
from tests.world import World


@pytest.fixture
def edition(world: World) -> Edition:
    return make_edition(world)


@pytest.fixture
def people(world: World, edition: Edition) -> list[Participant]:
    made = add_people(world["organiser"], edition)
    set_up_meetings(world["organiser"], edition)
    return made


def wish(world: World, by: Participant, about: Participant, kind: str = "want") -> None:
    meetings.state(actor=world["organiser"], by=by, about=about, kind=kind)


def planned(world: World, edition: Edition, **options: bool) -> MeetingPlan:
    plan = planning.make(actor=world["organiser"], edition=edition, time_limit=2.0, **options)
    jobs.work_off()
    plan.refresh_from_db()
    return plan


def published(world: World, edition: Edition) -> MeetingPlan:
    return planning.publish(actor=world["organiser"], plan=planned(world, edition))


# slots and tables


def test_slots_follow_each_other_and_know_their_half_of_the_day(world: World, edition: Edition) -> None:
    hours = [
        meetings.Hours(DAY, time(14, 0), time(15, 0)),
        meetings.Hours(DAY, time(9, 0), time(10, 0)),
        meetings.Hours(DAY + timedelta(days=1), time(9, 0), time(9, 25)),
    ]
    made = meetings.make_slots(actor=world["organiser"], edition=edition, hours=hours, length=20, pause=5)
    assert [(one.number, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", one.session) for one in made] == [
        (1, "09:00", "09:20", "morning"),
        (2, "09:25", "09:45", "morning"),
        (3, "14:00", "14:20", "afternoon"),
        (4, "14:25", "14:45", "afternoon"),
        (5, "09:00", "09:20", "morning"),
    ]


@pytest.mark.parametrize(
    ("hours", "length", "pause", "field"),
    [
        ([], 20, 0, "hours"),
        ([meetings.Hours(date(2027, 4, 1), time(9), time(10))], 20, 0, "hours"),
        ([meetings.Hours(DAY, time(10), time(9))], 20, 0, "hours"),
        ([meetings.Hours(DAY, time(9), time(11)), meetings.Hours(DAY, time(10), time(12))], 20, 0, "hours"),
        ([meetings.Hours(DAY, time(9), time(9, 10))], 20, 0, "hours"),
        ([meetings.Hours(DAY, time(9), time(10))], 1, 0, "length"),
        ([meetings.Hours(DAY, time(9), time(10))], 20, -1, "pause"),
    ],
)
def test_hours_that_make_no_slots_are_refused(
    world: World, edition: Edition, hours: list[meetings.Hours], length: int, pause: int, field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        meetings.make_slots(actor=world["organiser"], edition=edition, hours=hours, length=length, pause=pause)
    assert field in caught.value.fields
    assert edition.slots.count() == 0


def test_other_times_forget_who_is_away_when(world: World, edition: Edition, people: list[Participant]) -> None:
    Participant.objects.filter(pk=people[0].pk).update(unavailable=[1])
    set_up_meetings(world["organiser"], edition)
    people[0].refresh_from_db()
    assert people[0].unavailable == [1]
    meetings.make_slots(
        actor=world["organiser"], edition=edition, hours=[meetings.Hours(DAY, time(9), time(10))], length=20
    )
    people[0].refresh_from_db()
    assert people[0].unavailable == []


def test_tables_are_as_many_as_asked_for(world: World, edition: Edition) -> None:
    made = meetings.make_tables(actor=world["organiser"], edition=edition, count=3, prefix="B")
    assert [one.label for one in made] == ["B1", "B2", "B3"]
    made = meetings.make_tables(actor=world["organiser"], edition=edition, count=1, prefix="B")
    assert [one.label for one in made] == ["B1"]


# wishes


def test_a_wish_is_stated_changed_and_taken_back(world: World, edition: Edition, people: list[Participant]) -> None:
    wish(world, people[0], people[1], "want")
    wish(world, people[0], people[1], "must")
    assert [one.kind for one in edition.wishes.all()] == ["must"]
    assert meetings.state(actor=world["organiser"], by=people[0], about=people[1], kind="") is None
    assert edition.wishes.count() == 0
    assert list(broken_links()) == []


def test_people_state_their_own_wishes_only_and_until_the_last_day(
    world: World, edition: Edition, people: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = people[0]
    assert mine.enterprise is not None, "known by the name of the body"
    member = world["member"]
    meetings.state(actor=member, by=mine, about=people[1], kind="want")
    with pytest.raises(NotPermittedError):
        meetings.state(actor=member, by=people[1], about=mine, kind="want")
    Edition.objects.filter(pk=edition.pk).update(wishes_until=DAY - timedelta(days=20))
    monkeypatch.setattr(meetings, "_today", lambda _edition: DAY - timedelta(days=10))
    with pytest.raises(StateError):
        meetings.state(actor=member, by=mine, about=people[2], kind="want")
    meetings.state(actor=world["organiser"], by=mine, about=people[2], kind="want")


def test_wishes_that_make_no_sense_are_refused(world: World, edition: Edition, people: list[Participant]) -> None:
    for about, kind in ((people[0], "want"), (people[1], "perhaps")):
        with pytest.raises(InvalidError):
            wish(world, people[0], about, kind)
    participants.cancel(actor=world["organiser"], participant=people[3])
    people[3].refresh_from_db()
    with pytest.raises(InvalidError):
        wish(world, people[0], people[3])
    with pytest.raises(StateError):
        wish(world, people[3], people[0])


def test_musts_are_few(
    world: World, edition: Edition, people: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meetings, "MOST_MUSTS", 1)
    monkeypatch.setattr(meetings, "MOST_WISHES", 2)
    wish(world, people[0], people[1], "must")
    with pytest.raises(InvalidError) as caught:
        wish(world, people[0], people[2], "must")
    assert "kind" in caught.value.fields
    wish(world, people[0], people[2])
    with pytest.raises(InvalidError) as caught:
        wish(world, people[0], people[3])
    assert "about" in caught.value.fields


# plans


def test_nothing_is_planned_without_times_tables_and_wishes(world: World, edition: Edition) -> None:
    with translation.override("en"), pytest.raises(StateError, match="times of meetings, tables, wishes"):
        planning.make(actor=world["organiser"], edition=edition)


def test_a_plan_is_made_published_and_told(world: World, edition: Edition, people: list[Participant]) -> None:
    wish(world, people[0], people[1], "must")
    wish(world, people[1], people[0])
    wish(world, people[2], people[3])
    plan = planned(world, edition)
    assert plan.status == "made"
    assert forum.plan_violations(forum_of(plan), held_of(plan)) == []
    assert plan.answer["musts"] == {"value": 1, "bound": 1}
    Mail.objects.all().delete()
    planning.publish(actor=world["organiser"], plan=plan)
    rows = {request_id(one.first_id, one.second_id): one for one in edition.meetings.all()}
    assert set(rows) == {one.request for one in held_of(plan)} and len(rows) == 2
    foreign = rows[request_id(people[2].pk, people[3].pk)]
    assert foreign.interpreter is not None, "they share no language"
    assert sorted(Mail.objects.filter(kind="meetings.published").values_list("to", "language")) == [
        ("p0@forum.example", "ar"),
        ("p1@forum.example", "fr"),
        ("p2@forum.example", "en"),
        ("p3@forum.example", "ar"),
    ]
    body = Mail.objects.get(to="p2@forum.example").body
    assert "دنيا" in body and "table A" in body
    assert list(broken_links()) == []


def test_a_no_of_either_side_ends_a_wish(world: World, edition: Edition, people: list[Participant]) -> None:
    wish(world, people[0], people[1])
    wish(world, people[0], people[2])
    wish(world, people[1], people[0], "no")
    assert {one.request for one in held_of(planned(world, edition))} == {request_id(people[0].pk, people[2].pk)}


def test_conditions_are_kept(world: World, edition: Edition, people: list[Participant]) -> None:
    wish(world, people[0], people[1])
    wish(world, people[0], people[3])
    slot = edition.slots.get(number=2)
    first = meetings.set_condition(
        actor=world["organiser"], edition=edition, first=people[3], second=people[0], slot=slot
    )
    meetings.set_condition(actor=world["organiser"], edition=edition, first=people[0], second=people[1], after=first)
    with pytest.raises(InvalidError) as caught:
        meetings.set_condition(
            actor=world["organiser"],
            edition=edition,
            first=people[0],
            second=people[3],
            after=edition.conditions.get(second=people[1]),
        )
    assert "after" in caught.value.fields
    held = {one.request: one.slot for one in held_of(planned(world, edition))}
    assert held[request_id(people[0].pk, people[3].pk)] == 2
    assert held[request_id(people[0].pk, people[1].pk)] > 2
    meetings.remove_condition(actor=world["organiser"], condition=first)
    assert edition.conditions.get().after is None


def test_one_plan_is_made_at_a_time_and_can_be_dropped(
    world: World, edition: Edition, people: list[Participant]
) -> None:
    wish(world, people[0], people[1])
    plan = planning.make(actor=world["organiser"], edition=edition)
    with pytest.raises(StateError):
        planning.make(actor=world["organiser"], edition=edition)
    with pytest.raises(StateError):
        planning.publish(actor=world["organiser"], plan=plan)
    planning.drop(actor=world["organiser"], plan=plan)
    jobs.work_off()
    assert edition.plans.count() == 0


def test_times_of_published_meetings_stay(world: World, edition: Edition, people: list[Participant]) -> None:
    wish(world, people[0], people[1])
    published(world, edition)
    with pytest.raises(StateError):
        set_up_meetings(world["organiser"], edition, ends=time(12, 0))
    with pytest.raises(StateError):
        meetings.make_tables(actor=world["organiser"], edition=edition, count=0, prefix="A")


# on the day


@pytest.fixture
def full(world: World, edition: Edition, people: list[Participant]) -> MeetingPlan:
    """A published plan in which the first meets all others, and two others meet."""
    for other in people[1:]:
        wish(world, people[0], other)
    wish(world, people[1], people[3])
    plan = published(world, edition)
    Mail.objects.all().delete()
    return plan


def test_a_late_arrival_moves_as_little_as_can_be_and_tells_only_those_touched(
    world: World, edition: Edition, people: list[Participant], full: MeetingPlan
) -> None:
    before = {one.pk: one.slot.number for one in edition.meetings.select_related("slot")}
    mine = edition.meetings.filter(first=people[0], second=people[2]).get()
    missing = [planning.Missing(people[2], 1, mine.slot.number)]
    made = planning.revise(actor=world["organiser"], plan=full, missing=missing)
    assert {one.pk: one.slot.number for one in edition.meetings.select_related("slot")} == before, "nothing yet"
    assert forum.plan_violations(forum_of(made), held_of(made)) == []
    planning.publish(actor=world["organiser"], plan=made)
    full.refresh_from_db()
    assert full.status == "replaced"
    after = {one.pk: one.slot.number for one in edition.meetings.filter(status="planned").select_related("slot")}
    touched = {
        one for row in edition.meetings.all() if after.get(row.pk) != before[row.pk] for one in (row.first, row.second)
    }
    assert mine.pk in {pk for pk in before if after.get(pk) != before[pk]}
    assert set(Mail.objects.filter(kind="meetings.changed").values_list("to", flat=True)) == {
        one.email for one in touched
    }


def test_a_no_show_loses_their_meetings_and_a_new_wish_takes_the_place(
    world: World, edition: Edition, people: list[Participant], full: MeetingPlan
) -> None:
    wish(world, people[1], people[2])
    made = planning.revise(actor=world["organiser"], plan=full, missing=[planning.Missing(people[3])])
    planning.publish(actor=world["organiser"], plan=made)
    gone = edition.meetings.filter(status="cancelled")
    assert {one.reason for one in gone} == {"absent"} and gone.count() == 2
    assert edition.meetings.filter(first=people[1], second=people[2], status="planned").exists()
    assert made.revision["changed"] == 2 == made.revision["bound"]


def test_who_cancels_is_left_out_and_the_others_are_told(
    world: World, edition: Edition, people: list[Participant], full: MeetingPlan
) -> None:
    participants.cancel(actor=world["organiser"], participant=people[3], reason="ill")
    assert set(Mail.objects.filter(kind="meetings.changed").values_list("to", flat=True)) == {
        people[0].email,
        people[1].email,
    }
    made = planning.revise(actor=world["organiser"], plan=full)
    planning.publish(actor=world["organiser"], plan=made)
    assert edition.meetings.filter(status="planned").count() == 2


def test_a_revision_of_what_was_replaced_is_refused(
    world: World, edition: Edition, people: list[Participant], full: MeetingPlan
) -> None:
    one = planning.revise(actor=world["organiser"], plan=full, missing=[planning.Missing(people[3])])
    other = planning.revise(actor=world["organiser"], plan=full)
    planning.publish(actor=world["organiser"], plan=one)
    with pytest.raises(ConflictError):
        planning.publish(actor=world["organiser"], plan=other)
    full.refresh_from_db()
    with pytest.raises(StateError):
        planning.revise(actor=world["organiser"], plan=full)
    with pytest.raises(StateError):
        planning.drop(actor=world["organiser"], plan=full)


def test_a_meeting_cancelled_after_planning_anew_does_not_come_back(
    world: World, edition: Edition, people: list[Participant], full: MeetingPlan
) -> None:
    made = planning.revise(actor=world["organiser"], plan=full)
    participants.cancel(actor=world["organiser"], participant=people[3])
    with pytest.raises(ConflictError):
        planning.publish(actor=world["organiser"], plan=made)


def test_what_was_held_stays_as_it_was(
    world: World, edition: Edition, people: list[Participant], full: MeetingPlan
) -> None:
    row = edition.meetings.select_related("slot").first()
    assert row is not None
    Meeting.objects.filter(pk=row.pk).update(status="held")
    made = planning.revise(
        actor=world["organiser"], plan=full, now=row.slot.number + 1, missing=[planning.Missing(row.first)]
    )
    planning.publish(actor=world["organiser"], plan=made)
    row.refresh_from_db()
    assert row.status == "held"


def test_each_meeting_has_its_history(world: World, edition: Edition, full: MeetingPlan) -> None:
    kinds = Revision.objects.filter(subject_kind="meeting").count()
    assert kinds == edition.meetings.count() == 4


def test_a_closed_edition_is_not_planned(world: World, edition: Edition, people: list[Participant]) -> None:
    wish(world, people[0], people[1])
    editions.close(actor=world["organiser"], edition=edition)
    with pytest.raises(StateError):
        planning.make(actor=world["organiser"], edition=edition)


def test_many_messages_are_written_in_the_background_and_none_twice(
    world: World, edition: Edition, people: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tashbik.exchange import meeting_changes

    monkeypatch.setattr(meeting_changes, "MANY", 1)
    monkeypatch.setattr(meeting_changes, "CHUNK", 2)
    wish(world, people[0], people[1])
    wish(world, people[2], people[3])
    plan = planned(world, edition)
    Mail.objects.all().delete()
    planning.publish(actor=world["organiser"], plan=plan)
    assert not Mail.objects.exists()
    real, calls = meeting_changes._write, []

    def breaks(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError("the machine stops")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(meeting_changes, "_write", breaks)
    jobs.work_off()
    assert Mail.objects.count() == 2
    jobs.work_off(now=timezone.now() + timedelta(minutes=5))
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted(one.email for one in people)


def test_why_two_do_not_meet_names_people_and_days(
    world: World, edition: Edition, people: list[Participant], full: MeetingPlan
) -> None:
    from tashbik.exchange.queries import meeting_plans

    organiser = world["organiser"]
    found = meeting_plans.why(organiser, edition, full, people[0], people[1], "fr")
    assert found.held and not found.general
    foreign = meeting_plans.why(organiser, edition, full, people[2], people[1], "fr")
    assert not foreign.wished and foreign.held is None
    text = " ".join(one for _slot, obstacles in foreign.slots for one in obstacles)
    assert "Chen a un autre rendez-vous (أمل – Chen)" in text
    assert len(foreign.slots) == 4
    with pytest.raises(NotPermittedError):
        meeting_plans.why(world["member"], edition, full, people[0], people[1], "fr")
