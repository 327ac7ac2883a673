"""From adoption to the end: recommendations assigned, reported on, closed, dropped, opened again. Not drafting (recommendations.py) nor evidence (evidence.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError
from tashbik.exchange import messages
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.jobs import enqueue_once
from tashbik.exchange.messages import Recipient
from tashbik.exchange.models import Evidence, Exchange, Progress, Recommendation, Role, User
from tashbik.exchange.owner_link import token_of
from tashbik.exchange.recommendation_sheet import Task, check_task, check_value, write_indicator
from tashbik.exchange.storing import expect_version
from tashbik.exchange.verbs.recommendations import LONGEST_NOTE, expect, moved, reason_given, saved, today

Status = Recommendation.Status
REMINDING = "recommendations.remind"
"""The kind of job that reminds owners once a day: see recommendation_reminders.py."""
TITLE = 90
"""Letters of a recommendation's text in the subject of a message."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an owner reports: words, the indicator's value on a day, what shows it, and whether it is done."""

    words: str
    on: date | None = None
    value: Decimal | None = None
    address: str = ""
    evidence: Evidence | None = None
    done: bool = False


@verb("recommendation.assign", on="recommendation")
def assign(*, actor: Actor, recommendation: Recommendation, version: int, task: Task) -> Recommendation:
    """Give an adopted recommendation an owner, a deadline and an indicator, or change them. The owner is told.

    Raises ConflictError, StateError, InvalidError by field (recommendation_sheet.check_task).
    """
    expect_version(recommendation, version)
    expect(
        recommendation,
        *(Status.ADOPTED, Status.ASSIGNED, Status.UNDER_WAY),
        text=_("Only adopted recommendations that are not ended are assigned."),
    )
    check_task(task, recommendation, today())
    recommendation.organisation = task.organisation
    named = task.organisation is None
    recommendation.owner_name = task.name.strip() if named else ""
    recommendation.owner_email = task.email.strip() if named else ""
    recommendation.owner_language = task.language if named else recommendation.owner_language
    recommendation.deadline, recommendation.assigned = task.deadline, timezone.now()
    write_indicator(recommendation, task.indicator)
    if recommendation.status == Status.ADOPTED:
        moved(recommendation, Status.ASSIGNED, note=recommendation.owner)
    saved(recommendation)
    tell_owner(recommendation, "recommendation.assigned", deadline=recommendation.deadline)
    enqueue_once(REMINDING)
    return recommendation


@verb("recommendation.report", on="recommendation")
def report(*, actor: Actor, recommendation: Recommendation, report: Report) -> Progress:
    """Keep a report of the owner (or the organiser for them); the organiser's side is told.

    Raises StateError unless it is assigned or under way, InvalidError (`words`, `on`, `value`, `address`, `evidence`).
    """
    expect(
        recommendation,
        *(Status.ASSIGNED, Status.UNDER_WAY, Status.DONE),
        text=_("Progress is reported on recommendations that are assigned and not ended."),
    )
    day = report.on or today()
    _check_report(report, recommendation, day)
    progress = Progress.objects.create(
        recommendation=recommendation,
        on=day,
        words=report.words.strip(),
        value=report.value,
        evidence=report.evidence,
        address=report.address,
        by=actor.user,
    )
    changed(progress)
    if report.value is not None and (recommendation.value_on is None or recommendation.value_on <= day):
        recommendation.value, recommendation.value_on = report.value, day
    status = Status.DONE if report.done else Status.UNDER_WAY
    if recommendation.status != status:
        moved(recommendation, status, on=day)
    saved(recommendation)
    kind = "recommendation.done" if report.done else "recommendation.reported"
    _tell(organisers(recommendation.edition.exchange), recommendation, kind, message=progress.words)
    return progress


def _check_report(report: Report, recommendation: Recommendation, day: date) -> None:
    errors: dict[str, list[str]] = {}
    if not report.words.strip():
        errors["words"] = [_("Say in a few words what was done.")]
    elif len(report.words) > LONGEST_NOTE:
        errors["words"] = [_("Write at most %(count)d characters.") % {"count": LONGEST_NOTE}]
    if day > today() or (recommendation.adopted is not None and day < recommendation.adopted):
        errors["on"] = [_("The day must lie between the adoption and today.")]
    if report.address:
        try:
            URLValidator(schemes=("http", "https"))(report.address)
        except ValidationError:
            errors["address"] = [_("Write an address like https://example.org/report.")]
    if report.evidence is not None and report.evidence.recommendation_id != recommendation.pk:
        errors["evidence"] = [_("Choose evidence of this recommendation.")]
    check_value(errors, "value", report.value)
    if errors:
        raise InvalidError(errors, _("The report was not kept."))


@verb("recommendation.close", on="recommendation")
def close(
    *,
    actor: Actor,
    recommendation: Recommendation,
    version: int,
    result: str,
    value: Decimal | None = None,
    on: date | None = None,
) -> Recommendation:
    """End a recommendation that was carried out, with its result in words and the indicator's last value. The owner is told.

    Raises ConflictError, StateError, InvalidError (`result`, `value`, `on`).
    """
    expect_version(recommendation, version)
    expect(
        recommendation,
        *(Status.ASSIGNED, Status.UNDER_WAY, Status.DONE),
        text=_("Only a recommendation that is assigned and not ended is closed."),
    )
    day, words = on or today(), result.strip()
    errors: dict[str, list[str]] = {}
    if not words or len(words) > LONGEST_NOTE:
        errors["result"] = [_("Say what was achieved, in at most %(count)d characters.") % {"count": LONGEST_NOTE}]
    if day > today() or (recommendation.adopted is not None and day < recommendation.adopted):
        errors["on"] = [_("The day must lie between the adoption and today.")]
    check_value(errors, "value", value)
    if errors:
        raise InvalidError(errors, _("The recommendation was not closed."))
    if value is not None:
        recommendation.value, recommendation.value_on = value, day
    recommendation.result, recommendation.closed = words, day
    moved(recommendation, Status.CLOSED, on=day, note=words)
    saved(recommendation)
    tell_owner(recommendation, "recommendation.ended", reason=words)
    return recommendation


@verb("recommendation.drop", on="recommendation")
def drop(*, actor: Actor, recommendation: Recommendation, version: int, reason: str) -> Recommendation:
    """Give up an adopted recommendation, and say why. The owner is told."""
    expect_version(recommendation, version)
    expect(recommendation, *Recommendation.OPEN, text=_("Only adopted recommendations that are not ended are dropped."))
    given = reason_given(reason, _("The recommendation was not dropped."))
    moved(recommendation, Status.DROPPED, note=given)
    saved(recommendation)
    tell_owner(recommendation, "recommendation.ended", reason=given)
    return recommendation


@verb("recommendation.reopen", on="recommendation")
def reopen(*, actor: Actor, recommendation: Recommendation, version: int, reason: str) -> Recommendation:
    """Take up again what was reported as done, closed or dropped, or make a draft again of what was not adopted; and say why."""
    expect_version(recommendation, version)
    expect(
        recommendation,
        *(Status.DONE, Status.CLOSED, Status.DROPPED, Status.REJECTED),
        text=_("The recommendation is open."),
    )
    given = reason_given(reason, _("The recommendation was not opened again."))
    recommendation.closed, recommendation.result = None, ""
    moved(recommendation, _where_it_was(recommendation), note=given)
    return saved(recommendation)


def _where_it_was(recommendation: Recommendation) -> str:
    if recommendation.status == Status.REJECTED:
        return Status.DRAFTED
    if recommendation.reports.exists():
        return Status.UNDER_WAY
    return Status.ASSIGNED if recommendation.assigned else Status.ADOPTED


# who is told


def tell_owner(recommendation: Recommendation, kind: str, **values: object) -> int:
    """Write to the owner; returns to how many addresses."""
    people = owners(recommendation)
    _tell(people, recommendation, kind, **values)
    return len(people)


def owners(recommendation: Recommendation) -> list[Recipient]:
    """Who is written to: the organisation's users, or else its address; or the address of the body that was named."""
    organisation = recommendation.organisation
    if organisation is None:
        address = recommendation.owner_email
        return [Recipient(address, recommendation.owner_language)] if address else []
    users = User.objects.filter(is_active=True, memberships__organisation=organisation).distinct().order_by("pk")
    found = [Recipient(one.email, one.language) for one in users]
    return found or ([Recipient(organisation.email, organisation.language)] if organisation.email else [])


