"""From a pasted text to need lines: lists, numbered lists, rows of a table, parts between semicolons; what stands outside a list counts for all
its lines. Not the understanding of a line (registry.need_text)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tashbik.language.analysis import fold
from tashbik.language.quantities import find_quantities, fold_aligned
from tashbik.language.scripts import detect
from tashbik.language.units import label, spellings
from tashbik.linkage.match import DECISIVE
from tashbik.registry.need_text import need_line
from tashbik.registry.records import NeedLine, Requirement

MAX_LINES = 60
"""Lines made of one text; the rest stays in the last line, where the buyer sees it and can split it."""
_BULLET = re.compile(
    r"^\s*(?:[-–—•●▪◦*·‣►✓]\s*"
    r"|\(?\d{1,3}\s?[.)]\s+"
    r"|\d{1,2}\s?[-–]\s*(?=[^\W\d])"
    r"|\(?[a-zA-Zأ-ي][.)]\s+"
    r"|(?:lot|ligne|poste|article|item|line|بند|البند|القطعة)\s*(?:n°|no\.?|رقم)?\s*\d{1,3}\s*[:.)\-–]\s*)(?=\S)",
    re.IGNORECASE,
)
_INDENTED = re.compile(r"^\s{2,}\S|^\t\S")
_CELLS = re.compile(r"\t|;|؛|\|")
_NUMBER = re.compile(r"^\d[\d\s.,٬٫\u00a0\u202f]*$")
_QUANTITY_HEAD = re.compile(r"qt|quantit|qty|nombre|كميه|عدد")
SHARED = ("process", "material", "tolerance", "certificate", "lead_time", "delivery", "place")
"""Kinds that a text outside a list states for all lines of the list."""


class Parts(NamedTuple):
    """The items of a text, and what stands around them."""

    items: list[str]
    around: str


def line_of(line_id: str, text: str, *, country: str) -> NeedLine:
    """One line with the requirements that its text states, and where they state no quantity, the number that counts the product."""
    return counted(need_line(line_id, text.strip(), country=country))


def counted(line: NeedLine) -> NeedLine:
    """A line with the number that counts its product, where it states no quantity."""
    if any(one.kind in ("quantity", "batch", "substance") for one in line.requirements):
        return line
    count = count_of(line)
    return replace(line, requirements=(*line.requirements, count)) if count else line


def count_of(line: NeedLine) -> Requirement | None:
    """`500 carters en aluminium par mois`: a bare number before the product's name in one clause counts pieces; None where there is none."""
    text = line.text
    things = [text.find(one.words) for one in line.requirements if one.kind in ("product", "process") and one.words]
    said = [one.words for one in line.requirements if one.kind in ("material", "certificate", "tolerance", "hs")]
    for found in find_quantities(text):
        number = text[found.start : found.end]
        if found.unit or found.sign or len(found.values) > 1 or found.value < 2 or found.value % 1:
            continue
        if any(number.strip() in words for words in said) or _LABELLED.search(fold_aligned(text[: found.start])):
            continue
        clause = re.split(r"[,;:.()،؛\n]", text[found.end : found.end + _REACH])[0]
        if text[found.end : found.end + 1].isspace() and any(
            found.end <= at < found.end + len(clause) for at in things
        ):
            period = _period(fold_aligned(text))
            return Requirement(
                kind="quantity" if period else "batch",
                words=number.strip(),
                numbers=(found.value,),
                unit="piece",
                period=period,
            )
    return None


_REACH = 40
_LABELLED = re.compile(
    r"(?:\b(?:iso|en|din|nf|dn|pn|ns|m|ref|type|norme|astm|aisi|is|bs|rev|plan|no)|n°|#|ø|رقم|موديل|مواصفه|ايزو)\W{0,2}$"
)
_PERIODS = {
    "day": r"par jour|/\s?jour|per day|a day|/\s?day|يوميا|في اليوم",
    "week": r"par semaine|/\s?semaine|hebdomadaire|per week|a week|/\s?week|weekly|اسبوعيا|في الاسبوع",
    "month": r"par mois|/\s?mois|mensuel|per month|a month|/\s?month|monthly|شهريا|في الشهر|كل شهر",
    "year": r"par an\b|/\s?an\b|annuel|per year|a year|/\s?year|yearly|سنويا|في السنه|كل سنه",
}


def _period(folded: str) -> str:
    """The period that a text speaks of; empty for none, or for several."""
    named = [period for period, words in _PERIODS.items() if re.search(words, folded)]
    return named[0] if len(named) == 1 else ""


def lines_of(text: str, first: int = 1, *, country: str = "") -> list[NeedLine]:
    """The lines of a text, numbered from `first`; none for a blank text."""
    parts = parts_of(text)
    lines = [line_of(str(number), item, country=country) for number, item in enumerate(parts.items, first)]
    if not parts.around or len(lines) < 2:
        return lines
    shared = need_line("", parts.around, country=country).requirements
    return [replace(line, requirements=together(line.requirements, shared)) for line in lines]


