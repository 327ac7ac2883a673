"""The history of a record, and undoing one of its changes. Not its reading (queries.history) nor the verb (verbs.undoing)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tashbik.errors import ConflictError, NotFoundError
from tashbik.exchange.models import Enterprise, Revision, Role
from tashbik.exchange.permissions import may
from tashbik.exchange.queries.history import Event, history_of, subject_of
from tashbik.exchange.verbs import undoing
from tashbik.web import reading
from tashbik.web.editing import labels
from tashbik.web.request import Request

PAGE = 30
ACTS: dict[str, Any] = {
    "enterprise.register": gettext_lazy("registered"),
    "enterprise.propose": gettext_lazy("change proposed"),
    "enterprise.edit": gettext_lazy("changed"),
    "enterprise.verify": gettext_lazy("data verified"),
    "enterprise.visibility": gettext_lazy("who sees what: changed"),
    "enterprise.withdraw": gettext_lazy("withdrawn from the register"),
    "enterprise.erase": gettext_lazy("personal data erased"),
    "enterprise.undo": gettext_lazy("a change undone"),
    "submission.accept": gettext_lazy("proposal accepted"),
    "submission.return": gettext_lazy("proposal returned"),
    "submission.cancel": gettext_lazy("proposal taken back"),
    "attachment.add": gettext_lazy("file added"),
    "attachment.remove": gettext_lazy("file removed"),
    "import.run": gettext_lazy("imported"),
    "import.undo": gettext_lazy("import undone"),
    "question.settle": gettext_lazy("answer taken into the profile"),
    "need.create": gettext_lazy("need written"),
    "need.edit": gettext_lazy("need changed"),
    "need.release": gettext_lazy("need released"),
    "need.revise": gettext_lazy("need revised"),
    "need.close": gettext_lazy("need closed"),
    "need.withdraw": gettext_lazy("need withdrawn"),
    "need.refer": gettext_lazy("need passed on"),
    "quote.draft": gettext_lazy("quote drafted"),
    "quote.submit": gettext_lazy("quote sent"),
    "quote.withdraw": gettext_lazy("quote withdrawn"),
    "award.make": gettext_lazy("awarded"),
    "rfq.open": gettext_lazy("request for quotation opened"),
    "rfq.close": gettext_lazy("request for quotation closed"),
    "rfq.cancel": gettext_lazy("request for quotation cancelled"),
    "person.erase": gettext_lazy("personal data erased"),
    "identity.decide": gettext_lazy("decided whether two records are one enterprise"),
    "identity.undo": gettext_lazy("that decision undone"),
}


@require_GET
def history(request: Request, kind: str, number: int) -> HttpResponse:
    """Who did what to a record and when, with each field before and after; the newest first."""
    subject = subject_of(request.actor, kind, number)
    given = request.GET.get("page", "1")
    page = max(int(given), 1) if given.isdigit() else 1
    events, total = history_of(request.actor, subject, limit=PAGE, offset=(page - 1) * PAGE)
    undoable = isinstance(subject, Enterprise) and may(request.actor, "enterprise.undo", subject)
    context = {
        "subject": subject,
        "name": _name(subject),
        "entries": [_entry(event, subject, undoable) for event in events],
        "total": total,
        "earlier": page + 1 if page * PAGE < total else 0,
        "later": page - 1,
        "enterprise": subject if isinstance(subject, Enterprise) else None,
    }
    return render(request, "moderation/history.html", context)


def _name(subject: Model) -> str:
    if isinstance(subject, Enterprise):
        return subject.name(reading.language())
    return str(subject)


def _entry(event: Event, subject: Model, undoable: bool) -> dict[str, Any]:
    known = [subject.record] if isinstance(subject, Enterprise) else []
    roles = dict(Role.choices)
    return {
        "what": ACTS.get(event.verb, event.verb),
        "who": event.who,
        "role": _("the exchange itself") if event.role == "system" else roles.get(Role(event.role), event.role),
        "when": event.at,
        "note": labels.SECTIONS.get(
            event.note, "" if event.note.startswith(("revision ", "submission ")) else event.note
        ),
        "changes": [] if event.first else labels.shown_changes(event.changes, *known),
        "first": event.first,
        "erased": event.erased,
        "revision": event.revision if undoable and event.revision and not event.erased else None,
    }


@require_POST
def undo(request: Request, revision: int) -> HttpResponse:
    """Undo one change; where later changes touched the same fields, ask first."""
    found = Revision.objects.filter(pk=revision, subject_kind="enterprise").first()
    enterprise = Enterprise.objects.filter(pk=found.subject_id).first() if found else None
    if found is None or enterprise is None:
        raise NotFoundError(_("This change is not in the history of this record."))
    try:
        undoing.undo(actor=request.actor, enterprise=enterprise, revision=found, confirmed="confirmed" in request.POST)
    except ConflictError as error:
        context = {"enterprise": enterprise, "revision": found, "error": error}
        return render(request, "moderation/undo.html", context, status=409)
    messages.success(request, _("Undone. The record is as it was before this change."))
    return redirect("moderation:history", "enterprise", enterprise.pk)
