"""Networks as an actor may see them: the stored analysis of a scope with names, its findings, one node with its ties, one community.

Not the making of the analysis (networks_stored.py), nor who depends on whom (networks_dependence.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import DeclaredTie, Enterprise, Exchange, Facet, NetworkSnapshot, Organisation
from tashbik.exchange.queries.networks_gaps import Gap
from tashbik.exchange.queries.networks_levels import as_seen, eyes_of, level_of
from tashbik.exchange.queries.networks_names import kind_of, nodes_of
from tashbik.exchange.queries.networks_near import AlikeGroup
from tashbik.exchange.queries.networks_stored import (
    SUPPLYING,
    Coverage,
    StoredNetwork,
    coverage_of,
    kind_name,
    newest,
    unpacked,
    without,
)
from tashbik.exchange.queries.networks_ties import (
    Scope,
    Tie,
    all_ties,
    enterprise_node,
    organisation_node,
    outside_node,
)
from tashbik.network.graph import Node
from tashbik.nomenclature.tables import ancestors

SMALLEST_COMMUNITY = 3
"""Nodes from which on a community is told of."""
TOP = 8


@dataclass(frozen=True, eq=False)
class Network:
    """A stored network with the names of its nodes as they stand now; nodes that are gone since are left out."""

    row: NetworkSnapshot
    stored: StoredNetwork
    nodes: dict[str, Node]
    coverage: Coverage

    def name(self, node: str, language: str) -> str:
        """The name of a node in a language."""
        return self.nodes[node].name(language) if node in self.nodes else node

    def kind(self, node: str) -> str:
        """The kind of a node: enterprise, buyer, institution, financier, cluster, unnamed or outside."""
        return self.nodes[node].kind if node in self.nodes else kind_of(node)

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of each node."""
        return {one: place for place, one in enumerate(self.stored.ids)}

    def value(self, node: str, measure: str) -> float | None:
        """A measure of a node; None where it has none."""
        place = self.position.get(node)
        return None if place is None else self.stored.measures[measure][place]

    @cached_property
    def neighbours(self) -> dict[int, set[int]]:
        """The positions that each position is tied to."""
        found: dict[int, set[int]] = defaultdict(set)
        for one, other in zip(self.stored.source, self.stored.target, strict=True):
            if one != other:
                found[one].add(other)
                found[other].add(one)
        return found

    def supplies(self) -> Iterable[tuple[int, int, float]]:
        """The supplying ties: maker, buyer, weight."""
        stored = self.stored
        for one, other, kind, weight in zip(stored.source, stored.target, stored.kind, stored.weight, strict=True):
            if kind_name(kind) in SUPPLYING:
                yield one, other, weight


def scopes(actor: Actor) -> list[Exchange]:
    """The exchanges whose networks can be read, the actor's own first."""
    return sorted(Exchange.objects.all(), key=lambda one: (one.pk != actor.exchange_id, one.code))


def opened(actor: Actor, exchange: Exchange | None, basis: str = NetworkSnapshot.Basis.TIES) -> Network | None:
    """The network of an exchange (none: of all together) as the actor may see it; None where it was not analysed yet."""
    row = newest(exchange.pk if exchange else None, level_of(actor, exchange.pk if exchange else None), basis)
    if row is None:
        return None
    stored = unpacked(row)
    nodes = nodes_of(stored.ids, stored.outside)
    return Network(row, without(stored, set(stored.ids) - nodes.keys()), nodes, coverage_of(row))


# findings


@dataclass(frozen=True, slots=True)
class Ranked:
    """A node with a value."""

    node: str
    value: float


