"""Imports of register files: upload, columns, dry run, run, undo. Long steps are background jobs that go on where they stopped."""

from __future__ import annotations

import csv
import hashlib
import io
from itertools import islice
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import FileError, HostileInputError, InvalidError, StateError
from tashbik.exchange import audit, intake
from tashbik.exchange.actor import SYSTEM, Actor, acting
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.index import register_index
from tashbik.exchange.installation import gather_statistics
from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Enterprise, Exchange, Import, ImportReject, Membership, Revision
from tashbik.exchange.projection import project, record_of
from tashbik.exchange.storing import new_row, store_many
from tashbik.registry import records
from tashbik.registry.layout import field_names
from tashbik.registry.rejects import Reject
from tashbik.registry.tables import SUFFIXES

Status = Import.Status
MAX_REJECTS = 10_000
"""Rejected rows kept with their cells; a file with more is the wrong file, and says so by their count."""


@verb("import.upload", on="exchange")
def upload(*, actor: Actor, exchange: Exchange, file: File[bytes], name: str, repairs: Import | None = None) -> Import:
    """Take a file in and recognise its columns. With `repairs` it holds mended rows of another import, and is read like it.

    Raises InvalidError for a file that is too large, of an unknown kind, or that cannot be read as a table.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidError({"file": [_("Give a CSV, XLSX or JSON Lines file.")]})
    if file.size > settings.TASHBIK_UPLOAD_BYTES:
        limit = settings.TASHBIK_UPLOAD_BYTES // 1_000_000
        raise InvalidError({"file": [_("The file is larger than %(limit)s MB. Split it.") % {"limit": limit}]})
    if repairs is not None and repairs.exchange_id != exchange.pk:
        raise InvalidError({"file": [_("The import to be mended belongs to another exchange.")]})
    run = Import(exchange=exchange, by=actor.user, name=PurePath(name).name[:200], size=file.size, repairs=repairs)
    run.sha256 = _digest(file)
    run.file.save(f"{run.sha256[:16]}{suffix}", file, save=False)
    try:
        columns = intake.columns_of(Path(run.file.path))
    except (FileError, HostileInputError) as error:
        run.file.delete(save=False)
        raise InvalidError({"file": [_("The file cannot be read: %(why)s") % {"why": _why(error)}]}) from error
    run.columns = [{"header": one.header, "field": one.field, "samples": one.samples} for one in columns]
    run.mapping = {one.header: one.field for one in columns}
    if repairs is not None:
        run.mapping |= {header: field for header, field in repairs.mapping.items() if header in run.mapping}
    run.save()
    changed(run)
    return run


def _why(error: FileError | HostileInputError) -> str:
    """The reader's message with its mend; these are in English, as the files' readers have them."""
    return f"{error.message} ({error.mend})" if error.mend else str(error.message)


def _digest(file: File[bytes]) -> str:
    sha = hashlib.sha256()
    for block in file.chunks():
        sha.update(block)
    file.seek(0)
    return sha.hexdigest()


@verb("import.map", on="run")
def choose_columns(*, actor: Actor, run: Import, mapping: dict[str, str]) -> Import:
    """Say which column is which field (an empty field leaves a column out)."""
    _expect(run, Status.UPLOADED, Status.CHECKED, Status.FAILED)
    headers = {column["header"] for column in run.columns}
    chosen = {header: mapping.get(header, "") for header in headers}
    fields = [field for field in chosen.values() if field]
    problems = [_("Unknown field: %(field)s") % {"field": one} for one in sorted(set(fields) - set(field_names()))]
    twice = sorted({one for one in fields if fields.count(one) > 1})
    problems += [_("Two columns are given the same field: %(field)s") % {"field": one} for one in twice]
    if not {"id", "name", "name_ar", "name_fr", "name_en"} & set(fields):
        problems.append(_("Say which column holds the name or the number of the enterprise."))
    if problems:
        raise InvalidError({"": problems})
    run.mapping = {column["header"]: chosen[column["header"]] for column in run.columns}
    run.status = Status.UPLOADED
    run.save(update_fields=["mapping", "status"])
    return run


@verb("import.check", on="run")
def check(*, actor: Actor, run: Import) -> Import:
    """Have the file read without changing the register (dry run)."""
    _expect(run, Status.UPLOADED, Status.CHECKED, Status.FAILED)
    run.status, run.error = Status.CHECKING, ""
    run.save(update_fields=["status", "error"])
    enqueue("import.check", run.pk)
    return run


@verb("import.run", on="run")
def start(*, actor: Actor, run: Import) -> Import:
    """Have what was checked written into the register."""
    _expect(run, Status.CHECKED)
    run.status = Status.RUNNING
    run.created_count = run.changed_count = run.unchanged_count = run.position = 0
    run.save()
    enqueue("import.run", run.pk, payload={"membership": _membership(actor)})
    return run


@verb("import.undo", on="run")
def undo(*, actor: Actor, run: Import) -> Import:
    """Have the whole import taken back; enterprises that were changed since stay as they are, and are counted."""
    _expect(run, Status.DONE)
    run.status = Status.UNDOING
    run.position = 0
    run.save(update_fields=["status", "position"])
    enqueue("import.undo", run.pk, payload={"membership": _membership(actor)})
    return run


def _expect(run: Import, *states: str) -> None:
    if run.status not in states:
        raise StateError(
            _("This import is %(status)s; this step is not possible now.") % {"status": run.get_status_display()}
        )


def _membership(actor: Actor) -> int | None:
    """The membership that the work is done as, so that the trail names who asked for it."""
    if actor.user is None or actor.exchange_id is None:
        return None
    found = Membership.objects.filter(user=actor.user, exchange_id=actor.exchange_id, role=actor.role)
    return found.values_list("pk", flat=True).first()


def _asker(work: Work) -> Actor:
    membership = Membership.objects.select_related("user").filter(pk=work.job.payload.get("membership")).first()
    return acting(membership) if membership else SYSTEM


@handles("import.check")
def _check(work: Work) -> None:
    """The dry run. A restart begins it anew: it changes nothing."""
    run = Import.objects.select_related("exchange").get(pk=work.job.subject_id)
    if run.status != Status.CHECKING:  # done before, by a worker that was killed before it could say so
        return
    checking = Import.objects.filter(pk=run.pk, status=Status.CHECKING)
    rejects: list[Reject] = []
    counts = {"created_count": 0, "changed_count": 0, "unchanged_count": 0}
    seen = 0
    try:
        stream = intake.items(run)
        while chunk := list(islice(stream, intake.CHUNK)):
            seen += len(chunk)
            rejects += [one for one in chunk if isinstance(one, Reject)]
            for change in intake.compared(run.exchange, [one for one in chunk if not isinstance(one, Reject)]):
                counts[
                    "created_count" if change.row is None else "changed_count" if change.alters else "unchanged_count"
                ] += 1
            work.report(seen)
    except (FileError, HostileInputError) as error:
        checking.update(status=Status.FAILED, error=_why(error)[:500])
        return
    _keep_rejects(run, rejects)
    checking.update(status=Status.CHECKED, total=seen, rejected_count=len(rejects), position=0, **counts)


def _keep_rejects(run: Import, rejects: list[Reject]) -> None:
    kept = rejects[:MAX_REJECTS]
    cells = intake.rejected_cells(run, {one.row for one in kept}) if kept else {}
    with transaction.atomic():
        run.rejects.all().delete()
        ImportReject.objects.bulk_create(
            [
                ImportReject(
                    import_run=run,
                    row=one.row,
                    field=one.field[:120],
                    value=one.value,
                    reason=one.reason,
                    cells=cells.get(one.row, {}),
                )
                for one in kept
            ],
            batch_size=500,
        )


@handles("import.run")
def _run(work: Work) -> None:
    """Write chunk by chunk, each in one transaction with the position reached: a restart goes on from there."""
    run = Import.objects.select_related("exchange").get(pk=work.job.subject_id)
    if run.status != Status.RUNNING:
        return
    actor = _asker(work)
    try:
        _write_all(work, run, actor)
    except (
        FileError,
        HostileInputError,
    ) as error:  # what was written stays, and is found unchanged when the file is read again
        Import.objects.filter(pk=run.pk).update(status=Status.FAILED, error=_why(error)[:500])
        return
    with transaction.atomic():
        Import.objects.filter(pk=run.pk).update(status=Status.DONE, finished=timezone.now())
        audit.append(actor, "import.run", subject=run, note="done")
    gather_statistics()
    register_index().follow()


def _write_all(work: Work, run: Import, actor: Actor) -> None:
    stream = intake.items(run)
    done = run.position
    next(islice(stream, done, done), None)
    while chunk := list(islice(stream, intake.CHUNK)):
        done += len(chunk)
        with transaction.atomic():
            _write(actor, run, [one for one in chunk if not isinstance(one, Reject)], done)
        work.report(done, run.total)


def _write(actor: Actor, run: Import, chunk: list[records.Enterprise], done: int) -> None:
    changes = [one for one in intake.compared(run.exchange, chunk) if one.alters]
    new = [(new_row(run.exchange, one.record), one.record) for one in changes if one.row is None]
    old, before = [], {}
    for one in changes:
        if one.row is not None:
            before[one.row.code] = one.row.snapshot()
            if not one.merged:
                one.row.status = Enterprise.Status.PUBLISHED
            old.append((project(one.row, one.record), one.record))
    store_many(new, old)
    audit.append_many(
        actor, "import.run", [(row, before.get(row.code)) for row, _record in (*new, *old)], import_run=run
    )
    run.position = done
    run.created_count += len(new)
    run.changed_count += len(old)
    run.unchanged_count += len(chunk) - len(changes)
    run.save(update_fields=["position", "created_count", "changed_count", "unchanged_count"])


@handles("import.undo")
def _undo(work: Work) -> None:
    """Take back chunk by chunk, newest revision first; `position` is the number of revisions dealt with."""
    run = Import.objects.select_related("exchange").get(pk=work.job.subject_id)
    if run.status != Status.UNDOING:
        return
    actor = _asker(work)
    made = run.revisions.filter(subject_kind="enterprise", entries__verb="import.run").order_by("-pk")
    total = made.count()
    done, kept = run.position, run.unchanged_count if run.position else 0
    while chunk := list(made[done : done + intake.CHUNK]):
        done += len(chunk)
        with transaction.atomic():
            kept += _take_back(actor, run, chunk)
            Import.objects.filter(pk=run.pk).update(position=done, unchanged_count=kept)
        work.report(done, total)
    with transaction.atomic():
        Import.objects.filter(pk=run.pk).update(status=Status.UNDONE, finished=timezone.now())
        audit.append(actor, "import.undo", subject=run, note=f"{kept} kept, changed since")
    register_index().follow()


def _take_back(actor: Actor, run: Import, chunk: list[Revision]) -> int:
    """Restore how a chunk's enterprises were; returns how many were changed since and stay."""
    rows = {row.pk: row for row in Enterprise.objects.filter(pk__in=[one.subject_id for one in chunk])}
    changes, kept, before = [], 0, {}
    for revision in chunk:
        row = rows.get(revision.subject_id)
        if row is None or not revision.after or row.version != revision.after["version"]:
            kept += 1
            continue
        before[row.pk] = row.snapshot()
        row.status = revision.before["status"] if revision.before else Enterprise.Status.WITHDRAWN
        if revision.before:
            row.record = revision.before["record"]
        record = record_of(row)
        changes.append((project(row, record), record))
    store_many((), changes)
    audit.append_many(actor, "import.undo", [(row, before[row.pk]) for row, _record in changes], import_run=run)
    return kept


def mended(run: Import, rows: list[dict[str, str]]) -> ContentFile[bytes]:
    """Rows typed anew on the page as a CSV file under the import's own headers."""
    headers = [column["header"] for column in run.columns]
    text = io.StringIO()
    writer = csv.DictWriter(text, headers, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return ContentFile(text.getvalue().encode(), name="mended.csv")
