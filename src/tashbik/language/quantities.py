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
    a period (`month`); `sign` is `±`, `Ø`, `<`, `>` or empty. `start`, `end` are offsets in the text. Of a range (`4 à 42 mm`)
    the value is the upper end and `low` the lower.
    """

    values: tuple[float, ...]
    unit: str
    per: str
    sign: str
    start: int
    end: int
    low: float | None = None

    @property
    def value(self) -> float:
        """The first or only number."""
        return self.values[0]


# Adverbs and phrases of a period, folded.
_PERIOD_WORDS = {
    "day": ("يوميا", "في اليوم", "باليوم", "لليوم", "كل يوم", "par jour", "chaque jour", "per day", "a day", "every day", "daily", "quotidien", "journaliers?"),
    "week": ("اسبوعيا", "في الاسبوع", "بالاسبوع", "كل اسبوع", "par semaine", "chaque semaine", "per week", "a week", "every week", "weekly", "hebdomadaires?", "hebdo"),
    "month": (
        "شهريا",
        "في الشهر",
        "بالشهر",
        "للشهر",
        "كل شهر",
        "الشهر",
        "par mois",
        "chaque mois",
        "tous les mois",
        "mensuels?",
        "mensuelles?",
        "mensuellement",
        "per month",
        "a month",
        "monthly",
        "each month",
        "every month",
    ),
    "quarter": ("فصليا", "في الربع", "كل ثلاثه اشهر", "par trimestre", "trimestriels?", "per quarter", "a quarter", "quarterly"),
    "year": ("سنويا", "في السنه", "في العام", "بالسنه", "كل سنه", "كل عام", "par an", "chaque annee", "annuels?", "annuelles?", "per year", "a year", "every year", "yearly", "annually", "per annum"),
}  # fmt: skip
_MARKS = "[\u064b-\u0652\u0670]*"
_PERIODS = {
    name: tuple(re.sub("([\u0621-\u064a])", lambda letter: letter[1] + _MARKS, word) for word in words)
    for name, words in _PERIOD_WORDS.items()
}
"""Patterns of periods: vowel marks are allowed after each Arabic letter, since offsets must stay those of the text."""


@cache
def _unit_pattern() -> str:
    words = sorted(spellings(), key=len, reverse=True)
    return "|".join(re.escape(word) for word in words)


_MULTIPLIERS = {
    "الف": 1e3, "الاف": 1e3, "الفا": 1e3, "الفي": 1e3, "mille": 1e3, "thousand": 1e3,
    "مليون": 1e6, "ملايين": 1e6, "million": 1e6, "millions": 1e6,
}  # fmt: skip
_RANGE = r"\s*(?:-|–|à|a|to|الى|الي|حتى|حتي)\s*"


@cache
def _pattern() -> re.Pattern[str]:
    unit = _unit_pattern()
    number = f"(?:{NUMBER})"
    times = "|".join(sorted(_MULTIPLIERS, key=len, reverse=True))
    periods = "|".join(f"(?P<p_{name}>{'|'.join(words)})" for name, words in _PERIODS.items())
    any_period = "|".join(word for words in _PERIODS.values() for word in words)
    slashed = rf"\s*(?:/|\bpar\b|\bper\b|لكل|في)\s*(?:ال)?(?P<per_count>\d+(?:[.,]\d+)?)?\s*(?P<per>(?:{unit}|trimestre|quarter)(?![^\W\d_]))"
    # A thing that is no unit (20 chaudières/an) counts pieces where a period of time follows it.
    time = "|".join(word for word, one in spellings().items() if one in ("day", "week", "month", "year"))
    thing = rf"(?P<thing>[^\W\d_]+(?:\s[^\W\d_]+)?)(?=\s*(?:/\s*(?:{time}|trimestre|quarter)|{any_period})(?![^\W\d_]))"
    return re.compile(
        rf"(?P<sign>±|\+\s*/\s*-|\+-|<=|>=|[<>≤≥]|{fold(_DIAMETER)}|(?<!\w)ø)?\s*:?\s*"
        rf"(?:(?<=ø)|(?<![\w.,]))(?:(?P<low>{number}){_RANGE}ø?\s*)?(?P<numbers>{number}(?:{_TIMES}{number}){{0,3}})(?![\d.,]*\d)"
        rf"(?:\s*(?P<times>{times})(?![^\W\d_]))?"
        rf"(?:\s*(?P<unit>(?:{unit})(?![^\W\d_]))|\s+{thing}|(?![^\W\d_]))"
        rf"(?:\s+(?:de\s+|d'|of\s+|من\s+)[^\W\d_]+(?=\s*(?:/|{any_period})))?"
        rf"(?P<after>(?:{_TIMES}{number}\s*(?:{unit})(?![^\W\d_])){{0,3}})"
        rf"(?:{slashed})?"
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
    found = [_quantity(match) for match in _pattern().finditer(folded)]
    taken = [(one.start, one.end) for one in found]
    found += [one for one in _in_words(folded) if all(one.end <= start or end <= one.start for start, end in taken)]
    return sorted(found, key=lambda one: one.start)


def _quantity(match: re.Match[str]) -> Quantity:
    times = _MULTIPLIERS.get(match["times"] or "", 1.0)
    numbers = [times * parse_number(number) for number in re.findall(NUMBER, match["numbers"])]
    numbers += [parse_number(number) for number in re.findall(NUMBER, match["after"])]
    low = times * parse_number(match["low"]) if match["low"] else None
    if low is not None and low >= numbers[0]:  # no range: `304-2 mm`, `9001 - 14001`
        low = None
    unit = "piece" if match["thing"] else spellings().get(match["unit"] or "", "")
    start = match.start() + (len(match.group()) - len(match.group().lstrip()))
    return Quantity(tuple(numbers), unit, _per(match), _sign(match["sign"] or ""), start, match.end(), low)


# Small numbers in words, before a unit of time, mass or count; the Arabic dual says two by itself.
_IN_WORDS = (
    "un une a one احد واحد", "deux two اثنان اثنين", "trois three ثلاثه ثلاث", "quatre four اربعه اربع", "cinq five خمسه خمس",
    "six سته ست", "sept seven سبعه سبع", "huit eight ثمانيه ثماني ثمان", "neuf nine تسعه تسع", "dix ten عشره عشر", "", "douze twelve",
    "", "", "quinze fifteen",
)  # fmt: skip
_ONE_OR_TWO = {
    "يوم": (1, "day"), "يومين": (2, "day"), "يومان": (2, "day"), "اسبوع": (1, "week"), "اسبوعين": (2, "week"), "اسبوعان": (2, "week"),
    "شهر": (1, "month"), "شهرين": (2, "month"), "شهران": (2, "month"), "سنه": (1, "year"), "سنتين": (2, "year"), "سنتان": (2, "year"),
    "طنين": (2, "t"),
}  # fmt: skip


@cache
def _words_pattern() -> tuple[re.Pattern[str], dict[str, int]]:
    values = {word: number for number, words in enumerate(_IN_WORDS, 1) for word in words.split()}
    units_of_time = "|".join(
        word for word, one in spellings().items() if one in ("day", "week", "month", "year") and len(word) > 1
    )
    numbers = "|".join(sorted(values, key=len, reverse=True))
    single = "|".join(sorted(_ONE_OR_TWO, key=len, reverse=True))
    pattern = (
        rf"(?<!\w)(?:(?P<number>{numbers})\s+(?P<unit>{units_of_time})|(?<!في )(?<!كل )(?P<single>{single}))(?!\w)"
    )
    return re.compile(pattern), values


def _in_words(folded: str) -> list[Quantity]:
    """Durations in words: `deux semaines`, `three weeks`, `أسبوعان`, `ثلاثة أشهر`."""
    pattern, values = _words_pattern()
    found = []
    for match in pattern.finditer(folded):
        if match["single"]:
            value, unit = _ONE_OR_TWO[match["single"]]
        else:
            value, unit = values[match["number"]], spellings()[match["unit"]]
        found.append(Quantity((float(value),), unit, "", "", match.start(), match.end()))
    return found


@cache
def _periods_pattern() -> re.Pattern[str]:
    time = "|".join(
        word for word, one in spellings().items() if one in ("day", "week", "month", "year") and len(word) > 1
    )
    names = "|".join(f"(?P<p_{name}>{'|'.join(words)})" for name, words in _PERIODS.items())
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)|/\s*(?P<per>{time})(?!\w)")


def find_periods(folded: str) -> list[tuple[str, int, int]]:
    """Periods that a folded text (`fold_aligned`) names, with their offsets: `par mois`, `شهريا`, `/an`."""
    found = []
    for match in _periods_pattern().finditer(folded):
        named = next((name for name in _PERIODS if match[f"p_{name}"]), "")
        found.append((named or spellings()[match["per"]], match.start(), match.end()))
    return found


def _per(match: re.Match[str]) -> str:
    for name in _PERIODS:
        if match[f"p_{name}"]:
            return name
    unit = "quarter" if match["per"] in ("trimestre", "quarter") else spellings().get(match["per"] or "", "")
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
