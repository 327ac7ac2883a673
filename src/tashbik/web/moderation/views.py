"""The queue, one submission before and after, accepting, returning, accepting many. Not the deciding (verbs.moderation)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, ExchangeError, InvalidError, NotFoundError
from tashbik.exchange.models import Submission
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import moderation as queries
from tashbik.exchange.verbs import moderation as verbs
from tashbik.web import reading
from tashbik.web.editing import labels
from tashbik.web.refusals import show
from tashbik.web.request import Request

PAGE = 50
AT_ONCE = 100
"""Submissions accepted in one go at most: what one page of the queue, twice over, can hold."""


class FilterForm(forms.Form):
    """What of the queue is shown."""

    q = forms.CharField(label=gettext_lazy("Name or code"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("new", gettext_lazy("new enterprises")),
            ("change", gettext_lazy("changes to enterprises")),
        ],
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), required=False, initial="pending", choices=Submission.Status.choices
    )


class ReturnForm(forms.Form):
    """Why a submission goes back."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"),
        required=False,
        choices=verbs.ReturnReason.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the enterprise"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What exactly is to be corrected, in the enterprise's language if you can."),
    )


@require_GET
def queue(request: Request) -> HttpResponse:
    """What waits, the oldest first."""
    form = FilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    status = chosen.get("status") or "pending"
    found = queries.queue(request.actor, status=status, kind=chosen.get("kind", ""), words=chosen.get("q", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [_row(one) for one in page],
        "status": status,
        "filtered": bool(request.GET),
    }
    return render(request, "moderation/queue.html", context)


def _row(one: Submission) -> dict[str, Any]:
    return {
        "one": one,
        "name": verbs.name_of(one, reading.language()),
        "section": labels.SECTIONS.get(one.section, ""),
        "place": one.record.get("place", {}),
    }


def _submission(number: int) -> Submission:
    found = Submission.objects.select_related("enterprise", "exchange", "by").filter(pk=number).first()
    if found is None:
        raise NotFoundError(_("There is no such submission."))
    return found


@require_GET
def item(request: Request, number: int) -> HttpResponse:
    """One submission: before and after by field, what changed meanwhile, and the decision."""
    return _page(request, _submission(number))


def _page(
    request: Request, submission: Submission, *, form: ReturnForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    require(request.actor, "submission.accept", submission)
    item = queries.item(request.actor, submission)
    before = submission.enterprise.record if submission.enterprise else {}
    conflicts = item.merged.conflicts if item.merged else ()
    context = {
        "submission": submission,
        "name": verbs.name_of(submission, reading.language()),
        "rows": labels.shown_changes(item.changes, before, submission.record),
        "meanwhile": labels.shown_changes(item.merged.meanwhile, before) if item.merged else [],
        "conflicts": [
            {
                "key": one.key,
                "label": labels.label_of(one.path, labels.capability_names(before, submission.record)),
                "base": labels.shown(one.path, one.base),
                "ours": labels.shown(one.path, one.ours),
                "theirs": labels.shown(one.path, one.theirs),
            }
            for one in conflicts
        ],
        "alike": item.alike,
        "seen": item.seen,
        "next": queries.next_after(request.actor, submission),
        "form": form or ReturnForm(),
        "reasons": [verbs.ReturnReason(one).label for one in submission.reasons],
        "open": submission.status == Submission.Status.PENDING,
        "problem": problem,
    }
    return render(request, "moderation/item.html", context, status=status)


@require_POST
def accept(request: Request, number: int) -> HttpResponse:
    """Accept one; then the next."""
    submission = _submission(number)
    settled = {key[7:]: str(value) for key, value in request.POST.items() if key.startswith("settle:")}
    try:
        verbs.accept(actor=request.actor, submission=submission, seen=request.POST.get("seen", ""), settled=settled)
    except ConflictError as error:
        return _page(request, _submission(number), problem=f"{error.message} {error.mend}", status=409)
    name = verbs.name_of(submission, reading.language())
    messages.success(request, _("Accepted: %(name)s. The register shows it now.") % {"name": name})
    return _onward(request, submission)


@require_POST
def send_back(request: Request, number: int) -> HttpResponse:
    """Return one with reasons; then the next."""
    submission, form = _submission(number), ReturnForm(request.POST)
    form.is_valid()
    try:
        verbs.send_back(
            actor=request.actor,
            submission=submission,
            reasons=form.cleaned_data.get("reasons", []),
            note=form.cleaned_data.get("note", ""),
        )
    except InvalidError as error:
        show(form, error)
        return _page(request, _submission(number), form=form, status=422)
    name = verbs.name_of(submission, reading.language())
    messages.success(request, _("Returned: %(name)s. Its sender is told the reasons.") % {"name": name})
    return _onward(request, submission)


def _onward(request: Request, submission: Submission) -> HttpResponse:
    following = queries.next_after(request.actor, submission)
    return redirect("moderation:item", following.pk) if following else redirect("moderation:queue")


@require_http_methods(["POST"])
def bulk(request: Request) -> HttpResponse:
    """Accept those that were ticked: first the list of them is shown, then, confirmed, each is accepted by itself."""
    numbers = [int(one) for one in request.POST.getlist("submission") if one.isdecimal()][:AT_ONCE]
    chosen = list(queries.queue(request.actor).filter(pk__in=numbers))
    if not chosen:
        messages.warning(request, _("Nothing was ticked."))
        return redirect("moderation:queue")
    if "confirmed" not in request.POST:
        rows = [{**_row(one), "seen": queries.digest_of(one.record)} for one in chosen]
        return render(request, "moderation/bulk.html", {"rows": rows, "count": len(rows)})
    return _accept_all(request, chosen)


def _accept_all(request: Request, chosen: list[Submission]) -> HttpResponse:
    done, refused = 0, []
    for one in chosen:
        try:
            verbs.accept(actor=request.actor, submission=one, seen=request.POST.get(f"seen:{one.pk}", ""))
        except ExchangeError as error:
            refused.append(f"{verbs.name_of(one, reading.language())}: {error.message}")
        else:
            done += 1
    if done:
        text = ngettext("%(count)d submission accepted.", "%(count)d submissions accepted.", done)
        messages.success(request, text % {"count": done})
    for text in refused:
        messages.warning(request, text)
    return HttpResponseRedirect(reverse("moderation:queue"))
