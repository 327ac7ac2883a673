"""A network as files: the explorer's data, the picture, GraphML, and tables of nodes and ties. Not the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries.networks_stored import kind_name, restored
from tashbik.network.analysis import table
from tashbik.network.drawing import svg
from tashbik.network.graph_files import graphml
from tashbik.registry.export import neutralised
from tashbik.web import reading
from tashbik.web.networks.frame import asked
from tashbik.web.networks.views import narrowed
from tashbik.web.networks.wording import kind_word, tie_word
from tashbik.web.printing import attachment
from tashbik.web.request import Request


def _network(request: Request) -> queries.Network:
    choice = asked(request)
    network = queries.opened(request.actor, choice.exchange, choice.basis)
    if network is None:
        raise NotFoundError(_("This network has not been analysed yet."), mend=_("Come back in a minute."))
    return network


@require_GET
def data(request: Request) -> HttpResponse:
    """What the explorer's script draws: nodes and ties by position."""
    network = _network(request)
    stored, language = network.stored, reading.language()
    kinds = [network.kind(node) for node in stored.ids]
    body = {
        "ids": stored.ids,
        "names": [network.name(node, language) for node in stored.ids],
        "kinds": kinds,
        "kindWords": {one: kind_word(one) for one in set(kinds)},
        "x": stored.x,
        "y": stored.y,
        "r": stored.radius,
        "community": stored.measures["community"],
        "degree": stored.measures["degree"],
        "source": stored.source,
        "target": stored.target,
        "ties": [kind_name(one) for one in stored.kind],
        "tieWords": {kind_name(one): tie_word(kind_name(one)) for one in set(stored.kind)},
    }
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response


def _picture(request: Request, network: queries.Network) -> str:
    found, where = restored(network.stored, network.nodes, network.row.as_of)
    chosen = narrowed(request, network)
    some = frozenset(chosen) if len(chosen) < len(network.stored.ids) else None
    return svg(found, language=reading.language(), where=where, chosen=some)


@require_GET
def picture(request: Request) -> HttpResponse:
    """The picture of the network; what the filters leave stands out."""
    response = HttpResponse(_picture(request, _network(request)), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def file(request: Request, ending: str) -> HttpResponse:
    """The network as GraphML, as a table of nodes or of ties, or as a picture."""
    network = _network(request)
    name = f"network-{network.row.exchange.code if network.row.exchange else 'all'}"
    if ending == "svg":
        return attachment(_picture(request, network).encode(), "image/svg+xml", f"{name}.svg")
    if ending == "ties.csv":
        return attachment(_csv(_ties(network)), "text/csv; charset=utf-8", f"{name}-ties.csv")
    if ending not in ("graphml", "csv"):
        raise NotFoundError(_("There is no such kind of file."), mend=_("Use graphml, csv or svg."))
    found, _where = restored(network.stored, network.nodes, network.row.as_of)
    if ending == "graphml":
        body = "".join(graphml(found, reading.language())).encode()
        return attachment(body, "application/graphml+xml", f"{name}.graphml")
    header, rows = table(found)
    named = ([row[0], network.name(str(row[0]), reading.language()), *row[2:]] for row in rows)
    return attachment(_csv([header, *named]), "text/csv; charset=utf-8", f"{name}.csv")


def _ties(network: queries.Network) -> Iterable[list[Any]]:
    stored, language = network.stored, reading.language()
    yield ["source", "target", "kind", "weight", "source_name", "target_name"]
    for one, other, kind, weight in zip(stored.source, stored.target, stored.kind, stored.weight, strict=True):
        first, second = stored.ids[one], stored.ids[other]
        names = [network.name(first, language), network.name(second, language)]
        yield [first, second, kind_name(kind), weight, *names]


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([neutralised(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")
