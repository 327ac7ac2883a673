"""Recommendations as an actor may see them: one, lists, what may be done, votes, what waits. Not the sums (recommendation_progress.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Edition, Organisation, Participant, Recommendation, Role, Vote
from tashbik.exchange.permissions import may
from tashbik.exchange.queries.waiting import Task, waits

Status = Recommendation.Status
OFFICE = (Role.ORGANISER, Role.OFFICER)
INSIDE = (*OFFICE, Role.ANALYST, Role.ADMINISTRATOR)
BY_STATE: dict[str, tuple[str, ...]] = {
    Status.DRAFTED: ("edit", "poll", "adopt", "reject"),
    Status.ADOPTED: ("translate", "assign", "drop"),
    Status.ASSIGNED: ("translate", "assign", "report", "remind", "close", "drop"),
    Status.UNDER_WAY: ("translate", "assign", "report", "remind", "close", "drop"),
    Status.DONE: ("translate", "report", "close", "drop", "reopen"),
    Status.CLOSED: ("translate", "reopen"),
    Status.DROPPED: ("translate", "reopen"),
    Status.REJECTED: ("reopen",),
}
"""What can be done in each status, by the last part of the verbs' names."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty values narrow nothing. `country` is ISO 3166-1, or `arab` for those to all Arab countries.

    `view`: undecided, unassigned, overdue, done (reported as done), mine (those the actor's organisation owns).
    """

    edition: str = ""
    country: str = ""
    status: str = ""
    topic: str = ""
    sector: str = ""
    view: str = ""
    text: str = ""


def today() -> date:
    """The day by which deadlines are judged."""
    return timezone.localdate()


def is_inside(actor: Actor, exchange: int) -> bool:
    """Whether the actor sees the drafts of an exchange's editions."""
    return actor.system or (actor.role in INSIDE and actor.exchange_id == exchange)


def visible(actor: Actor) -> QuerySet[Recommendation]:
    """What an actor may see: what was adopted by an edition that is public; all of their exchange for the organiser's side; drafts that they vote on."""
    rows = Recommendation.objects.select_related("edition__exchange", "organisation")
    if actor.system:
        return rows
    shown = Q(status__in=Recommendation.PUBLIC) & ~Q(edition__status=Edition.Status.DRAFT)
    if actor.role in INSIDE:
        shown |= Q(edition__exchange=actor.exchange_id)
    if actor.organisation_id:
        shown |= Q(organisation=actor.organisation_id, status__in=Recommendation.PUBLIC)
    if actor.user is not None:
        mine = Participant.objects.filter(user=actor.user, status=Participant.Status.APPROVED)
        shown |= Q(status=Status.DRAFTED, voting=True, edition__in=mine.values("edition"))
    return rows.filter(shown)


def find(actor: Actor, edition: str, number: int) -> Recommendation:
    """One, with its session and origin. Raises NotFoundError for one that is not there or that the actor may not see."""
    rows = visible(actor).select_related("session", "origin__edition")
    found = rows.filter(edition__code=edition, number=number).first()
    if found is None:
        raise NotFoundError(_("There is no such recommendation, or it is not public yet."))
    return found


def edition_named(actor: Actor, code: str) -> Edition:
    """An edition that is public or of the actor's exchange. Raises NotFoundError."""
    found = Edition.objects.select_related("exchange").filter(code=code).first()
    if found is None or not (found.status != Edition.Status.DRAFT or is_inside(actor, found.exchange_id)):
        raise NotFoundError(_("There is no such edition of the forum."))
    return found


def editions(actor: Actor) -> list[Edition]:
    """Editions that have a recommendation which the actor may see, the latest first."""
    keys = visible(actor).order_by().values("edition").distinct()
    return list(Edition.objects.filter(pk__in=keys).select_related("exchange"))


def open_editions(actor: Actor) -> list[Edition]:
    """Editions that the actor can draft recommendations for: those that have begun first, the latest of them at the top."""
    if actor.role not in OFFICE:
        return []
    found = list(Edition.objects.filter(exchange=actor.exchange_id).select_related("exchange"))
    return sorted(found, key=lambda one: one.starts > today())


def listing(actor: Actor, filters: Filters, day: date | None = None) -> QuerySet[Recommendation]:
    """The recommendations of a list: of the latest edition first, then by number."""
    rows = visible(actor)
    if filters.edition:
        rows = rows.filter(edition__code=filters.edition)
    if filters.country:
        rows = rows.filter(country="" if filters.country == "arab" else filters.country)
    for name in ("status", "topic", "sector"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    for word in filters.text.split()[:6]:
        rows = rows.filter(_says(word))
    return _viewed(actor, rows, filters.view, day or today()).order_by("-edition__starts", "edition", "number")


def _says(word: str) -> Q:
    fields = (
        "text__ar",
        "text__fr",
        "text__en",
        "body__ar",
        "body__fr",
        "body__en",
        "owner_name",
        "organisation__name",
    )
    found = Q()
    for one in fields:
        found |= Q(**{f"{one}__icontains": word})
    return found


def late(day: date) -> Q:
    """The condition that a deadline is past and nothing was reported as done: Recommendation.overdue as a query."""
    return Q(status__in=(Status.ADOPTED, Status.ASSIGNED, Status.UNDER_WAY), deadline__lt=day)


def _viewed(actor: Actor, rows: QuerySet[Recommendation], view: str, day: date) -> QuerySet[Recommendation]:
    if view == "undecided":
        return rows.filter(status=Status.DRAFTED)
    if view == "unassigned":
        return rows.filter(status=Status.ADOPTED)
    if view == "overdue":
        return rows.filter(late(day))
    if view == "done":
        return rows.filter(status=Status.DONE)
    if view == "mine":
        return rows.filter(organisation=actor.organisation_id or 0, status__in=Recommendation.OPEN)
    return rows


def allowed(actor: Actor, recommendation: Recommendation) -> set[str]:
    """Verbs on the recommendation that the actor may do in its present state, by the last part of their names; `freeze` for evidence."""
    names = {one for one in BY_STATE[recommendation.status] if may(actor, f"recommendation.{one}", recommendation)}
    if recommendation.status in (Status.DRAFTED, *Recommendation.OPEN) and may(
        actor, "evidence.freeze", recommendation
    ):
        names.add("freeze")
    return names


def owners_to_choose(recommendation: Recommendation) -> QuerySet[Organisation]:
    """Organisations of the exchange that a recommendation can be assigned to."""
    return Organisation.objects.filter(exchange=recommendation.edition.exchange_id)


def earlier(edition: Edition) -> QuerySet[Recommendation]:
    """Adopted recommendations of the exchange's earlier editions, which a draft may take up again."""
    rows = Recommendation.objects.filter(
        edition__exchange=edition.exchange_id, edition__starts__lt=edition.starts, status__in=Recommendation.PUBLIC
    )
    return rows.select_related("edition").order_by("-edition__starts", "number")


# votes


@dataclass(frozen=True, slots=True)
class Voter:
    """A participant with their vote on a recommendation; an empty choice where there is none."""

    participant: Participant
    choice: str


def tally(recommendation: Recommendation) -> dict[str, int]:
    """Votes by choice."""
    counted = dict(recommendation.votes.order_by().values_list("choice").annotate(n=Count("pk")))
    return {one: counted.get(one, 0) for one in Vote.Choice.values}


def my_participation(actor: Actor, recommendation: Recommendation) -> Participant | None:
    """The actor as an approved participant of the edition."""
    if actor.user is None:
        return None
    mine = Participant.objects.filter(
        edition=recommendation.edition_id, user=actor.user, status=Participant.Status.APPROVED
    )
    return mine.first()


def voters(actor: Actor, recommendation: Recommendation, words: str = "") -> list[Voter]:
    """Approved participants with their votes for the organiser's side, all or those whose name, body or country holds the words; for others only themselves."""
    rows = Participant.objects.filter(edition=recommendation.edition_id, status=Participant.Status.APPROVED)
    if not may(actor, "recommendation.poll", recommendation):
        rows = rows.filter(user=actor.user_id or 0)
    for word in words.split()[:4]:
        rows = rows.filter(Q(name__icontains=word) | Q(body__icontains=word) | Q(country__iexact=word))
    cast = Prefetch("votes", Vote.objects.filter(recommendation=recommendation), to_attr="cast")
    return [
        Voter(one, next((vote.choice for vote in one.cast), ""))
        for one in rows.prefetch_related(cast).order_by("country", "name", "pk")
    ]


# what waits


@waits
def tasks(actor: Actor) -> Iterator[Task]:
    """For the organiser's side: drafts to decide, adopted without owner, reported as done, overdue. For owners: what they have to report on."""
    if actor.role == Role.ORGANISER:
        for view, urgency in (("done", 2), ("overdue", 2), ("undecided", 4), ("unassigned", 3)):
            yield from _task(actor, view, urgency)
    if actor.organisation_id:
        yield from _task(actor, "mine", 3)
    if actor.user is not None:
        yield from _polls(actor)


def _task(actor: Actor, view: str, urgency: int) -> Iterator[Task]:
    rows = listing(actor, Filters(view=view)).order_by()
    if view != "mine":
        rows = rows.filter(edition__exchange=actor.exchange_id)
    found = rows.aggregate(first=Min("deadline"))
    count = rows.count()
    if count:
        due = found["first"] if view in ("overdue", "mine") else None
        late_already = due is not None and due < today()
        yield Task(
            _label(view, count),
            "recommendations:view",
            (view,),
            count=count,
            due=due,
            urgency=1 if late_already and view == "mine" else urgency,
        )


def _label(view: str, count: int) -> str:
    texts = {
        "undecided": ngettext("%(count)d recommendation to decide on", "%(count)d recommendations to decide on", count),
        "unassigned": ngettext(
            "%(count)d adopted recommendation without an owner",
            "%(count)d adopted recommendations without an owner",
            count,
        ),
        "done": ngettext(
            "%(count)d recommendation reported as done, to check and close",
            "%(count)d recommendations reported as done, to check and close",
            count,
        ),
        "overdue": ngettext("%(count)d recommendation is overdue", "%(count)d recommendations are overdue", count),
        "mine": ngettext(
            "%(count)d recommendation that you carry out: report where it stands",
            "%(count)d recommendations that you carry out: report where they stand",
            count,
        ),
    }
    return texts[view] % {"count": count}


def _polls(actor: Actor) -> Iterator[Task]:
    """Votes that are open to the actor and that they have not cast."""
    mine = Participant.objects.filter(user=actor.user, status=Participant.Status.APPROVED)
    rows = Recommendation.objects.filter(
        ~Q(votes__participant__in=mine), status=Status.DRAFTED, voting=True, edition__in=mine.values("edition")
    ).select_related("edition")
    for one in rows.order_by("pk")[:5]:
        label = _("Vote on recommendation %(number)s") % {"number": one.reference}
        yield Task(label, "recommendations:vote", (one.edition.code, one.number), urgency=1)
