"""Registers and needs out of files: the room's façade for reading. Rows that cannot be taken become rejects; good rows go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from tashbik.errors import FileError
from tashbik.registry.enterprise_rows import enterprise_of
from tashbik.registry.layout import Layout, layout_for, read_mapping
from tashbik.registry.need_rows import need_of
from tashbik.registry.records import Capability, Enterprise, Need
from tashbik.registry.rejects import Reject, RowError
from tashbik.registry.tables import Row, read_rows
from tashbik.registry.understanding import understand

T = TypeVar("T")


def read_enterprises(
    path: Path, *, mapping: Path | None = None, layout: Layout | None = None, understood: bool = True
) -> Iterator[Enterprise | Reject]:
    """Enterprises of a register, rows of one id that follow each other made one, with rejects in between.

    The columns are read by `layout`, else by a `mapping` file, else by their headers. With `understood`, what the words state is filled in.
    Raises FileError or HostileInputError for the file as a whole.
    """
    given = layout or (read_mapping(mapping) if mapping else None)
    for item in _grouped(_records(path, given, enterprise_of)):
        yield item if isinstance(item, Reject) or not understood else understand(item)


def read_needs(path: Path, *, mapping: Path | None = None) -> Iterator[Need | Reject]:
    """Needs of a file, one a row, with rejects in between."""
    yield from _records(path, read_mapping(mapping) if mapping else None, need_of)


def _records(
    path: Path, given: Layout | None, make: Callable[[dict[str, Any], Layout, str, int], T]
) -> Iterator[T | Reject]:
    layouts: dict[frozenset[str], Layout] = {}  # one for a table; for JSON Lines one for each set of keys
    for row in read_rows(path, encoding=given.encoding if given else ""):
        if isinstance(row, Reject):
            yield row
            continue
        keys = frozenset(row.cells)
        if keys not in layouts:
            try:
                layouts[keys] = given or _layout(row, path)
            except FileError:
                if not layouts:
                    raise
                yield Reject(path.name, row.number, "", ", ".join(list(row.cells)[:6]), "unknown-columns")
                continue
        layout = layouts[keys]
        try:
            yield make(row.cells, layout, path.name, row.number)
        except RowError as error:
            yield Reject(path.name, row.number, layout.columns.get(error.field, error.field), error.value, error.reason)


def _layout(row: Row, path: Path) -> Layout:
    layout = layout_for(row.cells)
    if not layout.columns and not ({"names", "lines"} & row.cells.keys()):
        raise FileError(
            f"none of the columns is known: {', '.join(list(row.cells)[:6])}",
            file=path.name,
            row=row.number if row.number > 2 else 1,
            mend="name the columns as in `tashbik fields`, or give a mapping file",
        )
    return layout


def _grouped(items: Iterator[Enterprise | Reject]) -> Iterator[Enterprise | Reject]:
    """Rows of one id that follow each other as one enterprise; its other fields are those of the first row."""
    current: Enterprise | None = None
    extra: list[Enterprise] = []
    for item in items:
        if isinstance(item, Reject):
            yield item
        elif current is not None and item.id == current.id:
            extra.append(item)
        else:
            if current is not None:
                yield merged(current, extra)
            current, extra = item, []
    if current is not None:
        yield merged(current, extra)


def merged(first: Enterprise, others: list[Enterprise]) -> Enterprise:
    """An enterprise with the capabilities, machines and certificates of further records of the same id, each once."""
    records = (first, *others)
    if len(records) == 1:
        return first
    capabilities: dict[str, Capability] = {}
    for number, one in enumerate(one for record in records for one in record.capabilities):
        if one.id not in capabilities:
            capabilities[one.id] = one
        elif not any(replace(one, id=kept.id) == kept for kept in capabilities.values()):
            capabilities[f"{one.id}.{number}"] = replace(one, id=f"{one.id}.{number}")
    return replace(
        first,
        capabilities=tuple(capabilities.values()),
        machines=_once([one for record in records for one in record.machines]),
        certificates=_once([one for record in records for one in record.certificates]),
    )


def _once(items: list[T]) -> tuple[T, ...]:
    kept: list[T] = []
    for item in items:
        if item not in kept:
            kept.append(item)
    return tuple(kept)
