"""The form of a quote: prices of each line with their breaks, read from and shown to the page. Not the checks (exchange.quoting)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from tashbik.exchange.models import Quote, Rfq
from tashbik.exchange.pricing import CURRENCIES, INCOTERMS, Asked

VALUES = {
    "from_quantity": _("From quantity"),
    "unit_price": _("Unit price"),
    "tooling": _("Tooling, once"),
    "lead_time": _("Lead time in days"),
    "note": pgettext_lazy("remark", "Note"),
}
MOST_ROWS = 20
LEAST_ROWS = 2
Typed = dict[str, Any]


@dataclass(slots=True)
class Input:
    """One field of a price row: its name is also its id."""

    name: str
    label: Any
    value: str
    errors: Sequence[str] = ()


@dataclass(slots=True)
class LineForm:
    """One line that is asked for, with the rows of its prices."""

    asked: Asked
    name: str
    left_out: bool
    rows: list[list[Input]]
    errors: Sequence[str] = ()


@dataclass(slots=True)
class QuoteForm:
    """The whole form; `summary` lists what is wrong with a link to each field."""

    values: Typed
    lines: list[LineForm]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    currencies: Sequence[str] = CURRENCIES
    incoterms: Sequence[str] = INCOTERMS

    @property
    def summary(self) -> list[dict[str, str]]:
        """What is wrong."""
        labels = {one.name: str(one.label) for line in self.lines for row in line.rows for one in row}
        labels |= {
            "currency": str(_("Currency")),
            "incoterm": str(_("Incoterm")),
            "valid_until": str(pgettext("quote", "Valid until")),
        }
        labels |= {line.name: line.asked.text[:60] for line in self.lines}
        found = []
        for name, texts in self.errors.items():
            for text in texts:
                label = labels.get(name, "")
                found.append({"text": f"{label}: {text}" if label else str(text), "href": f"#{name}" if label else ""})
        return found


def typed_of(post: QueryDict, lines: Sequence[Asked]) -> Typed:
    """What was typed, in the shape that exchange.quoting checks."""
    values: Typed = {name: post.get(name, "").strip() for name in ("currency", "incoterm", "valid_until", "note")}
    values["lines"] = {line.id: _line_of(post, f"line-{line.id}") for line in lines}
    return values


def _line_of(post: QueryDict, name: str) -> Typed:
    rows = []
    for number in range(MOST_ROWS):
        if f"{name}-{number}-unit_price" not in post:
            break
        rows.append({value: post.get(f"{name}-{number}-{value}", "").strip()[:300] for value in VALUES})
    return {"left_out": f"{name}-left_out" in post, "prices": rows}


def usual(rfq: Rfq, lines: Sequence[Asked]) -> Typed:
    """A new quote: the request's terms, and a row for each quantity that is to be priced."""
    return {
        "currency": rfq.currency,
        "incoterm": rfq.incoterm,
        "valid_until": "",
        "note": "",
        "lines": {
            line.id: {"prices": [{"from_quantity": f"{one.normalize():f}"} for one in _quantities(line)]}
            for line in lines
        },
    }


def _quantities(line: Asked) -> Sequence[Any]:
    if line.breaks:
        return line.breaks
    return (line.quantity,) if line.stated else ()


def copied(quote: Quote) -> Typed:
    """A new version begins with what the one before says."""
    return dict(quote.typed)


def form_of(
    typed: Typed, lines: Sequence[Asked], errors: Mapping[str, Sequence[str]] | None = None, more: str = ""
) -> QuoteForm:
    """The form with what was typed; `more` names a line that gets one row more."""
    wrong = errors or {}
    given = typed.get("lines", {})
    return QuoteForm(typed, [_line_form(line, given.get(line.id, {}), wrong, line.id == more) for line in lines], wrong)


def _line_form(line: Asked, given: Typed, errors: Mapping[str, Sequence[str]], more: bool) -> LineForm:
    name = f"line-{line.id}"
    prices = list(given.get("prices", ()))
    count = min(max(len(prices) + (1 if more else 0), LEAST_ROWS), MOST_ROWS)
    prices += [{}] * (count - len(prices))
    rows = [
        [
            Input(
                f"{name}-{number}-{value}",
                label,
                str(row.get(value, "") or ""),
                errors.get(f"{name}-{number}-{value}", ()),
            )
            for value, label in VALUES.items()
        ]
        for number, row in enumerate(prices)
    ]
    return LineForm(line, name, bool(given.get("left_out")), rows, errors.get(name, ()))
