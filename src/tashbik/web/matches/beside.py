"""Enterprises side by side on a line, and the answer to "why not this one". Not the rows themselves (queries)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tashbik.exchange.models import Need
from tashbik.exchange.queries.matches_rows import Row
from tashbik.exchange.queries.matches_stored import StoredLine
from tashbik.registry.records import NeedLine
from tashbik.web import reading
from tashbik.web.matches.pages import ShownRow, line_label, shown_rows
from tashbik.web.matches.showing import Column, columns_of, outcome_word, sentence


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of each enterprise; `best` says at which places it is best, and there are worse."""

    label: str
    values: tuple[str, ...]
    best: tuple[bool, ...]

    @property
    def pairs(self) -> list[tuple[str, bool]]:
        """Each value with whether it is best."""
        return list(zip(self.values, self.best, strict=True))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement with the cell of each enterprise."""

    column: Column
    cells: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A line with its candidates side by side."""

    line: NeedLine
    label: str
    rows: list[ShownRow]
    facts: list[Fact]
    requirements: list[Requirement]

    @property
    def width(self) -> int:
        """Columns of the table."""
        return len(self.rows) + 1


@dataclass(frozen=True, slots=True)
class Why:
    """Why an enterprise stands on a line as it does: in a phrase, and one sentence for each verdict with its outcome."""

    line: NeedLine
    label: str
    row: Row | None
    verdict: str
    sentences: list[tuple[str, str, str]]


def label_of(lines: Sequence[StoredLine], line: StoredLine) -> str:
    """What a line is called; empty where it is the only one."""
    return line_label(lines.index(line) + 1) if len(lines) > 1 else ""


def side_by_side(need: Need, lines: Sequence[StoredLine], line: StoredLine, rows: Sequence[Row], digits: str) -> Part:
    """Enterprises side by side on a line."""
    columns = columns_of(line.line, digits)
    shown = shown_rows(need, line.line.id, rows, columns, digits)
    return Part(
        line=line.line,
        label=label_of(lines, line),
        rows=shown,
        facts=[
            Fact(_("fit"), tuple(reading.number(one.fit, digits) for one in rows), _best(rows, lambda one: one.fit)),
            Fact(_("place"), tuple(one.place for one in shown), _best(rows, _nearness)),
            Fact(
                _("share of the quantity"),
                tuple(reading.percent(one.share, digits) for one in rows),
                _best(rows, lambda one: one.share),
            ),
            Fact(
                _("age of the data"),
                tuple(reading.age(one.as_of) for one in rows),
                _best(rows, lambda one: (one.as_of or date.min).toordinal()),
            ),
            Fact(_("date of the data"), tuple(reading.day(one.as_of, digits) for one in rows), (False,) * len(rows)),
        ],
        requirements=[Requirement(column, tuple(one.cells[column.number] for one in shown)) for column in columns],
    )


def _nearness(row: Row) -> float | None:
    return None if row.link.km is None else -row.link.km


def _best(rows: Sequence[Row], worth: Callable[[Row], float | None]) -> tuple[bool, ...]:
    """Where the greatest value stands; nowhere where all are alike."""
    values = [worth(one) for one in rows]
    known = [one for one in values if one is not None]
    if len(set(values)) < 2 or not known:
        return (False,) * len(values)
    return tuple(one == max(known) for one in values)


def why(lines: Sequence[StoredLine], line: StoredLine, rows: Sequence[Row], digits: str) -> Why:
    """Why an enterprise stands on a line as it does."""
    row = rows[0] if rows else None
    found = row is not None and any(link.enterprise == row.code and not link.near_miss for link in line.links)
    return Why(
        line=line.line,
        label=label_of(lines, line),
        row=row,
        verdict=_in_a_phrase(row, found=found, digits=digits),
        sentences=[
            (one.engine.outcome, outcome_word(one.engine.outcome), reading.shaped(sentence(one.engine), digits))
            for one in (row.cells if row else ())
        ],
    )


def _in_a_phrase(row: Row | None, *, found: bool, digits: str) -> str:
    if row is None:
        return _("It states no capability, so there is nothing to judge.")
    if row.dropped:
        return _("An officer left it out of the list.")
    if found and row.failed:
        return _("It is in the list, after the others: something mandatory is not met.")
    if found:
        return _("It is in the list, with a fit of %(fit)s of 100.") % {"fit": reading.number(row.fit, digits)}
    if row.failed:
        return _("It is not in the list: something mandatory is not met.")
    return _("It is not in the list: what it states is too far from what is asked.")
