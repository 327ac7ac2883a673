"""A map as SVG: dots of places on a plain grid with the names of countries. Not coastlines, which it does not have, nor the choice of places.

Equirectangular: a degree of longitude is drawn cos(mid-latitude) as long as one of latitude (Snyder 1987, Map Projections, USGS 1395, p. 90).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tashbik.nomenclature.places import KnownPlace, places

WIDTH = 480.0
"""Width of a drawing in its own units, which are read as about one pixel; its height follows, between the two shares."""
LOWEST, HIGHEST = 0.45, 0.8
LEAST_DEGREES = 3.0
"""A map never shows less than this, so that one town is seen within its country."""
STEPS = (1, 2, 5, 10, 20, 30, 45)
"""Degrees between lines of the grid, from which the first is taken that gives at most seven."""
DOT, LARGEST_DOT = 5.0, 20.0
APART = 22.0
"""Units between places that are drawn as dots of their own; nearer ones are gathered."""
LABEL_HEIGHT = 15.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A place to be drawn: degrees WGS 84, how many are there, its text, an address that it leads to and a name written under it (or none)."""

    latitude: float
    longitude: float
    count: int
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The window of a map in degrees, and its size in units of the drawing."""

    west: float
    east: float
    south: float
    north: float
    width: float
    height: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place is drawn: x to the east, y to the south."""
        x = (longitude - self.west) / (self.east - self.west) * self.width
        y = (self.north - latitude) / (self.north - self.south) * self.height
        return x, y

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a place lies within."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


def frame_around(points: Sequence[tuple[float, float]], width: float = WIDTH) -> Frame:
    """A window that holds all (latitude, longitude) with a margin, of a shape that suits a page."""
    south, north = _spread([one[0] for one in points])
    west, east = _spread([one[1] for one in points])
    shrink = math.cos(math.radians((south + north) / 2))
    share = (north - south) / ((east - west) * shrink)
    if share < LOWEST:
        south, north = _widened(south, north, (east - west) * shrink * LOWEST)
    elif share > HIGHEST:
        west, east = _widened(west, east, (north - south) / HIGHEST / shrink)
    height = width * (north - south) / ((east - west) * shrink)
    return Frame(west, east, south, north, width, height)


def _spread(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = 0.08 * (high - low)
    return _widened(low - margin, high + margin, LEAST_DEGREES)


def _widened(low: float, high: float, least: float) -> tuple[float, float]:
    lacking = max(0.0, least - (high - low)) / 2
    return low - lacking, high + lacking


def gathered(frame: Frame, points: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Places (latitude, longitude) that would cover one another, as groups of their positions; each group's first is where it is drawn.

    The earlier places draw the later ones to them: give those with most first.
    """
    groups: list[list[int]] = []
    centres: list[tuple[float, float]] = []
    for number, point in enumerate(points):
        here = frame.at(*point)
        near = next((one for one, centre in enumerate(centres) if math.dist(here, centre) < APART), None)
        if near is None:
            groups.append([number])
            centres.append(here)
        else:
            groups[near].append(number)
    return groups


def drawn(frame: Frame, dots: Sequence[Dot], *, language: str, title: str) -> SafeString:
    """The map of some places, larger dots for more. `title` says the finding to who cannot see it; dots with an address are links."""
    most = max((one.count for one in dots), default=1)
    largest_first = sorted(dots, key=lambda one: -one.count)
    return format_html(
        '<svg class="map" viewBox="0 0 {} {}" width="{}" height="{}" direction="ltr" role="group" aria-label="{}">{}{}{}</svg>',
        _n(frame.width),
        _n(frame.height),
        _n(frame.width),
        _n(frame.height),
        title,
        _grid(frame),
        format_html_join("", "{}", ((_dot(frame, one, most),) for one in largest_first)),
        _names(frame, largest_first, most, language),
    )


def _n(value: float) -> str:
    """A coordinate as SVG writes it, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


def _grid(frame: Frame) -> SafeString:
    step = next((one for one in STEPS if (frame.east - frame.west) / one <= 7), STEPS[-1])
    lines = []
    for degree in _multiples(frame.west, frame.east, step):
        x, _ = frame.at(frame.north, degree)
        lines.append((f"M{_n(x)} 0V{_n(frame.height)}",))
    for degree in _multiples(frame.south, frame.north, step):
        _, y = frame.at(degree, frame.west)
        lines.append((f"M0 {_n(y)}H{_n(frame.width)}",))
    body = format_html_join("", '<path class="land" fill-opacity="0" d="{}"/>', lines)
    outline = format_html('<rect class="land" width="{}" height="{}"/>', _n(frame.width), _n(frame.height))
    return format_html('<g aria-hidden="true">{}{}</g>', outline, body)


def _multiples(low: float, high: float, step: int) -> Iterable[int]:
    return range(math.ceil(low / step) * step, math.floor(high) + 1, step)


def _dot(frame: Frame, dot: Dot, most: int) -> SafeString:
    x, y = frame.at(dot.latitude, dot.longitude)
    radius = _radius(dot, most)
    circle = format_html(
        '<circle class="spot" cx="{}" cy="{}" r="{}"><title>{}</title></circle>', _n(x), _n(y), _n(radius), dot.text
    )
    if not dot.url:
        return format_html('<g role="img" aria-label="{}">{}</g>', dot.text, circle)
    return format_html('<a href="{}" aria-label="{}">{}</a>', dot.url, dot.text, circle)


def _radius(dot: Dot, most: int) -> float:
    return max(DOT, LARGEST_DOT * math.sqrt(dot.count / max(most, 12)))


def _wanted(frame: Frame, dots: Sequence[Dot], most: int, language: str) -> Iterable[tuple[float, float, str]]:
    """Names to be written and where: those of the dots under them, then those of the countries in sight."""
    for dot in dots:
        if dot.label:
            x, y = frame.at(dot.latitude, dot.longitude)
            yield x, y + _radius(dot, most) + LABEL_HEIGHT, dot.label
    for country in _countries():
        if frame.holds(country.latitude, country.longitude):
            yield *frame.at(country.latitude, country.longitude), country.label(language)


def _names(frame: Frame, dots: Sequence[Dot], most: int, language: str) -> SafeString:
    """Names of dots and countries that do not run into each other, the first before the others."""
    placed: list[tuple[float, float, float]] = []
    texts = []
    for x, y, name in _wanted(frame, dots, most, language):
        half = 3.6 * len(name)
        x = min(max(x, half), frame.width - half)
        if all(abs(x - other) > half + theirs or abs(y - level) > LABEL_HEIGHT for other, level, theirs in placed):
            placed.append((x, y, half))
            texts.append((_n(x), _n(y), name))
    written = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" direction="{}" stroke="var(--paper)" stroke-width="3" stroke-linejoin="round" paint-order="stroke">{}</text>',
        ((x, y, "rtl" if language == "ar" else "ltr", name) for x, y, name in texts),
    )
    return format_html('<g aria-hidden="true" pointer-events="none">{}</g>', written)


def _countries() -> list[KnownPlace]:
    return [one for one in places().values() if one.kind == "country"]
