"""Reading a network: overview, explorer, communities, missing linkages, horizontal networks. Not single nodes (nodes.py), clusters or reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tashbik.exchange.models import Role
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries.needs import visible
from tashbik.exchange.queries.networks_gaps import Gap
from tashbik.exchange.queries.networks_names import nodes_of
from tashbik.exchange.queries.networks_near import PURPOSES
from tashbik.exchange.queries.networks_ties import organisation_node
from tashbik.language.analysis import fold
from tashbik.network.analysis import NAMES
from tashbik.web import reading
from tashbik.web.networks import wording
from tashbik.web.networks.frame import Asked, asked, digits_of, frame, shown_node
from tashbik.web.request import Request

PAGE = 25
"""Rows of a page."""
SHARES = 8


@require_GET
def overview(request: Request) -> HttpResponse:
    """Why networks matter here, for who decides."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange)
    context = frame(request, "overview", choice, network)
    if network is None:
        return render(request, "networks/empty.html", context)
    found = queries.findings(network)
    context |= {
        "findings": [
            (one, reverse(f"networks:{one.page}") + choice.query) for one in wording.sentences(network, found)
        ],
        "origins": [
            (wording.origin_word(one), count, network.coverage.shown.get(one, 0))
            for one, count in sorted(network.coverage.ties.items(), key=lambda pair: -pair[1])
        ],
        "hubs": [(shown_node(one.node, network.nodes), one.value) for one in found.hubs],
        "own_url": _own_url(request),
        "brokers": [(shown_node(one.node, network.nodes), one.value) for one in found.brokers],
    }
    return render(request, "networks/overview.html", context)


def _own_url(request: Request) -> str:
    """The page of the enterprise or organisation that the reader acts for."""
    membership = request.membership
    if membership is not None and membership.enterprise is not None:
        return reverse("networks:node", args=(membership.enterprise.code,))
    if membership is not None and request.actor.role == Role.BUYER and membership.organisation_id:
        return reverse("networks:node", args=(organisation_node(membership.organisation_id),))
    return ""


@require_GET
def explorer(request: Request) -> HttpResponse:
    """The graph to look at, to search and filter, with the table behind it."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange, choice.basis)
    context = frame(request, "explorer", choice, network)
    if network is None:
        return render(request, "networks/empty.html", context)
    digits = digits_of(request)
    chosen, order = narrowed(request, network), _order(request)
    page = Paginator(ordered(network, chosen, order), PAGE).get_page(request.GET.get("page"))
    context |= {
        "page": page,
        "rows": [_row(network, place, digits) for place in page],
        "columns": [(one, wording.measure_word(one), wording.definition(one)) for one in wording.TABLE],
        "sort": order,
        "text": _text(request),
        "kind": request.GET.get("kind", ""),
        "community": request.GET.get("community", ""),
        "kinds": [(one, wording.kind_word(one)) for one in sorted({network.kind(node) for node in network.stored.ids})],
        "communities": [one.number for one in queries.communities(network)],
        "narrow": bool(_text(request) or request.GET.get("kind") or request.GET.get("community")),
        "found": len(chosen),
        "picture_url": reverse("networks:picture") + _kept(request, choice),
        "data_url": reverse("networks:data") + choice.query,
        "node_url": reverse("networks:node", args=("NODE",)),
        "files": [
            (one.upper(), reverse("networks:file", args=(one,)) + choice.query) for one in ("graphml", "csv", "svg")
        ],
        "ties_url": reverse("networks:file", args=("ties.csv",)) + choice.query,
        "words": _script_words(),
    }
    return render(request, "networks/explorer.html", context)


def _script_words() -> dict[str, str]:
    """The words that the explorer's script says."""
    return {
        "ties": _("direct ties: {count}"),
        "none": _("Nothing of this name here."),
        "found": _("found: {count}"),
        "cleared": _("Nothing is chosen."),
        "community": _("Community %(number)s") % {"number": "{number}"},
        "others": _("smaller communities"),
        "failed": _("The network could not be fetched. The table below shows it all the same."),
    }


def _text(request: Request) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:100].strip()


