"""kill -9 at random moments of an import: no committed record is lost, nothing is half-written, the rest can be imported again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tashbik.errors import BusyError, FileError
from tashbik.linkage.workspace import Workspace
from tashbik.registry.journal import Journal
from tashbik.registry.records import Enterprise

ROWS = 1_500
IMPORT = """
import sys
from pathlib import Path
from tashbik.linkage import workspace
workspace.COMMIT_EVERY = 100
print("ready", flush=True)
work = workspace.Workspace(Path(sys.argv[1]))
work.import_file(Path(sys.argv[2]))
work.close()
"""


@pytest.fixture
def register(write) -> Path:
    lines = [f"E{number},مؤسسة {number},خراطة وتفريز قطع فولاذية رقم {number % 40}" for number in range(ROWS)]
    return write("register.csv", "id,name,capability\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize("seed", range(6))
def test_a_killed_import_leaves_a_whole_register(tmp_path: Path, register: Path, seed: int) -> None:
    folder = tmp_path / "register"
    command = [sys.executable, "-c", IMPORT, str(folder), str(register)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.0, 4.0))
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    journal = Journal(folder / "records.jsonl")
    committed = {record.id for record in journal.records()}
    journal.close()
    assert len(committed) % 100 == 0 or len(committed) == ROWS
    work = Workspace(folder)
    assert {record.id for record in work.journal.records()} == committed
    assert work.health().problems == ()
    report = work.import_file(register)
    assert (report.taken, report.unchanged) == (ROWS - len(committed), len(committed))
    assert (len(work.journal), work.index.count()) == (ROWS, ROWS)
    work.close()


@pytest.mark.parametrize("cut", [1, 7, 40, 200])
def test_a_journal_cut_anywhere_keeps_its_last_whole_commit(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "records.jsonl"
    journal = Journal(path)
    journal.put(Enterprise(id="a", names={"fr": "Alpha"}))
    first = journal.commit()
    journal.put(Enterprise(id="b", names={"fr": "Beta"}))
    journal.delete("a")
    second = journal.commit()
    journal.close()
    with path.open("r+b") as stream:
        stream.truncate(max(first, second - cut))
    again = Journal(path)
    assert [record.id for record in again.records()] == ["a"]
    again.lock()
    assert path.stat().st_size == first


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    journal = Journal(path)
    for name in ("a", "b"):
        journal.put(Enterprise(id=name, names={"fr": name}))
        journal.commit()
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b'"fr":"b"') + 6] ^= 1
    path.write_bytes(raw)
    assert [record.id for record in Journal(path).records()] == ["a"]


def test_damage_before_whole_commits_is_told_and_nothing_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    journal = Journal(path)
    for name in "abcd":
        journal.put(Enterprise(id=name, names={"fr": name}))
        journal.commit()
    journal.close()
    raw = bytearray(path.read_bytes())
    raw[raw.index(b'"fr":"b"') + 6] ^= 1
    path.write_bytes(raw)
    with pytest.raises(FileError, match="damaged"):
        Journal(path)
    assert path.read_bytes() == raw


def test_rows_that_stand_apart_are_imported_once(tmp_path: Path, write) -> None:
    file = write("apart.csv", "id,name,capability\nE1,A,tournage\nE2,B,couture\nE1,A,fraisage\n")
    work = Workspace(tmp_path / "register")
    work.import_file(file)
    size = work.journal.position
    report = work.import_file(file)
    assert work.journal.position == size and report.taken <= 1
    assert len(work.journal.get("E1").capabilities) == 2
    work.close()


def test_an_index_of_other_records_is_made_anew(tmp_path: Path, write) -> None:
    for name, count in (("one", 3), ("two", 8)):
        rows = "".join(f"{name}{number},{name},tournage {number}\n" for number in range(count))
        work = Workspace(tmp_path / name)
        work.import_file(write(f"{name}.csv", "id,name,capability\n" + rows))
        work.close()
    (tmp_path / "two" / "records.jsonl").replace(tmp_path / "one" / "records.jsonl")
    work = Workspace(tmp_path / "one")
    assert (work.index.count(), work.health().problems) == (8, ())
    work.close()


def test_one_process_writes_and_others_read(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    writer = Journal(path)
    writer.put(Enterprise(id="a", names={"fr": "Alpha"}))
    writer.commit()
    with path.open("ab") as stream:
        stream.write(b'{"op":"put","record":{"id":"half')  # as a writer in the middle of a commit
    size = path.stat().st_size
    reader = Journal(path)
    assert [record.id for record in reader.records()] == ["a"]
    assert path.stat().st_size == size
    with pytest.raises(BusyError, match="another process"):
        reader.put(Enterprise(id="b", names={"fr": "Beta"}))
    writer.close()
    reader.put(Enterprise(id="b", names={"fr": "Beta"}))
    reader.commit()
    assert [record.id for record in Journal(path).records()] == ["a", "b"]


def test_a_register_can_be_asked_while_another_process_writes(tmp_path: Path, register: Path) -> None:
    work = Workspace(tmp_path / "register")
    work.import_file(register)
    work.journal.put(Enterprise(id="new", names={"fr": "New"}))
    reader = Workspace(tmp_path / "register")
    assert (len(reader.journal), reader.index.count()) == (ROWS, ROWS)
    reader.close()
    work.close()


def test_importing_again_changes_nothing(tmp_path: Path, register: Path) -> None:
    work = Workspace(tmp_path / "register")
    work.import_file(register)
    size = work.journal.position
    report = work.import_file(register)
    assert (report.taken, report.unchanged, work.journal.position) == (0, ROWS, size)
    work.close()
