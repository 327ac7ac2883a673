"""An edition in the browser, in Arabic: opened, people registered by file, proposals, plan, publication; an agenda on a telephone; a no-show planned anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.reader import Reader
    from tests.browser.script import Stage

CODE = "test-forum"
NAME, THEME = "ملتقى التجربة للمناولة", "المناولة الصناعية في خدمة الابتكار"
FIRST = date.today() + timedelta(days=20)
MEMBER, MEMBER_NAME = "member@demo.example", "كمال حداد"
NO_SHOW = "سليم بوزيد"
FILE = f"""الاسم,الهيئة,الفئة,البلد,البريد الإلكتروني,اللغات,يعرض,يبحث عن
{MEMBER_NAME},مسبك الهضاب,صناعة صغيرة,الجزائر,{MEMBER},العربية,صب الألمنيوم تحت الضغط العالي سبيكة ADC12,مشترين لقطع المحركات من الألمنيوم
{NO_SHOW},مصنع المحركات التوضيحي,صناعة كبرى,الجزائر,buyer-one@forum.example,العربية,,أغطية محركات بصب الألمنيوم تحت الضغط سبيكة ADC12
ليندا عمار,شركة المضخات التوضيحية,صناعة كبرى,تونس,buyer-two@forum.example,العربية,,أجسام مضخات من الألمنيوم المصبوب تحت الضغط
Jean Fabre,Atelier fictif du Sud,صناعة صغيرة,فرنسا,fabre@forum.example,الفرنسية,Usinage CNC de pièces en aluminium,Fonderies d'aluminium sous pression
بلا بلد,شركة ما,صناعة كبرى,لا مكان,nobody@forum.example,العربية,,
"""
GOOD_ROWS = 4
WORK = 240_000
"""Milliseconds for the background work of a site that has just started: its own proposals and network come first."""


@dataclass(frozen=True, slots=True)
class Forum:
    """What was played: the organiser, and the member's page."""

    organiser: Reader
    folder: Path


@pytest.fixture(scope="module")
def forum(stage: Stage) -> Forum:
    """The edition with its meetings published."""
    organiser = stage.person("organiser", "ar")
    _make(organiser)
    _times_and_tables(organiser)
    _register(organiser, stage.folder)
    _propose(organiser)
    _publish(organiser)
    return Forum(organiser, stage.folder)


def _make(organiser: Reader) -> None:
    """An edition with its facts, opened for registration."""
    organiser.go_to("Forum")
    organiser.follow("Make an edition")
    page = organiser.page
    page.fill('[name="name_ar"]', NAME)
    page.fill('[name="theme_ar"]', THEME)
    page.fill('[name="venue_ar"]', "قصر المعارض")
    organiser.fill("First day", FIRST.isoformat())
    organiser.fill("Last day", (FIRST + timedelta(days=1)).isoformat())
    organiser.fill("Town", "الجزائر")
    organiser.fill("Short name in addresses", CODE)
    organiser.press("Save")
    organiser.sees_heading(NAME)
    organiser.press("Open registration")
    organiser.sees("Registration is open: the edition is public now.")


def _times_and_tables(organiser: Reader) -> None:
    organiser.follow("Times and tables")
    morning = organiser.page.locator(f'[name="{FIRST.isoformat()}_morning_from"]')
    morning.fill("09:00")
    organiser.page.fill(f'[name="{FIRST.isoformat()}_morning_until"]', "11:00")
    organiser.press("Make the times")
    organiser.sees(organiser.like("There are %(count)d times for meetings now."))
    organiser.fill("Letter or word before the number", "T")
    organiser.fill("Number of tables", "3")
    organiser.press("Save the tables")
    organiser.sees(organiser.like("There are %(count)d tables now."))


def _register(organiser: Reader, folder: Path) -> None:
    """Upload the file: the rows that are right are registered, the one that is wrong is shown to be mended."""
    path = folder / "مشاركون.csv"
    path.write_text(FILE, encoding="utf-8")
    organiser.open(f"/forum/organise/{CODE}/import/")
    organiser.field("File of participants").set_input_files(path)
    organiser.press("Upload the file")
    organiser.sees_heading(re.compile("مشاركون.csv"))
    assert organiser.page.locator(".stats dd").first.inner_text().strip() == str(GOOD_ROWS)
    assert organiser.page.locator('input[aria-invalid="true"]').first.input_value() == "لا مكان"
    organiser.follow("To the participants")
    organiser.sees(MEMBER_NAME)


def _propose(organiser: Reader) -> None:
    """The engine proposes partners, with reasons; the organiser states a wish of somebody who asked by telephone."""
    organiser.open(f"/forum/organise/{CODE}/proposals/")
    organiser.press("Propose partners")
    proposed = organiser.page.get_by_role("main").get_by_role("listitem").filter(has_text=MEMBER_NAME)
    proposed.filter(has_text=NO_SHOW).wait_for(timeout=WORK)
    organiser.open(f"/forum/organise/{CODE}/wishes/")
    for other, kind in ((NO_SHOW, "must meet"), ("ليندا عمار", "want to meet")):
        organiser.sees("State a wish for somebody").click()
        for field, name in (("first", MEMBER_NAME), ("second", other)):
            choice = organiser.page.locator(f'select[name="{field}"]').first
            choice.select_option(label=choice.locator("option").filter(has_text=name).first.inner_text())
        organiser.page.locator('select[name="kind"]').first.select_option(label=organiser.words(kind, "wish"))
        organiser.page.locator('form:has(select[name="kind"]) button').first.click()
        organiser.sees("The wish is kept.")


