"""What the halls need: the meetings of now and next by table, the day of each table, who is expected at the door, badges. Not who may meet whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.signing import BadSignature, Signer
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import (
    Edition,
    EditionSession,
    Meeting,
    MeetingSlot,
    MeetingTable,
    Participant,
    Room,
)
from tashbik.exchange.permissions import require
from tashbik.exchange.queries.participation import local_now, span_of

_SALT = "tashbik.screens"
STANDING = (Meeting.Status.PLANNED, Meeting.Status.HELD, Meeting.Status.MISSED)
"""Meetings that are in the plan in force."""


# screens of the halls


def screen_of(edition: Edition) -> str:
    """The signed name under which the screens of an edition are open without signing in."""
    return Signer(salt=_SALT, sep=".").sign(edition.code)


def edition_of_screen(token: str) -> Edition:
    """The edition of a screen's address. Raises NotFoundError for one that was not given out."""
    try:
        code = Signer(salt=_SALT, sep=".").unsign(token)
    except BadSignature as error:
        raise _no_screen() from error
    edition = Edition.objects.select_related("exchange").filter(code=code).first()
    if edition is None or edition.status == Edition.Status.DRAFT:
        raise _no_screen()
    return edition


def _no_screen() -> NotFoundError:
    return NotFoundError(_("There is no screen under this address."), mend=_("Ask the organiser for the address again."))


@dataclass(frozen=True, slots=True)
class Row:
    """A table of a hall with its meetings in the current and in the next slot; none where it is free."""

    table: MeetingTable
    now: Meeting | None
    next: Meeting | None


@dataclass(frozen=True, slots=True)
class Screen:
    """What the screen of a hall shows at a moment. `current` is the running slot, `coming` the next one of the same day."""

    hall: Room | None
    at: datetime
    current: MeetingSlot | None
    coming: MeetingSlot | None
    rows: list[Row] = field(default_factory=list)
    begins: MeetingSlot | None = None
    """The first slot of a later day, for when there is nothing more today."""


def halls(edition: Edition) -> list[Room]:
    """The rooms in which tables stand."""
    return list(Room.objects.filter(edition=edition, tables__isnull=False).distinct())


def screen(edition: Edition, hall: Room | None, *, now: datetime | None = None) -> Screen:
    """The screen of a hall (None: of all tables) at a moment; three queries, however many tables there are."""
    at = local_now(edition, now)
    slots = list(edition.slots.all())
    current = next((one for one in slots if _runs(edition, one, at)), None)
    later = (one for one in slots if one.day == at.date() and span_of(edition, one)[0] > at)
    coming = next(later, None)
    tables = MeetingTable.objects.filter(edition=edition).select_related("room")
    if hall is not None:
        tables = tables.filter(room=hall)
    shown = [one.pk for one in (current, coming) if one is not None]
    found = Meeting.objects.filter(edition=edition, slot__in=shown, status__in=STANDING)
    meetings = {
        (one.table_id, one.slot_id): one for one in found.select_related("first", "second", "interpreter", "slot")
    }
    rows = [
        Row(
            table,
            meetings.get((table.pk, current.pk)) if current else None,
            meetings.get((table.pk, coming.pk)) if coming else None,
        )
        for table in tables
    ]
    begins = next((one for one in slots if one.day > at.date()), None)
    return Screen(hall, at, current, coming, rows, begins)


def _runs(edition: Edition, slot: MeetingSlot, at: datetime) -> bool:
    starts, ends = span_of(edition, slot)
    return starts <= at < ends


# agendas by table


@dataclass(frozen=True, slots=True)
class TableDay:
    """The day of a table: its slots with the meeting in each."""

    table: MeetingTable
    day: date
    rows: list[tuple[MeetingSlot, Meeting | None]]


def table_days(actor: Actor, edition: Edition) -> list[TableDay]:
    """The agenda of each table on each day, for the hostesses of the halls; three queries. Raises NotPermittedError."""
    require(actor, "attendance.see", edition)
    slots = list(edition.slots.all())
    found = Meeting.objects.filter(edition=edition, status__in=STANDING)
    meetings = {
        (one.table_id, one.slot_id): one for one in found.select_related("first", "second", "interpreter", "slot")
    }
    days = sorted({one.day for one in slots})
    return [
        TableDay(table, day, [(one, meetings.get((table.pk, one.pk))) for one in slots if one.day == day])
        for table in MeetingTable.objects.filter(edition=edition).select_related("room")
        for day in days
    ]


# the door


def door_list(actor: Actor, edition: Edition, *, text: str = "", view: str = "") -> QuerySet[Participant]:
    """The approved participants by name, narrowed by words and to who has come (`here`) or not (`missing`). Raises NotPermittedError."""
    require(actor, "attendance.see", edition)
    found = Participant.objects.filter(edition=edition, status=Participant.Status.APPROVED)
    if view == "here":
        found = found.filter(attended__isnull=False)
    elif view == "missing":
        found = found.filter(attended__isnull=True)
    for word in text.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(body__icontains=word) | Q(badge__iexact=word))
    return found


def at_the_door(actor: Actor, edition: Edition) -> tuple[int, int]:
    """How many of the approved have come, and how many there are. Raises NotPermittedError."""
    require(actor, "attendance.see", edition)
    sums = Participant.objects.filter(edition=edition, status=Participant.Status.APPROVED).aggregate(
        here=Count("pk", filter=Q(attended__isnull=False)), all=Count("pk")
    )
    return sums["here"], sums["all"]


def sessions_with_attendance(actor: Actor, edition: Edition) -> list[tuple[EditionSession, int]]:
    """The sessions, each with how many were seen at it. Raises NotPermittedError."""
    require(actor, "attendance.see", edition)
    rows = edition.sessions.select_related("room").annotate(seen=Count("attendances"))
    return [(one, one.seen) for one in rows]


def find_badge(badge: str) -> Participant:
    """Whose badge it is; who may see more of them is decided by the page. Raises NotFoundError."""
    found = Participant.objects.select_related("edition__exchange").filter(badge=badge).first()
    if found is None:
        raise NotFoundError(_("There is no participant with this badge."), mend=_("Check the code on the badge."))
    return found


def badges(actor: Actor, edition: Edition, numbers: list[int] | None = None) -> list[Participant]:
    """The approved participants whose badges are printed: all, or some. Raises NotPermittedError."""
    require(actor, "badge.export", edition)
    found = Participant.objects.filter(edition=edition, status=Participant.Status.APPROVED)
    if numbers is not None:
        found = found.filter(pk__in=numbers)
    return list(found.order_by("category", "name", "pk"))
