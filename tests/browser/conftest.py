"""The site and the browser of these tests. Not what is tested.

Where Chromium or its driver (`make browser`) is missing the tests skip and say so; with TASHBIK_REQUIRE_BROWSER=1 they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import Site, chromium, demonstration

if TYPE_CHECKING:
    from tests.browser.script import Stage

DRIVERS = ("playwright", "axe_playwright_python")


def _missing() -> str:
    """What is missing, in words; empty where all is there."""
    absent = [name for name in DRIVERS if find_spec(name) is None]
    if absent:
        return f"{' and '.join(absent)} not installed: run `make browser`"
    return "" if chromium() else "no chromium on the PATH: install the system's package"


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running demonstration; it ends with the last of these tests."""
    missing = _missing()
    if missing and os.environ.get("TASHBIK_REQUIRE_BROWSER") == "1":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    with demonstration(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="package")
def stage(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The browser on the site. It ends with the last of these tests: its event loop must not meet other tests' databases."""
    from tests.browser import script

    with script.stage(site, tmp_path_factory.mktemp("uploads")) as ready:
        yield ready
