"""Industrial clusters: founded, changed, joined and left. Not their picture in the linkage graph (queries)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import Cluster, ClusterMember, Enterprise, Exchange, Organisation
from tashbik.exchange.permissions import may
from tashbik.exchange.storing import expect_version
from tashbik.nomenclature.places import places

EARLIEST = 1900


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What is said of a cluster. `sectors`: divisions of ISIC, two digits each."""

    name_ar: str = ""
    name_fr: str = ""
    name_en: str = ""
    country: str = ""
    region: str = ""
    sectors: tuple[str, ...] = ()
    about: str = ""
    source: str = ""
    as_of: date | None = None
    institutions: Sequence[Organisation] = ()


@verb("cluster.create")
def create(*, actor: Actor, facts: ClusterFacts) -> Cluster:
    """A new cluster of the actor's exchange. Raises InvalidError."""
    exchange = Exchange.objects.filter(pk=actor.exchange_id or 0).first()
    if exchange is None:
        raise NotPermittedError(_("You do not act for an exchange. Nothing was saved."))
    _expect_facts(facts, exchange.pk)
    cluster = Cluster(exchange=exchange, code=_code(exchange))
    _write(cluster, facts)
    return cluster


def _code(exchange: Exchange) -> str:
    """The next free number of the exchange's clusters."""
    numbers = [
        int(last)
        for code in Cluster.objects.filter(exchange=exchange).values_list("code", flat=True)
        if (last := code.rpartition("-")[2]).isdigit()
    ]
    return f"{exchange.code}-c-{max(numbers, default=0) + 1}"


@verb("cluster.edit", on="cluster")
def edit(*, actor: Actor, cluster: Cluster, version: int, facts: ClusterFacts) -> Cluster:
    """Change what is said of a cluster. Raises InvalidError, and ConflictError where it changed meanwhile."""
    expect_version(cluster, version)
    _expect_facts(facts, cluster.exchange_id)
    cluster.version += 1
    _write(cluster, facts)
    return cluster


def _write(cluster: Cluster, facts: ClusterFacts) -> None:
    cluster.name_ar, cluster.name_fr, cluster.name_en = facts.name_ar, facts.name_fr, facts.name_en
    cluster.country, cluster.region = facts.country, facts.region
    cluster.sectors, cluster.about = list(facts.sectors), facts.about
    cluster.source, cluster.as_of = facts.source, facts.as_of or timezone.localdate()
    cluster.save()
    cluster.institutions.set(facts.institutions)


def _expect_facts(facts: ClusterFacts, exchange_id: int) -> None:
    errors: dict[str, list[str]] = {}
    if not (facts.name_ar or facts.name_fr or facts.name_en):
        errors["name_ar"] = [_("Give the cluster a name in at least one language.")]
    if facts.country not in places():
        errors["country"] = [_("Choose the country.")]
    if facts.region and not facts.region.startswith(f"{facts.country}-"):
        errors["region"] = [_("The region is not of this country.")]
    if any(not (one.isdigit() and len(one) == 2) for one in facts.sectors):
        errors["sectors"] = [_("Sectors are divisions of ISIC: two digits each.")]
    if not facts.source.strip():
        errors["source"] = [_("Say how this is known.")]
    if facts.as_of is None or facts.as_of > timezone.localdate():
        errors["as_of"] = [_("Write the day of the data, not one in the future.")]
    if any(one.exchange_id != exchange_id for one in facts.institutions):
        errors["institutions"] = [_("Choose institutions of this exchange.")]
    if errors:
        raise InvalidError(errors, _("The cluster was not saved."))


@verb("cluster.join", on="enterprise")
def join(
    *, actor: Actor, enterprise: Enterprise, cluster: Cluster, source: str, since: int | None = None
) -> ClusterMember:
    """Enter an enterprise into a cluster of its own exchange: itself, or by an officer of that exchange.

    Raises NotPermittedError for another exchange's cluster, InvalidError, and ConflictError where it is a member already.
    """
    itself = ("enterprise", enterprise.pk) in actor.parties and enterprise.exchange_id == cluster.exchange_id
    if not itself and not may(actor, "cluster.edit", cluster):
        raise NotPermittedError(_("Only officers of its exchange change a cluster."))
    errors: dict[str, list[str]] = {}
    if not source.strip():
        errors["source"] = [_("Say how this is known.")]
    if since is not None and not EARLIEST <= since <= timezone.localdate().year:
        errors["since"] = [_("Write a year that is not in the future.")]
    if enterprise.status != Enterprise.Status.PUBLISHED:
        errors["enterprise"] = [_("Only published enterprises can be members.")]
    if errors:
        raise InvalidError(errors, _("The member was not entered."))
    if ClusterMember.objects.filter(cluster=cluster, enterprise=enterprise).exists():
        raise ConflictError(_("The enterprise is a member of this cluster already."))
    member = ClusterMember.objects.create(
        cluster=cluster, enterprise=enterprise, source=source.strip(), since=since, by=actor.user
    )
    changed(member)
    return member


@verb("cluster.leave", on="enterprise")
def leave(*, actor: Actor, enterprise: Enterprise, cluster: Cluster) -> None:
    """Take an enterprise out of a cluster. Raises NotFoundError where it is no member."""
    member = ClusterMember.objects.filter(cluster=cluster, enterprise=enterprise).first()
    if member is None:
        raise NotFoundError(_("The enterprise is not a member of this cluster."))
    before = member.snapshot()
    member.delete()
    changed(member, before)
