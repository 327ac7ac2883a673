"""Stacked bars of where recommendations stand, as SVG. Not the table behind them (components/figure.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, ROW, BAR, TEXT = 420, 46, 18, 15
ROOM = 44
"""Width kept free for the sum at the end of the longest bar."""
LEAST_FOR_NUMBER = 16
"""A part of a bar holds its number from this width on."""
KINDS = ("carried", "going", "overdue", "dropped")
"""Parts of a bar in their order; each is a class of recommendations.css."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar: its name, and for each of KINDS how many, as a number and as it is written; with the written sum."""

    label: str
    parts: Sequence[tuple[int, str]]
    total: str

    @property
    def length(self) -> int:
        """How many in all."""
        return sum(number for number, _text in self.parts)


def stacks(rows: Sequence[Stack], *, title: str, description: str, rtl: bool, key: str) -> SafeString:
    """The bars, the longest of full length, from right to left in Arabic. `key` makes the ids of title and description its own."""
    if not rows:
        return SafeString("")
    largest = max(one.length for one in rows) or 1
    marks = format_html_join("", "{}", ((_row(one, number * ROW, largest, rtl),) for number, one in enumerate(rows)))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        *(WIDTH, len(rows) * ROW, key, key, key, title, key, description, marks),
    )


def _row(one: Stack, top: int, largest: int, rtl: bool) -> SafeString:
    scale = (WIDTH - ROOM) / largest
    name = one.label if len(one.label) < 50 else one.label[:49] + "…"
    parts, start = [], 0.0
    for kind, (number, text) in zip(KINDS, one.parts, strict=True):
        length = round(number * scale, 1)
        if number:
            parts.append((_part(kind, start, top + TEXT + 7, length, text, rtl),))
        start += length
    return format_html(
        '<text x="{}" y="{}" direction="{}" text-anchor="start">{}</text>{}<text x="{}" y="{}" direction="ltr" text-anchor="{}">{}</text>',
        *(WIDTH if rtl else 0, top + TEXT, "rtl" if rtl else "ltr", name),
        format_html_join("", "{}", parts),
        *(WIDTH - start - 6 if rtl else start + 6, top + TEXT + 20, "end" if rtl else "start", one.total),
    )


def _part(kind: str, start: float, top: float, length: float, text: str, rtl: bool) -> SafeString:
    left = WIDTH - start - length if rtl else start
    bar = format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"></rect>', kind, round(left, 1), top, length, BAR
    )
    if length < LEAST_FOR_NUMBER:
        return bar
    middle = round(left + length / 2, 1)
    number = format_html(
        '<text class="on-{}" x="{}" y="{}" direction="ltr" text-anchor="middle">{}</text>', kind, middle, top + 13, text
    )
    return bar + number
