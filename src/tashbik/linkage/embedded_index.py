"""The embedded engine: tantivy for words, senses and skeletons, a vector store for meaning, in one folder.

The one commit point is tantivy's own commit, which is atomic: vectors are appended and made durable before it, and the
number of rows that count is part of what it commits. A crash at any moment leaves the state of the last commit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from tashbik.errors import IndexStateError, StaleIndexError
from tashbik.linkage.features import FIELDS
from tashbik.linkage.index import HUB_COLUMN, K1, Asked, Candidate, Entry, IndexAbilities, Weights, idf
from tashbik.linkage.memory_index import query_terms
from tashbik.linkage.vectors import EXACT_BELOW, VectorStore

FORMAT = 1
"""Raise it when the folder's layout or the meaning of a field changes."""
POOL = 120
"""Candidates taken from words and from meaning before exact scoring."""
BATCH = 2_000
_STATE = "\x1estate"
_HEAP = 200_000_000


class EmbeddedIndex:
    """A persistent, incremental candidate index in a folder. One writer at a time: where a
    folder is shared, who writes takes the journal's lock first (workspace.py).

    `encoder` and `vocabulary` name what the features were made with. Raises StaleIndexError when the folder was made with
    others, IndexStateError when it is damaged.
    """

    abilities = IndexAbilities(persistent=True, approximate_above=EXACT_BELOW)

    def __init__(self, folder: Path, *, encoder: str, vocabulary: str, dimensions: int) -> None:
        self._folder = folder
        self._made_with = {"format": FORMAT, "encoder": encoder, "vocabulary": vocabulary, "dimensions": dimensions}
        self._check_or_create()
        self._schema = _schema()
        words = folder / "words"
        words.mkdir(exist_ok=True)
        try:
            self._index = tantivy.Index(self._schema, path=str(words))
        except ValueError as error:
            raise IndexStateError(
                str(error), file=str(folder), mend="rebuild it with `tashbik doctor --rebuild`"
            ) from error
        self._writer: tantivy.IndexWriter | None = None
        self._searcher = self._index.searcher()
        state = self._state()
        self.mark = str(state.get("mark", ""))
        try:
            self._vectors = VectorStore(folder, dimensions, int(state.get("rows", 0)))
        except (ValueError, OSError) as error:
            raise IndexStateError(
                str(error), file=str(folder), mend="rebuild it with `tashbik doctor --rebuild`"
            ) from error
        self._vectors.refresh()

    def _check_or_create(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        mark = self._folder / "made-with.json"
        if not mark.exists() and not (self._folder / "words").exists():
            partial = mark.with_suffix(".partial")
            with partial.open("w") as stream:
                stream.write(json.dumps(self._made_with))
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(mark)
            return
        found = self._stamp(mark)
        if found != self._made_with:
            changed = ", ".join(key for key, value in self._made_with.items() if found.get(key) != value)
            raise StaleIndexError(
                f"the index was made with another {changed}",
                file=str(self._folder),
                mend="rebuild it with `tashbik doctor --rebuild`",
            )

    @staticmethod
    def _stamp(mark: Path) -> dict[str, Any]:
        """What an index says that it was made with; nothing where that is lost or unreadable, so that it counts as stale."""
        try:
            found = json.loads(mark.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _state(self) -> dict[str, Any]:
        hits = self._searcher.search(self._term("key", _STATE), 1).hits
        if not hits:
            return {}
        state: dict[str, Any] = json.loads(bytes(self._searcher.doc(hits[0][1]).get_first("payload") or b"{}"))
        return state

    def _term(self, field: str, value: object) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, "basic")

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, 1)
            self.refresh()  # another process may have written since this one opened
        return self._writer

    @property
    def bloated(self) -> bool:
        """Whether more vectors belong to replaced or deleted entries than to those that count."""
        return self._vectors.rows > 2 * self.count() + BATCH

    def upsert(self, entries: Iterable[Entry]) -> int:
        """Add or replace entries, in batches, so that memory does not grow with them."""
        total = 0
        batch: list[Entry] = []
        for entry in entries:
            batch.append(entry)
            if len(batch) == BATCH:
                total += self._write(batch)
                batch = []
        return total + (self._write(batch) if batch else 0)

    def _write(self, batch: list[Entry]) -> int:
        writer = self._writing()
        latest = {entry.key: entry for entry in batch}
        slots = self._vectors.append(
            np.stack([entry.vector for entry in latest.values()]),
            np.array([entry.hubs for entry in latest.values()], np.float32),
        )
        for slot, entry in zip(slots, latest.values(), strict=True):
            writer.delete_documents_by_term("key", entry.key)
            writer.add_document(_document(entry, slot))
        return len(latest)

    def delete(self, owners: Sequence[str]) -> None:
        """Delete all entries of some owners."""
        for owner in owners:
            self._writing().delete_documents_by_term("owner", owner)

    def commit(self, mark: str = "") -> None:
        """Commit words, slots, the number of vector rows and the caller's mark at once."""
        writer = self._writing()
        writer.delete_documents_by_term("key", _STATE)
        state = tantivy.Document()
        state.add_text("key", _STATE)
        state.add_bytes("payload", json.dumps({"rows": self._vectors.rows, "mark": mark}).encode())
        writer.add_document(state)
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._vectors.refresh()
        self.mark = mark

    def refresh(self) -> None:
        """See what another process committed."""
        self._index.reload()
        self._searcher = self._index.searcher()
        state = self._state()
        self.mark = str(state.get("mark", ""))
        self._vectors.reopen(int(state.get("rows", 0)))
        self._vectors.refresh()

    def count(self) -> int:
        """Number of entries committed (the state document is none)."""
        return max(0, int(self._searcher.num_docs) - (1 if self._searcher.doc_freq("key", _STATE) else 0))

    def close(self) -> None:
        """Release the writer's lock; uncommitted writes are lost."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None

    def search(self, asked: Asked, weights: Weights, limit: int) -> list[Candidate]:
        """Candidates by words and by meaning, each scored exactly on both sides, best first; ties by key."""
        pool = max(POOL, limit)  # of words
        column = HUB_COLUMN[asked.features.language]
        lexical = self._lexical_query(asked, weights)
        scores: dict[int, float] = {}
        addresses: dict[int, tantivy.DocAddress] = {}
        if lexical is not None:
            self._collect(lexical, pool, scores, addresses)
        if not weights.meaning:  # words alone: nothing is looked up among the vectors
            return self._ranked(asked, weights, column, limit, scores, addresses)
        wide, alive = POOL, False
        while not alive:  # slots of replaced entries are found too; where they crowd the living out, look wider
            near = self._vectors.nearest(asked.vector, column, weights.hubness, wide)
            missing = [int(slot) for slot in near if int(slot) not in scores]
            if missing:
                self._collect(self._restricted(missing, lexical), len(missing), scores, addresses)
            living = sum(int(slot) in scores for slot in near)
            alive = living >= min(POOL // 2, self.count()) or wide >= self._vectors.rows
            wide *= 4
        return self._ranked(asked, weights, column, limit, scores, addresses)

    def _ranked(
        self,
        asked: Asked,
        weights: Weights,
        column: int,
        limit: int,
        scores: dict[int, float],
        addresses: dict[int, tantivy.DocAddress],
    ) -> list[Candidate]:
        if not scores:
            return []
        slots = np.fromiter(scores, np.int64)
        lexical = np.fromiter(scores.values(), np.float64)
        if weights.meaning:
            meaning = self._vectors.meaning(slots, asked.vector, column, weights.hubness)
        else:
            meaning = np.zeros(len(slots), np.float32)
        total = lexical + weights.meaning * meaning
        best = np.argsort(-total, kind="stable")[: limit + 8]
        found = [
            self._candidate(addresses[int(slots[row])], float(total[row]), float(lexical[row]), float(meaning[row]))
            for row in best
        ]
        return sorted(found, key=lambda one: (-one.score, one.key))[:limit]

    def _candidate(self, address: tantivy.DocAddress, score: float, lexical: float, meaning: float) -> Candidate:
        document = self._searcher.doc(address)
        return Candidate(
            str(document.get_first("key")), score, lexical, meaning, bytes(document.get_first("payload") or b"")
        )

    def _collect(
        self, query: tantivy.Query, limit: int, scores: dict[int, float], addresses: dict[int, tantivy.DocAddress]
    ) -> None:
        hits = self._searcher.search(query, limit, count=False).hits
        if not hits:
            return
        slots = self._searcher.fast_field_values("slot", [address for _, address in hits])
        for (score, address), slot in zip(hits, slots, strict=True):
            number = int(slot or 0)
            scores[number] = float(score)
            addresses[number] = address

    def _restricted(self, slots: list[int], lexical: tantivy.Query | None) -> tantivy.Query:
        """The lexical query over some slots only; entries without any asked term score zero instead of being absent."""
        only = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, "slot", slots), 0.0)
        clauses = [(tantivy.Occur.Must, only)]
        if lexical is not None:
            clauses.append((tantivy.Occur.Should, lexical))
        return tantivy.Query.boolean_query(clauses)

    def _lexical_query(self, asked: Asked, weights: Weights) -> tantivy.Query | None:
        """All channels in one query, each boosted so that its BM25 is a share of the best possible, times its weight."""
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        total = max(1, self.count())
        for field in FIELDS:
            weight = getattr(weights, field)
            terms = query_terms(asked, field) if weight > 0 else ()
            best = sum(idf(total, self._searcher.doc_freq(field, term)) for term in terms) * (K1 + 1)
            if best <= 0:
                continue
            for term in terms:
                one = tantivy.Query.term_query(self._schema, field, term, "freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(one, weight / best)))
        return tantivy.Query.boolean_query(clauses) if clauses else None


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("owner", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("slot", indexed=True, fast=True)
    builder.add_bytes_field("payload", stored=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(entry: Entry, slot: int) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("key", entry.key)
    document.add_text("owner", entry.owner)
    document.add_unsigned("slot", slot)
    document.add_bytes("payload", entry.payload)
    for field in FIELDS:
        document.add_text(field, " ".join(entry.features.channel(field)))
    return document
