"""Numbers with units out of free text in three languages: `٥٠٠ كغ شهريا`, `340×220×90 mm`, `±0,05`, `10 t/mois`. Not their role."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tashbik.language.analysis import fold
from tashbik.language.numbers import NUMBER, parse_number
from tashbik.language.units import spellings

_TIMES = r"\s*(?:[x×X*✕]|في|par|by)\s*"
_DIAMETER = r"(?:[Øø⌀∅]|\bdia(?:m(?:è|e)tre|meter|\.)?\b|قطر(?:ها|ه)?)"


class Quantity(NamedTuple):
    """A quantity found in a text.

    `values` has one number, or two or three for sides; `unit` is a unit id or empty; `per` is a unit id after a slash or
    a period (`month`); `sign` is `±`, `Ø`, `<`, `>` or empty. `start`, `end` are offsets in the text.
    """

    values: tuple[float, ...]
    unit: str
    per: str
    sign: str
    start: int
    end: int

    @property
    def value(self) -> float:
        """The first or only number."""
        return self.values[0]


# Adverbs and phrases of a period, folded.
_PERIODS = {
    "day": ("يوميا", "في اليوم", "باليوم", "لليوم", "par jour", "per day", "a day", "daily", "quotidien", "journaliers?"),
    "week": ("اسبوعيا", "في الاسبوع", "بالاسبوع", "par semaine", "per week", "a week", "weekly", "hebdomadaires?", "hebdo"),
    "month": (
        "شهريا",
        "شهرياً",
        "في الشهر",
        "بالشهر",
        "للشهر",
        "كل شهر",
        "الشهر",
        "par mois",
        "mensuels?",
        "mensuelles?",
        "mensuellement",
        "per month",
        "a month",
        "monthly",
        "each month",
    ),
    "year": ("سنويا", "في السنه", "في العام", "بالسنه", "par an", "annuels?", "annuelles?", "per year", "a year", "yearly", "annually", "per annum"),
}  # fmt: skip


@cache
def _unit_pattern() -> str:
    words = sorted(spellings(), key=len, reverse=True)
    return "|".join(re.escape(word) for word in words)


@cache
def _pattern() -> re.Pattern[str]:
    unit = _unit_pattern()
    number = f"(?:{NUMBER})"
    periods = "|".join(f"(?P<p_{name}>{'|'.join(words)})" for name, words in _PERIODS.items())
    return re.compile(
        rf"(?P<sign>±|\+\s*/\s*-|\+-|<=|>=|[<>≤≥]|{fold(_DIAMETER)}|(?<!\w)ø)?\s*:?\s*"
        rf"(?<![\w.,])(?P<numbers>{number}(?:{_TIMES}{number}){{0,3}})(?![\d.,]*\d)"
        rf"(?:\s*(?P<unit>(?:{unit})(?![^\W\d_]))|(?![^\W\d_]))"
        rf"(?P<after>(?:{_TIMES}{number}\s*(?:{unit})(?![^\W\d_])){{0,3}})"
        rf"(?:\s*(?:/|\bpar\b|\bper\b|لكل|في)\s*(?:ال)?(?P<per_count>\d+(?:[.,]\d+)?)?\s*(?P<per>(?:{unit})(?![^\W\d_])))?"
        rf"(?:\s*(?P<period>{periods})(?![^\W\d_]))?",
    )


_SIGNS = {char: char for char in "±×✕≤≥"} | dict.fromkeys("Øø⌀∅", "ø") | dict.fromkeys("µμ", "u") | {"²": "2", "³": "3"}


def fold_aligned(text: str) -> str:
    """Fold a text without changing its length, so that offsets stay those of the text."""
    return "".join(map(_fold_char, text))


@cache
def _fold_char(char: str) -> str:
    folded = _SIGNS.get(char) or fold(char)
    return folded if len(folded) == 1 else " " if char.isspace() else char


def find_quantities(text: str) -> list[Quantity]:
    """All quantities of a text in order.

    Numbers inside codes (`AlSi9Cu3`, `ISO 9001` keeps its number but no unit) are left alone when letters touch them.
    """
    folded = fold_aligned(text)
    found: list[Quantity] = []
    for match in _pattern().finditer(folded):
        numbers = [parse_number(number) for number in re.findall(NUMBER, match["numbers"])]
        numbers += [parse_number(number) for number in re.findall(NUMBER, match["after"])]
        found.append(
            Quantity(
                tuple(numbers),
                spellings().get(match["unit"] or "", ""),
                _per(match),
                _sign(match["sign"] or ""),
                match.start() + (len(match.group()) - len(match.group().lstrip())),
                match.end(),
            )
        )
    return found


def _per(match: re.Match[str]) -> str:
    for name in _PERIODS:
        if match[f"p_{name}"]:
            return name
    unit = spellings().get(match["per"] or "", "")
    return f"{parse_number(match['per_count']):g} {unit}" if match["per_count"] and unit else unit


def _sign(written: str) -> str:
    compact = written.replace(" ", "")
    if compact in ("±", "+/-", "+-"):
        return "±"
    if compact in ("<", "<=", "≤"):
        return "<"
    if compact in (">", ">=", "≥"):
        return ">"
    return "Ø" if compact else ""
