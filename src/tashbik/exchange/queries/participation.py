"""An edition as the public and its participants may see it: the programme, personal links, the agenda, ties made. Not halls (participation_halls.py) nor wishes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError, NotPermittedError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import (
    Edition,
    EditionSession,
    Enterprise,
    Meeting,
    MeetingFeedback,
    MeetingProposal,
    MeetingSlot,
    MeetingWish,
    Organisation,
    Participant,
)
from tashbik.exchange.permissions import may

LINK_DAYS = 365
"""Days after the edition's end for which a personal link works: until the orders that came of the meetings can be told."""
_SALT, _CALENDAR_SALT = "tashbik.participation", "tashbik.participation.calendar"
"""A calendar's address is given to programs and to colleagues: what it is signed with opens no page."""
_CAN_COME = (Participant.Status.APPLIED, Participant.Status.APPROVED, Participant.Status.WAITING)


# editions


def find_edition(actor: Actor, code: str) -> Edition:
    """An edition by its code. One that is still in preparation is there only for who organises it. Raises NotFoundError."""
    edition = Edition.objects.select_related("exchange").filter(code=code).first()
    if edition is None or (edition.status == Edition.Status.DRAFT and not may(actor, "programme.see", edition)):
        raise NotFoundError(
            _("There is no edition of this name, or it is not open yet."), mend=_("Look for it in the list of forums.")
        )
    return edition


@dataclass(frozen=True, slots=True)
class ProgrammeDay:
    """A day of the programme with its sessions in the order of time."""

    day: date
    sessions: list[EditionSession]


def programme(edition: Edition, *, day: str = "", track: str = "") -> list[ProgrammeDay]:
    """The programme by day, narrowed to a day (ISO date) or a track (its number); three queries, however long it is."""
    sessions = edition.sessions.select_related("track", "room").prefetch_related("papers__speakers")
    if track.isdecimal():
        sessions = sessions.filter(track=int(track))
    days: dict[date, list[EditionSession]] = {}
    for one in sessions:
        if not day or one.day.isoformat() == day:
            days.setdefault(one.day, []).append(one)
    return [ProgrammeDay(key, rows) for key, rows in sorted(days.items())]


def zone_of(edition: Edition) -> ZoneInfo:
    """The time zone of the venue."""
    return ZoneInfo(edition.zone)


def moment_of(edition: Edition, day: date, at: time) -> datetime:
    """A day and time of the venue as a moment."""
    return datetime.combine(day, at, zone_of(edition))


def local_now(edition: Edition, now: datetime | None = None) -> datetime:
    """This moment on the venue's clock."""
    return (now or timezone.now()).astimezone(zone_of(edition))


# who comes: by account, or by a personal link


def token_of(participant: Participant) -> str:
    """The signed name of a participant for their personal link. It ends working with the badge's code, or LINK_DAYS after the edition."""
    return _signer().sign(participant.badge)


def link_arguments(participant: Participant) -> tuple[str]:
    """Arguments of the page `participation:link`, for messages (messages.post(page=…, arguments=…))."""
    return (token_of(participant),)


def calendar_token_of(participant: Participant) -> str:
    """The signed name of a participant for the calendar that follows their agenda: it reads that and opens nothing else."""
    return _signer(_CALENDAR_SALT).sign(participant.badge)


def _signer(salt: str = _SALT) -> Signer:
    return Signer(salt=salt, sep=".")


def participant_of(token: str, *, today: date | None = None) -> Participant:
    """Whose link it is. Raises NotFoundError for one that was not given out, StateError for one that has expired."""
    return _participant_of(token, _SALT, today)


def participant_of_calendar(token: str, *, today: date | None = None) -> Participant:
    """Whose agenda a calendar follows. Raises as `participant_of`."""
    return _participant_of(token, _CALENDAR_SALT, today)


def _participant_of(token: str, salt: str, today: date | None) -> Participant:
    try:
        badge = _signer(salt).unsign(token)
    except BadSignature as error:
        raise _no_such_link() from error
    participant = _participants().filter(badge=badge, status__in=_CAN_COME).first()
    if participant is None:
        raise _no_such_link()
    if participant.edition.ends + timedelta(days=LINK_DAYS) < (today or timezone.now().date()):
        raise StateError(_("This personal link has expired."), mend=_("Write to the forum's organiser."))
    return participant


def _no_such_link() -> NotFoundError:
    return NotFoundError(
        _("This personal link does not work, or no longer."),
        mend=_("Open the link in the newest message from the forum, or ask for a new one on the forum's page."),
    )


