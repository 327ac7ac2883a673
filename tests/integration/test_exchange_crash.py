"""Kill -9 of the worker in the midst of an import: started again it goes on, nothing is lost or doubled, the audit chain verifies."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROWS = 1_500
KILLS = 3
SETUP = """
import django; django.setup()
from django.core.files.base import ContentFile
from tashbik.exchange.installation import prepare
prepare(static=False)
from tests.world import make_world
from tashbik.exchange import jobs
from tashbik.exchange.verbs import imports
w = make_world()
rows = "".join(f"K-{n},Atelier {n},DZ,Tournage CNC de pièces en acier,{n % 90 + 1}\\n" for n in range(ROWS))
file = ContentFile(("id,name,country,capability,employees\\n" + rows).encode(), "big.csv")
run = imports.upload(actor=w["officer"], exchange=w.dz, file=file, name="big.csv")
imports.check(actor=w["officer"], run=run)
jobs.work_off()
run.refresh_from_db()
assert run.created_count == ROWS, (run.status, run.error)
imports.start(actor=w["officer"], run=run)
""".replace("ROWS", str(ROWS))


def environment(folder: Path) -> dict[str, str]:
    values = {**os.environ, "TASHBIK_DATA": str(folder), "TASHBIK_DEBUG": "1", "TASHBIK_LANGUAGE": "en"}
    values.pop("DATABASE_URL", None)
    return values | {"DJANGO_SETTINGS_MODULE": "tashbik.web.settings"}


def position(folder: Path) -> tuple[str, int]:
    link = sqlite3.connect(f"file:{folder}/exchange.sqlite3?mode=ro", uri=True, timeout=30)
    try:
        status, reached = link.execute("SELECT status, position FROM exchange_import").fetchone()
    finally:
        link.close()
    return str(status), int(reached)


def worker(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tashbik", "exchange", "worker"]
    return subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def killed_after(folder: Path, reached: int) -> None:
    """Let a worker work until it has got somewhere, then kill it at a moment of its own."""
    running = worker(folder)
    try:
        for _ in range(2_400):
            status, at = position(folder)
            if status == "done" or at >= reached:
                break
            time.sleep(0.05)
        else:
            pytest.fail("the worker got nowhere")
        time.sleep(0.01 * (reached % 7))
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def test_an_import_survives_being_killed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SETUP], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    reached = 0
    for _ in range(KILLS):
        killed_after(tmp_path, reached + 1)
        _status, reached = position(tmp_path)
    last = subprocess.run(
        [sys.executable, "-m", "tashbik", "exchange", "worker", "--once"],  # ends with the jobs done and the index followed
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert last.returncode == 0, last.stderr
    assert position(tmp_path) == ("done", ROWS)
    found = subprocess.run(
        [sys.executable, "-m", "tashbik", "exchange", "doctor", "--json"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert json.loads(found.stdout)["enterprises"] == ROWS + 4
