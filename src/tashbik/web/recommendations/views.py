"""Progress of recommendations, their lists, and the same as files. Not one recommendation (pages.py)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError
from tashbik.exchange.models import Edition, Recommendation
from tashbik.exchange.queries import recommendation_progress as sums
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.queries.recommendations import Filters
from tashbik.web import reading
from tashbik.web.recommendations import showing
from tashbik.web.recommendations.forms import country_choices
from tashbik.web.reports.sheets import Sheet, as_csv, xlsx
from tashbik.web.request import Request

A_PAGE = 25
MOST_OVERDUE = 8
VIEWS = ("undecided", "unassigned", "overdue", "done", "mine")
WRITERS = {"xlsx": xlsx, "csv": as_csv}


def read_filters(given: QueryDict, view: str = "") -> Filters:
    """The filters of an address; what is not known is left out."""
    status, topic, sector = (given.get(name, "") for name in ("status", "topic", "sector"))
    return Filters(
        edition=given.get("edition", "")[:40],
        country=given.get("country", "")[:4],
        status=status if status in Recommendation.Status.values else "",
        topic=topic if topic in Recommendation.Topic.values else "",
        sector=sector if sector in Recommendation.Sector.values else "",
        view=view or ("overdue" if given.get("overdue") else ""),
        text=given.get("q", "")[:200],
    )


@require_GET
def progress(request: Request) -> HttpResponse:
    """What was recommended, and what came of it: sums by country and edition, the overdue ones, the list."""
    filters = read_filters(request.GET)
    actor, digits = request.actor, showing.digits_of(request)
    editions = queries.editions(actor)
    names = {one.code: showing.edition_name(one) for one in editions}
    found = sums.overview(actor, filters)
    page = Paginator(queries.listing(actor, filters), A_PAGE).get_page(request.GET.get("page"))
    late = list(sums.overdue(actor, filters)[: MOST_OVERDUE + 1])
    context = {
        "filters": filters,
        "narrowed": filters != Filters(),
        "choices": _choices(editions),
        "whole": found.whole,
        "parts": dict(zip(showing.part_names(), showing.parts_of(found.whole), strict=True)),
        "legend": list(showing.part_names().items()),
        "countries": _by_country(found, digits),
        "editions": showing.figure_by(
            found.editions, names, title=_("By edition"), first=_("Edition"), key="editions", digits=digits
        ),
        "fates": [_fate(one) for one in sums.fates(actor, editions, found)],
        "names": names,
        "overdue": showing.rows_of(late[:MOST_OVERDUE]),
        "more_overdue": len(late) > MOST_OVERDUE,
        "rows": showing.rows_of(list(page)),
        "page": page,
        "today": queries.today(),
        "may_draft": queries.open_editions(actor),
    }
    return render(request, "recommendations/progress.html", context)


def _fate(one: sums.Fate) -> dict[str, Any]:
    parts = dict(zip(showing.part_names(), showing.parts_of(one.row), strict=True))
    return {"edition": one.edition, "row": one.row, "taken_up": one.taken_up, **parts}


def _by_country(found: sums.Overview, digits: str) -> dict[str, Any]:
    names = {row.key: showing.country_name(row.key) for row in found.countries}
    return showing.figure_by(
        found.countries, names, title=_finding(found), first=_("Country"), key="countries", digits=digits
    )


def _finding(found: sums.Overview) -> str:
    """The finding as the title of the picture: how many of all are carried out."""
    done = showing.parts_of(found.whole)[0]
    share = reading.percent(done / found.whole.total) if found.whole.total else reading.percent(0)
    return _("By country: %(share)s of the recommendations are carried out") % {"share": share}


def _choices(editions: list[Edition]) -> dict[str, list[tuple[str, str]]]:
    return {
        "edition": [(one.code, showing.edition_name(one)) for one in editions],
        "country": [("arab", _("all Arab countries")), *country_choices()[1:]],
        "status": [(key, str(label)) for key, label in Recommendation.Status.choices],
        "topic": [(key, str(label)) for key, label in Recommendation.Topic.choices],
        "sector": [(key, str(label)) for key, label in Recommendation.Sector.choices],
    }


@require_GET
def view(request: Request, view: str) -> HttpResponse:
    """A list of what waits: drafts to decide, adopted without owner, overdue, reported as done, the reader's own."""
    if view not in VIEWS:
        raise NotFoundError(_("There is no such list."))
    filters = read_filters(request.GET, view)
    page = Paginator(queries.listing(request.actor, filters), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "heading": view_names()[view],
        "view": view,
        "tabs": [
            {"label": label, "url": reverse("recommendations:view", args=(name,)), "current": name == view}
            for name, label in view_names().items()
            if _is_for(request, name)
        ],
        "rows": showing.rows_of(list(page)),
        "page": page,
    }
    return render(request, "recommendations/list.html", context)


