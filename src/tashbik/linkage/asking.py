"""From a text to what the index is asked: its features, and its vector drawn towards its renderings. Not the search itself (engines)."""

from __future__ import annotations

from tashbik.language.encoder import Encoder
from tashbik.linkage.features import features_of
from tashbik.linkage.index import Asked
from tashbik.linkage.offers import MAX_ENCODED
from tashbik.nomenclature import tables
from tashbik.nomenclature.rendering import rendered

RENDERING_SHARE = 0.3
"""Weight of each rendering beside the text itself, learned with the other weights (calibrate.py)."""


def asked_of(text: str, language: str, encoder: Encoder) -> Asked:
    """What is asked by a text; `language` ar, fr, en or empty to detect.

    The vector is the mean of the text's own and, more lightly, of its renderings in the other languages: cosines are
    linear in it, so one search is as good as one a language.
    """
    features = features_of(text, language)
    shown = text[:MAX_ENCODED]
    others = [rendered(shown, features.language, one) for one in tables.LANGUAGES if one != features.language]
    texts = [shown, *(one for one in others if one != shown)]
    vectors = encoder.encode(texts)
    shares = [1.0] + [RENDERING_SHARE] * (len(texts) - 1)
    mean = sum(share * vector for share, vector in zip(shares, vectors, strict=True)) / sum(shares)
    return Asked(features, mean)
