"""Rows out of CSV, XLSX and JSON Lines files, streamed and guarded against hostile input. Not what the columns mean (layout.py)."""

from __future__ import annotations

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tashbik.errors import FileError, HostileInputError
from tashbik.registry.encodings import detect_encoding
from tashbik.registry.rejects import Reject

MAX_COLUMNS = 2_000
MAX_CELL = 100_000
MAX_LINE = 20_000_000
MAX_UNPACKED = 2_000_000_000
"""Bytes that an XLSX file may unpack to."""
MAX_RATIO = 200
"""How many times its size a member of an XLSX file may unpack to; spreadsheets of plain text reach about 40."""
_UNIX_END = re.compile(r"\r\n|\r(?!$)")  # a \r at a block's end may be half of \r\n
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson", ".json")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number (header = 1) and its cells by header; for JSON Lines, the values as they stand."""

    number: int
    cells: dict[str, Any]


def read_rows(path: Path, *, encoding: str = "", delimiter: str = "") -> Iterator[Row | Reject]:
    """Rows of a file in order, with rejects for rows that cannot be read; memory does not grow with the file.

    Raises FileError for a file that is missing, empty or of an unknown kind, HostileInputError for one that would exhaust
    the machine.
    """
    if not path.is_file():
        raise FileError("no such file", file=str(path), mend="check the path")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FileError(
            f"unknown kind of file {suffix or '(no ending)'}", file=path.name, mend="give CSV, XLSX or JSON Lines"
        )
    if path.stat().st_size == 0:
        raise FileError("the file is empty", file=path.name, mend="check that it was saved")
    if suffix == ".xlsx":
        yield from _xlsx_rows(path)
    elif suffix in (".jsonl", ".ndjson", ".json"):
        yield from _json_rows(path)
    else:
        yield from _csv_rows(path, encoding or detect_encoding(path), delimiter)


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """Text lines; a line too long is refused before it is in memory, bad bytes become U+FFFD and are reported by the row."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            rest += decoder.decode(block)
            if "\r" in rest:
                rest = _UNIX_END.sub("\n", rest)
            *whole, rest = rest.split("\n")
            for line in whole:
                yield line + "\n"
            if len(rest) > MAX_LINE:
                raise HostileInputError(
                    f"a line is longer than {MAX_LINE:,} characters", file=path.name, mend="split the file"
                )
    rest += decoder.decode(b"", True)
    if rest:
        yield rest


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row | Reject]:
    csv.field_size_limit(MAX_LINE)
    lines = _lines(path, encoding)
    first = next((line for line in lines if line.strip("\ufeff \r\n")), "").lstrip("\ufeff")
    if not first:
        raise FileError("the file has no header", file=path.name, mend="check that it was saved")
    separator = delimiter or delimiter_of(first)
    reader = csv.reader(_chain(first, lines), delimiter=separator)
    try:
        header = _header(next(reader), path)
        for number, cells in enumerate((cells for cells in reader), 2):
            if any(cell.strip() for cell in cells):
                yield _checked(path, number, header, cells)
    except csv.Error as error:
        raise FileError(str(error), file=path.name, row=reader.line_num, mend="check the quotes of this row") from error


def _chain(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first.replace("\0", "\ufffd")
    for line in lines:
        yield line.replace("\0", "\x01") if "\0" in line else line


def delimiter_of(header: str) -> str:
    """What parts the cells of a header line: tab, semicolon, comma or bar, whichever it has most of."""
    return max(("\t", ";", ",", "|"), key=lambda mark: (header.count(mark), mark == ","))


def _header(cells: list[str], path: Path) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        raise HostileInputError(
            f"{len(cells):,} columns, at most {MAX_COLUMNS:,} are read",
            file=path.name,
            row=1,
            mend="keep the columns needed",
        )
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {position}"
        names.append(f"{name} ({position})" if name in names else name)
    return names


def _checked(path: Path, number: int, header: list[str], cells: list[str]) -> Row | Reject:
    if len(cells) > len(header):
        if any(cell.strip() for cell in cells[len(header) :]):
            return Reject(path.name, number, header[-1], cells[len(header)][:200], "too-many-cells")
        cells = cells[: len(header)]
    for name, cell in zip(header, cells, strict=False):
        problem = _cell_problem(cell)
        if problem:
            return Reject(path.name, number, name, cell[:80].replace("\x01", "\\0"), problem)
    return Row(number, dict(zip(header, cells, strict=False)))


def _cell_problem(cell: str) -> str:
    if len(cell) > MAX_CELL:
        return "cell-too-large"
    if "\x01" in cell or "\0" in cell:
        return "nul"
    if "\ufffd" in cell:
        return "bad-encoding"
    return ""


def _json_rows(path: Path) -> Iterator[Row | Reject]:
    decoder = msgspec.json.Decoder()
    for number, line in enumerate(_lines(path, "utf-8"), 1):
        if not line.strip():
            continue
        if "\ufffd" in line or "\0" in line:
            yield Reject(path.name, number, "", line[:80], "nul" if "\0" in line else "bad-encoding")
            continue
        try:
            value = decoder.decode(line)
        except msgspec.DecodeError:
            yield Reject(path.name, number, "", line.strip()[:80], "bad-json")
            continue
        if not isinstance(value, dict):
            yield Reject(path.name, number, "", line.strip()[:80], "bad-json")
        else:
            yield Row(number, value)


def _xlsx_rows(path: Path) -> Iterator[Row | Reject]:
    _guard_zip(path)
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    except Exception as error:  # openpyxl raises whatever its XML parser does
        raise FileError(f"not a readable XLSX file: {error}", file=path.name, mend="save it again as XLSX") from error
    try:
        if not book.worksheets:
            raise FileError("the workbook has no table", file=path.name, mend="put the rows on its first sheet")
        sheet = book.worksheets[0]
        if (sheet.max_column or 0) > MAX_COLUMNS:
            raise HostileInputError(
                f"{sheet.max_column:,} columns, at most {MAX_COLUMNS:,} are read",
                file=path.name,
                row=1,
                mend="keep the columns needed",
            )
        header: list[str] = []
        for number, values in enumerate(_sheet_rows(sheet, path), 1):
            cells = ["" if value is None else _cell_text(value) for value in values]
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells, path)
            else:
                yield _xlsx_checked(path, number, header, cells)
    finally:
        book.close()


def _sheet_rows(sheet: Any, path: Path) -> Iterator[tuple[object, ...]]:
    try:
        yield from sheet.iter_rows(values_only=True)
    except Exception as error:  # as above: a sheet's XML is read only now
        raise FileError(f"the sheet is damaged: {error}", file=path.name, mend="save it again as XLSX") from error


def _xlsx_checked(path: Path, number: int, header: list[str], cells: list[str]) -> Row | Reject:
    for name, cell in zip(header, cells, strict=False):
        if cell.startswith("=") and len(cell) > 1:
            return Reject(path.name, number, name, cell[:80], "formula")
    return _checked(path, number, header, cells)


def _cell_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)


def _guard_zip(path: Path) -> None:
    """Refuse an XLSX file that would unpack to more than the machine should take."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise FileError("not an XLSX file", file=path.name, mend="save it again as XLSX") from error
    unpacked = sum(member.file_size for member in members)
    swollen = any(
        member.file_size > 50_000_000 and member.file_size > MAX_RATIO * max(1, member.compress_size)
        for member in members
    )
    if unpacked > MAX_UNPACKED or swollen:
        raise HostileInputError(
            f"the file would unpack to {unpacked:,} bytes", file=path.name, mend="split it, or save it as CSV"
        )
