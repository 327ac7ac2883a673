"""The forum's public pages, the participants' own, halls, door, papers and report: who sees what, in three languages, without scripts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import qrcode
import qrcode.util
import segno
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from tashbik.exchange.models import (
    Mail,
    Meeting,
    MeetingFeedback,
    MeetingPlan,
    MeetingProposal,
    MeetingSlot,
    MeetingTable,
    MeetingWish,
    Participant,
    SessionAttendance,
)
from tashbik.exchange.queries.participation import LINK_DAYS, calendar_token_of, token_of
from tashbik.exchange.queries.participation_halls import screen_of
from tashbik.exchange.verbs import feedback
from tashbik.web.participation.qr import qr_svg
from tests.edition_world import AFTER, Forum, make_forum
from tests.world import World

Browse = Callable[..., Client]
EMAIL = "@people.example"


@pytest.fixture
def forum(world: World) -> Forum:
    return make_forum(world)


def address(page: str, *arguments: object) -> str:
    return reverse(f"participation:{page}", args=arguments)


def by_link(browse: Browse, forum: Forum, key: str, language: str = "en") -> Client:
    """A browser in which a participant's personal link was opened."""
    client = browse(language=language)
    answer = client.get(address("link", token_of(forum.people[key])))
    assert answer.status_code == 303
    return client


def begin(forum: Forum, minutes: int = 5) -> None:
    """Move the first slot so that it began some minutes ago, on the venue's clock."""
    now = timezone.now().astimezone(timezone.get_fixed_timezone(60)).replace(second=0, microsecond=0)
    start = max(now - timedelta(minutes=minutes), now.replace(hour=0, minute=0))
    until = min(start + timedelta(minutes=20), now.replace(hour=23, minute=59))
    MeetingSlot.objects.filter(pk=forum.slots[0].pk).update(day=start.date(), starts=start.time(), ends=until.time())


# public


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_public_pages_say_what_when_where(browse: Browse, forum: Forum, language: str) -> None:
    client = browse(language=language)
    page = client.get(address("public", "forum-2026")).content.decode()
    assert forum.edition.name[language] in page and forum.edition.venue[language] in page
    programme = client.get(address("programme", "forum-2026")).content.decode()
    assert "Parts made at home" in programme and "Prof. Haddad" in programme
    for text in (page, programme):
        assert EMAIL not in text and "Ingrid Berg" not in text


def test_the_programme_is_narrowed_to_a_day_and_a_track(browse: Browse, forum: Forum) -> None:
    client, page = browse(), address("programme", "forum-2026")
    assert b"Opening" not in client.get(page, {"day": "2026-12-15"}).content
    assert b"Opening" not in client.get(page, {"track": forum.sessions[1].track_id}).content
    assert b"Subcontracting for cars" in client.get(page, {"day": "2026-12-15"}).content
    assert client.get(page, {"track": "x", "day": "never"}).status_code == 200


def test_an_edition_in_preparation_is_only_for_who_organises_it(browse: Browse, forum: Forum) -> None:
    forum.edition.status = "draft"
    forum.edition.save()
    for page in ("public", "programme", "programme-pdf"):
        assert browse().get(address(page, "forum-2026")).status_code == 404
        assert browse("member").get(address(page, "forum-2026")).status_code == 404
        assert browse("organiser").get(address(page, "forum-2026")).status_code == 200
    assert browse().get(address("screen", screen_of(forum.edition))).status_code == 404
    assert browse().get(address("public", "nothing")).status_code == 404


def test_somebody_applies(browse: Browse, forum: Forum) -> None:
    page = address("apply", "forum-2026")
    client = browse("institution")
    values = {
        "name": "Rachid", "body": "Centre technique", "email": "r@centre.example", "category": "institution", "country": "DZ",
        "language": "fr", "languages": ["fr", "ar"], "seeks": "ateliers",
    }  # fmt: skip
    wrong = client.post(page, values | {"category": "", "email": "x"})
    assert wrong.status_code == 422 and b"ateliers" in wrong.content
    done = client.post(page, values)
    made = Participant.objects.get(name="Rachid")
    assert (done.status_code, done["Location"]) == (303, address("agenda", made.badge))
    assert (made.status, made.languages, made.email) == ("applied", ["fr", "ar"], "r@centre.example")
    assert b"already" in client.get(page).content


