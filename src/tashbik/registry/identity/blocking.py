"""Which pairs are worth comparing: keys that records of one enterprise share, and the pairs that share a key. Not the comparing."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tashbik.language.names import consonants
from tashbik.registry.identity.likeness import TELLING
from tashbik.registry.identity.naming import Name, Word
from tashbik.registry.identity.particulars import Profile
from tashbik.registry.identity.rarity import Rarity

Pairs = npt.NDArray[np.int32]
"""Positions of the records of each pair, first < second; a row a pair."""

PAIRS_A_RECORD = 12
"""Candidate pairs that a register may have for each record; the largest blocks, which tell least, go first."""
LEAST_PAIRS = 300_000
"""Candidate pairs that any register may have."""
_CERTAIN = [ord(kind) for kind in "ipm"]
_LOOSE = [ord(kind) for kind in "afe"]
"""Kinds of keys that find what no other key does, but seldom: they get what the others leave of the pairs."""
LARGEST_BLOCK = 400
"""Records that may share a key, numbers and contacts apart: a key of more tells nothing."""


def keys_of(profile: Profile, rarity: Rarity) -> list[str]:
    """Keys of a record: numbers, contacts, skeletons of its telling words alone and with another or the place, abbreviations.

    A key's first letter is its kind. Spelling mistakes and other scripts are met by skeletons with one consonant less.
    """
    keys = [f"i{scheme}:{value}" for scheme, values in profile.numbers for value in values]
    keys += [f"p{one}" for one in profile.phones]
    keys += [f"m{one}" for one in profile.mailboxes]
    keys += [f"d{one}" for one in profile.domains]
    for name in profile.names:
        keys += _name_keys(name, profile.town, rarity)
    return list(dict.fromkeys(keys))


def _name_keys(name: Name, town: str, rarity: Rarity) -> Iterator[str]:
    words = sorted((*name.words, *name.aside), key=lambda word: (-rarity.weight(word), word.folded))
    telling = [word for word in words if rarity.weight(word) >= TELLING][:3] or words[:2]
    bones = [_bones(word) for word in telling]
    for bone in bones:
        yield "b" + bone
        if town:
            yield f"t{bone}@{town}"
        for trade in sorted(name.trades):
            yield f"g{bone}@{trade}"
    for i, first in enumerate(telling):
        for second in telling[i + 1 :]:
            yield "c" + "+".join(sorted((first.heard or first.folded, second.heard or second.folded)))
    if len(name.words) >= 2:
        yield "b" + _joined(name.words[:2])
        if len(name.words) >= 3:
            yield "b" + _joined(name.words)
    if telling:
        yield from _near_keys(telling[0])
    initials = "".join(word[0] for word, legal in name.sequence if not legal)
    if len(initials) >= 3:
        yield "a" + initials
    for word in (*name.words, *name.aside):
        if 3 <= len(word.folded) <= 6 and not word.mark:
            yield "a" + word.folded
            yield "a" + word.folded[:3]
    if len(initials) > 3:
        yield "a" + initials[:3]


def _near_keys(word: Word) -> Iterator[str]:
    """Keys by which the most telling word meets its misspellings (one letter less: any one slip is met, Bocek et al. 2007)
    and the words that it was written together with."""
    folded = word.folded
    if 5 <= len(folded) <= 14:
        yield "x" + folded
        for position in range(len(folded)):
            yield "x" + folded[:position] + folded[position + 1 :]
    if len(folded) >= 5:
        yield "f" + folded[:5]
        yield "e" + folded[-5:]


def _bones(word: Word) -> str:
    return word.heard if len(word.heard) >= 2 else word.folded


def _joined(words: Sequence[Word]) -> str:
    return consonants("".join(word.folded for word in words))


def hash_of(key: str) -> int:
    """A hash of a key that is the same in every process (Python's own is not), within 63 bits."""
    data = key.encode()
    return zlib.crc32(data) << 31 ^ zlib.adler32(data)


def pairs_of(keys: Iterable[Sequence[str]]) -> Pairs:
    """The pairs of records that share a key, each once, in order; bounded by `PAIRS_A_RECORD`, small blocks first."""
    hashes, kinds, owners = array("q"), array("b"), array("i")
    records = 0
    for one in keys:  # hashed at once: the keys of a million records would not fit beside them
        hashes.extend(map(hash_of, one))
        kinds.extend(ord(key[0]) for key in one)
        owners.extend([records] * len(one))
        records += 1
    return pairs_of_hashes(
        np.frombuffer(hashes, dtype=np.int64) if hashes else np.zeros(0, dtype=np.int64),
        np.frombuffer(owners, dtype=np.int32).astype(np.int64) if owners else np.zeros(0, dtype=np.int64),
        np.frombuffer(kinds, dtype=np.int8) if kinds else np.zeros(0, dtype=np.int8),
        records,
    )


def pairs_of_hashes(
    hashes: npt.NDArray[np.int64], owners: npt.NDArray[np.int64], kinds: npt.NDArray[np.int8], records: int
) -> Pairs:
    """`pairs_of` on hashed keys: `owners` the record of each key, `kinds` its first letter (its code)."""
    order = np.lexsort((owners, hashes))
    hashes, owners, kinds = hashes[order], owners[order], kinds[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if len(hashes) else np.zeros(0, int)
    sizes = np.diff(np.r_[starts, len(hashes)])
    kinds = kinds[starts]
    certain, loose = np.isin(kinds, _CERTAIN), np.isin(kinds, _LOOSE)
    kept = (sizes >= 2) & ((sizes <= LARGEST_BLOCK) | (certain & (sizes <= 10 * LARGEST_BLOCK)))
    starts, sizes, loose = starts[kept], sizes[kept], loose[kept]
    ascending = np.argsort(sizes * np.where(loose, 1_000, 1), kind="stable")
    starts, sizes = starts[ascending], sizes[ascending]
    within = np.cumsum(sizes * (sizes - 1) // 2) <= max(LEAST_PAIRS, PAIRS_A_RECORD * records)
    return _unique_pairs(owners, starts[within], sizes[within], records)


def _unique_pairs(
    owners: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64], records: int
) -> Pairs:
    codes = [np.zeros(0, dtype=np.int64)]
    for size in np.unique(sizes):
        members = owners[starts[sizes == size][:, None] + np.arange(size)]
        i, j = np.triu_indices(size, 1)
        codes.append(np.unique((members[:, i] * records + members[:, j]).ravel()))
    unique = np.unique(np.concatenate(codes))
    pairs = np.column_stack([unique // records, unique % records])
    distinct: Pairs = pairs[pairs[:, 0] != pairs[:, 1]].astype(np.int32)
    return distinct
