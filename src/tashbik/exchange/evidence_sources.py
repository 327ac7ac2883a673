"""The sources of evidence: counts of the register, the report of the exchange, and the linkage graph. Not their freezing (evidence.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tashbik.exchange.actor import SYSTEM
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
from tashbik.exchange.models import Award, Enterprise, Exchange, Facet, Invitation, Need
from tashbik.exchange.queries.register_filters import published
from tashbik.exchange.queries.reports import Period, Report, report
from tashbik.network.concentration import Plant, location_quotients
from tashbik.network.flows import dependence
from tashbik.network.gaps import NEAR_KM, Demand, Supply, missing_links
from tashbik.network.graph import Edge, LinkageGraph, linkage_graph
from tashbik.network.measures import components
from tashbik.registry.records import Place

TOP = 12
"""Rows of a table: what a page can show at a glance."""
LEAST_IN_CLUSTER = 3
"""Enterprises of a sector in a region from which on they are counted as a cluster."""
MOST_NEEDS = 2_000
PLACE = ("country", "region", "latitude", "longitude")


def _today() -> date:
    return timezone.localdate()


def _pair(name: Any, number: Any) -> tuple[Column, Column]:
    """Two columns: a name and a count. Both are functions that say the header."""
    return Column(label=in_three(name)), Column(label=in_three(number), number=True)


def _register_of(parameters: Parameters) -> QuerySet[Enterprise]:
    rows = Enterprise.objects.filter(published()).order_by()
    return rows.filter(country=parameters.country) if parameters.country else rows


def _of_register(count: int, exchanges: int, country: str = "") -> Texts:
    """Coverage of what is counted in the register."""
    if country:
        name = country_name(country)
        found = {}
        for language, text in in_three(
            lambda: _("all published enterprises of the register in %(country)s: %(count)d")
        ).items():
            found[language] = text % {"count": count, "country": name[language]}
        return found
    values = {"count": count, "exchanges": exchanges}
    return in_three(
        lambda: _("all published enterprises of the register: %(count)d, from exchanges: %(exchanges)d") % values
    )


def _covered(parameters: Parameters) -> Texts:
    rows = _register_of(parameters)
    return _of_register(rows.count(), rows.values("exchange").distinct().count(), parameters.country)


def _named_source(exchange: Exchange, say: Any) -> Texts:
    """A source's words followed by the exchange's name in each language."""
    return {language: f"{text}: {exchange.name(language)}" for language, text in in_three(say).items()}


@source("register.countries", gettext_lazy("Register: enterprises by country"))
def register_countries(exchange: Exchange, parameters: Parameters) -> Table:
    """Published enterprises of the whole register, by country."""
    rows = _register_of(parameters).exclude(country="").values_list("country").annotate(n=Count("pk"))
    found = sorted(rows, key=lambda pair: (-pair[1], pair[0]))
    return Table(
        title=in_three(lambda: _("Enterprises of the register by country")),
        columns=_pair(lambda: _("Country"), lambda: _("Enterprises")),
        rows=counted([(country_name(code), number) for code, number in found]),
        source=in_three(lambda: _("register of the exchanges")),
        coverage=_covered(parameters),
        as_of=_today(),
    )


@source("register.sectors", gettext_lazy("Register: enterprises by sector"), "country")
def register_sectors(exchange: Exchange, parameters: Parameters) -> Table:
    """Published enterprises by division of ISIC; an enterprise of several divisions counts in each."""
    facets = _sectors(parameters).values_list("value").annotate(n=Count("enterprise"))
    found = sorted(((code, number) for code, number in facets if _division(code)), key=lambda pair: (-pair[1], pair[0]))
    return Table(
        title=in_three(lambda: _("Enterprises of the register by sector")),
        columns=_pair(lambda: _("Sector (ISIC division)"), lambda: _("Enterprises")),
        rows=counted([(sector_name(code), number) for code, number in found[:TOP]]),
        source=in_three(lambda: _("register of the exchanges")),
        coverage=_covered(parameters),
        as_of=_today(),
    )


def _sectors(parameters: Parameters) -> QuerySet[Facet]:
    facets = Facet.objects.filter(kind="sector", enterprise__status=Enterprise.Status.PUBLISHED).order_by()
    return facets.filter(enterprise__country=parameters.country) if parameters.country else facets


def _division(code: str) -> bool:
    return code.isdigit() and len(code) == 2


# the report of the exchange


def _reported(exchange: Exchange, parameters: Parameters) -> tuple[Report, Texts]:
    """The report of the period asked for (this year so far without one), and its coverage in words."""
    end = parameters.end or _today()
    start = parameters.start or end.replace(month=1, day=1)
    values = {"start": start.isoformat(), "end": end.isoformat()}
    coverage = in_three(lambda: _("what began from %(start)s to %(end)s, with what came of it since") % values)
    return report(SYSTEM, exchange, Period(start, end)), coverage


def _of_report(exchange: Exchange, parameters: Parameters, title: Any, name: Any, pick: Any) -> Table:
    found, coverage = _reported(exchange, parameters)
    rows = counted(pick(found))
    return Table(
        title=in_three(title),
        columns=_pair(name, lambda: _("How many")),
        rows=rows if any(row[1] for row in rows) else (),
        source=_named_source(exchange, lambda: _("report of the exchange")),
        coverage=coverage,
        as_of=min(parameters.end or _today(), _today()),
    )


@source("report.sectors", gettext_lazy("Report: what needs are about"), "start", "end")
def report_sectors(exchange: Exchange, parameters: Parameters) -> Table:
    """Needs released in the period by what they are about."""
    return _of_report(
        exchange,
        parameters,
        lambda: _("What buyers look for"),
        lambda: _("Process or product"),
        lambda found: [(concept_name(key), number) for key, number in found.needs_by_sector],
    )


@source("report.funnel", gettext_lazy("Report: from the request to the award"), "start", "end")
def report_funnel(exchange: Exchange, parameters: Parameters) -> Table:
    """Enterprises asked to quote, and how far each step brought them."""
    return _of_report(
        exchange,
        parameters,
        lambda: _("From the request for quotation to the award"),
        lambda: _("Step"),
        lambda found: [(_step(key), number) for key, number in found.invitations_funnel],
    )


def _step(key: str) -> Texts:
    return in_three(lambda: _steps()[key])


def _steps() -> dict[str, str]:
    return {
        "sent": _("Enterprises asked to quote"),
        "seen": _("have read it"),
        "answered": _("have answered"),
        "quoted": _("have quoted"),
        "awarded": _("were chosen"),
    }


# the linkage graph


def _graph(exchange: Exchange) -> tuple[LinkageGraph, int]:
    """Ties of the exchange's awards and quotes: who makes for whom. Buyers that are not named are one node for each need. And how many awards."""
    awards = Award.objects.filter(rfq__exchange=exchange).values_list(
        "quote__invitation__enterprise", "rfq__need__buyer", "rfq__need", "created"
    )
    quotes = Invitation.objects.filter(rfq__exchange=exchange, status=Invitation.Status.QUOTED).values_list(
        "enterprise", "rfq__need__buyer", "rfq__need", "created"
    )
    edges = [
        Edge(
            source=f"e{maker}",
            target=f"b{buyer}" if buyer else f"n{need}",
            kind="award" if number else "rfq",
            as_of=when.date(),
        )
        for number, rows in enumerate((quotes, awards))
        for maker, buyer, need, when in rows
    ]
    return linkage_graph(edges), len(awards)


