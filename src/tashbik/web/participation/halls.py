"""The halls and the door: screens that renew themselves, the door's list, what a badge's code opens. Not who meets whom (exchange.queries)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import NotFoundError, StateError
from tashbik.exchange.models import EditionSession, Participant
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries import participation as queries
from tashbik.exchange.queries import participation_halls as halls
from tashbik.exchange.verbs import attendance as verbs
from tashbik.web.participation.showing import language_names
from tashbik.web.request import Request

RENEWED = 30
"""Seconds after which a screen loads itself anew."""
ON_A_SCREEN = 8
"""Tables that fit on a screen so that they are read from ten metres; with more of them, free ones are left out and the screen turns pages."""
TURNED = 12
"""Seconds for which a page of several stands."""
ON_A_PAGE = 50


@require_GET
def screens(request: Request, code: str) -> HttpResponse:
    """The addresses of the hall screens, for who puts them up."""
    edition = queries.find_edition(request.actor, code)
    require(request.actor, "attendance.see", edition)
    token = halls.screen_of(edition)
    address = request.build_absolute_uri(reverse("participation:screen", args=[token]))
    rows = [
        (one, request.build_absolute_uri(reverse("participation:screen-of", args=[token, one.pk])))
        for one in halls.halls(edition)
    ]
    return render(request, "participation/screens.html", {"edition": edition, "address": address, "rows": rows})


@require_GET
def screen(request: Request, token: str, hall: int | None = None) -> HttpResponse:
    """The screen of a hall: who meets at which table now, and who comes next."""
    edition = halls.edition_of_screen(token)
    rooms = {one.pk: one for one in halls.halls(edition)}
    if hall is not None and hall not in rooms:
        raise NotFoundError(
            _("There is no screen under this address."), mend=_("Ask the organiser for the address again.")
        )
    shown = halls.screen(edition, rooms[hall] if hall is not None else None)
    busy = [one for one in shown.rows if one.now or one.next]
    rows = busy if len(shown.rows) > ON_A_SCREEN else shown.rows
    page = Paginator(rows, ON_A_SCREEN).get_page(request.GET.get("page"))
    several = page.paginator.num_pages > 1
    following = page.next_page_number() if page.has_next() else 1
    context = {
        "edition": edition,
        "screen": shown,
        "page": page,
        "renewed": f"{TURNED};url=?page={following}" if several else str(RENEWED),
    }
    response = render(request, "participation/screen.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
def door(request: Request, code: str) -> HttpResponse:
    """Who is expected at the door, and who has come."""
    edition = queries.find_edition(request.actor, code)
    text, view = request.GET.get("q", "")[:100], request.GET.get("view", "")
    found = halls.door_list(request.actor, edition, text=text, view=view)
    here, expected = halls.at_the_door(request.actor, edition)
    context = {
        "edition": edition,
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "here": here,
        "expected": expected,
        "text": text,
        "view": view,
        "views": _views(code, view, here, expected),
        "sessions": halls.sessions_with_attendance(request.actor, edition),
        "at_session": (request.session.get("door") or {}).get("session"),
    }
    return render(request, "participation/door.html", context)


def _views(code: str, view: str, here: int, expected: int) -> list[dict[str, object]]:
    address = reverse("participation:door", args=[code])
    names = (("", _("All"), expected), ("missing", _("Not here yet"), expected - here), ("here", _("Here"), here))
    return [
        {"label": label, "url": f"{address}?view={name}", "current": name == view, "count": count}
        for name, label, count in names
    ]


@require_POST
def at_session(request: Request, code: str) -> HttpResponse:
    """Choose what the badges scanned on this device are marked for: a session, or the door; kept in the session of the device."""
    edition = queries.find_edition(request.actor, code)
    require(request.actor, "attendance.mark", edition)
    number = request.POST.get("session", "")
    found = edition.sessions.filter(pk=int(number)).first() if number.isdecimal() else None
    request.session["door"] = {"edition": edition.pk, "session": found.pk if found else None}
    where = found.title if found else None
    text = (
        _("Badges that are scanned are marked at this session.")
        if where
        else _("Badges that are scanned are marked at the door.")
    )
    messages.success(request, text)
    return _back(reverse("participation:door", args=[code]))


@require_http_methods(["GET", "POST"])
def badge(request: Request, badge: str) -> HttpResponse:
    """What the code on a badge opens: for door staff the participant with one button; for others nothing about the person."""
    participant = halls.find_badge(badge)
    edition = participant.edition
    if not may(request.actor, "attendance.mark", participant):
        return render(request, "participation/badge_of_another.html", {"edition": edition, "badge": badge})
    session = _session_of(request, participant)
    if request.method == "POST":
        return _mark(request, participant, session)
    context = {
        "participant": participant,
        "edition": edition,
        "session": session,
        "at_session": bool(session and participant.attendances.filter(session=session).exists()),
        "approved": participant.status == Participant.Status.APPROVED,
        "languages": language_names(participant.languages),
    }
    return render(request, "participation/badge.html", context)


def _session_of(request: Request, participant: Participant) -> EditionSession | None:
    """The session that this device marks badges for, if it is of the participant's edition."""
    chosen = request.session.get("door") or {}
    if chosen.get("edition") != participant.edition_id or not chosen.get("session"):
        return None
    return EditionSession.objects.filter(pk=chosen["session"], edition=participant.edition_id).first()


def _mark(request: Request, participant: Participant, session: EditionSession | None) -> HttpResponse:
    values = {"name": participant.name}
    try:
        if "undo" in request.POST:
            verbs.undo(actor=request.actor, participant=participant)
            messages.success(request, _("%(name)s is no longer marked as here.") % values)
        elif session is not None:
            new = verbs.attend(actor=request.actor, session=session, participant=participant)
            text = _("%(name)s is marked at this session.") if new else _("%(name)s was marked at this session before.")
            messages.success(request, text % values)
        else:
            new = verbs.mark(actor=request.actor, participant=participant)
            text = _("%(name)s is marked as here.") if new else _("%(name)s was marked as here before.")
            messages.success(request, text % values)
    except StateError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    back = request.POST.get("next", "")
    if back.startswith(reverse("participation:door", args=[participant.edition.code])):
        return _back(back)
    return _back(reverse("participation:badge", args=[participant.badge]))


def _back(address: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