def _kept(request: Request, choice: Asked) -> str:
    extra = {one: request.GET[one] for one in ("q", "kind", "community") if request.GET.get(one)}
    return choice.query + ("&" + urlencode(extra) if extra else "")


def narrowed(request: Request, network: queries.Network) -> list[int]:
    """The positions that the filters leave."""
    text, kind, number = fold(_text(request)), request.GET.get("kind", ""), request.GET.get("community", "")
    of = network.stored.measures["community"]
    return [
        place
        for place, node in enumerate(network.stored.ids)
        if (not kind or network.kind(node) == kind)
        and (not number.isdigit() or of[place] == int(number))
        and (not text or _says(network, node, text))
    ]


def _says(network: queries.Network, node: str, text: str) -> bool:
    known = network.nodes[node]
    return any(text in fold(name) for name in (*known.names.values(), node))


def _order(request: Request) -> str:
    asked_for = request.GET.get("sort", "")
    return asked_for if asked_for.removeprefix("-") in NAMES else "-degree"


def ordered(network: queries.Network, places: Iterable[int], order: str) -> list[int]:
    """Positions in the order of a measure; those without it come last."""
    values, sign = network.stored.measures[order.removeprefix("-")], -1.0 if order.startswith("-") else 1.0
    ids = network.stored.ids

    def key(place: int) -> tuple[bool, float, str]:
        value = values[place]
        return value is None, sign * (value or 0.0), ids[place]

    return sorted(places, key=key)


def _row(network: queries.Network, place: int, digits: str) -> dict[str, Any]:
    measures = network.stored.measures
    return {
        "node": shown_node(network.stored.ids[place], network.nodes),
        "values": [(wording.measure_word(one), _written(one, measures[one][place], digits)) for one in wording.TABLE],
    }


WHOLE = frozenset({"degree", "core", "community", "component", "suppliers", "sole_for"})
"""Measures that count; the others are shown with three decimals, so that a column stands on its decimal sign."""


def _written(name: str, value: float | None, digits: str) -> str:
    if value is None:
        return ""
    return reading.number(int(value), digits) if name in WHOLE else reading.decimals(value, 3, digits)


@require_GET
def definitions(request: Request) -> HttpResponse:
    """Every measure with what it means, how much of the network it covers, and the day of the newest tie."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange, choice.basis)
    context = frame(request, "", choice, network)
    if network is None:
        return render(request, "networks/empty.html", context)
    context["measures"] = [
        {
            "word": wording.measure_word(one),
            "definition": wording.definition(one, estimated=one in network.stored.estimated),
            "coverage": _coverage(network.stored.measures[one]),
        }
        for one in NAMES
    ]
    context["others"] = [
        (_("Missing linkages"), wording.unlinked_definition()),
        (_("Missing makers"), wording.absent_definition()),
        (_("Horizontal networks"), wording.likeness_definition()),
        (_("Specialised places"), wording.quotient_definition()),
        (_("Concentration of industries"), wording.gamma_definition()),
    ]
    return render(request, "networks/definitions.html", context)


def _coverage(values: list[float | None]) -> float:
    return sum(one is not None for one in values) / max(1, len(values))


@require_GET
def communities(request: Request) -> HttpResponse:
    """The communities, the largest first."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange)
    context = frame(request, "communities", choice, network)
    if network is None:
        return render(request, "networks/empty.html", context)
    found = queries.communities(network)
    context |= {
        "rows": [
            {
                "one": one,
                "url": reverse("networks:community", args=(one.number,)) + choice.query,
                "leaders": [shown_node(node, network.nodes) for node in one.nodes[:3]],
                "closed": one.inside / (one.inside + one.outside) if one.inside + one.outside else None,
            }
            for one in found
        ],
        "modularity": round(network.stored.modularity, 3),
        "definition": wording.definition("community"),
    }
    return render(request, "networks/communities.html", context)


