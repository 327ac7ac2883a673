"""Questions behind unknowns as an actor may see them: those of a need, those an enterprise has to answer, and what waits. Not the sending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Need, Question, Referral, Role
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.matches_rows import Row
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.linkage.explain import question
from tashbik.linkage.verdict import Verdict

LANGUAGES = ("ar", "fr", "en")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that could be sent: line, enterprise, key of the requirement, and the verdict that is unknown."""

    line: str
    enterprise: Enterprise
    requirement: str
    verdict: Verdict

    def asked(self) -> dict[str, str]:
        """The question in three languages, with the kind and the words of the requirement."""
        texts = {one: question(self.verdict, one) for one in LANGUAGES}
        return {**texts, "kind": self.verdict.requirement.kind, "words": self.verdict.requirement.words}


def askings(line: str, rows: Iterable[Row]) -> list[Asking]:
    """The questions behind the unknowns of some rows of a line that were not sent yet."""
    return [Asking(line, row.enterprise, cell.key, cell.verdict) for row in rows for cell in row.cells if cell.to_ask]


def can_be_asked(need: Need, enterprise: Enterprise) -> bool:
    """Whether its exchange is the need's own, or one that has taken the need up."""
    taken = {one.exchange_id for one in need.referrals.all() if one.status == Referral.Status.TAKEN}
    return enterprise.exchange_id in taken | {need.exchange_id}


# the buyer's side


def of_need(actor: Actor, need: Need) -> list[Question]:
    """All questions of a need, those answered and not settled first."""
    require(actor, "match.see", need)
    found = list(need.questions.select_related("enterprise__exchange", "by", "settled_by"))
    places = {Question.Status.ANSWERED: 0, Question.Status.SENT: 1, Question.Status.SETTLED: 2}
    return sorted(found, key=lambda one: (places[Question.Status(one.status)], one.enterprise.sort_name, one.pk))


def to_settle(actor: Actor) -> QuerySet[Question]:
    """Answers that the actor has to settle."""
    answered = Question.objects.filter(status=Question.Status.ANSWERED, need__status=Need.Status.RELEASED)
    mine = Q(pk__in=())
    if actor.role == Role.BUYER:
        mine = Q(need__buyer__isnull=True, need__by=actor.user_id)
        if actor.organisation_id:
            mine |= Q(need__buyer=actor.organisation_id)
    elif actor.role == Role.OFFICER and actor.exchange_id:
        passed_on = Referral.objects.filter(exchange=actor.exchange_id).exclude(status=Referral.Status.DECLINED)
        mine = Q(need__exchange=actor.exchange_id) | Q(need__in=passed_on.values("need"))
    return answered.filter(mine)


# the enterprise


def to_answer(actor: Actor) -> QuerySet[Question]:
    """Questions that wait for the actor's enterprise."""
    if actor.role != Role.MEMBER or actor.enterprise_id is None:
        return Question.objects.none()
    waiting = Question.objects.filter(enterprise=actor.enterprise_id, status=Question.Status.SENT)
    return waiting.filter(need__status=Need.Status.RELEASED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A need with so many questions that wait, for one enterprise where it is one that answers."""

    need: Need
    count: int


def waiting_needs(questions: QuerySet[Question]) -> list[Waiting]:
    """Needs with how many of these questions each has."""
    counts = dict(questions.order_by().values_list("need").annotate(count=Count("pk")))
    found = Need.objects.filter(pk__in=counts).select_related("exchange", "buyer")
    return [Waiting(one, counts[one.pk]) for one in found]


def asked_of(actor: Actor, code: str, enterprise: int) -> tuple[Need, Enterprise, list[Question]]:
    """What an enterprise was asked about a need, for who answers for it. Raises NotFoundError, NotPermittedError."""
    found = list(
        Question.objects.filter(need__code=code, enterprise=enterprise).select_related(
            "need__exchange", "need__buyer", "enterprise__exchange"
        )
    )
    if not found:
        raise NotFoundError(_("There are no questions here, or they are not for you."))
    require(actor, "question.answer", found[0].enterprise)
    return found[0].need, found[0].enterprise, found


def shown_title(actor: Actor, need: Need) -> str:
    """What the enterprise is told of the need: its title, or its number alone while only officers may see it."""
    hidden = need.confidentiality == Need.Confidentiality.OFFICERS and not needs.is_inside(actor, need)
    return need.code if hidden else need.title or need.code


def find(actor: Actor, number: int) -> Question:
    """A question of a need whose matches the actor may see. Raises NotFoundError."""
    found = Question.objects.filter(pk=number).select_related("need__exchange", "need__buyer", "enterprise").first()
    if found is None or not needs.is_inside(actor, found.need):
        raise NotFoundError(_("There is no such question, or it is not for you."))
    return found


# what waits


@waits
def tasks(actor: Actor) -> Iterator[Task]:
    """Questions to answer (members), answers to settle (buyers and officers)."""
    if actor.role == Role.MEMBER:
        yield from _task(actor, to_answer(actor), urgency=1)
    if actor.role in (Role.BUYER, Role.OFFICER):
        yield from _task(actor, to_settle(actor), urgency=2)


def _task(actor: Actor, questions: QuerySet[Question], *, urgency: int) -> Iterator[Task]:
    found = list(questions.order_by().values_list("need__code").annotate(count=Count("pk"))[:2])
    count = questions.count() if len(found) > 1 else sum(one[1] for one in found)
    if count:
        yield Task(_label(actor, count), *_page(actor, found), count=count, urgency=urgency)


def _page(actor: Actor, found: Sequence[tuple[str, int]]) -> tuple[str, tuple[object, ...]]:
    """The page of the one need there is, else the list."""
    if len(found) > 1:
        return "matches:inbox", ()
    if actor.role == Role.MEMBER:
        return "matches:answer", (found[0][0], actor.enterprise_id)
    return "matches:questions", (found[0][0],)


def _label(actor: Actor, count: int) -> str:
    if actor.role == Role.MEMBER:
        text = ngettext("%(count)d question to answer", "%(count)d questions to answer", count)
    else:
        text = ngettext("%(count)d answer to settle", "%(count)d answers to settle", count)
    return text % {"count": count}
