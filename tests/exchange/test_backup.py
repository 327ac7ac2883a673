"""A backup is restored whole, into an empty installation and over another; what is damaged is refused before anything is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

SCRIPT = """
import django; django.setup()
from tashbik.exchange.installation import prepare
prepare(static=False)
from tests.world import make_world
from tashbik.exchange.verbs.accounts import edit_exchange
w = make_world()
edit_exchange(actor=w["administrator"], exchange=w.dz, email="new@dz.example")
from django.conf import settings
from pathlib import Path
(Path(settings.MEDIA_ROOT) / "attachments").mkdir(parents=True, exist_ok=True)
(Path(settings.MEDIA_ROOT) / "attachments" / "drawing.pdf").write_text("drawing")
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "TASHBIK_DATA": str(folder),
        "TASHBIK_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "tashbik.web.settings",
        "TASHBIK_LANGUAGE": "en",
    }
    environment.pop("DATABASE_URL", None)
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation")
    done = run(folder, "-c", SCRIPT)
    assert done.returncode == 0, done.stderr
    done = run(folder, "-m", "tashbik", "exchange", "backup", str(folder / "b.tar.gz"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["audit"]["number"] == 1
    return folder


def restored(archive: Path, into: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run(into, "-m", "tashbik", "exchange", "restore", str(archive), "--json", *more)


def test_into_an_empty_installation(installation: Path, tmp_path: Path) -> None:
    done = restored(installation / "b.tar.gz", tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"enterprises": 4, "audit": 1}
    assert (tmp_path / "files" / "attachments" / "drawing.pdf").read_text() == "drawing"
    found = run(tmp_path, "-m", "tashbik", "exchange", "doctor", "--json")
    assert found.returncode == 1 and "4 changes behind" in found.stdout  # the index is not in a backup
    mended = run(tmp_path, "-m", "tashbik", "exchange", "doctor", "--repair", "--json")
    assert mended.returncode == 0 and json.loads(mended.stdout)["problems"] == []


def test_over_data_only_when_asked(installation: Path, tmp_path: Path) -> None:
    assert restored(installation / "b.tar.gz", tmp_path).returncode == 0
    refused = restored(installation / "b.tar.gz", tmp_path)
    assert refused.returncode == 2 and "--replace" in refused.stderr
    assert restored(installation / "b.tar.gz", tmp_path, "--replace").returncode == 0


@pytest.mark.parametrize("damage", ["cut", "other"])
def test_what_is_damaged_is_refused(installation: Path, tmp_path: Path, damage: str) -> None:
    bad = tmp_path / "bad.tar.gz"
    whole = (installation / "b.tar.gz").read_bytes()
    bad.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"no archive at all")
    done = restored(bad, tmp_path / "data")
    assert done.returncode == 2 and "not a backup" in done.stderr
    assert not (tmp_path / "data" / "exchange.sqlite3").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="PostgreSQL's tools are tried where DATABASE_URL names one"
)
def test_postgresql_is_dumped_and_restored(tmp_path: Path, data_folder: Path) -> None:
    from tashbik.exchange.backup import backup, restore
    from tashbik.exchange.models import Exchange
    from tests.world import make_world

    assert connection.vendor == "postgresql"
    with transaction.atomic():
        make_world()
    backup(tmp_path / "b.tar.gz")
    Exchange.objects.filter(code="dz").update(email="changed@dz.example")
    assert restore(tmp_path / "b.tar.gz", replace=True) == (4, 0)
    assert Exchange.objects.get(code="dz").email == ""
