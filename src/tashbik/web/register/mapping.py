"""The map of what is found, with its finding in words and the table behind it. Not the drawing (charts.map) nor the gathering (exchange)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.exchange.queries.register import Found
from tashbik.exchange.queries.register_filters import Filters
from tashbik.exchange.queries.register_map import Spot, Spread, spread
from tashbik.registry.records import Place
from tashbik.web import reading
from tashbik.web.charts.map import Dot, drawn, frame_around, gathered
from tashbik.web.register import address, showing


def figure(found: Found) -> dict[str, Any]:
    """Picture, finding, table and what the map leaves out."""
    spread_out = spread(found)
    names = {
        one: showing.place(Place(country=one.country, region=one.region, locality=one.locality))
        for one in spread_out.spots
    }
    text = finding(spread_out, names)
    return {
        "finding": text,
        "picture": _picture(found.filters, spread_out.spots, names, text) if spread_out.spots else "",
        "headers": [_("Place"), _("Enterprises")],
        "rows": [[names[one], one.count] for one in spread_out.spots],
        "unplaced": spread_out.unplaced,
        "left_out": spread_out.left_out,
    }


def _picture(filters: Filters, spots: Sequence[Spot], names: dict[Spot, str], title: str) -> SafeString:
    points = [(one.latitude, one.longitude) for one in spots]
    frame = frame_around(points)
    dots = []
    for group in gathered(frame, points):
        members = [spots[one] for one in group]
        url = reverse("register:list") + address.query(_within(filters, members))
        dots.append(Dot(*points[group[0]], sum(one.count for one in members), _said(members, names), url))
    return drawn(frame, dots, language=reading.language(), title=title)


def _said(members: Sequence[Spot], names: dict[Spot, str]) -> str:
    total = sum(one.count for one in members)
    count = ngettext("%(count)s enterprise", "%(count)s enterprises", total) % {"count": reading.number(total)}
    if len(members) == 1:
        return f"{names[members[0]]}: {count}"
    return _("%(place)s and around: %(enterprises)s") % {"place": names[members[0]], "enterprises": count}


def _within(filters: Filters, members: Sequence[Spot]) -> Filters:
    """The same search in the country, or the region where it is one, of some spots."""
    countries = tuple(dict.fromkeys(one.country for one in members if one.country))
    regions = {one.region for one in members}
    return replace(
        filters, countries=countries, region=regions.pop() if len(countries) == 1 and len(regions) == 1 else ""
    )


def finding(spread_out: Spread, names: dict[Spot, str]) -> str:
    """The title of the map: how many, in how many places, and where most are."""
    if not spread_out.spots:
        return _("None of these enterprises has a place on the map")
    first = spread_out.spots[0]
    places = ngettext("%(count)s place", "%(count)s places", len(spread_out.spots)) % {
        "count": reading.number(len(spread_out.spots))
    }
    enterprises = ngettext("%(count)s enterprise", "%(count)s enterprises", spread_out.placed) % {
        "count": reading.number(spread_out.placed)
    }
    if len(spread_out.spots) == 1:
        return _("%(enterprises)s in one place: %(place)s") % {"enterprises": enterprises, "place": names[first]}
    return _("%(enterprises)s in %(places)s; the most (%(most)s) in %(place)s") % {
        "enterprises": enterprises,
        "places": places,
        "most": reading.number(first.count),
        "place": names[first],
    }
