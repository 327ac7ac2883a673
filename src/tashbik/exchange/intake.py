"""Reading an uploaded register file against what the register has: what is new, changed, the same, rejected. Not the writing (verbs.imports)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from tashbik.errors import FileError
from tashbik.exchange.models import Enterprise, Exchange, Import
from tashbik.exchange.projection import global_id, record_of
from tashbik.exchange.queries.identity import taken_up
from tashbik.linkage.parallel import understood
from tashbik.registry import records
from tashbik.registry.layout import LISTS, Layout, layout_for
from tashbik.registry.readers import read_enterprises
from tashbik.registry.rejects import Reject
from tashbik.registry.tables import Row, read_rows

CHUNK = 500
"""Records looked up and written together: what a killed worker does again at most."""
SAMPLES = 3

Item = records.Enterprise | Reject


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its header, the field it was recognised as (or empty), and a few of its values."""

    header: str
    field: str
    samples: tuple[str, ...]


def columns_of(path: Path) -> list[Column]:
    """The columns of a file. Raises FileError where it has no row that can be read."""
    rows = [row for row in islice(read_rows(path), 50) if isinstance(row, Row)]
    if not rows:
        raise FileError("no row of the file can be read", file=path.name, mend="check that it is a table with headers")
    headers = list(dict.fromkeys(header for row in rows for header in row.cells))
    layout = layout_for(headers)
    fields = {column: name for name, column in layout.columns.items()}
    return [Column(header, fields.get(header, ""), _samples(header, rows)) for header in headers]


def _samples(header: str, rows: Iterable[Row]) -> tuple[str, ...]:
    texts = (str(row.cells.get(header) or "").strip() for row in rows)
    return tuple(islice((text[:80] for text in texts if text), SAMPLES))


def layout_of(run: Import) -> Layout:
    """The layout by which an import is read: its mapping (column → field), with the constants of a ready-made layout that fits."""
    ready = layout_for([column["header"] for column in run.columns])
    columns = {field: header for header, field in run.mapping.items() if field}
    return Layout(columns=columns, constants=ready.constants, lists=ready.lists or LISTS, encoding=ready.encoding)


def items(run: Import) -> Iterator[Item]:
    """Records and rejects of the file, in order, understood on all cores."""
    yield from understood(read_enterprises(Path(run.file.path), layout=layout_of(run), understood=False))


@dataclass(frozen=True, slots=True)
class Change:
    """A record of the file beside the row that it concerns: `row` None for a new one; `record` as it will be stored. `merged`: the row
    goes on in another enterprise, so it is kept up to date and not published again."""

    row: Enterprise | None
    record: records.Enterprise
    alters: bool
    merged: bool = False


def compared(exchange: Exchange, chunk: list[records.Enterprise]) -> list[Change]:
    """Each record of a chunk beside the register; of records with one id only the last counts, made over the ones before."""
    wanted: dict[str, records.Enterprise] = {}
    for record in chunk:
        code = global_id(exchange, record.id)
        wanted[code] = over(wanted[code], record) if code in wanted else replace(record, id=code)
    known = {row.code: row for row in Enterprise.objects.filter(exchange=exchange, code__in=wanted)}
    merged = taken_up([row.pk for row in known.values() if row.status == Enterprise.Status.WITHDRAWN])
    return [_change(known.get(code), record, merged) for code, record in wanted.items()]


def _change(row: Enterprise | None, record: records.Enterprise, merged: set[int]) -> Change:
    if row is None:
        return Change(None, record, True)
    before = record_of(row)
    after = over(before, record)
    standing = row.status == Enterprise.Status.PUBLISHED or row.pk in merged
    return Change(row, after, not (standing and _said(before) == _said(after)), row.pk in merged)


def over(before: records.Enterprise, new: records.Enterprise) -> records.Enterprise:
    """`before` with whatever `new` states put over it: a file that has no column for a field never empties it."""
    stated: dict[str, Any] = {
        name: value for name in before.__struct_fields__ if (value := getattr(new, name)) != getattr(_EMPTY, name)
    }
    stated |= {"id": before.id, "visibility": before.visibility, "names": {**before.names, **new.names}}
    return replace(before, **stated)


_EMPTY = records.Enterprise(id="", names={})


def _said(record: records.Enterprise) -> dict[str, Any]:
    """What a record says, without where in a file it stood."""
    plain: dict[str, Any] = msgspec.to_builtins(
        replace(record, provenance=replace(record.provenance, locator="", source=""))
    )
    return plain


def rejected_cells(run: Import, rows: set[int]) -> dict[int, dict[str, str]]:
    """The cells of rejected rows by row number, so that they can be mended; rows that cannot even be split have none."""
    found: dict[int, dict[str, str]] = {}
    for row in read_rows(Path(run.file.path), encoding=layout_of(run).encoding):
        if isinstance(row, Row) and row.number in rows:
            found[row.number] = {key: "" if value is None else str(value) for key, value in row.cells.items()}
            if len(found) == len(rows):
                break
    return found
