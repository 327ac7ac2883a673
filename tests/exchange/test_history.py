"""The history of a record: who, when, which verb, before and after; who may see it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from msgspec.structs import replace

from tashbik.errors import NotFoundError, NotPermittedError
from tashbik.exchange import audit
from tashbik.exchange.models import Enterprise, Role
from tashbik.exchange.projection import record_of
from tashbik.exchange.queries.history import history_of, record_at, subject_of
from tashbik.exchange.verbs import moderation, register, undoing
from tashbik.registry import records
from tests.world import World


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def edit(world: World, **fields) -> Enterprise:
    row = Enterprise.objects.get(pk=world.enterprises[0].pk)
    return register.edit(
        actor=world["officer"], enterprise=row, record=replace(record_of(row), **fields), version=row.version
    )


def test_who_when_what_before_and_after(world: World) -> None:
    edit(world, founded=1987)
    row = edit(world, founded=1990, employees=45)
    events, total = history_of(world["officer"], row)
    assert total == 2 and [one.verb for one in events] == ["enterprise.edit"] * 2
    assert events[0].who == world.users["officer"].name
    assert [(one.path, one.before, one.after) for one in events[0].changes] == [
        (("founded",), 1987, 1990),
        (("employees",), None, 45),
    ]
    assert history_of(world["officer"], row, limit=1, offset=1)[0][0].number == events[1].number


def test_the_record_at_each_version(world: World) -> None:
    first = Enterprise.objects.get(pk=world.enterprises[0].pk)
    edit(world, founded=1987)
    row = edit(world, founded=1990)
    states = [record_at(row, version) for version in (first.version, first.version + 1, first.version + 2)]
    assert [state and state.get("founded") for state in states] == [None, 1987, 1990]
    assert record_at(row, 99) is None


def test_members_see_what_happened_but_not_who_at_the_exchange_did_it(world: World) -> None:
    row = edit(world, founded=1987)
    register.verify(actor=world["member"], enterprise=row, version=row.version)
    events, _total = history_of(world["member"], row)
    assert [(one.verb, one.who) for one in events] == [
        ("enterprise.verify", world.users["member"].name),
        ("enterprise.edit", ""),
    ]


def test_erased_revisions_say_so(world: World) -> None:
    edit(world, contacts=(records.Contact(email="a@b.example"),))
    row = Enterprise.objects.get(pk=world.enterprises[0].pk)
    undoing.erase(actor=world["officer"], enterprise=row)
    events, _total = history_of(world["officer"], row)
    assert [one.erased for one in events] == [True, True]
    assert "b.example" not in str(events)
    assert list(audit.broken_links()) == []


def test_the_history_of_a_submission(world: World) -> None:
    row = Enterprise.objects.get(pk=world.enterprises[0].pk)
    sent = register.propose(
        actor=world["member"], enterprise=row, record=replace(record_of(row), founded=1987), edition=str(row.version)
    )
    moderation.send_back(actor=world["officer"], submission=sent, reasons=["figures"])
    events, _total = history_of(world["member"], subject_of(world["member"], "submission", sent.pk))
    assert [one.verb for one in events] == ["submission.return", "enterprise.propose"]
    assert ("submission.status",) in {one.path for one in events[0].changes}
    assert events[1].first


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_it(world: World, role: str) -> None:
    row = edit(world, founded=1987)
    for actor, allowed in (
        (world[role], role in {"member", "officer", "administrator"}),
        (world.elsewhere[role], False),
    ):
        if allowed:
            assert history_of(actor, row)[1] == 1
        else:
            with pytest.raises(NotPermittedError):
                history_of(actor, row)


def test_there_is_none_of_what_is_not_there(world: World) -> None:
    for kind, number in (("enterprise", 0), ("user", world.users["officer"].pk), ("nothing", 1)):
        with pytest.raises(NotFoundError):
            subject_of(world["officer"], kind, number)


def test_more_events_do_not_ask_more(world: World) -> None:
    def count() -> int:
        row = Enterprise.objects.get(pk=world.enterprises[0].pk)
        with CaptureQueriesContext(connection) as asked:
            history_of(world["officer"], row)
        return len(asked)

    edit(world, founded=1981)
    one = count()
    edit(world, founded=1982), edit(world, founded=1983)
    assert count() == one
