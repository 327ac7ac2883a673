"""The quotes side by side, as a page and a spreadsheet, and the award. Not the arithmetic (exchange.pricing)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from tashbik.errors import ExchangeError, InvalidError, StateError
from tashbik.exchange.models import Rfq
from tashbik.exchange.permissions import require
from tashbik.exchange.pricing import ONE
from tashbik.exchange.queries import rfq as queries
from tashbik.exchange.quoting import amount_of
from tashbik.exchange.verbs import awards as verbs
from tashbik.language.units import label as unit_label
from tashbik.web import reading
from tashbik.web.reports.sheets import Sheet, xlsx
from tashbik.web.request import Request
from tashbik.web.rfq.views import seen

MOST_RUNS = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What the reader typed for this comparison: rates by currency, where and when they were read, and over how many runs tooling goes."""

    rates: dict[str, Decimal]
    source: str
    on: str
    runs: Decimal
    errors: dict[str, str]
    typed: dict[str, str]


def terms_of(given: QueryDict) -> Terms:
    """The terms of a comparison from its address or form; what cannot be read is named and left out."""
    rates, errors, typed = {}, {}, {}
    for name, text in given.items():
        if not isinstance(text, str) or not name.startswith("rate_") or not text.strip():
            continue
        typed[name] = text
        try:
            value = amount_of(text)
        except ValueError:
            value = Decimal(0)
        if value > 0:
            rates[name.removeprefix("rate_")] = value
        else:
            errors[name] = _("This is not a number.")
    runs = _runs(given.get("runs", ""))
    if runs is None:
        errors["runs"] = _("This is not a number.")
    return Terms(rates, given.get("source", "")[:200], given.get("on", "")[:10], runs or ONE, errors, typed)


def _runs(text: str) -> Decimal | None:
    if not text.strip():
        return ONE
    try:
        value = amount_of(text)
    except ValueError:
        return None
    return value if 1 <= value <= MOST_RUNS else None


@require_GET
def compare(request: Request, code: str) -> HttpResponse:
    """Lines by quotes, with what is cheapest and fastest; rates and runs of tooling are the reader's own."""
    rfq = queries.find(request.actor, code)
    terms = terms_of(request.GET)
    table = queries.comparison(request.actor, rfq, rates=terms.rates, runs=terms.runs)
    context = {"rfq": rfq, "table": table, "terms": terms, "days_left": queries.days_left(rfq), **_shown(table, terms)}
    return render(request, "rfq/compare.html", context)


def _shown(table: queries.Compared | None, terms: Terms) -> dict[str, Any]:
    if table is None:
        return {}
    columns = [
        {
            "column": column,
            "quote": table.quotes[column.offered.id],
            "older": table.quotes[column.offered.id].need_version < table.rfq.need_version,
        }
        for column in table.columns
    ]
    rows = [
        {
            "line": line,
            "unit": unit_label(line.unit, reading.language(), float(line.quantity)) if line.unit else "",
            "cells": [
                {
                    "cell": one.cells[line.id],
                    "currency": one.offered.currency,
                    "prices": one.offered.prices.get(line.id, ()),
                    "awarded": one.offered.id in table.awarded.get(line.id, set()),
                }
                for one in table.columns
            ],
        }
        for line in table.lines
    ]
    rates = [(one, f"rate_{one}", terms.typed.get(f"rate_{one}", "")) for one in table.currencies]
    left = any(line.id not in table.awarded for line in table.lines)
    return {"columns": columns, "rows": rows, "rates": rates, "left": left}


@require_GET
def spreadsheet(request: Request, code: str) -> HttpResponse:
    """The comparison as a workbook: totals, then every price break."""
    rfq = queries.find(request.actor, code)
    terms = terms_of(request.GET)
    table = queries.comparison(request.actor, rfq, rates=terms.rates, runs=terms.runs)
    if table is None:
        raise StateError(_("The quotes are sealed until the deadline, or until all have answered."))
    return xlsx(f"{rfq.code}-quotes", [_totals(table), _lines(table), _breaks(table), _rates(table, terms)])


def _name(table: queries.Compared, number: int) -> str:
    return table.quotes[number].invitation.enterprise.name(reading.language())


def _totals(table: queries.Compared) -> Sheet:
    header = [
        _("Enterprise"), _("Currency"), _("Total"), _("Total in %(currency)s") % {"currency": table.rfq.currency}, pgettext("quote", "Complete"),
        _("Lead time in days"), _("Incoterm"), pgettext("quote", "Valid until"), _("Cheapest"), _("Fastest"), pgettext("remark", "Note"),
    ]  # fmt: skip
    rows = []
    for one in table.columns:
        quote = table.quotes[one.offered.id]
        rows.append(
            [
                *(
                    _name(table, one.offered.id),
                    quote.currency,
                    one.total,
                    one.converted,
                    _yes(one.complete),
                    one.lead_time,
                ),
                *(quote.incoterm, quote.valid_until, _yes(one.cheapest), _yes(one.fastest), quote.note),
            ]
        )
    return Sheet(_("Totals"), header, rows)


