"""The queue's pages and the history's: in three languages, by every role, without scripts; two officers; many at once; undo."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec.structs import replace

from tashbik.exchange import audit
from tashbik.exchange.actor import signed_in
from tashbik.exchange.models import Enterprise, Revision, Role, Submission, User
from tashbik.exchange.projection import record_of
from tashbik.exchange.queries.moderation import in_work
from tashbik.exchange.verbs import moderation, register, undoing
from tashbik.registry import records
from tests.world import World


def at(page: str, *arguments) -> str:
    return reverse(f"moderation:{page}", args=arguments)


def fresh(world: World) -> Enterprise:
    return Enterprise.objects.get(pk=world.enterprises[0].pk)


def proposed(world: World, **fields) -> Submission:
    row = fresh(world)
    edition = in_work(world["member"], row).edition
    return register.propose(
        actor=world["member"],
        enterprise=row,
        record=replace(record_of(row), **fields),
        edition=edition,
        section="identity",
    )


def registered(world: World, name: str) -> Submission:
    user, _made = User.objects.get_or_create(email=f"{len(name)}@t.example")
    record = records.Enterprise(id="", names={"ar": name}, place=records.Place(country="DZ", locality="Batna"))
    sent = register.register(actor=signed_in(user), exchange=world.dz, record=record)
    assert isinstance(sent, Submission)
    return sent


def edited(world: World, **fields) -> Revision:
    row = fresh(world)
    register.edit(actor=world["officer"], enterprise=row, record=replace(record_of(row), **fields), version=row.version)
    return Revision.objects.filter(subject_kind="enterprise").latest("pk")


@pytest.mark.parametrize(("language", "word"), [("ar", 'dir="rtl"'), ("fr", 'lang="fr"'), ("en", 'lang="en"')])
def test_every_page_in_every_language(world: World, browse, language: str, word: str) -> None:
    client = browse("officer", language)
    new, change = registered(world, "ورشة"), proposed(world, founded=1987)
    edited(world, founded=1990)
    pages = [at("queue"), at("queue") + "?kind=new&q=ورشة&status=pending", at("item", new.pk), at("item", change.pk)]
    pages += [at("history", "enterprise", fresh(world).pk), at("history", "submission", change.pk)]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200 and word in answer.content.decode(), page


def test_the_queue_and_its_filter(world: World, browse) -> None:
    client = browse("officer")
    assert "Nothing waits" in client.get(at("queue")).content.decode()
    new, change = registered(world, "ورشة"), proposed(world, founded=1987)
    assert [row["one"] for row in client.get(at("queue")).context["rows"]] == [new, change]
    assert [row["one"] for row in client.get(at("queue") + "?kind=change").context["rows"]] == [change]
    assert "Nothing matches" in client.get(at("queue") + "?q=none").content.decode()


def test_before_and_after_then_accept_and_on_to_the_next(world: World, browse) -> None:
    client = browse("officer")
    change, new = proposed(world, founded=1987), registered(world, "ورشة")
    page = client.get(at("item", change.pk))
    assert [(row.label, row.before, row.after) for row in page.context["rows"]] == [("Founded in", (), ("1987",))]
    text = page.content.decode()
    assert 'data-key="a"' in text and 'data-key="r"' in text and 'data-key="n"' in text
    answer = client.post(at("accept", change.pk), {"seen": page.context["seen"]})
    assert answer.url == at("item", new.pk) and record_of(fresh(world)).founded == 1987
    answer = client.post(at("accept", new.pk), {"seen": client.get(at("item", new.pk)).context["seen"]})
    assert answer.url == at("queue")
    assert Enterprise.objects.filter(name_ar="ورشة", status="published").exists()
    assert list(audit.broken_links()) == []


def test_two_officers_and_a_member_at_one_record(world: World, browse) -> None:
    client, change = browse("officer"), proposed(world, founded=1987)
    edited(world, founded=1990)
    page = client.get(at("item", change.pk))
    (conflict,) = page.context["conflicts"]
    assert (conflict["ours"], conflict["theirs"]) == (("1990",), ("1987",))
    refused = client.post(at("accept", change.pk), {"seen": page.context["seen"]})
    assert refused.status_code == 409 and "1 field was changed both" in refused.content.decode()
    client.post(at("accept", change.pk), {"seen": page.context["seen"], "settle:founded": "theirs"})
    assert record_of(fresh(world)).founded == 1987
    again = client.post(at("accept", change.pk), {"seen": page.context["seen"]})
    assert again.status_code == 409 and "settled already" in again.content.decode()


def test_returning_with_reasons(world: World, browse) -> None:
    client, change = browse("officer", "fr"), proposed(world, founded=1987)
    assert client.post(at("return", change.pk), {}).status_code == 422
    refused = client.post(at("return", change.pk), {"reasons": ["other"]})
    assert refused.status_code == 422
    assert client.post(at("return", change.pk), {"reasons": ["figures"], "note": "1987 ?"}).status_code == 302
    change.refresh_from_db()
    assert (change.status, change.reasons) == ("returned", ["figures"])
    assert browse("member").get(reverse("editing:returned", args=(change.pk,))).status_code == 200


def test_many_are_accepted_at_once_after_asking(world: World, browse) -> None:
    client = browse("officer")
    first, second, change = registered(world, "أ"), registered(world, "بب"), proposed(world, founded=1987)
    edited(world, founded=1990)
    numbers = [first.pk, second.pk, change.pk]
    asked = client.post(at("bulk"), {"submission": numbers})
    assert asked.status_code == 200 and Submission.objects.filter(status="accepted").count() == 0
    seen = {f"seen:{row['one'].pk}": row["seen"] for row in asked.context["rows"]}
    answer = client.post(at("bulk"), {"submission": numbers, "confirmed": "1", **seen}, follow=True)
    text = answer.content.decode()
    assert "2 submissions accepted." in text and "changed both" in text
    assert list(Submission.objects.filter(status="pending")) == [change]
    assert client.post(at("bulk"), {}).status_code == 302


def test_history_and_undo(world: World, browse) -> None:
    client, row = browse("officer"), fresh(world)
    first = edited(world, founded=1987)
    edited(world, employees=45)
    page = client.get(at("history", "enterprise", row.pk))
    entry = page.context["entries"][1]
    assert entry["who"] == world.users["officer"].name and entry["revision"] == first.pk
    assert [(one.label, one.before, one.after) for one in entry["changes"]] == [("Founded in", (), ("1987",))]
    assert client.post(at("undo", first.pk)).status_code == 302
    record = record_of(fresh(world))
    assert (record.founded, record.employees) == (None, 45)
    second = edited(world, founded=1990)
    edited(world, founded=1991)
    asked = client.post(at("undo", second.pk))
    assert asked.status_code == 409 and "Undo all the same" in asked.content.decode()
    client.post(at("undo", second.pk), {"confirmed": "1"})
    assert record_of(fresh(world)).founded is None
    assert client.post(at("undo", 10**9)).status_code == 404


def test_what_was_erased_is_said_and_cannot_be_undone(world: World, browse) -> None:
    revision = edited(world, contacts=(records.Contact(name="سليم", email="s@x.example"),))
    undoing.erase(actor=world["officer"], enterprise=fresh(world))
    client = browse("officer")
    text = client.get(at("history", "enterprise", fresh(world).pk)).content.decode()
    assert "erased on request" in text and "سليم" not in text and at("undo", revision.pk) not in text
    assert client.post(at("undo", revision.pk)).status_code == 409


@pytest.mark.parametrize("role", list(Role))
def test_who_may(world: World, browse, role: str) -> None:
    change = proposed(world, founded=1987)
    client, officer = browse(role), role == "officer"
    refused = {302} if role == "visitor" else {403}
    assert client.get(at("queue")).status_code in ({200} if officer else refused)
    assert client.get(at("item", change.pk)).status_code in ({200} if officer else refused)
    seen = role in ("member", "officer", "administrator")
    assert client.get(at("history", "enterprise", fresh(world).pk)).status_code in ({200} if seen else refused)
    if not officer:
        for page, values in ((at("accept", change.pk), {}), (at("return", change.pk), {"reasons": ["figures"]})):
            assert client.post(page, values).status_code == 403
        assert client.post(at("bulk"), {"submission": [change.pk], "confirmed": "1"}).status_code == 403
        change.refresh_from_db()
        assert change.status == "pending"


def test_pages_do_not_ask_more_for_more_rows(world: World, browse) -> None:
    client = browse("officer")

    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    registered(world, "أ")
    edited(world, founded=1981)
    pages = (at("queue"), at("history", "enterprise", fresh(world).pk))
    [count(page) for page in pages]
    one = [count(page) for page in pages]
    registered(world, "بب"), registered(world, "ججج")
    edited(world, founded=1982), edited(world, founded=1983)
    assert [count(page) for page in pages] == one


def test_a_returned_new_enterprise_can_be_read_by_its_sender_only(world: World, browse) -> None:
    sent = registered(world, "ورشة")
    moderation.send_back(actor=world["officer"], submission=sent, reasons=["place"])
    page = reverse("editing:returned", args=(sent.pk,))
    client = browse()
    client.force_login(sent.by, "allauth.account.auth_backends.AuthenticationBackend")
    assert "wrong or belongs to another exchange" in client.get(page).content.decode()
    assert browse("member").get(page).status_code == 403
