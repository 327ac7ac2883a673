"""Side doors of pages and API, each shut: what an address that is guessed or repeated would have told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, IdentityPair, Membership, Need
from tashbik.exchange.verbs import accounts, awards
from tests.exchange.test_rfq import quoted
from tests.web.test_identity import twin
from tests.world import World


@pytest.fixture
def ask(world: World):
    """`ask(membership, path)`: what the API answers to who has it."""

    def made(membership: Membership, path: str):
        from tashbik.exchange.actor import acting

        _token, plain = accounts.create_token(actor=acting(membership), membership=membership, label="test")
        return Client().get("/api/v1" + path, headers={"Authorization": f"Bearer {plain}"})

    return made


def membership(world: World, role: str) -> Membership:
    return Membership.objects.get(exchange=world.dz, role=role, user=world.users[role])


def test_an_award_is_told_to_its_sides_alone_unless_the_need_is_open(world: World, ask) -> None:
    rfq, _first, second, _winner = quoted(world)
    awards.award(actor=world["buyer"], rfq=rfq, choices=[awards.Choice(second.pk, {"1": Decimal(500)})])
    won = Membership.objects.get(user__email="m1@dz.example")

    def seen(found) -> list[str]:
        (release,) = found.json()["releases"]
        return sorted(key for key in ("tender", "awards") if key in release)

    assert seen(ask(membership(world, "member"), "/ocds/dz")) == ["tender"]  # invited, and lost
    assert world.enterprises[1].code not in ask(membership(world, "member"), "/ocds/dz").content.decode()
    for one in (won, membership(world, "buyer"), membership(world, "officer")):
        assert seen(ask(one, "/ocds/dz")) == ["awards", "tender"]
    Need.objects.update(confidentiality="open")
    assert seen(Client().get("/api/v1/ocds/dz")) == ["awards", "tender"]


def test_the_matches_of_the_api_tell_no_more_than_the_pages(world: World, ask) -> None:
    for one in Enterprise.objects.all():
        one.record["visibility"] = {"machines": "exchange", "capacities": "exchange"}
        one.save(update_fields=["record"])
    register_index().follow()

    def told(role: str) -> dict[str, tuple[str, str]]:
        found = ask(membership(world, role), "/needs/dz-N-1/matches?language=fr").json()["lines"][0]["links"]
        return {
            f"{one['enterprise']} {each['requirement']}": (each["text"], each["question"])
            for one in found
            for each in one["verdicts"]
        }

    office, buyer = told("officer"), told("buyer")
    assert office.keys() == buyer.keys()
    assert "8" in office["dz:F-1 quantity"][0] and buyer["dz:F-1 quantity"] == ("", "")
    assert {key for key, said in office.items() if said != buyer[key]} == {"dz:F-1 quantity"}


def test_a_pair_of_other_registers_is_not_named(world: World, browse) -> None:
    pair = twin(world, "T-9")
    IdentityPair.objects.filter(pk=pair.pk).update(status="distinct", decided=timezone.now() - timedelta(days=1))
    assert "T-9" in browse("officer").get(f"/duplicates/?after={pair.pk}").content.decode()
    stranger = Client()
    stranger.cookies["language"] = "en"
    theirs = Membership.objects.get(exchange=world.tn, role="officer").user
    stranger.force_login(theirs, "allauth.account.auth_backends.AuthenticationBackend")
    answer = stranger.get(f"/duplicates/?after={pair.pk}")
    assert answer.status_code == 200 and "T-9" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/duplicates/?after=²", "/duplicates/?import=²", "/duplicates/?after=" + "9" * 40])
def test_a_number_that_is_none_breaks_nothing(world: World, browse, path: str) -> None:
    assert browse("officer").get(path).status_code == 200


def test_signing_in_leads_back_to_the_whole_address(world: World) -> None:
    answer = Client().get("/register/export/csv/?country=DZ&region=DZ-19")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/register/export/csv/%3Fcountry%3DDZ%26region%3DDZ-19")


def test_a_version_that_is_no_number_is_a_conflict(world: World, browse) -> None:
    values = {"enterprise": "dz:F-1", "send": "1", "version": "x", "deadline": "2099-01-01", "currency": "DZD"}
    assert browse("buyer").post("/rfq/new/dz-N-1/", values).status_code in (404, 422)
