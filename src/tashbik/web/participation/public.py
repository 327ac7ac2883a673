"""The public pages of an edition: what, when, where, the programme, how to take part. Not the participants' own pages (mine.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tashbik.errors import ExchangeError
from tashbik.exchange import application_link
from tashbik.exchange import messages as mails
from tashbik.exchange.limits import Limit, take
from tashbik.exchange.models import Edition, EditionBody, Participant
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import participation as queries
from tashbik.exchange.verbs import participants as verbs
from tashbik.web.participation import access
from tashbik.web.participation.forms import AddressForm, ApplicationForm, ConfirmForm
from tashbik.web.participation.mine import on_to
from tashbik.web.participation.showing import language_names
from tashbik.web.refusals import show
from tashbik.web.request import Request

LINKS = Limit("forum-links", most=5, seconds=3600)
"""Personal links that one address may ask for in an hour."""
VISITS = Limit("forum-addresses", most=20, seconds=3600)
"""Addresses that one visitor may have written to in an hour: enough for a delegation behind one connection."""


def _frame(request: Request, edition: Edition, current: str) -> dict[str, Any]:
    """What all public pages of an edition show."""
    names = {"public": _("The forum"), "programme": _("Programme")}
    return {
        "edition": edition,
        "sections": [
            {"label": label, "url": reverse(f"participation:{name}", args=[edition.code]), "current": name == current}
            for name, label in names.items()
        ],
        "open": edition.status in (Edition.Status.OPEN, Edition.Status.RUNNING),
        "mine": [one for one in queries.own_participations(access.actor_of(request)) if one.edition_id == edition.pk],
        "organises": may(request.actor, "edition.edit", edition),
    }


@require_GET
def edition(request: Request, code: str) -> HttpResponse:
    """What the forum is, when and where, who stands behind it, how to take part."""
    found = queries.find_edition(request.actor, code)
    bodies: dict[str, list[EditionBody]] = {}
    for one in found.bodies.all():
        bodies.setdefault(one.part, []).append(one)
    context = _frame(request, found, "public") | {
        "bodies": [(EditionBody.Part(part).label, bodies[part]) for part in EditionBody.Part.values if part in bodies],
        "tracks": list(found.tracks.all()),
        "days": queries.programme(found),
        "categories": [label for _value, label in Participant.Category.choices],
        "languages": language_names(found.languages),
        "slots": found.slots.exists(),
    }
    return render(request, "participation/edition.html", context)


@require_GET
def programme(request: Request, code: str) -> HttpResponse:
    """The programme by day and track, with papers and who presents them."""
    found = queries.find_edition(request.actor, code)
    day, track = request.GET.get("day", ""), request.GET.get("track", "")
    context = _frame(request, found, "programme") | {
        "days": queries.programme(found, day=day, track=track),
        "all_days": list(found.sessions.order_by("day").values_list("day", flat=True).distinct()),
        "tracks": list(found.tracks.all()),
        "day": day,
        "track": track,
    }
    return render(request, "participation/programme.html", context)


@require_http_methods(["GET", "POST"])
def apply(request: Request, code: str) -> HttpResponse:
    """The form by which a person who has signed in asks to take part."""
    found = queries.find_edition(request.actor, code)
    user = request.actor.user
    if user is None:
        return _confirm_first(request, found)
    initial = {
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "languages": [user.language],
        **_of_membership(request),
    }
    form = ApplicationForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.register(actor=request.actor, edition=found, details=form.details())
        except ExchangeError as error:
            show(form, error)
        else:
            messages.success(
                request, _("Your application was received. The organiser decides on it and writes to you.")
            )
            return on_to("agenda", made.badge)
    context = _frame(request, found, "public") | {"form": form}
    return render(request, "participation/apply.html", context, status=422 if form.errors else 200)


def _confirm_first(request: Request, edition: Edition) -> HttpResponse:
    """Who has not signed in gives an address; the link that is sent there opens the form. The page never says whether the address is known."""
    context = _frame(request, edition, "public")
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and context["open"] and form.is_valid():
        address = form.cleaned_data["email"]
        take(VISITS, access.visitor_of(request))
        take(LINKS, address.lower())
        known = queries.found_by_address(edition, address)
        for one in known:
            _send_link(one)
        if not known:
            application_link.send(edition, address, request.actor.language)
        messages.success(
            request, _("The link to the form is on its way to this address. Open it to go on; look among unwanted mail too.")
        )
        return on_to("public", edition.code)
    context |= {"form": form, "days": application_link.DAYS}
    return render(request, "participation/confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def apply_by_link(request: Request, code: str, token: str) -> HttpResponse:
    """The form for who has no account and confirmed their address by opening the link; opened again after that, on to their own page."""
    found = queries.find_edition(request.actor, code)
    if request.actor.user is not None:
        return on_to("apply", code)
    address = application_link.address_of(found, token)
    known = queries.found_by_address(found, address)
    if known:
        access.remember(request, known[0])
        return on_to("agenda", known[0].badge)
    language = request.actor.language
    initial = {"email": address, "language": language, "languages": [language], "country": found.exchange.country}
    form = ApplicationForm(request.POST if request.method == "POST" else None, initial=initial)
    form.fields["email"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.register(actor=request.actor, edition=found, details=form.details(), confirmed=token)
        except ExchangeError as error:
            show(form, error)
        else:
            access.remember(request, made)
            messages.success(
                request, _("Your application was received. The organiser decides on it and writes to you.")
            )
            return on_to("agenda", made.badge)
    context = _frame(request, found, "public") | {"form": form}
    response = render(request, "participation/apply.html", context, status=422 if form.errors else 200)
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


def _of_membership(request: Request) -> dict[str, str]:
    """What the reader's membership tells already."""
    membership = request.membership
    if membership is None:
        return {}
    if membership.enterprise is not None:
        enterprise = membership.enterprise
        body, country = enterprise.name(request.actor.language), enterprise.exchange.country
        return {"body": body, "country": country, "category": Participant.Category.SMI}
    if membership.organisation is not None:
        organisation = membership.organisation
        kinds = {"buyer": "industry", "institution": "institution", "financier": "financier"}
        return {
            "body": organisation.name,
            "country": organisation.country,
            "category": kinds.get(organisation.kind, ""),
        }
    return {"country": membership.exchange.country}


@require_http_methods(["GET", "POST"])
def link_again(request: Request, code: str) -> HttpResponse:
    """Ask for the personal link anew: it goes to the address alone, and the page never says whether the address is known."""
    found = queries.find_edition(request.actor, code)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        take(LINKS, address.lower())
        for one in queries.found_by_address(found, address):
            _send_link(one)
        messages.success(request, _("If a participant is registered with this address, the link is on its way there."))
        return on_to("public", code)
    context = _frame(request, found, "public") | {"form": form}
    return render(request, "participation/link_again.html", context, status=422 if form.errors else 200)


def _send_link(participant: Participant) -> None:
    """Write to a participant with their personal link."""
    edition = participant.edition
    mails.post(
        kind="forum.link",
        to=participant.email,
        language=participant.language,
        exchange=edition.exchange,
        about=participant,
        name=participant.name,
        edition=edition.text("name", participant.language),
        page="participation:link",
        arguments=queries.link_arguments(participant),
    )
