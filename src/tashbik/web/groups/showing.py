"""A composed group as its pages show it: headline, picture, members, cost, weak points, ways on. Not the views, not the composing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from msgspec.structs import replace

from tashbik.exchange.composition import Composed, Wish, line_title, titled
from tashbik.exchange.queries.groups import amount_text
from tashbik.linkage.explain import word
from tashbik.linkage.judges.logistics import distance
from tashbik.network import Allocation, Group, Partner, PartnerOffer
from tashbik.network.wording import (
    assumed_words,
    conflict_words,
    miss_words,
    money,
    name_of,
    relief_words,
    saving_words,
    weakness_words,
)
from tashbik.web import reading
from tashbik.web.groups import wishes
from tashbik.web.groups.parts import Cost, Member, Other, Shown, Task, ToAsk, Way
from tashbik.web.groups.picture import LineParts, Part, who_makes_what
from tashbik.web.needs.showing import place_text, quantity_text

SAVINGS = 4


def shown(made: Composed, *, digits: str = "latn", costs: bool = True, url: str = "") -> Shown:
    """What is shown of a group in the reader's language. `costs`: whether the reader sees them; `url`: the composer, for links."""
    words = Words(made, digits, costs=costs, url=url)
    return Shown(
        made=made,
        headline=words.headline(),
        alone=words.alone(),
        members=words.members(),
        picture=words.picture(),
        headers=words.headers(),
        rows=words.rows(),
        covered=share_text(made.group.covered, digits) if made.group else "",
        uncovered=words.uncovered(),
        cost=words.cost(),
        conflict=words.said(conflict_words(made.found.conflict, made.by_id, words.order, words.language)),
        ways=words.ways(),
        weak=[words.said(weakness_words(one, made.by_id, words.order, words.language)) for one in words.weak],
        saved=words.saved(),
        gains=words.gains(),
        others=words.others() if url else [],
        to_ask=words.to_ask(),
        exhausted=all(one.kind == "line" for one in made.found.conflict),
    )


def share_text(part: float, digits: str = "latn") -> str:
    """A part in percent; what is not quite all or nothing is never written as all or nothing."""
    whole = math.floor(100 * part + 0.5 + 1e-9)
    if whole >= 100 and part < 1 - 1e-6:
        whole = 99
    if whole <= 0 and part > 1e-6:
        whole = 1
    return reading.percent(min(whole, 100) / 100, digits)


