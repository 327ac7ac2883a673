"""The register as it is searched and listed. Not the conditions (register_filters.py), figures (register_counts.py) nor one enterprise (register_profile.py).

What is found is read twice at most: up to COUNTED enterprises line by line, which gives their number, their order and all figures; and the
page's own rows. A search that finds more is counted up to CAP, and its page is cut by the database along an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, QuerySet

from tashbik.exchange.actor import Actor
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Exchange
from tashbik.exchange.queries import register_filters as by
from tashbik.exchange.queries.register_filters import Filters
from tashbik.exchange.visibility import visible_record
from tashbik.language.analysis import tokenise
from tashbik.language.scripts import is_arabic
from tashbik.registry import records

COUNTED = 2_000
"""Enterprises that are read line by line at most."""
CAP = 10_000
"""Enterprises that are counted and paged through at most: beyond, "more than" is said, for nobody reads so far."""
CLOSEST = 300
"""Capabilities asked of the index for a search without filters; with filters, FILTERED."""
FILTERED = 1_000
COINCIDENCE = 0.15
"""Calibrated score below which a likeness of words is chance (linkage.match.PLAUSIBLE, of labelled needs)."""
NAMED = 50
"""Enterprises found by their names at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """An enterprise of the list with its record as the reader may see it."""

    enterprise: Enterprise
    record: records.Enterprise
    hidden: tuple[str, ...]


class Line(NamedTuple):
    """What is read of each enterprise to order it, count it and place it on a map."""

    pk: int
    code: str
    exchange_id: int
    country: str
    region: str
    locality: str
    latitude: float | None
    longitude: float | None
    size: str
    has_spare: bool
    sort_name: str
    sort_name_ar: str
    completeness: int
    as_of: date | None
    levels: dict[str, str] | None


class Found:
    """The enterprises that are found, in order: counted up to CAP, read slice by slice. Fits a Paginator."""

    def __init__(self, actor: Actor, filters: Filters, closeness: dict[str, float] | None = None) -> None:
        self.actor = actor
        self.filters = filters
        self._given = closeness
        self._others = list(by.conditions(actor, filters))

    def without(self, *names: str) -> Found:
        """The same search with some filters taken away."""
        return Found(self.actor, self.filters.without(*names), self._closeness if self.filters.words else None)

    @cached_property
    def rows(self) -> QuerySet[Enterprise]:
        """All that is found, in no order, reached from what is rarest."""
        start = Enterprise.objects.order_by()
        facets = by.rarest_first(by.choices(self.filters))
        if self.filters.words:
            start = start.filter(by.still_published(), code__in=self._closeness)
        elif facets:
            start = start.filter(by.still_published(), by.among(*facets.pop(0)))
        else:
            start = start.filter(by.published())
        return start.filter(*(by.holding(*one) for one in facets), *self._others)

    @cached_property
    def _in_order(self) -> QuerySet[Enterprise]:
        """The same along the index of the order: for a page of a search that finds many."""
        facets = (by.holding(*one) for one in by.choices(self.filters))
        others = by.conditions(self.actor, self.filters, walking=True)
        rows = Enterprise.objects.alias(**by.WALKED).filter(by.published(), *facets, *others)
        return rows.order_by(*by.ORDERS[by.order_of(self.actor, self.filters)])

    @cached_property
    def _closeness(self) -> dict[str, float]:
        if self._given is not None:
            return self._given
        return closeness(self.filters.words, FILTERED if self.filters.any else CLOSEST)

    @cached_property
    def lines(self) -> list[Line] | None:
        """What is found, line by line and in order; None where it is more than COUNTED."""
        columns = [name for name in Line._fields if name != "levels"]
        read = [Line(*one) for one in self.rows.values_list(*columns, "record__visibility")[: COUNTED + 1]]
        return self._sorted(read) if len(read) <= COUNTED else None

    def _sorted(self, read: list[Line]) -> list[Line]:
        order = by.order_of(self.actor, self.filters)
        if order == "relevance":
            return sorted(read, key=lambda one: (-self._closeness[one.code], one.sort_name, one.pk))
        if order == "completeness":
            return sorted(read, key=lambda one: (-one.completeness, one.pk))
        if order == "fresh":
            return sorted(read, key=lambda one: (one.as_of or date.min, one.pk), reverse=True)
        if order == "name_ar":
            return sorted(read, key=lambda one: (one.sort_name_ar, one.pk))
        return sorted(read, key=lambda one: (one.sort_name, one.pk))

    @cached_property
    def _counted(self) -> int:
        return len(self.lines) if self.lines is not None else self.rows.values("pk")[: CAP + 1].count()

    def count(self) -> int:
        """How many are found, CAP at most."""
        return min(self._counted, CAP)

    @property
    def capped(self) -> bool:
        """Whether there are more than are counted."""
        return self._counted > CAP

    def __getitem__(self, part: slice) -> list[Row]:
        return [self._row(one) for one in self._read(part)]

    def _read(self, part: slice) -> list[Enterprise]:
        if self.lines is None:
            return list(self._in_order.select_related("exchange")[part])
        keys = [one.pk for one in self.lines[part]]
        read = Enterprise.objects.select_related("exchange").in_bulk(keys)
        return [read[key] for key in keys if key in read]

    def _row(self, enterprise: Enterprise) -> Row:
        record, hidden = visible_record(self.actor, enterprise)
        return Row(enterprise, record, hidden)


def closeness(words: str, limit: int = CLOSEST) -> dict[str, float]:
    """Codes of published enterprises that words name or mean, with their closeness: a code 3, names 2 to 3, likeness below 2."""
    like = register_index().enterprises_like(words, limit)
    found = {code: score for code, score in like.items() if score >= COINCIDENCE}
    for code, score in _named(words).items():
        found[code] = max(score, found.get(code, 0.0))
    return found


def _named(words: str) -> dict[str, float]:
    """Enterprises whose name has all the words, or whose code it is; the more of the name the words are, the closer.

    Words in Arabic letters are sought in the Arabic names, others in the Latin ones: each is held by an index.
    """
    parts = [token.folded for token in tokenise(words)][:8]
    found: dict[str, float] = {}
    if parts:
        column = name_column(words)
        having = (Q(**{f"{column}__contains": one}) for one in parts)
        keys = Enterprise.objects.filter(by.published(), *having).order_by(column, "pk").values_list("pk", flat=True)
        length = sum(map(len, parts))
        named = Enterprise.objects.filter(pk__in=list(keys[:NAMED])).order_by().values_list("code", column)
        found = {code: 2 + min(1.0, length / max(1, len(name))) for code, name in named}
    return found | dict.fromkeys(_coded(words.strip()), 3.0)


def name_column(words: str) -> str:
    """The column of names in whose letters words are written."""
    return "sort_name_ar" if any(is_arabic(one) for one in words.split()) else "sort_name"


def _coded(code: str) -> list[str]:
    """The codes of enterprises whose code or local id it is."""
    if not code or " " in code:
        return []
    exchanges = Exchange.objects.values_list("code", flat=True)
    wanted = [code, *(f"{one}:{code}" for one in exchanges)]
    return list(
        Enterprise.objects.filter(by.still_published(), code__in=wanted).order_by().values_list("code", flat=True)
    )


def found(actor: Actor, filters: Filters) -> Found:
    """What the register has for these filters."""
    return Found(actor, filters)
