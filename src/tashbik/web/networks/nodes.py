"""One node of the network: its ties, where it stands, on whom it depends, what it could gain. Not the graph."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tashbik.exchange.models import Enterprise, MeetingFeedback
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries.networks_levels import side_of
from tashbik.exchange.queries.networks_names import nodes_of
from tashbik.exchange.queries.networks_ties import Tie
from tashbik.web import reading
from tashbik.web.networks import wording
from tashbik.web.networks.frame import Asked, Shown, frame, newest_of, shown_node
from tashbik.web.networks.picture import ego_picture
from tashbik.web.networks.views import gap_rows
from tashbik.web.request import Request

SHOWN_MEASURES = ("degree", "betweenness", "constraint", "core", "suppliers", "concentration", "sole_for", "position")


@require_GET
def page(request: Request, node: str) -> HttpResponse:
    """A node with its ties."""
    ego = queries.ego(request.actor, node)
    choice = Asked(ego.subject.exchange)
    nodes = {**(ego.network.nodes if ego.network else {}), **ego.nodes}
    nodes |= nodes_of([node], {})
    itself = shown_node(node, nodes)
    parts = [
        (title, [_neighbour(request, one, nodes, total) for one in found])
        for title, found, total in (
            (_("Buys from"), ego.of("supplier"), sum(one.weight for one in ego.of("supplier"))),
            (_("Supplies"), ego.of("buyer"), sum(one.weight for one in ego.of("buyer"))),
            (_("Requests and quotes"), ego.of("contact"), 0.0),
            (_("Clusters and institutions"), ego.of("cluster", "institution"), 0.0),
        )
        if found
    ]
    enterprise = ego.subject if isinstance(ego.subject, Enterprise) else None
    context = frame(request, "", choice, ego.network) | {
        "ego": ego,
        "itself": itself,
        "parts": parts,
        "place": _place(ego),
        "sentences": _sentences(ego, nodes),
        "measures": _measures(ego),
        "picture": ego_picture(ego, nodes, itself.name) if ego.neighbours else "",
        "gap_rows": gap_rows(request, ego.network, list(ego.gaps)[:10]) if ego.network else [],
        "groups": _groups(ego),
        "enterprise": enterprise,
        "profile_url": reverse("register:profile", args=(enterprise.code,)) if enterprise else "",
        "may_declare": may(request.actor, "tie.declare", side_of(ego.subject)),
        "is_own": bool(request.actor.parties & _party(ego)),
        "may_see_dependence": enterprise is None and may(request.actor, "dependence.see", side_of(ego.subject)),
    }
    return render(request, "networks/node.html", context)


def _party(ego: queries.Ego) -> set[tuple[str, int]]:
    kind = "enterprise" if isinstance(ego.subject, Enterprise) else "organisation"
    return {(kind, ego.subject.pk)}


def _neighbour(request: Request, one: queries.Neighbour, nodes: dict[str, Any], total: float) -> dict[str, Any]:
    declared = [tie for tie in one.ties if tie.origin == "declared"]
    return {
        "node": shown_node(one.node, nodes),
        "origins": list(dict.fromkeys(wording.origin_word(tie.origin) for tie in one.ties)),
        "about": list(dict.fromkeys(tie.about for tie in one.ties if tie.about)),
        "sources": list(dict.fromkeys(_source(tie) for tie in one.ties)),
        "as_of": newest_of(one.ties),
        "part": one.weight / total if total else None,
        "removable": [tie.pk for tie in declared if _may_remove(request, tie)],
    }


def _source(tie: Tie) -> str:
    """From where a tie is known: what was declared, what came of a meeting, or the exchange's own records."""
    if tie.origin == "met" and tie.words in MeetingFeedback.Outcome.values:
        return str(MeetingFeedback.Outcome(tie.words).label)
    return tie.words or _("records of this exchange")


def _may_remove(request: Request, tie: Tie) -> bool:
    from tashbik.exchange.models.parties import Role

    office = request.actor.role == Role.OFFICER and request.actor.exchange_id == tie.exchange_id
    allowed = request.actor.role in (Role.MEMBER, Role.BUYER) and bool(tie.parties & request.actor.parties)
    return office or allowed


def _place(ego: queries.Ego) -> str:
    """Where the node stands among all that have ties, in a sentence."""
    degree = ego.network.value(ego.node, "degree") if ego.network else None
    if ego.network is None or degree is None:
        return ""
    values = [one or 0 for one in ego.network.stored.measures["degree"]]
    below = sum(one < degree for one in values) / len(values)
    return _("It has more direct ties than %(share)s of those in the network.") % {"share": reading.percent(below)}


def _sentences(ego: queries.Ego, nodes: dict[str, Any]) -> list[str]:
    """Whom the node depends on, and who depends on it."""
    made = []
    for found, one_only, largest in (
        (
            ego.of("supplier"),
            _("Its only known supplier is %(name)s: if it fails, nobody is known who takes its place."),
            _("Its largest known supplier is %(name)s with %(share)s of the weight of supplies."),
        ),
        (
            ego.of("buyer"),
            _("Its only known buyer is %(name)s: it depends on it alone."),
            _("Its largest known buyer is %(name)s with %(share)s of the weight of what it supplies."),
        ),
    ):
        if found:
            values = {
                "name": wording.iso(shown_node(found[0].node, nodes).name),
                "share": reading.percent(found[0].weight / sum(one.weight for one in found)),
            }
            made.append((one_only if len(found) == 1 else largest) % values)
    sole = ego.network.value(ego.node, "sole_for") if ego.network else None
    if sole:
        text = ngettext(
            "%(count)s buyer has no other known supplier.", "%(count)s buyers have no other known supplier.", int(sole)
        )
        made.append(text % {"count": reading.number(int(sole))})
    return made


def _measures(ego: queries.Ego) -> list[dict[str, Any]]:
    if ego.network is None or ego.node not in ego.network.position:
        return []
    return [
        {
            "label": wording.measure_word(one),
            "value": _written(ego.network.value(ego.node, one)),
            "detail": wording.definition(one),
        }
        for one in SHOWN_MEASURES
        if ego.network.value(ego.node, one) is not None
    ]


def _written(value: float | None) -> str:
    return reading.number(None if value is None else round(value, 3))


def _groups(ego: queries.Ego) -> list[dict[str, Any]]:
    names = nodes_of({node for _why, one in ego.groups for node in one.members}, {})
    return [
        {
            "purpose": wording.purpose_word(why),
            "members": [_other(node, names) for node in one.members if node != ego.node and node in names],
            "shared": [reading.concept(concept) for concept in one.shared],
        }
        for why, one in ego.groups
    ]


def _other(node: str, names: dict[str, Any]) -> Shown:
    return shown_node(node, names)
