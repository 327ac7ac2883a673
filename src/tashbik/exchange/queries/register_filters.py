"""What the register may be filtered by, as conditions on its rows. Not the asking (register.py) nor the reading of addresses (web)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Exchange, Facet
from tashbik.exchange.models.parties import Role
from tashbik.exchange.visibility import GROUPS

CONCEPT_KINDS = ("process", "product", "material", "machine")
"""Kinds of concept that are asked for in words, in the order of the form."""
FRESH_MONTHS = (6, 12, 24)
"""Ages of the data, in months, that may be asked for at most."""
SORTS = ("relevance", "name", "completeness", "fresh")
DAYS_OF_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the register. Values of one filter widen it (country DZ or TN), except concepts and certificates, which all must hold.

    `exchange` is a code; `countries` ISO 3166-1, `region` ISO 3166-2; `sectors` ISIC divisions; `concepts` ids of the nomenclature,
    found with all that is narrower; `fresh` the greatest age of the data in months, 0 for any. An empty filter holds for all.
    """

    words: str = ""
    exchange: str = ""
    countries: tuple[str, ...] = ()
    region: str = ""
    sectors: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    spare: bool = False
    fresh: int = 0
    sort: str = ""

    @property
    def order(self) -> str:
        """The order in force: as asked, else by relevance where there are words, else by name."""
        if self.sort in SORTS and (self.sort != "relevance" or self.words):
            return self.sort
        return "relevance" if self.words else "name"

    @property
    def any(self) -> bool:
        """Whether anything narrows the register, words left out."""
        return replace(self, words="", sort="") != Filters()

    def without(self, *names: str) -> Filters:
        """The same with some filters taken away."""
        return replace(self, **{name: getattr(Filters(), name) for name in names})  # type: ignore[arg-type]


def may_filter(actor: Actor, group: str) -> bool:
    """Whether a filter on a group of fields is open to the actor at all: a visitor cannot ask for what only members see."""
    return GROUPS[group] == "public" or not actor.is_visitor


def conditions(actor: Actor, filters: Filters, today: date | None = None) -> Iterator[Q]:
    """The conditions of all filters but the words. What an enterprise hides from the actor never makes it found."""
    if filters.exchange:
        exchange = Exchange.objects.filter(code=filters.exchange).values_list("pk", flat=True).first()
        yield Q(exchange_id=exchange or 0)
    if filters.countries:
        yield Q(country__in=filters.countries)
    if filters.region:
        yield Q(region=filters.region)
    if filters.sectors:
        yield _facet("sector", *filters.sectors)
    for concept in filters.concepts:
        kind = concept.partition(".")[0]
        yield _facet(kind, concept)
        if kind == "machine":
            yield _open_to(actor, filters, "machines")
    for certificate in filters.certificates:
        yield _facet("certificate", certificate)
    if filters.certificates:
        yield _open_to(actor, filters, "certificates")
    if filters.sizes and may_filter(actor, "figures"):
        yield Q(size__in=filters.sizes)
        yield _open_to(actor, filters, "figures")
    if filters.spare and may_filter(actor, "capacities"):
        yield Q(has_spare=True)
        yield _open_to(actor, filters, "capacities")
    if filters.fresh:
        yield Q(as_of__gte=(today or date.today()) - timedelta(days=round(filters.fresh * DAYS_OF_MONTH)))


def _facet(kind: str, *values: str) -> Q:
    wanted = Facet.objects.filter(enterprise=OuterRef("pk"), kind=kind, value__in=values)
    return Q(Exists(wanted))


def _open_to(actor: Actor, filters: Filters, group: str) -> Q:
    """That an enterprise shows a group to the actor, as visibility.hidden_groups decides it for one record."""
    if actor.system:
        return Q()
    key = f"record__visibility__{group}"
    seen = ["public"] if actor.is_visitor else ["public", "members"]
    shown = Q(**{f"{key}__in": seen})
    if GROUPS[group] in seen:
        shown |= Q(**{f"{key}__isnull": True})
    if actor.role in (Role.OFFICER, Role.ADMINISTRATOR) and actor.exchange_id:
        shown |= Q(exchange_id=actor.exchange_id)
    return shown | Q(pk=actor.enterprise_id) if actor.enterprise_id else shown


ORDERS: dict[str, tuple[Any, ...]] = {
    "name": ("sort_name", "pk"),
    "completeness": ("-completeness", "pk"),
    "fresh": (F("as_of").desc(nulls_last=True), "-pk"),
}
"""Columns of each order that the database makes. Enterprises whose data have no date come last where the freshest come first."""


def published() -> Q:
    """What the list shows."""
    return Q(status=Enterprise.Status.PUBLISHED)
