"""A register in a folder: its journal of records and the index that follows it. What the commands work on; not the commands."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tashbik.errors import BusyError, IndexStateError, StaleIndexError
from tashbik.language.encoder import Encoder, default_encoder
from tashbik.linkage.background import default_background
from tashbik.linkage.embedded_index import EmbeddedIndex
from tashbik.linkage.parallel import encoded, understood
from tashbik.nomenclature import tables
from tashbik.registry.journal import Journal
from tashbik.registry.readers import merged, read_enterprises
from tashbik.registry.records import Enterprise
from tashbik.registry.rejects import Reject

COMMIT_EVERY = 20_000
"""Records between two commits of an import: what a crash can cost in time, never in data."""


@dataclass(slots=True)
class ImportReport:
    """What an import did: records taken, unchanged ones passed over, and rows rejected."""

    taken: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Health:
    """What `doctor` finds: records, entries of the index, entries it should have, and what is wrong in words."""

    records: int
    entries: int
    expected: int
    problems: tuple[str, ...]


class Workspace:
    """A register folder. Opening brings the index up to the journal, so that a crash between the two mends itself.

    An index made by another encoder or vocabulary is made anew from the records; `rebuilt` then says why.
    """

    def __init__(self, folder: Path, *, encoder: Encoder | None = None) -> None:
        self.folder = folder
        self.encoder: Encoder = encoder or default_encoder()
        self.journal = Journal(folder / "records.jsonl")
        self.rebuilt = ""
        try:
            self.index = self._open_index()
        except StaleIndexError as stale:
            self.rebuilt = stale.message
            self.journal.lock()
            _drop(folder / "index")
            self.index = self._open_index()
        with suppress(BusyError):  # another process writes and will bring the index up; what is committed can be read
            self.follow()
            self._rest()

    def _rest(self) -> None:
        """Give back the right to write, which following took, until something is to be written."""
        self.index.close()
        self.journal.close()

    def _open_index(self) -> EmbeddedIndex:
        return EmbeddedIndex(
            self.folder / "index",
            encoder=self.encoder.name,
            vocabulary=tables.version(),
            dimensions=self.encoder.dimensions,
        )

    def follow(self, step: Callable[[int], None] | None = None) -> int:
        """Bring the index up to the journal; returns how many records changed. `step` is told of each batch."""
        if self.index.mark == self.journal.mark:
            return 0
        self.journal.lock()
        self.index.refresh()
        if self.index.mark and not self.journal.knows(self.index.mark):
            self._begin_anew("the index follows other records")
        behind = int(self.index.mark.partition(":")[0] or 0)
        changed = 0

        def records() -> Iterator[Enterprise]:
            nonlocal changed
            for owner, record in self.journal.changes_since(behind):
                changed += 1
                if behind or record is None:
                    self.index.delete([owner])
                if record is not None:
                    yield record

        for entry_batch in encoded(records(), self.encoder, default_background()):
            self.index.upsert(entry_batch)
            if step:
                step(len(entry_batch))
        self.index.commit(self.journal.mark)
        if self.index.bloated:
            self._begin_anew("most of the index was of replaced records")
            self.follow(step)
        return changed

    def _begin_anew(self, why: str) -> None:
        self.rebuilt = why
        self.index.close()
        _drop(self.folder / "index")
        self.index = self._open_index()

    def import_file(
        self, path: Path, *, mapping: Path | None = None, step: Callable[[int], None] | None = None
    ) -> ImportReport:
        """Read a register into the folder. Rows of one id that stand apart in the file are put together.

        Running it again changes nothing. Rejects are returned, not raised.
        """
        report = ImportReport()
        seen: set[str] = set()
        for item in understood(read_enterprises(path, mapping=mapping, understood=False)):
            if isinstance(item, Reject):
                report.rejects.append(item)
                continue
            self._take(item, seen, report)
            if (report.taken + report.unchanged) % COMMIT_EVERY == 0:
                self.journal.commit()
            if step:
                step(1)
        self.journal.commit()
        self.follow()
        return report

    def _take(self, item: Enterprise, seen: set[str], report: ImportReport) -> None:
        if item.id in seen:
            before = self.journal.pending(item.id) or self.journal.get(item.id)
            item = merged(before, [item]) if before is not None else item
        seen.add(item.id)
        if self.journal.put(item):
            report.taken += 1
        else:
            report.unchanged += 1

    def delete(self, ids: Iterable[str]) -> None:
        """Delete records by id."""
        for one in ids:
            self.journal.delete(one)
        self.journal.commit()
        self.follow()

    def health(self) -> Health:
        """Compare records and index."""
        expected = sum(len(record.capabilities) for record in self.journal.records())
        entries = self.index.count()
        problems = []
        if entries != expected:
            problems.append(f"the index has {entries} entries, the records have {expected} capabilities")
        if self.index.mark != self.journal.mark:
            problems.append("the index is behind the records")
        return Health(len(self.journal), entries, expected, tuple(problems))

    def rebuild(self) -> None:
        """Make the index anew from the records."""
        self.journal.lock()
        self._begin_anew("it was asked for")
        self.follow()

    def close(self) -> None:
        """Release the folder."""
        self.index.close()
        self.journal.close()


def _drop(index: Path) -> None:
    """Remove an index at once, so that a crash while its files go leaves none rather than half of one."""
    for left in index.parent.glob("index.*.old"):
        shutil.rmtree(left, ignore_errors=True)
    if index.exists():
        away = index.with_name(f"index.{os.getpid()}.old")
        index.rename(away)
        shutil.rmtree(away)


def rebuild(folder: Path) -> None:
    """Drop the index of a folder whose index cannot be opened, and make it anew. Raises BusyError while another process writes."""
    if not (folder / "records.jsonl").exists():
        raise IndexStateError("no register here", file=str(folder), mend="run `tashbik import` first")
    journal = Journal(folder / "records.jsonl")
    journal.lock()
    _drop(folder / "index")
    journal.close()
    Workspace(folder).close()
