"""From a text to what the index is asked: its features, and its vector drawn towards its renderings. Not the search itself (engines)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tashbik.language.encoder import Encoder
from tashbik.linkage.calibration import rendering_share
from tashbik.linkage.features import features_of
from tashbik.linkage.index import Asked, Vector
from tashbik.linkage.offers import MAX_ENCODED
from tashbik.nomenclature import tables
from tashbik.nomenclature.rendering import rendered


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
    return Asked(features, drawn_towards(vectors[0], vectors[1:], rendering_share()))


def drawn_towards(own: Vector, others: npt.NDArray[np.float32], share: float) -> Vector:
    """Mean of a vector, weighing one, and others, weighing `share` each; at most of unit length."""
    total = own + share * others.sum(axis=0) if len(others) else own
    return np.asarray(total / (1.0 + share * len(others)), dtype=np.float32)
