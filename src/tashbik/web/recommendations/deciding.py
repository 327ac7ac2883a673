"""Deciding on recommendations: the vote, adopting, rejecting, dropping, opening again. Not drafting nor the work on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange.models import Recommendation, Vote
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.verbs import recommendation_work as work
from tashbik.exchange.verbs import recommendations as verbs
from tashbik.web import reading, refusals
from tashbik.web.recommendations.forms import AdoptForm, ReasonForm, VoteForm
from tashbik.web.request import Request

AT_ONCE = 60
"""Participants whose votes in the hall are entered on one page; the others are searched for."""


def to_change(request: Request, edition: str, number: int, act: str) -> Recommendation:
    """The recommendation, for who may do the act. Raises NotFoundError, NotPermittedError, and StateError where its status does not allow it."""
    one = queries.find(request.actor, edition, number)
    require(request.actor, f"recommendation.{act}", one)
    if act not in queries.BY_STATE[one.status]:
        raise StateError(
            _("This cannot be done now: the recommendation is “%(status)s”.") % {"status": one.get_status_display()},
            mend=_("Look at the recommendation's page: it says what can be done now."),
        )
    return one


def version_sent(request: Request) -> int:
    """The version that the form was made from; 0, which is none, where it is missing."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() else 0


def cancel_url(one: Recommendation) -> str:
    """Where one goes back to."""
    return reverse("recommendations:page", args=(one.edition.code, one.number))


def frame(one: Recommendation) -> dict[str, Any]:
    """What every page of one recommendation shows."""
    return {"one": one, "text": one.words("text", reading.language()), "cancel_url": cancel_url(one)}


# the vote


@require_POST
def poll(request: Request, edition: str, number: int) -> HttpResponse:
    """Open or end the vote."""
    one = to_change(request, edition, number, "poll")
    voting = request.POST.get("voting") == "1"
    verbs.poll(actor=request.actor, recommendation=one, voting=voting)
    if voting:
        messages.success(request, _("The vote is open. Participants find it on their first page."))
        return redirect("recommendations:vote", edition, number)
    messages.success(request, _("The vote has ended. Votes that were cast are kept."))
    return redirect("recommendations:page", edition, number)


@require_http_methods(["GET", "POST"])
def vote(request: Request, edition: str, number: int) -> HttpResponse:
    """One's own vote; for the organiser's side also the votes of participants in the hall."""
    one = queries.find(request.actor, edition, number)
    mine = queries.my_participation(request.actor, one)
    counts = "poll" in queries.allowed(request.actor, one)
    if mine is None and not counts:
        raise NotPermittedError(_("Only approved participants of this edition vote."))
    words = request.GET.get("q", "")[:100]
    people = queries.voters(request.actor, one, words if counts else "")
    own = one.votes.filter(participant=mine).values_list("choice", flat=True).first() if mine else ""
    form = VoteForm(request.POST if request.method == "POST" else None, initial={"choice": own})
    if request.method == "POST":
        if "people" in request.POST and counts:
            return _counted(request, one, people)
        if mine is not None and form.is_valid():
            verbs.cast_vote(
                actor=request.actor, participant=mine, recommendation=one, choice=form.cleaned_data["choice"]
            )
            messages.success(request, _("Your vote is counted. You can change it until the vote ends."))
            return redirect("recommendations:vote", edition, number)
    context = {
        **frame(one),
        "form": form if mine is not None else None,
        "people": people[:AT_ONCE] if counts else [],
        "more": len(people) > AT_ONCE,
        "words": words,
        "choices": [(value, str(label)) for value, label in Vote.Choice.choices],
        "tally": _tally(one),
        "counts": counts,
    }
    return render(request, "recommendations/vote.html", context, status=422 if form.errors else 200)


def _counted(request: Request, one: Recommendation, people: list[queries.Voter]) -> HttpResponse:
    """Count the votes of the hall that were changed."""
    count = 0
    for person in people:
        choice = request.POST.get(f"vote-{person.participant.pk}", "")
        if choice and choice != person.choice:
            verbs.cast_vote(actor=request.actor, participant=person.participant, recommendation=one, choice=choice)
            count += 1
    if count:
        messages.success(request, _("Votes are counted."))
    else:
        messages.info(request, _("No vote was changed."))
    return redirect("recommendations:vote", one.edition.code, one.number)


def _tally(one: Recommendation) -> list[tuple[str, int]]:
    counted = queries.tally(one)
    return [(str(label), counted[value]) for value, label in Vote.Choice.choices]


@require_http_methods(["GET", "POST"])
def adopt(request: Request, edition: str, number: int) -> HttpResponse:
    """Adopt a draft."""
    one = to_change(request, edition, number, "adopt")
    form = AdoptForm(request.POST or None, initial={"by": "vote" if one.voting else "consensus", "on": queries.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            verbs.adopt(
                actor=request.actor,
                recommendation=one,
                version=version_sent(request),
                by=data["by"],
                on=data["on"],
                note=data["note"],
            )
        except (InvalidError, ConflictError, StateError) as error:
            refusals.show(form, error)
        else:
            messages.success(request, _("The recommendation is adopted. Name its owner and its deadline next."))
            return redirect("recommendations:page", edition, number)
    context = {**frame(one), "form": form, "tally": _tally(one), "votes": sum(n for _label, n in _tally(one))}
    return render(request, "recommendations/adopt.html", context, status=422 if form.errors else 200)


# with a reason


@require_http_methods(["GET", "POST"])
def reject(request: Request, edition: str, number: int) -> HttpResponse:
    """Ask why, then do not adopt a draft."""
    texts = {
        "heading": _("Do not adopt the draft"),
        "explained": _("The draft stays in the list of the edition for the organiser's side; nobody else sees it."),
        "label": _("Do not adopt it"),
        "done": _("The draft is marked as not adopted."),
    }
    return _with_reason(request, edition, number, "reject", verbs.reject, texts)


@require_http_methods(["GET", "POST"])
def drop(request: Request, edition: str, number: int) -> HttpResponse:
    """Ask why, then drop a recommendation."""
    texts = {
        "heading": _("Drop the recommendation"),
        "explained": _("It stays public with the reason; its owner is told that nothing more is expected."),
        "label": pgettext("recommendation", "Drop it"),
        "done": _("The recommendation is dropped."),
    }
    return _with_reason(request, edition, number, "drop", work.drop, texts)


@require_http_methods(["GET", "POST"])
def reopen(request: Request, edition: str, number: int) -> HttpResponse:
    """Ask why, then open it again."""
    texts = {
        "heading": _("Open the recommendation again"),
        "explained": _("It goes back to where it was before it was decided or ended; its history stays."),
        "label": _("Open it again"),
        "done": _("The recommendation is open again."),
    }
    return _with_reason(request, edition, number, "reopen", work.reopen, texts)


def _with_reason(
    request: Request, edition: str, number: int, act: str, do: Callable[..., Recommendation], texts: dict[str, str]
) -> HttpResponse:
    one = to_change(request, edition, number, act)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            do(
                actor=request.actor,
                recommendation=one,
                version=version_sent(request),
                reason=form.cleaned_data["reason"],
            )
        except (InvalidError, ConflictError) as error:
            refusals.show(form, error)
        else:
            messages.success(request, texts["done"])
            return redirect("recommendations:page", edition, number)
    context = {**frame(one), **texts, "form": form}
    return render(request, "recommendations/reason.html", context, status=422 if form.errors else 200)
