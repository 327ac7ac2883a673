"""The picture of one node among its neighbours, as SVG: suppliers on one side, buyers on the other. Not the whole graph (network.drawing)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tashbik.exchange.queries.networks import Ego, Neighbour
from tashbik.network.graph import Node
from tashbik.web import reading
from tashbik.web.networks.frame import Shown, shown_node
from tashbik.web.networks.wording import iso

WIDTH, ROW = 640, 30
MOST = 12
"""Neighbours drawn on each side; the table has them all."""
LONGEST = 30


def ego_picture(ego: Ego, nodes: dict[str, Node], name: str) -> SafeString:
    """Suppliers, the node, and buyers from one side to the other in the direction of reading; other ties below."""
    given, taken = ego.of("supplier")[:MOST], ego.of("buyer")[:MOST]
    other = ego.of("cluster", "institution", "contact")[: MOST // 2]
    height = max(len(given), len(taken), 1) * ROW + (40 + ROW * ((len(other) + 1) // 2) if other else 20)
    rtl = reading.language() == "ar"
    middle = max(len(given), len(taken), 1) * ROW / 2 + 10
    first, last = (WIDTH, 0) if rtl else (0, WIDTH)
    parts = [
        *_side(given, nodes, first, middle, rtl),
        *_side(taken, nodes, last, middle, rtl),
        *_below(other, nodes, middle, max(len(given), len(taken), 1) * ROW + 40, rtl),
        _middle(name, middle, rtl),
    ]
    title = _("%(name)s among those it is tied to") % {"name": name}
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        height,
        title,
        format_html_join("", "{}", ((one,) for one in parts)),
    )


def _side(found: Sequence[Neighbour], nodes: dict[str, Node], edge: int, middle: float, rtl: bool) -> list[SafeString]:
    top = middle - len(found) * ROW / 2 + ROW / 2
    inner = 196 if edge == 0 else WIDTH - 196
    drawn = []
    for number, one in enumerate(found):
        y = top + number * ROW
        drawn.append(
            format_html(
                '<path class="line-1" stroke-opacity="0.5" d="M{} {} L{} {}"/>',
                inner,
                f"{y:.0f}",
                WIDTH // 2,
                f"{middle:.0f}",
            )
        )
        drawn.append(_label(shown_node(one.node, nodes), edge, y, "start" if (edge == 0) != rtl else "end", rtl))
    return drawn


def _label(one: Shown, x: int, y: float, anchor: str, rtl: bool) -> SafeString:
    text = one.name if len(one.name) <= LONGEST else one.name[: LONGEST - 1] + "…"
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" direction="{}">{}<title>{}</title></text>',
        x,
        f"{y + 4:.0f}",
        anchor,
        "rtl" if rtl else "ltr",
        iso(text),
        one.name,
    )


def _below(
    found: Sequence[Neighbour], nodes: dict[str, Node], middle: float, top: float, rtl: bool
) -> list[SafeString]:
    drawn = []
    for number, one in enumerate(found):
        x, y = (WIDTH // 4 if number % 2 == 0 else 3 * WIDTH // 4), top + (number // 2) * ROW
        drawn.append(
            format_html(
                '<path class="line-2" stroke-opacity="0.5" d="M{} {} L{} {}"/>',
                WIDTH // 2,
                f"{middle:.0f}",
                x,
                f"{y - 12:.0f}",
            )
        )
        drawn.append(_label(shown_node(one.node, nodes), x, y, "middle", rtl))
    return drawn


def _middle(name: str, middle: float, rtl: bool) -> SafeString:
    text = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    return format_html(
        '<circle class="bar-1" cx="{}" cy="{}" r="9"/><text x="{}" y="{}" text-anchor="middle" direction="{}" font-weight="700" stroke="var(--paper)" '
        'stroke-width="4" paint-order="stroke">{}</text>',
        WIDTH // 2,
        f"{middle:.0f}",
        WIDTH // 2,
        f"{middle - 14:.0f}",
        "rtl" if rtl else "ltr",
        iso(text),
    )
