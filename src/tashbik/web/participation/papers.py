"""What is printed or saved of an edition: programme, agendas, calendars, letters, badges, lists for halls and door. Not the pages (mine, public, halls)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Edition, EditionBody, Meeting, Participant
from tashbik.exchange.queries import participation as queries
from tashbik.exchange.queries import participation_halls as halls
from tashbik.web.participation import access
from tashbik.web.participation.calendar import KIND, as_calendar
from tashbik.web.participation.qr import address_of, qr_svg
from tashbik.web.participation.showing import language_names, why
from tashbik.web.printing import attachment, pdf, pdf_response
from tashbik.web.request import Request

MOST_BADGES = 1_000
BADGES_IN_A_ROW, ROWS_OF_BADGES = 2, 4


@require_GET
def programme(request: Request, code: str) -> HttpResponse:
    """The programme of an edition."""
    edition = queries.find_edition(request.actor, code)
    bodies = [(EditionBody.Part(part).label, rows) for part, rows in _bodies(edition).items()]
    context = {"edition": edition, "days": queries.programme(edition), "bodies": bodies}
    return pdf_response(request, "participation/printed/programme.html", context, name=f"programme-{code}")


def _bodies(edition: Edition) -> dict[str, list[EditionBody]]:
    found: dict[str, list[EditionBody]] = {}
    for one in edition.bodies.all():
        found.setdefault(one.part, []).append(one)
    return found


@require_GET
def agenda(request: Request, badge: str) -> HttpResponse:
    """A participant's agenda."""
    actor, participant = access.participant_of(request, badge)
    rows = [(one, why(one)) for one in queries.agenda(actor, participant)]
    context = {"participant": participant, "edition": participant.edition, "rows": rows, "at": timezone.now()}
    return pdf_response(request, "participation/printed/agenda.html", context, name=f"agenda-{badge}")


@require_GET
def calendar(request: Request, badge: str) -> HttpResponse:
    """A participant's agenda for a calendar."""
    actor, participant = access.participant_of(request, badge)
    return _calendar(request, actor, participant)


@require_GET
def subscribed(request: Request, token: str) -> HttpResponse:
    """The same by the signed link alone, for calendars that fetch it by themselves."""
    participant = queries.participant_of(token)
    with translation.override(participant.language):
        return _calendar(request, queries.acting_for(request.actor, participant), participant)


def _calendar(request: HttpRequest, actor: Actor, participant: Participant) -> HttpResponse:
    found = queries.agenda(actor, participant, cancelled=True)
    content = as_calendar(participant, found, address=address_of(request, "agenda", participant.badge))
    return attachment(content, KIND, f"{participant.edition.code}.ics")


@require_GET
def letter(request: Request, badge: str) -> HttpResponse:
    """The letter of invitation, in the participant's language whatever the page's is. Raises StateError before the participation is confirmed."""
    _actor, participant = access.participant_of(request, badge)
    if participant.status != Participant.Status.APPROVED:
        raise StateError(
            _("The letter is written once the participation is confirmed."), mend=_("The organiser decides on it.")
        )
    return attachment(letter_pdf(participant), "application/pdf", f"invitation-{participant.badge}.pdf")


def letter_pdf(participant: Participant) -> bytes:
    """The letter of invitation as PDF, in the participant's language."""
    edition, language = participant.edition, participant.language
    context = {
        "participant": participant,
        "edition": edition,
        "at": timezone.now(),
        "hosts": [one for one in edition.bodies.all() if one.part in ("host", "organiser")],
    }
    return pdf("participation/printed/letter.html", context, language=language)


# what the organiser prints


@dataclass(frozen=True, slots=True)
class Printed:
    """Something that is printed for an edition: its template, and what stands in it."""

    template: str
    content: Callable[[Request, Edition], dict[str, Any]]


def _badges(request: Request, edition: Edition) -> dict[str, Any]:
    numbers = [int(one) for one in request.GET.getlist("participant") if one.isdigit()]
    found = halls.badges(request.actor, edition, numbers or None)
    if len(found) > MOST_BADGES:
        raise StateError(
            _("More than %(most)d badges at once are too many.") % {"most": MOST_BADGES},
            mend=_("Choose some participants in the list."),
        )
    if not found:
        raise StateError(_("There are no badges to print."), mend=_("Approve participants first."))
    cards = [(one, qr_svg(address_of(request, "badge", one.badge), title=one.badge)) for one in found]
    rows = [cards[at : at + BADGES_IN_A_ROW] for at in range(0, len(cards), BADGES_IN_A_ROW)]
    return {"pages": [rows[at : at + ROWS_OF_BADGES] for at in range(0, len(rows), ROWS_OF_BADGES)]}


def _door(request: Request, edition: Edition) -> dict[str, Any]:
    found = halls.door_list(request.actor, edition)
    return {"rows": [(one, language_names(one.languages)) for one in found]}


def _tables(request: Request, edition: Edition) -> dict[str, Any]:
    return {"days": halls.table_days(request.actor, edition)}


def _agendas(request: Request, edition: Edition) -> dict[str, Any]:
    """The agendas of all who have meetings, for the folders given out at the desk."""
    people = halls.badges(request.actor, edition)
    meetings = queries.meetings_of(people).exclude(status=Meeting.Status.CANCELLED)
    by_person: dict[int, list[Meeting]] = {}
    for one in meetings:
        by_person.setdefault(one.first_id, []).append(one)
        by_person.setdefault(one.second_id, []).append(one)
    return {"people": [(one, by_person[one.pk]) for one in people if one.pk in by_person]}


PRINTED = {
    "badges": Printed("participation/printed/badges.html", _badges),
    "door": Printed("participation/printed/door.html", _door),
    "tables": Printed("participation/printed/tables.html", _tables),
    "agendas": Printed("participation/printed/agendas.html", _agendas),
}


@require_GET
def printed(request: Request, code: str, what: str) -> HttpResponse:
    """Badges, the door's list, the agendas by table or by person."""
    edition = queries.find_edition(request.actor, code)
    kind = PRINTED.get(what)
    if kind is None:
        raise NotFoundError(_("There is no such paper."))
    context = {"edition": edition, "at": timezone.now(), **kind.content(request, edition)}
    return pdf_response(request, kind.template, context, name=f"{what}-{code}")
