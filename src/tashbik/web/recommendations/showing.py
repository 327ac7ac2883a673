"""What the recommendations' pages show: states as tags, rows of lists, indicators, frozen tables, the course of one. Not the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tashbik.exchange.evidence import Table, sources, thawed
from tashbik.exchange.evidence import shown as shown_cell
from tashbik.exchange.models import Edition, Evidence, Progress, Recommendation
from tashbik.exchange.models.editions import said
from tashbik.exchange.queries import recommendation_progress as progress
from tashbik.exchange.queries.recommendations import today
from tashbik.exchange.verbs.evidence import is_whole
from tashbik.web import reading
from tashbik.web.charts.bars import Bar, bars
from tashbik.web.recommendations.drawing import Stack, stacks
from tashbik.web.request import Request

KINDS = {
    "drafted": "unknown",
    "adopted": "attention",
    "assigned": "now",
    "under_way": "now",
    "done": "done",
    "closed": "done",
    "dropped": "",
    "rejected": "",
}
"""Colours of the tags of statuses."""
LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}


def digits_of(request: Request) -> str:
    """The reader's digits."""
    return request.actor.user.digits if request.actor.user else "latn"


def state_names() -> dict[str, str]:
    """Where adopted recommendations stand, in words."""
    return {
        "closed": pgettext("recommendations", "carried out and closed"),
        "done": pgettext("recommendations", "reported as done"),
        "going": pgettext("recommendations", "under way, within the deadline"),
        "waiting": pgettext("recommendations", "without an owner yet"),
        "overdue": pgettext("recommendations", "overdue"),
        "dropped": pgettext("recommendations", "dropped"),
    }


def part_names() -> dict[str, str]:
    """The parts of the stacked bars, in words."""
    return {
        "carried": pgettext("recommendations", "carried out"),
        "going": pgettext("recommendations", "under way or not begun"),
        "overdue": pgettext("recommendations", "overdue"),
        "dropped": pgettext("recommendations", "dropped"),
    }


def parts_of(row: progress.Row) -> list[int]:
    """Counts of the parts of a stacked bar."""
    count = row.counts
    return [count["closed"] + count["done"], count["going"] + count["waiting"], count["overdue"], count["dropped"]]


def country_of(one: Recommendation) -> str:
    """The country that it is addressed to, in words."""
    return country_name(one.country)


def country_name(code: str) -> str:
    """A country in words; all Arab countries where none is named."""
    return reading.place(code) if code else _("all Arab countries")


def state_tags(one: Recommendation) -> list[dict[str, str]]:
    """Status, and whether it is overdue or being voted on."""
    tags = [{"text": str(one.get_status_display()), "kind": KINDS[one.status]}]
    if one.overdue(today()):
        tags.append({"text": pgettext("recommendation", "overdue"), "kind": "wrong"})
    if one.voting:
        tags.append({"text": _("vote open"), "kind": "attention"})
    return tags


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a list."""

    one: Recommendation
    text: str
    language: str
    body: str
    country: str
    tags: list[dict[str, str]]
    report: Progress | None
    reached: float | None


def rows_of(found: Sequence[Recommendation]) -> list[Shown]:
    """Rows of a list, with the last report of each."""
    last = progress.last_reports(list(found))
    return [
        Shown(
            one=one,
            text=one.words("text", reading.language()),
            language=language_of(one.text),
            body=one.words("body", reading.language()),
            country=country_of(one),
            tags=state_tags(one),
            report=last.get(one.pk),
            reached=progress.reached(one),
        )
        for one in found
    ]


def language_of(texts: dict[str, str]) -> str:
    """The language in which `said` says a text to the reader."""
    return next((code for code in (reading.language(), "ar", "fr", "en") if texts.get(code)), "")


def other_languages(one: Recommendation) -> list[dict[str, str]]:
    """The text in the languages that the reader does not see first."""
    first = language_of(one.text)
    return [
        {"language": code, "name": LANGUAGE_NAMES[code], "text": one.text[code], "body": one.body.get(code, "")}
        for code in LANGUAGE_NAMES
        if code != first and one.text.get(code)
    ]


def value_text(value: Any, unit: str, digits: str) -> str:
    """A value of an indicator with its unit; empty where there is none."""
    return f"{reading.number(value.normalize(), digits)} {unit}".strip() if value is not None else ""


def indicator_of(one: Recommendation, digits: str) -> dict[str, Any] | None:
    """The indicator: what is measured, where it stood, stands and is to stand, and how much of the way is done."""
    if not one.indicator:
        return None
    values = {name: value_text(getattr(one, name), one.unit, digits) for name in ("baseline", "target", "value")}
    part = progress.reached(one)
    return {
        **values,
        "words": one.words("indicator", reading.language()),
        "on": one.value_on,
        "part": part,
        "percent": round(part * 100) if part is not None else None,
    }


# frozen tables


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frozen table in the reader's language, with its picture where it can be drawn."""

    key: int
    title: str
    headers: list[str]
    rows: list[list[Any]]
    numbers: bool
    picture: SafeString
    source: str
    coverage: str
    as_of: Any
    frozen: Any
    kind: str
    whole: bool


