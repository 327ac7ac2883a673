"""Two editions of a forum: the fifth Arab forum of 2010 after its public facts, closed, and a coming one that is open. Participants are fictitious."""

from __future__ import annotations

from tashbik.exchange.models import Exchange
from tashbik.exchange.scenes.forum import coming, past


def load(exchange: Exchange) -> None:
    """Load both editions into an exchange."""
    past.load(exchange)
    coming.load(exchange)
