"""Counts of goods in a text: which number goes with which period, and bare numbers before a word. Not the numbers' own reading (language)."""

from __future__ import annotations

import re

from tashbik.language.quantities import Quantity, find_periods

_COUNTS = ("", "piece", "bottle", "box", "bag", "set", "pair", "dozen", "pallet", "roll")
_REACH = 90
"""Characters between a number and its period at most."""
_CLAUSE = re.compile(r"[,;:()،؛\n]|\.\s")
_NO_COUNT_AFTER = re.compile(
    r"(?:\b(?:iso|en|nf|din|astm|iatf|jis|sae|aisi|norme|standard|type|serie|ref|n°|no|annee|depuis|since|in year|hs|sh)|°|مواصفه|معيار|سنه|عام|منذ|رقم)\s*[:.\-]?\s*$"
)
_NO_GOODS = re.compile(
    r"\s*(?:machines?|lignes?|lines?|equipes?|postes?|shifts?|ouvriers?|employes?|salaries?|workers?|employees?|heures?|hours?|tours|presses?|axes cnc|empreintes?|cavit(?:y|ies|es?)|broches?|spindles?|vitesses?|speeds?|couleurs?|colou?rs?|etages?|couches?|layers?|plis|ply|تجاويف|تجويف|الوان|طبق"
    r"|ans\b|years?|خط|خطوط|اله|الات|ماكين|عامل|عمال|موظف|ساع|ورديه|ورديات|سن)"
)
_WORD = re.compile(r"\s+(?:[dl]['’])?[^\W\d_]{2,}")


_PACK = re.compile(r"^\s*[^\W\d_]+(?:\s[^\W\d_]+)?\s*(?:de|d'|of|x|سعه|من|بسعه|حجم|بوزن)?\s*$")


def packs_counted(folded: str, quantities: list[Quantity]) -> list[Quantity]:
    """`50 000 pots de 50 ml par mois`: the number goes with the period, the volume is that of a pack."""
    counted: list[Quantity] = []
    for quantity in quantities:
        if counted and _is_pack_of(counted[-1], quantity, folded):
            before = counted[-1]
            counted[-1] = before._replace(unit=before.unit or "piece", per=quantity.per, end=quantity.end)
        else:
            counted.append(quantity)
    return counted


def _is_pack_of(before: Quantity, quantity: Quantity, folded: str) -> bool:
    """Whether a volume or mass with a period is the size of the packs counted just before it."""
    if before.per or not quantity.per or quantity.unit not in ("ml", "l", "g", "kg"):
        return False
    if before.unit in ("piece", "bottle", "box", "bag"):
        return True
    return not before.unit and _PACK.match(folded[before.end : quantity.start]) is not None


def with_periods(folded: str, quantities: list[Quantity]) -> list[Quantity]:
    """`500 carters en aluminium moulés par mois`: a count takes the period that ends its clause, before any other number."""
    periods = find_periods(folded)
    out: list[Quantity] = []
    for place, quantity in enumerate(quantities):
        following = quantities[place + 1].start if place + 1 < len(quantities) else len(folded)
        period = _period_of(quantity, folded, min(following, quantity.end + _REACH), periods)
        if period:
            quantity = quantity._replace(unit=quantity.unit or "piece", per=period)
        out.append(quantity)
    return out


def _period_of(quantity: Quantity, folded: str, until: int, periods: list[tuple[str, int, int]]) -> str:
    if not _counts_goods(quantity, folded):
        return ""
    inside = ((name, start) for name, start, _ in periods if quantity.end <= start <= until)
    name, start = next(inside, ("", 0))
    return "" if not name or _CLAUSE.search(folded, quantity.end, start) else name


def bare_counts(folded: str, quantities: list[Quantity]) -> list[Quantity]:
    """Whole numbers without unit or period that stand before a word for goods: `200 axes`."""
    return [one for one in quantities if not one.unit and one.value >= 2 and _counts_goods(one, folded)]


def _counts_goods(quantity: Quantity, folded: str) -> bool:
    """Whether a number counts the things that the next words name: not a size, a standard, a year, machines or staff."""
    if quantity.per or quantity.sign or len(quantity.values) > 1 or quantity.unit not in _COUNTS:
        return False
    if quantity.value != int(quantity.value) or _NO_COUNT_AFTER.search(
        folded[max(0, quantity.start - 14) : quantity.start]
    ):
        return False
    return _WORD.match(folded, quantity.end) is not None and not _NO_GOODS.match(folded, quantity.end)
