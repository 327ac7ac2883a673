"""Adding files to records and removing them. Not their checks (exchange.uploads) nor who reads them (queries/attachments.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, NotPermittedError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import Attachment, Enterprise, Need, Question, Quote, Revision
from tashbik.exchange.need_checks import missing
from tashbik.exchange.need_sheet import in_force
from tashbik.exchange.queries.attachments import may_change, owner_of
from tashbik.exchange.uploads import checked

MOST = 50
"""Files that one record may have."""


@verb("attachment.add", on="owner")
def add(
    *,
    actor: Actor,
    owner: models.Model,
    file: File[bytes],
    name: str,
    purpose: str = "",
    title: str = "",
    revision: str = "",
    replaces: Attachment | None = None,
) -> Attachment:
    """Add a file to an enterprise, need, quote or question, maybe in place of an older revision, which stays in the history.

    Raises InvalidError for a file that is not taken (uploads.checked), too many files, a `replaces` of another record, or one that is named
    after the anonymous buyer of a released need;
    NotPermittedError where the actor may not change the record that it belongs to.
    """
    _may(actor, owner)
    kind = str(owner._meta.model_name)
    found = checked(file, name)
    if isinstance(owner, Need):
        _expect_unnamed(owner, f"{title} {found.name}")
    siblings = Attachment.objects.filter(owner_kind=kind, owner_id=owner.pk)
    if siblings.count() >= MOST:
        raise InvalidError({"file": [_("This record has as many files as it may have. Remove one first.")]})
    if replaces is not None and not siblings.filter(pk=replaces.pk).exists():
        raise InvalidError({"replaces": [_("The file to be replaced belongs to another record.")]})
    attachment = Attachment(
        exchange_id=_exchange_of(owner),
        owner_kind=kind,
        owner_id=owner.pk,
        purpose=purpose[:40],
        title=title[:200],
        revision=revision[:20],
        replaces=replaces,
        name=found.name,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        by=actor.user,
    )
    attachment.file.save(f"{found.sha256[:16]}.bin", file, save=False)  # the name on disk runs nowhere and says nothing
    try:
        attachment.save()
    except Exception:
        attachment.file.delete(save=False)
        raise
    changed(attachment)
    return attachment


def _may(actor: Actor, owner: models.Model) -> None:
    if not may_change(actor, owner):
        raise NotPermittedError(
            _("You cannot change the files of this record."), mend=_("Ask who owns the record, or the exchange.")
        )


def _expect_unnamed(need: Need, said: str) -> None:
    """Drafts are checked as a whole when they are released (verbs.needs.lacking)."""
    if need.status == Need.Status.DRAFT or not need.anonymous or need.buyer is None:
        return
    found = missing(in_force(need), today=timezone.localdate(), names=[need.buyer.name], files=[said])
    texts = [str(one.text) for one in found if one.code == "named-file"]
    if texts:
        raise InvalidError({"file": texts}, texts[0])


def _exchange_of(owner: models.Model) -> int:
    if isinstance(owner, Enterprise | Need):
        return owner.exchange_id
    if isinstance(owner, Question):
        return owner.need.exchange_id
    if isinstance(owner, Quote):
        return owner.invitation.rfq.exchange_id
    raise TypeError(f"{owner} has no files")


@verb("attachment.remove", on="attachment")
def remove(*, actor: Actor, attachment: Attachment) -> None:
    """Remove a file for good; that it was there stays in the history."""
    _may(actor, owner_of(attachment.owner_kind, attachment.owner_id))
    _delete(attachment)


def _delete(attachment: Attachment) -> None:
    stored: Any = attachment.file
    storage, name = stored.storage, stored.name
    transaction.on_commit(lambda: storage.delete(name))
    attachment.delete()


def drop(found: Iterable[Attachment]) -> int:
    """Within a verb that erases: delete files for good, and their names and titles from the history; returns how many."""
    numbers = []
    for one in found:
        before = one.snapshot()
        numbers.append(one.pk)
        _delete(one)
        changed(one, before)
    Revision.objects.filter(subject_kind="attachment", subject_id__in=numbers).update(
        before=None, after=None, erased=True
    )
    return len(numbers)
