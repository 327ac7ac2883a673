"""From text to index words: tokens with offsets and stems, the same for registers and needs. Not for numbers with units."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from tashbik.language import arabic
from tashbik.language.scripts import detect, is_arabic

_MARKS = "\u064b-\u065f\u0670"  # Arabic vowel marks are no word characters to Python, yet stand inside words
_TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*(?:[-.’'](?:[^\W_]|[{_MARKS}])+)*", re.UNICODE)
_ELISION = re.compile(r"^(?:l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "Œ": "oe", "Æ": "ae", "µ": "u", "μ": "u", "’": "'"})
_stemmers = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}

STOP_WORDS: dict[str, frozenset[str]] = {
    "fr": frozenset(
        "le la les l de des du d un une et ou en au aux pour par sur avec sans dans sous que qui est son sa ses ce"
        " cette ces nos vos nous notre votre a y se ne pas non il elle ils plus nca tel telle tels".split()
    ),
    "en": frozenset(
        "the of and or for with without in on by to from we our you your a an is are be it its as at that this"
        " these than not other which nec".split()
    ),
    "ar": frozenset(
        arabic.normalise(word)
        for word in (
            "في من عن مع أو و ثم كل بعض هذا هذه ذلك التي الذي الذين هو هي بين عند غير أن إن كان كما لا ما لم"
            " لن قد أي ذات ذو حسب منها منه وغيرها غيرها ب ل ف ك"
        ).split()
    ),
}


class Token(NamedTuple):
    """A word of a text: as written, folded (case, accents, Arabic spelling), its offsets, and whether Arabic."""

    text: str
    folded: str
    start: int
    end: int
    arabic: bool


@lru_cache(maxsize=100_000)
def fold_latin(text: str) -> str:
    """Lower case without accents: registers in capitals (COMPRIME) and running text (comprimé) become one."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def fold(text: str) -> str:
    """Fold a whole string, either script."""
    return fold_latin(arabic.normalise(text))


@lru_cache(maxsize=2_048)
def tokenise(text: str) -> tuple[Token, ...]:
    """Words and codes with their offsets in `text`; elided articles are cut, hyphenated words are split."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        start = match.start()
        elided = _ELISION.match(match.group())
        if elided:
            start += elided.end()
        word = text[start : match.end()]
        offset = start
        for part in re.split(r"([-’'])", word):
            if part and part not in "-’'" and (token := _token(part, offset)).folded:
                tokens.append(token)
            offset += len(part)
    return tuple(tokens)


def _token(word: str, start: int) -> Token:
    in_arabic = is_arabic(word)
    folded = arabic.normalise(word) if in_arabic else fold_latin(arabic.normalise_digits(word))
    return Token(word, folded, start, start + len(word), in_arabic)


_PARTICIPLE = re.compile("ees?$")  # folding took the accent by which Snowball knows moulée(s) for moulé


@lru_cache(maxsize=200_000)
def stem(folded: str, language: str) -> str:
    """Stem of a folded word: light stemming for Arabic, Snowball for French and English."""
    if language == "ar":
        return arabic.light_stem(folded)
    if language not in _stemmers or any(char.isdigit() for char in folded):
        return folded
    if language == "fr":
        folded = _PARTICIPLE.sub("e", folded)
    return str(_stemmers[language].stemWord(folded))


def index_words(text: str, language: str = "") -> list[str]:
    """Stems of a text for the word index, stop words left out.

    `language` is that of its Latin words (ar, fr, en or empty to detect); Arabic words are told by their script. Where
    French and English cannot be told apart both stems are given, so that either way of asking finds the text.
    """
    chosen = language or detect(text).language
    words: list[str] = []
    for token in tokenise(text):
        for code in _languages_of(token, chosen):
            if token.folded not in STOP_WORDS[code]:
                stemmed = stem(token.folded, code)
                if not words or words[-1] != stemmed:
                    words.append(stemmed)
    return words


def _languages_of(token: Token, language: str) -> tuple[str, ...]:
    if token.arabic:
        return ("ar",)
    return (language,) if language in ("fr", "en") else ("fr", "en")
