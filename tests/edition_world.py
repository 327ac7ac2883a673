"""A small edition of a forum for tests: two days, four slots, two halls, people of three categories, a plan that is published. Fictitious."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from tashbik.exchange.models import (
    Edition,
    EditionBody,
    EditionSession,
    Interpreter,
    Meeting,
    MeetingProposal,
    MeetingSlot,
    MeetingTable,
    MeetingWish,
    Paper,
    Participant,
    Room,
    Track,
)
from tests.world import World

FIRST, SECOND = date(2026, 12, 14), date(2026, 12, 15)
DURING = datetime(2026, 12, 14, 8, 10, tzinfo=UTC)
"""10 minutes into the first slot: 09:10 in Algiers (UTC+1)."""
BEFORE = datetime(2026, 12, 13, 18, 0, tzinfo=UTC)
AFTER = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
TIMES = ((FIRST, 9, 0), (FIRST, 9, 30), (FIRST, 14, 0), (SECOND, 10, 0))


@dataclass
class Forum:
    """The edition and what belongs to it; `people` by a short name."""

    edition: Edition
    slots: list[MeetingSlot]
    tables: list[MeetingTable]
    halls: list[Room]
    interpreter: Interpreter
    people: dict[str, Participant] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    sessions: list[EditionSession] = field(default_factory=list)


def make_forum(world: World) -> Forum:
    """An edition of the first exchange: Amal (the member's foundry) meets Karim, Berg and the buyer; Sara waits to be approved."""
    edition = Edition.objects.create(
        exchange=world.dz,
        code="forum-2026",
        name={"ar": "ملتقى الصناعات الصغيرة", "fr": "Forum des petites industries", "en": "Forum of small industries"},
        theme={"ar": "القدرة على الابتكار", "fr": "La capacité d'innover", "en": "The capacity to innovate"},
        status=Edition.Status.OPEN,
        starts=FIRST,
        ends=SECOND,
        venue={"ar": "قصر المؤتمرات", "fr": "Palais des congrès", "en": "Congress hall"},
        place="Alger",
        country="DZ",
        languages=["ar", "fr", "en"],
    )
    halls = [Room.objects.create(edition=edition, name={"ar": f"القاعة {one}", "en": f"Hall {one}"}) for one in "AB"]
    forum = Forum(
        edition=edition,
        slots=[_slot(edition, number, *when) for number, when in enumerate(TIMES, 1)],
        tables=[
            MeetingTable.objects.create(edition=edition, room=halls[number > 2], label=f"T{number}")
            for number in (1, 2, 3)
        ],
        halls=halls,
        interpreter=Interpreter.objects.create(edition=edition, name="Sami", languages=["ar", "en"]),
    )
    _programme(forum)
    _people(forum, world)
    _meetings(forum)
    return forum


def _slot(edition: Edition, number: int, day: date, hour: int, minute: int) -> MeetingSlot:
    session = "morning" if hour < 12 else "afternoon"
    return MeetingSlot.objects.create(
        edition=edition,
        number=number,
        day=day,
        starts=time(hour, minute),
        ends=time(hour + (minute + 20) // 60, (minute + 20) % 60),
        session=session,
    )


def _programme(forum: Forum) -> None:
    edition = forum.edition
    EditionBody.objects.create(
        edition=edition, part="patron", name={"ar": "وزارة الصناعة", "en": "Ministry of industry"}
    )
    track = Track.objects.create(edition=edition, title={"ar": "المناولة", "fr": "Sous-traitance"})
    opening = EditionSession.objects.create(
        edition=edition, kind="ceremony", title={"ar": "الافتتاح", "en": "Opening"}, day=FIRST, starts=time(8, 30),
        ends=time(9, 0), room=forum.halls[0],
    )  # fmt: skip
    panel = EditionSession.objects.create(
        edition=edition, kind="panel", title={"ar": "المناولة في صناعة السيارات", "en": "Subcontracting for cars"},
        day=SECOND, starts=time(9, 0), ends=time(10, 0), track=track, chair="Dr. Nadia", room=forum.halls[1],
    )  # fmt: skip
    Paper.objects.create(
        edition=edition, session=panel, title={"en": "Parts made at home"}, abstract="What it takes.",
        speaker_names="Prof. Haddad",
    )  # fmt: skip
    forum.sessions = [opening, panel]


def _people(forum: Forum, world: World) -> None:
    def add(key: str, name: str, category: str, country: str, **more: object) -> None:
        values = {"status": "approved", "languages": ["ar"], "email": f"{key}@people.example", **more}
        forum.people[key] = Participant.objects.create(
            edition=forum.edition, name=name, category=category, country=country, badge=f"badge{key:0>7}", **values
        )

    foundry, sahel = world.enterprises[0], world.enterprises[1]
    add("amal", "أمل بن يوسف", "smi", "DZ", enterprise=foundry, user=world.users["member"], body="مسبك الهضاب",
        offers="صب الألمنيوم", seeks="طلبيات المحركات")  # fmt: skip
    add("karim", "Karim Sahli", "smi", "DZ", enterprise=sahel, body="Fonderie du Sahel", languages=["fr", "ar"],
        language="fr", offers="Moulage sous pression", position="Gérant")  # fmt: skip
    add("berg", "Ingrid Berg", "industry", "DE", body="Berg Motoren", languages=["en"], language="en", seeks="castings")
    add(
        "buyer",
        "Leila Mansouri",
        "industry",
        "DZ",
        organisation=world.buyer,
        user=world.users["buyer"],
        body="Grands Moteurs",
    )
    add("sara", "سارة قاسم", "expert", "TN", status="applied")


def _meetings(forum: Forum) -> None:
    people, edition = forum.people, forum.edition
    for key, second, slot, table, interpreter in (
        ("karim", "karim", 0, 0, None), ("berg", "berg", 1, 0, forum.interpreter), ("buyer", "buyer", 3, 2, None),
    ):  # fmt: skip
        forum.meetings[key] = Meeting.objects.create(
            edition=edition,
            first=people["amal"],
            second=people[second],
            slot=forum.slots[slot],
            table=forum.tables[table],
            interpreter=interpreter,
        )
    MeetingWish.objects.create(edition=edition, by=people["amal"], about=people["berg"], kind="must")
    MeetingWish.objects.create(edition=edition, by=people["berg"], about=people["amal"], kind="want")
    MeetingWish.objects.create(edition=edition, by=people["karim"], about=people["amal"], kind="no")
    MeetingProposal.objects.create(
        edition=edition, first=people["amal"], second=people["buyer"], score=82,
        reason={"ar": "يصب الألمنيوم الذي تطلبه", "en": "casts the aluminium that they ask for"}, met_before=True,
    )  # fmt: skip
