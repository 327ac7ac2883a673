"""Plans of an edition's meetings: made in the background, made anew on the day, published, dropped. Not the planner (forum) nor its problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tashbik import forum
from tashbik.errors import ConflictError, InputError, StateError
from tashbik.exchange import audit
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import verb
from tashbik.exchange.forum_problem import (
    forum_of,
    held_of,
    key_of,
    person_id,
    person_of,
    plain,
    problem_of,
    request_id,
)
from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Edition, Meeting, MeetingPlan, Participant
from tashbik.exchange.publishing import publish_meetings
from tashbik.forum import Absence, Changes, Forum

TIME_LIMIT = 40.0
"""Seconds that a plan may take: below the lease of a job, so that no second worker begins it."""
KEPT = 5
"""Plans that are not published, of which no more than these newest are kept."""
Status = MeetingPlan.Status


@verb("plan.make", on="edition")
def make(*, actor: Actor, edition: Edition, proposals: bool = False, time_limit: float = TIME_LIMIT) -> MeetingPlan:
    """Have a plan made of the wishes (with `proposals` also of the engine's proposals) in the background.

    Raises StateError where slots, tables or wishes are missing, another plan is being made, or the edition is closed.
    """
    _expect_plannable(edition)
    problem = problem_of(edition, proposals=proposals)
    lacking = [
        text
        for given, text in (
            (problem.slots, _("times of meetings")),
            (problem.tables, _("tables")),
            (problem.requests, _("wishes of participants")),
        )
        if not given
    ]
    if lacking:
        raise StateError(
            _("A plan cannot be made yet. Still missing: %(things)s.")
            % {"things": pgettext("list", ", ").join(lacking)}
        )
    plan = _new_plan(actor, edition)
    plan.problem = plain(problem)
    plan.save()
    audit.changed(plan)
    enqueue("forum.plan", plan.pk, payload={"seconds": min(time_limit, TIME_LIMIT)})
    _forget_old(edition)
    return plan


def _expect_plannable(edition: Edition) -> None:
    if edition.status == Edition.Status.CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))
    if edition.plans.filter(status=Status.WAITING).exists():
        raise StateError(_("A plan is being made already. Wait for it, or drop it."))


def _new_plan(actor: Actor, edition: Edition) -> MeetingPlan:
    Edition.objects.select_for_update().get(pk=edition.pk)
    last = edition.plans.aggregate(last=Max("number"))["last"] or 0
    return MeetingPlan(edition=edition, number=last + 1, by=actor.user)


def _forget_old(edition: Edition) -> None:
    """Plans that were never published go when there are many."""
    old = edition.plans.filter(status__in=(Status.MADE, Status.FAILED), published=None).order_by("-number")
    for one in old[KEPT:]:
        before = one.snapshot()
        one.delete()
        audit.changed(one, before)


@handles("forum.plan")
def _make(work: Work) -> None:
    """The planning itself; a restart begins it anew, it changes nothing before its end."""
    plan = MeetingPlan.objects.filter(pk=work.job.subject_id, status=Status.WAITING).first()
    if plan is None:
        return
    work.report(0, 1)
    note, answer, status = "", {}, Status.MADE
    try:
        answer = plain(forum.plan(forum_of(plan), time_limit=float(work.job.payload.get("seconds", TIME_LIMIT))))
    except InputError as error:
        note, status = str(error), Status.FAILED
    with transaction.atomic():
        now = MeetingPlan.objects.select_for_update().filter(pk=plan.pk, status=Status.WAITING).first()
        if now is None:  # dropped meanwhile
            return
        now.answer, now.note, now.status = answer, note, status
        now.save(update_fields=["answer", "note", "status"])
        audit.append(SYSTEM, "plan.make", subject=now, note=str(status))
    work.report(1, 1)


@verb("plan.publish", on="plan")
def publish(*, actor: Actor, plan: MeetingPlan) -> MeetingPlan:
    """Publish a plan: its meetings become those of the edition, and those whom it touches are told by e-mail.

    A first plan tells everybody their meetings; a later one only what has changed. Raises StateError for one that is not made,
    ConflictError where the plan that it changes is no longer the published one, or meetings were cancelled meanwhile.
    """
    if plan.status != Status.MADE:
        raise StateError(_("Only a plan that is made and not yet published can be published."))
    edition = Edition.objects.select_for_update().get(pk=plan.edition_id)
    if edition.status == Edition.Status.CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))
    _expect_current(plan)
    for one in edition.plans.filter(status=Status.PUBLISHED):
        before = one.snapshot()
        one.status = Status.REPLACED
        one.save(update_fields=["status"])
        audit.changed(one, before)
    told = publish_meetings(actor, plan)
    plan.status, plan.published = Status.PUBLISHED, timezone.now()
    plan.save(update_fields=["status", "published"])
    audit.note(f"{told} told")
    return plan


def _expect_current(plan: MeetingPlan) -> None:
    stale = _("The published meetings have changed since this plan was made. Nothing was published.")
    mend = _("Plan again: it takes the changes into account.")
    if plan.base_id and not MeetingPlan.objects.filter(pk=plan.base_id, status=Status.PUBLISHED).exists():
        raise ConflictError(stale, mend=mend)
    held = {one.request for one in held_of(plan)}
    gone = Meeting.objects.filter(edition_id=plan.edition_id, status=Meeting.Status.CANCELLED, changed__gt=plan.created)
    if any(request_id(*pair) in held for pair in gone.values_list("first_id", "second_id")):
        raise ConflictError(stale, mend=mend)
    asked = {name for one in held_of(plan) for name in one.request.split("|")}
    people = Participant.objects.filter(pk__in=[key_of(one) for one in asked]).exclude(
        status=Participant.Status.APPROVED
    )
    if people.exists():
        raise ConflictError(stale, mend=mend)


@verb("plan.drop", on="plan")
def drop(*, actor: Actor, plan: MeetingPlan) -> None:
    """Drop a plan that is not published. Raises StateError for one that is or was."""
    if plan.status in (Status.PUBLISHED, Status.REPLACED):
        raise StateError(_("A plan that was published stays in the history: publish another one instead."))
    plan.delete()


# on the day


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who is not there from a slot to another (None: to the end)."""

    participant: Participant
    first: int = 1
    last: int | None = None


@verb("plan.revise", on="plan")
def revise(
    *,
    actor: Actor,
    plan: MeetingPlan,
    now: int = 1,
    missing: Sequence[Missing] = (),
    cancelled: Sequence[Meeting] = (),
    refill: bool = True,
) -> MeetingPlan:
    """Plan the published meetings anew with as few changes as can be, to be looked at and then published; takes at most about two seconds.

    Taken into account besides what is given: wishes stated and participants approved since, meetings and participations that were
    cancelled, and times that participants said they are not there. Raises StateError for a plan that is not the published one.
    """
    if plan.status != Status.PUBLISHED:
        raise StateError(_("Only published meetings are planned anew."), mend=_("Publish a plan first."))
    edition = plan.edition
    published = forum_of(plan)
    changes = _changes(edition, plan, published, now, missing, cancelled, refill)
    try:
        revision = forum.replan(published, held_of(plan), changes)
    except InputError as error:
        raise StateError(_("The meetings could not be planned anew: %(why)s") % {"why": error.message}) from error
    made = _new_plan(actor, edition)
    made.base, made.status = plan, Status.MADE
    made.problem = plain(revision.forum)
    made.answer = {"status": "revised", "meetings": msgspec.to_builtins(revision.meetings), "seconds": revision.seconds}
    made.revision = {
        "changes": plain(changes),
        "moved": msgspec.to_builtins(revision.moved),
        "dropped": list(revision.dropped),
        "placed": list(revision.placed),
        "changed": revision.changes,
        "bound": revision.bound,
        "reasons": msgspec.to_builtins(revision.reasons),
    }
    made.save()
    audit.changed(made)
    _forget_old(edition)
    return made


def _changes(
    edition: Edition,
    plan: MeetingPlan,
    published: Forum,
    now: int,
    missing: Sequence[Missing],
    cancelled: Sequence[Meeting],
    refill: bool,
) -> Changes:
    """All that is different from what was planned."""
    fresh = problem_of(edition)
    known = {one.id for one in published.people}
    requests = {one.id for one in published.requests}
    gone = {request_id(one.first_id, one.second_id) for one in cancelled}
    gone |= _cancelled_since(edition, plan, published)
    people = {one.id: one for one in fresh.people}
    people |= {
        one: _person(edition, one)
        for one in (person_id(each.participant.pk) for each in missing)
        if one not in people | dict.fromkeys(known)
    }
    added = tuple(one for one in fresh.requests if one.id not in requests)
    return Changes(
        now=now,
        absences=(
            *_absences(edition, published),
            *(Absence(person_id(one.participant.pk), one.first, one.last) for one in missing),
        ),
        people=tuple(one for one in people.values() if one.id not in known),
        added=tuple(
            msgspec.structs.replace(one, after=tuple(each for each in one.after if each in requests)) for one in added
        ),
        cancelled=tuple(sorted(gone & requests)),
        refill=refill,
    )


def _person(edition: Edition, name: str) -> forum.Person:
    return person_of(Participant.objects.get(pk=key_of(name)), edition)


def _cancelled_since(edition: Edition, plan: MeetingPlan, published: Forum) -> set[str]:
    """Requests of meetings that a side took back, of people who cancelled, and of pairs that say no by now."""
    rows = edition.meetings.filter(status=Meeting.Status.CANCELLED).exclude(reason__in=("absent", "replanned"))
    gone = {request_id(*pair) for pair in rows.values_list("first_id", "second_id")}
    out = {
        person_id(key)
        for key in edition.participants.exclude(status=Participant.Status.APPROVED).values_list("pk", flat=True)
    }
    gone |= {one.id for one in published.requests if {one.first, one.second} & out}
    refused = edition.wishes.filter(kind="no").values_list("by_id", "about_id")
    return gone | {request_id(*pair) for pair in refused}


def _absences(edition: Edition, published: Forum) -> list[Absence]:
    """Times that participants have said since that they are not there."""
    before = {one.id: set(one.unavailable) for one in published.people}
    said = edition.participants.exclude(unavailable=[]).values_list("pk", "unavailable")
    return [
        Absence(person_id(key), slot, slot)
        for key, slots in said
        if person_id(key) in before
        for slot in sorted(set(slots) - before[person_id(key)])
    ]
