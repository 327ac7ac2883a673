"""What became of an award: its page, where both sides record it. Not the award itself (comparing.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tashbik.errors import ExchangeError
from tashbik.exchange.models import Award, Role
from tashbik.exchange.permissions import may
from tashbik.exchange.pricing import asked_lines
from tashbik.exchange.queries import needs as need_queries
from tashbik.exchange.queries import rfq as queries
from tashbik.exchange.verbs import awards as verbs
from tashbik.language.units import label as unit_label
from tashbik.web import reading
from tashbik.web.refusals import show
from tashbik.web.request import Request
from tashbik.web.rfq.forms import OutcomeForm
from tashbik.web.rfq.views import seen


@require_http_methods(["GET", "POST"])
def outcome(request: Request, number: int) -> HttpResponse:
    """An award with its letters' content, what was recorded, and what may be recorded next."""
    award = queries.find_award(request.actor, number)
    kinds = verbs.outcomes_open_to(award, verbs.side_of(request.actor, award))
    form = OutcomeForm(
        request.POST or None, kinds=kinds, currency=award.currency, initial={"on": timezone.now().date().isoformat()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            verbs.record_outcome(actor=request.actor, award=award, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("The outcome was recorded, and the other side is told."))
            return seen("rfq:outcome", award.pk)
    context = {
        "award": award,
        "rfq": award.rfq,
        "lines": _lines(award),
        "buyer": need_queries.shown_buyer(request.actor, award.rfq.need),
        "promised": verbs.promised_on(award),
        "outcomes": list(award.outcomes.all()),
        "ended": verbs.state_of(award) in verbs.ENDS,
        "form": form if kinds else None,
        "may_ask": may(request.actor, "outcome.ask", award) and verbs.state_of(award) not in verbs.ENDS,
        "is_member": request.actor.role == Role.MEMBER,
    }
    return render(request, "rfq/outcome.html", context, status=422 if form.errors else 200)


def _lines(award: Award) -> list[dict[str, Any]]:
    asked = {one.id: one for one in asked_lines(award.rfq.record, award.rfq.details)}
    return [
        {
            "id": line,
            "text": asked[line].text if line in asked else line,
            "quantity": quantity,
            "unit": unit_label(asked[line].unit, reading.language()) if line in asked and asked[line].unit else "",
        }
        for line, quantity in award.lines.items()
    ]


@require_POST
def ask(request: Request, number: int) -> HttpResponse:
    """Ask both sides for the outcome."""
    award = queries.find_award(request.actor, number)
    verbs.ask_outcome(actor=request.actor, award=award)
    messages.success(request, _("Both sides were asked."))
    return seen("rfq:outcome", award.pk)
