"""Quotes of a request as they are compared. Not who may see them (queries.rfq), not the arithmetic (pricing)."""

from __future__ import annotations

from tashbik.exchange.models import Quote, Rfq
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
