"""From a need and its links to an order, partners and offers that a group can be composed of. Not the matching (linkage) nor the composing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

import msgspec

from tashbik.language.numbers import NUMBER, parse_number
from tashbik.linkage.match import LineResult, Link
from tashbik.network.order import NearMiss, Order, OrderLine, Partner, PartnerOffer
from tashbik.registry.records import Need, NeedLine, Record

DIVISIBLE = ("quantity", "batch")
"""Requirements whose failure for want of capacity is no obstacle to a group: others make the rest."""
TOO_SMALL = "below-minimum"
MAKERS = ("process", "product", "service")
"""Kinds of capability that make something; a trader takes part only where supply is asked for, a school never."""


class Price(Record, frozen=True, kw_only=True):
    """A price quoted or estimated for a partner (and a line, or all where empty): per unit, ± one standard deviation."""

    partner: str
    line: str = ""
    unit_price: float
    spread: float = 0.0
    estimated: bool = False


class Terms(Record, frozen=True, kw_only=True):
    """What the register does not say: costs of engaging, transport a unit and km, prices, risk.

    `risk` is the probability that a partner fails which answered everything, `risk_of_question` what each open question about a
    mandatory requirement adds; `hint_spread` the standard deviation of a price taken from a hint, in parts of it. They are the
    exchange's own figures to set; nothing is hidden in them.
    """

    currency: str = ""
    fixed_cost: float = 0.0
    transport: float = 0.0
    prices: tuple[Price, ...] = ()
    risk: float = 0.05
    risk_of_question: float = 0.02
    hint_spread: float = 0.15
    critical: tuple[str, ...] = ()
    quantities: dict[str, float] = msgspec.field(default_factory=dict)


class Sources(NamedTuple):
    """What `from_links` gives: the order, its possible partners and offers, and the near misses."""

    order: Order
    partners: tuple[Partner, ...]
    offers: tuple[PartnerOffer, ...]
    misses: tuple[NearMiss, ...]


def from_links(need: Need, results: Sequence[LineResult], terms: Terms | None = None) -> Sources:
    """The order of a need and what its links offer; the misses are those that fail something mandatory besides the quantity."""
    chosen = terms or Terms()
    order = order_of(need, chosen)
    lines = {line.id: line for line in order.lines}
    prices = {(one.partner, one.line): one for one in chosen.prices}
    partners: dict[str, Partner] = {}
    questions: dict[str, int] = {}
    kinds = (*MAKERS, "trade") if need.kind == "supply" else MAKERS
    offers, misses = [], []
    for result in results:
        line = lines[result.line.id]
        usual = usual_share(result.links)
        for link in (*result.links, *result.misses):
            if link.offer.capability.kind not in kinds:
                continue
            questions[link.enterprise] = max(questions.get(link.enterprise, 0), _questions(link))
            partners[link.enterprise] = _partner(link, chosen, questions[link.enterprise])
            offer = _offer(link, line, usual, prices, chosen)
            failing = failing_kinds(link)
            if failing:
                misses.append(NearMiss(offer=offer, partner=partners[link.enterprise], failing=failing))
            elif link in result.links:
                offers.append(offer)
    able = {one.partner for one in offers}
    return Sources(order, tuple(one for one in partners.values() if one.id in able), tuple(offers), tuple(misses))


def order_of(need: Need, terms: Terms | None = None) -> Order:
    """The order of a need: quantities from its requirements, or given in the terms; one lot where none is known."""
    chosen = terms or Terms()
    return Order(
        id=need.id,
        lines=tuple(_line(line, chosen) for line in need.lines),
        buyer=need.buyer,
        place=need.place,
        currency=chosen.currency,
    )


def _line(line: NeedLine, terms: Terms) -> OrderLine:
    stated = next(
        (one for one in line.requirements if one.kind in DIVISIBLE and one.numbers and one.numbers[0] > 0), None
    )
    quantity = terms.quantities.get(line.id, stated.numbers[0] if stated else 1.0)
    return OrderLine(
        id=line.id,
        text=line.text,
        quantity=quantity,
        unit=(stated.unit or "piece") if stated else "piece" if line.id in terms.quantities else "lot",
        period=stated.period if stated else "",
        critical=line.id in terms.critical,
        transport=terms.transport,
    )


def failing_kinds(link: Link) -> tuple[str, ...]:
    """Kinds of mandatory requirements that the offer fails, leaving out a capacity that is too small for the whole quantity."""
    failing = [one for one in link.verdicts if one.outcome == "fail" and one.requirement.mandatory]
    real = [one for one in failing if one.requirement.kind not in DIVISIBLE or one.reason == TOO_SMALL or not one.share]
    return tuple(dict.fromkeys(one.requirement.kind for one in real))


def _questions(link: Link) -> int:
    return sum(one.outcome == "unknown" and one.requirement.mandatory for one in link.verdicts)


def _partner(link: Link, terms: Terms, questions: int) -> Partner:
    return Partner(
        id=link.enterprise,
        names=link.offer.names,
        place=link.offer.place,
        fixed_cost=terms.fixed_cost,
        risk=min(0.95, terms.risk + terms.risk_of_question * questions),
    )


def usual_share(links: Sequence[Link]) -> float:
    """The share that an enterprise of unknown capacity is taken to make: the median of the known ones, the whole where none is known."""
    return float(median([one.share for one in links if one.share is not None] or [1.0]))


def _offer(
    link: Link, line: OrderLine, usual: float, prices: Mapping[tuple[str, str], Price], terms: Terms
) -> PartnerOffer:
    capability = link.offer.capability
    low = max((one for one in (capability.minimum_order, capability.batch_min) if one is not None), default=0.0)
    machine = link.offer.machines[0] if link.offer.machines else None
    price = prices.get((link.enterprise, line.id)) or prices.get((link.enterprise, "")) or hinted(link, terms)
    assumed: list[str] = [one.requirement.kind for one in link.verdicts if one.outcome == "unknown"]
    if link.share is None:
        assumed.append("capacity")
    return PartnerOffer(
        partner=link.enterprise,
        line=line.id,
        capacity=line.quantity * (usual if link.share is None else max(0.0, link.share)),
        minimum=low,
        unit_price=price.unit_price if price else None,
        price_spread=price.spread if price else 0.0,
        estimated=price.estimated if price else False,
        pool=capability.id if link.share is not None else "",
        machine=(next(iter(machine.concepts), "") or next(iter(machine.words.values()), "")) if machine else "",
        machines=max(1, machine.quantity) if machine else 1,
        assumed=tuple(dict.fromkeys(assumed)),
    )


def hinted(link: Link, terms: Terms) -> Price | None:
    """The price of a hint such as "120 DZD" (the middle of a range), always an estimate; None where the hint names no number or another currency."""
    hint = link.offer.capability.price_hint
    found = [parse_number(one) for one in re.findall(NUMBER, hint)][:2]
    codes = re.findall(r"\b[A-Z]{3}\b", hint)
    if not found or min(found) <= 0 or (terms.currency and codes and terms.currency not in codes):
        return None
    middle = sum(found) / len(found)
    spread = max(terms.hint_spread * middle, (max(found) - min(found)) / 2)
    return Price(partner=link.enterprise, unit_price=middle, spread=spread, estimated=True)
