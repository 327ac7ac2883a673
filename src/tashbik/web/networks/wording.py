"""The words of the pages of networks: findings as sentences with their definitions, names of measures, kinds and origins. Not the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tashbik.exchange.queries.networks import Findings, Network
from tashbik.exchange.queries.networks_near import PURPOSES
from tashbik.network.gaps import NEAR_KM
from tashbik.network.wording import wording
from tashbik.nomenclature.classifications import isic
from tashbik.web import reading

TABLE = (
    "degree",
    "betweenness",
    "constraint",
    "core",
    "suppliers",
    "concentration",
    "sole_for",
    "position",
    "community",
)
"""Measures of the explorer's table, in the order of their use."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding: a sentence, its definition, what it covers, and the page that shows more."""

    title: str
    text: str
    definition: str
    coverage: str
    page: str


def iso(name: str) -> str:
    """A name kept apart from the direction of the words around it (Unicode isolates)."""
    return f"\u2068{name}\u2069"


def measure_word(name: str) -> str:
    """What a measure is called."""
    return {
        "degree": pgettext("measure", "Direct ties"),
        "strength": pgettext("measure", "Weight of ties"),
        "core": pgettext("measure", "Core"),
        "betweenness": pgettext("measure", "Brokerage"),
        "constraint": pgettext("measure", "Constraint"),
        "clustering": pgettext("measure", "Closure among neighbours"),
        "community": pgettext("measure", "Community"),
        "component": pgettext("measure", "Connected part"),
        "suppliers": pgettext("measure", "Suppliers"),
        "concentration": pgettext("measure", "Concentration of purchases"),
        "largest_part": pgettext("measure", "Part of the largest supplier"),
        "sole_for": pgettext("measure", "Only supplier of"),
        "position": pgettext("measure", "Position in the value chain"),
    }[name]


def definition(name: str, *, estimated: bool = False) -> str:
    """What a measure is, in the reader's language."""
    said, language = wording("measures.tsv"), reading.language()
    text = said[name][language]
    return f"{text} ({said['estimated'][language]})" if estimated else text


def kind_word(kind: str) -> str:
    """What a kind of node is called."""
    return {
        "enterprise": pgettext("node", "enterprise"),
        "buyer": pgettext("node", "buyer"),
        "institution": pgettext("node", "support institution"),
        "financier": pgettext("node", "financier"),
        "cluster": pgettext("node", "cluster"),
        "unnamed": pgettext("node", "unnamed buyer"),
        "outside": pgettext("node", "outside the register"),
    }.get(kind, kind)


def origin_word(origin: str) -> str:
    """Where a tie is known from."""
    return {
        "declared": pgettext("tie", "declared"),
        "asked": pgettext("tie", "asked to quote"),
        "quoted": pgettext("tie", "has quoted"),
        "awarded": pgettext("tie", "awarded"),
        "member": pgettext("tie", "member of a cluster"),
        "institution": pgettext("tie", "institution of a cluster"),
        "met": pgettext("tie", "met at the forum"),
    }.get(origin, origin)


def tie_word(kind: str) -> str:
    """What a kind of tie is called."""
    return {
        "link": pgettext("kind of tie", "match"),
        "rfq": pgettext("kind of tie", "request for quotation"),
        "award": pgettext("kind of tie", "award"),
        "supply": pgettext("kind of tie", "declared supply"),
        "process": pgettext("kind of tie", "alike in processes"),
        "place": pgettext("kind of tie", "neighbours"),
        "membership": pgettext("kind of tie", "membership"),
    }[kind]


def purpose_word(purpose: str) -> str:
    """What a horizontal network is for."""
    return {
        "purchasing": _("Joint purchasing"),
        "export": _("Joint export"),
        "machines": _("Sharing of capacity"),
    }[purpose]


def purpose_definition(purpose: str) -> str:
    """In what its members are alike."""
    return {
        "purchasing": _("Enterprises that work the same materials: bought together, they cost less."),
        "export": _(
            "Enterprises that make similar products: together they can fill an order or a stand at a fair abroad."
        ),
        "machines": _(
            "Enterprises with the same processes: they can take over from each other and share what stands idle."
        ),
    }[purpose]


