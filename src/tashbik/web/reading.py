"""Numbers, money, dates and ages as the reader of a page writes them. Not the texts of pages (catalogues)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils import translation
from django.utils.translation import gettext, ngettext
from hijridate import Gregorian

from tashbik.nomenclature import tables
from tashbik.nomenclature.places import places

_TO_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_GROUP = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d+(?![\d.]))")
HIJRI_YEARS = (1924, 2077)
"""Years of the Umm al-Qura calendar that hijridate knows."""


def language() -> str:
    """Language in force: ar, fr or en."""
    return (translation.get_language() or "ar")[:2]


@cache
def locale_of(code: str) -> Locale:
    """Babel's locale of a language."""
    return Locale.parse(code)


def shaped(text: str, digits: str) -> str:
    """Text with its digits as the reader wants them: latn (European) or arab (Arabic-Indic, with the marks that go with them)."""
    if digits != "arab":
        return text
    marked = _GROUP.sub("٬", _DECIMAL.sub("٫", text))
    return marked.translate(_TO_ARABIC_INDIC)


def number(value: Any, digits: str = "latn") -> str:
    """A number with grouping, as the language writes it; an empty text for none."""
    if value is None or value == "":
        return ""
    return _kept(shaped(format_decimal(value, locale=locale_of(language()), numbering_system="latn"), digits))


def decimals(value: Any, places: int, digits: str = "latn") -> str:
    """A number with so many decimals, so that a column stands on its decimal sign; an empty text for none."""
    if value is None:
        return ""
    pattern = "#,##0." + "0" * places
    text = format_decimal(value, format=pattern, locale=locale_of(language()), numbering_system="latn")
    return _kept(shaped(text, digits))


def percent(value: Any, digits: str = "latn") -> str:
    """A share (0–1) in percent."""
    if value is None:
        return ""
    return _kept(shaped(format_percent(value, locale=locale_of(language()), numbering_system="latn"), digits))


def _kept(text: str) -> str:
    """A number whose sign stays on its own side within Arabic, whatever words stand before it (Unicode isolates)."""
    signed = (text.startswith("-") or text.endswith("%")) and text.isascii()
    return f"\u2066{text}\u2069" if signed and language() == "ar" else text


def money(value: Decimal | None, currency: str, digits: str = "latn") -> str:
    """An amount with its currency's code or sign."""
    if value is None:
        return ""
    text = format_currency(
        value,
        currency,
        format="#,##0.##\xa0¤¤",
        locale=locale_of(language()),
        numbering_system="latn",
        currency_digits=False,
    )
    return shaped(text, digits)


def day(value: date | datetime | None, digits: str = "latn", hijri: bool = False) -> str:
    """A date in words of the language, with the Hijri date beside it where the reader wants it."""
    if value is None:
        return ""
    pattern = {"ar": "d MMMM y", "fr": "d MMMM y", "en": "d MMMM y"}[language()]
    text = format_date(value, pattern, locale=locale_of(language()))
    if hijri and HIJRI_YEARS[0] < value.year < HIJRI_YEARS[1]:
        text += f" ({hijri_day(value)})"
    return shaped(text, digits)


def hijri_day(value: date) -> str:
    """The date of the Umm al-Qura calendar."""
    found = Gregorian(value.year, value.month, value.day).to_hijri()
    if language() == "ar":
        return f"{found.day} {found.month_name('ar')} {found.year} هـ"
    return f"{found.day} {found.month_name('en')} {found.year} AH"


def moment(value: datetime | None, digits: str = "latn") -> str:
    """Date and time of day."""
    if value is None:
        return ""
    return shaped(
        format_datetime(
            value, "d MMMM y، HH:mm" if language() == "ar" else "d MMMM y, HH:mm", locale=locale_of(language())
        ),
        digits,
    )


def listed(values: list[str]) -> str:
    """Several things as one phrase: a, b and c."""
    return format_list(values, locale=locale_of(language())) if values else ""


def concept(concept_id: str) -> str:
    """A concept's name in the language; the id itself where it is none."""
    known = tables.concepts().get(concept_id)
    return known.label(language()) if known else concept_id


def place(code: str) -> str:
    """The name of a country (ISO 3166-1) or division (ISO 3166-2) in the language; the code itself where it is not known."""
    known = places().get(code.upper())
    if known is not None:
        return known.label(language())
    return str(locale_of(language()).territories.get(code.upper(), code))


def age(value: date | None, today: date | None = None) -> str:
    """How old a datum is, in words: today, or so many days, months or years."""
    if value is None:
        return ""
    days = ((today or date.today()) - value).days
    if days < 1:
        return str(gettext("today"))
    if days < 60:
        return str(ngettext("%(count)d day old", "%(count)d days old", days) % {"count": days})
    if days < 730:
        return str(ngettext("%(count)d month old", "%(count)d months old", days // 30) % {"count": days // 30})
    return str(ngettext("%(count)d year old", "%(count)d years old", days // 365) % {"count": days // 365})
