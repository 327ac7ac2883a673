"""The pages of duplicates: in three languages, without scripts, by role; merging step by step and its undoing; other pages' parts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec.structs import replace

from tashbik.exchange import pairing
from tashbik.exchange.models import Enterprise, IdentityPair, Import, Job, Membership, Merge, Revision
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import new_row, store
from tashbik.exchange.verbs import identity, register
from tashbik.registry import records
from tests.world import World, record


def at(page: str, *arguments) -> str:
    return reverse(f"identity:{page}", args=arguments)


def text(answer) -> str:
    return answer.content.decode()


def twin(world: World, local: str = "T-1", exchange=None, **fields) -> IdentityPair:
    """The first enterprise once more, and the pair of the two."""
    home = exchange or world.dz
    made = replace(record(local, f"Fonderie El Hidhab {local}", "Moulage", home.country, "سطيف"), **fields)
    first, second = Enterprise.objects.get(pk=world.enterprises[0].pk), store(new_row(home, made), made)
    return IdentityPair.objects.create(
        first=first,
        second=second,
        probability=0.9,
        uncertainty=0.2,
        levels={"name": "respelt", "place": "same"},
        reasons=[
            {"field": "place", "level": "same", "weight": 3.5, "first": "DZ-19", "second": "DZ-19"},
            {"field": "products", "level": "differ", "weight": -1.2, "first": "", "second": ""},
            {"field": "words", "level": "more", "weight": 0.1, "first": "", "second": ""},
        ],
        state=pairing.state_of(first, second),
    )


@pytest.mark.parametrize(
    ("language", "mark", "said"),
    [
        ("ar", 'dir="rtl"', "يرجّح بقوة أنها واحدة"),
        ("fr", 'lang="fr"', "plaide fortement pour une seule entreprise"),
        ("en", 'lang="en"', "speaks strongly for one enterprise"),
    ],
)
def test_every_page_in_every_language(world: World, browse, language: str, mark: str, said: str) -> None:
    client, pair = browse("officer", language), twin(world, founded=1998)
    pages = [at("queue"), at("queue") + "?q=Hidhab&band=sure&status=waiting", at("queue") + "?status=same"]
    pages += [at("pair", pair.pk), at("same", pair.pk), at("check", pair.pk) + "?survivor=second"]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200 and mark in text(answer), page
    assert said in text(client.get(at("pair", pair.pk)))


def test_the_queue_shows_pairs_filters_them_and_begins(world: World, browse) -> None:
    client = browse("officer")
    assert "No pair waits" in text(client.get(at("queue")))
    pair = twin(world)
    shown = client.get(at("queue"))
    assert [row["pair"] for row in shown.context["rows"]] == [pair] and at("pair", pair.pk) in text(shown)
    assert client.get(at("queue") + "?band=unlikely").context["rows"] == []
    assert [row["pair"] for row in client.get(at("queue") + "?country=DZ").context["rows"]] == [pair]
    assert client.get(at("queue") + "?status=nonsense").context["filters"].status == "waiting"


def test_two_enterprises_then_the_next_pair_and_back_again(world: World, browse) -> None:
    client, pair, other = browse("officer"), twin(world), twin(world, "T-2")
    page = client.get(at("pair", pair.pk))
    for key in "sdln":
        assert f'data-key="{key}"' in text(page)
    posted = {"seen": page.context["found"].seen, "note": "two halls", "filters": "band=sure"}
    answer = client.post(at("distinct", pair.pk), posted)
    assert (answer.status_code, answer.url) == (303, f"{at('pair', other.pk)}?band=sure&after={pair.pk}")
    pair.refresh_from_db()
    assert (pair.status, pair.note) == ("distinct", "two halls")
    following = client.get(answer.url)
    assert 'data-key="u"' in text(following) and at("undo", pair.pk) in text(following)
    assert client.post(at("undo", pair.pk)).status_code == 303
    pair.refresh_from_db()
    assert pair.status == "waiting"
    assert client.post(at("later", other.pk)).url == f"{at('pair', pair.pk)}?after={other.pk}"
    assert [row["pair"] for row in client.get(at("queue") + "?status=later").context["rows"]] == [other]


def test_merging_step_by_step_and_undoing_it(world: World, browse) -> None:
    client, pair = browse("officer"), twin(world, founded=1998)
    chosen = client.get(at("same", pair.pk))
    assert chosen.context["survivor"] == "first"  # a member hangs on it
    assert [one.key for one in chosen.context["options"]] == ["capabilities"]
    address = at("check", pair.pk) + "?survivor=second&field:capabilities=first"
    check = client.get(address)
    assert "T-1" in check.context["goes_on"].code and check.context["moves"] == ["1 person who acts for it"]
    assert "survivor=second" in check.context["back"] and "1998" in text(check)
    assert not Merge.objects.exists()
    posted = {"survivor": "second", "seen": check.context["found"].seen, **dict(check.context["settled"])}
    answer = client.post(at("merge", pair.pk), posted)
    assert (answer.status_code, answer.url) == (303, at("pair", pair.pk))
    done = client.get(answer.url)
    assert "Merged" in text(done) and at("undo", pair.pk) in text(done) and "dz:F-1" in text(done)
    kept = Enterprise.objects.get(code="dz:T-1")
    assert len(record_of(kept).capabilities) == 1 and Membership.objects.filter(enterprise=kept, role="member").exists()
    client.post(at("undo", pair.pk))
    assert not Membership.objects.filter(enterprise=kept).exists()
    assert Enterprise.objects.get(pk=pair.first_id).status == "published"


def test_what_was_changed_while_it_was_read_is_said_on_the_page(world: World, browse) -> None:
    client, pair = browse("officer"), twin(world)
    seen = client.get(at("pair", pair.pk)).context["found"].seen
    second = Enterprise.objects.get(pk=pair.second_id)
    register.edit(
        actor=world["officer"],
        enterprise=second,
        record=replace(record_of(second), website="https://x.example"),
        version=1,
    )
    answer = client.post(at("merge", pair.pk), {"survivor": "first", "seen": seen})
    assert answer.status_code == 409 and "changed while you were reading" in text(answer)
    assert client.post(at("merge", pair.pk), {"survivor": "neither"}).status_code == 422


def test_undoing_what_was_changed_since_asks_first(world: World, browse) -> None:
    client, pair = browse("officer"), twin(world, founded=1998)
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    kept = Enterprise.objects.get(pk=pair.first_id)
    later = replace(record_of(kept), founded=2001)
    register.edit(actor=world["officer"], enterprise=kept, record=later, version=kept.version)
    asked = client.post(at("undo", pair.pk))
    assert asked.status_code == 409 and 'name="confirmed"' in text(asked)
    assert client.post(at("undo", pair.pk), {"confirmed": "1"}).status_code == 303
    assert record_of(Enterprise.objects.get(pk=kept.pk)).founded is None


def test_conflicting_numbers_and_two_exchanges_are_never_offered_a_merge(world: World, browse) -> None:
    client = browse("officer")
    pair = twin(world, identifiers=(records.Identifier(scheme="DZ-NRC", value="2"),))
    first = pair.first
    store(first, replace(record_of(first), identifiers=(records.Identifier(scheme="DZ-NRC", value="1"),)))
    page = text(client.get(at("pair", pair.pk)))
    assert "numbers conflict" in page and at("same", pair.pk) not in page
    assert reverse("editing:section", args=[first.code, "identity"]) in page
    assert client.get(at("same", pair.pk)).url == at("pair", pair.pk)
    assert client.post(at("merge", pair.pk), {"survivor": "first"}).status_code == 409
    abroad = twin(world, "T-9", world.tn)
    assert at("link", abroad.pk) in text(client.get(at("pair", abroad.pk)))
    store(first, replace(record_of(first), identifiers=()))
    assert client.post(at("link", abroad.pk)).status_code == 303
    assert "neither record was changed" in text(client.get(at("pair", abroad.pk)))
    assert client.post(at("link", pair.pk)).url == at("same", pair.pk)


def test_contacts_that_another_exchange_hides_are_not_shown(world: World, browse) -> None:
    phone = (records.Contact(phone="071 99 88 77"),)
    pair = twin(world, "T-9", world.tn, contacts=phone, visibility={"contacts": "exchange"})
    pair.reasons = [{"field": "contact", "level": "same", "weight": 5, "first": "71998877", "second": "71998877"}]
    pair.save()
    page = text(browse("officer").get(at("pair", pair.pk)))
    assert "not shown to you" in page and "071 99 88 77" not in page and page.count("71998877") == 1


@pytest.mark.parametrize("role", ["visitor", "member", "buyer", "analyst", "administrator"])
def test_no_other_role_comes_here(world: World, browse, role: str) -> None:
    client, pair = browse(role), twin(world)
    for answer in (client.get(at("queue")), client.get(at("pair", pair.pk)), client.post(at("distinct", pair.pk))):
        assert answer.status_code in (302, 403)
    pair.refresh_from_db()
    assert pair.status == "waiting"


def test_an_officer_of_another_exchange_neither_sees_nor_decides(world: World, browse) -> None:
    pair = twin(world)
    abroad = browse("")
    user = Membership.objects.get(exchange=world.tn, role="officer").user
    abroad.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert abroad.get(at("pair", pair.pk)).status_code == 403
    assert abroad.post(at("undo", pair.pk)).status_code == 403
    assert abroad.get(at("queue")).context["rows"] == []
    assert abroad.get(at("pair", 999_999)).status_code == 404


def test_looking_through_the_register_and_learning(world: World, browse) -> None:
    client = browse("officer")
    assert client.post(at("find")).status_code == 303
    assert Job.objects.filter(kind="identity.find", subject_id=1).exists()
    assert "Looking through the register" in text(client.get(at("queue")))
    assert "no decision to learn from" in text(client.post(at("learn"), follow=True))
    pair = twin(world)
    client.post(at("distinct", pair.pk))
    assert "has learned from your decisions" in text(client.post(at("learn"), follow=True))
    assert "taught by 1 decision" in text(client.get(at("queue")))


def test_the_number_of_queries_does_not_grow_with_the_pairs(world: World, browse) -> None:
    client = browse("officer")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(at("queue")).status_code == 200
        return len(caught)

    twin(world)
    asked()
    once = asked()
    for number in range(2, 5):
        twin(world, f"T-{number}")
    assert asked() == once


# what other pages show


def rendered(world: World, role: str, tag: str, **values) -> str:
    context = Context({"actor": world[role], "reader": {"digits": "latn"}, **values})
    return Template("{% load identity %}" + tag).render(context)


def test_an_import_says_how_many_of_its_enterprises_may_be_there_already(world: World) -> None:
    pair = twin(world)
    run = Import.objects.create(exchange=world.dz, name="x.csv", status="done")
    tag = "{% pairs_of_import run %}"
    assert "No enterprise of this file" in rendered(world, "officer", tag, run=run)
    from tashbik.exchange import audit

    audit.append_many(world["officer"], "import.run", [(pair.second, None)], import_run=run)
    assert Revision.objects.filter(import_run=run).count() == 1
    shown = rendered(world, "officer", tag, run=run)
    assert "1 enterprise of this file looks like" in shown and f"?import={run.pk}" in shown
    Import.objects.filter(pk=run.pk).update(status="running")
    run.refresh_from_db()
    assert rendered(world, "officer", tag, run=run).strip() == ""
    run.status = "done"
    assert rendered(world, "administrator", tag, run=run).strip() == ""


def test_a_profile_tells_its_officers_and_names_its_links_to_all(world: World) -> None:
    pair, abroad = twin(world), twin(world, "T-9", world.tn)
    tag, first = "{% identity_of enterprise %}", Enterprise.objects.get(pk=pair.first_id)
    assert at("pair", pair.pk) in rendered(world, "officer", tag, enterprise=first)
    assert rendered(world, "visitor", tag, enterprise=first).strip() == ""
    identity.decide(actor=world["officer"], pair=abroad, decision="same")
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    assert "tn:T-9" in rendered(world, "visitor", tag, enterprise=first)
    assert "dz:T-1" in rendered(world, "officer", tag, enterprise=first)
    assert "dz:T-1" not in rendered(world, "visitor", tag, enterprise=first)