def _publish(organiser: Reader) -> None:
    """A plan is made in the background, looked at and published; everybody is told."""
    organiser.open(f"/forum/organise/{CODE}/plans/")
    organiser.press("Make a plan")
    publish = organiser.page.get_by_role("button", name=organiser.words("Publish the meetings"))
    publish.wait_for(timeout=WORK)
    publish.click()
    organiser.sees("The meetings are published. Everybody is told theirs by e-mail.")


def _telephone(stage: Stage, forum: Forum) -> Reader:
    from tests.browser.reader import Reader
    from tests.browser.script import PHONE

    return Reader(stage.window("ar", size=PHONE, role="member"), stage.site, "ar")


def test_the_agenda_is_read_on_a_telephone(stage: Stage, forum: Forum) -> None:
    """The next meeting comes first, with place, partner and reason; nothing is wider than the screen."""
    phone = _telephone(stage, forum)
    phone.open(f"/forum/public/{CODE}/")
    phone.sees_heading(NAME)
    phone.follow("My agenda")
    phone.sees_heading("My agenda")
    phone.sees_heading("Your next meeting")
    meetings = phone.page.locator(".agenda .meeting")
    assert meetings.count() == 2
    for name in (NO_SHOW, "ليندا عمار"):
        assert meetings.filter(has_text=name).count() == 1
    first = phone.page.locator(".next .meeting")
    assert phone.words("You asked for this meeting.") in first.inner_text()
    assert re.search(r"T[1-3]", first.inner_text())
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= phone.page.viewport_size["width"]


def test_the_agenda_is_saved_for_a_calendar(stage: Stage, forum: Forum) -> None:
    """The file is valid iCalendar: both meetings, on the venue's clock."""
    from icalendar import Calendar

    phone = _telephone(stage, forum)
    phone.open(f"/forum/public/{CODE}/")
    phone.follow("My agenda")
    with phone.page.expect_download() as coming:
        phone.follow("Add to my calendar")
    path = forum.folder / "agenda.ics"
    coming.value.save_as(path)
    assert coming.value.suggested_filename == f"{CODE}.ics"
    calendar = Calendar.from_ical(path.read_bytes())
    events = calendar.walk("VEVENT")
    assert not [one.errors for one in calendar.walk() if one.errors]
    assert len({str(one["uid"]) for one in events}) == 2
    for event in events:
        assert event["dtstart"].dt.date() == FIRST and event["dtstart"].params["TZID"] == "Africa/Algiers"
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=20)
    assert {NO_SHOW, "ليندا عمار"} == {
        name for name in (NO_SHOW, "ليندا عمار") if any(name in str(one["summary"]) for one in events)
    }


def test_a_no_show_is_planned_anew(stage: Stage, forum: Forum) -> None:
    """The organiser names who is not there, sees what changes, publishes; the member's agenda shows it, and a message tells it."""
    organiser = forum.organiser
    organiser.open(f"/forum/organise/{CODE}/day/")
    absent = organiser.page.locator('select[name="person_1"]')
    absent.select_option(label=absent.locator("option").filter(has_text=NO_SHOW).first.inner_text())
    organiser.press("Plan anew and show the changes")
    publish = organiser.page.get_by_role("button", name=organiser.words("Publish the changes"))
    publish.wait_for(timeout=WORK)
    publish.click()
    organiser.sees("The changes are published. Only those whom they touch are told by e-mail.")

    phone = _telephone(stage, forum)
    phone.open(f"/forum/public/{CODE}/")
    phone.follow("My agenda")
    phone.sees_heading("Cancelled", "meetings")
    assert phone.page.locator(".agenda .meeting").filter(has_text=NO_SHOW).count() == 0
    assert phone.page.locator(".agenda .meeting").count() == 1
    subject = phone.words("Your meetings at %(edition)s have changed") % {"edition": NAME}
    assert stage.site.letter(MEMBER, subject=subject)


def test_the_hall_and_the_door(stage: Stage, forum: Forum) -> None:
    """The organiser marks at the door who has come, by the address of the badge's code; a visitor sees nothing of the person there."""
    organiser = forum.organiser
    organiser.open(f"/forum/door/{CODE}/")
    organiser.follow(re.compile(MEMBER_NAME))
    badge = organiser.path()
    organiser.press("Mark as here")
    organiser.sees(organiser.like("%(name)s is marked as here."))

    from tests.browser.reader import Reader

    visitor = Reader(stage.window("ar"), stage.site, "ar")
    visitor.open(badge)
    visitor.sees_heading("This is a badge of the forum")
    assert MEMBER_NAME not in visitor.page.content()
