"""Grades of materials across standards: recognition in text and equivalence. Not materials in words (terms.py)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tashbik.language.analysis import Token, fold, tokenise
from tashbik.nomenclature import tables

SYSTEMS = ("en", "din", "aisi", "jis", "uns", "other")
_MAX_TOKENS = 5
# A designation of digits only (304, 380) is one only after a word of this kind.
_CONTEXT = re.compile(
    "aisi|sae|astm|inox|stainless|steel|acier|alliage|alloy|alumin|fonte|grade|nuance|en|din|jis"
    "|صلب|فولاذ|ستانلس|ستنلس|سبيك|سبايك|المنيوم|المونيوم|درجه|اينوكس"
)


class Grade(NamedTuple):
    """A set of designations that the trade treats as nearest equivalents. `same` where they are names of one grade."""

    id: str
    material: str
    same: bool
    designations: dict[str, tuple[str, ...]]

    def label(self) -> str:
        """The first designation, by order of standards."""
        return next(names[0] for system in SYSTEMS if (names := self.designations.get(system)))


class FoundGrade(NamedTuple):
    """A grade found in a text, as written, with offsets."""

    grade: str
    words: str
    start: int
    end: int


@cache
def grades() -> dict[str, Grade]:
    """All grades by id."""
    return {
        row["group"]: Grade(
            row["group"],
            row["material"],
            row["relation"] == "same",
            {system: names for system in SYSTEMS if (names := tables.alternatives(row[system]))},
        )
        for row in tables.table("grades.tsv")
    }


def _key(text: str) -> str:
    return re.sub(r"[^0-9a-z\u0621-\u064a]", "", fold(text))


@cache
def _by_designation() -> dict[str, str]:
    keys: dict[str, str] = {}
    for grade in grades().values():
        for system, names in grade.designations.items():
            for name in names:
                for variant in (name, f"{system} {name}" if system in ("en", "din", "aisi", "jis") else name):
                    keys.setdefault(_key(variant), grade.id)
                bare = re.sub(r"^EN[ -](?:AC|AW|GJL|GJS)[ -]", "", name)
                if not bare.isdigit():
                    keys.setdefault(_key(bare), grade.id)
                    keys.setdefault(_key(re.sub(r"\(.*?\)", "", bare)), grade.id)
    return keys


def find_grades(text: str) -> list[FoundGrade]:
    """Grades named in a text, longest designation first at each place, none overlapping."""
    tokens = tokenise(text)
    found: list[FoundGrade] = []
    position = 0
    while position < len(tokens):
        match = _longest(text, tokens, position)
        if match is None:
            position += 1
        else:
            size, grade = match
            last = tokens[position + size - 1]
            found.append(FoundGrade(grade, text[tokens[position].start : last.end], tokens[position].start, last.end))
            position += size
    return found


def _longest(text: str, tokens: Sequence[Token], position: int) -> tuple[int, str] | None:
    joined = ""
    best: tuple[int, str] | None = None
    for size, token in enumerate(tokens[position : position + _MAX_TOKENS], 1):
        if size > 1 and token.start - tokens[position + size - 2].end > 2:
            break
        joined += _key(token.folded)
        grade = _by_designation().get(joined)
        if grade is None or len(joined) < 3:
            continue
        if joined.isdigit() and not _in_context(tokens, position):
            continue
        if joined.isalpha() and not text[token.start : token.end].isupper():
            continue
        best = (size, grade)
    return best


def _in_context(tokens: Sequence[Token], position: int) -> bool:
    return any(_CONTEXT.search(token.folded) for token in tokens[max(0, position - 3) : position])


def family(grade_id: str) -> tuple[str, ...]:
    """Material concepts of a grade, from its own to the root."""
    grade = grades().get(grade_id)
    return (grade.material, *tables.ancestors(grade.material)) if grade else ()
