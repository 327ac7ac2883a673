"""The picture of a linkage graph: a layout by communities and an accessible SVG. Not an interactive page (web)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import rustworkx

from tashbik.network.analysis import Analysis
from tashbik.network.graph import Floats, LinkageGraph, Positions
from tashbik.network.wording import number, wording

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#7a3e9d", "#666666")
"""Okabe and Ito's colours (jfly.uni-koeln.de/color), the light ones darkened; the last for all small communities."""
SIZE = 1000.0
LABELS = 24
FONT, LEAST_SPAN, MARGIN = 16.0, 300.0, 60.0
"""Height of the names in a picture of the whole; the smallest side of a picture of the chosen, and the room left round them."""
SPRUNG = 400
"""Largest community laid out by springs; a larger one is laid out in rings by degree."""
TRIALS = 4000
"""Points of the spiral on which the discs of communities are packed."""
GOLDEN = np.pi * (3.0 - np.sqrt(5.0))


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions in a square from 0 to SIZE, and the radius of each node."""

    x: Floats
    y: Floats
    radius: Floats


def layout(graph: LinkageGraph, community: Positions) -> Layout:
    """Positions by communities: each a disc of an area in proportion to its nodes, discs packed from the largest in the middle, inside them springs.

    The same graph always gives the same picture.
    """
    count = len(graph)
    degrees = np.diff(graph.adjacency.indptr)
    order = np.argsort(community, kind="stable")
    begin = np.searchsorted(community[order], np.arange(int(community.max(initial=-1)) + 2))
    sizes = np.diff(begin)
    middles, discs = packed(np.sqrt(sizes.astype(float)) + 0.6)
    place = np.zeros((count, 2))
    for label in range(len(sizes)):
        members = order[begin[label] : begin[label + 1]]
        place[members] = middles[label] + 0.86 * discs[label] * _inside(graph, members, degrees)
    low, high = place.min(axis=0, initial=0.0), place.max(axis=0, initial=1.0)
    scale = (SIZE - 40) / max(float((high - low).max()), 1e-9)
    place = 20 + (place - low) * scale
    radius = np.clip(1.2 + 1.1 * np.sqrt(degrees), 1.2, 16.0) * min(1.0, 30 / np.sqrt(max(count, 1)) + 0.35)
    return Layout(place[:, 0], place[:, 1], radius)


def packed(radii: Floats) -> tuple[Floats, Floats]:
    """Middles of discs that do not overlap, in the order given (the largest first), each at the first free point of a spiral from the middle."""
    middles = np.zeros((len(radii), 2))
    reach = np.sqrt(float((radii**2).sum()))
    turns = np.arange(1, TRIALS)
    distance = 3.0 * reach * np.sqrt(turns / TRIALS)
    trials = np.stack([distance * np.cos(GOLDEN * turns), distance * np.sin(GOLDEN * turns)], axis=1)
    begin = 0
    for disc in range(1, len(radii)):
        if radii[disc] != radii[disc - 1]:
            begin = 0  # for a disc as large as the last one, all points before it are taken still
        begin = _first_free(trials, begin, middles[:disc], radii[:disc] + radii[disc])
        outside = float(np.sqrt((middles[:disc] ** 2).sum(axis=1)).max()) + 2 * float(radii[0])
        middles[disc] = trials[begin] if begin < len(trials) else (outside, 0.0)
    return middles, radii


def _first_free(trials: Floats, begin: int, middles: Floats, least: Floats) -> int:
    """The first trial point from `begin` that keeps its distance from all middles; the number of trials if there is none."""
    for start in range(begin, len(trials), 64):
        block = trials[start : start + 64]
        across, along = block[:, :1] - middles[:, 0], block[:, 1:] - middles[:, 1]
        free = np.flatnonzero((across * across + along * along >= least * least).all(axis=1))
        if free.size:
            return start + int(free[0])
    return len(trials)


def _inside(graph: LinkageGraph, members: Positions, degrees: Positions) -> Floats:
    """Positions in the unit disc."""
    if len(members) == 1:
        return np.zeros((1, 2))
    if len(members) > SPRUNG:
        return _rings(degrees[members])
    inner = graph.adjacency[members][:, members].tocoo()
    small: rustworkx.PyGraph[None, float] = rustworkx.PyGraph(multigraph=False)
    small.add_nodes_from([None] * len(members))
    kept = inner.row < inner.col
    small.add_edges_from(
        [(int(one), int(other), 1.0) for one, other in zip(inner.row[kept], inner.col[kept], strict=True)]
    )
    start = _rings(degrees[members])
    sprung = rustworkx.spring_layout(
        small, pos={n: (float(p[0]), float(p[1])) for n, p in enumerate(start)}, num_iter=40, seed=1
    )
    place = np.array([sprung[n] for n in range(len(members))], float)
    place -= place.mean(axis=0)
    farthest = float(np.sqrt((place**2).sum(axis=1)).max())
    return place / farthest if farthest > 0 else start


def _rings(degrees: Positions) -> Floats:
    """A sunflower, those of most ties in the middle."""
    rank = np.empty(len(degrees), np.int64)
    rank[np.lexsort((np.arange(len(degrees)), -degrees))] = np.arange(len(degrees))
    distance = np.sqrt((rank + 0.5) / len(degrees))
    return np.stack([distance * np.cos(GOLDEN * rank), distance * np.sin(GOLDEN * rank)], axis=1)


def svg(
    analysis: Analysis,
    *,
    language: str = "en",
    labels: int = LABELS,
    identifier: str = "network",
    where: Layout | None = None,
    chosen: frozenset[int] | None = None,
) -> str:
    """The picture as SVG: named and described for screen readers, a title on each node, names at the nodes of most ties.

    `where`: a layout made before. `chosen`: positions that stand out, the others faint; the names are those of the chosen then.
    """
    return "".join(_pieces(analysis, language, labels, identifier, where, chosen))


def _pieces(
    analysis: Analysis, language: str, labels: int, identifier: str, given: Layout | None, chosen: frozenset[int] | None
) -> Iterator[str]:
    graph, of = analysis.graph, analysis.communities.of
    where = given or layout(graph, of)
    said = {key: text[language] for key, text in wording("measures.tsv").items()}
    top = _most_tied(analysis, labels, chosen)
    names = [graph.name(place, language) for place in top]
    description = said["figure.desc"].format(
        nodes=number(len(graph), language),
        edges=number(graph.adjacency.nnz // 2, language),
        communities=number(analysis.communities.count, language),
        hubs=said["list"].join(names[:5]),
    )
    title = escape(said["figure.title"])
    west, north, span = _window(where, chosen)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{west:.0f} {north:.0f} {span:.0f} {span:.0f}" role="img" lang="{language}" '
        f'aria-labelledby="{identifier}-title {identifier}-desc" font-family="sans-serif">'
        f'<title id="{identifier}-title">{title}</title><desc id="{identifier}-desc">{escape(description)}</desc>'
    )
    yield _edges(graph, of, where)
    for place in np.argsort(where.radius, kind="stable").tolist():
        colour = PALETTE[min(int(of[place]), len(PALETTE) - 1)]
        faint = "" if chosen is None or place in chosen else ' fill-opacity="0.15"'
        yield (
            f'<circle cx="{where.x[place]:.1f}" cy="{where.y[place]:.1f}" r="{where.radius[place]:.1f}" fill="{colour}"{faint}>'
            f"<title>{escape(graph.name(place, language))}</title></circle>"
        )
    yield _labels(where, top, names, (west, span))
    yield "</svg>\n"


def _most_tied(analysis: Analysis, count: int, chosen: frozenset[int] | None) -> list[int]:
    """Positions of the nodes of most ties, among the chosen where some are."""
    if chosen is None:
        return [analysis.graph.position[one] for one, _ in analysis.top("degree", count)]
    degrees = analysis.measures["degree"].values
    return sorted(chosen, key=lambda place: (-degrees[place], analysis.graph.ids[place]))[:count]


def _edges(graph: LinkageGraph, of: Positions, where: Layout) -> str:
    """All ties as two paths: inside communities, and between them more faintly."""
    pairs = graph.adjacency.tocoo()
    upper = pairs.row < pairs.col
    rows, columns = pairs.row[upper], pairs.col[upper]
    inside = of[rows] == of[columns]
    drawn = []
    for chosen, opacity in ((~inside, 0.12), (inside, 0.35)):
        ends = zip(
            where.x[rows[chosen]].tolist(),
            where.y[rows[chosen]].tolist(),
            where.x[columns[chosen]].tolist(),
            where.y[columns[chosen]].tolist(),
            strict=True,
        )
        path = "".join(f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for a, b, c, d in ends)
        drawn.append(f'<path d="{path}" stroke="#555" stroke-opacity="{opacity}" stroke-width="0.6" fill="none"/>')
    return "".join(drawn)


def _window(where: Layout, chosen: frozenset[int] | None) -> tuple[float, float, float]:
    """The square that is seen, as left, top and side: the whole, or the chosen with room round them."""
    if not chosen:
        return 0.0, 0.0, SIZE
    some = sorted(chosen)
    x, y = where.x[some], where.y[some]
    span = min(SIZE, max(LEAST_SPAN, float(x.max() - x.min()) + 2 * MARGIN, float(y.max() - y.min()) + 2 * MARGIN))
    middle = [float(one.max() + one.min()) / 2 for one in (x, y)]
    west, north = (min(max(one - span / 2, 0.0), SIZE - span) for one in middle)
    return west, north, span


def _labels(where: Layout, places: list[int], names: list[str], seen: tuple[float, float]) -> str:
    """Names of the nodes of most ties, of one size whatever part is seen; those left out that would cover one before."""
    west, span = seen
    font = FONT * span / SIZE
    taken: list[tuple[float, float, float, float]] = []
    drawn = []
    for place, name in zip(places, names, strict=True):
        short = name if len(name) <= 28 else name[:27] + "…"
        half, x = 0.29 * font * len(short), float(where.x[place])
        x = min(max(x, west + half), west + span - half)
        y = max(1.1 * font, float(where.y[place] - where.radius[place]) - 0.27 * font)
        box = (x - half, y - font, x + half, y + 0.2 * font)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        drawn.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{font:.1f}" text-anchor="middle" fill="#111" stroke="#fff" '
            f'stroke-width="{font / 4:.1f}" paint-order="stroke">\u2068{escape(short)}\u2069</text>'
        )
    return f'<g aria-hidden="true">{"".join(drawn)}</g>'