def sheet_of(evidence: Evidence, digits: str) -> Sheet:
    """A piece of evidence for the page."""
    return sheet(
        thawed(evidence.table),
        digits,
        key=evidence.pk,
        frozen=evidence.frozen,
        kind=source_name(evidence.source),
        whole=is_whole(evidence),
    )


def sheet(table: Table, digits: str, *, key: int = 0, frozen: Any = None, kind: str = "", whole: bool = True) -> Sheet:
    """A table for the page."""
    language = reading.language()
    rows = [[shown_cell(cell, language) for cell in row] for row in table.rows]
    rows = [[_plain(cell) for cell in row] for row in rows]
    title = said(table.title, language)
    return Sheet(
        key=key,
        title=title,
        headers=[_header(said(one.label, language), said(one.unit, language)) for one in table.columns],
        rows=rows,
        numbers=all(one.number for one in table.columns[1:]),
        picture=_picture(table, rows, title, digits),
        source=said(table.source, language),
        coverage=said(table.coverage, language),
        as_of=table.as_of,
        frozen=frozen,
        kind=kind,
        whole=whole,
    )


def _plain(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _header(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _picture(table: Table, rows: list[list[Any]], title: str, digits: str) -> SafeString:
    """Bars of the second column; empty where the table says that it cannot be drawn, or a number is missing or negative."""
    values = [row[1] for row in rows if len(row) > 1]
    if (
        not table.drawn
        or len(values) != len(rows)
        or not all(isinstance(one, (int, float)) and one >= 0 for one in values)
    ):
        return SafeString("")
    drawn = [Bar(str(row[0]), float(row[1]), reading.number(row[1], digits)) for row in rows]
    return bars(drawn, title=title, rtl=reading.language() == "ar")


def source_name(name: str) -> str:
    """What a source of evidence is called."""
    known = {one.name: one.label for one in sources()}
    return str(known[name]) if name in known else _("Uploaded table")


# sums


def _named_rows(rows: Iterable[progress.Row], names: dict[str, str]) -> list[tuple[str, progress.Row]]:
    return [(names.get(row.key, row.key), row) for row in rows]


def figure_by(
    rows: list[progress.Row], names: dict[str, str], *, title: str, first: str, key: str, digits: str
) -> dict[str, Any]:
    """A figure of stacked bars with its table: rows by country or edition."""
    named = _named_rows(rows, names)
    words = state_names()
    parts = part_names()
    drawn = [
        Stack(
            label=name,
            parts=[(number, reading.number(number, digits)) for number in parts_of(row)],
            total=reading.number(row.total, digits),
        )
        for name, row in named
    ]
    description = _("Each bar is parted into: %(parts)s.") % {"parts": reading.listed(list(parts.values()))}
    return {
        "title": title,
        "picture": stacks(drawn, title=title, description=description, rtl=reading.language() == "ar", key=key),
        "headers": [first, *words.values(), pgettext("column", "all")],
        "rows": [[name, *(row.counts[state] for state in words), row.total] for name, row in named],
    }


def edition_name(edition: Edition) -> str:
    """The name of an edition in the reader's language; its code where it has none."""
    return edition.text("name", reading.language()) or edition.code
