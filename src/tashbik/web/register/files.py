"""What is found in one's own exchange as a file: CSV as it is read, XLSX as a whole. Not the rows (exchange.queries.register_export)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError, NotPermittedError
from tashbik.exchange.queries import register_export as queries
from tashbik.web import reading
from tashbik.web.register import address
from tashbik.web.request import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def export(request: Request, ending: str) -> HttpResponseBase:
    """The enterprises of the reader's exchange that fit the filters of the address."""
    membership = getattr(request, "membership", None)
    if membership is None:
        raise NotPermittedError(_("Your role does not allow this."), mend=_("Sign in as an officer of the exchange."))
    language = reading.language()
    lines = queries.rows(request.actor, membership.exchange, address.read(request.GET).filters, language)
    name = f"register-{membership.exchange.code}-{timezone.localdate().isoformat()}.{ending}"
    if ending == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            _in_language(queries.as_csv(lines), language), content_type="text/csv; charset=utf-8"
        )
    elif ending == "xlsx":
        response = _sheet(lines, language)
    else:
        raise NotFoundError(_("There is no file of this kind."), mend=_("Take CSV or XLSX."))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in_language(lines: Iterator[str], language: str) -> Iterator[str]:
    """Lines that are made while they are sent, when the request's language is no longer in force."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _sheet(lines: Iterator[list[str]], language: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it, and closing removes it
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        queries.write_xlsx(lines, path, right_to_left=language == "ar")
        with path.open("rb") as made:
            while part := made.read(1 << 20):
                file.write(part)
    file.seek(0)
    return FileResponse(file, content_type=XLSX)
