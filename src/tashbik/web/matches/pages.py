"""What the pages of matches are made of: rows with their cells worded, tabs, weights, the address of the request for quotes. Not the views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Need
from tashbik.exchange.permissions import may
from tashbik.exchange.queries.matches import Choices, Over
from tashbik.exchange.queries.matches_questions import can_be_asked
from tashbik.exchange.queries.matches_rows import Row
from tashbik.exchange.queries.matches_stored import StoredLine
from tashbik.linkage.match import CORE
from tashbik.web import reading
from tashbik.web.matches import choices as choosing
from tashbik.web.matches.showing import MARKS, Column, ShownCell, cell, month, outcome_word, where
from tashbik.web.needs.showing import kind_name


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its cells; `foreign` where its exchange was not given the need, so that it cannot be asked."""

    row: Row
    cells: list[ShownCell]
    place: str
    dated: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class LineCell:
    """A line in the row of an enterprise over all lines: outcome, fit of 100, how many requirements are met, not met and unknown."""

    label: str
    query: str
    outcome: str
    mark: str
    word: str
    fit: int
    passed: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class ShownOver:
    """An enterprise over all lines."""

    over: Over
    cells: list[LineCell | None]
    place: str
    dated: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a kind of requirement counts."""

    name: str
    kind: str
    label: str
    options: list[choosing.Option]


def shown_rows(need: Need, line: str, rows: Sequence[Row], columns: Sequence[Column], digits: str) -> list[ShownRow]:
    """Rows of a line as they are shown."""
    return [
        ShownRow(
            row=one,
            cells=[
                cell(line, one, each, column.label, digits) for each, column in zip(one.cells, columns, strict=True)
            ],
            place=where(one, digits),
            dated=month(one.as_of, digits),
            foreign=not can_be_asked(need, one.enterprise),
        )
        for one in rows
    ]


def shown_over(need: Need, rows: Sequence[Over], lines: Sequence[StoredLine], digits: str) -> list[ShownOver]:
    """Rows over all lines as they are shown."""
    labels = [line_label(number) for number, _line in enumerate(lines, 1)]
    return [
        ShownOver(
            over=one,
            cells=[
                _line_cell(label, line.line.id, row) for label, line, row in zip(labels, lines, one.rows, strict=True)
            ],
            place=where(one.any, digits),
            dated=month(one.any.as_of, digits),
            foreign=not can_be_asked(need, one.enterprise),
        )
        for one in rows
    ]


def _line_cell(label: str, line: str, row: Row | None) -> LineCell | None:
    if row is None or row.near_miss:
        return None
    outcome = "fail" if row.failed else "unknown" if row.count("unknown") or row.count("fail") else "pass"
    return LineCell(
        label=label,
        query="?" + urlencode({"line": line, "enterprise": row.code}),
        outcome=outcome,
        mark=MARKS[outcome],
        word=outcome_word(outcome),
        fit=row.fit,
        passed=row.count("pass"),
        failed=row.count("fail"),
        unknown=row.count("unknown"),
    )


def line_label(number: int) -> str:
    """What a line is called."""
    return _("Line %(number)s") % {"number": reading.number(number)}


def tabs(need: Need, lines: Sequence[StoredLine], current: str, choices: Choices) -> list[dict[str, object]]:
    """All lines together, and each line."""
    base = reverse("matches:matrix", args=(need.code,))
    together = {"label": _("All lines"), "url": base + choosing.query_of(choices), "current": not current}
    own = [
        {
            "label": line_label(number),
            "url": base + choosing.query_of(choices, one.line.id),
            "current": current == one.line.id,
        }
        for number, one in enumerate(lines, 1)
    ]
    return [together, *own]


def weights_of(lines: Sequence[StoredLine], choices: Choices) -> list[Weight]:
    """The kinds of requirement that occur, with how much each counts."""
    kinds = dict.fromkeys(each.kind for one in lines for each in one.line.requirements)
    return [
        Weight(
            choosing.WEIGHT + kind,
            kind,
            kind_name(kind),
            choosing.weight_options(choices.weights.get(kind, 1)),
        )
        for kind in kinds
    ]


def heavy_kinds(lines: Sequence[StoredLine]) -> str:
    """The kinds that count more than once by themselves, as one phrase; empty for none."""
    kinds = dict.fromkeys(each.kind for one in lines for each in one.line.requirements if each.kind in CORE)
    return reading.listed([kind_name(kind) for kind in kinds])


def allowed(actor: Actor, need: Need) -> dict[str, bool]:
    """What the actor may do with the matches of a need in its present state."""
    released = need.status == Need.Status.RELEASED
    return {
        "ask": released and may(actor, "question.send", need),
        "override": may(actor, "match.override", need),
        "settle": released and may(actor, "question.settle", need),
        "rfq": released and may(actor, "rfq.open", need),
        "refer": released and may(actor, "need.refer", need),
    }


def rfq_address(need: Need, enterprises: Sequence[Enterprise] = ()) -> str:
    """The page that requests quotes of these enterprises; empty where an installation has none."""
    named = [("enterprise", one.code) for one in enterprises]
    try:
        base, pairs = reverse("rfq:new", args=(need.code,)), named
    except NoReverseMatch:
        try:
            base, pairs = reverse("rfq:new"), [("need", need.code), *named]
        except NoReverseMatch:
            return ""
    return f"{base}?{urlencode(pairs)}" if pairs else base


def profile_address(enterprise: Enterprise) -> str:
    """The profile of an enterprise; empty where an installation has none."""
    try:
        return reverse("register:profile", args=(enterprise.code,))
    except NoReverseMatch:
        return ""


def editing_address(enterprise: Enterprise) -> str:
    """The pages on which the profile of an enterprise is completed; empty where an installation has none."""
    try:
        return reverse("editing:tasks", args=(enterprise.code,))
    except NoReverseMatch:
        return ""
