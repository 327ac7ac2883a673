"""The candidate-index port: what an engine must do. Not an engine (memory_index.py, embedded_index.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from tashbik.linkage.features import Features

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to find. `key` is unique; `owner` (an enterprise) groups entries that are deleted together.

    `vector` is of unit length; `hubs` how near the text lies to any text whatever in ar, fr, en (see background.py);
    `payload` comes back as it was.
    """

    key: str
    owner: str
    features: Features
    vector: Vector
    hubs: tuple[float, float, float]
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the channels in the calibrated sum; see calibration.py."""

    words: float
    senses: float
    broader: float
    bones: float
    meaning: float
    hubness: float
    """Part of a document's hubness taken off its likeness of meaning."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: features of the text, and a vector of at most unit length (see asking.py)."""

    features: Features
    vector: Vector


class Candidate(NamedTuple):
    """An entry found: key, calibrated score, the parts of it, and its payload."""

    key: str
    score: float
    lexical: float
    meaning: float
    payload: bytes


@dataclass(frozen=True, slots=True)
class IndexAbilities:
    """What an engine can do, to be asked before work starts."""

    persistent: bool
    approximate_above: int | None
    """Entries above which the search for meaning is approximate; None for always exact."""


class CandidateIndex(Protocol):
    """An index of entries. Writes are seen after `commit`, all of them or none."""

    abilities: IndexAbilities
    mark: str
    """What the last commit was marked with, e.g. a position in the register's journal."""

    def upsert(self, entries: Iterable[Entry]) -> int:
        """Add entries, replacing those with the same key; returns how many."""

    def delete(self, owners: Sequence[str]) -> None:
        """Delete all entries of the owners."""

    def commit(self, mark: str = "") -> None:
        """Make all writes since the last commit durable and visible, atomically, together with `mark`."""

    def search(self, asked: Asked, weights: Weights, limit: int) -> list[Candidate]:
        """The best `limit` entries by calibrated sum, best first; ties by key."""

    def count(self) -> int:
        """Number of entries committed."""

    def close(self) -> None:
        """Release files; uncommitted writes are lost."""


HUB_COLUMN = {"ar": 0, "fr": 1, "en": 2, "und": 2}
K1, B = 1.2, 0.75
"""BM25 constants of tantivy (Robertson & Zaragoza 2009, table 3.1 gives the same defaults)."""


def idf(documents: int, frequency: int) -> float:
    """Inverse document frequency of BM25 as Lucene and tantivy have it; at least a little above zero.

    An engine may count deleted documents in a frequency until it merges; more than all documents is never meant.
    """
    frequency = min(frequency, documents)
    return float(np.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5)))
