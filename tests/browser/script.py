"""Who takes part in the officer's day, and in which order its steps are played. Not the steps (day.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import day as steps
from tests.browser.phrases import DAYS, Day
from tests.browser.reader import Reader
from tests.browser.rooms import Rooms, find_rooms
from tests.browser.site import Site, chromium

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
VISITOR = "visitor"
DESKTOP, PHONE = (1280, 900), (390, 844)


ACCOUNT_LANGUAGE = "ar"
"""The language of the demonstration's accounts."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a day left behind: the codes of need and request, and the addresses of pages worth looking at."""

    need: str
    rfq: str
    dry_run: str
    award: str
    submission: str


@dataclass(slots=True)
class Stage:
    """The site, the browser, and the days that were played on it."""

    site: Site
    browser: Browser
    folder: Path
    _played: dict[str, Played] = field(default_factory=dict)
    _sessions: dict[str, Any] = field(default_factory=dict)
    _rooms: Rooms | None = None

    def window(
        self, language: str, *, size: tuple[int, int] = DESKTOP, dark: bool = False, role: str = VISITOR
    ) -> Page:
        """A new window in a language, a size and light or dark, of someone who has signed in already."""
        context = self.browser.new_context(
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            storage_state=self._session(role),
        )
        context.add_cookies([{"name": "language", "value": language, "url": self.site.url}])
        return context.new_page()

    def _session(self, role: str) -> Any:
        """The session of a role, signed in once in the account's own language, so that its messages stay in it; None for a visitor."""
        if role != VISITOR and role not in self._sessions:
            reader = self.person(role, ACCOUNT_LANGUAGE)
            self._sessions[role] = reader.page.context.storage_state()
            reader.page.context.close()
        return self._sessions.get(role)

    def person(self, role: str, language: str) -> Reader:
        """Someone of the demonstration, signed in in a window of their own."""
        reader = Reader(self.browser.new_context(locale=language).new_page(), self.site, language)
        reader.sign_in(f"{role}@demo.example")
        return reader

    def day(self, language: str) -> Played:
        """The officer's day in a language; played once."""
        if language not in self._played:
            self._played[language] = self._play(DAYS[language])
        return self._played[language]

    def rooms(self) -> Rooms:
        """The addresses in the further rooms; looked up once."""
        if self._rooms is None:
            self._rooms = find_rooms(self)
        return self._rooms

    def _play(self, day: Day) -> Played:
        officer, member, buyer = (self.person(role, day.language) for role in ("officer", "member", "buyer"))

        dry_run = steps.import_register(officer, day, self.folder)
        steps.mend_rows(officer, day)
        steps.import_the_rest(officer, day)

        steps.propose_change(member, day, day.machine)
        submission = steps.moderate(officer, day)

        steps.state_need(buyer, day)
        need = steps.release_need(buyer, day)

        steps.open_matches(officer, day, need)
        steps.look_at_cell(officer, day)
        steps.send_questions(officer, day)
        steps.answer_questions(member, day)
        steps.settle_answer(officer, day, need)

        rfq = steps.request_quotes(officer, day, need)
        steps.quote(member, day)
        steps.enter_paper_quote(officer, day, rfq)
        steps.compare_quotes(officer, day, rfq)
        steps.award(officer, day)
        award = steps.record_outcome(officer, day)
        steps.read_report(officer, day)

        for one in (officer, member, buyer):
            one.page.context.close()
        return Played(need=need, rfq=rfq, dry_run=dry_run, award=award, submission=submission)


@contextmanager
def stage(site: Site, folder: Path) -> Iterator[Stage]:
    """The system's Chromium, driven without a window of its own, until the block ends."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            yield Stage(site=site, browser=browser, folder=folder)
        finally:
            browser.close()
