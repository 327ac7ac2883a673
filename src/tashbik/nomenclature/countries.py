"""Names of all countries in three languages to their ISO codes (Unicode CLDR, by way of Babel). Not divisions and towns (places.py)."""

from __future__ import annotations

from functools import cache

from babel import Locale

from tashbik.language.analysis import fold, tokenise
from tashbik.nomenclature import tables
from tashbik.nomenclature.places import lookup


@cache
def _codes() -> dict[str, str]:
    table: dict[str, str] = {}
    for language in tables.LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                table.setdefault(_key(name), code)
    return table


def _key(name: str) -> str:
    return " ".join(token.folded for token in tokenise(fold(name)))


def country_code(written: str) -> str:
    """ISO 3166-1 alpha-2 of a country written as a code or a name in any of the languages; empty where it is none."""
    text = written.strip()
    if len(text) == 2 and text.isascii():
        return text.upper()
    known = lookup(text) if text else None
    if known is not None and known.kind == "country":
        return known.id
    return _codes().get(_key(text), "")
