"""Editions: the list, one edition's tasks, its facts, its state, its programme and parts. Not participants nor meetings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import ConflictError, ExchangeError, InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange.models import Edition
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries import editions as queries
from tashbik.exchange.verbs import editions as verbs
from tashbik.exchange.verbs import parts
from tashbik.exchange.verbs.parts import KINDS, Part
from tashbik.web.editions.fields import refuse
from tashbik.web.editions.forms import EditionForm
from tashbik.web.editions.part_forms import NAMES, PartForm
from tashbik.web.editions.tasks import groups_of
from tashbik.web.request import Request

ACTS = {"open": verbs.open_registration, "begin": verbs.begin, "close": verbs.close}


@require_GET
def index(request: Request) -> HttpResponse:
    """The editions that the reader may know of."""
    page = Paginator(queries.editions(request.actor), 25).get_page(request.GET.get("page"))
    rows = [
        {
            "edition": one,
            "organised": may(request.actor, "edition.see", one),
            "public": public_url(one) if one.status != Edition.Status.DRAFT else "",
        }
        for one in page
    ]
    return render(
        request, "editions/list.html", {"page": page, "rows": rows, "may_make": may(request.actor, "edition.create")}
    )


def public_url(edition: Edition) -> str:
    """The address of the public page; empty where the installation has none."""
    try:
        return reverse("participation:public", args=(edition.code,))
    except NoReverseMatch:
        return ""


@require_GET
def home(request: Request, code: str) -> HttpResponse:
    """What is set up of an edition, what is missing, and what comes next."""
    edition = queries.organised(request.actor, code)
    counts = queries.counts(edition)
    groups = groups_of(edition, counts)
    following = next((one for group in groups for one in group.tasks if one.next), None)
    return render(
        request,
        "editions/home.html",
        {
            "edition": edition,
            "groups": groups,
            "following": following,
            "counts": counts,
            "public": public_url(edition) if edition.status != Edition.Status.DRAFT else "",
            "may_edit": may(request.actor, "edition.edit", edition),
        },
    )


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Make an edition."""
    require(request.actor, "edition.create")
    form = EditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = verbs.create(actor=request.actor, sheet=form.sheet())
        except InvalidError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The edition is in preparation: nobody else sees it yet."))
            return redirect("editions:home", edition.code)
    return render(request, "editions/edit.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    """Change what an edition says of itself."""
    edition = queries.organised(request.actor, code, "edition.edit")
    form = EditionForm(request.POST or None, sheet=verbs.sheet_of(edition), version=edition.version)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit(actor=request.actor, edition=edition, sheet=form.sheet(), version=form.cleaned_data["version"])
        except (InvalidError, ConflictError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("editions:home", edition.code)
    context = {"form": form, "edition": edition}
    return render(request, "editions/edit.html", context, status=422 if form.errors else 200)


@require_POST
def act(request: Request, code: str, act: str) -> HttpResponse:
    """Open registration, begin, or close."""
    edition = queries.organised(request.actor, code, "edition.edit")
    if act not in ACTS:
        raise NotFoundError(_("There is no such step."))
    try:
        ACTS[act](actor=request.actor, edition=edition)
    except NotPermittedError:
        raise
    except ExchangeError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    else:
        done = {
            "open": _("Registration is open: the edition is public now."),
            "begin": _("The edition is under way."),
            "close": _("The edition is closed. Everything stays readable."),
        }
        messages.success(request, done[act])
    return redirect("editions:home", edition.code)


# the programme and other parts


@require_GET
def programme(request: Request, code: str) -> HttpResponse:
    """The programme by day, with rooms, tracks and papers."""
    edition = queries.organised(request.actor, code)
    rows = list(queries.sessions(edition))
    days: dict[Any, list[Any]] = {}
    for one in rows:
        days.setdefault(one.day, []).append(one)
    return render(
        request,
        "editions/programme.html",
        {
            "edition": edition,
            "days": days.items(),
            "clashes": queries.speaker_clashes(rows),
            "may_edit": may(request.actor, "edition.edit", edition) and edition.status != Edition.Status.CLOSED,
        },
    )


@require_GET
def part_list(request: Request, code: str, kind: str) -> HttpResponse:
    """The parts of one kind."""
    edition = queries.organised(request.actor, code)
    model, _fields = _known(kind)
    if kind in ("session", "paper"):
        return redirect(back_to(edition, kind))
    rows = model._default_manager.filter(edition=edition)
    if kind == "quota":
        shown: list[Any] = [{"part": one.quota, "filled": one} for one in queries.breakdown(edition).quotas]
    else:
        shown = [{"part": one} for one in rows]
    title, add, purpose = NAMES[kind]
    context = {"edition": edition, "kind": kind, "rows": shown, "title": title, "add": add, "purpose": purpose}
    context["may_edit"] = may(request.actor, "edition.edit", edition) and edition.status != Edition.Status.CLOSED
    return render(request, "editions/parts.html", context)


def _known(kind: str) -> tuple[type[Part], tuple[str, ...]]:
    if kind not in KINDS:
        raise NotFoundError(_("There is no such page."))
    return KINDS[kind]


@require_http_methods(["GET", "POST"])
def part(request: Request, code: str, kind: str, pk: int = 0) -> HttpResponse:
    """Add a part, or change one."""
    edition = queries.organised(request.actor, code, "edition.edit")
    found = _part(edition, kind, pk) if pk else None
    initial = {name: request.GET[name] for name in ("day", "session") if name in request.GET}
    form = PartForm(request.POST or None, edition=edition, kind=kind, part=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                parts.add(actor=request.actor, edition=edition, kind=kind, values=form.values())
            else:
                parts.change(actor=request.actor, part=found, values=form.values())
        except InvalidError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(back_to(edition, kind))
    title, add, purpose = NAMES[kind]
    context = {"edition": edition, "kind": kind, "part": found, "form": form, "title": title, "add": add}
    context |= {"purpose": purpose, "back": back_to(edition, kind)}
    return render(request, "editions/part.html", context, status=422 if form.errors else 200)


def back_to(edition: Edition, kind: str) -> str:
    """The page that parts of a kind are read on."""
    if kind in ("session", "paper"):
        return reverse("editions:programme", args=(edition.code,))
    if kind == "interpreter":
        return reverse("editions:meetings", args=(edition.code,))
    return reverse("editions:parts", args=(edition.code, kind))


def _part(edition: Edition, kind: str, pk: int) -> Part:
    model, _fields = _known(kind)
    found = model._default_manager.filter(edition=edition, pk=pk).first()
    if found is None:
        raise NotFoundError(_("This is no longer there."), mend=_("Look at the list again."))
    return found


@require_POST
def part_remove(request: Request, code: str, kind: str, pk: int) -> HttpResponse:
    """Remove a part."""
    edition = queries.organised(request.actor, code, "edition.edit")
    try:
        parts.remove(actor=request.actor, part=_part(edition, kind, pk))
    except NotPermittedError:
        raise
    except ExchangeError as error:
        messages.error(request, f"{error.message} {error.mend}".strip())
    else:
        messages.success(request, _("Removed."))
    return redirect(back_to(edition, kind))
