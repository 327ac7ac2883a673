"""Tables handed out as files: XLSX and CSV in the reader's language. Not what stands in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from tashbik.registry.export import neutralised
from tashbik.web.reading import language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
_FORBIDDEN = str.maketrans("", "", "[]:*?/\\")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title and headers; cells are texts, numbers, dates or nothing."""

    title: str
    header: Sequence[Any]
    rows: Sequence[Sequence[Any]]


def xlsx(name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """A workbook, each table a sheet, running from right to left in Arabic."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, one in enumerate(sheets, 1):
        sheet = book.create_sheet(one.title.translate(_FORBIDDEN)[:31] or str(number))
        sheet.sheet_view.rightToLeft = language() == "ar"
        for row in (one.header, *one.rows):
            sheet.append([_cell(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "B2"
        for column in sheet.columns:
            width = max((len(str(cell.value)) for cell in column if cell.value is not None), default=8)
            sheet.column_dimensions[column[0].column_letter].width = min(max(width + 2, 10), WIDEST)
    stream = io.BytesIO()
    book.save(stream)
    return _file(name + ".xlsx", XLSX, stream.getvalue())


def as_csv(name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """Tables one below the other, each under its title, with the mark that makes spreadsheets read UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for one in sheets:
        writer.writerow([neutralised(one.title)])
        for row in (one.header, *one.rows):
            writer.writerow([_text(value) for value in row])
        writer.writerow([])
    return _file(name + ".csv", "text/csv; charset=utf-8", stream.getvalue().encode("utf-8-sig"))


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (int, float, Decimal, date)):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    return neutralised(str(value))


def _text(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return "" if value is None else value if isinstance(value, (int, float, Decimal)) else neutralised(str(value))


def _file(name: str, media_type: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
