"""Pairs that may be one enterprise: the queue, one pair, what an import or an enterprise has, where an address leads. Not the deciding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.translation import ngettext_lazy

from tashbik.exchange.actor import Actor
from tashbik.exchange.linked import count_links
from tashbik.exchange.merging import conflicting
from tashbik.exchange.models import Enterprise, IdentityModel, IdentityPair, Import, Job, Merge, Revision, Role
from tashbik.exchange.pairing import LEAST, state_of
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.exchange.visibility import visible_record, without
from tashbik.registry import records

Status = IdentityPair.Status
BANDS: dict[str, tuple[float, float]] = {
    "sure": (0.9, 1.01),
    "likely": (0.6, 0.9),
    "open": (0.4, 0.6),
    "unlikely": (LEAST, 0.4),
}
"""Ranges of probability to filter by: from, below."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is shown; empty for all. `reach`: `home` both of one's exchange, `across` of two exchanges."""

    status: str = Status.WAITING
    band: str = ""
    country: str = ""
    source: str = ""
    reach: str = ""
    words: str = ""
    run: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair as the actor may see it; `links` counts what hangs on it."""

    enterprise: Enterprise
    record: records.Enterprise
    hidden: tuple[str, ...]
    links: dict[str, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair with all that a decision needs. `reasons` leave out what is hidden from the actor; `conflicts` are official numbers."""

    pair: IdentityPair
    first: Side
    second: Side
    reasons: tuple[dict[str, object], ...]
    conflicts: tuple[tuple[str, str, str], ...]
    seen: str
    merge: Merge | None
    survivor: str


def queue(actor: Actor, filters: Filters | None = None) -> QuerySet[IdentityPair]:
    """The pairs within the actor's reach, the most uncertain first; decided ones by their date, the latest first."""
    require(actor, "identity.see")
    chosen = filters or Filters()
    found = IdentityPair.objects.select_related("first__exchange", "second__exchange", "decided_by")
    if not actor.system:
        mine = actor.exchange_id or 0
        found = found.filter(Q(first__exchange_id=mine) | Q(second__exchange_id=mine))
    if chosen.status:
        found = found.filter(status=chosen.status)
    if chosen.status in (Status.WAITING, Status.LATER):
        withdrawn = Enterprise.Status.WITHDRAWN
        found = found.exclude(first__status=withdrawn).exclude(second__status=withdrawn)
    found = found.filter(*_conditions(actor, chosen))
    decided = chosen.status in (Status.SAME, Status.DISTINCT)
    return found.order_by("-decided", "-pk") if decided else found.order_by("-uncertainty", "pk")


def _conditions(actor: Actor, chosen: Filters) -> Iterator[Q]:
    if chosen.band in BANDS:
        low, high = BANDS[chosen.band]
        yield Q(probability__gte=low, probability__lt=high)
    if chosen.country:
        yield Q(first__country=chosen.country) | Q(second__country=chosen.country)
    if chosen.source:
        yield Q(first_source=chosen.source) | Q(second_source=chosen.source)
    if chosen.reach and not actor.system:
        within = Q(first__exchange_id=actor.exchange_id, second__exchange_id=actor.exchange_id)
        yield within if chosen.reach == "home" else ~within
    if chosen.words:
        names = ("code", "name_ar", "name_fr", "name_en")
        sides = (f"{side}__{name}__icontains" for side in ("first", "second") for name in names)
        yield Q(*((one, chosen.words) for one in sides), _connector=Q.OR)
    if chosen.run:
        rows = _rows_of(chosen.run)
        yield Q(first__in=rows) | Q(second__in=rows)


def _rows_of(run: int) -> QuerySet[Enterprise]:
    """The enterprises that an import made or changed."""
    made = Revision.objects.filter(import_run_id=run, subject_kind="enterprise", entries__verb="import.run")
    return Enterprise.objects.filter(pk__in=made.values("subject_id")).order_by().only("pk")


def choices_of(actor: Actor, filters: Filters) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Countries and sources of the pairs of a status with the number of their pairs, the most frequent first."""
    rows = queue(actor, Filters(status=filters.status)).order_by()
    countries: dict[str, int] = {}
    sources: dict[str, int] = {}
    for counts, a, b in ((countries, "first__country", "second__country"), (sources, "first_source", "second_source")):
        for one, other, number in rows.values_list(a, b).annotate(number=Count("pk")):
            for value in {one, other} - {""}:
                counts[value] = counts.get(value, 0) + number
    return _ranked(countries), _ranked(sources)


def _ranked(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:50]


def numbers(actor: Actor) -> dict[str, int]:
    """How many pairs of each status are within the actor's reach."""
    return {status: queue(actor, Filters(status=status)).count() for status in Status.values}


