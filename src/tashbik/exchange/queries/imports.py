"""What the pages of imports show."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Import, ImportReject, Job
from tashbik.exchange.models.parties import Role
from tashbik.exchange.permissions import require
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.registry.export import neutralised
from tashbik.registry.rejects import REASONS

MOVING = (Import.Status.CHECKING, Import.Status.RUNNING, Import.Status.UNDOING)


def imports(actor: Actor) -> QuerySet[Import]:
    """The imports of the actor's exchange, newest first."""
    require(actor, "import.see")
    if actor.exchange_id is None:
        return Import.objects.none()
    return Import.objects.filter(exchange_id=actor.exchange_id).select_related("by")


def import_run(actor: Actor, pk: int) -> Import:
    """One import. Raises NotFoundError for none, or one of another exchange."""
    found = Import.objects.select_related("exchange", "by", "repairs").filter(pk=pk).first()
    if found is None or found.exchange_id != actor.exchange_id:
        raise NotFoundError(gettext("There is no such import."))
    require(actor, "import.see", found)
    return found


def progress(run: Import) -> tuple[int, int]:
    """How many rows of how many the running step has done; a total of 0 is not known yet."""
    job = Job.objects.filter(kind__startswith="import.", subject_id=run.pk).order_by("-pk").first()
    return (job.done, job.total or run.total) if job else (0, 0)


def rejects(run: Import) -> QuerySet[ImportReject]:
    """The rejected rows in the order of the file."""
    return run.rejects.all()


def reject_lines(run: Import, language: str) -> Iterator[list[str]]:
    """The rejected rows as a table: the file's own columns, then row, field and reason, to be mended and uploaded again."""
    headers = [column["header"] for column in run.columns]
    yield [*headers, "row", "field", "problem"]
    for one in run.rejects.all().iterator(500):
        cells = [neutralised(str(one.cells.get(header, ""))) for header in headers]
        yield [*cells, str(one.row), one.field, REASONS[one.reason][language]]


class Echo:
    """A file that gives back what is written to it, for streaming CSV."""

    def write(self, value: str) -> str:
        """The value."""
        return value


def as_csv(lines: Iterator[list[str]]) -> Iterator[str]:
    """Lines as CSV, with the mark by which spreadsheets know UTF-8."""
    writer: Any = csv.writer(Echo())
    yield "\ufeff"
    for line in lines:
        yield writer.writerow(line)


@waits
def waiting(actor: Actor) -> Iterator[Task]:
    """Imports that were checked and wait to be run, and those that failed."""
    if actor.role != Role.OFFICER or actor.exchange_id is None:
        return
    mine = Import.objects.filter(exchange_id=actor.exchange_id)
    for run in mine.filter(status__in=(Import.Status.UPLOADED, Import.Status.CHECKED)).order_by("created")[:5]:
        yield Task(_("Finish an import"), "imports:page", (run.pk,), detail=run.name, urgency=3)
    for run in mine.filter(status=Import.Status.FAILED).order_by("-created")[:3]:
        yield Task(_("An import failed"), "imports:page", (run.pk,), detail=run.name, urgency=2)
