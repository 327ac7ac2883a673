"""The vocabulary's tables as values: concepts, words, grades. Not the recognition of terms in texts (terms.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

LANGUAGES = ("ar", "fr", "en")

Terms = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the trade. `id` is `kind.slug`; `terms` by language, label first; codes of ISIC Rev. 4 and HS."""

    id: str
    broader: str
    isic: tuple[str, ...]
    hs: tuple[str, ...]
    terms: Terms = field(compare=False)

    @property
    def kind(self) -> str:
        """process, material, machine, product, certificate, term, substance or form."""
        return self.id.split(".", 1)[0]

    def label(self, language: str) -> str:
        """The label in a language."""
        return self.terms[language][0]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of labels and trade texts that bridges languages but is no concept of the trade."""

    id: str
    terms: Terms = field(compare=False)


def table(name: str) -> Iterator[dict[str, str]]:
    """Rows of one table under `data/`, by header; comment lines left out."""
    yield from _rows(resources.files("tashbik.nomenclature").joinpath("data", name))


def tables_of(folder: str) -> Iterator[dict[str, str]]:
    """Rows of all tables of one folder under `data/`, file by file in the order of their names."""
    for file in _files(folder):
        yield from _rows(file)


def _rows(file: Traversable) -> Iterator[dict[str, str]]:
    header: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not header:
            header = cells
        else:
            yield dict(zip(header, cells, strict=True))


def _files(folder: str) -> list[Traversable]:
    base = resources.files("tashbik.nomenclature").joinpath("data", folder)
    return sorted((file for file in base.iterdir() if file.name.endswith(".tsv")), key=lambda file: file.name)


def alternatives(cell: str) -> tuple[str, ...]:
    """The terms of a cell."""
    return tuple(term.strip() for term in cell.split("|") if term.strip())


def _terms(row: dict[str, str]) -> Terms:
    return {language: alternatives(row[language]) for language in LANGUAGES}


@cache
def concepts() -> dict[str, Concept]:
    """All concepts by id, in the order of the tables."""
    return {
        row["id"]: Concept(row["id"], row["broader"], tuple(row["isic"].split()), tuple(row["hs"].split()), _terms(row))
        for row in tables_of("concepts")
    }


@cache
def words() -> tuple[Word, ...]:
    """All bridge words; their ids are only good within one version of the tables."""
    return tuple(
        Word(f"word.{file.name[:-4]}.{number}", _terms(row))
        for file in _files("lexicon")
        for number, row in enumerate(_rows(file))
    )


@cache
def ancestors(concept_id: str) -> tuple[str, ...]:
    """Broader concepts from nearest to root; empty for a root or an unknown id."""
    chain: list[str] = []
    concept = concepts().get(concept_id)
    while concept is not None and concept.broader and concept.broader not in chain:
        chain.append(concept.broader)
        concept = concepts().get(concept.broader)
    return tuple(chain)


@cache
def _narrower() -> dict[str, frozenset[str]]:
    below: dict[str, set[str]] = {one: {one} for one in concepts()}
    for one in concepts():
        for up in ancestors(one):
            below.setdefault(up, set()).add(one)
    return {one: frozenset(ids) for one, ids in below.items()}


@lru_cache(maxsize=4096)
def within(ids: tuple[str, ...]) -> frozenset[str]:
    """Some concepts and all that are narrower than one of them."""
    return frozenset().union(*(_narrower().get(one, frozenset((one,))) for one in ids))


@lru_cache(maxsize=4096)
def above(ids: tuple[str, ...]) -> frozenset[str]:
    """All concepts broader than one of some."""
    return frozenset(up for one in ids for up in ancestors(one))


@cache
def version() -> str:
    """Hash of all tables: an index built with other tables is stale."""
    digest = hashlib.sha256()
    for folder in ("concepts", "lexicon", "places"):
        for file in _files(folder):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
