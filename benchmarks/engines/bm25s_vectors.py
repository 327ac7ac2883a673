"""bm25s beside exact cosines in numpy, added as standardised scores: what a capable person puts together in a day. Not one library."""

from __future__ import annotations

import shutil
from functools import cache

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer

from benchmarks.data import Corpus, JudgedNeed
from benchmarks.engines.port import Engine
from tashbik.language.encoder import default_encoder

STEMMERS = {"ar": "arabic", "fr": "french", "en": "english"}
STOP_WORDS = {"fr": "fr", "en": "en"}
"""bm25s has stop words of French and English, none of Arabic."""
Scores = npt.NDArray[np.float32]


class Bm25sVectors(Engine):
    """A bm25s index and all vectors in memory; every profile is scored on both sides."""

    def start(self) -> None:
        """Load the encoder."""
        self._encoder = default_encoder()

    def build(self, corpus: Corpus) -> None:
        """Stem each profile in its language, index, keep ids and vectors."""
        ids, words = [], []
        for one in corpus.documents():
            ids.append(one.id)
            words.append(stems(one.text, one.language))
        index = bm25s.BM25()
        index.index(words, show_progress=False)
        index.save(self.folder / "words", show_progress=False)
        np.save(self.folder / "ids.npy", np.array(ids))
        shutil.copyfile(corpus.vector_file, self.folder / "vectors.npy")

    def open(self) -> None:
        """Load all into memory."""
        self._index = bm25s.BM25.load(self.folder / "words", show_progress=False)
        self._ids = np.load(self.folder / "ids.npy")
        self._vectors = np.load(self.folder / "vectors.npy")

    def ask(self, need: JudgedNeed, limit: int) -> list[str]:
        """The best by the sum of both standardised scores."""
        known = [word for word in stems(need.text, need.language) if word in self._index.vocab_dict]
        words = self._index.get_scores(known) if known else np.zeros(len(self._ids), np.float32)
        total = standardised(words) + standardised(self._vectors @ self._encoder.encode([need.text])[0])
        best = np.argpartition(-total, limit)[:limit]
        return [str(self._ids[row]) for row in best[np.argsort(-total[best], kind="stable")]]


def stems(text: str, language: str) -> list[str]:
    """Stems of a text by bm25s's tokenizer, with the stemmer of its language."""
    made: list[list[str]] = bm25s.tokenize(
        text, stopwords=STOP_WORDS.get(language, []), stemmer=_stemmer(language), return_ids=False, show_progress=False
    )
    return made[0]


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(STEMMERS[language])


def standardised(scores: Scores) -> Scores:
    """Scores with mean 0 and deviation 1; all zero where they do not differ."""
    deviation = float(scores.std())
    return (scores - scores.mean()) / deviation if deviation else np.zeros_like(scores)
