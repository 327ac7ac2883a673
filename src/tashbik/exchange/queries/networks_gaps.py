"""Missing linkages from the needs and the register: demanded here and made here but not linked; made nowhere near. Not the rule (network.gaps)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from tashbik.exchange.models import Enterprise, Facet, Need
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_ties import Scope, enterprise_node, organisation_node, unnamed_node
from tashbik.network.gaps import Demand, Supply, missing_links
from tashbik.network.graph import LinkageGraph
from tashbik.registry import records
from tashbik.registry.records import Place

MOST = 500
"""Missing linkages that are kept, the most demanded first."""


class Gap(msgspec.Struct, frozen=True):
    """A missing linkage: `kind` unlinked or absent; the buyer's node; what is demanded; the needs that say so; makers, nearest first; km of the nearest."""

    kind: str
    buyer: str
    concept: str
    needs: list[str]
    makers: list[str]
    km: float | None


def gaps(scope: Scope, level: str, linked: LinkageGraph) -> tuple[list[Gap], int]:
    """The missing linkages that may be shown at a level, and how many demands were looked at. `linked`: who supplies whom."""
    said: dict[tuple[str, str], list[tuple[str, Place]]] = defaultdict(list)
    for need in _needs(scope, level):
        record = msgspec.convert(need.record, records.Need)
        for concept in demanded(record):
            said[_buyer(need, scope, level), concept].append((need.code, _place(record, need)))
    demands = [
        Demand(enterprise=buyer, concept=concept, place=where[0][1], weight=float(len(where)))
        for (buyer, concept), where in said.items()
    ]
    found = missing_links(demands, _supplies({concept for _, concept in said}), linked)
    made = [
        Gap(
            kind=one.kind,
            buyer=one.enterprise,
            concept=one.concept,
            needs=[code for code, _ in said[one.enterprise, one.concept]],
            makers=list(one.makers),
            km=one.km,
        )
        for one in found
    ]
    return made[:MOST], len(demands)


def _needs(scope: Scope, level: str) -> Iterable[Need]:
    needs = Need.objects.filter(status=Need.Status.RELEASED).select_related("exchange").order_by("pk")
    if scope.exchange_id:
        needs = needs.filter(exchange=scope.exchange_id)
    if level != Level.EXCHANGE:
        needs = needs.filter(confidentiality=Need.Confidentiality.OPEN)
    return needs.iterator(500)


def _place(record: records.Need, need: Need) -> Place:
    """Where it is demanded; a need that names no place is of its exchange's country."""
    known = record.place
    return known if known.country or known.latitude is not None else Place(country=need.exchange.country)


def _buyer(need: Need, scope: Scope, level: str) -> str:
    """The node of the buyer, who is named to the officers of the need's exchange alone where the need is anonymous."""
    own = level == Level.EXCHANGE and need.exchange_id == scope.exchange_id
    if need.buyer_id is None or (need.anonymous and not own):
        return unnamed_node(need.code)
    return organisation_node(need.buyer_id)


def demanded(need: records.Need) -> list[str]:
    """The concepts that the lines of a need demand: processes, else products, of its mandatory requirements."""
    found: dict[str, None] = {}
    for line in need.lines:
        for kind in ("process", "product"):
            asked = [one.values[0] for one in line.requirements if one.kind == kind and one.mandatory and one.values]
            if asked:
                found.update(dict.fromkeys(asked))
                break
    return list(found)


def _supplies(concepts: set[str]) -> list[Supply]:
    """Who makes what is demanded; enterprises are found by broader concepts too."""
    rows = Facet.objects.filter(value__in=concepts, enterprise__status=Enterprise.Status.PUBLISHED).order_by("pk")
    path = "enterprise__"
    fields = ("code", "country", "region", "latitude", "longitude")
    return [
        Supply(
            enterprise=enterprise_node(code),
            concept=value,
            place=Place(country=country, region=region, latitude=latitude, longitude=longitude),
        )
        for value, code, country, region, latitude, longitude in rows.values_list(
            "value", *(path + one for one in fields)
        )
    ]
