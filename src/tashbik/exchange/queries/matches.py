"""The matches of a need as an actor may see them: matrix of a line, all lines together, one cell, side by side, and why not. Not the acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Exchange, Facet, Need
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.matches_rows import Cell, People, Row, RowMaker, enterprises_of, people_of
from tashbik.exchange.queries.matches_stored import StoredLine, StoredLink, named, stored
from tashbik.exchange.queries.register import name_column
from tashbik.language.analysis import tokenise
from tashbik.registry.records import NeedLine

SORTS = ("fit", "distance", "age", "name")
MOST_COMPARED = 4
FOUND = 20
"""Enterprises found by name at most."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader asks of the matrix. `met`: none that fails something mandatory; `near`: near misses too; weights by kind, 0 to 3."""

    met: bool = False
    near: bool = False
    own: bool = False
    spare: bool = False
    countries: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    sort: str = "fit"
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """What the rows could be narrowed to: countries and certificates that occur among them."""

    countries: tuple[str, ...]
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A line with its rows in order; `found` counts what the engine found, `complete` those of them that nothing known speaks against."""

    line: NeedLine
    rows: list[Row]
    dropped: list[Row]
    options: Options
    found: int
    complete: int
    misses: int


@dataclass(frozen=True, slots=True)
class Over:
    """An enterprise over all lines: its row on each (None where it was not found), the mean score over all lines."""

    enterprise: Enterprise
    rows: tuple[Row | None, ...]
    score: float
    standing: Any

    @property
    def any(self) -> Row:
        """Its best row."""
        return max((one for one in self.rows if one is not None), key=lambda one: one.score)

    @property
    def able(self) -> int:
        """On how many lines nothing mandatory fails."""
        return sum(one is not None and not one.failed for one in self.rows)

    @property
    def fit(self) -> int:
        """Score of 100."""
        return round(100 * self.score)

    @property
    def to_ask(self) -> int:
        """How many questions could be sent."""
        return sum(one.to_ask for one in self.rows if one is not None)


@dataclass(frozen=True, slots=True)
class Overall:
    """All lines of a need together."""

    lines: tuple[NeedLine, ...]
    rows: list[Over]
    dropped: list[Row]
    options: Options
    found: int


def opened(actor: Actor, code: str) -> Need:
    """A need whose matches the actor may see. Raises NotFoundError, NotPermittedError."""
    need = needs.find(actor, code)
    require(actor, "match.see", need)
    return need


def lines_of(need: Need) -> tuple[StoredLine, ...]:
    """The stored matches of a need."""
    return stored(need)


def line_named(lines: Sequence[StoredLine], line_id: str) -> StoredLine:
    """A line by its id, the first where none is named. Raises NotFoundError."""
    found = next((one for one in lines if one.line.id == line_id or not line_id), None)
    if found is None:
        raise NotFoundError(_("The need has no such line."), mend=_("It may have been changed: open the need again."))
    return found


# one line


def matrix(actor: Actor, need: Need, line: StoredLine, choices: Choices) -> Matrix:
    """The matrix of a line."""
    require(actor, "match.see", need)
    people = people_of(need)
    rows = _rows_of(actor, need, [line], people, choices)[0]
    listed = [one for one in rows if not one.dropped]
    found = [one for one in listed if not one.near_miss]
    holders = _certificates(rows)
    passing = [one for one in listed if _passes(actor, one, choices, holders)]
    return Matrix(
        line=line.line,
        rows=sorted(passing, key=_order(actor, choices.sort)),
        dropped=[one for one in rows if one.dropped],
        options=_options(listed, holders),
        found=len(found),
        complete=sum(one.complete for one in found),
        misses=len(listed) - len(found),
    )


def _rows_of(
    actor: Actor, need: Need, lines: Sequence[StoredLine], people: People, choices: Choices
) -> list[list[Row]]:
    """All rows of some lines, in no order: what the engine found, and whom an officer keeps or left out besides."""
    codes = {link.enterprise for line in lines for link in line.links}
    beside = Enterprise.objects.filter(pk__in=people.standing).exclude(code__in=codes) if people.standing else ()
    extra = named(need, beside) if beside else {}
    known = enterprises_of([*codes, *(code for of_line in extra.values() for code in of_line)])
    made = []
    for line in lines:
        maker = RowMaker(actor, line, people, choices.weights)
        links = [*line.links, *(of_one[0] for of_one in extra.get(line.line.id, {}).values() if of_one)]
        made.append([maker.row(known[link.enterprise], link) for link in links if link.enterprise in known])
    return made


def _certificates(rows: Iterable[Row]) -> dict[int, set[str]]:
    """Certificates of enterprises by their keys, those left out that the reader may not see."""
    seen = {one.enterprise.pk for one in rows if "certificates" not in one.hidden}
    held: dict[int, set[str]] = {}
    facets = Facet.objects.filter(enterprise__in=seen, kind="certificate").values_list("enterprise_id", "value")
    for enterprise, value in facets:
        held.setdefault(enterprise, set()).add(value)
    return held


def _options(rows: Iterable[Row], holders: Mapping[int, set[str]]) -> Options:
    countries = {one.enterprise.country for one in rows if one.enterprise.country}
    certificates = {value for held in holders.values() for value in held}
    return Options(tuple(sorted(countries)), tuple(sorted(certificates)))


def _passes(actor: Actor, row: Row, choices: Choices, holders: Mapping[int, set[str]]) -> bool:
    """Whether a row is shown. What the reader may not see counts as not stated; whom an officer keeps is always shown."""
    if row.kept:
        return True
    if row.near_miss and not choices.near:
        return False
    if row.failed and choices.met:
        return False
    return _fits(actor, row, choices, holders)


def _fits(actor: Actor, row: Row, choices: Choices, holders: Mapping[int, set[str]]) -> bool:
    enterprise = row.enterprise
    if choices.own and enterprise.exchange_id != actor.exchange_id:
        return False
    if choices.spare and (not enterprise.has_spare or "capacities" in row.hidden):
        return False
    if choices.countries and enterprise.country not in choices.countries:
        return False
    return set(choices.certificates) <= holders.get(enterprise.pk, set())


def _order(actor: Actor, sort: str) -> Callable[[Row], tuple[Any, ...]]:
    orders: dict[str, Callable[[Row], tuple[Any, ...]]] = {
        "fit": lambda one: (one.near_miss, one.failed, -one.score, one.code),
        "distance": lambda one: (one.link.km is None, one.link.km or 0.0, -one.score, one.code),
        "age": lambda one: (-(one.as_of or date.min).toordinal(), -one.score, one.code),
        "name": lambda one: (one.enterprise.name(actor.language).casefold(), one.code),
    }
    return orders.get(sort, orders["fit"])


# all lines


def overall(actor: Actor, need: Need, lines: Sequence[StoredLine], choices: Choices) -> Overall:
    """All lines together: who can take most of them first. `met` here leaves those that fail nothing mandatory on some line."""
    require(actor, "match.see", need)
    by_line = _rows_of(actor, need, lines, people_of(need), choices)
    everyone = {row.code: row for rows in by_line for row in rows}
    holders = _certificates(everyone.values())
    over = [_over(code, by_line) for code, row in everyone.items() if not row.dropped]
    passing = [one for one in over if any(row and _passes(actor, row, choices, holders) for row in one.rows)]
    return Overall(
        lines=tuple(one.line for one in lines),
        rows=sorted(passing, key=_order_over(actor, choices.sort)),
        dropped=[row for row in everyone.values() if row.dropped],
        options=_options([row for row in everyone.values() if not row.dropped], holders),
        found=sum(any(row and not row.near_miss for row in one.rows) for one in over),
    )


def _over(code: str, by_line: Sequence[Sequence[Row]]) -> Over:
    rows = tuple(next((one for one in rows if one.code == code), None) for rows in by_line)
    first = next(one for one in rows if one is not None)
    return Over(first.enterprise, rows, sum(one.score for one in rows if one) / len(rows), first.standing)


def _order_over(actor: Actor, sort: str) -> Callable[[Over], tuple[Any, ...]]:
    if sort == "fit":
        return lambda one: (-one.able, -one.score, one.enterprise.code)
    by_row = _order(actor, sort)
    return lambda one: by_row(one.any)


# named enterprises


def find_enterprise(code: str) -> Enterprise:
    """A published enterprise by its code. Raises NotFoundError."""
    found = enterprises_of([code]).get(code)
    if found is None:
        raise NotFoundError(_("There is no published enterprise of this number."), mend=_("Look for it by its name."))
    return found


def search(words: str) -> list[Enterprise]:
    """Published enterprises by name or code; every one of the words must occur. Names and codes are open to all who see matches.

    The names in the letters of the words are looked through first, in an index that holds them; only where that finds nothing, the names
    in all languages, row by row.
    """
    folded = [one.folded for one in tokenise(words)][:6]
    if not folded:
        return []
    published = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED)
    column = name_column(words)
    having = (Q(**{f"{column}__contains": one}) for one in folded)
    keys = list(published.filter(*having).order_by(column, "pk").values_list("pk", flat=True)[:FOUND])
    keys = [*published.filter(code__in=_codes(words.strip())).values_list("pk", flat=True), *keys]
    if not keys:
        keys = list(_by_any_name(published, words).values_list("pk", flat=True)[:FOUND])
    found = published.filter(pk__in=keys).select_related("exchange").defer("record")
    return sorted(found, key=lambda one: keys.index(one.pk))


def _codes(words: str) -> list[str]:
    """What a code may be that was typed in full, or without its exchange."""
    return [words, *(f"{one}:{words}" for one in Exchange.objects.values_list("code", flat=True))]


def _by_any_name(published: QuerySet[Enterprise], words: str) -> QuerySet[Enterprise]:
    for word in words.split()[:6]:
        in_names = (Q(**{f"{name}__icontains": word}) for name in ("name_ar", "name_fr", "name_en", "code"))
        published = published.filter(reduce(or_, in_names))
    return published.order_by("sort_name", "pk")


def rows_named(
    actor: Actor, need: Need, codes: Sequence[str], choices: Choices = Choices(), line_id: str = ""
) -> list[tuple[StoredLine, list[Row]]]:
    """The rows of named enterprises on each line (or one), found by the engine or not, in the order of their naming."""
    require(actor, "match.see", need)
    lines = stored(need)
    chosen = [line_named(lines, line_id)] if line_id else list(lines)
    known, people = enterprises_of(codes), people_of(need)
    beside = _not_found(chosen, codes)
    extra = named(need, Enterprise.objects.filter(code__in=beside)) if beside else {}
    return [(line, _rows_on(actor, line, people, choices, known, codes, extra)) for line in chosen]


def _not_found(lines: Sequence[StoredLine], codes: Iterable[str]) -> set[str]:
    """Codes that some line's stored links lack."""
    return {code for line in lines for code in codes if not any(link.enterprise == code for link in line.links)}


def _rows_on(
    actor: Actor,
    line: StoredLine,
    people: People,
    choices: Choices,
    known: Mapping[str, Enterprise],
    codes: Sequence[str],
    extra: Mapping[str, Mapping[str, list[StoredLink]]],
) -> list[Row]:
    maker = RowMaker(actor, line, people, choices.weights)
    found = {link.enterprise: link for link in line.links}
    links = [(code, found.get(code) or next(iter(extra.get(line.line.id, {}).get(code, ())), None)) for code in codes]
    return [maker.row(known[code], link) for code, link in links if link is not None and code in known]


def one_cell(actor: Actor, need: Need, line_id: str, code: str, number: int) -> tuple[Row, Cell]:
    """One cell with its row. Raises NotFoundError."""
    rows = rows_named(actor, need, [code], line_id=line_id)[0][1] if line_id else []
    if not rows or not 0 <= number < len(rows[0].cells):
        raise NotFoundError(_("There is no such cell in the matrix."), mend=_("Open the matches of the need again."))
    return rows[0], rows[0].cells[number]
