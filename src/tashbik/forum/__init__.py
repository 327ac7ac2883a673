"""Meetings of a forum: choosing, scheduling, explaining, planning anew, checking. This is the room's façade; the work is in its modules.

The published problem: `solve`, `violations`, `claims`. The forum's own: `plan`, `replan`, `why_not`,
`plan_violations`, `requests_of`. Solvers are imported when they are first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tashbik.forum.check import Violation, breaks, claims, violations
from tashbik.forum.check_plan import gaps_of, plan_claims, plan_levels, plan_violations
from tashbik.forum.event import Event, Meeting, Placement, Timetable
from tashbik.forum.reasons import SlotReason, WhyNot, why_not
from tashbik.forum.replanning import Absence, Changes, Move, Revision, replan
from tashbik.forum.requests import (
    Forum,
    Held,
    Interpreter,
    Level,
    Person,
    Plan,
    Request,
    Slot,
    Table,
    Wish,
    requests_of,
)
from tashbik.forum.wording import reason_text, violation_text

if TYPE_CHECKING:
    from tashbik.forum.exact import solve
    from tashbik.forum.planning import plan

_LAZY = {"solve": "tashbik.forum.exact", "plan": "tashbik.forum.planning"}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'tashbik.forum' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)


__all__ = [
    "Absence",
    "Changes",
    "Event",
    "Forum",
    "Held",
    "Interpreter",
    "Level",
    "Meeting",
    "Move",
    "Person",
    "Placement",
    "Plan",
    "Request",
    "Revision",
    "Slot",
    "SlotReason",
    "Table",
    "Timetable",
    "Violation",
    "WhyNot",
    "Wish",
    "breaks",
    "claims",
    "gaps_of",
    "plan",
    "plan_claims",
    "plan_levels",
    "plan_violations",
    "reason_text",
    "replan",
    "requests_of",
    "solve",
    "violation_text",
    "violations",
    "why_not",
]
