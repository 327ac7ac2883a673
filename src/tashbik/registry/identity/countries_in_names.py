"""Country words inside names ("Algérie", "Deutschland", الجزائر) and countries as registers write them. Not addresses."""

from __future__ import annotations

from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from rapidfuzz import fuzz, process

from tashbik.language.analysis import fold
from tashbik.nomenclature.countries import country_code

_LEAST = 82.0
"""Similarity (0–100) from which a country that no list has is taken as a misspelling of one ("SUYRIE")."""
_ABBREVIATED = {"uk": "GB", "usa": "US", "us": "US", "uae": "AE", "angleterre": "GB", "england": "GB",
                "holland": "NL", "hollande": "NL", "انجلترا": "GB", "هولندا": "NL", "coree": "KR", "korea": "KR",
                "كوريا": "KR", "republique tcheque": "CZ", "czech republic": "CZ", "hellas": "GR", "turkey": "TR",
                "etats unis d amerique": "US", "emirats": "AE", "ksa": "SA"}  # fmt: skip
_TRADE_LANGUAGES = ("ar", "fr", "en")


@cache
def names_of_countries() -> dict[str, str]:
    """Folded one-word and longer names of countries, in ar, fr, en and each country's own languages, to ISO codes."""
    english = Locale("en").territories
    codes = [
        code for code in map(str, english) if len(code) == 2 and code.isalpha() and code not in ("EU", "UN", "EZ", "ZZ")
    ]
    found: dict[str, str] = dict(_ABBREVIATED)
    for language in _TRADE_LANGUAGES:
        _take(found, Locale(language), codes)
    for code in codes:
        for language in get_official_languages(code, de_facto=True, regional=False):
            try:
                _take(found, Locale.parse(language), [code])
            except (UnknownLocaleError, ValueError):
                continue
    return found


def _take(found: dict[str, str], locale: Locale, codes: list[str]) -> None:
    for code in codes:
        name = locale.territories.get(code, "")
        if len(name) > 2:
            found.setdefault(_plain(name), code)


def _plain(text: str) -> str:
    return " ".join(fold(text).replace("-", " ").replace("'", " ").replace("’", " ").split())


@cache
def country_words() -> dict[str, str]:
    """The one-word names among them, with and without the Arabic article."""
    words = {name: code for name, code in names_of_countries().items() if " " not in name}
    return words | {name[2:]: code for name, code in words.items() if name.startswith("ال") and len(name) > 5}


@lru_cache(maxsize=10_000)
def country_of(written: str) -> str:
    """ISO 3166-1 alpha-2 of a country however a register writes or misspells it; empty where none is near."""
    text = _plain(written)
    if not text:
        return ""
    known = names_of_countries().get(text) or country_code(written.replace("-", " "))
    if known:
        return known
    near = process.extractOne(text, names_of_countries().keys(), scorer=fuzz.ratio, score_cutoff=_LEAST)
    if near is not None:
        return names_of_countries()[near[0]]
    inside = [code for name, code in names_of_countries().items() if len(name) > 4 and name in text]
    return inside[0] if len(set(inside)) == 1 else ""