APPLICATION = {
    "name": "Dalila", "body": "Atelier neuf", "category": "smi", "country": "DZ", "language": "fr", "languages": ["fr"], "seeks": "moules",
}  # fmt: skip


def confirmation(client: Client, to: str) -> str:
    """The page that the message to an address leads to."""
    said = client.post(address("apply", "forum-2026"), {"email": to})
    assert said.status_code == 303
    mail = Mail.objects.get(kind="forum.confirm", to=to.lower())
    found = re.search(r"https?://[^/]+(/forum/public/\S+)", mail.body)
    assert found and to.lower() not in mail.subject
    return found[1]


def test_somebody_without_an_account_applies_by_a_confirmed_address(
    browse: Browse, forum: Forum, settings: Any
) -> None:
    settings.TASHBIK_SITE = "https://forum.example"
    client = browse(language="fr")
    asked = client.get(address("apply", "forum-2026"))
    assert asked.status_code == 200 and b"/accounts/login/?next=" in asked.content
    page = confirmation(client, "Dalila@new.example")
    assert not Participant.objects.filter(email="dalila@new.example").exists()
    form = client.get(page)
    assert form.status_code == 200 and form["Cache-Control"] == "no-store" and b"dalila@new.example" in form.content
    assert client.post(page, APPLICATION | {"category": ""}).status_code == 422
    done = client.post(page, APPLICATION | {"email": "somebody@else.example"})
    made = Participant.objects.get(name="Dalila")
    assert (done.status_code, done["Location"]) == (303, address("agenda", made.badge))
    assert (made.email, made.status, made.user, made.enterprise) == ("dalila@new.example", "applied", None, None)
    assert client.get(done["Location"]).status_code == 200
    assert Mail.objects.filter(kind="forum.received", to="dalila@new.example").count() == 1
    again = browse().get(page)
    assert (again.status_code, again["Location"]) == (303, address("agenda", made.badge))
    assert Participant.objects.filter(email="dalila@new.example").count() == 1


def test_who_is_registered_gets_the_personal_link_instead(browse: Browse, forum: Forum) -> None:
    page = address("apply", "forum-2026")
    known = browse().post(page, {"email": "berg@people.example"}, follow=True)
    new = browse().post(page, {"email": "nobody@new.example"}, follow=True)
    text = re.compile(rb"<main.*</main>", re.S)
    assert known.content and [one[0] for one in (text.findall(known.content), text.findall(new.content)) if one]
    assert text.findall(known.content) == text.findall(new.content)
    kinds = set(Mail.objects.values_list("kind", "to"))
    assert kinds == {("forum.link", "berg@people.example"), ("forum.confirm", "nobody@new.example")}


