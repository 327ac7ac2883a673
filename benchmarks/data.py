"""The data of the comparison: generated profiles, their vectors and judged needs, in files that every engine reads. Not the generator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from tashbik.language.encoder import default_encoder
from tashbik.linkage.parallel import in_batches
from tashbik.registry.generator import generate, needs, profile
from tashbik.registry.records import Enterprise

WARM_UP = 20
MEASURED = 300
Vectors = npt.NDArray[np.float32]


class Document(NamedTuple):
    """A profile as the peers see it: id, language (ar, fr, en) and its capability's words."""

    id: str
    language: str
    text: str


class JudgedNeed(msgspec.Struct, frozen=True):
    """A need with the ids of the profiles that are about the same three concepts, and the language of each."""

    id: str
    text: str
    language: str
    relevant: dict[str, str]


class Corpus:
    """The files of one size in a folder. Everything is streamed, so that reading adds little to an engine's memory."""

    def __init__(self, folder: Path) -> None:
        self._profiles = folder / "profiles.jsonl"
        self._needs = folder / "needs.json"
        self.vector_file = folder / "vectors.npy"

    def write(self, size: int, seed: int) -> None:
        """Generate profiles and needs."""
        encoder = msgspec.json.Encoder()
        with self._profiles.open("wb") as stream:
            for enterprise in generate(size, seed):
                stream.write(encoder.encode(enterprise) + b"\n")
        self._needs.write_bytes(encoder.encode(_judged(size, seed)))

    def enterprises(self) -> Iterator[Enterprise]:
        """The profiles as the register has them."""
        decoder = msgspec.json.Decoder(Enterprise)
        with self._profiles.open("rb") as stream:
            yield from map(decoder.decode, stream)

    def documents(self) -> Iterator[Document]:
        """The profiles as plain texts."""
        return map(document, self.enterprises())

    def needs(self) -> list[JudgedNeed]:
        """`WARM_UP` needs that are not measured, then `MEASURED` that are."""
        return msgspec.json.decode(self._needs.read_bytes(), type=list[JudgedNeed])

    def encode(self) -> None:
        """Encode the profiles' texts on all cores into the vector file, in their order."""
        count = sum(1 for _ in self._profiles.open("rb"))
        shape = (count, default_encoder().dimensions)
        rows = np.lib.format.open_memmap(self.vector_file, mode="w+", dtype=np.float32, shape=shape)
        done = 0
        for batch in in_batches(_vectors_of, self.documents()):
            rows[done : done + len(batch)] = batch
            done += len(batch)
        rows.flush()

    def vectors(self) -> Vectors:
        """The profiles' unit vectors, mapped from the file."""
        mapped: Vectors = np.load(self.vector_file, mmap_mode="r")
        return mapped


def document(enterprise: Enterprise) -> Document:
    """The one text of a generated profile."""
    language, text = next(iter(enterprise.capabilities[0].words.items()))
    return Document(enterprise.id, language, text)


def _judged(size: int, seed: int) -> list[JudgedNeed]:
    return [
        JudgedNeed(one.id, one.text, one.language, {key: _language(key, seed) for key in sorted(one.relevant)})
        for one in needs(WARM_UP + MEASURED, size, seed)
    ]


def _language(key: str, seed: int) -> str:
    return document(profile(int(key.rsplit("-", 1)[1]), seed)).language


def _vectors_of(batch: list[Document]) -> list[Vectors]:
    return list(default_encoder().encode([one.text for one in batch]))
