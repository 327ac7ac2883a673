"""The work on recommendations: owner and deadline, reports (also by the owner's link), reminders, closing. Not deciding on them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tashbik.errors import ConflictError, InvalidError, NotPermittedError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Recommendation
from tashbik.exchange.owner_link import as_owner, of_token
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.verbs import recommendation_work as work
from tashbik.exchange.verbs.recommendation_reminders import remind as remind_owner
from tashbik.web import refusals
from tashbik.web.recommendations.deciding import frame, to_change, version_sent
from tashbik.web.recommendations.showing import digits_of, indicator_of
from tashbik.web.recommendations.working_forms import CloseForm, ReportForm, TaskForm
from tashbik.web.request import Request


@require_http_methods(["GET", "POST"])
def assign(request: Request, edition: str, number: int) -> HttpResponse:
    """Name an owner, a deadline and an indicator."""
    one = to_change(request, edition, number, "assign")
    form = TaskForm(request.POST or None, recommendation=one)
    if request.method == "POST" and form.is_valid():
        try:
            work.assign(actor=request.actor, recommendation=one, version=version_sent(request), task=form.task())
        except (InvalidError, ConflictError) as error:
            refusals.show(form, error)
        else:
            messages.success(request, _("The owner is named and was written to."))
            return redirect("recommendations:page", edition, number)
    context = {**frame(one), "form": form}
    return render(request, "recommendations/assign.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def report(request: Request, edition: str, number: int) -> HttpResponse:
    """Report progress, as the owner or for them."""
    one = to_change(request, edition, number, "report")
    form = ReportForm(request.POST or None, recommendation=one)
    if _reported(request, request.actor, one, form):
        return redirect("recommendations:page", edition, number)
    return _report_page(request, one, form)


@require_http_methods(["GET", "POST"])
def by_link(request: Request, token: str) -> HttpResponse:
    """Report progress as a body without an account, by the link that was sent to it."""
    one = of_token(token)
    actor = as_owner(request.actor, one)
    if "report" not in queries.allowed(actor, one):
        raise NotPermittedError(_("Progress is reported on recommendations that are assigned and not ended."))
    form = ReportForm(request.POST or None, recommendation=one)
    if _reported(request, actor, one, form):
        return redirect("recommendations:by_link", token)
    response = _report_page(request, one, form)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _reported(request: Request, actor: Actor, one: Recommendation, form: ReportForm) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        work.report(actor=actor, recommendation=one, report=form.report())
    except InvalidError as error:
        refusals.show(form, error)
        return False
    messages.success(request, _("Your report is kept, and the forum's organiser is told. Thank you."))
    return True


def _report_page(request: Request, one: Recommendation, form: ReportForm) -> HttpResponse:
    context = {
        **frame(one),
        "form": form,
        "indicator": indicator_of(one, digits_of(request)),
        "reports": list(one.reports.order_by("-on", "-pk")[:5]),
    }
    return render(request, "recommendations/report.html", context, status=422 if form.errors else 200)


@require_POST
def remind(request: Request, edition: str, number: int) -> HttpResponse:
    """Remind the owner now."""
    one = to_change(request, edition, number, "remind")
    count = remind_owner(actor=request.actor, recommendation=one)
    text = ngettext(
        "A reminder was written to %(count)d address.", "A reminder was written to %(count)d addresses.", count
    )
    messages.success(request, text % {"count": count})
    return redirect("recommendations:page", edition, number)


@require_http_methods(["GET", "POST"])
def close(request: Request, edition: str, number: int) -> HttpResponse:
    """Close a recommendation with its result."""
    one = to_change(request, edition, number, "close")
    form = CloseForm(request.POST or None)
    last = one.reports.order_by("-on", "-pk").first()
    form.initial = {"on": queries.today(), "value": one.value, "result": last.words if last else ""}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            work.close(
                actor=request.actor,
                recommendation=one,
                version=version_sent(request),
                result=data["result"],
                value=data["value"],
                on=data["on"],
            )
        except (InvalidError, ConflictError) as error:
            refusals.show(form, error)
        else:
            messages.success(request, _("The recommendation is closed with its result."))
            return redirect("recommendations:page", edition, number)
    context = {**frame(one), "form": form, "indicator": indicator_of(one, digits_of(request))}
    return render(request, "recommendations/close.html", context, status=422 if form.errors else 200)
