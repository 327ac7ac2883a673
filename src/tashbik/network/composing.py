"""Composes the group that meets an order at the least cost, its alternatives, or why there is none. Not what follows from it (resilience.py).

All answers are those of HiGHS on the program of program.py, exact to a relative gap of 1e-6.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from tashbik.errors import InputError
from tashbik.linkage.judges.logistics import distance
from tashbik.network.order import (
    Allocation,
    Composition,
    Condition,
    Conditions,
    Group,
    Member,
    Order,
    Partner,
    PartnerOffer,
    Relief,
    Uncovered,
)
from tashbik.network.program import Choice, Market, Program, Row

GUESSED_SPREAD = 0.25
"""Standard deviation of a price that was estimated from the others' alone, in parts of it."""
ROUNDING = 1e-9


def compose(
    order: Order,
    partners: Sequence[Partner],
    offers: Sequence[PartnerOffer],
    conditions: Conditions | None = None,
    *,
    gap: float | None = None,
) -> Composition:
    """The cheapest group that meets the whole order; where there is none, the group that covers most of its value, and the conflict.

    `gap`: the relative gap to which it is proven that no group is cheaper (1e-6 where none is given).
    Raises InputError for an offer of an unknown partner or line, a number out of range, or a condition about an unknown partner.
    """
    started = time.perf_counter()
    program = Program(market_of(order, partners, offers, conditions or Conditions()))
    choice = program.solve(gap=gap)
    if choice is not None:
        return Composition(complete=True, group=group_of(program, choice), seconds=time.perf_counter() - started)
    conflict = conflict_of(program)
    partial = most_covered(program)
    return Composition(
        complete=False,
        group=group_of(program, partial) if partial else None,
        conflict=conflict,
        reliefs=_reliefs(program, conflict),
        seconds=time.perf_counter() - started,
    )


def best_group(
    order: Order, partners: Sequence[Partner], offers: Sequence[PartnerOffer], conditions: Conditions | None = None
) -> Group | None:
    """The group alone: the cheapest that meets the whole order, else the one that covers most of it; not why there is none."""
    program = Program(market_of(order, partners, offers, conditions or Conditions()))
    choice = program.solve() or most_covered(program)
    return group_of(program, choice) if choice is not None else None


def alternatives(
    order: Order,
    partners: Sequence[Partner],
    offers: Sequence[PartnerOffer],
    conditions: Conditions | None = None,
    *,
    count: int = 3,
    gap: float | None = None,
) -> list[Group]:
    """The `count` cheapest distinct groups that meet the whole order, cheapest first.

    Each does without at least one member of every group before it: a group with one partner more is no alternative. `gap` as in `compose`.
    """
    program = Program(market_of(order, partners, offers, conditions or Conditions()))
    found: list[Group] = []
    cuts: list[Row] = []
    while len(found) < count:
        choice = program.solve(extra=cuts, gap=gap)
        if choice is None:
            break
        found.append(group_of(program, choice))
        columns = [program.engaged[one] for one in choice.engaged]
        cuts.append((dict.fromkeys(columns, 1.0), -math.inf, len(columns) - 1.0))
    return found


def market_of(
    order: Order, partners: Sequence[Partner], offers: Sequence[PartnerOffer], conditions: Conditions
) -> Market:
    """The market with checked references, estimated prices filled in, and the unit cost counted for each offer."""
    known, lines = {one.id: one for one in partners}, {one.id: one for one in order.lines}
    _check(order, known, lines, partners, offers, conditions)
    priced = estimated(offers)
    costs = tuple(unit_cost(order, known[one.partner], one, conditions) for one in priced)
    return Market(order, tuple(partners), tuple(priced), conditions, costs, _worth(order, priced))


def _check(
    order: Order,
    known: dict[str, Partner],
    lines: Mapping[str, object],
    partners: Sequence[Partner],
    offers: Sequence[PartnerOffer],
    conditions: Conditions,
) -> None:
    if not order.lines or len(lines) < len(order.lines) or len(known) < len(partners):
        raise InputError("no lines, or an id occurs twice", field="lines", mend="give lines and partners unique ids")
    for line in order.lines:
        if not (0 < line.quantity < math.inf):
            raise InputError(f"quantity of {line.id!r} is {line.quantity}", field="quantity", mend="give more than 0")
    for number, offer in enumerate(offers, 1):
        if offer.partner not in known or offer.line not in lines:
            place = f"{offer.partner!r} for {offer.line!r}"
            raise InputError(f"offer of {place}: not of this order", row=number, field="offers", mend="check the ids")
        if not (0 <= offer.capacity < math.inf and 0 <= offer.minimum < math.inf and 0 <= offer.content <= 1):
            raise InputError("a number out of range", row=number, field="offers", mend="capacity ≥ 0, content 0–1")
    named = {*conditions.required, *conditions.excluded, *(one for pair in conditions.apart for one in pair)}
    unknown = sorted((named | {conditions.lead} - {""}) - set(known) - {""})
    if unknown:
        raise InputError(f"no partner {unknown[0]!r}", field="conditions", mend="name partners of the order")


def estimated(offers: Sequence[PartnerOffer]) -> list[PartnerOffer]:
    """Offers with every price filled: an unknown one is the median of its line's known ones, with a wide spread; 0 where none is known."""
    known: dict[str, list[float]] = defaultdict(list)
    for offer in offers:
        if offer.unit_price is not None:
            known[offer.line].append(offer.unit_price)
    return [offer if offer.unit_price is not None else _guessed(offer, known[offer.line]) for offer in offers]


def _guessed(offer: PartnerOffer, prices: Sequence[float]) -> PartnerOffer:
    price = median(prices) if prices else 0.0
    return msgspec.structs.replace(
        offer,
        unit_price=price,
        price_spread=GUESSED_SPREAD * price,
        estimated=True,
        assumed=tuple(dict.fromkeys((*offer.assumed, "unit_price"))),
    )