@require_GET
def community(request: Request, number: int) -> HttpResponse:
    """One community: who is in it, what they make, who ties it to others."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange)
    context = frame(request, "communities", choice, network)
    if network is None:
        return render(request, "networks/empty.html", context)
    one = queries.community(network, number)
    places = [network.position[node] for node in one.nodes]
    page = Paginator(ordered(network, places, _order(request)), PAGE).get_page(request.GET.get("page"))
    context |= {
        "one": one,
        "page": page,
        "rows": [_row(network, place, digits_of(request)) for place in page],
        "columns": [(name, wording.measure_word(name), wording.definition(name)) for name in wording.TABLE],
        "sort": _order(request),
        "makings": queries.makings(one.nodes)[:SHARES],
        "picture_url": reverse("networks:picture") + choice.query + f"&community={number}",
        "explorer_url": reverse("networks:explorer") + choice.query + f"&community={number}",
    }
    return render(request, "networks/community.html", context)


@require_GET
def missing(request: Request) -> HttpResponse:
    """What is demanded and made near but not linked, and what is made nowhere near."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange)
    context = frame(request, "missing", choice, network)
    if network is None:
        return render(request, "networks/empty.html", context)
    kind = "absent" if request.GET.get("kind") == "absent" else "unlinked"
    found = [one for one in network.stored.gaps if one.kind == kind]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context |= {
        "kind": kind,
        "kinds": [
            {
                "label": text,
                "url": reverse("networks:missing") + choice.query + f"&kind={one}",
                "current": one == kind,
                "count": sum(gap.kind == one for gap in network.stored.gaps),
            }
            for one, text in (("unlinked", _("Made nearby, not linked")), ("absent", _("No maker nearby")))
        ],
        "page": page,
        "rows": gap_rows(request, network, list(page)),
        "definition": wording.unlinked_definition() if kind == "unlinked" else wording.absent_definition(),
        "demands": network.coverage.demands,
    }
    return render(request, "networks/missing.html", context)


def gap_rows(request: Request, network: queries.Network, gaps: list[Gap]) -> list[dict[str, Any]]:
    """Missing linkages with the needs and makers that the reader may open."""
    codes = {code for one in gaps for code in one.needs}
    titles = dict(visible(request.actor).filter(code__in=codes).values_list("code", "title"))
    nodes = network.nodes | nodes_of(
        {node for one in gaps for node in (*one.makers, one.buyer)}, network.stored.outside
    )
    return [
        {
            "what": reading.concept(one.concept),
            "search": reverse("register:list") + "?" + urlencode({"concept": one.concept}),
            "buyer": shown_node(one.buyer, nodes),
            "needs": [(code, titles[code]) for code in one.needs if code in titles],
            "makers": [shown_node(node, nodes) for node in one.makers if node in nodes],
            "km": None if one.km is None else round(one.km),
            "kind": one.kind,
        }
        for one in gaps
    ]


@require_GET
def alike(request: Request) -> HttpResponse:
    """Groups of alike enterprises, for a purpose."""
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange)
    context = frame(request, "alike", choice, network)
    if network is None:
        return render(request, "networks/empty.html", context)
    purpose = request.GET.get("purpose", "")
    purpose = purpose if purpose in PURPOSES else "purchasing"
    groups = network.stored.alike.get(purpose, [])
    page = Paginator(groups, PAGE).get_page(request.GET.get("page"))
    nodes = nodes_of({node for one in page for node in one.members}, {})
    digits = digits_of(request)
    context |= {
        "kinds": [
            {
                "label": wording.purpose_word(one),
                "url": reverse("networks:alike") + choice.query + f"&purpose={one}",
                "current": one == purpose,
                "count": len(network.stored.alike.get(one, ())),
            }
            for one in PURPOSES
        ],
        "page": page,
        "rows": [
            {
                "members": [shown_node(node, nodes) for node in one.members if node in nodes],
                "shared": [reading.concept(concept) for concept in one.shared],
                "likeness": reading.percent(round(one.likeness, 2), digits),
                "countries": [reading.place(code) for code in one.countries],
            }
            for one in page
        ],
        "purpose": wording.purpose_definition(purpose),
        "definition": wording.likeness_definition(),
    }
    return render(request, "networks/alike.html", context)
