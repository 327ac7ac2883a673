"""Addresses in the further rooms that the demonstration makes anew each time, found as their readers find them: by following links. Not which pages are looked at (pages.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.script import Stage

FORUM = "linkage-2027"
"""The demonstration's coming edition, with a published plan in which its member takes part."""

TWIN = "D-101"
"""A second record of the demonstration's foundry, from another register."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """A pair of records that waits, a buyer's suppliers, the member's own agenda, and the screen of the halls."""

    pair: str
    dependence: str
    agenda: str
    screen: str


def find_rooms(stage: Stage) -> Rooms:
    """Look up the addresses on the pages that lead there."""
    return Rooms(
        pair=_leads_to(stage, "officer", f"/duplicates/?q={TWIN}", r"/duplicates/\d+/"),
        dependence=_leads_to(stage, "officer", "/networks/resilience/", r"/networks/resilience/\d+/"),
        agenda=_leads_to(stage, "member", f"/forum/public/{FORUM}/", r"/forum/me/(?!all/)\w+/"),
        screen=_leads_to(stage, "organiser", f"/forum/screens/{FORUM}/", r"/forum/screen/[^/]+/"),
    )


def _leads_to(stage: Stage, role: str, page: str, wanted: str) -> str:
    """The first address of a page's links that has the wanted form. Raises LookupError where there is none."""
    window = stage.window("en", role=role)
    window.goto(stage.site.url + page)
    links: list[str] = window.eval_on_selector_all("main a", "all => all.map(one => one.pathname)")
    window.context.close()
    found = next((one for one in links if re.fullmatch(wanted, one)), None)
    if found is None:
        raise LookupError(f"{page} has no link to {wanted}: {links}")
    return found
