"""The officer's day, one step a function, each ending with what its reader sees of it. Not the order of the steps (test_officers_day.py), not the words (phrases.py)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.phrases import Day, Mistake
from tests.browser.reader import Reader

ANSWERS_WITHIN = timedelta(days=30)


def import_register(officer: Reader, day: Day, folder: Path) -> None:
    """Upload a file with two bad rows and look at the dry run: the good rows are counted, the bad ones named with their reasons."""
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
    officer.page.get_by_role("main").get_by_role("searchbox").first.fill(day.foundry)
    officer.press("Search the register")
    officer.follow(re.compile(day.foundry))
    officer.sees_heading(re.compile(day.foundry))


def propose_change(member: Reader, day: Day) -> None:
    """A member adds a machine to the profile, checks the answers, and sends them to the exchange."""
    member.follow("Complete the profile of your enterprise")
    member.follow("Machines")
    member.press("Add another one")
    added = member.page.get_by_role("group", name=member.like("Machine")).last
    member.fill("Machine", day.machine, within=added)
    member.press("Check the answers")
    member.sees(re.compile(day.machine))
    member.press("Send to the exchange")
