"""Units of trade texts: their spellings in three languages and conversion by pint. Not the parsing of texts (quantities.py)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from tashbik.language.analysis import fold

UNITS_TABLE = "data/units.tsv"


class Unit(NamedTuple):
    """A unit: id, pint expression (empty for counts), dimension, and labels by language."""

    id: str
    pint: str
    dimension: str
    terms: dict[str, tuple[str, ...]]


@cache
def units() -> dict[str, Unit]:
    """All units by id."""
    text = resources.files("tashbik.language").joinpath(UNITS_TABLE).read_text(encoding="utf-8")
    table: dict[str, Unit] = {}
    for line in text.splitlines():
        if not line or line.startswith(("#", "id\t")):
            continue
        unit_id, expression, dimension, *cells = line.split("\t")
        terms = {
            language: tuple(term.strip() for term in cell.split("|"))
            for language, cell in zip(("ar", "fr", "en"), cells, strict=True)
        }
        table[unit_id] = Unit(unit_id, expression, dimension, terms)
    return table


@cache
def spellings() -> dict[str, str]:
    """Folded spelling → unit id. The table's order decides where two units share a spelling (`ml` is linear metre in French)."""
    table: dict[str, str] = {}
    for unit in units().values():
        for terms in unit.terms.values():
            for term in terms:
                table.setdefault(fold(term), unit.id)
    table["ml"] = "ml"  # by far the commoner reading beside a number
    return table


_DOZENS = {"dozen": 12.0}
_PACKS = frozenset({"box", "bag", "pallet", "roll", "tablet"})
"""Counts of packs or parts of packs: how many pieces they hold is not said."""


@lru_cache(maxsize=4096)
def factor(source: str, target: str) -> float | None:
    """What one `source` is in `target` units; None where they do not measure the same thing. A piece, a set, a pair count one; packs (box, bag, pallet) only equal themselves."""
    if source == target:
        return 1.0
    table = units()
    if source in table and target in table and {table[source].dimension, table[target].dimension} == {"count"}:
        return _DOZENS.get(source, 1.0) / _DOZENS.get(target, 1.0) if not {source, target} & _PACKS else None
    if source not in table or target not in table or table[source].dimension != table[target].dimension:
        return None
    if not table[source].pint or not table[target].pint:
        return None
    return float(_registry().Quantity(1.0, table[source].pint).to(table[target].pint).magnitude)


@cache
def _registry():  # type: ignore[no-untyped-def]  # pint's registry type is generic over magnitudes
    import pint

    return pint.UnitRegistry(cache_folder=None)


def convert(value: float, source: str, target: str) -> float | None:
    """`value` in `target` units, or None where the units do not measure the same thing."""
    found = factor(source, target)
    return None if found is None else value * found


def label(unit_id: str, language: str, count: float = 1) -> str:
    """The unit's usual sign or word in a language; plural words are the second spelling where the sign is a word."""
    unit = units().get(unit_id)
    if unit is None:
        return unit_id
    terms = unit.terms[language]
    if unit.pint or len(terms) < 2:
        return terms[0]
    if language == "ar":
        return terms[1] if 3 <= count <= 10 else terms[0]
    return terms[1] if count >= 2 else terms[0]


_SYMBOLS = "mm|cm|m|µm|um|km|kg|g|t|kn|mpa|bar|l|ml|m2|m3|%"
_NUMBER = r"(?<![\w.,\u202f])\d+(?:\.\d+)?(?:e\+\d+)?"
_MEASURE = re.compile(
    rf"(?P<numbers>{_NUMBER}(?:\s?[×x–]\s?\d+(?:\.\d+)?)*)[ \xa0]?(?P<unit>{_SYMBOLS})(?![\w²³])", re.IGNORECASE
)


def written(value: float, language: str) -> str:
    """A number as the language writes it, with European digits: `12 500,5` in French (narrow no-break space), `12,500.5` else."""
    whole = f"{value:,.10f}".rstrip("0").rstrip(".")
    return whole.translate({ord(","): "\u202f", ord("."): ","}) if language == "fr" else whole


_IN_WORDS = frozenset({"hour", "day", "week", "month", "year"})


def gap(language: str, unit: str) -> str:
    """What stands between a number and its unit: a no-break space before a sign, narrow in French; a plain one before a word."""
    known = units().get(unit)
    if known is None or not known.pint or unit in _IN_WORDS:
        return " "
    return "\u202f" if language == "fr" else "\xa0"


def measures(text: str, language: str) -> str:
    """A text with the measures in it (`400×300 mm`, `±0.1 mm`, `12 kg`) as a language writes numbers and units; the same again where done already."""

    def one(found: re.Match[str]) -> str:
        numbers = re.sub(
            r"\d+(?:\.\d+)?(?:e\+\d+)?", lambda number: written(float(number[0]), language), found["numbers"]
        )
        unit = spellings().get(fold(found["unit"]), "")
        return f"{numbers}{gap(language, unit)}{label(unit, language) if unit else found['unit']}"

    return _MEASURE.sub(one, text)
