"""The officer's day, one step a function, each ending with what its reader sees of it. Not the order of the steps (test_officers_day.py), not the words (phrases.py)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.phrases import Day, Mistake
from tests.browser.reader import Reader

ANSWERS_WITHIN = timedelta(days=30)


def import_register(officer: Reader, day: Day, folder: Path) -> str:
    """Upload a file with two bad rows and look at the dry run: the bad rows are named with their reasons; gives its address."""
    path = folder / day.file_name
    path.write_text(day.file, encoding="utf-8")
    officer.go_to("Imports")
    officer.field("Register file").set_input_files(path)
    officer.press("Upload")
    officer.sees_heading("Which column is what?")
    officer.press("Try it without writing (dry run)")
    officer.sees("This is what would be written. Nothing has been written yet.")
    officer.sees_heading("Rejected rows")
    for mistake in day.mistakes:
        expect(officer.row(mistake.wrong)).to_contain_text(mistake.column)
    return officer.path()


def mend_rows(officer: Reader, day: Day) -> None:
    """Correct the two cells on the page, try the rows again, and write them into the register."""
    officer.follow("Mend the rows")
    for mistake in day.mistakes:
        officer.fill(re.compile(f"^{mistake.column}"), mistake.right, within=_row_of(officer, mistake))
    officer.press("Try these rows again")
    officer.press("Write into the register")
    officer.sees("To the register")


def _row_of(officer: Reader, mistake: Mistake) -> Locator:
    """The fields of the row that holds the wrong value."""
    wrong = officer.page.locator(f'input[value="{mistake.wrong}"]')
    return officer.page.get_by_role("group", name=officer.like("Row %(number)s")).filter(has=wrong)


def import_the_rest(officer: Reader, day: Day) -> None:
    """Go back to the file and write its good rows; the register then has all five enterprises."""
    officer.follow(re.compile(re.escape(day.file_name)))
    officer.press("Write into the register")
    officer.follow("To the register")
    officer.fill("Search the register", day.foundry)
    officer.press("Search")
    expect(officer.page).to_have_url(re.compile(r"[?&]q="))
    officer.follow(re.compile(day.foundry), within=officer.row(day.foundry))
    officer.sees_heading(re.compile(day.foundry))


def propose_change(member: Reader, day: Day, machine: str) -> None:
    """A member adds a machine to the profile, checks the answers, and sends them to the exchange."""
    member.follow("Complete the profile of your enterprise")
    member.follow("Machines")
    member.press("Add another one")
    added = member.page.get_by_role("group", name=member.like("Machine")).last
    member.fill("Machine", machine, within=added)
    member.press("Check the answers")
    member.sees(re.compile(machine))
    member.press("Send to the exchange")


def moderate(officer: Reader, day: Day) -> str:
    """The officer reads what was and what would be, and accepts it; the profile then shows the machine. Gives the address of what was sent."""
    officer.go_to("Moderation")
    officer.follow(re.compile(day.member_name))
    expect(officer.row(day.machine)).to_be_visible()
    submission = officer.path()
    officer.press("Accept")
    officer.sees(officer.like("Accepted: %(name)s. The register shows it now."))
    officer.open("/register/enterprise/dz:TSB-0001")
    officer.sees(re.compile(day.machine))
    return submission


def state_need(buyer: Reader, day: Day) -> None:
    """A buyer states a need in free text, makes the certificate mandatory and confirms the line as it was understood."""
    buyer.go_to("Needs")
    buyer.follow("State a need")
    buyer.fill("What do you need?", day.need)
    buyer.press("Understand and go on")
    buyer.sees_heading("Lines and requirements")
    buyer.press("Make it mandatory", within=buyer.row("IATF 16949"))
    expect(buyer.row("IATF 16949")).to_contain_text(buyer.words("mandatory", "requirement"))
    buyer.press("Confirm this line")
    buyer.follow("Go on to the terms")


def release_need(buyer: Reader, day: Day) -> str:
    """The buyer completes the terms, checks the answers and releases the need; gives its code."""
    buyer.fill("Place of delivery: town or region", day.town)
    buyer.fill("Last day for answers", _in(ANSWERS_WITHIN))
    buyer.press("Save and go on")
    buyer.follow("Go on to the check")
    buyer.sees_heading("All sections are complete")
    buyer.press("Release the need")
    buyer.sees("The need is released. Look at the matches, then ask for quotes.")
    return buyer.path().strip("/").split("/")[-1]


def open_matches(officer: Reader, day: Day, code: str) -> None:
    """The officer finds the new need and opens the matrix: the imported foundry and the member's are in it."""
    officer.go_to("Needs")
    officer.fill("Words, number or buyer", code)
    officer.press("Show")
    officer.follow(re.compile(".+"), within=officer.row(code))
    officer.follow("See the matches")
    for name in (day.foundry, day.member_name):
        expect(officer.row(name)).to_be_visible()


