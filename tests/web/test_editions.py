"""Pages of a forum's organiser: each page in three languages, the whole way from an edition to published meetings, and who may see what."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.db import connection

from tashbik.exchange import jobs
from tashbik.exchange.models import Edition, Mail, Meeting, Participant
from tashbik.exchange.verbs import meetings, participants, parts, planning
from tests.exchange.forum_world import add_people, details, make_edition, set_up_meetings
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
