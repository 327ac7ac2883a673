"""The identity of a whole register: pairs, clusters, one new record, decisions. What an application calls; not the parts of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tashbik.errors import InputError
from tashbik.registry.identity import stored
from tashbik.registry.identity.blocking import keys_of, pairs_of
from tashbik.registry.identity.comparison import COMPARISONS, IDENTIFIERS, LEVELS, Setting, compare, identifiers_level
from tashbik.registry.identity.completing import pairs_left_out
from tashbik.registry.identity.grouping import clusters
from tashbik.registry.identity.key_index import KeyIndex
from tashbik.registry.identity.model import Decision, Model, Table, default_model, learned
from tashbik.registry.identity.parallel import compared
from tashbik.registry.identity.particulars import Particulars, Profile, profile_of
from tashbik.registry.identity.rarity import Rarity
from tashbik.registry.identity.reasons import Reason, reasons_of
from tashbik.registry.identity.splink_training import trained

HOME_SHARE = 0.25
"""Share of records from which the most frequent country is the register's own."""
WORTH_SHOWING = 0.05
"""Probability below which a pair is not a candidate to show."""


class CandidatePair(NamedTuple):
    """Two records that may be one enterprise: probability (calibrated), reasons field by field, the levels to learn from."""

    first: str
    second: str
    probability: float
    reasons: tuple[Reason, ...]
    levels: tuple[int, ...]

    @property
    def uncertainty(self) -> float:
        """1 where the probability is a half, 0 where it is 0 or 1."""
        return 1 - abs(2 * self.probability - 1)


class Cluster(NamedTuple):
    """Records that are held to be one enterprise. `probability` is the mean over its pairs; `weakest` the record that agrees
    least with the others, with its own mean; both say how much a person should look before merging."""

    records: tuple[str, ...]
    probability: float
    weakest: str
    weakest_probability: float


class PairDecision(NamedTuple):
    """A person's decision on two records, by their ids."""

    first: str
    second: str
    same: bool