def test_a_link_to_the_form_is_signed_for_one_edition_and_a_few_days(
    browse: Browse, forum: Forum, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASHBIK_SITE = "https://forum.example"
    page = confirmation(browse(), "x@new.example")
    assert browse().get(page[:-3] + "x/").status_code == 404
    assert browse().get(address("apply-by-link", "forum-2026", token_of(forum.people["amal"]))).status_code == 404
    forum.edition.status = "closed"
    forum.edition.save()
    assert browse().post(page, APPLICATION).status_code == 422
    browse().post(address("apply", "forum-2026"), {"email": "late@new.example"})
    assert not Mail.objects.filter(to="late@new.example").exists()
    monkeypatch.setattr("tashbik.exchange.application_link.DAYS", -1)
    assert browse().get(page).status_code == 409
    assert not Participant.objects.filter(email="x@new.example").exists()


def test_nobody_has_many_addresses_written_to(browse: Browse, forum: Forum) -> None:
    cache.clear()
    page, client = address("apply", "forum-2026"), browse()
    same = [client.post(page, {"email": "x@new.example"}).status_code for _ in range(6)]
    assert same == [303] * 5 + [429]
    many = [client.post(page, {"email": f"x{number}@new.example"}).status_code for number in range(20)]
    assert many.count(303) < 20 and many[-1] == 429


def test_the_personal_link_is_sent_to_the_address_alone(browse: Browse, forum: Forum) -> None:
    page = address("link-again", "forum-2026")
    known = browse().post(page, {"email": "BERG@people.example"}, follow=True)
    unknown = browse().post(page, {"email": "nobody@people.example"}, follow=True)
    said = [answer.content.decode().partition("<main")[2].partition("</main>")[0] for answer in (known, unknown)]
    assert said[0] == said[1]
    (mail,) = Mail.objects.filter(kind="forum.link")
    assert mail.to == "berg@people.example" and mail.language == "en"
    for _ in range(4):
        browse().post(page, {"email": "berg@people.example"})
    assert browse().post(page, {"email": "berg@people.example"}).status_code == 429


# links and access


def test_a_personal_link_opens_the_agenda_without_an_account(browse: Browse, forum: Forum) -> None:
    client = Client()
    answer = client.get(address("link", token_of(forum.people["karim"])))
    assert answer.status_code == 303 and answer.cookies["language"].value == "fr"
    page = client.get(answer["Location"]).content.decode()
    assert "أمل بن يوسف" in page and EMAIL not in page
    other = client.get(address("agenda", forum.people["amal"].badge))
    assert other.status_code == 302 and "/accounts/login/" in other["Location"]
    client.post(address("leave"))
    assert client.get(address("agenda", forum.people["karim"].badge)).status_code == 302


def test_links_that_do_not_work(browse: Browse, forum: Forum) -> None:
    berg = forum.people["berg"]
    token = token_of(berg)
    for wrong in (f"{token}x", berg.badge, f"{berg.badge}.{'a' * 43}", token.replace("berg", "amal")):
        assert browse().get(address("link", wrong)).status_code == 404
        assert browse().get(address("subscribed", wrong)).status_code == 404
    Participant.objects.filter(pk=berg.pk).update(status="cancelled")
    assert browse().get(address("link", token)).status_code == 404
    Participant.objects.filter(pk=berg.pk).update(status="approved", badge="anewone")
    assert browse().get(address("link", token)).status_code == 404
    long_ago = timezone.now().date() - timedelta(days=LINK_DAYS + 1)
    forum.edition.starts = forum.edition.ends = long_ago
    forum.edition.save()
    assert browse().get(address("link", token_of(forum.people["amal"]))).status_code == 409


@pytest.mark.parametrize("page", ["agenda", "partners", "absence", "papers", "agenda-pdf", "calendar", "letter"])
def test_a_participants_pages_are_for_the_participant_and_the_organiser(
    browse: Browse, forum: Forum, page: str
) -> None:
    url = address(page, forum.people["amal"].badge)
    assert browse("member").get(url).status_code == 200  # her account
    assert browse("organiser").get(url).status_code == 200
    assert by_link(browse, forum, "amal").get(url).status_code == 200
    assert browse("buyer").get(url).status_code == 403
    assert by_link(browse, forum, "karim").get(url).status_code == 302
    assert browse().get(url).status_code == 302
    assert browse("member").get(address(page, "nobody")).status_code == 404


# the agenda


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_agenda_tells_where_with_whom_and_why(browse: Browse, forum: Forum, language: str) -> None:
    page = browse("member", language).get(address("agenda", forum.people["amal"].badge) + "?day=2026-12-14")
    text = page.content.decode()
    for said in (
        "Karim Sahli",
        "Ingrid Berg",
        "09:30–09:50",
        "T1",
        "Sami",
        forum.halls[0].name["ar" if language != "en" else "en"],
    ):
        assert said in text
    assert "Leila Mansouri" not in text.partition('class="agenda"')[2]  # that is on the second day
    assert {"ar": "الافتتاح", "en": "Opening"}.get(language, "الافتتاح") in text
    second = (
        browse("member", language)
        .get(address("agenda", forum.people["amal"].badge) + "?day=2026-12-15")
        .content.decode()
    )
    assert {"ar": "يصب الألمنيوم الذي تطلبه"}.get(language, "") in second and "Leila Mansouri" in second


def test_who_asked_is_told_but_never_a_no(browse: Browse, forum: Forum) -> None:
    page = browse("member").get(address("agenda", forum.people["amal"].badge) + "?day=2026-12-14").content.decode()
    assert "Both of you asked for this meeting." in page
    partners = (
        browse("member").get(address("partners", forum.people["amal"].badge), {"view": "asking"}).content.decode()
    )
    assert "Ingrid Berg" in partners and "Karim" not in partners


def test_the_agenda_takes_as_many_queries_for_one_meeting_as_for_three(browse: Browse, forum: Forum) -> None:
    client = browse("member")

    def queries(page: str) -> int:
        url = address(page, forum.people["amal"].badge)
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    pages = ("agenda", "partners", "calendar", "absence")
    three = {page: queries(page) for page in pages}
    Meeting.objects.exclude(pk=forum.meetings["karim"].pk).delete()
    Participant.objects.filter(pk=forum.people["berg"].pk).update(status="declined")
    assert {page: queries(page) for page in pages} == three


def test_cancelled_meetings_stand_apart_with_the_reason(browse: Browse, forum: Forum) -> None:
    Meeting.objects.filter(pk=forum.meetings["berg"].pk).update(status="cancelled", reason="no table at 10:30")
    page = browse("member").get(address("agenda", forum.people["amal"].badge) + "?day=2026-12-14").content.decode()
    agenda, _, after = page.partition('id="cancelled"')
    assert "Ingrid Berg" not in agenda.partition('class="agenda"')[2] and "no table at 10:30" in after


def test_the_agenda_as_a_calendar(browse: Browse, forum: Forum) -> None:
    Meeting.objects.filter(pk=forum.meetings["berg"].pk).update(status="cancelled")
    answer = browse("member", "ar").get(address("calendar", forum.people["amal"].badge))
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    events = {str(one["uid"]): one for one in calendar.walk("VEVENT")}
    assert len(events) == 3
    first = events[f"meeting-{forum.meetings['karim'].pk}-forum-2026@{next(iter(events)).partition('@')[2]}"]
    assert first["dtstart"].params["TZID"] == "Africa/Algiers"
    assert first["dtstart"].dt.isoformat() == "2026-12-14T09:00:00+01:00"
    assert first["dtend"].dt - first["dtstart"].dt == timedelta(minutes=20)
    assert "Karim Sahli" in first["summary"] and "T1" in first["location"] and "القاعة A" in first["location"]
    assert [str(one["status"]) for one in events.values()].count("CANCELLED") == 1
    assert [str(one["tzid"]) for one in calendar.walk("VTIMEZONE")] == ["Africa/Algiers"]
    assert not [one for one in calendar.walk() if one.errors]
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_the_address_of_a_calendar_opens_no_page_nor_a_page_the_calendar(forum: Forum) -> None:
    karim = forum.people["karim"]
    assert Client().get(address("link", calendar_token_of(karim))).status_code == 404
    assert Client().get(address("subscribed", token_of(karim))).status_code == 404


def test_a_calendar_is_subscribed_to_by_the_signed_link(forum: Forum) -> None:
    answer = Client().get(address("subscribed", calendar_token_of(forum.people["karim"])))
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert "أمل" in event["summary"] and "Rendez-vous" in event["summary"]
    before = int(event["sequence"])
    Meeting.objects.filter(pk=forum.meetings["karim"].pk).update(changed=timezone.now() + timedelta(minutes=2))
    (event,) = Calendar.from_ical(
        Client().get(address("subscribed", calendar_token_of(forum.people["karim"]))).content
    ).walk("VEVENT")
    assert int(event["sequence"]) > before


# wishes and absence


def test_wishes_are_stated_without_an_account(browse: Browse, forum: Forum) -> None:
    client, karim, buyer = by_link(browse, forum, "karim"), forum.people["karim"], forum.people["buyer"]
    page = client.get(address("partners", karim.badge), {"view": "all"}).content.decode()
    assert "Leila Mansouri" in page and EMAIL not in page and "سارة" not in page
    url = address("wish", karim.badge, buyer.pk)
    done = client.post(url, {"kind": "want", "back": f"?view=all#p{buyer.pk}"})
    assert (done.status_code, done["Location"]) == (303, f"{address('partners', karim.badge)}?view=all#p{buyer.pk}")
    assert MeetingWish.objects.get(by=karim, about=buyer).kind == "want"
    client.post(url, {"kind": ""})
    assert not MeetingWish.objects.filter(by=karim, about=buyer).exists()
    assert client.post(url, {"kind": "want", "back": "//evil.example"})["Location"] == address("partners", karim.badge)
    assert by_link(browse, forum, "berg").post(url, {"kind": "want"}).status_code == 403
    assert client.post(address("wish", karim.badge, forum.people["sara"].pk), {"kind": "want"}).status_code == 404


def test_partners_are_proposed_with_the_reason_and_searched(browse: Browse, forum: Forum) -> None:
    client, url = browse("member"), address("partners", forum.people["amal"].badge)
    proposed = client.get(url).content.decode()
    assert "casts the aluminium that they ask for" in proposed and "met before" in proposed and "Ingrid" not in proposed
    assert "Ingrid Berg" in client.get(url, {"view": "all", "q": "castings motoren"}).content.decode()
    assert "Nobody matches" in client.get(url, {"view": "all", "q": "people.example"}).content.decode()
    ranked = client.get(url, {"view": "all"}).content.decode()
    assert ranked.index("Leila Mansouri") < ranked.index("Ingrid Berg")


def test_absence_is_kept_and_what_it_touches_is_shown(browse: Browse, forum: Forum) -> None:
    client, berg = by_link(browse, forum, "berg"), forum.people["berg"]
    done = client.post(address("absence", berg.badge), {"save": "1", "slots": ["2", "4"]})
    berg.refresh_from_db()
    assert done.status_code == 303 and berg.unavailable == [2, 4]
    page = client.get(done["Location"]).content.decode()
    assert "Meetings that you have at these times" in page and "أمل بن يوسف" in page
    assert client.post(address("absence", berg.badge), {"save": "1", "slots": ["17"]}).status_code == 422
    client.post(address("absence", berg.badge), {"save": "1"})
    berg.refresh_from_db()
    assert berg.unavailable == []


# feedback


def test_feedback_from_the_agenda(browse: Browse, forum: Forum) -> None:
    begin(forum)
    client, karim, meeting = by_link(browse, forum, "karim"), forum.people["karim"], forum.meetings["karim"]
    assert "Say what came of it" in client.get(address("agenda", karim.badge)).content.decode()
    url = address("feedback", karim.badge, meeting.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"happened": "yes"}).status_code == 422
    values = {"happened": "yes", "outcome": "agreement", "order_value": "1500.5", "currency": "DZD", "rating": "5"}
    assert client.post(url, values).status_code == 303
    said = MeetingFeedback.objects.get()
    assert (said.by, said.outcome, str(said.order_value), said.rating) == (karim, "agreement", "1500.500", 5)
    assert "1500.500" in client.get(url).content.decode()
    amal = browse("member").get(address("agenda", forum.people["amal"].badge)).content.decode()
    assert "1500" not in amal and "an agreement" not in amal  # the other side's words stay theirs
    assert client.post(address("feedback", karim.badge, forum.meetings["berg"].pk), values).status_code == 404


