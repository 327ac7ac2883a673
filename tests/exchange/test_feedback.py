"""Feedback after meetings, and what it makes of the network; attendance; absences: what is kept and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tashbik.errors import InvalidError, NotPermittedError, StateError
from tashbik.exchange.actor import VISITOR
from tashbik.exchange.models import AuditEntry, Meeting, MeetingFeedback, MeetingSlot, SessionAttendance
from tashbik.exchange.queries.networks_ties import Scope, all_ties, organisation_node
from tashbik.exchange.queries.participation import acting_for, meeting_ties
from tashbik.exchange.queries.participation_ties import ORDERED
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.verbs import attendance, feedback
from tests.edition_world import AFTER, BEFORE, DURING, FIRST, Forum, make_forum
from tests.world import World


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are told apart by their words."""
    with translation.override("en"):
        yield


@pytest.fixture
def forum(world: World) -> Forum:
    return make_forum(world)


def said(forum: Forum, actor: Any, by: str = "amal", about: str = "karim", **values: Any) -> MeetingFeedback:
    given = {"happened": True, "outcome": "follow-up", "now": AFTER} | values
    return feedback.give(actor=actor, meeting=forum.meetings[about], by=forum.people[by], **given)


def test_a_side_says_what_came_of_a_meeting(world: World, forum: Forum) -> None:
    kept = said(forum, world["member"], next_step=" send drawings ", next_by=date(2027, 1, 10), rating=4)
    assert (kept.outcome, kept.next_step, kept.rating, kept.order_value) == ("follow-up", "send drawings", 4, None)
    meeting = Meeting.objects.get(pk=forum.meetings["karim"].pk)
    assert meeting.status == Meeting.Status.HELD
    told = AuditEntry.objects.filter(verb="feedback.give").values_list("subject_kind", flat=True)
    assert set(told) == {"meeting", "meetingfeedback"}


def test_the_value_of_orders_is_told_later(world: World, forum: Forum) -> None:
    said(forum, world["member"])
    said(forum, world["member"], outcome="agreement", order_value=Decimal("1200000"), currency="DZD")
    only = MeetingFeedback.objects.get()
    assert (only.outcome, only.order_value, only.currency) == ("agreement", Decimal("1200000"), "DZD")


def test_one_without_an_account_says_it_by_the_personal_link(forum: Forum) -> None:
    berg = acting_for(VISITOR, forum.people["berg"])
    assert said(forum, berg, by="berg", about="berg").by == forum.people["berg"]
    with pytest.raises(NotPermittedError):
        said(forum, berg, by="amal", about="berg")
    with pytest.raises(NotPermittedError):
        said(forum, VISITOR, by="berg", about="berg")


def test_only_sides_and_those_who_organise_may_say_it(world: World, forum: Forum) -> None:
    assert said(forum, world["organiser"]).by == forum.people["amal"]
    with pytest.raises(NotPermittedError):
        said(forum, world.elsewhere["organiser"])
    with pytest.raises(NotPermittedError):  # a participant, but not of this meeting
        said(forum, world["organiser"], by="berg", about="karim")
    with pytest.raises(NotPermittedError):
        said(forum, world["buyer"], by="amal", about="karim")


