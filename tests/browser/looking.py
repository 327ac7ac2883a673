"""What is demanded of every page that is looked at: direction, width, tables, accessibility, a clean console, the keyboard. Not which pages (pages.py)."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

GRAVE = ("serious", "critical")
DESK = 1024
"""Pixels of width from which tables stand as tables."""
MOST_TABS = 60
"""Presses of the tab key within which the main action must be reached; the header, menu and filters come before it."""


class Looker:
    """A window that hears what the console says and looks at one page after another."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._said: list[str] = []
        self._checker = Axe()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._said.append(f"error of a script: {error}"))
        page.on("requestfailed", lambda request: self._said.append(f"not loaded: {request.url}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._said.append(f"console: {message.text}")

    def problems(self, url: str, *, direction: str, but: tuple[str, ...] = ()) -> list[str]:
        """Open a page and say all that is wrong with it, but for some rules of axe; an empty list for a page that is as it should be."""
        self._said.clear()
        answer = self.page.goto(url)
        if answer is None or not answer.ok:
            return [f"status {answer.status if answer else 'none'}"]
        found = [*self._direction(direction), *self._overflow(), *self._tables(), *self._axe(but), *self._keyboard()]
        return [*found, *self._said]

    def _direction(self, wanted: str) -> list[str]:
        page = self.page.locator("html")
        is_so = page.get_attribute("dir"), page.evaluate("one => getComputedStyle(one).direction")
        return [] if is_so == (wanted, wanted) else [f"direction {is_so}, not {wanted}"]

    def _overflow(self) -> list[str]:
        """Nothing is wider than the window; what may be scrolled for itself (tables) does not count."""
        wide: list[str] = self.page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              return [...document.querySelectorAll("body *")]
                .filter(one => { const box = one.getBoundingClientRect(); return box.width && (box.right > width + 1 || box.left < -1); })
                .slice(0, 3).map(one => one.outerHTML.slice(0, 120));
            }"""
        )
        scroll = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [f"{scroll} px wider than the window: {wide}"] if scroll > 0 else []

    def _tables(self) -> list[str]:
        """The cells of a table stand under their headers; on a phone rows may become cards."""
        if self.page.evaluate("innerWidth") < DESK:
            return []
        wrong: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll("main table")].filter(one => one.offsetParent).filter(one => {
              const head = one.querySelector("thead tr:last-child"), row = one.querySelector("tbody tr");
              if (!head || !row || head.cells.length !== row.cells.length) return false;
              return [...head.cells].some((cell, number) => Math.abs(cell.getBoundingClientRect().left - row.cells[number].getBoundingClientRect().left) > 2);
            }).map(one => one.outerHTML.slice(0, 120))"""
        )
        return [f"cells do not stand under their headers: {one}" for one in wrong]

    def _axe(self, but: tuple[str, ...]) -> list[str]:
        looked: dict[str, list[dict[str, Any]]] = self._checker.run(self.page).response
        if not looked["passes"]:
            return ["axe looked at nothing"]
        return [
            f"axe {one['id']} ({one['impact']}): {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in looked["violations"]
            if one["impact"] in GRAVE and one["id"] not in but
        ]

    def _keyboard(self) -> list[str]:
        """The tab key reaches the main action of the page, on its way only what can be seen."""
        action = self.page.locator("main .page-action, main form:not(.inline-form) .actions").locator(".button").first
        if not action.count() or not action.is_visible():
            return []
        action.evaluate("one => one.dataset.wanted = ''")
        self.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        hidden: list[str] = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            state = self.page.evaluate(
                """() => {
                  const one = document.activeElement, box = one.getBoundingClientRect();
                  return {wanted: "wanted" in one.dataset, seen: box.width > 0 && box.height > 0, html: one.outerHTML.slice(0, 120)};
                }"""
            )
            if not state["seen"]:
                hidden.append(state["html"])
            if state["wanted"]:
                return [f"the keyboard reaches what is not shown: {hidden}"] if hidden else []
        return [f"the keyboard does not reach the main action within {MOST_TABS} presses: {state['html']}"]
