"""The resilience of large buyers: the list, a report, and the report on paper. Not the figures (queries.networks_dependence)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError
from tashbik.exchange.models import Organisation
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries.networks_dependence import (
    HIGH,
    MODERATE,
    Dependence,
    Supplier,
    buyers,
    report,
)
from tashbik.exchange.queries.networks_ties import organisation_node
from tashbik.web import reading
from tashbik.web.charts.bars import Bar, bars
from tashbik.web.networks import wording
from tashbik.web.networks.frame import Asked, asked, digits_of, frame, shown_node
from tashbik.web.printing import pdf_response
from tashbik.web.request import Request

MOST_BARS = 12


def grade_word(grade: str) -> str:
    """How concentrated purchases are, in a word."""
    return {
        "low": _("low concentration"),
        "moderate": _("moderate concentration"),
        "high": _("high concentration"),
    }.get(grade, _("not known"))


def concentration_definition() -> str:
    """What the index is, and where its limits come from."""
    return _(
        "Herfindahl–Hirschman index: the sum of the squared parts of the suppliers, from 0 to 1; from %(moderate)s on moderate, above %(high)s high "
        "(US Horizontal Merger Guidelines 2010). Parts are those of the weights of known supplies and awards, not of their value."
    ) % {"moderate": reading.number(MODERATE), "high": reading.number(HIGH)}


@require_GET
def index(request: Request) -> HttpResponse:
    """The buyers whose report the reader may read."""
    choice = Asked(request.membership.exchange) if request.membership else asked(request)
    network = queries.opened(request.actor, choice.exchange)
    digits = digits_of(request)
    context = frame(request, "dependence", choice, network) | {
        "rows": [
            {
                "one": one,
                "concentration": reading.decimals(one.concentration, 2, digits),
                "largest": one.largest,
            }
            for one in buyers(request.actor, network)
        ],
        "definition": concentration_definition(),
    }
    return render(request, "networks/dependence_list.html", context)


def _found(number: int) -> Organisation:
    found = Organisation.objects.select_related("exchange").filter(pk=number, kind=Organisation.Kind.BUYER).first()
    if found is None:
        raise NotFoundError(_("There is no such buyer."), mend=_("Choose one from the list."))
    return found


@require_GET
def page(request: Request, number: int) -> HttpResponse:
    """One buyer's report."""
    found = report(request.actor, _found(number))
    choice = Asked(found.organisation.exchange)
    context = frame(request, "dependence", choice, found.network) | told(found, digits_of(request))
    context["node"] = organisation_node(number)
    return render(request, "networks/dependence.html", context)


@require_GET
def paper(request: Request, number: int) -> HttpResponse:
    """The same on paper."""
    found = report(request.actor, _found(number))
    context = told(found, digits_of(request)) | {"today": timezone.localdate(), "on_paper": True}
    return pdf_response(request, "networks/dependence_paper.html", context, name=f"resilience-{number}")


def told(found: Dependence, digits: str) -> dict[str, Any]:
    """A report in words and rows."""
    rows = [_row(one, found) for one in found.suppliers]
    chart = [
        Bar(row["node"].name, one.part, reading.percent(round(one.part, 3), digits))
        for row, one in zip(rows, found.suppliers, strict=True)
    ][:MOST_BARS]
    finding = _("Part of each known supplier")
    return {
        "found": found,
        "rows": rows,
        "sentences": _sentences(found),
        "grade": grade_word(found.grade),
        "concentration": None if found.concentration is None else round(found.concentration, 2),
        "countries": [(reading.place(code) if code else _("not known"), part) for code, part in found.countries],
        "finding": finding,
        "picture": bars(chart, title=finding, rtl=reading.language() == "ar"),
        "definition": concentration_definition(),
    }


def _row(one: Supplier, found: Dependence) -> dict[str, Any]:
    return {
        "node": shown_node(one.node, found.nodes),
        "part": one.part,
        "origins": [wording.origin_word(origin) for origin in one.origins],
        "about": one.about,
        "as_of": one.as_of,
        "other_buyers": one.other_buyers,
        "only": shown_node(one.only_supplier, found.nodes) if one.only_supplier in found.nodes else None,
        "replacements": [
            {"node": shown_node(other.node, found.nodes), "share": other.likeness, "near": other.same_country}
            for other in one.replacements
            if other.node in found.nodes
        ],
    }


def _sentences(found: Dependence) -> list[str]:
    """What follows, the gravest first."""
    if not found.suppliers:
        return []
    made, count = [], len(found.suppliers)
    first = found.suppliers[0]
    name = wording.iso(shown_node(first.node, found.nodes).name)
    values = {"name": name, "share": reading.percent(round(first.part, 3)), "count": reading.number(count)}
    if count == 1:
        made.append(
            _("Only one supplier is known: %(name)s. If it fails, all that is known to be supplied is uncovered.")
            % values
        )
    else:
        text = ngettext(
            "%(count)s supplier is known; if the largest, %(name)s, fails, %(share)s of the weight of supplies is uncovered.",
            "%(count)s suppliers are known; if the largest, %(name)s, fails, %(share)s of the weight of supplies is uncovered.",
            count,
        )
        made.append(text % values)
    alone = [one for one in found.irreplaceable if one.node in found.nodes]
    if alone:
        names = reading.listed([wording.iso(shown_node(one.node, found.nodes).name) for one in alone[:5]])
        made.append(_("For these no replacement is known in the register: %(names)s.") % {"names": names})
    hidden = [one for one in found.suppliers if one.only_supplier in found.nodes]
    if hidden:
        values = {
            "name": wording.iso(shown_node(hidden[0].node, found.nodes).name),
            "other": wording.iso(shown_node(hidden[0].only_supplier, found.nodes).name),
        }
        made.append(_("One step further up: %(name)s itself has a single known supplier, %(other)s.") % values)
    return made