def number(value: float | None) -> str:
    """A number in a sentence."""
    return reading.number(value)


def _names(network: Network, nodes: list[str]) -> str:
    return reading.listed([iso(network.name(one, reading.language())) for one in nodes])


# findings


def sentences(network: Network, found: Findings) -> list[Finding]:
    """The main findings, each with definition and coverage; what there is nothing to say about is left out."""
    made = [
        _reach(network),
        _communities(network, found),
        _hubs(network, found),
        _brokers(network, found),
        _dependence(found),
        _single(network, found),
        _unlinked(network, found),
        _absent(network, found),
        _horizontal(network),
        _sectors(network),
    ]
    return [one for one in made if one is not None]


def _reach(network: Network) -> Finding | None:
    known = network.coverage
    if not known.enterprises:
        return None
    values = {
        "tied": number(known.tied),
        "enterprises": number(known.enterprises),
        "share": reading.percent(known.tied / known.enterprises),
    }
    return Finding(
        _("Reach"),
        _("Of %(enterprises)s enterprises %(tied)s (%(share)s) have a known tie; of the others none is known yet.")
        % values,
        _("A tie is a declared supply, an award, a request for quotation, or membership of a cluster."),
        _("all published enterprises"),
        "explorer",
    )


def _covered(network: Network) -> str:
    count = len(network.stored.ids)
    return ngettext("%(count)s party with a tie", "%(count)s parties with a tie", count) % {"count": number(count)}


def _communities(network: Network, found: Findings) -> Finding | None:
    if not found.communities:
        return None
    largest = found.communities[0]
    count = len(found.communities)
    values = {
        "count": number(count),
        "size": number(len(largest.nodes)),
        "names": _names(network, list(largest.nodes[:3])),
    }
    return Finding(
        _("Communities"),
        ngettext(
            "The ties form %(count)s community of three and more; it has %(size)s parties, round %(names)s.",
            "The ties form %(count)s communities of three and more; the largest has %(size)s parties, round %(names)s.",
            count,
        )
        % values,
        definition("community"),
        _covered(network),
        "communities",
    )


def _hubs(network: Network, found: Findings) -> Finding | None:
    if not found.hubs:
        return None
    first = found.hubs[0]
    values = {"name": _names(network, [first.node]), "count": number(first.value)}
    text = _("%(name)s has the most direct ties: %(count)s.") % values
    if len(found.hubs) > 2:
        text += " " + _("Then come %(names)s.") % {"names": _names(network, [one.node for one in found.hubs[1:4]])}
    return Finding(_("Hubs"), text, definition("degree"), _covered(network), "explorer")


def _brokers(network: Network, found: Findings) -> Finding | None:
    if not found.brokers:
        return None
    first = found.brokers[0]
    values = {"name": _names(network, [first.node]), "share": reading.percent(first.value)}
    text = _("%(name)s bridges parties that are not tied otherwise: %(share)s of the shortest paths pass it.") % values
    estimated = "betweenness" in network.stored.estimated
    return Finding(_("Brokers"), text, definition("betweenness", estimated=estimated), _covered(network), "explorer")


def _dependence(found: Findings) -> Finding | None:
    if not found.buyers:
        return None
    values = {"count": number(found.dependent), "buyers": number(found.buyers)}
    text = ngettext(
        "%(count)s of %(buyers)s who buy has a single known supplier.",
        "%(count)s of %(buyers)s who buy have a single known supplier.",
        found.dependent,
    )
    coverage = ngettext("%(count)s buyer", "%(count)s buyers", found.buyers) % {"count": number(found.buyers)}
    return Finding(_("Dependence"), text % values, definition("suppliers"), coverage, "explorer")


def _single(network: Network, found: Findings) -> Finding | None:
    if not found.single or found.single[0][1] < 1:
        return None
    node, count = found.single[0]
    values = {"name": _names(network, [node]), "count": number(count)}
    text = ngettext(
        "%(name)s is the only known supplier of %(count)s buyer.",
        "%(name)s is the only known supplier of %(count)s buyers.",
        count,
    )
    return Finding(_("Weak points"), text % values, definition("sole_for"), _covered(network), "explorer")


