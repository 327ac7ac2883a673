"""Rows of a file of participants, understood cell by cell: details, or what is wrong with which cell and how to mend it. Not the storing (verbs)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tashbik.errors import InputError, InvalidError
from tashbik.exchange.models import Participant
from tashbik.exchange.participant_details import Details, problems
from tashbik.exchange.participant_words import category_words, header_words, language_words
from tashbik.language.analysis import fold
from tashbik.language.arabic import normalise_digits
from tashbik.nomenclature.countries import country_code
from tashbik.registry.rejects import REASONS, Reject
from tashbik.registry.tables import read_rows

MOST_ROWS = 2_000
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
REPEATED, REGISTERED = "repeated", "registered"
"""What can be wrong with a row besides its cells: the address stands in the file twice, or is another participant's."""
_BETWEEN = re.compile(r"[,;/،؛|+&\n]|\sو\s*(?=\S)|\set\s|\sand\s")


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be taken: its column, what stands in it, and what is expected."""

    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file (the header is row 1): its cells by header; `reject` where it could not even be read."""

    number: int
    cells: dict[str, str]
    reject: str = ""


def columns_of(headers: Iterable[str]) -> dict[str, str]:
    """Header → field of those that are known, each field once."""
    found: dict[str, str] = {}
    for header in headers:
        field = header_words().get(fold(header))
        if field and field not in found.values():
            found[header] = field
    return found


def rows_of(path: Path) -> list[FileRow]:
    """The rows of a file. Raises InvalidError (field `file`) for a file that cannot be read, has too many rows, or no column for names."""
    rows: list[FileRow] = []
    try:
        for one in read_rows(path):
            if len(rows) == MOST_ROWS:
                raise _refused(_("The file has more than %(most)d rows. Split it.") % {"most": MOST_ROWS})
            rows.append(_file_row(one))
    except InputError as error:
        refused = _("The file cannot be read. Nothing was taken from it.")
        raise _refused(f"{refused} ({error.message})") from error
    headers = {header for one in rows for header in one.cells}
    if not rows:
        raise _refused(_("The file has a header, but no row under it."))
    if "name" not in columns_of(headers).values():
        raise _refused(_("No column of the file holds names: give it the header “name”. Nothing was taken from it."))
    return rows


def _file_row(one: Any) -> FileRow:
    if isinstance(one, Reject):
        return FileRow(one.row, {one.field: one.value} if one.field else {}, one.reason)
    cells = {header: "" if value is None else str(value).strip() for header, value in one.cells.items()}
    return FileRow(one.number, cells)


def _refused(text: str) -> InvalidError:
    return InvalidError({"file": [text]}, text)


def understood(cells: Mapping[str, str], *, language: str = "ar") -> tuple[Details, list[Problem]]:
    """The details that a row states, and what is wrong with it; `language` is that of messages where the row names none."""
    columns = columns_of(cells)
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for header, field in columns.items():
        text = cells[header].strip()
        try:
            values[field] = _read(field, text)
        except ValueError as error:
            wrong[field] = str(error)
    values["language"] = values.get("language") or _language(values.get("languages", ()), language)
    details = Details(**values)
    header_of = {field: header for header, field in columns.items()}
    found = {field: texts[0] for field, texts in problems(details)} | wrong
    return details, [
        Problem(header_of.get(field, field), cells.get(header_of.get(field, ""), ""), text)
        for field, text in found.items()
    ]


def _language(languages: Iterable[str], fallback: str) -> str:
    return next((one for one in languages if one in ("ar", "fr", "en")), fallback)


def _read(field: str, text: str) -> Any:
    """A cell's value. Raises ValueError with what is expected."""
    match field:
        case "category":
            return _category(text)
        case "country":
            return _country(text)
        case "language":
            return _languages(text)[0] if text else ""
        case "languages":
            return _languages(text)
        case "meeting_limit":
            return _number(text)
        case _:
            return text


def _category(text: str) -> str:
    found = category_words().get(fold(text))
    if found is None:
        labels = pgettext("list", ", ").join(str(label) for label in Participant.Category.labels)
        raise ValueError(_("This is not one of the categories: %(labels)s.") % {"labels": labels})
    return found


def _country(text: str) -> str:
    code = country_code(text) if text else ""
    if not code:
        raise ValueError(_("Write a country's name, or its code of two letters like DZ."))
    return code


def _languages(text: str) -> tuple[str, ...]:
    words = [one for one in _BETWEEN.split(f" {text} ") if one.strip()]
    codes = [language_words().get(fold(one.strip())) for one in words]
    if any(one is None for one in codes):
        raise ValueError(_("Write languages by name or code with commas between, like: ar, fr."))
    return tuple(dict.fromkeys(one for one in codes if one))


def _number(text: str) -> int | None:
    if not text:
        return None
    plain = normalise_digits(text).strip()
    if not plain.isdigit():
        raise ValueError(_("Write a whole number in digits, or leave the cell empty."))
    return int(plain)


def problem_text(code: str, language: str) -> str:
    """What is wrong with a row as a whole, and how to mend it, in the language in force."""
    if code == REPEATED:
        return _("This e-mail address stands in the file more than once: keep one row of each person.")
    if code == REGISTERED:
        return _("Another participant is registered with this e-mail address: correct the address, or leave the row.")
    return REASONS[code][language] if code in REASONS else code
