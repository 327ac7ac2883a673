"""Reminding enterprises to verify data that have become old: by hand, and once a day. Not the message's text (messages.py)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import note, verb
from tashbik.exchange.jobs import Work, enqueue_once, handles
from tashbik.exchange.models import Enterprise, Exchange, Mail, Role
from tashbik.exchange.queries.moderation import REVERIFY_AFTER

KIND = "enterprise.remind"
AGAIN_AFTER = timedelta(days=91)
"""Time between two reminders of one enterprise: a quarter, so that it is not pressed."""
AT_ONCE = 200
"""Enterprises reminded in one go, so that one transaction stays short; the next day's job takes the others."""


@verb("enterprise.remind", on="exchange")
def remind(*, actor: Actor, exchange: Exchange, months: int = 6, today: date | None = None) -> int:
    """Write to enterprises whose data are older than so many months and that were not reminded this quarter; returns to how many.

    Raises StateError for a number of months below one.
    """
    if months < 1:
        raise StateError(_("Choose an age of at least one month."))
    day = today or date.today()
    limit = day - (REVERIFY_AFTER * months / 6)
    old = Q(verified_on__lt=limit) | Q(verified_on__isnull=True, as_of__lt=limit) | Q(verified_on=None, as_of=None)
    reminded = Mail.objects.filter(
        kind=KIND, about_kind="enterprise", exchange=exchange, created__gt=timezone.now() - AGAIN_AFTER
    )
    reachable = Q(memberships__role=Role.MEMBER) | Q(record__contacts__icontains="@")
    due = Enterprise.objects.filter(old, reachable, exchange=exchange, status=Enterprise.Status.PUBLISHED).distinct()
    due = due.exclude(pk__in=reminded.values("about_id")).order_by("as_of", "pk").select_related("exchange")[:AT_ONCE]
    count = sum(_write_to(enterprise) for enterprise in due)
    note(f"{count} enterprises")
    return count


def _write_to(enterprise: Enterprise) -> bool:
    """Whether there is anyone to write to: members, or a contact of the record; officers are not reminded of others' work."""
    people = [one for one in messages.people_of_enterprise(enterprise) if not one.instead_of]
    messages.tell(
        people,
        kind=KIND,
        exchange=enterprise.exchange,
        about=enterprise,
        enterprise=enterprise.name,
        as_of=enterprise.as_of,
        page="editing:verify",
        arguments=(enterprise.code,),
    )
    return bool(people)


@handles("register.remind")
def remind_all(work: Work) -> None:
    """Once a day, for every exchange; puts itself on the queue for the next day."""
    exchanges = list(Exchange.objects.order_by("pk"))
    for number, exchange in enumerate(exchanges, 1):
        remind(actor=SYSTEM, exchange=exchange)
        work.report(number, len(exchanges))
    enqueue_once("register.remind", run_at=timezone.now() + timedelta(days=1))
