"""Acting on matches: questions sent, answered and settled; overrides set and taken back; enterprises chosen. Not the reading (views.py)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tashbik.errors import InvalidError
from tashbik.exchange.models import MatchOverride, Need, Question
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries import matches as queries
from tashbik.exchange.queries import matches_questions as asking
from tashbik.exchange.queries import needs
from tashbik.exchange.queries.matches_rows import enterprises_of
from tashbik.exchange.verbs import matching as verbs
from tashbik.web.matches import pages, showing
from tashbik.web.matches.forms import AnswerForm, OverrideForm
from tashbik.web.matches.views import frame
from tashbik.web.needs.showing import kind_name
from tashbik.web.needs.working import digits_of
from tashbik.web.request import Request


def _back(request: Request, need: Need) -> HttpResponse:
    """Where the reader came from, else the matrix."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return _see(wanted)
    return _see(reverse("matches:matrix", args=(need.code,)))


def _see(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response


@require_POST
def chosen(request: Request, code: str) -> HttpResponse:
    """What to do with the enterprises that were chosen: compare them, send the questions, or request quotes."""
    need = queries.opened(request.actor, code)
    codes = list(dict.fromkeys(request.POST.getlist("enterprise")))
    act, line = request.POST.get("act", ""), request.POST.get("line", "")
    if not codes:
        messages.warning(request, _("Choose enterprises first: tick them in the first column."))
        return _back(request, need)
    if act == "ask":
        return _ask(request, need, codes, line)
    if act == "rfq":
        return _request_quotes(request, need, codes)
    if not 2 <= len(codes) <= queries.MOST_COMPARED:
        text = _("Two to %(most)d enterprises can be compared; you chose %(count)d.")
        messages.warning(request, text % {"most": queries.MOST_COMPARED, "count": len(codes)})
        return _back(request, need)
    pairs = [("line", line)] if line else []
    query = urlencode([*pairs, *(("enterprise", one) for one in codes)])
    return _see(reverse("matches:compare", args=(need.code,)) + f"?{query}")


def _request_quotes(request: Request, need: Need, codes: Sequence[str]) -> HttpResponse:
    known = enterprises_of(codes)
    own = [known[one] for one in codes if one in known and asking.can_be_asked(need, known[one])]
    if len(own) < len(codes):
        messages.info(request, _("Enterprises of other exchanges were left out: pass the need on to their exchange."))
    address = pages.rfq_address(need, own) if own else ""
    return _see(address) if address else _back(request, need)


def _ask(request: Request, need: Need, codes: Sequence[str], line: str) -> HttpResponse:
    """Send all questions behind the unknowns of these enterprises, on a line or on all; those of other exchanges are left out."""
    found = queries.rows_named(request.actor, need, codes, line_id=line)
    mine = [(part.line.id, [one for one in rows if asking.can_be_asked(need, one.enterprise)]) for part, rows in found]
    foreign = {one.code for _part, rows in found for one in rows} - {one.code for _line, rows in mine for one in rows}
    wanted = [each for line_id, rows in mine for each in asking.askings(line_id, rows)]
    sent = verbs.send(actor=request.actor, need=need, askings=wanted)
    messages.success(request, _sent(sent)) if sent else messages.info(request, _("There was no question to send."))
    if foreign:
        messages.info(request, _("Enterprises of other exchanges were left out: pass the need on to their exchange."))
    return _back(request, need)


def _sent(sent: Sequence[Question]) -> str:
    enterprises = len({one.enterprise_id for one in sent})
    questions = ngettext("%(count)d question was sent", "%(count)d questions were sent", len(sent)) % {
        "count": len(sent)
    }
    to = ngettext("to %(count)d enterprise", "to %(count)d enterprises", enterprises) % {"count": enterprises}
    return f"{questions} {to}."


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: Request, code: str) -> HttpResponse:
    """The questions of a need with their answers; POST sends those of the enterprises named."""
    need = queries.opened(request.actor, code)
    if request.method == "POST":
        return _ask(request, need, request.POST.getlist("enterprise"), request.POST.get("line", ""))
    digits = digits_of(request)
    items = [
        {
            "question": one,
            "text": one.asked.get(request.actor.language, ""),
            "state": showing.question_state(one, digits),
            "claim": showing.claim_word(one.claim) if one.answered else "",
            "verdict": showing.outcome_word(one.verdict) if one.verdict else "",
            "kind": kind_name(one.asked["kind"]) if one.asked.get("kind") else "",
        }
        for one in asking.of_need(request.actor, need)
    ]
    context = frame(request, need, queries.lines_of(need)) | {"items": items}
    return render(request, "matches/questions.html", context)


