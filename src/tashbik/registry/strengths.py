"""Strengths of medicines (`5MG/160MG`, `2% (2G/100G)`, `٥٠٠ ملغ/٥ مل`) in comparable form. Not doses to take."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tashbik.language.numbers import NUMBER, parse_number
from tashbik.language.quantities import fold_aligned

Strength = tuple[tuple[float, str], ...]
"""Amounts sorted: (milligrams or international units, `mg` | `iu` | `mg/ml` | `iu/ml` | `ml` …)."""

_MASS = {"kg": 1e6, "g": 1e3, "mg": 1.0, "ug": 1e-3, "mcg": 1e-3, "ng": 1e-6}
_UNIT = (
    r"kg|mg|mcg|ug|g|gr|ng|iu|ui|mui|u\.i\.?|i\.u\.?|%|ml|l|mmol|meq|u|"
    r"ميكروغرام|ميكروجرام|مكغ|ملغم|ملغ|مغ|ملجم|مجم|ميليغرام|مليغرام|ملليجرام|مليجرام|ملليغرام|ميلي غرام|غرام|جرام|غ|غم|جم|وحده دوليه|وحدات دوليه|وحده|مل|ملل|ميليلتر|لتر|بالميه|بالمايه|milligrammes?|grammes?|milligrams?|grams?|microgrammes?|micrograms?"
)
_CANONICAL = {
    "gr": "g", "mcg": "ug", "ui": "iu", "u.i.": "iu", "u.i": "iu", "i.u.": "iu", "i.u": "iu", "u": "iu",
    "ميكروغرام": "ug", "ميكروجرام": "ug", "مكغ": "ug", "ملغم": "mg", "ملغ": "mg", "مغ": "mg", "ملجم": "mg", "مجم": "mg",
    "ميليغرام": "mg", "مليغرام": "mg", "ملليجرام": "mg", "مليجرام": "mg", "ملليغرام": "mg", "ميلي غرام": "mg",
    "غرام": "g", "جرام": "g", "غ": "g", "غم": "g", "جم": "g", "وحده دوليه": "iu", "وحدات دوليه": "iu", "وحده": "iu",
    "مل": "ml", "ملل": "ml", "ميليلتر": "ml", "لتر": "l", "بالميه": "%", "بالمايه": "%",
    "milligramme": "mg", "milligrammes": "mg", "gramme": "g", "grammes": "g", "milligram": "mg", "milligrams": "mg",
    "gram": "g", "grams": "g", "microgramme": "ug", "microgrammes": "ug", "microgram": "ug", "micrograms": "ug",
}  # fmt: skip
_AMOUNT = re.compile(rf"(?<![\w.,])(?P<number>{NUMBER})\s*(?P<unit>{_UNIT})?(?![^\W\d_])")
_PER = re.compile(rf"^\s*(?P<number>{NUMBER})?\s*(?P<unit>ml|l|g|gr|مل|ملل|ميليلتر|غ|لتر)(?![^\W\d_])")
_SEQUENCE = re.compile(
    rf"(?<![\w.,])(?:{NUMBER})\s*(?:{_UNIT})(?![^\W\d_])(?:\s*/\s*(?:(?:{NUMBER})?\s*(?:{_UNIT})?)(?![^\W\d_]))*"
)


class FoundStrength(NamedTuple):
    """A strength in running text, as written, with offsets."""

    strength: Strength
    words: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def readings(dosage: str) -> tuple[Strength, ...]:
    """All ways to read a dosage cell: the text outside brackets and each bracket's own. Empty for a cell without amounts."""
    folded = fold_aligned(dosage.replace("*", " "))
    parts = [re.sub(r"\([^()]*\)", " ", folded), *re.findall(r"\(([^()]*)\)", folded)]
    found = [strength for part in parts if (strength := _strength(part))]
    return tuple(dict.fromkeys(found))


def find_strengths(text: str) -> list[FoundStrength]:
    """Strengths in running text: amounts with a unit, joined by slashes. A bare volume (a bottle's size) is none."""
    folded = fold_aligned(text)
    found = []
    for match in _SEQUENCE.finditer(folded):
        strength = _strength(match.group())
        if strength and any(unit not in ("ml",) for _, unit in strength):
            found.append(FoundStrength(strength, text[match.start() : match.end()].strip(), match.start(), match.end()))
    return found


def _strength(text: str) -> Strength:
    """Amounts of one reading. A trailing volume or mass of vehicle divides all of them; containers divide none."""
    amounts: list[tuple[float, str]] = []
    divisor = 0.0
    pieces = [piece for piece in re.split(r"/|\+", text) if piece.strip()]
    for index, piece in enumerate(pieces):
        per = _PER.match(piece)
        if index and amounts and per and (per["unit"] not in ("g", "gr", "غ") or _last_vehicle(pieces, index, per)):
            scale = {"l": 1000.0, "لتر": 1000.0}.get(per["unit"], 1.0)
            divisor = (parse_number(per["number"]) if per["number"] else 1.0) * scale
            continue
        amount = _amount(piece, alone=len(pieces) == 1)
        if amount:
            amounts.append(amount)
    amounts = _share_unit(amounts)
    if divisor:
        amounts = [(value / divisor, unit + "/ml") for value, unit in amounts if "/" not in unit]
    return tuple(sorted((float(f"{value:.4g}"), unit) for value, unit in amounts if unit))


def _last_vehicle(pieces: list[str], index: int, per: re.Match[str]) -> bool:
    """Grams divide only at the end and as a round vehicle: `2G/100G` is 2 %, `4G/1G` are two substances."""
    value = parse_number(per["number"]) if per["number"] else 1.0
    return index == len(pieces) - 1 and (value in (100.0, 1000.0) or not per["number"])


def _amount(piece: str, alone: bool) -> tuple[float, str] | None:
    match = _AMOUNT.search(piece)
    if match is None:
        return None
    value = _decimal(match["number"])
    unit = _CANONICAL.get(match["unit"] or "", match["unit"] or "")
    if unit in _MASS:
        return value * _MASS[unit], "mg"
    if unit == "%":
        return value * 10.0, "mg/ml"
    if unit == "mui":
        return value * 1e6, "iu"
    if unit == "l":
        return value * 1000.0, "ml"
    if not unit and alone and 0 < value < 1:
        return value * 1000.0, "mg/ml"  # spreadsheets turn 2,5 % into 0,025
    return value, unit


def _decimal(number: str) -> float:
    """A register writes no thousands mark below 10,000 but spaces: `0,005` and `1.250` are decimals of grams, `1,000` a thousand."""
    return parse_number(number)


def _share_unit(amounts: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """`5/160 MG`: an amount without a unit takes that of the next one that has."""
    shared: list[tuple[float, str]] = []
    unit = ""
    for value, own in reversed(amounts):
        unit = own or unit
        shared.append((value, unit))
    return shared[::-1]
