"""The identity of a register in one file, so that a process opens it in a second instead of making it anew. Not the identity itself."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tashbik import __version__
from tashbik.errors import FileError
from tashbik.registry.identity.comparison import LEVELS
from tashbik.registry.identity.model import Model
from tashbik.registry.identity.particulars import Profile

VERSION = f"{__version__}/2"
"""The release, since its tables of words are in the profiles, and a number that is raised when what a file holds changes its meaning."""
PARTIAL = ".partial"
"""Ends the name of a file that is not whole yet."""
_ARRAYS = ("pairs", "levels", "more_pairs", "more_levels", "hashes", "owners")


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds besides its arrays. `levels_known` are the comparisons that the levels are of."""

    version: str
    levels_known: dict[str, tuple[str, ...]]
    profiles: list[Profile]
    homes: list[str]
    companions: dict[str, int]
    total: int
    bearers: dict[str, int]
    names: int
    model: Model
    decisions: list[tuple[int, int, bool]]
    compared: bool
    built_from: dict[str, str]


def write(path: Path, document: Stored, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write the file whole or not at all, for its owner alone. OSError where it cannot be written."""
    encoded = np.frombuffer(msgspec.msgpack.encode(document), dtype=np.uint8)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", suffix=PARTIAL, delete=False) as stream:
        temporary = Path(stream.name)
        try:
            np.savez(stream, allow_pickle=False, document=encoded, **arrays)
            stream.flush()
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def read(path: Path) -> tuple[Stored, dict[str, npt.NDArray[Any]]]:
    """Read it. FileError where there is none, where it is damaged, or where another version of Tashbik made it."""
    mend = "make it anew from the register"
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
            arrays = {name: held[name] for name in _ARRAYS}
            document = msgspec.msgpack.decode(held["document"].tobytes(), type=Stored)
    except FileNotFoundError as missing:
        raise FileError("no such file", file=str(path), mend=mend) from missing
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        RuntimeError,
        zipfile.BadZipFile,
        msgspec.MsgspecError,
    ) as damage:
        raise FileError("no identity that can be read", file=str(path), mend=mend) from damage
    if document.version != VERSION or document.levels_known != LEVELS:
        raise FileError("made by another version of Tashbik", file=str(path), mend=mend)
    return document, arrays
