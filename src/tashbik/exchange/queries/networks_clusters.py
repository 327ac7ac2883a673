"""Industrial clusters as anyone may read them: lists, one cluster with members and institutions, where its members are. Not their changes (verbs.clusters)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Cluster, ClusterMember, Enterprise, Organisation, Role
from tashbik.exchange.queries.networks import Network
from tashbik.exchange.queries.networks_stored import SectorShare
from tashbik.exchange.queries.networks_ties import cluster_node, enterprise_node
from tashbik.nomenclature.places import places


@dataclass(frozen=True, slots=True)
class Spot:
    """Where members of a cluster are: degrees WGS 84, region (ISO 3166-2), how many."""

    code: str
    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster with its published members, institutions, and what the network says of them."""

    cluster: Cluster
    members: tuple[ClusterMember, ...]
    institutions: tuple[Organisation, ...]
    inside: int
    outside: int
    shares: tuple[SectorShare, ...]

    @property
    def regions(self) -> int:
        """In how many regions the members are."""
        return len({one.enterprise.region for one in self.members if one.enterprise.region})


def clusters(exchange_id: int | None) -> QuerySet[Cluster]:
    """The clusters of an exchange (none: of all), those of most published members first, with `size` and `served` (institutions)."""
    rows = Cluster.objects.select_related("exchange")
    if exchange_id:
        rows = rows.filter(exchange=exchange_id)
    published = Q(members__enterprise__status=Enterprise.Status.PUBLISHED)
    size = Count("members", filter=published, distinct=True)
    return rows.annotate(size=size, served=Count("institutions", distinct=True)).order_by("-size", "code")


def find(code: str) -> Cluster:
    """One cluster. Raises NotFoundError."""
    found = Cluster.objects.select_related("exchange").filter(code=code).first()
    if found is None:
        raise NotFoundError(_("There is no such cluster."), mend=_("Choose one from the list."))
    return found


def view(cluster: Cluster, network: Network | None) -> ClusterView:
    """A cluster as its page shows it."""
    rows = cluster.members.filter(enterprise__status=Enterprise.Status.PUBLISHED)
    members = tuple(
        rows.select_related("enterprise").defer("enterprise__record").order_by("enterprise__sort_name", "pk")
    )
    inside, outside = _ties(network, {enterprise_node(one.enterprise.code) for one in members})
    shares = network.stored.quotients if network else []
    own = tuple(one for one in shares if one.industry in cluster.sectors and one.region == cluster.region)
    return ClusterView(cluster, members, tuple(cluster.institutions.all()), inside, outside, own)


def _ties(network: Network | None, codes: set[str]) -> tuple[int, int]:
    """Supplying ties between members, and of members with others."""
    inside = outside = 0
    if network is not None:
        ids = network.stored.ids
        for one, other, _weight in network.supplies():
            ends = (ids[one] in codes) + (ids[other] in codes)
            inside, outside = inside + (ends == 2), outside + (ends == 1)
    return inside, outside


def spots(members: tuple[ClusterMember, ...]) -> list[Spot]:
    """Where members are, by region; those of no known region are left out."""
    counts: dict[str, int] = {}
    for one in members:
        if one.enterprise.region:
            counts[one.enterprise.region] = counts.get(one.enterprise.region, 0) + 1
    known = places()
    found = [
        Spot(code, known[code].latitude, known[code].longitude, count)
        for code, count in counts.items()
        if code in known
    ]
    return sorted(found, key=lambda one: (-one.count, one.code))


def spot_of(cluster: Cluster) -> tuple[float, float] | None:
    """Where a cluster is drawn: its region, else its country."""
    place = places().get(cluster.region) or places().get(cluster.country)
    return (place.latitude, place.longitude) if place else None


def own_enterprise(actor: Actor) -> Enterprise | None:
    """The enterprise that the actor acts for, if one."""
    if actor.role != Role.MEMBER or actor.enterprise_id is None:
        return None
    return Enterprise.objects.filter(pk=actor.enterprise_id).first()


def named(text: str) -> Enterprise | None:
    """A published enterprise by its code, or by a name that only one has."""
    rows = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED)
    by_code = rows.filter(code=text).first()
    if by_code is not None:
        return by_code
    named_so = rows.filter(Q(name_ar__iexact=text) | Q(name_fr__iexact=text) | Q(name_en__iexact=text))[:2]
    return named_so[0] if len(named_so) == 1 else None


__all__ = [
    "ClusterView",
    "Spot",
    "cluster_node",
    "clusters",
    "find",
    "named",
    "own_enterprise",
    "spot_of",
    "spots",
    "view",
]
