"""What a reader asks of the matrix, read from the address and written back to it. Not the choosing (queries.matches)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from tashbik.exchange.queries.matches import SORTS, Choices
from tashbik.exchange.queries.matches_rows import MOST_WEIGHT
from tashbik.web import reading

WEIGHT = "w."
"""Start of a weight's name in the address: `w.quantity=2`."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter: its value, what it is called, whether it is in force."""

    value: str
    label: str
    chosen: bool


def read(query: QueryDict) -> Choices:
    """The choices in an address; what is not understood counts as not chosen."""
    sort = query.get("sort", "")
    return Choices(
        met=query.get("met") == "1",
        near=query.get("near") == "1",
        own=query.get("own") == "1",
        spare=query.get("spare") == "1",
        countries=tuple(one for one in query.getlist("country") if one),
        certificates=tuple(one for one in query.getlist("certificate") if one),
        sort=sort if sort in SORTS else "fit",
        weights=_weights(query),
    )


def _weights(query: QueryDict) -> dict[str, int]:
    found = {name[len(WEIGHT) :]: query.get(name, "") for name in query if name.startswith(WEIGHT)}
    known = {kind: int(value) for kind, value in found.items() if value in {"0", "1", "2", "3"}}
    return {kind: value for kind, value in known.items() if value != 1 and value <= MOST_WEIGHT}


def pairs(choices: Choices, line: str = "") -> list[tuple[str, str]]:
    """The choices as names and values of an address."""
    flags = [(name, "1") for name in ("met", "near", "own", "spare") if getattr(choices, name)]
    values = [("country", one) for one in choices.countries] + [("certificate", one) for one in choices.certificates]
    weights = [(WEIGHT + kind, str(value)) for kind, value in choices.weights.items()]
    sort = [("sort", choices.sort)] if choices.sort != "fit" else []
    return [*([("line", line)] if line else []), *flags, *values, *weights, *sort]


def query_of(choices: Choices, line: str = "") -> str:
    """The choices as a query string, with its question mark; empty for none."""
    text = urlencode(pairs(choices, line))
    return f"?{text}" if text else ""


def sort_options(choices: Choices) -> list[Option]:
    """The orders."""
    labels = {
        "fit": _("fit"),
        "distance": _("distance to the place of delivery"),
        "age": _("age of the data"),
        "name": _("name"),
    }
    return [Option(one, labels[one], choices.sort == one) for one in SORTS]


def weight_options(value: int) -> list[Option]:
    """How much a kind of requirement may count."""
    labels = (_("does not count"), _("counts as usual"), _("counts double"), _("counts triple"))
    return [Option(str(one), label, one == value) for one, label in enumerate(labels)]


def chips(choices: Choices, line: str) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it away."""
    labels = {
        "met": _("no mandatory requirement failed"),
        "near": _("near misses too"),
        "own": _("own exchange only"),
        "spare": _("with spare capacity"),
    }
    every = pairs(choices, line)
    named = [
        (labels.get(name) or (reading.place(value) if name == "country" else reading.concept(value)), (name, value))
        for name, value in every
        if name in labels or name in ("country", "certificate")
    ]
    return [{"label": label, "url": "?" + urlencode([one for one in every if one != pair])} for label, pair in named]
