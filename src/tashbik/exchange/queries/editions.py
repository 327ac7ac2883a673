"""Editions and their participants as organisers see them: lists, what is set up and what is missing, files with rows to mend. Not meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import (
    Edition,
    EditionSession,
    Meeting,
    MeetingPlan,
    Participant,
    ParticipantList,
)
from tashbik.exchange.models.parties import Role
from tashbik.exchange.participant_rows import Problem, problem_text, understood
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.exchange.quotas import Filled, Places

PAGE = 50
APPROVED, APPLIED, WAITING = Participant.Status.APPROVED, Participant.Status.APPLIED, Participant.Status.WAITING
OPEN, RUNNING = Edition.Status.OPEN, Edition.Status.RUNNING


def editions(actor: Actor) -> QuerySet[Edition]:
    """The editions that an actor may know of: all that are public, and those in preparation of the exchange that they organise for."""
    shown = ~Q(status=Edition.Status.DRAFT)
    if may(actor, "edition.see") and actor.exchange_id:
        shown |= Q(exchange_id=actor.exchange_id)
    return (
        Edition.objects.filter(shown)
        .select_related("exchange")
        .annotate(
            approved=Count("participants", filter=Q(participants__status=APPROVED), distinct=True),
            countries=Count("participants__country", filter=Q(participants__status=APPROVED), distinct=True),
        )
        .order_by("-starts", "-pk")
    )


def organised(actor: Actor, code: str, verb: str = "edition.see") -> Edition:
    """An edition whose inside the actor may see (or do `verb` with). Raises NotFoundError, NotPermittedError."""
    edition = Edition.objects.select_related("exchange").filter(code=code).first()
    if edition is None:
        raise NotFoundError(_("There is no such edition."), mend=_("Look for it in the list of editions."))
    require(actor, verb, edition)
    return edition


# what is set up, what is missing


@dataclass(frozen=True, slots=True)
class Counts:
    """What an edition has, counted once."""

    bodies: int
    rooms: int
    sessions: int
    papers: int
    quotas: int
    approved: int
    applied: int
    waiting: int
    uninvited: int
    to_mend: int
    slots: int
    tables: int
    interpreters: int
    wishes: int
    wishing: int
    proposals: int
    meetings: int


def counts(edition: Edition) -> Counts:
    """Count what belongs to an edition; a fixed number of queries."""
    people = edition.participants.aggregate(
        approved=Count("pk", filter=Q(status=APPROVED)),
        applied=Count("pk", filter=Q(status=APPLIED)),
        waiting=Count("pk", filter=Q(status=WAITING)),
        uninvited=Count("pk", filter=Q(status=APPROVED, invited=None) & ~Q(email="")),
    )
    wishes = edition.wishes.exclude(kind="no").aggregate(wishes=Count("pk"), wishing=Count("by", distinct=True))
    return Counts(
        bodies=edition.bodies.count(),
        rooms=edition.rooms.count(),
        sessions=edition.sessions.count(),
        papers=edition.papers.count(),
        quotas=edition.quotas.count(),
        to_mend=sum(len(one) for one in edition.lists.values_list("rows", flat=True)),
        slots=edition.slots.count(),
        tables=edition.tables.count(),
        interpreters=edition.interpreters.count(),
        proposals=edition.proposals.count(),
        meetings=edition.meetings.filter(status__in=(Meeting.Status.PLANNED, Meeting.Status.HELD)).count(),
        **people,
        **wishes,
    )


# the programme


def sessions(edition: Edition) -> QuerySet[EditionSession]:
    """The sessions with their papers, rooms and tracks, in the order of time; a fixed number of queries."""
    return edition.sessions.select_related("room", "track").prefetch_related("papers__speakers")


def speaker_clashes(rows: list[EditionSession]) -> list[tuple[Participant, EditionSession, EditionSession]]:
    """Speakers who would have to be in two sessions at once."""
    found = []
    for number, one in enumerate(rows):
        for other in rows[number + 1 :]:
            if one.day != other.day or one.starts >= other.ends or other.starts >= one.ends:
                continue
            both = _speakers(one) & _speakers(other)
            found += [(speaker, one, other) for speaker in both]
    return found


def _speakers(session: EditionSession) -> set[Participant]:
    return {speaker for paper in session.papers.all() for speaker in paper.speakers.all()}


# participants


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of participants is narrowed to; empty: all."""

    status: str = ""
    category: str = ""
    country: str = ""
    text: str = ""
    view: str = ""
    """`unwished`: approved, without any wish; `uninvited`: approved, with an address, without a letter; `linked`: of an enterprise of the register."""


