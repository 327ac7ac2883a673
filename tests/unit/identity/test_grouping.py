"""Clusters: average linkage, records held apart and together; pairs that share a key."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tashbik.registry.identity.blocking import pairs_of
from tashbik.registry.identity.evaluation import pairwise
from tashbik.registry.identity.grouping import clusters


def grouped(records: int, links: dict[tuple[int, int], float], **options: object) -> list[int]:
    """The clusters of links with log-odds."""
    pairs = np.array(list(links) or np.zeros((0, 2)), dtype=np.int32).reshape(-1, 2)
    return clusters(records, pairs, np.array(list(links.values())), join_from=0.5, **options).tolist()  # type: ignore[arg-type]


def test_a_pair_above_the_threshold_is_a_cluster() -> None:
    assert grouped(3, {(0, 1): 2.0, (1, 2): -1.0}) == [0, 0, 2]


def test_a_chain_is_cut_where_its_ends_disagree() -> None:
    assert grouped(3, {(0, 1): 5.0, (1, 2): 2.0, (0, 2): -6.0}) == [0, 0, 2]


def test_a_chain_holds_where_its_ends_may_agree() -> None:
    assert grouped(3, {(0, 1): 5.0, (1, 2): 2.0, (0, 2): 0.5}) == [0, 0, 0]


def test_an_uncompared_pair_speaks_against() -> None:
    assert grouped(3, {(0, 1): 5.0, (1, 2): 2.0}) == [0, 0, 2]


def test_records_held_apart_never_share_a_cluster() -> None:
    links = {(0, 1): 5.0, (1, 2): 5.0, (0, 2): 5.0}
    found = grouped(3, links, apart={(0, 2)})
    assert found[0] != found[2]


def test_records_held_together_share_one_whatever_the_odds() -> None:
    assert grouped(3, {(0, 1): -5.0}, together={(0, 1)}) == [0, 0, 2]
    assert grouped(3, {}, together={(0, 2)}) == [0, 1, 0]


LINKS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-8, 8),
    max_size=28,
)


@settings(max_examples=200)
@given(LINKS, st.sets(st.sampled_from(list(combinations(range(8), 2))), max_size=6))
def test_clusters_are_a_partition_that_respects_what_is_apart(
    links: dict[tuple[int, int], float], apart: set[tuple[int, int]]
) -> None:
    found = grouped(8, links, apart=apart)
    assert all(found[head] == head for head in found)
    assert all(found[first] != found[second] for first, second in apart)
    linked = {one for pair, odds in links.items() if odds >= 0 for one in pair}
    assert all(found[one] == one for one in range(8) if one not in linked)


@given(st.lists(st.lists(st.sampled_from(["ba", "bb", "bc", "bd"]), max_size=3), max_size=12))
def test_the_pairs_are_those_that_share_a_key(keys: list[list[str]]) -> None:
    expected = [[a, b] for a, b in combinations(range(len(keys)), 2) if set(keys[a]) & set(keys[b])]
    assert pairs_of(keys).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_pairwise_figures_are_those_of_all_pairs(labels: list[tuple[int, int]]) -> None:
    both = list(combinations(labels, 2))
    proposed = [a[0] == b[0] for a, b in both]
    actual = [a[1] == b[1] for a, b in both]
    hits = sum(x and y for x, y in zip(proposed, actual, strict=True))
    figures = pairwise([one[0] for one in labels], [one[1] for one in labels])
    assert figures["precision"] == (hits / sum(proposed) if any(proposed) else 1)
    assert figures["recall"] == (hits / sum(actual) if any(actual) else 1)
    assert figures["pairs"] == sum(actual)
