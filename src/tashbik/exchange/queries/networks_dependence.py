"""How far a large buyer depends on single suppliers, and who could take their place: what its resilience report tells. Not the graph's measures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Facet, Organisation
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries.networks import Ego, Network, ego, opened
from tashbik.exchange.queries.networks_levels import side_of
from tashbik.exchange.queries.networks_names import kind_of, nodes_of
from tashbik.exchange.queries.networks_ties import organisation_node
from tashbik.network.graph import Node
from tashbik.nomenclature.tables import ancestors

MODERATE, HIGH = 0.15, 0.25
"""Herfindahl–Hirschman index from which on concentration is moderate and high (US Department of Justice and FTC, Horizontal Merger Guidelines 2010, § 5.3)."""
REPLACEMENTS = 3
ALIKE = 0.2
"""Least part of a supplier's processes and products that who could take its place has."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """An enterprise that makes alike things: its node, the part of the supplier's processes and products that it has, and whether it is of the same country."""

    node: str
    likeness: float
    same_country: bool


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier of a buyer: its part of the weight of supplies, since when and from where it is known, its other buyers and own only supplier."""

    node: str
    part: float
    origins: tuple[str, ...]
    about: tuple[str, ...]
    as_of: date | None
    other_buyers: int
    only_supplier: str
    replacements: tuple[Replacement, ...]


@dataclass(frozen=True, slots=True)
class Dependence:
    """A buyer's dependence: suppliers by falling part, concentration, the part that comes from each country.

    `contacts`: how many others, who do not supply it, were asked to quote.
    """

    organisation: Organisation
    suppliers: tuple[Supplier, ...]
    nodes: dict[str, Node]
    concentration: float | None
    countries: tuple[tuple[str, float], ...]
    contacts: int
    as_of: date | None
    network: Network | None

    @property
    def grade(self) -> str:
        """low, moderate, high, or empty where nothing is known."""
        if self.concentration is None:
            return ""
        return "high" if self.concentration > HIGH else "moderate" if self.concentration >= MODERATE else "low"

    @property
    def irreplaceable(self) -> list[Supplier]:
        """Suppliers of the register for which no replacement is known in it."""
        return [one for one in self.suppliers if not one.replacements and kind_of(one.node) == "enterprise"]


@dataclass(frozen=True, slots=True)
class BuyerLine:
    """A buyer in the list of reports."""

    organisation: Organisation
    suppliers: int
    concentration: float | None
    largest: float | None


def buyers(actor: Actor, network: Network | None) -> list[BuyerLine]:
    """The buyers whose report the actor may read, those of most suppliers first."""
    rows = Organisation.objects.filter(kind=Organisation.Kind.BUYER, exchange=actor.exchange_id or 0)
    lines = []
    for one in rows:
        if not may(actor, "dependence.see", side_of(one)):
            continue
        node = organisation_node(one.pk)
        count = int((network.value(node, "suppliers") if network else None) or 0)
        lines.append(
            BuyerLine(
                one,
                count,
                network.value(node, "concentration") if network else None,
                network.value(node, "largest_part") if network else None,
            )
        )
    return sorted(lines, key=lambda one: (-one.suppliers, one.organisation.name))


def report(actor: Actor, organisation: Organisation) -> Dependence:
    """The resilience report of a buyer, from the ties that the actor may see. Raises NotPermittedError."""
    require(actor, "dependence.see", side_of(organisation))
    found = _ego(actor, organisation)
    network = found.network if found else opened(actor, organisation.exchange)
    if found is None:
        return Dependence(organisation, (), {}, None, (), 0, None, network)
    given = found.of("supplier")
    total = sum(one.weight for one in given)
    places = _replacements([one.node for one in given], {one.node for one in given})
    upstream = _upstream(network)
    suppliers = tuple(
        Supplier(
            one.node,
            one.weight / total,
            tuple(sorted({tie.origin for tie in one.ties})),
            tuple(dict.fromkeys(tie.about for tie in one.ties if tie.about)),
            max((tie.as_of for tie in one.ties if tie.as_of), default=None),
            *upstream.get(one.node, (0, "")),
            tuple(places.get(one.node, ())),
        )
        for one in given
    )
    nodes = found.nodes | _named(suppliers, network)
    parts: dict[str, float] = defaultdict(float)
    for one in suppliers:
        parts[nodes[one.node].country] += one.part
    return Dependence(
        organisation,
        tuple(sorted(suppliers, key=lambda one: (-one.part, one.node))),
        nodes,
        sum(one.part**2 for one in suppliers) if suppliers else None,
        tuple(sorted(parts.items(), key=lambda one: -one[1])),
        len({one.node for one in found.of("contact")} - {one.node for one in given}),
        max((one.as_of for one in suppliers if one.as_of), default=None),
        network,
    )


def _ego(actor: Actor, organisation: Organisation) -> Ego | None:
    try:
        return ego(actor, organisation_node(organisation.pk))
    except NotFoundError:
        return None


def _upstream(network: Network | None) -> dict[str, tuple[int, str]]:
    """Of each supplier in the network: how many buyers it has besides one, and its own supplier if it has one only."""
    if network is None:
        return {}
    sold: dict[int, set[int]] = defaultdict(set)
    bought: dict[int, set[int]] = defaultdict(set)
    for maker, buyer, _weight in network.supplies():
        sold[maker].add(buyer)
        bought[buyer].add(maker)
    ids = network.stored.ids
    return {
        ids[place]: (
            max(0, len(sold[place]) - 1),
            ids[next(iter(bought[place]))] if len(bought.get(place, ())) == 1 else "",
        )
        for place in list(sold)
    }


def _named(suppliers: tuple[Supplier, ...], network: Network | None) -> dict[str, Node]:
    wanted = {other.node for one in suppliers for other in one.replacements}
    wanted |= {one.only_supplier for one in suppliers if one.only_supplier}
    return nodes_of(wanted, network.stored.outside if network else {})


def _replacements(suppliers: list[str], known: set[str]) -> dict[str, list[Replacement]]:
    """For each supplier of the register the enterprises most alike in processes and products, not suppliers already; in two queries."""
    codes = [one for one in suppliers if kind_of(one) == "enterprise"]
    own: dict[str, set[str]] = defaultdict(set)
    home: dict[str, str] = {}
    kinds = ("process", "product")
    rows = Facet.objects.filter(enterprise__code__in=codes, kind__in=kinds)
    for code, country, value in rows.values_list("enterprise__code", "enterprise__country", "value"):
        own[code].add(value)
        home[code] = country
    narrow = {code: values - {up for one in values for up in ancestors(one)} for code, values in own.items()}
    wanted = set().union(*narrow.values()) if narrow else set()
    others: dict[str, set[str]] = defaultdict(set)
    where: dict[str, str] = {}
    rows = Facet.objects.filter(value__in=wanted, kind__in=kinds, enterprise__status=Enterprise.Status.PUBLISHED)
    rows = rows.exclude(enterprise__code__in=known)
    for code, country, value in rows.values_list("enterprise__code", "enterprise__country", "value"):
        others[code].add(value)
        where[code] = country
    return {code: _best(values, home[code], others, where) for code, values in narrow.items()}


def _best(values: set[str], country: str, others: dict[str, set[str]], where: dict[str, str]) -> list[Replacement]:
    scored = [
        Replacement(code, len(values & has) / len(values), where[code] == country)
        for code, has in others.items()
        if len(values & has) >= ALIKE * len(values)
    ]
    return sorted(scored, key=lambda one: (not one.same_country, -one.likeness, one.node))[:REPLACEMENTS]
