"""Groups: where offers come from, what is composed and kept, proposing, answers and what follows from them, who may do and see what."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange.audit import broken_links
from tashbik.exchange.composition import Wish, line_title, titled, without_money
from tashbik.exchange.group_agreement import agreement_of
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Group, GroupMember, Mail, MatchOverride, Need, Referral
from tashbik.exchange.projection import record_of
from tashbik.exchange.queries import groups as queries
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.group_sources import market_of, thinned
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.storing import new_row, store, store_many
from tashbik.exchange.verbs import groups as verbs
from tashbik.network import Order, OrderLine
from tests.grouped import found, in_days, kept, proposed, quoted, ready, second_member, spare_of
from tests.world import World, record

FIRST, SECOND = "dz:F-1", "dz:F-2"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


def place_of(group: Group, code: str) -> GroupMember:
    """The place of an enterprise in a group."""
    return group.members.get(enterprise__code=code)


# composing


def test_two_make_what_none_makes_alone(world: World) -> None:
    ready(world)
    made = found(world)
    assert made.complete and made.group is not None
    assert set(made.group.partners) == {FIRST, SECOND}
    assert made.alone == pytest.approx(0.8)
    assert sum(one.quantity for one in made.group.allocations) == pytest.approx(10_000)
    assert all(one.quantity <= {FIRST: 8000, SECOND: 5000}[one.partner] + 1e-6 for one in made.group.allocations)


def test_no_price_means_no_money_anywhere(world: World) -> None:
    ready(world)
    made = found(world, Wish(max_partners=1))
    assert not made.costed and made.unpriced == ("1",)
    assert made.group is not None and made.group.cost == made.group.spread == 0
    assert all(one.cost == 0 for one in (*made.group.members, *made.group.allocations, *made.found.reliefs))
    assert made.found.reliefs and not made.saved
    assert all("unit_price" in one.assumed for one in made.offers)


def test_quotes_that_may_be_read_make_the_cost(world: World) -> None:
    ready(world)
    quoted(world, {0: "100", 1: "90"})
    made = found(world)
    assert made.costed and made.group is not None
    assert made.group.cost == pytest.approx(5000 * 90 + 5000 * 100)
    assert not any(one.estimated for one in made.offers)


def test_sealed_quotes_are_not_used(world: World) -> None:
    ready(world)
    rfq = quoted(world, {0: "100", 1: "90"}, status="open")
    rfq.invitations.update(status="sent")
    assert not found(world).costed


def test_an_unknown_price_is_estimated_and_said_so(world: World) -> None:
    ready(world)
    quoted(world, {0: "100"})
    made = found(world)
    estimated = next(one for one in made.offers if one.partner == SECOND)
    assert estimated.estimated and "unit_price" in estimated.assumed and estimated.price_spread == pytest.approx(25)
    assert made.group is not None and made.group.spread > 0


def test_two_sources_narrow_k_and_what_conflicts(world: World) -> None:
    ready(world)
    made = found(world, Wish(critical=("1",), max_partners=1))
    assert not made.complete
    assert {one.kind for one in made.found.conflict} >= {"max_partners"}
    relaxed = found(world, Wish(critical=("1",)))
    assert relaxed.complete and relaxed.group is not None and len(relaxed.group.members) == 2


def test_people_are_left_out_and_taken_in(world: World) -> None:
    ready(world)
    alone = found(world, Wish(excluded=(FIRST,)))
    assert alone.group is not None and alone.group.partners == (SECOND,) and alone.group.covered == pytest.approx(0.5)
    apart = found(world, Wish(apart=((FIRST, SECOND),)))
    assert apart.group is not None and len(apart.group.partners) == 1
    lead = found(world, Wish(lead=SECOND))
    assert lead.group is not None and lead.group.lead == SECOND
    assert found(world, Wish(required=("dz:nobody",), excluded=("x",), lead="y")).complete


def test_who_makes_most_leads(world: World) -> None:
    ready(world)
    made = found(world)
    assert made.group is not None
    largest = max(made.group.members, key=lambda one: one.part)
    assert made.group.lead == largest.partner


def test_an_officers_word_counts(world: World) -> None:
    need = ready(world)
    MatchOverride.objects.create(need=need, enterprise=world.enterprises[1], decision="drop", reason="closed")
    made = found(world)
    assert made.group is not None and SECOND not in made.group.partners


def test_other_exchanges_take_part_only_if_wished(world: World) -> None:
    ready(world)
    world.foreign.refresh_from_db()
    spare_of(world.foreign, 20_000)
    register_index().follow()
    assert "tn:F-9" not in found(world).group.partners  # type: ignore[union-attr]
    wide = found(world, Wish(reach="all"))
    assert wide.group is not None and wide.group.partners == ("tn:F-9",) and wide.alone == pytest.approx(1)


def test_capacities_that_a_buyer_may_not_see_are_not_used(world: World) -> None:
    ready(world)
    hidden = msgspec.structs.replace(record_of(world.enterprises[0]), visibility={"capacities": "exchange"})
    store(world.enterprises[0], hidden)
    register_index().follow()
    offer = next(one for one in market_of(world["buyer"], world.need).sources(Wish()).offers if one.partner == FIRST)
    assert "capacity" in offer.assumed and offer.capacity == pytest.approx(5000)  # as the only known share


def test_queries_do_not_grow_with_enterprises(world: World) -> None:
    ready(world)

    def count() -> int:
        need = needs.find(world["officer"], world.need.code)
        with CaptureQueriesContext(
            connection,
        ) as queried:
            market_of(world["officer"], need)
        return len(queried)

    count()
    before = count()
    rows = [
        record(f"F-2{number}", f"Fonderie {number}", "Moulage sous pression d'aluminium", "DZ", "Blida")
        for number in range(4)
    ]
    store_many([(new_row(world.dz, one), one) for one in rows], ())
    register_index().follow()
    count()
    assert count() == before


def test_titles_of_lines() -> None:
    order = Order(
        id="x",
        lines=(
            OrderLine(id="1", text="صب الألمنيوم تحت الضغط، سبيكة AlSi9Cu3، 12,000 قطعة", quantity=1),
            OrderLine(id="2", text="M6, zinc", quantity=1),
            OrderLine(id="3", quantity=1),
        ),
    )
    assert [line_title(order, one) for one in "123"] == ["صب الألمنيوم تحت الضغط", "M6, zinc", "3"]
    assert [one.text for one in titled(order).lines] == ["صب الألمنيوم تحت الضغط", "M6, zinc", "3"]


# keeping


def test_a_group_is_kept_with_its_members(world: World) -> None:
    ready(world)
    group = kept(world)
    assert group.code == "dz-N-1-G1" and group.status == Group.Status.DRAFT and group.covered == 1
    assert {one.enterprise.code: one.status for one in group.members.all()} == {FIRST: "chosen", SECOND: "chosen"}
    assert sum(one.share for one in group.members.all()) == pytest.approx(1)
    assert queries.composed_of(group).group == found(world).group
    assert kept(world).code == "dz-N-1-G2"
    assert list(broken_links()) == []


def test_what_is_kept_is_what_was_seen(world: World) -> None:
    need = ready(world)
    with pytest.raises(ConflictError):
        verbs.compose(actor=world["officer"], need=need, version=1, wish=Wish(), seen=[FIRST])
    with pytest.raises(ConflictError):
        verbs.compose(actor=world["officer"], need=need, version=7, wish=Wish(), seen=[FIRST, SECOND])
    with pytest.raises(StateError):
        wish = Wish(excluded=(FIRST, SECOND))
        verbs.compose(actor=world["officer"], need=need, version=1, wish=wish, seen=[])
    need.status = Need.Status.CLOSED
    need.save()
    with pytest.raises(StateError):
        verbs.compose(actor=world["officer"], need=need, version=1, wish=Wish(), seen=[FIRST, SECOND])
    assert not Group.objects.exists()


@pytest.mark.parametrize("role", ["member", "visitor", "analyst", "institution", "financier", "administrator"])
def test_who_may_not_compose(world: World, role: str) -> None:
    need = ready(world)
    with pytest.raises(NotPermittedError):
        verbs.compose(actor=world[role], need=need, version=1, wish=Wish(), seen=[FIRST, SECOND])


# proposing


def test_members_are_asked_in_their_language(world: World) -> None:
    ready(world)
    second_member(world)
    group = proposed(world, message="Bonjour à tous")
    assert group.status == Group.Status.PROPOSED and group.proposed is not None
    assert set(group.members.values_list("status", flat=True)) == {"asked"}
    mails = {one.to: one for one in Mail.objects.filter(kind="group.proposed")}
    assert set(mails) == {"member@dz.example", "second@dz.example"}
    french, arabic = mails["second@dz.example"], mails["member@dz.example"]
    assert (
        french.language == "fr" and "Projet d'accord de groupement" in french.body and "Bonjour à tous" in french.body
    )
    assert arabic.language == "ar" and "مشروع اتفاق شراكة" in arabic.body and "قطعة في الشهر" in arabic.body
    assert not any("DZD" in one.body for one in mails.values())


def test_proposing_is_refused(world: World) -> None:
    need = ready(world)
    group = kept(world)
    for day in (in_days(0), in_days(400)):
        with pytest.raises(InvalidError) as refused:
            verbs.propose(actor=world["officer"], group=group, answer_by=day)
        assert "answer_by" in refused.value.fields
    with pytest.raises(InvalidError):
        verbs.propose(actor=world["officer"], group=group, answer_by=in_days(5), message="x" * 2001)
    Enterprise.objects.filter(code=SECOND).update(status=Enterprise.Status.WITHDRAWN)
    with pytest.raises(InvalidError) as refused:
        verbs.propose(actor=world["officer"], group=group, answer_by=in_days(5))
    assert SECOND in refused.value.fields[""][0]
    Need.objects.filter(pk=need.pk).update(version=2)
    group.need.refresh_from_db()
    with pytest.raises(ConflictError):
        verbs.propose(actor=world["officer"], group=group, answer_by=in_days(5))
    with pytest.raises(NotPermittedError):
        verbs.propose(actor=world["member"], group=group, answer_by=in_days(5))
    assert not Mail.objects.filter(kind="group.proposed").exists()


def test_members_of_another_exchange_are_asked_once_it_was_given_the_need(world: World) -> None:
    ready(world)
    spare_of(world.foreign, 20_000)
    register_index().follow()
    group = kept(world, Wish(reach="all"))
    with pytest.raises(InvalidError) as refused:
        verbs.propose(actor=world["officer"], group=group, answer_by=in_days(5))
    assert "tn:F-9" in refused.value.fields[""][0]
    Referral.objects.create(need=world.need, exchange=world.tn, status=Referral.Status.TAKEN)
    group = Group.objects.get(pk=group.pk)
    verbs.propose(actor=world["officer"], group=group, answer_by=in_days(5))
    assert queries.find_place(world.elsewhere["member"], group.members.get().pk).status == "asked"


# answers


def test_all_accept(world: World) -> None:
    ready(world)
    second = second_member(world)
    group = proposed(world)
    verbs.answer(actor=world["member"], member=place_of(group, FIRST), accept=True, note="ready")
    group.refresh_from_db()
    assert group.status == Group.Status.PROPOSED
    verbs.answer(actor=second, member=place_of(group, SECOND), accept=True)
    group.refresh_from_db()
    assert group.status == Group.Status.AGREED
    kinds = list(Mail.objects.exclude(kind="group.proposed").order_by("pk").values_list("kind", flat=True))
    assert sorted(kinds) == ["group.agreed", "group.agreed", "group.answered", "group.answered"]
    with pytest.raises(StateError):
        verbs.answer(actor=second, member=place_of(group, SECOND), accept=False, reason="dates")
    assert queries.allowed(world["officer"], queries.find(world["officer"], group.code)).request
    assert list(broken_links()) == []


def test_one_declines(world: World) -> None:
    ready(world)
    second_member(world)
    group = proposed(world)
    with pytest.raises(InvalidError) as refused:
        verbs.answer(actor=world["member"], member=place_of(group, FIRST), accept=False)
    assert "reason" in refused.value.fields
    verbs.answer(actor=world["member"], member=place_of(group, FIRST), accept=False, reason="dates", note="too early")
    group.refresh_from_db()
    assert group.status == Group.Status.DECLINED and group.ended is not None
    told = Mail.objects.get(kind="group.ended")
    assert told.to == "second@dz.example" and "too early" not in told.body and "F-1" not in told.body
    assert Mail.objects.filter(kind="group.answered", to=group.by.email).exists()
    assert not queries.allowed(world["officer"], queries.find(world["officer"], group.code)).withdraw


def test_an_officer_answers_for_an_enterprise_and_strangers_do_not(world: World) -> None:
    ready(world)
    group = proposed(world)
    with pytest.raises(NotPermittedError):
        verbs.answer(actor=world["member"], member=place_of(group, SECOND), accept=True)
    with pytest.raises(NotPermittedError):
        verbs.answer(actor=world["buyer"], member=place_of(group, SECOND), accept=True)
    verbs.answer(actor=world["officer"], member=place_of(group, SECOND), accept=True)
    assert place_of(group, SECOND).answered_by == world["officer"].user


def test_withdrawing(world: World) -> None:
    ready(world)
    draft = kept(world)
    verbs.withdraw(actor=world["officer"], group=draft)
    group = proposed(world)
    with pytest.raises(InvalidError):
        verbs.withdraw(actor=world["officer"], group=group)
    verbs.withdraw(actor=world["officer"], group=group, reason="the buyer gave up")
    assert "the buyer gave up" in Mail.objects.filter(kind="group.ended").first().body
    with pytest.raises(StateError):
        verbs.withdraw(actor=world["officer"], group=group, reason="again")
    assert queries.of_need(world["officer"], world.need) == []


# reading


def test_drafts_are_hidden_from_members(world: World) -> None:
    ready(world)
    group = kept(world)
    for role in ("member", "visitor"):
        with pytest.raises(NotFoundError):
            queries.find(world[role], group.code)
        with pytest.raises(NotFoundError):
            queries.find_place(world[role], place_of(group, FIRST).pk)
    assert list(queries.places(world["member"])) == []
    assert queries.find(world["buyer"], group.code).pk == group.pk
    with pytest.raises(NotFoundError):
        queries.find(world.elsewhere["officer"], group.code)


def test_members_read_their_place_only(world: World) -> None:
    ready(world)
    group = proposed(world)
    assert queries.find_place(world["member"], place_of(group, FIRST).pk).share > 0
    with pytest.raises(NotFoundError):
        queries.find_place(world["member"], place_of(group, SECOND).pk)
    with pytest.raises(NotFoundError):
        queries.find(world["member"], group.code)
    assert [one.group_id for one in queries.places(world["member"])] == [group.pk]


def test_private_prices_are_shown_to_the_exchange_only(world: World) -> None:
    ready(world)
    group = kept(world)
    Group.objects.filter(pk=group.pk).update(private_prices=True)
    group.refresh_from_db()
    assert queries.shows_costs(world["officer"], group)
    assert not queries.shows_costs(world["buyer"], group)
    Group.objects.filter(pk=group.pk).update(private_prices=False)
    group.refresh_from_db()
    assert queries.shows_costs(world["buyer"], group)


def test_a_price_hint_that_only_officers_see_makes_the_costs_private(world: World) -> None:
    ready(world)
    known = record_of(world.enterprises[0])
    able = msgspec.structs.replace(known.capabilities[0], price_hint="120 DZD")
    store(world.enterprises[0], msgspec.structs.replace(known, capabilities=(able,)))
    register_index().follow()
    assert found(world).costed and kept(world).private_prices
    assert not found(world, role="buyer").costed and not kept(world, role="buyer").private_prices


def test_money_is_taken_out_for_who_may_not_see_it(world: World) -> None:
    ready(world)
    quoted(world, {0: "100", 1: "90"})
    made = without_money(found(world))
    assert not made.costed and made.group is not None and made.group.cost == 0
    assert all(one.unit_price is None for one in made.offers)


def test_the_draft_agreement_says_amounts_only_to_whom_they_belong(world: World) -> None:
    ready(world)
    quoted(world, {0: "100", 1: "90"})
    group = kept(world)
    assert agreement_of(group, "en").as_text().count("DZD") >= 2
    own = agreement_of(group, "fr", prices_of=(FIRST,)).as_text()
    assert own.count("500,000 DZD") + own.count("500\u202f000 DZD") == 1 and "450" not in own
    assert "DZD" not in agreement_of(group, "ar", prices_of=()).as_text()


def test_what_waits(world: World) -> None:
    ready(world)
    group = proposed(world)
    assert any(one.page == "groups:place" for one in waiting_for(world["member"]))
    Group.objects.filter(pk=group.pk).update(answer_by=in_days(-1))
    assert any(one.page == "groups:view" and one.arguments == ("proposed",) for one in waiting_for(world["officer"]))
    verbs.answer(actor=world["member"], member=place_of(group, FIRST), accept=False, reason="capacity")
    assert not any(one.page == "groups:place" for one in waiting_for(world["member"]))
    assert any(one.arguments == ("ended",) for one in waiting_for(world["officer"]))
    kept(world)
    assert not any(one.arguments == ("ended",) for one in waiting_for(world["officer"]))


def test_the_list_does_not_ask_more_for_more_groups(world: World) -> None:
    ready(world)
    kept(world)
    with CaptureQueriesContext(connection) as one:
        list(queries.listing(world["officer"]))
    kept(world)
    kept(world)
    with CaptureQueriesContext(connection) as three:
        assert len(list(queries.listing(world["officer"]))) == 3
    assert len(one) == len(three)


def test_of_very_many_the_best_and_the_largest_and_those_named_are_looked_at() -> None:
    from tashbik.linkage.match import LineResult, Link
    from tashbik.linkage.offers import Offer
    from tashbik.registry.records import Capability, NeedLine, Place

    def link(number: int, share: float | None) -> Link:
        offer = Offer(enterprise=f"e{number}", names={}, place=Place(), capability=Capability(id="1"))
        return Link(offer, 1 - number / 100, 0.5, (), share, False)

    def line(count: int) -> LineResult:
        links = [link(number, 0.9 if number == count - 1 else 0.1) for number in range(count)]
        return LineResult(NeedLine(id="1", text="x"), tuple(links))

    few = [line(60), line(60)]
    assert thinned(few, ()) == few
    many = thinned([line(60)] * 6, {"e40"})
    kept_codes = {one.enterprise for one in many[0].links}
    assert {"e0", "e40", "e59"} <= kept_codes and "e50" not in kept_codes and len(kept_codes) <= 21