def test_feedback_before_the_meeting_is_refused_in_the_form(browse: Browse, forum: Forum) -> None:
    forum.edition.zone = "Pacific/Auckland"
    MeetingSlot.objects.update(day="2100-01-01")
    answer = browse("member").post(
        address("feedback", forum.people["amal"].badge, forum.meetings["buyer"].pk),
        {"happened": "yes", "outcome": "contact"},
    )
    assert answer.status_code == 422 and b"not begun" in answer.content and not MeetingFeedback.objects.exists()


# halls and door


def test_the_screen_of_a_hall(forum: Forum) -> None:
    begin(forum)
    token = screen_of(forum.edition)
    client = Client()
    page = client.get(address("screen-of", token, forum.halls[0].pk)).content.decode()
    assert 'dir="rtl"' in page and 'http-equiv="refresh"' in page and EMAIL not in page
    now = page.partition('class="now"')[2].partition("</td>")[0]
    assert "أمل بن يوسف" in now and "Karim Sahli" in now
    assert "T3" not in page and "T3" in client.get(address("screen", token)).content.decode()
    assert client.get(address("screen", f"{token}x")).status_code == 404
    assert client.get(address("screen-of", token, 9999)).status_code == 404


def test_a_screen_before_the_first_day_says_when_meetings_begin(forum: Forum) -> None:
    later = timezone.localdate() + timedelta(days=40)
    MeetingSlot.objects.filter(edition=forum.edition).update(day=later)
    page = Client().get(address("screen", screen_of(forum.edition)), headers={"Accept-Language": "en"}).content.decode()
    assert "Business meetings begin on" in page and "09:00" in page
    MeetingSlot.objects.filter(edition=forum.edition).update(day=later - timedelta(days=80))
    past = Client().get(address("screen", screen_of(forum.edition)), headers={"Accept-Language": "en"}).content.decode()
    assert "No more business meetings today" in past


