"""Who a request comes from on the participants' pages: by account, or by a personal link that the session remembers. Not what they may do (permissions)."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Participant
from tashbik.exchange.queries import participation as queries
from tashbik.web.request import Request

KEY = "participations"
MOST = 20
"""Links that one browser remembers: a delegation may share one."""


def remember(request: Request, participant: Participant) -> None:
    """Keep in the session that the reader came by this participant's link."""
    known = [one for one in _remembered(request) if one != participant.pk]
    request.session[KEY] = [*known, participant.pk][-MOST:]


def forget(request: Request) -> None:
    """Forget all links: the device is somebody else's."""
    request.session.pop(KEY, None)


def actor_of(request: Request) -> Actor:
    """Who acts, being also the participants whose links were opened in this browser."""
    known = _remembered(request)
    if not known:
        return request.actor
    return replace(request.actor, parties=request.actor.parties | {("participant", one) for one in known})


def by_link(request: Request, participant: Participant) -> bool:
    """Whether the reader is there by this participant's link."""
    return participant.pk in _remembered(request)


def participant_of(request: Request, badge: str) -> tuple[Actor, Participant]:
    """The actor, and the participant whose page it is. Raises NotFoundError or NotPermittedError."""
    actor = actor_of(request)
    return actor, queries.find_participant(actor, badge)


def _remembered(request: Request) -> list[int]:
    known = request.session.get(KEY, [])
    return [one for one in known if isinstance(one, int)] if isinstance(known, list) else []


def visitor_of(request: Request) -> str:
    """The network address that a visitor comes from: the last that the proxy added where there is one, for the others are the visitor's own say."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
