"""The queue of pairs, one pair, and the decisions that need no further choice. Not merging (merging_views.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tashbik.errors import ConflictError, NotFoundError, StateError
from tashbik.exchange.models import IdentityPair
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import identity as queries
from tashbik.exchange.verbs import identity as verbs
from tashbik.web import reading
from tashbik.web.identity import filtering, showing
from tashbik.web.request import Request
from tashbik.web.templatetags.tashbik import in_words

PAGE = 25
Status = IdentityPair.Status


@require_GET
def queue(request: Request) -> HttpResponse:
    """The pairs that wait, the most uncertain first; or those that are decided."""
    filters = filtering.read(request.GET)
    page = Paginator(queries.queue(request.actor, filters), PAGE).get_page(request.GET.get("page"))
    rows = [_row(one) for one in page]
    context = {
        "form": filtering.FilterForm(request.GET or None, request.actor, filters),
        "filters": filters,
        "tabs": _tabs(request, filters.status),
        "page": page,
        "rows": rows,
        "filtered": bool(filtering.kept(request.GET)),
        "kept": filtering.kept(request.GET),
        "job": queries.at_work(),
        "model": queries.model_version(),
        "after": _after(request),
    }
    return render(request, "identity/queue.html", context)


def _row(pair: IdentityPair) -> dict[str, Any]:
    return {
        "pair": pair,
        "share": showing.share(pair),
        "verdict": showing.verdict(pair),
        "reason": showing.main_reason(pair),
    }


def _tabs(request: Request, chosen: str) -> list[dict[str, Any]]:
    counts = queries.numbers(request.actor)
    names = {
        Status.WAITING: _("To be decided"),
        Status.LATER: _("Decision put off"),
        Status.SAME: _("One enterprise"),
        Status.DISTINCT: _("Two enterprises"),
    }
    return [
        {
            "label": label,
            "url": f"{reverse('identity:queue')}?status={status}",
            "current": status == chosen,
            "count": counts[status],
        }
        for status, label in names.items()
    ]


def pair_of(number: int) -> IdentityPair:
    """The pair of an address. Raises NotFoundError."""
    found = (
        IdentityPair.objects.select_related("first__exchange", "second__exchange", "decided_by")
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise NotFoundError(
            _("This pair is no longer there: its records are not alike any more."), mend=_("Go on in the queue.")
        )
    return found


@require_GET
def pair(request: Request, number: int) -> HttpResponse:
    """Both records side by side, the reasons, and the decision."""
    return page_of(request, number)


def page_of(
    request: Request, number: int, *, problem: str = "", confirm: bool = False, status: int = 200
) -> HttpResponse:
    """The page of a pair; `problem` says why a decision was refused, `confirm` asks whether to undo all the same."""
    found = queries.pair_of(request.actor, pair_of(number))
    kept = filtering.kept(request.GET if request.method == "GET" else QueryDict(request.POST.get("filters", "")))
    following = queries.next_after(request.actor, found.pair, filtering.read(QueryDict(kept)))
    context = {
        "found": found,
        "pair": found.pair,
        "open": found.pair.status in (Status.WAITING, Status.LATER),
        "share": showing.share(found.pair),
        "verdict": showing.verdict(found.pair),
        "again": showing.state_words(found.pair),
        "rows": showing.rows(found),
        "reasons": showing.reasons(found),
        "sides": [_side(request, side) for side in (found.first, found.second)],
        "kept": kept,
        "next_url": address(following, kept) if following else "",
        "after": _after(request),
        "problem": problem,
        "confirm": confirm,
    }
    return render(request, "identity/pair.html", context, status=status)


def _side(request: Request, side: queries.Side) -> dict[str, Any]:
    return {
        "enterprise": side.enterprise,
        "name": in_words(dict(side.record.names)) or side.enterprise.code,
        "links": showing.links(side),
        "mine": request.actor.exchange_id == side.enterprise.exchange_id,
    }


def address(pair: IdentityPair, kept: str = "", after: int = 0) -> str:
    """The address of a pair with the queue's filters, and the pair that was decided before it."""
    parts = [kept] if kept else []
    parts += [f"after={after}"] if after else []
    return reverse("identity:pair", args=[pair.pk]) + (f"?{'&'.join(parts)}" if parts else "")