@pytest.mark.parametrize(("language", "town"), [("ar", "الجزائر العاصمة"), ("fr", "Alger"), ("en", "Algiers")])
def test_the_town_is_named_in_the_readers_language(browse: Browse, forum: Forum, language: str, town: str) -> None:
    page = browse(language=language).get(address("public", "forum-2026")).content.decode()
    assert f"<bdi>{town}</bdi>" in page


def test_a_screen_with_many_tables_turns_pages(forum: Forum) -> None:
    begin(forum)
    token, client = screen_of(forum.edition), Client()
    for number in range(10, 30):
        table = MeetingTable.objects.create(edition=forum.edition, room=forum.halls[0], label=f"N{number}")
        if number < 22:
            pair = [
                Participant.objects.create(edition=forum.edition, name=f"P{number}{side}", category="smi", country="DZ")
                for side in "ab"
            ]
            Meeting.objects.create(
                edition=forum.edition, first=pair[0], second=pair[1], slot=forum.slots[0], table=table
            )
    first = client.get(address("screen", token)).content.decode()
    assert 'content="12;url=?page=2"' in first and "N10" in first and "N21" not in first and "N25" not in first
    second = client.get(address("screen", token), {"page": 2}).content.decode()
    assert "N21" in second and 'url=?page=1"' in second


