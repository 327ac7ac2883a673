"""Generic words of firms' names by meaning, misspelt ones too, in the languages that registers use. Not how rare a word is (rarity.py)."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib import resources

from rapidfuzz.distance import OSA

from tashbik.language import arabic
from tashbik.language.names import generic_mark

LONG = 7
"""Letters from which a word may be a misspelling of a generic one; shorter words are one letter from too many others."""
MISSPELT = 0.85
"""Least likeness of a misspelling: one letter in seven, two in fourteen."""
IN_TOWN = "at-"
"""How the marks of words begin that are the town of the record itself; the word as heard follows."""
OF_A_COUNTRY = "from-"
"""How the marks of adjectives of countries begin ("Algérien", "Egyptian", أردنية)."""

_NO_TRADES = frozenset(
    "company of and general national international modern union world arab industry group cooperative complex development".split()
)


def meaning(word: str) -> str:
    """The mark of a generic word ("pharmaceutical", "pharmacetical" and أدوية are all `pharma`); empty for any other.

    `word` is folded and without its Arabic article.
    """
    return generic_mark(word) or _marks().get(word, "") or _misspelt(word)


@cache
def trades() -> frozenset[str]:
    """The marks that are trades or activities, and not a form, a rank or a country."""
    return frozenset(mark for mark in _marks().values() if is_trade(mark))


def is_trade(mark: str) -> bool:
    """Whether a mark is a trade or an activity; an empty one is not."""
    return bool(mark) and mark not in _NO_TRADES and not mark.startswith((OF_A_COUNTRY, IN_TOWN))


@cache
def _marks() -> dict[str, str]:
    text = resources.files("tashbik.registry.identity").joinpath("data/generic_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {arabic.normalise(word): mark for mark, words in rows for word in words.split()}


@cache
def _long_words() -> dict[str, list[tuple[str, str]]]:
    """Long generic words by their first letter, which is seldom misspelt, each with its mark."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for word, mark in _marks().items():
        if len(word) >= LONG:
            found[word[0]].append((word, mark))
    return dict(found)


def _misspelt(word: str) -> str:
    if len(word) < LONG:
        return ""
    near = (
        (OSA.normalized_similarity(word, other, score_cutoff=MISSPELT), mark)
        for other, mark in _long_words().get(word[0], ())
        if abs(len(other) - len(word)) <= 2
    )
    likeness, mark = max(near, default=(0.0, ""))
    return mark if likeness >= MISSPELT else ""
