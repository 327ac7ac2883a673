"""The forum's commands on published events and on a forum: answers, exit codes, a second proof by another model, nothing left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from tashbik.forum.dzn import read_dzn
from tests.unit.forum.forums import forum_of_chance

EASY = [
    ("tic-12.original", 2, "optimal", 0),
    ("tic-12crafc.fixed020-Forb", 2, "optimal", 1),
    ("tic-13.fixed040-Forb", 2, "optimal", 13),
    ("tic-13crafb.fixed040-Forb", 2, "optimal", 16),
    ("forumt-14.original", 2, "optimal", 5),
    ("forumt-14.original", 0, "infeasible", None),
    ("forumt-14crafe.fixed020-Forb", 2, "optimal", 9),
    ("forum-13.prec25", 2, "infeasible", None),
    ("tic-14crafd.fixed040-Forb", 2, "infeasible", None),
]


def tashbik(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tashbik", "forum", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("event", "fairness", "status", "breaks"), EASY)
def test_published_events_are_solved_as_published(shared, tmp_path, event, fairness, status, breaks):
    file = shared / "meetings" / f"{event}.dzn"
    done = tashbik("schedule", file, "--fairness", fairness, "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert set(answer) == {"status", "breaks", "bound", "seconds", "meetings"}
    assert (answer["status"], answer["breaks"], answer["bound"]) == (status, breaks, breaks)
    (tmp_path / "answer.json").write_text(done.stdout, encoding="utf-8")
    checked = tashbik("check", file, tmp_path / "answer.json", "--fairness", fairness, "--json")
    assert checked.returncode == 0
    assert json.loads(checked.stdout) == {
        "sound": True,
        "meetings": len(answer["meetings"]),
        "breaks": breaks,
        "violations": [],
    }


@pytest.mark.parametrize(
    ("event", "status", "breaks"),
    [
        ("tic-13.fixed040-Forb", "optimal", 13),
        ("tic-13crafb.fixed040-Forb", "optimal", 16),
        ("forum-13.prec25", "infeasible", None),
        ("tic-14crafd.fixed040-Forb", "infeasible", None),
    ],
)
def test_proofs_hold_by_another_model_and_another_solver(shared, event, status, breaks):
    from benchmarks.meetings import recheck

    found = recheck(read_dzn(shared / "meetings" / f"{event}.dzn"), 2, status, breaks, 30)
    assert found in ("CP-SAT", "RC2")


def test_a_wrong_timetable_is_told(shared, tmp_path):
    file = shared / "meetings" / "tic-12.original.dzn"
    answer = json.loads(tashbik("schedule", file, "--json").stdout)
    answer["meetings"][0]["slot"] = answer["meetings"][1]["slot"]
    (tmp_path / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    done = tashbik("check", file, tmp_path / "answer.json", "--json")
    assert done.returncode == 1
    assert "clash" in {one["kind"] for one in json.loads(done.stdout)["violations"]}


@pytest.mark.parametrize("command", [("schedule",), ("check", "answer.json")])
def test_bad_input_is_one_line_and_exit_code_2(write, command):
    file = write("bad.dzn", "nBusiness = 3;\nrequested = [|1, 2|];")
    done = tashbik(command[0], file, *(write(name, "{}") for name in command[1:]))
    assert done.returncode == 2
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert "bad.dzn" in done.stderr and "nMeetings" in done.stderr


def test_a_forum_is_scheduled_checked_planned_anew_and_explained(tmp_path):
    forum = forum_of_chance(11, requests=40)
    names = [tmp_path / name for name in ("forum.json", "plan.json", "changes.json")]
    names[0].write_bytes(msgspec.json.encode(forum))
    done = tashbik("schedule", names[0], "--time-limit", "2", "--json")
    assert done.returncode == 0, done.stderr
    names[1].write_text(done.stdout, encoding="utf-8")
    assert tashbik("check", *names[:2]).returncode == 0
    plan = json.loads(done.stdout)
    held = {one["request"] for one in plan["meetings"]}
    missing = next(one.id for one in forum.requests if one.id not in held)
    why = json.loads(tashbik("why-not", *names[:2], missing, "--json").stdout)
    assert why["request"] == missing and (why.get("general") or why["slots"])
    names[2].write_text(json.dumps({"now": 2, "absences": [{"person": "p1"}]}), encoding="utf-8")
    revision = json.loads(tashbik("replan", *names, "--json").stdout)
    assert revision["changes"] >= revision["bound"]
    assert tashbik("why-not", *names[:2], "nobody").returncode == 2
    plan["meetings"][0]["table"] = "nowhere"
    names[1].write_text(json.dumps(plan), encoding="utf-8")
    assert tashbik("check", *names[:2]).returncode == 1
    assert tashbik("why-not", *names[:2], missing).returncode == 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_goes_on_running_after_an_interruption(shared, end, tmp_path):
    text = (shared / "meetings" / "forum-13.original.dzn").read_text(encoding="utf-8")
    hard = tmp_path / "hard.dzn"
    hard.write_text(text.replace("nTables = 14", "nTables = 8"), encoding="utf-8")
    command = [sys.executable, "-m", "tashbik", "forum", "schedule", str(hard)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_heed_interruptions,
    )
    try:
        assert _wait_for(lambda: len(_members(process.pid)) >= 3)
        process.send_signal(end)
        process.wait(timeout=20)
        assert _wait_for(lambda: not _members(process.pid))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _heed_interruptions() -> None:
    """Ctrl+C counts, also where the tests themselves were started in the background, which has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait_for(condition):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    return None


def _members(session: int) -> list[int]:
    """Processes of a session that still run."""
    found = []
    for folder in Path("/proc").iterdir():
        name = folder.name
        if name.isdigit():
            try:
                fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(name))
    return found
