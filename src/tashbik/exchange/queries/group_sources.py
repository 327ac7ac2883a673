"""Who could take part in a group for a need, and on what terms: from the need's matches, people's words on them, and known prices. Not the composing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from msgspec.structs import replace as with_values

from tashbik.exchange.actor import Actor
from tashbik.exchange.composition import Wish
from tashbik.exchange.models import Enterprise, Exchange, Need, Quote, Rfq
from tashbik.exchange.pricing import Price as Quoted
from tashbik.exchange.pricing import price_at
from tashbik.exchange.projection import record_of
from tashbik.exchange.queries import matches
from tashbik.exchange.queries.matches_questions import can_be_asked
from tashbik.exchange.queries.matches_rows import WITHHELD, Row
from tashbik.exchange.queries.matches_stored import StoredLine, need_record, place_of, stored
from tashbik.exchange.queries.quotes import offered_by
from tashbik.exchange.sealing import opened
from tashbik.exchange.visibility import hidden_groups, without
from tashbik.linkage.match import LineResult, Link
from tashbik.linkage.offers import Offer, offers_of
from tashbik.linkage.verdict import Verdict
from tashbik.network import Price, Sources, from_links, order_of
from tashbik.network.offering import DIVISIBLE
from tashbik.registry import records

MOST_OFFERS, LEAST_OF_LINE = 120, 12
"""Offers among which a group is sought while a page waits, and of each line at least."""
HIDDEN_PRICE = "prices"
"""Group of fields that price hints belong to (exchange.visibility)."""


@dataclass(frozen=True, slots=True)
class Market:
    """A need with who could take part. `lines` are its matches, `enterprises` by code, `shut` those that cannot be asked before the need is passed on,
    `private` those whose price hints others than the exchange's officers do not see."""

    need: Need
    record: records.Need
    results: tuple[LineResult, ...]
    enterprises: dict[str, Enterprise]
    shut: frozenset[str]
    private: frozenset[str]
    prices: tuple[Price, ...]
    currency: str

    def sources(self, wish: Wish) -> Sources:
        """The order, its possible partners and their offers, as far as the wish reaches; of many, those that are worth a look (`thinned`)."""
        reached = [self._open(one) for one in self.results] if wish.reach == "own" else list(self.results)
        named = {*wish.required, wish.lead, *(one.partner for one in self.prices)}
        return from_links(self.record, thinned(reached, named), wish.terms(self.currency, self.prices))

    def _open(self, result: LineResult) -> LineResult:
        """Links of those that can be asked."""
        return replace(
            result,
            links=tuple(one for one in result.links if one.enterprise not in self.shut),
            misses=tuple(one for one in result.misses if one.enterprise not in self.shut),
        )

    def rests_on_private_prices(self, partners: Iterable[str]) -> bool:
        """Whether a price of one of these partners is shown to its exchange's officers alone."""
        quoted = {one.partner for one in self.prices}
        return any(one in self.private and one not in quoted for one in partners)


