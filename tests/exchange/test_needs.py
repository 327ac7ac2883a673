"""Needs: what each verb does and refuses, versions, who sees what, and that an anonymous buyer's name goes nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from msgspec.structs import replace

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import broken_links
from tashbik.exchange.models import (
    Attachment,
    AuditEntry,
    Exchange,
    Invitation,
    Mail,
    Need,
    Organisation,
    Referral,
    Rfq,
    Role,
)
from tashbik.exchange.need_checks import missing
from tashbik.exchange.need_sheet import (
    Sheet,
    confirmed,
    edition_of,
    is_pending,
    sheet_of,
    with_place,
    with_quantity,
)
from tashbik.exchange.queries import needs as queries
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.verbs import needs as verbs
from tashbik.registry.records import Place
from tests.world import World

TEXT = "500 carters en aluminium moulé sous pression par mois, alliage ADC12, ISO 9001, livraison à Blida"
SOON = timezone.localdate() + timedelta(days=40)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


def complete(sheet: Sheet, **changes: Any) -> Sheet:
    """A sheet with all that release asks for."""
    for line in sheet.lines:
        sheet = confirmed(sheet, line.id)
    return replace(sheet, **{"due": SOON, "confidentiality": "open", **changes})


def released(actor: Actor, text: str = TEXT, **changes: Any) -> Need:
    """A need stated and released by an actor."""
    need = verbs.create(actor=actor, text=text)
    need = verbs.edit(actor=actor, need=need, sheet=complete(sheet_of(need), **changes), edition=0)
    return verbs.release(actor=actor, need=need, edition=1)


@pytest.fixture
def draft(world: World) -> Need:
    """A buyer's draft."""
    return verbs.create(actor=world[Role.BUYER], text=TEXT)


def test_a_text_becomes_a_draft_with_lines_and_a_number(world: World, draft: Need) -> None:
    assert (draft.status, draft.version, draft.language, draft.buyer) == ("draft", 1, "fr", world.buyer)
    assert draft.code == "dz-N-2"
    assert draft.title.startswith("500 carters")
    line = sheet_of(draft).lines[0]
    assert {"process", "product", "material", "quantity", "certificate", "delivery"} <= {
        one.kind for one in line.requirements
    }
    assert sheet_of(draft).place.region == "DZ-09"


@pytest.mark.parametrize("role", [one for one in Role if one not in (Role.BUYER, Role.OFFICER)])
def test_only_buyers_and_officers_state_needs(world: World, role: str) -> None:
    with pytest.raises(NotPermittedError):
        verbs.create(actor=world[role], text=TEXT)


def test_an_officer_states_needs_of_buyers_of_the_exchange_alone(world: World) -> None:
    need = verbs.create(actor=world[Role.OFFICER], text=TEXT, buyer=world.buyer)
    assert need.buyer == world.buyer
    for other in (
        Organisation.objects.get(exchange=world.tn, kind="buyer"),
        Organisation.objects.get(exchange=world.dz, kind="financier"),
    ):
        with pytest.raises(InvalidError, match="buyer"):
            verbs.create(actor=world[Role.OFFICER], text=TEXT, buyer=other)


def test_a_buyer_states_needs_of_the_own_organisation_whatever_is_asked(world: World) -> None:
    other = Organisation.objects.create(exchange=world.dz, kind="buyer", name="Autre")
    assert verbs.create(actor=world[Role.BUYER], text=TEXT, buyer=other).buyer == world.buyer


def test_numbers_are_never_given_twice(world: World) -> None:
    first = verbs.create(actor=world[Role.BUYER], text=TEXT)
    Need.objects.filter(pk=first.pk).update(code="dz-N-3")
    assert verbs.create(actor=world[Role.BUYER], text=TEXT).code == "dz-N-4"


@pytest.mark.parametrize("act", ["edit", "release", "revise", "discard", "close", "withdraw", "refer"])
def test_who_is_not_on_the_buyers_side_changes_nothing(world: World, act: str) -> None:
    need = released(world[Role.BUYER])
    verbs.refer(actor=world[Role.OFFICER], need=need, exchange=world.tn)
    need = queries.find(world[Role.OFFICER], need.code)
    arguments: dict[str, Any] = {
        "edit": {"sheet": sheet_of(need), "edition": 1},
        "release": {"edition": 1},
        "revise": {"edition": 1},
        "discard": {"edition": 1},
        "refer": {"exchange": world.tn},
    }.get(act, {})
    strangers = [one for role, one in world.actors.items() if role not in ("buyer", "officer", "system")]
    strangers += list(world.elsewhere.values())  # among them the officers of the exchange that it was passed on to
    if act == "refer":
        strangers.append(world[Role.BUYER])
    count = AuditEntry.objects.count()
    for actor in strangers:
        with pytest.raises(NotPermittedError):
            getattr(verbs, act)(actor=actor, need=need, **arguments)
    assert AuditEntry.objects.count() == count


