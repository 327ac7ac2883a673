"""Who is there: participants seen at the door and at sessions, and the slots in which one cannot come. Not what meetings become of it (verbs/meetings.py)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import EditionSession, Participant, SessionAttendance


@verb("attendance.mark", on="participant")
def mark(*, actor: Actor, participant: Participant) -> bool:
    """Note that a participant is there, at the door; returns False where they had been seen before.

    Raises StateError for who is not approved.
    """
    _expect_approved(participant)
    if participant.attended is not None:
        return False
    participant.attended = timezone.now()
    participant.save(update_fields=["attended"])
    return True


@verb("session.attend", on="session")
def attend(*, actor: Actor, session: EditionSession, participant: Participant) -> bool:
    """Note that a participant is at a session, and so at the door too; returns False where they had been seen at it before.

    Raises StateError for who is not approved, or takes part in another edition.
    """
    _expect_approved(participant)
    if session.edition_id != participant.edition_id:
        raise StateError(_("This badge is of another edition."), mend=_("Send its bearer to the registration desk."))
    attendance, new = SessionAttendance.objects.get_or_create(session=session, participant=participant)
    if new:
        changed(attendance)
    if participant.attended is None:
        before = participant.snapshot()
        participant.attended = timezone.now()
        participant.save(update_fields=["attended"])
        changed(participant, before)
    return new


@verb("attendance.undo", on="participant")
def undo(*, actor: Actor, participant: Participant) -> None:
    """Take back that a participant was seen, at the door and at sessions: the badge of another was shown."""
    for one in SessionAttendance.objects.filter(participant=participant):
        before = one.snapshot()
        one.delete()
        changed(one, before)
    participant.attended = None
    participant.save(update_fields=["attended"])


def _expect_approved(participant: Participant) -> None:
    if participant.status != Participant.Status.APPROVED:
        raise StateError(
            _("This participant is not approved: %(status)s.") % {"status": participant.get_status_display()},
            mend=_("Send its bearer to the registration desk."),
        )


@verb("absence.state", on="participant")
def state_absence(*, actor: Actor, participant: Participant, slots: Sequence[int]) -> Participant:
    """Say in which slots of meetings (by number) a participant cannot come; the next plan keeps them free.

    Raises InvalidError for a slot that the edition does not have.
    """
    numbers = set(participant.edition.slots.values_list("number", flat=True))
    if set(slots) - numbers:
        raise InvalidError(
            {"slots": [_("The times of meetings were changed meanwhile: look at them again.")]},
            _("Your absence was not kept."),
        )
    participant.unavailable = sorted(set(slots))
    participant.save(update_fields=["unavailable"])
    return participant
