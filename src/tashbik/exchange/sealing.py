"""Until when quotes are accepted, and from when on their prices are shown. Not who may see a request (permissions.py)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Invitation, Quote, Rfq

WAITING = (Invitation.Status.SENT, Invitation.Status.SEEN)
"""Invitations without an answer."""


def past(rfq: Rfq, today: date | None = None) -> bool:
    """Whether the deadline has passed: quotes are accepted until the end of its day (UTC)."""
    return (today or timezone.now().date()) > rfq.deadline


def accepting(rfq: Rfq) -> bool:
    """Whether quotes are accepted now."""
    return rfq.status == Rfq.Status.OPEN and not past(rfq)


def opened(rfq: Rfq) -> bool:
    """Whether the buyer's side sees prices: not sealed, past the deadline, closed, or all who were asked have answered."""
    if not rfq.sealed or not accepting(rfq):
        return True
    return not any(one.status in WAITING for one in rfq.invitations.all())


def shows_prices(actor: Actor, quote: Quote, *, open_now: bool) -> bool:
    """Whether the actor sees what a quote says: its enterprise always; an officer what was entered on paper; else once opened, and no draft."""
    if actor.system or ("enterprise", quote.invitation.enterprise_id) in actor.parties:
        return True
    if quote.on_paper and actor.role == "officer":
        return True
    return open_now and quote.status != Quote.Status.DRAFT