class RegisterIdentity:
    """Which records of a register are one enterprise. Nothing is merged: it proposes, people decide.

    Records are compared once, when first asked for pairs. `model` is the one that comes with Tashbik unless given; large
    registers are fitted to themselves by Splink (splink_training.py) unless `fit` is False. `homes` are the register's own
    countries (ISO codes); unless given, that of most records, if any.
    """

    def __init__(
        self,
        records: Iterable[Particulars],
        *,
        homes: Iterable[str] | None = None,
        model: Model | None = None,
        fit: bool = True,
        workers: int = 1,
    ) -> None:
        self.profiles: list[Profile] = [profile_of(record) for record in records]
        self.positions = {profile.id: position for position, profile in enumerate(self.profiles)}
        if len(self.positions) != len(self.profiles):
            twice = next(one for one, count in Counter(profile.id for profile in self.profiles).items() if count > 1)
            raise InputError(f"two records have the id {twice!r}", field="id", mend="give each record its own id")
        self.setting = Setting(
            Rarity.learn(name for profile in self.profiles for name in profile.names),
            own_country(self.profiles) if homes is None else frozenset(homes),
        )
        self.built_from: dict[str, str] = {}
        self._untaught = self.model = model or default_model()
        self.decisions: dict[tuple[int, int], bool] = {}
        self._fit, self._workers = fit, workers
        self._pairs: npt.NDArray[np.int32] | None = None
        self._levels: Table = np.zeros((0, len(COMPARISONS)), dtype=np.int8)
        self._more_pairs: npt.NDArray[np.int32] = np.zeros((0, 2), dtype=np.int32)
        self._more_levels: Table = np.zeros((0, len(COMPARISONS)), dtype=np.int8)
        self._index: KeyIndex | None = None

    @classmethod
    def open(cls, path: Path, *, workers: int = 1) -> RegisterIdentity:
        """The identity that `save` wrote, ready for `check_one`, `candidates` and `learn`. FileError where it cannot be read."""
        held, arrays = stored.read(path)
        identity = cls((), model=held.model, fit=False, workers=workers)
        identity.profiles = held.profiles
        identity.positions = {profile.id: position for position, profile in enumerate(held.profiles)}
        identity.setting = Setting(Rarity(held.companions, held.total, held.bearers, held.names), frozenset(held.homes))
        identity.built_from = held.built_from
        identity.decisions = {(first, second): same for first, second, same in held.decisions}
        identity.model = learned(held.model, identity._decided())
        identity._pairs, identity._levels = (arrays["pairs"] if held.compared else None), arrays["levels"]
        identity._more_pairs, identity._more_levels = arrays["more_pairs"], arrays["more_levels"]
        identity._index = KeyIndex(arrays["hashes"], arrays["owners"], len(held.profiles))
        return identity

    def save(self, path: Path) -> None:
        """Write all of it to one file, readable by its owner alone: records as compared, weights of words, index of keys, compared pairs,
        model, decisions, and `built_from`, which says in the caller's words what it was made from."""
        rarity = self.setting.rarity
        hashes, owners = self.index().arrays()
        document = stored.Stored(
            version=stored.VERSION, levels_known=LEVELS, profiles=self.profiles, homes=sorted(self.setting.homes),
            companions=rarity.companions, total=rarity.total, bearers=rarity.bearers, names=rarity.names, model=self._untaught,
            decisions=[(first, second, same) for (first, second), same in self.decisions.items()],
            compared=self._pairs is not None, built_from=self.built_from,
        )  # fmt: skip
        arrays: dict[str, npt.NDArray[Any]] = {
            "pairs": np.zeros((0, 2), dtype=np.int32) if self._pairs is None else self._pairs, "levels": self._levels,
            "more_pairs": self._more_pairs, "more_levels": self._more_levels, "hashes": hashes, "owners": owners,
        }  # fmt: skip
        stored.write(path, document, arrays)

    def compare_all(self) -> tuple[npt.NDArray[np.int32], Table]:
        """Positions and levels of all candidate pairs; computed once."""
        if self._pairs is None:
            self._pairs = pairs_of(keys_of(profile, self.setting.rarity) for profile in self.profiles)
            self._levels = compared(self.profiles, self._pairs, self.setting, workers=self._workers)
            if self._fit:
                self._untaught = trained(self._untaught, self._levels)
                self.model = learned(self._untaught, self._decided())
        return self._pairs, self._levels

    def forget_pairs(self) -> None:
        """Let the compared pairs go, where only `check_one` and `add` are asked from now on: both are quicker, and the file smaller."""
        self._pairs, self._levels = None, np.zeros((0, len(COMPARISONS)), dtype=np.int8)
        self._more_pairs, self._more_levels = np.zeros((0, 2), dtype=np.int32), self._levels
        self._fit = False

    def compared_within(self, bound: float) -> tuple[npt.NDArray[np.int32], Table]:
        """`compare_all`, and the pairs without a common key whose records are joined through others at `bound`."""
        pairs, levels = self.compare_all()
        joining = self.model.probabilities(levels) >= bound
        left = pairs_left_out(
            len(self.profiles), pairs, joining, (pair for pair, same in self.decisions.items() if same)
        )
        if not np.array_equal(left, self._more_pairs):
            self._more_levels = compared(self.profiles, left, self.setting, workers=self._workers)
            self._more_pairs = left
        if len(left):
            pairs, levels = np.vstack([pairs, left]), np.vstack([levels, self._more_levels])
        return pairs, levels

    def candidates(self, *, limit: int | None = None, least: float = WORTH_SHOWING) -> list[CandidatePair]:
        """Undecided pairs with a probability of `least` at least, the most uncertain first."""
        pairs, levels = self.compare_all()
        probabilities = self.model.probabilities(levels)
        order = np.argsort(np.abs(probabilities - 0.5), kind="stable")
        order = order[probabilities[order] >= least]
        found: list[CandidatePair] = []
        for row in order.tolist():
            first, second = (int(one) for one in pairs[row])
            if (first, second) in self.decisions:
                continue
            found.append(self._candidate(self.profiles[first], self.profiles[second], tuple(levels[row].tolist())))
            if limit is not None and len(found) >= limit:
                break
        return found

    def pair(self, first: str, second: str) -> CandidatePair:
        """Two records by their ids, compared whether or not they share a key. InputError for an unknown id."""
        a, b = self.profiles[self._position(first)], self.profiles[self._position(second)]
        return self._candidate(a, b, compare(a, b, self.setting))

    def cluster(self, *, join_from: float | None = None) -> list[Cluster]:
        """Clusters of two records or more, largest first. Records whose identifiers conflict never share a cluster unless
        a person decided so; decisions hold."""
        home = self.cluster_of_each(join_from=join_from)
        pairs, levels = self.compared_within(self._bound(join_from))
        members: dict[int, list[int]] = {}
        for position, head in enumerate(home.tolist()):
            members.setdefault(head, []).append(position)
        several = {head: group for head, group in members.items() if len(group) > 1}
        means = self._means(home, several, pairs, levels)
        found = []
        for group in several.values():
            weakest = min(group, key=lambda one: (means[one], one))
            mean = float(np.mean([means[one] for one in group]))
            ids = tuple(self.profiles[one].id for one in group)
            found.append(Cluster(ids, mean, self.profiles[weakest].id, means[weakest]))
        return sorted(found, key=lambda one: (-len(one.records), one.records))

    def cluster_of_each(self, *, join_from: float | None = None) -> npt.NDArray[np.int32]:
        """For each record, in order, the position of the first record of its cluster."""
        bound = self._bound(join_from)
        pairs, levels = self.compared_within(bound)
        log_odds = self.model.log_odds(levels)
        together = {pair for pair, same in self.decisions.items() if same}
        apart = {pair for pair, same in self.decisions.items() if not same}
        conflicting = pairs[levels[:, IDENTIFIERS] == 0] if len(levels) else pairs
        apart |= {(int(a), int(b)) for a, b in conflicting} - together
        while True:
            home = self._grouped(pairs, log_odds, apart, together, bound)
            found = self._conflicts_within(home) - together - apart
            if not found:
                return home
            apart |= found

    def _grouped(
        self,
        pairs: npt.NDArray[np.int32],
        log_odds: npt.NDArray[np.float64],
        apart: set[tuple[int, int]],
        together: set[tuple[int, int]],
        bound: float,
    ) -> npt.NDArray[np.int32]:
        """Clusters, equal odds taken in the order of ids, so that the order of records changes nothing."""
        size = len(self.profiles)
        by_id = np.array(sorted(range(size), key=lambda one: self.profiles[one].id), dtype=np.int32)
        rank = np.empty(size, dtype=np.int32)
        rank[by_id] = np.arange(size, dtype=np.int32)
        ranked = np.sort(rank[pairs], axis=1)
        order = np.lexsort((ranked[:, 1], ranked[:, 0]))
        kept_apart, kept_together = ({(int(rank[a]), int(rank[b])) for a, b in those} for those in (apart, together))
        home = clusters(
            size, ranked[order], log_odds[order], apart=kept_apart, together=kept_together, join_from=bound
        )  # fmt: skip
        first = np.full(size, size, dtype=np.int32)
        np.minimum.at(first, home[rank], np.arange(size, dtype=np.int32))
        return first[home[rank]]

    def _bound(self, join_from: float | None) -> float:
        return self.model.join_from if join_from is None else join_from

    def _conflicts_within(self, home: npt.NDArray[np.int32]) -> set[tuple[int, int]]:
        """Pairs of one cluster whose identifiers conflict though they shared no key."""
        members: dict[int, list[int]] = {}
        for position in np.flatnonzero(np.bincount(home, minlength=len(home))[home] > 1).tolist():
            if self.profiles[position].numbers:
                members.setdefault(int(home[position]), []).append(position)
        return {
            (a, b)
            for group in members.values()
            for i, a in enumerate(group)
            for b in group[i + 1 :]
            if identifiers_level(self.profiles[a], self.profiles[b]) == 0
        }

    def _means(
        self, home: npt.NDArray[np.int32], several: Mapping[int, list[int]], pairs: npt.NDArray[np.int32], levels: Table
    ) -> dict[int, float]:
        """For each record of a cluster, the mean probability of its pairs inside; uncompared pairs count as 0."""
        inside = home[pairs[:, 0]] == home[pairs[:, 1]]
        probabilities = self.model.probabilities(levels[inside])
        sums: Counter[int] = Counter()
        for (a, b), probability in zip(pairs[inside].tolist(), probabilities.tolist(), strict=True):
            certain = self.decisions.get((a, b))
            value = probability if certain is None else float(certain)
            sums[a] += value  # type: ignore[assignment]
            sums[b] += value  # type: ignore[assignment]
        return {one: sums[one] / (len(group) - 1) for group in several.values() for one in group}

    def check_one(self, record: Particulars, *, limit: int = 10, least: float = WORTH_SHOWING) -> list[CandidatePair]:
        """Records of the register that a new one may repeat, most probable first. The first call builds an index of keys."""
        profile = profile_of(record)
        near = self.index().near(keys_of(profile, self.setting.rarity))
        near = [position for position in near if self.profiles[position].id != profile.id]
        if not near:
            return []
        levels = [compare(profile, self.profiles[position], self.setting) for position in near]
        probabilities = self.model.probabilities(np.asarray(levels, dtype=np.int8)).tolist()
        ranked = sorted(zip(probabilities, near, levels, strict=True), key=lambda one: (-one[0], one[1]))[:limit]
        return [
            self._candidate(profile, self.profiles[position], found)
            for probability, position, found in ranked
            if probability >= least
        ]

    def add(self, record: Particulars) -> None:
        """Take a new record in: `check_one` and `candidates` know it from now on, and only it is compared. Words keep the
        weights, and the model its fit, of the start."""
        profile = profile_of(record)
        if profile.id in self.positions:
            raise InputError(f"the register has a record {profile.id!r}", field="id", mend="give it another id")
        index, keys, position = self.index(), keys_of(profile, self.setting.rarity), len(self.profiles)
        if self._pairs is not None:
            near = sorted(index.near(keys))
            levels = [compare(self.profiles[one], profile, self.setting) for one in near]
            pairs = np.array([(one, position) for one in near], dtype=np.int32).reshape(-1, 2)
            self._pairs = np.vstack([self._pairs, pairs])
            self._levels = np.vstack([self._levels, np.array(levels, dtype=np.int8).reshape(-1, len(COMPARISONS))])
        self.positions[profile.id] = position
        self.profiles.append(profile)
        index.add(keys)

    def index(self) -> KeyIndex:
        """The index of keys that `check_one` uses."""
        if self._index is None:
            self._index = KeyIndex.of(keys_of(profile, self.setting.rarity) for profile in self.profiles)
        return self._index

    def learn(self, decisions: Iterable[PairDecision]) -> Model:
        """Take decisions: they bind the clusters, and the model moves and is calibrated on all of them. Returns the model."""
        for one in decisions:
            a, b = sorted((self._position(one.first), self._position(one.second)))
            if a == b:
                raise InputError(f"a decision on {one.first!r} and itself", field="second", mend="name two records")
            self.decisions[(a, b)] = one.same
        self.model = learned(self._untaught, self._decided())
        return self.model

    def undo(self, first: str, second: str) -> Model:
        """Take a decision back: clusters and model are as if it had not been made. InputError where there is none."""
        a, b = sorted((self._position(first), self._position(second)))
        if (a, b) not in self.decisions:
            raise InputError(
                f"no decision on {first!r} and {second!r}", field="second", mend="name a pair that was decided"
            )
        del self.decisions[(a, b)]
        self.model = learned(self._untaught, self._decided())
        return self.model

    def _decided(self) -> Sequence[Decision]:
        return [
            Decision(compare(self.profiles[a], self.profiles[b], self.setting), same)
            for (a, b), same in sorted(self.decisions.items())
        ]

    def _candidate(self, a: Profile, b: Profile, levels: tuple[int, ...]) -> CandidatePair:
        return CandidatePair(
            a.id, b.id, self.model.probability(levels), reasons_of(a, b, levels, self.model, self.setting), levels
        )

    def _position(self, record: str) -> int:
        if record not in self.positions:
            raise InputError(f"no record {record!r} in the register", field="id", mend="give the id of a record")
        return self.positions[record]


def own_country(profiles: Sequence[Profile]) -> frozenset[str]:
    """The register's own country: that of most records, where it is that of a quarter of them; none otherwise."""
    counts = Counter(profile.country for profile in profiles if profile.country)
    if not counts:
        return frozenset()
    country, count = min(counts.items(), key=lambda one: (-one[1], one[0]))
    return frozenset({country} if count >= HOME_SHARE * len(profiles) else ())
