"""Evidence of a recommendation: chosen from a source, looked at, frozen; uploaded; removed from a draft; as a file. Not the sources (exchange)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange import evidence as tables
from tashbik.exchange.models import Evidence, Recommendation
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.verbs import evidence as verbs
from tashbik.web import refusals
from tashbik.web.recommendations import showing
from tashbik.web.recommendations.deciding import frame
from tashbik.web.recommendations.working_forms import ParametersForm, UploadForm
from tashbik.web.reports.sheets import Sheet, as_csv
from tashbik.web.request import Request


def _to_support(request: Request, edition: str, number: int) -> Recommendation:
    one = queries.find(request.actor, edition, number)
    if "freeze" not in queries.allowed(request.actor, one):
        raise NotPermittedError(_("Evidence is added by the forum's organisers, while a recommendation is not ended."))
    return one


def _of(one: Recommendation, key: int) -> Evidence:
    found = one.evidence.filter(pk=key).first()
    if found is None:
        raise NotFoundError(_("There is no such evidence."))
    return found


@require_http_methods(["GET", "POST"])
def choose(request: Request, edition: str, number: int) -> HttpResponse:
    """Choose a source, look at its table as it is now, then freeze it."""
    one = _to_support(request, edition, number)
    given = request.POST if request.method == "POST" else request.GET
    source = next((item for item in tables.sources() if item.name == given.get("source")), None)
    context = {**frame(one), "sources": tables.sources(), "source": source}
    if source is None:
        return render(request, "recommendations/evidence.html", context)
    form = ParametersForm(given, wanted=source.parameters)
    context["form"] = form
    if not form.is_valid():
        return render(request, "recommendations/evidence.html", context, status=422)
    if request.method == "POST":
        try:
            verbs.freeze(
                actor=request.actor,
                recommendation=one,
                source=source.name,
                parameters=form.parameters(),
                seen=request.POST.get("seen", ""),
            )
        except ConflictError as error:
            messages.warning(request, f"{error.message} {error.mend}")
        else:
            messages.success(request, _("The table is frozen with its date and source."))
            return redirect("recommendations:page", edition, number)
    try:
        table = tables.table_of(one.edition.exchange, source.name, form.parameters())
    except StateError as error:
        context["nothing"] = error
    else:
        context["sheet"] = showing.sheet(table, showing.digits_of(request), kind=str(source.label))
        context["seen"] = tables.digest_of(tables.frozen(table))
    return render(request, "recommendations/evidence.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: Request, edition: str, number: int) -> HttpResponse:
    """Freeze a table from a file."""
    one = _to_support(request, edition, number)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.freeze(actor=request.actor, recommendation=one, upload=form.upload())
        except InvalidError as error:
            refusals.show(form, error)
        else:
            messages.success(request, _("The table is frozen with its date and source."))
            return redirect("recommendations:page", edition, number)
    return render(
        request, "recommendations/upload.html", {**frame(one), "form": form}, status=422 if form.errors else 200
    )


@require_POST
def remove(request: Request, edition: str, number: int, key: int) -> HttpResponse:
    """Take evidence off a draft."""
    one = queries.find(request.actor, edition, number)
    verbs.remove(actor=request.actor, evidence=_of(one, key))
    messages.success(request, _("The evidence is taken off the draft."))
    return redirect("recommendations:page", edition, number)


@require_GET
def file(request: Request, edition: str, number: int, key: int) -> HttpResponse:
    """A frozen table as a file."""
    one = queries.find(request.actor, edition, number)
    shown = showing.sheet_of(_of(one, key), showing.digits_of(request))
    notes = [
        [_("Source"), shown.source],
        [_("Coverage"), shown.coverage],
        [_("Data of"), shown.as_of],
        [_("Frozen on"), shown.frozen],
    ]
    about = Sheet(_("About the table"), [_("Recommendation"), one.reference], notes)
    return as_csv(
        f"evidence-{one.edition.code}-{one.number}-{key}", [Sheet(shown.title, shown.headers, shown.rows), about]
    )
