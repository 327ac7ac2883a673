"""Going back to how an enterprise was before one of its changes, and erasing its personal data. Not other changes (verbs/register.py)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import ConflictError, NotFoundError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import forget, note, verb
from tashbik.exchange.differences import merge
from tashbik.exchange.models import Draft, Enterprise, Revision, Submission
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import restate, store
from tashbik.registry import records

PERSONAL = ("contacts",)
"""Fields of a record that speak of persons."""


@verb("enterprise.undo", on="enterprise")
def undo(*, actor: Actor, enterprise: Enterprise, revision: Revision, confirmed: bool = False) -> Enterprise:
    """Undo one change, as a new revision: its fields go back to what they were, fields changed by others stay.

    Raises ConflictError where later changes touched the same fields, unless `confirmed`; StateError for a revision whose content was
    erased or that is undone already, NotFoundError for one of another record.
    """
    if (revision.subject_kind, revision.subject_id) != ("enterprise", enterprise.pk):
        raise NotFoundError(_("This change is not in the history of this record."))
    if revision.erased:
        raise StateError(_("The content of this change was erased on request, so it cannot be undone."))
    note(f"revision {revision.pk}")
    if revision.before is None or revision.after is None:
        if enterprise.status == Enterprise.Status.WITHDRAWN:
            raise _undone_already()
        return restate(enterprise, Enterprise.Status.WITHDRAWN)
    before, after = dict(revision.before), dict(revision.after)
    merged = merge(after["record"], dict(enterprise.record), before["record"])
    conflicts = len(merged.conflicts) + (enterprise.status not in (before["status"], after["status"]))
    if conflicts and not confirmed:
        raise _touched_since(conflicts)
    choice = dict.fromkeys((one.key for one in merged.conflicts), "theirs")
    result = merge(after["record"], dict(enterprise.record), before["record"], choice).record
    status = before["status"] if before["status"] != after["status"] else enterprise.status
    record = msgspec.convert(result, records.Enterprise)
    if record == record_of(enterprise) and status == enterprise.status:
        raise _undone_already()
    enterprise.status = status
    return store(enterprise, record)


def _touched_since(count: int) -> ConflictError:
    text = ngettext(
        "A later change touched %(count)d field of this one. Nothing was undone.",
        "Later changes touched %(count)d fields of this one. Nothing was undone.",
        count,
    )
    return ConflictError(
        text % {"count": count},
        mend=_("Look at the later changes. If you undo this one all the same, these fields lose their later values."),
    )


def _undone_already() -> StateError:
    return StateError(_("The record is already as it was before this change."))


@verb("enterprise.erase", on="enterprise")
def erase(*, actor: Actor, enterprise: Enterprise) -> Enterprise:
    """Remove the personal data (contacts) of an enterprise for good: from its record, its submissions, drafts and all revisions.

    The audit chain still verifies, for it holds digests only; revisions whose content was changed by this say so.
    """
    forget()
    Draft.objects.filter(subject_id=enterprise.pk, form__startswith="enterprise.").delete()
    submissions = Submission.objects.select_for_update().filter(enterprise=enterprise)
    for one in submissions:
        if _strip(one.record):
            one.save(update_fields=["record"])
    _erase_from("submission", [one.pk for one in submissions])
    _erase_from("enterprise", [enterprise.pk])
    return store(enterprise, msgspec.structs.replace(record_of(enterprise), contacts=()))


def _erase_from(kind: str, numbers: list[int]) -> None:
    for revision in Revision.objects.filter(subject_kind=kind, subject_id__in=numbers).iterator(200):
        found = [_strip((state or {}).get("record") or {}) for state in (revision.before, revision.after)]
        if any(found):
            revision.erased = True
            revision.save(update_fields=["before", "after", "erased"])


def _strip(record: dict[str, Any]) -> bool:
    """Take the personal fields out of a plain record; whether there were any."""
    return bool([record.pop(field) for field in PERSONAL if field in record])
