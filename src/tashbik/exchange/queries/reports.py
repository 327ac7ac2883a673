"""What an exchange achieved in a period, as sums over its records. Not how it is drawn or written (web.reports).

The register is counted as it stands; needs, requests, invitations and awards are those that began in the period, whatever came of them
since. Only sums leave this module: no enterprise, buyer or person is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Sum

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import (
    Award,
    Enterprise,
    Exchange,
    Invitation,
    MatchOverride,
    Need,
    Outcome,
    Question,
    Quote,
    Rfq,
)
from tashbik.exchange.permissions import require

BANDS = ((0, 24), (25, 49), (50, 74), (75, 100))
"""Bands of completeness, both ends included."""
MOST_NEEDS = 10_000
TOP = 8


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included (UTC)."""

    start: date
    end: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment, and the first one after it."""
        after = self.end + timedelta(days=1)
        return datetime.combine(self.start, time(), UTC), datetime.combine(after, time(), UTC)

    def within(self, field: str) -> Q:
        """The condition that a moment lies in the period."""
        first, after = self.moments
        return Q(**{f"{field}__gte": first, f"{field}__lt": after})


@dataclass(frozen=True, slots=True)
class Register:
    """The register: how many are published, new and verified in the period, mean completeness (0–100), and how many in each band."""

    published: int
    new: int
    verified: int
    completeness: float | None
    bands: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Money:
    """Awards in one currency."""

    currency: str
    count: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. Pairs are (key, count), the largest first; funnels are in the order of their steps.

    `needs_funnel`: released, asked for, quoted, awarded. `invitations_funnel`: sent, seen, answered, quoted, awarded.
    `response_days`: median from invitation to answer. `asked`: kinds of requirement that profiles left unknown and enterprises had to be
    asked for; `failed`: those that officers set to not met; `declined`: reasons for not quoting.
    """

    period: Period
    register: Register
    needs_by_kind: tuple[tuple[str, int], ...]
    needs_by_sector: tuple[tuple[str, int], ...]
    needs_funnel: tuple[tuple[str, int], ...]
    invitations_funnel: tuple[tuple[str, int], ...]
    response_days: float | None
    awards: tuple[Money, ...]
    outcomes: tuple[tuple[str, int], ...]
    declined: tuple[tuple[str, int], ...]
    asked: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, int], ...]


def report(actor: Actor, exchange: Exchange, period: Period) -> Report:
    """The report of an exchange; the number of queries does not grow with its records. Raises NotPermittedError."""
    require(actor, "report.see", exchange)
    needs = Need.objects.filter(period.within("released"), exchange=exchange).exclude(status=Need.Status.DRAFT)
    invitations = Invitation.objects.filter(period.within("created"), rfq__exchange=exchange)
    awards = Award.objects.filter(period.within("created"), rfq__exchange=exchange)
    return Report(
        period=period,
        register=_register(exchange, period),
        needs_by_kind=_counted(needs, "kind"),
        needs_by_sector=_sectors(needs),
        needs_funnel=_needs_funnel(needs),
        invitations_funnel=_invitations_funnel(invitations),
        response_days=_response_days(invitations),
        awards=_money(awards),
        outcomes=_outcomes(awards),
        declined=_counted(invitations.filter(status=Invitation.Status.DECLINED), "reason"),
        asked=_kinds(Question.objects.filter(period.within("created"), need__exchange=exchange)),
        failed=_kinds(_failed(exchange, period)),
    )


def _register(exchange: Exchange, period: Period) -> Register:
    published = Enterprise.objects.filter(exchange=exchange, status=Enterprise.Status.PUBLISHED)
    bands: dict[str, Any] = {
        f"band_{low}": Count("pk", filter=Q(completeness__gte=low, completeness__lte=high)) for low, high in BANDS
    }
    sums = published.aggregate(
        all=Count("pk"),
        new=Count("pk", filter=period.within("created")),
        verified=Count("pk", filter=Q(verified_on__gte=period.start, verified_on__lte=period.end)),
        mean=Avg("completeness"),
        **bands,
    )
    return Register(
        published=sums["all"],
        new=sums["new"],
        verified=sums["verified"],
        completeness=None if sums["mean"] is None else float(sums["mean"]),
        bands=tuple((low, high, sums[f"band_{low}"]) for low, high in BANDS),
    )


