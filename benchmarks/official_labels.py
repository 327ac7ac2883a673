"""Official labels in Arabic, French and English out of the shared data folder. Never copied into the project: they carry terms of their own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tashbik.settings import load

SAME_CLASS = "same code+same EN label"
"""French of ISIC that was matched from another nomenclature is used only where code and English label agree."""


class Label(NamedTuple):
    """One thing's official name in each language; empty where there is none that can be relied on."""

    ar: str
    fr: str
    en: str


def folder() -> Path:
    """Where the labels are; it may not exist."""
    return Path(load().shared) / "data" / "nomenclature"


def label_sets(where: Path) -> dict[str, list[Label]]:
    """The sets by name."""
    return {
        "ISIC Rev. 4 classes": list(_isic(where)),
        "HS chapters": list(_hs(where)),
        "OpenStreetMap presets": list(_presets(where)),
    }


def _isic(where: Path) -> Iterator[Label]:
    for row in _rows(where / "isic4_ar_fr_en.tsv"):
        if row["level"] == "class":
            yield Label(row["ar"], row["fr"] if row["fr_source"] == SAME_CLASS else "", row["en"])


def _hs(where: Path) -> Iterator[Label]:
    for row in _rows(where / "hs_sections_chapters_ar_fr_en.tsv"):
        if row["level"] == "chapter":
            yield Label(row["ar"], row["fr"], row["en"])


def _presets(where: Path) -> Iterator[Label]:
    for row in _rows(where / "osm_presets_ar_fr_en.tsv"):
        if row["ar"] and row["fr"] and row["en"]:
            yield Label(row["ar"], row["fr"], row["en"])


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def pairs(labels: list[Label], asked: str, offered: str) -> list[tuple[str, str]]:
    """Label pairs of two languages, without those of which either side stands for another thing too."""
    kept: dict[str, str] = {}
    offers: set[str] = set()
    for label in labels:
        query, document = getattr(label, asked), getattr(label, offered)
        if query and document and query not in kept and document not in offers:
            kept[query] = document
            offers.add(document)
    return list(kept.items())
