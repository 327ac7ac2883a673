"""Places by quota: how many are taken, whether one more fits, and who of the waiting list comes next. Not the deciding (verbs.participants)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tashbik.exchange.models import Edition, Participant, Quota

APPROVED, WAITING = Participant.Status.APPROVED, Participant.Status.WAITING


@dataclass(frozen=True, slots=True)
class Filled:
    """A quota with how many places are taken and how many wait for one."""

    quota: Quota
    taken: int
    waiting: int

    @property
    def full(self) -> bool:
        """Whether no place is left."""
        return self.taken >= self.quota.most


class Places:
    """The places of an edition, counted once; `take` counts on."""

    def __init__(self, edition: Edition) -> None:
        self.quotas = list(edition.quotas.all())
        rows = edition.participants.filter(status__in=(APPROVED, WAITING)).values_list("status", "category", "country")
        self._taken: Counter[tuple[str, str]] = Counter()
        self._waiting: Counter[tuple[str, str]] = Counter()
        for status, category, country in rows:
            (self._taken if status == APPROVED else self._waiting)[category, country] += 1

    def free(self, category: str, country: str) -> bool:
        """Whether every quota that concerns such a participant has a place left."""
        return all(not self._filled(one).full for one in self.quotas if concerns(one, category, country))

    def take(self, category: str, country: str) -> None:
        """Count one more that is approved."""
        self._taken[category, country] += 1

    def filled(self) -> list[Filled]:
        """All quotas with their figures."""
        return [self._filled(one) for one in self.quotas]

    def _filled(self, quota: Quota) -> Filled:
        return Filled(quota, _count(quota, self._taken), _count(quota, self._waiting))


def concerns(quota: Quota, category: str, country: str) -> bool:
    """Whether a quota counts such a participant."""
    return quota.category in ("", category) and quota.country in ("", country)


def _count(quota: Quota, counts: Counter[tuple[str, str]]) -> int:
    return sum(count for (category, country), count in counts.items() if concerns(quota, category, country))


def next_in_line(edition: Edition, places: Places) -> Participant | None:
    """The first of the waiting list, by time of registration, for whom there is a place now."""
    waiting: Iterable[Participant] = edition.participants.filter(status=WAITING).order_by("created", "pk")
    return next((one for one in waiting if places.free(one.category, one.country)), None)
