"""What the figures of a report are called, and the sentences that say what they show. Not the figures (exchange.queries.reports)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tashbik.exchange.models import Invitation, Need, Outcome
from tashbik.exchange.queries.reports import Report
from tashbik.web import reading
from tashbik.web.charts.bars import Bar
from tashbik.web.needs.showing import kind_name


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the report: its key, what it shows, its headers, and its rows of (name, number)."""

    key: str
    finding: str
    headers: tuple[str, str]
    rows: list[list[Any]]
    funnel: bool = False

    def bars(self, digits: str) -> list[Bar]:
        """The rows as bars."""
        return [Bar(str(name), float(value), reading.number(value, digits)) for name, value in self.rows]


def figures(report: Report) -> list[Figure]:
    """All figures that have something to show."""
    found = [
        _funnel("invitations", _invitations(report), report.invitations_funnel, _invitation_steps()),
        _funnel("needs", _needs(report), report.needs_funnel, _need_steps()),
        _named("kinds", _("What needs are for"), report.needs_by_kind, dict(Need.Kind.choices)),
        _rows("sectors", _("What needs are about"), [[reading.concept(key), n] for key, n in report.needs_by_sector]),
        _rows("completeness", _completeness(report), _bands(report), _("Completeness of profiles"), _("Enterprises")),
        _named("outcomes", _("What became of awards"), report.outcomes, _outcomes()),
        _named("declined", _("Why enterprises did not quote"), report.declined, dict(Invitation.Reason.choices)),
        _rows("asked", _("What profiles leave unknown and enterprises had to be asked"), _kinds(report.asked)),
        _rows("failed", _("What officers found not met"), _kinds(report.failed)),
    ]
    return [one for one in found if any(value for _name, value in one.rows)]


def _rows(key: str, finding: str, rows: list[list[Any]], name: str = "", count: str = "") -> Figure:
    return Figure(key, finding, (name or pgettext("column", "What"), count or _("How many")), rows)


def _named(key: str, finding: str, pairs: tuple[tuple[str, int], ...], names: dict[Any, Any]) -> Figure:
    return _rows(key, finding, [[str(names.get(one, one)), count] for one, count in pairs])


def _funnel(key: str, finding: str, steps: tuple[tuple[str, int], ...], names: dict[str, str]) -> Figure:
    rows = [[names[one], count] for one, count in steps]
    return Figure(key, finding, (_("Step"), _("How many")), rows, funnel=True)


def _kinds(pairs: tuple[tuple[str, int], ...]) -> list[list[Any]]:
    return [[kind_name(kind), count] for kind, count in pairs]


def _invitation_steps() -> dict[str, str]:
    return {
        "sent": _("Enterprises asked to quote"),
        "seen": _("have read it"),
        "answered": _("have answered"),
        "quoted": _("have quoted"),
        "awarded": _("were chosen"),
    }


def _need_steps() -> dict[str, str]:
    return {
        "released": _("Needs released"),
        "asked": _("with enterprises asked to quote"),
        "quoted": _("with at least one quote"),
        "awarded": pgettext("needs", "awarded"),
    }


def _outcomes() -> dict[str, str]:
    return {**{key: str(label) for key, label in Outcome.Kind.choices}, "none": _("not recorded yet")}


def share(part: int, whole: int) -> str:
    """A share in percent, as the reader's language writes it."""
    return reading.percent(part / whole if whole else 0)


def _invitations(report: Report) -> str:
    steps = dict(report.invitations_funnel)
    return _("Of the enterprises asked, %(share)s sent a quote") % {"share": share(steps["quoted"], steps["sent"])}


def _needs(report: Report) -> str:
    steps = dict(report.needs_funnel)
    return _("Of the needs released, %(share)s received a quote") % {"share": share(steps["quoted"], steps["released"])}


def _completeness(report: Report) -> str:
    mean = report.register.completeness
    return _("Profiles are %(share)s complete on average") % {"share": reading.percent((mean or 0) / 100)}


def _bands(report: Report) -> list[list[Any]]:
    """Ranges run from left to right in Arabic too: an isolate keeps them so."""
    before, after = ("\u2066", "\u2069") if reading.language() == "ar" else ("", "")
    return [[f"{before}{low}–{high} %{after}", count] for low, high, count in report.register.bands]
