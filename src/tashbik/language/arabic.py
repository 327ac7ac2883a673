"""Arabic spelling: normalisation and light stemming. Not for numbers (numbers.py) nor names across scripts (names.py)."""

from __future__ import annotations

import re
import unicodedata

_DIACRITICS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0640]")
_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",  # Persian yeh
        "ې": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ک": "ك",  # Persian kaf
        "گ": "ك",
        "ڭ": "ك",
        "ڨ": "ق",
        "ڤ": "ف",
        "پ": "ب",
        "چ": "ج",
        "ژ": "ز",
        "ء": "",
    }
)
_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_SEPARATORS = {ord("٫"): ".", ord("٬"): "", ord("٪"): "%", ord("،"): ",", ord("؛"): ";", ord("؟"): "?"}

_PREFIX_ARTICLE = ("وبال", "فبال", "وكال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل", "ال")
_SUFFIXES = ("يات", "ات", "ان", "ون", "ين", "يه", "ها", "هم", "هن", "ه", "ي")


def normalise_digits(text: str) -> str:
    """Arabic-Indic and Persian digits, decimal and thousands marks to their ASCII counterparts."""
    return text.translate(_DIGITS).translate(_SEPARATORS)


def normalise(text: str) -> str:
    """Fold the spellings that writers of Arabic treat as the same.

    Presentation forms are decomposed, diacritics and tatweel dropped; alef and hamza carriers, ya, ta marbuta and
    Persian letters folded; digits become ASCII. Idempotent.
    """
    folded = _DIACRITICS.sub("", unicodedata.normalize("NFKC", text))
    return normalise_digits(folded).translate(_LETTERS)


def light_stem(word: str) -> str:
    """Light stem of one *normalised* Arabic word (after Larkey's light10, with و ف ب ك ل before and after the article).

    Prefixes go while three letters remain, suffixes while three letters remain; no root is guessed.
    """
    stem = _strip_prefix(word)
    while stem.startswith("ال") and len(stem) >= 5:  # الألمنيوم, ألمنيوم and the unmarked المنيوم must meet
        stem = stem[2:]
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= 3:
            return stem[: -len(suffix)]
    return stem


def _strip_prefix(word: str) -> str:
    for prefix in _PREFIX_ARTICLE:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    # A lone و is usually "and"; ف ب ك ل are too often radical letters to be cut without the article.
    if word.startswith("و") and len(word) >= 5:
        return word[1:]
    return word
