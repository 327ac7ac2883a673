"""Lists of needs, one need, its versions. Not their editing (editing.py) nor what is decided on them (deciding.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError
from tashbik.exchange.models import Need, Referral, Role
from tashbik.exchange.need_sheet import in_force, is_pending
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import needs as queries
from tashbik.registry.records import Place
from tashbik.web.needs.showing import compared, place_text, shown_lines, terms_of
from tashbik.web.needs.working import digits_of
from tashbik.web.request import Request

VIEWS = ("drafts", "unasked", "referred")


@dataclass(frozen=True, slots=True)
class Row:
    """A need in a list."""

    need: Need
    buyer: str
    place: str
    kind: str
    pending: bool
    offered: bool


@require_GET
def index(request: Request, view: str = "") -> HttpResponse:
    """The needs that the reader may know of, with filters."""
    if view and view not in VIEWS:
        raise NotFoundError(_("There is no such list of needs."))
    filters = _filters(request, view)
    page = Paginator(queries.listing(request.actor, filters), queries.PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "needs/list.html",
        {
            "page": page,
            "rows": [_row(request, need) for need in page],
            "filters": filters,
            "narrowed": any((filters.status, filters.kind, filters.exchange, filters.text)),
            "view": view,
            "statuses": _statuses(request),
            "kinds": Need.Kind.choices,
            "exchanges": queries.exchanges(),
            "may_state": may(request.actor, "need.create"),
            "views": _views(request, view),
        },
    )


def _filters(request: Request, view: str) -> queries.Filters:
    given = request.GET
    return queries.Filters(
        status=given.get("status", "") if given.get("status") in Need.Status.values else "",
        kind=given.get("kind", "") if given.get("kind") in Need.Kind.values else "",
        exchange=given.get("exchange", "")[:20],
        text=given.get("q", "").replace("\x00", "")[:200].strip(),
        view=view,
    )


def _statuses(request: Request) -> list[tuple[str, Any]]:
    """Outsiders never meet drafts or withdrawn needs."""
    inside = request.actor.role in (Role.BUYER, Role.OFFICER)
    return [one for one in Need.Status.choices if inside or one[0] in ("released", "closed")]


def _views(request: Request, view: str) -> list[dict[str, Any]]:
    """The tabs of who works with needs."""
    from django.urls import reverse

    named = {"": pgettext("needs", "All"), "drafts": _("To complete"), "unasked": _("Without request for quotation")}
    if request.actor.role == Role.OFFICER:
        named["referred"] = _("Passed on to us")
    elif request.actor.role != Role.BUYER:
        return []
    return [
        {
            "label": label,
            "url": reverse("needs:view", args=(key,)) if key else reverse("needs:list"),
            "current": key == view,
        }
        for key, label in named.items()
    ]


def _row(request: Request, need: Need) -> Row:
    actor = request.actor
    return Row(
        need=need,
        buyer=queries.shown_buyer(actor, need),
        place=place_text(msgspec.convert(need.record.get("place", {}), Place)),
        kind=need.get_kind_display(),
        pending=is_pending(need) and queries.is_at_home(actor, need),
        offered=any(
            one.exchange_id == actor.exchange_id and one.status == Referral.Status.OFFERED
            for one in need.referrals.all()
        )
        and actor.role == Role.OFFICER,
    )


@require_GET
def page(request: Request, code: str) -> HttpResponse:
    """One need as it is in force, with what can be done next."""
    actor, need = request.actor, queries.find(request.actor, code)
    sheet, digits = in_force(need), digits_of(request)
    inside, home = queries.is_inside(actor, need), queries.is_at_home(actor, need)
    referrals = queries.referrals(actor, need)
    return render(
        request,
        "needs/page.html",
        {
            "need": need,
            "sheet": sheet,
            "lines": shown_lines(sheet, digits),
            "terms": [{"label": label, "value": value} for label, value in terms_of(sheet, digits)],
            "buyer": queries.shown_buyer(actor, need),
            "inside": inside,
            "home": home,
            "pending": is_pending(need) and home,
            "allowed": queries.allowed(actor, need),
            "files": queries.attachments(actor, need),
            "referrals": referrals if home else [],
            "offer": next((one for one in referrals if not home and one.status == Referral.Status.OFFERED), None),
            "rfqs": list(need.rfqs.all()) if inside else [],
            "versions": queries.versions(actor, need) if inside else [],
        },
    )


@require_GET
def versions(request: Request, code: str) -> HttpResponse:
    """Two versions of a need side by side; without a choice the last two."""
    need = queries.find(request.actor, code)
    known = queries.versions(request.actor, need)
    after = _chosen(request, "to", known) or known[0]
    before = _chosen(request, "from", known) or (known[1] if len(known) > 1 else known[0])
    return render(
        request,
        "needs/versions.html",
        {
            "need": need,
            "versions": known,
            "before": before,
            "after": after,
            "rows": compared(before, after, digits_of(request)),
        },
    )


def _chosen(request: Request, name: str, known: list[queries.Version]) -> queries.Version | None:
    return next((one for one in known if str(one.number) == request.GET.get(name)), None)
