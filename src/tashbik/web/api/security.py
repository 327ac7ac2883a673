"""Who calls the API: the membership of a bearer token, or a visitor. Not what they may do (exchange.permissions)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from tashbik.exchange.actor import Actor, acting
from tashbik.exchange.models import ApiToken
from tashbik.exchange.verbs.accounts import token_digest

NOTED_EVERY = timedelta(minutes=5)
"""How exactly a token's last use is kept: a write on every request would cost more than it tells."""


class Token(HttpBearer):
    """`Authorization: Bearer …`; the actor of the token's membership."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, or None for a token that is none, has ended, or whose owner has left."""
        found = token_of(token)
        if found is None:
            return None
        now = timezone.now()
        if found.last_used is None or now - found.last_used > NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used=now)
        return acting(found.membership, language=getattr(request, "LANGUAGE_CODE", "en"))


def token_of(plain: str) -> ApiToken | None:
    """The token of a text, if it is in force."""
    in_force = Q(expires__isnull=True) | Q(expires__gt=timezone.now())
    return (
        ApiToken.objects.select_related("membership__user", "membership__exchange")
        .filter(in_force, digest=token_digest(plain), membership__user__is_active=True)
        .first()
    )


def anyone(request: HttpRequest) -> Actor:
    """A caller without a token reads as a visitor; a wrong token is refused rather than passed over."""
    header = request.headers.get("Authorization", "")
    if not header:
        return Actor(language=getattr(request, "LANGUAGE_CODE", "en"))
    scheme, _, token = header.partition(" ")
    found = Token().authenticate(request, token) if scheme.lower() == "bearer" else None
    return found or None  # type: ignore[return-value]  # the framework takes None for refused
