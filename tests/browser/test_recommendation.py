"""A recommendation in the browser, in Arabic: drafted, given frozen evidence, adopted, assigned, reported on and closed; then looked at by a visitor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.reader import Reader
    from tests.browser.script import Stage

EDITION = "amf-5"
TEXT = "إتاحة قائمة القطع المستوردة للصناعات الصغيرة والمتوسطة كل ستة أشهر لتعويضها محليًّا"
BODY = "وزارة الصناعة التوضيحية"
INDICATOR = "القوائم المنشورة"
WORDS = "نُشرت قائمتان، واطّلعت عليهما مئة مؤسسة."
RESULT = "صار نشر القائمة منتظمًا كل ستة أشهر."
INSTITUTION = "institution@demo.example"


@pytest.fixture(scope="module")
def address(stage: Stage) -> str:
    """The path of the recommendation once all of it is played."""
    organiser = stage.person("organiser", "ar")
    path = _draft(organiser)
    _freeze(organiser)
    _adopt(organiser)
    _assign(organiser)
    owner = stage.person("institution", "ar")
    _report(owner)
    _close(organiser, path)
    for one in (organiser, owner):
        one.page.context.close()
    return path


def _draft(organiser: Reader) -> str:
    organiser.go_to("Recommendations")
    organiser.open(f"/recommendations/of/{EDITION}/")
    organiser.follow("Draft a recommendation")
    arabic = organiser.group("العربية")
    organiser.fill("Recommendation", TEXT, within=arabic)
    organiser.fill("Body that is to act", BODY, within=arabic)
    organiser.fill("What is measured", INDICATOR, within=arabic)
    organiser.fill("Target value", "٢")
    organiser.press("Keep the draft")
    organiser.sees(TEXT)
    return organiser.path()


def _freeze(organiser: Reader) -> None:
    organiser.follow("Add evidence")
    organiser.follow("Register: enterprises by sector")
    organiser.sees_heading("As it is now")
    organiser.press("Freeze this table")
    organiser.sees("The table is frozen with its date and source.")
    organiser.sees(organiser.like("frozen on %(date)s"))


def _adopt(organiser: Reader) -> None:
    organiser.follow("Adopt it")
    organiser.press("Adopt it")
    organiser.sees("The recommendation is adopted. Name its owner and its deadline next.")


def _assign(organiser: Reader) -> None:
    organiser.follow("Name an owner and a deadline")
    owner = organiser.field("Owner with an account")
    owner.select_option(label=owner.locator("option").filter(has_text="المركز التقني").first.inner_text())
    organiser.fill("Deadline", (date.today() + timedelta(days=40)).isoformat())
    organiser.press("Assign and write to the owner")
    organiser.sees("The owner is named and was written to.")


def _report(owner: Reader) -> None:
    owner.open("/")
    owner.follow(
        owner.like(
            "%(count)d recommendation that you carry out: report where it stands",
            "%(count)d recommendations that you carry out: report where they stand",
        )
    )
    owner.page.get_by_role("main").get_by_role("link", name=TEXT[:40]).click()
    owner.follow("Report progress")
    owner.fill("What was done", WORDS)
    owner.fill("Value of the indicator now", "2")
    owner.tick("It is carried out")
    owner.press("Send the report")
    owner.sees("Your report is kept, and the forum's organiser is told. Thank you.")


def _close(organiser: Reader, path: str) -> None:
    organiser.open(path)
    organiser.follow("Close it with its result")
    organiser.fill("What was achieved", RESULT)
    organiser.press("Close it with its result")
    organiser.sees("The recommendation is closed with its result.")


def test_everybody_reads_what_came_of_it(stage: Stage, address: str) -> None:
    """Text, result, frozen evidence and the whole course are public; the owner was written to."""
    from tests.browser.reader import Reader

    visitor = Reader(stage.window("ar"), stage.site, "ar")
    visitor.open(address)
    for said in (TEXT, RESULT, WORDS):
        visitor.sees(said)
    visitor.sees("carried out and closed", "recommendation")
    visitor.sees(visitor.like("frozen on %(date)s"))
    assert visitor.page.locator("svg.chart").count() == 1
    visitor.page.context.close()
    number = address.rstrip("/").rpartition("/")[2]
    title = f"{EDITION}/{number}: {TEXT}"
    subject = visitor.words("A recommendation was assigned to you: %(title)s") % {"title": title}
    assert stage.site.letter(INSTITUTION, subject=subject)["Content-Language"] == "ar"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("visitor", "/recommendations/"),
        ("visitor", "{address}"),
        ("organiser", f"/recommendations/of/{EDITION}/"),
        ("organiser", f"/recommendations/of/{EDITION}/new/"),
        ("organiser", f"/recommendations/of/{EDITION}/communique/"),
        ("organiser", "/recommendations/list/overdue/"),
        ("institution", f"/recommendations/of/{EDITION}/5/report/"),
    ],
)
def test_its_pages_are_as_they_should_be(stage: Stage, address: str, role: str, path: str, width: int) -> None:
    """Accessible, no wider than the window, nothing in the console: see looking.py."""
    from tests.browser.looking import Looker

    looker = Looker(stage.window("ar", size=(width, 900), role=role))
    assert looker.problems(stage.site.url + path.format(address=address), direction="rtl") == []
    looker.page.context.close()
