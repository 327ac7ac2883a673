"""The register of one's exchange as rows of a spreadsheet, in the reader's language. Not the lossless forms (registry.export).

Headers are those by which an import recognises the fields in that language, so that a file that was corrected can be read in again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from tashbik.errors import InvalidError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Exchange
from tashbik.exchange.permissions import require
from tashbik.exchange.queries.register import found
from tashbik.exchange.queries.register_filters import Filters
from tashbik.exchange.visibility import visible_record
from tashbik.nomenclature import tables
from tashbik.nomenclature.places import places
from tashbik.registry import records
from tashbik.registry.export import neutralised
from tashbik.registry.layout import field_labels

SHEET_ROWS = 20_000
"""Rows of an XLSX file at most: it is made as a whole before it is sent; CSV has no such limit."""
CHUNK = 500
LONGEST = 30_000
"""Characters of a cell; a spreadsheet cuts after 32,767."""
FIELDS: dict[str, Callable[[records.Enterprise, str], str]] = {
    "id": lambda one, _language: one.id.partition(":")[2] or one.id,
    "name": lambda one, _language: one.names.get("und", ""),
    "name_ar": lambda one, _language: one.names.get("ar", ""),
    "name_fr": lambda one, _language: one.names.get("fr", ""),
    "name_en": lambda one, _language: one.names.get("en", ""),
    "country": lambda one, language: _place(one.place.country, language),
    "region": lambda one, language: _place(one.place.region, language),
    "locality": lambda one, _language: one.place.locality,
    "address": lambda one, _language: one.place.address,
    "latitude": lambda one, _language: _plain(one.place.latitude),
    "longitude": lambda one, _language: _plain(one.place.longitude),
    "legal_form": lambda one, _language: one.legal_form,
    "founded": lambda one, _language: _plain(one.founded),
    "employees": lambda one, _language: _plain(one.employees),
    "activity": lambda one, _language: _joined(one.activities),
    "capability": lambda one, language: _joined(_said(able.words, language) for able in one.capabilities),
    "process": lambda one, language: _concepts(one, "process", language),
    "product": lambda one, language: _concepts(one, "product", language),
    "material": lambda one, language: _joined([*(_materials(one)), *_names(one, "material", language)]),
    "machine": lambda one, language: _joined(_said(machine.words, language) for machine in one.machines),
    "certificate": lambda one, language: _joined(_certificate(held, language) for held in one.certificates),
    "website": lambda one, _language: one.website,
    "email": lambda one, _language: _joined(contact.email for contact in one.contacts),
    "phone": lambda one, _language: _joined(contact.phone for contact in one.contacts),
    "exports": lambda one, language: _joined(_place(sold.country, language) for sold in one.exports),
    "references": lambda one, _language: _joined(one.references),
    "source": lambda one, _language: one.provenance.source,
    "as_of": lambda one, _language: one.provenance.as_of.isoformat() if one.provenance.as_of else "",
}
"""Columns in their order, each with how it is read off a record."""


def rows(actor: Actor, exchange: Exchange, filters: Filters, language: str) -> Iterator[list[str]]:
    """The header and one row an enterprise of the exchange that fits the filters, in order of name. Raises NotPermittedError at once.

    Cells hold what the actor may see, with nothing that a spreadsheet takes for a formula.
    """
    require(actor, "enterprise.export", exchange)
    return _rows(actor, replace(filters, exchange=exchange.code), language)


def _rows(actor: Actor, filters: Filters, language: str) -> Iterator[list[str]]:
    yield [field_labels().get(name, {}).get(language) or name for name in FIELDS]
    chosen = found(actor, filters).rows.order_by("sort_name", "pk")
    for enterprise in chosen.iterator(chunk_size=CHUNK):
        record, _hidden = visible_record(actor, enterprise)
        yield [neutralised(read(record, language))[:LONGEST] for read in FIELDS.values()]


class _Line:
    """A file to csv.writer that gives each line back."""

    def write(self, text: str) -> str:
        return text


def as_csv(lines: Iterable[list[str]]) -> Iterator[str]:
    """Rows as lines of CSV, with the mark that has spreadsheets read UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for line in lines:
        yield writer.writerow(line)


def write_xlsx(lines: Iterable[list[str]], path: Path, *, right_to_left: bool) -> int:
    """Rows as an XLSX file; returns how many enterprises. Raises InvalidError beyond SHEET_ROWS."""
    import openpyxl

    taken = list(islice(lines, SHEET_ROWS + 2))
    if len(taken) > SHEET_ROWS + 1:
        raise InvalidError({"": [_("The file would be too large for a spreadsheet. Narrow the search, or take CSV.")]})
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("register")
    sheet.sheet_view.rightToLeft = right_to_left
    for line in taken:
        sheet.append(line)
    book.save(path)
    return max(0, len(taken) - 1)


def _plain(value: float | None) -> str:
    return "" if value is None else str(value)


def _joined(parts: Iterable[str]) -> str:
    return " ; ".join(dict.fromkeys(part for part in parts if part))


def _said(words: records.Words, language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")


def _place(code: str, language: str) -> str:
    known = places().get(code)
    return known.label(language) if known else code


def _names(one: records.Enterprise, kind: str, language: str) -> list[str]:
    ids = dict.fromkeys(concept for able in one.capabilities for concept in able.concepts)
    return [
        tables.concepts()[concept].label(language)
        for concept in ids
        if concept.startswith(f"{kind}.") and concept in tables.concepts()
    ]


def _concepts(one: records.Enterprise, kind: str, language: str) -> str:
    return _joined(_names(one, kind, language))


def _materials(one: records.Enterprise) -> list[str]:
    return [material for able in one.capabilities for material in able.materials]


def _certificate(held: records.Certificate, language: str) -> str:
    concept = tables.concepts().get(held.scheme)
    return held.words or (concept.label(language) if concept else "")
