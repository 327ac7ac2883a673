"""Dates as trade texts write them (`mars 2027`, `قبل آذار 2027`, `15/03/2027`), to the last day meant. Not periods."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import cache
from typing import NamedTuple

from tashbik.language.quantities import fold_aligned

# Month names, folded: French and English, then Arabic of Egypt and the Gulf, of the Levant and Iraq, of the Maghreb.
_MONTHS = (
    "janvier janv january jan يناير جانفي كانون_الثاني",
    "fevrier fevr fev february feb فبراير فيفري شباط",
    "mars march mar مارس اذار",
    "avril avr april apr ابريل افريل نيسان",
    "mai may مايو ماي ايار",
    "juin june jun يونيو جوان يونيه حزيران",
    "juillet juil july jul يوليو جويليه يوليوز يوليه تموز",
    "aout august aug اغسطس اوت غشت اب",
    "septembre sept september sep سبتمبر شتنبر ايلول",
    "octobre oct october اكتوبر تشرين_الاول",
    "novembre nov november نوفمبر نونبر تشرين_الثاني",
    "decembre dec december ديسمبر دجنبر كانون_الاول",
)


class FoundDate(NamedTuple):
    """A date in a text. `last` is the last day meant (month's end for a month); `exact` tells whether a day was given."""

    last: date
    exact: bool
    start: int
    end: int


@cache
def _month_numbers() -> dict[str, int]:
    return {name.replace("_", " "): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    months = "|".join(sorted(map(re.escape, _month_numbers()), key=len, reverse=True))
    return (
        re.compile(r"(?<!\d)(?P<y>20\d\d|19\d\d)-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?!\d)"),
        re.compile(r"(?<!\d)(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>20\d\d|19\d\d)(?!\d)"),
        re.compile(r"(?<![\d/])(?P<m>0?[1-9]|1[0-2])/(?P<y>20\d\d)(?!\d)"),
        re.compile(
            rf"(?:(?<!\d)(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?)?(?<![^\W\d_])(?P<name>{months})\.?"
            rf"(?:\s*/\s*(?:{months}))?,?\s+(?P<y>20\d\d|19\d\d)(?!\d)"
        ),
        re.compile(rf"(?<![^\W\d_])(?P<name>{months})\s+(?P<d>\d{{1,2}}),\s*(?P<y>20\d\d)"),
    )


def find_dates(text: str) -> list[FoundDate]:
    """All dates of a text in order. Day comes before month in numeric dates, as everywhere in the Arab world and France."""
    folded = fold_aligned(text)
    found: list[FoundDate] = []
    for pattern in _patterns():
        for match in pattern.finditer(folded):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            day = _date(match)
            if day is not None:
                found.append(FoundDate(day[0], day[1], match.start(), match.end()))
    return sorted(found, key=lambda item: item.start)


def _date(match: re.Match[str]) -> tuple[date, bool] | None:
    groups = match.groupdict()
    year = int(groups["y"])
    month = _month_numbers()[groups["name"]] if groups.get("name") else int(groups["m"])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if groups.get("d"):
        day = int(groups["d"])
        return (date(year, month, day), True) if 1 <= day <= last else None
    return date(year, month, last), False


def parse_date(text: str) -> date | None:
    """The one date of a cell, or None where there is none or the cell holds more than a date."""
    found = find_dates(text)
    return found[0].last if len(found) == 1 else None
