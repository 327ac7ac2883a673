"""Taking one enterprise's personal data out of import files that are kept, and out of their rejected rows. Not out of records (verbs/undoing.py)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tashbik.exchange import intake
from tashbik.exchange.models import Enterprise, Import, ImportReject, Revision
from tashbik.exchange.projection import global_id, record_of
from tashbik.registry.encodings import detect_encoding
from tashbik.registry.enterprise_rows import RECORD_COLUMN, enterprise_of
from tashbik.registry.layout import Layout
from tashbik.registry.rejects import RowError
from tashbik.registry.tables import MAX_LINE, Row, delimiter_of, read_rows

CONTACT_FIELDS = frozenset({"email", "phone"})
"""Fields of a register file that speak of persons; a column that no field claims may do so too."""
_RECORD_KEYS = ("contacts",)
_NAMES = ("name", "name_ar", "name_fr", "name_en")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The enterprise whose rows are sought: its code, its exchange's way to make codes, its names."""

    enterprise: Enterprise
    names: frozenset[str]

    def concerns(self, cells: Mapping[str, Any], layout: Layout, source: str) -> bool:
        """Whether a row is about the enterprise: by the code that it makes, or by its name where it makes no record."""
        try:
            record = enterprise_of(dict(cells), layout, source, 0)
        except RowError:
            local = layout.value(dict(cells), "id")
            if local:
                return global_id(self.enterprise.exchange, local) == self.enterprise.code
            return any(layout.value(dict(cells), one).casefold() in self.names for one in _NAMES)
        return global_id(self.enterprise.exchange, record.id) == self.enterprise.code


def wanted(enterprise: Enterprise) -> Wanted:
    """What to look for."""
    names = record_of(enterprise).names.values()
    return Wanted(enterprise, frozenset(name.casefold() for name in names if name))


def blank(run: Import, sought: Wanted) -> int:
    """Empty the personal cells of the enterprise's rows in an import's file, samples, history and rejected rows; returns the rows of the file."""
    layout = intake.layout_of(run)
    columns = _personal_columns(run)
    rejects = _blank_rejects(run, sought, layout, columns)
    path = Path(run.file.path) if run.file else None
    numbers: set[int] = set()
    if path is not None and path.is_file():
        rows = (one for one in read_rows(path, encoding=layout.encoding) if isinstance(one, Row))
        numbers = {one.number for one in rows if sought.concerns(one.cells, layout, run.name)} | rejects
        if numbers:
            _rewrite(path, numbers, columns, layout.encoding)
            run.sha256, run.size = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size
    if numbers or rejects:
        run.columns = [{**one, "samples": []} if one["header"] in columns else one for one in run.columns]
        run.save(update_fields=["columns", "sha256", "size"])
        _forget_samples(run, columns)
    return len(numbers)


def _personal_columns(run: Import) -> frozenset[str]:
    """Headers of contacts, of whole records, and of what no field claims."""
    headers = (column["header"] for column in run.columns)
    return frozenset(
        one
        for one in headers
        if run.mapping.get(one, "") in CONTACT_FIELDS or not run.mapping.get(one) or one == RECORD_COLUMN
    )


def _blank_rejects(run: Import, sought: Wanted, layout: Layout, columns: frozenset[str]) -> set[int]:
    found: set[int] = set()
    for one in ImportReject.objects.filter(import_run=run).iterator(500):
        if not one.cells or not sought.concerns(one.cells, layout, run.name):
            continue
        found.add(one.row)
        one.cells = {header: _without_persons(header, value, columns) for header, value in one.cells.items()}
        one.value = "" if layout.columns.get(one.field, one.field) in columns else one.value
        one.save(update_fields=["cells", "value"])
    return found


def _without_persons(header: str, value: Any, columns: Iterable[str]) -> Any:
    """A cell's value: a whole record without its contacts, anything else personal empty."""
    if header not in columns:
        return value
    if header == RECORD_COLUMN and str(value).startswith("{"):
        record = msgspec.json.decode(str(value), type=dict[str, Any])
        return msgspec.json.encode(_stripped(record)).decode()
    return ""


def _stripped(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in _RECORD_KEYS}


def _rewrite(path: Path, numbers: set[int], columns: frozenset[str], encoding: str) -> None:
    """Write the file anew beside the old one and put it in its place at once."""
    suffix = path.suffix.lower()
    writer: Callable[[Path, Path, set[int], frozenset[str], str], None] = (
        _workbook if suffix == ".xlsx" else _json_lines if suffix in (".jsonl", ".ndjson", ".json") else _csv
    )
    beside = path.with_name(f".{path.name}")
    writer(path, beside, numbers, columns, encoding)
    beside.replace(path)


def _csv(path: Path, beside: Path, numbers: set[int], columns: frozenset[str], encoding: str) -> None:
    csv.field_size_limit(MAX_LINE)
    used = encoding or detect_encoding(path)
    with path.open(encoding=used, errors="replace", newline="") as old:
        text = old.read().lstrip("\ufeff \r\n")
    mark = delimiter_of(text.partition("\n")[0])
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    header = [cell.strip() or f"column {place}" for place, cell in enumerate(rows[0], 1)]
    for number in numbers:
        cells = rows[number - 1]
        known = [*header, *(f"column {place}" for place in range(len(header) + 1, len(cells) + 1))]
        personal = columns | set(known[len(header) :])
        rows[number - 1] = [_without_persons(name, cell, personal) for name, cell in zip(known, cells, strict=False)]
    with beside.open("w", encoding=used, errors="replace", newline="") as new:
        csv.writer(new, delimiter=mark).writerows(rows)


def _json_lines(path: Path, beside: Path, numbers: set[int], columns: frozenset[str], encoding: str) -> None:
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    for number in numbers:
        value = _stripped(msgspec.json.decode(lines[number - 1], type=dict[str, Any]))
        if not isinstance(value.get("names"), dict):  # a record's own keys are all known; a plain row's are not
            value = {key: _without_persons(key, one, columns) for key, one in value.items()}
        lines[number - 1] = msgspec.json.encode(value).decode()
    beside.write_text("\n".join(lines), encoding="utf-8")


def _workbook(path: Path, beside: Path, numbers: set[int], columns: frozenset[str], encoding: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    first = next(row for row in sheet.iter_rows() if any(cell.value not in (None, "") for cell in row))
    names = [str(cell.value or "").strip() or f"column {place}" for place, cell in enumerate(first, 1)]
    for number in numbers:
        for name, cell in zip(names, sheet[number], strict=False):
            if cell.value not in (None, ""):
                cell.value = _without_persons(name, cell.value, columns) or None
    book.save(beside)


def _forget_samples(run: Import, columns: frozenset[str]) -> None:
    """The samples of a file's personal columns leave the history of the import too."""
    for revision in Revision.objects.filter(subject_kind="import", subject_id=run.pk):
        for state in (revision.before, revision.after):
            for column in (state or {}).get("columns") or ():
                if column.get("header") in columns:
                    column["samples"] = []
        revision.erased = True
        revision.save(update_fields=["before", "after", "erased"])