def view_names() -> dict[str, str]:
    """The lists, in words."""
    return {
        "mine": pgettext("recommendations", "Yours to carry out"),
        "undecided": pgettext("recommendations", "To decide"),
        "unassigned": pgettext("recommendations", "Without an owner"),
        "overdue": pgettext("recommendations", "Overdue"),
        "done": pgettext("recommendations", "To check and close"),
    }


def _is_for(request: Request, name: str) -> bool:
    if name == "mine":
        return bool(request.actor.organisation_id)
    return name == "overdue" or request.actor.role in queries.INSIDE


# files


@require_GET
def file(request: Request, ending: str) -> HttpResponse:
    """The list with its filters as CSV, workbook or JSON."""
    filters = read_filters(request.GET)
    rows = list(queries.listing(request.actor, filters))
    if ending == "json":
        answer = JsonResponse(
            {"recommendations": [_as_json(one) for one in rows]}, json_dumps_params={"ensure_ascii": False}
        )
        answer["Content-Disposition"] = 'attachment; filename="recommendations.json"'
        return answer
    if ending not in WRITERS:
        raise NotFoundError(_("There is no such kind of file."), mend=_("Use xlsx, csv or json."))
    return WRITERS[ending]("recommendations", [_sheet(rows)])


def _sheet(rows: list[Recommendation]) -> Sheet:
    header = [
        *(_("Number"), _("Edition"), _("Recommendation"), _("Addressed to"), _("Body that is to act"), _("Country")),
        *(
            pgettext("recommendation", "Topic"),
            _("Status"),
            _("overdue"),
            _("Day of adoption"),
            pgettext("recommendation", "Owner"),
        ),
        *(
            _("Deadline"),
            _("What is measured"),
            _("Unit"),
            _("Baseline"),
            _("Value"),
            _("Target value"),
            _("Value as of"),
        ),
        *(_("Result"), pgettext("recommendation", "Closed on")),
    ]
    return Sheet(_("Recommendations"), header, [_cells(one) for one in rows])


def _cells(one: Recommendation) -> list[Any]:
    language = reading.language()
    return [
        one.reference,
        showing.edition_name(one.edition),
        one.words("text", language),
        str(one.get_sector_display()),
        one.words("body", language),
        showing.country_of(one),
        str(one.get_topic_display()),
        str(one.get_status_display()),
        _("yes") if one.overdue(queries.today()) else _("no"),
        one.adopted,
        one.owner,
        one.deadline,
        one.words("indicator", language),
        one.unit,
        one.baseline,
        one.value,
        one.target,
        one.value_on,
        one.result,
        one.closed,
    ]


def _as_json(one: Recommendation) -> dict[str, Any]:
    """A recommendation for programs: codes, texts by language, dates as ISO 8601, values as decimal texts."""
    numbers = {
        name: str(value) if (value := getattr(one, name)) is not None else None
        for name in ("baseline", "value", "target")
    }
    days = {
        name: day.isoformat() if (day := getattr(one, name)) else None
        for name in ("adopted", "deadline", "value_on", "closed")
    }
    return {
        "number": one.reference,
        "edition": one.edition.code,
        "text": one.text,
        "addressee": {"sector": one.sector, "body": one.body, "country": one.country or None},
        "topic": one.topic,
        "status": one.status,
        "overdue": one.overdue(queries.today()),
        "owner": one.owner or None,
        "indicator": {"words": one.indicator, "unit": one.unit, **numbers},
        **days,
        "result": one.result or None,
    }
