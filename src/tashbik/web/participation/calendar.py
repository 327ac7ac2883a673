"""A participant's agenda as an iCalendar file (RFC 5545), on the venue's clock. Not who may have it (mine.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from tashbik.exchange.models import Meeting, Participant
from tashbik.exchange.models.editions import said
from tashbik.exchange.queries.participation import Appointment
from tashbik.web import reading
from tashbik.web.participation.showing import why

KIND = "text/calendar; charset=utf-8; method=PUBLISH"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""Sequence numbers count the minutes from here to the last change: they rise with each change, as RFC 5545, 3.8.7.4 demands."""
REFRESH = timedelta(hours=1)


def as_calendar(participant: Participant, appointments: Sequence[Appointment], *, address: str) -> bytes:
    """The calendar of some meetings; cancelled ones say so, so that a subscribed calendar drops them.

    `address` is the absolute address of the agenda, for the events' links.
    """
    edition, language = participant.edition, reading.language()
    calendar = Calendar()
    calendar.add("prodid", "-//Tashbik//forum//" + language.upper())
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar["x-wr-calname"] = vText(edition.text("name", language))
    calendar["x-wr-timezone"] = vText(edition.zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in appointments:
        calendar.add_component(_event(participant, one, address))
    if appointments:
        days = [one.starts.date() for one in appointments]
        calendar.add_missing_timezones(first_date=min(days), last_date=max(days) + timedelta(days=1))
    return bytes(calendar.to_ical())


def _event(participant: Participant, one: Appointment, address: str) -> Event:
    meeting, edition = one.meeting, participant.edition
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}-{edition.code}@{_host()}")
    event.add("dtstamp", meeting.changed.astimezone(UTC))
    event.add("last-modified", meeting.changed.astimezone(UTC))
    event.add("sequence", max(0, int((meeting.changed - EPOCH).total_seconds() // 60)))
    event.add("dtstart", one.starts)
    event.add("dtend", one.ends)
    event.add("summary", _("Meeting with %(partner)s") % {"partner": named(one)})
    event.add("location", place_of(one, edition.text("venue", reading.language())))
    event.add("description", _described(one))
    event.add("status", "CANCELLED" if meeting.status == Meeting.Status.CANCELLED else "CONFIRMED")
    event.add("url", address)
    return event


def _host() -> str:
    """The site's name, for identifiers that are the same wherever the calendar is fetched."""
    return urlsplit(str(getattr(settings, "TASHBIK_SITE", ""))).hostname or "tashbik"


def named(one: Appointment) -> str:
    """The partner with the body they come from."""
    return f"{one.partner.name} ({one.partner.body})" if one.partner.body else one.partner.name


def place_of(one: Appointment, venue: str = "") -> str:
    """Table, hall and venue in a line."""
    table = one.meeting.table
    parts = [_("Table %(table)s") % {"table": table.label}]
    if table.room is not None:
        parts.append(said(table.room.name, reading.language()))
    comma = "، " if reading.language() == "ar" else ", "
    return comma.join([*parts, *([venue] if venue else [])])


def _described(one: Appointment) -> str:
    lines = list(why(one))
    if one.partner.offers:
        lines.append(_("Offers: %(text)s") % {"text": one.partner.offers})
    if one.partner.seeks:
        lines.append(_("Looks for: %(text)s") % {"text": one.partner.seeks})
    if one.meeting.interpreter is not None:
        lines.append(_("Interpreter: %(name)s") % {"name": one.meeting.interpreter.name})
    if one.meeting.status == Meeting.Status.CANCELLED and one.meeting.reason:
        lines.append(one.meeting.why)
    return "\n".join(lines)
