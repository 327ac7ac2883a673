"""The commands' texts in the reader's language. Not explanations of links (linkage.explain)."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from importlib import resources

from tashbik.errors import SettingError
from tashbik.settings import load

LANGUAGES = ("ar", "fr", "en")


def locale_language() -> str:
    """Language of the reader: the setting `language`, else that of LC_ALL, LC_MESSAGES or LANG, else English."""
    with suppress(SettingError):  # told when the command runs; help must be readable meanwhile
        if chosen := load().language:
            return chosen
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(variable, "")[:2].lower()
        if code in LANGUAGES:
            return code
        if os.environ.get(variable):
            break
    return "en"


@cache
def texts() -> dict[str, dict[str, str]]:
    """All texts of all files by key and language."""
    found: dict[str, dict[str, str]] = {}
    for file in resources.files("tashbik.cli").joinpath("data").iterdir():
        if file.name.endswith(".tsv"):
            raw = file.read_text(encoding="utf-8")
            rows = [line.split("\t") for line in raw.splitlines() if line and not line.startswith("#")]
            found |= {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}
    return found


def text(key: str, language: str = "", **values: object) -> str:
    """One text with its placeholders filled; KeyError for a key that is not there."""
    return texts()[key][language or locale_language()].format(**values)
