"""Who takes part in an edition: registered, changed, approved, put on the waiting list, declined, cancelled, invited. Not files (participant_lists)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange import application_link, messages
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import Edition, Participant, User
from tashbik.exchange.models.editions import said
from tashbik.exchange.participant_details import Details, apply, check, details_of, linked
from tashbik.exchange.permissions import may
from tashbik.exchange.queries.participation import link_arguments
from tashbik.exchange.quotas import Places, next_in_line

Status = Participant.Status
OPEN, RUNNING, CLOSED = Edition.Status.OPEN, Edition.Status.RUNNING, Edition.Status.CLOSED
LONGEST_REASON = 300
MOST_LETTERS = 1_000


def organises(actor: Actor, edition: Edition) -> bool:
    """Whether the actor is one of the edition's organisers."""
    return may(actor, "edition.edit", edition)


@verb("participant.register", on="edition")
def register(
    *,
    actor: Actor,
    edition: Edition,
    details: Details,
    user: User | None = None,
    approved: bool = False,
    confirmed: str = "",
) -> Participant:
    """Register a participant: a person registers themselves while the edition is open; an organiser registers anybody, approved at once if wished.

    `user` is only for organisers: the account of the person. `confirmed` is the signed link (application_link.token_for) of who has no
    account; the address that it confirms is the participant's. Raises StateError outside the time of registration, InvalidError by field,
    ConflictError for a person or an address that is registered already, NotPermittedError for nobody signed in and no link.
    """
    organiser = organises(actor, edition)
    if not organiser:
        if confirmed and actor.user is None:
            details = replace(details, email=application_link.address_of(edition, confirmed))
        user, approved = _oneself(actor, edition, by_link=bool(confirmed)), False
    elif edition.status == CLOSED:
        raise StateError(_("The edition is closed: nobody can be registered any more."))
    details = details if organiser else _own(details)
    check(details, slots=edition.slots.count())
    participant = Participant(edition=edition, user=user, status=Status.APPLIED)
    apply(participant, details)
    linked([(participant, details)], by_name=organiser)
    _expect_new(participant)
    if approved:
        participant.status = Status.APPROVED if _room(participant) else Status.WAITING
    participant.save()
    changed(participant)
    if not approved:
        _write(participant, "forum.received")
    elif participant.status == Status.WAITING:
        _write(participant, "forum.waiting")
    return participant


def _oneself(actor: Actor, edition: Edition, *, by_link: bool) -> User | None:
    """The account of who registers themselves; none for who came by the link of a confirmed address."""
    if actor.user is None and not by_link:
        raise NotPermittedError(_("Sign in to register for the forum."), mend=_("Create an account first; it is free."))
    if edition.status not in (OPEN, RUNNING):
        raise StateError(_("Registration for this edition is not open."), mend=_("Write to the organiser."))
    return actor.user


def _own(details: Details) -> Details:
    """Of what a person says of themselves, without the enterprise: that follows from their membership."""
    return replace(details, enterprise="")


def _expect_new(participant: Participant) -> None:
    others = participant.edition.participants.exclude(pk=participant.pk).exclude(status=Status.CANCELLED)
    if participant.email and others.filter(email=participant.email).exists():
        raise ConflictError(_("A participant with this e-mail address is registered already. Nothing was changed."))
    if participant.user_id and others.filter(user_id=participant.user_id).exists():
        raise ConflictError(_("You are registered for this edition already. Nothing was changed."))


def _room(participant: Participant) -> bool:
    """Whether the quotas have a place; the edition's row is locked, so that two approvals never take one place."""
    edition = Edition.objects.select_for_update().get(pk=participant.edition_id)
    return Places(edition).free(participant.category, participant.country)


@verb("participant.edit", on="participant")
def edit(*, actor: Actor, participant: Participant, details: Details) -> Participant:
    """Change what a participant says. Category and country of who is approved are changed by organisers only: quotas hang on them.

    Raises StateError once the edition is closed, InvalidError by field, ConflictError for an address that another one has.
    """
    edition = participant.edition
    if edition.status == CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))
    if not organises(actor, edition):
        details = _within_limits(participant, _own(details))
    check(details, slots=edition.slots.count())
    apply(participant, details)
    linked([(participant, details)], by_name=organises(actor, edition))
    _expect_new(participant)
    participant.save()
    return participant


def _within_limits(participant: Participant, details: Details) -> Details:
    now = details_of(participant)
    if participant.status == Status.APPROVED and (details.category, details.country) != (now.category, now.country):
        text = _("You are approved in this category and for this country: ask the organiser to change them.")
        raise InvalidError({"category": [text]}, text)
    return details


@verb("participant.approve", on="participant")
def approve(*, actor: Actor, participant: Participant) -> Participant:
    """Approve a participant; where a quota has no place left they go on the waiting list instead, and are told.

    Raises StateError for one who cancelled, or once the edition is closed.
    """
    _still(participant, Status.APPLIED, Status.WAITING, Status.DECLINED)
    participant.status = Status.APPROVED if _room(participant) else Status.WAITING
    participant.reason = ""
    participant.save()
    _write(participant, "forum.approved" if participant.status == Status.APPROVED else "forum.waiting")
    return participant


