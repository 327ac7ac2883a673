"""The main pages, who reads each, and the looks in which they are tried. Not what is demanded of them (looking.py)."""

from __future__ import annotations

from dataclasses import dataclass

ENTERPRISE = "dz:TSB-0001"
"""The demonstration's foundry, which the demonstration's member speaks for."""
OFFICER, MEMBER, ADMINISTRATOR, VISITOR = "officer", "member", "administrator", "visitor"


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