def parts_of(text: str) -> Parts:
    """How a text falls into items: a list, a table, sentences that each name a thing and its number, or as a whole."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return Parts([], "")
    for read in (_listed, _tabled, _by_lines, _by_semicolons):
        parts = read(text)
        if parts is not None and len(parts.items) > 1:
            return _limited(parts)
    listed = _listed(text)
    return Parts([_BULLET.sub("", text) if listed and not listed.around else text], "")


def without_bullet(row: str) -> str:
    """A row without the mark or number of a list before it."""
    return _BULLET.sub("", row)


def _limited(parts: Parts) -> Parts:
    if len(parts.items) <= MAX_LINES:
        return parts
    head, rest = parts.items[: MAX_LINES - 1], parts.items[MAX_LINES - 1 :]
    return Parts([*head, "\n".join(rest)], parts.around)


def _listed(text: str) -> Parts | None:
    """Items behind bullets or numbers; an indented line, or one between two items, goes on with the item before it."""
    rows = text.split("\n")
    marks = [place for place, row in enumerate(rows) if _BULLET.match(row)]
    if not marks:
        return None
    items: list[str] = []
    around: list[str] = []
    blank = False
    for place, row in enumerate(rows):
        if not row.strip():
            blank = True
        elif place in marks:
            items.append(_BULLET.sub("", row).strip())
            blank = False
        elif items and not blank and (place < marks[-1] or _INDENTED.match(row)):
            items[-1] += " " + row.strip()
        else:
            around.append(row.strip())
    return Parts(items, "\n".join(around))


def _tabled(text: str) -> Parts | None:
    """Rows of one number of cells (tabs, semicolons, bars), as pasted from a spreadsheet; a first row without digits names the columns."""
    rows = [[cell.strip() for cell in _CELLS.split(row.strip().strip("|"))] for row in text.split("\n") if row.strip()]
    widths = {len(row) for row in rows}
    if len(rows) < 2 or len(widths) > 1 or widths == {1}:
        return None
    head = [fold(cell) for cell in rows[0]] if not re.search(r"\d", "".join(rows[0])) else []
    return Parts([_row_text(row, head) for row in rows[1 if head else 0 :]], "")


def _row_text(cells: Sequence[str], head: Sequence[str]) -> str:
    """A row as a phrase: a number stands with the unit beside it; a bare number under the heading of quantities counts pieces."""
    out: list[str] = []
    language = detect(" ".join(cells)).language
    for place, cell in enumerate(cells):
        if not cell:
            continue
        before = cells[place - 1] if place else ""
        if out and _NUMBER.match(before) and fold(cell) in spellings():
            out[-1] = f"{before} {cell}"
        elif _NUMBER.match(cell) and head and _QUANTITY_HEAD.search(head[place]):
            out.append(f"{cell} {label('piece', language if language in ('ar', 'fr', 'en') else 'en', 2)}")
        else:
            out.append(cell)
    return ", ".join(out)


def _by_lines(text: str) -> Parts | None:
    """Physical lines that each name a thing and its number; the others count for all."""
    rows = [row.strip() for row in text.split("\n") if row.strip()]
    items = [row for row in rows if names_thing(row)]
    if len(items) < 2 or len(rows) < 2:
        return None
    return Parts(items, "\n".join(row for row in rows if row not in items))


def _by_semicolons(text: str) -> Parts | None:
    rows = [part.strip() for part in re.split(r"[;؛\n]", text) if part.strip()]
    items = [row for row in rows if names_thing(row)]
    return Parts(items, ". ".join(row for row in rows if row not in items)) if len(items) > 1 else None


def names_thing(text: str) -> bool:
    """Whether a text names a product, process or substance, and a number with it that no size, date or standard explains."""
    found = need_line("", text).requirements
    thing = any(one.kind in DECISIVE for one in found)
    return thing and (any(one.kind in ("quantity", "batch") for one in found) or re.match(r"^\W*\d", text) is not None)


def together(own: Iterable[Requirement], shared: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """A line's own requirements, and of those stated for all what the line does not say itself."""
    out = list(own)
    if any(one.kind == "substance" for one in out):
        shared = [one for one in shared if one.kind in ("delivery", "lead_time", "certificate")]
    for one in shared:
        if one.kind not in SHARED:
            continue
        alike = [place for place, mine in enumerate(out) if mine.kind == one.kind]
        if one.kind == "delivery" and alike:
            mine = out[alike[0]]
            filled = replace(mine, place=mine.place or one.place, due=mine.due or one.due)
            out[alike[0]] = replace(filled, mandatory=mine.mandatory or one.mandatory)
        elif one.kind == "certificate":
            said = {value for place in alike for value in out[place].values}
            out += [] if said & set(one.values) else [one]
        elif not alike:
            out.append(one)
    return tuple(out)
