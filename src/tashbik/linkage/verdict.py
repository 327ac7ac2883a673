"""The verdict: pass, fail or unknown, with what was asked and what is offered. Not how it is reached (judges) nor told (explain.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tashbik.registry.records import Need, NeedLine, Requirement

Outcome = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Case:
    """What the judges may know besides requirement and offer: the need, its line, and the day of judgement."""

    need: Need
    line: NeedLine
    today: date
    closeness: dict[tuple[object, ...], Any]
    """Memory of comparisons within one need line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one requirement against one offer.

    `asked` and `offered` are as written, or concept and grade ids to be named in the reader's language (`asked_ids`,
    `offered_ids`); `source` is the field it was read from; `as_of` the date of that datum; `reason` a code that the
    explanation words (`same`, `narrower`, `equivalent`, `stale` …); `closeness` 0–1 orders offers with equal
    outcomes; `share` the part of a quantity that can be taken; `details` numbers for the wording.
    """

    requirement: Requirement
    outcome: Outcome
    reason: str
    asked: str = ""
    offered: str = ""
    asked_ids: tuple[str, ...] = ()
    offered_ids: tuple[str, ...] = ()
    source: str = ""
    as_of: date | None = None
    closeness: float = 0.0
    share: float | None = None
    details: tuple[tuple[str, str], ...] = ()


def passed(requirement: Requirement, reason: str, closeness: float = 1.0, **fields: Any) -> Verdict:
    """A pass."""
    return Verdict(requirement, "pass", reason, closeness=closeness, **_asked(requirement, fields))


def failed(requirement: Requirement, reason: str, closeness: float = 0.0, **fields: Any) -> Verdict:
    """A fail."""
    return Verdict(requirement, "fail", reason, closeness=closeness, **_asked(requirement, fields))


def unknown(requirement: Requirement, reason: str, closeness: float = 0.5, **fields: Any) -> Verdict:
    """Not known: a question to the enterprise, never a fail."""
    return Verdict(requirement, "unknown", reason, closeness=closeness, **_asked(requirement, fields))


def _asked(requirement: Requirement, fields: dict[str, Any]) -> dict[str, Any]:
    fields.setdefault("asked", requirement.words)
    fields.setdefault("asked_ids", requirement.values)
    return fields
