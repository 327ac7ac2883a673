"""Removing a participant's personal data: name, e-mail address, position, words of their own. Not cancelling (participants.py)."""

from __future__ import annotations

from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import forget, kind_of, verb
from tashbik.exchange.models import Edition, Mail, Participant, Revision
from tashbik.exchange.models.editions import badge_code
from tashbik.exchange.verbs.participants import cancel, expect_oneself

NOBODY = "—"
STANDING = (Participant.Status.APPLIED, Participant.Status.WAITING, Participant.Status.APPROVED)


@verb("participant.erase", on="participant")
def erase(*, actor: Actor, participant: Participant) -> Participant:
    """Remove who a participant is, also from the history and the messages; a participation that stands is cancelled before.

    Meetings and feedback stay, with nobody's name, so that the edition's report stays true.
    """
    expect_oneself(actor, participant)
    cancel_standing(actor, participant)
    forget()
    return emptied(participant)


def cancel_standing(actor: Actor, participant: Participant) -> None:
    """Within a verb: cancel a participation that stands, its meetings to come too; one in an edition that is closed is over."""
    if participant.status in STANDING and participant.edition.status != Edition.Status.CLOSED:
        cancel(actor=actor, participant=participant)
        participant.refresh_from_db()


def emptied(participant: Participant) -> Participant:
    """Within a verb that forgets: the participant without personal data."""
    Mail.objects.filter(about_kind=kind_of(participant), about_id=participant.pk).delete()
    participant.name, participant.email, participant.position = NOBODY, "", ""
    participant.offers = participant.seeks = participant.reason = ""
    participant.user, participant.badge = None, badge_code()
    participant.save()
    participant.wishes.update(note="")
    Revision.objects.filter(subject_kind=kind_of(participant), subject_id=participant.pk).update(
        before=None, after=None, erased=True
    )
    return participant
