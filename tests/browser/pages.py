"""The main pages, who reads each, and the looks in which they are tried. Not what is demanded of them (looking.py)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tests.browser.rooms import FORUM

if TYPE_CHECKING:
    from tests.browser.script import Stage

ENTERPRISE = "dz:TSB-0001"
"""The demonstration's foundry, which the demonstration's member speaks for."""
GROUP_NEED = "dz-N-80"
"""The demonstration's need that no enterprise meets alone."""
CLOSED_FORUM = "amf-5"
"""The demonstration's closed edition, with recommendations."""
OFFICER, MEMBER, ORGANISER, ADMINISTRATOR, VISITOR = "officer", "member", "organiser", "administrator", "visitor"


@dataclass(frozen=True, slots=True)
class Look:
    """A language with a width in pixels, light or dark."""

    language: str
    width: int
    dark: bool = False

    @property
    def direction(self) -> str:
        """Which way the language runs."""
        return "rtl" if self.language == "ar" else "ltr"

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{'dark' if self.dark else 'light'}"


LOOKS = (Look("ar", 390, dark=True), Look("ar", 1280), Look("fr", 1280), Look("en", 390))
PAGES: dict[str, tuple[str, str]] = {
    "front": (VISITOR, "/"),
    "sign-in": (VISITOR, "/accounts/login/"),
    "home": (OFFICER, "/"),
    "register": (OFFICER, "/register/"),
    "profile": (OFFICER, f"/register/enterprise/{ENTERPRISE}"),
    "editing": (MEMBER, f"/register/edit/{ENTERPRISE}/section/identity/"),
    "imports": (OFFICER, "/imports/"),
    "dry-run": (OFFICER, "{dry_run}"),
    "queue": (OFFICER, "/moderation/"),
    "moderation": (OFFICER, "{submission}"),
    "needs": (OFFICER, "/needs/"),
    "state-need": (OFFICER, "/needs/new/"),
    "lines": (OFFICER, "/needs/{need}/lines/"),
    "check": (OFFICER, "/needs/{need}/check/"),
    "need": (OFFICER, "/needs/{need}/"),
    "matches": (OFFICER, "/matches/{need}/"),
    "cell": (OFFICER, "/matches/{need}/cell/?line=1&enterprise=" + ENTERPRISE + "&number=0"),
    "beside": (OFFICER, "/matches/{need}/compare/?line=1&enterprise=" + ENTERPRISE + "&enterprise=dz:TSB-0002"),
    "questions": (OFFICER, "/matches/{need}/questions/"),
    "request": (OFFICER, "/rfq/{rfq}/"),
    "comparison": (OFFICER, "/rfq/{rfq}/compare/"),
    "award": (OFFICER, "{award}"),
    "report": (OFFICER, "/reports/"),
    "settings": (ADMINISTRATOR, "/settings/"),
    "account": (MEMBER, "/accounts/profile/"),
}
"""Name: whose page, and its address with the places that a day of the officer fills (script.Played)."""

ROOM_LOOKS = (Look("ar", 390, dark=True), Look("ar", 1280))
ROOMS: dict[str, tuple[str, str]] = {
    "pairs": (OFFICER, "/duplicates/"),
    "pair": (OFFICER, "{pair}"),
    "same": (OFFICER, "{pair}same/"),
    "composer": (OFFICER, f"/groups/need/{GROUP_NEED}/"),
    "network": (OFFICER, "/networks/"),
    "explorer": (OFFICER, "/networks/explorer/"),
    "node": (OFFICER, f"/networks/node/{ENTERPRISE}"),
    "communities": (OFFICER, "/networks/communities/"),
    "clusters": (OFFICER, "/networks/clusters/"),
    "missing": (OFFICER, "/networks/missing/"),
    "alike": (OFFICER, "/networks/alike/"),
    "dependence": (OFFICER, "{dependence}"),
    "edition": (ORGANISER, f"/forum/organise/{FORUM}/"),
    "participants": (ORGANISER, f"/forum/organise/{FORUM}/participants/"),
    "proposals": (ORGANISER, f"/forum/organise/{FORUM}/proposals/"),
    "plan": (ORGANISER, f"/forum/organise/{FORUM}/plans/1/"),
    "on-the-day": (ORGANISER, f"/forum/organise/{FORUM}/day/"),
    "public": (VISITOR, f"/forum/public/{FORUM}/"),
    "programme": (VISITOR, f"/forum/public/{FORUM}/programme/"),
    "agenda": (MEMBER, "{agenda}"),
    "partners": (MEMBER, "{agenda}partners/"),
    "door": (ORGANISER, f"/forum/door/{FORUM}/"),
    "screen": (VISITOR, "{screen}"),
    "forum-report": (ORGANISER, f"/forum/report/{CLOSED_FORUM}/"),
    "recommendations": (VISITOR, "/recommendations/"),
    "recommendation": (VISITOR, f"/recommendations/of/{CLOSED_FORUM}/1/"),
}
"""The same for the further rooms, in Arabic; the places are those of rooms.Rooms."""

EXEMPT: dict[str, tuple[str, ...]] = {"screen": ("meta-refresh",)}
"""Rules of axe that do not hold for a page: the screen of the halls hangs on a wall, nobody handles it, and it must load itself anew without scripts."""


def address_of(stage: Stage, name: str) -> tuple[str, str]:
    """Whose page it is, and its address after the officer's day in Arabic."""
    if name in ROOMS:
        role, address = ROOMS[name]
        return role, address.format(**asdict(stage.rooms()))
    role, address = PAGES[name]
    return role, address.format(**asdict(stage.day("ar")))
