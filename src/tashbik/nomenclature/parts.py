"""Parts named after the product that they belong to: `couvercle de pompe` is a cover, not a pump. Not the finding of terms (terms.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tashbik.nomenclature import tables
from tashbik.nomenclature.classify import Classified

_MACHINERY = ("26", "27", "28", "29", "30", "325")
"""ISIC divisions whose products are assembled of parts that are ordered one by one."""
_HOUSING = "product.machine-housing"
_PART = "product.mechanical-component"
_BEFORE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        _HOUSING,
        re.compile(
            r"(?:\b(?:couvercles?|chapeaux?|corps|carcasses?|flasques?|capots?|enveloppes?|volutes?|carters?|bodies|body|covers?|casings?|housings?)"
            r"\s+(?:de|du|des|d'|d’|pour|of|for)\s*(?:l'|l’|la|le|les|the\s|a\s)?\s*"
            r"|(?<!\w)(?:[وبلف])?(?:ال)?(?:غطاء|اغطيه|جسم|اجسام|غلاف|اغلفه|هيكل|هياكل|كارتير)\s+)$"
        ),
    ),
    (
        _PART,
        re.compile(
            r"(?:\b(?:supports?|brides?|axes?|arbres?|leviers?|socles?|fonds?|pieces?(?: detachees)?|composants?|parts?|components?|spare parts)"
            r"\s+(?:de|du|des|d'|d’|pour|of|for)\s*(?:l'|l’|la|le|les|the\s|a\s)?\s*"
            r"|(?<!\w)(?:[وبلف])?(?:ال)?(?:قاعده|قواعد|حامل|حوامل|محور|محاور|قطع غيار|قطع|اجزاء)\s+)$"
        ),
    ),
)
_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = (
    (_HOUSING, re.compile(r"\s+(?:covers?|bod(?:y|ies)|housings?|casings?|volutes?)\b")),
    (_PART, re.compile(r"\s+(?:brackets?|shafts?|supports?|flanges?|parts?|components?|spares?)\b")),
)
_REACH = 40


def with_parts(found: Iterable[Classified], text: str, folded: str) -> list[Classified]:
    """The concepts of a text (`folded`: the same, folded, as long), in which a product of machinery that only says whose part is meant is that part."""
    given = list(found)
    parted = [_part_of(one, text, folded) if _is_machinery(one.concept) else one for one in given]
    parts = [new for new, old in zip(parted, given, strict=True) if new is not old]
    return [one for one in dict.fromkeys(parted) if not _is_machine_of(one, parts)]


def _is_machine_of(one: Classified, parts: list[Classified]) -> bool:
    """Whether a machine is only the one that a part is named after."""
    return one.concept.startswith("machine.") and any(part.start <= one.start and one.end <= part.end for part in parts)


def _is_machinery(concept: str) -> bool:
    known = tables.concepts().get(concept)
    return known is not None and known.kind == "product" and any(code.startswith(_MACHINERY) for code in known.isic)


def _part_of(one: Classified, text: str, folded: str) -> Classified:
    before = folded[max(0, one.start - _REACH) : one.start]
    for concept, pattern in _BEFORE:
        if match := pattern.search(before):
            start = one.start - (len(before) - match.start())
            return one._replace(concept=_narrowest(concept, one), words=text[start : one.end], start=start)
    for concept, pattern in _AFTER:
        if match := pattern.match(folded, one.end):
            return one._replace(concept=_narrowest(concept, one), words=text[one.start : match.end()], end=match.end())
    return one


def _narrowest(concept: str, one: Classified) -> str:
    """The part's concept, or the product's own where it is a kind of that part already (`corps de carter`)."""
    return one.concept if concept == one.concept or concept in tables.ancestors(one.concept) else concept
