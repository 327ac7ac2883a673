"""Participants from a file: upload, what was taken, rows that could not be taken and their mending. Not the list of participants."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tashbik.errors import InvalidError, StateError
from tashbik.exchange.models import ParticipantList
from tashbik.exchange.participant_words import FRENCH_HEADERS, HEADERS
from tashbik.exchange.queries import editions as queries
from tashbik.exchange.verbs import participant_lists as verbs
from tashbik.registry.export import neutralised
from tashbik.web import reading
from tashbik.web.editions.fields import refuse
from tashbik.web.editions.forms import UploadForm
from tashbik.web.request import Request

SHOWN = 25
"""Rows that are mended on one page."""


@require_http_methods(["GET", "POST"])
def index(request: Request, code: str) -> HttpResponse:
    """Upload a file; earlier files with what became of them."""
    edition = queries.organised(request.actor, code, "participant.import")
    form = UploadForm(request.POST or None, request.FILES or None, initial={"approved": True})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = verbs.take(
                actor=request.actor,
                edition=edition,
                file=file,
                name=str(file.name),
                approved=form.cleaned_data["approved"],
            )
        except (InvalidError, StateError) as error:
            refuse(form, error)
        else:
            return redirect("editions:listing", edition.code, made.pk)
    rows = [{"list": one, "kept": len(one.rows)} for one in edition.lists.all()[:20]]
    examples = [words[1:4] for words in HEADERS.values()]
    fields = [
        {"name": words[0], "others": "، ".join(more)} for words, more in zip(HEADERS.values(), examples, strict=True)
    ]
    context = {"edition": edition, "form": form, "rows": rows, "fields": fields}
    return render(request, "editions/import.html", context, status=422 if form.errors else 200)


@require_GET
def template(request: Request, code: str) -> HttpResponse:
    """An empty file with the headers that are read, in the reader's language."""
    queries.organised(request.actor, code, "participant.import")
    return _csv([HEADERS_IN[reading.language()]], "participants.csv")


def _header(words: tuple[str, ...], language: str) -> str:
    if language == "ar":
        return next((one for one in words if "\u0600" <= one[0] <= "\u06ff"), words[0])
    return next((one for one in words if one in FRENCH_HEADERS), words[0]) if language == "fr" else words[0]


HEADERS_IN = {language: [_header(words, language) for words in HEADERS.values()] for language in ("ar", "fr", "en")}


def _csv(rows: Iterable[Iterable[str]], name: str) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows([[neutralised(cell) for cell in row] for row in rows])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
def listing(request: Request, code: str, pk: int) -> HttpResponse:
    """What was taken from a file, and the rows that could not be, each cell with what is wrong: mended here, or left."""
    edition = queries.organised(request.actor, code, "participant.import")
    found = queries.listing(request.actor, edition, pk)
    if request.method == "POST":
        before = found.taken
        mended, leave = _typed(request, found)
        approved = request.POST.get("approved") == "on"
        try:
            verbs.mend(actor=request.actor, listing=found, rows=mended, leave=leave, approved=approved)
        except StateError as error:
            messages.error(request, f"{error.message} {error.mend}".strip())
        else:
            count = found.taken - before
            text = ngettext("%(count)d row was taken.", "%(count)d rows were taken.", count)
            (messages.success if count else messages.warning)(request, text % {"count": count})
        return redirect("editions:listing", edition.code, pk)
    kept = queries.kept_rows(found)
    context = {"edition": edition, "list": found, "rows": kept[:SHOWN], "kept": len(kept), "more": len(kept) > SHOWN}
    context["unread"] = [header for header, field in found.columns.items() if header and not field]
    return render(request, "editions/listing.html", context)


def _typed(request: Request, found: ParticipantList) -> tuple[dict[int, dict[str, str]], list[int]]:
    """The cells that were typed by row number, and the rows to be left."""
    mended: dict[int, dict[str, str]] = {}
    leave = []
    for row in found.rows[:SHOWN]:
        number = int(row["row"])
        if request.POST.get(f"leave-{number}") == "on":
            leave.append(number)
            continue
        cells = {
            header: request.POST[f"cell-{number}-{place}"][:2_000].replace("\x00", "")
            for place, header in enumerate(row["cells"])
            if f"cell-{number}-{place}" in request.POST
        }
        if cells:
            mended[number] = cells
    return mended, leave


@require_GET
def rows(request: Request, code: str, pk: int) -> HttpResponse:
    """The rows that could not be taken as CSV, with what is wrong beside each."""
    edition = queries.organised(request.actor, code, "participant.import")
    found = queries.listing(request.actor, edition, pk)
    kept = queries.kept_rows(found)
    headers = list(dict.fromkeys(cell["column"] for one in kept for cell in one.cells))
    lines = [[*headers, _("row"), _("what is wrong")]]
    for one in kept:
        cells = {cell["column"]: str(cell["value"]) for cell in one.cells}
        wrong = " ".join(f"{each.column}: {each.text}" for each in one.problems)
        lines.append([*(cells.get(header, "") for header in headers), str(one.number), wrong])
    return _csv(lines, f"to-mend-{found.pk}.csv")