def _counted(rows: QuerySet[Any], field: str) -> tuple[tuple[str, int], ...]:
    found = rows.order_by().values_list(field).annotate(count=Count("pk")).order_by("-count", field)
    return tuple((str(key), count) for key, count in found if key)[:TOP]


def _kinds(rows: QuerySet[Any]) -> tuple[tuple[str, int], ...]:
    """Kinds of requirement of questions or overrides, which name one by its kind and a digest (matches_stored.key_of)."""
    counts = Counter(key.partition("-")[0] for key in rows.order_by().values_list("requirement", flat=True) if key)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP])


def _sectors(needs: QuerySet[Need]) -> tuple[tuple[str, int], ...]:
    """What the needs are about: the first process, or else product, that each names; a concept id of the nomenclature."""
    records: Iterable[dict[str, Any]] = needs.values_list("record", flat=True)[:MOST_NEEDS]
    counts = Counter(found for record in records if (found := _subject(record)))
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP])


def _subject(record: dict[str, Any]) -> str:
    wanted = [one for line in record.get("lines", ()) for one in line.get("requirements", ())]
    for kind in ("process", "product"):
        for one in wanted:
            if one.get("kind") == kind and one.get("values"):
                return str(one["values"][0])
    return ""


def _needs_funnel(needs: QuerySet[Need]) -> tuple[tuple[str, int], ...]:
    rfqs = Rfq.objects.filter(need=OuterRef("pk"))
    quotes = Quote.objects.filter(invitation__rfq__need=OuterRef("pk")).exclude(status=Quote.Status.DRAFT)
    awards = Award.objects.filter(rfq__need=OuterRef("pk"))
    sums = needs.aggregate(
        released=Count("pk"),
        asked=Count("pk", filter=Exists(rfqs)),
        quoted=Count("pk", filter=Exists(quotes)),
        awarded=Count("pk", filter=Exists(awards)),
    )
    return tuple((name, sums[name]) for name in ("released", "asked", "quoted", "awarded"))


def _invitations_funnel(invitations: QuerySet[Invitation]) -> tuple[tuple[str, int], ...]:
    won = Award.objects.filter(quote__invitation=OuterRef("pk"))
    sums = invitations.aggregate(
        sent=Count("pk"),
        seen=Count("pk", filter=Q(seen__isnull=False)),
        answered=Count("pk", filter=Q(answered__isnull=False)),
        quoted=Count("pk", filter=Q(status=Invitation.Status.QUOTED)),
        awarded=Count("pk", filter=Exists(won)),
    )
    return tuple((name, sums[name]) for name in ("sent", "seen", "answered", "quoted", "awarded"))


def _response_days(invitations: QuerySet[Invitation]) -> float | None:
    answered = invitations.filter(answered__isnull=False).values_list("created", "answered")
    days = [(then - created).total_seconds() / 86_400 for created, then in answered if then is not None]
    return median(days) if days else None


def _money(awards: QuerySet[Award]) -> tuple[Money, ...]:
    sums = (
        awards.order_by().values_list("currency").annotate(count=Count("pk"), value=Sum("value")).order_by("currency")
    )
    return tuple(Money(currency, count, value) for currency, count, value in sums)


def _outcomes(awards: QuerySet[Award]) -> tuple[tuple[str, int], ...]:
    """Awards by the last outcome recorded; `none` for those without."""
    last: dict[int, str] = {}
    for award, kind in Outcome.objects.filter(award__in=awards.values("pk")).values_list("award", "kind"):
        last[award] = kind
    counts = Counter(last.values())
    counts["none"] = awards.count() - len(last)
    order: Sequence[str] = (*Outcome.Kind.values, "none")
    return tuple((kind, counts[kind]) for kind in order if counts[kind])


def _failed(exchange: Exchange, period: Period) -> QuerySet[MatchOverride]:
    return MatchOverride.objects.filter(
        period.within("created"), need__exchange=exchange, decision=MatchOverride.Decision.FAIL
    )