@source("network.measures", gettext_lazy("Network: who works with whom, in figures"))
def network_measures(exchange: Exchange, parameters: Parameters) -> Table:
    """Size and fragility of the network of quotes and awards."""
    graph, awards = _graph(exchange)
    rows = _measures(graph) if len(graph) else []
    return Table(
        title=in_three(lambda: _("The network of enterprises and buyers in figures")),
        columns=_pair(lambda: pgettext("column", "What"), lambda: _("How many")),
        rows=counted(rows),
        source=_named_source(exchange, lambda: _("network of quotes and awards")),
        coverage=in_three(lambda: _("all ties recorded until today; awards among them: %(count)d") % {"count": awards}),
        as_of=graph.as_of or _today(),
        drawn=False,
    )


def _measures(graph: LinkageGraph) -> list[tuple[Texts, float]]:
    parts = np.bincount(components(graph))
    suppliers = dependence(graph).suppliers
    bought = int((suppliers > 0).sum())
    return [
        (in_three(lambda: _("Enterprises and buyers with a tie")), len(graph)),
        (in_three(lambda: _("Pairs that work together")), graph.flows.nnz),
        (in_three(lambda: _("Separate networks without a tie between them")), int((parts > 0).sum())),
        (in_three(lambda: _("Members of the largest of them")), int(parts.max())),
        (in_three(lambda: _("Buyers")), bought),
        (in_three(lambda: _("Buyers that depend on a single supplier")), int((suppliers == 1).sum())),
    ]


