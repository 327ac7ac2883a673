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
    """The demonstration needs, in the order of their files."""
    files = sorted(_folder().glob("needs*.csv"))
    return [need for file in files for need in read_needs(file) if not isinstance(need, Reject)]


def label_files() -> list[Path]:
    """Graded relevance of enterprises to needs, judged by reading: 3 meets all that is stated, 2 something is unknown, 1 near."""
    return sorted(_folder().glob("labels_*.qrels"))
