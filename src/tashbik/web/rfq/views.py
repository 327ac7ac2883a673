"""Requests for quotation of the buyer's side: the list, opening one, its page, and what is done with it. Not answers nor comparing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, NotPermittedError, StateError
from tashbik.exchange.models import Enterprise, Need, Role
from tashbik.exchange.need_sheet import in_force
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries import needs as need_queries
from tashbik.exchange.queries import rfq as queries
from tashbik.exchange.sealing import accepting, opened
from tashbik.exchange.verbs import rfq as verbs
from tashbik.web.needs.showing import shown_lines
from tashbik.web.needs.working import digits_of
from tashbik.web.refusals import show
from tashbik.web.request import Request
from tashbik.web.rfq.asking import lines_of
from tashbik.web.rfq.forms import DeadlineForm, ReasonForm, RequestForm

USUAL_DAYS = 14
VIEWS = {
    "all": pgettext_lazy("requests", "All"),
    "open": pgettext_lazy("requests", "Open"),
    "compare": gettext_lazy("To compare and award"),
    "awarded": pgettext_lazy("requests", "Awarded"),
    "cancelled": pgettext_lazy("requests", "Cancelled"),
}


def seen(address: str, *arguments: object) -> HttpResponseRedirect:
    """On to a page after something was done (303)."""
    response = HttpResponseRedirect(reverse(address, args=arguments))
    response.status_code = 303
    return response


@require_GET
def index(request: Request) -> HttpResponse:
    """For an enterprise: what it was asked; for buyers and officers: what they ask."""
    if request.actor.role == Role.MEMBER:
        page = Paginator(queries.invited(request.actor), queries.PAGE).get_page(request.GET.get("page"))
        return render(request, "rfq/invitations.html", {"page": page, "today": timezone.now().date()})
    if request.actor.role not in (Role.BUYER, Role.OFFICER):
        raise NotPermittedError(
            _("Requests for quotation are between buyers, enterprises and the exchange's officers.")
        )
    view = request.GET.get("view", "all")
    tabs = [
        {"label": label, "url": f"{reverse('rfq:list')}?view={name}", "current": name == view}
        for name, label in VIEWS.items()
    ]
    page_of_rfqs = Paginator(queries.listing(request.actor, view), queries.PAGE).get_page(request.GET.get("page"))
    return render(request, "rfq/list.html", {"page": page_of_rfqs, "tabs": tabs, "today": timezone.now().date()})


@require_http_methods(["GET", "POST"])
def new(request: Request, code: str) -> HttpResponse:
    """Choose enterprises and terms, and send the request."""
    need = need_queries.find(request.actor, code)
    require(request.actor, "rfq.open", need)
    if need.status != Need.Status.RELEASED:
        raise StateError(_("Only a released need can be quoted for."), mend=_("Complete and release the need first."))
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, need, given.getlist("enterprise"))
    form = RequestForm(request.POST or None, initial=_usual(need)) if "send" in request.POST else _unsent(request, need)
    if "send" in request.POST and form.is_valid():
        try:
            version = request.POST.get("version", "")
            rfq = verbs.open_rfq(
                actor=request.actor,
                need=need,
                version=int(version) if version.isascii() and version.isdigit() else 0,
                enterprises=chosen,
                **form.cleaned_data,
            )
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("The request was sent."))
            return seen("rfq:page", rfq.code)
    words = given.get("q", "")[:200]
    known = {one.pk for one in chosen}
    found = [one for one in queries.candidates(request.actor, need, words) if one.pk not in known]
    context = {
        "need": need,
        "lines": shown_lines(in_force(need), digits_of(request)),
        "form": form,
        "chosen": chosen,
        "found": found,
        "words": words,
    }
    return render(request, "rfq/new.html", context, status=422 if form.errors else 200)


def _usual(need: Need) -> dict[str, Any]:
    return {
        "deadline": timezone.now().date() + timedelta(days=USUAL_DAYS),
        "currency": need.exchange.currency,
        "incoterm": need.record.get("incoterm", "").upper()[:3],
        "sealed": True,
    }


def _unsent(request: Request, need: Need) -> RequestForm:
    """The form before it is sent; what was typed stays while enterprises are searched for."""
    names = RequestForm.base_fields
    typed = {name: request.POST[name] for name in names if name in request.POST}
    if request.method == "POST":
        typed["sealed"] = "sealed" in request.POST  # type: ignore[assignment]
    return RequestForm(initial={**_usual(need), **typed})


def _chosen(request: Request, need: Need, codes: list[str]) -> list[Enterprise]:
    dropped = request.POST.get("drop", "")
    wanted = [one for one in dict.fromkeys(codes) if one and one != dropped][: verbs.MOST_RECIPIENTS]
    by_code = {one.code: one for one in queries.open_to(request.actor, need).filter(code__in=wanted)}
    return [by_code[one] for one in wanted if one in by_code]


@require_GET
def page(request: Request, code: str) -> HttpResponse:
    """One request: what is asked, of whom, and who has answered what."""
    actor = request.actor
    rfq = queries.find(actor, code)
    askings = queries.askings(actor, rfq)
    waiting = [one for one in askings if one.invitation.status in ("sent", "seen")]
    quoted = [one for one in askings if one.quote is not None]
    context = {
        "rfq": rfq,
        "lines": lines_of(request, rfq),
        "askings": askings,
        "waiting": len(waiting),
        "quoted": len(quoted),
        "open": accepting(rfq),
        "opened": opened(rfq),
        "days_left": queries.days_left(rfq),
        "awards": [(one, list(one.outcomes.all())[-1:]) for one in queries.awards_of(rfq)],
        "buyer": need_queries.shown_buyer(actor, rfq.need),
        "can": {name: may(actor, f"rfq.{name}", rfq) for name in ("invite", "remind", "extend", "close", "cancel")},
        "may_extend": accepting(rfq) or (rfq.status in ("open", "closed") and not quoted),
        "may_cancel": rfq.status in ("open", "closed"),
    }
    return render(request, "rfq/page.html", context)


@require_http_methods(["GET", "POST"])
def invite(request: Request, code: str) -> HttpResponse:
    """Ask further enterprises."""
    rfq = queries.find(request.actor, code)
    require(request.actor, "rfq.invite", rfq)
    words = request.GET.get("q", "")[:200]
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        codes = request.POST.getlist("enterprise")
        form.full_clean()
        try:
            made = verbs.invite(
                actor=request.actor,
                rfq=rfq,
                enterprises=list(queries.open_to(request.actor, rfq.need).filter(code__in=codes)),
            )
        except ExchangeError as error:
            show(form, error)
        else:
            text = ngettext("%(count)d enterprise was asked.", "%(count)d enterprises were asked.", len(made))
            messages.success(request, text % {"count": len(made)})
            return seen("rfq:page", rfq.code)
    asked = set(rfq.invitations.values_list("enterprise_id", flat=True))
    found = [one for one in queries.candidates(request.actor, rfq.need, words) if one.pk not in asked]
    context = {"rfq": rfq, "found": found, "words": words, "form": form}
    return render(request, "rfq/invite.html", context, status=422 if form.errors else 200)


@require_POST
def remind(request: Request, code: str) -> HttpResponse:
    """Remind those who have not answered."""
    rfq = queries.find(request.actor, code)
    try:
        count = verbs.remind(actor=request.actor, rfq=rfq)
    except StateError as error:
        messages.warning(request, f"{error.message} {error.mend}")
    else:
        text = ngettext("%(count)d enterprise was reminded.", "%(count)d enterprises were reminded.", count)
        messages.success(request, text % {"count": count})
    return seen("rfq:page", rfq.code)


@require_http_methods(["GET", "POST"])
def extend(request: Request, code: str) -> HttpResponse:
    """Move the deadline."""
    return _decide(
        request,
        code,
        verbs.extend,
        DeadlineForm,
        title=_("Move the deadline"),
        text=_("Those asked are told the new deadline."),
        label=_("Move the deadline"),
        done=_("The deadline was moved."),
    )


@require_http_methods(["GET", "POST"])
def close(request: Request, code: str) -> HttpResponse:
    """Accept no more quotes."""
    return _decide(
        request,
        code,
        verbs.close,
        ReasonForm,
        title=_("Close before the deadline"),
        text=_("No more quotes are accepted, and the prices are shown. Those who have not answered are told."),
        label=_("Close the request"),
        done=_("The request was closed."),
    )


@require_http_methods(["GET", "POST"])
def cancel(request: Request, code: str) -> HttpResponse:
    """Call it off."""
    return _decide(
        request,
        code,
        verbs.cancel,
        ReasonForm,
        title=_("Cancel the request"),
        text=_("All who were asked are told, with the reason. Quotes that came stay in the history."),
        label=_("Cancel the request"),
        done=_("The request was cancelled."),
    )


def _decide(
    request: Request, code: str, act: Callable[..., object], kind: type[forms.Form], *, done: str, **texts: str
) -> HttpResponse:
    rfq = queries.find(request.actor, code)
    form = kind(request.POST or None, initial={"deadline": rfq.deadline + timedelta(days=7)})
    if request.method == "POST" and form.is_valid():
        try:
            act(actor=request.actor, rfq=rfq, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, done)
            return seen("rfq:page", rfq.code)
    status = 422 if form.errors else 200
    return render(request, "rfq/decide.html", {"rfq": rfq, "form": form, **texts}, status=status)
