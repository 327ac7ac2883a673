"""Groups as an actor may see them: lists, one group, an enterprise's places in groups, what waits. Not the acts (verbs.groups), not the composing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.composition import Composed, line_title
from tashbik.exchange.models import Group, GroupMember, Need, Role
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.network.wording import line_quantity, percent

PAGE = 25
VIEWS = ("all", "draft", "proposed", "agreed", "ended")
ENDED = (Group.Status.DECLINED, Group.Status.WITHDRAWN)
_decode = msgspec.convert


def composed_of(group: Group) -> Composed:
    """What was composed, as a record."""
    return _decode(group.record, Composed)


# who sees what


def visible(actor: Actor) -> QuerySet[Group]:
    """The groups on whose buyer's side the actor is."""
    groups = Group.objects.select_related("need__buyer", "need__exchange", "exchange").defer("record")
    if actor.system:
        return groups
    mine = Q(pk__in=())
    if actor.role == Role.OFFICER and actor.exchange_id:
        mine = Q(exchange=actor.exchange_id) | Q(need__exchange=actor.exchange_id)
    elif actor.role == Role.BUYER:
        mine = Q(need__buyer__isnull=True, need__by=actor.user_id)
        if actor.organisation_id:
            mine |= Q(need__buyer=actor.organisation_id)
    return groups.filter(mine)


def listing(actor: Actor, view: str = "all") -> QuerySet[Group]:
    """The groups of a view (VIEWS), with `size` and `accepted` counted; one query, however many."""
    chosen = {"ended": Q(status__in=ENDED), "all": ~Q(status=Group.Status.WITHDRAWN)}.get(view, Q(status=view))
    return _counted(visible(actor).filter(chosen)).order_by("-created", "-pk")


def _counted(groups: QuerySet[Group]) -> QuerySet[Group]:
    return groups.annotate(
        size=Count("members"), accepted=Count("members", filter=Q(members__status=GroupMember.Status.ACCEPTED))
    )


def of_need(actor: Actor, need: Need) -> list[Group]:
    """The groups composed for a need that have not been withdrawn, the newest first."""
    require(actor, "group.compose", need)
    kept = visible(actor).filter(need=need).exclude(status=Group.Status.WITHDRAWN)
    return list(_counted(kept).order_by("-created", "-pk"))


def places(actor: Actor) -> QuerySet[GroupMember]:
    """The places in groups that the actor's enterprise was asked to take, those that wait first."""
    if actor.enterprise_id is None:
        return GroupMember.objects.none()
    mine = GroupMember.objects.filter(enterprise=actor.enterprise_id).exclude(status=GroupMember.Status.CHOSEN)
    mine = mine.exclude(group__proposed__isnull=True)
    return mine.select_related("group__need", "group__exchange").defer("group__record").order_by("-group__proposed")


def find(actor: Actor, code: str) -> Group:
    """A group by its code, for the buyer's side. Raises NotFoundError, also for one that the actor may not know of."""
    found = Group.objects.select_related("need__buyer", "need__exchange", "exchange", "by")
    group = found.prefetch_related("members__enterprise__exchange", "need__referrals").filter(code=code).first()
    if group is None or not may(actor, "group.compose", group.need) or not may(actor, "group.see", group):
        raise NotFoundError(_("There is no such group."), mend=_("Look for it in the list of groups."))
    return group


def find_place(actor: Actor, number: int) -> GroupMember:
    """A member's place in a group that was proposed, for the enterprise and the buyer's side. Raises NotFoundError."""
    found = GroupMember.objects.select_related(
        "enterprise__exchange", "group__need__buyer", "group__need__exchange", "group__exchange"
    )
    place = found.prefetch_related("group__members__enterprise").filter(pk=number).first()
    if place is None or place.group.proposed is None or not may(actor, "group.answer", place):
        raise NotFoundError(
            _("There is no such proposal, or it is not for you."), mend=_("Look for it in the list of groups.")
        )
    return place


