"""Pages of the RFQ cycle, without JavaScript, in three languages; who may open them; queries that do not grow."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tashbik.exchange.actor import Actor, acting
from tashbik.exchange.models import Award, Invitation, Mail, Membership, Quote, Rfq, User
from tashbik.exchange.verbs import awards, quotes
from tashbik.exchange.verbs import rfq as verbs
from tests.world import World

Browse = Callable[..., Client]


def today(days: int = 0):
    return timezone.now().date() + timedelta(days=days)


def opened(world: World, count: int = 2) -> Rfq:
    world.need.details = {"lines": {"1": {"price_breaks": [500, 1000]}}}
    world.need.save(update_fields=["details"])
    return verbs.open_rfq(
        actor=world["buyer"],
        need=world.need,
        version=1,
        enterprises=world.enterprises[:count],
        deadline=today(14),
        currency="DZD",
    )


def typed(price: str, currency: str = "DZD") -> dict[str, Any]:
    row = {"from_quantity": "1", "unit_price": price, "tooling": "5000", "lead_time": "30"}
    return {"currency": currency, "valid_until": today(60).isoformat(), "lines": {"1": {"prices": [row]}}}


def fields(price: str = "120", **changes: str) -> dict[str, str]:
    row = {"from_quantity": "1", "unit_price": price, "tooling": "", "lead_time": "30", "note": ""}
    values = {f"line-1-0-{name}": value for name, value in row.items()}
    return {
        "currency": "DZD",
        "incoterm": "",
        "valid_until": today(60).isoformat(),
        "note": "",
        "edition": "0",
        **values,
        **changes,
    }


def member_of(world: World, number: int) -> Actor:
    user = User.objects.create_user(f"m{number}@dz.example", "a-long-password", language="fr")
    enterprise = world.enterprises[number]
    return acting(Membership.objects.create(user=user, exchange=world.dz, role="member", enterprise=enterprise))


def quoted(world: World) -> Rfq:
    rfq = opened(world)
    first, second = rfq.invitations.order_by("pk")
    quotes.submit(actor=world["member"], invitation=first, typed=typed("120"))
    quotes.submit(actor=member_of(world, 1), invitation=second, typed=typed("100"))
    return rfq


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_whole_cycle_through_the_pages(world: World, browse: Browse, language: str) -> None:
    officer, member, buyer = browse("officer", language), browse("member", language), browse("buyer", language)
    page = officer.get(reverse("rfq:new", args=["dz-N-1"]) + "?enterprise=dz:F-1&enterprise=dz:F-2")
    assert page.status_code == 200 and page.content.count(b'type="hidden" name="enterprise"') == 2
    sent = {
        "version": "1",
        "enterprise": ["dz:F-1", "dz:F-2"],
        "deadline": today(9).isoformat(),
        "currency": "DZD",
        "sealed": "on",
    }
    assert officer.post(reverse("rfq:new", args=["dz-N-1"]), {**sent, "send": "1"}).status_code == 303
    rfq = Rfq.objects.get()
    mine, theirs = rfq.invitations.order_by("pk")
    assert member.get(reverse("rfq:invitation", args=[mine.pk])).status_code == 200
    mine.refresh_from_db()
    assert mine.status == "seen"
    write = reverse("rfq:quote", args=[mine.pk])
    assert member.get(write).status_code == 200
    wrong = member.post(write, fields("x", act="send"))
    assert wrong.status_code == 422 and b'value="x"' in wrong.content
    assert Quote.objects.get().typed["lines"]["1"]["prices"][0]["unit_price"] == "x"
    assert member.post(write, fields("120", act="send", edition="1")).status_code == 303
    sealed = buyer.get(reverse("rfq:page", args=[rfq.code]))
    assert "120" not in sealed.content.decode() and "60,000" not in sealed.content.decode()
    paper = reverse("rfq:quote", args=[theirs.pk])
    assert officer.post(paper, fields("100", act="send")).status_code == 303
    compared = buyer.get(reverse("rfq:compare", args=[rfq.code]))
    assert {"ar": "الأقل سعرًا", "fr": "la moins chère"}[language] in compared.content.decode()
    quote = Quote.objects.get(invitation=theirs, status="submitted")
    choice = {"quote-1": str(quote.pk), "quantity-1": "1000"}
    assert buyer.post(reverse("rfq:award", args=[rfq.code]), choice).status_code == 303
    award = Award.objects.get()
    assert award.value == Decimal(100000)
    outcome = reverse("rfq:outcome", args=[award.pk])
    assert buyer.get(outcome).status_code == 200
    recorded = {"kind": "delivered", "on": today().isoformat(), "value": "99000", "note": ""}
    assert buyer.post(outcome, recorded).status_code == 303
    assert {"ar": "تم التسليم", "fr": "livré"}[language] in officer.get(outcome).content.decode()


PAGES = (
    "rfq:page",
    "rfq:compare",
    "rfq:award",
    "rfq:invite",
    "rfq:extend",
    "rfq:close",
    "rfq:cancel",
    "rfq:compare-xlsx",
)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_in_every_language(world: World, browse: Browse, language: str) -> None:
    rfq = quoted(world)
    awards.award(
        actor=world["buyer"],
        rfq=rfq,
        choices=[awards.Choice(Quote.objects.latest("pk").pk, {"1": Decimal(500)})],
    )
    client = browse("officer", language)
    for name in PAGES:
        assert client.get(reverse(name, args=[rfq.code])).status_code == 200, name
    invitation = rfq.invitations.first()
    for name, number in (("rfq:invitation", invitation.pk), ("rfq:outcome", Award.objects.get().pk)):
        assert client.get(reverse(name, args=[number])).status_code == 200, name
    for role in ("member", "buyer", "officer"):
        assert browse(role, language).get(reverse("rfq:list")).status_code == 200


@pytest.mark.parametrize("role", ["visitor", "institution", "financier", "analyst", "organiser", "administrator"])
def test_who_has_no_business_here_sees_nothing(world: World, browse: Browse, role: str) -> None:
    rfq = quoted(world)
    client = browse(role)
    refused = {302} if role == "visitor" else {403}
    assert client.get(reverse("rfq:list")).status_code in refused
    for name in PAGES:
        assert client.get(reverse(name, args=[rfq.code])).status_code == 404, name
    number = rfq.invitations.first().pk
    for name in ("rfq:invitation", "rfq:quote", "rfq:decline"):
        assert client.get(reverse(name, args=[number])).status_code == 404, name
    assert client.get(reverse("rfq:new", args=["dz-N-1"])).status_code in refused | {404}


def test_a_member_sees_only_the_own_invitation(world: World, browse: Browse) -> None:
    rfq = quoted(world)
    first, second = rfq.invitations.order_by("pk")
    client = browse("member")
    assert client.get(reverse("rfq:invitation", args=[first.pk])).status_code == 200
    assert client.get(reverse("rfq:invitation", args=[second.pk])).status_code == 404
    assert client.get(reverse("rfq:page", args=[rfq.code])).status_code == 404


def test_searching_adding_and_taking_out_before_it_is_sent(world: World, browse: Browse) -> None:
    client, address = browse("buyer"), reverse("rfq:new", args=["dz-N-1"])
    found = client.post(address, {"search": "1", "q": "annaba", "enterprise": "dz:F-1", "message": "kept words"})
    text = found.content.decode()
    assert "Atelier Mécanique Annaba" in text and "kept words" in text and "مسبك الهضاب" in text
    dropped = client.post(address, {"drop": "dz:F-1", "enterprise": ["dz:F-1", "dz:F-3"]}).content.decode()
    assert "مسبك الهضاب" not in dropped and "Atelier Mécanique Annaba" in dropped
    refused = client.post(address, {"send": "1", "version": "1", "deadline": "2020-01-01", "currency": "DZD"})
    assert refused.status_code == 422
    assert not Rfq.objects.exists() and not Mail.objects.exists()


def test_autosave_keeps_what_is_typed(world: World, browse: Browse) -> None:
    invitation = opened(world).invitations.first()
    client = browse("member", "ar")
    address = reverse("rfq:autosave", args=[invitation.pk])
    first = client.post(address, fields("12"))
    assert 'value="1"' in first.content.decode() and "hx-swap-oob" in first.content.decode()
    late = client.post(address, fields("13"))
    assert "زميل" in late.content.decode()
    assert Quote.objects.get().typed["lines"]["1"]["prices"][0]["unit_price"] == "12"
    more = client.post(reverse("rfq:quote", args=[invitation.pk]), fields("12", edition="1", act="more:1"))
    assert b"line-1-1-unit_price" in more.content and b"line-1-2-unit_price" not in more.content


def test_declining_withdrawing_reminding_and_closing(world: World, browse: Browse) -> None:
    rfq = opened(world)
    first, _second = rfq.invitations.order_by("pk")
    member, buyer = browse("member"), browse("buyer")
    decline = reverse("rfq:decline", args=[first.pk])
    assert member.post(decline, {"reason": ""}).status_code == 422
    assert member.post(decline, {"reason": "capacity"}).status_code == 303
    assert "no free capacity" in buyer.get(reverse("rfq:page", args=[rfq.code])).content.decode()
    quote = quotes.submit(actor=world["member"], invitation=first, typed=typed("9"))
    assert member.post(reverse("rfq:withdraw", args=[quote.pk])).status_code == 303
    assert buyer.post(reverse("rfq:remind", args=[rfq.code])).status_code == 303
    assert buyer.post(reverse("rfq:extend", args=[rfq.code]), {"deadline": today(1).isoformat()}).status_code == 422
    assert buyer.post(reverse("rfq:extend", args=[rfq.code]), {"deadline": today(40).isoformat()}).status_code == 303
    assert buyer.post(reverse("rfq:invite", args=[rfq.code]), {"enterprise": "dz:F-3"}).status_code == 303
    assert buyer.post(reverse("rfq:close", args=[rfq.code]), {"reason": ""}).status_code == 422
    assert buyer.post(reverse("rfq:close", args=[rfq.code]), {"reason": "enough"}).status_code == 303
    assert buyer.post(reverse("rfq:cancel", args=[rfq.code]), {"reason": "no budget"}).status_code == 303
    assert Invitation.objects.count() == 3
    assert member.get(reverse("rfq:quote", args=[first.pk])).status_code == 409


def test_rates_are_the_readers_own(world: World, browse: Browse) -> None:
    rfq = opened(world)
    first, second = rfq.invitations.order_by("pk")
    quotes.submit(actor=world["member"], invitation=first, typed=typed("120"))
    quotes.submit(actor=member_of(world, 1), invitation=second, typed=typed("1", "EUR"))
    client, address = browse("officer"), reverse("rfq:compare", args=[rfq.code])
    assert "cheapest" not in client.get(address).content.decode()
    rated = client.get(address, {"rate_EUR": "150,5", "source": "Bank of Algeria", "on": "2026-11-20", "runs": "12"})
    text = rated.content.decode()
    assert "cheapest" in text and "Bank of Algeria" in text and "2026-11-20" in text
    assert "This is not a number" in client.get(address, {"rate_EUR": "abc"}).content.decode()
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("rfq:compare-xlsx", args=[rfq.code]), {"rate_EUR": "150,5"}).content)
    )
    assert book.worksheets[0].max_row == 3
    arabic = browse("officer", "ar").get(reverse("rfq:compare-xlsx", args=[rfq.code]))
    assert openpyxl.load_workbook(io.BytesIO(arabic.content)).worksheets[0].sheet_view.rightToLeft
    award = reverse("rfq:award", args=[rfq.code])
    quote = Quote.objects.get(currency="EUR")
    chosen = {"quote-1": str(quote.pk), "quantity-1": "500"}
    dear = client.post(award, {**chosen, "rate_EUR": "1000", "source": "x"})
    assert dear.status_code == 422 and "Say why" in dear.content.decode()
    assert client.post(award, {**chosen, "rate_EUR": "1000", "reason": "quality"}).status_code == 303


def test_queries_do_not_grow(world: World, browse: Browse) -> None:
    rfq = opened(world, 1)
    quotes.submit(actor=world["member"], invitation=rfq.invitations.get(), typed=typed("1"))
    client = browse("officer")
    addresses = [reverse("rfq:list"), *(reverse(name, args=[rfq.code]) for name in ("rfq:page", "rfq:compare"))]
    before = [_queries(client, address) for address in addresses]
    verbs.invite(actor=world["buyer"], rfq=rfq, enterprises=world.enterprises[1:3])
    for number in (1, 2):
        invitation = rfq.invitations.get(enterprise=world.enterprises[number])
        quotes.submit(actor=member_of(world, number), invitation=invitation, typed=typed("2"))
    for _number in range(2):
        opened(world, 1)
    assert [_queries(client, address) for address in addresses] == before


def test_queries_of_the_invitations_do_not_grow(world: World, browse: Browse) -> None:
    opened(world, 1)
    client = browse("member")
    before = _queries(client, reverse("rfq:list"))
    opened(world, 1)
    opened(world, 1)
    assert _queries(client, reverse("rfq:list")) == before


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
