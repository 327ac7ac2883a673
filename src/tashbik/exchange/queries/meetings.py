"""Wishes and proposals of an edition as its organisers see them. Not plans (meeting_plans.py)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tashbik.exchange.actor import Actor
from tashbik.exchange.forum_problem import (
    pair_of,
    problem_of,
)
from tashbik.exchange.models import Edition, Job, Meeting, MeetingProposal, Participant
from tashbik.exchange.permissions import require
from tashbik.exchange.verbs.proposals import KIND
from tashbik.forum import Forum

APPROVED = Participant.Status.APPROVED


# wishes


@dataclass(frozen=True, slots=True)
class Wishing:
    """A participant with how many they want to meet, must meet and do not want to meet, and how many want to meet them."""

    participant: Participant
    wants: int
    musts: int
    refuses: int
    wanted: int


@dataclass(frozen=True, slots=True)
class WishFigures:
    """All wishes: pairs to be met, those that both sides want, musts, pairs that need an interpreter, and those for whom there is none."""

    pairs: int
    mutual: int
    musts: int
    interpreted: int
    impossible: tuple[tuple[Participant, Participant], ...]


def wishing(actor: Actor, edition: Edition) -> list[Wishing]:
    """Approved participants by name with their wishes; two queries."""
    require(actor, "participant.export", edition)
    mine: dict[int, Counter[str]] = defaultdict(Counter)
    wanted: Counter[int] = Counter()
    for by, about, kind in edition.wishes.values_list("by_id", "about_id", "kind"):
        mine[by][kind] += 1
        wanted[about] += kind != "no"
    people = edition.participants.filter(status=APPROVED)
    return [
        Wishing(one, mine[one.pk]["want"], mine[one.pk]["must"], mine[one.pk]["no"], wanted[one.pk]) for one in people
    ]


def wish_figures(edition: Edition, problem: Forum | None = None) -> WishFigures:
    """The wishes as the planner will see them."""
    problem = problem or problem_of(edition)
    languages = {one.id: set(one.languages) for one in problem.people}
    spoken = [set(one.languages) for one in problem.interpreters]
    apart = [one for one in problem.requests if _apart(languages[one.first], languages[one.second])]
    helpless = [one for one in apart if not _served(languages[one.first], languages[one.second], spoken)]
    people = _people(edition, {key for one in helpless for key in pair_of(one.id)})
    pairs = [pair_of(one.id) for one in helpless]
    return WishFigures(
        pairs=len(problem.requests),
        mutual=sum(one.weight >= 5 for one in problem.requests),
        musts=sum(one.must for one in problem.requests),
        interpreted=len(apart),
        impossible=tuple((people[first], people[second]) for first, second in pairs),
    )


def _apart(one: set[str], other: set[str]) -> bool:
    """Whether two share no language; who names none needs no interpreter."""
    return bool(one and other and not one & other)


def _served(one: set[str], other: set[str], spoken: Iterable[set[str]]) -> bool:
    return any(one & languages and other & languages for languages in spoken)


def _people(edition: Edition, keys: Iterable[int]) -> dict[int, Participant]:
    return {one.pk: one for one in edition.participants.filter(pk__in=set(keys))}


# proposals


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with what the two sides have said of each other by now."""

    proposal: MeetingProposal
    first_says: str
    second_says: str

    @property
    def mutual(self) -> bool:
        """Whether both want to meet."""
        return all(one in ("must", "want") for one in (self.first_says, self.second_says))

    @property
    def refused(self) -> bool:
        """Whether one of the two does not want to meet."""
        return "no" in (self.first_says, self.second_says)


def proposals(actor: Actor, edition: Edition, *, person: int | None = None) -> QuerySet[MeetingProposal]:
    """The engine's proposals, best first, of one participant or of all."""
    require(actor, "participant.export", edition)
    rows = edition.proposals.select_related("first", "second")
    return rows.filter(Q(first=person) | Q(second=person)) if person else rows


def with_wishes(rows: Iterable[MeetingProposal]) -> list[ProposalRow]:
    """Proposals with the wishes of the two sides; one query."""
    listed = list(rows)
    if not listed:
        return []
    said = {
        (by, about): kind
        for by, about, kind in listed[0]
        .edition.wishes.filter(by__in={key for one in listed for key in (one.first_id, one.second_id)})
        .values_list("by_id", "about_id", "kind")
    }
    return [
        ProposalRow(one, said.get((one.first_id, one.second_id), ""), said.get((one.second_id, one.first_id), ""))
        for one in listed
    ]


def proposing(edition: Edition) -> Job | None:
    """The job that proposes now, or the last one."""
    return Job.objects.filter(kind=KIND, subject_id=edition.pk).order_by("-pk").first()


# meetings


def meetings_of(edition: Edition, participant: Participant) -> list[Meeting]:
    """The meetings of one participant in the order of time, cancelled ones too."""
    mine = edition.meetings.filter(Q(first=participant) | Q(second=participant))
    return list(mine.select_related("first", "second", "slot", "table", "interpreter"))