def shows_costs(actor: Actor, group: Group) -> bool:
    """Whether the actor sees the costs of all members: officers of the exchange that composed it; others of the buyer's side unless they rest
    on prices that only officers see."""
    if actor.system or (actor.role == Role.OFFICER and actor.exchange_id == group.exchange_id):
        return True
    return not group.private_prices and may(actor, "group.compose", group.need)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the actor may do with a group in its present state."""

    propose: bool
    withdraw: bool
    request: bool
    recompose: bool


def allowed(actor: Actor, group: Group) -> Allowed:
    """What the actor may do with a group in its present state."""
    released = group.need.status == Need.Status.RELEASED
    current = released and group.need.version == group.need_version
    return Allowed(
        propose=current and group.status == Group.Status.DRAFT and may(actor, "group.propose", group),
        withdraw=group.status not in ENDED and may(actor, "group.withdraw", group),
        request=current and group.status == Group.Status.AGREED and may(actor, "rfq.open", group.need),
        recompose=released and may(actor, "group.compose", group.need),
    )


# in words


def amount_text(made: Composed, line_id: str, value: float, language: str) -> str:
    """A quantity of a line with its unit and period."""
    return line_quantity(value, next(one for one in made.order.lines if one.id == line_id), language)


def tasks_of(group: Group, code: str, language: str) -> list[str]:
    """What a member is asked to make: line, quantity and its part of the line."""
    made = composed_of(group)
    assert made.group is not None
    return [
        f"{line_title(made.order, one.line)}: {amount_text(made, one.line, one.quantity, language)} ({percent(one.part, language)}%)"
        for one in made.group.allocations
        if one.partner == code
    ]


# what waits


@waits
def proposals_waiting(actor: Actor) -> Iterator[Task]:
    """Proposals that an enterprise has not answered."""
    if actor.role != Role.MEMBER:
        return
    open_places = places(actor).filter(status=GroupMember.Status.ASKED, group__status=Group.Status.PROPOSED)
    for one in open_places.order_by("group__answer_by")[:20]:
        yield Task(
            label=_("Answer the proposal to join a group: %(title)s") % {"title": _title(one.group)},
            page="groups:place",
            arguments=(one.pk,),
            due=one.group.answer_by,
            urgency=2,
        )


def _title(group: Group) -> str:
    open_title = group.need.confidentiality != Need.Confidentiality.OFFICERS
    return (group.need.title or group.code) if open_title else group.code


@waits
def groups_waiting(actor: Actor) -> Iterator[Task]:
    """Groups of the buyer's side that need a hand: agreed ones without a request for quotation, answers overdue, declined ones without a successor."""
    if actor.role not in (Role.OFFICER, Role.BUYER):
        return
    mine = visible(actor).filter(need__status=Need.Status.RELEASED)
    agreed = mine.filter(status=Group.Status.AGREED, need__rfqs__isnull=True).count()
    if agreed:
        text = ngettext(
            "%(count)d agreed group, to request quotes of", "%(count)d agreed groups, to request quotes of", agreed
        )
        yield _task(text % {"count": agreed}, "agreed", agreed)
    late = mine.filter(status=Group.Status.PROPOSED, answer_by__lt=timezone.now().date()).count()
    if late:
        text = ngettext(
            "%(count)d group whose members' answers are overdue",
            "%(count)d groups whose members' answers are overdue",
            late,
        )
        yield _task(text % {"count": late}, "proposed", late)
    newer = Group.objects.filter(need=OuterRef("need"), pk__gt=OuterRef("pk"))
    declined = mine.filter(~Exists(newer), status=Group.Status.DECLINED, need__rfqs__isnull=True).count()
    if declined:
        text = ngettext(
            "%(count)d group that a member declined, to compose again",
            "%(count)d groups that a member declined, to compose again",
            declined,
        )
        yield _task(text % {"count": declined}, "ended", declined)


def _task(text: str, view: str, count: int) -> Task:
    return Task(text, "groups:view", (view,), count=count, urgency=4)


__all__ = [
    "ENDED",
    "PAGE",
    "VIEWS",
    "Allowed",
    "allowed",
    "amount_text",
    "composed_of",
    "find",
    "find_place",
    "listing",
    "of_need",
    "places",
    "shows_costs",
    "tasks_of",
    "visible",
]