def transport_of(order: Order, partner: Partner, offer: PartnerOffer) -> float:
    """Transport cost a unit: as offered, else the line's rate times the great-circle distance; 0 where a place is unknown."""
    if offer.transport is not None:
        return offer.transport
    rate = next(line.transport for line in order.lines if line.id == offer.line)
    away = distance(order.place, partner.place) if rate else None
    return rate * away if away is not None else 0.0


def unit_cost(order: Order, partner: Partner, offer: PartnerOffer, conditions: Conditions) -> float:
    """What a unit counts: price with caution for its uncertainty, transport, and the cost of the risk that the partner fails."""
    price = offer.unit_price or 0.0
    cautious = price + conditions.caution * offer.price_spread
    return cautious + transport_of(order, partner, offer) + conditions.risk_cost * partner.risk * price


def _worth(order: Order, offers: Sequence[PartnerOffer]) -> dict[str, float]:
    """The value of each line at the median price; where no price of a line is known, the median value of the others; at least equal weights."""
    prices: dict[str, list[float]] = defaultdict(list)
    for offer in offers:
        if offer.unit_price:
            prices[offer.line].append(offer.unit_price)
    values = {line.id: median(prices[line.id]) * line.quantity for line in order.lines if prices[line.id]}
    other = median(values.values()) if values else 1.0
    return {line.id: values.get(line.id, other) for line in order.lines}


def most_covered(program: Program, extra: Sequence[Row] = (), without: Sequence[Condition] = ()) -> Choice | None:
    """The cheapest choice among those that leave the least value uncovered."""
    dropped = [one for one in program.conditions() if one.kind == "line"] + list(without)
    least = program.solve(without=dropped, aim="uncovered", extra=extra)
    if least is None:
        return None
    total = sum(program.market.worth.values())
    kept: Row = (program.openness(), -math.inf, least.objective + ROUNDING * total)
    return program.solve(without=dropped, extra=[*extra, kept]) or least


def conflict_of(program: Program) -> tuple[Condition, ...]:
    """An irreducible set of conditions that cannot hold together, by deletion (Chinneck, Feasibility and Infeasibility in Optimization, 2008).

    Lines are tried for deletion first, so that those are left that the conflict is about.
    """
    left = program.conditions()
    for condition in sorted(left, key=lambda one: one.kind != "line"):
        out = [one for one in program.conditions() if one not in left]
        if program.solve(without=[*out, condition], aim="nothing") is None:
            left.remove(condition)
    return tuple(left)


def _reliefs(program: Program, conflict: Sequence[Condition]) -> tuple[Relief, ...]:
    solved = [(one, program.solve(without=[one])) for one in conflict if one.kind != "line"]
    found = [Relief(without=one, cost=choice.objective) for one, choice in solved if choice is not None]
    return tuple(sorted(found, key=lambda one: one.cost))


def group_of(program: Program, choice: Choice) -> Group:
    """The group of a choice."""
    market = program.market
    lines = {line.id: line for line in market.order.lines}
    made: dict[str, list[Allocation]] = defaultdict(list)
    variance = 0.0
    for number, part in choice.parts.items():
        offer = market.offers[number]
        quantity = part * lines[offer.line].quantity
        partner = market.by_id[offer.partner]
        transport = transport_of(market.order, partner, offer)
        cost = quantity * ((offer.unit_price or 0.0) + transport)
        variance += (quantity * offer.price_spread) ** 2
        made[offer.partner].append(
            Allocation(
                partner=offer.partner,
                line=offer.line,
                quantity=quantity,
                part=part,
                unit_price=offer.unit_price if not (offer.estimated and not offer.unit_price) else None,
                transport=transport,
                cost=cost,
            )
        )
    total = sum(market.worth.values())
    lead = _lead(market, choice, made)
    members = sorted(
        (_member(market, one, made[one], lead, total) for one in choice.engaged),
        key=lambda one: (one.role != "lead", -one.part, one.partner),
    )
    open_ = tuple(
        Uncovered(line=one, quantity=part * lines[one].quantity, part=part) for one, part in choice.uncovered.items()
    )
    return Group(
        members=tuple(members),
        allocations=tuple(one for member in members for one in made[member.partner]),
        uncovered=open_,
        cost=sum(one.cost for one in members),
        counted=sum(program.cost_of[program.engaged[one]] for one in choice.engaged)
        + sum(program.cost_of[program.part[number]] * part for number, part in choice.parts.items()),
        bound=choice.bound,
        spread=math.sqrt(variance),
        covered=1.0 - sum(market.worth[one.line] * one.part for one in open_) / total,
    )


def _lead(market: Market, choice: Choice, made: Mapping[str, Sequence[Allocation]]) -> str:
    """Who leads: the one that was wished for, else of those that may lead the one that makes most of the value, the least risk first."""

    def order(one: str) -> tuple[float, float, str]:
        return -sum(market.worth[each.line] * each.part for each in made[one]), market.by_id[one].risk, one

    able = [one for one in choice.engaged if market.by_id[one].can_lead]
    return choice.lead if market.conditions.lead or not able else min(able, key=order)


def _member(market: Market, partner: str, made: Sequence[Allocation], lead: str, total: float) -> Member:
    return Member(
        partner=partner,
        role="lead" if partner == lead else "member",
        part=sum(market.worth[one.line] * one.part for one in made) / total,
        cost=market.by_id[partner].fixed_cost + sum(one.cost for one in made),
    )


__all__ = ["alternatives", "best_group", "compose", "conflict_of", "group_of", "market_of", "most_covered"]
