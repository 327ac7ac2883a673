"""The officer's whole day in the browser, in Arabic and in French; what its e-mails say and what the doctor finds afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from django.utils.translation import gettext

from tests.browser.phrases import DAYS

if TYPE_CHECKING:
    from tests.browser.script import Stage

MEMBER = "member@demo.example"


@pytest.mark.parametrize("language", sorted(DAYS))
def test_the_officers_day(stage: Stage, language: str) -> None:
    """Import, mending, moderation, need, matches, questions, quotes, award, outcome, report: see script.py."""
    played = stage.day(language)

    with translation.override(language):
        asked = gettext("Questions about what you can do: %(need)s") % {"need": played.need}
        chosen = gettext("Your quote for %(rfq)s was chosen") % {"rfq": played.rfq}
        other = gettext("Request for quotation %(rfq)s: another quote was chosen") % {"rfq": played.rfq}
    for address, subject in ((MEMBER, asked), (DAYS[language].foundry_mail, chosen), (MEMBER, other)):
        letter = stage.site.letter(address, subject=subject)
        assert letter["Content-Language"] == language


def test_all_is_well_afterwards(stage: Stage) -> None:
    """After the days the index follows the register, the audit chain holds and no file is missing."""
    for language in DAYS:
        stage.day(language)
    stage.site.command("doctor")
