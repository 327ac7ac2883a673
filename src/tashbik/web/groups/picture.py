"""Who makes what of an order, as an SVG: for each line its members' parts as bars. Not the table behind it (components/figure.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 340
HEAD, ROW = 46, 42
"""Heights in units of the drawing: the heading of a line, and the row of a member under it."""
BAR, TEXT = 16, 13
KINDS = 6
"""Members that have a look of their own (groups.css); a further one begins again with the first."""
LONGEST = 52
LEAST = 3


@dataclass(frozen=True, slots=True)
class Part:
    """What a member makes of a line: its name, its number in the group (-1: nobody, uncovered), the part (0–1), and quantity and part as text."""

    name: str
    number: int
    part: float
    text: str


@dataclass(frozen=True, slots=True)
class LineParts:
    """A line, the quantity ordered, and the parts of its members."""

    label: str
    amount: str
    parts: Sequence[Part]


def who_makes_what(lines: Sequence[LineParts], *, title: str, rtl: bool = False) -> SafeString:
    """The drawing; from right to left in Arabic. Empty where nothing is made."""
    if not any(one.parts for one in lines):
        return SafeString("")
    pieces, top = [], 0
    for line in lines:
        pieces.append(_heading(line, top, rtl))
        top += HEAD
        for part in line.parts:
            pieces.append(_row(part, top, rtl))
            top += ROW
        top += ROW // 4
    return format_html(
        '<svg class="chart who" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title><desc>{}</desc>{}</svg>',
        WIDTH,
        top,
        title,
        title,
        _spoken(lines),
        format_html_join("", "{}", ((one,) for one in pieces)),
    )


def _spoken(lines: Sequence[LineParts]) -> str:
    """All that the drawing shows, as text."""
    return ". ".join(
        f"{line.label} ({line.amount}): " + "; ".join(f"{one.name} {one.text}" for one in line.parts) for line in lines
    )


def _heading(line: LineParts, top: int, rtl: bool) -> SafeString:
    return format_html(
        '<text class="line" x="{}" y="{}" direction="{}" text-anchor="start">{}</text>'
        '<text class="amount" x="{}" y="{}" direction="{}" text-anchor="start">{}</text>'
        '<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"></line>',
        WIDTH if rtl else 0,
        top + TEXT + 4,
        "rtl" if rtl else "ltr",
        isolated(_short(line.label)),
        WIDTH if rtl else 0,
        top + TEXT + 21,
        "rtl" if rtl else "ltr",
        line.amount,
        WIDTH,
        top + HEAD - 6,
        top + HEAD - 6,
    )


def _row(one: Part, top: int, rtl: bool) -> SafeString:
    length = round(max(LEAST, WIDTH * min(1.0, one.part)), 1)
    return format_html(
        '<text x="{}" y="{}" direction="{}" text-anchor="start">{}</text>'
        '<text x="{}" y="{}" direction="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="0" y="{}" width="{}" height="{}"></rect>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"></rect>',
        WIDTH if rtl else 0,
        top + TEXT,
        "rtl" if rtl else "ltr",
        isolated(_short(one.name, LONGEST - len(one.text))),
        0 if rtl else WIDTH,
        top + TEXT,
        "rtl" if rtl else "ltr",
        one.text,
        top + TEXT + 5,
        WIDTH,
        BAR,
        "open" if one.number < 0 else f"member-{one.number % KINDS + 1}",
        WIDTH - length if rtl else 0,
        top + TEXT + 5,
        length,
        BAR,
    )


def isolated(text: str) -> str:
    """A text that keeps its own direction within the drawing's (Unicode isolates)."""
    return f"\u2068{text}\u2069"


def _short(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: max(8, most) - 1] + "…"