def test_only_staff_get_the_addresses_of_screens_and_the_door(browse: Browse, forum: Forum) -> None:
    for page in ("screens", "door"):
        assert browse().get(address(page, "forum-2026")).status_code == 302
        assert browse("member").get(address(page, "forum-2026")).status_code == 403
        assert browse("organiser").get(address(page, "forum-2026")).status_code == 200
        assert browse("officer", "ar").get(address(page, "forum-2026")).status_code == 200
    assert screen_of(forum.edition) in browse("organiser").get(address("screens", "forum-2026")).content.decode()


def test_a_badge_is_scanned_at_the_door(browse: Browse, forum: Forum) -> None:
    amal = forum.people["amal"]
    url = address("badge", amal.badge)
    stranger = browse().get(url)
    assert stranger.status_code == 200 and "أمل" not in stranger.content.decode()
    assert "أمل" not in browse("buyer").get(url).content.decode()
    staff = browse("organiser")
    assert "أمل" in staff.get(url).content.decode()
    assert staff.post(url).status_code == 303
    amal.refresh_from_db()
    assert amal.attended is not None
    assert "1" in staff.get(address("door", "forum-2026") + "?view=here").content.decode()
    assert browse("buyer").post(url).status_code == 200 and browse().post(url).status_code == 200
    staff.post(url, {"undo": "1"})
    amal.refresh_from_db()
    assert amal.attended is None
    refused = staff.post(address("badge", forum.people["sara"].badge), follow=True).content.decode()
    assert "not approved" in refused


def test_badges_are_marked_at_the_session_that_the_device_is_set_to(browse: Browse, forum: Forum) -> None:
    staff = browse("officer")
    staff.post(address("at", "forum-2026"), {"session": str(forum.sessions[0].pk)})
    staff.post(address("badge", forum.people["karim"].badge))
    assert SessionAttendance.objects.get().session == forum.sessions[0]
    staff.post(address("at", "forum-2026"), {"session": ""})
    staff.post(address("badge", forum.people["berg"].badge))
    assert SessionAttendance.objects.count() == 1
    assert browse("member").post(address("at", "forum-2026"), {}).status_code == 403


