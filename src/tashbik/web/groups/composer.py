"""The composer of groups beside the matches of a need: conditions by GET, the group found, and keeping it. Not the stored group (views.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from msgspec.structs import replace

from tashbik.errors import ConflictError
from tashbik.exchange.composition import Composed, Wish, composed, line_title
from tashbik.exchange.models import Exchange, Need
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries import groups as queries
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.group_sources import Market, exchanges_to_pass_on, market_of
from tashbik.exchange.verbs import groups as verbs
from tashbik.network import Sources
from tashbik.network.wording import name_of
from tashbik.web import reading
from tashbik.web.groups import wishes
from tashbik.web.groups.showing import shown
from tashbik.web.matches.choices import Option
from tashbik.web.needs.working import digits_of
from tashbik.web.request import Request
from tashbik.web.rfq.views import seen


@dataclass(frozen=True, slots=True)
class Found:
    """The wish as it was answered, the market it was answered from, and the answer (None where nobody could take part)."""

    wish: Wish
    market: Market
    made: Composed | None
    widened: bool

    @property
    def foreign(self) -> list[Exchange]:
        """The exchanges that the need must be passed on to before all members can be asked."""
        group = self.made.group if self.made else None
        return exchanges_to_pass_on(self.market, group.partners) if group else []


def find(request: Request, need: Need) -> Found:
    """Compose what the address asks for. Where it does not say whose enterprises take part: those that can be asked, and all if they do not suffice."""
    asked = wishes.read(request.GET)
    market = market_of(request.actor, need)
    made = _composed(market, asked.wish)
    if asked.reach_said or not market.shut or (made is not None and made.complete):
        return Found(asked.wish, market, made, widened=False)
    wide = replace(asked.wish, reach="all")
    wider = _composed(market, wide)
    if wider is None or not _covers_more(wider, made):
        return Found(asked.wish, market, made, widened=False)
    return Found(wide, market, wider, widened=True)


def _composed(market: Market, wish: Wish) -> Composed | None:
    sources = market.sources(wish)
    return composed(sources, wish) if sources.offers else None


def _covers_more(wider: Composed, made: Composed | None) -> bool:
    before = made.group.covered if made and made.group else 0.0
    return wider.group is not None and wider.group.covered > before + 1e-6


@require_GET
def compose(request: Request, code: str) -> HttpResponse:
    """The composer; for htmx its result alone."""
    need = needs.find(request.actor, code)
    require(request.actor, "group.compose", need)
    verbs.expect_released(need)
    found = find(request, need)
    context = _result(request, need, found)
    if request.htmx:
        return render(request, "groups/_result.html", context)
    context |= _fields(found) | {"kept": queries.of_need(request.actor, need)}
    return render(request, "groups/compose.html", context)


def _result(request: Request, need: Need, found: Found) -> dict[str, Any]:
    made = found.made
    group = made.group if made else None
    return {
        "need": need,
        "wish": found.wish,
        "pairs": wishes.pairs(found.wish),
        "shown": shown(made, digits=digits_of(request), url=reverse("groups:compose", args=(need.code,)))
        if made
        else None,
        "seen": group.partners if group else (),
        "foreign": found.foreign,
        "made_on": date.today(),
        "widened": found.widened,
        "may_refer": may(request.actor, "need.refer", need),
    }


# the fields


def _fields(found: Found) -> dict[str, Any]:
    """What the composer's form offers."""
    wish, wide = found.wish, found.market.sources(replace(found.wish, reach="all"))
    names = _names(wide)
    countries = sorted({one.place.country for one in wide.partners if one.place.country} | {wish.country} - {""})
    home = wish.country or wide.order.place.country or found.market.need.exchange.country
    made = found.made
    return {
        "reaches": _reaches(found),
        "most_partners": min(wishes.MOST, max(2, len(wide.partners))),
        "most_percent": round(100 * wish.most_part),
        "local_percent": round(100 * wish.local),
        "lines": [Option(one.id, line_title(wide.order, one.id), one.id in wish.critical) for one in wide.order.lines],
        "countries": [Option(one, reading.place(one), one == home) for one in countries],
        "leads": [Option(code, name, code == wish.lead) for code, name in names],
        "firms": [Option(code, name, False) for code, name in names],
        "left_out": [Option(code, dict(names).get(code, code), True) for code in wish.excluded],
        "taken_in": [Option(code, dict(names).get(code, code), True) for code in wish.required],
        "apart": [
            Option(wishes.PAIR.join(pair), reading.listed([dict(names).get(one, one) for one in pair]), True)
            for pair in wish.apart
        ],
        "cautions": _levels(wish.caution),
        "risks": _levels(wish.risk_cost),
        "currency": found.market.currency,
        "costed": made is not None and made.costed,
    }


def _names(sources: Sources) -> list[tuple[str, str]]:
    by_id = {one.id: one for one in sources.partners}
    named = [(code, name_of(code, by_id, reading.language())) for code in by_id]
    return sorted(named, key=lambda one: one[1].casefold())


def _reaches(found: Found) -> list[Option]:
    labels = {"own": _("only those that can be asked now"), "all": _("those of all exchanges")}
    return [Option(value, label, value == found.wish.reach) for value, label in labels.items()]


def _levels(value: float) -> list[Option]:
    labels = (_("not counted"), _("a little"), _("much"), _("very much"))
    return [Option(str(number), label, number == value) for number, label in enumerate(labels)]


# keeping


@require_POST
def keep(request: Request, code: str) -> HttpResponse:
    """Keep the group that was shown, as a draft."""
    need = needs.find(request.actor, code)
    asked = wishes.read(request.POST)
    version = request.POST.get("version", "")
    try:
        group = verbs.compose(
            actor=request.actor,
            need=need,
            version=int(version) if version.isascii() and version.isdigit() else 0,
            wish=asked.wish,
            seen=request.POST.getlist("member"),
        )
    except ConflictError as error:
        messages.warning(request, f"{error.message} {error.mend}")
        response = seen("groups:compose", need.code)
        response["Location"] += wishes.query_of(asked.wish)
        return response
    messages.success(request, _("The group was kept. Its members see nothing until you propose it to them."))
    return seen("groups:page", group.code)
