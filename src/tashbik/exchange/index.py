"""The index that follows the register's rows, and what is asked of it. Not the engine (linkage.embedded_index).

The database is the truth: every change of an enterprise takes the next change number in its own transaction (counter.py), and the index
carries the number up to which it follows in its own atomic commit. So whatever is killed when, following again from that number
makes them equal; `health` proves it. One process writes at a time, under a file lock; who does not get it leaves the work to who has it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum
from filelock import FileLock, Timeout

from tashbik.errors import IndexStateError, StaleIndexError
from tashbik.exchange.models import Enterprise, Head
from tashbik.language.encoder import Encoder, default_encoder
from tashbik.linkage.asking import asked_of
from tashbik.linkage.background import default_background
from tashbik.linkage.calibration import weights
from tashbik.linkage.embedded_index import EmbeddedIndex
from tashbik.linkage.index import Asked, Candidate, Weights
from tashbik.linkage.match import Matcher
from tashbik.linkage.offers import unpack
from tashbik.linkage.parallel import encoded
from tashbik.nomenclature import tables
from tashbik.registry import records

COMMIT_EVERY = 20_000
"""Changes between two commits of the index."""


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """What the check finds: published enterprises, entries expected and found, changes not yet followed, and problems in words."""

    enterprises: int
    expected: int
    entries: int
    behind: int
    problems: tuple[str, ...]


class RegisterIndex:
    """The index of one installation, shared by the threads of a process."""

    def __init__(self, folder: Path, *, encoder: Encoder | None = None) -> None:
        self.folder = folder
        self.encoder: Encoder = encoder or default_encoder()
        self._guard = threading.RLock()
        self._lock = FileLock(str(folder) + ".lock")
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._engine = self._opened()

    def _opened(self) -> EmbeddedIndex:
        try:
            return self._open()
        except (StaleIndexError, IndexStateError):  # made by another version, or damaged: it is made anew from the rows
            with self._lock:
                shutil.rmtree(self.folder, ignore_errors=True)
                return self._open()

    def _open(self) -> EmbeddedIndex:
        return EmbeddedIndex(
            self.folder,
            encoder=self.encoder.name,
            vocabulary=tables.version(),
            dimensions=self.encoder.dimensions,
        )

    def search(self, asked: Asked, by: Weights, limit: int) -> list[Candidate]:
        """Candidates; part of the engine's port, so that a Matcher can be given this index."""
        with self._guard:
            self._see()
            return self._engine.search(asked, by, limit)

    def _see(self) -> None:
        """See what another process committed."""
        newest = (self.folder / "words" / "meta.json").stat().st_mtime_ns
        if newest != getattr(self, "_seen", 0):
            self._engine.refresh()
            self._seen = newest

    @property
    def mark(self) -> str:
        """Which database, and up to which change, the index follows."""
        with self._guard:
            self._see()
            return self._engine.mark

    def matcher(self) -> Matcher:
        """A matcher over this index."""
        return Matcher(self, self.encoder)  # type: ignore[arg-type]  # of the port it is asked to search only

    def enterprises_like(self, words: str, limit: int = 300) -> dict[str, float]:
        """Codes of enterprises found by words and meaning, best first, with their scores."""
        found: dict[str, float] = {}
        for one in self.search(asked_of(words, "", self.encoder), weights(), limit):
            found.setdefault(unpack(one.payload).enterprise, one.score)
        return found

    def follow(self) -> int:
        """Bring the index up to the rows; returns how many changes it took, 0 also where another process is at it."""
        with self._writing() as mine:
            return self._followed() if mine else 0

    @contextmanager
    def _writing(self) -> Iterator[bool]:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        try:
            with self._guard:
                self._engine.refresh()
                try:
                    yield True
                finally:
                    self._engine.close()
        finally:
            self._lock.release()

    def _followed(self) -> int:
        database, last = _database()
        known, _, number = self._engine.mark.partition(":")
        behind = int(number or 0) if known == database else 0
        if self._engine.mark and (known != database or behind > last):
            self._begin_anew()
            behind = 0
        total = 0
        while batch := list(_changes(behind)):
            self._take(batch)
            behind = batch[-1][0]
            self._engine.commit(f"{database}:{behind}")
            total += len(batch)
        if self._engine.bloated:
            self._begin_anew()
            return total + self._followed()
        return total

    def _take(self, batch: list[tuple[int, str, records.Enterprise | None]]) -> None:
        self._engine.delete([code for _, code, _ in batch])
        living = (record for _, _, record in batch if record is not None)
        for entries in encoded(living, self.encoder, default_background()):
            self._engine.upsert(entries)

    def _begin_anew(self) -> None:
        self._engine.close()
        shutil.rmtree(self.folder)
        self._engine = self._open()

    def rebuild(self) -> int:
        """Make the index anew from the rows; returns how many changes it took."""
        with self._guard, self._lock:
            self._begin_anew()
            return self._followed()

    def health(self) -> IndexHealth:
        """Compare rows and index."""
        published = Enterprise.objects.filter(status=Enterprise.Status.PUBLISHED)
        expected = published.aggregate(total=Sum("capabilities"))["total"] or 0
        with self._guard:
            self._engine.refresh()
            entries, mark = self._engine.count(), self._engine.mark
        database, _ = _database()
        known, _, number = mark.partition(":")
        followed = int(number or 0) if known == database else 0
        behind = Enterprise.objects.filter(change__gt=followed).count()
        problems = []
        if mark and known != database:
            problems.append("the index follows another database")
        if behind:
            problems.append(f"the index is {behind} changes behind")
        elif entries != expected:
            problems.append(f"the index has {entries} entries, the enterprises have {expected} capabilities")
        return IndexHealth(published.count(), expected, entries, behind, tuple(problems))


def _database() -> tuple[str, int]:
    """The name that this database was given when it was made, and the last change number."""
    head = Head.objects.get(name="index")
    last = Enterprise.objects.aggregate(last=Max("change"))["last"] or 0
    return head.digest, int(last)


def _changes(behind: int) -> Iterator[tuple[int, str, records.Enterprise | None]]:
    rows = Enterprise.objects.filter(change__gt=behind).order_by("change")[:COMMIT_EVERY]
    for number, code, status, record in rows.values_list("change", "code", "status", "record"):
        shown = status == Enterprise.Status.PUBLISHED
        yield number, code, msgspec.convert(record, records.Enterprise) if shown else None


@cache
def register_index() -> RegisterIndex:
    """The index of this process's installation."""
    return RegisterIndex(Path(settings.TASHBIK_DATA) / "index")


def follow_after_commit() -> None:
    """Within a transaction that changes enterprises: have the index follow once it is committed."""
    transaction.on_commit(_follow_quietly)


def _follow_quietly() -> None:
    """What is not followed now, since another process has the lock, is followed by that process or by the worker."""
    register_index().follow()
