"""Records of a register kept in one append-only file, commit by commit, safe against crashes. Not the search index (linkage).

Each line is a JSON document. `put` and `delete` lines count only once a `commit` line with the right checksum follows; whatever
stands after the last good commit is what a crash left and is cut off at opening.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout

from tashbik.errors import BusyError, FileError
from tashbik.registry.records import Enterprise

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder().decode


class Journal:
    """The records of a folder's register by id. Many may read; one process at a time writes.

    The right to write is taken by `lock`, or by the first `put` or `delete`, and given back by `close`; the system gives it back where a
    process dies. Only who has it cuts off what a crash left. Raises BusyError where another process has it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._where: dict[str, tuple[int, int, int]] = {}  # id → offset, length, checksum of its last put
        self._pending: dict[str, bytes] = {}
        self._commits: dict[int, int] = {0: 0}  # end of each commit → its checksum
        self._changes: dict[str, bytes | None] = {}
        self._lock = FileLock(path.with_suffix(".lock"))
        self.position = 0
        self._read_on()

    def _read_on(self) -> None:
        """Take in what was committed since the last look."""
        with self._path.open("rb") as stream:
            stream.seek(self.position)
            for start, batch, end, checksum in _batches(stream):
                self._apply(batch, start)
                self.position = end
                self._commits[end] = checksum
            self._refuse_damage(stream)

    def _refuse_damage(self, stream: Any) -> None:
        """Raise FileError where whole commits follow one that cannot be read: that is damage, not what a crash leaves at the end."""
        stream.seek(self.position)
        after_commit = False
        for line in stream:
            if after_commit:
                raise FileError(
                    f"the records are damaged after byte {self.position}; later ones are whole",
                    file=self._path.name,
                    mend="put back a copy of the file",
                )
            after_commit = _is_commit(line)

    @property
    def mark(self) -> str:
        """How far the journal has come, in a form that another journal does not share."""
        return f"{self.position}:{self._commits[self.position]}"

    def knows(self, mark: str) -> bool:
        """Whether a mark is one of this journal's commits."""
        position, _, checksum = mark.partition(":")
        return checksum.isdigit() and self._commits.get(int(position)) == int(checksum)

    def lock(self) -> None:
        """Take the right to write, see what others wrote until now, and cut off what a crash left."""
        if self._lock.is_locked:
            return
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise BusyError(
                "another process writes in this register", file=str(self._path.parent), mend="wait until it is done"
            ) from error
        self._read_on()
        if self._path.stat().st_size > self.position:
            os.truncate(self._path, self.position)

    def close(self) -> None:
        """Give back the right to write; what is queued and not committed is lost."""
        self._pending, self._changes = {}, {}
        self._lock.release()

    def _apply(self, batch: list[bytes], start: int) -> None:
        offset = start
        for line in batch:
            entry = _decode(line)
            if entry["op"] == "put":
                self._where[entry["record"]["id"]] = (offset, len(line), zlib.crc32(_encode(entry["record"])))
            elif entry["op"] == "delete":
                self._where.pop(entry["id"], None)
            offset += len(line)

    def put(self, enterprise: Enterprise) -> bool:
        """Queue a record for the next commit; False, and nothing queued, where the same is there already."""
        self.lock()
        record = _encode(enterprise)
        checksum = zlib.crc32(_encode(_decode(record)))
        known = self._where.get(enterprise.id)
        if known is not None and known[2] == checksum:
            self._pending.pop(enterprise.id, None)  # a part of it that was queued before the rest came
            self._changes.pop(enterprise.id, None)
            return False
        self._pending[enterprise.id] = b'{"op":"put","record":' + record + b"}\n"
        self._changes[enterprise.id] = record
        return True

    def delete(self, enterprise_id: str) -> None:
        """Queue a deletion."""
        self.lock()
        self._pending[enterprise_id] = _encode({"op": "delete", "id": enterprise_id}) + b"\n"
        self._changes[enterprise_id] = None

    def pending(self, enterprise_id: str) -> Enterprise | None:
        """The record of an id that is queued and not yet committed."""
        record = self._changes.get(enterprise_id)
        return msgspec.json.decode(record, type=Enterprise) if record else None

    def commit(self) -> int:
        """Write and make durable all that is queued; returns the journal's new length in bytes."""
        if not self._pending:
            return self.position
        lines = list(self._pending.values())
        body = b"".join(lines)
        checksum = zlib.crc32(body)
        closing = _encode({"op": "commit", "lines": len(lines), "crc": checksum}) + b"\n"
        with self._path.open("ab") as stream:
            stream.write(body + closing)
            stream.flush()
            os.fsync(stream.fileno())
        self._apply(lines, self.position)
        self.position += len(body) + len(closing)
        self._commits[self.position] = checksum
        self._pending, self._changes = {}, {}
        return self.position

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, enterprise_id: str) -> bool:
        return enterprise_id in self._where

    def get(self, enterprise_id: str) -> Enterprise | None:
        """The committed record of an id."""
        where = self._where.get(enterprise_id)
        if where is None:
            return None
        with self._path.open("rb") as stream:
            stream.seek(where[0])
            return msgspec.convert(_decode(stream.read(where[1]))["record"], Enterprise, strict=False)

    def records(self) -> Iterator[Enterprise]:
        """All committed records, in the order of their last writing."""
        with self._path.open("rb") as stream:
            for offset, length, _ in sorted(self._where.values()):
                stream.seek(offset)
                yield msgspec.convert(_decode(stream.read(length))["record"], Enterprise, strict=False)

    def changes_since(self, position: int) -> Iterator[tuple[str, Enterprise | None]]:
        """Ids changed by the commits after a position, with their record as it is now, or None where it is deleted."""
        if position > self.position:
            raise FileError("the index is ahead of the journal", file=self._path.name, mend="rebuild the index")
        ids: dict[str, None] = {}
        with self._path.open("rb") as stream:
            stream.seek(position)
            for _, batch, _, _ in _batches(stream):
                for entry in map(_decode, batch):
                    ids[entry["record"]["id"] if entry["op"] == "put" else entry["id"]] = None
        for one in ids:
            yield one, self.get(one)


def _is_commit(line: bytes) -> bool:
    return line.endswith(b"\n") and b'"op":"commit"' in line[:200] and not line.startswith(b'{"op":"put"')


def _batches(stream: Any) -> Iterator[tuple[int, list[bytes], int, int]]:
    """Committed batches from where the stream stands: start, lines, end, checksum. Stops at the first that is incomplete or damaged."""
    start = stream.tell()
    batch: list[bytes] = []
    checksum = 0
    for line in stream:
        if not line.endswith(b"\n"):
            return
        if _is_commit(line):
            try:
                entry = _decode(line)
            except msgspec.DecodeError:
                return
            if entry.get("crc") != checksum or entry.get("lines") != len(batch):
                return
            end = start + sum(map(len, batch)) + len(line)
            yield start, batch, end, checksum
            start, batch, checksum = end, [], 0
        else:
            batch.append(line)
            checksum = zlib.crc32(line, checksum)