def thinned(results: Sequence[LineResult], named: Collection[str]) -> list[LineResult]:
    """The links of each line, where all lines together have more than MOST_OFFERS: the best, those that can make most, and those named."""
    if sum(len(one.links) for one in results) <= MOST_OFFERS:
        return list(results)
    most = max(LEAST_OF_LINE, MOST_OFFERS // len(results))
    return [_thinned(one, most, named) for one in results]


def _thinned(result: LineResult, most: int, named: Collection[str]) -> LineResult:
    by_score = sorted(result.links, key=lambda one: -one.score)[: most - most // 3]
    by_share = sorted(result.links, key=lambda one: (-(one.share or 0.0), -one.score))[: most // 3]
    kept = {id(one) for one in (*by_score, *by_share)} | {id(one) for one in result.links if one.enterprise in named}
    return replace(result, links=tuple(one for one in result.links if id(one) in kept))


def market_of(actor: Actor, need: Need) -> Market:
    """Who could take part, as the actor may know it. The number of queries does not grow with the enterprises."""
    lines = stored(need)
    rows = matches.overall(actor, need, lines, matches.Choices(near=True)).rows if lines else []
    known = _with_records(one.enterprise.pk for one in rows)
    offers: dict[str, dict[str, Offer]] = {}
    private = set()
    for enterprise in known.values():
        record = record_of(enterprise)
        hidden = hidden_groups(actor, enterprise, record)
        offers[enterprise.code] = {one.capability.id: one for one in offers_of(without(record, hidden))}
        if HIDDEN_PRICE not in hidden and any(one.price_hint for one in record.capabilities):
            private |= {enterprise.code} if _officers_only(enterprise, record) else set()
    currency = _currency(need)
    results = tuple(_result(line, [over.rows[at] for over in rows], offers) for at, line in enumerate(lines))
    return Market(
        need=need,
        record=_placed(need, lines),
        results=results,
        enterprises=known,
        shut=frozenset(code for code, one in known.items() if not can_be_asked(need, one)),
        private=frozenset(private),
        prices=_prices(need, currency, results),
        currency=currency,
    )


def _with_records(keys: Iterable[int]) -> dict[str, Enterprise]:
    return {one.code: one for one in Enterprise.objects.filter(pk__in=set(keys)).select_related("exchange")}


def _officers_only(enterprise: Enterprise, record: records.Enterprise) -> bool:
    """Whether others who have a role at an exchange do not see its prices."""
    other = Actor(role="buyer", exchange_id=enterprise.exchange_id)
    return HIDDEN_PRICE in hidden_groups(other, enterprise, record)


def _placed(need: Need, lines: Sequence[StoredLine]) -> records.Need:
    """The need's record, delivered where its first line says it, else where the need does."""
    record = need_record(need)
    return with_values(record, place=place_of(record, lines[0].line)) if lines else record


def _result(line: StoredLine, rows: Iterable[Row | None], offers: dict[str, dict[str, Offer]]) -> LineResult:
    links = [(one, _link(one, offers)) for one in rows if one is not None]
    return LineResult(
        line=line.line,
        links=tuple(link for row, link in links if link is not None and not row.near_miss),
        misses=tuple(link for row, link in links if link is not None and row.near_miss),
    )


def _link(row: Row, offers: dict[str, dict[str, Offer]]) -> Link | None:
    """The link of a row, with people's words in force; None where the capability is no longer there."""
    offer = offers.get(row.code, {}).get(row.link.capability)
    if offer is None:
        return None
    verdicts = tuple(_in_force(one.verdict, one.origin) for one in row.cells)
    share = min((one.share for one in verdicts if one.share is not None), default=None)
    return Link(offer, row.score, row.link.relevance, verdicts, share, row.failed)


def _in_force(verdict: Verdict, origin: str) -> Verdict:
    """A person who says that the quantity is met says that all of it can be made; a capacity that is kept from the reader is not known."""
    if verdict.requirement.kind not in DIVISIBLE:
        return verdict
    if verdict.reason == WITHHELD:
        return replace(verdict, outcome="unknown", share=None)
    said = origin != "engine" and verdict.outcome == "pass"
    return replace(verdict, share=1.0) if said else verdict


# prices


def _currency(need: Need) -> str:
    """The currency of the need's requests for quotation, the newest first; else that of its exchange."""
    newest = Rfq.objects.filter(need=need).order_by("-created").values_list("currency", flat=True).first()
    return newest or need.exchange.currency


def _prices(need: Need, currency: str, results: Sequence[LineResult]) -> tuple[Price, ...]:
    """What enterprises quoted for the need's lines where quotes may be read: the newest quote's price at the quantity that each could make.

    Tooling is spread over that quantity, as it is where quotes are compared (pricing.compare).
    """
    rfqs = Rfq.objects.filter(need=need, need_version=need.version).prefetch_related("invitations")
    readable = [one for one in rfqs if opened(one)]
    quotes = Quote.objects.filter(invitation__rfq__in=readable, status=Quote.Status.SUBMITTED, currency=currency)
    lines = {line.id: line.quantity for line in order_of(need_record(need)).lines}
    shares = {(link.enterprise, one.line.id): link.share for one in results for link in one.links}
    found: dict[tuple[str, str], Price] = {}
    for quote in quotes.select_related("invitation__enterprise").prefetch_related("lines").order_by("-submitted"):
        partner = quote.invitation.enterprise.code
        for line, prices in offered_by(quote).prices.items():
            if line in lines and (partner, line) not in found:
                share = shares.get((partner, line))
                made = lines[line] * (1.0 if share is None else max(share, 1e-9))
                found[partner, line] = Price(partner=partner, line=line, unit_price=_unit_price(prices, made))
    return tuple(found.values())


def _unit_price(prices: Sequence[Quoted], quantity: float) -> float:
    """The price of a unit at a quantity; below the first price break, that of the first."""
    price = price_at(prices, Decimal(str(quantity))) or min(prices, key=lambda one: one.from_quantity)
    return float(price.unit_price) + float(price.tooling) / quantity


def exchanges_to_pass_on(market: Market, partners: Iterable[str]) -> list[Exchange]:
    """The exchanges that the need must be passed on to, and be taken up by, before these partners can be asked."""
    shut = {market.enterprises[one].exchange for one in partners if one in market.shut}
    return sorted(shut, key=lambda one: one.code)