def participants(actor: Actor, edition: Edition, filters: Filters = Filters()) -> QuerySet[Participant]:
    """The participants of an edition, by name. Raises NotPermittedError for who does not organise it."""
    require(actor, "participant.export", edition)
    rows = edition.participants.select_related("enterprise", "organisation")
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.category:
        rows = rows.filter(category=filters.category)
    if filters.country:
        rows = rows.filter(country=filters.country)
    for word in filters.text.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(body__icontains=word) | Q(email__icontains=word))
    if filters.view == "unwished":
        mine = edition.wishes.filter(Q(by=OuterRef("pk")) | Q(about=OuterRef("pk"))).exclude(kind="no")
        rows = rows.filter(~Exists(mine), status=APPROVED)
    elif filters.view == "uninvited":
        rows = rows.filter(status=APPROVED, invited=None).exclude(email="")
    elif filters.view == "linked":
        rows = rows.exclude(enterprise=None)
    return rows


def participant(actor: Actor, edition: Edition, pk: int) -> Participant:
    """One participant. Raises NotFoundError, NotPermittedError."""
    found = edition.participants.select_related("enterprise", "organisation", "user", "edition__exchange").filter(pk=pk)
    one = found.first()
    if one is None:
        raise NotFoundError(_("There is no such participant in this edition."))
    require(actor, "participant.see", one)
    return one


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How many are approved, applied and waiting, in all and by category and country."""

    by_status: dict[str, int]
    by_category: list[tuple[str, int]]
    by_country: list[tuple[str, int]]
    quotas: list[Filled]


def breakdown(edition: Edition) -> Breakdown:
    """Figures of the participants; categories and countries count those approved."""
    by_status = dict(edition.participants.order_by().values_list("status").annotate(count=Count("pk")))
    approved = edition.participants.filter(status=APPROVED).order_by()
    by_category = approved.values_list("category").annotate(count=Count("pk")).order_by("-count", "category")
    by_country = approved.values_list("country").annotate(count=Count("pk")).order_by("-count", "country")
    return Breakdown(by_status, list(by_category), list(by_country), Places(edition).filled())


def countries_of(edition: Edition) -> list[str]:
    """Countries that participants come from."""
    return list(edition.participants.order_by("country").values_list("country", flat=True).distinct())


# files with rows to mend


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a file that could not be taken: its number, its cells in the order of the file, and what is wrong, in the language in force."""

    number: int
    cells: list[dict[str, Any]]
    problems: list[Problem]


def listing(actor: Actor, edition: Edition, pk: int) -> ParticipantList:
    """A file of participants. Raises NotFoundError, NotPermittedError."""
    require(actor, "participant.export", edition)
    found = edition.lists.filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such file in this edition."))
    return found


def kept_rows(found: ParticipantList) -> list[KeptRow]:
    """The rows that wait to be mended."""
    return [_kept(one) for one in found.rows]


def _kept(row: dict[str, Any]) -> KeptRow:
    code, cells = str(row["code"]), dict(row["cells"])
    language = (translation.get_language() or "ar")[:2]
    wrong = understood(cells)[1] if not code else [Problem(_column(code, cells), "", problem_text(code, language))]
    marked = {one.column: one.text for one in wrong}
    return KeptRow(
        int(row["row"]),
        [{"column": key, "value": value, "problem": marked.get(key, "")} for key, value in cells.items()],
        wrong,
    )


def _column(code: str, cells: dict[str, str]) -> str:
    """The column that a problem of the whole row is shown at."""
    from tashbik.exchange.participant_rows import REGISTERED, REPEATED, columns_of

    if code in (REPEATED, REGISTERED):
        return next((header for header, field in columns_of(cells).items() if field == "email"), "")
    return next(iter(cells), "")


# what waits on the first page


@waits
def tasks(actor: Actor) -> Iterator[Task]:
    """For organisers: applications, rows to mend, wishes without a plan, meetings that have to be planned anew."""
    if actor.role not in (Role.ORGANISER, Role.OFFICER) or actor.exchange_id is None:
        return
    mine = Edition.objects.filter(exchange_id=actor.exchange_id, status__in=(OPEN, RUNNING))
    for edition in mine.annotate(applied=Count("participants", filter=Q(participants__status=APPLIED))):
        name = edition.text("name", actor.language)
        if edition.applied:
            text = ngettext(
                "%(count)d application to decide on", "%(count)d applications to decide on", edition.applied
            )
            label = text % {"count": edition.applied}
            yield Task(label, "editions:participants", (edition.code,), count=edition.applied, detail=name, urgency=3)
        kept = sum(len(one) for one in edition.lists.values_list("rows", flat=True))
        if kept:
            text = ngettext("%(count)d row of a file to mend", "%(count)d rows of files to mend", kept)
            yield Task(text % {"count": kept}, "editions:import", (edition.code,), count=kept, detail=name, urgency=4)
        if _to_replan(edition):
            label = _("Meetings were cancelled: others could have the places")
            yield Task(label, "editions:day", (edition.code,), detail=name, urgency=2)


def _to_replan(edition: Edition) -> bool:
    """Whether meetings were cancelled after the published plan, on days that are still to come."""
    if edition.ends < timezone.localdate():
        return False
    plan = edition.plans.filter(status=MeetingPlan.Status.PUBLISHED).first()
    if plan is None:
        return False
    gone = edition.meetings.filter(status=Meeting.Status.CANCELLED, changed__gt=plan.published or plan.created)
    return gone.exclude(reason__in=("absent", "replanned")).exists()
