"""Someone who reads the pages in a browser: signs in, follows links, presses buttons, fills fields, all by the words of the catalogues. Not what is done (day.py)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext
from playwright.sync_api import Locator, Page, expect

from tashbik.exchange.demonstration import PASSWORD

if TYPE_CHECKING:
    from tests.browser.site import Site

OWN_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
PATIENCE = 30_000
"""Milliseconds that a page and the background work may take before the test gives up; not a measure of speed."""
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
_EACH_PLURAL = (0, 1, 2, 3, 11, 100)
"""A number for each of the six plural forms of Arabic; French needs two of them."""
Name = str | re.Pattern[str]


class Reader:
    """A person at a browser window, reading in one language."""

    def __init__(self, page: Page, site: Site, language: str) -> None:
        self.page = page
        self.site = site
        self.language = language
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)

    # words

    def words(self, text: str, context: str = "") -> str:
        """A text of the catalogues in the reader's language."""
        with translation.override(self.language):
            return pgettext(context, text) if context else gettext(text)

    def like(self, text: str, plural: str = "", context: str = "") -> re.Pattern[str]:
        """A text with placeholders, whatever stands in them, in any of its plural forms."""
        with translation.override(self.language):
            texts = [ngettext(text, plural, number) for number in _EACH_PLURAL] if plural else []
        found = texts or [self.words(text, context)]
        return re.compile("|".join(sorted({_pattern(one) for one in found})))

    # where one goes

    def sign_in(self, address: str) -> None:
        """Sign in; the pages are then in the account's language, which becomes the reader's where it is another."""
        self.open("/accounts/login/")
        self.fill("Email", address)
        self.fill("Password", PASSWORD)
        self.press("Sign In")
        expect(self.page).to_have_url(f"{self.site.url}/")
        if self.page.locator("html").get_attribute("lang") != self.language:
            self.page.get_by_role("banner").get_by_role("button", name=OWN_NAMES[self.language], exact=True).click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.sees_heading("What waits for you")

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(f"{self.site.url}{path}")

    def go_to(self, item: str) -> None:
        """Choose an item of the main menu."""
        self.page.get_by_role("navigation", name=self.words("Main menu")).get_by_role(
            "link", name=re.compile(f"^{_escaped(self.words(item))}")
        ).click()

    def path(self) -> str:
        """The address of the page, without the site's."""
        return self.page.url.removeprefix(self.site.url)

    # what one does

    def follow(self, text: Name, context: str = "", *, within: Locator | None = None) -> None:
        """Follow a link of the page by a text of the catalogues, or by a pattern."""
        self._in(within).get_by_role("link", name=self._name(text, context)).first.click()

    def press(self, text: Name, context: str = "", *, within: Locator | None = None) -> None:
        """Press a button of the page."""
        self._in(within).get_by_role("button", name=self._name(text, context)).first.click()

    def fill(self, label: Name, value: str, context: str = "", *, within: Locator | None = None) -> None:
        """Fill the field of a label."""
        self.field(label, context, within=within).fill(value)

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> None:
        """Choose an option of a list by its words."""
        self.field(label, within=within).select_option(label=option)

    def tick(self, text: Name, context: str = "", *, within: Locator | None = None) -> None:
        """Tick a box or a radio button by its label."""
        self.field(text, context, within=within).check()

    def field(self, label: Name, context: str = "", *, within: Locator | None = None) -> Locator:
        """The field of a label; "(optional)" after it does not count."""
        return self._in(within).get_by_label(self._name(label, context)).first

    # what one sees

    def sees(self, text: Name, context: str = "") -> Locator:
        """The page says this."""
        found = self._in(None).get_by_text(text if isinstance(text, re.Pattern) else self.words(text, context)).first
        expect(found).to_be_visible()
        return found

    def sees_heading(self, text: Name, context: str = "") -> None:
        """The page has this heading."""
        expect(self._in(None).get_by_role("heading", name=self._name(text, context)).first).to_be_visible()

    def row(self, text: Name) -> Locator:
        """The row of a table that holds a text."""
        return self._in(None).get_by_role("row").filter(has_text=text).first

    def region(self, name: Name) -> Locator:
        """A part of the page by its heading."""
        return self._in(None).get_by_role("region", name=self._name(name)).first

    def group(self, name: Name, context: str = "") -> Locator:
        """A group of fields by its legend."""
        return self._in(None).get_by_role("group", name=self._name(name, context)).first

    def _in(self, within: Locator | None) -> Locator:
        return within if within is not None else self.page.get_by_role("main")

    def _name(self, text: Name, context: str = "") -> re.Pattern[str]:
        """Names begin with the words; a count, a key or "(optional)" may follow."""
        return text if isinstance(text, re.Pattern) else re.compile(rf"^\s*{_escaped(self.words(text, context))}")


def _pattern(text: str) -> str:
    """The text with anything in the place of its placeholders; marks of HTML left out."""
    plain = re.sub(r"<[^>]+>", "", text)
    return ".*".join(_escaped(one) for one in _PLACEHOLDER.split(plain))


def _escaped(text: str) -> str:
    """The text for a pattern, with any space where it has one: the no-break spaces of French are plain ones in what the browser calls a name."""
    return re.sub(r"(?:\\?\s)+", lambda _: r"\s+", re.escape(text))
