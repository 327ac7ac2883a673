"""The matches of a need on paper (PDF) and as a spreadsheet (XLSX), in the reader's language. Not the matching, not the PDF's making."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tashbik.exchange.models import Need
from tashbik.exchange.queries import matches as queries
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.matches_rows import Row
from tashbik.exchange.queries.matches_stored import StoredLine
from tashbik.registry.export import neutralised
from tashbik.web import reading
from tashbik.web.matches import choices as choosing
from tashbik.web.matches.beside import label_of
from tashbik.web.matches.pages import ShownRow, shown_rows
from tashbik.web.matches.showing import Column, columns_of, document_of
from tashbik.web.needs.working import digits_of
from tashbik.web.printing import attachment, pdf_response
from tashbik.web.request import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_NAME = 31
"""Characters of a sheet's name at most (Excel)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A line with all its rows."""

    label: str
    text: str
    language: str
    columns: list[Column]
    rows: list[ShownRow]
    found: int
    complete: int


def parts_of(request: Request, need: Need) -> list[Part]:
    """The lines of a need, or the one that is asked for, with all rows that pass the reader's choices."""
    lines, line_id = queries.lines_of(need), request.GET.get("line", "")
    chosen = [queries.line_named(lines, line_id)] if line_id else lines
    return [_part(request, need, lines, one) for one in chosen]


def _part(request: Request, need: Need, lines: Sequence[StoredLine], line: StoredLine) -> Part:
    found = queries.matrix(request.actor, need, line, choosing.read(request.GET))
    digits = digits_of(request)
    columns = columns_of(line.line, digits)
    return Part(
        label=label_of(lines, line),
        text=line.line.text,
        language=line.line.language[:2],
        columns=columns,
        rows=shown_rows(need, line.line.id, found.rows, columns, digits),
        found=found.found,
        complete=found.complete,
    )


@require_GET
def pdf(request: Request, code: str) -> HttpResponse:
    """The matrix on paper, wide."""
    need = queries.opened(request.actor, code)
    context: dict[str, Any] = {
        "need": need,
        "buyer": needs.shown_buyer(request.actor, need),
        "parts": parts_of(request, need),
        "chips": choosing.chips(choosing.read(request.GET), ""),
    }
    return pdf_response(request, "matches/paper.html", context, name=f"matches-{need.code}")


@require_GET
def xlsx(request: Request, code: str) -> HttpResponse:
    """The matrix as a spreadsheet: one sheet a line."""
    need = queries.opened(request.actor, code)
    return attachment(workbook(need, parts_of(request, need)), XLSX, f"matches-{need.code}.xlsx")


def workbook(need: Need, parts: Sequence[Part]) -> bytes:
    """The parts as a workbook; sheets run right to left in Arabic, and no cell is taken for a formula."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook(write_only=True)
    for number, part in enumerate(parts or [Part("", "", "", [], [], 0, 0)], 1):
        sheet = book.create_sheet((part.label or need.code or str(number))[:SHEET_NAME].translate(_NOT_IN_NAMES))
        sheet.sheet_view.rightToLeft = reading.language() == "ar"
        sheet.freeze_panes = "B4"
        sheet.column_dimensions["A"].width = 36
        for row, cells in enumerate(_sheet_rows(need, part)):
            styled = [WriteOnlyCell(sheet, value) for value in cells]
            for one in styled:
                one.font = Font(bold=row == 2)
                one.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.append(styled)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def _sheet_rows(need: Need, part: Part) -> Iterator[list[Any]]:
    yield [neutralised(f"{need.code} · {need.title}")]
    yield [neutralised(part.text)]
    yield [neutralised(one) for one in _header(part.columns)]
    for shown in part.rows:
        yield [neutralised(one) if isinstance(one, str) else one for one in _cells(shown)]


def _header(columns: Sequence[Column]) -> list[str]:
    fixed = [_("Enterprise"), _("Number"), _("Country"), _("Exchange"), _("Fit of 100"), _("Distance (km)")]
    asked = [f"{one.label}: {one.asked} ({_('mandatory') if one.mandatory else _('preferred')})" for one in columns]
    return [*fixed, _("Date of the data"), _("Source of the data"), *asked]


def _cells(shown: ShownRow) -> list[Any]:
    row: Row = shown.row
    enterprise = row.enterprise
    verdicts = [
        " · ".join(dict.fromkeys(one for one in (f"{cell.mark} {cell.word}", cell.text, cell.remark) if one))
        for cell in shown.cells
    ]
    return [
        enterprise.name(reading.language()),
        enterprise.code,
        reading.place(enterprise.country) if enterprise.country else "",
        enterprise.exchange.name(reading.language()),
        row.fit,
        row.link.km,
        row.as_of,
        document_of(row),
        *verdicts,
    ]
