"""Reminding the owners of recommendations: before the deadline and when it is past, once a day by a job, or by hand. Not the messages' texts."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import StateError
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.jobs import Work, enqueue_once, handles
from tashbik.exchange.models import DeadlineReminder, Recommendation
from tashbik.exchange.verbs.recommendation_work import REMINDING, owners, tell_owner
from tashbik.exchange.verbs.recommendations import expect, today

BEFORE = (30, 7)
"""Days before a deadline on which the owner is reminded."""
EVERY = 30
"""Days between two reminders once the deadline is past."""
LAST = 12
"""Reminders after the deadline; then it is for the organiser to act."""
AT_ONCE = 200
EXPECTED = (Recommendation.Status.ASSIGNED, Recommendation.Status.UNDER_WAY)


def stage_of(deadline: date, day: date) -> str:
    """The stage of a deadline on a day: `before-30`, `before-7`, `overdue-0` and so on; empty where nobody is to be reminded."""
    left = (deadline - day).days
    if left >= 0:
        near = [one for one in BEFORE if left <= one]
        return f"before-{min(near)}" if near else ""
    number = (-left - 1) // EVERY
    return f"overdue-{number}" if number < LAST else ""


@verb("recommendation.remind", on="recommendation")
def remind(*, actor: Actor, recommendation: Recommendation, day: date | None = None) -> int:
    """Remind the owner of the deadline; returns to how many addresses. Each stage of a deadline is told once.

    Raises StateError where nobody is expected to do anything, nobody can be reached, or the owner was reminded on this day.
    """
    now = day or today()
    expect(recommendation, *EXPECTED, text=_("The owner of this recommendation is not expected to report now."))
    if recommendation.deadline is None or not owners(recommendation):
        raise StateError(
            _("There is no address to write to."), mend=_("Assign the recommendation anew, with an address.")
        )
    if recommendation.reminders.filter(on=now).exists():
        raise StateError(_("The owner was reminded today already."))
    stage = stage_of(recommendation.deadline, now)
    told = recommendation.reminders.filter(deadline=recommendation.deadline, stage=stage).exists()
    kept = DeadlineReminder.objects.create(
        recommendation=recommendation,
        deadline=recommendation.deadline,
        stage=f"hand-{now:%Y%m%d}" if told or not stage else stage,
        on=now,
    )
    changed(kept)
    left = (recommendation.deadline - now).days
    kind = "recommendation.overdue" if left < 0 else "recommendation.due"
    return tell_owner(recommendation, kind, deadline=recommendation.deadline, days=abs(left))


def due(day: date) -> list[Recommendation]:
    """Recommendations whose owner is to be reminded on a day: those of a stage that was not told yet."""
    horizon = day + timedelta(days=max(BEFORE))
    reachable = Q(organisation__isnull=False) | ~Q(owner_email="")
    rows = Recommendation.objects.filter(reachable, status__in=EXPECTED, deadline__lte=horizon)
    rows = rows.select_related("edition__exchange", "organisation").prefetch_related("reminders").order_by("deadline")
    return [one for one in rows if _is_due(one, day)][:AT_ONCE]


def _is_due(one: Recommendation, day: date) -> bool:
    stage = stage_of(one.deadline, day) if one.deadline else ""
    told = {(kept.deadline, kept.stage) for kept in one.reminders.all()}
    today_already = any(kept.on == day for kept in one.reminders.all())
    return bool(stage) and (one.deadline, stage) not in told and not today_already and bool(owners(one))


@handles(REMINDING)
def remind_all(work: Work) -> None:
    """Once a day; puts itself on the queue for the next day. What was ended, or reminded by hand, in the meantime is passed over."""
    found = due(today())
    for number, one in enumerate(found, 1):
        with suppress(StateError):
            remind(actor=SYSTEM, recommendation=one)
        work.report(number, len(found))
    enqueue_once(REMINDING, run_at=timezone.now() + timedelta(days=1))
