"""Deciding on submissions: accept, return with reasons, take back. Not the submitting (verbs/register.py) nor the queue (queries/moderation.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import Enterprise, Membership, Role, Submission
from tashbik.exchange.queries.moderation import OPEN, digest_of, merged_with
from tashbik.exchange.storing import new_row, store
from tashbik.exchange.verbs.register import new_local_id
from tashbik.registry import records


class ReturnReason(models.TextChoices):
    """Why a submission goes back."""

    NOT_INDUSTRIAL = "not_industrial", gettext_lazy("not an industrial enterprise")
    IDENTIFIER = "identifier", gettext_lazy("an official number is missing or wrong")
    CAPABILITY = "capability", gettext_lazy("it is not clear what the enterprise can make")
    CONTACT = "contact", gettext_lazy("the contact cannot be reached")
    DUPLICATE = "duplicate", gettext_lazy("the enterprise is in the register already")
    PLACE = "place", gettext_lazy("the place is wrong or belongs to another exchange")
    EVIDENCE = "evidence", gettext_lazy("evidence is missing (certificate, reference, register extract)")
    FIGURES = "figures", gettext_lazy("figures or units cannot be right")
    CONSENT = "consent", gettext_lazy("the consent of a person named is missing")
    OTHER = "other", gettext_lazy("another reason, told in the note")


@verb("submission.accept", on="submission")
def accept(
    *, actor: Actor, submission: Submission, seen: str = "", settled: Mapping[str, str] | None = None
) -> Submission:
    """Take a submission into the register, merged field by field with what changed there meanwhile.

    `seen` is the digest of the proposal that the officer read (queries.moderation.item); `settled` says for fields that both sides changed
    (by their keys) whether the register (`ours`) or the proposal (`theirs`) is right. Raises ConflictError where either is no longer so or a
    field is not settled, StateError for a submission that is settled or an enterprise that was withdrawn.
    """
    _pending(submission)
    if seen and seen != digest_of(submission.record):
        raise ConflictError(
            _("The enterprise changed its proposal while you were reading it. Nothing was accepted."),
            mend=_("Read it again, then decide."),
        )
    if submission.enterprise is None:
        submission.enterprise = _registered(submission)
    else:
        _merge_into(submission.enterprise.pk, submission, settled or {})
    _decide(submission, Submission.Status.ACCEPTED, actor)
    _tell(submission, "submission.accepted")
    return submission


def _pending(submission: Submission) -> None:
    if submission.status != Submission.Status.PENDING:
        raise StateError(_("This submission is settled already."), mend=_("Go on with the next one in the queue."))


def _registered(submission: Submission) -> Enterprise:
    """The new enterprise; who sent it in becomes its member."""
    record = msgspec.convert(submission.record, records.Enterprise)
    row = new_row(submission.exchange, msgspec.structs.replace(record, id=new_local_id()))
    row = store(row, record)
    changed(row)
    if submission.by is not None:
        membership, made = Membership.objects.get_or_create(
            user=submission.by, exchange=submission.exchange, role=Role.MEMBER, organisation=None, enterprise=row
        )
        if made:
            changed(membership)
    return row


def _merge_into(enterprise: int, submission: Submission, settled: Mapping[str, str]) -> None:
    row = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise)
    if row.status == Enterprise.Status.WITHDRAWN:
        raise StateError(
            _("This enterprise was withdrawn from the register."), mend=_("Return the submission instead.")
        )
    before = row.snapshot()
    merged = merged_with(row, submission, dict(settled))
    open_ones = [one for one in merged.conflicts if settled.get(one.key) not in ("ours", "theirs")]
    if open_ones:
        raise _both_changed(len(open_ones))
    store(row, msgspec.convert(merged.record, records.Enterprise))
    changed(row, before)


def _both_changed(count: int) -> ConflictError:
    text = ngettext(
        "%(count)d field was changed both in the register and in the proposal. Nothing was accepted.",
        "%(count)d fields were changed both in the register and in the proposal. Nothing was accepted.",
        count,
    )
    return ConflictError(text % {"count": count}, mend=_("Choose for each which value is right, then accept."))


@verb("submission.return", on="submission")
def send_back(*, actor: Actor, submission: Submission, reasons: Sequence[str], note: str = "") -> Submission:
    """Return a submission to who sent it, with reasons. Raises InvalidError without a reason, or for `other` without a note."""
    _pending(submission)
    unknown = [one for one in reasons if one not in ReturnReason.values]
    if not reasons or unknown:
        raise InvalidError(
            {"reasons": [_("Choose at least one reason, so that the enterprise knows what to correct.")]}
        )
    if ReturnReason.OTHER in reasons and not note.strip():
        raise InvalidError({"note": [_("Write what is to be corrected.")]})
    submission.reasons, submission.note = list(dict.fromkeys(reasons)), note.strip()
    _decide(submission, Submission.Status.RETURNED, actor)
    _tell(submission, "submission.returned")
    return submission


@verb("submission.cancel", on="submission")
def cancel(*, actor: Actor, submission: Submission) -> Submission:
    """Take back what one sent in, or drop what was returned. Raises StateError once it is settled."""
    if submission.status not in OPEN:
        raise StateError(_("This submission is settled already."))
    submission.status = Submission.Status.CANCELLED
    submission.save(update_fields=["status"])
    return submission


def _decide(submission: Submission, status: str, actor: Actor) -> None:
    submission.status, submission.decided, submission.decided_by = status, timezone.now(), actor.user
    submission.save()


def _tell(submission: Submission, kind: str) -> None:
    """Write to who sent it in, else to the enterprise's people; nobody is written to where neither is known."""
    by, enterprise = submission.by, submission.enterprise
    people = [messages.Recipient(by.email, by.language)] if by is not None and by.is_active else []
    if not people and enterprise is not None:
        people = [one for one in messages.people_of_enterprise(enterprise) if not one.instead_of]
    returned = submission.status == Submission.Status.RETURNED
    values: dict[str, Any] = {"enterprise": lambda language: name_of(submission, language)}
    if returned:
        values["reasons"] = lambda _language: [str(ReturnReason(one).label) for one in submission.reasons]
        values["note"] = submission.note
    page = (
        ("editing:returned", (submission.pk,))
        if returned
        else ("editing:tasks", (enterprise.code,) if enterprise else ())
    )
    messages.tell(
        people,
        kind=kind,
        exchange=submission.exchange,
        about=submission,
        page=page[0],
        arguments=page[1],
        **values,
    )


def name_of(submission: Submission, language: str) -> str:
    """The name that a submission gives the enterprise, in the language, else in any."""
    names = submission.record.get("names", {})
    return str(names.get(language) or next(iter(names.values()), ""))
