"""Proof-reader of the vocabulary tables: `python -m tashbik.nomenclature.check [FILE ...]`. Not used at run time."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tashbik.language import arabic

DATA = Path(__file__).parent / "data"
KINDS = ("process", "material", "machine", "product", "certificate", "term", "substance", "form")
CONCEPT_HEADER = ["id", "broader", "isic", "hs", "ar", "fr", "en"]
LEXICON_HEADER = ["ar", "fr", "en"]
LANGUAGES = ("ar", "fr", "en")
MIN_TERMS = 3
MIN_TERMS_OF = {"substance": 1}
"""International non-proprietary names have no synonyms by design."""

_ID = re.compile(rf"(?:{'|'.join(KINDS)})\.[a-z0-9]+(?:-[a-z0-9]+)*")
_ARABIC = re.compile("[\u0621-\u064a]")
_LATIN = re.compile("[A-Za-zÀ-ÿ]")
_ISIC = re.compile(r"\d{2,4}(?: \d{2,4})*")
_HS = re.compile(r"\d{2}(?:\d{2})?(?: \d{2}(?:\d{2})?)*")

Row = tuple[str, int, dict[str, str]]


def rows(path: Path, header: list[str], problems: list[str]) -> Iterator[Row]:
    """Rows of a table as (file, line number, values); malformed lines become problems."""
    seen_header = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not seen_header:
            seen_header = True
            if cells != header:
                problems.append(f"{path.name}:{number}: header is {cells}, expected {header}")
                return
            continue
        if len(cells) != len(header):
            problems.append(f"{path.name}:{number}: {len(cells)} cells, expected {len(header)}: {line[:60]}")
            continue
        yield path.name, number, dict(zip(header, cells, strict=True))


def terms(cell: str) -> list[str]:
    """The alternatives of a cell."""
    return [term.strip() for term in cell.split("|") if term.strip()]


def key(term: str) -> str:
    """What makes two terms the same: case, accents of spelling variants kept, Arabic folded, spaces collapsed."""
    return " ".join(re.sub(r"[-'’/.,()]", " ", arabic.normalise(term).casefold()).split())


def check_concepts(paths: Iterable[Path]) -> list[str]:
    """All problems of the concept tables, as `file:line: what is wrong`."""
    problems: list[str] = []
    broader: dict[str, tuple[str, str]] = {}
    owner: dict[tuple[str, str, str], str] = {}
    for path in paths:
        for file, number, row in rows(path, CONCEPT_HEADER, problems):
            place = f"{file}:{number}: {row['id']}"
            problems.extend(f"{place}: {what}" for what in _row_problems(row))
            if row["id"] in broader:
                problems.append(f"{place}: id stands twice")
            broader[row["id"]] = (row["broader"], place)
            problems.extend(_term_clashes(row, place, owner))
    problems.extend(_hierarchy_problems(broader))
    return problems


def _row_problems(row: dict[str, str]) -> Iterator[str]:
    if not _ID.fullmatch(row["id"]):
        yield "id is not kind.kebab-case"
    if row["isic"] and not _ISIC.fullmatch(row["isic"]):
        yield f"isic {row['isic']!r} is not a code"
    if row["hs"] and not _HS.fullmatch(row["hs"]):
        yield f"hs {row['hs']!r} is not a heading"
    for language in LANGUAGES:
        found = terms(row[language])
        least = MIN_TERMS_OF.get(row["id"].split(".")[0], MIN_TERMS)
        if len({key(term) for term in found}) < least:
            yield f"{language} has fewer than {least} different terms: {row[language]}"
        for term in found:
            if len(term) > 80:
                yield f"{language} term longer than 80 characters: {term}"
        yield from _script_problems(language, found)


def _script_problems(language: str, found: list[str]) -> Iterator[str]:
    if language == "ar":
        if not any(_ARABIC.search(term) and not _LATIN.search(term) for term in found):
            yield "no wholly Arabic term"
        for term in found:
            if not _ARABIC.search(term) and not re.search(r"[A-Z0-9]", term):
                yield f"Arabic term without Arabic letters: {term}"
    else:
        for term in found:
            if _ARABIC.search(term):
                yield f"{language} term in Arabic script: {term}"


def _term_clashes(row: dict[str, str], place: str, owner: dict[tuple[str, str, str], str]) -> Iterator[str]:
    kind = row["id"].split(".", 1)[0]
    for language in LANGUAGES:
        for term in {key(term) for term in terms(row[language])}:
            other = owner.setdefault((kind, language, term), row["id"])
            if other != row["id"]:
                yield f"{place}: {language} term {term!r} already belongs to {other}"


def _hierarchy_problems(broader: dict[str, tuple[str, str]]) -> Iterator[str]:
    for concept, (parent, place) in broader.items():
        if not parent:
            continue
        if parent not in broader:
            yield f"{place}: broader {parent!r} does not exist"
        elif parent.split(".")[0] != concept.split(".")[0]:
            yield f"{place}: broader {parent!r} is of another kind"
        seen = {concept}
        while parent and parent in broader:
            if parent in seen:
                yield f"{place}: cycle through {parent!r}"
                break
            seen.add(parent)
            parent = broader[parent][0]


def check_lexicon(paths: Iterable[Path]) -> list[str]:
    """All problems of the word tables."""
    problems: list[str] = []
    for path in paths:
        for file, number, row in rows(path, LEXICON_HEADER, problems):
            for language in LANGUAGES:
                found = terms(row[language])
                if not found:
                    problems.append(f"{file}:{number}: {language} is empty")
                if language != "ar" and any(_ARABIC.search(term) for term in found):
                    problems.append(f"{file}:{number}: {language} in Arabic script")
                if language == "ar" and not any(_ARABIC.search(term) for term in found):
                    problems.append(f"{file}:{number}: ar without Arabic letters")
    return problems


def main(arguments: list[str]) -> int:
    """Check the named concept tables, or all tables; print the problems and a count for each kind."""
    paths = [Path(argument) for argument in arguments] or sorted((DATA / "concepts").glob("*.tsv"))
    concept_paths = [path for path in paths if path.parent.name != "lexicon"]
    lexicon_paths = [path for path in paths if path.parent.name == "lexicon"]
    if not arguments:
        lexicon_paths = sorted((DATA / "lexicon").glob("*.tsv"))
    problems = check_concepts(concept_paths) + check_lexicon(lexicon_paths)
    for problem in problems:
        print(problem)
    print_counts(concept_paths, lexicon_paths)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


def print_counts(concept_paths: list[Path], lexicon_paths: list[Path]) -> None:
    """How many concepts of each kind and how many words the tables hold."""
    counts = dict.fromkeys(KINDS, 0)
    for path in concept_paths:
        for _, _, row in rows(path, CONCEPT_HEADER, []):
            kind = row["id"].split(".")[0]
            counts[kind] = counts.get(kind, 0) + 1
    words = sum(1 for path in lexicon_paths for _ in rows(path, LEXICON_HEADER, []))
    print(", ".join(f"{kind} {count}" for kind, count in counts.items() if count), f"; words {words}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
