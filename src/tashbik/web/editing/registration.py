"""Registering an enterprise: the form, what was understood from its free text, and what becomes of it. Not editing one (views.py)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import InvalidError, NotFoundError
from tashbik.exchange.differences import changes
from tashbik.exchange.models import Enterprise, Exchange, Role, Submission
from tashbik.exchange.permissions import EXCHANGE, RULES, require
from tashbik.exchange.projection import as_json
from tashbik.exchange.queries import moderation as queries
from tashbik.exchange.verbs import moderation, register
from tashbik.exchange.verbs.drafts import draft_of, drop_draft, save_draft
from tashbik.registry import records
from tashbik.web import reading
from tashbik.web.editing import labels, suggesting
from tashbik.web.editing.forms import RegistrationForm
from tashbik.web.editing.sections import registered
from tashbik.web.editing.views import grouped
from tashbik.web.request import Request

FORM = "enterprise.registration"


def _exchanges(request: Request) -> list[tuple[str, str]]:
    """Where the actor may register: officers at their own exchange, others at any."""
    found = Exchange.objects.all()
    if RULES["enterprise.register"].get(Role(request.actor.role)) == EXCHANGE:
        found = found.filter(pk=request.actor.exchange_id or 0)
    return [(one.code, one.name(reading.language())) for one in found]


def _form(request: Request, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> RegistrationForm:
    choices = _exchanges(request)
    actor = request.actor
    started: dict[str, Any] = {"exchange": choices[0][0] if len(choices) == 1 else ""}
    if RULES["enterprise.register"].get(Role(actor.role)) == EXCHANGE and request.membership:
        started["country"] = request.membership.exchange.country
    elif actor.user is not None:
        started["email"] = actor.user.email
    started |= initial or {}
    return RegistrationForm(data, initial=started, exchanges=choices)


@require_http_methods(["GET", "POST"])
def form(request: Request) -> HttpResponse:
    """What is needed to begin with; kept as a draft, then checked."""
    require(request.actor, "enterprise.register")
    if request.method == "POST":
        again = request.POST.get("again", "")
        fields = {
            name: request.POST.getlist(name) for name in request.POST if name not in ("csrfmiddlewaretoken", "action")
        }
        save_draft(actor=request.actor, form=FORM, values={"fields": fields, "again": again})
        if request.htmx:
            from django.utils import timezone

            return render(request, "editing/_kept.html", {"at": timezone.now()})
        filled = _form(request, request.POST)
        if filled.is_valid():
            return redirect("editing:register_check")
        return render(request, "editing/registration.html", {"form": filled, "again": again}, status=422)
    return _opened(request)


def _opened(request: Request) -> HttpResponse:
    old = _mine(request, request.GET.get("again", ""))
    if old is not None:
        filled = _form(request, initial=_typed_again(old))
        return render(request, "editing/registration.html", {"form": filled, "again": old.pk})
    kept = draft_of(request.actor, FORM)
    initial = {name: values[-1] for name, values in kept.values.get("fields", {}).items() if values} if kept else {}
    context = {
        "form": _form(request, initial=initial),
        "draft": kept,
        "again": kept.values.get("again", "") if kept else "",
    }
    return render(request, "editing/registration.html", context)


def _mine(request: Request, number: Any) -> Submission | None:
    """A registration of the actor's own that may be sent again."""
    if not str(number).isdecimal():
        return None
    return queries.submissions_of(request.actor).filter(pk=number, enterprise=None, status__in=queries.OPEN).first()


def _typed_again(old: Submission) -> dict[str, Any]:
    record = msgspec.convert(old.record, records.Enterprise)
    number = next(iter(record.identifiers), records.Identifier(scheme="", value=""))
    contact = next(iter(record.contacts), records.Contact())
    return {
        "exchange": old.exchange.code,
        **{f"name_{code}": text for code, text in record.names.items()},
        "scheme": number.scheme,
        "identifier": number.value,
        "country": record.place.country,
        "locality": record.place.locality,
        "address": record.place.address,
        "role": contact.role,
        "contact": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "text": next(iter(record.description.values()), ""),
    }


@require_http_methods(["GET", "POST"])
def check(request: Request) -> HttpResponse:
    """What was typed and what was understood, to be confirmed; then sent."""
    require(request.actor, "enterprise.register")
    kept = draft_of(request.actor, FORM)
    if kept is None:
        return redirect("editing:register")
    typed = QueryDict(mutable=True)
    for name, values in kept.values.get("fields", {}).items():
        typed.setlist(name, values)
    filled = _form(request, typed)
    if not filled.is_valid():
        return render(
            request, "editing/registration.html", {"form": filled, "again": kept.values.get("again")}, status=422
        )
    record = registered(filled.cleaned_data)
    if request.method == "POST":
        return _send(request, record, filled.cleaned_data["exchange"], kept.values.get("again"))
    return _shown(request, record)


def _shown(request: Request, record: records.Enterprise, problem: str = "") -> HttpResponse:
    plain = as_json(record)
    context = {
        "rows": labels.shown_changes([one for one in changes({}, plain) if one.path[0] != "capabilities"], plain),
        "suggestions": grouped(suggesting.suggestions(record, "1"), None),
        "problem": problem,
    }
    return render(request, "editing/register_check.html", context, status=422 if problem else 200)


def _send(request: Request, record: records.Enterprise, code: str, again: Any) -> HttpResponse:
    exchange = Exchange.objects.get(code=code)
    record = suggesting.confirmed(record, "1", frozenset(request.POST.getlist("chosen")))
    try:
        made = register.register(
            actor=request.actor, exchange=exchange, record=record, instead_of=_mine(request, again)
        )
    except InvalidError as error:
        return _shown(request, record, " ".join(str(text) for texts in error.fields.values() for text in texts))
    drop_draft(actor=request.actor, form=FORM)
    if isinstance(made, Enterprise):
        messages.success(request, _("Registered. Now complete the profile, section by section."))
        return redirect("editing:tasks", made.code)
    messages.success(request, _("Sent to the exchange. You get a message as soon as it has decided."))
    return redirect("editing:returned", made.pk)


@require_GET
def sent(request: Request) -> HttpResponse:
    """What the reader sent in, and what became of it."""
    found = queries.submissions_of(request.actor)[:100]
    rows = [{"one": one, "name": moderation.name_of(one, reading.language())} for one in found]
    return render(request, "editing/sent.html", {"rows": rows})


def _submission(request: Request, number: int) -> Submission:
    found = Submission.objects.select_related("enterprise", "exchange").filter(pk=number).first()
    if found is None:
        raise NotFoundError(_("There is no such submission."))
    return found


@require_GET
def submission(request: Request, number: int) -> HttpResponse:
    """One submission as its sender sees it: what it changes, what was decided, why, and what to do."""
    found = _submission(request, number)
    item = queries.item(request.actor, found)
    before = found.enterprise.record if found.enterprise else {}
    context = {
        "submission": found,
        "name": moderation.name_of(found, reading.language()),
        "rows": labels.shown_changes(item.changes, before, found.record),
        "reasons": [moderation.ReturnReason(one).label for one in found.reasons],
        "mine": bool(request.actor.parties & found.parties()),
        "open": found.status in queries.OPEN,
    }
    return render(request, "editing/submission.html", context)


@require_POST
def cancel(request: Request, number: int) -> HttpResponse:
    """Take a submission back."""
    found = _submission(request, number)
    moderation.cancel(actor=request.actor, submission=found)
    messages.success(request, _("Taken back. The register is as it was."))
    return redirect("editing:returned", number)
