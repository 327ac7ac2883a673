"""What a side says of a meeting once it has begun: whether it took place, what came of it, the next step, later the value of orders. Not what is made of it (queries)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, NotPermittedError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import Meeting, MeetingFeedback, Participant
from tashbik.exchange.permissions import require
from tashbik.exchange.pricing import CURRENCIES
from tashbik.exchange.queries import participation_tasks, participation_ties  # noqa: F401  # they register themselves
from tashbik.exchange.queries.participation import span_of

MOST_VALUE = Decimal(10) ** 14
"""Values of orders lie below this: what the column holds."""
_OUTCOMES = frozenset(MeetingFeedback.Outcome.values)
_NOTHING_SAID = {
    "outcome": "", "next_step": "", "next_by": None, "order_value": None, "currency": "", "rating": None
}  # fmt: skip


@verb("feedback.give", on="meeting")
def give(
    *,
    actor: Actor,
    meeting: Meeting,
    by: Participant,
    happened: bool,
    outcome: str = "",
    next_step: str = "",
    next_by: date | None = None,
    order_value: Decimal | None = None,
    currency: str = "",
    rating: int | None = None,
    now: datetime | None = None,
) -> MeetingFeedback:
    """Say, or say anew, what came of a meeting for one of its sides. The meeting counts as held as soon as one side says so.

    Raises StateError before the meeting has begun or where it was cancelled, InvalidError for values (fields outcome, next_step, order_value,
    currency, rating), NotPermittedError for who is not that side.
    """
    require(actor, "feedback.give", by)
    if by.pk not in (meeting.first_id, meeting.second_id):
        raise NotPermittedError(_("Only the two sides of a meeting say what came of it."))
    _expect_begun(meeting, now or timezone.now())
    values: dict[str, Any] = dict(_NOTHING_SAID)
    if happened:
        values |= {"outcome": outcome, "next_step": next_step.strip(), "next_by": next_by, "rating": rating}
        values |= {"order_value": order_value, "currency": currency if order_value is not None else ""}
    if happened and (errors := _errors_of(values)):
        raise InvalidError(errors, _("This was not kept: some values need a correction."))
    feedback = MeetingFeedback.objects.filter(meeting=meeting, by=by).first()
    before = feedback.snapshot() if feedback else None
    feedback = feedback or MeetingFeedback(meeting=meeting, by=by)
    feedback.happened = happened
    for name, value in values.items():
        setattr(feedback, name, value)
    feedback.save()
    changed(feedback, before)
    _restate(meeting)
    return feedback


def _expect_begun(meeting: Meeting, now: datetime) -> None:
    if meeting.status == Meeting.Status.CANCELLED:
        raise StateError(_("This meeting was cancelled."), mend=_("Your agenda shows the meetings that stand."))
    if span_of(meeting.edition, meeting.slot)[0] > now:
        raise StateError(
            _("This meeting has not begun yet."), mend=_("Come back once it has taken place; the agenda leads here.")
        )


def _errors_of(values: dict[str, Any]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if values["outcome"] not in _OUTCOMES:
        errors["outcome"] = [_("Say what came of the meeting.")]
    worth, currency, rating = values["order_value"], values["currency"], values["rating"]
    if isinstance(worth, Decimal):
        if not 0 < worth < MOST_VALUE:
            errors["order_value"] = [_("The value must be more than zero.")]
        if currency not in CURRENCIES:
            errors["currency"] = [_("Choose the currency of the value.")]
        if values["outcome"] == MeetingFeedback.Outcome.NOTHING:
            errors["outcome"] = [_("Orders came of it, so choose another outcome, or leave the value empty.")]
    if isinstance(rating, int) and not 1 <= rating <= 5:
        errors["rating"] = [_("Choose from 1 to 5.")]
    if len(str(values["next_step"])) > 300:
        errors["next_step"] = [_("At most 300 characters.")]
    return errors


def _restate(meeting: Meeting) -> None:
    """Held where a side says so, missed where those who spoke say that it did not take place."""
    held = MeetingFeedback.objects.filter(meeting=meeting, happened=True).exists()
    status = Meeting.Status.HELD if held else Meeting.Status.MISSED
    if meeting.status != status:
        meeting.status = status
        meeting.save(update_fields=["status", "changed"])
