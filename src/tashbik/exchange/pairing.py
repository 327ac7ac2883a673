"""Pairs of the whole register by the engine of registry.identity, kept as rows and judged anew. Not the deciding (verbs/identity.py).

`all_pairs` compares the whole register; single enterprises are checked against the one that a process holds (held_register.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np

from tashbik.exchange.models import Enterprise, Exchange, IdentityModel, IdentityPair
from tashbik.exchange.projection import record_of
from tashbik.registry import records
from tashbik.registry.identity import CandidatePair, Decision, Model, RegisterIdentity, default_model, of_enterprise
from tashbik.registry.identity.comparison import COMPARISONS, LEVELS, UNKNOWN
from tashbik.registry.identity.model import learned
from tashbik.registry.identity.reasons import texts

LEAST = 0.1
"""Probability below which a pair is not put before an officer."""
MOST = 20_000
"""Pairs that wait at most: more than people can decide on before the next import."""
NEAR = 20
"""Pairs looked at for one enterprise at most."""
EACH = 15.0
"""Seconds between two signs of life while the engine works."""
T = TypeVar("T")


class Found(NamedTuple):
    """A pair as the engine judges it, by the keys of its rows, the lower first."""

    first: int
    second: int
    probability: float
    levels: dict[str, str]
    reasons: list[dict[str, Any]]


# the model in force


@dataclass(frozen=True, slots=True)
class InForce:
    """The model by which pairs are judged, the one before decisions, and the version (0: the one that comes with Tashbik)."""

    model: Model
    base: Model
    version: int
    decisions: int


def model_in_force() -> InForce:
    """The newest version; where it is of a release that compared otherwise, the one that comes with Tashbik."""
    newest = IdentityModel.objects.first()
    if newest is not None and (model := _read(newest.parameters)) and (base := _read(newest.base)):
        return InForce(model, base, newest.version, newest.decisions)
    return InForce(default_model(), default_model(), newest.version if newest else 0, 0)


def _read(parameters: dict[str, Any]) -> Model | None:
    try:
        model = msgspec.convert(parameters, Model)
    except msgspec.ValidationError:
        return None
    known = {name: len(worth.m) for name, worth in model.worths.items()}
    return model if known == {name: len(levels) for name, levels in LEVELS.items()} else None


def taught(base: Model) -> tuple[Model, int]:
    """The model after all decisions on pairs, and how many these are."""
    decided = IdentityPair.objects.filter(status__in=(IdentityPair.Status.SAME, IdentityPair.Status.DISTINCT))
    decisions = [
        Decision(levels_of(levels), status == IdentityPair.Status.SAME)
        for levels, status in decided.order_by("pk").values_list("levels", "status")
    ]
    return learned(base, decisions), len(decisions)


def levels_by_name(levels: Sequence[int]) -> dict[str, str]:
    """The levels that a comparison gave, by name, so that they outlive a change of their order."""
    return {name: LEVELS[name][level] for name, level in zip(COMPARISONS, levels, strict=True) if level != UNKNOWN}


def levels_of(named: dict[str, str]) -> tuple[int, ...]:
    """The levels by their numbers; what is not known any more says nothing."""
    return tuple(
        LEVELS[name].index(named[name]) if named.get(name) in LEVELS[name] else UNKNOWN for name in COMPARISONS
    )


def judged(named: Sequence[dict[str, str]], model: Model) -> list[float]:
    """The probability of each pair by its levels."""
    if not named:
        return []
    table = np.asarray([levels_of(one) for one in named], dtype=np.int8)
    return [float(one) for one in model.probabilities(table)]


def weighed(reasons: list[dict[str, Any]], model: Model) -> list[dict[str, Any]]:
    """Reasons with the weights (nats) that a model gives them, the weightiest first."""
    table = model.weights()
    found = [
        {**one, "weight": float(model.slope * table[COMPARISONS.index(one["field"]), _number(one)])} for one in reasons
    ]
    return sorted(found, key=lambda one: -abs(one["weight"]))


def _number(reason: dict[str, Any]) -> int:
    levels = LEVELS.get(reason["field"], ())
    return levels.index(reason["level"]) if reason["level"] in levels else UNKNOWN


def uncertainty(probability: float) -> float:
    """1 where it is a half, 0 where it is 0 or 1."""
    return 1 - abs(2 * probability - 1)


def in_words(reason: dict[str, Any], language: str) -> tuple[str, str]:
    """The field and what its level says, in ar, fr or en."""
    known = texts()
    label = known.get(f"field.{reason['field']}", {}).get(language, reason["field"])
    return label, known.get(f"{reason['field']}.{reason['level']}", {}).get(language, reason["level"])


def said_by(record: records.Enterprise) -> bytes:
    """A digest of what a record says of its identity: what is no part of it (capacities, people employed …) changes nothing."""
    return hashlib.sha256(msgspec.json.encode(of_enterprise(record))).digest()


def state_of(first: Enterprise, second: Enterprise) -> str:
    """A digest of what both records say of their identity."""
    return joint_state(said_by(record_of(first)), said_by(record_of(second)))


def joint_state(first: bytes, second: bytes) -> str:
    """The digest of two (said_by)."""
    return hashlib.sha256(first + second).hexdigest()


# the engine on the rows


def living() -> Any:
    """The enterprises that are looked at: all that are not withdrawn, of all exchanges."""
    return Enterprise.objects.exclude(status=Enterprise.Status.WITHDRAWN)


def homes() -> tuple[str, ...]:
    """The own countries of the register: those of its exchanges."""
    return tuple(sorted(set(Exchange.objects.exclude(country="").values_list("country", flat=True))))


def particulars_of(rows: Iterable[tuple[int, int, dict[str, Any]]]) -> Iterator[Any]:
    """What rows (key, version, record) say of their identity, under the key and version of each."""
    for key, version, record in rows:
        particulars = of_enterprise(msgspec.convert(record, records.Enterprise))
        yield msgspec.structs.replace(particulars, id=f"{key}:{version}")


def key_of(identity: str) -> int:
    """The key of the row."""
    return int(identity.partition(":")[0])


def found_of(pair: CandidatePair) -> Found:
    """A pair of the engine by the keys of its rows."""
    first, second = key_of(pair.first), key_of(pair.second)
    turned = first > second
    reasons = [
        {
            "field": one.field,
            "level": one.level,
            "weight": one.weight,
            "first": one.second if turned else one.first,
            "second": one.first if turned else one.second,
        }
        for one in pair.reasons
    ]
    return Found(min(first, second), max(first, second), pair.probability, levels_by_name(pair.levels), reasons)


def awaited(act: Callable[[], T], alive: Callable[[], None]) -> T:
    """Run a long calculation (without the database) beside this thread, which gives a sign of life meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(act)
        while True:
            try:
                return running.result(timeout=EACH)
            except TimeoutError:
                alive()


def read_register(alive: Callable[[int], None]) -> RegisterIdentity:
    """The whole register, ready to be compared."""
    rows = living().order_by("pk").values_list("pk", "version", "record").iterator(2_000)
    particulars = []
    for number, one in enumerate(particulars_of(rows), 1):
        particulars.append(one)
        if number % 2_000 == 0:
            alive(number)
    own = homes() or None

    def made() -> RegisterIdentity:
        return RegisterIdentity(particulars, homes=own, model=default_model())

    return awaited(made, lambda: alive(len(particulars)))


def fitted(identity: RegisterIdentity, alive: Callable[[], None]) -> Model:
    """Compare the whole register; the model fitted to it, or where it is small the one that it came with."""

    def fit() -> Model:
        identity.compare_all()
        return identity.model

    return awaited(fit, alive)


def all_pairs(identity: RegisterIdentity, model: Model, alive: Callable[[], None]) -> list[Found]:
    """The pairs of the whole register as a model judges them, the most probable ones where there are more than MOST."""
    identity.model = model

    def look() -> list[Found]:
        ranked = sorted(identity.candidates(least=LEAST), key=lambda one: -one.probability)
        return [found_of(one) for one in ranked[:MOST]]

    return awaited(look, alive)
