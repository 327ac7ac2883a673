"""A register written out as JSON Lines (without loss), CSV or XLSX (one row a capability). Not reading."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from tashbik.errors import FileError
from tashbik.registry.enterprise_rows import RECORD_COLUMN
from tashbik.registry.records import Enterprise

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take a cell for a formula (OWASP, CSV injection)."""
CELL = 32_000
"""Characters of a record in one cell; a spreadsheet cuts a cell after 32,767."""
LARGEST_CELL = 32_767
HEADER = (
    "id", "name", "name_ar", "name_fr", "name_en", "country", "region", "locality", "latitude", "longitude", "founded", "employees",
    "activity", "website", "capability", "material", "machine", "certificate", "source", "as_of", RECORD_COLUMN,
)  # fmt: skip


def export(enterprises: Iterable[Enterprise], path: Path) -> int:
    """Write records to a file whose ending says the format; returns how many. The file appears whole or not at all.

    The last column of CSV and XLSX holds the whole record as JSON, so that reading the file back loses nothing; a record that is too
    large for a cell goes on in the next row. The other columns are for people, with formulas neutralised by a leading apostrophe.
    """
    writers = {".jsonl": _write_jsonl, ".csv": _write_csv, ".xlsx": _write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise FileError(
            f"cannot write {path.suffix or 'a file without ending'}", file=path.name, mend="use .csv, .xlsx or .jsonl"
        )
    partial = path.with_name(path.name + ".partial")
    count = writer(enterprises, partial)
    partial.replace(path)
    return count


def _write_jsonl(enterprises: Iterable[Enterprise], path: Path) -> int:
    count = 0
    with path.open("wb") as stream:
        for enterprise in enterprises:
            stream.write(msgspec.json.encode(enterprise) + b"\n")
            count += 1
    return count


def _write_csv(enterprises: Iterable[Enterprise], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for row in _rows(enterprises):
            writer.writerow(row)
            count += 1
    return count


def _write_xlsx(enterprises: Iterable[Enterprise], path: Path) -> int:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("register")
    sheet.append(HEADER)
    count = 0
    for row in _rows(enterprises):
        if len(row[-1]) > LARGEST_CELL:
            raise FileError(
                f"the record of {row[0]} is larger than a cell of a spreadsheet",
                file=path.name,
                mend="export to .jsonl",
            )
        sheet.append(row)
        count += 1
    book.save(path)
    return count


def _rows(enterprises: Iterable[Enterprise]) -> Iterator[list[str]]:
    for enterprise in enterprises:
        for part in _parts(enterprise):
            yield [neutralised(cell) for cell in _readable(part)] + [msgspec.json.encode(part).decode()]


def _parts(enterprise: Enterprise) -> Iterator[Enterprise]:
    """The enterprise whole, or, where its record is larger than a cell, one part for each share of its capabilities: rows of one id are one."""
    if len(msgspec.json.encode(enterprise).decode()) <= CELL or len(enterprise.capabilities) < 2:
        yield enterprise
        return
    half = len(enterprise.capabilities) // 2
    yield from _parts(replace(enterprise, capabilities=enterprise.capabilities[:half]))
    rest = Enterprise(id=enterprise.id, names=enterprise.names, capabilities=enterprise.capabilities[half:])
    yield from _parts(rest)


def _readable(one: Enterprise) -> list[str]:
    capabilities = [
        text
        for capability in one.capabilities
        for text in (*capability.words.values(), *capability.attributes.values())
    ]
    materials = [material for capability in one.capabilities for material in capability.materials]
    return [
        one.id,
        one.names.get("und", ""),
        *(one.names.get(code, "") for code in ("ar", "fr", "en")),
        one.place.country,
        one.place.region,
        one.place.locality,
        *(
            "" if value is None else str(value)
            for value in (one.place.latitude, one.place.longitude, one.founded, one.employees)
        ),
        " ; ".join(one.activities),
        one.website,
        " ; ".join(capabilities)[:30_000],
        " ; ".join(materials),
        " ; ".join(text for machine in one.machines for text in machine.words.values()),
        " ; ".join(certificate.words or certificate.scheme for certificate in one.certificates),
        one.provenance.source,
        one.provenance.as_of.isoformat() if one.provenance.as_of else "",
    ]


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, without control characters, which none can hold."""
    cell = _CONTROL.sub(" ", cell)
    return "'" + cell if cell.startswith(_RISKY) else cell
