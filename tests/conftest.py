"""What all tests share: the day they are judged on, the shared data where it is, small registers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import World

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


@pytest.fixture
def data_folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data folder of the test's own, so that index and files are never those of another test."""
    from tashbik.exchange.index import register_index

    settings.TASHBIK_DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    register_index.cache_clear()
    yield tmp_path
    register_index.cache_clear()


@pytest.fixture
def world(db: None, data_folder: Path) -> World:
    """A small installation: see tests/world.py."""
    from tests.world import make_world

    return make_world()


@pytest.fixture
def browse(world: World) -> Callable[..., Client]:
    """`browse("officer", language="fr")`: a test client signed in as a role of the first exchange ("" or "visitor": nobody)."""
    from django.test import Client

    def signed_in(role: str = "", language: str = "en") -> Client:
        client = Client()
        client.cookies["language"] = language
        if role and role != "visitor":
            client.force_login(world.users[role], "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
