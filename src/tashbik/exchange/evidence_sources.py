"""Sources of evidence: counts of the register and the report of the exchange. Not the network (evidence_networks.py) nor the freezing (evidence.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from tashbik.exchange.models import Enterprise, Exchange, Facet
from tashbik.exchange.queries.register_filters import published
from tashbik.exchange.queries.reports import Period, Report, report

TOP = 12
"""Rows of a table: what a page can show at a glance."""


def today() -> date:
    """The day by which figures that are counted now are dated."""
    return timezone.localdate()


def pair(name: Any, number: Any) -> tuple[Column, Column]:
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


def named_source(exchange: Exchange, say: Any) -> Texts:
    """A source's words followed by the exchange's name in each language."""
    return {language: f"{text}: {exchange.name(language)}" for language, text in in_three(say).items()}


@source("register.countries", gettext_lazy("Register: enterprises by country"))
def register_countries(exchange: Exchange, parameters: Parameters) -> Table:
    """Published enterprises of the whole register, by country."""
    rows = _register_of(parameters).exclude(country="").values_list("country").annotate(n=Count("pk"))
    found = sorted(rows, key=lambda pair: (-pair[1], pair[0]))
    return Table(
        title=in_three(lambda: _("Enterprises of the register by country")),
        columns=pair(lambda: _("Country"), lambda: _("Enterprises")),
        rows=counted([(country_name(code), number) for code, number in found]),
        source=in_three(lambda: _("register of the exchanges")),
        coverage=_covered(parameters),
        as_of=today(),
    )


@source("register.sectors", gettext_lazy("Register: enterprises by sector"), "country")
def register_sectors(exchange: Exchange, parameters: Parameters) -> Table:
    """Published enterprises by division of ISIC; an enterprise of several divisions counts in each."""
    facets = _sectors(parameters).values_list("value").annotate(n=Count("enterprise"))
    found = sorted(((code, number) for code, number in facets if _division(code)), key=lambda pair: (-pair[1], pair[0]))
    return Table(
        title=in_three(lambda: _("Enterprises of the register by sector")),
        columns=pair(lambda: _("Sector (ISIC division)"), lambda: _("Enterprises")),
        rows=counted([(sector_name(code), number) for code, number in found[:TOP]]),
        source=in_three(lambda: _("register of the exchanges")),
        coverage=_covered(parameters),
        as_of=today(),
    )


def _sectors(parameters: Parameters) -> QuerySet[Facet]:
    facets = Facet.objects.filter(kind="sector", enterprise__status=Enterprise.Status.PUBLISHED).order_by()
    return facets.filter(enterprise__country=parameters.country) if parameters.country else facets


def _division(code: str) -> bool:
    return code.isdigit() and len(code) == 2


# the report of the exchange


def _reported(exchange: Exchange, parameters: Parameters) -> tuple[Report, Texts]:
    """The report of the period asked for (this year so far without one), and its coverage in words."""
    end = parameters.end or today()
    start = parameters.start or end.replace(month=1, day=1)
    values = {"start": start.isoformat(), "end": end.isoformat()}
    coverage = in_three(lambda: _("what began from %(start)s to %(end)s, with what came of it since") % values)
    return report(SYSTEM, exchange, Period(start, end)), coverage


def _of_report(exchange: Exchange, parameters: Parameters, title: Any, name: Any, pick: Any) -> Table:
    found, coverage = _reported(exchange, parameters)
    rows = counted(pick(found))
    return Table(
        title=in_three(title),
        columns=pair(name, lambda: _("How many")),
        rows=rows if any(row[1] for row in rows) else (),
        source=named_source(exchange, lambda: _("report of the exchange")),
        coverage=coverage,
        as_of=min(parameters.end or today(), today()),
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
