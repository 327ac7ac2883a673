"""Sources of evidence: the linkage network as it was last analysed for everyone's eyes. Not its analysis (verbs.networks, queries.networks_stored)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tashbik.errors import StateError
from tashbik.exchange.evidence import (
    Column,
    Parameters,
    Table,
    Texts,
    concept_name,
    counted,
    country_name,
    in_three,
    sector_name,
    source,
)
from tashbik.exchange.evidence_sources import TOP, named_source, pair
from tashbik.exchange.models import Exchange, NetworkSnapshot
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_stored import Coverage, StoredNetwork, coverage_of, newest, unpacked


def _network(number: int | None) -> tuple[NetworkSnapshot, StoredNetwork]:
    """The network of an exchange (none: of all together) as everybody may see it, because evidence is public. Raises StateError where none was analysed."""
    row = newest(number, Level.PUBLIC)
    if row is None:
        raise StateError(
            _("The network of this exchange has not been analysed yet."),
            mend=_("Open the page of the networks: they are analysed in the background. Then come back."),
        )
    return row, unpacked(row)


def _made(row: NetworkSnapshot) -> date:
    """The day of a network: that of its analysis, which counts all ties recorded until then."""
    return row.made.date()


def _covered(known: Coverage) -> Texts:
    values = {"tied": known.tied, "all": known.enterprises, "ties": sum(known.shown.values())}
    return in_three(
        lambda: _("public ties: %(ties)d; enterprises with one: %(tied)d of %(all)d; all analysed on that day") % values
    )


@source("network.measures", gettext_lazy("Network: who works with whom, in figures"))
def network_measures(exchange: Exchange, parameters: Parameters) -> Table:
    """Size and fragility of the network."""
    row, stored = _network(exchange.pk)
    return Table(
        title=in_three(lambda: _("The network of enterprises and buyers in figures")),
        columns=pair(lambda: pgettext("column", "What"), lambda: _("How many")),
        rows=counted(_measures(stored)) if stored.ids else (),
        source=named_source(exchange, lambda: _("linkage network")),
        coverage=_covered(coverage_of(row)),
        as_of=_made(row),
        drawn=False,
    )


def _measures(stored: StoredNetwork) -> list[tuple[Texts, float]]:
    parts = Counter(one for one in stored.measures["component"] if one is not None)
    suppliers = [one for one in stored.measures["suppliers"] if one]
    pairs = {frozenset(pair) for pair in zip(stored.source, stored.target, strict=True)}
    numbers: tuple[tuple[Any, float], ...] = (
        (lambda: _("Members with a tie"), len(stored.ids)),
        (lambda: _("Pairs that work together"), len(pairs)),
        (lambda: _("Separate networks without a tie between them"), len(parts)),
        (lambda: _("Members of the largest of them"), max(parts.values(), default=0)),
        (lambda: _("Communities: members tied more closely to one another than to others"), _communities(stored)),
        (lambda: _("Buyers"), len(suppliers)),
        (lambda: _("Buyers that depend on a single supplier"), sum(one == 1 for one in suppliers)),
    )
    return [(in_three(say), number) for say, number in numbers]


def _communities(stored: StoredNetwork) -> int:
    return len({one for one in stored.measures["community"] if one is not None})


@source("network.missing", gettext_lazy("Network: missing linkages"))
def network_missing(exchange: Exchange, parameters: Parameters) -> Table:
    """What open needs ask for and no tied maker near the buyer makes: made near without a tie, or made nowhere near."""
    row, stored = _network(exchange.pk)
    unlinked = Counter(one.concept for one in stored.gaps if one.kind == "unlinked")
    absent = Counter(one.concept for one in stored.gaps if one.kind == "absent")
    order = sorted(set(unlinked) | set(absent), key=lambda one: (-unlinked[one] - absent[one], one))
    return Table(
        title=in_three(lambda: _("Linkages that are missing")),
        columns=(
            Column(label=in_three(lambda: _("Process or product"))),
            Column(label=in_three(lambda: _("Missing linkages")), number=True),
            Column(label=in_three(lambda: _("made near the buyer, but not linked")), number=True),
            Column(label=in_three(lambda: _("no maker nearby")), number=True),
        ),
        rows=tuple(
            (concept_name(one), float(unlinked[one] + absent[one]), float(unlinked[one]), float(absent[one]))
            for one in order[:TOP]
        ),
        source=named_source(exchange, lambda: _("open needs, register and linkage network")),
        coverage=in_three(lambda: _("demands looked at: %(count)d") % {"count": coverage_of(row).demands}),
        as_of=_made(row),
    )


@source("network.clusters", gettext_lazy("Network: industrial clusters"), "country")
def network_clusters(exchange: Exchange, parameters: Parameters) -> Table:
    """Sectors over-represented in a region, over the registers of all exchanges: location quotient of employment."""
    row, stored = _network(None)
    found = [one for one in stored.quotients if one.quotient > 1 and one.region.startswith(parameters.country)]
    found.sort(key=lambda one: (-one.quotient, one.industry, one.region))
    known = coverage_of(row)
    values = {"known": known.placed_headcounts, "all": known.enterprises}
    return Table(
        title=in_three(lambda: _("Industrial clusters: where a sector is concentrated")),
        columns=(
            Column(label=in_three(lambda: _("Region and sector"))),
            Column(label=in_three(lambda: _("Location quotient")), number=True),
            Column(label=in_three(lambda: _("Enterprises")), number=True),
        ),
        rows=tuple(
            (_in_region(one.industry, one.region), round(one.quotient, 2), float(one.plants)) for one in found[:TOP]
        ),
        source=in_three(lambda: _("register of the exchanges")),
        coverage=in_three(lambda: _("enterprises whose headcount and region are known: %(known)d of %(all)d") % values),
        as_of=_made(row),
    )


def _in_region(sector: str, region: str) -> Texts:
    first, second = country_name(region), sector_name(sector)
    return {language: f"{first[language]} · {second[language]}" for language in first}