def acting_for(actor: Actor, participant: Participant) -> Actor:
    """The actor who came by a participant's link: besides who they are, they are that participant."""
    return replace(actor, parties=actor.parties | {("participant", participant.pk)})


def find_participant(actor: Actor, badge: str) -> Participant:
    """A participant whose agenda the actor may see. Raises NotFoundError, or NotPermittedError for who is somebody else."""
    participant = _participants().filter(badge=badge).first()
    if participant is None:
        raise NotFoundError(_("There is no participant with this badge."), mend=_("Check the code on the badge."))
    if not may(actor, "agenda.see", participant):
        raise NotPermittedError(
            _("This is the page of a participant."),
            mend=_(
                "Open the personal link in your message from the forum, or sign in with the account that you registered with."
            ),
        )
    return participant


def own_participations(actor: Actor) -> list[Participant]:
    """The actor's participations, the newest edition first."""
    if actor.user_id is None:
        return []
    mine = _participants().filter(user=actor.user_id, status__in=_CAN_COME)
    return list(mine.order_by("-edition__starts", "pk"))


def _participants() -> QuerySet[Participant]:
    return Participant.objects.select_related("edition__exchange", "enterprise", "organisation", "user")


def found_by_address(edition: Edition, address: str) -> list[Participant]:
    """The participants registered with an e-mail address: only to write to that address, never to show."""
    return list(_participants().filter(edition=edition, email__iexact=address.strip(), status__in=_CAN_COME))