@source("network.missing", gettext_lazy("Network: missing linkages"))
def network_missing(exchange: Exchange, parameters: Parameters) -> Table:
    """What released needs ask for, and whether somebody near makes it without being tied, or nobody near makes it."""
    demands = _demands(exchange)
    concepts = {one.concept for one in demands}
    missing = missing_links(demands, _supplies(concepts), _graph(exchange)[0], top=1)
    asked = Counter(one.concept for one in demands)
    unlinked = Counter(one.concept for one in missing if one.kind == "unlinked")
    absent = Counter(one.concept for one in missing if one.kind == "absent")
    order = sorted(concepts, key=lambda one: (-unlinked[one], -absent[one], one))
    numbers = (
        in_three(lambda: _("Made near the buyer, but not linked")),
        in_three(lambda: _("Made nowhere near")),
        in_three(lambda: _("Needs")),
    )
    return Table(
        title=in_three(lambda: _("Linkages that are missing")),
        columns=(
            Column(label=in_three(lambda: _("Process or product"))),
            *(Column(label=one, number=True) for one in numbers),
        ),
        rows=tuple(
            (concept_name(one), float(unlinked[one]), float(absent[one]), float(asked[one])) for one in order[:TOP]
        ),
        source=_named_source(exchange, lambda: _("released needs, register and network")),
        coverage=in_three(
            lambda: (
                _("needs released: %(count)d; near is within %(km)d km")
                % {"count": len({d.enterprise for d in demands}), "km": NEAR_KM}
            )
        ),
        as_of=_today(),
    )


def _demands(exchange: Exchange) -> list[Demand]:
    """A demand for each process or product that a released need asks for; the buyer, or else the need, is who asks."""
    needs = Need.objects.filter(exchange=exchange, status=Need.Status.RELEASED).order_by("pk")
    found = []
    for key, buyer, record in needs.values_list("pk", "buyer", "record")[:MOST_NEEDS]:
        place = _place_of(record)
        asked = {one for line in record.get("lines", ()) for one in _asked(line)}
        who = f"b{buyer}" if buyer else f"n{key}"
        found += [Demand(enterprise=who, concept=one, place=place) for one in sorted(asked)]
    return found


def _asked(line: dict[str, Any]) -> Iterable[str]:
    wanted: Sequence[dict[str, Any]] = line.get("requirements", ())
    return (
        str(value) for one in wanted if one.get("kind") in ("process", "product") for value in one.get("values", ())
    )


def _place_of(record: dict[str, Any]) -> Place:
    known: dict[str, Any] = record.get("place") or {}
    return Place(**{one: known[one] for one in PLACE if known.get(one) is not None})


def _supplies(concepts: set[str]) -> Iterable[Supply]:
    """Who makes what is asked for, by the facets, which hold the broader concepts too."""
    facets = Facet.objects.filter(
        kind__in=("process", "product"), value__in=concepts, enterprise__status=Enterprise.Status.PUBLISHED
    ).order_by("pk")
    for key, value, *place in facets.values_list("enterprise", "value", *(f"enterprise__{one}" for one in PLACE)):
        yield Supply(enterprise=f"e{key}", concept=value, place=Place(**dict(zip(PLACE, place, strict=True))))


@source("network.clusters", gettext_lazy("Network: industrial clusters"), "country")
def network_clusters(exchange: Exchange, parameters: Parameters) -> Table:
    """Sectors that are over-represented in a region: location quotient by number of enterprises."""
    counts = (
        _sectors(parameters)
        .exclude(enterprise__region="")
        .values_list("value", "enterprise__region")
        .annotate(n=Count("enterprise"))
    )
    plants = [Plant(industry=code, region=region, employees=n) for code, region, n in counts if _division(code)]
    found = [one for one in location_quotients(plants) if one.employees >= LEAST_IN_CLUSTER and one.quotient > 1]
    return Table(
        title=in_three(lambda: _("Industrial clusters: where a sector is concentrated")),
        columns=(
            Column(label=in_three(lambda: _("Sector and region"))),
            Column(label=in_three(lambda: _("Location quotient")), number=True),
            Column(label=in_three(lambda: _("Enterprises")), number=True),
        ),
        rows=tuple(
            (_in_region(one.industry, one.region), round(one.quotient, 2), one.employees) for one in found[:TOP]
        ),
        source=in_three(lambda: _("register of the exchanges")),
        coverage=_covered(parameters),
        as_of=_today(),
    )


def _in_region(sector: str, region: str) -> Texts:
    first, second = sector_name(sector), country_name(region)
    return {language: f"{first[language]} · {second[language]}" for language in first}
