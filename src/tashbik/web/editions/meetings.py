"""What meetings are made of: times, tables, interpreters, conditions; wishes; proposals. Not plans (planning.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange.models import Edition, Job, MeetingSlot
from tashbik.exchange.queries import editions
from tashbik.exchange.queries import meetings as queries
from tashbik.exchange.verbs import meetings as verbs
from tashbik.exchange.verbs import proposals as proposal_verbs
from tashbik.web.editions.fields import refuse
from tashbik.web.editions.forms import ConditionForm, HoursForm, TablesForm, WishForm
from tashbik.web.request import Request

PAGE = 30


@require_GET
def setting(request: Request, code: str) -> HttpResponse:
    """Times, tables, interpreters and conditions."""
    edition = editions.organised(request.actor, code, "participant.export")
    return _setting(request, edition)


def _setting(
    request: Request,
    edition: Edition,
    hours: HoursForm | None = None,
    tables: TablesForm | None = None,
    condition: ConditionForm | None = None,
) -> HttpResponse:
    days: dict[Any, list[MeetingSlot]] = {}
    for one in edition.slots.all():
        days.setdefault(one.day, []).append(one)
    there = list(edition.tables.select_related("room"))
    wrong = next((one for one in (hours, tables, condition) if one is not None and one.errors), None)
    context = {
        "edition": edition,
        "days": days.items(),
        "slots": sum(len(one) for one in days.values()),
        "tables": there,
        "interpreters": edition.interpreters.all(),
        "conditions": edition.conditions.select_related("first", "second", "slot", "after__first", "after__second"),
        "hours_form": hours or HoursForm(edition=edition),
        "tables_form": tables or TablesForm(edition=edition, initial=_tables_now(edition, there)),
        "condition_form": condition or ConditionForm(edition=edition),
        "wrong": wrong,
        "fixed": edition.meetings.exists(),
        "may_edit": edition.status != Edition.Status.CLOSED,
    }
    return render(request, "editions/meetings.html", context, status=422 if wrong else 200)


def _tables_now(edition: Edition, there: list[Any]) -> dict[str, Any]:
    """The series that is there, so that its number can be changed."""
    if not there:
        return {"letter": "", "count": 10, "room": edition.rooms.first()}
    first = there[0]
    letter = first.label.rstrip("0123456789")
    return {"letter": letter, "count": sum(one.label.startswith(letter) for one in there), "room": first.room_id}


@require_POST
def times(request: Request, code: str) -> HttpResponse:
    """Make the slots of the hours."""
    edition = editions.organised(request.actor, code, "slot.make")
    form = HoursForm(request.POST, edition=edition)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = verbs.make_slots(
                actor=request.actor,
                edition=edition,
                hours=form.hours(),
                length=given["length"],
                pause=given["pause"],
            )
        except (InvalidError, StateError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("There are %(count)d times for meetings now.") % {"count": len(made)})
            return redirect("editions:meetings", edition.code)
    return _setting(request, edition, hours=form)


@require_POST
def tables(request: Request, code: str) -> HttpResponse:
    """Have so many tables."""
    edition = editions.organised(request.actor, code, "table.make")
    form = TablesForm(request.POST, edition=edition)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = verbs.make_tables(
                actor=request.actor,
                edition=edition,
                count=given["count"],
                prefix=given["letter"],
                room=given["room"],
            )
        except (InvalidError, StateError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("There are %(count)d tables now.") % {"count": len(made)})
            return redirect("editions:meetings", edition.code)
    return _setting(request, edition, tables=form)


@require_POST
def condition(request: Request, code: str) -> HttpResponse:
    """Fix something for a pair."""
    edition = editions.organised(request.actor, code, "condition.set")
    form = ConditionForm(request.POST, edition=edition)
    if form.is_valid():
        given = form.cleaned_data
        try:
            verbs.set_condition(
                actor=request.actor,
                edition=edition,
                first=given["first"],
                second=given["second"],
                session=given["session"],
                slot=edition.slots.filter(number=given["slot"] or 0).first(),
                after=edition.conditions.filter(pk=given["after"] or 0).first(),
            )
        except (InvalidError, StateError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved. It holds from the next plan on."))
            return redirect(reverse("editions:meetings", args=(edition.code,)) + "#conditions")
    return _setting(request, edition, condition=form)


@require_POST
def condition_remove(request: Request, code: str, pk: int) -> HttpResponse:
    """Take a condition away."""
    edition = editions.organised(request.actor, code, "condition.remove")
    found = edition.conditions.filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("This is no longer there."), mend=_("Look at the list again."))
    verbs.remove_condition(actor=request.actor, condition=found)
    messages.success(request, _("Removed."))
    return redirect(reverse("editions:meetings", args=(edition.code,)) + "#conditions")


@require_http_methods(["GET", "POST"])
def wishes(request: Request, code: str) -> HttpResponse:
    """Who wants to meet whom, in figures and by participant; an organiser can state a wish for somebody."""
    edition = editions.organised(request.actor, code, "participant.export")
    form = WishForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            verbs.state(actor=request.actor, by=given["first"], about=given["second"], kind=given["kind"])
        except (InvalidError, StateError) as error:
            _as_fields(form, error)
        else:
            messages.success(request, _("The wish is kept."))
            return redirect("editions:wishes", edition.code)
    rows = queries.wishing(request.actor, edition)
    context = {
        "edition": edition,
        "rows": rows,
        "silent": sum(not (one.wants or one.musts or one.wanted) for one in rows),
        "figures": queries.wish_figures(edition),
        "form": form,
        "may_edit": edition.status in (Edition.Status.OPEN, Edition.Status.RUNNING),
    }
    return render(request, "editions/wishes.html", context, status=422 if form.errors else 200)


def _as_fields(form: WishForm, error: ExchangeError) -> None:
    """The verb's names of the two sides are those of the form."""
    if isinstance(error, InvalidError):
        names = {"by": "first", "about": "second"}
        error = InvalidError({names.get(name, name): texts for name, texts in error.fields.items()}, str(error.message))
    refuse(form, error)


@require_http_methods(["GET", "POST"])
def proposals(request: Request, code: str) -> HttpResponse:
    """The engine's proposals, with reasons; the moving part alone for htmx while they are made."""
    edition = editions.organised(request.actor, code, "participant.export")
    if request.method == "POST":
        try:
            proposal_verbs.make(actor=request.actor, edition=edition)
        except NotPermittedError:
            raise
        except StateError as error:
            messages.error(request, str(error.message))
        return redirect("editions:proposals", edition.code)
    page = Paginator(queries.proposals(request.actor, edition), PAGE).get_page(request.GET.get("page"))
    job = queries.proposing(edition)
    context = {
        "edition": edition,
        "page": page,
        "rows": queries.with_wishes(page),
        "job": job,
        "moving": job is not None and job.status in (Job.Status.WAITING, Job.Status.RUNNING),
        "failed": job is not None and job.status == Job.Status.FAILED,
        "may_edit": edition.status != Edition.Status.CLOSED,
    }
    return render(request, "editions/_proposing.html" if request.htmx else "editions/proposals.html", context)
