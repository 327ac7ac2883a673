"""Participants: registered, approved within quotas, declined, cancelled, invited; and taken from files, every row whole or kept to be mended."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange.actor import signed_in
from tashbik.exchange.audit import broken_links
from tashbik.exchange.models import AuditEntry, Edition, Mail, Participant, ParticipantList, Revision, User
from tashbik.exchange.participant_rows import understood
from tashbik.exchange.queries import editions as queries
from tashbik.exchange.verbs import accounts, editions, participant_lists, participants, parts
from tashbik.exchange.verbs.participant_erasure import erase
from tests.exchange.forum_world import add_people, details, make_edition
from tests.world import World


@pytest.fixture
def edition(world: World) -> Edition:
    return make_edition(world)


def quota(world: World, edition: Edition, most: int, category: str = "smi", country: str = "") -> None:
    values = {"category": category, "country": country, "most": most}
    parts.add(actor=world["organiser"], edition=edition, kind="quota", values=values)


def mails(kind: str) -> list[str]:
    return list(Mail.objects.filter(kind=kind).order_by("pk").values_list("to", flat=True))


# registering


def test_a_person_registers_themselves_and_waits_for_the_organiser(world: World, edition: Edition) -> None:
    person = signed_in(User.objects.create_user("guest@forum.example", "a-long-password"))
    made = participants.register(actor=person, edition=edition, details=details(2))
    assert (made.status, made.user) == ("applied", person.user)
    assert mails("forum.received") == ["p2@forum.example"]
    with pytest.raises(ConflictError):
        participants.register(actor=person, edition=edition, details=details(3))
    assert made.badge and len(made.badge) == 12


def test_nobody_registers_without_an_account_or_before_it_opens(world: World) -> None:
    draft = make_edition(world, opened=False)
    with pytest.raises(NotPermittedError):
        participants.register(actor=world["visitor"], edition=draft, details=details())
    with pytest.raises(StateError):
        participants.register(actor=world["member"], edition=draft, details=details())


def test_a_person_is_not_approved_nor_of_any_enterprise_by_saying_so(world: World, edition: Edition) -> None:
    foreign = world.foreign.code
    given = details(2, enterprise=foreign)
    made = participants.register(actor=world["buyer"], edition=edition, details=given, approved=True, user=None)
    assert made.status == "applied"
    assert made.enterprise is None
    assert made.organisation == world.buyer, "from the membership"


def test_an_organiser_registers_others_and_ties_them_to_the_register(world: World, edition: Edition) -> None:
    made = participants.register(actor=world["organiser"], edition=edition, details=details(0), approved=True)
    assert (made.status, made.enterprise) == ("approved", world.enterprises[0])
    by_code = details(1, enterprise=world.enterprises[1].code)
    assert (
        participants.register(actor=world["organiser"], edition=edition, details=by_code).enterprise
        == (world.enterprises[1])
    )
    verified = details(2, email=world.users["buyer"].email)
    assert (
        participants.register(actor=world["organiser"], edition=edition, details=verified).user
        == (world.users["buyer"])
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 200}, "name"),
        ({"email": "nobody"}, "email"),
        ({"category": "king"}, "category"),
        ({"country": "Algérie"}, "country"),
        ({"language": "de"}, "language"),
        ({"languages": ("xx",)}, "languages"),
        ({"seeks": "x" * 3000}, "seeks"),
        ({"meeting_limit": 99}, "meeting_limit"),
        ({"unavailable": (1,)}, "unavailable"),
    ],
)
def test_details_that_cannot_be_taken(world: World, edition: Edition, values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        participants.register(actor=world["organiser"], edition=edition, details=details(0, **values))
    assert list(caught.value.fields) == [field]
    assert not edition.participants.exists()


def test_one_address_is_one_participant(world: World, edition: Edition) -> None:
    add_people(world["organiser"], edition)
    with pytest.raises(ConflictError):
        participants.register(actor=world["organiser"], edition=edition, details=details(0, name="آخر"))


# deciding


def test_quotas_make_a_waiting_list_and_a_place_that_becomes_free_is_given(world: World, edition: Edition) -> None:
    quota(world, edition, 1)
    organiser = world["organiser"]
    first, second = (
        participants.register(actor=world[role], edition=edition, details=details(number))
        for role, number in (("buyer", 0), ("financier", 2))
    )
    participants.approve(actor=organiser, participant=first)
    participants.approve(actor=organiser, participant=second)
    assert [first.status, second.status] == ["approved", "waiting"]
    assert mails("forum.waiting") == [second.email]
    participants.cancel(actor=organiser, participant=first)
    second.refresh_from_db()
    assert second.status == "approved"
    assert mails("forum.approved") == [first.email, second.email]
    assert list(broken_links()) == []


def test_quotas_of_category_and_country_hold_together(world: World, edition: Edition) -> None:
    quota(world, edition, 5)
    quota(world, edition, 1, category="", country="DZ")
    people = add_people(world["organiser"], edition)
    assert [one.status for one in people] == ["approved", "waiting", "approved", "approved"]
    filled = {
        (one.quota.category, one.quota.country): (one.taken, one.waiting) for one in queries.breakdown(edition).quotas
    }
    assert filled == {("smi", ""): (2, 0), ("", "DZ"): (1, 1)}


def test_declining_needs_a_reason_which_is_told(world: World, edition: Edition) -> None:
    made = participants.register(actor=world["buyer"], edition=edition, details=details(2))
    with pytest.raises(InvalidError):
        participants.decline(actor=world["organiser"], participant=made, reason=" ")
    participants.decline(actor=world["organiser"], participant=made, reason="لا علاقة للنشاط بموضوع الملتقى")
    assert "لا علاقة للنشاط" in Mail.objects.get(kind="forum.declined").body
    with pytest.raises(StateError):
        participants.put_on_waiting_list(actor=world["organiser"], participant=made)


def test_people_change_their_own_but_not_their_category_once_approved(world: World, edition: Edition) -> None:
    made = participants.register(actor=world["buyer"], edition=edition, details=details(1))
    actor = world["buyer"]
    participants.edit(actor=actor, participant=made, details=details(1, category="expert"))
    participants.approve(actor=world["organiser"], participant=made)
    participants.edit(actor=actor, participant=made, details=details(1, category="expert", seeks="pièces"))
    with pytest.raises(InvalidError):
        participants.edit(actor=actor, participant=made, details=details(1, category="press"))
    with pytest.raises(NotPermittedError):
        participants.edit(actor=world["financier"], participant=made, details=details(1))
    with pytest.raises(NotPermittedError):
        participants.approve(actor=actor, participant=made)


# letters


def test_letters_go_to_each_in_their_language_once(world: World, edition: Edition) -> None:
    people = add_people(world["organiser"], edition)
    waiting = participants.register(actor=world["member"], edition=edition, details=details(0, email="x@y.example"))
    sent = participants.invite(actor=world["organiser"], edition=edition, participants=[*people, waiting])
    assert [one.pk for one in sent] == [one.pk for one in people]
    letters = {one.to: (one.language, one.subject) for one in Mail.objects.filter(kind="forum.invitation")}
    assert letters["p0@forum.example"] == ("ar", "دعوة: الملتقى السادس")
    assert letters["p2@forum.example"] == ("en", "Invitation: Sixth forum")
    assert letters["p1@forum.example"][0] == "fr"
    assert participants.invite(actor=world["organiser"], edition=edition, participants=people) == []
    editions.close(actor=world["organiser"], edition=edition)
    with pytest.raises(StateError):
        participants.invite(actor=world["organiser"], edition=edition, participants=people)


# files

ARABIC = """الاسم,الجهة,الفئة,الدولة,البريد الإلكتروني,اللغات,حد اللقاءات
سعاد مراد,مسبك الهضاب,صناعة صغيرة ومتوسطة,الجزائر,souad@forum.example,"العربية، الفرنسية",٥
عمر فاضل,وزارة الصناعة,وزارة,تونس,omar@forum.example,عربية,
ليث حداد,ورشة,ملك,بلاد العجائب,laith@,كلينغون,كثير
"""
FRENCH = """Nom;Organisme;Catégorie;Pays;Courriel;Langue
Inès Amrani;Fonderie du Sahel;PMI;Algérie;ines@forum.example;français
Inès Amrani;Fonderie du Sahel;PMI;Algérie;ines@forum.example;français
Autre Personne;;expert;Maroc;ines@forum.example;
"""


def take(world: World, edition: Edition, text: str, name: str = "list.csv", **options: bool) -> ParticipantList:
    file = ContentFile(text.encode(), name=name)
    return participant_lists.take(actor=world["organiser"], edition=edition, file=file, name=name, **options)


def test_right_rows_are_taken_and_wrong_ones_kept_with_row_column_and_mend(world: World, edition: Edition) -> None:
    made = take(world, edition, ARABIC, approved=True)
    assert (made.taken, made.known, len(made.rows)) == (2, 0, 1)
    souad = edition.participants.get(email="souad@forum.example")
    assert (souad.category, souad.country, souad.languages, souad.meeting_limit) == ("smi", "DZ", ["ar", "fr"], 5)
    assert (souad.enterprise, souad.status, souad.language) == (world.enterprises[0], "approved", "ar")
    with translation.override("ar"):
        kept = queries.kept_rows(made)
    assert kept[0].number == 4
    assert {one.column for one in kept[0].problems} == {"الفئة", "الدولة", "البريد الإلكتروني", "اللغات", "حد اللقاءات"}
    assert all(one.text and "\u0600" < one.text[0] < "\u06ff" for one in kept[0].problems), (
        "said in the reader's language"
    )
    assert list(broken_links()) == []


def test_kept_rows_are_mended_cell_by_cell_or_left(world: World, edition: Edition) -> None:
    made = take(world, edition, ARABIC)
    half = {"الفئة": "خبير", "الدولة": "مصر", "البريد الإلكتروني": "laith@forum.example"}
    participant_lists.mend(actor=world["organiser"], listing=made, rows={4: half})
    assert made.taken == 2 and made.rows[0]["cells"]["الدولة"] == "مصر", "what was typed is kept"
    rest = {"اللغات": "ar", "حد اللقاءات": ""}
    participant_lists.mend(actor=world["organiser"], listing=made, rows={4: rest})
    assert (made.taken, made.rows) == (3, [])
    assert edition.participants.get(email="laith@forum.example").category == "expert"
    other = take(world, edition, ARABIC.replace("laith@", "again@"))
    assert (other.taken, other.known, len(other.rows)) == (0, 2, 1)
    participant_lists.mend(actor=world["organiser"], listing=other, rows={}, leave=[4])
    assert other.rows == []


def test_rows_of_one_person_or_one_address(world: World, edition: Edition) -> None:
    made = take(world, edition, FRENCH)
    assert (made.taken, made.known, [one["code"] for one in made.rows]) == (1, 1, ["repeated"])
    again = take(world, edition, FRENCH)
    assert (again.taken, again.known, [one["code"] for one in again.rows]) == (0, 2, ["registered"])
    assert edition.participants.get().enterprise == world.enterprises[1]


def test_spreadsheets_are_read_and_quotas_hold(world: World, edition: Edition) -> None:
    quota(world, edition, 2, category="expert")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Name", "Category", "Country"])
    for number in range(4):
        sheet.append([f"Expert {number}", "expert", "MA"])
    sheet.append(["=1+1", "expert", "MA"])
    stream = io.BytesIO()
    book.save(stream)
    file = ContentFile(stream.getvalue(), name="list.xlsx")
    made = participant_lists.take(actor=world["organiser"], edition=edition, file=file, name="list.xlsx", approved=True)
    assert (made.taken, [one["code"] for one in made.rows]) == (4, ["formula"])
    assert sorted(edition.participants.values_list("status", flat=True)) == [
        "approved",
        "approved",
        "waiting",
        "waiting",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [("", "a.csv"), ("a;b\n1;2\n", "a.csv"), ("name;category\n", "a.csv"), ("name\nx\n", "a.exe"), ("PK", "a.xlsx")],
)
def test_files_that_cannot_be_taken_at_all(world: World, edition: Edition, text: str, name: str) -> None:
    with pytest.raises(InvalidError) as caught:
        take(world, edition, text, name)
    assert list(caught.value.fields) == ["file"]
    assert not ParticipantList.objects.exists() and not Participant.objects.exists()


def test_files_are_for_organisers_while_the_edition_is_not_closed(world: World, edition: Edition) -> None:
    file = ContentFile(FRENCH.encode(), name="a.csv")
    for actor in (world["member"], world["administrator"], world.elsewhere["organiser"]):
        with pytest.raises(NotPermittedError):
            participant_lists.take(actor=actor, edition=edition, file=file, name="a.csv")
    editions.close(actor=world["organiser"], edition=edition)
    with pytest.raises(StateError):
        take(world, edition, FRENCH)


def test_the_list_is_for_organisers_only(world: World, edition: Edition) -> None:
    add_people(world["organiser"], edition)
    found = queries.participants(world["organiser"], edition, queries.Filters(category="smi", country="TN"))
    assert [one.name for one in found] == ["Chen"]
    assert queries.participants(world["officer"], edition, queries.Filters(text="grands")).count() == 1
    for actor in (world["member"], world["administrator"], world.elsewhere["officer"]):
        with pytest.raises(NotPermittedError):
            queries.participants(actor, edition)


def test_details_round_trip(world: World, edition: Edition) -> None:
    from tashbik.exchange.participant_details import details_of

    made = participants.register(actor=world["organiser"], edition=edition, details=details(0, seeks="x"))
    assert replace(details_of(made), enterprise="") == details(0, seeks="x")


def everything_kept() -> str:
    return str(
        [
            *Participant.objects.values(),
            *Revision.objects.values(),
            *Mail.objects.values(),
            *AuditEntry.objects.values(),
        ]
    )


def test_a_participant_is_erased_from_list_history_and_messages(world: World, edition: Edition) -> None:
    first, *_others = add_people(world["organiser"], edition)
    participants.edit(actor=world["organiser"], participant=first, details=details(0, position="مديرة الإنتاج"))
    assert "p0@forum.example" in everything_kept() and "مديرة الإنتاج" in everything_kept()
    erase(actor=world["organiser"], participant=first)
    assert "p0@forum.example" not in everything_kept() and "مديرة الإنتاج" not in everything_kept()
    assert Participant.objects.get(pk=first.pk).status == "cancelled"
    assert list(broken_links()) == []


def test_who_erases_an_account_is_erased_from_forums_too(world: World, edition: Edition) -> None:
    person = signed_in(User.objects.create_user("guest@forum.example", "a-long-password"))
    participants.register(actor=person, edition=edition, details=details(2))
    kept = accounts.export_person(actor=person, person=person.user)
    assert kept["participations"][0]["name"] == "Chen"
    accounts.erase_person(actor=person, person=person.user)
    assert "p2@forum.example" not in everything_kept() and "Chen Tools" in everything_kept()
    assert list(broken_links()) == []


def test_languages_are_joined_as_people_write_them() -> None:
    cells = {"الاسم": "أحمد", "الفئة": "خبير", "البلد": "مصر"}
    joined = ("العربية والفرنسية", "العربية و الفرنسية", "العربية، الفرنسية", "arabe et français", "Arabic and French")
    for written in joined:
        details, wrong = understood(cells | {"اللغات": written})
        assert (details.languages, wrong) == (("ar", "fr"), [])


def test_columns_that_are_not_read_are_told(world: World, edition: Edition) -> None:
    kept = take(world, edition, "الاسم,الفئة,البلد,لون السيارة\nأحمد,خبير,مصر,أحمر\n")
    assert kept.taken == 1
    assert kept.columns == {"الاسم": "name", "الفئة": "category", "البلد": "country", "لون السيارة": ""}
