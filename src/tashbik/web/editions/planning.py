"""Plans: made, looked at, published, dropped, and why a pair does not meet. Not the day of the forum (day.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, NotPermittedError, StateError
from tashbik.exchange.models import Edition, MeetingPlan
from tashbik.exchange.queries import editions
from tashbik.exchange.queries import meeting_plans as queries
from tashbik.exchange.verbs import planning as verbs
from tashbik.web import reading
from tashbik.web.editions.drawing import matrix
from tashbik.web.editions.forms import PairForm, PlanForm
from tashbik.web.editions.levels import levels_of
from tashbik.web.request import Request

Status = MeetingPlan.Status


@require_http_methods(["GET", "POST"])
def index(request: Request, code: str) -> HttpResponse:
    """The plans of an edition, and the making of one."""
    edition = editions.organised(request.actor, code, "participant.export")
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = verbs.make(actor=request.actor, edition=edition, proposals=form.cleaned_data["proposals"])
        except NotPermittedError:
            raise
        except StateError as error:
            messages.error(request, f"{error.message} {error.mend}".strip())
            return redirect("editions:plans", edition.code)
        return redirect("editions:plan", edition.code, plan.number)
    context = {
        "edition": edition,
        "form": form,
        "plans": edition.plans.select_related("base", "by"),
        "waiting": edition.plans.filter(status=Status.WAITING).exists(),
        "counts": editions.counts(edition),
        "may_edit": edition.status != Edition.Status.CLOSED,
    }
    return render(request, "editions/plans.html", context)


@require_GET
def page(request: Request, code: str, number: int) -> HttpResponse:
    """One plan: how good it is, who has gaps, what finds no place, who meets whom when and where. While it is made, how far it is."""
    edition = editions.organised(request.actor, code, "participant.export")
    plan = queries.plan(request.actor, edition, number)
    context: dict[str, Any] = {"edition": edition, "plan": plan, "moving": plan.status == Status.WAITING}
    if request.htmx and plan.status == Status.WAITING:
        return render(request, "editions/_making.html", context)
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    if plan.answer:
        view = queries.plan_view(plan)
        context |= {
            "view": view,
            "levels": levels_of(plan),
            "picture": matrix(view, rtl=reading.language() == "ar"),
            "difference": queries.difference(plan, reading.language()) if plan.base_id else None,
            "pair_form": PairForm(edition=edition),
        }
    context["may_publish"] = plan.status == Status.MADE and edition.status != Edition.Status.CLOSED
    context["in_force"] = queries.published_plan(edition)
    return render(request, "editions/plan.html", context)


@require_POST
def publish(request: Request, code: str, number: int) -> HttpResponse:
    """Publish a plan."""
    edition = editions.organised(request.actor, code, "plan.publish")
    try:
        plan = verbs.publish(actor=request.actor, plan=queries.plan(request.actor, edition, number))
    except (StateError, ConflictError) as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
        return redirect("editions:plan", edition.code, number)
    if plan.base_id:
        messages.success(request, _("The changes are published. Only those whom they touch are told by e-mail."))
    else:
        messages.success(request, _("The meetings are published. Everybody is told theirs by e-mail."))
    return redirect("editions:plan", edition.code, number)


@require_POST
def drop(request: Request, code: str, number: int) -> HttpResponse:
    """Drop a plan that is not published."""
    edition = editions.organised(request.actor, code, "plan.drop")
    try:
        verbs.drop(actor=request.actor, plan=queries.plan(request.actor, edition, number))
    except StateError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
        return redirect("editions:plan", edition.code, number)
    messages.success(request, _("The plan was dropped. Nothing that is published was touched."))
    return redirect("editions:plans", edition.code)


@require_GET
def why(request: Request, code: str, number: int) -> HttpResponse:
    """Why two participants do not meet, time by time, and what would make it possible."""
    edition = editions.organised(request.actor, code, "participant.export")
    plan = queries.plan(request.actor, edition, number)
    form = PairForm(request.GET or None, edition=edition)
    found = None
    if form.is_bound and form.is_valid() and plan.answer:
        first, second = form.cleaned_data["first"], form.cleaned_data["second"]
        if first.pk == second.pk:
            form.add_error("second", _("Choose two different participants of this edition."))
        else:
            found = queries.why(request.actor, edition, plan, first, second, reading.language())
    context = {"edition": edition, "plan": plan, "form": form, "found": found}
    return render(request, "editions/why.html", context, status=422 if form.errors else 200)
