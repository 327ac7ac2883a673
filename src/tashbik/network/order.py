"""The records of composition: an order, who could take part in it and on what terms, the conditions, and the group found. Not the solving."""

from __future__ import annotations

from typing import Literal

import msgspec

from tashbik.registry.records import Place, Record, Words


class OrderLine(Record, frozen=True, kw_only=True):
    """A line of an order: `quantity` in `unit` (per `period` where one is set). `transport` is money per unit and km."""

    id: str
    text: str = ""
    quantity: float
    unit: str = "piece"
    period: str = ""
    critical: bool = False
    transport: float = 0.0


class Order(Record, frozen=True, kw_only=True):
    """What a buyer orders. Money is in `currency` (ISO 4217) throughout one composition."""

    id: str
    lines: tuple[OrderLine, ...]
    buyer: str = ""
    place: Place = Place()
    currency: str = ""


class Partner(Record, frozen=True, kw_only=True):
    """An enterprise that may take part: fixed cost of engaging it, probability of failing (0–1), whether it may lead the group."""

    id: str
    names: Words = msgspec.field(default_factory=dict)
    place: Place = Place()
    fixed_cost: float = 0.0
    risk: float = 0.0
    can_lead: bool = True


class PartnerOffer(Record, frozen=True, kw_only=True):
    """What a partner offers for a line, in the line's unit and period.

    `capacity` and `minimum` bound what it takes if it takes any. `unit_price` ± `price_spread` (one standard deviation) is an
    estimate where `estimated`; `None` where no price is known and none could be estimated. Offers of one partner with the same
    `pool` share one capacity. `machines` of the kind `machine` (a concept or words) carry it. `content` is the local part of the
    value, 0–1. `assumed` names the fields that were assumed for want of data: questions to the partner.
    """

    partner: str
    line: str
    capacity: float
    minimum: float = 0.0
    unit_price: float | None = None
    price_spread: float = 0.0
    estimated: bool = False
    transport: float | None = None
    pool: str = ""
    machine: str = ""
    machines: int = 1
    content: float = 1.0
    assumed: tuple[str, ...] = ()


class NearMiss(Record, frozen=True, kw_only=True):
    """An offer that fails something mandatory: what fails (kinds of requirement), and the offer as it would be if that were mended."""

    offer: PartnerOffer
    partner: Partner
    failing: tuple[str, ...] = ()


class CountryShare(Record, frozen=True, kw_only=True):
    """Part of the order's value that partners of a country make: at least and at most (0–1)."""

    country: str
    least: float = 0.0
    most: float = 1.0


class Conditions(Record, frozen=True, kw_only=True):
    """What the group must satisfy, and what weighs in its cost.

    `sources` is the least number of partners of a critical line, each with `least_part` of it at least; `most_part` bounds one
    partner's part of any line. `caution` adds so many standard deviations to uncertain prices; `risk_cost` is the cost of a failure
    in times of the value that fails. `least_part` also tells a real partner from one that is there for form's sake.
    """

    max_partners: int | None = None
    apart: tuple[tuple[str, str], ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    sources: int = 2
    most_part: float = 1.0
    least_part: float = 0.05
    countries: tuple[CountryShare, ...] = ()
    local_content: float = 0.0
    lead: str = ""
    lead_part: float = 0.0
    budget: float | None = None
    caution: float = 0.0
    risk_cost: float = 0.0


class OrderFile(Record, frozen=True, kw_only=True):
    """An order with everything that a group is composed of, as `tashbik network compose FILE` reads it."""

    order: Order
    partners: tuple[Partner, ...]
    offers: tuple[PartnerOffer, ...]
    conditions: Conditions = Conditions()
    misses: tuple[NearMiss, ...] = ()


class Allocation(Record, frozen=True, kw_only=True):
    """What one member makes of one line: quantity, part of the line (0–1), unit price and transport counted, cost without the fixed cost."""

    partner: str
    line: str
    quantity: float
    part: float
    unit_price: float | None
    transport: float
    cost: float


class Member(Record, frozen=True, kw_only=True):
    """A member of the group: role, part of the order's value, cost with its fixed cost."""

    partner: str
    role: Literal["lead", "member"]
    part: float
    cost: float


class Uncovered(Record, frozen=True, kw_only=True):
    """What no member makes of a line."""

    line: str
    quantity: float
    part: float


class Group(Record, frozen=True, kw_only=True):
    """A group that meets an order, or most of it. `cost` is expected money; `spread` its standard deviation from uncertain prices, taken as independent.

    `counted` is what was minimised: the cost with caution for uncertain prices and with the cost of risk; `bound` is its proven bound.
    `covered` is the part of the order's value that is met.
    """

    members: tuple[Member, ...]
    allocations: tuple[Allocation, ...]
    uncovered: tuple[Uncovered, ...]
    cost: float
    counted: float
    bound: float
    spread: float
    covered: float

    @property
    def lead(self) -> str:
        """The leading partner."""
        return next((one.partner for one in self.members if one.role == "lead"), "")

    @property
    def partners(self) -> tuple[str, ...]:
        """Ids of the members, the lead first."""
        return tuple(one.partner for one in self.members)


ConditionKind = Literal[
    "line", "max_partners", "apart", "required", "sources", "most_part", "country", "local_content", "lead", "budget"
]


class Condition(Record, frozen=True, kw_only=True):
    """A condition of an order by name: its kind, and the lines, partners or country that it is about, with its number."""

    kind: ConditionKind
    about: tuple[str, ...] = ()
    number: float | None = None


class Relief(Record, frozen=True, kw_only=True):
    """What becomes possible without one condition: the least cost of meeting the whole order then."""

    without: Condition
    cost: float


class Composition(Record, frozen=True, kw_only=True):
    """The answer: the best group (None where even a part cannot be met under the conditions), or why there is no complete one.

    `conflict` is an irreducible set of conditions that cannot hold together: without any one of them the others can.
    """

    complete: bool
    group: Group | None
    conflict: tuple[Condition, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    seconds: float = 0.0


class Weakness(Record, frozen=True, kw_only=True):
    """A member's failure: part of the order's value that the others cannot make (0–1), of which lines, and who would replace it best.

    `expected` is the member's risk times `uncovered`; `left` what stays uncovered with the replacement; `extra` its added cost.
    """

    partner: str
    uncovered: float
    expected: float
    lines: tuple[Uncovered, ...]
    replacement: str = ""
    left: float = 0.0
    extra: float = 0.0


class Saving(Record, frozen=True, kw_only=True):
    """What one more of something would save: `kind` machine, capacity, partners or line, money saved (negative: it costs).

    For `machine` one more of `machine` at `partner`; for `capacity` one more unit of the line's capacity there; for `partners` one
    more partner allowed; for `line` one unit less of the line ordered.
    """

    kind: Literal["machine", "capacity", "partners", "line"]
    amount: float
    partner: str = ""
    line: str = ""
    machine: str = ""


class MissGain(Record, frozen=True, kw_only=True):
    """What a near miss would bring if it were mended: part of the order's value covered in addition, and money saved."""

    partner: str
    line: str
    failing: tuple[str, ...]
    covered: float
    saved: float
