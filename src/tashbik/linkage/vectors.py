"""Vectors on disk and the search among them: append-only rows, exact scan when few, HNSW int8 with exact re-scoring when many."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
from usearch.index import Index as Hnsw

EXACT_BELOW = 20_000
"""Rows below which every vector is compared: 20,000 × 512 in float32 take about 4 ms on one core."""
EXPANSION_ADD, EXPANSION_SEARCH, CONNECTIVITY = 96, 192, 16
SNAPSHOT_SHARE = 0.03
"""The HNSW graph is saved once this share of its rows is new; what lacks is added again from the rows at opening."""


class VectorStore:
    """Rows of unit vectors (float16) with their hub values, addressed by slot; the rows that count are told by the caller.

    Rows are only ever appended, so a crash leaves at most rows that nobody refers to; the next `append` drops them.
    """

    def __init__(self, folder: Path, dimensions: int, rows: int) -> None:
        self._rows_file = folder / "vectors.f16"
        self._hubs_file = folder / "hubs.f32"
        self._graph_file = folder / "graph.usearch"
        self._dimensions = dimensions
        self.rows = rows
        self._check()
        self._graph: Hnsw | None = None
        self._graph_saved = 0
        self._exact: npt.NDArray[np.float32] | None = None
        self._map()

    def _files(self) -> tuple[tuple[Path, int], ...]:
        return (self._rows_file, 2 * self._dimensions), (self._hubs_file, 12)

    def _check(self) -> None:
        for file, width in self._files():
            file.touch()
            if file.stat().st_size < self.rows * width:
                raise ValueError(f"{file.name} is shorter than the index says")

    def reopen(self, rows: int) -> None:
        """See the rows that another process committed."""
        if rows == self.rows:
            return
        self.rows = rows
        self._check()
        self._graph = None

    def _map(self) -> None:
        shape = (self.rows, self._dimensions)
        self._vectors: npt.NDArray[np.float16] = (
            np.memmap(self._rows_file, np.float16, "r", shape=shape) if self.rows else np.zeros(shape, np.float16)
        )
        self._hubs: npt.NDArray[np.float32] = (
            np.memmap(self._hubs_file, np.float32, "r", shape=(self.rows, 3))
            if self.rows
            else np.zeros((0, 3), np.float32)
        )
        self._exact = None

    def append(self, vectors: npt.NDArray[np.float32], hubs: npt.NDArray[np.float32]) -> range:
        """Write rows after the last that counts and make them durable; returns their slots. They are searched after `refresh`."""
        for file, width in self._files():
            os.truncate(file, self.rows * width)  # what a crash left behind the rows that count
        for file, rows in ((self._rows_file, vectors.astype(np.float16)), (self._hubs_file, hubs.astype(np.float32))):
            with file.open("ab") as stream:
                stream.write(rows.tobytes())
                stream.flush()
                os.fsync(stream.fileno())
        first = self.rows
        self.rows += len(vectors)
        return range(first, self.rows)

    def refresh(self) -> None:
        """Make appended rows searchable and save the graph when enough of it is new."""
        self._map()
        if self.rows < EXACT_BELOW:
            return
        graph = self._load_graph()
        while len(graph) < self.rows:
            slots = np.arange(len(graph), min(self.rows, len(graph) + 20_000))
            graph.add(
                slots.astype(np.uint64), np.asarray(self._vectors[slots[0] : slots[-1] + 1], np.float32), threads=0
            )
        if self.rows - self._graph_saved > SNAPSHOT_SHARE * self._graph_saved:
            partial = self._graph_file.with_suffix(".partial")
            graph.save(str(partial))
            partial.replace(self._graph_file)
            self._graph_saved = self.rows

    def _load_graph(self) -> Hnsw:
        if self._graph is None:
            self._graph = self._new_graph()
            if self._graph_file.exists():
                self._graph.load(str(self._graph_file))
                if len(self._graph) > self.rows:  # saved before a crash that lost the commit it belonged to
                    self._graph = self._new_graph()
            self._graph_saved = len(self._graph)
        return self._graph

    def _new_graph(self) -> Hnsw:
        return Hnsw(
            ndim=self._dimensions,
            metric="cos",
            dtype="i8",
            connectivity=CONNECTIVITY,
            expansion_add=EXPANSION_ADD,
            expansion_search=EXPANSION_SEARCH,
        )

    def nearest(
        self, vector: npt.NDArray[np.float32], column: int, hubness: float, limit: int
    ) -> npt.NDArray[np.int64]:
        """Slots of the rows likest in meaning, best first; exact below `EXACT_BELOW` rows, else the graph's answer."""
        if not self.rows:
            return np.zeros(0, np.int64)
        if self.rows < EXACT_BELOW:
            if self._exact is None:
                self._exact = np.asarray(self._vectors, np.float32)
            scores = self._exact @ vector - hubness * self._hubs[:, column]
            count = min(limit, self.rows)
            top = np.argpartition(-scores, count - 1)[:count]
            return top[np.argsort(-scores[top], kind="stable")]
        return np.asarray(self._load_graph().search(vector, limit).keys, dtype=np.int64)

    def meaning(
        self, slots: npt.NDArray[np.int64], vector: npt.NDArray[np.float32], column: int, hubness: float
    ) -> npt.NDArray[np.float32]:
        """Exact likeness of some rows, `hubness` of their hub values taken off."""
        rows = np.asarray(self._vectors[slots], np.float32)
        return np.asarray(rows @ vector - hubness * np.asarray(self._hubs[slots])[:, column], dtype=np.float32)
