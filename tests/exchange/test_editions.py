"""Editions and their parts: made, changed, opened, closed; who may; what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from django.utils import translation

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange.audit import broken_links
from tashbik.exchange.models import Edition, EditionSession, Interpreter, Room
from tashbik.exchange.queries import editions as queries
from tashbik.exchange.verbs import editions, meetings, parts
from tests.exchange.forum_world import DAY, SHEET, make_edition, set_up_meetings
from tests.world import World


def test_an_edition_is_made_opened_begun_and_closed(world: World) -> None:
    organiser = world["organiser"]
    edition = editions.create(actor=organiser, sheet=SHEET)
    assert (edition.status, edition.exchange) == ("draft", world.dz)
    for act, status in ((editions.open_registration, "open"), (editions.begin, "running"), (editions.close, "closed")):
        act(actor=organiser, edition=edition)
        edition.refresh_from_db()
        assert edition.status == status
    with pytest.raises(StateError):
        editions.close(actor=organiser, edition=edition)
    editions.open_registration(actor=organiser, edition=edition)
    assert list(broken_links()) == []


def test_texts_fall_back_to_another_language(world: World) -> None:
    edition = make_edition(world)
    assert edition.text("name", "fr") == "الملتقى السادس"
    assert edition.text("name", "en") == "Sixth forum"
    assert edition.text("theme", "en") == "الترابط الصناعي"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "A B"}, "code"),
        ({"name": {"ar": "  "}}, "name"),
        ({"name": {"fr": "x" * 300}}, "name"),
        ({"starts": None}, "starts"),
        ({"ends": date(2027, 3, 1)}, "ends"),
        ({"ends": date(2027, 5, 1)}, "ends"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"country": "XX"}, "country"),
        ({"languages": ()}, "languages"),
        ({"meeting_limit": 0}, "meeting_limit"),
        ({"wishes_until": date(2027, 6, 1)}, "wishes_until"),
    ],
)
def test_sheets_that_cannot_be_taken(world: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        editions.create(actor=world["organiser"], sheet=replace(SHEET, **values))
    assert field in caught.value.fields
    assert not Edition.objects.exists()


def test_codes_are_unique_and_stay_once_opened(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    with pytest.raises(InvalidError) as caught:
        editions.create(actor=organiser, sheet=SHEET)
    assert "code" in caught.value.fields
    with pytest.raises(InvalidError) as caught:
        editions.edit(actor=organiser, edition=edition, sheet=replace(SHEET, code="other"), version=edition.version)
    assert "code" in caught.value.fields


def test_two_editors_do_not_overwrite_each_other(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    version = edition.version
    editions.edit(actor=organiser, edition=edition, sheet=replace(SHEET, place="وهران"), version=version)
    with pytest.raises(ConflictError):
        editions.edit(actor=organiser, edition=edition, sheet=replace(SHEET, place="عنابة"), version=version)
    edition.refresh_from_db()
    assert edition.place == "وهران"


def test_days_with_sessions_or_times_stay_of_the_edition(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    set_up_meetings(organiser, edition)
    with pytest.raises(InvalidError):
        editions.edit(
            actor=organiser, edition=edition, sheet=replace(SHEET, starts=date(2027, 3, 15)), version=edition.version
        )


def test_nothing_opens_without_theme_and_venue(world: World) -> None:
    edition = editions.create(actor=world["organiser"], sheet=replace(SHEET, theme={}, venue={}, place=""))
    with translation.override("en"), pytest.raises(StateError, match="theme, venue"):
        editions.open_registration(actor=world["organiser"], edition=edition)


@pytest.mark.parametrize("role", ["member", "buyer", "institution", "financier", "analyst", "administrator"])
def test_only_organisers_and_officers_of_the_exchange_organise(world: World, role: str) -> None:
    edition = make_edition(world)
    with pytest.raises(NotPermittedError):
        editions.create(actor=world[role], sheet=replace(SHEET, code="mine"))
    for actor in (world[role], world.elsewhere["organiser"], world.elsewhere["officer"]):
        with pytest.raises(NotPermittedError):
            editions.close(actor=actor, edition=edition)
        with pytest.raises(NotPermittedError):
            parts.add(actor=actor, edition=edition, kind="room", values={"name": {"ar": "قاعة"}})
    editions.close(actor=world["officer"], edition=edition)


def test_drafts_are_seen_at_home_only(world: World) -> None:
    edition = make_edition(world, opened=False)
    assert edition in queries.editions(world["organiser"])
    for actor in (world["member"], world["visitor"], world.elsewhere["organiser"]):
        assert edition not in queries.editions(actor)
    editions.open_registration(actor=world["organiser"], edition=edition)
    assert edition in queries.editions(world["visitor"])
    with pytest.raises(NotPermittedError):
        queries.organised(world["member"], edition.code)
    with pytest.raises(NotFoundError):
        queries.organised(world["organiser"], "no-such")


# parts


def session(title: str = "الافتتاح", **values: object) -> dict[str, object]:
    return {"kind": "plenary", "title": {"ar": title}, "day": DAY, "starts": time(9), "ends": time(10), **values}


def test_parts_are_added_changed_and_removed(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    room = parts.add(actor=organiser, edition=edition, kind="room", values={"name": {"ar": "القاعة"}, "capacity": 80})
    track = parts.add(actor=organiser, edition=edition, kind="track", values={"title": {"fr": "Axe"}, "order": 1})
    one = parts.add(actor=organiser, edition=edition, kind="session", values=session(room=room, track=track))
    paper = parts.add(
        actor=organiser, edition=edition, kind="paper", values={"session": one, "title": {"en": "Talk"}, "order": 0}
    )
    assert paper in one.papers.all()
    parts.change(actor=organiser, part=one, values={"chair": "أ. ب."})
    one.refresh_from_db()
    assert (one.chair, one.room) == ("أ. ب.", room)
    parts.remove(actor=organiser, part=one)
    assert not edition.papers.exists()
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("room", {"name": {}}, "name"),
        ("body", {"name": {"ar": "جهة"}, "part": "guest"}, "part"),
        ("session", session(day=date(2027, 4, 1)), "day"),
        ("session", session(ends=time(8)), "ends"),
        ("session", session(kind="dance"), "kind"),
        ("quota", {"category": "", "country": "XX", "most": 5}, "country"),
        ("quota", {"category": "smi", "country": "", "most": None}, "most"),
        ("interpreter", {"name": "Sami", "languages": ["ar"]}, "languages"),
        ("interpreter", {"name": "Sami", "languages": ["ar", "fr"], "unavailable": [7]}, "unavailable"),
    ],
)
def test_parts_that_cannot_be_taken(world: World, kind: str, values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parts.add(actor=world["organiser"], edition=make_edition(world), kind=kind, values=values)
    assert field in caught.value.fields


def test_a_room_holds_one_session_at_a_time(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    room = parts.add(actor=organiser, edition=edition, kind="room", values={"name": {"ar": "القاعة"}})
    parts.add(actor=organiser, edition=edition, kind="session", values=session(room=room))
    with pytest.raises(InvalidError) as caught:
        parts.add(
            actor=organiser, edition=edition, kind="session", values=session("آخر", room=room, starts=time(9, 30))
        )
    assert "room" in caught.value.fields
    parts.add(actor=organiser, edition=edition, kind="session", values=session("آخر", starts=time(9, 30)))
    parts.add(
        actor=organiser,
        edition=edition,
        kind="session",
        values=session("بعده", room=room, starts=time(10), ends=time(11)),
    )


def test_parts_of_another_edition_are_not_taken(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    other = editions.create(actor=organiser, sheet=replace(SHEET, code="other"))
    room = Room.objects.create(edition=other, name={"ar": "قاعة"})
    with pytest.raises(InvalidError) as caught:
        parts.add(actor=organiser, edition=edition, kind="session", values=session(room=room))
    assert "room" in caught.value.fields
    with pytest.raises(InvalidError):
        meetings.make_tables(actor=organiser, edition=edition, count=2, room=room)


def test_one_quota_for_a_category_and_country(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    values = {"category": "smi", "country": "", "most": 3}
    parts.add(actor=organiser, edition=edition, kind="quota", values=values)
    with pytest.raises(InvalidError):
        parts.add(actor=organiser, edition=edition, kind="quota", values=values)


def test_a_closed_edition_keeps_its_parts(world: World) -> None:
    organiser, edition = world["organiser"], make_edition(world)
    room = parts.add(actor=organiser, edition=edition, kind="room", values={"name": {"ar": "القاعة"}})
    editions.close(actor=organiser, edition=edition)
    for act in (
        lambda: parts.remove(actor=organiser, part=room),
        lambda: parts.change(actor=organiser, part=room, values={"capacity": 5}),
        lambda: parts.add(actor=organiser, edition=edition, kind="room", values={"name": {"ar": "أخرى"}}),
    ):
        with pytest.raises(StateError):
            act()


def test_the_programme_names_speakers_who_are_in_two_places(world: World) -> None:
    from tests.exchange.forum_world import add_people

    organiser, edition = world["organiser"], make_edition(world)
    people = add_people(organiser, edition)
    for title, speakers in (("أ", people[:2]), ("ب", people[1:3])):
        made = parts.add(actor=organiser, edition=edition, kind="session", values=session(title))
        parts.add(
            actor=organiser,
            edition=edition,
            kind="paper",
            values={"session": made, "title": {"ar": title}, "speakers": speakers},
        )
    clashes = queries.speaker_clashes(list(queries.sessions(edition)))
    assert [(speaker.pk, isinstance(one, EditionSession)) for speaker, one, _other in clashes] == [(people[1].pk, True)]


def test_an_interpreter_of_published_meetings_stays(world: World) -> None:
    from tests.exchange.forum_world import add_people

    organiser, edition = world["organiser"], make_edition(world)
    people = add_people(organiser, edition)
    set_up_meetings(organiser, edition)
    sami = Interpreter.objects.get()
    edition.meetings.create(
        first=people[2],
        second=people[3],
        slot=edition.slots.get(number=1),
        table=edition.tables.all()[0],
        interpreter=sami,
    )
    with pytest.raises(StateError):
        parts.remove(actor=organiser, part=sami)
