"""A participant's own pages, made for a phone: agenda, whom to meet, absence, feedback, papers. Not the public pages (public.py) nor files (papers.py)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ExchangeError, InvalidError, NotFoundError
from tashbik.exchange.models import Meeting, MeetingFeedback, MeetingWish, Participant
from tashbik.exchange.queries import participation as queries
from tashbik.exchange.queries import participation_partners as partner_queries
from tashbik.exchange.verbs import attendance as attendance_verbs
from tashbik.exchange.verbs import feedback as feedback_verbs
from tashbik.exchange.verbs import meetings as meeting_verbs
from tashbik.web.participation import access
from tashbik.web.participation.forms import AbsenceForm, FeedbackForm, slot_choices
from tashbik.web.participation.qr import address_of, qr_svg
from tashbik.web.participation.showing import digits_of, sections, state_of, why
from tashbik.web.refusals import show
from tashbik.web.request import Request


def on_to(page: str, *arguments: object, query: str = "") -> HttpResponseRedirect:
    """On to a page after something was done (303)."""
    response = HttpResponseRedirect(reverse(f"participation:{page}", args=arguments) + query)
    response.status_code = 303
    return response


@require_GET
def link(request: Request, token: str) -> HttpResponse:
    """A personal link: remember whose it is, then on to their agenda, in their language unless the browser has chosen one."""
    participant = queries.participant_of(token)
    access.remember(request, participant)
    response = on_to("agenda", participant.badge)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, participant.language, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
        )
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def leave(request: Request) -> HttpResponse:
    """Forget the personal links on this device."""
    access.forget(request)
    messages.success(request, _("This device no longer shows your pages. The link in your message opens them again."))
    return HttpResponseRedirect(reverse("home"))


@require_GET
def index(request: Request) -> HttpResponse:
    """The participations of who has signed in; straight to the agenda where there is one only."""
    found = queries.own_participations(request.actor)
    if len(found) == 1:
        return on_to("agenda", found[0].badge)
    return render(request, "participation/index.html", {"participations": found})


def _frame(request: Request, participant: Participant, current: str) -> dict[str, Any]:
    """What all of a participant's pages show."""
    return {
        "participant": participant,
        "edition": participant.edition,
        "sections": sections(participant, current),
        "by_link": access.by_link(request, participant),
        "approved": participant.status == Participant.Status.APPROVED,
    }


# the agenda


@require_GET
def agenda(request: Request, badge: str) -> HttpResponse:
    """The agenda of a day: the next meeting first, then the day with the sessions between."""
    actor, participant = access.participant_of(request, badge)
    edition, now = participant.edition, queries.local_now(participant.edition)
    found = queries.agenda(actor, participant, cancelled=True)
    standing = [one for one in found if one.meeting.status != Meeting.Status.CANCELLED]
    coming = next((one for one in standing if not one.ended(now)), None)
    programme = {one.day: one.sessions for one in queries.programme(edition)}
    days = sorted({*(one.starts.date() for one in found), *programme})
    day = _chosen(request.GET.get("day", ""), days, now, coming)
    context = _frame(request, participant, "agenda") | {
        "now": now,
        "next": _told(coming, now) if coming else None,
        "days": _day_tabs(participant, days, day),
        "day": day,
        "items": _items(standing, programme.get(day, []) if day else [], day, now),
        "cancelled": [one for one in found if one.meeting.status == Meeting.Status.CANCELLED],
        "unsaid": [_told(one, now) for one in standing if one.ended(now) and one.feedback is None],
        "meetings": len(standing),
        "published": edition.plans.filter(status="published").exists() or bool(found),
    }
    return render(request, "participation/agenda.html", context)


def _chosen(asked: str, days: list[date], now: datetime, coming: queries.Appointment | None) -> date | None:
    """The day asked for; else today, else that of the next meeting, else the first."""
    by_name = {one.isoformat(): one for one in days}
    if asked in by_name:
        return by_name[asked]
    if now.date() in days:
        return now.date()
    return coming.starts.date() if coming else (days[0] if days else None)


def _day_tabs(participant: Participant, days: list[date], chosen: date | None) -> list[dict[str, Any]]:
    address = reverse("participation:agenda", args=[participant.badge])
    return [{"day": one, "url": f"{address}?day={one.isoformat()}", "current": one == chosen} for one in days]


def _told(one: queries.Appointment, now: datetime) -> dict[str, Any]:
    """A meeting with what is told of it."""
    words, kind = state_of(one, now)
    return {"one": one, "why": why(one), "state": words, "kind": kind, "over": one.over(now)}


def _items(
    appointments: list[queries.Appointment], programme: list[Any], day: date | None, now: datetime
) -> list[dict[str, Any]]:
    """The day in the order of time: meetings, and the sessions of the programme between them."""
    rows = [(one.starts.time(), 1, _told(one, now)) for one in appointments if one.starts.date() == day]
    rows += [(one.starts, 0, {"session": one}) for one in programme if one.kind != "meetings"]
    return [row for _at, _kind, row in sorted(rows, key=lambda one: (one[0], one[1]))]


# whom to meet


