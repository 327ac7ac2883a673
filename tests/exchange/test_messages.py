"""Messages: every kind in every language, to whom they go, and their being sent with retries."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from msgspec.structs import replace

import tashbik.exchange
from tashbik.exchange import messages
from tashbik.exchange.jobs import work_off
from tashbik.exchange.models import Job, Mail, Membership, User
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import store
from tashbik.registry import records
from tests.world import World

VALUES: dict[str, Any] = {
    "rfq": "dz-N-1-R1", "need": "dz-N-1", "title": "Carters ADC12", "buyer": "Grands Moteurs", "enterprise": "Fonderie du Sahel",
    "deadline": date(2026, 12, 12), "promised": date(2026, 12, 12), "on": date(2026, 12, 12), "as_of": date(2026, 9, 30), "days": 3,
    "message": "Bonjour", "reason": "capacity", "note": "voir plan", "reasons": ["A"], "questions": ["ISO 9001?"], "lines": ["500"],
    "quotes": 2, "invited": 3, "sealed": True, "version": 2, "outcome": "livré", "from_exchange": "X", "to_exchange": "Y", "taken": True,
    "group": "dz-N-1-G1", "tasks": ["500"], "answer_by": date(2026, 12, 12), "agreement": "Article 1", "accepted": False,
    "name": "Amal", "edition": "Forum 2027", "theme": "Innovation", "body": "Atelier", "venue": "Alger", "meetings": ["A"],
    "starts": date(2027, 4, 13), "ends": date(2027, 4, 14), "changes": ["B"],
}  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("kind", sorted(messages.KINDS))
def test_every_kind_is_written_in_every_language(world: World, kind: str, language: str) -> None:
    values = {name: VALUES[name] for name in messages.KINDS[kind]}
    subject, body = messages.written(kind, language, world.dz, values)
    assert subject and "\n" not in subject and "\u2068" not in subject
    assert world.dz.name(language) in body
    assert "%(" not in subject + body and "{" not in subject + body and "\n\n\n" not in body
    if language != "en":
        english, other = messages.written(kind, "en", world.dz, values)
        assert subject != english and body.splitlines()[0] != other.splitlines()[0]


def test_every_text_belongs_to_a_kind() -> None:
    folder = Path(tashbik.exchange.__file__).parent / "templates" / "mail"
    texts = {one.stem for one in folder.glob("*.txt") if not one.name.startswith("_")}
    assert texts == set(messages.KINDS)


def test_plural_forms_of_arabic(world: World) -> None:
    values = {name: VALUES[name] for name in messages.KINDS["reminder"]}

    def said(days: int) -> str:
        return messages.written("reminder", "ar", None, {**values, "days": days})[1]

    assert (
        "بقي يوم واحد" in said(1) and "بقي يومان" in said(2) and "بقيت 3 أيام" in said(3) and "بقي 11 يومًا" in said(11)
    )


def test_latin_names_are_set_apart_in_arabic(world: World) -> None:
    _subject, body = messages.written(
        "quote.received", "ar", world.dz, {n: VALUES[n] for n in messages.KINDS["quote.received"]}
    )
    assert "\u2068Fonderie du Sahel\u2069" in body


def test_a_value_that_is_missing_is_refused(world: World) -> None:
    with pytest.raises(KeyError, match="deadline"):
        messages.post(kind="reminder", to="a@b.example", language="fr", exchange=world.dz, rfq="R", title="T", days=1)
    assert not Mail.objects.exists() and not Job.objects.exists()


def test_links_are_absolute_where_the_site_has_an_address(world: World, settings: Any) -> None:
    values = {name: VALUES[name] for name in messages.KINDS["rfq.ended"]} | {"page": "home"}
    settings.TASHBIK_SITE = ""
    assert "Connectez-vous" in messages.written("rfq.ended", "fr", None, values)[1]
    settings.TASHBIK_SITE = "https://exchange.example/"
    assert "\nhttps://exchange.example/\n" in messages.written("rfq.ended", "fr", None, values)[1]


def test_who_is_written_to_for_an_enterprise(world: World) -> None:
    member, contact, nobody = world.enterprises
    store(contact, replace(record_of(contact), contacts=(records.Contact(email="v@sahel.example"),), languages=("fr",)))
    assert messages.people_of_enterprise(member) == [messages.Recipient("member@dz.example", "ar")]
    assert messages.people_of_enterprise(contact) == [messages.Recipient("v@sahel.example", "fr")]
    (officer,) = messages.people_of_enterprise(nobody)
    assert (officer.to, officer.instead_of) == ("officer@dz.example", "Atelier Mécanique Annaba")
    User.objects.update(is_active=False)
    world.dz.email = "office@dz.example"
    assert messages.people_of_enterprise(nobody)[0].to == "office@dz.example"


def test_who_is_written_to_for_a_need(world: World) -> None:
    assert [one.to for one in messages.people_of_buyer(world.need)] == ["buyer@dz.example"]
    Membership.objects.filter(role="buyer").delete()
    assert [one.to for one in messages.people_of_buyer(world.need)] == ["b@t.example"]
    world.need.buyer = None
    assert [one.to for one in messages.people_of_buyer(world.need)] == ["officer@dz.example"]


def posted(world: World, to: str = "a@b.example") -> Mail:
    values = {name: VALUES[name] for name in messages.KINDS["rfq.ended"]}
    return messages.post(kind="rfq.ended", to=to, language="fr", exchange=world.dz, about=world.need, **values)


def test_what_waits_is_sent_once(world: World) -> None:
    world.dz.email = "office@dz.example"
    world.dz.save()
    for number in range(3):
        posted(world, f"m{number}@b.example")
    assert Job.objects.count() == 1
    work_off()
    work_off()
    assert len(mail.outbox) == 3
    assert mail.outbox[0].reply_to == ["office@dz.example"]
    assert mail.outbox[0].extra_headers["Content-Language"] == "fr"
    one = Mail.objects.first()
    assert one is not None and (one.status, one.about_kind, one.attempts) == ("sent", "need", 1)


def test_what_fails_is_tried_again_later_and_in_the_end_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = posted(world)

    def down(self: EmailBackend, sent: object) -> int:
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr(EmailBackend, "send_messages", down)
    work_off()
    one.refresh_from_db()
    assert (one.status, one.attempts) == ("waiting", 1)
    assert one.due > timezone.now() and "no server" in one.error
    for _again in range(messages.MAX_ATTEMPTS):
        Mail.objects.update(due=timezone.now())
        Job.objects.update(run_at=timezone.now())
        work_off()
    one.refresh_from_db()
    assert (one.status, one.attempts) == ("failed", messages.MAX_ATTEMPTS)


def test_one_bad_address_does_not_hold_up_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = posted(world, "bad@b.example"), posted(world, "good@b.example")
    whole = EmailBackend.send_messages

    def picky(self: EmailBackend, sent: Any) -> int:
        if sent[0].to == ["bad@b.example"]:
            raise SMTPRecipientsRefused({})
        return whole(self, sent)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    work_off()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == ("failed", "sent")
