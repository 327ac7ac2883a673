"""The identity of a register in one file, so that a process opens it in a second instead of making it anew. Not the identity itself."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tashbik.errors import FileError
from tashbik.registry.identity.comparison import LEVELS
from tashbik.registry.identity.model import Model
from tashbik.registry.identity.particulars import Profile

VERSION = 1
"""Raised when what a file holds changes its meaning; files of another version are made anew."""
_ARRAYS = ("pairs", "levels", "more_pairs", "more_levels", "hashes", "owners")


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds besides its arrays. `levels_known` are the comparisons that the levels are of."""

    version: int
    levels_known: dict[str, tuple[str, ...]]
    profiles: list[Profile]
    home: str
    companions: dict[str, int]
    total: int
    bearers: dict[str, int]
    names: int
    model: Model
    decisions: list[tuple[int, int, bool]]
    compared: bool


def write(path: Path, document: Stored, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write the file whole or not at all."""
    temporary = path.with_name(path.name + ".partial")
    encoded = np.frombuffer(msgspec.msgpack.encode(document), dtype=np.uint8)
    with temporary.open("wb") as stream:
        np.savez(stream, allow_pickle=False, document=encoded, **arrays)
    temporary.replace(path)


def read(path: Path) -> tuple[Stored, dict[str, npt.NDArray[Any]]]:
    """Read it. FileError where there is none, where it is damaged, or where another version of Tashbik made it."""
    mend = "make it anew from the register"
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
            arrays = {name: held[name] for name in _ARRAYS}
            document = msgspec.msgpack.decode(held["document"].tobytes(), type=Stored)
    except FileNotFoundError as missing:
        raise FileError("no such file", file=str(path), mend=mend) from missing
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, msgspec.MsgspecError) as damage:
        raise FileError("no identity that can be read", file=str(path), mend=mend) from damage
    if document.version != VERSION or document.levels_known != LEVELS:
        raise FileError("made by another version of Tashbik", file=str(path), mend=mend)
    return document, arrays
