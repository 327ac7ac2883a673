"""The import wizard: upload, columns, dry run, result, undo, mending of rejected rows. Works without JavaScript."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, InvalidError, NotPermittedError
from tashbik.exchange.models import Import
from tashbik.exchange.queries import imports as queries
from tashbik.exchange.verbs import imports as verbs
from tashbik.registry.layout import field_labels
from tashbik.registry.rejects import REASONS
from tashbik.web import reading
from tashbik.web.refusals import show
from tashbik.web.request import Request

STEPS = (gettext_lazy("Upload"), gettext_lazy("Columns"), gettext_lazy("Dry run"), gettext_lazy("Import"))
NOT_OF_ENTERPRISES = {"text", "detail", "buyer", "due", "quantity", "kind"}
"""Fields that only needs have."""
SHOWN_REJECTS = 20
STEP_OF: dict[str, int] = {
    Import.Status.UPLOADED: 1,
    Import.Status.CHECKING: 2,
    Import.Status.CHECKED: 2,
    Import.Status.FAILED: 1,
    Import.Status.DONE: 4,
    Import.Status.UNDONE: 4,
}


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Register file"),
        help_text=gettext_lazy("CSV, XLSX or JSON Lines, with headers in Arabic, French or English."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json"}),
    )


@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """Earlier imports, and the upload of a new file."""
    page = Paginator(queries.imports(request.actor), 25).get_page(request.GET.get("page"))
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = _upload(request, form.cleaned_data["file"])
        except InvalidError as error:
            show(form, error)
        else:
            return redirect("imports:columns", pk=run.pk)
    return render(request, "imports/list.html", {"page": page, "form": form, "steps": _steps(0)})


def _upload(request: Request, file: object, repairs: Import | None = None, name: str = "") -> Import:
    if request.membership is None:
        raise NotPermittedError(_("Your role does not allow this."))
    return verbs.upload(
        actor=request.actor,
        exchange=request.membership.exchange,
        file=file,  # type: ignore[arg-type]
        name=name or str(getattr(file, "name", "")),
        repairs=repairs,
    )


def _steps(now: int) -> list[dict[str, object]]:
    """The steps of the wizard, with where one is (4: all done)."""
    states = ["done" if number < now else "now" if number == now else "todo" for number in range(len(STEPS))]
    return [{"label": label, "state": state} for label, state in zip(STEPS, states, strict=True)]


def _choices() -> list[tuple[str, str]]:
    language = reading.language()
    named = ((name, labels.get(language) or name) for name, labels in field_labels().items())
    return sorted((pair for pair in named if pair[0] not in NOT_OF_ENTERPRISES), key=lambda pair: pair[1])


@require_http_methods(["GET", "POST"])
def columns(request: Request, pk: int) -> HttpResponse:
    """Which column is which field."""
    run = queries.import_run(request.actor, pk)
    problems: list[dict[str, str]] = []
    mapping = dict(run.mapping)
    if request.method == "POST":
        mapping = {one["header"]: request.POST.get(f"column-{number}", "") for number, one in enumerate(run.columns)}
        try:
            verbs.choose_columns(actor=request.actor, run=run, mapping=mapping)
            verbs.check(actor=request.actor, run=run)
        except InvalidError as error:
            problems = [{"text": text, "href": "#columns"} for texts in error.fields.values() for text in texts]
        else:
            return redirect("imports:page", pk=run.pk)
    rows = [{**one, "chosen": mapping.get(one["header"], "")} for one in run.columns]
    context = {"run": run, "rows": rows, "choices": _choices(), "problems": problems, "steps": _steps(1)}
    return render(request, "imports/columns.html", context, status=422 if problems else 200)


@require_GET
def page(request: Request, pk: int) -> HttpResponse:
    """Where an import stands, what it found, and what can be done next; the moving part alone for htmx."""
    run = queries.import_run(request.actor, pk)
    done, total = queries.progress(run)
    language = reading.language()
    shown = [
        {"row": one.row, "field": one.field, "value": one.value, "message": REASONS[one.reason][language]}
        for one in queries.rejects(run)[:SHOWN_REJECTS]
    ]
    context = {
        "run": run,
        "moving": run.status in queries.MOVING,
        "done": done,
        "total": total,
        "rejects": shown,
        "steps": _steps(STEP_OF.get(run.status, 3)),
        "repaired_by": run.repaired_by.all(),
    }
    return render(request, "imports/_state.html" if request.htmx else "imports/page.html", context)


@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Write into the register."""
    return _step(request, pk, "start")


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take it all back."""
    return _step(request, pk, "undo")


def _step(request: Request, pk: int, step: str) -> HttpResponse:
    run = queries.import_run(request.actor, pk)
    try:
        getattr(verbs, step)(actor=request.actor, run=run)
    except NotPermittedError:
        raise
    except ExchangeError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    return redirect("imports:page", pk=run.pk)


@require_GET
def rejects(request: Request, pk: int) -> StreamingHttpResponse:
    """The rejected rows as CSV, with what is wrong beside each."""
    run = queries.import_run(request.actor, pk)
    lines = queries.reject_lines(run, reading.language())
    response = StreamingHttpResponse(queries.as_csv(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{run.pk}.csv"'
    return response


@require_http_methods(["GET", "POST"])
def mend(request: Request, pk: int) -> HttpResponse:
    """Mend rejected rows on the page, or upload a file of mended ones; either becomes an import of its own."""
    run = queries.import_run(request.actor, pk)
    found = list(queries.rejects(run).exclude(cells={})[:SHOWN_REJECTS])
    headers = [one["header"] for one in run.columns]
    form = UploadForm(request.POST if "file" in request.FILES else None, request.FILES or None)
    if request.method == "POST":
        try:
            if "file" in request.FILES:
                new = _upload(request, request.FILES["file"], repairs=run)
            else:
                rows = [
                    {header: request.POST.get(f"cell-{one.pk}-{number}", "") for number, header in enumerate(headers)}
                    for one in found
                ]
                new = _upload(request, verbs.mended(run, rows), repairs=run, name=_("mended") + f"-{run.pk}.csv")
            verbs.check(actor=request.actor, run=new)
        except InvalidError as error:
            show(form, error)
        else:
            return redirect("imports:page", pk=new.pk)
    language = reading.language()
    rows_shown = [
        {
            "reject": one,
            "message": REASONS[one.reason][language],
            "cells": [
                {
                    "name": f"cell-{one.pk}-{number}",
                    "header": header,
                    "value": one.cells.get(header, ""),
                    "wrong": header == one.field,
                }
                for number, header in enumerate(headers)
            ],
        }
        for one in found
    ]
    context = {"run": run, "rows": rows_shown, "headers": headers, "form": form, "limit": SHOWN_REJECTS}
    return render(request, "imports/mend.html", context)
