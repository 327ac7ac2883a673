"""A need of the small installation that two of its enterprises meet together and none alone, for tests of groups. Fictitious."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import msgspec
from django.utils import timezone

from tashbik.exchange.actor import acting
from tashbik.exchange.composition import Composed, Wish, composed
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Group, Invitation, Membership, Need, Quote, QuoteLine, Rfq, User
from tashbik.exchange.projection import as_json, record_of
from tashbik.exchange.queries.group_sources import market_of
from tashbik.exchange.storing import store
from tashbik.exchange.verbs import groups as verbs
from tashbik.registry import records
from tashbik.registry.need_text import need_line
from tests.world import World

TEXT = "10 000 carters en aluminium moulé sous pression par mois, livraison à Blida"
SPARE = (8000, 5000)
"""Pieces a month that the first and the second enterprise can make: together enough for 10,000."""


def ready(world: World, *, lines: Iterable[str] = (TEXT,), title: str = "Carters") -> Need:
    """The world's need for more than either foundry can make, with the index brought up."""
    spare_of(world.enterprises[0], SPARE[0])
    spare_of(world.enterprises[1], SPARE[1])
    made = tuple(need_line(str(number), text, country="DZ") for number, text in enumerate(lines, 1))
    world.need.record = as_json(records.Need(id="dz-N-1", lines=made))
    world.need.title, world.need.text = title, TEXT
    world.need.save()
    register_index().follow()
    return world.need


def spare_of(enterprise: Enterprise, pieces: float) -> None:
    """Give an enterprise a spare capacity a month, seen by all who have a role."""
    known = record_of(enterprise)
    rate = records.Rate(value=pieces, unit="piece", period="month")
    able = msgspec.structs.replace(known.capabilities[0], spare=rate, spare_as_of=date(2026, 11, 1))
    store(enterprise, msgspec.structs.replace(known, capabilities=(able, *known.capabilities[1:])))


def found(world: World, wish: Wish | None = None, role: str = "officer") -> Composed:
    """What is composed for the world's need."""
    wanted = wish or Wish()
    need = Need.objects.get(pk=world.need.pk)
    return composed(market_of(world[role], need).sources(wanted), wanted)


def kept(world: World, wish: Wish | None = None, role: str = "officer") -> Group:
    """A group of the world's need, kept as a draft."""
    wanted = wish or Wish()
    made = found(world, wanted, role)
    assert made.group is not None
    need = Need.objects.get(pk=world.need.pk)
    return verbs.compose(actor=world[role], need=need, version=need.version, wish=wanted, seen=made.group.partners)


def proposed(world: World, message: str = "") -> Group:
    """A group that was proposed to its members."""
    group = kept(world)
    return verbs.propose(actor=world["officer"], group=group, answer_by=in_days(10), message=message)


def in_days(days: int) -> date:
    """A day from today."""
    return timezone.now().date() + timedelta(days=days)


def second_member(world: World):  # type: ignore[no-untyped-def]
    """The actor of someone who speaks for the second enterprise."""
    user = User.objects.create_user("second@dz.example", "a-long-password", name="second", language="fr")
    membership = Membership.objects.create(user=user, exchange=world.dz, role="member", enterprise=world.enterprises[1])
    return acting(membership)


def quoted(world: World, prices: dict[int, str], *, status: str = Rfq.Status.CLOSED) -> Rfq:
    """A request for the need with a quote of each of some enterprises (by their place in the world) for its first line."""
    rfq = Rfq.objects.create(
        exchange=world.dz,
        need=world.need,
        need_version=world.need.version,
        code="dz-N-1-R1",
        status=status,
        deadline=in_days(5),
        currency="DZD",
    )
    for place, price in prices.items():
        invitation = Invitation.objects.create(rfq=rfq, enterprise=world.enterprises[place], status="quoted")
        quote = Quote.objects.create(
            invitation=invitation, status="submitted", currency="DZD", submitted=timezone.now()
        )
        QuoteLine.objects.create(quote=quote, line="1", unit="piece", unit_price=Decimal(price))
    return rfq
