"""What quotes cost: price breaks, totals, tooling spread over quantities, other currencies. Pure; not the reading of quotes (queries)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision

CURRENCIES = (
    *("DZD", "TND", "MAD", "EGP", "LYD", "MRU", "SDG", "SAR", "AED", "QAR", "KWD", "BHD", "OMR", "YER", "JOD", "IQD"),
    *("SYP", "LBP", "SOS", "DJF", "KMF", "EUR", "USD", "GBP", "CHF", "CNY", "JPY", "TRY"),
)
"""ISO 4217 codes offered: the currencies of the Arab countries, then those that they mostly trade in."""
INCOTERMS = ("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF")
"""The rules of Incoterms 2020 (International Chamber of Commerce)."""
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that is asked for: words, quantity (1 where none is `stated`) in a unit, by period, and the quantities to be priced."""

    id: str
    text: str
    quantity: Decimal = ONE
    unit: str = ""
    period: str = ""
    stated: bool = False
    breaks: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit from a quantity on; `tooling` is paid once; `lead_time` in days."""

    from_quantity: Decimal
    unit_price: Decimal
    tooling: Decimal = Decimal(0)
    lead_time: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A quote as far as it is compared: its prices by line, and the lines left out on purpose."""

    id: int
    currency: str
    prices: Mapping[str, Sequence[Price]]
    left_out: frozenset[str] = frozenset()


@dataclass(slots=True)
class Cell:
    """One quote's answer to one line.

    `state`: `quoted`, `left_out` (on purpose), `missing`, `minimum` (the quantity is below the first price break). `amount` is quantity ×
    unit price, `tooling` the share of it that this quantity bears, `total` both, in the quote's currency; `each` is `total` a unit;
    `converted` is `total` in the currency of the comparison, None without a rate.
    """

    state: str
    quantity: Decimal
    price: Price | None = None
    minimum: Decimal | None = None
    amount: Decimal = Decimal(0)
    tooling: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    each: Decimal = Decimal(0)
    converted: Decimal | None = None
    cheapest: bool = False
    fastest: bool = False


@dataclass(slots=True)
class Column:
    """One quote over all lines; sums cover the lines that it quotes. `lead_time` is that of its slowest line."""

    offered: Offered
    cells: dict[str, Cell] = field(default_factory=dict)
    total: Decimal = Decimal(0)
    converted: Decimal | None = None
    complete: bool = False
    lead_time: int | None = None
    cheapest: bool = False
    fastest: bool = False


def asked_lines(record: Mapping[str, Any], details: Mapping[str, Any]) -> tuple[Asked, ...]:
    """The lines of a need record (registry.records.Need as JSON) with the price breaks that `details` adds."""
    extra = details.get("lines", {})
    return tuple(_asked(line, extra.get(line["id"], {})) for line in record.get("lines", ()))


def _asked(line: Mapping[str, Any], extra: Mapping[str, Any]) -> Asked:
    wanted = next((one for one in line.get("requirements", ()) if one.get("kind") == "quantity"), None)
    numbers = wanted.get("numbers", ()) if wanted else ()
    breaks = tuple(sorted({Decimal(str(one)) for one in extra.get("price_breaks", ())}))
    stated = bool(numbers) or bool(breaks)
    quantity = Decimal(str(numbers[0])) if numbers else (breaks[0] if breaks else ONE)
    if quantity <= 0:
        quantity, stated = ONE, False
    return Asked(
        id=str(line["id"]),
        text=str(line.get("text", "")),
        quantity=quantity,
        unit=str((wanted or {}).get("unit") or ("piece" if stated else "")),
        period=str((wanted or {}).get("period") or ""),
        stated=stated,
        breaks=breaks,
    )


def price_at(prices: Sequence[Price], quantity: Decimal) -> Price | None:
    """The price in force at a quantity: that of the highest break not above it; None below the first break."""
    in_force = [one for one in prices if one.from_quantity <= quantity]
    return max(in_force, key=lambda one: one.from_quantity) if in_force else None


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount in the smallest unit of its currency (ISO 4217: three decimals for TND, KWD …), halves up."""
    return amount.quantize(ONE.scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)


def cell_of(
    offered: Offered, line: Asked, *, quantity: Decimal | None = None, runs: Decimal = ONE, rate: Decimal | None = None
) -> Cell:
    """What a quote asks for a line at a quantity (the asked one by default). `runs`: over how many such quantities tooling is spread;
    `rate`: units of the comparison's currency for one of the quote's, None where it is not known."""
    quantity = quantity or line.quantity
    prices = offered.prices.get(line.id, ())
    if not prices:
        return Cell("left_out" if line.id in offered.left_out else "missing", quantity)
    price = price_at(prices, quantity)
    if price is None:
        return Cell("minimum", quantity, minimum=min(one.from_quantity for one in prices))
    amount = rounded(quantity * price.unit_price, offered.currency)
    tooling = rounded(price.tooling / runs, offered.currency)
    total = amount + tooling
    return Cell(
        "quoted",
        quantity,
        price=price,
        amount=amount,
        tooling=tooling,
        total=total,
        each=(total / quantity).quantize(Decimal("0.0001"), ROUND_HALF_UP),
        converted=None if rate is None else total * rate,
    )


def compare(
    lines: Sequence[Asked],
    offers: Sequence[Offered],
    *,
    currency: str,
    rates: Mapping[str, Decimal] | None = None,
    runs: Decimal = ONE,
    quantities: Mapping[str, Decimal] | None = None,
) -> list[Column]:
    """Quotes side by side in one currency. `rates`: units of `currency` for one unit of each other; quotes in a currency without a rate
    are shown in their own and not ranked. Cheapest and fastest are marked where at least two can be compared; ties are all marked."""
    known = {**(rates or {}), currency: ONE}
    columns = [_column(one, lines, known.get(one.currency), runs, quantities or {}, currency) for one in offers]
    for line in lines:
        cells = [column.cells[line.id] for column in columns]
        _mark([one for one in cells if one.state == "quoted"])
    _mark([one for one in columns if one.complete])
    return columns


def _column(
    offered: Offered,
    lines: Sequence[Asked],
    rate: Decimal | None,
    runs: Decimal,
    quantities: Mapping[str, Decimal],
    currency: str,
) -> Column:
    cells = {line.id: cell_of(offered, line, quantity=quantities.get(line.id), runs=runs, rate=rate) for line in lines}
    quoted = [one for one in cells.values() if one.state == "quoted"]
    times = [one.price.lead_time for one in quoted if one.price]
    total = sum((one.total for one in quoted), Decimal(0))
    return Column(
        offered,
        cells,
        total=total,
        converted=None if rate is None else rounded(total * rate, currency),
        complete=bool(lines) and len(quoted) == len(lines),
        lead_time=max((one for one in times if one is not None), default=None),
    )


def _mark(candidates: Sequence[Cell] | Sequence[Column]) -> None:
    """Mark the cheapest and the fastest of several."""
    amounts = [one.converted for one in candidates if one.converted is not None]
    times = [time for one in candidates if (time := _lead_time(one)) is not None]
    for one in candidates:
        one.cheapest = len(amounts) > 1 and one.converted == min(amounts)
        one.fastest = len(times) > 1 and _lead_time(one) == min(times)


def _lead_time(one: Cell | Column) -> int | None:
    if isinstance(one, Column):
        return one.lead_time
    return one.price.lead_time if one.price else None
