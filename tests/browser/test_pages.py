"""The main pages in four looks, those of the further rooms in two: accessible, no wider than the window, nothing in the console, direction right, the keyboard gets everywhere. See looking.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import EXEMPT, LOOKS, PAGES, ROOM_LOOKS, ROOMS, Look, address_of

if TYPE_CHECKING:
    from tests.browser.looking import Looker
    from tests.browser.script import Stage

Window = Callable[[str, Look], "Looker"]


@pytest.fixture(scope="module")
def window(stage: Stage) -> Iterator[Window]:
    """One window for each role and look, kept open from page to page."""
    from tests.browser.looking import Looker

    opened: dict[tuple[str, Look], Looker] = {}

    def of(role: str, look: Look) -> Looker:
        if (role, look) not in opened:
            size = (look.width, 900)
            page = stage.window(look.language, size=size, dark=look.dark, role=role)
            opened[role, look] = Looker(page)
        return opened[role, look]

    yield of
    for looker in opened.values():
        looker.page.context.close()


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_page(stage: Stage, window: Window, name: str, look: Look) -> None:
    """A page with what the officer's day in Arabic left on it."""
    role, address = address_of(stage, name)
    assert window(role, look).problems(stage.site.url + address, direction=look.direction) == []


@pytest.mark.parametrize("look", ROOM_LOOKS, ids=str)
@pytest.mark.parametrize("name", ROOMS)
def test_page_of_a_room(stage: Stage, window: Window, name: str, look: Look) -> None:
    """A page of duplicates, groups, networks, forum or recommendations, as the demonstration shows it."""
    role, address = address_of(stage, name)
    url, but = stage.site.url + address, EXEMPT.get(name, ())
    assert window(role, look).problems(url, direction=look.direction, but=but) == []


BAD = """<!doctype html><html lang="ar" dir="ltr"><head><title>x</title></head><body><main>
<a href="#">&#8203;</a><p style="width: 3000px; color: #ccc; background: #fff">wide and faint</p><img src="/nothing.png">
<table style="display: grid; grid-template-columns: 1fr 1fr"><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>
<form><p class="actions"><button class="button" tabindex="-1">x</button></p></form></main><script>nothing()</script></body></html>"""


def test_a_bad_page_is_told(stage: Stage) -> None:
    """Each of the demands can fail."""
    from tests.browser.looking import Looker

    page = stage.window("ar")
    policy = {"Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'"}
    page.route("**/bad", lambda route: route.fulfill(body=BAD, content_type="text/html", headers=policy))
    told = "\n".join(Looker(page).problems(f"{stage.site.url}/bad", direction="rtl"))
    page.context.close()
    for demand in (
        "direction",
        "wider than the window",
        "axe image-alt",
        "axe color-contrast",
        "keyboard",
        "headers",
        "404",
        "Policy",
    ):
        assert demand in told
