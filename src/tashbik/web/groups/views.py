"""Stored groups: the list, a group's page, proposing and withdrawing it. Not composing (composer.py), not the members' side (places.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tashbik.errors import ExchangeError, NotPermittedError, StateError
from tashbik.exchange.composition import Composed, without_money
from tashbik.exchange.models import Group, GroupMember, Role
from tashbik.exchange.queries import groups as queries
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.matches_questions import can_be_asked
from tashbik.exchange.verbs import groups as verbs
from tashbik.web.groups import wishes
from tashbik.web.groups.forms import ProposeForm, WithdrawForm
from tashbik.web.groups.showing import shown
from tashbik.web.matches.pages import rfq_address
from tashbik.web.needs.working import digits_of
from tashbik.web.refusals import show
from tashbik.web.request import Request
from tashbik.web.rfq.views import seen

USUAL_DAYS = 10
VIEWS = {
    "all": pgettext_lazy("groups", "All"),
    "draft": pgettext_lazy("groups", "Not proposed yet"),
    "proposed": gettext_lazy("Waiting for answers"),
    "agreed": pgettext_lazy("groups", "Agreed"),
    "ended": pgettext_lazy("groups", "Ended"),
}


@require_GET
def index(request: Request, view: str = "all") -> HttpResponse:
    """For an enterprise: the groups that it was asked to join; for buyers and officers: the groups that they compose."""
    actor = request.actor
    if actor.role == Role.MEMBER:
        page = Paginator(queries.places(actor), queries.PAGE).get_page(request.GET.get("page"))
        return render(request, "groups/places.html", {"page": page})
    if actor.role not in (Role.BUYER, Role.OFFICER):
        raise NotPermittedError(_("Groups are between buyers, enterprises and the exchange's officers."))
    tabs = [
        {"label": label, "url": reverse("groups:view", args=(name,)), "current": name == view}
        for name, label in VIEWS.items()
    ]
    found = queries.listing(actor, view if view in VIEWS else "all")
    page_of_groups = Paginator(found, queries.PAGE).get_page(request.GET.get("page"))
    return render(request, "groups/list.html", {"page": page_of_groups, "tabs": tabs, "view": view})


def readable(request: Request, group: Group) -> Composed:
    """What was composed, as the actor may read it."""
    made = queries.composed_of(group)
    return made if queries.shows_costs(request.actor, group) else without_money(made)


@require_GET
def page(request: Request, code: str) -> HttpResponse:
    """A group: who makes what, what each member answered, and what can be done next."""
    group = queries.find(request.actor, code)
    return render(request, "groups/page.html", _page(request, group))


def _page(request: Request, group: Group) -> dict[str, Any]:
    made = readable(request, group)
    members = list(group.members.all())
    places = {one.enterprise.code: one for one in members}
    wish = made.wish
    for one in members:
        if one.status == GroupMember.Status.DECLINED:
            wish = wishes.leaving_out(wish, one.enterprise.code)
    return {
        "group": group,
        "need": group.need,
        "buyer": needs.shown_buyer(request.actor, group.need),
        "shown": shown(made, digits=digits_of(request)),
        "hidden_costs": queries.composed_of(group).costed and not made.costed,
        "places": places,
        "made_on": group.created.date(),
        "accepted": sum(one.status == GroupMember.Status.ACCEPTED for one in members),
        "can": queries.allowed(request.actor, group),
        "foreign": sorted(
            {one.enterprise.exchange for one in members if not can_be_asked(group.need, one.enterprise)}, key=str
        ),
        "outdated": group.need.version != group.need_version,
        "again_url": reverse("groups:compose", args=(group.need.code,)) + wishes.query_of(wish),
        "rfq_url": rfq_address(group.need, [one.enterprise for one in members]),
    }


@require_http_methods(["GET", "POST"])
def propose(request: Request, code: str) -> HttpResponse:
    """Ask the members to take part."""
    group = queries.find(request.actor, code)
    if not queries.allowed(request.actor, group).propose:
        raise StateError(
            _("This group cannot be proposed: it was proposed already, has ended, or the need has changed."),
            mend=_("Look at the group's page, or compose a new group."),
        )
    usual = {"answer_by": timezone.now().date() + timedelta(days=USUAL_DAYS)}
    form = ProposeForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.propose(actor=request.actor, group=group, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("The group was proposed to its members."))
            return seen("groups:page", group.code)
    context = _page(request, queries.find(request.actor, code)) | {"form": form}
    return render(request, "groups/propose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, code: str) -> HttpResponse:
    """Give the group up."""
    group = queries.find(request.actor, code)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.withdraw(actor=request.actor, group=group, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("The group was withdrawn."))
            return seen("groups:compose", group.need.code)
    context = {"group": group, "need": group.need, "form": form, "told": group.proposed is not None}
    return render(request, "groups/withdraw.html", context, status=422 if form.errors else 200)
