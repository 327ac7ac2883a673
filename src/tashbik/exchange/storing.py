"""Writing enterprises into the register with columns, facets and change number in one go. Not the verbs that decide on it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tashbik.errors import ConflictError
from tashbik.exchange.counter import numbered
from tashbik.exchange.index import follow_after_commit
from tashbik.exchange.models import Enterprise, Exchange
from tashbik.exchange.projection import global_id, project, write_facets
from tashbik.registry import records

COLUMNS = [
    field.name for field in Enterprise._meta.concrete_fields if field.name not in {"id", "exchange", "code", "created"}
]


def expect_version(subject: object, version: int) -> None:
    """Raises ConflictError when a record is no longer of the version that was read."""
    if getattr(subject, "version", version) != version:
        raise ConflictError(
            _("Someone else changed this record meanwhile. Nothing was overwritten, and what you typed is kept."),
            mend=_("Look at what changed, then save again."),
        )


def new_row(exchange: Exchange, record: records.Enterprise, *, status: str = Enterprise.Status.PUBLISHED) -> Enterprise:
    """A row, not saved, for a new record."""
    row = Enterprise(exchange=exchange, code=global_id(exchange, record.id), status=status)
    return project(row, record)


def store(row: Enterprise, record: records.Enterprise) -> Enterprise:
    """Save one row, new or changed, with the record's columns and facets; the version rises and the index will follow."""
    project(row, record)
    if row.pk is not None:
        row.version += 1
    numbered([row])
    row.save()
    write_facets([(row, record)])
    follow_after_commit()
    return row


def restate(row: Enterprise, status: str) -> Enterprise:
    """Change the status of a row; the index drops or takes it."""
    row.status = status
    row.version += 1
    numbered([row])
    row.save(update_fields=["status", "version", "change", "updated"])
    follow_after_commit()
    return row


def store_many(
    new: Sequence[tuple[Enterprise, records.Enterprise]], old: Sequence[tuple[Enterprise, records.Enterprise]]
) -> None:
    """Save many rows at once: `new` ones made by new_row, and `old` ones (already projected) whose versions rise."""
    numbered([row for row, _ in (*new, *old)])
    for row, _record in old:
        row.version += 1
    Enterprise.objects.bulk_create([row for row, _ in new], batch_size=500)
    Enterprise.objects.bulk_update([row for row, _ in old], COLUMNS, batch_size=200)
    write_facets([*new, *old])
