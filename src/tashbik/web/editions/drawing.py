"""The picture of a plan: times × tables, a mark for each meeting, as SVG. Not the table behind it (plan.html)."""

from __future__ import annotations

from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tashbik.exchange.queries.meeting_plans import Cell, PlanView
from tashbik.web import reading

SIDE, GAP = 22, 3
"""Width and height of a mark, and the space between two."""
LEFT, TOP = 52, 26
"""Room for the times, and for the names of tables."""
DAY = 26
"""Room for the heading of a day."""


def matrix(view: PlanView, *, rtl: bool = False) -> SafeString:
    """The picture, mirrored for Arabic; empty without tables or times. Every mark says in its title who meets, where and when."""
    if not view.tables or not view.slots:
        return SafeString("")
    width = LEFT + len(view.tables) * (SIDE + GAP)
    parts, y = [_heads(view, width, rtl)], TOP
    for day, slots in groupby(view.rows(), key=lambda row: row[0].day):
        parts.append(_text(LEFT if not rtl else width - LEFT, y + 18, reading.day(day), rtl=rtl, bold=True))
        y += DAY
        for slot, cells in slots:
            parts.append(_text(0 if not rtl else width, y + 15, f"{slot.starts:%H:%M}", rtl=rtl))
            parts.append(_marks(view, f"{slot.starts:%H:%M}", cells, y, width, rtl))
            y += SIDE + GAP
    title = _("Times and tables: %(held)d meetings") % {"held": view.held}
    body = format_html_join("", "{}", ((one,) for one in parts))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', width, y + GAP, title, body
    )


def _text(x: int, y: int, text: str, *, rtl: bool, bold: bool = False) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" direction="{}" text-anchor="start"{}>{}</text>',
        x,
        y,
        "rtl" if rtl else "ltr",
        SafeString(' font-weight="600"') if bold else "",
        text,
    )


def _x(place: int, width: int, rtl: bool) -> int:
    x = LEFT + place * (SIDE + GAP)
    return width - x - SIDE if rtl else x


def _heads(view: PlanView, width: int, rtl: bool) -> SafeString:
    return format_html_join(
        "",
        '<text x="{}" y="16" text-anchor="middle" direction="ltr">{}</text>',
        ((_x(place, width, rtl) + SIDE // 2, label[-4:]) for place, label in enumerate(view.tables)),
    )


def _marks(view: PlanView, time: str, cells: list[Cell | None], y: int, width: int, rtl: bool) -> SafeString:
    marks = []
    for place, cell in enumerate(cells):
        x = _x(place, width, rtl)
        if cell is None:
            marks.append(
                format_html('<rect class="grid" x="{}" y="{}" width="{}" height="{}" rx="3"></rect>', x, y, SIDE, SIDE)
            )
            continue
        kind = "bar-2" if cell.pair.must else "bar-1" if cell.pair.weight > 1 else "bar-3"
        said = f"{time} · {view.tables[place]}: {cell.pair.first.name} – {cell.pair.second.name}"
        if cell.interpreter:
            said += f" ({cell.interpreter})"
        marks.append(
            format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"><title>{}</title></rect>',
                kind,
                x,
                y,
                SIDE,
                SIDE,
                said,
            )
        )
    return format_html_join("", "{}", ((one,) for one in marks))
