"""Comparing two records field by field: each comparison gives a level. Not what a level is worth (model.py)."""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz import fuzz

from tashbik.registry.identity.likeness import (
    MATCHED,
    SPELT_THE_SAME,
    TELLING,
    Evidence,
    abbreviation,
    alignment,
    best_evidence,
    evidence,
    own_abbreviations,
)
from tashbik.registry.identity.naming import Name
from tashbik.registry.identity.particulars import Profile
from tashbik.registry.identity.rarity import Rarity

UNKNOWN = -1
"""Level of a comparison that has nothing to compare: no evidence either way."""

LEVELS: dict[str, tuple[str, ...]] = {
    "name": ("unlike", "little", "crossed", "part", "longer", "respelt-part", "respelt-loosely", "respelt", "same-telling",
             "same", "alias"),
    "words": ("one", "more"),
    "chance": ("very-many", "many", "several", "some", "few", "rare", "single"),
    "trade": ("differ", "agree"),
    "aside": ("differ", "agree"),
    "country": ("home-and-abroad", "abroad-both", "same-abroad", "same-home"),
    "named": ("names-differ", "named-elsewhere", "unnamed", "named-once", "named-same"),
    "place": ("differ", "same"),
    "address": ("differ", "some", "same"),
    "contact": ("differ", "domain", "same"),
    "products": ("differ", "some", "same"),
    "identifiers": ("differ", "same"),
}  # fmt: skip
"""Levels of each comparison, from the least likely to be one enterprise. A comparison without data is UNKNOWN."""
COMPARISONS = tuple(LEVELS)
_NAME = {level: number for number, level in enumerate(LEVELS["name"])}
NAME, WORDS, CHANCE, TRADE, ASIDE, COUNTRY, NAMED, PLACE, ADDRESS, CONTACT, PRODUCTS, IDENTIFIERS = range(
    len(COMPARISONS)
)


class Setting(NamedTuple):
    """What comparisons depend on besides the two records: rarity of words, and the register's own countries (ISO codes)."""

    rarity: Rarity
    homes: frozenset[str]


def compare(a: Profile, b: Profile, setting: Setting) -> tuple[int, ...]:
    """The level of each comparison, in the order of `COMPARISONS`; symmetric."""
    name, words, chance, trade, aside = _best_names(a, b, setting.rarity)
    return (
        name,
        words,
        chance,
        trade if trade != UNKNOWN else _trade_level(a.trades, b.trades),
        aside,
        country_level(a, b, setting.homes),
        named_level(a, b),
        UNKNOWN if not a.town or not b.town else int(_same_town(a.town, b.town)),
        _overlap(a.street, b.street, 0.3, 0.7),
        _contact_level(a, b),
        _overlap(a.wares, b.wares, 0.15, 0.5),
        identifiers_level(a, b),
    )


def _best_names(a: Profile, b: Profile, rarity: Rarity) -> tuple[int, int, int, int, int]:
    if len(a.names) == len(b.names) == 1:
        return name_levels(a.names[0], b.names[0], rarity)
    return max((name_levels(x, y, rarity) for x in a.names for y in b.names), default=(UNKNOWN,) * 5)


def name_levels(x: Name, y: Name, rarity: Rarity) -> tuple[int, int, int, int, int]:
    """Levels of name, words, chance, trade and aside for one name of each record."""
    found = best_evidence(x, y, rarity)
    level = _level_of(found)
    if level < _NAME["same-telling"] and (abbreviation(x, y) or _alias(x, y, rarity)):
        level = _NAME["alias"]
    if level == _NAME["unlike"]:
        return level, UNKNOWN, UNKNOWN, _trade_level(x.trades, y.trades), UNKNOWN
    words = min(len(x.words), len(y.words), 2) - 1
    return (
        level,
        words if words >= 0 else UNKNOWN,
        _chance_level(level, found.chance),
        _trade_level(x.trades, y.trades),
        _aside_level(x, y, rarity),
    )


def _chance_level(name: int, others: float) -> int:
    """How many other firms would agree as far by accident; only where most of the name agrees, else it is the name's lack that counts."""
    if not _NAME["part"] <= name < _NAME["alias"]:
        return UNKNOWN
    return sum(others < bound for bound in (100, 30, 10, 3, 1, 0.1))


