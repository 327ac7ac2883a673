"""The demonstration register and its needs: hand-written and fictitious. Not generated profiles (generator.py)."""

from __future__ import annotations

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
