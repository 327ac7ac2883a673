"""The metrics against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from tashbik.linkage.evaluate import ranking_metrics


def test_a_ranking_worked_out_by_hand():
    figures = ranking_metrics(["x", "a", "y", "b"], {"a": 3.0, "b": 1.0, "c": 2.0})
    dcg = 3 / math.log2(3) + 1 / math.log2(5)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert figures["recall@1"] == 0.0
    assert figures["recall@10"] == pytest.approx(2 / 3)
    assert figures["mrr@10"] == 0.5
    assert figures["ndcg@10"] == pytest.approx(dcg / ideal)


def test_recall_divides_by_the_depth_where_more_are_relevant():
    relevant = {f"d{number}": 1.0 for number in range(20)}
    figures = ranking_metrics([f"d{number}" for number in range(10)], relevant)
    assert figures["recall@10"] == figures["ndcg@10"] == figures["recall@1"] == 1.0


def test_what_is_judged_irrelevant_does_not_count():
    assert ranking_metrics(["a"], {"a": 0.0, "b": 1.0})["mrr@10"] == 0.0
