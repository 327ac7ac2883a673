"""Pages of a forum's organiser: each page in three languages, the whole way from an edition to published meetings, and who may see what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tashbik.exchange import jobs
from tashbik.exchange.models import Edition, Mail, Meeting, Participant
from tashbik.exchange.verbs import editions, meetings, participants, parts, planning
from tests.exchange.forum_world import SHEET, add_people, details, make_edition, set_up_meetings
from tests.world import World

Browse = Callable[..., Client]
PAGES = (
    "",
    "edit/",
    "programme/",
    "parts/body/",
    "parts/body/add/",
    "parts/room/",
    "parts/track/",
    "parts/session/add/",
    "parts/paper/add/",
    "parts/quota/",
    "parts/quota/add/",
    "parts/interpreter/",
    "parts/interpreter/add/",
    "participants/",
    "participants/new/",
    "participants/export/",
    "import/",
    "import/template/",
    "meetings/",
    "wishes/",
    "proposals/",
    "plans/",
    "plans/1/",
    "plans/1/why/",
    "day/",
)


@pytest.fixture
def edition(world: World) -> Edition:
    """An edition with a published plan of three meetings."""
    organiser = world["organiser"]
    made = make_edition(world)
    people = add_people(organiser, made)
    set_up_meetings(organiser, made)
    for by, about in ((0, 1), (0, 2), (1, 3)):
        meetings.state(actor=organiser, by=people[by], about=people[about], kind="want")
    values = {"name": {"ar": "الجهة المنظمة"}, "part": "organiser", "order": 1}
    parts.add(actor=organiser, edition=made, kind="body", values=values)
    plan = planning.make(actor=organiser, edition=made, time_limit=2.0)
    jobs.work_off()
    plan.refresh_from_db()
    planning.publish(actor=organiser, plan=plan)
    return made


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(edition: Edition, browse: Browse, page: str, language: str) -> None:
    answer = browse("organiser", language).get(f"/forum/organise/{edition.code}/{page}")
    assert answer.status_code == 200
    if answer["Content-Type"].startswith("text/html"):
        text = answer.content.decode()
        assert f'lang="{language}"' in text
        assert "style=" not in text and "<script>" not in text


# the whole way


CSV = """الاسم,الجهة,الفئة,الدولة,البريد الإلكتروني,اللغات
أمل,مسبك الهضاب,صناعة صغيرة ومتوسطة,الجزائر,amal@forum.example,العربية
Berg,Grands Moteurs,صناعة كبرى,الجزائر,berg@forum.example,"العربية، الفرنسية"
سمير,ورشة,ملك,تونس,samir@forum.example,العربية
"""


def test_from_an_edition_to_published_meetings_and_a_no_show(world: World, browse: Browse) -> None:
    client = browse("organiser", "ar")
    facts = {
        "code": "amf-7",
        "name_ar": "ملتقى",
        "theme_ar": "الترابط",
        "starts": "2027-05-10",
        "ends": "2027-05-10",
        "zone": "Africa/Algiers",
        "place": "وهران",
        "country": "DZ",
        "languages": ["ar", "fr"],
        "meeting_limit": "5",
        "version": "1",
    }
    answer = client.post("/forum/new/", {**facts, "name_ar": ""})
    assert answer.status_code == 422 and "اكتبوا الاسم بلغة واحدة على الأقل" in answer.content.decode()
    assert client.post("/forum/new/", facts)["Location"] == "/forum/organise/amf-7/"
    base = "/forum/organise/amf-7/"
    assert "قيد الإعداد" in client.get(base).content.decode()
    client.post(f"{base}state/open/")
    edition = Edition.objects.get(code="amf-7")
    assert edition.status == "open"

    file = SimpleUploadedFile("list.csv", CSV.encode())
    listing = client.post(f"{base}import/", {"file": file, "approved": "on"})["Location"]
    page = client.get(listing).content.decode()
    assert "السطر 4" in page and "ليست هذه من الفئات" in page and "سمير" in page
    place = re.search(r'name="(cell-4-\d+)" value="ملك"', page)
    assert place is not None
    cells = dict(re.findall(r'name="(cell-4-\d+)" value="([^"]*)"', page))
    client.post(listing, {**cells, place[1]: "خبير", "approved": "on"})
    assert sorted(edition.participants.values_list("name", "status")) == [
        ("Berg", "approved"),
        ("أمل", "approved"),
        ("سمير", "approved"),
    ]

    hours = {"length": "20", "pause": "0", "2027-05-10_morning_from": "09:00", "2027-05-10_morning_until": "10:00"}
    wrong = client.post(f"{base}meetings/times/", {**hours, "2027-05-10_morning_until": ""})
    assert wrong.status_code == 422 and "اذكروا الوقتين معًا" in wrong.content.decode()
    client.post(f"{base}meetings/times/", hours)
    client.post(f"{base}meetings/tables/", {"letter": "ط", "count": "1"})
    assert (edition.slots.count(), edition.tables.get().label) == (3, "ط1")

    amal, berg, samir = (edition.participants.get(name=name) for name in ("أمل", "Berg", "سمير"))
    for first, second, kind in ((amal, berg, "must"), (amal, samir, "want")):
        answer = client.post(f"{base}wishes/", {"first": first.pk, "second": second.pk, "kind": kind})
        assert answer.status_code == 302
    plan = client.post(f"{base}plans/", {})["Location"]
    assert "تجري برمجة اللقاءات" in client.get(plan).content.decode()
    jobs.work_off()
    page = client.get(plan).content.decode()
    assert "كل اللقاءات التي لا بد منها (1) مبرمجة" in page and "لا ينتظر أحد" in page
    client.post(f"{plan}publish/")
    assert edition.meetings.filter(status="planned").count() == 2
    assert Mail.objects.filter(kind="meetings.published").count() == 3

    Mail.objects.all().delete()
    change = client.post(f"{base}day/", {"now": "1", "person_1": str(samir.pk), "refill": "on"})["Location"]
    page = client.get(change).content.decode()
    assert "يتغير لقاء منشور واحد" in page and "ولا يمكن أن تقل التغييرات عن ذلك" in page
    assert not Mail.objects.exists(), "nobody is told before it is published"
    client.post(f"{change}publish/")
    assert Meeting.objects.get(status="cancelled").reason == "absent"
    assert set(Mail.objects.values_list("to", flat=True)) == {amal.email, samir.email}
    assert client.get(f"{base}plans/2/why/?first={amal.pk}&second={samir.pk}").status_code == 200


def test_bulk_decisions_are_all_or_nothing(world: World, browse: Browse) -> None:
    organiser, made = world["organiser"], make_edition(world)
    people = add_people(organiser, made)
    Participant.objects.filter(pk__in=[one.pk for one in people]).update(status="applied")
    client, address = browse("organiser", "en"), f"/forum/organise/{made.code}/participants/decide/"
    keys = [str(one.pk) for one in people]
    client.post(address, {"participant": keys, "decision": "decline", "reason": ""})
    assert made.participants.filter(status="applied").count() == 4
    answer = client.post(address, {"participant": keys[:2], "decision": "approve", "query": "status=applied"})
    assert answer["Location"].endswith("participants/?status=applied")
    client.post(address, {"participant": keys[2:], "decision": "decline", "reason": "full"})
    assert sorted(made.participants.values_list("status", flat=True)) == ["approved"] * 2 + ["declined"] * 2
    client.post(address, {"participant": keys[:2], "decision": "invite"})
    assert Mail.objects.filter(kind="forum.invitation").count() == 2


def test_one_participant_is_changed_and_decided_on(world: World, browse: Browse, edition: Edition) -> None:
    one = edition.participants.get(name="Chen")
    client, address = browse("officer", "en"), f"/forum/organise/{edition.code}/participants/{one.pk}/"
    page = client.get(address).content.decode()
    assert "أمل" in page, "the meeting and the wish of the other"
    said = {"name": "Chen Li", "category": "smi", "country": "TN", "language": "en", "languages": ["en"], "email": "x@"}
    assert client.post(address, said).status_code == 422
    client.post(address, {**said, "email": "chen@forum.example", "unavailable": ["2"]})
    one.refresh_from_db()
    assert (one.name, one.unavailable) == ("Chen Li", [2])
    client.post(f"{address}cancel/", {"reason": "ill"})
    assert edition.meetings.get(first__name="أمل", second=one).status == "cancelled"
    assert client.post(f"{address}dance/").status_code == 404


# who sees what


@pytest.mark.parametrize("role", ["member", "buyer", "institution", "financier", "visitor"])
def test_others_see_the_list_but_not_the_inside(edition: Edition, browse: Browse, role: str) -> None:
    client = browse(role, "en")
    assert "Sixth forum" in client.get("/forum/").content.decode()
    for page in PAGES:
        answer = client.get(f"/forum/organise/{edition.code}/{page}")
        assert answer.status_code == (302 if role == "visitor" else 403), page


def test_analysts_look_but_do_not_touch(edition: Edition, browse: Browse) -> None:
    client = browse("analyst", "en")
    page = client.get(f"/forum/organise/{edition.code}/")
    assert page.status_code == 200 and "Close the edition</button>" not in page.content.decode()
    assert client.post(f"/forum/organise/{edition.code}/state/close/").status_code == 403
    assert client.get(f"/forum/organise/{edition.code}/participants/").status_code == 403


def test_the_first_page_tells_organisers_what_waits(world: World, browse: Browse, edition: Edition) -> None:
    participants.register(actor=world["buyer"], edition=edition, details=details(0, email="new@forum.example"))
    page = browse("organiser", "en").get("/").content.decode()
    assert "1 application to decide on" in page
    assert "application to decide on" not in browse("member", "en").get("/").content.decode()


# numbers of queries


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", ["participants/", "wishes/", "plans/1/", "proposals/", "programme/", "day/"])
def test_more_rows_take_no_more_queries(world: World, browse: Browse, edition: Edition, page: str) -> None:
    organiser, client, address = world["organiser"], browse("organiser", "en"), f"/forum/organise/{edition.code}/{page}"
    people = list(edition.participants.order_by("pk"))

    def more(number: int) -> None:
        made = participants.register(
            actor=organiser,
            edition=edition,
            details=details(number, email=f"m{number}@x.example", body="B"),
            approved=True,
        )
        meetings.state(actor=organiser, by=made, about=people[1], kind="want")
        edition.proposals.create(first=people[2], second=made, score=50, reason={"en": "why"})
        values = {"kind": "panel", "title": {"en": "Talk"}, "day": edition.starts, "starts": "09:00", "ends": "10:00"}
        session = parts.add(actor=organiser, edition=edition, kind="session", values=values)
        values = {"session": session, "title": {"en": "Paper"}, "speakers": [made]}
        parts.add(actor=organiser, edition=edition, kind="paper", values=values)

    more(0)
    first = queries_of(client, address)
    more(2)
    more(3)
    assert queries_of(client, address) <= first


def test_the_list_of_editions_takes_no_more_queries(world: World, browse: Browse) -> None:
    make_edition(world)
    client = browse("organiser", "en")
    first = queries_of(client, "/forum/")
    for number in range(2):
        editions.create(actor=world["organiser"], sheet=replace(SHEET, code=f"other-{number}"))
    assert queries_of(client, "/forum/") <= first
