"""Drafting recommendations in three languages, editing drafts, adding a language. Not deciding on them (deciding.py)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tashbik.errors import ConflictError, InvalidError
from tashbik.exchange.permissions import require
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.recommendation_sheet import wording_of
from tashbik.exchange.verbs import recommendations as verbs
from tashbik.web import refusals
from tashbik.web.recommendations.deciding import to_change, version_sent
from tashbik.web.recommendations.forms import TranslationForm, WordingForm
from tashbik.web.recommendations.showing import edition_name
from tashbik.web.request import Request


@require_http_methods(["GET", "POST"])
def new(request: Request, edition: str) -> HttpResponse:
    """Draft a recommendation for an edition; `another` stays on the page for the next one."""
    found = queries.edition_named(request.actor, edition)
    require(request.actor, "recommendation.draft", found)
    form = WordingForm(request.POST or None, edition=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.draft(actor=request.actor, edition=found, wording=form.wording())
        except InvalidError as error:
            refusals.show(form, error)
        else:
            messages.success(request, _("Draft %(number)s is kept.") % {"number": made.reference})
            if "another" in request.POST:
                return redirect("recommendations:new", found.code)
            return redirect("recommendations:page", found.code, made.number)
    context = {"form": form, "edition": found, "name": edition_name(found)}
    return render(request, "recommendations/draft.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, edition: str, number: int) -> HttpResponse:
    """Edit a draft."""
    one = to_change(request, edition, number, "edit")
    form = WordingForm(request.POST or None, edition=one.edition, wording=wording_of(one))
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit(actor=request.actor, recommendation=one, version=version_sent(request), wording=form.wording())
        except (InvalidError, ConflictError) as error:
            refusals.show(form, error)
        else:
            messages.success(request, _("The draft is kept."))
            return redirect("recommendations:page", edition, number)
    context = {"form": form, "edition": one.edition, "name": edition_name(one.edition), "one": one}
    return render(request, "recommendations/draft.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def translate(request: Request, edition: str, number: int) -> HttpResponse:
    """Add the languages that an adopted recommendation lacks."""
    one = to_change(request, edition, number, "translate")
    form = TranslationForm(request.POST or None, recommendation=one)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.translate(
                actor=request.actor,
                recommendation=one,
                version=version_sent(request),
                text=form.texts("text"),
                body=form.texts("body"),
            )
        except (InvalidError, ConflictError) as error:
            refusals.show(form, error)
        else:
            messages.success(request, _("The language is added."))
            return redirect("recommendations:page", edition, number)
    return render(
        request, "recommendations/translate.html", {"form": form, "one": one}, status=422 if form.errors else 200
    )
