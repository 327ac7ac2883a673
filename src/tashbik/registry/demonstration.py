"""The demonstration register, its needs and their graded relevance: hand-written and fictitious. Not generated profiles (generator.py)."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path

from tashbik.registry.readers import read_needs
from tashbik.registry.records import Need
from tashbik.registry.rejects import Reject


def _folder() -> Path:
    return Path(str(resources.files("tashbik.registry").joinpath("data/demonstration")))


def register_files() -> list[Path]:
    """The files of the demonstration register."""
    return sorted(_folder().glob("enterprises_*.csv"))


def needs_of_the_demonstration() -> list[Need]:
    """The demonstration needs."""
    return [need for need in read_needs(_folder() / "needs.csv") if not isinstance(need, Reject)]


def judgements() -> dict[str, dict[str, float]]:
    """Graded relevance by need and enterprise: 3 can meet it, 2 could with a question or a part of it, 1 same trade only."""
    table: dict[str, dict[str, float]] = {}
    with (_folder() / "judgements.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            table.setdefault(row["need"], {})[row["enterprise"]] = float(row["relevance"])
    return table
