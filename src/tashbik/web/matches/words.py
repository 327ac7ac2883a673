"""The words and concepts by which a line and an offer met: shared concepts, shared words of any language. Not the verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from tashbik.exchange.queries.matches_rows import Row
from tashbik.language.analysis import index_words, tokenise
from tashbik.linkage.explain import name_of
from tashbik.nomenclature import tables
from tashbik.registry.records import NeedLine
from tashbik.web import reading
from tashbik.web.needs.showing import kind_name


@dataclass(frozen=True, slots=True)
class Term:
    """A concept asked for: what it is about, the buyer's words, its name in each language."""

    kind: str
    words: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """What an enterprise's offer shares with the line: its own words, names of concepts, words, and the likeness of the texts (0–1)."""

    row: Row
    words: str
    language: str
    concepts: tuple[str, ...]
    shared: tuple[str, ...]
    likeness: float


def terms_of(line: NeedLine) -> list[Term]:
    """The concepts that were understood in a line."""
    known = tables.concepts()
    return [
        Term(
            kind_name(one.kind),
            one.words,
            tuple((language, known[value].label(language)) for language in tables.LANGUAGES),
        )
        for one in line.requirements
        for value in one.values
        if value in known
    ]


def matched(line: NeedLine, row: Row) -> Matched:
    """What an offer shares with the line."""
    asked = {value for one in line.requirements for value in one.values}
    near = tables.within(tuple(asked)) | asked
    own = row.link.words
    language = reading.language() if reading.language() in own else next(iter(own), "")
    common = [name_of(one, reading.language()) for one in row.link.concepts if one in near]
    return Matched(
        row=row,
        words=own.get(language, ""),
        language=language if language in tables.LANGUAGES else "",
        concepts=tuple(dict.fromkeys(common)),
        shared=_shared(line.text, " ".join(own.values())),
        likeness=row.link.relevance,
    )


def _shared(asked: str, offered: str) -> tuple[str, ...]:
    """Words of the line, as written, whose stems the offer has too."""
    stems, written = set(index_words(offered)), (one.text for one in tokenise(asked))
    return tuple(dict.fromkeys(one for one in written if len(one) > 1 and stems & set(index_words(one))))
