"""What an edition achieved, in sums: who came, which meetings were held, what came of them by country and currency. Not how it is drawn (web.participation).

Only sums leave this module, no person is named. Values of different currencies are never added up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Edition, Meeting, MeetingFeedback, Participant
from tashbik.exchange.permissions import require
from tashbik.exchange.queries.participation import outcome_of, value_of

_CAME_IN = (Participant.Status.APPLIED, Participant.Status.APPROVED, Participant.Status.WAITING)


@dataclass(frozen=True, slots=True)
class Attendance:
    """Participants of a category or country: how many applied or were registered, were approved, and came."""

    key: str
    registered: int
    approved: int
    attended: int


@dataclass(frozen=True, slots=True)
class Meetings:
    """The meetings of an edition. `kept` is the share (0–1) of those not cancelled that took place; None while nobody has said."""

    planned: int
    held: int
    missed: int
    cancelled: int
    silent: int
    kept: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """What came of the meetings of participants from one country: meetings held, agreements, follow-ups, contacts, and orders by currency.

    A meeting between two countries counts in both; `orders` are pairs (currency, value).
    """

    country: str
    held: int
    agreements: int
    follow_ups: int
    contacts: int
    orders: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class EditionReport:
    """All of it; `orders` over all meetings, each counted once."""

    edition: Edition
    by_category: tuple[Attendance, ...]
    by_country: tuple[Attendance, ...]
    total: Attendance
    meetings: Meetings
    outcomes: tuple[tuple[str, int], ...]
    orders: tuple[tuple[str, Decimal, int], ...]
    results: tuple[Results, ...]
    rating: float | None
    ratings: int


def report(actor: Actor, edition: Edition) -> EditionReport:
    """The report of an edition; the number of queries does not grow with it. Raises NotPermittedError."""
    require(actor, "forum-report.see", edition)
    meetings = list(
        Meeting.objects.filter(edition=edition)
        .select_related("first", "second")
        .prefetch_related("feedback")
        .order_by("pk")
    )
    said = {one.pk: list(one.feedback.all()) for one in meetings}
    held = [one for one in meetings if one.status == Meeting.Status.HELD]
    ratings = [one.rating for rows in said.values() for one in rows if one.happened and one.rating]
    outcomes = Counter(outcome_of(said[one.pk]) for one in held)
    return EditionReport(
        edition=edition,
        by_category=_attendance(edition, "category"),
        by_country=_attendance(edition, "country"),
        total=_total(edition),
        meetings=_counted(meetings),
        outcomes=tuple((one, outcomes[one]) for one in MeetingFeedback.Outcome.values),
        orders=_orders(said[one.pk] for one in held),
        results=_results(held, said),
        rating=sum(ratings) / len(ratings) if ratings else None,
        ratings=len(ratings),
    )


def _sums() -> dict[str, Count]:
    return {
        "registered": Count("pk", filter=Q(status__in=_CAME_IN)),
        "approved": Count("pk", filter=Q(status=Participant.Status.APPROVED)),
        "attended": Count("pk", filter=Q(attended__isnull=False)),
    }


def _attendance(edition: Edition, field: str) -> tuple[Attendance, ...]:
    rows = Participant.objects.filter(edition=edition).order_by().values(field).annotate(**_sums())
    found = [Attendance(row[field], row["registered"], row["approved"], row["attended"]) for row in rows]
    return tuple(sorted((one for one in found if one.registered), key=lambda one: (-one.registered, one.key)))


def _total(edition: Edition) -> Attendance:
    sums = Participant.objects.filter(edition=edition).aggregate(**_sums())
    return Attendance("", sums["registered"], sums["approved"], sums["attended"])


def _counted(meetings: list[Meeting]) -> Meetings:
    counts = Counter(one.status for one in meetings)
    held, missed = counts[Meeting.Status.HELD], counts[Meeting.Status.MISSED]
    silent = counts[Meeting.Status.PLANNED]
    return Meetings(
        planned=held + missed + silent,
        held=held,
        missed=missed,
        cancelled=counts[Meeting.Status.CANCELLED],
        silent=silent,
        kept=held / (held + missed) if held + missed else None,
    )


def _orders(said: Iterable[list[MeetingFeedback]]) -> tuple[tuple[str, Decimal, int], ...]:
    """Values by currency with how many meetings they came of; one value a meeting."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    counts: Counter[str] = Counter()
    for rows in said:
        value, currency = value_of(rows)
        if value is not None:
            sums[currency] += value
            counts[currency] += 1
    return tuple((currency, sums[currency], counts[currency]) for currency in sorted(sums))


def _results(held: list[Meeting], said: dict[int, list[MeetingFeedback]]) -> tuple[Results, ...]:
    by_country: dict[str, list[Meeting]] = defaultdict(list)
    for one in held:
        for country in {one.first.country, one.second.country}:
            by_country[country].append(one)
    found = [_result(country, rows, said) for country, rows in by_country.items()]
    return tuple(sorted(found, key=lambda one: (-one.held, one.country)))


def _result(country: str, meetings: list[Meeting], said: dict[int, list[MeetingFeedback]]) -> Results:
    outcomes = Counter(outcome_of(said[one.pk]) for one in meetings)
    orders = _orders(said[one.pk] for one in meetings)
    return Results(
        country=country,
        held=len(meetings),
        agreements=outcomes[MeetingFeedback.Outcome.AGREEMENT],
        follow_ups=outcomes[MeetingFeedback.Outcome.FOLLOW_UP],
        contacts=outcomes[MeetingFeedback.Outcome.CONTACT],
        orders=tuple((currency, value) for currency, value, _count in orders),
    )
