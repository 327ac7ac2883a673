"""Editing by sections without scripts: drafts, checking, suggestions, two people at once, registering; in three languages, by every role."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec.structs import replace

from tashbik.exchange import audit
from tashbik.exchange.models import Draft, Enterprise, Role, Submission, User
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import new_row, store
from tashbik.exchange.verbs import moderation, register
from tashbik.registry import records
from tests.world import World

LANGUAGES = ("ar", "fr", "en")
SECTIONS = ("identity", "place", "machines", "certificates", "exports", "contacts", "finance", "capability:1")


@pytest.fixture(autouse=True)
def plain_static(settings):
    settings.DEBUG = False


def fresh(world: World, number: int = 0) -> Enterprise:
    return Enterprise.objects.get(pk=world.enterprises[number].pk)


def at(page: str, *arguments) -> str:
    return reverse(f"editing:{page}", args=arguments)


def fields_of(answer) -> dict:
    """What a browser would send back of the page's forms, unchanged."""
    sheet = answer.context["sheet"]
    forms = ([sheet.main] if sheet.main else []) + (list(sheet.rows.forms) if sheet.rows is not None else [])
    values = {"edition": answer.context["edition"]}
    if sheet.rows is not None:
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"):
            values[f"rows-{name}"] = sheet.rows.management_form[name].value()
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                values[field.html_name] = "on" if value is True else value
    return values


def type_in(client, code: str, section: str, **typed):
    page = client.get(at("section", code, section))
    values = {**fields_of(page), **{name.replace("__", "-"): value for name, value in typed.items()}}
    return client.post(at("section", code, section), {**values, "action": "check"})


def confirm(client, code: str, section: str, **more):
    page = client.get(at("check", code, section))
    ticked = [row["one"].key for group in page.context["suggestions"] for row in group["rows"] if row["ticked"]]
    return client.post(at("check", code, section), {"edition": page.context["edition"], "chosen": ticked, **more})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(world: World, browse, language: str) -> None:
    client, code = browse("officer", language), world.enterprises[0].code
    pages = [at("tasks", code), *(at("section", code, one) for one in SECTIONS), at("register")]
    pages += [at(one, code) for one in ("visibility", "verify", "withdraw", "erase", "evidence")]
    pages += [at("remove_capability", code, "1")]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("section", SECTIONS)
def test_a_form_sent_back_unchanged_changes_nothing(world: World, browse, section: str) -> None:
    row = fresh(world)
    record = replace(
        record_of(row),
        founded=1987,
        contacts=(records.Contact(role="sales", email="s@x.example"),),
        machines=(records.Machine(words={"fr": "presse", "ar": "مكبس"}, concepts=("machine.press",), force=3922.66),),
        identifiers=(records.Identifier(scheme="DZ-NRC", value="98B1"),),
        sites=(records.Place(country="DZ", locality="Sétif", latitude=36.1, longitude=5.4),),
        exports=(records.Export(product="carters", country="FR", year=2024),),
    )
    register.edit(actor=world["officer"], enterprise=row, record=record, version=row.version)
    client, code = browse("officer", "fr"), row.code
    assert type_in(client, code, section).status_code == 302
    page = client.get(at("check", code, section))
    assert page.context["rows"] == [] and page.context["conflicts"] == []


def test_an_officer_saves_at_once(world: World, browse) -> None:
    client, code = browse("officer"), world.enterprises[0].code
    assert type_in(client, code, "identity", founded="1987", employees="١٢٠").url == at("check", code, "identity")
    page = client.get(at("check", code, "identity"))
    assert [(row.label, row.after) for row in page.context["rows"]] == [
        ("Founded in", ("1987",)),
        ("People employed", ("120",)),
    ]
    answer = confirm(client, code, "identity")
    assert answer.status_code == 302 and not Draft.objects.exists()
    record = record_of(fresh(world))
    assert (record.founded, record.employees) == (1987, 120)
    assert list(audit.broken_links()) == []


