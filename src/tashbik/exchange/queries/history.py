"""What happened to a record: who, when, which verb, before and after by field; and the record as it was at a version. Not the undoing (verbs)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError, NotPermittedError
from tashbik.exchange.actor import Actor
from tashbik.exchange.differences import Change, Plain, changes
from tashbik.exchange.models import (
    Attachment,
    AuditEntry,
    Award,
    Enterprise,
    IdentityPair,
    Invitation,
    Need,
    Organisation,
    Question,
    Quote,
    Revision,
    Rfq,
    Submission,
    User,
)
from tashbik.exchange.permissions import may, require
from tashbik.exchange.sealing import opened, shows_prices

RULES: dict[str, tuple[type[models.Model], str]] = {
    "enterprise": (Enterprise, "enterprise.history"),
    "submission": (Submission, "submission.see"),
    "attachment": (Attachment, "attachment.remove"),
    "need": (Need, "need.edit"),
    "rfq": (Rfq, "rfq.see"),
    "invitation": (Invitation, "rfq.invite"),
    "quote": (Quote, "quote.submit"),
    "award": (Award, "award.make"),
    "question": (Question, "question.settle"),
    "organisation": (Organisation, "organisation.edit"),
    "identitypair": (IdentityPair, "identity.see"),
}
"""Kinds of record whose history is shown, with the verb whose right opens it."""

_DERIVED = frozenset(
    {
        "id",
        "version",
        "record",
        "sort_name",
        "sort_name_ar",
        "capabilities",
        "completeness",
        "latitude",
        "longitude",
        "updated",
        "size",
    }
    | {"name_ar", "name_fr", "name_en", "country", "region", "locality", "employees", "has_spare", "spare_as_of"}
    | {"as_of", "verified_on", "created", "sha256"}
)
"""Columns that say again what the record says, or what the entry says."""


@dataclass(frozen=True, slots=True)
class Event:
    """One act on a record. `who` is empty where the person's account is gone or the exchange itself acted."""

    number: int
    at: datetime
    who: str
    role: str
    verb: str
    note: str
    revision: int | None
    erased: bool
    first: bool
    changes: tuple[Change, ...]


def record_at(enterprise: Enterprise, version: int) -> Plain | None:
    """The record of an enterprise as it was at a version; None where the history does not go back to it."""
    if version == enterprise.version:
        return dict(enterprise.record)
    of = Revision.objects.filter(subject_kind="enterprise", subject_id=enterprise.pk)
    after = of.filter(after__version=version).order_by("-pk").values_list("after", flat=True).first()
    state = after or of.filter(before__version=version).order_by("pk").values_list("before", flat=True).first()
    return dict(state["record"]) if state else None


def subject_of(actor: Actor, kind: str, number: int) -> models.Model:
    """The record whose history is asked for. Raises NotFoundError, or NotPermittedError where the actor may not see it."""
    if kind not in RULES:
        raise NotFoundError(_("There is no history of such a record."))
    model, rule = RULES[kind]
    subject = model._default_manager.filter(pk=number).first()
    if subject is None:
        raise NotFoundError(_("There is no such record, or it was deleted."))
    require(actor, rule, subject)
    _expect_shown(actor, subject)
    return subject


def _expect_shown(actor: Actor, subject: models.Model) -> None:
    """The history of a quote tells its prices: it is open to whom these are. Raises NotPermittedError."""
    quote = _quote_of(subject)
    if quote is not None and not shows_prices(actor, quote, open_now=opened(quote.invitation.rfq)):
        raise NotPermittedError(_("The quotes are sealed until the deadline, or until all have answered."))


def _quote_of(subject: models.Model) -> Quote | None:
    """The quote that a record is, or is a paper of."""
    if isinstance(subject, Attachment) and subject.owner_kind == Quote._meta.model_name:
        return Quote.objects.filter(pk=subject.owner_id).first()
    return subject if isinstance(subject, Quote) else None


def history_of(actor: Actor, subject: models.Model, *, limit: int = 50, offset: int = 0) -> tuple[list[Event], int]:
    """Acts on a record, the newest first, and how many there are in all. Names of persons are shown to the exchange's own people only."""
    kind = str(subject._meta.model_name)
    require(actor, RULES[kind][1], subject)
    _expect_shown(actor, subject)
    entries = AuditEntry.objects.filter(subject_kind=kind, subject_id=subject.pk).order_by("-number")
    page = list(entries.select_related("revision")[offset : offset + limit])
    names = _names(page) if actor.system or may(actor, "enterprise.edit", subject) else {}
    return [_event(entry, names, actor) for entry in page], entries.count()


def _names(entries: Iterable[AuditEntry]) -> dict[int, str]:
    users = User.objects.filter(pk__in={one.user_id for one in entries if one.user_id})
    return {user.pk: user.name or user.email for user in users}


def _event(entry: AuditEntry, names: dict[int, str], actor: Actor) -> Event:
    revision = entry.revision
    who = names.get(entry.user_id or 0, "")
    if not who and actor.user is not None and actor.user.pk == entry.user_id:
        who = actor.user.name or actor.user.email
    return Event(
        number=entry.number,
        at=entry.at,
        who=who,
        role=entry.role,
        verb=entry.verb,
        note=entry.note,
        revision=revision.pk if revision else None,
        erased=bool(revision and revision.erased),
        first=bool(revision and revision.before is None and not revision.erased),
        changes=differences(revision) if revision else (),
    )


def differences(revision: Revision) -> tuple[Change, ...]:
    """What a revision changed, field by field: of the record where the model has one, and of its other columns."""
    before, after = revision.before or {}, revision.after or {}
    found = []
    if _is_enterprise(before) or _is_enterprise(after):
        found += changes(before.get("record") or {}, after.get("record") or {})
    names = [name for name in dict.fromkeys((*before, *after)) if name not in _DERIVED]
    found += [
        Change((f"{revision.subject_kind}.{name}",), before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]
    return tuple(found)


def _is_enterprise(state: dict[str, Any]) -> bool:
    return isinstance(state.get("record"), dict) and "names" in state["record"]
