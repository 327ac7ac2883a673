"""Going back to how an enterprise was before one of its changes, and erasing its personal data. Not other changes (verbs/register.py)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import ConflictError, NotFoundError, StateError
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import append, forget, note, verb
from tashbik.exchange.blanking import blank, wanted
from tashbik.exchange.differences import merge
from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Attachment, Draft, Enterprise, Import, Revision, Submission
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import restate, store
from tashbik.exchange.verbs.attachments import drop
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
def erase(*, actor: Actor, enterprise: Enterprise, files: bool = False, imports: bool = False) -> Enterprise:
    """Remove the personal data (contacts) of an enterprise for good: from its record, its submissions, drafts and all revisions.

    Its attached files may hold more, and so may the register files that were imported: `files` deletes the first, `imports` empties its
    rows in the second, in the background. Raises StateError where `imports` is asked for while an import of its exchange runs.

    The audit chain still verifies, for it holds digests only; revisions whose content was changed by this say so.
    """
    forget()
    if imports:
        _enqueue_blanking(enterprise)
    if files:
        drop(files_of(enterprise))
    Draft.objects.filter(subject_id=enterprise.pk, form__startswith="enterprise.").delete()
    submissions = Submission.objects.select_for_update().filter(enterprise=enterprise)
    for one in submissions:
        if _strip(one.record):
            one.save(update_fields=["record"])
    _erase_from("submission", [one.pk for one in submissions])
    _erase_from("enterprise", [enterprise.pk])
    return store(enterprise, msgspec.structs.replace(record_of(enterprise), contacts=()))


def files_of(enterprise: Enterprise) -> QuerySet[Attachment]:
    """All files of an enterprise, replaced ones too."""
    return Attachment.objects.filter(owner_kind="enterprise", owner_id=enterprise.pk)


def _enqueue_blanking(enterprise: Enterprise) -> None:
    running = Import.objects.filter(
        exchange_id=enterprise.exchange_id, status__in=(Import.Status.RUNNING, Import.Status.CHECKING)
    )
    if running.exists():
        raise StateError(
            _("An import of this exchange is running and may hold these data. Nothing was erased."),
            mend=_("Wait until it is done, then erase."),
        )
    enqueue("enterprise.erase", enterprise.pk)


@handles("enterprise.erase")
def _blank_imports(work: Work) -> None:
    """Empty the enterprise's rows in all import files of its exchange, file by file; begun anew it changes nothing twice."""
    enterprise = Enterprise.objects.select_related("exchange").get(pk=work.job.subject_id)
    sought = wanted(enterprise)
    runs = Import.objects.filter(exchange_id=enterprise.exchange_id).order_by("pk")
    rows = files = 0
    for done, run in enumerate(runs, 1):
        with transaction.atomic():
            emptied = blank(run, sought)
        rows, files = rows + emptied, files + bool(emptied)
        work.report(done, len(runs))
    with transaction.atomic():
        append(SYSTEM, "enterprise.erase", subject=enterprise, note=f"{rows} rows emptied in {files} import files")


def _erase_from(kind: str, numbers: list[int]) -> None:
    for revision in Revision.objects.filter(subject_kind=kind, subject_id__in=numbers).iterator(200):
        found = [_strip((state or {}).get("record") or {}) for state in (revision.before, revision.after)]
        if any(found):
            revision.erased = True
            revision.save(update_fields=["before", "after", "erased"])


def _strip(record: dict[str, Any]) -> bool:
    """Take the personal fields out of a plain record; whether there were any."""
    return bool([record.pop(field) for field in PERSONAL if field in record])