class Words:
    """The parts of a group in the reader's words."""

    def __init__(self, made: Composed, digits: str, *, costs: bool, url: str) -> None:
        self.made = made
        self.language = reading.language()
        self.order = titled(made.order)
        self._digits = digits
        self.costed = costs and made.costed
        self._url = url
        self._names = made.by_id
        self._offers = {(one.partner, one.line): one for one in made.offers}
        hidden = made.costed and not costs
        self.weak = [replace(one, extra=0.0) for one in made.weak] if hidden else list(made.weak)

    def said(self, text: str) -> str:
        """A sentence with the reader's digits."""
        return reading.shaped(text, self._digits)

    def name(self, partner: str) -> str:
        """The name of a partner."""
        return name_of(partner, self._names, self.language)

    def line(self, line_id: str) -> str:
        """What a line is called."""
        return line_title(self.made.order, line_id)

    def money(self, value: float) -> str:
        """An amount."""
        return self.said(money(value, self.made.order, self.language))

    def headline(self) -> str:
        """The finding in one sentence."""
        group = self.made.group
        if group is None:
            return _("No group satisfies these conditions, not even in part")
        size = len(group.members)
        if self.made.complete and size == 1:
            return _("No group is needed: one enterprise can make the whole order")
        count = {"count": reading.number(size, self._digits)}
        if self.made.complete:
            return (
                ngettext(
                    "%(count)s enterprise makes the whole order",
                    "%(count)s enterprises together make the whole order",
                    size,
                )
                % count
            )
        part = {**count, "percent": share_text(group.covered, self._digits)}
        return (
            ngettext(
                "%(count)s enterprise makes %(percent)s of the order, the rest is not covered",
                "%(count)s enterprises together make %(percent)s of the order, the rest is not covered",
                size,
            )
            % part
        )

    def alone(self) -> str:
        """How far one enterprise gets by itself; empty where one can do it all."""
        if self.made.alone >= 1 - 1e-6:
            return ""
        part = {"percent": share_text(self.made.alone, self._digits)}
        return (
            _("No single enterprise can make it all: the one that can make most makes %(percent)s of the order.") % part
        )

    # who makes what

    def members(self) -> list[Member]:
        """The members, the lead first."""
        group = self.made.group
        return (
            [self._member(one.partner, one.role == "lead", one.part, one.cost, group) for one in group.members]
            if group
            else []
        )

    def _member(self, code: str, lead: bool, part: float, cost: float, group: Group) -> Member:
        mine = [one for one in group.allocations if one.partner == code]
        return Member(
            code=code,
            name=self.name(code),
            lead=lead,
            place=self._where(self._names[code]),
            tasks=[self._task(one) for one in mine],
            share=share_text(part, self._digits),
            cost=self.money(cost) if self.costed else "",
            to_ask=sum(bool(self._assumed(one)) for one in mine),
            leave_url=self._link(lambda wish: wishes.leaving_out(wish, code)),
            must_url="" if code in self.made.wish.required else self._link(lambda wish: wishes.taking_in(wish, code)),
        )

    def _where(self, partner: Partner) -> str:
        away = distance(self.made.order.place, partner.place)
        parts = [
            place_text(partner.place),
            quantity_text(round(away), "km", "", self._digits) if away is not None else "",
        ]
        return " · ".join(one for one in parts if one)

    def _task(self, one: Allocation) -> Task:
        offer = self._offers.get((one.partner, one.line))
        priced = self.costed and offer is not None and bool(offer.unit_price)
        return Task(
            line=self.line(one.line),
            amount=self.said(amount_text(self.made, one.line, one.quantity, self.language)),
            share=share_text(one.part, self._digits),
            price=self.money(offer.unit_price or 0.0) if priced and offer else "",
            price_source=price_source(offer) if priced and offer else "",
        )

    def _assumed(self, one: Allocation) -> tuple[str, ...]:
        offer = self._offers.get((one.partner, one.line))
        return offer.assumed if offer is not None else ()

    def _link(self, change: Callable[[Wish], Wish]) -> str:
        return self._url + wishes.query_of(change(self.made.wish)) if self._url else ""

    def picture(self) -> SafeString:
        """The drawing of who makes what."""
        numbers = {one.partner: number for number, one in enumerate(self.made.group.members)} if self.made.group else {}
        lines = [
            LineParts(self.line(line.id), self._ordered(line.id), self._parts(line.id, numbers))
            for line in self.made.order.lines
        ]
        return who_makes_what(
            lines, title=_("Who makes what: %(finding)s") % {"finding": self.headline()}, rtl=self.language == "ar"
        )

    def _ordered(self, line_id: str) -> str:
        line = next(one for one in self.made.order.lines if one.id == line_id)
        return self.said(amount_text(self.made, line.id, line.quantity, self.language))

    def _line_label(self, line_id: str) -> str:
        return f"{self.line(line_id)} · {self._ordered(line_id)}"

    def _parts(self, line: str, numbers: dict[str, int]) -> list[Part]:
        group = self.made.group
        if group is None:
            return []
        made = [
            Part(self.name(one.partner), numbers[one.partner], one.part, self._amount(line, one.quantity, one.part))
            for one in sorted(group.allocations, key=lambda one: numbers[one.partner])
            if one.line == line
        ]
        open_ = [
            Part(_("not covered"), -1, one.part, self._amount(line, one.quantity, one.part))
            for one in group.uncovered
            if one.line == line and one.part > 1e-6
        ]
        return made + open_

    def _amount(self, line: str, quantity: float, part: float) -> str:
        amount = self.said(amount_text(self.made, line, quantity, self.language))
        return f"{amount} ({share_text(part, self._digits)})"

    def headers(self) -> list[str]:
        """Of the table behind the picture: the enterprise, and each line."""
        return [_("Enterprise"), *(self._line_label(line.id) for line in self.made.order.lines)]

    def rows(self) -> list[list[str]]:
        """Of the table behind the picture: members × lines."""
        group = self.made.group
        if group is None:
            return []
        made = {(one.partner, one.line): one for one in group.allocations}
        lines = [line.id for line in self.made.order.lines]
        rows = [
            [self.name(one.partner), *(self._cell(made.get((one.partner, line))) for line in lines)]
            for one in group.members
        ]
        left = {one.line: self._amount(one.line, one.quantity, one.part) for one in group.uncovered if one.part > 1e-6}
        return [*rows, [_("not covered"), *(left.get(line, "—") for line in lines)]] if left else rows

    def _cell(self, one: Allocation | None) -> str:
        return self._amount(one.line, one.quantity, one.part) if one is not None else "—"

    def uncovered(self) -> list[str]:
        """What no member makes."""
        left = self.made.group.uncovered if self.made.group else ()
        return [
            f"{self.line(one.line)}: {self._amount(one.line, one.quantity, one.part)}"
            for one in left
            if one.part > 1e-6
        ]

    # cost and what it rests on

    def cost(self) -> Cost | None:
        """The cost; None where none is known or the reader does not see it."""
        group = self.made.group
        if not self.costed or group is None:
            return None
        offers = [one for one in self.made.offers if one.unit_price]
        return Cost(
            total=self.money(group.cost),
            per=self._per(),
            spread=self.money(group.spread) if group.spread > 0 else "",
            quoted=sum(not one.estimated for one in offers),
            hinted=sum(one.estimated and "unit_price" not in one.assumed for one in offers),
            guessed=sum("unit_price" in one.assumed for one in offers),
            unpriced=[self.line(one) for one in self.made.unpriced],
        )

    def _per(self) -> str:
        """The period that the cost is for, where all lines have the same."""
        periods = {line.period for line in self.made.order.lines}
        period = periods.pop() if len(periods) == 1 else ""
        return word(f"per.{period}", self.language) if period else ""

    def to_ask(self) -> list[ToAsk]:
        """What was assumed of the members."""
        found = [one for one in self.made.offers if one.assumed]
        return [
            ToAsk(self.name(one.partner), self.line(one.line), assumed_words(one.assumed, self.language))
            for one in found
        ]

    # ways on

    def ways(self) -> list[Way]:
        """What becomes possible without a condition."""
        return [
            Way(
                self.said(
                    relief_words(one if self.costed else replace(one, cost=0.0), self._names, self.order, self.language)
                ),
                self._relaxed(wishes.without(self.made.wish, one.without)),
            )
            for one in self.made.found.reliefs
        ]

    def _relaxed(self, wish: Wish | None) -> str:
        return self._url + wishes.query_of(wish) if wish is not None and self._url else ""

    def saved(self) -> list[str]:
        """What one more of something would save."""
        worth = [one for one in self.made.saved if one.amount > 0 and one.kind != "line"] if self.costed else []
        return [self.said(saving_words(one, self._names, self.order, self.language)) for one in worth[:SAVINGS]]

    def gains(self) -> list[str]:
        """Who comes near, and what they would bring."""
        worth = [one for one in self.made.gains if self.costed or one.covered > 0]
        return [self.said(miss_words(one, self._names, self.order, self.language)) for one in worth]

    def others(self) -> list[Other]:
        """The groups to choose from, where there are several."""
        found: Sequence[Group] = self.made.others
        if len(found) < 2:
            return []
        return [
            Other(
                names=" + ".join(self.name(partner) for partner in one.partners),
                size=len(one.members),
                cost=self.money(one.cost) if self.costed else "",
                url=self._relaxed(wishes.choosing(self.made.wish, number)),
                chosen=number == self.made.wish.chosen,
            )
            for number, one in enumerate(found)
        ]


def price_source(offer: PartnerOffer) -> str:
    """How a price is known."""
    if "unit_price" in offer.assumed:
        return _("estimated: the middle of the others' prices")
    return _("estimated from a price hint") if offer.estimated else pgettext("price", "quoted")
