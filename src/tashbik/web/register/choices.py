"""The filters as they stand on the page: values to choose from with their figures, and those in force with the address that takes them away. Not the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tashbik.exchange.models import Enterprise, Exchange
from tashbik.exchange.queries.register import Found
from tashbik.exchange.queries.register_counts import Figures, figures, whole
from tashbik.exchange.queries.register_filters import FRESH_MONTHS, Filters, may_filter
from tashbik.nomenclature.classifications import isic
from tashbik.web import reading
from tashbik.web.register import address, words

KIND_LABELS: dict[str, Any] = {
    "process": gettext_lazy("Process"),
    "product": gettext_lazy("Product"),
    "material": gettext_lazy("Material"),
    "machine": gettext_lazy("Machine"),
    "certificate": gettext_lazy("Certificate"),
}
MOST_CERTIFICATES = 8


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen; `count` is None where it was not counted."""

    value: str
    label: str
    count: int | None
    chosen: bool


def options(found: Found, own_exchange: str) -> dict[str, Any]:
    """The values of each filter, those that most enterprises have first; a group that the reader may not ask about is left out."""
    filters, actor = found.filters, found.actor
    known, counted = whole(actor), figures(found)
    taken = {"country": filters.countries, "sector": filters.sectors, "certificate": filters.certificates}
    answer: dict[str, Any] = {
        name: _listed(name, known.get(name, {}), counted, chosen) for name, chosen in taken.items()
    }
    answer["certificate"] = _shortened(answer["certificate"])
    answer["exchange"] = _exchanges(counted, filters.exchange, own_exchange)
    if len(filters.countries) == 1:
        inside = {one: total for one, total in known["region"].items() if one.startswith(f"{filters.countries[0]}-")}
        answer["region"] = _listed("region", inside, counted, (filters.region,) if filters.region else ())
    if may_filter(actor, "figures"):
        sizes = [str(one) for one in Enterprise.Size.values if one]
        answer["size"] = [_option("size", one, counted, filters.sizes) for one in sizes]
    if may_filter(actor, "capacities"):
        answer["spare"] = _option("spare", "1", counted, ("1",) if filters.spare else ())
    answer["fresh"] = [Option(str(one), months(one), None, filters.fresh == one) for one in FRESH_MONTHS]
    return answer


def _listed(name: str, known: dict[str, int], counted: Figures, chosen: tuple[str, ...]) -> list[Option]:
    values = dict.fromkeys((*chosen, *sorted(known, key=lambda one: -known[one])))
    made = [_option(name, one, counted, chosen) for one in values]
    return [one for one in made if one.count != 0 or one.chosen]


def _option(name: str, value: str, counted: Figures, chosen: tuple[str, ...]) -> Option:
    count = counted[name].get(value, 0) if name in counted else None
    return Option(value, label(name, value), count, value in chosen)


def _shortened(made: list[Option]) -> list[Option]:
    """The certificates in force and the commonest others; any other is asked for in words."""
    kept = [one for one in made if one.chosen]
    return kept + [one for one in made if not one.chosen][: max(0, MOST_CERTIFICATES - len(kept))]


def _exchanges(counted: Figures, chosen: str, own: str) -> list[Option]:
    language = reading.language()
    made = [
        Option(
            one.code,
            one.name(language),
            counted["exchange"].get(one.code, 0) if "exchange" in counted else None,
            one.code == chosen,
        )
        for one in Exchange.objects.all()
    ]
    return sorted(made, key=lambda one: (one.value != own, one.label))


def label(name: str, value: str) -> str:
    """A value of a filter in the reader's words."""
    if name in ("country", "region"):
        return reading.place(value)
    if name == "sector":
        return isic()[value].label(reading.language()) if value in isic() else value
    if name == "size":
        return str(Enterprise.Size(value).label)
    if name == "spare":
        return _("with spare capacity")
    return reading.concept(value)


def months(count: int) -> str:
    """A greatest age of the data."""
    return ngettext("at most %(count)d month old", "at most %(count)d months old", count) % {"count": count}


def chips(filters: Filters, view: str) -> list[dict[str, str]]:
    """The filters in force, each with the address of the page without it."""
    return [
        {
            "label": _("%(filter)s: %(value)s") % {"filter": name, "value": value} if name else value,
            "url": address.query(rest, view=view),
        }
        for name, value, rest in _in_force(filters)
    ]


def _in_force(filters: Filters) -> Iterable[tuple[str, str, Filters]]:
    if filters.words:
        yield (
            _("Words"),
            filters.words,
            replace(filters.without("words"), sort="" if filters.sort == "relevance" else filters.sort),
        )
    if filters.exchange:
        exchange = Exchange.objects.filter(code=filters.exchange).first()
        yield (
            _("Exchange"),
            exchange.name(reading.language()) if exchange else filters.exchange,
            filters.without("exchange"),
        )
    for one in filters.countries:
        yield _("Country"), label("country", one), address.taken_away(filters, "countries", one)
    if filters.region:
        yield _("Region"), label("region", filters.region), filters.without("region")
    for one in filters.sectors:
        yield _("Sector"), label("sector", one), address.taken_away(filters, "sectors", one)
    for one in filters.concepts:
        yield (
            str(KIND_LABELS[one.partition(".")[0]]),
            label("concept", one),
            address.taken_away(filters, "concepts", one),
        )
    for one in filters.certificates:
        yield (
            str(KIND_LABELS["certificate"]),
            label("certificate", one),
            address.taken_away(filters, "certificates", one),
        )
    for one in filters.sizes:
        yield _("Size"), label("size", one), address.taken_away(filters, "sizes", one)
    if filters.spare:
        yield "", label("spare", "1"), filters.without("spare")
    if filters.fresh:
        yield _("Data"), months(filters.fresh), filters.without("fresh")


def word_fields(asked: address.Asked) -> list[dict[str, Any]]:
    """The fields of words: what was typed and not understood stands in them again, with what may have been meant."""
    made = []
    for kind in address.WORD_KINDS:
        typed = asked.unknown.get(kind, "")
        meant = words.near(kind, typed, reading.language()) if typed else []
        attribute = "certificates" if kind == "certificate" else "concepts"
        others = [
            {
                "label": reading.concept(one),
                "url": address.query(address.added(asked.filters, attribute, one), view=asked.view),
            }
            for one in meant
        ]
        made.append(
            {"kind": kind, "name": f"{kind}-words", "label": KIND_LABELS[kind], "typed": typed, "meant": others}
        )
    return made
