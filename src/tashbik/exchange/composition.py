"""A group composed as a whole, for a page to show and a verb to store: wishes, the best groups, weak points, ways out. Not where offers come from.

Where no price and no other cost is known, nothing is invented: the group of fewest enterprises is sought, among those the one with the fewest open
questions, then the nearest; and no amount of money is said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from msgspec.structs import replace

from tashbik.network import (
    Composition,
    Conditions,
    CountryShare,
    Group,
    MissGain,
    NearMiss,
    Partner,
    PartnerOffer,
    Price,
    Saving,
    Sources,
    Terms,
    Weakness,
    alternatives,
    compose,
    miss_gains,
    savings,
    weaknesses,
)
from tashbik.network.composing import estimated, market_of
from tashbik.network.order import Order
from tashbik.registry.records import Record

ALTERNATIVES = 4
"""Distinct groups that are offered, the best included."""
FEW_ALTERNATIVES, MANY_OFFERS = 2, 60
"""Where enterprises are counted, many groups are alike, and telling them apart takes seconds: so many for more offers than that."""
MISSES = 6
"""Near misses that are tried."""
OPEN_QUESTION = 0.3
"""What a risk of 1 counts, in enterprises, where no cost is known."""
FARTHEST = 0.1
"""What the whole order made at the far side of the earth counts, in enterprises, where no cost is known."""
COUNTED_GAP = 0.01
"""Relative gap where enterprises are counted: less than one of fifty, and without the long search among groups that are alike."""
HALF_WAY_ROUND = 20_040.0
"""Half the earth's circumference in km."""
SAYS_ENOUGH, LONGEST_TITLE = 12, 60
"""Characters of a line's title: at least where the line has more, and at most."""

Reach = Literal["own", "all"]


