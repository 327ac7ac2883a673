"""The engine's proposals of partners: who can give what another looks for, why, in three languages; and what the planner makes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tashbik.errors import NotPermittedError, StateError
from tashbik.exchange import jobs
from tashbik.exchange.forum_problem import problem_of, request_id
from tashbik.exchange.models import Edition, MeetingProposal, Need, Participant
from tashbik.exchange.queries import meetings as queries
from tashbik.exchange.verbs import editions, meetings, participants, proposals
from tests.exchange.forum_world import SHEET, details, make_edition, set_up_meetings
from tests.world import World


@pytest.fixture
def edition(world: World) -> Edition:
    return make_edition(world)


def add(world: World, edition: Edition, number: int, **values: object) -> Participant:
    return participants.register(
        actor=world["organiser"], edition=edition, details=details(number, **values), approved=True
    )


def proposed(world: World, edition: Edition) -> dict[str, MeetingProposal]:
    proposals.make(actor=world["organiser"], edition=edition)
    jobs.work_off()
    return {request_id(one.first_id, one.second_id): one for one in edition.proposals.all()}


def test_what_one_looks_for_and_another_can_do_by_the_register(world: World, edition: Edition) -> None:
    foundry = add(world, edition, 0)
    buyer = add(world, edition, 1, seeks="صب الألمنيوم تحت الضغط، سبيكة ADC12")
    machining = add(world, edition, 2, body="Atelier Mécanique Annaba", country="DZ")
    assert foundry.enterprise and machining.enterprise, "known by the names of their bodies"
    found = proposed(world, edition)
    best = found[request_id(foundry.pk, buyer.pk)]
    assert best.score > 50
    assert request_id(machining.pk, buyer.pk) not in found
    assert set(best.reason) == {"ar", "fr", "en"}
    assert "تبحث Grands Moteurs عن" in best.reason["ar"] and "مسبك الهضاب" in best.reason["ar"]
    assert "moulage sous pression" in best.reason["fr"]
    assert "die casting" in best.reason["en"]


def test_what_people_say_they_offer_counts_too_and_both_ways_count_more(world: World, edition: Edition) -> None:
    one = add(world, edition, 2, seeks="سبائك زنك وصب تحت الضغط", offers="CNC turning of steel shafts")
    other = add(
        world, edition, 3, category="smi", seeks="خراطة محاور فولاذ CNC", offers="صب الزنك تحت الضغط", body="ورشة"
    )
    both = proposed(world, edition)[request_id(one.pk, other.pk)]
    assert both.reason["en"].count("is looking for") == 2
    Participant.objects.filter(pk=one.pk).update(offers="")
    single = proposed(world, edition)[request_id(one.pk, other.pk)]
    assert single.reason["en"].count("is looking for") == 1
    assert single.score < both.score


def test_open_needs_of_an_organisation_are_asked_for_but_never_those_that_hide_their_buyer(
    world: World, edition: Edition
) -> None:
    foundry = add(world, edition, 0)
    buyer = add(world, edition, 1)
    Participant.objects.filter(pk=buyer.pk).update(organisation=world.buyer)
    need = Need.objects.filter(pk=world.need.pk)
    need.update(confidentiality="open", anonymous=False)
    assert "dz-N-1" in proposed(world, edition)[request_id(foundry.pk, buyer.pk)].reason["ar"]
    for hidden in ({"anonymous": True}, {"anonymous": False, "confidentiality": "officers"}, {"status": "draft"}):
        need.update(**hidden)
        assert proposed(world, edition) == {}


def test_industries_that_complete_each_other(world: World, edition: Edition) -> None:
    one = add(world, edition, 2, offers="Laser cutting of stainless steel sheet")
    other = add(world, edition, 3, category="smi", offers="Bending of stainless steel sheet", body="ورشة")
    found = proposed(world, edition)[request_id(one.pk, other.pk)]
    assert found.score == 38.0
    assert "together they can offer more" in found.reason["en"]


def test_press_and_people_who_are_not_approved_are_left_out(world: World, edition: Edition) -> None:
    add(world, edition, 0, category="press")
    asking = add(world, edition, 1, seeks="صب الألمنيوم تحت الضغط")
    away = add(world, edition, 2, body="Fonderie du Sahel", country="DZ")
    assert away.enterprise
    participants.cancel(actor=world["organiser"], participant=away)
    assert proposed(world, edition) == {}
    assert asking.status == "approved"


def test_who_has_met_before_is_known_by_address_or_enterprise(world: World, edition: Edition) -> None:
    earlier = editions.create(actor=world["organiser"], sheet=replace(SHEET, code="amf-5"))
    old = [add(world, earlier, 0, email="old@forum.example"), add(world, earlier, 1)]
    set_up_meetings(world["organiser"], earlier)
    slot, table = earlier.slots.all()[0], earlier.tables.all()[0]
    earlier.meetings.create(first=old[0], second=old[1], slot=slot, table=table, status="held")
    foundry, buyer = add(world, edition, 0), add(world, edition, 1, seeks="صب الألمنيوم تحت الضغط")
    found = proposed(world, edition)[request_id(foundry.pk, buyer.pk)]
    assert found.met_before
    set_up_meetings(world["organiser"], edition)
    assert problem_of(edition, proposals=True).requests == (), "who has met is not planned again unasked"


def test_proposals_fill_places_that_wishes_leave_unless_somebody_says_no(world: World, edition: Edition) -> None:
    foundry, buyer = add(world, edition, 0), add(world, edition, 1, seeks="صب الألمنيوم تحت الضغط")
    proposed(world, edition)
    assert problem_of(edition).requests == ()
    assert [one.weight for one in problem_of(edition, proposals=True).requests] == [1]
    meetings.state(actor=world["organiser"], by=buyer, about=foundry, kind="want")
    assert [one.weight for one in problem_of(edition, proposals=True).requests] == [2]
    rows = queries.with_wishes(queries.proposals(world["organiser"], edition))
    assert [(one.mutual, one.refused) for one in rows] == [(False, False)]
    meetings.state(actor=world["organiser"], by=foundry, about=buyer, kind="no")
    assert problem_of(edition, proposals=True).requests == ()
    assert [one.refused for one in queries.with_wishes(queries.proposals(world["organiser"], edition))] == [True]


def test_proposing_is_for_organisers_of_an_edition_that_is_not_closed(world: World, edition: Edition) -> None:
    for actor in (world["member"], world.elsewhere["organiser"]):
        with pytest.raises(NotPermittedError):
            proposals.make(actor=actor, edition=edition)
    editions.close(actor=world["organiser"], edition=edition)
    with pytest.raises(StateError):
        proposals.make(actor=world["organiser"], edition=edition)