def test_a_member_sends_to_the_exchange(world: World, browse) -> None:
    client, code = browse("member"), world.enterprises[0].code
    type_in(client, code, "identity", founded="1987")
    confirm(client, code, "identity")
    sent = Submission.objects.get()
    assert sent.section == "identity" and sent.record["founded"] == 1987 and fresh(world).record.get("founded") is None
    type_in(client, code, "finance", finance_need="آلة جديدة")
    confirm(client, code, "finance")
    sent.refresh_from_db()
    assert sent.record["finance_need"] == "آلة جديدة" and sent.record["founded"] == 1987


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world: World, browse) -> None:
    client, code = browse("officer"), world.enterprises[0].code
    answer = type_in(client, code, "identity", founded="98", website="javascript:alert(1)", activities="0000")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This number cannot be right" in text and "beginning with https://" in text and "no such code: 0000" in text
    assert 'value="98"' in text
    assert Draft.objects.get().values["fields"]["founded"] == ["98"]
    assert client.get(at("check", code, "identity")).url.endswith("?errors=1")


def test_drafts_are_kept_restored_and_discarded(world: World, browse) -> None:
    client, code = browse("member"), world.enterprises[0].code
    page = client.get(at("section", code, "machines"))
    values = {**fields_of(page), "rows-0-words": "presse 400 t", "rows-0-quantity": "2"}
    answer = client.post(at("draft", code, "machines"), values, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "Draft kept" in answer.content.decode()
    again = client.get(at("section", code, "machines"))
    text = again.content.decode()
    assert "presse 400 t" in text and "is restored" in text
    client.post(at("section", code, "machines"), {**fields_of(again), "action": "more"})
    assert len(client.get(at("section", code, "machines") + "?rows=2").context["sheet"].rows.forms) == 3
    assert "draft" in client.get(at("tasks", code)).content.decode()
    client.post(at("discard", code, "machines"))
    assert not Draft.objects.exists()


def test_rows_are_added_changed_and_removed(world: World, browse) -> None:
    client, code = browse("officer", "fr"), world.enterprises[0].code
    type_in(
        client,
        code,
        "machines",
        rows__0__words="presse à injecter 400 t",
        rows__0__quantity="2",
        rows__0__envelope="500x300",
    )
    answer = confirm(client, code, "machines")
    assert answer.status_code == 302
    (machine,) = record_of(fresh(world)).machines
    assert (
        machine.words == {"fr": "presse à injecter 400 t"}
        and machine.quantity == 2
        and machine.envelope.sides == (500, 300)
    )
    assert machine.concepts, "the suggestion that was ticked is kept"
    type_in(client, code, "machines", rows__0__DELETE="on")
    confirm(client, code, "machines")
    assert record_of(fresh(world)).machines == ()


def test_only_confirmed_concepts_are_kept(world: World, browse) -> None:
    client, code = browse("officer", "fr"), world.enterprises[1].code
    opened = client.post(at("new_capability", code))
    section = opened.url.rstrip("/").rsplit("/", 1)[1].replace("%3A", ":")
    words = "Tournage CNC de pièces en inox 316L, diamètre jusqu'à 300 mm, 5000 pièces/mois, délai 4 semaines"
    type_in(client, code, section, words_fr=words, kind="process")
    page = client.get(at("check", code, section))
    keys = {row["one"].key for group in page.context["suggestions"] for row in group["rows"]}
    turning = next(key for key in keys if key.startswith("concept:process.") and "turning" in key)
    assert {"limit:capacity", "limit:lead_time"} <= keys
    client.post(
        at("check", code, section), {"edition": page.context["edition"], "chosen": [turning, "limit:lead_time"]}
    )
    able = record_of(fresh(world, 1)).capabilities[-1]
    assert able.concepts == (turning.partition(":")[2],)
    assert able.lead_time == 28 and able.capacity is None and able.grades == ()
    assert fresh(world, 1).facets.filter(value=able.concepts[0]).exists()


def test_a_capability_is_taken_out(world: World, browse) -> None:
    client, code = browse("officer"), world.enterprises[0].code
    page = client.get(at("remove_capability", code, "1"))
    assert client.post(at("remove_capability", code, "1"), {"edition": "0"}).status_code == 409
    assert client.post(at("remove_capability", code, "1"), {"edition": page.context["edition"]}).status_code == 302
    assert fresh(world).capabilities == 0


# two people


def test_two_people_edit_one_record_and_nothing_is_lost(world: World, browse) -> None:
    first, second, code = browse("officer"), browse("administrator"), world.enterprises[0].code
    type_in(second, code, "identity", founded="1990", legal_form="SARL")  # begun before the first saves
    type_in(first, code, "identity", founded="1987", employees="45")
    confirm(first, code, "identity")
    told = second.get(at("section", code, "identity"))
    assert "Someone changed this record since you began" in told.content.decode()
    page = second.get(at("check", code, "identity"))
    assert [one.label for one in page.context["meanwhile"]] == ["People employed"]
    (conflict,) = page.context["conflicts"]
    assert (conflict["key"], conflict["ours"], conflict["theirs"]) == ("founded", ("1987",), ("1990",))
    edition = page.context["edition"]
    assert second.post(at("check", code, "identity"), {"edition": edition}).status_code == 409
    assert record_of(fresh(world)).founded == 1987
    second.post(at("check", code, "identity"), {"edition": edition, "settle:founded": "theirs"})
    record = record_of(fresh(world))
    assert (record.founded, record.employees, record.legal_form) == (1990, 45, "SARL")
    assert list(audit.broken_links()) == []


def test_a_change_between_checking_and_saving_is_told(world: World, browse) -> None:
    client, code = browse("officer"), world.enterprises[0].code
    type_in(client, code, "identity", founded="1990")
    page = client.get(at("check", code, "identity"))
    row = fresh(world)
    register.edit(
        actor=world["administrator"], enterprise=row, record=replace(record_of(row), employees=4), version=row.version
    )
    answer = client.post(at("check", code, "identity"), {"edition": page.context["edition"]})
    assert answer.status_code == 409 and "just now" in answer.content.decode()
    assert confirm(client, code, "identity").status_code == 302
    assert (record_of(fresh(world)).founded, record_of(fresh(world)).employees) == (1990, 4)


# visibility, verifying, withdrawing, erasing


def test_who_sees_what(world: World, browse) -> None:
    client, code = browse("member"), world.enterprises[0].code
    page = client.get(at("visibility", code))
    levels = {field.html_name: field.value() for field in page.context["form"] if field.name != "consent"}
    send = {**levels, "contacts": "public", "version": page.context["version"]}
    refused = client.post(at("visibility", code), send)
    assert refused.status_code == 422 and "only with the consent" in refused.content.decode()
    assert client.post(at("visibility", code), {**send, "consent": "on"}).status_code == 302
    assert record_of(fresh(world)).visibility["contacts"] == "public"
    stale = client.post(at("visibility", code), {**send, "consent": "on"})
    assert stale.status_code == 422 and "Someone else" in stale.content.decode()


def test_verifying_withdrawing_erasing(world: World, browse) -> None:
    member, officer, code = browse("member"), browse("officer"), world.enterprises[0].code
    assert member.post(at("verify", code), {"version": fresh(world).version}).status_code == 302
    assert fresh(world).verified_on is not None
    assert member.post(at("erase", code)).status_code == 403
    page = officer.get(at("erase", code)).content.decode()
    assert 'name="imports"' in page and 'name="attached"' not in page  # it has no file
    assert officer.post(at("erase", code)).status_code == 302
    assert member.post(at("withdraw", code), {"reason": "closed"}).status_code == 302
    assert fresh(world).status == "withdrawn"


# registering


REGISTRATION = {
    "exchange": "dz",
    "name_ar": "ورشة الأوراس",
    "country": "DZ",
    "locality": "Batna",
    "email": "atelier@x.example",
    "text": "خراطة وتفريز القطع المعدنية من الفولاذ، 2000 قطعة شهريا، شهادة إيزو 9001",
}


def test_a_person_registers_an_enterprise_and_corrects_it(world: World, browse) -> None:
    user = User.objects.create_user("new@t.example", "a-long-password")
    client = browse("", "ar")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(at("register")).status_code == 200
    assert client.post(at("register"), {**REGISTRATION, "email": ""}).status_code == 422
    assert client.post(at("register"), REGISTRATION).url == at("register_check")
    page = client.get(at("register_check"))
    ticked = [row["one"].key for group in page.context["suggestions"] for row in group["rows"] if row["ticked"]]
    assert any(key.startswith("concept:process.") for key in ticked)
    answer = client.post(at("register_check"), {"chosen": ticked})
    sent = Submission.objects.get()
    assert answer.url == at("returned", sent.pk) and sent.by == user
    assert sent.record["place"]["region"] == "DZ-05" and sent.record["certificates"]
    moderation.send_back(actor=world["officer"], submission=sent, reasons=["identifier"])
    text = client.get(at("returned", sent.pk)).content.decode()
    assert "?again=" in text
    again = client.get(at("register") + f"?again={sent.pk}")
    assert "ورشة الأوراس" in again.content.decode()
    client.post(at("register"), {**REGISTRATION, "identifier": "98B1", "again": sent.pk})
    client.post(at("register_check"), {"chosen": ticked})
    sent.refresh_from_db()
    assert sent.status == "cancelled"
    newest = Submission.objects.latest("pk")
    assert newest.record["identifiers"][0]["value"] == "98B1"
    moderation.accept(actor=world["officer"], submission=newest)
    newest.refresh_from_db()
    assert client.get(at("tasks", newest.enterprise.code)).status_code == 200
    assert client.get(at("sent")).status_code == 200


def test_an_officer_registers_and_goes_on_to_the_profile(world: World, browse) -> None:
    client = browse("officer", "fr")
    client.post(at("register"), REGISTRATION)
    answer = client.post(at("register_check"), {"chosen": []})
    made = Enterprise.objects.get(name_ar="ورشة الأوراس")
    assert answer.url == at("tasks", made.code) and made.status == "published"
    assert record_of(made).capabilities[0].concepts == ()


def test_what_was_sent_is_taken_back(world: World, browse) -> None:
    client, code = browse("member"), world.enterprises[0].code
    type_in(client, code, "identity", founded="1987")
    confirm(client, code, "identity")
    sent = Submission.objects.get()
    assert browse("buyer").get(at("returned", sent.pk)).status_code == 403
    assert client.post(at("cancel", sent.pk)).status_code == 302
    sent.refresh_from_db()
    assert sent.status == "cancelled"


# who may


@pytest.mark.parametrize("role", list(Role))
def test_who_may_edit(world: World, browse, role: str) -> None:
    client, code = browse(role), world.enterprises[0].code
    for page in (at("tasks", code), at("section", code, "identity"), at("evidence", code)):
        expected = {200} if role in ("member", "officer", "administrator") else {302} if role == "visitor" else {403}
        assert client.get(page).status_code in expected, page
    own = browse(role)
    assert own.get(at("tasks", world.foreign.code)).status_code in ({302} if role == "visitor" else {403})


def test_codes_and_ids_of_other_registers_may_hold_slashes(world: World, browse) -> None:
    client = browse("officer")
    made = new_row(
        world.dz, records.Enterprise(id="A/12/B", names={"fr": "X"}, capabilities=(records.Capability(id="c/1"),))
    )
    store(made, record_of(made))
    for page in (
        at("tasks", made.code),
        at("section", made.code, "capability:c/1"),
        at("remove_capability", made.code, "c/1"),
    ):
        assert client.get(page).status_code == 200, page
    assert client.get(at("tasks", made.code)).context["enterprise"] == made


@pytest.mark.parametrize(("role", "edits", "sees"), [("member", 1, 1), ("officer", 1, 1), ("buyer", 0, 0), ("", 0, 0)])
def test_the_profile_offers_what_the_reader_may_do(world: World, browse, role: str, edits: int, sees: int) -> None:
    text = browse(role).get(reverse("register:profile", args=(world.enterprises[0].code,))).content.decode()
    assert text.count(f'href="{at("tasks", world.enterprises[0].code)}"') == edits
    assert ("/moderation/history/" in text) == bool(sees)


def test_what_is_not_there(world: World, browse) -> None:
    client = browse("officer")
    assert client.get(at("tasks", "dz:none")).status_code == 404
    assert client.get(at("section", world.enterprises[0].code, "nothing")).status_code == 404
    assert client.get(at("remove_capability", world.enterprises[0].code, "none")).status_code == 404


def test_more_capabilities_do_not_ask_more(world: World, browse) -> None:
    client, row = browse("officer"), fresh(world)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at("tasks", row.code)).status_code == 200
        return len(asked)

    count()
    one = count()
    record = record_of(row)
    able = tuple(replace(record.capabilities[0], id=str(number)) for number in (1, 2, 3))
    register.edit(
        actor=world["officer"], enterprise=row, record=replace(record, capabilities=able), version=row.version
    )
    assert count() == one
