"""A need that no single enterprise can meet is met by a group, in Arabic: composed by an officer, proposed, and accepted by a member on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

if TYPE_CHECKING:
    from tests.browser.reader import Reader
    from tests.browser.script import Stage

NEED, TITLE = "dz-N-80", "أجزاء مضخة ري: جسم ومحور وغطاء (توضيحي)"
MEMBER, FOUNDRY = "member@demo.example", "مسبك الهضاب"
PATIENCE = 120_000
"""Milliseconds until a step is given up; not a measure of speed."""
WHOLE = ("%(count)s enterprise makes the whole order", "%(count)s enterprises together make the whole order")
LANGUAGE = "ar"


def whole(count: int) -> re.Pattern[str]:
    """The finding that so many enterprises together make it all."""
    with translation.override(LANGUAGE):
        return re.compile(re.escape(ngettext(*WHOLE, count) % {"count": count}))


@pytest.fixture(scope="module")
def officer(stage: Stage) -> Reader:
    """The officer at a desk, with patience: the first matching of a fresh site loads the encoder, which is slow on a busy machine."""
    officer = stage.person("officer", LANGUAGE)
    officer.page.set_default_timeout(PATIENCE)
    return officer


def test_a_group_meets_what_none_can_alone(stage: Stage, officer: Reader) -> None:
    """From the need to a member's acceptance."""
    from playwright.sync_api import expect

    officer.open(f"/needs/{NEED}/")
    officer.follow("See the matches")
    officer.follow("Compose a group")
    officer.sees(
        officer.like("No single enterprise can make it all: the one that can make most makes %(percent)s of the order.")
    )
    officer.sees_heading(whole(5))

    officer.fill("Most partners", "3")
    officer.sees("Why there is no complete group")
    expect(officer.page).to_have_url(re.compile("partners=3"))
    officer.fill("Most partners", "4")
    officer.sees_heading(whole(4))
    officer.sees_heading("What would save")
    expect(officer.page.get_by_text(officer.words("Why there is no complete group"))).to_have_count(0)

    expect(officer.page.get_by_role("img", name=officer.like("Who makes what: %(finding)s"))).to_contain_text(FOUNDRY)
    expect(officer.row(FOUNDRY)).to_contain_text("قطعة في الشهر")
    officer.press("Keep this group")
    officer.sees("The group was kept. Its members see nothing until you propose it to them.")
    address = officer.path()
    officer.follow("Propose it to the members")
    officer.press("Propose it to the members")
    officer.sees("The group was proposed to its members.")

    _accept_on_a_phone(stage)
    officer.open(address)
    expect(officer.row(FOUNDRY)).to_contain_text(officer.words("accepted", "group member"))
    with translation.override(LANGUAGE):
        subject = gettext("Proposal to join a group: %(title)s") % {"title": TITLE}
    letter = stage.site.letter(MEMBER, subject=subject)
    assert letter["Content-Language"] == LANGUAGE and FOUNDRY in letter.get_content()


def _accept_on_a_phone(stage: Stage) -> None:
    """The member finds the proposal on its home page, sees its share, and takes part."""
    from tests.browser.looking import Looker
    from tests.browser.reader import Reader
    from tests.browser.script import PHONE

    size = {"width": PHONE[0], "height": PHONE[1]}
    context = stage.browser.new_context(locale=LANGUAGE, viewport=size, reduced_motion="reduce")
    page = context.new_page()
    member = Reader(page, stage.site, LANGUAGE)
    member.sign_in(MEMBER)
    member.follow(member.like("Answer the proposal to join a group: %(title)s"))
    member.sees_heading("What you are asked to make")
    member.sees_heading("Your partners")
    url = page.url
    assert Looker(page).problems(url, direction="rtl") == []
    member.open(url.removeprefix(stage.site.url))
    member.press("Take part")
    member.sees("Your acceptance was sent. Thank you.")
    context.close()


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_the_composer_is_sound(stage: Stage, size: tuple[int, int]) -> None:
    """Accessible, no wider than the window, nothing in the console: with and without a complete group."""
    from tests.browser.looking import Looker

    looker = Looker(stage.window(LANGUAGE, size=size, role="officer"))
    for query in ("", "?partners=3&reach=own"):
        assert looker.problems(f"{stage.site.url}/groups/need/{NEED}/{query}", direction="rtl") == []
    looker.page.context.close()