def test_nothing_is_said_before_it_begins_nor_of_what_was_cancelled(world: World, forum: Forum) -> None:
    with pytest.raises(StateError, match="not begun"):
        said(forum, world["member"], now=BEFORE)
    assert said(forum, world["member"], now=DURING)
    with pytest.raises(StateError, match="not begun"):
        said(forum, world["member"], about="berg", now=DURING)
    Meeting.objects.filter(pk=forum.meetings["buyer"].pk).update(status="cancelled")
    with pytest.raises(StateError, match="cancelled"):
        said(forum, world["member"], about="buyer")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "wonderful"}, "outcome"),
        ({"order_value": Decimal(5)}, "currency"),
        ({"order_value": Decimal(5), "currency": "XXX"}, "currency"),
        ({"order_value": Decimal(0), "currency": "DZD"}, "order_value"),
        ({"order_value": Decimal(10) ** 15, "currency": "DZD"}, "order_value"),
        ({"outcome": "nothing", "order_value": Decimal(5), "currency": "DZD"}, "outcome"),
        ({"rating": 6}, "rating"),
        ({"next_step": "x" * 301}, "next_step"),
    ],
)
def test_values_that_cannot_be_taken(world: World, forum: Forum, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        said(forum, world["member"], **values)
    assert list(refused.value.fields) == [field]
    assert not MeetingFeedback.objects.exists()


def test_a_meeting_that_did_not_take_place(world: World, forum: Forum) -> None:
    kept = said(forum, world["member"], happened=False, outcome="agreement", order_value=Decimal(5), currency="DZD")
    assert (kept.happened, kept.outcome, kept.order_value, kept.currency) == (False, "", None, "")
    assert Meeting.objects.get(pk=forum.meetings["karim"].pk).status == Meeting.Status.MISSED
    said(forum, acting_for(VISITOR, forum.people["karim"]), by="karim")
    assert Meeting.objects.get(pk=forum.meetings["karim"].pk).status == Meeting.Status.HELD


def test_a_meeting_becomes_a_tie_of_the_network(world: World, forum: Forum) -> None:
    assert list(meeting_ties()) == []
    said(forum, world["member"], outcome="contact")
    karim = acting_for(VISITOR, forum.people["karim"])
    said(forum, karim, by="karim", outcome="agreement", order_value=Decimal(900), currency="EUR")
    (tie,) = meeting_ties(exchange_id=world.dz.pk)
    assert (tie.source, tie.target) == (world.enterprises[0], world.enterprises[1])
    assert (tie.date, tie.outcome, tie.value, tie.currency) == (FIRST, "agreement", Decimal(900), "EUR")
    said(forum, world["member"], outcome="agreement", order_value=Decimal(950), currency="EUR")
    assert [one.value for one in meeting_ties(edition_id=forum.edition.pk)] == [Decimal(950)]  # told last, not added
    assert list(meeting_ties(exchange_id=world.tn.pk)) == [] == list(meeting_ties(since=date(2027, 1, 1)))


def test_what_ties_nobody(world: World, forum: Forum) -> None:
    said(forum, world["member"], outcome="nothing")
    said(forum, world["member"], about="berg", outcome="agreement")  # Berg is in no register
    assert list(meeting_ties()) == []


def test_a_buyer_of_the_exchange_is_the_one_made_for(world: World, forum: Forum) -> None:
    meeting = forum.meetings["buyer"]
    Meeting.objects.filter(pk=meeting.pk).update(first=forum.people["buyer"], second=forum.people["amal"])
    said(forum, world["organiser"], about="buyer", outcome="contact")
    (tie,) = meeting_ties(organisation_id=world.buyer.pk)
    assert (tie.source, tie.target, tie.meeting) == (world.enterprises[0], world.buyer, meeting.pk)
    assert list(meeting_ties(enterprise_id=world.enterprises[1].pk)) == []


def test_meetings_are_a_source_of_the_network(world: World, forum: Forum) -> None:
    said(forum, world["member"], outcome="agreement", order_value=Decimal(900), currency="EUR")
    said(forum, world["member"], about="buyer", outcome="follow-up")
    ties = [one for one in all_ties(Scope()) if one.origin == "met"]
    foundry, sahel = world.enterprises[:2]
    assert [(one.source, one.target, one.weight) for one in ties] == [
        (foundry.code, sahel.code, ORDERED),
        (foundry.code, organisation_node(world.buyer.pk), 0.5),
    ]
    assert {one.level for one in ties} == {"exchange"}
    assert ties[0].parties == {("enterprise", foundry.pk), ("enterprise", sahel.pk)}
    assert not [one for one in all_ties(Scope(exchange_id=world.tn.pk)) if one.origin == "met"]


def test_ties_take_as_many_queries_for_one_as_for_three(world: World, forum: Forum) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            list(meeting_ties())
        return len(seen)

    said(forum, world["member"])
    few = queries()
    for key, enterprise in (("berg", world.enterprises[2]), ("buyer", world.foreign)):
        forum.people[key].enterprise = enterprise
        forum.people[key].save()
        said(forum, world["member"], about=key)
    assert len(list(meeting_ties())) == 3 and queries() == few


def test_what_waits_for_a_participant(world: World, forum: Forum) -> None:
    def waiting() -> list[tuple[str, int]]:
        found = [one for one in waiting_for(world["member"]) if one.page == "participation:agenda"]
        return [(str(one.label), one.count) for one in found]

    assert waiting() == []
    today = timezone.now().date()
    MeetingSlot.objects.update(day=today - timedelta(days=1))
    assert waiting() == [("3 meetings: say what came of them", 3)]
    said(forum, world["member"])
    Meeting.objects.filter(pk=forum.meetings["berg"].pk).update(status="cancelled")
    forum.edition.starts = forum.edition.ends = today
    forum.edition.save()
    assert waiting() == [("Your agenda of today", 0), ("1 meeting: say what came of it", 1)]


# attendance


def test_seen_at_the_door_once(world: World, forum: Forum) -> None:
    amal = forum.people["amal"]
    assert attendance.mark(actor=world["organiser"], participant=amal) is True
    first = amal.attended
    assert attendance.mark(actor=world["officer"], participant=amal) is False
    amal.refresh_from_db()
    assert amal.attended == first is not None
    attendance.undo(actor=world["organiser"], participant=amal)
    assert amal.attended is None


def test_who_is_not_approved_is_sent_to_the_desk(world: World, forum: Forum) -> None:
    with pytest.raises(StateError, match="not approved"):
        attendance.mark(actor=world["organiser"], participant=forum.people["sara"])


def test_at_a_session_one_is_at_the_door_too(world: World, forum: Forum) -> None:
    session, amal = forum.sessions[0], forum.people["amal"]
    assert attendance.attend(actor=world["organiser"], session=session, participant=amal) is True
    assert attendance.attend(actor=world["organiser"], session=session, participant=amal) is False
    amal.refresh_from_db()
    assert amal.attended is not None and SessionAttendance.objects.count() == 1
    attendance.undo(actor=world["organiser"], participant=amal)
    assert not SessionAttendance.objects.exists()


@pytest.mark.parametrize("role", ["member", "buyer", "analyst", "administrator"])
def test_others_do_not_mark_attendance(world: World, forum: Forum, role: str) -> None:
    for actor in (world[role], world.elsewhere["organiser"], acting_for(VISITOR, forum.people["amal"])):
        with pytest.raises(NotPermittedError):
            attendance.mark(actor=actor, participant=forum.people["amal"])
        with pytest.raises(NotPermittedError):
            attendance.attend(actor=actor, session=forum.sessions[0], participant=forum.people["amal"])


def test_absence_is_stated_by_oneself_or_the_organiser(world: World, forum: Forum) -> None:
    berg = forum.people["berg"]
    assert attendance.state_absence(actor=acting_for(VISITOR, berg), participant=berg, slots=[2, 1, 2]).unavailable == [
        1,
        2,
    ]
    assert attendance.state_absence(actor=world["organiser"], participant=berg, slots=[]).unavailable == []
    with pytest.raises(NotPermittedError):
        attendance.state_absence(actor=world["member"], participant=berg, slots=[1])
    with pytest.raises(InvalidError):
        attendance.state_absence(actor=world["organiser"], participant=berg, slots=[9])
