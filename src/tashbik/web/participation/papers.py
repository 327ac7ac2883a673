"""What the public and participants print or save: programme, agenda, calendar, letter. Not what the organiser prints (printed.py)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tashbik.errors import StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Edition, EditionBody, Participant
from tashbik.exchange.queries import participation as queries
from tashbik.web.participation import access
from tashbik.web.participation.calendar import KIND, as_calendar
from tashbik.web.participation.qr import address_of
from tashbik.web.participation.showing import why
from tashbik.web.printing import attachment, pdf, pdf_response
from tashbik.web.request import Request


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
    participant = queries.participant_of_calendar(token)
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
