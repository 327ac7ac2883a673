"""The RFQ cycle by its verbs: from the request to the outcome, with every refusal by role and state."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange import audit
from tashbik.exchange.actor import SYSTEM, Actor, acting
from tashbik.exchange.jobs import work_off
from tashbik.exchange.models import AuditEntry, Award, Invitation, Mail, Membership, Need, Outcome, Quote, Rfq, User
from tashbik.exchange.queries import rfq as queries
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.verbs import awards, quotes
from tashbik.exchange.verbs import rfq as verbs
from tests.world import World


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def today(days: int = 0):
    return timezone.now().date() + timedelta(days=days)


def member_of(world: World, number: int, language: str = "fr") -> Actor:
    """A member of one of the other enterprises."""
    user = User.objects.create_user(f"m{number}@dz.example", "a-long-password", language=language)
    enterprise = world.enterprises[number]
    return acting(Membership.objects.create(user=user, exchange=world.dz, role="member", enterprise=enterprise))


def opened(world: World, actor: Actor | None = None, **changes: Any) -> Rfq:
    world.need.details = {"lines": {"1": {"price_breaks": [500, 1000]}}}
    world.need.save(update_fields=["details"])
    values: dict[str, Any] = {
        "need": world.need,
        "version": 1,
        "enterprises": world.enterprises[:2],
        "deadline": today(14),
        "currency": "DZD",
        "incoterm": "DAP",
        "message": "Merci de chiffrer 500 et 1000 pièces.",
    }
    return verbs.open_rfq(actor=actor or world["buyer"], **{**values, **changes})


def typed(price: str = "120", *, currency: str = "DZD", lead: str = "30", **changes: Any) -> dict[str, Any]:
    row = {"from_quantity": "1", "unit_price": price, "tooling": "50000", "lead_time": lead}
    cheaper = {**row, "from_quantity": "1000", "unit_price": "90"}
    values = {
        "currency": currency,
        "incoterm": "DAP",
        "valid_until": today(60).isoformat(),
        "note": "",
        "lines": {"1": {"prices": [row, cheaper]}},
    }
    return {**values, **changes}


def invitation_of(rfq: Rfq, world: World, number: int) -> Invitation:
    return rfq.invitations.get(enterprise=world.enterprises[number])


def quoted(world: World) -> tuple[Rfq, Quote, Quote, Actor]:
    """A request with two quotes: the second is cheaper."""
    rfq = opened(world)
    other = member_of(world, 1)
    first = quotes.submit(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed("120"))
    second = quotes.submit(actor=other, invitation=invitation_of(rfq, world, 1), typed=typed("100", lead="45"))
    return rfq, first, second, other


def test_the_whole_cycle(world: World) -> None:
    rfq = opened(world)
    assert (rfq.code, rfq.status, rfq.need_version) == ("dz-N-1-R1", "open", 1)
    mine = invitation_of(rfq, world, 0)
    member, other = world["member"], member_of(world, 1)
    quotes.open_invitation(actor=member, invitation=mine)
    assert mine.status == "seen"
    draft = quotes.draft(actor=member, invitation=mine, typed=typed("12o"), edition=0)
    assert (draft.status, draft.version, draft.edition) == ("draft", 1, 1)
    assert queries.quotes_of_invitation(world["buyer"], mine) == []
    first = quotes.submit(actor=member, invitation=mine, typed=typed("120"), edition=1)
    assert queries.comparison(world["buyer"], rfq) is None  # sealed: one has not answered
    with pytest.raises(StateError, match="sealed"):
        awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(first.pk, {"1": Decimal(500)})])
    second = quotes.submit(actor=other, invitation=invitation_of(rfq, world, 1), typed=typed("100,50", lead="45"))
    table = queries.comparison(world["buyer"], rfq)
    assert table is not None
    cells = {column.offered.id: column.cells["1"] for column in table.columns}
    assert cells[first.pk].amount == Decimal(60000)
    assert cells[second.pk].total == Decimal(100250)
    assert (cells[second.pk].cheapest, cells[first.pk].fastest) == (True, True)
    (made,) = awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(1000)})])
    assert (made.value, made.currency, made.lines) == (Decimal(140000), "DZD", {"1": "1000"})
    rfq.refresh_from_db()
    assert rfq.status == "awarded"
    awards.record_outcome(actor=world["buyer"], award=made, kind="ordered", on=today(), value=Decimal(140000))
    awards.record_outcome(actor=other, award=made, kind="ordered", on=today())
    awards.record_outcome(actor=other, award=made, kind="delivered", on=today())
    awards.record_outcome(actor=world["buyer"], award=made, kind="disputed", on=today(), note="200 pièces rayées")
    awards.record_outcome(actor=world["officer"], award=made, kind="settled", on=today(), value=Decimal("130000.5"))
    assert [(one.kind, one.side) for one in made.outcomes.all()] == [
        ("ordered", "buyer"),
        ("ordered", "enterprise"),
        ("delivered", "enterprise"),
        ("disputed", "buyer"),
        ("settled", "exchange"),
    ]
    assert list(audit.broken_links()) == []
    assert {"rfq.open", "invitation.open", "quote.submit", "award.make", "outcome.record"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


def test_who_is_told_in_which_language(world: World) -> None:
    rfq, _first, second, _other = quoted(world)
    awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    sent = {(one.kind, one.to): one for one in Mail.objects.all()}
    assert sent["invitation", "member@dz.example"].language == "ar"
    assert sent["invitation", "member@dz.example"].subject == "طلب عرض أسعار dz-N-1-R1: Carters"
    third = sent["award", "m1@dz.example"]
    assert third.subject == "Votre offre pour dz-N-1-R1 a été retenue"
    assert "(500 pièces)" in third.body
    assert ("award.lost", "member@dz.example") in sent
    received = sent["quote.received", "buyer@dz.example"]
    assert "Fonderie du Sahel" in received.body or "مسبك الهضاب" in received.body
    assert not any("120" in one.body for one in sent.values() if one.kind == "quote.received")
    work_off()
    assert len(mail.outbox) == Mail.objects.filter(status="sent").count() == Mail.objects.count()


def test_enterprises_without_members_are_reached_through_the_officers(world: World) -> None:
    rfq = opened(world, enterprises=[world.enterprises[2]])
    (one,) = Mail.objects.filter(kind="invitation")
    assert one.to == "officer@dz.example"
    assert "Atelier Mécanique Annaba" in one.body
    invitation = rfq.invitations.get()
    quote = quotes.submit(actor=world["officer"], invitation=invitation, typed=typed("130"))
    assert quote.on_paper
    entry = AuditEntry.objects.filter(verb="quote.submit").first()
    assert entry is not None and entry.role == "officer"


def test_anonymous_buyers_stay_anonymous(world: World) -> None:
    Need.objects.update(anonymous=True)
    world.need.refresh_from_db()
    rfq, _first, second, _other = quoted(world)
    awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    assert not [one.kind for one in Mail.objects.all() if "Grands Moteurs" in one.body + one.subject]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deadline": today()}, "deadline"),
        ({"deadline": today(500)}, "deadline"),
        ({"currency": "XXX"}, "currency"),
        ({"incoterm": "ABC"}, "incoterm"),
        ({"enterprises": []}, "enterprises"),
    ],
)
def test_values_that_a_request_cannot_have(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        opened(world, **changes)
    assert set(refused.value.fields) == {field}
    assert not Mail.objects.exists()


def test_only_enterprises_of_the_own_exchange_are_asked(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        opened(world, enterprises=[world.foreign])
    assert "tn:F-9" in refused.value.fields["enterprises"][0]


def test_a_need_that_is_not_released_or_was_changed(world: World) -> None:
    with pytest.raises(ConflictError):
        opened(world, version=2)
    Need.objects.update(status="draft")
    with pytest.raises(StateError):
        opened(world)


def test_an_exchange_that_took_the_need_up_asks_its_own(world: World) -> None:
    officer = world.elsewhere["officer"]
    with pytest.raises(NotPermittedError):
        opened(world, officer, enterprises=[world.foreign])
    referral = world.need.referrals.create(exchange=world.tn)
    with pytest.raises(StateError):
        opened(world, officer, enterprises=[world.foreign])
    referral.status = "taken"
    referral.save()
    rfq = opened(world, officer, enterprises=[world.foreign])
    assert rfq.exchange == world.tn
    assert list(queries.visible(world["officer"])) == [rfq]  # the exchange that the need belongs to sees it too


def test_a_revised_need_is_told_and_quoted_again(world: World) -> None:
    rfq, first, _second, _other = quoted(world)
    need = world.need
    need.version, need.record = 2, {**need.record, "eligibility": "new"}
    need.details = {"lines": {}, "pending": {"secret": 1}}
    need.save()

    before = dict(audit.VERBS)

    @audit.verb("need.revise", on="need")
    def revise(*, actor: Actor, need: Need) -> Need:
        verbs.follow_revision(need=need)
        return need

    revise(actor=world["buyer"], need=need)
    audit.VERBS.clear()
    audit.VERBS.update(before)
    rfq.refresh_from_db()
    assert "price_breaks" not in rfq.details["lines"]
    assert (rfq.need_version, rfq.record["eligibility"], rfq.details) == (2, "new", {"lines": {}})
    assert Mail.objects.filter(kind="rfq.revised").count() == 2
    again = quotes.submit(actor=world["member"], invitation=first.invitation, typed=typed("110"))
    first.refresh_from_db()
    assert (first.need_version, first.status, again.need_version, again.version) == (1, "replaced", 2, 2)
    assert list(audit.broken_links()) == []


def test_drafts_of_two_colleagues_do_not_overwrite_each_other(world: World) -> None:
    invitation = invitation_of(opened(world), world, 0)
    quotes.draft(actor=world["member"], invitation=invitation, typed=typed("1"), edition=0)
    with pytest.raises(ConflictError):
        quotes.draft(actor=world["member"], invitation=invitation, typed=typed("2"), edition=0)
    with pytest.raises(StateError, match="own quote"):
        quotes.draft(actor=world["officer"], invitation=invitation, typed=typed("3"))
    assert Quote.objects.get().typed["lines"]["1"]["prices"][0]["unit_price"] == "1"


def broken(**changes: Any) -> dict[str, Any]:
    row = {"from_quantity": "1", "unit_price": "10", "tooling": "", "lead_time": "5", **changes}
    return typed(lines={"1": {"prices": [row]}})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (typed(currency=""), "currency"),
        (typed(valid_until=today(10).isoformat()), "valid_until"),
        (typed(valid_until="soon"), "valid_until"),
        (typed(lines={}), "line-1"),
        (typed(lines={"1": {"left_out": True}}), ""),
        (broken(unit_price=""), "line-1-0-unit_price"),
        (broken(unit_price="1,200"), "line-1-0-unit_price"),
        (broken(unit_price="-4"), "line-1-0-unit_price"),
        (broken(unit_price="1.23456"), "line-1-0-unit_price"),
        (broken(lead_time="0"), "line-1-0-lead_time"),
        (broken(lead_time=""), "line-1-0-lead_time"),
        (
            typed(
                lines={"1": {"prices": [{"from_quantity": q, "unit_price": "1", "lead_time": "1"} for q in ("5", "5")]}}
            ),
            "line-1-1-from_quantity",
        ),
        (typed(lines={"1": {"left_out": True, "prices": [{"unit_price": "1", "lead_time": "1"}]}}), "line-1"),
    ],
)
def test_values_that_a_quote_cannot_have(world: World, values: dict[str, Any], field: str) -> None:
    invitation = invitation_of(opened(world), world, 0)
    with pytest.raises(InvalidError) as refused:
        quotes.submit(actor=world["member"], invitation=invitation, typed=values)
    assert set(refused.value.fields) == {field}
    assert not Quote.objects.exists()


def test_arabic_digits_are_taken(world: World) -> None:
    invitation = invitation_of(opened(world), world, 0)
    values = broken(unit_price="١٢٫٥", lead_time="٣٠", tooling="١ ٢٠٠")
    quote = quotes.submit(actor=world["member"], invitation=invitation, typed=values)
    line = quote.lines.get()
    assert (line.unit_price, line.lead_time, line.tooling) == (Decimal("12.5"), 30, Decimal(1200))


def test_declined_withdrawn_and_quoted_after_all(world: World) -> None:
    rfq = opened(world)
    invitation = invitation_of(rfq, world, 0)
    with pytest.raises(InvalidError):
        quotes.decline(actor=world["member"], invitation=invitation, reason="")
    with pytest.raises(InvalidError):
        quotes.decline(actor=world["member"], invitation=invitation, reason="other")
    quotes.decline(actor=world["member"], invitation=invitation, reason="capacity")
    declined = Mail.objects.get(kind="invitation.declined")
    assert "لا طاقة شاغرة" in declined.body
    with pytest.raises(StateError):
        quotes.decline(actor=world["member"], invitation=invitation, reason="capacity")
    quote = quotes.submit(actor=world["member"], invitation=invitation, typed=typed())
    assert (invitation.status, invitation.reason) == ("quoted", "")
    quotes.withdraw(actor=world["member"], quote=quote)
    invitation.refresh_from_db()
    assert (quote.status, invitation.status, invitation.answered) == ("withdrawn", "seen", None)
    with pytest.raises(StateError):
        quotes.withdraw(actor=world["member"], quote=quote)


def test_after_the_deadline_nothing_is_accepted(world: World) -> None:
    rfq, first, _second, _other = quoted(world)
    Rfq.objects.update(deadline=today(-1))
    for call in (
        lambda: quotes.submit(actor=world["member"], invitation=first.invitation, typed=typed()),
        lambda: quotes.draft(actor=world["member"], invitation=first.invitation, typed=typed()),
        lambda: quotes.withdraw(actor=world["member"], quote=first),
        lambda: quotes.decline(actor=world["member"], invitation=first.invitation, reason="dates"),
        lambda: verbs.invite(actor=world["buyer"], rfq=rfq, enterprises=[world.enterprises[2]]),
        lambda: verbs.remind(actor=world["buyer"], rfq=rfq),
    ):
        with pytest.raises(StateError):
            call()


def test_reminders_by_hand_and_by_themselves_and_the_closing(world: World) -> None:
    rfq = opened(world)
    assert verbs.remind(actor=world["officer"], rfq=rfq) == 2
    with pytest.raises(StateError, match="nobody"):
        verbs.remind(actor=world["officer"], rfq=rfq)
    quotes.submit(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed())
    Invitation.objects.update(reminded=timezone.now() - timedelta(days=2))
    Rfq.objects.update(deadline=today(3))
    work_off(now=timezone.now() + timedelta(days=12))
    assert [one.reminders for one in rfq.invitations.order_by("pk")] == [1, 2]
    Rfq.objects.update(deadline=today(-1))
    work_off(now=timezone.now() + timedelta(days=16))
    rfq.refresh_from_db()
    assert rfq.status == "closed"
    assert "عدد العروض الواردة: 1" in Mail.objects.get(kind="rfq.closed").body
    assert list(audit.broken_links()) == []


def test_early_closing_needs_a_reason_and_is_told(world: World) -> None:
    rfq = opened(world)
    with pytest.raises(InvalidError):
        verbs.close(actor=world["buyer"], rfq=rfq)
    verbs.close(actor=world["buyer"], rfq=rfq, reason="Budget retiré")
    assert Mail.objects.filter(kind="rfq.ended").count() == 2
    with pytest.raises(StateError):
        verbs.close(actor=world["buyer"], rfq=rfq)
    verbs.extend(actor=world["buyer"], rfq=rfq, deadline=today(20))  # nobody had quoted
    assert (rfq.status, Mail.objects.filter(kind="rfq.extended").count()) == ("open", 2)


def test_extending_only_later_and_not_once_quotes_are_open(world: World) -> None:
    rfq, *_ = quoted(world)
    with pytest.raises(InvalidError):
        verbs.extend(actor=world["buyer"], rfq=rfq, deadline=today(5))
    verbs.close(actor=world["buyer"], rfq=rfq)
    with pytest.raises(StateError):
        verbs.extend(actor=world["buyer"], rfq=rfq, deadline=today(30))


def test_cancelled_requests_are_told_with_the_reason(world: World) -> None:
    rfq = opened(world)
    with pytest.raises(InvalidError):
        verbs.cancel(actor=world["buyer"], rfq=rfq, reason=" ")
    verbs.cancel(actor=world["buyer"], rfq=rfq, reason="Projet arrêté")
    assert all("Projet arrêté" in one.body for one in Mail.objects.filter(kind="rfq.cancelled"))
    with pytest.raises(StateError):
        verbs.cancel(actor=world["buyer"], rfq=rfq, reason="x")
    with pytest.raises(StateError):
        awards.award(actor=world["buyer"], rfq=rfq, choices=[])


def test_what_is_not_the_cheapest_needs_a_reason(world: World) -> None:
    rfq, first, second, _other = quoted(world)
    choice = [awards.Choice(first.pk, {"1": Decimal(500)})]
    with pytest.raises(InvalidError) as refused:
        awards.award(actor=world["buyer"], rfq=rfq, choices=choice)
    assert set(refused.value.fields) == {"reason"}
    (made,) = awards.award(actor=world["buyer"], rfq=rfq, choices=choice, reason="livre deux semaines plus tôt")
    assert made.reason
    with pytest.raises(InvalidError) as taken:
        awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    assert set(taken.value.fields) == {"line-1"}
    awards.record_outcome(actor=world["buyer"], award=made, kind="cancelled", on=today())
    awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    assert Mail.objects.filter(kind="award.lost").count() == 1


def test_other_currencies_are_compared_only_by_rates_that_are_given(world: World) -> None:
    rfq = opened(world)
    quotes.submit(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed("120"))
    euro = quotes.submit(
        actor=member_of(world, 1), invitation=invitation_of(rfq, world, 1), typed=typed("20", currency="EUR")
    )
    table = queries.comparison(world["buyer"], rfq)
    assert table is not None and table.unrated == ("EUR",)
    assert not any(column.cheapest for column in table.columns)
    choice = [awards.Choice(euro.pk, {"1": Decimal(500)})]
    with pytest.raises(InvalidError):
        awards.award(actor=world["buyer"], rfq=rfq, choices=choice)
    rates = {"EUR": Decimal("0.5")}
    table = queries.comparison(world["buyer"], rfq, rates=rates)
    assert table is not None and [column.cheapest for column in table.columns] == [False, True]
    (made,) = awards.award(actor=world["buyer"], rfq=rfq, choices=choice, rates=rates, rates_source="Banque d'Algérie")
    assert made.rates == {"rates": {"EUR": "0.5"}, "source": "Banque d'Algérie"}


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ({"1": Decimal(0)}, "line-1"),
        ({"9": Decimal(1)}, "choices"),
        ({}, "choices"),
        ({"1": Decimal("0.5")}, "line-1"),  # below the first price break
    ],
)
def test_awards_that_cannot_be(world: World, lines: dict[str, Decimal], field: str) -> None:
    rfq, _first, second, _other = quoted(world)
    with pytest.raises(InvalidError) as refused:
        awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, lines)], reason="x")
    assert set(refused.value.fields) == {field}
    assert not Award.objects.exists()


def test_outcomes_follow_upon_each_other(world: World) -> None:
    rfq, _first, second, other = quoted(world)
    (made,) = awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])

    def refused(kind: str, **changes: Any) -> set[str]:
        with pytest.raises(InvalidError) as error:
            awards.record_outcome(actor=other, award=made, **{"kind": kind, "on": today(), **changes})
        return set(error.value.fields)

    assert refused("settled") == {"kind"}
    assert refused("ordered", on=today(1)) == {"on"}
    assert refused("ordered", on=today(-1)) == {"on"}
    assert refused("ordered", value=Decimal(-1)) == {"value"}
    awards.record_outcome(actor=other, award=made, kind="ordered", on=today())
    assert refused("ordered") == {"kind"}
    assert refused("disputed") == {"note"}
    assert Outcome.objects.count() == 1


def test_missing_outcomes_are_asked_for_three_times(world: World) -> None:
    rfq, _first, second, other = quoted(world)
    (made,) = awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    assert awards.promised_on(made) == made.created.date() + timedelta(days=45)
    for months in range(2, 12):
        work_off(now=timezone.now() + timedelta(days=30 * months))
    made.refresh_from_db()
    assert made.asked == 3
    assert Mail.objects.filter(kind="outcome.asked").count() == 6
    Award.objects.update(created=timezone.now() - timedelta(days=60), asked=0)
    assert len(queries.overdue_awards(world["buyer"])) == len(queries.overdue_awards(other)) == 1
    made.refresh_from_db()
    awards.record_outcome(actor=other, award=made, kind="delivered", on=today())
    assert queries.overdue_awards(world["buyer"]) == []
    with pytest.raises(StateError):
        awards.ask_outcome(actor=world["buyer"], award=made)


BUYERS = {"buyer", "officer", "system"}


def test_every_role_on_every_verb(world: World) -> None:
    rfq, first, second, _other = quoted(world)
    (made,) = awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    invitation = first.invitation
    calls: dict[str, tuple[set[str], Any]] = {
        "rfq.open": (BUYERS, lambda a: opened(world, a)),
        "rfq.invite": (BUYERS, lambda a: verbs.invite(actor=a, rfq=rfq, enterprises=[])),
        "rfq.remind": (BUYERS, lambda a: verbs.remind(actor=a, rfq=rfq)),
        "rfq.extend": (BUYERS, lambda a: verbs.extend(actor=a, rfq=rfq, deadline=today(30))),
        "rfq.close": (BUYERS, lambda a: verbs.close(actor=a, rfq=rfq)),
        "rfq.cancel": (BUYERS, lambda a: verbs.cancel(actor=a, rfq=rfq, reason="x")),
        "invitation.open": ({"member", "system"}, lambda a: quotes.open_invitation(actor=a, invitation=invitation)),
        "invitation.decline": (
            {"member", "officer", "system"},
            lambda a: quotes.decline(actor=a, invitation=invitation, reason="dates"),
        ),
        "quote.draft": (
            {"member", "officer", "system"},
            lambda a: quotes.draft(actor=a, invitation=invitation, typed={}),
        ),
        "quote.submit": (
            {"member", "officer", "system"},
            lambda a: quotes.submit(actor=a, invitation=invitation, typed={}),
        ),
        "quote.withdraw": ({"member", "system"}, lambda a: quotes.withdraw(actor=a, quote=first)),
        "award.make": (BUYERS, lambda a: awards.award(actor=a, rfq=rfq, choices=[])),
        "outcome.ask": (BUYERS, lambda a: awards.ask_outcome(actor=a, award=made)),
        "outcome.record": (BUYERS, lambda a: awards.record_outcome(actor=a, award=made, kind="", on=today())),
    }
    strangers = [world.elsewhere[role] for role in ("officer", "member", "buyer", "administrator")]
    for name, (allowed, call) in calls.items():
        for role, actor in world.actors.items():
            assert _permitted(call, actor) == (role in allowed), f"{role} on {name}"
        assert not any(_permitted(call, actor) for actor in strangers), name


def _permitted(call: Any, actor: Actor) -> bool:
    from django.db import transaction

    try:
        with transaction.atomic():
            call(actor)
            raise InvalidError({}, "undone")
    except NotPermittedError:
        return False
    except (InvalidError, StateError, ConflictError):
        return True


def test_who_finds_what(world: World) -> None:
    rfq, first, _second, other = quoted(world)
    assert queries.find(world["officer"], rfq.code) == rfq
    for actor in (world["member"], world["analyst"], world["visitor"], world.elsewhere["officer"]):
        with pytest.raises(NotFoundError):
            queries.find(actor, rfq.code)
    assert queries.find_invitation(world["member"], first.invitation_id)
    with pytest.raises(NotFoundError):
        queries.find_invitation(other, first.invitation_id)
    assert list(queries.listing(world["buyer"])) == [rfq]
    assert list(queries.listing(world.elsewhere["buyer"])) == []
    assert [one.answered for one in queries.listing(SYSTEM)] == [2]


def test_prices_stay_sealed_from_the_buyers_side(world: World) -> None:
    rfq = opened(world)
    invitation = invitation_of(rfq, world, 0)
    quotes.submit(actor=world["member"], invitation=invitation, typed=typed())
    for role in ("buyer", "officer"):
        assert queries.quotes_of_invitation(world[role], invitation) == []
        assert [(one.quote is not None, one.priced) for one in queries.askings(world[role], rfq)] == [
            (True, False),
            (False, False),
        ]
    assert len(queries.quotes_of_invitation(world["member"], invitation)) == 1
    Rfq.objects.update(deadline=today(-1))
    invitation = queries.find_invitation(world["buyer"], invitation.pk)
    assert len(queries.quotes_of_invitation(world["buyer"], invitation)) == 1


def test_an_open_request_shows_prices_as_they_come(world: World) -> None:
    rfq = opened(world, sealed=False)
    quotes.submit(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed())
    assert queries.comparison(world["buyer"], rfq) is not None


def test_what_waits(world: World) -> None:
    rfq = opened(world, deadline=today(2))
    (task,) = [one for one in waiting_for(world["member"]) if one.page == "rfq:invitation"]
    assert (task.due, task.urgency) == (today(2), 1)
    (near,) = [one for one in waiting_for(world["buyer"]) if one.due == today(2)]
    assert (near.page, near.arguments) == ("rfq:page", (rfq.code,))  # the one in question
    quotes.submit(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed())
    assert [one for one in waiting_for(world["member"]) if one.page == "rfq:invitation"] == []
    Rfq.objects.update(deadline=today(-1))
    (ready,) = [one for one in waiting_for(world["officer"]) if one.page.startswith("rfq:")]
    assert (ready.page, ready.arguments, ready.view) == ("rfq:compare", (rfq.code,), "")
    second = opened(world, deadline=today(2))
    quotes.submit(actor=world["member"], invitation=invitation_of(second, world, 0), typed=typed())
    Rfq.objects.update(deadline=today(-1))
    (ready,) = [one for one in waiting_for(world["officer"]) if one.page.startswith("rfq:")]
    assert (ready.page, ready.view, ready.count) == ("rfq:list", "compare", 2)
