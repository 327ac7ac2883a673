"""The forum's phrases in Arabic, French and English, from data/wording.tsv. Not what they are said of."""

from __future__ import annotations

from functools import cache
from importlib import resources

from tashbik.forum.check import Violation


@cache
def wording() -> dict[str, dict[str, str]]:
    """All phrases by key and language."""
    text = resources.files("tashbik.forum").joinpath("data/wording.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}


def phrase(key: str, language: str, **values: object) -> str:
    """One phrase with its placeholders filled; KeyError for a phrase that is not there."""
    return wording()[key][language].format(**values)


def violation_text(violation: Violation, language: str) -> str:
    """A broken constraint as a sentence."""
    return phrase(f"violation.{violation.kind}", language, **violation.values)


def reason_text(obstacle: Violation, language: str) -> str:
    """An obstacle or a way out (`relax-…`) of `reasons.why_not` as a phrase."""
    kind = "relax" if obstacle.kind.startswith("relax-") else "reason"
    return phrase(f"{kind}.{obstacle.kind}", language, **obstacle.values)
