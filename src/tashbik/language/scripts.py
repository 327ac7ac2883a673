"""Which script and which of the three languages a short, possibly mixed text is in. Not a general language identifier."""

from __future__ import annotations

import re
from typing import NamedTuple

_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile("[a-z\u00e0-\u00ff\u0153']+")

_FRENCH_WORDS = frozenset(
    "le la les de des du un une et ou en au aux pour par sur avec sans dans sous que qui est son sa ses à d l ce cette nos"
    " vos nous notre votre cherche recherche livraison mois pièces toutes tous autres pas non tels".split()
)
_ENGLISH_WORDS = frozenset(
    "the of and or for with without in on by to from we our you your a an is are per month pieces need needs seeking"
    " looking supplier made other than not all which this that these at as".split()
)
_FRENCH_MARKS = re.compile(
    "[àâçéèêëîïôûùüœ]|(?:eur|euse|eux|ière|iere|age|ité|ite|oir|oire|aux|elle|ette|ure|que|ois|ées?|ques|ages)$"
)
_ENGLISH_MARKS = re.compile(
    "(?:ing|ings|ed|ness|ship|ly|ry|er|ers|th|y|ty|ity|ck|sh|ght|ware|ful|less|ood|eel)$|w|k|oo|ee|sh|th"
)


class Detection(NamedTuple):
    """`language` is ar, fr, en or und; `confidence` 0–1; `arabic` the share of letters in Arabic script."""

    language: str
    confidence: float
    arabic: float


def detect(text: str) -> Detection:
    """The main language of a text: by script first, French against English by function words and spelling.

    A Latin code inside Arabic text (CNC, ISO 9001) does not change its language: Arabic letters count double.
    """
    arabic = len(_ARABIC.findall(text))
    latin = len(_LATIN.findall(text))
    if not arabic and not latin:
        return Detection("und", 0.0, 0.0)
    share = arabic / (arabic + latin)
    if 2 * arabic >= latin:
        return Detection("ar", min(1.0, 0.5 + share / 2), share)
    french, english = _latin_scores(text.lower())
    if french == english:
        return Detection("und", 0.0, share)
    language = "fr" if french > english else "en"
    return Detection(language, abs(french - english) / (french + english), share)


def _latin_scores(text: str) -> tuple[float, float]:
    french = english = 0.0
    for word in _WORD.findall(text.replace("’", "'").replace("'", " ")):
        if word in _FRENCH_WORDS:
            french += 2
        elif word in _ENGLISH_WORDS:
            english += 2
        else:
            french += len(_FRENCH_MARKS.findall(word)) / 2 if len(word) > 2 else 0
            english += min(1.0, len(_ENGLISH_MARKS.findall(word)) / 2) if len(word) > 2 else 0
    return french, english


def is_arabic(text: str) -> bool:
    """Whether any letter is in Arabic script."""
    return _ARABIC.search(text) is not None
