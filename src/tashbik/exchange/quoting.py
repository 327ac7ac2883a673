"""From what is typed into a quote to its values, with what is wrong by field. Pure; not the saving (verbs.quotes)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from tashbik.exchange.pricing import CURRENCIES, INCOTERMS, Asked, Price

TOO_LARGE = Decimal(10) ** 12
LONGEST = 3_650
"""Days of lead time that are taken, at most: ten years."""
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.", "٬ \u00a0\u202f'")
_PLAIN = re.compile(r"\d+(\.\d+)?")
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Terms:
    """A quote that can be taken."""

    currency: str
    incoterm: str
    valid_until: date
    note: str
    prices: dict[str, tuple[Price, ...]]
    left_out: tuple[str, ...]


def amount_of(text: str) -> Decimal:
    """A number as people type it: any digits, spaces between groups, a dot or a comma before decimals. Raises ValueError for what is
    not a number, and for a comma before exactly three digits, which some mean as thousands and others as decimals."""
    plain = str(text).translate(_DIGITS)
    before, comma, after = plain.partition(",")
    if comma:
        if len(after) == 3 and before.strip("0"):
            raise ValueError("ambiguous")
        plain = f"{before}.{after}"
    if not _PLAIN.fullmatch(plain):
        raise ValueError("not a number")
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def checked(typed: Mapping[str, Any], lines: Sequence[Asked], deadline: date) -> tuple[Terms | None, Errors]:
    """The terms, or None with the errors by field: `currency`, `valid_until`, `line-<id>`, `line-<id>-<row>-unit_price` …"""
    errors: Errors = {}
    currency = str(typed.get("currency", "")).upper()
    if currency not in CURRENCIES:
        _add(errors, "currency", _("Choose the currency of the prices."))
    incoterm = str(typed.get("incoterm", "")).upper()
    if incoterm and incoterm not in INCOTERMS:
        _add(errors, "incoterm", _("Choose an Incoterms 2020 rule, or leave it empty."))
    valid_until = _day(typed.get("valid_until"))
    if valid_until is None:
        _add(errors, "valid_until", _("Say until when the quote is valid."))
    elif valid_until <= deadline:
        _add(errors, "valid_until", _("The quote must be valid beyond the deadline of the request."))
    prices, left_out = _lines(typed.get("lines", {}), lines, errors)
    if not errors and not prices:
        _add(errors, "", _("A quote needs a price for at least one line. If you cannot quote, decline the invitation."))
    if errors or valid_until is None:
        return None, errors
    note = str(typed.get("note", "")).strip()[:4_000]
    return Terms(currency, incoterm, valid_until, note, prices, tuple(left_out)), {}


def _lines(
    typed: Mapping[str, Any], lines: Sequence[Asked], errors: Errors
) -> tuple[dict[str, tuple[Price, ...]], list[str]]:
    prices: dict[str, tuple[Price, ...]] = {}
    left_out = []
    for line in lines:
        given = typed.get(line.id, {})
        rows = [(number, row) for number, row in enumerate(given.get("prices", ())) if _filled(row)]
        if given.get("left_out"):
            left_out.append(line.id)
            if rows:
                _add(
                    errors,
                    f"line-{line.id}",
                    _("This line has prices and is marked as not quoted: keep one of the two."),
                )
        elif not rows:
            _add(errors, f"line-{line.id}", _("Give a price, or mark the line as not quoted."))
        else:
            found = [_price(row, f"line-{line.id}-{number}", errors) for number, row in rows]
            whole = tuple(one for one in found if one is not None)
            if len(whole) == len(found):
                prices[line.id] = whole
                _rising(line.id, whole, [number for number, _row in rows], errors)
    return prices, left_out


def _filled(row: Mapping[str, Any]) -> bool:
    return any(str(row.get(name, "") or "").strip() for name in ("from_quantity", "unit_price", "tooling", "lead_time"))


def _price(row: Mapping[str, Any], where: str, errors: Errors) -> Price | None:
    start = _amount(row, "from_quantity", where, errors, default=Decimal(0))
    unit_price = _amount(row, "unit_price", where, errors, places=4)
    tooling = _amount(row, "tooling", where, errors, default=Decimal(0))
    lead_time = _amount(row, "lead_time", where, errors, places=0)
    if lead_time is not None and not 0 < lead_time <= LONGEST:
        _add(errors, f"{where}-lead_time", _("Give the lead time in days, from 1 to 3650."))
        lead_time = None
    if start is None or unit_price is None or tooling is None or lead_time is None:
        return None
    return Price(start, unit_price, tooling, int(lead_time), str(row.get("note", "")).strip()[:300])


def _amount(
    row: Mapping[str, Any], name: str, where: str, errors: Errors, *, default: Decimal | None = None, places: int = 3
) -> Decimal | None:
    text = str(row.get(name, "") or "").strip()
    if not text:
        if default is None:
            _add(errors, f"{where}-{name}", _("This value is missing."))
        return default
    try:
        value = amount_of(text)
    except ValueError as error:
        ambiguous = str(error) == "ambiguous"
        _add(
            errors,
            f"{where}-{name}",
            _("Thousands or decimals? Write it without a comma: 1200 or 1.2.")
            if ambiguous
            else _("This is not a number."),
        )
        return None
    if value >= TOO_LARGE or value != round(value, places):
        _add(errors, f"{where}-{name}", _("Too large, or too many decimals."))
        return None
    return value


def _rising(line: str, prices: Sequence[Price], rows: Sequence[int], errors: Errors) -> None:
    for before, after, row in zip(prices, prices[1:], rows[1:], strict=False):
        if after.from_quantity <= before.from_quantity:
            _add(
                errors,
                f"line-{line}-{row}-from_quantity",
                _("Each price break must start at a larger quantity than the one before."),
            )


def _day(text: object) -> date | None:
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text or "").translate(_DIGITS))
    except ValueError:
        return None


def _add(errors: Errors, name: str, text: str) -> None:
    errors.setdefault(name, []).append(text)
