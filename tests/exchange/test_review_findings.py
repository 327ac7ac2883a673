"""Holes that reading the code has shown, each shut: who reads and changes what through a side door, what a second run or another state would spoil."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from tashbik.errors import InvalidError, NotPermittedError, StateError
from tashbik.exchange import jobs
from tashbik.exchange.actor import signed_in
from tashbik.exchange.jobs import HANDLERS, Work, work_off
from tashbik.exchange.models import (
    Edition,
    Import,
    Invitation,
    Job,
    Mail,
    Meeting,
    Need,
    NetworkSnapshot,
    Participant,
    Quote,
    Referral,
    Rfq,
    User,
)
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries import attachments as reading
from tashbik.exchange.queries import needs as need_queries
from tashbik.exchange.queries.history import history_of, subject_of
from tashbik.exchange.queries.networks_levels import Eyes
from tashbik.exchange.queries.networks_ties import Tie
from tashbik.exchange.verbs import (
    accounts,
    attachments,
    awards,
    clusters,
    groups,
    imports,
    networks,
    participants,
    quotes,
)
from tashbik.exchange.verbs import rfq as verbs
from tashbik.exchange.verbs.participant_erasure import erase
from tests.exchange.forum_world import add_people, details, make_edition, set_up_meetings
from tests.exchange.test_attachments import PDF
from tests.exchange.test_rfq import invitation_of, opened, quoted, today, typed
from tests.grouped import proposed, ready
from tests.world import World


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def attached(actor, owner, name: str = "offer.pdf", **more):
    return attachments.add(actor=actor, owner=owner, file=ContentFile(PDF), name=name, **more)


# requests for quotation


def test_a_request_whose_quotes_could_be_read_is_not_sealed_again(world: World) -> None:
    rfq = opened(world)
    quotes.submit(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed())
    rfq.deadline = today(-1)  # its closing job has not run yet
    rfq.save()
    with pytest.raises(StateError, match="have been opened"):
        verbs.extend(actor=world["buyer"], rfq=rfq, deadline=today(20))
    assert Mail.objects.filter(kind="rfq.extended").count() == 0


def test_a_request_that_nobody_answered_is_extended_after_its_deadline(world: World) -> None:
    rfq = opened(world)
    rfq.deadline = today(-1)
    rfq.save()
    assert verbs.extend(actor=world["buyer"], rfq=rfq, deadline=today(20)).status == "open"


def test_the_papers_of_a_quote_change_with_its_draft_alone(world: World) -> None:
    rfq = opened(world)
    mine = invitation_of(rfq, world, 0)
    draft = quotes.draft(actor=world["member"], invitation=mine, typed=typed(), edition=0)
    paper = attached(world["member"], draft)
    with pytest.raises(NotPermittedError):
        attachments.remove(actor=world["officer"], attachment=paper)  # the enterprise writes its own quote
    sent = quotes.submit(actor=world["member"], invitation=mine, typed=typed(), edition=1)
    assert sent.pk == draft.pk
    for actor in (world["member"], world["officer"]):
        with pytest.raises(NotPermittedError):
            attached(actor, sent, "another.pdf")
        with pytest.raises(NotPermittedError):
            attachments.remove(actor=actor, attachment=paper)
    assert reading.attachments_of(world["member"], sent) == [paper]


def test_no_paper_is_attached_to_a_draft_after_the_deadline(world: World) -> None:
    rfq = opened(world)
    draft = quotes.draft(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed(), edition=0)
    rfq.deadline = today(-1)
    rfq.save()
    with pytest.raises(NotPermittedError):
        attached(world["member"], Quote.objects.get(pk=draft.pk))


def test_an_officer_attaches_papers_to_what_came_on_paper(world: World) -> None:
    rfq = opened(world)
    draft = quotes.draft(actor=world["officer"], invitation=invitation_of(rfq, world, 1), typed=typed(), edition=0)
    attachments.remove(actor=world["officer"], attachment=attached(world["officer"], draft))


def test_the_history_of_a_sealed_quote_does_not_tell_its_prices(world: World) -> None:
    rfq = opened(world)
    sent = quotes.submit(actor=world["member"], invitation=invitation_of(rfq, world, 0), typed=typed("123.45"))
    for actor in (world["officer"], world["buyer"]):
        with pytest.raises(NotPermittedError):
            subject_of(actor, "quote", sent.pk)
        with pytest.raises(NotPermittedError):
            history_of(actor, sent)
    assert history_of(world["member"], subject_of(world["member"], "quote", sent.pk))[1] == 1
    verbs.close(actor=world["buyer"], rfq=rfq, reason="enough")
    events, _total = history_of(world["officer"], subject_of(world["officer"], "quote", sent.pk))
    assert "123.45" in str(events[0].changes)


def test_a_dry_run_that_is_taken_up_again_does_not_stop_the_import(world: World) -> None:
    run = Import.objects.create(exchange=world.dz, name="r.csv", size=1, status=Import.Status.RUNNING, position=500)
    HANDLERS["import.check"](Work(Job.objects.create(kind="import.check", subject_id=run.pk)))
    run.refresh_from_db()
    assert (run.status, run.position) == ("running", 500)


def test_an_import_whose_file_can_no_longer_be_read_does_not_run_for_ever(world: World) -> None:
    run = imports.upload(actor=world["officer"], exchange=world.dz, file=ContentFile(b"id,name\n1,A\n"), name="r.csv")
    Import.objects.filter(pk=run.pk).update(status=Import.Status.RUNNING)
    Path(run.file.path).unlink()
    HANDLERS["import.run"](Work(Job.objects.create(kind="import.run", subject_id=run.pk)))
    run.refresh_from_db()
    assert run.status == "failed" and run.error


def test_a_job_that_was_killed_after_asking_does_not_ask_again(world: World) -> None:
    rfq, _first, second, _other = quoted(world)
    (made,) = awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    (job,) = Job.objects.filter(kind="outcome.ask", subject_id=made.pk)
    for _time in range(2):  # the second time another worker takes up what the first could not mark as done
        HANDLERS["outcome.ask"](Work(job))
    made.refresh_from_db()
    assert made.asked == 1
    assert Job.objects.filter(kind="outcome.ask", subject_id=made.pk).count() == 2
    work_off(now=timezone.now() + timedelta(days=400))
    made.refresh_from_db()
    assert made.asked == awards.MOST_ASKED


# needs


def test_a_drawing_added_later_does_not_name_an_anonymous_buyer(world: World) -> None:
    Need.objects.update(anonymous=True)
    need = Need.objects.get(pk=world.need.pk)
    for values in ({"name": "grands_moteurs-carter.pdf"}, {"name": "a.pdf", "title": "Plan Grands Moteurs"}):
        with pytest.raises(InvalidError) as refused:
            attached(world["buyer"], need, **values)
        assert "named after you" in refused.value.fields["file"][0]
    attached(world["buyer"], need, "carter.pdf")


def test_the_drawings_of_a_need_that_has_ended_stay(world: World) -> None:
    drawing = attached(world["buyer"], world.need, "carter.pdf")
    Need.objects.update(status="closed")
    with pytest.raises(NotPermittedError):
        attached(world["buyer"], Need.objects.get(pk=world.need.pk), "b.pdf")
    with pytest.raises(NotPermittedError):
        attachments.remove(actor=world["buyer"], attachment=drawing)


# networks


def stored(exchange, level: str) -> NetworkSnapshot:
    values = {"nodes": 0, "edges": 0, "made": timezone.now(), "result": b""}
    return NetworkSnapshot.objects.create(exchange=exchange, level=level, **values)


def test_what_a_need_narrows_is_taken_away_where_it_was_passed_on_too(world: World) -> None:
    Referral.objects.create(need=world.need, exchange=world.tn, status="taken")
    opened(world, world.elsewhere["officer"], enterprises=[world.foreign])
    there, own = stored(world.tn, Level.MEMBERS), stored(world.tn, Level.EXCHANGE)
    need = Need.objects.get(pk=world.need.pk)
    need.anonymous = True
    networks.follow(world["buyer"], "need.revise", need)
    assert list(NetworkSnapshot.objects.values_list("pk", flat=True)) == [own.pk] and there.pk != own.pk
    waiting = set(Job.objects.filter(kind=networks.KIND).values_list("subject_id", flat=True))
    assert {world.dz.pk, world.tn.pk, 0} <= waiting


def test_a_network_for_members_names_no_anonymous_buyer(world: World) -> None:
    buyer = ("organisation", world.buyer.pk)
    tie = Tie(
        "dz:F-1",
        "x",
        "award",
        1.0,
        None,
        "members",
        "awarded",
        world.dz.pk,
        unnamed="dz-N-1",
        buyer=buyer,
        home=world.dz.pk,
    )
    assert not Eyes("members", world.dz.pk).name_the_buyer(tie)
    assert Eyes("exchange", world.dz.pk).name_the_buyer(tie)
    assert Eyes("members", 0, frozenset({buyer})).name_the_buyer(tie)


def test_an_officer_enters_nobody_into_another_exchanges_cluster(world: World) -> None:
    facts = clusters.ClusterFacts(name_en="Castings", country="DZ", source="test", as_of=today())
    cluster = clusters.create(actor=world["officer"], facts=facts)
    with pytest.raises(NotPermittedError):
        clusters.join(actor=world.elsewhere["officer"], enterprise=world.foreign, cluster=cluster, source="test")
    clusters.join(actor=world["officer"], enterprise=world.enterprises[1], cluster=cluster, source="test")


# the forum


def test_who_cancels_does_not_cancel_what_has_taken_place(world: World) -> None:
    edition = make_edition(world)
    people = add_people(world["organiser"], edition)
    set_up_meetings(world["organiser"], edition)
    early, late = edition.slots.all()[:2]
    edition.slots.filter(pk=early.pk).update(day=today(-1))
    table = edition.tables.first()
    first = Meeting.objects.create(edition=edition, first=people[0], second=people[1], slot=early, table=table)
    second = Meeting.objects.create(edition=edition, first=people[0], second=people[2], slot=late, table=table)
    participants.cancel(actor=world["organiser"], participant=people[0])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("planned", "cancelled")
    assert list(Mail.objects.filter(kind="meetings.changed").values_list("to", flat=True)) == [people[2].email]


# groups


def test_nobody_agrees_to_a_need_that_was_closed(world: World) -> None:
    ready(world)
    group = proposed(world)
    Need.objects.update(status="closed")
    place = group.members.get(enterprise=world.enterprises[0])
    with pytest.raises(StateError, match="while the need is released"):
        groups.answer(actor=world["member"], member=place, accept=True)
    assert groups.answer(actor=world["member"], member=place, accept=False, reason="dates").status == "declined"


def test_a_participant_is_erased_after_the_edition_too_and_an_account_with_its_participation(world: World) -> None:
    edition = make_edition(world)
    people = add_people(world["organiser"], edition)
    person = world.users["analyst"]
    Participant.objects.filter(pk=people[1].pk).update(user=person)
    accounts.erase_person(actor=signed_in(person), person=person)
    own = Participant.objects.get(pk=people[1].pk)
    assert (own.status, own.name, own.email, own.user) == ("cancelled", "—", "", None)
    Edition.objects.update(status="closed")
    erase(actor=world["organiser"], participant=Participant.objects.get(pk=people[2].pk))
    there = Participant.objects.get(pk=people[2].pk)
    assert (there.status, there.name, there.email) == ("approved", "—", "")


def test_a_colleague_neither_cancels_nor_erases_a_participant(world: World) -> None:
    edition = make_edition(world)
    person = Participant.objects.create(
        edition=edition, name="Amal", category="smi", country="DZ", enterprise=world.enterprises[0], status="approved"
    )
    for act in (participants.cancel, erase):
        with pytest.raises(NotPermittedError):
            act(actor=world["member"], participant=person)
    assert Participant.objects.get(pk=person.pk).status == "approved"


def test_who_types_the_name_of_an_enterprise_is_not_tied_to_it(world: World) -> None:
    edition = make_edition(world)
    person = signed_in(User.objects.create_user("guest@forum.example", "a-long-password"))
    typed = details(0, body="Fonderie du Sahel", name="Guest")
    assert participants.register(actor=person, edition=edition, details=typed).enterprise is None
    told = participants.register(actor=world["organiser"], edition=edition, details=replace(typed, email="x@y.example"))
    assert told.enterprise == world.enterprises[1]


def test_a_job_that_ends_its_worker_each_time_is_given_up(world: World) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    poison = Job.objects.create(
        kind="identity.find", status=Job.Status.RUNNING, leased_until=long_ago, attempts=jobs.MOST_TAKEN
    )
    assert jobs._take(timezone.now()) is None
    poison.refresh_from_db()
    assert poison.status == Job.Status.FAILED and "worker" in poison.error


def test_a_declined_request_shows_no_drawings_any_more(world: World) -> None:
    rfq = Rfq.objects.create(
        exchange=world.dz, need=world.need, need_version=1, code="R-1", deadline="2027-01-01", currency="DZD"
    )
    invitation = Invitation.objects.create(rfq=rfq, enterprise=world.enterprises[0])
    assert need_queries.is_invited(world["member"], world.need)
    Invitation.objects.filter(pk=invitation.pk).update(status="declined")
    assert not need_queries.is_invited(world["member"], world.need)