def _after(request: Request) -> dict[str, Any] | None:
    """The pair that was decided on just now, to be undone if that was a slip."""
    number = request.GET.get("after", "")
    if not number.isdecimal():
        return None
    found = (
        IdentityPair.objects.select_related("first", "second").filter(pk=number).exclude(status=Status.WAITING).first()
    )
    if found is None or not may(request.actor, "identity.see", found):
        return None
    return {"pair": found, "names": names_of(found)}


def names_of(pair: IdentityPair) -> str:
    """Both names."""
    language = reading.language()
    return f"{pair.first.name(language)} / {pair.second.name(language)}"


def _decide(request: Request, number: int, decision: str) -> HttpResponse:
    pair = pair_of(number)
    try:
        verbs.decide(
            actor=request.actor,
            pair=pair,
            decision=decision,
            remark=request.POST.get("note", ""),
            seen=request.POST.get("seen", ""),
        )
    except (ConflictError, StateError) as error:
        return page_of(request, number, problem=f"{error.message} {error.mend}", status=409)
    return onward(request, pair)


def onward(request: Request, pair: IdentityPair) -> HttpResponse:
    """To the next pair that waits, else to the queue; both can undo what was just decided."""
    kept = filtering.kept(QueryDict(request.POST.get("filters", "")))
    following = queries.next_after(request.actor, pair, filtering.read(QueryDict(kept)))
    if following is not None:
        return _see_other(address(following, kept, pair.pk))
    return _see_other(f"{reverse('identity:queue')}?after={pair.pk}")


def _see_other(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


@require_POST
def distinct(request: Request, number: int) -> HttpResponse:
    """Two enterprises; then the next pair."""
    return _decide(request, number, Status.DISTINCT)


@require_POST
def later(request: Request, number: int) -> HttpResponse:
    """Put off; then the next pair."""
    return _decide(request, number, Status.LATER)


@require_POST
def link(request: Request, number: int) -> HttpResponse:
    """One enterprise in the registers of two exchanges: linked, neither record is changed."""
    pair = pair_of(number)
    if not pair.crosses:
        return _see_other(reverse("identity:same", args=[number]))
    return _decide(request, number, Status.SAME)


@require_POST
def undo(request: Request, number: int) -> HttpResponse:
    """Undo the decision; the pair waits again."""
    pair = pair_of(number)
    try:
        verbs.undo(actor=request.actor, pair=pair, confirmed="confirmed" in request.POST)
    except ConflictError as error:
        return page_of(request, number, problem=f"{error.message} {error.mend}", confirm=True, status=409)
    except StateError as error:
        return page_of(request, number, problem=f"{error.message} {error.mend}", status=409)
    messages.success(request, _("Undone: everything is as it was before, and the pair waits again."))
    return _see_other(address(pair, filtering.kept(QueryDict(request.POST.get("filters", "")))))


@require_POST
def find(request: Request) -> HttpResponse:
    """Have the register looked through."""
    verbs.find(actor=request.actor)
    messages.info(request, _("The register is being looked through in the background; new pairs appear here."))
    return _see_other(reverse("identity:queue"))


@require_POST
def learn(request: Request) -> HttpResponse:
    """Teach the model the decisions so far."""
    try:
        verbs.learn(actor=request.actor)
    except StateError as error:
        messages.warning(request, f"{error.message} {error.mend}".strip())
    else:
        messages.success(
            request, _("The model has learned from your decisions; waiting pairs are being judged again in the background.")
        )
    return _see_other(reverse("identity:queue"))
