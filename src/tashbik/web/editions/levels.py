"""How good a plan is, level by level, in plain words: the value, the proven bound, and what they mean. Not the plan itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tashbik.exchange.forum_problem import forum_of
from tashbik.exchange.models import MeetingPlan
from tashbik.exchange.queries.meeting_plans import quality
from tashbik.web import reading


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level: its name, value and bound, whether they meet, and a sentence that says what that means."""

    label: Any
    value: int
    bound: int
    proven: bool
    text: str


def levels_of(plan: MeetingPlan) -> list[LevelRow]:
    """The four levels of a plan in their order; none for one made anew on the day, which has its own bound."""
    if "musts" not in plan.answer:
        return []
    asked = sum(one.must for one in forum_of(plan).requests)
    return [_musts(plan, asked), _wishes(plan), _gaps(plan), _moves(plan)]


def _row(plan: MeetingPlan, level: str, label: str, best: str, near: str) -> LevelRow:
    value, bound, share = quality(plan.answer, level)
    proven = value == bound
    values = {"value": value, "bound": bound, "share": _percent(share if share is not None else 1.0)}
    return LevelRow(label, value, bound, proven, (best if proven else near) % values)


def _percent(share: float) -> str:
    """A share in percent, rounded down: what is not all never reads as all."""
    return reading.percent(int(share * 100) / 100)


def _musts(plan: MeetingPlan, asked: int) -> LevelRow:
    value, bound, _share = quality(plan.answer, "musts")
    label = _("Musts")
    if not asked:
        return LevelRow(label, 0, 0, True, _("Nobody has stated a must."))
    if value == asked:
        return LevelRow(label, value, bound, True, _("All %(count)d musts are held.") % {"count": asked})
    best = _("%(value)d of %(count)d musts are held; it is proven that no plan holds more.")
    near = _("%(value)d of %(count)d musts are held; no plan can hold more than %(bound)d.")
    text = (best if value == bound else near) % {"value": value, "count": asked, "bound": bound}
    return LevelRow(label, value, bound, value == bound, text)


def _wishes(plan: MeetingPlan) -> LevelRow:
    best = _("The most that is possible: it is proven that no plan fulfils the wishes better.")
    near = _("At least %(share)s of the most that is possible (%(value)d of at most %(bound)d points).")
    return _row(plan, "wishes", _("Wishes"), best, near)


def _gaps(plan: MeetingPlan) -> LevelRow:
    value, bound, _share = quality(plan.answer, "gaps")
    label = _("Idle gaps")
    if value == 0:
        return LevelRow(label, 0, 0, True, _("Nobody waits between two meetings of a day."))
    best = _("%(value)d gaps in all; it is proven that there are no fewer with these meetings.")
    near = _("%(value)d gaps in all; no plan with these meetings has fewer than %(bound)d.")
    return LevelRow(
        label, value, bound, value == bound, (best if value == bound else near) % {"value": value, "bound": bound}
    )


def _moves(plan: MeetingPlan) -> LevelRow:
    value, bound, _share = quality(plan.answer, "moves")
    label = _("Changes of table")
    if value == 0:
        return LevelRow(label, 0, 0, True, _("Nobody changes the table between two meetings that follow each other."))
    best = _("%(value)d changes of table; it is proven that there are no fewer at these times.")
    near = _("%(value)d changes of table; no plan at these times has fewer than %(bound)d.")
    return LevelRow(
        label, value, bound, value == bound, (best if value == bound else near) % {"value": value, "bound": bound}
    )