def test_two_people_who_edit_one_need_are_told(world: World, draft: Need) -> None:
    sheet = sheet_of(draft)
    verbs.edit(actor=world[Role.BUYER], need=draft, sheet=replace(sheet, title="First"), edition=0)
    with pytest.raises(ConflictError, match="kept"):
        verbs.edit(actor=world[Role.OFFICER], need=draft, sheet=replace(sheet, title="Second"), edition=0)
    assert Need.objects.get(pk=draft.pk).title == "First"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 201),
        ("text", "x" * 20_001),
        ("kind", "gift"),
        ("confidentiality", "nobody"),
        ("incoterm", "DAF"),
        ("due", SOON + timedelta(days=4_000)),
    ],
)
def test_values_that_no_draft_can_hold_are_named_by_field(world: World, draft: Need, field: str, value: Any) -> None:
    with pytest.raises(InvalidError) as refused:
        verbs.edit(actor=world[Role.BUYER], need=draft, sheet=replace(sheet_of(draft), **{field: value}), edition=0)
    assert list(refused.value.fields) == [field]
    assert edition_of(Need.objects.get(pk=draft.pk)) == 0


def test_numbers_that_are_none_are_refused(world: World, draft: Need) -> None:
    for value, breaks in ((-5.0, ()), (float("nan"), ()), (5.0, (0.0,)), (5.0, tuple(range(1, 20)))):
        sheet = with_quantity(
            sheet_of(draft), "1", value=value, unit="piece", period="", price_breaks=breaks, words="5"
        )
        with pytest.raises(InvalidError):
            verbs.edit(actor=world[Role.BUYER], need=draft, sheet=sheet, edition=0)


def test_what_is_missing_for_release_is_told_piece_by_piece(world: World) -> None:
    sheet = Sheet()
    assert {one.code for one in missing(sheet, today=timezone.localdate())} == {"lines", "title", "place", "due"}
    vague = sheet_of(verbs.create(actor=world[Role.BUYER], text="quelque chose de bien"))
    codes = {(one.code, one.line) for one in missing(vague, today=timezone.localdate())}
    assert codes == {("decisive", ""), ("quantity", "1"), ("confirmation", "1"), ("place", ""), ("due", "")}
    past = replace(complete(vague), due=timezone.localdate())
    assert "due-past" in {one.code for one in missing(past, today=timezone.localdate())}
    for kind in ("partnership", "technology", "finance"):  # nothing is counted
        assert "quantity" not in {one.code for one in missing(replace(vague, kind=kind), today=timezone.localdate())}


@pytest.mark.parametrize("gap", ["confirmation", "due", "place", "quantity", "decisive"])
def test_nothing_is_released_until_complete(world: World, draft: Need, gap: str) -> None:
    sheet = complete(sheet_of(draft))
    kinds = {"quantity": ("quantity",), "decisive": ("process", "product")}.get(gap, ())
    line = sheet.lines[0]
    kept = tuple(one for one in line.requirements if one.kind not in kinds)
    sheet = {
        "confirmation": lambda: confirmed(sheet, "1", False),
        "due": lambda: replace(sheet, due=None),
        "place": lambda: replace(sheet, place=Place(country="DZ")),
    }.get(gap, lambda: replace(sheet, lines=(replace(line, requirements=kept),)))()
    need = verbs.edit(actor=world[Role.BUYER], need=draft, sheet=sheet, edition=0)
    with pytest.raises(InvalidError, match="not complete"):
        verbs.release(actor=world[Role.BUYER], need=need, edition=1)
    assert Need.objects.get(pk=draft.pk).status == "draft"


