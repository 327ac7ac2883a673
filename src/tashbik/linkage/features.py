"""What retrieval sees of a text: words, senses, broader senses, consonant skeletons and the vector. Not storage (index)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tashbik.language.analysis import STOP_WORDS, Token, index_words, tokenise
from tashbik.language.names import skeleton
from tashbik.language.scripts import detect
from tashbik.nomenclature import tables
from tashbik.nomenclature.terms import Hit, find_terms

FIELDS = ("words", "senses", "broader", "bones")
"""Channels of the word index. `words`: stems; `senses`: ids of concepts and bridge words, the same in every language;
`broader`: their broader concepts; `bones`: consonant skeletons, the same in both scripts."""

MIN_BONES = 3


@dataclass(frozen=True, slots=True)
class Features:
    """Terms of a text by channel, and its language."""

    language: str
    words: tuple[str, ...]
    senses: tuple[str, ...]
    broader: tuple[str, ...]
    bones: tuple[str, ...]

    def channel(self, name: str) -> tuple[str, ...]:
        """The terms of one channel of `FIELDS`."""
        return tuple(getattr(self, name))


@lru_cache(maxsize=4096)
def features_of(text: str, language: str = "") -> Features:
    """Features of a text; `language` ar, fr, en or empty to detect."""
    chosen = language if language in tables.LANGUAGES else detect(text).language
    return features_with(text, chosen, find_terms(text, chosen))


def features_with(text: str, language: str, hits: Iterable[Hit]) -> Features:
    """Features of a text in a language, with the vocabulary's terms that were found in it."""
    senses = tuple(dict.fromkeys(sense for hit in hits for sense in hit.senses))
    broader = tuple(dict.fromkeys(up for sense in senses for up in tables.ancestors(sense) if up not in senses))
    bones = tuple(dict.fromkeys(bone for token in tokenise(text) if (bone := _bone(token))))
    return Features(language, tuple(index_words(text, language)), senses, broader, bones)


def _bone(token: Token) -> str:
    folded = token.folded
    if folded in STOP_WORDS["ar"] or folded in STOP_WORDS["fr"] or folded in STOP_WORDS["en"]:
        return ""
    if any(char.isdigit() for char in folded):
        return folded
    bare = folded[2:] if token.arabic and folded.startswith("ال") and len(folded) > 5 else folded
    bone = skeleton(bare)
    return bone if len(bone) >= MIN_BONES else ""