def pair_of(actor: Actor, pair: IdentityPair) -> Pair:
    """One pair with both records side by side."""
    require(actor, "identity.see", pair)
    made = pair.merges.filter(undone=None).select_related("survivor", "absorbed").first()
    first, second = (_side(actor, one, made) for one in (pair.first, pair.second))
    return Pair(
        pair=pair,
        first=first,
        second=second,
        reasons=tuple(_shown(one, first, second) for one in pair.reasons),
        conflicts=tuple(conflicting(first.record, second.record)),
        seen=state_of(pair.first, pair.second),
        merge=made,
        survivor=_suggested(first, second),
    )


def _side(actor: Actor, enterprise: Enterprise, made: Merge | None) -> Side:
    """One record; of two that were merged, as it was before."""
    record, hidden = visible_record(actor, enterprise)
    if made is not None:
        before = made.survivor_before if enterprise.pk == made.survivor_id else made.absorbed_before
        record = without(msgspec.convert(before, records.Enterprise), hidden)
    return Side(enterprise, record, hidden, count_links(enterprise))


def _shown(reason: dict[str, object], first: Side, second: Side) -> dict[str, object]:
    """A reason without what its side hides from the actor."""
    if reason["field"] != "contact":
        return reason
    blank = {name: "" for name, side in (("first", first), ("second", second)) if "contacts" in side.hidden}
    return {**reason, **blank}


def _suggested(first: Side, second: Side) -> str:
    """Which record better goes on: the one that more hangs on, else the more complete, else the older one."""
    rank = [(sum(side.links.values()), side.enterprise.completeness, -side.enterprise.pk) for side in (first, second)]
    return "first" if rank[0] >= rank[1] else "second"


def next_after(actor: Actor, pair: IdentityPair, filters: Filters) -> IdentityPair | None:
    """The next pair that waits, in the order of the queue; from its beginning after the last."""
    waiting = queue(actor, replace(filters, status=Status.WAITING)).exclude(pk=pair.pk)
    later = Q(uncertainty__lt=pair.uncertainty) | Q(uncertainty=pair.uncertainty, pk__gt=pair.pk)
    return waiting.filter(later).first() or waiting.first()


def survivor_of(code: str) -> Enterprise | None:
    """The enterprise that one was merged into, over several steps; None for one that was not."""
    found, seen = None, set()
    while code not in seen:
        seen.add(code)
        made = (
            Merge.objects.filter(undone=None, absorbed__code=code, absorbed__status=Enterprise.Status.WITHDRAWN)
            .select_related("survivor")
            .first()
        )
        if made is None:
            break
        found, code = made.survivor, made.survivor.code
    return found


def taken_up(keys: list[int]) -> set[int]:
    """Which of these enterprises are merged into others."""
    return set(Merge.objects.filter(undone=None, absorbed__in=keys).values_list("absorbed_id", flat=True))


def merges_into(enterprise: Enterprise) -> QuerySet[Merge]:
    """What an enterprise took up, the latest first."""
    return Merge.objects.filter(survivor=enterprise, undone=None).select_related("absorbed", "pair", "by")


def pairs_of_enterprise(actor: Actor, enterprise: Enterprise) -> QuerySet[IdentityPair]:
    """The pairs of an enterprise that wait, for who may decide on them."""
    if not may(actor, "identity.see", enterprise):
        return IdentityPair.objects.none()
    return queue(actor).filter(Q(first=enterprise) | Q(second=enterprise))


def linked_with(enterprise: Enterprise) -> list[Enterprise]:
    """Records of other exchanges that are the same enterprise, as an officer decided."""
    pairs = IdentityPair.objects.filter(Q(first=enterprise) | Q(second=enterprise), status=Status.SAME, merges=None)
    return [
        one.second if one.first_id == enterprise.pk else one.first for one in pairs.select_related("first", "second")
    ]


@dataclass(frozen=True, slots=True)
class OfImport:
    """How many enterprises that an import wrote look like others, and whether the register is still being looked through."""

    pairs: int
    enterprises: int
    working: bool


def of_import(actor: Actor, run: Import) -> OfImport:
    """What an import has brought that may be there already."""
    rows = set(_rows_of(run.pk).values_list("pk", flat=True))
    pairs = list(queue(actor, Filters(run=run.pk)).order_by().values_list("first_id", "second_id"))
    return OfImport(len(pairs), len({key for pair in pairs for key in pair} & rows), at_work() is not None)


def at_work() -> Job | None:
    """The job that looks for pairs, where one runs or is due."""
    found = Job.objects.filter(kind="identity.find", status__in=(Job.Status.WAITING, Job.Status.RUNNING))
    return found.order_by("status", "pk").first()


def model_version() -> IdentityModel | None:
    """The newest version of the model; None while the one that comes with Tashbik is in force."""
    return IdentityModel.objects.first()


@waits
def pairs_waiting(actor: Actor) -> Iterator[Task]:
    """For officers: pairs that may be one enterprise."""
    if actor.role != Role.OFFICER or not may(actor, "identity.see"):
        return
    count = queue(actor).count()
    if count:
        label = ngettext_lazy(
            "%(count)d pair of records may be one enterprise", "%(count)d pairs of records may be one enterprise", count
        )
        yield Task(label % {"count": count}, "identity:queue", count=count, urgency=4)
