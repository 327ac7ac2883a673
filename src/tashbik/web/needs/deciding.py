"""Deciding on a need: check and release, a new version, closing, withdrawing, passing on, taking up. Not its editing (editing.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange.models import Need, Referral
from tashbik.exchange.need_sheet import Sheet, in_force
from tashbik.exchange.queries import needs as queries
from tashbik.exchange.verbs import needs as verbs
from tashbik.web.needs.forms import ReasonForm, ReferForm
from tashbik.web.needs.showing import shown_lines, terms_of
from tashbik.web.needs.working import (
    STEPS,
    changed_meanwhile,
    digits_of,
    edition_sent,
    frame,
    step_name,
    to_edit,
)
from tashbik.web.request import Request


@require_GET
def check(request: Request, code: str) -> HttpResponse:
    """All answers, and what is missing for release."""
    need, sheet = to_edit(request, code)
    return _checked(request, need, sheet)


def _checked(request: Request, need: Need, sheet: Sheet, status: int = 200) -> HttpResponse:
    digits = digits_of(request)
    context = frame(request, need, sheet, "check")
    files = queries.current_files(need)
    terms = [("title", _("Title"), sheet.title), *(("", label, value) for label, value in terms_of(sheet, digits))]
    more = {
        "tasks": [_task(need, step, context["lacking"], sheet, len(files)) for step in STEPS[:-1]],
        "lines": shown_lines(sheet, digits),
        "terms": [
            {"label": label, "value": value, "url": reverse("needs:terms", args=(need.code,))}
            for _name, label, value in terms
        ],
        "files": files,
        "next_version": need.version + 1,
        "changed": sheet != in_force(need),
    }
    return render(request, "needs/check.html", {**context, **more}, status=status)


def _task(need: Need, step: str, lacking: list[Any], sheet: Sheet, files: int) -> dict[str, Any]:
    """A section in the list of tasks: complete, or what is missing."""
    mine = [one for one in lacking if one.section == step]
    optional = step == "drawings" and not files and not mine
    numbers = {line.id: place for place, line in enumerate(sheet.lines, 1)}
    return {
        "label": step_name(step),
        "url": reverse(f"needs:{step}", args=(need.code,)),
        "status": pgettext("section", "to complete")
        if mine
        else _("optional")
        if optional
        else pgettext("section", "complete"),
        "kind": "attention" if mine else "" if optional else "done",
        "missing": [
            {"text": one.text, "line": numbers.get(one.line), "anchor": f"#line-{one.line}" if one.line else ""}
            for one in mine
        ],
    }


@require_POST
def release(request: Request, code: str) -> HttpResponse:
    """Release a draft, or put the changes of a released need in force."""
    need, sheet = to_edit(request, code)
    act = verbs.release if need.status == Need.Status.DRAFT else verbs.revise
    try:
        need = act(actor=request.actor, need=need, edition=edition_sent(request))
    except ConflictError:
        changed_meanwhile(request)
        return redirect("needs:check", code)
    except InvalidError as error:
        messages.error(request, error.message)
        return _checked(request, need, sheet, status=422)
    if need.version == 1:
        messages.success(request, _("The need is released. Look at the matches, then ask for quotes."))
    else:
        messages.success(request, _("Version %(number)s is in force.") % {"number": need.version})
    return redirect("needs:page", code)


@require_POST
def discard(request: Request, code: str) -> HttpResponse:
    """Drop the changes that are not in force."""
    need, _sheet = to_edit(request, code)
    try:
        verbs.discard(actor=request.actor, need=need, edition=edition_sent(request))
    except ConflictError:
        changed_meanwhile(request)
        return redirect("needs:check", code)
    messages.success(request, _("The changes were dropped. The version in force was not touched."))
    return redirect("needs:page", code)


def _at_home(request: Request, code: str) -> Need:
    need = queries.find(request.actor, code)
    verbs.at_home(request.actor, need)
    return need


@require_http_methods(["GET", "POST"])
def close(request: Request, code: str) -> HttpResponse:
    """Ask, then close a need."""
    need = _at_home(request, code)
    if request.method == "POST":
        verbs.close(actor=request.actor, need=need)
        messages.success(request, _("The need is closed."))
        return redirect("needs:page", code)
    texts = {
        "heading": _("Close the need"),
        "text": _("A closed need takes no more questions or quotes and cannot be changed."),
        "kept": _("All versions, matches, quotes and orders stay readable."),
        "label": _("Close the need"),
    }
    return render(request, "needs/end.html", {"need": need, **texts})


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, code: str) -> HttpResponse:
    """Ask, then withdraw a need."""
    need = _at_home(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verbs.withdraw(actor=request.actor, need=need, reason=form.cleaned_data["reason"])
        messages.success(request, _("The need is withdrawn."))
        return redirect("needs:page", code)
    texts = {
        "heading": _("Withdraw the need"),
        "text": _("A withdrawn need is no longer shown to others and cannot be changed."),
        "kept": _("It stays in your list and in the history."),
        "label": _("Withdraw the need"),
        "form": form,
    }
    return render(request, "needs/end.html", {"need": need, **texts})


@require_http_methods(["GET", "POST"])
def refer(request: Request, code: str) -> HttpResponse:
    """Pass a need on to another exchange."""
    need = _at_home(request, code)
    if "refer" not in queries.allowed(request.actor, need):
        raise NotPermittedError(_("Only officers pass on needs, and only those that are released."))
    form = ReferForm(request.POST or None, need=need)
    if request.method == "POST" and form.is_valid():
        exchange = form.cleaned_data["exchange"]
        try:
            verbs.refer(actor=request.actor, need=need, exchange=exchange, note=form.cleaned_data["note"])
        except ConflictError as error:
            form.add_error("exchange", error.message)
        else:
            messages.success(request, _("The need was passed on. The officers there are told by e-mail."))
            return redirect("needs:page", code)
    context = {"need": need, "form": form, "none": not form.fields["exchange"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "needs/refer.html", context, status=422 if form.errors else 200)


@require_POST
def decide(request: Request, code: str, number: int) -> HttpResponse:
    """Take up or decline a need that was passed on to the reader's exchange."""
    need = queries.find(request.actor, code)
    referral = Referral.objects.filter(pk=number, need=need).first()
    if referral is None:
        raise NotFoundError(_("This need was not passed on to your exchange."))
    take = request.POST.get("decision") == "take"
    verbs.decide(actor=request.actor, referral=referral, take=take, note=request.POST.get("note", "")[:500])
    if take:
        messages.success(request, _("You have taken up the need. The exchange that passed it on is told by e-mail."))
        return redirect("needs:page", code)
    messages.success(request, _("You have declined the need. The exchange that passed it on is told by e-mail."))
    return redirect("needs:list")
