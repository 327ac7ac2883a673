"""Stating a need: in one's own words, or many from a file. Not its confirmation (editing.py)."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec.structs import replace

from tashbik.errors import InputError, InvalidError
from tashbik.exchange.models import Need
from tashbik.exchange.need_checks import INCOTERMS
from tashbik.exchange.need_lines import counted
from tashbik.exchange.need_sheet import Sheet, from_text, known, title_of
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import needs as queries
from tashbik.exchange.verbs import needs as verbs
from tashbik.registry import records
from tashbik.registry.readers import read_needs
from tashbik.registry.rejects import Reject
from tashbik.web.needs.forms import LineForm, StateForm, UploadForm
from tashbik.web.needs.working import frame, saved, to_edit
from tashbik.web.reading import language
from tashbik.web.request import Request

MAX_NEEDS = 200
"""Needs taken from one file; each becomes a draft that someone has to confirm."""
_REPORT = "needs-uploaded"


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """State a need in one's own words."""
    require(request.actor, "need.create")
    form = StateForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            need = verbs.create(actor=request.actor, text=given["text"], kind=given["kind"], buyer=given.get("buyer"))
        except InvalidError as error:
            _add(form, error)
        else:
            return redirect("needs:lines", need.code)
    return _stated(request, form, UploadForm())


def _add(form: forms.Form, error: InvalidError) -> None:
    for field, texts in error.fields.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


def _stated(request: Request, form: StateForm, upload: UploadForm) -> HttpResponse:
    wrong = form.errors or upload.errors
    context = {"form": form, "upload": upload, "size": f"{settings.TASHBIK_UPLOAD_BYTES // 1_000_000} MB"}
    return render(request, "needs/new.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def text(request: Request, code: str) -> HttpResponse:
    """Change the words of a need; its lines are then made anew."""
    need, sheet = to_edit(request, code)
    form = LineForm(request.POST or None, initial={"text": sheet.text})
    del form.fields["rows"]
    form.fields["text"].label, form.fields["text"].help_text = _("What do you need?"), ""
    if request.method == "POST" and form.is_valid():
        new_sheet = from_text(sheet, form.cleaned_data["text"], country=need.exchange.country)
        if saved(request, need, new_sheet, form):
            return redirect("needs:lines", need.code)
    context = {**frame(request, need, sheet, "text"), "form": form}
    return render(request, "needs/text.html", context, status=422 if form.errors else 200)


@require_POST
def upload(request: Request) -> HttpResponse:
    """Take the needs of a CSV or XLSX file as drafts; rows that cannot be taken are reported one by one."""
    require(request.actor, "need.create")
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report = _taken(request, file)
        except InputError as error:
            form.add_error("file", _refusal(error))
        else:
            request.session[_REPORT] = report
            return redirect("needs:uploaded")
    return _stated(request, StateForm(actor=request.actor), form)


def _refusal(error: InputError) -> str:
    refused = _("The file cannot be read. Nothing was taken from it.")
    return f"{refused} ({error.message})"


def _taken(request: Request, file: UploadedFile[bytes]) -> dict[str, Any]:
    """Read the file and make drafts; codes and rejects for the report. Raises InputError for the file as a whole."""
    name = Path(file.name or "").name
    if Path(name).suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(_("only CSV and XLSX files"))
    if (file.size or 0) > settings.TASHBIK_UPLOAD_BYTES:
        raise InputError(_("too large"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"needs{Path(name).suffix.lower()}"
        path.write_bytes(file.read())
        items = list(islice(read_needs(path), MAX_NEEDS + 1))
    rejects = [one for one in items[:MAX_NEEDS] if isinstance(one, Reject)]
    codes: list[str] = []
    with transaction.atomic():
        for row, one in enumerate(items[:MAX_NEEDS], 2):
            if not isinstance(one, Reject):
                try:
                    codes.append(verbs.create(actor=request.actor, sheet=sheet_from(one)).code)
                except InvalidError as error:
                    rejects.append(Reject(name, row, error.field, one.lines[0].text[:60], "out-of-range"))
    return {
        "name": name[:200],
        "codes": codes,
        "more": len(items) > MAX_NEEDS,
        "rejects": [{"row": one.row, "field": one.field, "value": one.value, "reason": one.reason} for one in rejects],
    }


def sheet_from(need: records.Need) -> Sheet:
    """The sheet of a need of a file. A buyer's name in the file is left out: who the buyer is, is known by who uploads it."""
    lines = tuple(counted(replace(one, id=str(number))) for number, one in enumerate(need.lines, 1))
    text = "\n".join(one.text for one in need.lines)
    delivered = (one.place for line in lines for one in line.requirements if one.kind == "delivery" and one.place)
    return Sheet(
        title=title_of(text),
        text=text,
        language=lines[0].language[:2] if lines else "",
        kind=need.kind if need.kind in Need.Kind.values else Need.Kind.SUBCONTRACT,
        lines=lines,
        place=need.place if known(need.place) else next(delivered, need.place),
        incoterm=need.incoterm if need.incoterm in INCOTERMS else "",
        due=need.due,
        eligibility=need.eligibility,
        last_line=len(lines),
    )


@require_GET
def uploaded(request: Request) -> HttpResponse:
    """What became of the file that was uploaded last."""
    report = request.session.get(_REPORT)
    if not report:
        return redirect("needs:new")
    drafts = queries.visible(request.actor).filter(code__in=report["codes"]).order_by("pk")
    rejects = [{**one, "message": Reject(report["name"], **one).message(language())} for one in report["rejects"]]
    if not report["codes"]:
        messages.warning(request, _("No row of the file could be taken."))
    done = ngettext("%(count)d draft was made.", "%(count)d drafts were made.", len(report["codes"]))
    context = {"report": report, "drafts": drafts, "rejects": rejects, "done": done % {"count": len(report["codes"])}}
    return render(request, "needs/uploaded.html", context)
