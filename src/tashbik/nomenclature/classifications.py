"""Headings of ISIC Rev. 4 and of the Harmonized System in three languages. Not for classifying texts (classify.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from tashbik.language import arabic
from tashbik.language.analysis import fold, tokenise
from tashbik.nomenclature import tables

_ISIC = re.compile(r"([A-U]?) ?(\d\d)\.?(\d?)\.?(\d?)|([A-U])")
_HS = re.compile(r"(\d\d)(?:[. ]?\d\d){0,4}")


class Heading(NamedTuple):
    """A heading of a classification. `parent` is the code of the broader one, empty for a section."""

    code: str
    level: str
    parent: str
    names: dict[str, str]

    def label(self, language: str) -> str:
        """The official title in a language."""
        return self.names[language]


def _heading(row: dict[str, str], parent: str) -> Heading:
    return Heading(row["code"], row["level"], parent, {language: row[language] for language in tables.LANGUAGES})


@cache
def isic() -> dict[str, Heading]:
    """Sections, divisions, groups and classes of ISIC Rev. 4 by code, broader before narrower."""
    return {row["code"]: _heading(row, row["parent"]) for row in tables.table("classifications/isic4.tsv")}


@cache
def hs() -> dict[str, Heading]:
    """Sections (S01 …) and chapters (01 …) of the Harmonized System by code, each section before its chapters."""
    found: dict[str, Heading] = {}
    section = ""
    for row in tables.table("classifications/hs.tsv"):
        section = row["code"] if row["level"] == "section" else section
        found[row["code"]] = _heading(row, "" if row["code"] == section else section)
    return found


def isic_section(code: str) -> str:
    """Letter of the section that an ISIC code belongs to; empty for an unknown code."""
    heading = isic().get(code)
    while heading is not None and heading.parent:
        heading = isic()[heading.parent]
    return heading.code if heading is not None else ""


@cache
def _titles() -> dict[str, str]:
    # A title that several levels share names the same activities at each: the narrowest, which comes last, says most.
    return {_key(title): heading.code for heading in isic().values() for title in heading.names.values()}


def _key(title: str) -> str:
    return " ".join(token.folded for token in tokenise(fold(title)))


def isic_code(written: str) -> str:
    """ISIC code of a cell: a code (2592, C2592, 25.92) or an official title in any language; empty where it is none."""
    text = " ".join(arabic.normalise_digits(written).split())
    match = _ISIC.fullmatch(text.upper())
    if match is None:
        return _titles().get(_key(text), "")
    letter, *digits, alone = match.groups("")
    code = alone or "".join(digits)
    return code if letter in ("", isic_section(code)) and code in isic() else ""


def hs_chapter(code: str) -> str:
    """Chapter of a code of the Harmonized System or of a tariff built on it (73, 7308, 73.08.90); empty where none."""
    match = _HS.fullmatch(arabic.normalise_digits(code).strip())
    return match[1] if match is not None and match[1] in hs() else ""


def codes(found: Iterable[str], headings: Mapping[str, Heading], language: str) -> list[dict[str, str]]:
    """Codes with their names; an HS heading has the name of its chapter."""
    return [
        {"code": code, "label": (headings.get(code) or headings[code[:2]]).label(language)}
        for code in found
        if code in headings or code[:2] in headings
    ]
