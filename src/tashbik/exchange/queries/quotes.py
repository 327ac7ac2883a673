"""Quotes of a request as they are compared. Not who may see them (queries.rfq), not the arithmetic (pricing)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tashbik.errors import StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Invitation, Quote, Rfq, Role
from tashbik.exchange.pricing import Offered, Price


def standing_quotes(rfq: Rfq) -> list[Quote]:
    """The quotes that stand, with their lines and enterprises, in the order of the invitations. Three queries, however many."""
    quotes = Quote.objects.filter(invitation__rfq=rfq, status=Quote.Status.SUBMITTED)
    return list(
        quotes.select_related("invitation__enterprise").prefetch_related("lines").order_by("invitation", "version")
    )


def offered_by(quote: Quote) -> Offered:
    """A quote as it is compared."""
    prices: dict[str, list[Price]] = {}
    for line in quote.lines.all():
        price = Price(line.from_quantity, line.unit_price, line.tooling, line.lead_time, line.note)
        prices.setdefault(line.line, []).append(price)
    return Offered(quote.pk, quote.currency, prices, frozenset(quote.not_quoted))


def writing(actor: Actor, invitation: Invitation) -> Quote | None:
    """The draft that the actor may go on writing, or None. Raises StateError for an officer where the enterprise writes its own."""
    quote = invitation.quotes.filter(status=Quote.Status.DRAFT).first()
    if quote is not None and actor.role == Role.OFFICER and not quote.on_paper:
        raise StateError(
            _("The enterprise is writing its own quote."), mend=_("Ask it to send that, or to withdraw it first.")
        )
    return quote
