"""What levels of agreement are worth: a Fellegi–Sunter model, its calibration, and learning from decisions. Not the comparing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from tashbik.registry.identity.comparison import CHANCE, COMPARISONS, LEVELS, NAME, UNKNOWN, WORDS

Levels = Sequence[int]
Table = npt.NDArray[np.int8]
"""Levels of many pairs: a row a pair, a column a comparison of `COMPARISONS`."""

SURE = 14.0
"""Log-odds (nats) beyond which a probability says no more."""


class Worth(msgspec.Struct, frozen=True):
    """How often each level of a comparison occurs between records of one enterprise (`m`) and of two (`u`); each sums to 1."""

    m: tuple[float, ...]
    u: tuple[float, ...]


class Decision(NamedTuple):
    """A person's decision on a pair: the levels that it had, and whether it is one enterprise."""

    levels: tuple[int, ...]
    same: bool


class Model(msgspec.Struct, frozen=True):
    """Fellegi & Sunter (1969): the log-odds of a pair are those of any candidate pair plus log m/u of each level.

    `prior` is the probability that a candidate pair (one that shares a key, blocking.py) is one enterprise; `slope` and
    `shift` calibrate the log-odds on decisions (Platt 1999); `learned` counts the decisions behind the model.
    `join_from` is the probability from which clusters join: half the F1 to be had, near which F1 is highest (Lipton, Elkan &
    Naryanaswamy 2014), less a little where probabilities come from another register. `agreement` holds what name, words and
    chance are worth together beyond what each is worth alone (nats, by `together_of`); empty where that is not known.
    """

    prior: float
    worths: dict[str, Worth]
    slope: float = 1.0
    shift: float = 0.0
    learned: int = 0
    join_from: float = 0.38
    agreement: tuple[float, ...] = ()

    def weights(self) -> npt.NDArray[np.float64]:
        """log m/u by comparison (row) and level (column, the last one UNKNOWN = 0), nats."""
        table = np.zeros((len(COMPARISONS), max(map(len, LEVELS.values())) + 1))
        for row, name in enumerate(COMPARISONS):
            worth = self.worths[name]
            table[row, : len(worth.m)] = np.log(worth.m) - np.log(worth.u)
        return table

    def log_odds(self, levels: Table) -> npt.NDArray[np.float64]:
        """Calibrated log-odds (nats) of pairs, within ±`SURE`."""
        raw = np.full(len(levels), math.log(self.prior / (1 - self.prior)))
        table = self.weights()
        for column in range(len(COMPARISONS)):
            raw += table[column][levels[:, column]]
        raw += self.beyond(levels)
        return np.asarray(np.clip(self.slope * raw + self.shift, -SURE, SURE))

    def beyond(self, levels: Table) -> npt.NDArray[np.float64]:
        """What `agreement` adds to the log-odds of each pair, before calibration."""
        if not self.agreement:
            return np.zeros(len(levels))
        rows = together_of(levels)
        return np.where(rows >= 0, np.asarray(self.agreement)[rows], 0.0)

    def probabilities(self, levels: Table) -> npt.NDArray[np.float64]:
        """Probability of each pair that it is one enterprise."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds(levels))))

    def probability(self, levels: Levels) -> float:
        """Probability of one pair."""
        return float(self.probabilities(np.asarray([levels], dtype=np.int8))[0])


TOGETHER = (NAME, WORDS, CHANCE)
"""Comparisons that say less apart than together: a single misspelt word is soon another firm's, two rare ones are not."""
COMBINATIONS = math.prod(len(LEVELS[COMPARISONS[column]]) for column in TOGETHER)


def together_of(levels: Table) -> npt.NDArray[np.int64]:
    """A number for the combination of the levels of `TOGETHER` of each pair; −1 where one is UNKNOWN."""
    numbers = np.zeros(len(levels), dtype=np.int64)
    for column in TOGETHER:
        numbers = numbers * len(LEVELS[COMPARISONS[column]]) + levels[:, column]
    return np.where((levels[:, TOGETHER] == UNKNOWN).any(axis=1), -1, numbers)


@cache
def default_model() -> Model:
    """The model that comes with Tashbik, learned as docs/identity.md tells."""
    raw = resources.files("tashbik.registry.identity").joinpath("data/model.json").read_bytes()
    return msgspec.json.decode(raw, type=Model)


def counted(levels: Table, same: npt.NDArray[np.bool_], *, start: Model | None = None, strength: float = 2.0) -> Model:
    """The model of labelled pairs: shares of levels among both kinds, with `strength` pairs' worth of `start` (or of equal shares)."""
    worths: dict[str, Worth] = {}
    for column, name in enumerate(COMPARISONS):
        size = len(LEVELS[name])
        values = levels[:, column]
        before = start.worths[name] if start else Worth((1 / size,) * size, (1 / size,) * size)
        worths[name] = Worth(
            _shares(values[same & (values != UNKNOWN)], before.m, strength),
            _shares(values[~same & (values != UNKNOWN)], before.u, strength),
        )
    prior = start.prior if start else float(np.clip(same.mean(), 0.001, 0.999))
    return Model(prior=prior, worths=worths)


def _shares(values: npt.NDArray[np.int8], before: tuple[float, ...], strength: float) -> tuple[float, ...]:
    counts = np.bincount(values, minlength=len(before)) + strength * np.asarray(before)
    return tuple(float(share) for share in counts / counts.sum())


STRENGTH = 60.0
"""Pairs of each kind that the model before learning counts for: some sixty decisions weigh as much as what came with it."""


def learned(model: Model, decisions: Iterable[Decision]) -> Model:
    """The model after decisions: the worths move towards them, then the log-odds are calibrated on them.

    Decisions come from a queue by uncertainty, so that their share of matches says nothing of the register: the prior
    stays, and only slope and shift answer for it. No decision, no change.
    """
    known = list(decisions)
    if not known:
        return model
    levels = np.asarray([one.levels for one in known], dtype=np.int8)
    same = np.asarray([one.same for one in known])
    moved = counted(levels, same, start=msgspec.structs.replace(model, slope=1.0, shift=0.0), strength=STRENGTH)
    slope, shift = _platt(moved.log_odds(levels), same)
    return msgspec.structs.replace(moved, slope=slope, shift=shift, learned=model.learned + len(known))


def _platt(log_odds: npt.NDArray[np.float64], same: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift of a logistic regression on log-odds, drawn to 1 and 0 as by a normal prior (deviations 0.3 and 1)."""
    target = same.astype(float)
    features = np.column_stack([log_odds, np.ones_like(log_odds)])
    precision = np.diag([1 / 0.3**2, 1.0])
    expected = np.array([1.0, 0.0])
    found = expected.copy()
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(features @ found, -30, 30)))
        gradient = features.T @ (target - fitted) - precision @ (found - expected)
        curvature = (features * (fitted * (1 - fitted))[:, None]).T @ features + precision
        step = np.linalg.solve(curvature, gradient)
        found = found + step
        if np.abs(step).max() < 1e-9:
            break
    return float(max(found[0], 0.1)), float(found[1])
