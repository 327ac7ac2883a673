"""Identity measured: on real names with an honest split, beside its peers on a generated register, and at a million records.

`python -m benchmarks.identity split|learn|peers|scale|check`; docs/identity.md has the figures.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from benchmarks.identity_register import generate
from tashbik.registry.identity import Particulars, RegisterIdentity, pairwise
from tashbik.registry.identity.comparison import COMPARISONS
from tashbik.registry.identity.completing import pairs_left_out
from tashbik.registry.identity.files import read_clusters, read_particulars
from tashbik.registry.identity.grouping import clusters
from tashbik.registry.identity.model import Model, Worth, counted, default_model
from tashbik.registry.identity.parallel import compared

SEED = 11
LEARNING_SEED = 7
FOLDS = 4
MODEL = Path(__file__).parent.parent / "src/tashbik/registry/identity/data/model.json"
FROM_NAMES = ("name", "words", "chance", "trade", "aside", "country", "named")
CHANCE = Worth((0.01, 0.01, 0.08, 0.2, 0.2, 0.25, 0.25), (0.02, 0.01, 0.08, 0.2, 0.2, 0.25, 0.24))
"""Of a register of some hundred names no word is common; set by hand to a slight discount, fitted on large registers."""


def gold_file() -> Path:
    """The real names with their clusters, in the shared data."""
    return Path(os.environ.get("TASHBIK_SHARED", "../shared")) / "data/registry/dz_holder_names_gold.csv"


def of_names(levels: np.ndarray[Any, Any], same: np.ndarray[Any, Any]) -> Model:
    """The model of labelled pairs of names; no word is common among some hundred names, so `CHANCE` is not learned."""
    model = counted(levels, same)
    return msgspec.structs.replace(model, worths={**model.worths, "chance": CHANCE})


Scored = Callable[[np.ndarray[Any, Any], np.ndarray[Any, Any]], np.ndarray[Any, Any]]
"""Log-odds of pairs (positions) with their levels."""


class Gold:
    """The gold set with all its pairs compared once."""

    def __init__(self) -> None:
        self.records = read_particulars(gold_file())
        truth = read_clusters(gold_file(), (one.id for one in self.records))
        self.labels = np.array([truth[one.id] for one in self.records])
        self.identity = RegisterIdentity(self.records, fit=False)
        self.pairs, self.levels = self.identity.compare_all()
        self.same = self.labels[self.pairs[:, 0]] == self.labels[self.pairs[:, 1]]

    def model_of(self, records: np.ndarray[Any, Any]) -> Model:
        """The model of the pairs among some records; the comparisons that the set does not have stay as they come."""
        return (
            of_names(self.levels[inside], self.same[inside])
            if (inside := records[self.pairs].all(axis=1)).any()
            else default_model()
        )

    def measure(self, scored: Scored, tested: np.ndarray[Any, Any]) -> dict[str, float]:
        """Pairwise figures of some records, clustered alone; `scored` gives log-odds to pairs and their levels."""
        bound = default_model().join_from
        inside = tested[self.pairs].all(axis=1)
        pairs, levels = self.pairs[inside], self.levels[inside]
        log_odds = scored(pairs, levels)
        left = pairs_left_out(len(self.labels), pairs, log_odds >= np.log(bound / (1 - bound)), ())
        pairs = np.vstack([pairs, left])
        log_odds = np.r_[log_odds, scored(left, compared(self.identity.profiles, left, self.identity.setting))]
        home = clusters(len(self.labels), pairs, log_odds, join_from=bound)
        return pairwise(home[tested].tolist(), self.labels[tested].tolist())


def _of_one(model: Model) -> Scored:
    return lambda pairs, levels: model.log_odds(levels)


def _of_folds(gold: Gold, fold: np.ndarray[Any, Any]) -> Scored:
    """Each pair scored by a model that saw neither cluster's fold; across two folds, by the mean of their two."""
    models = [gold.model_of(fold != number) for number in range(FOLDS)]

    def scored(pairs: np.ndarray[Any, Any], levels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        each = np.array([model.log_odds(levels) for model in models])
        rows = np.arange(len(pairs))
        return (each[fold[pairs[:, 0]], rows] + each[fold[pairs[:, 1]], rows]) / 2

    return scored


def split(rounds: int) -> None:
    """Learn on the clusters of one half, measure on those of the other; then four folds over the whole set."""
    gold = Gold()
    everything = np.ones(len(gold.labels), dtype=bool)
    names = np.unique(gold.labels)
    halves, folds = [], []
    for seed in range(rounds):
        order = np.random.default_rng(seed).permutation(names)
        learning = np.isin(gold.labels, order[: len(names) // 2])
        halves.append(gold.measure(_of_one(gold.model_of(learning)), ~learning))
    for seed in range(max(1, rounds // 4)):
        order = np.random.default_rng(seed).permutation(names)
        number = {name: i % FOLDS for i, name in enumerate(order)}
        folds.append(gold.measure(_of_folds(gold, np.array([number[one] for one in gold.labels])), everything))
    for title, figures in (
        (f"other half of the clusters, {len(halves)} splits", halves),
        (f"whole set, 4 folds by cluster, {len(folds)} times", folds),
        ("whole set, the model that comes with Tashbik (learned on it)",
         [gold.measure(_of_one(default_model()), everything)]),
        ("whole set, rapidfuzz token-set at its best threshold", [_token_set(gold.records, gold.labels.tolist())]),
    ):  # fmt: skip
        line = "  ".join(f"{key} {mean(one[key] for one in figures):.3f}" for key in ("precision", "recall", "f1"))
        spread = f"  (F1 {min(one['f1'] for one in figures):.3f}–{max(one['f1'] for one in figures):.3f})"
        print(f"{title:62} {line}{spread if len(figures) > 1 else ''}")


def learn() -> None:
    """Write the model that comes with Tashbik: names and countries from the gold set, the rest from a generated register."""
    gold = Gold()
    named = of_names(gold.levels, gold.same)
    made = list(generate(20_000, LEARNING_SEED))
    identity = RegisterIdentity([one.record for one in made], fit=False)
    pairs, levels = identity.compare_all()
    firms = np.array([one.enterprise for one in made])
    of_fields = counted(levels, firms[pairs[:, 0]] == firms[pairs[:, 1]], strength=40.0)
    worths = {name: (named if name in FROM_NAMES else of_fields).worths[name] for name in COMPARISONS}
    rounded = {
        name: Worth(*(tuple(round(one, 5) for one in side) for side in (worth.m, worth.u)))
        for name, worth in worths.items()
    }
    model = Model(prior=round(named.prior, 4), worths=rounded)
    MODEL.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")


def _measured(action: Callable[[], Sequence[object]], truth: Sequence[str]) -> dict[str, float]:
    wall, used = time.perf_counter(), _processor_seconds()
    found = action()
    figures = pairwise(found, truth)
    return figures | {"seconds": time.perf_counter() - wall, "cpu": _processor_seconds() - used}


def _processor_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def _peak_gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _show(title: str, figures: dict[str, float]) -> None:
    shown = "  ".join(f"{key} {figures[key]:.3f}" for key in ("precision", "recall", "f1"))
    print(f"{title:44} {shown}  {figures['seconds']:.1f} s, CPU {figures['cpu']:.1f} s", flush=True)


def peers(records: int, workers: int) -> None:
    """Tashbik, plain Splink, rapidfuzz token-set and dedupe on the same generated register, in one run."""
    from benchmarks import identity_peers

    made = list(generate(records, SEED))
    rows, truth = [one.record for one in made], [one.enterprise for one in made]
    _show("Tashbik", _measured(lambda: RegisterIdentity(rows, workers=workers).cluster_of_each().tolist(), truth))
    for title, action in (
        ("Splink, its NameComparison and exact fields", identity_peers.plain_splink),
        ("rapidfuzz token-set within a place, best threshold", identity_peers.token_set),
        ("dedupe, 1,000 labelled pairs", identity_peers.dedupe),
    ):
        try:
            _show(title, _measured(lambda run=action: run(rows, truth), truth))  # type: ignore[misc]
        except ImportError as missing:
            print(f"{title:44} not installed: {missing.name}")
        except ValueError as left_out:
            print(f"{title:44} {left_out}")


def _token_set(records: Sequence[Particulars], truth: Sequence[str]) -> dict[str, float]:
    from benchmarks import identity_peers

    return pairwise(identity_peers.token_set(records, truth, blocked=False), truth)


def scale(records: int, workers: int) -> None:
    """One run at a size: clusters, figures, time by step and peak memory."""
    truth = [one.enterprise for one in generate(records, SEED)]
    rows = (one.record for one in generate(records, SEED))  # made while they are read, as from a file
    wall, used = time.perf_counter(), _processor_seconds()
    identity = RegisterIdentity(rows, workers=workers)
    print(f"profiles  {time.perf_counter() - wall:.1f} s", flush=True)
    pairs, _ = identity.compare_all()
    print(f"compared  {time.perf_counter() - wall:.1f} s, {len(pairs):,} pairs", flush=True)
    home = identity.cluster_of_each().tolist()
    _show(
        f"{records:,} records",
        pairwise(home, truth) | {"seconds": time.perf_counter() - wall, "cpu": _processor_seconds() - used},
    )
    print(f"peak memory of the first process {_peak_gigabytes():.1f} GB, of a worker "
          f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6:.1f} GB (shared pages counted in both)")  # fmt: skip


def _stored_and_opened(identity: RegisterIdentity) -> RegisterIdentity:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "register.identity"
        start, used = time.perf_counter(), _processor_seconds()
        identity.save(file)
        print(f"stored in {time.perf_counter() - start:.1f} s, {file.stat().st_size / 1e6:,.0f} MB", flush=True)
        start, used = time.perf_counter(), _processor_seconds()
        opened = RegisterIdentity.open(file)
        print(f"opened in {time.perf_counter() - start:.1f} s, CPU {_processor_seconds() - used:.1f} s", flush=True)
        return opened


def check(records: int, asked: int) -> None:
    """A new record against a register: median and 95th percentile of the time of one check, and how often it is found."""
    made = list(generate(records, SEED))
    chooser = Random(SEED)
    counts = Counter(one.enterprise for one in made)
    several = [number for number, one in enumerate(made) if counts[one.enterprise] > 1]
    left_out = set(chooser.sample(several, min(asked, len(several))))
    register = [one for number, one in enumerate(made) if number not in left_out]
    identity = RegisterIdentity([one.record for one in register])
    firms = {one.record.id: one.enterprise for one in register}
    start, used = time.perf_counter(), _processor_seconds()
    identity.index()
    print(f"index of keys in {time.perf_counter() - start:.1f} s, CPU {_processor_seconds() - used:.1f} s, "
          f"peak {_peak_gigabytes():.1f} GB", flush=True)  # fmt: skip
    identity = _stored_and_opened(identity)
    took, busy, right = [], [], 0
    for number in sorted(left_out):
        start, used = time.perf_counter(), time.process_time()
        found = identity.check_one(made[number].record)
        took.append(1000 * (time.perf_counter() - start))
        busy.append(1000 * (time.process_time() - used))
        right += any(firms[one.second] == made[number].enterprise for one in found)
    print(f"{len(took)} checks against {len(register):,}: median {median(took):.2f} ms, 95 % {np.quantile(took, 0.95):.2f} ms, "
          f"slowest {max(took):.1f} ms; CPU median {median(busy):.2f} ms, 95 % {np.quantile(busy, 0.95):.2f} ms, "
          f"most {max(busy):.1f} ms; enterprise among the ten shown: {right / len(took):.3f}")  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("split", "learn", "peers", "scale", "check"))
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=24)
    chosen = parser.parse_args()
    match chosen.what:
        case "split":
            split(chosen.rounds)
        case "learn":
            learn()
        case "peers":
            peers(chosen.records, chosen.workers)
        case "scale":
            scale(chosen.records, chosen.workers)
        case "check":
            check(chosen.records, 1_000)


if __name__ == "__main__":
    main()