def _demands(network: Network) -> str:
    count = network.coverage.demands
    return ngettext("%(count)s demand of released needs", "%(count)s demands of released needs", count) % {
        "count": number(count)
    }


def _unlinked(network: Network, found: Findings) -> Finding | None:
    count = len(found.unlinked)
    if not count:
        return None
    values = {"count": number(count), "what": iso(reading.concept(found.unlinked[0].concept))}
    text = ngettext(
        "%(count)s demand has a maker nearby that is not linked to the buyer: %(what)s.",
        "%(count)s demands have makers nearby that are not linked to the buyer, first of all %(what)s.",
        count,
    )
    return Finding(_("Missing linkages"), text % values, unlinked_definition(), _demands(network), "missing")


def _absent(network: Network, found: Findings) -> Finding | None:
    count = len(found.absent)
    if not count:
        return None
    values = {"count": number(count), "what": iso(reading.concept(found.absent[0].concept))}
    text = ngettext(
        "%(count)s demand has no maker nearby: %(what)s.",
        "%(count)s demands have no maker nearby, first of all %(what)s.",
        count,
    )
    return Finding(_("Missing makers"), text % values, absent_definition(), _demands(network), "missing")


def unlinked_definition() -> str:
    """What a missing linkage is."""
    return _(
        "Demanded by a released need and made within %(km)s km (or in the same region or country where coordinates are missing), but no supply or "
        "award ties buyer and maker."
    ) % {"km": number(NEAR_KM)}


def absent_definition() -> str:
    """What a missing maker is."""
    return _("Demanded by a released need, and no enterprise of the register within %(km)s km makes it.") % {
        "km": number(NEAR_KM)
    }


def _horizontal(network: Network) -> Finding | None:
    counts = {one: len(network.stored.alike.get(one, ())) for one in PURPOSES}
    total = sum(counts.values())
    if not total:
        return None
    parts = [f"{purpose_word(one)} ({number(count)})" for one, count in counts.items() if count]
    text = ngettext(
        "%(count)s group of similar enterprises could work together: %(parts)s.",
        "%(count)s groups of similar enterprises could work together: %(parts)s.",
        total,
    )
    return Finding(
        _("Horizontal networks"),
        text % {"count": number(total), "parts": reading.listed(parts)},
        likeness_definition(),
        _("all published enterprises"),
        "alike",
    )


def likeness_definition() -> str:
    """How likeness is measured."""
    return _("Likeness is the cosine of what enterprises have in common, from 0 to 1; what few have weighs more.")


def _sectors(network: Network) -> Finding | None:
    if not network.stored.quotients:
        return None
    first = network.stored.quotients[0]
    values: dict[str, Any] = {
        "sector": iso(sector_word(first.industry)),
        "region": iso(reading.place(first.region)),
        "times": number(round(first.quotient, 1)),
    }
    text = _("%(sector)s is %(times)s times as strong in %(region)s as in the whole.") % values
    count = network.coverage.placed_headcounts
    coverage = ngettext(
        "%(count)s enterprise with known headcount and region",
        "%(count)s enterprises with known headcount and region",
        count,
    ) % {"count": number(count)}
    return Finding(_("Specialised places"), text, quotient_definition(), coverage, "clusters")


def quotient_definition() -> str:
    """What a location quotient is."""
    return _(
        "Location quotient: an industry's share of the headcount in the region, divided by its share in the whole (Isard 1960); told from three enterprises on."
    )


def gamma_definition() -> str:
    """What Ellison and Glaeser's index is."""
    return _(
        "Ellison and Glaeser's index γ (1997): concentration beyond what chance and the size of plants explain; above 0.05 strong, about 0 as by chance."
    )


def sector_word(code: str) -> str:
    """The name of a division of ISIC."""
    return isic()[code].label(reading.language()) if code in isic() else code
