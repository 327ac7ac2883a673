"""What the register may be filtered by, as conditions on its rows. Not the asking (register.py) nor the reading of addresses (web)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

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
        return replace(self, **{name: getattr(Filters(), name) for name in names})


def may_filter(actor: Actor, group: str) -> bool:
    """Whether a filter on a group of fields is open to the actor at all: a visitor cannot ask for what only members see."""
    return GROUPS[group] == "public" or not actor.is_visitor


Choice = tuple[str, tuple[str, ...]]
"""A kind of facet, and values of it any of which will do."""


def choices(filters: Filters) -> list[Choice]:
    """The facets that all must hold."""
    chosen: list[Choice] = [(one.partition(".")[0], (one,)) for one in filters.concepts]
    chosen += [("certificate", (one,)) for one in filters.certificates]
    return [*chosen, ("sector", filters.sectors)] if filters.sectors else chosen


def holding(kind: str, values: tuple[str, ...]) -> Q:
    """Rows with a facet, asked row by row: quick where many have it and few are read."""
    wanted = Facet.objects.filter(enterprise=OuterRef("pk"), kind=kind, value__in=values)
    return Q(Exists(wanted))


def among(kind: str, values: tuple[str, ...]) -> Q:
    """The same rows, reached from the facets: quick where few have it."""
    return Q(pk__in=Facet.objects.filter(kind=kind, value__in=values).values("enterprise"))


def rarest_first(chosen: list[Choice]) -> list[Choice]:
    """Facets by how many enterprises have them, in one query: the rarest should lead a search."""
    if len(chosen) < 2:
        return chosen
    any_of = reduce(or_, (Q(kind=kind, value__in=values) for kind, values in chosen))
    counted = Facet.objects.filter(any_of).order_by().values_list("kind", "value").annotate(total=Count("pk"))
    totals = {(kind, value): total for kind, value, total in counted}
    return sorted(chosen, key=lambda one: sum(totals.get((one[0], value), 0) for value in one[1]))


def conditions(actor: Actor, filters: Filters, *, walking: bool = False, today: date | None = None) -> Iterator[Q]:
    """The conditions of all filters but words and facets. What an enterprise hides from the actor never makes it found.

    `walking`: said so that the database walks along the index of the order and stops when the page is full, instead of gathering
    all rows by an index of the filter and sorting them.
    """
    as_of, size = ("plain_as_of", "plain_size") if walking else ("as_of", "size")
    along_arabic = (
        walking and order_of(actor, filters) == "name_ar"
    )  # its index holds no place: the others must not lead
    country, region = ("plain_country", "plain_region") if along_arabic else ("country", "region")
    if filters.exchange:
        exchange = Exchange.objects.filter(code=filters.exchange).values_list("pk", flat=True).first()
        yield Q(exchange_id=exchange or 0)
    if filters.countries:
        yield Q(**{f"{country}__in": filters.countries})
    if filters.region:
        yield Q(**{region: filters.region})
    if filters.fresh:
        yield Q(**{f"{as_of}__gte": (today or date.today()) - timedelta(days=round(filters.fresh * DAYS_OF_MONTH))})
    asked = _groups_asked(actor, filters)
    if "figures" in asked:
        yield Q(**{f"{size}__in": filters.sizes})
    if "capacities" in asked:
        yield Q(has_spare=True)
    yield from (_open_to(actor, group) for group in asked)  # last: it looks into the record


def _groups_asked(actor: Actor, filters: Filters) -> list[str]:
    """The groups of fields that the filters speak of, as far as they are open to the actor at all."""
    asked = {
        "machines": any(one.startswith("machine.") for one in filters.concepts),
        "certificates": bool(filters.certificates),
        "figures": bool(filters.sizes),
        "capacities": filters.spare,
    }
    return [group for group, wanted in asked.items() if wanted and may_filter(actor, group)]


def _open_to(actor: Actor, group: str) -> Q:
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
    "name_ar": ("sort_name_ar", "pk"),
    "completeness": ("-completeness", "pk"),
    "fresh": (F("as_of").desc(nulls_last=True), "-pk"),
}
"""Columns of each order that the database makes. Enterprises whose data have no date come last where the freshest come first."""


def order_of(actor: Actor, filters: Filters) -> str:
    """The order in force, names by the reader's language: Arabic readers find an enterprise under its Arabic name where it has one."""
    return "name_ar" if filters.order == "name" and actor.language == "ar" else filters.order


WALKED = {
    "plain_as_of": Coalesce("as_of", Value(date.min)),
    "plain_size": Coalesce("size", Value("")),
    "plain_country": Coalesce("country", Value("")),
    "plain_region": Coalesce("region", Value("")),
}
"""Columns as no index has them: aliases that the walking conditions speak of."""


def published() -> Q:
    """What the list shows, by the status' indexes: where nothing else leads to the rows."""
    return Q(status=Enterprise.Status.PUBLISHED)


def still_published() -> Q:
    """The same said so that no index of the status is used: where something rarer leads to the rows (SQLite keeps no figures to see it)."""
    return ~Q(status__in=[one for one in Enterprise.Status.values if one != Enterprise.Status.PUBLISHED])