def test_release_and_versions(world: World) -> None:
    buyer = world[Role.BUYER]
    need = released(buyer)
    assert (need.status, need.version) == ("released", 1)
    assert need.released is not None
    with pytest.raises(StateError, match="Only a draft"):
        verbs.release(actor=buyer, need=need, edition=1)
    with pytest.raises(StateError, match="Nothing in the need was changed"):
        verbs.revise(actor=buyer, need=need, edition=1)
    larger = with_quantity(
        sheet_of(need), "1", value=800, unit="piece", period="month", price_breaks=(800, 200), words="800"
    )
    need = verbs.edit(actor=buyer, need=need, sheet=larger, edition=1)
    assert is_pending(need)
    assert queries.shown_record(buyer, need).lines[0].requirements != larger.lines[0].requirements  # not in force yet
    need = verbs.revise(actor=buyer, need=need, edition=2)
    assert (need.version, is_pending(need)) == (2, False)
    assert list(need.details["lines"]["1"]["price_breaks"]) == [200, 800]
    past = queries.versions(buyer, queries.find(buyer, need.code))
    assert [one.number for one in past] == [2, 1]
    quantities = [
        next(one.numbers for one in version.sheet.lines[0].requirements if one.kind == "quantity")
        for version in past
        if version.sheet
    ]
    assert quantities == [(800.0,), (500.0,)]
    assert not list(broken_links())


def test_a_version_must_be_complete_too(world: World) -> None:
    buyer = world[Role.BUYER]
    need = released(buyer)
    need = verbs.edit(actor=buyer, need=need, sheet=replace(sheet_of(need), due=None), edition=1)
    with pytest.raises(InvalidError, match="not complete"):
        verbs.revise(actor=buyer, need=need, edition=2)
    need = verbs.discard(actor=buyer, need=need, edition=2)
    assert sheet_of(need).due == SOON
    with pytest.raises(StateError, match="no changes"):
        verbs.discard(actor=buyer, need=need, edition=3)


def test_the_buyer_changes_in_drafts_alone_and_by_officers(world: World, draft: Need) -> None:
    other = Organisation.objects.create(exchange=world.dz, kind="buyer", name="Autre donneur d'ordres")
    with pytest.raises(NotPermittedError):
        verbs.edit(actor=world[Role.BUYER], need=draft, sheet=sheet_of(draft), edition=0, buyer=other)
    need = verbs.edit(actor=world[Role.OFFICER], need=draft, sheet=complete(sheet_of(draft)), edition=0, buyer=other)
    assert need.buyer == other
    need = verbs.release(actor=world[Role.OFFICER], need=need, edition=1)
    with pytest.raises(StateError, match="buyer"):
        verbs.edit(actor=world[Role.OFFICER], need=need, sheet=sheet_of(need), edition=1, buyer=world.buyer)


def _rfq(world: World, need: Need, status: str = "open") -> Rfq:
    return Rfq.objects.create(
        exchange=world.dz, need=need, need_version=1, code=f"R-{status}", status=status, deadline=SOON, currency="DZD"
    )


def test_closing_and_withdrawing(world: World, draft: Need) -> None:
    buyer = world[Role.BUYER]
    with pytest.raises(StateError, match="released"):
        verbs.close(actor=buyer, need=draft)
    assert verbs.withdraw(actor=buyer, need=draft).status == "withdrawn"
    need = released(buyer)
    rfq = _rfq(world, need)
    for act in (verbs.close, verbs.withdraw):
        with pytest.raises(StateError, match="R-open"):
            act(actor=buyer, need=need)
    Rfq.objects.filter(pk=rfq.pk).update(status="awarded")
    with pytest.raises(StateError, match="awarded"):
        verbs.withdraw(actor=buyer, need=need)
    need = verbs.close(actor=buyer, need=need)
    assert need.status == "closed"
    for act, arguments in (
        (verbs.withdraw, {}),
        (verbs.close, {}),
        (verbs.edit, {"sheet": sheet_of(need), "edition": 1}),
        (verbs.revise, {"edition": 1}),
    ):
        with pytest.raises(StateError):
            act(actor=buyer, need=need, **arguments)


def test_passing_on_to_another_exchange(world: World, draft: Need) -> None:
    officer, theirs = world[Role.OFFICER], world.elsewhere[Role.OFFICER]
    with pytest.raises(StateError, match="released"):
        verbs.refer(actor=officer, need=draft, exchange=world.tn)
    need = released(world[Role.BUYER], confidentiality="officers")
    with pytest.raises(NotFoundError):
        queries.find(theirs, need.code)
    with pytest.raises(InvalidError, match="exchange"):
        verbs.refer(actor=officer, need=need, exchange=world.dz)
    referral = verbs.refer(actor=officer, need=need, exchange=world.tn, note="Vous avez des fonderies.")
    assert [one.to for one in Mail.objects.filter(kind="need.referred")] == ["officer@tn.example"]
    with pytest.raises(ConflictError, match="already"):
        verbs.refer(actor=officer, need=need, exchange=world.tn)
    assert queries.is_inside(theirs, queries.find(theirs, need.code))
    for actor in (officer, world[Role.BUYER], world.elsewhere[Role.MEMBER]):
        with pytest.raises(NotPermittedError):
            verbs.decide(actor=actor, referral=referral, take=True)
    verbs.decide(actor=theirs, referral=referral, take=False, note="Complet.")
    assert Referral.objects.get(pk=referral.pk).status == "declined"
    assert Mail.objects.filter(kind="referral.decided", to="officer@dz.example").exists()
    with pytest.raises(NotFoundError):
        queries.find(theirs, need.code)
    with pytest.raises(StateError, match="already"):
        verbs.decide(actor=theirs, referral=referral, take=True)
    again = verbs.refer(actor=officer, need=need, exchange=world.tn)
    assert (again.pk, again.status) == (referral.pk, "offered")
    assert verbs.decide(actor=theirs, referral=again, take=True).status == "taken"
    assert queries.find(theirs, need.code) == need
    assert not list(broken_links())