def line_title(order: Order, line_id: str) -> str:
    """What a line is called: its first words, up to a comma where that says enough."""
    text = " ".join(next((one.text for one in order.lines if one.id == line_id), "").split())
    first = re.split(r"\s*[،,;؛.]\s", text, maxsplit=1)[0]
    title = first if len(first) >= SAYS_ENOUGH else text
    return (title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…") or line_id


def titled(order: Order) -> Order:
    """The order with the titles of its lines for their texts."""
    return replace(order, lines=tuple(replace(one, text=line_title(order, one.id)) for one in order.lines))


class Wish(Record, frozen=True, kw_only=True):
    """What is wished of a group; money in the order's currency, parts 0–1.

    `critical` names lines that need two sources; `local` is the least part of the value made in `country`; `reach` whose enterprises take part:
    those that can be asked now (`own`), or all (`all`). `caution`: standard deviations added to uncertain prices, so that an
    estimate must be clearly lower to win over a quote. `chosen` is the number of the group among the alternatives.
    """

    max_partners: int | None = None
    critical: tuple[str, ...] = ()
    most_part: float = 1.0
    country: str = ""
    local: float = 0.0
    lead: str = ""
    apart: tuple[tuple[str, str], ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    budget: float | None = None
    caution: float = 1.0
    risk_cost: float = 0.0
    fixed_cost: float = 0.0
    transport: float = 0.0
    reach: Reach = "own"
    chosen: int = 0

    def conditions(self, partners: Iterable[str], *, costed: bool) -> Conditions:
        """The conditions, as far as they are about these partners; those about money only where costs are known."""
        known = set(partners)
        return Conditions(
            max_partners=self.max_partners,
            apart=tuple(pair for pair in self.apart if known >= set(pair) and pair[0] != pair[1]),
            required=tuple(one for one in self.required if one in known),
            excluded=tuple(one for one in self.excluded if one in known and one not in self.required),
            most_part=self.most_part,
            countries=(CountryShare(country=self.country, least=self.local),) if self.country and self.local else (),
            lead=self.lead if self.lead in known else "",
            budget=self.budget if costed else None,
            caution=self.caution if costed else 0.0,
            risk_cost=self.risk_cost if costed else 0.0,
        )

    def terms(self, currency: str, prices: tuple[Price, ...] = ()) -> Terms:
        """The terms on which offers are made of links."""
        return Terms(
            currency=currency,
            fixed_cost=self.fixed_cost,
            transport=self.transport,
            prices=prices,
            critical=self.critical,
        )


class Composed(Record, frozen=True, kw_only=True):
    """Everything that is to be said of a group.

    `found` is the answer to the wish, `group` the chosen one of `others` (the distinct best, cheapest first) or the best partial one. `partners` are all
    that are named; `offers` those that the group rests on, prices estimated where none is known (`assumed`). `costed`: some cost is known, else all
    amounts are 0 and mean nothing; `unpriced` lines have no known price at all. `alone` is the most that one enterprise covers by itself (0–1).
    """

    wish: Wish
    order: Order
    partners: tuple[Partner, ...]
    offers: tuple[PartnerOffer, ...]
    found: Composition
    group: Group | None
    others: tuple[Group, ...] = ()
    weak: tuple[Weakness, ...] = ()
    saved: tuple[Saving, ...] = ()
    gains: tuple[MissGain, ...] = ()
    costed: bool = False
    unpriced: tuple[str, ...] = ()
    candidates: int = 0
    alone: float = 0.0

    @property
    def by_id(self) -> dict[str, Partner]:
        """Partners by their ids."""
        return {one.id: one for one in self.partners}

    @property
    def complete(self) -> bool:
        """Whether the group makes the whole order."""
        return self.found.complete

    @property
    def sources(self) -> Sources:
        """Order and named partners, as the sentences want them."""
        return Sources(self.order, self.partners, self.offers, ())


def composed(sources: Sources, wish: Wish) -> Composed:
    """Compose a group from what the links offer. Raises InputError for a quantity that is no number of things."""
    offers = tuple(estimated(sources.offers))
    unpriced = tuple(
        line.id for line in sources.order.lines if not any(one.unit_price for one in offers if one.line == line.id)
    )
    costed = len(unpriced) < len(sources.order.lines) or bool(wish.fixed_cost or wish.transport)
    market = sources if costed else _fewest(sources)
    conditions = wish.conditions((one.id for one in sources.partners), costed=costed)
    made = _composed(market, offers, conditions, wish, costed=costed)
    made = replace(
        made, costed=costed, unpriced=unpriced, candidates=len(sources.partners), alone=_alone(sources, conditions)
    )
    return replace(made if costed else without_money(made), order=sources.order)


def _composed(
    market: Sources, offers: tuple[PartnerOffer, ...], conditions: Conditions, wish: Wish, *, costed: bool
) -> Composed:
    asked = (market.order, market.partners, market.offers, conditions)
    gap = None if costed else COUNTED_GAP
    found = compose(*asked, gap=gap)
    count = ALTERNATIVES if costed or len(market.offers) <= MANY_OFFERS else FEW_ALTERNATIVES
    others = tuple(alternatives(*asked, count=count, gap=gap)) if found.complete else ()
    number = wish.chosen if wish.chosen < len(others) else 0
    found = replace(found, group=others[0]) if others else found
    group = others[number] if others else found.group
    weak = tuple(weaknesses(*asked, group)) if group is not None else ()
    saved = tuple(savings(*asked, found)) if costed and number == 0 else ()
    gains = tuple(miss_gains(*asked, found, _nearest(market))) if found.complete is False or number == 0 else ()
    return Composed(
        wish=replace(wish, chosen=number),
        order=market.order,
        partners=_named(market, group, others, weak, gains, found),
        offers=_used(offers, group),
        found=found,
        group=group,
        others=others,
        weak=weak,
        saved=saved,
        gains=gains,
    )


def _alone(sources: Sources, conditions: Conditions) -> float:
    """The most of the order's value that one enterprise makes by itself.

    Offers of one pool share their capacity: a continuous knapsack, filled by what a full pool is worth (Dantzig 1957).
    """
    worth = market_of(sources.order, sources.partners, sources.offers, conditions).worth
    quantity = {line.id: line.quantity for line in sources.order.lines}
    pools: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for one in sources.offers:
        most = one.capacity / quantity[one.line]
        if most > 0 and one.minimum <= quantity[one.line]:
            pools[one.partner, one.pool or f"={one.line}"].append((worth[one.line], most))
    made: dict[str, float] = defaultdict(float)
    for (partner, _pool), offers in pools.items():
        left = 1.0
        for value, most in sorted(offers, key=lambda pair: -pair[0] * pair[1]):
            part = min(1.0, most * left)
            left -= part / most
            made[partner] += value * part
    return min(1.0, max(made.values(), default=0.0) / sum(worth.values()))


def _nearest(market: Sources) -> list[NearMiss]:
    return sorted(market.misses, key=lambda one: (len(one.failing), -one.offer.capacity))[:MISSES]


def _used(offers: Iterable[PartnerOffer], group: Group | None) -> tuple[PartnerOffer, ...]:
    made = {(one.partner, one.line) for one in group.allocations} if group else set()
    return tuple(one for one in offers if (one.partner, one.line) in made)


def _named(
    market: Sources,
    group: Group | None,
    others: Iterable[Group],
    weak: Iterable[Weakness],
    gains: Iterable[MissGain],
    found: Composition,
) -> tuple[Partner, ...]:
    """The partners that are named in what is said."""
    names = {one for each in (*others, *((group,) if group else ())) for one in each.partners}
    names |= {one.replacement for one in weak} | {one.partner for one in gains}
    names |= {each for one in found.conflict for each in one.about}
    known = {one.partner.id: one.partner for one in market.misses} | {one.id: one for one in market.partners}
    return tuple(one for key, one in known.items() if key in names)


def _fewest(sources: Sources) -> Sources:
    """The same market where each enterprise costs one, a little more with its open questions, and distance still less."""
    total = sum(one.quantity for one in sources.order.lines)
    rate = FARTHEST / (total * HALF_WAY_ROUND)
    lines = tuple(replace(one, transport=rate) for one in sources.order.lines)
    return Sources(
        replace(sources.order, lines=lines),
        tuple(_counted(one) for one in sources.partners),
        sources.offers,
        tuple(replace(one, partner=_counted(one.partner)) for one in sources.misses),
    )


def _counted(partner: Partner) -> Partner:
    return replace(partner, fixed_cost=1.0 + OPEN_QUESTION * partner.risk)


def without_money(made: Composed) -> Composed:
    """The same without any amount of money: for who may not see costs, and where enterprises were counted in their place."""
    return replace(
        made,
        found=replace(
            made.found,
            group=_free(made.found.group) if made.found.group else None,
            reliefs=tuple(replace(one, cost=0.0) for one in made.found.reliefs),
        ),
        group=_free(made.group) if made.group else None,
        others=tuple(_free(one) for one in made.others),
        weak=tuple(replace(one, extra=0.0) for one in made.weak),
        saved=(),
        gains=tuple(replace(one, saved=0.0) for one in made.gains if one.covered > 0),
        offers=tuple(replace(one, unit_price=None, price_spread=0.0) for one in made.offers),
        costed=False,
        partners=tuple(replace(one, fixed_cost=0.0) for one in made.partners),
    )


def _free(group: Group) -> Group:
    return replace(
        group,
        members=tuple(replace(one, cost=0.0) for one in group.members),
        allocations=tuple(replace(one, cost=0.0, transport=0.0) for one in group.allocations),
        cost=0.0,
        counted=0.0,
        bound=0.0,
        spread=0.0,
    )
