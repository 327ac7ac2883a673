"""The task list of a record, one page for each section, its draft, and the answers to be checked before they are sent. Not other acts (acts.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, InvalidError, NotFoundError
from tashbik.exchange.differences import changes
from tashbik.exchange.models import Draft, Enterprise
from tashbik.exchange.permissions import may
from tashbik.exchange.projection import as_json, completeness, next_question, stated
from tashbik.exchange.queries.attachments import attachments_of
from tashbik.exchange.queries.moderation import NEXT, in_work
from tashbik.exchange.verbs.drafts import draft_of, drop_draft
from tashbik.exchange.verbs.moderation import ReturnReason
from tashbik.registry import records
from tashbik.web import reading
from tashbik.web.editing import flow, labels, suggesting
from tashbik.web.editing.sections import Section, new_capability_id, section_named
from tashbik.web.request import Request

ASKED_FOR = {
    "identity": ("employees", "identifiers"),
    "place": ("place",),
    "machines": ("machines",),
    "certificates": ("certificates",),
    "exports": ("exports", "references"),
    "contacts": ("contacts",),
}
"""What a section should state to count as complete (names of projection.QUESTIONS)."""


def enterprise_of(request: Request, code: str) -> Enterprise:
    """The enterprise of an address. Raises NotFoundError; what the actor may do with it is checked by queries and verbs."""
    found = Enterprise.objects.select_related("exchange").filter(code=code).first()
    if found is None:
        raise NotFoundError(_("There is no enterprise with this code."))
    return found


def section_of(name: str) -> Section:
    """The section of an address. Raises NotFoundError."""
    found = section_named(name)
    if found is None:
        raise NotFoundError(_("There is no such section."))
    return found


def title_of(name: str) -> Any:
    """The title of a section."""
    return labels.SECTIONS["capabilities" if name.startswith("capability:") else name]


@require_GET
def tasks(request: Request, code: str) -> HttpResponse:
    """The sections with their state, the most useful question, and the acts on the whole record."""
    enterprise = enterprise_of(request, code)
    state = in_work(request.actor, enterprise)
    record = records_of(state.record)
    begun = {
        str(one.values.get("section", ""))
        for one in Draft.objects.filter(
            user=request.actor.user, subject_id=enterprise.pk, form__startswith="enterprise."
        )
    }
    question = next_question(record)
    context = {
        "enterprise": enterprise,
        "sections": [_task(enterprise, record, name, begun) for name in ("identity", "place")],
        "capabilities": [_capability_task(enterprise, one, begun) for one in record.capabilities],
        "more": [
            _task(enterprise, record, name, begun)
            for name in ("machines", "certificates", "exports", "contacts", "finance")
        ],
        "proposal": state.proposal,
        "reasons": [ReturnReason(one).label for one in state.proposal.reasons] if state.proposal else [],
        "share": completeness(record) / 100,
        "question": NEXT.get(question, ""),
        "at_once": may(request.actor, "enterprise.edit", enterprise),
        "files": len(attachments_of(request.actor, enterprise)),
        "may_erase": may(request.actor, "enterprise.erase", enterprise),
    }
    return render(request, "editing/tasks.html", context)


def records_of(plain: dict[str, Any]) -> records.Enterprise:
    """The typed record of plain values."""
    import msgspec

    return msgspec.convert(plain, records.Enterprise)


def _task(enterprise: Enterprise, record: records.Enterprise, name: str, begun: set[str]) -> dict[str, Any]:
    given = stated(record)
    asked = ASKED_FOR.get(name, ())
    if name in begun:
        status, kind = _("draft"), "attention"
    elif asked and not all(given[one] for one in asked):
        status, kind = _("incomplete"), "unknown"
    else:
        status, kind = (_("complete"), "done") if asked else ("", "")
    url = reverse("editing:section", args=(enterprise.code, name))
    return {"label": labels.SECTIONS[name], "url": url, "status": status, "kind": kind, "detail": ""}


def _capability_task(enterprise: Enterprise, one: records.Capability, begun: set[str]) -> dict[str, Any]:
    name = f"capability:{one.id}"
    missing = one.capacity is None or one.lead_time is None
    status, kind = (_("incomplete"), "unknown") if missing else (_("complete"), "done")
    if name in begun:
        status, kind = _("draft"), "attention"
    url = reverse("editing:section", args=(enterprise.code, name))
    detail = reading.listed([reading.concept(concept) for concept in one.concepts[:4]])
    plain = as_json(one)
    return {
        "label": labels.capability_name(plain),
        "url": url,
        "status": status,
        "kind": kind,
        "detail": detail,
        "id": one.id,
    }


@require_POST
def new_capability(request: Request, code: str) -> HttpResponse:
    """Open the page of a capability that is to be added."""
    return redirect("editing:section", code, f"capability:{new_capability_id()}")


@require_http_methods(["GET", "POST"])
def section(request: Request, code: str, name: str) -> HttpResponse:
    """The form of one section: with the draft where there is one; what is sent is kept as a draft and goes on to be checked."""
    enterprise, part = enterprise_of(request, code), section_of(name)
    state = in_work(request.actor, enterprise)
    if request.method == "POST":
        return _sent(request, enterprise, part, state.edition)
    kept = draft_of(request.actor, flow.form_key(name), enterprise.pk)
    extra = _extra(request)
    if kept is None:
        return _page(request, enterprise, flow.unbound(part, records_of(state.record), extra=extra), state.edition)
    edition = str(kept.values.get("edition", state.edition))
    base = flow.base_of(request, enterprise, edition)
    if "errors" in request.GET:
        sheet = flow.bound(part, base, flow.typed_of(kept))
        sheet.is_valid()
    else:
        sheet = flow.unbound(part, base, flow.typed_of(kept), extra=extra)
    return _page(request, enterprise, sheet, edition, draft=kept, overtaken=edition != state.edition)


def _extra(request: Request) -> int:
    given = request.GET.get("rows", "0")
    return min(int(given), 10) if given.isdecimal() else 0


def _page(request: Request, enterprise: Enterprise, sheet: flow.Sheet, edition: str, **more: Any) -> HttpResponse:
    name = sheet.section.name
    context = {
        "enterprise": enterprise,
        "section": sheet.section,
        "title": title_of(name),
        "sheet": sheet,
        "edition": edition,
        "at_once": may(request.actor, "enterprise.edit", enterprise),
        "exists": any(f"capability:{one.id}" == name for one in sheet.base.capabilities),
        "number": name.partition(":")[2],
        **more,
    }
    return render(request, "editing/section.html", context, status=422 if sheet.errors else 200)


def _sent(request: Request, enterprise: Enterprise, part: Section, current: str) -> HttpResponse:
    edition = request.POST.get("edition") or current
    kept = flow.keep(request, enterprise, part.name, edition)
    action = request.POST.get("action", "check")
    if action == "more":
        return HttpResponseRedirect(reverse("editing:section", args=(enterprise.code, part.name)) + "?rows=1#more")
    if action == "later":
        messages.success(request, _("Your draft is kept. Nobody else sees it."))
        return redirect("editing:tasks", enterprise.code)
    base = flow.base_of(request, enterprise, edition)
    sheet = flow.bound(part, base, request.POST)
    if not sheet.is_valid():
        return _page(request, enterprise, sheet, edition, draft=kept)
    return redirect("editing:check", enterprise.code, part.name)


@require_POST
def draft(request: Request, code: str, name: str) -> HttpResponse:
    """Keep what is being typed; the answer says when it was kept."""
    enterprise, part = enterprise_of(request, code), section_of(name)
    state = in_work(request.actor, enterprise)
    flow.keep(request, enterprise, part.name, request.POST.get("edition") or state.edition)
    return render(request, "editing/_kept.html", {"at": timezone.now()})


@require_POST
def discard(request: Request, code: str, name: str) -> HttpResponse:
    """Forget the draft of a section."""
    enterprise, part = enterprise_of(request, code), section_of(name)
    drop_draft(actor=request.actor, form=flow.form_key(part.name), subject_id=enterprise.pk)
    messages.success(request, _("The draft is gone. The record is as it was."))
    return redirect("editing:tasks", enterprise.code)


@require_http_methods(["GET", "POST"])
def check(request: Request, code: str, name: str) -> HttpResponse:
    """What will be saved, field by field; what others changed meanwhile; what was understood from own words, to be confirmed."""
    enterprise, part = enterprise_of(request, code), section_of(name)
    kept = draft_of(request.actor, flow.form_key(name), enterprise.pk)
    if kept is None:
        return redirect("editing:section", code, name)
    settled = {key[7:]: str(value) for key, value in request.POST.items() if key.startswith("settle:")}
    found = flow.outcome(request, enterprise, part, kept, settled)
    if found is None:
        return HttpResponseRedirect(reverse("editing:section", args=(code, name)) + "?errors=1")
    if request.method == "GET":
        return _checked(request, enterprise, found)
    if request.POST.get("edition") != found.now.edition:
        return _checked(
            request, enterprise, found, problem=_("Someone changed the record just now. Please look again.")
        )
    if found.unsettled(settled):
        return _checked(request, enterprise, found, problem=_("Choose for each field which value is right."))
    return _saved(request, enterprise, found, name)


def _saved(request: Request, enterprise: Enterprise, found: flow.Outcome, name: str) -> HttpResponse:
    chosen = frozenset(request.POST.getlist("chosen"))
    record = suggesting.confirmed(found.result, capability_of(name), chosen) if has_suggestions(name) else found.result
    try:
        proposal = flow.send(request, enterprise, record, found.now.edition, name)
    except ConflictError as error:
        return _checked(request, enterprise, found, problem=f"{error.message} {error.mend}")
    except InvalidError as error:
        texts = [str(text) for texts in error.fields.values() for text in texts]
        return _checked(request, enterprise, found, problem=" ".join(texts), status=422)
    drop_draft(actor=request.actor, form=flow.form_key(name), subject_id=enterprise.pk)
    if proposal is None:
        messages.success(request, _("Saved. The register shows it now."))
    else:
        messages.success(
            request, _("Sent to the exchange, which checks it before it is shown. You can go on with other sections.")
        )
    return redirect("editing:tasks", enterprise.code)


def capability_of(name: str) -> str:
    """The id of the capability that a section is about; empty for other sections."""
    return name.partition(":")[2] if name.startswith("capability:") else ""


def has_suggestions(name: str) -> bool:
    """Whether what a section says is understood into concepts."""
    return name.startswith("capability:") or name in ("machines", "certificates")


def _checked(
    request: Request, enterprise: Enterprise, found: flow.Outcome, *, problem: str = "", status: int = 409
) -> HttpResponse:
    name = found.sheet.section.name
    before, after = found.now.record, found.merged.record
    offered = suggesting.suggestions(found.result, capability_of(name)) if has_suggestions(name) else []
    posted = request.POST.getlist("chosen") if request.method == "POST" else None
    context = {
        "enterprise": enterprise,
        "section": found.sheet.section,
        "title": title_of(name),
        "rows": labels.shown_changes(changes(before, after), before, after),
        "meanwhile": labels.shown_changes(found.merged.meanwhile, before, after) if found.overtaken else [],
        "conflicts": [_conflict(one, before, after) for one in found.merged.conflicts],
        "suggestions": grouped(offered, posted),
        "edition": found.now.edition,
        "at_once": may(request.actor, "enterprise.edit", enterprise),
        "problem": problem,
    }
    return render(request, "editing/check.html", context, status=status if problem else 200)


def _conflict(one: Any, *known: dict[str, Any]) -> dict[str, Any]:
    names = labels.capability_names(*known)
    return {
        "key": one.key,
        "label": labels.label_of(one.path, names),
        "base": labels.shown(one.path, one.base),
        "ours": labels.shown(one.path, one.ours),
        "theirs": labels.shown(one.path, one.theirs),
    }


def grouped(offered: list[suggesting.Suggestion], posted: list[str] | None) -> list[dict[str, Any]]:
    """Suggestions by kind, ticked as they were posted, else as sure as they are."""
    groups = []
    for kind, label in suggesting.kind_names().items():
        mine = [one for one in offered if one.kind == kind]
        if mine:
            rows = [{"one": one, "ticked": one.key in posted if posted is not None else one.ticked} for one in mine]
            groups.append({"label": label, "rows": rows})
    return groups
