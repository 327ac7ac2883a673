"""Participants of an edition: the list with filters, deciding on one or many, registering and changing them. Not files (uploading.py)."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, ExchangeError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange.models import Edition, Participant
from tashbik.exchange.participant_details import details_of
from tashbik.exchange.participant_words import HEADERS
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import editions as queries
from tashbik.exchange.queries import meetings as meeting_queries
from tashbik.exchange.verbs import participants as verbs
from tashbik.exchange.verbs.participant_erasure import NOBODY, erase
from tashbik.registry.export import neutralised
from tashbik.web.editions.fields import refuse
from tashbik.web.editions.forms import ParticipantForm
from tashbik.web.request import Request

Status = Participant.Status
MANY = 200
"""Participants decided on at once."""
VIEWS = ("uninvited", "unwished", "linked")


@require_GET
def index(request: Request, code: str) -> HttpResponse:
    """The participants, narrowed by state, category, country and words."""
    edition = queries.organised(request.actor, code, "participant.export")
    filters = _filters(request)
    page = Paginator(queries.participants(request.actor, edition, filters), queries.PAGE).get_page(
        request.GET.get("page")
    )
    figures = queries.breakdown(edition)
    return render(
        request,
        "editions/participants.html",
        {
            "edition": edition,
            "page": page,
            "filters": filters,
            "narrowed": any((filters.category, filters.country, filters.text, filters.view)),
            "figures": figures,
            "full": [one for one in figures.quotas if one.full],
            "tabs": _tabs(edition, filters, figures),
            "categories": Participant.Category.choices,
            "countries": queries.countries_of(edition),
            "views": _view_names(),
            "may_edit": edition.status != Edition.Status.CLOSED,
            "sends_letters": edition.status in (Edition.Status.OPEN, Edition.Status.RUNNING),
        },
    )


def _filters(request: Request) -> queries.Filters:
    given = request.GET
    return queries.Filters(
        status=given.get("status", "") if given.get("status") in Status.values else "",
        category=given.get("category", "") if given.get("category") in Participant.Category.values else "",
        country=given.get("country", "")[:2],
        text=given.get("q", "").replace("\x00", "")[:200].strip(),
        view=given.get("view", "") if given.get("view") in VIEWS else "",
    )


def _view_names() -> list[tuple[str, str]]:
    return [
        ("uninvited", _("approved, without an invitation letter")),
        ("unwished", _("approved, without any wish")),
        ("linked", _("of an enterprise of the register")),
    ]


def _tabs(edition: Edition, filters: queries.Filters, figures: queries.Breakdown) -> list[dict[str, Any]]:
    address = reverse("editions:participants", args=(edition.code,))
    named = [("", pgettext("participants", "All")), *Status.choices]
    return [
        {
            "label": label,
            "url": f"{address}?status={key}" if key else address,
            "current": filters.status == key,
            "count": figures.by_status.get(key, 0) if key else sum(figures.by_status.values()),
        }
        for key, label in named
    ]


@require_POST
def decide(request: Request, code: str) -> HttpResponse:
    """Approve, put on the waiting list, decline or invite those who were ticked; either all of it is done or nothing."""
    edition = queries.organised(request.actor, code, "participant.export")
    chosen = _chosen(request, edition)
    if not chosen:
        messages.warning(request, _("Tick at least one participant first."))
        return redirect(_back(request, edition))
    try:
        with transaction.atomic():
            said = _decided(request, edition, chosen)
    except NotPermittedError:
        raise
    except ExchangeError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    else:
        messages.success(request, said)
    return redirect(_back(request, edition))


def _chosen(request: Request, edition: Edition) -> list[Participant]:
    keys = [int(one) for one in request.POST.getlist("participant") if one.isdigit()][:MANY]
    return list(edition.participants.filter(pk__in=keys).select_related("edition__exchange"))


def _back(request: Request, edition: Edition) -> str:
    """The list as it was filtered."""
    query = request.POST.get("query", "").lstrip("?")
    address = reverse("editions:participants", args=(edition.code,))
    return f"{address}?{query}" if query else address


def _decided(request: Request, edition: Edition, chosen: list[Participant]) -> str:
    actor, decision = request.actor, request.POST.get("decision", "")
    if decision == "invite":
        count = len(verbs.invite(actor=actor, edition=edition, participants=chosen))
        text = ngettext(
            "%(count)d invitation letter is on its way.", "%(count)d invitation letters are on their way.", count
        )
        return text % {"count": count}
    if decision == "approve":
        return _approved(
            [verbs.approve(actor=actor, participant=one) for one in chosen if one.status != Status.APPROVED]
        )
    if decision == "wait":
        for one in chosen:
            verbs.put_on_waiting_list(actor=actor, participant=one)
    elif decision == "decline":
        for one in chosen:
            verbs.decline(actor=actor, participant=one, reason=request.POST.get("reason", ""))
    else:
        raise NotFoundError(_("There is no such step."))
    text = ngettext("%(count)d participant was told.", "%(count)d participants were told.", len(chosen))
    return text % {"count": len(chosen)}


def _approved(done: list[Participant]) -> str:
    approved = sum(one.status == Status.APPROVED for one in done)
    waiting = len(done) - approved
    text = ngettext("%(count)d participant is approved.", "%(count)d participants are approved.", approved)
    said = text % {"count": approved}
    if waiting:
        more = ngettext(
            "%(count)d is on the waiting list, because a quota is full.",
            "%(count)d are on the waiting list, because a quota is full.",
            waiting,
        )
        said += " " + more % {"count": waiting}
    return said


@require_http_methods(["GET", "POST"])
def new(request: Request, code: str) -> HttpResponse:
    """Register a participant."""
    edition = queries.organised(request.actor, code, "participant.import")
    form = ParticipantForm(request.POST or None, slots=edition.slots.all(), initial={"language": "ar"})
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.register(actor=request.actor, edition=edition, details=form.details(), approved=True)
        except (InvalidError, ConflictError, StateError) as error:
            refuse(form, error)
        else:
            messages.success(request, _approved([made]))
            return redirect("editions:participant", edition.code, made.pk)
    context = {"edition": edition, "form": form}
    return render(request, "editions/participant_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str, pk: int) -> HttpResponse:
    """One participant: what they say, their wishes and meetings, and what can be decided."""
    edition = queries.organised(request.actor, code, "participant.export")
    found = queries.participant(request.actor, edition, pk)
    form = ParticipantForm(request.POST or None, slots=edition.slots.all(), details=details_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit(actor=request.actor, participant=found, details=form.details())
        except (InvalidError, ConflictError, StateError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("editions:participant", edition.code, pk)
    proposals = meeting_queries.with_wishes(meeting_queries.proposals(request.actor, edition, person=pk)[:8])
    context = {"edition": edition, "one": found, "form": form, "proposals": proposals}
    context |= {
        "meetings": meeting_queries.meetings_of(edition, found),
        "wishes": edition.wishes.filter(by=found).select_related("about"),
        "may_erase": may(request.actor, "participant.erase", found) and bool(found.email or found.name != NOBODY),
        "may_edit": may(request.actor, "participant.edit", found) and edition.status != Edition.Status.CLOSED,
    }
    return render(request, "editions/participant.html", context, status=422 if form.errors else 200)


@require_POST
def act(request: Request, code: str, pk: int, act: str) -> HttpResponse:
    """Approve, put on the waiting list, decline, cancel or erase one participant."""
    edition = queries.organised(request.actor, code, "participant.export")
    found, actor = queries.participant(request.actor, edition, pk), request.actor
    reason = request.POST.get("reason", "")
    try:
        match act:
            case "approve":
                messages.success(request, _approved([verbs.approve(actor=actor, participant=found)]))
            case "wait":
                verbs.put_on_waiting_list(actor=actor, participant=found)
                messages.success(request, _("The participant is on the waiting list and was told."))
            case "decline":
                verbs.decline(actor=actor, participant=found, reason=reason)
                messages.success(request, _("The participant was told the reason."))
            case "cancel":
                verbs.cancel(actor=actor, participant=found, reason=reason)
                messages.success(request, _("The participation is cancelled. Those whom it touches were told."))
            case "erase":
                erase(actor=actor, participant=found)
                messages.success(request, _("The personal data of this participant are removed."))
            case _:
                raise NotFoundError(_("There is no such step."))
    except (InvalidError, StateError) as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    return redirect("editions:participant", edition.code, pk)


@require_GET
def export(request: Request, code: str) -> HttpResponse:
    """The participants as a spreadsheet (CSV) with the headers that an import reads."""
    edition = queries.organised(request.actor, code, "participant.export")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*(words[0] for words in HEADERS.values()), "status"])
    for one in queries.participants(request.actor, edition, _filters(request)):
        said = details_of(one)
        values = [getattr(said, field) for field in HEADERS]
        cells = [
            ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value) for value in values
        ]
        writer.writerow([neutralised(cell) for cell in (*cells, one.status)])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="participants-{edition.code}.csv"'
    return response