def organisers(exchange: Exchange) -> list[Recipient]:
    """The forum's organisers at an exchange; without any, its officers."""
    users = User.objects.filter(is_active=True, memberships__exchange=exchange, memberships__role=Role.ORGANISER)
    found = [Recipient(one.email, one.language) for one in users.distinct().order_by("pk")]
    return found or messages.officers_of(exchange)


def title_of(recommendation: Recommendation, language: str) -> str:
    """Number and the beginning of the text, for the subject of a message."""
    words = recommendation.words("text", language)
    short = words if len(words) <= TITLE else words[:TITLE].rsplit(" ", 1)[0] + " …"
    return f"{recommendation.reference}: {short}"


def _tell(people: list[Recipient], recommendation: Recommendation, kind: str, **values: object) -> None:
    """Owners with an account are led to the page; a body without one to the page of its own link."""
    by_link = recommendation.organisation_id is None and kind not in ("recommendation.reported", "recommendation.done")
    ended = recommendation.status not in Recommendation.OPEN
    messages.tell(
        people,
        kind=kind,
        exchange=recommendation.edition.exchange,
        about=recommendation,
        title=lambda language: title_of(recommendation, language),
        page="recommendations:by_link" if by_link and not ended else "recommendations:page",
        arguments=(token_of(recommendation),)
        if by_link and not ended
        else (recommendation.edition.code, recommendation.number),
        **values,
    )
