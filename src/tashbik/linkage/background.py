"""Hubness: how near a text lies to any text whatever, by language, so that texts near to everything do not win everywhere.

A document's score is lessened by a part (`Weights.hubness`) of its mean cosine to its ten nearest texts of a background sample in the query's
language (after the local scaling of Conneau et al. 2018, "Word translation without parallel data", eq. 1, documents' side only).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from tashbik.language.encoder import Encoder, default_encoder
from tashbik.nomenclature import tables

SAMPLE = 700
NEAREST = 10


def sample(language: str) -> list[str]:
    """The background sample: labels of the vocabulary spread evenly over its tables, `SAMPLE` at most."""
    labels = [concept.label(language) for concept in tables.concepts().values()]
    step = max(1, len(labels) // SAMPLE)
    return labels[::step][:SAMPLE]


class Background:
    """Background vectors of the three languages under one encoder."""

    def __init__(self, encoder: Encoder) -> None:
        self._vectors = [encoder.encode(sample(language)) for language in tables.LANGUAGES]

    def hubs(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Mean cosine of each vector to its nearest background texts; shape (n, 3): ar, fr, en."""
        columns = [self._mean_nearest(vectors @ texts.T) for texts in self._vectors]
        return np.stack(columns, axis=1).astype(np.float32)

    @staticmethod
    def _mean_nearest(similarity: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        nearest = min(NEAREST, similarity.shape[1])
        top = np.partition(similarity, similarity.shape[1] - nearest, axis=1)[:, -nearest:]
        return np.asarray(top.mean(axis=1), dtype=np.float32)


@cache
def default_background() -> Background:
    """The background under the embedded encoder, one a process."""
    return Background(default_encoder())