def test_the_door_finds_names_and_codes(browse: Browse, forum: Forum) -> None:
    staff, url = browse("organiser"), address("door", "forum-2026")
    assert "Karim" not in staff.get(url, {"q": "Ingrid"}).content.decode()
    assert "Karim" in staff.get(url, {"q": forum.people["karim"].badge}).content.decode()
    assert "سارة" not in staff.get(url).content.decode()
    done = staff.post(address("badge", forum.people["karim"].badge), {"next": url})
    assert done["Location"] == url
    assert staff.post(address("badge", forum.people["berg"].badge), {"next": "//evil.example"})["Location"] == address(
        "badge", forum.people["berg"].badge
    )


# papers


def read(answer: Any) -> tuple[PdfReader, str]:
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    found = PdfReader(io.BytesIO(answer.content))
    return found, "\n".join(page.extract_text() for page in found.pages)


@pytest.mark.parametrize("what", ["badges", "door", "tables", "agendas"])
def test_papers_of_the_organiser(browse: Browse, forum: Forum, what: str) -> None:
    url = address("printed", "forum-2026", what)
    found, text = read(browse("organiser", "ar").get(url))
    assert "Karim" in text and "people.example" not in text
    fonts = {font for page in found.pages for font in _fonts(page)}
    assert any("Arabic" in one for one in fonts), fonts
    for role in ("member", "analyst"):
        assert browse(role).get(url).status_code == 403
    assert browse().get(url).status_code == 302


def _fonts(page: Any) -> list[str]:
    fonts = page["/Resources"].get("/Font", {})
    return [str(font.get_object()["/BaseFont"]) for font in fonts.values()]


def test_badges_of_some(browse: Browse, forum: Forum) -> None:
    url = address("printed", "forum-2026", "badges")
    _found, text = read(browse("organiser").get(url, {"participant": forum.people["berg"].pk}))
    assert "Ingrid Berg" in text and "Karim" not in text
    Participant.objects.update(status="applied")
    assert browse("organiser").get(url).status_code == 409
    assert browse("organiser").get(address("printed", "forum-2026", "nothing")).status_code == 404


def test_much_is_printed_in_parts(browse: Browse, forum: Forum) -> None:
    Participant.objects.bulk_create(
        Participant(edition=forum.edition, name=f"N{number:03}", category="expert", country="DZ", status="approved")
        for number in range(100)
    )
    client, url = browse("organiser"), address("printed", "forum-2026", "badges")
    page = client.get(url)
    assert page["Content-Type"].startswith("text/html") and "?part=2" in page.content.decode()
    _found, last = read(client.get(url, {"part": 2}))
    assert "Leila Mansouri" in last or "Karim Sahli" in last
    assert "N000" not in last


def test_the_letter_is_in_the_participants_language(browse: Browse, forum: Forum) -> None:
    _found, text = read(browse("organiser", "ar").get(address("letter", forum.people["karim"].badge)))
    assert "Forum des petites industries" in text and "Karim Sahli" in text and "honneur" in text
    refused = browse("organiser").get(address("letter", forum.people["sara"].badge))
    assert refused.status_code == 409


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_programme_and_agenda_on_paper(browse: Browse, forum: Forum, language: str) -> None:
    _found, text = read(browse(language=language).get(address("programme-pdf", "forum-2026")))
    assert "Parts made at home" in text
    _found, text = read(browse("member", language).get(address("agenda-pdf", forum.people["amal"].badge)))
    assert "Ingrid Berg" in text and "09:30" in text


def squares(svg: str) -> list[list[bool]]:
    """The dark modules of a code drawn by segno, without its quiet zone: its one dark path is made of moves and horizontal strokes."""
    path = re.findall(r'stroke="#000"[^>]*? d="([^"]+)"|class="qrline"[^>]*? d="([^"]+)"', svg)
    drawn = next(one for pair in path for one in pair if one)
    size = int(float(re.findall(r'viewBox="0 0 (\d+)', svg)[0]))
    grid = [[False] * size for _ in range(size)]
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])\s*([-\d. ]+)", drawn):
        values = [float(one) for one in re.findall(r"-?\d*\.?\d+", numbers)]
        if letter == "h":
            for at in range(int(x), int(x + values[0])):
                grid[int(y)][at] = True
            x += values[0]
        else:
            x, y = (values[0], values[1]) if letter == "M" else (x + values[0], y + values[1])
    return [row[4:-4] for row in grid[4:-4]]


