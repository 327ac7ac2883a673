"""Duplicates: found after changes, decided, merged and undone with all that hangs on them; what is refused; learning; who sees what."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from msgspec.structs import replace

from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange import audit, held_register, jobs, pairing
from tashbik.exchange.actor import Actor
from tashbik.exchange.index import register_index
from tashbik.exchange.models import (
    Attachment,
    Enterprise,
    Head,
    IdentityModel,
    IdentityPair,
    Invitation,
    Job,
    Membership,
    Merge,
    Question,
    Quote,
    Revision,
    Rfq,
    Role,
    Submission,
)
from tashbik.exchange.projection import as_json, record_of
from tashbik.exchange.queries import identity as queries
from tashbik.exchange.queries.identity import Filters
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.storing import new_row, store
from tashbik.exchange.verbs import identity, register, undoing
from tashbik.registry import records
from tests.world import World, record


@pytest.fixture(autouse=True)
def english():
    held_register.forget_register()
    with translation.override("en"):
        yield
    held_register.forget_register()


def fresh(enterprise: Enterprise) -> Enterprise:
    return Enterprise.objects.get(pk=enterprise.pk)


def added(world: World, local: str, name: str, town: str = "سطيف", exchange=None, **fields) -> Enterprise:
    """A further enterprise in the register."""
    home = exchange or world.dz
    made = replace(record(local, name, "صب الألمنيوم", home.country, town), **fields)
    return store(new_row(home, made), made)


def twin(world: World, **fields) -> Enterprise:
    """The first enterprise once more, in French."""
    return added(world, "T-1", "Fonderie El Hidhab", **fields)


def pair_with(world: World, second: Enterprise) -> IdentityPair:
    first = fresh(world.enterprises[0])
    return IdentityPair.objects.create(
        first=first,
        second=second,
        probability=0.9,
        uncertainty=0.2,
        levels={"name": "respelt", "place": "same"},
        state=pairing.state_of(first, second),
    )


def merged(world: World, second: Enterprise, **arguments) -> IdentityPair:
    pair = pair_with(world, second)
    arguments = {"survivor": "first", **arguments}
    return identity.decide(actor=world["officer"], pair=pair, decision="same", **arguments)


# finding


def test_pairs_are_found_after_an_enterprise_is_registered(world: World) -> None:
    jobs.work_off()
    identity.find(actor=world["officer"])
    jobs.work_off()
    before = IdentityPair.objects.count()
    new = record("", "Fonderie du Sahel", "Moulage sous pression d'aluminium", "DZ", "Blida")
    made = register.register(actor=world["officer"], exchange=world.dz, record=new)
    assert isinstance(made, Enterprise) and IdentityPair.objects.count() == before
    jobs.work_off()
    pair = IdentityPair.objects.get(first=world.enterprises[1], second=made)
    assert pair.probability > 0.5 and pair.status == "waiting" and pair.levels["name"] == "same"
    assert {one["field"] for one in pair.reasons} >= {"name", "place"}
    assert Head.objects.get(name="identity").number == fresh(made).change
    assert any(task.page == "identity:queue" for task in waiting_for(world["officer"]))
    assert not any(task.page == "identity:queue" for task in waiting_for(world["member"]))


def test_one_by_one_finds_what_all_at_once_finds(world: World, monkeypatch) -> None:
    for number in range(30):
        added(world, f"N-{number}", f"مصنع {'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'[number % 28] * 3} {number}", "وهران")
    identity.find(actor=world["officer"])
    jobs.work_off()
    monkeypatch.setattr(identity, "SMALL", 0)
    monkeypatch.setattr(identity, "MANY", 1)
    made = added(world, "S-1", "Fonderie du Sahel SARL", "Blida")
    jobs.enqueue("identity.find")
    jobs.work_off()
    alone = {(one.first_id, one.second_id): one.levels for one in queries.pairs_of_enterprise(world["officer"], made)}
    assert (world.enterprises[1].pk, made.pk) in alone
    changed = replace(record_of(made), names={"fr": "Minoterie de la Plaine"})
    register.edit(actor=world["officer"], enterprise=made, record=changed, version=1)
    jobs.work_off()
    assert not queries.pairs_of_enterprise(world["officer"], made).filter(first=world.enterprises[1]).exists()
    monkeypatch.setattr(identity, "SMALL", 2_000)
    register.edit(
        actor=world["officer"],
        enterprise=made,
        record=replace(changed, names={"fr": "Fonderie du Sahel SARL"}),
        version=2,
    )
    jobs.work_off()
    again = {(one.first_id, one.second_id): one.levels for one in queries.pairs_of_enterprise(world["officer"], made)}
    assert again == alone


def test_the_register_in_memory_is_read_anew_when_it_is_not_that_of_the_rows(world: World) -> None:
    last = Head.objects.get(name="index").number
    held = held_register.held_register(last, lambda _: None)
    assert held_register.held_register(last, lambda _: None) is held
    Enterprise.objects.filter(pk=world.enterprises[0].pk).update(version=7)
    assert held_register.held_register(last, lambda _: None) is not held


def test_what_is_withdrawn_leaves_the_queue(world: World) -> None:
    second = twin(world)
    pair_with(world, second)
    assert queries.queue(world["officer"]).count() == 1
    register.withdraw(actor=world["officer"], enterprise=second)
    assert queries.queue(world["officer"]).count() == 0
    with pytest.raises(StateError, match="withdrawn"):
        identity.decide(actor=world["officer"], pair=IdentityPair.objects.get(), decision="distinct")


# deciding


@pytest.mark.parametrize("decision", ["distinct", "later"])
def test_a_pair_put_aside_is_not_found_again_until_a_record_changes(world: World, decision: str) -> None:
    second = added(world, "S-1", "Fonderie du Sahel", "Blida")
    identity.find_now()
    pair = IdentityPair.objects.get(first=world.enterprises[1], second=second)
    seen = queries.pair_of(world["officer"], pair).seen
    identity.decide(actor=world["officer"], pair=pair, decision=decision, remark=" two halls ", seen=seen)
    pair.refresh_from_db()
    assert (pair.status, pair.note, pair.decided_by) == (decision, "two halls", world.users["officer"])
    identity.find_now()
    pair.refresh_from_db()
    assert pair.status == decision
    grown = replace(record_of(fresh(second)), employees=12)
    register.edit(actor=world["officer"], enterprise=second, record=grown, version=1)
    identity.find_now()
    pair.refresh_from_db()
    assert pair.status == decision  # how many people it employs says nothing of who it is
    moved = replace(grown, website="https://sahel.example")
    register.edit(actor=world["officer"], enterprise=fresh(second), record=moved, version=2)
    identity.find_now()
    pair.refresh_from_db()
    assert (pair.status, pair.earlier, pair.note) == ("waiting", decision, "two halls")


def test_nothing_is_decided_on_what_was_changed_meanwhile(world: World) -> None:
    second = twin(world)
    pair = pair_with(world, second)
    seen = queries.pair_of(world["officer"], pair).seen
    renamed = replace(record_of(second), names={"fr": "Fonderie Autre"})
    register.edit(actor=world["officer"], enterprise=second, record=renamed, version=1)
    with pytest.raises(ConflictError, match="changed while you were reading"):
        identity.decide(actor=world["officer"], pair=pair, decision="same", seen=seen, survivor="first")
    pair.refresh_from_db()
    assert pair.status == "waiting" and not Merge.objects.exists()


def test_refusals(world: World) -> None:
    pair = pair_with(world, twin(world))
    with pytest.raises(InvalidError):
        identity.decide(actor=world["officer"], pair=pair, decision="perhaps")
    with pytest.raises(InvalidError):
        identity.decide(actor=world["officer"], pair=pair, decision="same")
    with pytest.raises(InvalidError):
        identity.decide(
            actor=world["officer"], pair=pair, decision="same", survivor="first", choices={"capabilities": "neither"}
        )
    with pytest.raises(StateError, match="not decided"):
        identity.undo(actor=world["officer"], pair=pair)
    identity.decide(actor=world["officer"], pair=pair, decision="distinct")
    with pytest.raises(StateError, match="decided already"):
        identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")


def test_records_whose_numbers_conflict_are_never_merged_until_one_is_corrected(world: World) -> None:
    def number(value: str) -> dict:
        return {"identifiers": (records.Identifier(scheme="DZ-NRC", value=value),)}

    first = fresh(world.enterprises[0])
    store(first, replace(record_of(first), **number("98 B 0012345")))
    second = twin(world, **number("98B0012346"))
    pair = pair_with(world, second)
    with pytest.raises(StateError, match="DZ-NRC: 98 B 0012345 and 98B0012346"):
        identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    right = replace(record_of(second), **number("98B0012345"))
    register.edit(actor=world["officer"], enterprise=second, record=right, version=1)
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    assert len(record_of(fresh(first)).identifiers) == 1  # written in two ways, it is one number


# merging and undoing


def test_a_merge_keeps_one_address_both_names_and_what_was_chosen(world: World) -> None:
    second = twin(world, aliases=("SFH",), founded=1998, website="https://hidhab.example")
    pair = merged(world, second, choices={"capabilities": "first"})
    kept, gone, made = fresh(world.enterprises[0]), fresh(second), Merge.objects.get()
    record_now = record_of(kept)
    assert (pair.status, kept.status, gone.status) == ("same", "published", "withdrawn")
    assert record_now.names == {"ar": "مسبك الهضاب", "fr": "Fonderie El Hidhab"} and record_now.aliases == ("SFH",)
    assert (record_now.founded, record_now.website) == (1998, "https://hidhab.example")
    assert [one.id for one in record_now.capabilities] == ["1"] and record_now.id == "dz:F-1"
    assert made.absorbed_before["names"] == {"fr": "Fonderie El Hidhab"} and record_of(gone).names == {
        "fr": "Fonderie El Hidhab"
    }
    assert queries.survivor_of("dz:T-1") == kept and queries.survivor_of("dz:F-1") is None
    register_index().follow()
    assert register_index().health().problems == ()
    assert "dz:T-1" not in register_index().enterprises_like("Fonderie El Hidhab")
    assert list(audit.broken_links()) == []


def test_capabilities_of_both_keep_apart(world: World) -> None:
    merged(world, twin(world))
    kept = record_of(fresh(world.enterprises[0]))
    assert [one.id for one in kept.capabilities] == ["1", "1-2"]
    assert fresh(world.enterprises[0]).facets.exists()


def test_undoing_a_merge_brings_everything_back(world: World) -> None:
    second = twin(world, founded=1998)
    first = world.enterprises[0]
    before = [record_of(fresh(one)) for one in (first, second)]
    hung = _links(world, second)
    pair = merged(world, second)
    assert Membership.objects.get(pk=hung["membership"]).enterprise_id == first.pk
    assert Attachment.objects.get(pk=hung["attachment"]).owner_id == first.pk
    assert Submission.objects.get(pk=hung["submission"]).status == "cancelled"
    assert Invitation.objects.filter(enterprise=first).count() == 2  # the rival, unanswered one gave way
    assert Question.objects.get(enterprise=first).answer == "نعم"
    identity.undo(actor=world["officer"], pair=pair)
    pair.refresh_from_db()
    assert pair.status == "waiting" and pair.decided is None
    assert [record_of(fresh(one)) for one in (first, second)] == before
    assert [fresh(one).status for one in (first, second)] == ["published", "published"]
    assert _hanging(second) == hung
    assert queries.survivor_of("dz:T-1") is None and Merge.objects.get().undone_by == world.users["officer"]
    register_index().follow()
    assert register_index().health().problems == () and list(audit.broken_links()) == []


def _links(world: World, second: Enterprise) -> dict[str, object]:
    """What may hang on an enterprise; an invitation and a question that the first has too, answered only by one of the two."""
    first, fields = (
        world.enterprises[0],
        {"exchange": world.dz, "need": world.need, "need_version": 1, "currency": "DZD"},
    )
    shared = Rfq.objects.create(code="R-1", deadline="2027-01-01", **fields)
    other = Rfq.objects.create(code="R-2", deadline="2027-01-01", **fields)
    Invitation.objects.create(rfq=shared, enterprise=first)
    quoted = Invitation.objects.create(rfq=shared, enterprise=second, status="quoted")
    Quote.objects.create(invitation=quoted, status="submitted", currency="DZD")
    Invitation.objects.create(rfq=other, enterprise=second)
    Question.objects.create(
        need=world.need, line="1", enterprise=first, requirement="q", status="answered", answer="نعم"
    )
    Question.objects.create(need=world.need, line="1", enterprise=second, requirement="q")
    Membership.objects.create(user=world.users["buyer"], exchange=world.dz, role="member", enterprise=second)
    Attachment.objects.create(exchange=world.dz, owner_kind="enterprise", owner_id=second.pk, name="a.pdf", size=1)
    Submission.objects.create(exchange=world.dz, enterprise=second, record={}, status="returned")
    return _hanging(second)


def _hanging(second: Enterprise) -> dict[str, object]:
    return {
        "invitations": sorted(Invitation.objects.values_list("pk", "enterprise_id", "status", "created")),
        "questions": sorted(Question.objects.values_list("pk", "enterprise_id", "status", "created")),
        "membership": Membership.objects.get(enterprise=second).pk,
        "attachment": Attachment.objects.get(owner_id=second.pk).pk,
        "submission": Submission.objects.get(enterprise=second, status="returned").pk,
    }


def test_two_quotes_in_one_open_request_stop_the_merge(world: World) -> None:
    second = twin(world)
    request = Rfq.objects.create(
        exchange=world.dz, need=world.need, need_version=1, code="R-1", deadline="2027-01-01", currency="DZD"
    )
    for one in (world.enterprises[0], second):
        invitation = Invitation.objects.create(rfq=request, enterprise=one, status="quoted")
        Quote.objects.create(invitation=invitation, status="submitted", currency="DZD")
    with pytest.raises(StateError, match="R-1"):
        merged(world, second)
    assert fresh(second).status == "published"
    Rfq.objects.filter(pk=request.pk).update(status="closed")
    identity.decide(actor=world["officer"], pair=IdentityPair.objects.get(), decision="same", survivor="first")
    assert Invitation.objects.filter(enterprise=second).count() == 1  # history stays where it was made


def test_a_proposal_that_waits_stops_the_merge(world: World) -> None:
    second = twin(world)
    Submission.objects.create(exchange=world.dz, enterprise=second, record=as_json(record_of(second)), base_version=1)
    with pytest.raises(StateError, match="waits for moderation"):
        merged(world, second)


def test_undoing_keeps_what_was_changed_since_and_asks_before_it_overwrites(world: World) -> None:
    second = twin(world, founded=1998)
    pair = merged(world, second)
    kept = fresh(world.enterprises[0])
    later = replace(record_of(kept), employees=40)
    register.edit(actor=world["officer"], enterprise=kept, record=later, version=kept.version)
    later = replace(later, founded=2001)
    register.edit(actor=world["officer"], enterprise=kept, record=later, version=fresh(kept).version)
    with pytest.raises(ConflictError):
        identity.undo(actor=world["officer"], pair=pair)
    identity.undo(actor=world["officer"], pair=pair, confirmed=True)
    back = record_of(fresh(kept))
    assert (back.employees, back.founded) == (40, None)


def test_chains_lead_to_the_last_and_are_undone_from_there(world: World) -> None:
    second, third = twin(world), added(world, "T-2", "Fonderie Hidhab Sétif")
    earlier = merged(world, second)
    first = fresh(world.enterprises[0])
    link = IdentityPair.objects.create(
        first=first, second=third, probability=0.9, uncertainty=0.2, state="", levels={"name": "part"}
    )
    identity.decide(actor=world["officer"], pair=link, decision="same", survivor="second")
    assert queries.survivor_of("dz:T-1") == third
    with pytest.raises(StateError, match="merged itself since"):
        identity.undo(actor=world["officer"], pair=earlier)
    identity.undo(actor=world["officer"], pair=link)
    identity.undo(actor=world["officer"], pair=earlier)
    assert queries.survivor_of("dz:T-1") is None


def test_what_was_told_apart_stays_apart_from_who_took_it_up(world: World) -> None:
    second = added(world, "S-1", "Fonderie du Sahel", "Blida")
    identity.find_now()
    pair = IdentityPair.objects.get(first=world.enterprises[1], second=second)
    identity.decide(actor=world["officer"], pair=pair, decision="distinct")
    third = added(world, "S-2", "Fonderie du Sahel", "Blida")
    link = IdentityPair.objects.create(
        first=second, second=third, probability=0.9, uncertainty=0.2, state="", levels={"name": "same"}
    )
    identity.decide(actor=world["officer"], pair=link, decision="same", survivor="second")
    identity.find_now()
    assert not IdentityPair.objects.filter(first=world.enterprises[1], second=third).exists()


def test_a_merged_record_that_stands_in_the_register_again_is_asked_about_again(world: World) -> None:
    second = added(world, "S-1", "Fonderie du Sahel", "Blida")
    identity.find_now()
    pair = IdentityPair.objects.get(first=world.enterprises[1], second=second)
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    made = Revision.objects.filter(subject_kind="enterprise", subject_id=second.pk).latest("pk")
    undoing.undo(actor=world["officer"], enterprise=fresh(second), revision=made)
    identity.find_now()
    pair.refresh_from_db()
    assert (pair.status, pair.earlier) == ("waiting", "same")
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    assert fresh(second).status == "withdrawn" and queries.survivor_of("dz:S-1") == world.enterprises[1]


# across exchanges, and who may


def test_across_exchanges_two_are_linked_and_neither_is_changed(world: World) -> None:
    first, second = fresh(world.enterprises[1]), fresh(world.foreign)
    store(
        first,
        replace(
            record_of(first), contacts=(records.Contact(phone="021 55 55 55"),), visibility={"contacts": "exchange"}
        ),
    )
    store(second, replace(record_of(second), contacts=(records.Contact(phone="021555555"),)))
    pair = IdentityPair.objects.create(
        first=first, second=second, probability=0.6, uncertainty=0.8, state="", levels={"contact": "same"},
        reasons=[{"field": "contact", "level": "same", "weight": 5.0, "first": "21555555", "second": "21555555"}],
    )  # fmt: skip
    seen = queries.pair_of(world.elsewhere["officer"], pair)
    assert seen.reasons[0]["first"] == "" and seen.reasons[0]["second"] == "21555555"
    identity.decide(actor=world.elsewhere["officer"], pair=pair, decision="same")
    assert fresh(first).status == fresh(second).status == "published" and not Merge.objects.exists()
    assert queries.linked_with(first) == [second]
    identity.undo(actor=world["officer"], pair=pair)
    assert queries.linked_with(first) == []


def test_only_officers_of_one_of_the_two_exchanges(world: World) -> None:
    pair = pair_with(world, twin(world))
    for actor in (world.elsewhere["officer"], *(world[role] for role in Role if role != Role.OFFICER)):
        with pytest.raises(NotPermittedError):
            identity.decide(actor=actor, pair=pair, decision="distinct")
        if isinstance(actor, Actor) and actor.role != Role.OFFICER:
            with pytest.raises(NotPermittedError):
                identity.find(actor=actor)
            with pytest.raises(NotPermittedError):
                queries.queue(actor)
    assert queries.queue(world.elsewhere["officer"]).count() == 0


def test_erasing_contacts_erases_them_from_pairs_and_merges_too(world: World) -> None:
    second = twin(world, contacts=(records.Contact(name="كريم", phone="036 12 34 56"),))
    pair = pair_with(world, second)
    IdentityPair.objects.update(
        reasons=[{"field": "contact", "level": "same", "weight": 1, "first": "", "second": "36123456"}]
    )
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    undoing.erase(actor=world["officer"], enterprise=fresh(world.enterprises[0]))
    made = Merge.objects.get()
    assert "contacts" not in made.absorbed_before | made.survivor_after | fresh(second).record
    assert IdentityPair.objects.get().reasons[0]["second"] == ""
    kept = Revision.objects.filter(subject_kind__in=("enterprise", "merge", "identitypair"))
    assert not any("36 12" in str(one.after) or "كريم" in str(one.before) for one in kept)
    assert list(audit.broken_links()) == []


# learning


def test_decisions_train_the_model_and_what_waits_is_judged_anew(world: World) -> None:
    with pytest.raises(StateError, match="no decision"):
        identity.learn(actor=world["officer"])
    rows = [added(world, f"L-{number}", f"Ateliers {'abcdefghijkl'[number] * 4}", "Oran") for number in range(12)]
    levels = {"name": "unlike", "place": "same"}
    model = pairing.model_in_force().model
    before = pairing.judged([levels], model)[0]
    pairs = [
        IdentityPair.objects.create(
            first=a, second=b, probability=before, uncertainty=0.5, state="", levels=levels,
            reasons=[{"field": "place", "level": "same", "weight": 4.0, "first": "", "second": ""}],
        )
        for a, b in pairwise(rows)
    ]  # fmt: skip
    for pair in pairs[:10]:
        identity.decide(actor=world["officer"], pair=pair, decision="distinct")
    assert Job.objects.filter(kind="identity.learn").count() == 1
    jobs.work_off()
    version, last = IdentityModel.objects.get(), IdentityPair.objects.filter(pk=pairs[10].pk).first()
    assert (version.version, version.decisions) == (1, 10)
    if last is not None:  # the register was looked through again: a pair below the least probability is let go
        assert last.model_version == 1 and last.probability < before
    assert pairing.judged([levels], pairing.model_in_force().model)[0] < before
    with pytest.raises(StateError, match="knows all"):
        identity.learn(actor=world["officer"])


# the queue


def test_the_queue_by_uncertainty_and_its_filters(world: World) -> None:
    rows = [
        twin(world),
        added(world, "S-1", "Fonderie du Sahel", "Blida"),
        added(world, "S-2", "Dar Sahel", "Sfax", world.tn),
    ]
    made = [pair_with(world, one) for one in rows]
    for pair, probability in zip(made, (0.95, 0.5, 0.2), strict=True):
        pair.probability, pair.uncertainty = probability, pairing.uncertainty(probability)
        pair.second_source = f"source {probability}"
        pair.save()
    officer = world["officer"]
    assert list(queries.queue(officer)) == [made[1], made[2], made[0]]
    assert list(queries.queue(officer, Filters(band="sure"))) == [made[0]]
    assert list(queries.queue(officer, Filters(country="TN"))) == [made[2]]
    assert list(queries.queue(officer, Filters(source="source 0.5"))) == [made[1]]
    assert list(queries.queue(officer, Filters(reach="across"))) == [made[2]]
    assert list(queries.queue(officer, Filters(words="Sahel"))) == [made[1], made[2]]
    assert queries.next_after(officer, made[1], Filters()) == made[2]
    assert queries.next_after(officer, made[0], Filters()) == made[1]
    assert queries.choices_of(officer, Filters())[0] == [("DZ", 3), ("TN", 1)]
    assert queries.numbers(officer)["waiting"] == 3
    assert queries.queue(world.elsewhere["officer"]).get() == made[2]


def test_the_number_of_queries_does_not_grow_with_the_pairs(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            for one in queries.queue(world["officer"]):
                assert one.first.exchange.code and one.second.exchange.code
        return len(caught)

    pair_with(world, twin(world))
    once = asked()
    for number in range(3):
        pair_with(world, added(world, f"Q-{number}", f"Fonderie {number}"))
    assert asked() == once
