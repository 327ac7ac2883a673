"""How many enterprises each value of a filter would leave, where that is cheap to say. Not the list itself (register.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Exchange, Facet
from tashbik.exchange.projection import FACET_KINDS
from tashbik.exchange.queries.register import Found, Line
from tashbik.exchange.queries.register_filters import may_filter, published
from tashbik.exchange.visibility import GROUPS, hidden_groups
from tashbik.registry import records

DIMENSIONS = {
    "country": "countries",
    "region": "region",
    "exchange": "exchange",
    "sector": "sectors",
    "certificate": "certificates",
    "size": "sizes",
    "spare": "spare",
}
"""What is counted by, and the filter that it belongs to."""
KEPT = 24 * 3600
Figures = dict[str, dict[str, int]]


def figures(found: Found) -> Figures:
    """Enterprises by value of each filter, each filter counted as if it were not set, so that its other values can be compared.

    A filter that is not in the answer was not counted.
    """
    if found.lines is None:
        return whole(found.actor) if not found.filters.any and not found.filters.words else {}
    codes = dict(Exchange.objects.values_list("pk", "code"))
    answer = _figures(found.actor, found.lines, codes)
    for name, filter_name in DIMENSIONS.items():
        if getattr(found.filters, filter_name) and name not in (
            "certificate",
            "spare",
        ):  # certificates narrow one another
            wider = found.without(*(("countries", "region") if name == "country" else (filter_name,)))
            counted = _figures(found.actor, wider.lines, codes, only=name) if wider.lines is not None else {}
            answer[name] = counted.get(name, {})
    return answer


def _figures(actor: Actor, read: list[Line], codes: dict[int, str], only: str = "") -> Figures:
    hides = _Hiding(actor)
    answer: Figures = {
        "country": Counter(one.country for one in read if one.country),
        "region": Counter(one.region for one in read if one.region),
        "exchange": Counter(codes[one.exchange_id] for one in read),
    }
    if may_filter(actor, "figures"):
        answer["size"] = Counter(one.size for one in read if one.size and not hides(one, "figures"))
    if may_filter(actor, "capacities"):
        answer["spare"] = {"1": sum(one.has_spare and not hides(one, "capacities") for one in read)}
    if only in ("", "sector"):
        answer["sector"] = _by_facet("sector", [one.pk for one in read])
    if only in ("", "certificate"):
        answer["certificate"] = _by_facet("certificate", [one.pk for one in read if not hides(one, "certificates")])
    return answer


def _by_facet(kind: str, keys: list[int]) -> dict[str, int]:
    """Reached from the enterprises, which are few, and not from the kind: hence the other kinds are left out rather than this one asked for."""
    others = [one for one in (*FACET_KINDS, "sector") if one != kind]
    return _grouped(Facet.objects.filter(~Q(kind__in=others), enterprise__in=keys)) if keys else {}


def _grouped(facets: QuerySet[Facet]) -> dict[str, int]:
    counted = facets.order_by().values_list("value").annotate(total=Count("pk"))
    return {value: total for value, total in counted if not value.isdigit() or len(value) == 2}


class _Hiding:
    """Whether a line's enterprise hides a group from the actor; asked of visibility.py once for each setting that occurs."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._known: dict[tuple[Any, ...], tuple[str, ...]] = {}

    def __call__(self, line: Line, group: str) -> bool:
        levels = {name: level for name, level in (line.levels or {}).items() if name in GROUPS}
        own = line.pk == self._actor.enterprise_id
        mine = line.exchange_id == self._actor.exchange_id
        key = (own, mine, *sorted(levels.items()))
        if key not in self._known:
            row = Enterprise(pk=line.pk, exchange_id=line.exchange_id)
            record = records.Enterprise(id="", names={}, visibility=levels)
            self._known[key] = hidden_groups(self._actor, row, record)
        return group in self._known[key]


def whole(actor: Actor) -> Figures:
    """The figures of the whole register: counted once for each state of it, and kept."""
    last = Enterprise.objects.aggregate(last=Max("change"))["last"] or 0
    key = f"register-figures:{last}"
    answer: Figures | None = cache.get(key)
    if answer is None:
        answer = _whole()
        cache.set(key, answer, KEPT)
    closed = {"size": "figures", "spare": "capacities"}
    return {name: one for name, one in answer.items() if name not in closed or may_filter(actor, closed[name])}


def _whole() -> Figures:
    rows = Enterprise.objects.filter(published()).order_by()
    return {
        "country": _by_column(rows, "country"),
        "region": _by_column(rows, "region"),
        "exchange": _by_column(rows, "exchange__code"),
        "size": _by_column(rows, "size"),
        "spare": {"1": rows.filter(has_spare=True).count()},
        "sector": _grouped(Facet.objects.filter(kind="sector", enterprise__status=Enterprise.Status.PUBLISHED)),
        "certificate": _grouped(
            Facet.objects.filter(kind="certificate", enterprise__status=Enterprise.Status.PUBLISHED)
        ),
    }


def _by_column(rows: QuerySet[Enterprise], column: str) -> dict[str, int]:
    counted: Iterable[tuple[str, int]] = rows.values_list(column).annotate(total=Count("pk"))
    return {value: total for value, total in counted if value}