# the agenda


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting of a participant: with whom, from when until when (aware, on the venue's clock), why, and what was said of it.

    `wished` is what the participant wished, `wished_by` whether the partner asked too; `reason` the engine's, by language; `feedback` is the
    participant's own, never the partner's.
    """

    meeting: Meeting
    partner: Participant
    starts: datetime
    ends: datetime
    wished: str = ""
    wished_by: bool = False
    reason: dict[str, str] | None = None
    met_before: bool = False
    feedback: MeetingFeedback | None = None

    def over(self, now: datetime) -> bool:
        """Whether it has begun, so that something can be said of it."""
        return self.starts <= now

    def ended(self, now: datetime) -> bool:
        """Whether its slot is past."""
        return self.ends <= now


def meetings_of(participants: Iterable[Participant]) -> QuerySet[Meeting]:
    """The meetings of some participants with all that an agenda tells of them, in the order of time."""
    keys = [one.pk for one in participants]
    found = Meeting.objects.filter(Q(first__in=keys) | Q(second__in=keys))
    return found.select_related("first", "second", "slot", "table__room", "interpreter", "edition").order_by(
        "slot__number", "pk"
    )


def agenda(actor: Actor, participant: Participant, *, cancelled: bool = False) -> list[Appointment]:
    """A participant's meetings in the order of time, those that were cancelled only when asked for. Raises NotPermittedError."""
    if not may(actor, "agenda.see", participant):
        raise NotPermittedError(_("This agenda is another participant's."))
    meetings = meetings_of([participant])
    if not cancelled:
        meetings = meetings.exclude(status=Meeting.Status.CANCELLED)
    rows = list(meetings)
    wishes = _wishes_of(participant)
    proposals = _proposals_of(participant)
    feedback = {one.meeting_id: one for one in MeetingFeedback.objects.filter(by=participant, meeting__in=rows)}
    return [_appointment(participant, one, wishes, proposals, feedback.get(one.pk)) for one in rows]


def _appointment(
    participant: Participant,
    meeting: Meeting,
    wishes: dict[tuple[int, int], str],
    proposals: dict[int, MeetingProposal],
    feedback: MeetingFeedback | None,
) -> Appointment:
    partner = meeting.second if meeting.first_id == participant.pk else meeting.first
    proposal = proposals.get(partner.pk)
    starts, ends = span_of(participant.edition, meeting.slot)
    return Appointment(
        meeting=meeting,
        partner=partner,
        starts=starts,
        ends=ends,
        wished=wishes.get((participant.pk, partner.pk), ""),
        wished_by=wishes.get((partner.pk, participant.pk), "") in (MeetingWish.Kind.MUST, MeetingWish.Kind.WANT),
        reason=proposal.reason if proposal else None,
        met_before=bool(proposal and proposal.met_before),
        feedback=feedback,
    )


def span_of(edition: Edition, slot: MeetingSlot) -> tuple[datetime, datetime]:
    """From when until when a slot runs, as moments."""
    return moment_of(edition, slot.day, slot.starts), moment_of(edition, slot.day, slot.ends)


def _wishes_of(participant: Participant) -> dict[tuple[int, int], str]:
    rows = MeetingWish.objects.filter(Q(by=participant) | Q(about=participant)).values_list("by", "about", "kind")
    return {(by, about): kind for by, about, kind in rows}


def _proposals_of(participant: Participant) -> dict[int, MeetingProposal]:
    found = MeetingProposal.objects.filter(Q(first=participant) | Q(second=participant))
    return {one.second_id if one.first_id == participant.pk else one.first_id: one for one in found}


# what came of the meetings


@dataclass(frozen=True, slots=True)
class Tie:
    """What a meeting tied: its `date`, the `outcome` (agreement, follow-up, contact), and the later value of orders.

    Each side is an enterprise of the register, or a buyer, institution or financier of an exchange. `source` is the side that makes, as far as
    the categories tell: a large industry is the target of a small one; otherwise the order means nothing.
    """

    source: Enterprise | Organisation
    target: Enterprise | Organisation
    date: date
    outcome: str
    value: Decimal | None
    currency: str
    edition: Edition
    meeting: int


STRENGTH = {
    MeetingFeedback.Outcome.AGREEMENT: 3,
    MeetingFeedback.Outcome.FOLLOW_UP: 2,
    MeetingFeedback.Outcome.CONTACT: 1,
    MeetingFeedback.Outcome.NOTHING: 0,
}
"""How far an outcome goes: of what two sides say, the further one counts."""


def meeting_ties(
    *,
    exchange_id: int | None = None,
    edition_id: int | None = None,
    enterprise_id: int | None = None,
    organisation_id: int | None = None,
    since: date | None = None,
) -> Iterator[Tie]:
    """The ties that meetings made, one for each that took place and led to something, between those who are in a register; two queries.

    For the network, which shows who may see what; it is not asked who reads. Of two statements on one meeting the further outcome counts,
    and the value of orders is the one told last: values are never added up.
    """
    meetings = Meeting.objects.filter(status=Meeting.Status.HELD, feedback__isnull=False)
    if exchange_id is not None:
        meetings = meetings.filter(edition__exchange=exchange_id)
    if edition_id is not None:
        meetings = meetings.filter(edition=edition_id)
    if enterprise_id is not None:
        meetings = meetings.filter(Q(first__enterprise=enterprise_id) | Q(second__enterprise=enterprise_id))
    if organisation_id is not None:
        meetings = meetings.filter(Q(first__organisation=organisation_id) | Q(second__organisation=organisation_id))
    if since is not None:
        meetings = meetings.filter(slot__day__gte=since)
    sides = ("first__enterprise", "second__enterprise", "first__organisation", "second__organisation")
    related = meetings.distinct().select_related("slot", "edition", *sides)
    for meeting in related.order_by("slot__day", "pk").prefetch_related("feedback"):
        found = _tie(meeting)
        if found is not None:
            yield found


def _tie(meeting: Meeting) -> Tie | None:
    said = list(meeting.feedback.all())
    outcome = outcome_of(said)
    first, second = _side(meeting.first), _side(meeting.second)
    if outcome in ("", MeetingFeedback.Outcome.NOTHING) or first is None or second is None or first == second:
        return None
    if (meeting.first.category, meeting.second.category) == (Participant.Category.INDUSTRY, Participant.Category.SMI):
        first, second = second, first
    value, currency = value_of(said)
    return Tie(first, second, meeting.slot.day, outcome, value, currency, meeting.edition, meeting.pk)


def _side(participant: Participant) -> Enterprise | Organisation | None:
    """Who a participant comes from; None where that is in no register, or no longer."""
    enterprise = participant.enterprise
    if enterprise is not None:
        return enterprise if enterprise.status == Enterprise.Status.PUBLISHED else None
    return participant.organisation


def outcome_of(said: Iterable[MeetingFeedback]) -> str:
    """The furthest outcome that the sides of a meeting state; empty where none does."""
    stated = [one.outcome for one in said if one.happened and one.outcome]
    return max(stated, key=lambda outcome: STRENGTH[MeetingFeedback.Outcome(outcome)], default="")


def value_of(said: Iterable[MeetingFeedback]) -> tuple[Decimal | None, str]:
    """The value of orders that was told last, with its currency; None where none was."""
    told = [one for one in said if one.happened and one.order_value is not None]
    last = max(told, key=lambda one: (one.changed, one.pk), default=None)
    return (last.order_value, last.currency) if last else (None, "")
