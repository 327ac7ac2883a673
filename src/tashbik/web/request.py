"""What a request carries besides Django's: who acts. Set by middleware.py."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Membership


class Request(HttpRequest):
    """A request after the middleware; for annotations of views."""

    actor: Actor
    membership: Membership | None
    memberships: list[Membership]
    htmx: HtmxDetails
