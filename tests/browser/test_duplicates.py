"""An officer works the queue of duplicates in Arabic, by the keyboard alone: two enterprises, put off, one enterprise with chosen fields, merged, undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.reader import Reader
    from tests.browser.script import Stage

LANGUAGE = "ar"
TWIN, ENTERPRISE = "dz:D-107", "dz:TSB-0022"
TWIN_NAME = "Menuiserie l'Olivier EURL"
PATIENCE = 120_000
"""Milliseconds until a step is given up; not a measure of speed."""
PAIR, AFTER = re.compile(r"/duplicates/\d+/$"), re.compile(r"[?&]after=")
FIRST, SECOND, BOTH = "1", "2", "3"
UNDONE = "Undone: everything is as it was before, and the pair waits again."
ARABIC_KEY = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))"


@pytest.fixture
def officer(stage: Stage) -> Reader:
    """The officer at a desk, with patience: a merge brings the index up to date, which loads the encoder."""
    officer = stage.person("officer", LANGUAGE)
    officer.page.set_default_timeout(PATIENCE)
    return officer


def press(page: Page, key: str) -> None:
    """Press a key once the page and its scripts are there."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_the_queue_is_worked_by_the_keyboard(stage: Stage, officer: Reader) -> None:
    """Told apart and undone by a key of an Arabic keyboard, put off, and the next one."""
    from playwright.sync_api import expect

    page = officer.page
    officer.open("/duplicates/")
    press(page, "o")
    expect(page).to_have_url(PAIR)
    first = officer.path()

    press(page, "d")
    expect(page).to_have_url(AFTER)
    officer.sees("Marked as two enterprises.")
    assert not officer.path().startswith(first)
    page.wait_for_load_state()
    page.evaluate(ARABIC_KEY, ["ع", "KeyU"])
    expect(page).to_have_url(re.compile(re.escape(first)))
    officer.sees(UNDONE)

    press(page, "l")
    expect(page).to_have_url(AFTER)
    officer.sees("Put off.")
    put_off = officer.path()
    second = put_off.partition("?")[0]
    officer.open("/duplicates/?status=later")
    expect(page.locator(f"#pairs a[href^='{first}']")).to_have_count(1)
    officer.open(second)
    press(page, "n")
    expect(page).not_to_have_url(re.compile(re.escape(second)))
    expect(page).to_have_url(re.compile(r"/duplicates/\d+/"))

    officer.open(put_off)
    press(page, "u")
    expect(page).to_have_url(re.compile(re.escape(first)))
    officer.sees(UNDONE)


def test_two_records_become_one_and_two_again(stage: Stage, officer: Reader) -> None:
    """The choices by digits, the check, the merge, where the old address leads, and the way back."""
    from playwright.sync_api import expect

    page = officer.page
    officer.open(f"/duplicates/?q={TWIN}")
    page.locator("#pairs tbody th a").press("Enter")
    expect(page).to_have_url(re.compile(r"/duplicates/\d+/"))
    pair = officer.path().partition("?")[0]
    press(page, "s")
    expect(page).to_have_url(re.compile("/same/"))

    fields = page.locator("form[data-choices] fieldset")
    expect(fields.nth(0).locator("input:focus")).to_have_count(1)
    press(page, FIRST)
    for number in range(1, fields.count()):
        expect(fields.nth(number).locator("input:focus")).to_have_count(1)
        press(page, BOTH if _options(fields.nth(number)) == int(BOTH) else SECOND)
    expect(officer.page.get_by_role("button", name=officer.words("Check the merged record"))).to_be_focused()
    press(page, "Enter")

    officer.sees_heading("Check the merged record")
    merged = officer.region("The merged record")
    expect(merged).to_contain_text(TWIN_NAME)
    page.get_by_role("button", name=officer.words("Merge the two records")).press("Enter")
    officer.sees("Merged. The two are one enterprise of the register now.")
    assert officer.path().startswith(pair)
    officer.open(f"/register/enterprise/{TWIN}")
    expect(page).to_have_url(re.compile(re.escape(f"/register/enterprise/{ENTERPRISE}")))

    officer.open(pair)
    press(page, "u")
    officer.sees(UNDONE)
    officer.open(f"/register/enterprise/{TWIN}")
    expect(page).to_have_url(re.compile(re.escape(f"/register/enterprise/{TWIN}")))
    expect(page.get_by_role("heading", level=1)).to_contain_text(TWIN_NAME)


def _options(field: Locator) -> int:
    return field.locator("input[type=radio]").count()


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_the_pages_are_sound(stage: Stage, officer: Reader, size: tuple[int, int]) -> None:
    """Accessible, no wider than the window, nothing in the console: queue, pair, choices and check."""
    from tests.browser.looking import Looker

    officer.open(f"/duplicates/?q={TWIN}")
    pair = (officer.page.locator("#pairs tbody th a").get_attribute("href") or "").partition("?")[0]
    looker = Looker(stage.window(LANGUAGE, size=size, role="officer"))
    for path in ("/duplicates/", pair, f"{pair}same/", f"{pair}check/?survivor=first"):
        assert looker.problems(f"{stage.site.url}{path}", direction="rtl") == []
    looker.page.context.close()
