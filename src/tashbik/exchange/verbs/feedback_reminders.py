"""Asking participants what came of their meetings: once, after the edition's last day, by a daily job. Not the message's text, nor what they say (feedback.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from tashbik.exchange import messages
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import note, verb
from tashbik.exchange.jobs import Work, enqueue_once, handles
from tashbik.exchange.models import Edition, Mail, Meeting, MeetingFeedback, Participant
from tashbik.exchange.queries.participation import link_arguments, local_now, meetings_of

KIND = "forum.feedback"
DAYS = 7
"""Days after the last day in which the question is still sent: the worker may have been still on the first of them."""


@verb("feedback.ask", on="edition")
def ask(*, actor: Actor, edition: Edition) -> int:
    """Write to the participants with meetings of which they said nothing, each once, with their personal link; returns to how many.

    Left out are meetings that were cancelled or did not take place, and participants without an address or no longer approved.
    """
    asked = Mail.objects.filter(kind=KIND, about_kind="participant", exchange=edition.exchange).values("about_id")
    people = edition.participants.filter(status=Participant.Status.APPROVED).exclude(email="").exclude(pk__in=asked)
    people = people.select_related("edition__exchange")
    unsaid = _unsaid(people)
    for one in people:
        if one.pk in unsaid:
            _write(one, unsaid[one.pk])
    note(f"{len(unsaid)} participants")
    return len(unsaid)


def _unsaid(people: Iterable[Participant]) -> dict[int, list[Participant]]:
    """Participant → partners of the meetings of which they said nothing, in the order of time; two queries."""
    keys = {one.pk for one in people}
    standing = (Meeting.Status.PLANNED, Meeting.Status.HELD)
    meetings = list(meetings_of(people).filter(status__in=standing))
    said = set(MeetingFeedback.objects.filter(meeting__in=meetings).values_list("meeting", "by"))
    found: dict[int, list[Participant]] = {}
    for meeting in meetings:
        for one, partner in ((meeting.first, meeting.second), (meeting.second, meeting.first)):
            if one.pk in keys and (meeting.pk, one.pk) not in said:
                found.setdefault(one.pk, []).append(partner)
    return found


def _write(participant: Participant, partners: list[Participant]) -> None:
    edition, language = participant.edition, participant.language
    messages.post(
        kind=KIND,
        to=participant.email,
        language=language,
        exchange=edition.exchange,
        about=participant,
        name=participant.name,
        edition=edition.text("name", language),
        meetings=[f"{one.name} ({one.body})" if one.body else one.name for one in partners],
        page="participation:link",
        arguments=link_arguments(participant),
    )


def over(now: datetime) -> list[Edition]:
    """Editions whose last day is past at their venue, by at most DAYS."""
    near = Q(ends__gte=now.date() - timedelta(days=DAYS + 1), ends__lte=now.date())
    rows = Edition.objects.filter(near).exclude(status=Edition.Status.DRAFT).select_related("exchange")
    return [one for one in rows if 0 < (local_now(one, now).date() - one.ends).days <= DAYS]


@handles(KIND)
def ask_all(work: Work) -> None:
    """Once a day, for every edition that is just over; puts itself on the queue for the next day."""
    editions = over(timezone.now())
    for number, one in enumerate(editions, 1):
        ask(actor=SYSTEM, edition=one)
        work.report(number, len(editions))
    enqueue_once(KIND, run_at=timezone.now() + timedelta(days=1))
