"""Retrieval measured on documents, queries and relevance judgements. Not the choice of weights (calibrate.py)."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tashbik.language.encoder import Encoder, default_encoder
from tashbik.linkage.asking import asked_of
from tashbik.linkage.background import Background, default_background
from tashbik.linkage.calibration import weights as default_weights
from tashbik.linkage.embedded_index import EmbeddedIndex
from tashbik.linkage.features import features_of
from tashbik.linkage.index import CandidateIndex, Entry, Weights
from tashbik.linkage.match import Matcher
from tashbik.nomenclature import tables
from tashbik.registry.records import Need


@dataclass(frozen=True, slots=True)
class Text:
    """A document or a query: id, text, language (ar, fr, en or empty)."""

    id: str
    text: str
    language: str = ""


def entries_of(texts: Sequence[Text], encoder: Encoder, background: Background) -> list[Entry]:
    """Index entries of plain texts, one each, owned by themselves."""
    vectors = encoder.encode([text.text for text in texts])
    hubs = background.hubs(vectors)
    return [
        Entry(text.id, text.id, features_of(text.text, text.language), vector, tuple(map(float, hub)))  # type: ignore[arg-type]
        for text, vector, hub in zip(texts, vectors, hubs, strict=True)
    ]


def ranking_metrics(ranked: Sequence[str], relevant: dict[str, float], depth: int = 10) -> dict[str, float]:
    """Recall@1, recall@depth, reciprocal rank and nDCG at `depth` of one ranking (trec_eval's definitions; linear gain).

    Recall divides by the number of relevant documents, or by the depth where there are more.
    """
    top = ranked[:depth]
    gains = [relevant.get(key, 0.0) for key in top]
    good = {key for key, gain in relevant.items() if gain > 0}
    ideal = sorted((gain for gain in relevant.values() if gain > 0), reverse=True)[:depth]
    first = next((rank for rank, key in enumerate(top, 1) if key in good), None)
    dcg = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
    best = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(ideal, 1))
    return {
        "recall@1": float(top[0] in good) / min(1, len(good)) if top and good else 0.0,
        f"recall@{depth}": len(good.intersection(top)) / min(depth, len(good)) if good else 0.0,
        f"mrr@{depth}": 1.0 / first if first else 0.0,
        f"ndcg@{depth}": dcg / best if best else 0.0,
    }


def evaluate_matches(
    matcher: Matcher, needs: Iterable[Need], judgements: dict[str, dict[str, float]], *, depth: int = 10
) -> dict[str, float]:
    """Match the needs, average the metrics of their enterprises over the needs that have judgements.

    `empty` is the share of the needs without any judgement, which nobody can meet, that got no link. A need counts with the links of
    all its lines, line by line.
    """
    rows, empty, times = [], [], []
    for need in needs:
        began = time.perf_counter()
        links = [link for result in matcher.match(need, top=depth) for link in result.links]
        times.append(1000 * (time.perf_counter() - began))
        relevant = judgements.get(need.id)
        if relevant:
            ranked = list(dict.fromkeys(link.enterprise for link in links))
            rows.append(ranking_metrics(ranked, relevant, depth))
        else:
            empty.append(not links)
    averages = {name: float(np.mean([row[name] for row in rows])) for name in (rows[0] if rows else {})}
    return {
        "queries": len(rows),
        **averages,
        "unanswerable": len(empty),
        "empty": float(np.mean(empty)) if empty else 1.0,
        "p50_ms": float(np.percentile(times, 50)) if times else 0.0,
        "p95_ms": float(np.percentile(times, 95)) if times else 0.0,
    }


def evaluate_retrieval(
    documents: Sequence[Text],
    queries: Iterable[Text],
    judgements: dict[str, dict[str, float]],
    *,
    depth: int = 10,
    index: CandidateIndex | None = None,
    weights: Weights | None = None,
) -> dict[str, float]:
    """Index the documents, ask the queries, average the metrics over the queries that have judgements.

    Times are wall-clock: `index_seconds` for all documents, `p50_ms` and `p95_ms` a query with its encoding.
    """
    encoder, background = default_encoder(), default_background()
    with tempfile.TemporaryDirectory(prefix="tashbik-") as folder:
        engine = index or EmbeddedIndex(
            Path(folder), encoder=encoder.name, vocabulary=tables.version(), dimensions=encoder.dimensions
        )
        started = time.perf_counter()
        for first in range(0, len(documents), 2_000):
            engine.upsert(entries_of(documents[first : first + 2_000], encoder, background))
        engine.commit()
        seconds = time.perf_counter() - started
        rows, times = [], []
        for query in queries:
            relevant = judgements.get(query.id)
            if not relevant:
                continue
            began = time.perf_counter()
            asked = asked_of(query.text, query.language, encoder)
            found = engine.search(asked, weights or default_weights(), depth)
            times.append(1000 * (time.perf_counter() - began))
            rows.append(ranking_metrics([one.key for one in found], relevant, depth))
        engine.close()
    names = list(rows[0]) if rows else ["recall@1", f"recall@{depth}", f"mrr@{depth}", f"ndcg@{depth}"]
    averages = {name: float(np.mean([row[name] for row in rows])) if rows else 0.0 for name in names}
    return {
        "queries": len(rows),
        **averages,
        "index_seconds": seconds,
        "p50_ms": float(np.percentile(times, 50)) if times else 0.0,
        "p95_ms": float(np.percentile(times, 95)) if times else 0.0,
    }