def _still(participant: Participant, *allowed: str) -> None:
    if participant.edition.status == CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))
    if participant.status not in allowed:
        raise StateError(
            _("%(name)s is %(status)s: this step is not possible now. Nothing was changed.")
            % {"name": participant.name, "status": participant.get_status_display()}
        )


@verb("participant.wait", on="participant")
def put_on_waiting_list(*, actor: Actor, participant: Participant) -> Participant:
    """Put somebody who applied on the waiting list, and tell them. Raises StateError for others."""
    _still(participant, Status.APPLIED)
    participant.status = Status.WAITING
    participant.save()
    _write(participant, "forum.waiting")
    return participant


@verb("participant.decline", on="participant")
def decline(*, actor: Actor, participant: Participant, reason: str) -> Participant:
    """Decline a participant with the reason, which they are told. Raises InvalidError without one, StateError for one who is approved."""
    _still(participant, Status.APPLIED, Status.WAITING)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        text = _("Give the reason in at most %(limit)d characters: the participant is told.") % {
            "limit": LONGEST_REASON
        }
        raise InvalidError({"reason": [text]}, text)
    participant.status, participant.reason = Status.DECLINED, reason.strip()
    participant.save()
    _write(participant, "forum.declined", reason=participant.reason)
    return participant


@verb("participant.cancel", on="participant")
def cancel(*, actor: Actor, participant: Participant, reason: str = "") -> Participant:
    """Cancel a participation, by the person or the organiser: meetings to come are cancelled, the place goes to the next of the waiting list.

    Raises StateError for one who is declined or cancelled already.
    """
    expect_oneself(actor, participant)
    _still(participant, Status.APPLIED, Status.WAITING, Status.APPROVED)
    had_place = participant.status == Status.APPROVED
    participant.status, participant.reason = Status.CANCELLED, reason.strip()[:LONGEST_REASON]
    participant.save()
    _cancel_meetings(participant)
    if had_place:
        promote(edition=participant.edition)
    return participant


def expect_oneself(actor: Actor, participant: Participant) -> None:
    """Raises NotPermittedError for anybody but the person and the organisers: colleagues of one body do not act for each other here."""
    oneself = {("user", participant.user_id), ("participant", participant.pk)}
    if not actor.system and not organises(actor, participant.edition) and not actor.parties & oneself:
        raise NotPermittedError(_("Only the person and the organisers may do this."))


def _cancel_meetings(participant: Participant) -> None:
    from tashbik.exchange.meeting_changes import cancel_meetings_of

    cancel_meetings_of(participant)


def promote(*, edition: Edition) -> Participant | None:
    """Within a verb: give a place that became free to the first of the waiting list for whom it is, and tell them."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    chosen = next_in_line(edition, Places(edition))
    if chosen is None:
        return None
    before = chosen.snapshot()
    chosen.status = Status.APPROVED
    chosen.save()
    changed(chosen, before)
    _write(chosen, "forum.approved")
    return chosen


@verb("participant.invite", on="edition")
def invite(
    *, actor: Actor, edition: Edition, participants: Sequence[Participant], again: bool = False
) -> list[Participant]:
    """Send the invitation letter to approved participants, each in their language; those who had it are left out unless `again`.

    Returns those written to. Raises StateError where the edition is in preparation or closed, InvalidError for more than MOST_LETTERS.
    """
    if edition.status not in (OPEN, RUNNING):
        raise StateError(
            _("Letters are sent while the edition is open or under way."), mend=_("Open the edition first.")
        )
    if len(participants) > MOST_LETTERS:
        raise InvalidError({"": [_("At most %(most)d letters are sent at once.") % {"most": MOST_LETTERS}]})
    written = []
    for one in participants:
        if (
            one.edition_id != edition.pk
            or one.status != Status.APPROVED
            or not one.email
            or (one.invited and not again)
        ):
            continue
        before = one.snapshot()
        one.invited = timezone.now()
        one.save(update_fields=["invited"])
        changed(one, before)
        _write(one, "forum.invitation")
        written.append(one)
    return written


def _write(participant: Participant, kind: str, **values: Any) -> None:
    """One message in the participant's language; nothing where they have no address."""
    if not participant.email:
        return
    edition, language = participant.edition, participant.language
    messages.post(
        kind=kind,
        to=participant.email,
        language=language,
        exchange=edition.exchange,
        about=participant,
        name=participant.name,
        body=participant.body,
        edition=edition.text("name", language),
        theme=edition.text("theme", language),
        starts=edition.starts,
        ends=edition.ends,
        venue=_venue(edition, language),
        page="participation:link",
        arguments=link_arguments(participant),
        **values,
    )


def _venue(edition: Edition, language: str) -> str:
    with translation.override(language):
        between = pgettext("list", ", ")
    return between.join(one for one in (said(edition.venue, language), edition.town(language)) if one)
