"""The recommendations' pages: without scripts from draft to end, in three languages, for each role; figures, files, the communiqué on paper."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tashbik.exchange.models import Evidence, Mail, Recommendation
from tashbik.exchange.owner_link import token_of
from tashbik.exchange.verbs import recommendation_work as work
from tashbik.exchange.verbs import recommendations as verbs
from tashbik.web.recommendations.drawing import WIDTH, Stack, stacks
from tests.exchange.recommending import TEXT, adopted, an_edition, assigned, drafted, participants, today
from tests.exchange.test_recommendations import PREAMBLE
from tests.world import World

Browse = Callable[..., Client]
TYPED = {
    "text_ar": "إنشاء منصة للمناولة",
    "body_ar": "وزارة الصناعة",
    "sector": "government",
    "topic": "linkage",
    "country": "DZ",
    "indicator_ar": "عدد المؤسسات",
    "baseline": "١٠٠",
    "target": "300,5",
}


def at(name: str, one: Recommendation, *more: object) -> str:
    return reverse(f"recommendations:{name}", args=(one.edition.code, one.number, *more))


def test_from_draft_to_end_without_scripts(world: World, browse: Browse) -> None:
    edition, organiser = an_edition(world), browse("organiser", "ar")
    made = organiser.post(reverse("recommendations:new", args=(edition.code,)), TYPED)
    one = Recommendation.objects.get()
    assert made.status_code == 302 and made.url == at("page", one)
    assert (one.baseline, one.target, one.text) == (100, Decimal("300.5"), {"ar": "إنشاء منصة للمناولة"})

    page = organiser.get(at("evidence", one), {"source": "register.countries"}).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen and "الجزائر" in page
    organiser.post(at("evidence", one), {"source": "register.countries", "seen": seen[1]})
    assert Evidence.objects.get().table["rows"][0][0]["ar"] == "الجزائر"

    one.refresh_from_db()
    sent = {"version": one.version, "by": "consensus", "on": today().isoformat()}
    assert organiser.post(at("adopt", one), sent).status_code == 302
    one.refresh_from_db()
    owner = world["institution"].organisation_id
    deadline = (today() + timedelta(days=60)).isoformat()
    task = {
        "version": one.version,
        "organisation": owner,
        "deadline": deadline,
        "indicator_ar": "عدد المؤسسات",
        "target": "300",
    }
    assert organiser.post(at("assign", one), task).status_code == 302
    one.refresh_from_db()
    assert (one.status, Mail.objects.filter(kind="recommendation.assigned").count()) == ("assigned", 1)

    report = {"words": "أُنجز", "value": "٢٥٠", "on": today().isoformat(), "done": "on"}
    assert browse("institution", "ar").post(at("report", one), report).status_code == 302
    one.refresh_from_db()
    assert (one.status, one.value) == ("done", 250)
    closed = {"version": one.version, "result": "المنصة قائمة", "on": today().isoformat()}
    assert organiser.post(at("close", one), closed).status_code == 302
    text = browse("", "ar").get(at("page", one)).content.decode()
    assert all(said in text for said in ("المنصة قائمة", "أُنجز", "الجزائر", "250"))


def test_what_was_typed_is_kept_with_an_error(world: World, browse: Browse) -> None:
    edition, organiser = an_edition(world), browse("organiser")
    answer = organiser.post(
        reverse("recommendations:new", args=(edition.code,)), {**TYPED, "text_ar": "", "target": "many"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "summary" in text and 'value="many"' in text and "وزارة الصناعة" in text
    assert not Recommendation.objects.exists()


def test_another_draft_follows(world: World, browse: Browse) -> None:
    address = reverse("recommendations:new", args=(an_edition(world).code,))
    assert browse("organiser").post(address, {**TYPED, "another": "1"}).url == address


def test_a_conflict_is_said_and_nothing_lost(world: World, browse: Browse) -> None:
    one = drafted(world, an_edition(world))
    answer = browse("organiser").post(at("edit", one), {**TYPED, "version": 99})
    assert answer.status_code == 422 and "إنشاء منصة" in answer.content.decode()
    one.refresh_from_db()
    assert one.text == TEXT
    assert browse("organiser").post(at("edit", one), {**TYPED, "version": one.version}).status_code == 302


def test_languages_are_added_after_adoption(world: World, browse: Browse) -> None:
    one = adopted(world, an_edition(world), text={"ar": TEXT["ar"]})
    page = browse("organiser").get(at("translate", one)).content.decode()
    assert 'name="text_fr"' in page and 'name="text_ar"' not in page and TEXT["ar"] in page
    browse("organiser").post(at("translate", one), {"version": one.version, "text_fr": "Créer"})
    one.refresh_from_db()
    assert one.text == {"ar": TEXT["ar"], "fr": "Créer"}


def test_the_vote(world: World, browse: Browse) -> None:
    edition = an_edition(world)
    people, one = participants(world, edition), drafted(world, edition)
    member, organiser = browse("member"), browse("organiser")
    assert member.get(at("vote", one)).status_code == 404
    assert organiser.post(at("poll", one), {"voting": "1"}).status_code == 302
    assert "Vote on recommendation" in member.get("/").content.decode()
    assert member.get(at("vote", one)).status_code == 200
    assert "Votes in the hall" not in member.get(at("vote", one)).content.decode()
    assert member.post(at("vote", one), {"choice": "for"}).status_code == 302
    assert member.post(at("vote", one), {}).status_code == 422
    organiser.post(at("vote", one), {"people": "1", f"vote-{people[1].pk}": "for", f"vote-{people[2].pk}": "against"})
    assert {vote.participant_id: vote.choice for vote in one.votes.all()} == {
        people[0].pk: "for",
        people[1].pk: "for",
        people[2].pk: "against",
    }
    one.refresh_from_db()
    organiser.post(at("adopt", one), {"version": one.version, "by": "vote", "on": today().isoformat()})
    one.refresh_from_db()
    assert one.status == "adopted" and "2 for, 1 against" in browse().get(at("page", one)).content.decode()
    assert browse("buyer").get(at("vote", one)).status_code == 403


def test_a_vote_that_does_not_carry(world: World, browse: Browse) -> None:
    one = drafted(world, an_edition(world))
    answer = browse("organiser").post(
        at("adopt", one), {"version": one.version, "by": "vote", "on": today().isoformat()}
    )
    assert answer.status_code == 422 and "not enough votes in favour" in answer.content.decode()


def test_with_a_reason(world: World, browse: Browse) -> None:
    edition, organiser = an_edition(world), browse("organiser")
    one, other = drafted(world, edition), assigned(world, edition)
    assert organiser.post(at("reject", one), {"version": one.version, "reason": ""}).status_code == 422
    organiser.post(at("reject", one), {"version": one.version, "reason": "x"})
    organiser.post(at("drop", other), {"version": other.version, "reason": "sans objet"})
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, other.status) == ("rejected", "dropped")
    assert browse().get(at("page", one)).status_code == 404
    assert "sans objet" in browse().get(at("page", other)).content.decode()
    organiser.post(at("reopen", other), {"version": other.version, "reason": "repris"})
    other.refresh_from_db()
    assert other.status == "assigned"
    assert organiser.get(at("adopt", other)).status_code == 409


def test_the_owners_link(world: World, browse: Browse) -> None:
    one = assigned(world, an_edition(world), organisation=None, name="هيئة", email="c@body.example", language="fr")
    address = reverse("recommendations:by_link", args=(token_of(one),))
    page = browse("", "fr").get(address)
    assert page.status_code == 200 and page["Referrer-Policy"] == "no-referrer"
    sent = browse("", "fr").post(address, {"words": "Commencé", "on": today().isoformat(), "value": "150"})
    assert sent.status_code == 302 and one.reports.get().words == "Commencé"
    assert browse().get(reverse("recommendations:by_link", args=("x:y",))).status_code == 404


def test_reminding_by_hand(world: World, browse: Browse) -> None:
    one = assigned(world, an_edition(world))
    assert browse("organiser").post(at("remind", one)).status_code == 302
    assert Mail.objects.filter(kind="recommendation.due").count() == 1
    assert browse("organiser").post(at("remind", one)).status_code == 409


@pytest.mark.parametrize("role", ["visitor", "member", "buyer", "institution", "financier", "analyst"])
def test_who_may_not_change_anything(world: World, browse: Browse, role: str) -> None:
    edition = an_edition(world)
    one, open_one = adopted(world, edition), assigned(world, edition)
    client = browse(role)
    for address in (
        reverse("recommendations:new", args=(edition.code,)),
        at("assign", one),
        at("drop", open_one),
        at("evidence", one),
    ):
        assert client.get(address).status_code in (302, 403), address
    for address in (at("remind", open_one), at("close", open_one), at("poll", one)):
        assert client.post(address, {"version": 1}).status_code in (302, 403), address
    assert client.post(reverse("recommendations:communique", args=(edition.code,)), PREAMBLE).status_code == 403
    assert Recommendation.objects.filter(status__in=("dropped", "closed")).count() == 0


@pytest.mark.parametrize(
    ("language", "said"), [("ar", "ما آلت إليه"), ("fr", "elles sont devenues"), ("en", "what came of them")]
)
def test_progress_is_public(world: World, browse: Browse, language: str, said: str) -> None:
    old, new = an_edition(world, days_ago=600), an_edition(world, code="f-7", days_ago=9)
    late = assigned(world, old)
    Recommendation.objects.filter(pk=late.pk).update(deadline=today() - timedelta(days=3))
    adopted(world, new, origin=late, country="")
    drafted(world, new)
    page = browse("", language).get(reverse("recommendations:progress"))
    text = page.content.decode()
    assert page.status_code == 200 and said in text
    assert (
        text.count('<svg class="chart" viewBox="0 0 420') == 2
        and text.count("<title id=") == text.count("<desc id=") == 2
    )
    assert "forum-6/1" in text and "f-7/1" in text and "f-7/2" not in text


def test_filters_and_lists(world: World, browse: Browse) -> None:
    edition = an_edition(world)
    adopted(world, edition, topic="finance")
    adopted(world, edition, country="")
    address = reverse("recommendations:progress")
    client = browse()
    assert "forum-6/2" not in client.get(address, {"topic": "finance"}).content.decode()
    assert "forum-6/1" not in client.get(address, {"country": "arab"}).content.decode()
    assert "meets these filters" in client.get(address, {"q": "nothing", "status": "nonsense"}).content.decode()
    assert (
        browse("organiser").get(reverse("recommendations:view", args=("unassigned",))).content.decode().count("<tr>")
        == 3
    )
    assert client.get(reverse("recommendations:view", args=("x",))).status_code == 404
    assert client.get(reverse("recommendations:edition", args=(edition.code,))).status_code == 200
    assert client.get(reverse("recommendations:edition", args=("none",))).status_code == 404


def test_files(world: World, browse: Browse) -> None:
    edition = an_edition(world)
    one = assigned(world, edition, indicator=work_indicator())
    drafted(world, edition)
    client = browse("", "ar")
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("recommendations:file", args=("xlsx",))).content))
    rows = [[cell.value for cell in row] for row in book.active.rows]
    assert (
        book.active.sheet_view.rightToLeft and len(rows) == 2 and rows[1][0] == one.reference and TEXT["ar"] in rows[1]
    )
    text = client.get(reverse("recommendations:file", args=("csv",))).content.decode("utf-8-sig")
    assert TEXT["ar"] in text and "'=cmd" in text
    found = json.loads(client.get(reverse("recommendations:file", args=("json",))).content)["recommendations"]
    assert [item["number"] for item in found] == ["forum-6/1"] and found[0]["indicator"]["target"] == "300.000"
    assert client.get(reverse("recommendations:file", args=("pdf",))).status_code == 404


def work_indicator() -> object:
    from tashbik.exchange.recommendation_sheet import Indicator

    return Indicator({"ar": "=cmd()"}, "", None, Decimal(300))


def test_uploaded_evidence(world: World, browse: Browse) -> None:
    one, organiser = drafted(world, an_edition(world)), browse("organiser", "fr")
    typed = {"title_fr": "Exportations", "origin_fr": "Office des statistiques", "as_of": "2026-01-31"}

    def send(content: bytes) -> int:
        file = SimpleUploadedFile("t.csv", content)
        return int(organiser.post(at("upload", one), {**typed, "file": file}).status_code)

    assert send("pays;valeur\nAlgérie;12,5\n".encode()) == 302
    assert send(b"\x00\x01\x02") == 422
    assert send(b"") == 422
    page = organiser.get(at("page", one)).content.decode()
    assert "Exportations" in page and "12,5" in page and "Office des statistiques" in page
    found = Evidence.objects.get()
    text = organiser.get(at("evidence_file", one, found.pk)).content.decode("utf-8-sig")
    assert "Algérie,12.5" in text and "2026-01-31" in text
    assert organiser.post(at("remove", one, found.pk)).status_code == 302 and not Evidence.objects.exists()
    assert organiser.post(at("remove", one, found.pk)).status_code == 404


def test_changed_evidence_is_said(world: World, browse: Browse) -> None:
    one = drafted(world, an_edition(world))
    browse("organiser").post(at("evidence", one), {"source": "register.countries"})
    found = Evidence.objects.get()
    found.table["rows"][0][1] = 999.0
    found.save()
    assert "no longer the one that was frozen" in browse("organiser").get(at("page", one)).content.decode()


def test_what_is_frozen_is_what_was_seen(world: World, browse: Browse) -> None:
    one = drafted(world, an_edition(world))
    answer = browse("organiser").post(at("evidence", one), {"source": "register.countries", "seen": "0" * 64})
    assert (
        answer.status_code == 200 and "Nothing was frozen" in answer.content.decode() and not Evidence.objects.exists()
    )


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_communique_on_paper(world: World, browse: Browse, language: str) -> None:
    edition = an_edition(world, venue={"ar": "فندق"}, place="الجزائر")
    adopted(world, edition)
    organiser = browse("organiser")
    address = reverse("recommendations:communique", args=(edition.code,))
    typed = {f"preamble_{code}": words for code, words in PREAMBLE.items()}
    assert organiser.post(address, {**typed, "preamble_fr": ""}).status_code == 422
    assert organiser.post(address, typed).status_code == 302
    assert TEXT[language] in browse("", language).get(address).content.decode()
    file = browse().get(reverse("recommendations:communique_pdf", args=(edition.code, 1, language)))
    assert file.status_code == 200 and file.content.startswith(b"%PDF-")
    assert browse().get(reverse("recommendations:communique_pdf", args=(edition.code, 2, language))).status_code == 404
    assert browse().get(reverse("recommendations:communique_pdf", args=(edition.code, 1, "de"))).status_code == 404


def test_stacks_keep_within_the_drawing() -> None:
    rows = [Stack("A & <b>", [(3, "3"), (1, "1"), (0, "0"), (2, "2")], "6"), Stack("ب", [(0, "0")] * 4, "0")]
    for rtl in (True, False):
        drawn = str(stacks(rows, title="t", description="d", rtl=rtl, key="k"))
        assert "A &amp; &lt;b&gt;" in drawn and drawn.count("<rect") == 3
        spans = [
            (float(x), float(x) + float(w))
            for x, w in re.findall(r'<rect class="\w+" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawn)
        ]
        assert all(0 <= left <= right <= WIDTH for left, right in spans) and len(spans) == 3
        ordered = sorted(spans)
        assert all(one[1] <= other[0] + 0.2 for one, other in itertools.pairwise(ordered))
    assert stacks([], title="t", description="d", rtl=True, key="k") == ""


def test_queries_do_not_grow_with_rows(world: World, browse: Browse) -> None:
    edition = an_edition(world)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            one = assigned(world, edition)
            work.report(actor=world["institution"], recommendation=one, report=work.Report("x"))
        counts.append([])
        for address in (
            reverse("recommendations:progress"),
            reverse("recommendations:edition", args=(edition.code,)),
            reverse("recommendations:file", args=("json",)),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert browse().get(address).status_code == 200
            counts[-1].append(len(captured))
    assert counts[0] == counts[1]


def test_the_page_of_an_adopted_one_for_each_role(world: World, browse: Browse) -> None:
    edition = an_edition(world)
    one = verbs.adopt(
        actor=world["organiser"], recommendation=(d := drafted(world, edition)), version=d.version, by="consensus"
    )
    for role in ("visitor", "member", "officer", "organiser", "administrator", "analyst", "institution"):
        text = browse(role).get(at("page", one)).content.decode()
        assert ("Name an owner" in text) == (role in ("officer", "organiser")), role


def test_participants_in_the_hall_are_searched_for(world: World, browse: Browse) -> None:
    edition = an_edition(world)
    one, count = drafted(world, edition), 62
    participants(world, edition, count)
    organiser = browse("organiser")
    organiser.post(at("poll", one), {"voting": "1"})
    text = organiser.get(at("vote", one)).content.decode()
    assert text.count('<select name="vote-') == 60 and "search for the others" in text
    found = organiser.get(at("vote", one), {"q": f"participant {count - 1}"}).content.decode()
    assert found.count('<select name="vote-') == 1 and "search for the others" not in found
    assert "No participant has this name" in organiser.get(at("vote", one), {"q": "nobody"}).content.decode()
