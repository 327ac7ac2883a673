"""What a page of a group is made of, as plain values: members and their tasks, cost, ways on. Not their making (showing.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from tashbik.exchange.composition import Composed


@dataclass(frozen=True, slots=True)
class Task:
    """What a member makes of a line; `price` as it was counted, and how it is known."""

    line: str
    amount: str
    share: str
    price: str = ""
    price_source: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member: who, where, what it makes, its part of the value, what it costs, what is to be asked of it, and links that change the wish."""

    code: str
    name: str
    lead: bool
    place: str
    tasks: list[Task]
    share: str
    cost: str
    to_ask: int
    leave_url: str
    must_url: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another group: its members, its cost, and the link that chooses it."""

    names: str
    size: int
    cost: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a conflict, with the link that takes it (empty where it is no wish of the reader's)."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ToAsk:
    """What was assumed of a member for want of data, to be asked of it."""

    name: str
    line: str
    what: str


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost (in each `per`) with its spread, how many of the prices are quoted, from hints and estimated from the others, and lines without any price."""

    total: str
    per: str
    spread: str
    quoted: int
    hinted: int
    guessed: int
    unpriced: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a page says of a group."""

    made: Composed
    headline: str
    alone: str
    members: list[Member]
    picture: SafeString
    headers: list[str]
    rows: list[list[str]]
    covered: str
    uncovered: list[str]
    cost: Cost | None
    conflict: str
    ways: list[Way]
    weak: list[str]
    saved: list[str]
    gains: list[str]
    others: list[Other]
    to_ask: list[ToAsk] = field(default_factory=list)
    exhausted: bool = False
    """Whether it is the offers that do not suffice, not a condition."""
