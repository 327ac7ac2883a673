"""The plain engine: everything in memory, every entry scored. The reference that the embedded engine is tested against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from tashbik.linkage.features import FIELDS
from tashbik.linkage.index import HUB_COLUMN, K1, Asked, B, Candidate, Entry, IndexAbilities, Weights, idf


class MemoryIndex:
    """A candidate index in memory, exact. Good for tests and up to some ten thousand entries."""

    abilities = IndexAbilities(persistent=False, approximate_above=None)

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._pending: list[Entry | str] = []
        self.mark = ""

    def upsert(self, entries: Iterable[Entry]) -> int:
        """Queue entries until commit."""
        before = len(self._pending)
        self._pending.extend(entries)
        return len(self._pending) - before

    def delete(self, owners: Sequence[str]) -> None:
        """Queue deletions until commit."""
        self._pending.extend(owners)

    def commit(self, mark: str = "") -> None:
        """Apply what is queued, in order."""
        self.mark = mark
        for change in self._pending:
            if isinstance(change, Entry):
                self._entries[change.key] = change
            else:
                self._entries = {key: entry for key, entry in self._entries.items() if entry.owner != change}
        self._pending.clear()

    def count(self) -> int:
        """Number of entries committed."""
        return len(self._entries)

    def close(self) -> None:
        """Nothing to release."""

    def search(self, asked: Asked, weights: Weights, limit: int) -> list[Candidate]:
        """Score every entry: BM25 of each channel as a share of the best possible, plus likeness of meaning."""
        entries = list(self._entries.values())
        if not entries:
            return []
        lexical = sum(
            (channel_scores(entries, asked, name) * getattr(weights, name) for name in FIELDS),
            np.zeros(len(entries)),
        )
        column = HUB_COLUMN[asked.features.language]
        hubs = np.array([entry.hubs[column] for entry in entries])
        cosines = np.stack([entry.vector for entry in entries]).astype(np.float32) @ asked.vector
        meaning = cosines - weights.hubness * hubs
        score = lexical + weights.meaning * meaning
        order = sorted(range(len(entries)), key=lambda row: (-score[row], entries[row].key))[:limit]
        return [
            Candidate(
                entries[row].key,
                float(score[row]),
                float(lexical[row]),
                float(meaning[row]),
                entries[row].payload,
            )
            for row in order
        ]


def channel_scores(entries: list[Entry], asked: Asked, name: str) -> np.ndarray:
    """BM25 of one channel for each entry, divided by what an entry with every asked term would at most get."""
    bags = [Counter(entry.features.channel(name)) for entry in entries]
    lengths = np.array([max(1, sum(bag.values())) for bag in bags], dtype=float)
    mean = lengths.mean()
    total = np.zeros(len(entries))
    best = 0.0
    for term in query_terms(asked, name):
        frequency = np.array([bag[term] for bag in bags], dtype=float)
        weight = idf(len(entries), int((frequency > 0).sum()))
        best += weight * (K1 + 1)
        total += weight * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * lengths / mean))
    return total / best if best else total


def query_terms(asked: Asked, channel: str) -> tuple[str, ...]:
    """Terms asked of a channel: those of the channel itself; of `broader`, the senses too, for an entry may be narrower."""
    if channel == "broader":
        return tuple(dict.fromkeys((*asked.features.senses, *asked.features.broader)))
    return tuple(dict.fromkeys(asked.features.channel(channel)))
