"""The final communiqué of an edition: issued, and as PDF in each language. Not the recommendations themselves (pages.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from tashbik.errors import InvalidError, NotFoundError, StateError
from tashbik.exchange.evidence import LANGUAGES
from tashbik.exchange.models import Communique, Edition
from tashbik.exchange.models.editions import said
from tashbik.exchange.permissions import may, require
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.verbs.recommendations import issue
from tashbik.nomenclature.places import known_place
from tashbik.web import reading, refusals
from tashbik.web.printing import pdf_response
from tashbik.web.recommendations.forms import OWN_NAMES, CommuniqueForm
from tashbik.web.recommendations.showing import country_name, edition_name
from tashbik.web.request import Request


@require_http_methods(["GET", "POST"])
def page(request: Request, edition: str) -> HttpResponse:
    """The communiqués that were issued; for the organiser's side, the form to issue one."""
    found = queries.edition_named(request.actor, edition)
    may_issue = may(request.actor, "communique.issue", found)
    issued = list(found.communiques.all())
    form = CommuniqueForm(request.POST or None, texts=issued[0].preamble if issued else _usual(found))
    if request.method == "POST":
        require(request.actor, "communique.issue", found)
        if form.is_valid() and _issued(request, found, form):
            return redirect("recommendations:communique", edition)
    context = {
        "edition": found,
        "name": edition_name(found),
        "issued": issued,
        "latest": _shown(issued[0]) if issued else None,
        "languages": list(OWN_NAMES.items()),
        "form": form if may_issue else None,
    }
    return render(request, "recommendations/communique.html", context, status=422 if form.errors else 200)


def _issued(request: Request, edition: Edition, form: CommuniqueForm) -> bool:
    try:
        made = issue(actor=request.actor, edition=edition, preamble=form.texts("preamble"))
    except (InvalidError, StateError) as error:
        refusals.show(form, error)
        return False
    messages.success(request, _("Communiqué number %(number)d is issued.") % {"number": made.number})
    return True


def _usual(edition: Edition) -> dict[str, str]:
    """Opening words to begin with, in each language."""
    found = {}
    for one in LANGUAGES:
        with translation.override(one):
            values = {
                "name": edition.text("name", one),
                "place": place_of(edition, one),
                "start": reading.day(edition.starts),
                "end": reading.day(edition.ends),
            }
            found[one] = (
                _("The participants of “%(name)s”, who met in %(place)s from %(start)s to %(end)s, recommend:") % values
            )
    return found


def place_of(edition: Edition, language: str) -> str:
    """The town of an edition in a language; as it was written where the gazetteer does not know it, or the country where none was."""
    known = known_place(edition.place, edition.country) if edition.place else None
    if known is not None:
        return known.label(language)
    return edition.place or (reading.place(edition.country) if edition.country else "")


def _shown(one: Communique) -> dict[str, Any]:
    """A communiqué in the language in force."""
    language = reading.language()
    return {
        "number": one.number,
        "issued": one.issued,
        "preamble": said(one.preamble, language),
        "items": [_item(item, language) for item in one.items],
    }


def _item(item: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "place": item["place"],
        "reference": item["reference"],
        "text": said(item["text"], language),
        "body": said(item["body"], language),
        "country": country_name(item["country"]),
        "sector": said(item["sector"], language),
        "owner": item["owner"],
        "deadline": _day(item["deadline"]),
        "adoption": adoption(item),
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def adoption(item: dict[str, Any]) -> str:
    """When and how it was adopted, in words."""
    values = {"date": reading.day(_day(item["adopted"])), **item["votes"]}
    if item["adopted_by"] == "vote" and item["votes"]:
        return _("adopted by vote on %(date)s: for %(for)d, against %(against)d, abstentions %(abstain)d") % values
    if item["adopted_by"] == "vote":
        return _("adopted by vote on %(date)s") % values
    return pgettext("recommendation", "adopted by consensus on %(date)s") % values


@require_GET
def pdf(request: Request, edition: str, number: int, language: str) -> HttpResponse:
    """A communiqué in a language, to be printed and signed."""
    found = queries.edition_named(request.actor, edition)
    one = found.communiques.filter(number=number).first()
    if one is None or language not in LANGUAGES:
        raise NotFoundError(_("There is no such communiqué."))
    with translation.override(language):
        context = {
            "edition": found,
            "name": edition_name(found),
            "theme": found.text("theme", language),
            "venue": found.text("venue", language),
            "place": place_of(found, language),
            "communique": _shown(one),
            "bodies": [(str(body.get_part_display()), said(body.name, language)) for body in found.bodies.all()],
        }
    name = f"communique-{found.code}-{number}-{language}"
    return pdf_response(request, "recommendations/paper.html", context, name=name, language=language)
