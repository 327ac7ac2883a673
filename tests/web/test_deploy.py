"""Secure by default: Django's own deployment check finds nothing when DEBUG is off, and a missing secret stops the start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tashbik.web.environment import VARIABLES

ROOT = Path(__file__).parents[2]


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TASHBIK_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    values = kept | {"TASHBIK_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tashbik.web.settings", **environment}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, capture_output=True, text=True, env=values, check=False)


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    done = run(tmp_path, TASHBIK_SECRET_KEY="abcdefgh-" * 8)
    assert done.returncode == 0, done.stderr


def test_without_a_secret_nothing_starts(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode and "TASHBIK_SECRET_KEY is not set" in done.stderr


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    assert "is short" in run(tmp_path, TASHBIK_SECRET_KEY="short").stderr


def test_every_variable_is_documented_as_it_is() -> None:
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    for one in VARIABLES:
        row = re.search(rf"^\| `{one.name}` \|(.*)\|(.*)\|$", page, re.MULTILINE)
        assert row and one.default in row[1] and one.help in row[2], one.name
