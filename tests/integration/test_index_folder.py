"""The embedded engine's folder: it outlives the process, notices that it is stale, and says when it is damaged."""

from __future__ import annotations

import os

import numpy as np
import pytest

from tashbik.errors import IndexStateError, StaleIndexError
from tashbik.linkage import vectors
from tashbik.linkage.embedded_index import EmbeddedIndex
from tests.contract.test_index import DIMENSIONS, TEXTS, WEIGHTS, asked, embedded, entry


def filled(folder):
    index = embedded(folder)
    index.upsert([entry(key, text) for key, text in TEXTS.items()])
    index.commit("7")
    return index


def test_it_is_there_again_after_closing(tmp_path):
    filled(tmp_path).close()
    again = embedded(tmp_path)
    assert (again.count(), again.mark) == (len(TEXTS), "7")
    assert again.search(asked(TEXTS["b"]), WEIGHTS, 1)[0].key == "b"
    again.close()


def test_uncommitted_writes_leave_no_trace(tmp_path):
    index = filled(tmp_path)
    index.upsert([entry("new", "papier kraft")])
    index.close()
    again = embedded(tmp_path)
    assert again.count() == len(TEXTS)
    again.upsert([entry("other", "carton ondulé")])
    again.commit()
    assert (tmp_path / "vectors.f16").stat().st_size == (len(TEXTS) + 1) * DIMENSIONS * 2
    again.close()


def test_another_encoder_or_vocabulary_makes_it_stale(tmp_path):
    filled(tmp_path).close()
    with pytest.raises(StaleIndexError, match="vocabulary"):
        EmbeddedIndex(tmp_path, encoder="test", vocabulary="newer", dimensions=DIMENSIONS)


def test_a_lost_stamp_makes_it_stale(tmp_path):
    filled(tmp_path).close()
    (tmp_path / "made-with.json").unlink()
    with pytest.raises(StaleIndexError):
        embedded(tmp_path)


def test_replaced_entries_do_not_crowd_out_the_living(tmp_path):
    index = filled(tmp_path)
    for number in range(160):
        index.upsert([entry("a", TEXTS["a"], payload=str(number).encode())])
        index.commit()
    found = index.search(asked("zzz"), WEIGHTS, 10)
    assert {one.key for one in found} == set(TEXTS)
    best = index.search(asked(TEXTS["a"]), WEIGHTS, 1)[0]
    assert (best.key, best.payload) == ("a", b"159") and best.lexical > 0.3
    index.close()


def test_lost_vectors_are_noticed(tmp_path):
    filled(tmp_path).close()
    os.truncate(tmp_path / "vectors.f16", 10)
    with pytest.raises(IndexStateError, match="shorter"):
        embedded(tmp_path)


def test_the_graph_answers_like_the_exact_scan(tmp_path, monkeypatch):
    rows = np.random.default_rng(5).normal(size=(3_000, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    hubs = np.zeros((len(rows), 3), np.float32)
    exact = vectors.VectorStore(tmp_path, 32, 0)
    exact.append(rows, hubs)
    exact.refresh()
    wanted = [set(exact.nearest(row, 0, 0.5, 10)) for row in rows[:100]]
    monkeypatch.setattr(vectors, "EXACT_BELOW", 10)
    graph = vectors.VectorStore(tmp_path, 32, len(rows))
    graph.refresh()
    found = [set(map(int, graph.nearest(row, 0, 0.5, 50))) for row in rows[:100]]
    assert np.mean([len(one & other) / 10 for one, other in zip(wanted, found, strict=True)]) >= 0.95
    again = vectors.VectorStore(tmp_path, 32, len(rows))
    again.refresh()
    assert set(map(int, again.nearest(rows[0], 0, 0.5, 50))) == found[0]