def test_a_need_that_was_withdrawn_meanwhile_is_not_taken_up(world: World) -> None:
    need = released(world[Role.BUYER])
    referral = verbs.refer(actor=world[Role.OFFICER], need=need, exchange=world.tn)
    verbs.withdraw(actor=world[Role.BUYER], need=need)
    with pytest.raises(StateError, match="meanwhile"):
        verbs.decide(actor=world.elsewhere[Role.OFFICER], referral=referral, take=True)


def seen_by(world: World, need: Need) -> set[str]:
    """Roles that find a need, those of the other exchange with an asterisk."""
    here = {role for role, actor in world.actors.items() if queries.visible(actor).filter(pk=need.pk).exists()}
    there = {f"{role}*" for role, one in world.elsewhere.items() if queries.visible(one).filter(pk=need.pk).exists()}
    return (here | there) - {"system"}


def test_who_sees_which_need(world: World) -> None:
    buyer = world[Role.BUYER]
    everyone = {*Role.values, *(f"{role}*" for role in Role.values)}
    assert seen_by(world, released(buyer)) == everyone
    assert seen_by(world, verbs.create(actor=buyer, text=TEXT)) == {"buyer", "officer"}
    for confidentiality in ("invited", "officers"):
        need = released(buyer, confidentiality=confidentiality)
        assert seen_by(world, need) == {"buyer", "officer"}
        Invitation.objects.create(rfq=_rfq(world, need, "closed"), enterprise=world.foreign)
        assert seen_by(world, need) == {"buyer", "officer", "member*"}
        Rfq.objects.all().delete()
        Referral.objects.create(need=need, exchange=world.tn)
        assert seen_by(world, need) == {"buyer", "officer", "officer*"}
    assert queries.visible(SYSTEM).count() == Need.objects.count()
    withdrawn = verbs.withdraw(actor=buyer, need=released(buyer))
    assert seen_by(world, withdrawn) == {"buyer", "officer"}


def test_a_need_without_an_organisation_is_its_writers(world: World) -> None:
    need = verbs.create(actor=world[Role.OFFICER], text=TEXT)
    Need.objects.filter(pk=need.pk).update(exchange=world.tn)
    assert not queries.visible(world[Role.BUYER]).filter(pk=need.pk).exists()


def test_an_anonymous_buyer_is_named_to_nobody_outside(world: World) -> None:
    need = released(world[Role.BUYER], anonymous=True)
    verbs.refer(actor=world[Role.OFFICER], need=need, exchange=world.tn)
    name = world.buyer.name
    inside = {"buyer", "officer", "system"}
    actors = [*world.actors.items(), *((f"{role}*", actor) for role, actor in world.elsewhere.items())]
    for role, actor in actors:
        found = queries.find(actor, need.code)
        expected = name if role in inside else ""
        assert queries.shown_buyer(actor, found) == expected, role
        record = queries.shown_record(actor, found)
        assert (name in json.dumps(msgspec.to_builtins(record))) == bool(expected), role
        said = queries.listing(actor, queries.Filters(text=name)).filter(pk=need.pk).exists()
        assert said == (role in inside), role
    assert name not in json.dumps([need.record, need.details])
    mails = Mail.objects.filter(kind="need.referred")
    assert mails.exists()
    assert not any(name in mail.subject + mail.body for mail in mails)


