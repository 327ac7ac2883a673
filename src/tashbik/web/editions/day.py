"""The day of the forum: who is not there, what is planned anew; the change is looked at before it is published. Not the first plan (planning.py)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tashbik.errors import StateError
from tashbik.exchange.models import Edition, Meeting
from tashbik.exchange.queries import editions
from tashbik.exchange.queries import meeting_plans as queries
from tashbik.exchange.verbs import planning as verbs
from tashbik.web.editions.forms import DayForm
from tashbik.web.request import Request


@require_http_methods(["GET", "POST"])
def page(request: Request, code: str) -> HttpResponse:
    """Say what is different, and have the meetings planned anew; the result is a plan to be looked at and published."""
    edition = editions.organised(request.actor, code, "plan.revise")
    plan = queries.published_plan(edition)
    if plan is None:
        return render(request, "editions/day.html", {"edition": edition, "plan": None})
    day = queries.the_day(edition, plan)
    form = DayForm(request.POST if request.method == "POST" else None, edition=edition, now=day.now)
    if request.method == "POST" and form.is_valid():
        people = edition.participants.in_bulk([key for key, _first, _last in form.missing()])
        keys = [int(one) for one in request.POST.getlist("cancelled") if one.isdecimal()]
        try:
            made = verbs.revise(
                actor=request.actor,
                plan=plan,
                now=int(form.cleaned_data["now"]),
                missing=[verbs.Missing(people[key], first, last) for key, first, last in form.missing()],
                cancelled=list(edition.meetings.filter(pk__in=keys, status=Meeting.Status.PLANNED)),
                refill=form.cleaned_data["refill"],
            )
        except StateError as error:
            messages.error(request, f"{error.message} {error.mend}".strip())
            return redirect("editions:day", edition.code)
        return redirect("editions:plan", edition.code, made.number)
    coming = edition.meetings.filter(status=Meeting.Status.PLANNED, slot__number__gte=day.now)
    context = {
        "edition": edition,
        "plan": plan,
        "day": day,
        "form": form,
        "coming": coming.select_related("first", "second", "slot", "table")[:200],
        "closed": edition.status == Edition.Status.CLOSED,
    }
    return render(request, "editions/day.html", context, status=422 if form.errors else 200)
