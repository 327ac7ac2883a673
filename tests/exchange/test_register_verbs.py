"""Registering, proposing, editing, verifying, opening up, withdrawing, undoing, erasing, reminding: what each does and to whom it is refused."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from django.utils import translation
from msgspec.structs import replace

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange import audit, jobs
from tashbik.exchange.actor import signed_in
from tashbik.exchange.differences import changes, leaves, merge, record_from
from tashbik.exchange.index import register_index
from tashbik.exchange.models import (
    AuditEntry,
    Draft,
    Enterprise,
    Job,
    Mail,
    Membership,
    Revision,
    Role,
    Submission,
    User,
)
from tashbik.exchange.projection import as_json, record_of
from tashbik.exchange.queries.moderation import edition_of, in_work, proposal_of, record_of_edition
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.verbs import drafts, register, reminders, undoing
from tashbik.registry import records
from tests.world import World


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


CONTACT = records.Contact(role="مدير المبيعات", name="سليم", email="sales@hidab.example", phone="+213 36 00 00 00")


def fresh(enterprise: Enterprise) -> Enterprise:
    return Enterprise.objects.get(pk=enterprise.pk)


def with_name(enterprise: Enterprise, name: str) -> records.Enterprise:
    record = record_of(enterprise)
    return replace(record, names={**record.names, "en": name})


def propose(world: World, record: records.Enterprise, **more) -> Submission:
    enterprise = fresh(world.enterprises[0])
    edition = more.pop("edition", None) or in_work(world["member"], enterprise).edition
    return register.propose(actor=world["member"], enterprise=enterprise, record=record, edition=edition, **more)


# merging


def test_leaves_make_the_record_again(world: World) -> None:
    for one in Enterprise.objects.all():
        assert msgspec.convert(record_from(leaves(one.record), one.code), records.Enterprise) == record_of(one)


def test_changes_of_two_people_in_different_fields_are_both_kept() -> None:
    base = {"id": "1", "names": {"fr": "A"}, "founded": 1990, "certificates": [{"words": "a"}, {"words": "b"}]}
    ours = {**base, "names": {"fr": "B"}, "certificates": [{"words": "a"}, {"words": "b"}, {"words": "ours"}]}
    theirs = {**base, "founded": 1991, "certificates": [{"words": "b"}, {"words": "theirs"}]}
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    assert merged.record["names"] == {"fr": "B"} and merged.record["founded"] == 1991
    assert [one["words"] for one in merged.record["certificates"]] == ["b", "ours", "theirs"]
    assert {one.path for one in merged.meanwhile} == {("names", "fr"), ("certificates",)}


def test_one_field_changed_twice_is_a_conflict_until_it_is_settled() -> None:
    base = {"id": "1", "names": {"fr": "A"}, "founded": 1990}
    merged = merge(base, {**base, "founded": 1991}, {**base, "founded": 1992})
    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == (1990, 1991, 1992)
    assert merged.record["founded"] == 1991
    assert (
        merge(base, {**base, "founded": 1991}, {**base, "founded": 1992}, {"founded": "theirs"}).record["founded"]
        == 1992
    )


@pytest.mark.parametrize(("choice", "left"), [("ours", 0), ("theirs", 1)])
def test_a_capability_taken_out_here_and_changed_there_is_one_conflict(choice: str, left: int) -> None:
    base = {
        "id": "1",
        "names": {"fr": "A"},
        "capabilities": [{"id": "c/1", "words": {"fr": "tournage"}, "lead_time": 5.0}],
    }
    changed = {**base, "capabilities": [{"id": "c/1", "words": {"fr": "tournage"}, "lead_time": 9.0}]}
    gone = {"id": "1", "names": {"fr": "A"}}
    (conflict,) = merge(base, gone, changed).conflicts
    merged = merge(base, gone, changed, {conflict.key: choice})
    assert len(merged.record.get("capabilities", [])) == left
    assert merge(base, base, gone).record == gone


def test_what_has_its_default_value_is_no_change() -> None:
    able = {"id": "7", "words": {"fr": "fraisage"}}
    written_out = {**able, "kind": "process", "core": True, "materials": []}
    assert (
        changes(
            {"id": "1", "names": {}, "capabilities": [able]}, {"id": "1", "names": {}, "capabilities": [written_out]}
        )
        == []
    )


def test_a_capability_that_is_new_is_one_change() -> None:
    before = {"id": "1", "names": {"fr": "A"}}
    after = {**before, "capabilities": [{"id": "7", "words": {"fr": "fraisage"}, "lead_time": 5.0}]}
    (change,) = changes(before, after)
    assert change.path == ("capabilities", "7") and change.before is None


# registering


def test_an_officer_registers_at_once(world: World) -> None:
    made = register.register(
        actor=world["officer"], exchange=world.dz, record=records.Enterprise(id="", names={"fr": "Forge de Batna"})
    )
    assert isinstance(made, Enterprise)
    assert made.status == "published" and made.code.startswith("dz:E-") and made.record["id"] == made.code
    assert record_of(made).provenance.source == register.SOURCE
    with pytest.raises(NotPermittedError):
        register.register(
            actor=world.elsewhere["officer"], exchange=world.dz, record=records.Enterprise(id="", names={"fr": "X"})
        )


def test_a_person_without_a_role_sends_a_submission(world: World) -> None:
    user = User.objects.create_user("new@t.example", "a-long-password")
    actor = signed_in(user)
    record = records.Enterprise(id="", names={"ar": "ورشة جديدة"})
    sent = register.register(actor=actor, exchange=world.dz, record=record)
    assert isinstance(sent, Submission) and sent.status == "pending" and sent.by == user
    again = register.register(actor=actor, exchange=world.dz, record=record, instead_of=sent)
    sent.refresh_from_db()
    assert (sent.status, again.status) == ("cancelled", "pending")
    with pytest.raises(NotPermittedError):
        register.register(actor=world["member"], exchange=world.dz, record=record, instead_of=again)


@pytest.mark.parametrize("role", ["visitor", "buyer", "institution", "financier", "analyst", "organiser"])
def test_who_may_not_register(world: World, role: str) -> None:
    with pytest.raises(NotPermittedError):
        register.register(actor=world[role], exchange=world.dz, record=records.Enterprise(id="", names={"fr": "X"}))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"names": {"fr": "  "}}, "names"),
        ({"names": {"fr": "A"}, "website": "javascript:alert(1)"}, "website"),
        ({"names": {"fr": "A"}, "founded": 98}, "founded"),
        ({"names": {"fr": "A"}, "employees": -1}, "employees"),
        (
            {"names": {"fr": "A"}, "capabilities": (records.Capability(id="1"), records.Capability(id="1"))},
            "capabilities",
        ),
    ],
)
def test_what_no_register_takes(world: World, values: dict, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        register.register(actor=world["officer"], exchange=world.dz, record=records.Enterprise(id="", **values))
    assert list(refused.value.fields) == [field]


# editing and proposing


def test_two_officers_edit_one_record_and_the_second_is_told(world: World) -> None:
    enterprise = world.enterprises[0]
    version, first, second = enterprise.version, with_name(enterprise, "First"), with_name(enterprise, "Second")
    register.edit(actor=world["officer"], enterprise=fresh(enterprise), record=first, version=version)
    with pytest.raises(ConflictError, match="Someone else"):
        register.edit(actor=world["officer"], enterprise=fresh(enterprise), record=second, version=version)
    assert fresh(enterprise).name_en == "First"
    base = record_of_edition(world["officer"], fresh(enterprise), str(version))
    assert base is not None and "en" not in base["names"]
    merged = merge(base, dict(fresh(enterprise).record), as_json(second))
    assert [one.path for one in merged.conflicts] == [("names", "en")]


def test_the_index_follows_an_edit(world: World) -> None:
    register_index().follow()
    enterprise = fresh(world.enterprises[2])
    register.edit(
        actor=world["officer"],
        enterprise=enterprise,
        record=with_name(enterprise, "Annaba"),
        version=enterprise.version,
    )
    assert register_index().follow() == 1
    assert register_index().health().problems == ()


def test_an_edit_keeps_visibility_and_needs_a_change(world: World) -> None:
    enterprise = fresh(world.enterprises[0])
    register.set_visibility(
        actor=world["member"],
        enterprise=enterprise,
        levels={"contacts": "exchange"},
        consent=True,
        version=enterprise.version,
    )
    enterprise = fresh(enterprise)
    open_to_all = replace(with_name(enterprise, "X"), visibility={"contacts": "public"})
    register.edit(actor=world["officer"], enterprise=enterprise, record=open_to_all, version=enterprise.version)
    assert record_of(fresh(enterprise)).visibility["contacts"] == "exchange"
    with pytest.raises(InvalidError, match="cannot be taken"):
        same = fresh(enterprise)
        register.edit(actor=world["officer"], enterprise=same, record=record_of(same), version=same.version)


def test_a_member_proposes_and_the_proposal_collects_changes(world: World) -> None:
    enterprise = world.enterprises[0]
    first = propose(world, with_name(enterprise, "Highland Foundry"), section="identity")
    assert fresh(enterprise).name_en == ""
    assert first.section == "identity" and first.base_version == enterprise.version
    state = in_work(world["member"], fresh(enterprise))
    assert state.record["names"]["en"] == "Highland Foundry" and state.proposal == first
    record = msgspec.convert(state.record, records.Enterprise)
    second = propose(world, replace(record, founded=1987), section="finance")
    assert second.pk == first.pk and second.section == ""
    assert second.record["founded"] == 1987 and second.record["names"]["en"] == "Highland Foundry"
    assert in_work(world["officer"], fresh(enterprise)).record == fresh(enterprise).record


def test_two_members_of_one_enterprise_do_not_overwrite_each_other(world: World) -> None:
    enterprise = fresh(world.enterprises[0])
    edition = in_work(world["member"], enterprise).edition
    propose(world, with_name(enterprise, "First"), edition=edition)
    with pytest.raises(ConflictError):
        propose(world, with_name(enterprise, "Second"), edition=edition)
    now = in_work(world["member"], fresh(enterprise))
    propose(world, with_name(enterprise, "Third"), edition=now.edition)
    with pytest.raises(ConflictError):
        propose(world, with_name(enterprise, "Fourth"), edition=now.edition)
    base = record_of_edition(world["member"], fresh(enterprise), now.edition)
    assert base is not None and base["names"]["en"] == "First"


def test_an_officers_edit_overtakes_a_proposal_that_is_being_written(world: World) -> None:
    enterprise = fresh(world.enterprises[0])
    edition = in_work(world["member"], enterprise).edition
    register.edit(
        actor=world["officer"], enterprise=enterprise, record=with_name(enterprise, "X"), version=enterprise.version
    )
    with pytest.raises(ConflictError):
        propose(world, with_name(enterprise, "Y"), edition=edition)
    assert proposal_of(enterprise) is None
    assert edition_of(fresh(enterprise), None) == str(enterprise.version)


# verifying, visibility, withdrawing


def test_verifying_makes_all_data_of_today(world: World) -> None:
    enterprise = fresh(world.enterprises[0])
    register.verify(actor=world["member"], enterprise=enterprise, version=enterprise.version, today=date(2026, 11, 24))
    record = record_of(fresh(enterprise))
    assert record.provenance.as_of == record.provenance.verified_on == date(2026, 11, 24)
    assert record.provenance.verified_by == enterprise.code
    assert [one.spare_as_of for one in record.capabilities] == [date(2026, 11, 24)]


def test_visibility_levels_and_consent(world: World) -> None:
    enterprise = fresh(world.enterprises[0])

    def set_to(levels: dict, consent: bool) -> None:
        now = fresh(enterprise)
        register.set_visibility(
            actor=world["member"],
            enterprise=now,
            levels=levels,
            consent=consent,
            version=now.version,
            today=date(2026, 11, 24),
        )

    with pytest.raises(InvalidError) as refused:
        set_to({"contacts": "public"}, False)
    assert list(refused.value.fields) == ["consent"]
    with pytest.raises(InvalidError):
        set_to({"contacts": "everybody"}, True)
    set_to({"contacts": "public", "machines": "exchange"}, True)
    kept = record_of(fresh(enterprise)).visibility
    assert kept == {"contacts": "public", "machines": "exchange", "consent": "2026-11-24"}
    set_to({"contacts": "members"}, False)
    assert "consent" not in record_of(fresh(enterprise)).visibility


def test_withdrawing_takes_open_proposals_back_and_can_be_undone(world: World) -> None:
    enterprise = fresh(world.enterprises[0])
    proposal = propose(world, with_name(enterprise, "X"))
    register.withdraw(actor=world["member"], enterprise=enterprise, reason="closed")
    proposal.refresh_from_db()
    assert (fresh(enterprise).status, proposal.status) == ("withdrawn", "cancelled")
    with pytest.raises(StateError):
        register.withdraw(actor=world["member"], enterprise=fresh(enterprise))
    with pytest.raises(StateError):
        propose(world, with_name(enterprise, "Y"), edition=str(fresh(enterprise).version))
    revision = Revision.objects.filter(subject_kind="enterprise", subject_id=enterprise.pk).latest("pk")
    undoing.undo(actor=world["officer"], enterprise=fresh(enterprise), revision=revision)
    assert fresh(enterprise).status == "published"


# undoing


def edited(world: World, enterprise: Enterprise, record: records.Enterprise) -> Revision:
    now = fresh(enterprise)
    register.edit(actor=world["officer"], enterprise=now, record=record, version=now.version)
    return Revision.objects.filter(subject_kind="enterprise", subject_id=enterprise.pk).latest("pk")


def test_undoing_keeps_later_changes_of_other_fields(world: World) -> None:
    enterprise = world.enterprises[0]
    first = edited(world, enterprise, with_name(enterprise, "Wrong"))
    edited(world, enterprise, replace(record_of(fresh(enterprise)), founded=1987))
    undoing.undo(actor=world["officer"], enterprise=fresh(enterprise), revision=first)
    record = record_of(fresh(enterprise))
    assert "en" not in record.names and record.founded == 1987
    assert AuditEntry.objects.latest("number").verb == "enterprise.undo"
    with pytest.raises(StateError, match="already"):
        undoing.undo(actor=world["officer"], enterprise=fresh(enterprise), revision=first)


def test_undoing_what_was_changed_again_needs_a_confirmation(world: World) -> None:
    enterprise = world.enterprises[0]
    first = edited(world, enterprise, with_name(enterprise, "One"))
    edited(world, enterprise, with_name(fresh(enterprise), "Two"))
    with pytest.raises(ConflictError, match="1 field"):
        undoing.undo(actor=world["officer"], enterprise=fresh(enterprise), revision=first)
    undoing.undo(actor=world["officer"], enterprise=fresh(enterprise), revision=first, confirmed=True)
    assert fresh(enterprise).name_en == ""


def test_undoing_a_registration_withdraws_it(world: World) -> None:
    made = register.register(
        actor=world["officer"], exchange=world.dz, record=records.Enterprise(id="", names={"fr": "X"})
    )
    revision = Revision.objects.get(subject_kind="enterprise", subject_id=made.pk)
    undoing.undo(actor=world["officer"], enterprise=made, revision=revision)
    assert fresh(made).status == "withdrawn"
    with pytest.raises(NotFoundError):
        undoing.undo(actor=world["officer"], enterprise=fresh(world.enterprises[0]), revision=revision)


# erasing


def test_erasing_leaves_no_contact_anywhere_and_the_chain_verifies(world: World) -> None:
    enterprise = world.enterprises[0]
    edited(world, enterprise, replace(record_of(enterprise), contacts=(CONTACT,)))
    state = msgspec.convert(in_work(world["member"], fresh(enterprise)).record, records.Enterprise)
    propose(world, replace(state, founded=1987))
    drafts.save_draft(
        actor=world["member"], form="enterprise.contacts", subject_id=enterprise.pk, values={"name": "سليم"}
    )
    undoing.erase(actor=world["officer"], enterprise=fresh(enterprise))
    everything = [
        *Revision.objects.values("before", "after"),
        *Submission.objects.values("record"),
        *Draft.objects.values("values"),
    ]
    kept = [*everything, *Enterprise.objects.values("record")]
    assert "hidab.example" not in str(kept) and "سليم" not in str(kept)
    assert Revision.objects.filter(erased=True).count() == 3  # the edit, the proposal, the erasing itself
    assert list(audit.broken_links()) == []
    erased = Revision.objects.filter(erased=True).earliest("pk")
    with pytest.raises(StateError, match="erased"):
        undoing.undo(actor=world["officer"], enterprise=fresh(enterprise), revision=erased)


# reminding and waiting


def test_enterprises_with_old_data_are_reminded_once_a_quarter(world: World) -> None:
    old, young = fresh(world.enterprises[0]), fresh(world.enterprises[1])
    later = date(2027, 6, 1)
    register.verify(actor=world["officer"], enterprise=young, version=young.version, today=date(2027, 5, 1))
    assert reminders.remind(actor=world["officer"], exchange=world.dz, today=later) == 1
    mail = Mail.objects.get(kind="enterprise.remind")
    assert (mail.to, mail.about_id) == (world.users["member"].email, old.pk)
    assert reminders.remind(actor=world["officer"], exchange=world.dz, today=later) == 0
    with pytest.raises(StateError):
        reminders.remind(actor=world["officer"], exchange=world.dz, months=0)


def test_the_daily_job_reminds_and_comes_again(world: World) -> None:
    Enterprise.objects.filter(pk=world.enterprises[0].pk).update(as_of=date(2020, 1, 1))
    jobs.enqueue("register.remind")
    jobs.work_off()
    assert Mail.objects.filter(kind="enterprise.remind", about_id=world.enterprises[0].pk).count() == 1
    assert Job.objects.filter(kind="register.remind", status="waiting").count() == 1


def test_what_waits_for_a_member(world: World) -> None:
    enterprise = world.enterprises[0]
    pages = {task.page for task in waiting_for(world["member"])}
    assert "editing:tasks" in pages and "editing:verify" not in pages
    Enterprise.objects.filter(pk=enterprise.pk).update(as_of=date(2020, 1, 1))
    drafts.save_draft(actor=world["member"], form="enterprise.identity", subject_id=enterprise.pk, values={"a": ["b"]})
    tasks = waiting_for(world["member"])
    assert {"editing:tasks", "editing:verify"} <= {task.page for task in tasks}
    assert any("1 draft" in str(task.label) for task in tasks)


# drafts


def test_drafts_are_ones_own_and_leave_no_entry(world: World) -> None:
    before = AuditEntry.objects.count()
    for text in ("a", "b"):
        drafts.save_draft(actor=world["member"], form="f", values={"x": [text]}, base_version=3)
    assert Draft.objects.count() == 1 and AuditEntry.objects.count() == before
    found = drafts.draft_of(world["member"], "f")
    assert found is not None and found.values == {"x": ["b"]} and found.base_version == 3
    assert drafts.draft_of(world["officer"], "f") is None
    drafts.drop_draft(actor=world["officer"], form="f")
    assert Draft.objects.count() == 1
    with pytest.raises(InvalidError):
        drafts.save_draft(actor=world["member"], form="f", values={"x": ["a" * 300_000]})
    with pytest.raises(NotPermittedError):
        drafts.save_draft(actor=world["visitor"], form="f", values={})


# who may do what


ACTS = {
    "enterprise.propose": {"member"},
    "enterprise.edit": {"officer", "administrator"},
    "enterprise.verify": {"member", "officer"},
    "enterprise.visibility": {"member", "officer"},
    "enterprise.withdraw": {"member", "officer", "administrator"},
    "enterprise.erase": {"officer", "administrator"},
    "enterprise.remind": {"officer"},
}


def act(name: str, actor, world: World) -> None:
    enterprise = fresh(world.enterprises[0])
    {
        "enterprise.propose": lambda: register.propose(
            actor=actor, enterprise=enterprise, record=with_name(enterprise, "N"), edition=str(enterprise.version)
        ),
        "enterprise.edit": lambda: register.edit(
            actor=actor, enterprise=enterprise, record=with_name(enterprise, "N"), version=enterprise.version
        ),
        "enterprise.verify": lambda: register.verify(actor=actor, enterprise=enterprise, version=enterprise.version),
        "enterprise.visibility": lambda: register.set_visibility(
            actor=actor,
            enterprise=enterprise,
            levels={"machines": "members"},
            consent=False,
            version=enterprise.version,
        ),
        "enterprise.withdraw": lambda: register.withdraw(actor=actor, enterprise=enterprise),
        "enterprise.erase": lambda: undoing.erase(actor=actor, enterprise=enterprise),
        "enterprise.remind": lambda: reminders.remind(actor=actor, exchange=world.dz),
    }[name]()


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_on_every_verb(world: World, name: str, role: str) -> None:
    for actor, allowed in ((world[role], role in ACTS[name]), (world.elsewhere[role], False)):
        if allowed:
            act(name, actor, world)
        else:
            with pytest.raises(NotPermittedError):
                act(name, actor, world)
    assert list(audit.broken_links()) == []


def test_a_member_of_another_enterprise_may_not(world: World) -> None:
    user = User.objects.create_user("other@t.example", "a-long-password")
    from tashbik.exchange.actor import acting

    other = acting(
        Membership.objects.create(user=user, exchange=world.dz, role="member", enterprise=world.enterprises[1])
    )
    for name in ("enterprise.propose", "enterprise.verify", "enterprise.visibility", "enterprise.withdraw"):
        with pytest.raises(NotPermittedError):
            act(name, other, world)