@dataclass(frozen=True, slots=True)
class Community:
    """A community: its number, nodes (most ties first), ties inside and to others."""

    number: int
    nodes: tuple[str, ...]
    inside: int
    outside: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What a network shows, for who decides."""

    communities: tuple[Community, ...]
    hubs: tuple[Ranked, ...]
    brokers: tuple[Ranked, ...]
    single: tuple[tuple[str, int], ...]
    dependent: int
    buyers: int
    unlinked: tuple[Gap, ...]
    absent: tuple[Gap, ...]


def findings(network: Network) -> Findings:
    """The findings of a network."""
    stored = network.stored
    suppliers = stored.measures["suppliers"]
    bought = [one for one in suppliers if one]
    return Findings(
        communities=tuple(communities(network)),
        hubs=tuple(ranking(network, "degree", TOP)),
        brokers=tuple(Ranked(stored.ids[place], value) for place, value in stored.brokers if _is_party(network, place))[
            :TOP
        ],
        single=tuple((stored.ids[place], count) for place, count, _stake in stored.single)[:TOP],
        dependent=sum(1 for one in bought if one == 1),
        buyers=len(bought),
        unlinked=tuple(one for one in stored.gaps if one.kind == "unlinked"),
        absent=tuple(one for one in stored.gaps if one.kind == "absent"),
    )


def _is_party(network: Network, place: int) -> bool:
    """Whether a node is a company: clusters and institutions are tied to many by their office, not by trade."""
    return network.kind(network.stored.ids[place]) not in ("cluster", "institution", "financier")


def ranking(network: Network, measure: str, count: int) -> list[Ranked]:
    """The companies with the highest values of a measure."""
    values = network.stored.measures[measure]
    known = [(value, place) for place, value in enumerate(values) if value is not None and _is_party(network, place)]
    order = sorted(known, key=lambda one: (-one[0], network.stored.ids[one[1]]))[:count]
    return [Ranked(network.stored.ids[place], value) for value, place in order]


def communities(network: Network) -> list[Community]:
    """The communities of SMALLEST_COMMUNITY nodes and more, the largest first."""
    stored = network.stored
    of = [int(one or 0) for one in stored.measures["community"]]
    members: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(of):
        members[number].append(place)
    inside: Counter[int] = Counter()
    outside: Counter[int] = Counter()
    for one, other in zip(stored.source, stored.target, strict=True):
        if of[one] == of[other]:
            inside[of[one]] += 1
        else:
            outside.update((of[one], of[other]))
    degree = stored.measures["degree"]
    found = [
        Community(
            number,
            tuple(stored.ids[one] for one in sorted(places, key=lambda one: (-(degree[one] or 0), stored.ids[one]))),
            inside[number],
            outside[number],
        )
        for number, places in members.items()
        if len(places) >= SMALLEST_COMMUNITY
    ]
    return sorted(found, key=lambda one: (-len(one.nodes), one.number))


def community(network: Network, number: int) -> Community:
    """One community by its number. Raises NotFoundError."""
    for one in communities(network):
        if one.number == number:
            return one
    raise NotFoundError(
        _("There is no such community any more: the network was analysed anew."), mend=_("Choose one from the list.")
    )


def makings(codes: Iterable[str], kinds: tuple[str, ...] = ("process", "product")) -> list[tuple[str, int]]:
    """What enterprises make, the commonest concepts first, each with how many of them; broader concepts of equal count are left out."""
    rows = Facet.objects.filter(enterprise__code__in=list(codes), kind__in=kinds).values_list("value", flat=True)
    counts = Counter(rows)
    covered = {above for one, count in counts.items() for above in ancestors(one) if counts[above] == count}
    return sorted(
        ((one, count) for one, count in counts.items() if one not in covered), key=lambda one: (-one[1], one[0])
    )


# one node


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another node that one is tied to: the ties with it, and whether it supplies, buys, or neither (belongs)."""

    node: str
    role: str
    ties: tuple[Tie, ...]

    @property
    def weight(self) -> float:
        """The sum of the weights of the ties that count as supplying."""
        return sum(one.weight for one in self.ties if one.kind in SUPPLYING)