def look_at_cell(officer: Reader, day: Day) -> None:
    """A cell opens: what is asked and what is offered."""
    cell = officer.row(day.foundry).get_by_role("group").filter(has_text="IATF 16949").first
    cell.locator("summary").click()
    for term in ("Asked", "Offered"):
        expect(cell.get_by_text(officer.words(term), exact=True)).to_be_visible()


def send_questions(officer: Reader, day: Day) -> None:
    """The questions behind the unknowns go out in one click."""
    officer.press(officer.like("Send the question (%(number)s)", "Send the questions (%(number)s)"))
    officer.sees(officer.like("%(count)d question was sent", "%(count)d questions were sent"))


def answer_questions(member: Reader, day: Day) -> None:
    """The member finds the questions among what waits, and answers the one about the size of parts."""
    member.go_to("Home")
    member.follow(member.like("%(count)d question to answer", "%(count)d questions to answer"))
    if "/answer/" not in member.path():
        member.page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    question = member.group(re.compile(day.size))
    member.tick("yes, we meet it", within=question)
    member.fill("In your words: numbers, dates, conditions", day.answer, within=question)
    member.press("Send the answers")
    member.sees(member.like("%(count)d answer was sent.", "%(count)d answers were sent."))


def settle_answer(officer: Reader, day: Day, code: str) -> None:
    """The officer reads the answer and says that it meets the requirement."""
    officer.open(f"/matches/{code}/questions/")
    officer.sees(re.compile(re.escape(day.answer)))
    officer.press("The answer meets it")
    officer.sees("The answer is settled, and the matrix shows it.")


def request_quotes(officer: Reader, day: Day, code: str) -> str:
    """The officer chooses two enterprises in the matrix and sends them a request for quotation; gives its code."""
    officer.open(f"/matches/{code}/")
    for name in (day.foundry, day.member_name):
        officer.row(name).get_by_role("checkbox").check()
    officer.press("Request quotes")
    officer.fill("Quotes are accepted until", _in(ANSWERS_WITHIN))
    officer.fill("Message to those asked", day.message)
    officer.press("Send the request")
    officer.sees_heading("Enterprises asked")
    return officer.path().strip("/").split("/")[-1]


def quote(member: Reader, day: Day) -> None:
    """The member finds the request among what waits, and quotes."""
    member.go_to("Requests for quotation")
    member.page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    member.follow("Write a quote")
    _fill_quote(member, day, price="455", tooling="1600000", days="35")
    member.sees(member.like("version %(number)s"))


def enter_paper_quote(officer: Reader, day: Day, rfq: str) -> None:
    """The officer enters the quote that the other enterprise sent on paper."""
    officer.open(f"/rfq/{rfq}/")
    officer.follow("Enter a quote received on paper", within=officer.row(day.foundry))
    _fill_quote(officer, day, price="430", tooling="1750000", days="28")
    officer.sees("entered by an officer")


def _fill_quote(reader: Reader, day: Day, *, price: str, tooling: str, days: str) -> None:
    reader.fill("Valid until", _in(2 * ANSWERS_WITHIN), "quote")
    reader.fill("Unit price", price)
    reader.fill("Tooling, once", tooling)
    reader.fill("Lead time in days", days)
    reader.fill("Remarks to the buyer", day.remark)
    reader.press("Send the quote")


def compare_quotes(officer: Reader, day: Day, rfq: str) -> None:
    """Both quotes stand beside each other, the cheapest and the fastest named."""
    officer.open(f"/rfq/{rfq}/")
    officer.follow("Compare the quotes")
    for name in (day.foundry, day.member_name):
        expect(officer.page.get_by_role("columnheader", name=name)).to_be_visible()
    officer.sees(re.compile(officer.words("cheapest")))
    officer.sees(re.compile(officer.words("fastest")))


def award(officer: Reader, day: Day) -> None:
    """The officer awards to the foundry of the morning's import, with a reason."""
    officer.follow("Award", "verb")
    officer.tick(re.compile(day.foundry))
    officer.fill("Reason", day.reason)
    officer.press("Award and write to all")
    officer.sees_heading("Awards")


def record_outcome(officer: Reader, day: Day) -> str:
    """The order is placed: the outcome stands with the award; gives the address of the award."""
    officer.follow(re.compile(day.foundry), within=officer.region("Awards"))
    officer.sees("Nothing has been recorded yet.")
    officer.tick("order placed", "outcome")
    officer.press("Record the outcome")
    recorded = officer.region("What became of it").get_by_role("listitem")
    expect(recorded).to_contain_text(officer.words("order placed", "outcome"))
    return officer.path()


def read_report(officer: Reader, day: Day) -> None:
    """The report of the exchange counts the award."""
    officer.go_to("Reports")
    officer.sees_heading("Awards")
    expect(officer.row("DZD")).to_be_visible()


def _in(time: timedelta) -> str:
    return (date.today() + time).isoformat()
