"""An enterprise's place in a group: what is asked of it, accepting, declining. For phones first. Not the buyer's side (views.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec.structs import replace

from tashbik.errors import ExchangeError
from tashbik.exchange.composition import Composed, without_money
from tashbik.exchange.models import Group, GroupMember
from tashbik.exchange.need_sheet import in_force
from tashbik.exchange.queries import groups as queries
from tashbik.exchange.queries import needs
from tashbik.exchange.verbs import groups as verbs
from tashbik.web.groups.forms import DeclineForm
from tashbik.web.groups.showing import Words, shown
from tashbik.web.needs.showing import shown_lines
from tashbik.web.needs.working import digits_of
from tashbik.web.refusals import show
from tashbik.web.request import Request
from tashbik.web.rfq.views import seen


def readable(made: Composed) -> Composed:
    """What members may read: who makes what, not what the others cost, nor who was nearly chosen in their place."""
    return replace(without_money(made), weak=(), gains=(), saved=(), others=())


@require_GET
def place(request: Request, number: int) -> HttpResponse:
    """What is asked of the enterprise, with whom, and its answer."""
    found = queries.find_place(request.actor, number)
    return render(request, "groups/place.html", _page(request, found))


def _page(request: Request, found: GroupMember) -> dict[str, Any]:
    group, digits = found.group, digits_of(request)
    made = queries.composed_of(group)
    code = found.enterprise.code
    own = Words(made, digits, costs=True, url="")
    mine = next((one for one in own.members() if one.code == code), None)
    statuses = {one.enterprise.code: one for one in group.members.all()}
    wanted = {one.line for one in made.group.allocations if one.partner == code} if made.group else set()
    return {
        "place": found,
        "group": group,
        "need": group.need,
        "buyer": needs.shown_buyer(request.actor, group.need),
        "mine": mine,
        "shown": shown(readable(made), digits=digits),
        "statuses": statuses,
        "lines": [one for one in shown_lines(in_force(group.need), digits) if one.id in wanted],
        "outdated": group.need.version != group.need_version,
        "waiting": waiting(found),
        "late": group.answer_by is not None and group.answer_by < timezone.now().date(),
    }


def waiting(found: GroupMember) -> bool:
    """Whether the enterprise's answer is still waited for."""
    return found.group.status == Group.Status.PROPOSED and found.status == GroupMember.Status.ASKED


@require_POST
def accept(request: Request, number: int) -> HttpResponse:
    """Take part."""
    found = queries.find_place(request.actor, number)
    verbs.answer(actor=request.actor, member=found, accept=True)
    messages.success(request, _("Your acceptance was sent. Thank you."))
    return seen("groups:place", number)


@require_http_methods(["GET", "POST"])
def decline(request: Request, number: int) -> HttpResponse:
    """Say that the enterprise does not take part, and why."""
    found = queries.find_place(request.actor, number)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.answer(actor=request.actor, member=found, accept=False, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("Your answer was sent. Thank you."))
            return seen("groups:place", number)
    context = {"place": found, "group": found.group, "need": found.group.need, "form": form}
    return render(request, "groups/decline.html", context, status=422 if form.errors else 200)