def test_the_code_on_a_badge_is_that_of_its_address() -> None:
    text = "https://exchange-of-my-forum.example/forum/badge/a1b2c3d4e5f6/"
    assert len(text) == 62  # fills version 4-M: what libraries put behind shorter texts is left to them
    made = segno.make(text, error="m", micro=False)
    levels = {"L": 1, "M": 0, "Q": 3, "H": 2}
    other = qrcode.QRCode(made.version, levels[made.error], border=0, mask_pattern=made.mask)
    other.add_data(qrcode.util.QRData(text, mode=qrcode.util.MODE_8BIT_BYTE))
    other.make(fit=False)
    assert squares(qr_svg(text)) == [[bool(one) for one in row] for row in other.get_matrix()]
    assert made.error in "MQH"


# report


def told(world: World, forum: Forum) -> None:
    """Two meetings of which something was said, in two currencies, and one no-show."""
    from decimal import Decimal

    one = {"actor": world["system"], "happened": True, "now": AFTER}
    for key, value, currency in (("karim", "1000", "DZD"), ("berg", "70.5", "EUR")):
        feedback.give(
            **one, meeting=forum.meetings[key], by=forum.people["amal"], outcome="agreement",
            order_value=Decimal(value), currency=currency, rating=4,
        )  # fmt: skip
    feedback.give(**one | {"happened": False}, meeting=forum.meetings["buyer"], by=forum.people["amal"])
    Participant.objects.filter(pk=forum.people["amal"].pk).update(attended=timezone.now())


def test_the_report_counts_and_never_adds_currencies(world: World, browse: Browse, forum: Forum) -> None:
    from tashbik.exchange.queries.participation_report import report

    told(world, forum)
    found = report(world["analyst"], forum.edition)
    assert (found.total.registered, found.total.approved, found.total.attended) == (5, 4, 1)
    assert (found.meetings.planned, found.meetings.held, found.meetings.missed) == (3, 2, 1)
    assert found.meetings.kept == pytest.approx(2 / 3)
    assert [(currency, float(value), count) for currency, value, count in found.orders] == [
        ("DZD", 1000.0, 1),
        ("EUR", 70.5, 1),
    ]
    by_country = {one.country: one for one in found.results}
    assert by_country["DZ"].held == 2 and [one for one, _ in by_country["DZ"].orders] == ["DZD", "EUR"]
    assert by_country["DE"].agreements == 1 and len(by_country["DE"].orders) == 1
    assert found.rating == 4


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_report_as_page_paper_and_files(world: World, browse: Browse, forum: Forum, language: str) -> None:
    told(world, forum)
    client = browse("organiser", language)
    page = client.get(address("report", "forum-2026")).content.decode()
    assert "EUR" in page and "<svg" in page and "Karim" not in page
    book = load_workbook(io.BytesIO(client.get(address("report-file", "forum-2026", "xlsx")).content))
    assert len(book.sheetnames) == 5 and (book.worksheets[3]["A2"].value, book.worksheets[3]["C2"].value) == (
        "DZD",
        1000,
    )
    assert "EUR" in client.get(address("report-file", "forum-2026", "csv")).content.decode("utf-8-sig")
    _found, text = read(client.get(address("report-pdf", "forum-2026")))
    assert "EUR" in text
    assert client.get(address("report-file", "forum-2026", "doc")).status_code == 404


def test_the_report_is_for_those_who_report(browse: Browse, forum: Forum) -> None:
    url = address("report", "forum-2026")
    for role, status in (("organiser", 200), ("analyst", 200), ("administrator", 200), ("member", 403), ("buyer", 403)):
        assert browse(role).get(url).status_code == status
    assert browse().get(url).status_code == 302


def test_an_edition_without_anything_is_readable(browse: Browse, forum: Forum) -> None:
    for model in (Meeting, MeetingPlan, MeetingProposal, MeetingWish):
        model.objects.all().delete()
    forum.edition.sessions.all().delete()
    for page in ("public", "programme", "programme-pdf", "door", "report", "report-pdf", "screens"):
        assert browse("organiser").get(address(page, "forum-2026")).status_code == 200
    for page in ("agenda", "partners", "absence", "papers", "agenda-pdf", "calendar"):
        assert browse("member").get(address(page, forum.people["amal"].badge)).status_code == 200
