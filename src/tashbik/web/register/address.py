"""The register's filters in the address of a page: read from it, written into it. Not what they mean (exchange.queries.register_filters)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.http import urlencode

from tashbik.exchange.models import Enterprise
from tashbik.exchange.queries.register_filters import CONCEPT_KINDS, FRESH_MONTHS, SORTS, Filters
from tashbik.nomenclature import tables
from tashbik.nomenclature.classifications import isic
from tashbik.web.register import words

WORD_KINDS = (*CONCEPT_KINDS, "certificate")
"""Fields of words that are understood as concepts, by the kind of concept."""
LONGEST = 200
"""Characters of a field of words that are read."""
MOST = 12
"""Values of one filter that are read."""
MANY = {
    "country": "countries",
    "sector": "sectors",
    "concept": "concepts",
    "certificate": "certificates",
    "size": "sizes",
}
"""Names of values that may stand several times, and the filter they belong to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks: the filters; the words of its fields that were understood, or not; and how the result is shown (list or map)."""

    filters: Filters
    understood: bool = False
    unknown: dict[str, str] = field(default_factory=dict)
    view: str = "list"


def read(given: QueryDict) -> Asked:
    """What an address asks. Values that mean nothing are passed over: an address is often typed, cut or old."""
    concepts = _known(given.getlist("concept"), CONCEPT_KINDS)
    certificates = _known(given.getlist("certificate"), ("certificate",))
    unknown: dict[str, str] = {}
    understood = False
    for kind in WORD_KINDS:
        text = given.get(f"{kind}-words", "").strip()[:LONGEST]
        if not text:
            continue
        found = words.concepts_of(kind, text)
        understood = understood or bool(found)
        if not found:
            unknown[kind] = text
        elif kind == "certificate":
            certificates += found
        else:
            concepts += found
    filters = Filters(
        words=" ".join(given.get("q", "").split())[:LONGEST],
        exchange=given.get("exchange", "")[:20],
        countries=_some(one.upper() for one in given.getlist("country") if len(one) == 2 and one.isascii()),
        region=given.get("region", "").upper()[:10],
        sectors=_some(one for one in given.getlist("sector") if len(one) == 2 and one in isic()),
        concepts=_some(concepts),
        certificates=_some(certificates),
        sizes=_some(one for one in given.getlist("size") if one and one in Enterprise.Size.values),
        spare=given.get("spare") == "1",
        fresh=next((one for one in FRESH_MONTHS if given.get("fresh") == str(one)), 0),
        sort=given.get("sort", "") if given.get("sort") in SORTS else "",
    )
    return Asked(_sound(filters), understood, unknown, "map" if given.get("view") == "map" else "list")


def _known(given: list[str], kinds: tuple[str, ...]) -> list[str]:
    return [one for one in given if one in tables.concepts() and one.partition(".")[0] in kinds]


def _some(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MOST]


def _sound(filters: Filters) -> Filters:
    """A region stands only beside its own country."""
    of_country = filters.region.partition("-")[0]
    return filters if not filters.region or filters.countries == (of_country,) else replace(filters, region="")


def pairs(filters: Filters) -> list[tuple[str, str]]:
    """The names and values that say the filters, in a fixed order."""
    one_each = {
        "q": filters.words,
        "exchange": filters.exchange,
        "region": filters.region,
        "spare": "1" if filters.spare else "",
        "fresh": str(filters.fresh or ""),
        "sort": filters.sort,
    }
    several = [(name, value) for name, attribute in MANY.items() for value in getattr(filters, attribute)]
    return [*((name, value) for name, value in one_each.items() if value), *several]


def query(filters: Filters, *, view: str = "list", **extra: str) -> str:
    """The query string of filters, with its question mark; `?` alone where nothing is asked, so that a link drops what was."""
    shown = [("view", view)] if view != "list" else []
    return "?" + urlencode([*pairs(filters), *shown, *extra.items()])


def taken_away(filters: Filters, attribute: str, value: str = "") -> Filters:
    """The filters without one value of one of them; a country takes its region along."""
    if not value:
        return filters.without(attribute)
    rest = tuple(one for one in getattr(filters, attribute) if one != value)
    return _sound(replace(filters, **{attribute: rest}))  # type: ignore[arg-type]


def added(filters: Filters, attribute: str, value: str) -> Filters:
    """The filters with one more value of one of them."""
    return replace(filters, **{attribute: (*getattr(filters, attribute), value)})  # type: ignore[arg-type]
