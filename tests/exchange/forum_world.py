"""A small edition for tests: four participants on one day, two tables, an interpreter. Fictitious throughout."""

from __future__ import annotations

from datetime import date, time

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Edition, Participant
from tashbik.exchange.participant_details import Details
from tashbik.exchange.verbs import editions, meetings, participants, parts
from tests.world import World

DAY = date(2027, 3, 14)
SHEET = editions.EditionSheet(
    code="amf-6",
    name={"ar": "الملتقى السادس", "en": "Sixth forum"},
    theme={"ar": "الترابط الصناعي"},
    starts=DAY,
    ends=date(2027, 3, 15),
    venue={"ar": "قصر المؤتمرات"},
    place="الجزائر",
    country="DZ",
    meeting_limit=4,
)
PEOPLE = (
    ("أمل", "مسبك الهضاب", "smi", "DZ", "ar", ("ar", "fr")),
    ("Berg", "Grands Moteurs", "industry", "DZ", "fr", ("fr",)),
    ("Chen", "Chen Tools", "smi", "TN", "en", ("en",)),
    ("دنيا", "صندوق الضمان", "financier", "EG", "ar", ("ar",)),
)


def details(number: int = 0, **values: object) -> Details:
    """The details of one of PEOPLE, with some values changed."""
    name, body, category, country, language, languages = PEOPLE[number]
    made = {
        "name": name,
        "body": body,
        "category": category,
        "country": country,
        "language": language,
        "languages": languages,
        "email": f"p{number}@forum.example",
    }
    return Details(**{**made, **values})  # type: ignore[arg-type]


def make_edition(world: World, *, opened: bool = True) -> Edition:
    """An edition of the first exchange, open for registration unless told otherwise."""
    edition = editions.create(actor=world["organiser"], sheet=SHEET)
    return editions.open_registration(actor=world["organiser"], edition=edition) if opened else edition


def add_people(organiser: Actor, edition: Edition) -> list[Participant]:
    """PEOPLE, approved."""
    return [
        participants.register(actor=organiser, edition=edition, details=details(number), approved=True)
        for number in range(len(PEOPLE))
    ]


def set_up_meetings(organiser: Actor, edition: Edition, *, tables: int = 2, ends: time = time(11, 0)) -> None:
    """Slots of half an hour on the first morning from nine, tables, and one interpreter of French and English and Arabic."""
    meetings.make_slots(actor=organiser, edition=edition, hours=[meetings.Hours(DAY, time(9, 0), ends)], length=30)
    meetings.make_tables(actor=organiser, edition=edition, count=tables, prefix="A")
    parts.add(
        actor=organiser, edition=edition, kind="interpreter", values={"name": "Sami", "languages": ["ar", "fr", "en"]}
    )
