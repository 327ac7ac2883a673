"""An enterprise's side of a request: the invitation, declining, the quote. Officers may enter a quote that came on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, InvalidError
from tashbik.exchange.models import Invitation, Quote, Role
from tashbik.exchange.permissions import may, require
from tashbik.exchange.pricing import asked_lines
from tashbik.exchange.queries import needs as need_queries
from tashbik.exchange.queries import rfq as queries
from tashbik.exchange.queries.attachments import attachments_of
from tashbik.exchange.queries.quotes import writing
from tashbik.exchange.sealing import WAITING, accepting
from tashbik.exchange.verbs import quotes as verbs
from tashbik.exchange.verbs.rfq import expect_open
from tashbik.web.refusals import show
from tashbik.web.request import Request
from tashbik.web.rfq.asking import lines_of
from tashbik.web.rfq.forms import DeclineForm
from tashbik.web.rfq.quote_form import Typed, copied, form_of, typed_of, usual
from tashbik.web.rfq.views import seen


@require_GET
def invitation(request: Request, number: int) -> HttpResponse:
    """What is asked, until when, and how the enterprise has answered; the first reading by the enterprise is noted."""
    actor = request.actor
    found = queries.find_invitation(actor, number)
    if found.status == Invitation.Status.SENT and actor.role == Role.MEMBER and may(actor, "invitation.open", found):
        verbs.open_invitation(actor=actor, invitation=found)
    rfq = found.rfq
    quotes = queries.quotes_of_invitation(actor, found)
    standing = next((one for one in quotes if one.status == Quote.Status.SUBMITTED), None)
    files = attachments_of(actor, standing) if standing else []
    context = {
        "invitation": found,
        "rfq": rfq,
        "lines": lines_of(request, rfq),
        "drawings": need_queries.attachments(actor, rfq.need),
        "buyer": need_queries.shown_buyer(actor, rfq.need),
        "quotes": [one for one in quotes if one.status != Quote.Status.DRAFT],
        "draft": next((one for one in quotes if one.status == Quote.Status.DRAFT), None),
        "standing": standing,
        "files": files,
        "open": accepting(rfq),
        "waiting": found.status in WAITING,
        "days_left": queries.days_left(rfq),
        "may_quote": accepting(rfq) and may(actor, "quote.draft", found),
        "may_withdraw": accepting(rfq) and standing is not None and may(actor, "quote.withdraw", standing),
        "awards": [one for one in queries.awards_of(rfq) if one.quote.invitation_id == found.pk],
    }
    return render(request, "rfq/invitation.html", context)


@require_http_methods(["GET", "POST"])
def decline(request: Request, number: int) -> HttpResponse:
    """Say that the enterprise will not quote, and why."""
    found = queries.find_invitation(request.actor, number)
    require(request.actor, "invitation.decline", found)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.decline(actor=request.actor, invitation=found, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("Your answer was sent. Thank you."))
            return seen("rfq:invitation", found.pk)
    status = 422 if form.errors else 200
    return render(request, "rfq/decline.html", {"invitation": found, "rfq": found.rfq, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def quote(request: Request, number: int) -> HttpResponse:
    """Write a quote: kept as a draft while it is written, sent when it is complete."""
    found = queries.find_invitation(request.actor, number)
    require(request.actor, "quote.draft", found)
    expect_open(found.rfq)
    lines = asked_lines(found.rfq.record, found.rfq.details)
    draft = writing(request.actor, found)
    if request.method == "GET":
        typed = draft.typed if draft else _begun(request, found)
        return _page(request, found, form_of(typed, lines), draft)
    typed, act = typed_of(request.POST, lines), request.POST.get("act", "save")
    edition = _edition(request)
    try:
        if act == "send":
            verbs.submit(actor=request.actor, invitation=found, typed=typed, edition=edition)
            messages.success(request, _("The quote was sent. You may replace or withdraw it until the deadline."))
            return seen("rfq:invitation", found.pk)
        draft = verbs.draft(actor=request.actor, invitation=found, typed=typed, edition=edition)
    except InvalidError as error:
        draft = verbs.draft(
            actor=request.actor, invitation=found, typed=typed, edition=edition
        )  # what was typed is kept
        return _page(request, found, form_of(typed, lines, error.fields), draft, status=422)
    except ExchangeError as error:
        wrong = {"": [f"{error.message} {error.mend}".strip()]}
        return _page(request, found, form_of(typed, lines, wrong), draft, status=409, edition=edition)
    if act.startswith("more:"):
        return _page(request, found, form_of(typed, lines, more=act.removeprefix("more:")), draft)
    messages.success(request, _("The draft was saved. Only you see it until you send it."))
    return seen("rfq:quote", found.pk)


def _refused(
    request: Request, found: Invitation, typed: Typed, error: InvalidError, edition: int | None
) -> HttpResponse:
    """The form with what is wrong; what was typed is kept as the draft, unless a colleague has changed that meanwhile."""
    wrong, draft = dict(error.fields), None
    try:
        draft = verbs.draft(actor=request.actor, invitation=found, typed=typed, edition=edition)
    except ExchangeError as refused:
        wrong[""] = [*wrong.get("", []), f"{refused.message} {refused.mend}".strip()]
    lines = asked_lines(found.rfq.record, found.rfq.details)
    kept = edition if draft is None else None
    return _page(request, found, form_of(typed, lines, wrong), draft, status=422, edition=kept)


def _begun(request: Request, found: Invitation) -> Typed:
    """What a new version begins with: the last one that the actor may read, else the request's terms."""
    versions = queries.quotes_of_invitation(request.actor, found)
    last = next((one for one in versions if one.typed), None)
    return copied(last) if last else usual(found.rfq, asked_lines(found.rfq.record, found.rfq.details))


def _edition(request: Request) -> int | None:
    given = request.POST.get("edition", "")
    return int(given) if given.isdigit() and len(given) < 9 else None


def _page(
    request: Request,
    found: Invitation,
    form: object,
    draft: Quote | None,
    status: int = 200,
    edition: int | None = None,
) -> HttpResponse:
    context = {
        "invitation": found,
        "rfq": found.rfq,
        "form": form,
        "draft": draft,
        "edition": edition if edition is not None else (draft.edition if draft else 0),
        "files": attachments_of(request.actor, draft) if draft else [],
        "days_left": queries.days_left(found.rfq),
    }
    return render(request, "rfq/quote.html", context, status=status)


@require_POST
def autosave(request: Request, number: int) -> HttpResponse:
    """Keep what is being typed, by htmx; answers with a line that says so."""
    found = queries.find_invitation(request.actor, number)
    typed = typed_of(request.POST, asked_lines(found.rfq.record, found.rfq.details))
    error, draft = "", None
    try:
        draft = verbs.draft(actor=request.actor, invitation=found, typed=typed, edition=_edition(request))
    except ExchangeError as refused:
        error = f"{refused.message} {refused.mend}".strip()
    return render(request, "rfq/_saved.html", {"draft": draft, "error": error})


@require_POST
def withdraw(request: Request, number: int) -> HttpResponse:
    """Take a quote back."""
    standing = get_object_or_404(Quote.objects.select_related("invitation__rfq__need"), pk=number)
    found = queries.find_invitation(request.actor, standing.invitation_id)
    verbs.withdraw(actor=request.actor, quote=standing)
    messages.success(request, _("The quote was withdrawn. You may send another until the deadline."))
    return seen("rfq:invitation", found.pk)
