"""Finding the vocabulary's terms in texts of any of the three languages. Not their weighing (classify.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from tashbik.language.analysis import STOP_WORDS, Token, stem, tokenise
from tashbik.language.scripts import detect
from tashbik.nomenclature import tables

_ARABIC_PARTICLES = ("ل", "ب", "ف", "ك", "و")
MAX_TERM_WORDS = 8


class Hit(NamedTuple):
    """A term found: the senses (concept or word ids) that it may have, its offsets, number of words, its language."""

    senses: tuple[str, ...]
    start: int
    end: int
    length: int
    language: str


class Terms:
    """All terms of one language as sequences of stems, looked up longest first."""

    def __init__(self, language: str, senses: Iterable[tuple[str, Sequence[str]]]) -> None:
        self.language = language
        self._senses: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._prefixes: set[tuple[str, ...]] = set()
        self._first: set[str] = set()
        for sense, terms in senses:
            for term in terms:
                self._add(sense, term)

    def _add(self, sense: str, term: str) -> None:
        key = tuple(
            stem(token.folded, "ar" if token.arabic else self.language)
            for token in tokenise(term)
            if token.folded not in STOP_WORDS["ar" if token.arabic else self.language]
        )[:MAX_TERM_WORDS]
        if not key or (len(key) == 1 and len(key[0]) < 2):
            return
        known = self._senses.get(key, ())
        if sense not in known:
            self._senses[key] = (*known, sense)
        self._first.add(key[0])
        for size in range(1, len(key) + 1):
            self._prefixes.add(key[:size])

    def knows(self, stemmed: str) -> bool:
        """Whether some term begins with this stem."""
        return stemmed in self._first

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every term in `tokens`, nested ones included, in order of position, longest first."""
        stems = [self._stem(token) for token in tokens]
        kept = [position for position, stemmed in enumerate(stems) if stemmed]
        hits: list[Hit] = []
        for index, position in enumerate(kept):
            key: tuple[str, ...] = ()
            here: list[Hit] = []
            for after in kept[index : index + MAX_TERM_WORDS]:
                key = (*key, stems[after])
                if key not in self._prefixes:
                    break
                if key in self._senses:
                    here.append(
                        Hit(self._senses[key], tokens[position].start, tokens[after].end, len(key), self.language)
                    )
            hits.extend(reversed(here))
        return hits

    def _stem(self, token: Token) -> str:
        """Stem of a token in this language, empty for a stop word; a lone particle goes where the rest is a known word."""
        code = "ar" if token.arabic else self.language
        if token.folded in STOP_WORDS[code]:
            return ""
        stemmed = stem(token.folded, code)
        if token.arabic and not self.knows(stemmed) and token.folded[0] in _ARABIC_PARTICLES and len(token.folded) >= 4:
            bare = stem(token.folded[1:], "ar")
            if self.knows(bare):
                return bare
        return stemmed


@cache
def terms_of(language: str) -> Terms:
    """The terms of one language: concepts first, then bridge words."""
    entries = [(concept.id, concept.terms[language]) for concept in tables.concepts().values()]
    entries += [(word.id, word.terms[language]) for word in tables.words()]
    return Terms(language, entries)


def find_terms(text: str, language: str = "") -> list[Hit]:
    """Terms of a text, nested ones included.

    Arabic words are looked up in Arabic; Latin words in the text's own language (`language`, or detected), and what that
    leaves uncovered in the other one, long words only, for mixed texts are common and false friends are short.
    """
    tokens = tokenise(text)
    hits: list[Hit] = []
    if any(token.arabic for token in tokens):
        hits += terms_of("ar").find(tokens)
    latin = [token for token in tokens if not token.arabic]
    if not latin:
        return hits
    main = language if language in ("fr", "en") else detect(" ".join(token.text for token in latin)).language
    if main in ("fr", "en"):
        hits += terms_of(main).find(latin)
        rest = [token for token in latin if len(token.folded) >= 5 and not _covered(token, hits)]
        hits += terms_of("en" if main == "fr" else "fr").find(rest) if rest else []
    else:
        hits += terms_of("fr").find(latin) + terms_of("en").find(latin)
    return hits


def _covered(token: Token, hits: Iterable[Hit]) -> bool:
    return any(hit.start <= token.start and token.end <= hit.end for hit in hits)


def widest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits that no longer hit contains, in order of position."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (-hit.length, hit.start - hit.end, hit.start)):
        if not any(other.start <= hit.start and hit.end <= other.end and other.length > hit.length for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)
