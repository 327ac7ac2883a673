"""What identity is measured against: Splink as its tutorial has it, rapidfuzz, dedupe. Each gives a cluster to each record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import combinations
from random import Random

from tashbik.registry.identity import Particulars, pairwise

DEDUPE_AT_MOST = 5_000
_THRESHOLDS = (0.5, 0.7, 0.9, 0.95, 0.99)


def _components(records: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    root = list(range(records))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for a, b in pairs:
        root[find(a)] = find(b)
    return [find(one) for one in range(records)]


def _best(
    records: int, truth: Sequence[str], scored: Sequence[tuple[int, int, float]], thresholds: Iterable[float]
) -> list[int]:
    """The clusters of the threshold that is best in hindsight: more than a user could know."""
    tried = [_components(records, ((a, b) for a, b, score in scored if score >= bound)) for bound in thresholds]
    return max(tried, key=lambda found: pairwise(found, truth)["f1"])


def token_set(records: Sequence[Particulars], truth: Sequence[str], *, blocked: bool = True) -> list[int]:
    """rapidfuzz's token-set ratio of names within a country and place (or over all pairs), at its best threshold."""
    from rapidfuzz import fuzz, utils

    names = [utils.default_process(one.names[0]) for one in records]
    blocks: defaultdict[object, list[int]] = defaultdict(list)
    for number, one in enumerate(records):
        if one.locality or not blocked:
            blocks[(one.country, one.locality) if blocked else ""].append(number)
    scored = [
        (a, b, score)
        for block in blocks.values()
        for a, b in combinations(block, 2)
        if (score := fuzz.token_set_ratio(names[a], names[b])) >= 60
    ]
    return _best(len(records), truth, scored, range(60, 101, 2))


def plain_splink(records: Sequence[Particulars], truth: Sequence[str]) -> list[int]:
    """Splink with its own comparison for names, exact match on the other fields, u by sampling, m by EM, best threshold."""
    import logging

    import duckdb
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    table = pa.table({
        "unique_id": list(range(len(records))), "name": [one.names[0].lower() for one in records],
        "first_word": [one.names[0].lower().split()[0] for one in records],
        "last_word": [one.names[0].lower().split()[-1] for one in records],
        "stem": [one.names[0].lower()[:6] for one in records],
        "town": [one.locality or None for one in records], "phone": [one.phones[0] if one.phones else None for one in records],
        "email": [one.emails[0] if one.emails else None for one in records],
        "number": [one.identifiers[0][1] if one.identifiers else None for one in records],
        "address": [one.address or None for one in records],
    })  # fmt: skip
    rules = [block_on("phone"), block_on("email"), block_on("number"), block_on("stem", "town"), block_on("name"),
             block_on("address", "town"), block_on("last_word", "first_word")]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.NameComparison("name"), cl.ExactMatch("town"), cl.ExactMatch("phone"), cl.ExactMatch("email"),
                     cl.ExactMatch("number"), cl.LevenshteinAtThresholds("address", [1, 3])],
        blocking_rules_to_generate_predictions=rules,
    )  # fmt: skip
    api = DuckDBAPI(duckdb.connect(":memory:"))
    linker = Linker(api.register(table), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("phone"), block_on("email"), block_on("number")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("phone"), block_on("name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.3).as_record_list()
    scored = [(one["unique_id_l"], one["unique_id_r"], one["match_probability"]) for one in found]
    return _best(len(records), truth, scored, _THRESHOLDS)


def dedupe(records: Sequence[Particulars], truth: Sequence[str]) -> list[int]:
    """dedupe.io's library, trained on 1,000 labelled pairs of the register itself. ValueError above `DEDUPE_AT_MOST` records."""
    if len(records) > DEDUPE_AT_MOST:
        raise ValueError(f"left out above {DEDUPE_AT_MOST:,} records: it would take hours")
    import dedupe as library  # type: ignore[import-not-found]
    from dedupe import variables

    data = {
        number: {
            "name": one.names[0].lower(),
            "town": one.locality or None,
            "phone": one.phones[0] if one.phones else None,
        }
        for number, one in enumerate(records)
    }
    fields = [
        variables.String("name"),
        variables.String("town", has_missing=True),
        variables.Exact("phone", has_missing=True),
    ]
    trainer = library.Dedupe(fields, num_cores=1)
    firms: defaultdict[str, list[int]] = defaultdict(list)
    for number in data:
        firms[truth[number]].append(number)
    chooser = Random(1)
    same = [pair for group in firms.values() for pair in combinations(group, 2)]
    same = chooser.sample(same, min(500, len(same)))
    differ = [(a, b) for a, b in (chooser.sample(sorted(data), 2) for _ in range(500)) if truth[a] != truth[b]]
    labelled = {"match": same, "distinct": differ}
    file = {
        kind: [{"__class__": "tuple", "__value__": [data[a], data[b]]} for a, b in pairs]
        for kind, pairs in labelled.items()
    }
    trainer.prepare_training(data, training_file=StringIO(json.dumps(file)), sample_size=5_000)
    trainer.train()
    found = list(range(len(records)))
    for group, _ in trainer.partition(data, 0.5):
        for one in group:
            found[one] = group[0]
    return found
