"""After an edition those who said nothing of their meetings are asked once: who, when at the venue, in their language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tashbik.errors import NotPermittedError
from tashbik.exchange import jobs
from tashbik.exchange.actor import SYSTEM
from tashbik.exchange.models import Job, Mail, Meeting, Participant
from tashbik.exchange.queries.participation import token_of
from tashbik.exchange.verbs import feedback, feedback_reminders
from tests.edition_world import AFTER, SECOND, Forum, make_forum
from tests.world import World


@pytest.fixture
def forum(world: World) -> Forum:
    return make_forum(world)


def written_to() -> set[int | None]:
    return set(Mail.objects.filter(kind="forum.feedback").values_list("about_id", flat=True))


def with_meetings(forum: Forum) -> set[int]:
    standing = Meeting.objects.filter(edition=forum.edition, status__in=("planned", "held"))
    people = {key for pair in standing.values_list("first", "second") for key in pair}
    reachable = Participant.objects.filter(pk__in=people, status="approved").exclude(email="")
    return set(reachable.values_list("pk", flat=True))


def test_everybody_with_meetings_is_asked_once(forum: Forum, settings: object) -> None:
    settings.TASHBIK_SITE = "https://forum.example"  # type: ignore[attr-defined]
    expected = with_meetings(forum)
    assert expected
    assert feedback_reminders.ask(actor=SYSTEM, edition=forum.edition) == len(expected)
    assert written_to() == expected
    amal = forum.people["amal"]
    mail = Mail.objects.get(about_id=amal.pk, kind="forum.feedback")
    assert (mail.to, mail.language) == (amal.email, amal.language)
    assert token_of(amal) in mail.body and forum.people["karim"].name in mail.body
    assert feedback_reminders.ask(actor=SYSTEM, edition=forum.edition) == 0
    assert Mail.objects.filter(kind="forum.feedback").count() == len(expected)


def test_who_said_it_already_is_not_asked(forum: Forum) -> None:
    amal = forum.people["amal"]
    for meeting in Meeting.objects.filter(first=amal) | Meeting.objects.filter(second=amal):
        feedback.give(actor=SYSTEM, meeting=meeting, by=amal, happened=True, outcome="contact", now=AFTER)
    feedback_reminders.ask(actor=SYSTEM, edition=forum.edition)
    assert written_to() == with_meetings(forum) - {amal.pk}


def test_cancelled_meetings_are_not_asked_about(forum: Forum) -> None:
    Meeting.objects.update(status="cancelled")
    assert feedback_reminders.ask(actor=SYSTEM, edition=forum.edition) == 0
    assert not written_to()


def test_only_organisers_ask(world: World, forum: Forum) -> None:
    with pytest.raises(NotPermittedError):
        feedback_reminders.ask(actor=world["member"], edition=forum.edition)


@pytest.mark.parametrize(("now", "is_over"), [
    (datetime.combine(SECOND, datetime.min.time(), UTC) + timedelta(hours=22, minutes=30), False),
    (datetime.combine(SECOND, datetime.min.time(), UTC) + timedelta(hours=23, minutes=30), True),  # past midnight in Algiers
    (datetime.combine(SECOND, datetime.min.time(), UTC) + timedelta(days=7), True),
    (datetime.combine(SECOND, datetime.min.time(), UTC) + timedelta(days=9), False),
])  # fmt: skip
def test_an_edition_is_over_by_the_venues_clock(forum: Forum, now: datetime, is_over: bool) -> None:
    assert bool(feedback_reminders.over(now)) is is_over


def test_an_edition_in_preparation_asks_nobody(forum: Forum) -> None:
    forum.edition.status = "draft"
    forum.edition.save()
    assert feedback_reminders.over(datetime.combine(SECOND, datetime.min.time(), UTC) + timedelta(days=2)) == []


def test_the_job_asks_and_comes_again_the_next_day(forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback_reminders, "over", lambda now: [forum.edition])
    jobs.enqueue_once("forum.feedback")
    jobs.work_off()
    assert written_to() == with_meetings(forum)
    waiting = Job.objects.get(kind="forum.feedback", status="waiting")
    assert waiting.run_at > datetime.now(UTC) + timedelta(hours=23)
