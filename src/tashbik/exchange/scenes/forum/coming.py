"""A coming edition, fictitious: open for registration, with wishes and a published plan that the planner made of them (data/plan.json)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

import msgspec

from tashbik.exchange.forum_problem import pair_of, plain, problem_of, request_id
from tashbik.exchange.jobs import enqueue_once
from tashbik.exchange.models import (
    Edition,
    Exchange,
    Interpreter,
    Meeting,
    MeetingPlan,
    MeetingWish,
    Membership,
    Organisation,
    Participant,
    Quota,
    Role,
    Room,
)
from tashbik.exchange.scenes.forum import making, texts
from tashbik.exchange.scenes.forum.people import FROM_THE_REGISTER, OTHERS
from tashbik.exchange.scenes.forum.texts import three
from tashbik.exchange.verbs.proposals import KIND
from tashbik.forum import Held

CODE = "linkage-2027"
PEOPLE = FROM_THE_REGISTER + OTHERS
SPEAKERS = (56, 46)
HOURS = ((0, "09:30", "12:30"), (1, "10:30", "12:30"))
TABLES = 12
PUBLISHED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
APPLICATIONS = (
    ("مشارك ينتظر القرار (توضيحي)", "ورشة جديدة (توضيحية)", "smi", "DZ", "ar", "صاحب الورشة", "طلبيات خراطة", ""),
    (
        "Candidate en attente (fictive)",
        "Atelier textile (fictif)",
        "smi",
        "TN",
        "fr",
        "Gérante",
        "Commandes de confection",
        "",
    ),
    ("Applicant to be decided on (fictitious)", "Trade magazine (fictitious)", "press", "AE", "en", "Editor", "", ""),
)


def load(exchange: Exchange) -> None:
    """Load the edition; the engine's proposals are made by the worker."""
    edition = Edition.objects.create(
        exchange=exchange,
        code=CODE,
        name=texts.COMING_NAME,
        theme=texts.COMING_THEME,
        status=Edition.Status.OPEN,
        starts=date(2027, 4, 13),
        ends=date(2027, 4, 14),
        venue=three("مركز المؤتمرات (توضيحي)", "Centre de congrès (fictif)", "Congress centre (fictitious)"),
        place="الجزائر العاصمة",
        country="DZ",
        languages=["ar", "fr", "en"],
        wishes_until=date(2027, 3, 31),
        meeting_limit=8,
    )
    making.bodies(edition, texts.COMING_BODIES)
    hall = Room.objects.create(edition=edition, name=three("قاعة اللقاءات", "Salle des rendez-vous", "Meetings hall"))
    room = Room.objects.create(edition=edition, name=three("القاعة الكبرى", "Grande salle", "Main hall"), capacity=200)
    known = making.enterprises([row[1] for row in PEOPLE])
    people = making.participants(edition, PEOPLE, known)
    _accounts(exchange, people)
    making.programme(
        edition,
        texts.COMING_TRACKS,
        texts.COMING_SESSIONS,
        texts.COMING_PAPERS,
        room,
        [people[place] for place in SPEAKERS],
    )
    Quota.objects.create(edition=edition, category="press", most=5)
    Quota.objects.create(edition=edition, category="smi", country="DZ", most=12)
    making.slots(edition, HOURS, 25, 5)
    making.tables(edition, TABLES, hall)
    for name, languages in (
        ("سلمى (توضيحية)", ["ar", "en"]),
        ("Inès (fictive)", ["fr", "en"]),
        ("يوسف (توضيحي)", ["ar", "fr", "en"]),
    ):
        Interpreter.objects.create(edition=edition, name=name, languages=languages)
    _applications(edition)
    text = resources.files("tashbik.exchange.scenes.forum").joinpath("data/plan.json").read_text(encoding="utf-8")
    stored = json.loads(text)
    MeetingWish.objects.bulk_create(
        MeetingWish(edition=edition, by=people[by], about=people[about], kind=kind)
        for by, about, kind in stored["wishes"]
    )
    _plan(edition, people, stored)
    enqueue_once(KIND, edition.pk)


def _accounts(exchange: Exchange, people: list[Participant]) -> None:
    """The ready accounts of the demonstration take part: the member, the buyer, the institution and the financier."""
    bodies = {one.name: one for one in Organisation.objects.filter(exchange=exchange)}
    members = Membership.objects.filter(exchange=exchange, role=Role.MEMBER).select_related("user", "enterprise")
    users = {one.enterprise_id: one.user for one in members}
    staff = {
        one.organisation_id: one.user for one in Membership.objects.exclude(organisation=None).select_related("user")
    }
    for one in people:
        one.organisation = bodies.get(one.body)
        one.user = users.get(one.enterprise_id) or (staff.get(one.organisation.pk) if one.organisation else None)
        if one.user is not None:
            one.email, one.name = one.user.email, one.user.name
    Participant.objects.bulk_update(people, ["organisation", "user", "email", "name"])


def _applications(edition: Edition) -> None:
    """People whose registration is still to be decided on."""
    rows = making.participants(edition, APPLICATIONS, {})
    for number, one in enumerate(rows):
        one.status = Participant.Status.APPLIED
        one.email = f"applicant-{number + 1}@{edition.code}.example"
    Participant.objects.bulk_update(rows, ["status", "email"])


def _plan(edition: Edition, people: list[Participant], stored: dict[str, Any]) -> None:
    """The plan that the planner made of these wishes, published; participants are named by their place in PEOPLE."""
    interpreters = list(edition.interpreters.order_by("pk"))
    held = tuple(
        Held(
            request_id(people[one].pk, people[other].pk),
            slot,
            table,
            f"i{interpreters[interpreter].pk}" if interpreter is not None else "",
        )
        for one, other, slot, table, interpreter in stored["meetings"]
    )
    plan = MeetingPlan.objects.create(
        edition=edition,
        number=1,
        status=MeetingPlan.Status.PUBLISHED,
        problem=plain(problem_of(edition)),
        answer={**stored["levels"], "meetings": msgspec.to_builtins(held)},
        published=PUBLISHED,
    )
    _meetings(edition, plan, held)


def _meetings(edition: Edition, plan: MeetingPlan, held: tuple[Held, ...]) -> None:
    slots = {one.number: one for one in edition.slots.all()}
    tables = {one.label: one for one in edition.tables.all()}
    interpreters = {f"i{one.pk}": one for one in edition.interpreters.all()}
    rows = []
    for one in held:
        first, second = pair_of(one.request)
        rows.append(
            Meeting(
                edition=edition,
                first_id=first,
                second_id=second,
                slot=slots[one.slot],
                table=tables[one.table],
                interpreter=interpreters.get(one.interpreter),
            )
        )
    Meeting.objects.bulk_create(rows)
