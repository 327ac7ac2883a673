"""How far recommendations are, by country, by edition, and what became of earlier ones; and one recommendation's whole course. Not the lists (recommendations.py)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Edition, Evidence, Progress, Recommendation, Step
from tashbik.exchange.queries.recommendations import Filters, late, listing, tally, today

Status = Recommendation.Status
STATES = ("closed", "done", "going", "waiting", "overdue", "dropped")
"""Where a recommendation stands, in the order in which it is shown: closed; reported as done; assigned and within its deadline; without an
owner yet; past its deadline; dropped. Each adopted recommendation is in exactly one."""


def state_of(status: str, is_late: bool) -> str:
    """The state of an adopted recommendation; empty for one that is not adopted."""
    if is_late:
        return "overdue"
    known = {Status.CLOSED: "closed", Status.DONE: "done", Status.DROPPED: "dropped", Status.ADOPTED: "waiting"}
    going = "going" if status in (Status.ASSIGNED, Status.UNDER_WAY) else ""
    return known.get(Status(status), going)


@dataclass(slots=True)
class Row:
    """Counts of one country (an empty code for all Arab countries) or edition by state."""

    key: str
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All adopted."""
        return self.counts.total()

    def part(self, state: str) -> float:
        """Part of the adopted in a state (0 to 1)."""
        return self.counts[state] / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Overview:
    """The sums of a list: of all, by country (the most first), and by edition (the latest first)."""

    whole: Row
    countries: list[Row]
    editions: list[Row]


def overview(actor: Actor, filters: Filters, day: date | None = None) -> Overview:
    """The sums of the adopted recommendations of a list, in one query."""
    now = day or today()
    rows = listing(actor, filters, now).filter(status__in=Recommendation.PUBLIC)
    whole = Row("")
    countries: dict[str, Row] = {}
    editions: dict[str, Row] = {}
    columns = ("edition__code", "country", "status", "deadline")
    for edition, country, status, deadline in rows.values_list(*columns):
        is_late = (
            status in (Status.ADOPTED, Status.ASSIGNED, Status.UNDER_WAY) and deadline is not None and deadline < now
        )
        state = state_of(status, is_late)
        for row in (
            whole,
            countries.setdefault(country, Row(country)),
            editions.setdefault(edition, Row(edition)),
        ):
            row.counts[state] += 1
    ordered = sorted(countries.values(), key=lambda row: (-row.total, row.key))
    return Overview(whole, ordered, list(editions.values()))


def overdue(actor: Actor, filters: Filters, day: date | None = None) -> QuerySet[Recommendation]:
    """Those of a list that are past their deadline, the longest overdue first."""
    now = day or today()
    return listing(actor, filters, now).filter(late(now)).order_by("deadline", "pk")


# what became of those of earlier editions


@dataclass(frozen=True, slots=True)
class Fate:
    """An edition with its counts, and how many of its recommendations a later edition took up again."""

    edition: Edition
    row: Row
    taken_up: int


def fates(actor: Actor, editions: list[Edition], counted: Overview) -> list[Fate]:
    """What became of each edition's recommendations."""
    adopted = Recommendation.objects.filter(edition__in=editions, status__in=Recommendation.PUBLIC)
    again = adopted.filter(taken_up__status__in=Recommendation.PUBLIC).order_by().values_list("edition")
    numbers = dict(again.annotate(n=Count("pk", distinct=True)))
    rows = {one.key: one for one in counted.editions}
    return [Fate(one, rows[one.code], numbers.get(one.pk, 0)) for one in editions if one.code in rows]


# one recommendation


@dataclass(frozen=True, slots=True)
class Course:
    """All that happened to a recommendation: steps, reports and evidence by date, votes, and later recommendations that take it up."""

    steps: list[Step]
    reports: list[Progress]
    evidence: list[Evidence]
    votes: dict[str, int]
    taken_up: list[Recommendation]


def course(recommendation: Recommendation) -> Course:
    """The whole course of a recommendation that the actor may see."""
    taken_up = recommendation.taken_up.filter(status__in=Recommendation.PUBLIC).select_related("edition")
    return Course(
        steps=list(recommendation.steps.all()),
        reports=list(recommendation.reports.select_related("evidence")),
        evidence=list(recommendation.evidence.all()),
        votes=tally(recommendation),
        taken_up=list(taken_up),
    )


def reached(recommendation: Recommendation) -> float | None:
    """How much of the way from baseline to target is done (0 to 1); None where a value is missing or there is no way to go."""
    start = recommendation.baseline if recommendation.baseline is not None else Decimal(0)
    if recommendation.target is None or recommendation.value is None or recommendation.target == start:
        return None
    part = (recommendation.value - start) / (recommendation.target - start)
    return float(min(max(part, Decimal(0)), Decimal(1)))


def last_reports(rows: list[Recommendation]) -> dict[int, Progress]:
    """The last report of each of some recommendations."""
    found: dict[int, Progress] = {}
    for one in Progress.objects.filter(recommendation__in=rows).order_by("on", "pk"):
        found[one.recommendation_id] = one
    return found
