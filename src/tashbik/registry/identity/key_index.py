"""An index of keys in memory: which records share a key with a new one, in a fraction of a millisecond. Not the comparing."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from tashbik.registry.identity.blocking import hash_of

NEAREST = 200
"""Records that one check compares at most."""
COMMON = 1_000
"""Records of one key beyond which only its first are looked at, and last."""


class KeyIndex:
    """Positions of records by hashed key: sorted arrays for those there at the start, a dictionary for those added since."""

    def __init__(self, hashes: npt.NDArray[np.int64], owners: npt.NDArray[np.int32], records: int) -> None:
        self._hashes, self._owners = hashes, owners
        self._added: dict[int, list[int]] = {}
        self.records = records

    @classmethod
    def of(cls, keys: Iterable[list[str]]) -> KeyIndex:
        """The index of the keys of records in order."""
        hashes, counts = array("q"), array("i")
        for one in keys:
            hashes.extend(map(hash_of, one))
            counts.append(len(one))
        flat = np.frombuffer(hashes, dtype=np.int64) if hashes else np.zeros(0, dtype=np.int64)
        owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        order = np.argsort(flat, kind="stable")
        return cls(flat[order], owners[order], len(counts))

    def add(self, keys: Iterable[str]) -> None:
        """One more record."""
        for key in keys:
            self._added.setdefault(hash_of(key), []).append(self.records)
        self.records += 1

    def arrays(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Hashes in order and the record of each, those added since among them: what `KeyIndex` is made from."""
        added = [(key, owner) for key, owners in self._added.items() for owner in owners]
        hashes = np.r_[self._hashes, np.array([key for key, _ in added], dtype=np.int64)]
        owners = np.r_[self._owners, np.array([owner for _, owner in added], dtype=np.int32)]
        order = np.argsort(hashes, kind="stable")
        return hashes[order], owners[order]

    def near(self, keys: Iterable[str]) -> list[int]:
        """Positions of records that share a key, those of the rarest keys first, `NEAREST` at most."""
        worth: Counter[int] = Counter()
        for key in keys:
            owners = self._bearers(hash_of(key))
            if owners:
                for owner in owners[:COMMON]:
                    worth[owner] += 1 / len(owners)  # type: ignore[assignment]
        return [position for position, _ in worth.most_common(NEAREST)]

    def _bearers(self, key: int) -> list[int]:
        low, high = np.searchsorted(self._hashes, key, "left"), np.searchsorted(self._hashes, key, "right")
        found: list[int] = (
            self._owners[low:high].tolist() if high - low <= 10 * COMMON else self._owners[low : low + COMMON].tolist()
        )
        return found + self._added.get(key, [])