@dataclass(frozen=True, slots=True)
class Ego:
    """A node with its ties, the names of its neighbours, and where it stands in a network (None: not analysed)."""

    node: str
    subject: Enterprise | Organisation
    neighbours: tuple[Neighbour, ...]
    nodes: dict[str, Node]
    network: Network | None
    gaps: tuple[Gap, ...]
    groups: tuple[tuple[str, AlikeGroup], ...]

    def of(self, *roles: str) -> list[Neighbour]:
        """The neighbours of some roles."""
        return [one for one in self.neighbours if one.role in roles]


ROLES = ("supplier", "buyer", "contact", "cluster", "institution")


def subject_of(actor: Actor, node: str) -> Enterprise | Organisation:
    """The enterprise or organisation of a node. Raises NotFoundError."""
    found: Enterprise | Organisation | None = None
    kind, rest = kind_of(node), node.partition(":")[2]
    if kind == "enterprise":
        rows = Enterprise.objects.filter(code=node).select_related("exchange")
        own = rows.filter(pk=actor.enterprise_id or 0)
        found = rows.filter(status=Enterprise.Status.PUBLISHED).first() or own.first()
    elif kind == "organisation" and rest.isdecimal():
        found = Organisation.objects.filter(pk=int(rest)).select_related("exchange").first()
    if found is None:
        raise NotFoundError(_("There is nothing of this name in the networks."), mend=_("Choose it from the list."))
    return found


def ties_about(actor: Actor, subject: Enterprise | Organisation) -> list[Tie]:
    """The ties of an enterprise or organisation that the actor may see."""
    if isinstance(subject, Enterprise):
        scope, node = Scope(enterprise_id=subject.pk), enterprise_node(subject.code)
    else:
        scope, node = Scope(organisation_id=subject.pk), organisation_node(subject.pk)
    return [one for one in as_seen(all_ties(scope), eyes_of(actor)) if node in (one.source, one.target)]


def ego(actor: Actor, node: str) -> Ego:
    """A node with its ties. Raises NotFoundError; also for an organisation of which the actor may see no tie, so that no name is learnt."""
    subject = subject_of(actor, node)
    ties = ties_about(actor, subject)
    own = isinstance(subject, Organisation) and ("organisation", subject.pk) in actor.parties
    if isinstance(subject, Organisation) and not ties and not own:
        raise NotFoundError(_("There is nothing of this name in the networks."), mend=_("Choose it from the list."))
    network = opened(actor, subject.exchange)
    found: dict[tuple[str, str], list[Tie]] = defaultdict(list)
    for one in ties:
        found[one.target if one.source == node else one.source, _role(one, node)].append(one)
    neighbours = [Neighbour(other, role, tuple(own_ties)) for (other, role), own_ties in found.items()]
    names = nodes_of({one.node for one in neighbours}, _outside(ties))
    kept = [one for one in neighbours if one.node in names]
    stored = network.stored if network else None
    return Ego(
        node,
        subject,
        tuple(sorted(kept, key=lambda one: (ROLES.index(one.role), -one.weight, one.node))),
        names,
        network,
        tuple(one for one in stored.gaps if node in one.makers or node == one.buyer) if stored else (),
        tuple((why, one) for why, all_ in stored.alike.items() for one in all_ if node in one.members)
        if stored
        else (),
    )


def _role(tie: Tie, node: str) -> str:
    """What the other end of a tie is to a node."""
    if tie.kind == "membership":
        other = tie.target if tie.source == node else tie.source
        return "cluster" if kind_of(other) == "cluster" else "institution"
    if tie.kind not in SUPPLYING:
        return "contact"
    return "buyer" if tie.source == node else "supplier"


def _outside(ties: list[Tie]) -> dict[str, str]:
    """Names of companies outside the register that ties lead to."""
    keys = [
        one.pk for one in ties if one.origin == "declared" and "outside" in (kind_of(one.source), kind_of(one.target))
    ]
    if not keys:
        return {}
    rows = DeclaredTie.objects.filter(pk__in=keys).values_list("maker_name", "buyer_name")
    return {outside_node(name): name for pair in rows for name in pair if name}
