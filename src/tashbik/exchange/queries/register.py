"""The register as it is searched and listed. Not the conditions (register_filters.py), figures (register_counts.py) nor one enterprise (register_profile.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from tashbik.exchange.actor import Actor
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Exchange
from tashbik.exchange.queries.register_filters import ORDERS, Filters, conditions, published
from tashbik.exchange.visibility import visible_record
from tashbik.language.analysis import tokenise
from tashbik.registry import records

CAP = 10_000
"""Enterprises that are counted and paged through at most: beyond, "more than" is said, for nobody reads so far."""
CLOSEST = 300
"""Capabilities asked of the index for a search without filters; with filters, FILTERED."""
FILTERED = 2_000
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


class Found:
    """The enterprises that are found, in order: counted up to CAP, read slice by slice. Fits a Paginator."""

    def __init__(self, actor: Actor, filters: Filters, closeness: dict[str, float] | None = None) -> None:
        self.actor = actor
        self.filters = filters
        self._conditions = [published(), *conditions(actor, filters)]
        self._given = closeness

    def without(self, *names: str) -> Found:
        """The same search with some filters taken away."""
        given = self._closeness if self.filters.words else None
        return Found(self.actor, self.filters.without(*names), given)

    @cached_property
    def rows(self) -> QuerySet[Enterprise]:
        """All that is found, in no order."""
        found = Enterprise.objects.order_by()
        if self.filters.words:
            found = found.filter(code__in=self._closeness)
        return found.filter(*self._conditions)

    @cached_property
    def _closeness(self) -> dict[str, float]:
        if self._given is not None:
            return self._given
        return closeness(self.filters.words, FILTERED if self.filters.any else CLOSEST)

    @cached_property
    def _ranked(self) -> list[int]:
        """Keys of what is found by words, closest first."""
        found = self.rows.values_list("pk", "code")
        return [key for key, _ in sorted(found, key=lambda one: (-self._closeness[one[1]], one[1]))]

    def count(self) -> int:
        """How many are found, CAP at most."""
        return min(self._counted, CAP)

    @cached_property
    def _counted(self) -> int:
        if self.filters.words:
            return len(self._ranked)
        return self.rows.values("pk")[: CAP + 1].count()

    @property
    def capped(self) -> bool:
        """Whether there are more than are counted."""
        return self._counted > CAP

    def __getitem__(self, part: slice) -> list[Row]:
        return [self._row(one) for one in self._read(part)]

    def _read(self, part: slice) -> list[Enterprise]:
        if self.filters.order == "relevance":
            keys = self._ranked[part]
            read = Enterprise.objects.select_related("exchange").in_bulk(keys)
            return [read[key] for key in keys if key in read]
        rows = self.rows.order_by(*ORDERS[self.filters.order])
        return list(rows.select_related("exchange")[part])

    def _row(self, enterprise: Enterprise) -> Row:
        record, hidden = visible_record(self.actor, enterprise)
        return Row(enterprise, record, hidden)


def closeness(words: str, limit: int = CLOSEST) -> dict[str, float]:
    """Codes of published enterprises that words name or mean, with their closeness: a code 3, names 2 to 3, likeness below 2."""
    found = {code: score for code, score in register_index().enterprises_like(words, limit).items() if score >= COINCIDENCE}
    for code, score in _named(words).items():
        found[code] = max(score, found.get(code, 0.0))
    return found


def _named(words: str) -> dict[str, float]:
    """Enterprises whose name has all the words, or whose code it is; the more of the name the words are, the closer."""
    parts = [token.folded for token in tokenise(words)][:8]
    found: dict[str, float] = {}
    if parts:
        having = Q(*(Q(sort_name__contains=one) for one in parts))
        named = Enterprise.objects.filter(published(), having).order_by("sort_name", "pk")
        length = sum(map(len, parts))
        found = {code: 2 + min(1.0, length / max(1, len(name))) for code, name in named.values_list("code", "sort_name")[:NAMED]}
    code = words.strip()
    bearers = Enterprise.objects.filter(Q(code=code) | Q(code__in=_codes(code)), published()) if " " not in code else ()
    return found | {one.code: 3.0 for one in bearers}


def _codes(local: str) -> list[str]:
    """A local id as the codes of all exchanges have it."""
    return [f"{one}:{local}" for one in Exchange.objects.values_list("code", flat=True)]


def found(actor: Actor, filters: Filters) -> Found:
    """What the register has for these filters."""
    return Found(actor, filters)

