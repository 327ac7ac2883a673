"""The queue, accepting with merging, returning with reasons, taking back; what waits; who may."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from msgspec.structs import replace

from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange import audit
from tashbik.exchange.actor import signed_in
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Mail, Membership, Role, Submission, User
from tashbik.exchange.projection import record_of
from tashbik.exchange.queries.moderation import in_work, item, next_after, queue, submissions_of
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.verbs import moderation, register
from tashbik.registry import records
from tests.world import World


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def fresh(enterprise: Enterprise) -> Enterprise:
    return Enterprise.objects.get(pk=enterprise.pk)


def proposed(world: World, **fields) -> Submission:
    enterprise = fresh(world.enterprises[0])
    state = in_work(world["member"], enterprise)
    record = replace(record_of(enterprise), **fields)
    return register.propose(actor=world["member"], enterprise=enterprise, record=record, edition=state.edition)


def registered(world: World, name: str = "ورشة جديدة") -> Submission:
    user, _made = User.objects.get_or_create(email=f"{abs(hash(name))}@t.example", defaults={"language": "fr"})
    sent = register.register(
        actor=signed_in(user), exchange=world.dz, record=records.Enterprise(id="", names={"ar": name})
    )
    assert isinstance(sent, Submission)
    return sent


def test_accepting_a_registration_publishes_it_and_makes_its_sender_a_member(world: World) -> None:
    sent = registered(world)
    moderation.accept(actor=world["officer"], submission=sent)
    sent.refresh_from_db()
    assert sent.status == "accepted" and sent.decided_by == world.users["officer"]
    made = sent.enterprise
    assert made is not None and made.status == "published" and made.name_ar == "ورشة جديدة"
    assert Membership.objects.get(user=sent.by).enterprise == made
    assert Mail.objects.get(kind="submission.accepted").language == "fr"
    assert register_index().follow() > 0 and register_index().health().problems == ()
    assert list(audit.broken_links()) == []


def test_accepting_merges_over_what_changed_meanwhile(world: World) -> None:
    sent = proposed(world, founded=1987)
    enterprise = fresh(world.enterprises[0])
    record = replace(record_of(enterprise), employees=45)
    register.edit(actor=world["officer"], enterprise=enterprise, record=record, version=enterprise.version)
    shown = item(world["officer"], Submission.objects.get(pk=sent.pk))
    assert shown.merged is not None and [one.path for one in shown.merged.meanwhile] == [("employees",)]
    assert [one.path for one in shown.changes] == [("founded",)]
    moderation.accept(actor=world["officer"], submission=sent, seen=shown.seen)
    record = record_of(fresh(enterprise))
    assert (record.founded, record.employees) == (1987, 45)


@pytest.mark.parametrize(("choice", "year"), [("ours", 1990), ("theirs", 1987)])
def test_a_field_that_both_changed_must_be_settled(world: World, choice: str, year: int) -> None:
    sent = proposed(world, founded=1987)
    enterprise = fresh(world.enterprises[0])
    record = replace(record_of(enterprise), founded=1990)
    register.edit(actor=world["officer"], enterprise=enterprise, record=record, version=enterprise.version)
    with pytest.raises(ConflictError, match="1 field"):
        moderation.accept(actor=world["officer"], submission=sent)
    sent.refresh_from_db()
    assert sent.status == "pending"
    moderation.accept(actor=world["officer"], submission=sent, settled={"founded": choice})
    assert record_of(fresh(enterprise)).founded == year


def test_what_was_changed_while_it_was_read_is_not_accepted(world: World) -> None:
    sent = proposed(world, founded=1987)
    seen = item(world["officer"], sent).seen
    proposed(world, founded=1988)
    with pytest.raises(ConflictError, match="while you were reading"):
        moderation.accept(actor=world["officer"], submission=sent, seen=seen)


def test_returning_needs_reasons_and_tells_the_sender(world: World) -> None:
    sent = proposed(world, founded=1987)
    for reasons, note in (([], ""), (["no such"], ""), (["other"], " ")):
        with pytest.raises(InvalidError):
            moderation.send_back(actor=world["officer"], submission=sent, reasons=reasons, note=note)
    moderation.send_back(actor=world["officer"], submission=sent, reasons=["identifier", "other"], note="السجل التجاري")
    sent.refresh_from_db()
    assert (sent.status, sent.reasons, sent.note) == ("returned", ["identifier", "other"], "السجل التجاري")
    mail = Mail.objects.get(kind="submission.returned")
    assert "السجل التجاري" in mail.body
    assert "editing:returned" in {task.page for task in waiting_for(world["member"])}
    with pytest.raises(StateError):
        moderation.accept(actor=world["officer"], submission=sent)


def test_a_returned_proposal_is_corrected_and_sent_again(world: World) -> None:
    sent = proposed(world, founded=1987)
    moderation.send_back(actor=world["officer"], submission=sent, reasons=["figures"])
    state = in_work(world["member"], fresh(world.enterprises[0]))
    assert state.proposal == sent and state.record["founded"] == 1987
    again = proposed(world, founded=1988)
    sent.refresh_from_db()
    assert (sent.status, again.status) == ("cancelled", "pending") and again.pk != sent.pk


def test_taking_back(world: World) -> None:
    sent = proposed(world, founded=1987)
    moderation.cancel(actor=world["member"], submission=sent)
    assert sent.status == "cancelled"
    assert in_work(world["member"], fresh(world.enterprises[0])).proposal is None
    with pytest.raises(StateError):
        moderation.cancel(actor=world["member"], submission=sent)


def test_a_withdrawn_enterprise_is_not_brought_back_by_a_proposal(world: World) -> None:
    sent = proposed(world, founded=1987)
    register.withdraw(actor=world["officer"], enterprise=fresh(world.enterprises[0]))
    Submission.objects.filter(pk=sent.pk).update(status="pending")
    with pytest.raises(StateError, match="withdrawn"):
        moderation.accept(actor=world["officer"], submission=sent)


def test_the_queue_is_of_ones_own_exchange_and_oldest_first(world: World) -> None:
    first, second, change = registered(world, "أ"), registered(world, "ب"), proposed(world, founded=1987)
    assert list(queue(world["officer"])) == [first, second, change]
    assert list(queue(world["officer"], kind="change")) == [change]
    assert list(queue(world["officer"], kind="new", words="ب")) == [second]
    assert list(queue(world["officer"], words="الهضاب")) == [change]
    assert list(queue(world.elsewhere["officer"])) == []
    assert next_after(world["officer"], first) == second
    assert next_after(world["officer"], change) == first
    (task,) = [task for task in waiting_for(world["officer"]) if task.page == "moderation:queue"]
    assert task.count == 3 and str(task.label) == "3 submissions to decide on"
    assert list(submissions_of(world["member"])) == [change]
    with pytest.raises(NotPermittedError):
        queue(world["member"])


def test_a_registration_like_an_enterprise_of_the_register_is_pointed_out(world: World) -> None:
    sent = registered(world, "مسبك الهضاب")
    assert [one.code for one in item(world["officer"], sent).alike] == ["dz:F-1"]


def test_the_queue_does_not_ask_more_for_more_rows(world: World) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            for one in queue(world["officer"]):
                assert one.exchange.code and (one.enterprise is None or one.enterprise.code)
        return len(asked)

    registered(world, "أ")
    one = count()
    registered(world, "ب"), registered(world, "ج"), proposed(world, founded=1987)
    assert count() == one


RIGHTS = {"submission.accept": {"officer"}, "submission.return": {"officer"}, "submission.cancel": {"member"}}


@pytest.mark.parametrize("name", RIGHTS)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_on_every_verb(world: World, name: str, role: str) -> None:
    sent = proposed(world, founded=1987)
    acts = {
        "submission.accept": lambda actor: moderation.accept(actor=actor, submission=sent),
        "submission.return": lambda actor: moderation.send_back(actor=actor, submission=sent, reasons=["figures"]),
        "submission.cancel": lambda actor: moderation.cancel(actor=actor, submission=sent),
    }
    with pytest.raises(NotPermittedError):
        acts[name](world.elsewhere[role])
    if role in RIGHTS[name]:
        acts[name](world[role])
    else:
        with pytest.raises(NotPermittedError):
            acts[name](world[role])
