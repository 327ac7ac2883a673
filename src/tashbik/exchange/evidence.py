"""Evidence: a table with its date, source and coverage, from a registry of sources, and its freezing. Not the sources (evidence_sources.py, evidence_networks.py).

A source is a function of an exchange and parameters; it gives sums, never the name of an enterprise or a person, because what is frozen
is shown to everybody. Each text of a table stands in all three languages, so that it reads the same in each when it is frozen.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, NotFoundError, StateError
from tashbik.exchange.models import Exchange
from tashbik.exchange.models.editions import said
from tashbik.language.arabic import normalise_digits
from tashbik.nomenclature import tables
from tashbik.nomenclature.classifications import isic
from tashbik.nomenclature.places import places

LANGUAGES = ("ar", "fr", "en")
UPLOAD = "upload"
"""The source of a table that somebody uploaded."""
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 60, 8, 200
"""What a reader can take in, and a page of paper can hold."""
LARGEST_FILE = 200_000
Texts = dict[str, str]
Cell = Texts | str | float | None


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: its header and, where it holds numbers, their unit."""

    label: Texts
    number: bool = False
    unit: Texts = msgspec.field(default_factory=dict)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table that says one thing (`title`). The first column names the rows; `drawn`: its second column can be drawn as bars."""

    title: Texts
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: Texts
    coverage: Texts
    as_of: date
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a source can be narrowed by: a country (ISO 3166-1), a period (both days included)."""

    country: str = ""
    start: date | None = None
    end: date | None = None

    def as_json(self) -> dict[str, str]:
        """Those that are set."""
        days = {"start": self.start, "end": self.end}
        found = {name: one.isoformat() for name, one in days.items() if one}
        return {"country": self.country, **found} if self.country else found


@dataclass(frozen=True, slots=True)
class Source:
    """A source of evidence: its name, what it shows (a lazy text), the parameters that it heeds, and its function."""

    name: str
    label: Any
    parameters: tuple[str, ...]
    make: Callable[[Exchange, Parameters], Table]


SOURCES: dict[str, Source] = {}


def source(name: str, label: Any, *parameters: str) -> Callable[[Callable[[Exchange, Parameters], Table]], Any]:
    """Register a function as a source of evidence."""

    def register(make: Callable[[Exchange, Parameters], Table]) -> Callable[[Exchange, Parameters], Table]:
        SOURCES[name] = Source(name, label, parameters, make)
        return make

    return register


def sources() -> list[Source]:
    """All sources, in the order in which they are offered."""
    from tashbik.exchange import evidence_networks, evidence_sources  # noqa: F401  # registers them

    return list(SOURCES.values())


def table_of(exchange: Exchange, name: str, parameters: Parameters) -> Table:
    """The table of a source as it is now. Raises NotFoundError for an unknown one, StateError where it has nothing to show."""
    found = next((one for one in sources() if one.name == name), None)
    if found is None:
        raise NotFoundError(_("There is no such source of evidence."), mend=_("Choose one of the list."))
    table = found.make(exchange, parameters)
    if not table.rows:
        raise StateError(
            _("This source has nothing to show for what you chose."),
            mend=_("Choose another country or period, or another source."),
        )
    return table


# words in three languages


def in_three(say: Callable[[], Any]) -> Texts:
    """A text in each language: `say` is called with that language in force."""
    found = {}
    for one in LANGUAGES:
        with translation.override(one):
            found[one] = str(say())
    return found


def country_name(code: str) -> Texts:
    """A country or division in three languages; the code itself where it is not known."""
    known = places().get(code.upper())
    if known is not None:
        return {one: known.label(one) for one in LANGUAGES}
    return {one: str(Locale.parse(one).territories.get(code.upper(), code)) for one in LANGUAGES}


def concept_name(identifier: str) -> Texts:
    """A concept of the nomenclature in three languages; the id itself where it is not known."""
    known = tables.concepts().get(identifier)
    return {one: known.label(one) if known else identifier for one in LANGUAGES}


def sector_name(code: str) -> Texts:
    """A division of ISIC in three languages, with its code."""
    known = isic().get(code)
    return {one: f"{known.label(one)} ({code})" if known else code for one in LANGUAGES}


def shown(cell: Cell, language: str) -> str | float | None:
    """A cell as it reads in a language."""
    return said(cell, language) if isinstance(cell, dict) else cell


# freezing


def frozen(table: Table) -> dict[str, Any]:
    """A table as the JSON that is stored."""
    plain: dict[str, Any] = msgspec.to_builtins(table)
    return dict(json.loads(json.dumps(plain, ensure_ascii=False)))


def thawed(stored: dict[str, Any]) -> Table:
    """A stored table."""
    return msgspec.convert(stored, Table)


def digest_of(stored: dict[str, Any]) -> str:
    """SHA-256 of a stored table."""
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def uploaded(content: bytes, *, title: Texts, origin: Texts, as_of: date) -> Table:
    """A table from a CSV with a header. Columns of numbers are told by their cells. Raises InvalidError for field `file`."""
    rows = _rows(content)
    header, body = rows[0], rows[1:]
    columns, cells = [], []
    for place, name in enumerate(header):
        numbers = [_number(row[place]) for row in body]
        is_number = place > 0 and all(one is not None or not row[place] for one, row in zip(numbers, body, strict=True))
        columns.append(Column(label=dict.fromkeys(LANGUAGES, name), number=is_number))
        cells.append(numbers if is_number else [row[place] for row in body])
    return Table(
        title=title,
        columns=tuple(columns),
        rows=tuple(zip(*cells, strict=True)),
        source=origin,
        coverage=in_three(lambda: _("as in the uploaded table")),
        as_of=as_of,
        drawn=len(columns) > 1 and columns[1].number,
    )


def _rows(content: bytes) -> list[list[str]]:
    """The rows of a CSV, each as long as the header. Raises InvalidError."""
    if len(content) > LARGEST_FILE:
        raise _refused(
            _("The file is too large: a table of evidence has at most %(count)d rows.") % {"count": MOST_ROWS}
        )
    text = _decoded(content)
    separator = max((";", ",", "\t"), key=text.partition("\n")[0].count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator)]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2 or not all(rows[0]):
        raise _refused(_("The file needs a header that names each column, and at least one row."))
    if len(rows) > MOST_ROWS + 1 or len(rows[0]) > MOST_COLUMNS:
        limits = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        raise _refused(_("A table of evidence has at most %(rows)d rows and %(columns)d columns.") % limits)
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]) or any(len(cell) > LONGEST_CELL for cell in row):
            raise _refused(_("Row %(number)d does not fit the header, or a cell is too long.") % {"number": number})
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1256"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refused(_("The file is not a text that can be read. Save the table as CSV (UTF-8)."))


def _number(cell: str) -> float | None:
    plain = normalise_digits(cell).replace("٫", ".").replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain.replace(",", "")
    try:
        found = float(plain)
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None


def _refused(text: str) -> InvalidError:
    return InvalidError({"file": [text]}, _("The table was not taken."))


def counted(pairs: Sequence[tuple[Texts, float]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of (name, number)."""
    return tuple((name, float(number)) for name, number in pairs)
