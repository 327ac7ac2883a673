"""Merging a pair: the survivor and its fields are chosen, the answers checked, then it is done. Not the other decisions (views.py)."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange.merging import SIDES, combined
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import identity as queries
from tashbik.exchange.verbs import identity as verbs
from tashbik.web.identity import filtering, showing
from tashbik.web.identity.views import address, page_of, pair_of
from tashbik.web.request import Request

PREFIX = "field:"


def _chosen(values: Mapping[str, str]) -> dict[str, str]:
    """The choices of a form, field by field."""
    return {name[len(PREFIX) :]: str(value) for name, value in values.items() if name.startswith(PREFIX)}


def _survivor(values: Mapping[str, str], found: queries.Pair) -> str:
    return values.get("survivor", "") if values.get("survivor") in SIDES else found.survivor


def _refused(found: queries.Pair) -> bool:
    """Whether the two cannot be merged at all; their page says why."""
    return found.pair.crosses or bool(found.conflicts) or found.pair.status not in ("waiting", "later")


@require_GET
def same(request: Request, number: int) -> HttpResponse:
    """Choose which record goes on, and field by field whose value is kept."""
    pair = pair_of(number)
    require(request.actor, "identity.decide", pair)
    found = queries.pair_of(request.actor, pair)
    if _refused(found):
        return redirect("identity:pair", number)
    survivor = _survivor(request.GET, found)
    context = {
        "pair": pair,
        "found": found,
        "sides": [
            {"name": name, "enterprise": side.enterprise, "links": showing.links(side)}
            for name, side in zip(SIDES, (found.first, found.second), strict=True)
        ],
        "survivor": survivor,
        "options": showing.options(found, _chosen(request.GET), survivor),
        "taken": showing.taken(found),
        "kept": filtering.kept(request.GET),
    }
    return render(request, "identity/same.html", context)


@require_GET
def check(request: Request, number: int) -> HttpResponse:
    """What will come of the merge, to be confirmed."""
    pair = pair_of(number)
    require(request.actor, "identity.decide", pair)
    found = queries.pair_of(request.actor, pair)
    if _refused(found):
        return redirect("identity:pair", number)
    survivor, chosen = _survivor(request.GET, found), _chosen(request.GET)
    options = showing.options(found, chosen, survivor)
    settled = {one.key: one.chosen for one in options}
    goes_on, ends = (found.first, found.second) if survivor == "first" else (found.second, found.first)
    context = {
        "pair": pair,
        "found": found,
        "goes_on": goes_on.enterprise,
        "ends": ends.enterprise,
        "moves": showing.links(ends),
        "survivor": survivor,
        "settled": [(f"{PREFIX}{key}", value) for key, value in settled.items()],
        "outcome": showing.outcome(combined(found.first.record, found.second.record, settled, survivor)),
        "back": f"{reverse('identity:same', args=[number])}?{request.GET.urlencode()}",
        "kept": filtering.kept(request.GET),
    }
    return render(request, "identity/check.html", context)


@require_POST
def merge(request: Request, number: int) -> HttpResponse:
    """Merge; then the page of the pair, where it can be undone."""
    pair = pair_of(number)
    try:
        verbs.decide(
            actor=request.actor,
            pair=pair,
            decision="same",
            remark=request.POST.get("note", ""),
            seen=request.POST.get("seen", ""),
            survivor=request.POST.get("survivor", ""),
            choices=_chosen(request.POST.dict()),
        )
    except (ConflictError, StateError) as error:
        return page_of(request, number, problem=f"{error.message} {error.mend}", status=409)
    except InvalidError as error:
        problem = " ".join(text for texts in error.fields.values() for text in map(str, texts))
        return page_of(request, number, problem=problem, status=422)
    messages.success(request, _("Merged. The two are one enterprise of the register now."))
    response = HttpResponseRedirect(address(pair, filtering.kept(QueryDict(request.POST.get("filters", "")))))
    response.status_code = 303
    return response
