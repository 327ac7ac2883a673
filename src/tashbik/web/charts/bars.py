"""Bars and funnels as SVG, for numbers by name. Not the table behind them (components/figure.html) nor maps (map.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 420
ROW, BAR, TEXT = 44, 16, 15
"""Heights in units of the drawing: a row, its bar, the base line of its label."""
ROOM = 80
"""Width kept free for the number at the end of the longest bar."""
LEAST = 2
"""A bar that stands for something is never thinner than this."""
LONGEST_LABEL = 56


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its value (not negative), and the value as it is written."""

    label: str
    value: float
    text: str


def bars(rows: Sequence[Bar], *, title: str, rtl: bool = False) -> SafeString:
    """Horizontal bars, the longest of full length; from right to left in Arabic. Empty where there is nothing to draw."""
    return _drawing(rows, title, rtl, "bar-1") if rows else SafeString("")


def funnel(steps: Sequence[Bar], *, title: str, rtl: bool = False) -> SafeString:
    """Steps, each a part of the one before, as bars that begin at one line; the last stands out."""
    if not steps:
        return SafeString("")
    return _drawing(steps, title, rtl, "bar-1", last="bar-2")


def _drawing(rows: Sequence[Bar], title: str, rtl: bool, kind: str, last: str = "") -> SafeString:
    largest = max((one.value for one in rows), default=0) or 1
    marks = format_html_join(
        "",
        "{}",
        (
            (_row(one, number * ROW, largest, rtl, last if last and number == len(rows) - 1 else kind),)
            for number, one in enumerate(rows)
        ),
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        len(rows) * ROW,
        title,
        marks,
    )


def _row(one: Bar, top: int, largest: float, rtl: bool, kind: str) -> SafeString:
    length = round((WIDTH - ROOM) * one.value / largest, 1)
    if one.value > 0:
        length = max(length, LEAST)
    label = one.label if len(one.label) <= LONGEST_LABEL else one.label[: LONGEST_LABEL - 1] + "…"
    return format_html(
        '<text x="{}" y="{}" direction="{}" text-anchor="start">{}</text>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"></rect>'
        '<text x="{}" y="{}" direction="ltr" text-anchor="{}">{}</text>',
        WIDTH if rtl else 0,
        top + TEXT,
        "rtl" if rtl else "ltr",
        label,
        kind,
        WIDTH - length if rtl else 0,
        top + TEXT + 6,
        length,
        BAR,
        WIDTH - length - 6 if rtl else length + 6,
        top + TEXT + 19,
        "end" if rtl else "start",
        one.text,
    )
