"""The frame of all verbs: one transaction with permission, revision and chained entry."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from tashbik.errors import NotPermittedError
from tashbik.exchange import audit
from tashbik.exchange.models import AuditEntry, Enterprise, Head, Revision
from tashbik.exchange.storing import restate
from tests.world import World


@pytest.fixture
def withdraw():
    """A verb as small as can be, under a rule that the table has."""
    before = dict(audit.VERBS)

    @audit.verb("enterprise.withdraw", on="enterprise")
    def withdraw(*, actor, enterprise):
        return restate(enterprise, Enterprise.Status.WITHDRAWN)

    yield withdraw
    audit.VERBS.clear()
    audit.VERBS.update(before)


def test_an_act_leaves_a_revision_and_an_entry(world: World, withdraw) -> None:
    enterprise = world.enterprises[0]
    withdraw(actor=world["officer"], enterprise=enterprise)
    entry = AuditEntry.objects.latest("number")
    assert (entry.verb, entry.role, entry.subject_id) == ("enterprise.withdraw", "officer", enterprise.pk)
    assert entry.revision.before["status"] == "published"
    assert entry.revision.after["status"] == "withdrawn"
    assert list(audit.broken_links()) == []


def test_who_may_not_changes_nothing(world: World, withdraw) -> None:
    enterprise = world.enterprises[0]
    for actor in (world["buyer"], world["visitor"], world.elsewhere["officer"], world.elsewhere["member"]):
        with pytest.raises(NotPermittedError):
            withdraw(actor=actor, enterprise=enterprise)
    enterprise.refresh_from_db()
    assert enterprise.status == "published"
    assert not AuditEntry.objects.exists()


def test_what_fails_leaves_nothing(world: World) -> None:
    before = dict(audit.VERBS)

    @audit.verb("enterprise.withdraw", on="enterprise")
    def half_way(*, actor, enterprise):
        restate(enterprise, Enterprise.Status.WITHDRAWN)
        raise ValueError("half way")

    audit.VERBS.clear()
    audit.VERBS.update(before)
    with pytest.raises(ValueError, match="half way"):
        half_way(actor=world["officer"], enterprise=world.enterprises[0])
    assert Enterprise.objects.get(pk=world.enterprises[0].pk).status == "published"
    assert not AuditEntry.objects.exists()


def test_entries_cannot_be_changed_or_deleted(world: World, withdraw) -> None:
    withdraw(actor=world["officer"], enterprise=world.enterprises[0])
    for tamper in (lambda: AuditEntry.objects.update(note="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            tamper()


@pytest.mark.parametrize("tamper", ["entry", "revision", "last"])
def test_tampering_past_the_guard_is_found(world: World, withdraw, tamper: str) -> None:
    for enterprise in world.enterprises:
        withdraw(actor=world["officer"], enterprise=enterprise)
    if tamper == "revision":
        Revision.objects.filter(pk=Revision.objects.earliest("pk").pk).update(after={"status": "published"})
    elif tamper == "last":
        head = Head.objects.get(name="audit")
        Head.objects.filter(name="audit").update(number=head.number + 1)
    else:
        _drop_guard()
        AuditEntry.objects.filter(number=2).update(role="buyer")
    assert list(audit.broken_links())


def _drop_guard() -> None:
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER audit_no_change ON exchange_auditentry" if postgresql else "DROP TRIGGER audit_no_update"
        )
