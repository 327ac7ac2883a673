"""An edition with sessions and participants, and recommendations in any state, for tests. Fictitious throughout."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from tashbik.exchange.models import Edition, EditionSession, Participant, Recommendation
from tashbik.exchange.recommendation_sheet import Indicator, Task, Wording
from tashbik.exchange.verbs import recommendation_work as work
from tashbik.exchange.verbs import recommendations as verbs
from tests.world import World

TEXT = {
    "ar": "إنشاء سجل موحد للمناولة الصناعية",
    "fr": "Créer un registre unifié de la sous-traitance industrielle",
    "en": "Create a unified register of industrial subcontracting",
}
BODY = {"ar": "وزارة الصناعة", "fr": "Ministère de l'Industrie", "en": "Ministry of Industry"}


def today() -> date:
    """The day by which verbs judge."""
    return timezone.localdate()


def an_edition(world: World, *, code: str = "forum-6", days_ago: int = 60, **fields: Any) -> Edition:
    """An edition that took place some days ago."""
    starts = today() - timedelta(days=days_ago)
    edition = Edition.objects.create(
        exchange=fields.pop("exchange", world.dz),
        code=code,
        name={"ar": "الملتقى", "fr": "Le forum", "en": "The forum"},
        status=fields.pop("status", Edition.Status.CLOSED),
        starts=starts,
        ends=starts + timedelta(days=1),
        **fields,
    )
    EditionSession.objects.create(
        edition=edition, title={"ar": "جلسة"}, day=starts, starts=time(9), ends=time(11), kind="plenary"
    )
    return edition


def participants(world: World, edition: Edition, count: int = 3) -> list[Participant]:
    """Approved participants; the first is the world's member."""
    return [
        Participant.objects.create(
            edition=edition,
            user=world.users["member"] if number == 0 else None,
            name=f"participant {number}",
            category="smi",
            country="DZ",
            status=Participant.Status.APPROVED,
        )
        for number in range(count)
    ]


def wording(**fields: Any) -> Wording:
    """A wording that can be taken."""
    return Wording(
        **{
            "text": TEXT,
            "body": BODY,
            "sector": "government",
            "topic": "linkage",
            "country": "DZ",
            "indicator": Indicator({"fr": "Entreprises inscrites"}, "", Decimal(100), Decimal(300)),
            **fields,
        }
    )


def a_task(world: World, **fields: Any) -> Task:
    """A task that can be given."""
    return Task(
        **{
            "deadline": today() + timedelta(days=90),
            "organisation": world.actors["institution"].user.memberships.get().organisation,  # type: ignore[union-attr]
            "indicator": Indicator({"fr": "Entreprises inscrites"}, "", Decimal(100), Decimal(300)),
            **fields,
        }
    )


def drafted(world: World, edition: Edition, **fields: Any) -> Recommendation:
    """A draft."""
    return verbs.draft(actor=world["organiser"], edition=edition, wording=wording(**fields))


def adopted(world: World, edition: Edition, **fields: Any) -> Recommendation:
    """An adopted recommendation."""
    one = drafted(world, edition, **fields)
    return verbs.adopt(actor=world["organiser"], recommendation=one, version=one.version, by="consensus")


def assigned(world: World, edition: Edition, **fields: Any) -> Recommendation:
    """One with an owner: the support institution of the world, unless the task says otherwise."""
    one = adopted(world, edition)
    return work.assign(actor=world["organiser"], recommendation=one, version=one.version, task=a_task(world, **fields))
