"""The report of an exchange over a period: a page to be read and printed, and the same as files. Not the sums (queries.reports)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from tashbik.errors import NotFoundError, NotPermittedError
from tashbik.exchange.queries import reports as queries
from tashbik.web import reading
from tashbik.web.charts.bars import bars, funnel
from tashbik.web.reports.sheets import Sheet, as_csv, xlsx
from tashbik.web.reports.wording import Figure, figures
from tashbik.web.request import Request

WRITERS = {"xlsx": xlsx, "csv": as_csv}


class PeriodForm(forms.Form):
    """From when until when."""

    start = forms.DateField(
        label=pgettext_lazy("period", "From"),
        widget=forms.DateInput(attrs={"type": "date", "class": "short-field"}, format="%Y-%m-%d"),
    )
    end = forms.DateField(
        label=pgettext_lazy("period", "To"),
        widget=forms.DateInput(attrs={"type": "date", "class": "short-field"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, date]:
        """The days in their order."""
        values: dict[str, date] = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end and start > end:
            self.add_error("end", _("The end lies before the start."))
        return values


def _asked(request: Request) -> tuple[PeriodForm, queries.Period]:
    """The period asked for; this year so far where none, or an impossible one, is given."""
    today = timezone.now().date()
    usual = {"start": today.replace(month=1, day=1), "end": today}
    if "start" not in request.GET:
        return PeriodForm(initial=usual), queries.Period(**usual)
    form = PeriodForm(request.GET)
    return form, queries.Period(**(form.cleaned_data if form.is_valid() else usual))


def _report(request: Request, period: queries.Period) -> queries.Report:
    if request.membership is None:
        raise NotPermittedError(
            _("Your role does not allow this."), mend=_("Ask the exchange's administrator for the role that does.")
        )
    return queries.report(request.actor, request.membership.exchange, period)


@require_GET
def overview(request: Request) -> HttpResponse:
    """The figures of a period."""
    form, period = _asked(request)
    report = _report(request, period)
    digits = request.actor.user.digits if request.actor.user else "latn"
    shown = [(one, _picture(one, digits)) for one in figures(report)]
    days = None if report.response_days is None else round(report.response_days, 1)
    context = {"days": days, "form": form, "report": report, "figures": shown, "today": timezone.now().date()}
    return render(request, "reports/overview.html", context, status=422 if form.errors else 200)


def _picture(one: Figure, digits: str) -> str:
    draw = funnel if one.funnel else bars
    return draw(one.bars(digits), title=one.finding, rtl=reading.language() == "ar")


@require_GET
def file(request: Request, ending: str) -> HttpResponse:
    """The same figures as a workbook or a text file."""
    if ending not in WRITERS:
        raise NotFoundError(_("There is no such kind of file."), mend=_("Use xlsx or csv."))
    _form, period = _asked(request)
    report = _report(request, period)
    name = f"report-{period.start.isoformat()}-{period.end.isoformat()}"
    return WRITERS[ending](name, [_register(report), _awards(report), *(_sheet(one) for one in figures(report))])


def _sheet(one: Figure) -> Sheet:
    return Sheet(one.finding, one.headers, one.rows)


def _register(report: queries.Report) -> Sheet:
    register, period = report.register, report.period
    rows: list[list[Any]] = [
        [pgettext("period", "From"), period.start],
        [pgettext("period", "To"), period.end],
        [_("Enterprises in the register"), register.published],
        [_("New in the period"), register.new],
        [_("Verified in the period"), register.verified],
        [
            _("Mean completeness of profiles, in percent"),
            None if register.completeness is None else round(register.completeness, 1),
        ],
        [
            _("Median time to an answer, in days"),
            None if report.response_days is None else round(report.response_days, 1),
        ],
    ]
    return Sheet(_("Figures"), [_("Figure"), _("Value")], rows)


def _awards(report: queries.Report) -> Sheet:
    rows = [[one.currency, one.count, one.value] for one in report.awards]
    return Sheet(_("Awards"), [_("Currency"), _("Awards"), _("Value")], rows)
