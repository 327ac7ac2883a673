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
        self._written: dict[str, set[str]] = {}
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
        if len(key) == 1:
            self._written.setdefault(key[0], set()).update(token.folded for token in tokenise(term))
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
            window = kept[index : index + MAX_TERM_WORDS]
            whole = self._grow(stems, window, skip=0)
            skipping = [self._grow(stems, window, skip) for skip in range(1, min(3, len(window) - 1))]
            found = {**{key: last for grown in skipping for key, last in grown}, **dict(whole)}
            for key in sorted(found, key=len, reverse=True):
                if len(key) == 1 and not self._is_form_of(tokens[position], key[0]):
                    continue
                end = tokens[found[key]].end
                hits.append(Hit(self._senses[key], tokens[position].start, end, len(key), self.language))
        return hits

    def _is_form_of(self, token: Token, stemmed: str) -> bool:
        """Whether a lone word is a form of the term's word: stemmers fold `tolérance` and `tôlerie` into one."""
        if token.arabic:
            return True
        return any(
            _shared_prefix(token.folded, word) >= max(len(token.folded), len(word)) - 3
            for word in self._written[stemmed]
        )

    def _grow(self, stems: Sequence[str], window: Sequence[int], skip: int) -> list[tuple[tuple[str, ...], int]]:
        """Terms that begin at the window's start, with the position of their last word.

        With `skip`, the word at that place of the window is passed over when it is known itself: what is worked often
        stands inside the name of the work (صب **الألمنيوم** تحت الضغط).
        """
        if skip and not self.knows(stems[window[skip]]):
            return []
        key: tuple[str, ...] = ()
        found: list[tuple[tuple[str, ...], int]] = []
        for place, position in enumerate(window):
            if skip and place == skip:
                continue
            key = (*key, stems[position])
            if key not in self._prefixes:
                break
            if key in self._senses and not (skip and place < skip):
                found.append((key, position))
        return found

    def _stem(self, token: Token) -> str:
        """Stem of a token in this language, empty for a stop word; a lone particle goes where the rest is a known word."""
        code = "ar" if token.arabic else self.language
        if token.folded in STOP_WORDS[code]:
            return ""
        stemmed = stem(token.folded, code)
        if token.arabic and not self.knows(stemmed) and token.folded[0] in _ARABIC_PARTICLES and len(token.folded) >= 3:
            bare = stem(token.folded[1:], "ar")
            if self.knows(bare):
                return bare
        return stemmed


def _shared_prefix(one: str, other: str) -> int:
    """How many letters two words begin with in common."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


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
