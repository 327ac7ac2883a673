"""Tashbik's retrieval of candidates: the same output as the peers', ranked ids. Not the judging of them (tashbik_match.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.data import Corpus, JudgedNeed
from benchmarks.engines.port import Engine
from tashbik.language.encoder import default_encoder
from tashbik.linkage.asking import asked_of
from tashbik.linkage.background import default_background
from tashbik.linkage.calibration import weights
from tashbik.linkage.embedded_index import EmbeddedIndex
from tashbik.linkage.features import features_of
from tashbik.linkage.index import Asked, Entry
from tashbik.linkage.offers import entries
from tashbik.linkage.parallel import in_batches
from tashbik.nomenclature import tables
from tashbik.registry.records import Enterprise
from tashbik.registry.understanding import understand


class TashbikCandidates(Engine):
    """EmbeddedIndex of understood profiles, on all cores as an import makes it."""

    def start(self) -> None:
        """Load the encoder and its background."""
        self.encoder = default_encoder()
        default_background()

    def build(self, corpus: Corpus) -> None:
        """Understand, encode and index; one commit."""
        self.open()
        for batch in in_batches(_entries_of, corpus.enterprises()):
            self.index.upsert(batch)
        self.index.commit()
        self.index.close()

    def open(self) -> None:
        """Open the folder's index."""
        self.index = EmbeddedIndex(
            self.folder, encoder=self.encoder.name, vocabulary=tables.version(), dimensions=self.encoder.dimensions
        )

    def ask(self, need: JudgedNeed, limit: int) -> list[str]:
        """Enterprises of the best candidates."""
        asked = asked_of(need.text, need.language, self.encoder)
        return [one.key.split("\x1f")[0] for one in self.index.search(asked, weights(), limit)]


class TashbikWords(TashbikCandidates):
    """The same index asked without its vectors: stems, senses and skeletons only, nothing encoded at asking."""

    def ask(self, need: JudgedNeed, limit: int) -> list[str]:
        """Enterprises of the best candidates by words."""
        features = features_of(need.text, need.language)
        asked = Asked(features, np.zeros(self.encoder.dimensions, np.float32))
        found = self.index.search(asked, replace(weights(), meaning=0.0), limit)
        return [one.key.split("\x1f")[0] for one in found]


def _entries_of(batch: list[Enterprise]) -> list[Entry]:
    return list(entries(map(understand, batch), default_encoder(), default_background()))