@require_GET
def partners(request: Request, badge: str) -> HttpResponse:
    """Whom the participant could meet, with the reason, and what they wish."""
    actor, participant = access.participant_of(request, badge)
    counts = partner_queries.counts(participant)
    text = request.GET.get("q", "")[:100].strip()
    usual = "all" if text or not counts["proposed"] else "proposed"
    view = request.GET.get("view", usual)
    view = view if view in partner_queries.VIEWS else usual
    found = partner_queries.partners(actor, participant, view=view, text=text)
    page = Paginator(found, partner_queries.PAGE).get_page(request.GET.get("page"))
    address = reverse("participation:partners", args=[badge])
    names = {
        "proposed": _("Proposed to you"), "asking": _("Ask to meet you"), "wished": _("Your wishes"), "all": _("All participants")
    }  # fmt: skip
    context = _frame(request, participant, "partners") | {
        "page": page,
        "rows": partner_queries.with_wishes(participant, list(page.object_list)),
        "views": [
            {"label": label, "url": f"{address}?view={name}", "current": name == view, "count": counts[name]}
            for name, label in names.items()
        ],
        "view": view,
        "text": text,
        "kinds": MeetingWish.Kind.choices,
        "open": _wishes_open(participant),
    }
    return render(request, "participation/partners.html", context)


def _wishes_open(participant: Participant) -> bool:
    """Whether wishes can be stated today."""
    edition = participant.edition
    last = edition.wishes_until
    in_time = last is None or queries.local_now(edition).date() <= last
    return edition.status in ("open", "running") and in_time and participant.status == Participant.Status.APPROVED


@require_POST
def wish(request: Request, badge: str, about: int) -> HttpResponse:
    """Say what is wished of a meeting with somebody."""
    actor, participant = access.participant_of(request, badge)
    partner = partner_queries.find_partner(actor, participant, about)
    kind = request.POST.get("kind", "")
    back = request.POST.get("back", "")[:300]
    try:
        meeting_verbs.state(
            actor=actor, by=participant, about=partner, kind=kind, note=request.POST.get("note", "")[:300]
        )
    except InvalidError as error:
        messages.error(request, error.message)
    else:
        said = {
            "must": _("%(name)s: you must meet."),
            "want": _("%(name)s: you want to meet."),
            "no": _("%(name)s: no meeting."),
        }
        text = said.get(kind, _("%(name)s: your wish was taken back."))
        messages.success(request, text % {"name": partner.name})
    return on_to("partners", badge, query=back if back.startswith("?") else "")


# absence


@require_http_methods(["GET", "POST"])
def absence(request: Request, badge: str) -> HttpResponse:
    """The times at which the participant cannot come."""
    actor, participant = access.participant_of(request, badge)
    choices = slot_choices(participant.edition, digits_of(request))
    initial = {"slots": participant.unavailable}
    form = AbsenceForm(request.POST or None if "save" in request.POST else None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            attendance_verbs.state_absence(actor=actor, participant=participant, slots=form.cleaned_data["slots"])
        except InvalidError as error:
            show(form, error)
        else:
            messages.success(request, _("Your absence was noted, and the organiser sees it."))
            return on_to("absence", badge)
    touched = [
        one
        for one in queries.agenda(actor, participant)
        if one.meeting.status == Meeting.Status.PLANNED and one.meeting.slot.number in participant.unavailable
    ]
    context = _frame(request, participant, "absence") | {"form": form, "any": bool(choices), "touched": touched}
    return render(request, "participation/absence.html", context, status=422 if form.errors else 200)


# feedback


@require_http_methods(["GET", "POST"])
def feedback(request: Request, badge: str, number: int) -> HttpResponse:
    """What came of a meeting, said by one of its sides; it can be said anew, and the value of orders added later."""
    actor, participant = access.participant_of(request, badge)
    one = next((one for one in queries.agenda(actor, participant, cancelled=True) if one.meeting.pk == number), None)
    if one is None:
        raise NotFoundError(_("There is no such meeting in this agenda."), mend=_("Go back to the agenda."))
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial=_said(one.feedback))
    if request.method == "POST" and form.is_valid():
        try:
            feedback_verbs.give(actor=actor, meeting=one.meeting, by=participant, **form.cleaned_data)
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(request, _("Thank you: this was kept. You can change it, and add orders later."))
            return on_to("agenda", badge, query=f"?day={one.starts.date().isoformat()}")
    context = _frame(request, participant, "agenda") | {
        "form": form,
        "told": _told(one, queries.local_now(participant.edition)),
    }
    return render(request, "participation/feedback.html", context, status=422 if form.errors else 200)


def _said(said: MeetingFeedback | None) -> dict[str, Any]:
    if said is None:
        return {}
    names = ("outcome", "next_step", "next_by", "order_value", "currency", "rating")
    return {"happened": "yes" if said.happened else "no", **{name: getattr(said, name) for name in names}}


# papers


@require_GET
def papers(request: Request, badge: str) -> HttpResponse:
    """The participant's files: letter of invitation, agenda, calendar, and the badge to show at the door."""
    _actor, participant = access.participant_of(request, badge)
    context = _frame(request, participant, "papers") | {
        "qr": qr_svg(address_of(request, "badge", badge), title=badge),
        "subscription": address_of(request, "subscribed", queries.calendar_token_of(participant)),
    }
    return render(request, "participation/papers.html", context)
