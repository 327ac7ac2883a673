"""What every page knows: who reads, as what, and the menu of that role. Not the pages' own content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tashbik import __version__
from tashbik.exchange.actor import Actor
from tashbik.exchange.demonstration import accounts
from tashbik.exchange.models.parties import Role

OFFICER, ADMIN, ANALYST = Role.OFFICER, Role.ADMINISTRATOR, Role.ANALYST


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu: its text, address, and whether the page that is read lies under it."""

    label: Any
    url: str
    current: bool
    count: int = 0


MENU: tuple[tuple[Any, str, frozenset[str] | None], ...] = (
    (_("Home"), "home", None),
    (_("Register"), "register:list", None),
    (_("Needs"), "needs:list", None),
    (_("Requests for quotation"), "rfq:list", frozenset({Role.MEMBER, Role.BUYER, OFFICER})),
    (_("Groups"), "groups:list", frozenset({Role.MEMBER, Role.BUYER, OFFICER})),
    (_("Networks"), "networks:overview", None),
    (_("Forum"), "editions:list", None),
    (_("Recommendations"), "recommendations:progress", None),
    (_("Moderation"), "moderation:queue", frozenset({OFFICER})),
    (_("Duplicates"), "identity:queue", frozenset({OFFICER})),
    (_("Imports"), "imports:list", frozenset({OFFICER, ADMIN})),
    (_("Reports"), "reports:overview", frozenset({OFFICER, ANALYST, ADMIN})),
    (_("Settings"), "administration:overview", frozenset({ADMIN})),
)
"""Menu in the order of the work: text, page, and the roles that it is for (None: all)."""


def menu_of(actor: Actor, path: str) -> list[MenuItem]:
    """The menu of a role; pages that an installation does not have are left out."""
    items = []
    for label, page, roles in MENU:
        if roles is not None and actor.role not in roles:
            continue
        try:
            url = reverse(page)
        except NoReverseMatch:
            continue
        under = (url, "/matches/") if page == "needs:list" else (url,)  # the matches are those of a need
        items.append(MenuItem(label, url, path == url if url == "/" else path.startswith(under)))
    return items


def reader(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `membership`, `reader` (the user's or default looks), `menu`, `demonstration`."""
    actor: Actor = getattr(request, "actor", Actor())
    membership = getattr(request, "membership", None)
    return {
        "actor": actor,
        "membership": membership,
        "exchange": membership.exchange if membership else None,
        "reader": {
            "theme": actor.user.theme if actor.user else request.COOKIES.get("theme", "auto"),
            "digits": actor.user.digits if actor.user else "latn",
            "hijri": bool(actor.user and actor.user.hijri),
            "language": actor.language,
        },
        "menu": menu_of(actor, request.path),
        "version": __version__,
        "demonstration": settings.TASHBIK_DEMONSTRATION,
        "ready_accounts": list(accounts()) if settings.TASHBIK_DEMONSTRATION and actor.user is None else (),
    }
