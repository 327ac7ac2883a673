"""The report of an edition: a page to be read and printed, and the same as a workbook or text file. Not the sums (queries.participation_report)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError
from tashbik.exchange.models import MeetingFeedback, Participant
from tashbik.exchange.queries import participation as editions
from tashbik.exchange.queries import participation_report as queries
from tashbik.web import reading
from tashbik.web.charts.bars import Bar, bars, funnel
from tashbik.web.participation.showing import digits_of
from tashbik.web.printing import pdf_response
from tashbik.web.reports.sheets import Sheet, as_csv, xlsx
from tashbik.web.request import Request

WRITERS = {"xlsx": xlsx, "csv": as_csv}


def _report(request: Request, code: str) -> queries.EditionReport:
    return queries.report(request.actor, editions.find_edition(request.actor, code))


@require_GET
def page(request: Request, code: str) -> HttpResponse:
    """The report."""
    found = _report(request, code)
    came = sheets(found)[:2]
    context = {
        "report": found,
        "edition": found.edition,
        "today": timezone.now().date(),
        "rating": None if found.rating is None else round(found.rating, 1),
        "tables": [(one.title, one.rows, one.header[0]) for one in came],
        **_pictures(request, found),
    }
    return render(request, "participation/report.html", context)


@require_GET
def printed(request: Request, code: str) -> HttpResponse:
    """The report as PDF."""
    found = _report(request, code)
    context = {"edition": found.edition, "at": timezone.now(), "sheets": sheets(found)}
    return pdf_response(request, "participation/printed/report.html", context, name=f"report-{code}")


@require_GET
def file(request: Request, code: str, ending: str) -> HttpResponse:
    """The same as xlsx or csv."""
    if ending not in WRITERS:
        raise NotFoundError(_("There is no such kind of file."), mend=_("Use xlsx or csv."))
    return WRITERS[ending](f"report-{code}", sheets(_report(request, code)))


def _pictures(request: Request, found: queries.EditionReport) -> dict[str, Any]:
    rtl, digits = reading.language() == "ar", digits_of(request)
    steps = [
        (_("Meetings in the plan"), found.meetings.planned),
        (_("Took place"), found.meetings.held),
        (_("With an agreement or to be followed up"), sum(count for key, count in found.outcomes if key in FURTHER)),
        (_("With an agreement"), dict(found.outcomes).get(MeetingFeedback.Outcome.AGREEMENT, 0)),
    ]
    countries = [(reading.place(one.key), one.registered) for one in found.by_country]
    return {
        "steps": steps,
        "funnel": funnel(_bars(steps, digits), title=_("What came of the meetings"), rtl=rtl),
        "countries": countries,
        "by_country": bars(_bars(countries, digits), title=_("Participants by country"), rtl=rtl),
    }


FURTHER = (MeetingFeedback.Outcome.AGREEMENT, MeetingFeedback.Outcome.FOLLOW_UP)


def _bars(rows: Sequence[tuple[str, int]], digits: str) -> list[Bar]:
    return [Bar(name, float(count), reading.number(count, digits)) for name, count in rows]


def sheets(found: queries.EditionReport) -> list[Sheet]:
    """The report as tables, for files and paper."""
    category = dict(Participant.Category.choices)
    head = (
        pgettext("participants", "Registered"),
        pgettext("participants", "Approved"),
        pgettext("participants", "Came"),
    )
    return [
        Sheet(
            _("Participants by category"),
            (_("Category"), *head),
            [
                *(_came(str(category.get(one.key, one.key)), one) for one in found.by_category),
                _came(_("All"), found.total),
            ],
        ),
        Sheet(
            _("Participants by country"),
            (_("Country"), *head),
            [_came(reading.place(one.key), one) for one in found.by_country],
        ),
        Sheet(_("Meetings"), (_("Figure"), _("Value")), _meetings(found)),
        Sheet(
            _("Value of orders"),
            (_("Currency"), _("Meetings"), _("Value")),
            [[currency, count, value] for currency, value, count in found.orders],
        ),
        Sheet(
            _("Results by country"),
            (
                _("Country"),
                _("Meetings held"),
                _("Agreements"),
                _("To be followed up"),
                pgettext("meetings", "Contacts"),
                _("Orders"),
            ),
            [_result(one) for one in found.results],
        ),
    ]


def _came(name: str, one: queries.Attendance) -> list[Any]:
    return [name, one.registered, one.approved, one.attended]


def _meetings(found: queries.EditionReport) -> list[list[Any]]:
    meetings = found.meetings
    kept = None if meetings.kept is None else round(meetings.kept * 100, 1)
    rows: list[list[Any]] = [
        [_("Meetings in the plan"), meetings.planned],
        [_("Took place"), meetings.held],
        [pgettext("meetings", "Did not take place"), meetings.missed],
        [_("Nobody has said yet"), meetings.silent],
        [pgettext("meetings", "Cancelled"), meetings.cancelled],
        [_("Held, in percent of the meetings reported on"), kept],
    ]
    rows += [[str(MeetingFeedback.Outcome(key).label), count] for key, count in found.outcomes]
    return [*rows, [_("Mean rating, 1 to 5"), None if found.rating is None else round(found.rating, 1)]]


def _result(one: queries.Results) -> list[Any]:
    orders = [reading.money(value, currency) for currency, value in one.orders]
    return [reading.place(one.country), one.held, one.agreements, one.follow_ups, one.contacts, " · ".join(orders)]