@pytest.mark.parametrize("where", ["title", "text", "eligibility", "line", "file"])
def test_an_anonymous_need_that_says_the_name_is_not_released(world: World, where: str) -> None:
    buyer = world[Role.BUYER]
    text = f"{TEXT}, pour grands moteurs" if where == "line" else TEXT
    need = verbs.create(actor=buyer, text=text)
    sheet = replace(complete(sheet_of(need), anonymous=True), title="Carters", text=TEXT)
    if where in ("title", "text", "eligibility"):
        sheet = replace(sheet, **{where: f"{getattr(sheet, where)} GRANDS MOTEURS"})
    if where == "file":
        Attachment.objects.create(
            exchange=world.dz, owner_kind="need", owner_id=need.pk, name="grands-moteurs_carter.pdf", size=1
        )
    need = verbs.edit(actor=buyer, need=need, sheet=sheet, edition=0)
    codes = {one.code for one in verbs.lacking(need, sheet)}
    assert codes == {"named-file" if where == "file" else "named"}
    with pytest.raises(InvalidError):
        verbs.release(actor=buyer, need=need, edition=1)
    assert not verbs.lacking(need, replace(sheet, anonymous=False))


def test_earlier_versions_that_named_the_buyer_stay_at_home(world: World) -> None:
    buyer = world[Role.BUYER]
    need = released(buyer)
    need = verbs.edit(actor=buyer, need=need, sheet=replace(sheet_of(need), anonymous=True), edition=1)
    need = verbs.revise(actor=buyer, need=need, edition=2)
    verbs.refer(actor=world[Role.OFFICER], need=need, exchange=world.tn)
    for actor, numbers in ((buyer, [2, 1]), (world.elsewhere[Role.OFFICER], [2]), (world[Role.MEMBER], [2])):
        assert [one.number for one in queries.versions(actor, queries.find(actor, need.code))] == numbers


def test_what_waits(world: World) -> None:
    buyer, officer, theirs = world[Role.BUYER], world[Role.OFFICER], world.elsewhere[Role.OFFICER]

    def waiting(actor: Actor) -> dict[tuple[Any, ...], int]:
        return {one.arguments: one.count for one in waiting_for(actor) if one.page in ("needs:view", "needs:page")}

    assert waiting(buyer) == {}
    assert waiting(officer) == {(world.need.code,): 1}  # the one in question, no list
    verbs.create(actor=buyer, text=TEXT)
    need = released(buyer)
    verbs.edit(actor=buyer, need=need, sheet=replace(sheet_of(need), eligibility="PMI"), edition=1)
    verbs.refer(actor=officer, need=need, exchange=world.tn)
    _rfq(world, world.need)
    assert waiting(buyer) == {("drafts",): 2}
    assert waiting(officer) == {(need.code,): 1}
    assert waiting(theirs) == {(need.code,): 1}
    assert waiting(world[Role.MEMBER]) == {}


def test_lists_are_narrowed(world: World) -> None:
    buyer = world[Role.BUYER]
    supply = released(buyer, kind="supply", title="Brides forgées")
    draft = verbs.create(actor=buyer, text=TEXT)

    def found(actor: Actor, **filters: str) -> set[str]:
        return {one.code for one in queries.listing(actor, queries.Filters(**filters))}

    assert found(buyer) == {world.need.code, supply.code, draft.code}
    assert found(buyer, kind="supply") == {supply.code}
    assert found(buyer, status="draft") == {draft.code}
    assert found(buyer, text="forgées brides") == {supply.code}
    assert found(buyer, text="Grands Moteurs") == {world.need.code, supply.code, draft.code}
    assert found(buyer, exchange="tn") == set()
    assert found(world[Role.VISITOR], exchange="dz") == {supply.code}


def test_queries_do_not_grow_with_needs_or_referrals(world: World) -> None:
    officer = world[Role.OFFICER]
    third = Exchange.objects.create(code="ma", country="MA", name_ar="أ", name_fr="M", name_en="M")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for need in queries.listing(officer, queries.Filters()):
                queries.shown_buyer(officer, need), queries.allowed(officer, need), need.exchanges()
        return len(captured)

    released(world[Role.BUYER])
    one = count()
    for _ in range(2):
        need = released(world[Role.BUYER])
        for exchange in (world.tn, third):
            verbs.refer(actor=officer, need=need, exchange=exchange)
    assert count() == one


def test_delivery_place_reaches_every_line(world: World) -> None:
    need = verbs.create(
        actor=world[Role.BUYER], text="- 500 carters en aluminium\n- 200 brides en acier, livraison à Oran"
    )
    sheet = with_place(sheet_of(need), Place(country="DZ", region="DZ-19", locality="Sétif"), "Sétif")
    places = [
        one.place.region for line in sheet.lines for one in line.requirements if one.kind == "delivery" and one.place
    ]
    assert places == ["DZ-19", "DZ-19"]