def _trade_level(a: frozenset[str], b: frozenset[str]) -> int:
    """Whether both say a trade ("plastics", "للنسيج") and it is the same one, whatever the language; names do before products."""
    return int(bool(a & b)) if a and b else UNKNOWN


def _alias(x: Name, y: Name, rarity: Rarity) -> bool:
    """Whether one name in full is what the other gives in parentheses: LAD PHARMA and "Laboratoire … (LAD PHARMA)"."""
    return any(
        aside and _level_of(evidence(aside, other, rarity)) >= _NAME["respelt"]
        for aside, other in ((x.aside, y.words), (y.aside, x.words))
    )


def _level_of(found: Evidence) -> int:
    if found.shared < TELLING:
        return _NAME["unlike"]
    less, more = found.left_less / (found.shared + 0.05), found.left_more / (found.shared + 0.05)
    if less >= 0.5:
        return _NAME["little"]
    if less >= 0.1:
        return _NAME["crossed"]
    spelling = 2 if found.exactness >= SPELT_THE_SAME else int(found.exactness >= 0.85)
    if more >= 0.3:
        return _NAME["respelt-part"] if spelling < 2 else _NAME["longer"] if more < 0.8 else _NAME["part"]
    if spelling < 2:
        return _NAME["respelt"] if spelling else _NAME["respelt-loosely"]
    return _NAME["same"] if more < 0.02 else _NAME["same-telling"]


def _aside_level(x: Name, y: Name, rarity: Rarity) -> int:
    """Whether what both names put in parentheses agrees; two different abbreviations of themselves differ."""
    if not x.aside or not y.aside:
        return UNKNOWN
    own_x, own_y = own_abbreviations(x), own_abbreviations(y)
    if own_x and own_y:
        return int(bool(own_x & own_y))
    of_x, of_y = alignment(x.aside, y.aside)
    if any(close >= MATCHED and rarity.weight(word) > TELLING for close, word in zip(of_x, x.aside, strict=True)):
        return 1
    alone = [
        any(close < MATCHED and rarity.weight(word) > TELLING for close, word in zip(likeness, words, strict=True))
        for likeness, words in ((of_x, x.aside), (of_y, y.aside))
    ]
    return 0 if all(alone) else UNKNOWN


def country_level(a: Profile, b: Profile, homes: frozenset[str]) -> int:
    """Level of the countries. A firm of one of the register's own countries and one abroad are less often one than two abroad."""
    first, second = _country(a, homes), _country(b, homes)
    if not first or not second:
        return UNKNOWN
    if first == second:
        return 3 if first in homes else 2
    return 0 if first in homes or second in homes else 1


def _country(one: Profile, homes: frozenset[str]) -> str:
    """The country of its field; one of the register's own that its name says goes before."""
    named = one.named & homes
    return one.country if one.country in named else min(named, default=one.country)


def named_level(a: Profile, b: Profile) -> int:
    """Level of the countries that the names themselves say ("Cooper Maroc"), against those of the other record."""
    if a.named and b.named:
        return 4 if a.named & b.named else 0
    elsewhere = (a.named and b.country and b.country not in a.named) or (
        b.named and a.country and a.country not in b.named
    )
    return 1 if elsewhere else 3 if a.named or b.named else 2


def _same_town(a: str, b: str) -> bool:
    return a == b or fuzz.ratio(a, b) >= 85


def _overlap(a: frozenset[str], b: frozenset[str], some: float, same: float) -> int:
    if not a or not b:
        return UNKNOWN
    share = len(a & b) / min(len(a), len(b))
    return int(share >= some) + int(share >= same)


def _contact_level(a: Profile, b: Profile) -> int:
    if a.phones & b.phones or a.mailboxes & b.mailboxes:
        return 2
    if a.domains & b.domains:
        return 1
    comparable = (a.phones and b.phones) or (a.mailboxes and b.mailboxes) or (a.domains and b.domains)
    return 0 if comparable else UNKNOWN


def identifiers_level(a: Profile, b: Profile) -> int:
    """1 where a number of one scheme is shared, 0 where a scheme has different numbers, UNKNOWN where no scheme is shared."""
    if not a.numbers or not b.numbers:
        return UNKNOWN
    others = dict(b.numbers)
    shared = [values & others[scheme] for scheme, values in a.numbers if scheme in others]
    return UNKNOWN if not shared else int(any(shared))
