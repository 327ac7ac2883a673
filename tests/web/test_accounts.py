"""Signing in, the reader's account, the settings of an exchange, health: as a browser meets them."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.urls import reverse

from tashbik.exchange.models import ApiToken, Membership, Organisation, User
from tests.world import World

PAGES = ("account_login", "account_signup", "account_reset_password")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_of_signing_in_are_in_the_readers_language(world: World, language: str, page: str) -> None:
    client = Client()
    client.cookies["language"] = language
    text = client.get(reverse(page)).content.decode()
    assert f'lang="{language}"' in text and f'dir="{"rtl" if language == "ar" else "ltr"}"' in text
    assert text.count("<h1") == 1


def test_signing_up_needs_a_confirmed_address(world: World) -> None:
    client = Client()
    client.cookies["language"] = "fr"
    new = {"email": "neuf@x.example", "password1": "un-long-mot-de-passe", "password2": "un-long-mot-de-passe"}
    client.post(reverse("account_signup"), new)
    assert User.objects.get(email="neuf@x.example").language == "fr"
    assert client.get(reverse("accounts:profile")).status_code == 302  # not signed in yet
    (letter,) = mail.outbox
    link = next(word for word in letter.body.split() if "/accounts/confirm-email/" in word)
    client.post(link.replace("http://testserver", ""))
    client.post(reverse("account_login"), {"login": "neuf@x.example", "password": "un-long-mot-de-passe"})
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_a_second_factor_is_asked_for(world: World) -> None:
    user = world.users["officer"]
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=user).exists()
    client = Client()
    signed = client.post(reverse("account_login"), {"login": user.email, "password": "a-long-password"}, follow=True)
    assert signed.redirect_chain[-1][0].startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_attempts_to_sign_in_are_limited(world: World, settings) -> None:
    client = Client()
    wrong = {"login": "officer@dz.example", "password": "wrong-wrong-wrong"}
    answers = [client.post(reverse("account_login"), wrong).status_code for _ in range(12)]
    client.post(reverse("account_login"), {"login": "officer@dz.example", "password": "a-long-password"})
    assert 429 in answers or client.get(reverse("accounts:profile")).status_code == 302


def test_looks_are_changed_and_followed(world: World, browse) -> None:
    client = browse("officer", "ar")
    looks = {"name": "سميرة", "language": "ar", "digits": "arab", "hijri": "on", "theme": "dark"}
    assert client.post(reverse("accounts:profile"), looks).status_code == 302
    page = client.get(reverse("home")).content.decode()
    assert 'data-theme="dark"' in page and "٤" in page  # four enterprises in Arabic-Indic digits


def test_a_token_is_shown_once(world: World, browse) -> None:
    client = browse("officer")
    mine = Membership.objects.get(user=world.users["officer"])
    page = client.post(reverse("accounts:new-token"), {"membership": mine.pk, "label": "reports"}).content.decode()
    assert "tsb_" in page
    assert "tsb_" not in client.get(reverse("accounts:profile")).content.decode()
    client.post(reverse("accounts:end-token", args=[ApiToken.objects.get().pk]))
    assert ApiToken.objects.get().expires is not None
    other = Membership.objects.get(user=world.users["buyer"])
    assert client.post(reverse("accounts:new-token"), {"membership": other.pk, "label": "x"}).status_code == 404


def test_data_come_out_and_the_account_ends(world: World, browse) -> None:
    client = browse("buyer")
    data = json.loads(client.get(reverse("accounts:data")).content)
    assert data["account"]["email"] == "buyer@dz.example"
    assert client.post(reverse("accounts:erase")).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert not User.objects.filter(email="buyer@dz.example").exists()


def test_an_administrator_gives_and_takes_roles(world: World, browse) -> None:
    User.objects.create_user("new@x.example", "a-long-password")
    client = browse("administrator")
    people = reverse("administration:people")
    wrong = client.post(people, {"email": "nobody@x.example", "role": "officer"}).content.decode()
    assert "Nobody has an account" in wrong
    client.post(people, {"email": "new@x.example", "role": "member", "enterprise": "dz:F-2"})
    made = Membership.objects.get(user__email="new@x.example")
    assert made.enterprise == world.enterprises[1]
    client.post(reverse("administration:revoke", args=[made.pk]))
    assert not Membership.objects.filter(pk=made.pk).exists()


def test_an_administrator_keeps_the_exchange_and_organisations(world: World, browse) -> None:
    client = browse("administrator")
    given = {"name_ar": "بورصة", "name_fr": "Bourse", "name_en": "Exchange", "language": "ar", "currency": "DZD"}
    assert client.post(reverse("administration:overview"), given).status_code == 302
    assert client.post(reverse("administration:overview"), {**given, "currency": "dinar"}).status_code == 200
    world.dz.refresh_from_db()
    assert world.dz.name_fr == "Bourse"
    client.post(reverse("administration:organisations"), {"name": "Centre", "kind": "institution", "language": "fr"})
    found = Organisation.objects.get(name="Centre")
    client.post(
        reverse("administration:organisation", args=[found.pk]),
        {"name": "Centre technique", "kind": "institution", "language": "fr"},
    )
    found.refresh_from_db()
    assert found.name == "Centre technique"
    page = client.get(reverse("administration:trail") + "?verify=1").content.decode()
    assert "organisation.edit" in page and "verifies" in page


@pytest.mark.parametrize("role", ["visitor", "member", "buyer", "officer", "analyst"])
@pytest.mark.parametrize("page", ["overview", "people", "organisations", "trail"])
def test_settings_are_for_administrators(world: World, browse, role: str, page: str) -> None:
    allowed = role == "officer" and page == "organisations"
    assert (browse(role).get(reverse(f"administration:{page}")).status_code == 200) == allowed


def test_a_reader_works_as_one_of_several_roles(world: World, browse) -> None:
    user = world.users["officer"]
    second = Membership.objects.create(user=user, exchange=world.tn, role="analyst")
    client = browse("officer")
    client.post(reverse("role"), {"membership": second.pk})
    assert client.get(reverse("imports:list")).status_code == 403
    foreign = Membership.objects.get(user=world.users["administrator"])
    client.post(reverse("role"), {"membership": foreign.pk})
    assert client.get(reverse("administration:overview")).status_code == 403


def test_language_is_chosen_and_comes_back_to_the_page(world: World) -> None:
    client = Client()
    answer = client.post(reverse("language"), {"language": "fr", "next": "/help/"})
    assert answer.headers["Location"] == "/help/" and client.cookies["language"].value == "fr"
    assert (
        client.post(reverse("language"), {"language": "fr", "next": "https://evil.example/"}).headers["Location"] == "/"
    )


def test_health_and_metrics(world: World, settings) -> None:
    client = Client()
    assert client.get(reverse("alive")).json() == {"status": "ok"}
    assert client.get(reverse("ready")).json()["checks"]["database"] == "ok"
    text = client.get(reverse("metrics")).content.decode()
    assert 'tashbik_enterprises{status="published"} 4' in text
    settings.TASHBIK_METRICS_TOKEN = "secret"
    assert client.get(reverse("metrics")).status_code == 403
    assert client.get(reverse("metrics"), headers={"Authorization": "Bearer secret"}).status_code == 200


def test_pages_are_guarded_by_a_strict_policy(world: World) -> None:
    answer = Client().get(reverse("home"))
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
    text = answer.content.decode()
    assert " style=" not in text and "<script>" not in text and " onclick=" not in text


@pytest.mark.parametrize("role", ["visitor", "member", "buyer", "officer", "analyst", "administrator", "institution"])
def test_every_role_has_a_first_page_with_the_tour_of_the_demonstration(world: World, browse, settings, role: str) -> None:
    settings.TASHBIK_DEMONSTRATION = True
    page = browse(role).get(reverse("home"))
    assert page.status_code == 200
    assert all(step["url"] if isinstance(step, dict) else step.url for step in page.context["steps"])
