"""What all tests share: the day they are judged on, the shared data where it is, small registers."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; tests that need it skip with a message where it is absent."""
    folder = Path(os.environ.get("TASHBIK_SHARED", "../shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"the shared data is not at {folder}; set TASHBIK_SHARED")
    return folder


@pytest.fixture
def write(tmp_path: Path):
    """Write a text file and give its path."""

    def make(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return make
