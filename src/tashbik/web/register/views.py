"""The register's pages: list and map, suggestions while one types. Not the profile (profile_views.py) nor files to take away (files.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tashbik.exchange import limits
from tashbik.exchange.models import Exchange
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import register as queries
from tashbik.exchange.queries.register_filters import Filters, may_filter
from tashbik.web import reading
from tashbik.web.register import address, choices, mapping, showing, words
from tashbik.web.request import Request

PAGE = 25
SORT_LABELS = {
    "relevance": gettext_lazy("closeness to the words"),
    "name": gettext_lazy("name"),
    "completeness": gettext_lazy("completeness of the profile"),
    "fresh": gettext_lazy("freshest data"),
}


@require_GET
def index(request: Request) -> HttpResponse:
    """The enterprises that are found, as a list or on a map. Words of a field that were understood become filters of the address."""
    asked = address.read(request.GET)
    if asked.understood and not asked.unknown:
        return redirect(reverse("register:list") + address.query(asked.filters, view=asked.view))
    if asked.filters.words and request.actor.is_visitor:
        limits.take(limits.SEARCH, _who(request))
    found = queries.found(request.actor, asked.filters)
    paginator: Any = Paginator(found, PAGE)  # type: ignore[arg-type]  # Found counts and slices as a QuerySet does
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "filters": asked.filters,
        "found": found,
        "total": found.count(),
        "page": page,
        "chips": choices.chips(asked.filters, asked.view),
        "clear_url": reverse("register:list") + address.query(Filters(), view=asked.view),
        "options": choices.options(found, _own_exchange(request)),
        "word_fields": choices.word_fields(asked),
        "hidden_of_search": [one for one in address.pairs(asked.filters) if one[0] not in ("q", "sort")],
        "hidden_of_filters": [one for one in address.pairs(asked.filters) if one[0] in ("q", "sort", "concept")],
        "sorts": _sorts(asked),
        "tabs": _tabs(asked),
        "members_only": not may_filter(request.actor, "figures"),
        "exports": _exports(request, asked.filters),
    }
    if asked.view == "map":
        context["figure"] = mapping.figure(found)
    else:
        digits = request.actor.user.digits if request.actor.user else "latn"
        today = timezone.localdate()
        context["rows"] = [showing.row(one, digits, today) for one in page.object_list]
    response = render(request, "register/list.html", context)
    if request.htmx:
        number = {"page": str(page.number)} if page.number > 1 else {}
        response["HX-Push-Url"] = reverse("register:list") + address.query(asked.filters, view=asked.view, **number)
    return response


def _who(request: Request) -> str:
    """The address that a visitor comes from: the last that the proxy added where there is one, for the others are the visitor's own say."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _own_exchange(request: Request) -> str:
    membership = getattr(request, "membership", None)
    return membership.exchange.code if membership else ""


def _sorts(asked: address.Asked) -> list[dict[str, Any]]:
    offered = [one for one in SORT_LABELS if one != "relevance" or asked.filters.words]
    return [
        {
            "label": SORT_LABELS[one],
            "current": one == asked.filters.order,
            "url": address.query(replace(asked.filters, sort=one), view=asked.view),
        }
        for one in offered
    ]


def _tabs(asked: address.Asked) -> list[dict[str, Any]]:
    named = {"list": gettext_lazy("List"), "map": gettext_lazy("Map")}
    return [
        {"label": text, "current": asked.view == view, "url": address.query(asked.filters, view=view)}
        for view, text in named.items()
    ]


def _exports(request: Request, filters: Filters) -> list[dict[str, str]]:
    """Files of what is found in the reader's own exchange, for roles that may have them."""
    exchange = Exchange.objects.filter(pk=request.actor.exchange_id).first() if request.actor.exchange_id else None
    if exchange is None or not may(request.actor, "enterprise.export", exchange):
        return []
    return [
        {"label": ending.upper(), "url": reverse("register:export", args=[ending]) + address.query(filters)}
        for ending in ("csv", "xlsx")
    ]


@require_GET
def concepts(request: Request, kind: str) -> HttpResponse:
    """Names of concepts for the words typed so far, as options of a list; only for scripts, the page works without."""
    typed = request.GET.get(f"{kind}-words", "")[: address.LONGEST]
    found = words.suggestions(kind, typed, reading.language()) if kind in address.WORD_KINDS else []
    return render(request, "register/_concepts.html", {"names": [reading.concept(one) for one in found]})