@require_GET
def inbox(request: Request) -> HttpResponse:
    """Needs with questions to answer, or answers to settle."""
    if not may(request.actor, "question.answer"):
        require(request.actor, "question.settle")
    waiting = asking.to_answer(request.actor) | asking.to_settle(request.actor)
    member = request.actor.enterprise_id is not None
    items = [
        {
            "need": one.need,
            "title": asking.shown_title(request.actor, one.need),
            "count": one.count,
            "url": reverse("matches:answer", args=(one.need.code, request.actor.enterprise_id))
            if member
            else reverse("matches:questions", args=(one.need.code,)),
        }
        for one in asking.waiting_needs(waiting)
    ]
    return render(request, "matches/inbox.html", {"items": items, "member": member})


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, code: str, enterprise: int) -> HttpResponse:
    """An enterprise answers what it was asked about a need, or an officer for it."""
    need, asked, found = asking.asked_of(request.actor, code, enterprise)
    form = AnswerForm(found, request.POST or None, language=request.actor.language)
    if request.method == "POST" and form.is_valid():
        try:
            done = verbs.answer(actor=request.actor, enterprise=asked, need=need, answers=form.answers())
        except InvalidError as error:
            form.take(error)
        else:
            text = ngettext("%(count)d answer was sent.", "%(count)d answers were sent.", len(done))
            messages.success(request, text % {"count": len(done)})
            return _see(request.path)
    context = {
        "need": need,
        "enterprise": asked,
        "title": asking.shown_title(request.actor, need),
        "buyer": needs.shown_buyer(request.actor, need),
        "form": form,
        "open": need.status == Need.Status.RELEASED,
        "own": ("enterprise", asked.pk) in request.actor.parties,
        "edit_url": pages.editing_address(asked),
        "inside": needs.is_inside(request.actor, need),
    }
    return render(request, "matches/answer.html", context, status=422 if form.errors else 200)


@require_POST
def settle(request: Request, number: int) -> HttpResponse:
    """Say whether an answer meets the requirement."""
    question = asking.find(request.actor, number)
    verbs.settle(actor=request.actor, question=question, verdict=request.POST.get("verdict", ""))
    messages.success(request, _("The answer is settled, and the matrix shows it."))
    return _back(request, question.need)


@require_http_methods(["GET", "HEAD", "POST"])
def override(request: Request, code: str) -> HttpResponse:
    """An officer's word against the engine's: on a requirement (line, enterprise, number) or on an enterprise."""
    need = queries.opened(request.actor, code)
    require(request.actor, "match.override", need)
    given = request.POST if request.method == "POST" else request.GET
    place = {name: given.get(name, "") for name in ("line", "enterprise", "number")}
    enterprise, row, one = queries.find_enterprise(place["enterprise"]), None, None
    if place["number"].isascii() and place["number"].isdigit():
        row, one = queries.one_cell(request.actor, need, place["line"], place["enterprise"], int(place["number"]))
    form = OverrideForm(request.POST or None, of_requirement=one is not None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            verbs.override(
                actor=request.actor,
                need=need,
                enterprise=enterprise,
                decision=form.cleaned_data["decision"],
                reason=form.cleaned_data["reason"],
                line=place["line"] if one else "",
                requirement=one.key if one else "",
            )
        except InvalidError as error:
            form.take(error)
        else:
            messages.success(request, _("Your decision is saved, and shown with your name and the reason."))
            return _back(request, need)
    context = frame(request, need, queries.lines_of(need)) | {
        "form": form,
        "place": place,
        "enterprise": enterprise,
        "facts": showing.facts(row, one, digits_of(request)) if row and one else None,
        "kind": kind_name(one.engine.requirement.kind) if one else "",
        "next": given.get("next", ""),
    }
    return render(request, "matches/override.html", context, status=422 if form.errors else 200)


@require_POST
def restore(request: Request, number: int) -> HttpResponse:
    """Take an override back."""
    found = get_object_or_404(MatchOverride.objects.select_related("need__exchange", "need__buyer"), pk=number)
    need = queries.opened(request.actor, found.need.code)
    verbs.restore(actor=request.actor, override=found)
    messages.success(request, _("The decision is taken back: what the matching found holds again."))
    return _back(request, need)
