"""The Fellegi–Sunter model: its arithmetic, learning from decisions, fitting a register without labels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashbik.registry.identity.comparison import CHANCE, COMPARISONS, CONTACT, IDENTIFIERS, LEVELS, NAME, UNKNOWN, WORDS
from tashbik.registry.identity.model import Decision, counted, default_model, learned
from tashbik.registry.identity.splink_training import FROM_PAIRS, started, trained

LEVEL = st.tuples(*(st.integers(UNKNOWN, len(LEVELS[name]) - 1) for name in COMPARISONS))


def levels(**given_levels: str) -> tuple[int, ...]:
    """Levels by name; UNKNOWN for what is not given."""
    return tuple(LEVELS[name].index(given_levels[name]) if name in given_levels else UNKNOWN for name in COMPARISONS)


def test_every_comparison_has_shares_that_sum_to_one() -> None:
    model = default_model()
    assert set(model.worths) == set(COMPARISONS)
    for name, worth in model.worths.items():
        assert len(worth.m) == len(worth.u) == len(LEVELS[name])
        assert sum(worth.m) == pytest.approx(1, abs=1e-3)
        assert sum(worth.u) == pytest.approx(1, abs=1e-3)


def test_nothing_known_leaves_the_prior() -> None:
    assert default_model().probability(levels()) == pytest.approx(default_model().prior)


def test_the_probability_is_bayes_rule() -> None:
    model = default_model()
    worth, number = model.worths["place"], LEVELS["place"].index("same")
    odds = model.prior / (1 - model.prior) * worth.m[number] / worth.u[number]
    assert model.probability(levels(place="same")) == pytest.approx(odds / (1 + odds))


@given(LEVEL)
def test_a_probability_is_one(found: tuple[int, ...]) -> None:
    assert 0 < default_model().probability(found) < 1


def test_a_shared_identifier_outweighs_a_loose_name() -> None:
    assert default_model().probability(levels(name="little", identifiers="same")) > 0.5
    assert default_model().probability(levels(name="little", identifiers="differ")) < 0.05


def test_counting_gives_the_shares_of_the_levels() -> None:
    pairs = np.array(
        [levels(place="same")] * 9 + [levels(place="differ")] + [levels(place="differ")] * 10, dtype=np.int8
    )
    model = counted(pairs, np.array([True] * 10 + [False] * 10), strength=0.0001)
    assert model.worths["place"].m == pytest.approx((0.1, 0.9), abs=1e-3)
    assert model.worths["place"].u == pytest.approx((1, 0), abs=1e-3)


def test_no_decision_changes_nothing() -> None:
    assert learned(default_model(), []) == default_model()


def test_decisions_move_the_probability_of_pairs_like_them() -> None:
    pair = levels(name="part", country="abroad-both")
    before = default_model().probability(pair)
    distinct = learned(default_model(), [Decision(pair, False)] * 20)
    merged = learned(default_model(), [Decision(pair, True)] * 20)
    assert distinct.probability(pair) < before < merged.probability(pair)
    assert distinct.learned == 20


def test_learned_probabilities_are_calibrated_on_the_decisions() -> None:
    pair = levels(name="same", country="same-home")
    decisions = [Decision(pair, number % 4 != 0) for number in range(400)]
    assert learned(default_model(), decisions).probability(pair) == pytest.approx(0.75, abs=0.05)


def _register(pairs: int, share: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Levels drawn from the default model's own m and u, and which pairs are matches."""
    generator = np.random.default_rng(seed)
    same = generator.random(pairs) < share
    table = np.full((pairs, len(COMPARISONS)), UNKNOWN, dtype=np.int8)
    for column, name in enumerate(COMPARISONS):
        worth = default_model().worths[name]
        for kind, shares in ((True, worth.m), (False, worth.u)):
            table[same == kind, column] = generator.choice(
                len(shares), (same == kind).sum(), p=np.array(shares) / sum(shares)
            )
    hidden = generator.random(table.shape) < 0.3
    hidden[:, :1] = False
    table[hidden] = UNKNOWN
    return table, same


def test_the_prior_of_a_register_is_found_without_labels() -> None:
    table, same = _register(40_000, 0.03)
    found = started(default_model(), table)
    assert found is not None
    assert found.prior == pytest.approx(same.mean(), rel=0.15)


def test_what_a_name_and_its_words_say_together_is_found_without_labels() -> None:
    """Among matches, respelt names have several words; among others one: apart, neither says so."""
    generator = np.random.default_rng(2)
    table, same = _register(60_000, 0.05, seed=3)
    respelt, alike = LEVELS["name"].index("respelt"), LEVELS["name"].index("same")
    table[:, NAME] = generator.choice([respelt, alike], len(table))
    table[:, WORDS] = np.where(same == (table[:, NAME] == respelt), 1, 0)
    table[:, CHANCE] = LEVELS["chance"].index("few")
    fitted = started(default_model(), table)
    assert fitted is not None
    one, more = (levels(name="respelt", words=words, chance="few") for words in ("one", "more"))
    assert fitted.probability(more) > 0.3 > 0.05 > fitted.probability(one)
    assert fitted.beyond(np.array([levels(name="respelt", words="more")], dtype=np.int8)).tolist() == [0.0]


def test_splink_fits_a_register_and_keeps_every_share_a_share() -> None:
    table, same = _register(FROM_PAIRS + 5_000, 0.03)
    fitted = trained(default_model(), table)
    assert fitted != default_model()
    for worth in fitted.worths.values():
        assert sum(worth.m) == pytest.approx(1, abs=1e-6)
        assert min(*worth.m, *worth.u) > 0
    probabilities = fitted.probabilities(table)
    assert probabilities[same].mean() > 0.9
    assert probabilities[~same].mean() < 0.02


def test_a_small_register_or_one_without_certain_pairs_keeps_the_model() -> None:
    table, _ = _register(1_000, 0.1)
    assert trained(default_model(), table) is default_model()
    table, _ = _register(FROM_PAIRS, 0.03)
    table[:, (CONTACT, IDENTIFIERS)] = UNKNOWN
    assert trained(default_model(), table) is default_model()


def test_the_log_odds_are_bounded() -> None:
    extreme = levels(name="same", place="same", address="same", contact="same", identifiers="same", aside="agree")
    assert default_model().log_odds(np.array([extreme], dtype=np.int8))[0] <= 14
    assert math.isfinite(default_model().log_odds(np.array([extreme], dtype=np.int8))[0])