def _lines(table: queries.Compared) -> Sheet:
    header = [
        _("Line"), _("What is asked"), _("Quantity"), _("Unit"), _("Enterprise"), _("Currency"), _("Unit price"), _("Tooling"), _("Total"),
        _("Each, with tooling"), _("Lead time in days"), _("State"),
    ]  # fmt: skip
    rows = []
    for line in table.lines:
        for one in table.columns:
            cell = one.cells[line.id]
            price = cell.price
            money = [price.unit_price, cell.tooling, cell.total, cell.each, price.lead_time] if price else [None] * 5
            unit = unit_label(line.unit, reading.language()) if line.unit else ""
            rows.append(
                [
                    *(line.id, line.text, cell.quantity, unit, _name(table, one.offered.id), one.offered.currency),
                    *money,
                    state_words(cell.state),
                ]
            )
    return Sheet(_("Lines"), header, rows)


def _breaks(table: queries.Compared) -> Sheet:
    header = [
        *(_("Line"), _("Enterprise"), _("Currency"), _("From quantity"), _("Unit price"), _("Tooling, once")),
        *(_("Lead time in days"), pgettext("remark", "Note")),
    ]
    rows = [
        [
            *(line.id, _name(table, one.offered.id), one.offered.currency, price.from_quantity, price.unit_price),
            *(price.tooling, price.lead_time, price.note),
        ]
        for line in table.lines
        for one in table.columns
        for price in one.offered.prices.get(line.id, ())
    ]
    return Sheet(_("Price breaks"), header, rows)


def _rates(table: queries.Compared, terms: Terms) -> Sheet:
    header = [
        _("Currency"),
        _("Rate in %(currency)s") % {"currency": table.rfq.currency},
        _("Source of the rates"),
        pgettext("date", "On"),
    ]
    rows = [[one, terms.rates.get(one), terms.source, terms.on] for one in table.currencies]
    return Sheet(_("Exchange rates"), header, rows)


def state_words(state: str) -> str:
    """What the state of a cell means."""
    return {
        "quoted": pgettext("line", "quoted"),
        "left_out": _("left out on purpose"),
        "minimum": _("below the smallest quantity quoted"),
    }.get(state, pgettext("line", "missing"))


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


@require_http_methods(["GET", "POST"])
def award(request: Request, code: str) -> HttpResponse:
    """Choose a quote for each line, with the quantity, and award."""
    rfq = queries.find(request.actor, code)
    require(request.actor, "award.make", rfq)
    given = request.POST if request.method == "POST" else request.GET
    terms = terms_of(given)
    table = queries.comparison(request.actor, rfq, rates=terms.rates, runs=ONE)
    if table is None:
        raise StateError(
            _("The quotes are sealed until the deadline, or until all have answered."),
            mend=_("Award after that; or close the request early, with the reason."),
        )
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        errors = _award(request, rfq, table, terms)
        if not errors:
            messages.success(request, _("The award was made, and all who quoted are told."))
            return seen("rfq:page", rfq.code)
    context = {
        "rfq": rfq,
        "table": table,
        "terms": terms,
        "errors": errors,
        "lines": [_choice(table, line, given) for line in table.lines],
        "reason": given.get("reason", ""),
        **_shown(table, terms),
    }
    return render(request, "rfq/award.html", context, status=422 if errors else 200)


def _award(request: Request, rfq: Rfq, table: queries.Compared, terms: Terms) -> list[dict[str, str]]:
    """Award as typed; returns what is wrong, each with a link to its field."""
    choices: dict[int, dict[str, Decimal]] = {}
    errors = []
    for line in table.lines:
        picked = request.POST.get(f"quote-{line.id}", "")
        if not picked.isdigit() or len(picked) > 18:
            continue
        try:
            choices.setdefault(int(picked), {})[line.id] = amount_of(request.POST.get(f"quantity-{line.id}", ""))
        except ValueError:
            errors.append({"text": f"{line.text[:60]}: {_('This is not a number.')}", "href": f"#line-{line.id}"})
    if errors:
        return errors
    chosen = [verbs.Choice(number, lines) for number, lines in choices.items()]
    source = " ".join(one for one in (terms.source, terms.on) if one)
    reason = request.POST.get("reason", "")[:2_000]
    try:
        verbs.award(actor=request.actor, rfq=rfq, choices=chosen, reason=reason, rates=terms.rates, rates_source=source)
    except InvalidError as error:
        return [{"text": str(text), "href": f"#{name}"} for name, texts in error.fields.items() for text in texts]
    except ExchangeError as error:
        return [{"text": f"{error.message} {error.mend}".strip(), "href": ""}]
    return []


def _choice(table: queries.Compared, line: Any, given: QueryDict) -> dict[str, Any]:
    picked = given.get(f"quote-{line.id}", given.get("quote", ""))
    options = [
        {
            "quote": table.quotes[one.offered.id],
            "cell": one.cells[line.id],
            "chosen": picked == str(one.offered.id),
        }
        for one in table.columns
    ]
    return {
        "line": line,
        "unit": unit_label(line.unit, reading.language(), float(line.quantity)) if line.unit else "",
        "options": options,
        "none": not any(one["chosen"] for one in options),
        "quantity": given.get(f"quantity-{line.id}", f"{line.quantity.normalize():f}"),
        "awarded": line.id in table.awarded,
    }
