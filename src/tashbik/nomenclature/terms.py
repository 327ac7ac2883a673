"""Finding the vocabulary's terms in texts of any of the three languages. Not their weighing (classify.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from tashbik.language.analysis import STOP_WORDS, Token, fold_latin, stem, tokenise
from tashbik.language.scripts import detect, is_arabic
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
        self._forms: dict[str, dict[str, list[str]]] = {}  # lone words: stem → form as written → senses
        self._exact: dict[str, list[str]] = {}  # several words as written → senses
        for sense, terms in senses:
            for term in terms:
                self._add(sense, term)

    def _add(self, sense: str, term: str) -> None:
        key = tuple(stemmed for token in tokenise(term) if (stemmed := self._stem_of(token)))[:MAX_TERM_WORDS]
        if not key or (len(key) == 1 and len(key[0]) < 2):
            return
        if len(key) == 1:
            word = next(token for token in tokenise(term) if self._stem_of(token))
            form = word.text if _is_acronym(word.text) else _form(word)
            senses = self._forms.setdefault(key[0], {}).setdefault(form, [])
            if sense not in senses:
                senses.append(sense)
        else:
            words = [_without_article(token.folded) for token in tokenise(term) if self._stem_of(token)]
            exact = self._exact.setdefault(" ".join(words), [])
            if sense not in exact:
                exact.append(sense)
        known = self._senses.get(key, ())
        if sense not in known:
            self._senses[key] = (*known, sense)
        self._first.add(key[0])
        for size in range(1, len(key) + 1):
            self._prefixes.add(key[:size])

    def knows(self, stemmed: str) -> bool:
        """Whether some term begins with this stem."""
        return stemmed in self._first

    def find(self, tokens: Sequence[Token], text: str) -> list[Hit]:
        """Every term in the `tokens` of a text, nested ones included, in order of position, longest first; none crosses a clause mark."""
        stems = [self._stem(token) for token in tokens]
        kept = [position for position, stemmed in enumerate(stems) if stemmed]
        mixed_case = any(token.text.islower() for token in tokens)
        hits: list[Hit] = []
        for index, position in enumerate(kept):
            window = _clause(kept[index : index + MAX_TERM_WORDS], tokens, text)
            whole = self._grow(stems, window, skip=0)
            skipping = [self._grow(stems, window, skip) for skip in range(1, min(3, len(window) - 1))]
            found = {**{key: last for grown in skipping for key, last in grown}, **dict(whole)}
            for key in sorted(found, key=len, reverse=True):
                if len(key) > 1:
                    senses = self._phrase(tokens[position : found[key] + 1], key)
                else:
                    senses = self._lone(tokens[position], key[0], mixed_case)
                if senses:
                    end = tokens[found[key]].end
                    hits.append(Hit(senses, tokens[position].start, end, len(key), self.language))
        return hits

    def _lone(self, token: Token, stemmed: str, mixed_case: bool) -> tuple[str, ...]:
        """Senses of a lone word: of the terms that it is a form of, for stemmers fold `tolérance` and `tôlerie`, `tonnes` and `toner`.

        The terms that have it exactly, or in the other number, go before those of which it is another form. An acronym (TIG, UP)
        is met by capitals only, in texts that are not in capitals throughout.
        """
        words = _bare_forms(token.folded) if token.arabic else (token.folded,)
        shouted = _is_acronym(token.text)
        accented = not token.arabic and token.text.lower() != token.folded
        exact: dict[str, None] = {}
        inflected: dict[str, None] = {}
        for form, senses in self._forms[stemmed].items():
            plain = form if token.arabic else fold_latin(form)
            if _is_acronym(form):
                if plain == token.folded and (shouted or not mixed_case):
                    exact.update(dict.fromkeys(senses))
            elif accented and plain == form:  # `moulés` is no form of `moules`; capitals without accents may be either
                continue
            elif any(_same_but_number(word, plain) for word in words):
                exact.update(dict.fromkeys(senses))
            elif not (shouted and mixed_case) and any(_inflected(word, plain) for word in words):
                inflected.update(dict.fromkeys(senses))
        return tuple(exact or inflected)

    def _phrase(self, tokens: Sequence[Token], key: tuple[str, ...]) -> tuple[str, ...]:
        """Senses of several words: those that have them exactly (`injection moulding`) before those with other forms (`injection mould`)."""
        written = " ".join(_without_article(token.folded) for token in tokens if self._stem_of(token))
        return tuple(self._exact.get(written, ())) or self._senses[key]

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

    def _stem_of(self, token: Token) -> str:
        """Stem of a token in this language, empty for a stop word."""
        code = "ar" if token.arabic else self.language
        return "" if token.folded in STOP_WORDS[code] else stem(token.folded, code)

    def _stem(self, token: Token) -> str:
        """Stem of a token of a text; a lone particle goes where the rest is a known word."""
        stemmed = self._stem_of(token)
        if not stemmed:
            return ""
        if token.arabic and not self.knows(stemmed) and token.folded[0] in _ARABIC_PARTICLES and len(token.folded) >= 3:
            bare = stem(token.folded[1:], "ar")
            if self.knows(bare):
                return bare
        return stemmed


_CLAUSE_MARK = re.compile(r"[,;:()/\n،؛•|]|\.\s")


def _clause(window: Sequence[int], tokens: Sequence[Token], text: str) -> Sequence[int]:
    """The positions of a window up to the first clause mark between them."""
    for place in range(1, len(window)):
        if _CLAUSE_MARK.search(text, tokens[window[place - 1]].end, tokens[window[place]].start):
            return window[:place]
    return window


def _form(word: Token) -> str:
    """A word as it is compared: Arabic normalised and without article, Latin in lower case with its accents."""
    return _without_article(word.folded) if word.arabic else word.text.lower()


# Endings that tell forms of one word apart, folded: number, verb forms, and those that only a bare word takes.
_NUMBER = {False: frozenset({"", "s", "x", "es"}), True: frozenset({"", "ات"})}
_VERBAL = frozenset({"e", "es", "ee", "ees", "er", "ed", "ing", "ings", "age", "ages", "ant", "ants"})
_OF_BARE = {
    False: frozenset({"e", "ed", "ing", "ings", "al", "ale", "ales", "aux", "if", "ive", "ifs", "ives"}),
    True: frozenset({"ه", "ي", "يه", "ها", "ا", "ون", "ين", "ان"}),
}
_ARABIC_PAIRS = frozenset({("ه", "ات"), ("ه", "ي"), ("ه", "يه"), ("ي", "يه"), ("يه", "يات"), ("ه", "ها"), ("ي", "يات")})


def _ends(one: str, other: str) -> tuple[str, str]:
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return one[shared:], other[shared:]


def _same_but_number(one: str, other: str) -> bool:
    return all(end in _NUMBER[is_arabic(one)] for end in _ends(one, other))


def _inflected(one: str, other: str) -> bool:
    """Whether two words are equal but for the endings of their forms."""
    ends, arabic = _ends(one, other), is_arabic(one)
    if "" in ends:
        return max(ends) in _NUMBER[arabic] | _OF_BARE[arabic]
    if arabic:
        return ends in _ARABIC_PAIRS or ends[::-1] in _ARABIC_PAIRS
    return all(end in _VERBAL for end in ends)


def _bare_forms(word: str) -> tuple[str, ...]:
    """An Arabic word, without its article, and without a particle before it: ولحام, للحام → لحام."""
    forms = [word, _without_article(word)]
    if word[0] in _ARABIC_PARTICLES and len(word) >= 4:
        forms.append(_without_article(word[1:]))
    return tuple(dict.fromkeys(forms))


def _without_article(word: str) -> str:
    for prefix in ("وال", "بال", "كال", "فال", "ولل", "لل", "ال"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            word = word[len(prefix) :]
            break
    while word.startswith("ال") and len(word) >= 5:  # as the light stemmer does: الألمنيوم, ألمنيوم and منيوم must meet
        word = word[2:]
    return word


def _is_acronym(word: str) -> bool:
    return 2 <= len(word) <= 4 and word.isupper()


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
        hits += terms_of("ar").find(tokens, text)
    latin = [token for token in tokens if not token.arabic]
    if not latin:
        return hits
    main = language if language in ("fr", "en") else detect(" ".join(token.text for token in latin)).language
    if main in ("fr", "en"):
        hits += terms_of(main).find(latin, text)
        rest = [token for token in latin if len(token.folded) >= 5 and not _covered(token, hits)]
        hits += terms_of("en" if main == "fr" else "fr").find(rest, text) if rest else []
    else:
        hits += terms_of("fr").find(latin, text) + terms_of("en").find(latin, text)
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
