"""How a participant's facts are told: why a meeting was planned, what is due, the sections of their pages. Not the facts (exchange.queries)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tashbik.exchange.models import Meeting, MeetingWish, Participant
from tashbik.exchange.models.editions import said
from tashbik.exchange.queries.participation import Appointment
from tashbik.web import reading

ASKED = (MeetingWish.Kind.MUST, MeetingWish.Kind.WANT)


def digits_of(request: Any) -> str:
    """The reader's digits: latn or arab."""
    user = request.actor.user
    return str(user.digits) if user else "latn"


def why(one: Appointment) -> list[str]:
    """Why a meeting was planned, in sentences: who asked for it, and the engine's reason."""
    reasons = [_asked(one.wished in ASKED, one.wished_by)]
    if one.reason:
        reasons.append(said(one.reason, reading.language()))
    if one.met_before:
        reasons.append(_("You have met before."))
    return [text for text in reasons if text]


def _asked(mine: bool, theirs: bool) -> str:
    if mine and theirs:
        return _("Both of you asked for this meeting.")
    if mine:
        return _("You asked for this meeting.")
    return _("They asked to meet you.") if theirs else ""


def state_of(one: Appointment, now: datetime) -> tuple[str, str]:
    """The state of a meeting in words, with the kind of tag; nothing for one to come."""
    status = one.meeting.status
    if status in (Meeting.Status.HELD, Meeting.Status.MISSED, Meeting.Status.CANCELLED):
        kind = {"held": "done", "missed": "attention", "cancelled": "wrong"}[status]
        return one.meeting.get_status_display(), kind
    if one.starts <= now < one.ends:
        return _("now"), "now"
    return "", ""


def sections(participant: Participant, current: str, *, counts: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """The sections of a participant's pages, for tabs."""
    names = {
        "agenda": _("My agenda"),
        "partners": _("Whom to meet"),
        "absence": _("Absence"),
        "papers": _("My documents"),
    }
    return [
        {
            "label": label,
            "url": reverse(f"participation:{name}", args=[participant.badge]),
            "current": name == current,
            "count": (counts or {}).get(name, 0),
        }
        for name, label in names.items()
    ]


def language_names(codes: list[str]) -> str:
    """Languages by name, as one phrase."""
    names = reading.locale_of(reading.language()).languages
    return reading.listed([str(names.get(code, code)) for code in codes])
