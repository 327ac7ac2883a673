"""How much a word of a name tells which firm it is: learned from the register's own names. Not a list of generic words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from tashbik.registry.identity.naming import Name, Word

GENERIC_SHARE = 0.35
"""What of its learned weight a word keeps that means the same trade or form of firm in any language."""
_PRIOR = 0.35
"""Companions that every word is credited with before any was seen, so that one occurrence does not make a word certain."""


_UNSEEN = 0.3
"""Bearers that a word is credited with which no other name bears."""


class Rarity:
    """Weights of words (nats). A word weighs log(1 + H/h): h is the number of *different* distinctive companions that it
    is seen with, H that of all words. Counting companions and not records keeps the name of a firm that a register holds
    thirty times as telling as one that it holds once, while "pharma", which goes with every name, weighs little.
    """

    def __init__(self, companions: dict[str, int], total: int, bearers: dict[str, int], names: int) -> None:
        self.companions = companions
        self.total = max(total, 1)
        self.bearers = bearers
        self.names = max(names, 1)
        self._weights: dict[tuple[str, bool], float] = {}

    @classmethod
    def learn(cls, names: Iterable[Name]) -> Rarity:
        """Learn from the names of a register."""
        known = list(names)
        bearers = Counter(key for name in known for key in {word.heard or word.folded for word in name.words})
        distinct = {tuple(sorted({word.folded for word in (*name.words, *name.aside)})) for name in known}
        frequency: Counter[str] = Counter(word for words in distinct for word in words)
        seen: defaultdict[str, set[str]] = defaultdict(set)
        heads: set[str] = set()
        for words in distinct:
            ranked = sorted(words, key=lambda word: (frequency[word], -len(word), word))
            for word in words:
                head = next((other for other in ranked if other != word), "")
                stub = head[:4]
                seen[word].add(stub)
                heads.add(stub)
        return cls({word: len(stubs - {""}) for word, stubs in seen.items()}, len(heads), dict(bearers), len(known))

    def weight(self, word: Word) -> float:
        """The weight of a word, ≥ 0."""
        key = (word.folded, bool(word.mark))
        known = self._weights.get(key)
        if known is None:
            known = self._weights[key] = self._weigh(word)
        return known

    def frequency(self, word: Word) -> float:
        """The share of the names, but two, that bear the word as it is heard in either script; in (0, 1]."""
        others = max(self.bearers.get(word.heard or word.folded, 0) - 2, 0)
        return min(1.0, (others + _UNSEEN) / self.names)

    def _weigh(self, word: Word) -> float:
        count = self.companions.get(word.folded, 0)
        weight = math.log(1 + self.total / (count + _PRIOR)) / math.log(1 + self.total / _PRIOR)
        if word.mark:
            weight *= GENERIC_SHARE
        if len(word.folded) == 1:
            weight *= 0.3
        return weight
