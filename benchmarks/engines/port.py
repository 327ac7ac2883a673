"""What an engine must do to be measured, and the list of those that are. Not the engines nor their measurement (worker.py)."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import NamedTuple

from benchmarks.data import Corpus, JudgedNeed


class NotInstalledError(Exception):
    """What an engine needs is not on this machine; the message says what."""


class Engine:
    """An engine with an index in `folder`. It is made in one process and asked in another, so that their memory stands apart.

    `start`, `build`, `stop` in the first; `start`, `open`, `ask`…, `stop` in the second. Only `build` and `ask` are timed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self) -> None:
        """Start what the engine runs on: a server, the encoder."""

    def build(self, corpus: Corpus) -> None:
        """Make the index of all profiles, durable in the folder."""
        raise NotImplementedError

    def open(self) -> None:
        """Make a built index ready to be asked."""

    def ask(self, need: JudgedNeed, limit: int) -> list[str]:
        """Ids of the best profiles for a need, best first."""
        raise NotImplementedError

    def disk_bytes(self) -> int:
        """What the index takes on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    def stop(self) -> None:
        """Release all; a server is ended."""


class Entrant(NamedTuple):
    """An engine of the comparison: its title, where its class is, and how it shares work with others."""

    title: str
    place: str
    vectors: bool = False
    """It is given the vectors of the profiles, and the time that encoding took is counted for it."""
    index_of: str = ""
    """The entrant whose index it asks instead of building one."""

    def engine(self, folder: Path) -> Engine:
        """The engine over a folder. Raises ImportError where its library is not installed."""
        module, name = self.place.split(":")
        made: Engine = getattr(importlib.import_module(module), name)(folder)
        return made


ENTRANTS = {
    "tashbik": Entrant("Tashbik", "benchmarks.engines.tashbik_candidates:TashbikCandidates"),
    "tashbik-words": Entrant(
        "Tashbik, without vectors", "benchmarks.engines.tashbik_candidates:TashbikWords", index_of="tashbik"
    ),
    "tashbik-match": Entrant(
        "Tashbik, full match", "benchmarks.engines.tashbik_match:TashbikMatch", index_of="tashbik"
    ),
    "sqlite": Entrant("SQLite FTS5", "benchmarks.engines.sqlite_fts:SqliteFts"),
    "sqlite-trigrams": Entrant("SQLite FTS5, trigrams", "benchmarks.engines.sqlite_fts:SqliteTrigrams"),
    "postgres": Entrant("PostgreSQL full text", "benchmarks.engines.postgres_fts:PostgresFts"),
    "lancedb": Entrant("LanceDB hybrid (RRF)", "benchmarks.engines.lancedb_hybrid:LanceHybrid", vectors=True),
    "bm25s": Entrant("bm25s + exact vectors", "benchmarks.engines.bm25s_vectors:Bm25sVectors", vectors=True),
}
REFERENCE = "tashbik"
"""The entrant to whose median time those of the others are related."""
