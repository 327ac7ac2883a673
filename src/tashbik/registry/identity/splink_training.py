"""The model fitted to a register without labels: Splink's expectation–maximisation on DuckDB. Not the comparing (comparison.py)."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tashbik.registry.identity.comparison import COMPARISONS, CONTACT, IDENTIFIERS, LEVELS, UNKNOWN
from tashbik.registry.identity.model import COMBINATIONS, TOGETHER, Model, Table, Worth, together_of

FROM_PAIRS = 20_000
"""Candidate pairs from which a register says enough of itself; below, the model stays as it came."""
FROM_ANCHORS = 200
"""Pairs that are certain (a shared identifier, telephone or mailbox) from which they say how matches look."""
SAMPLE = 400_000
"""Pairs that are trained on at most."""
EM_SHARE = 0.25
"""What Splink's step counts for. One step and a quarter of it, because EM left to itself ends in the larger class "same name"
instead of "same enterprise" (docs/decisions/0022-identity.md has the figures)."""
FITTED_JOIN_FROM = 0.5
"""`Model.join_from` of a model that was fitted to the register itself; above a half, because the comparisons of a name are not
quite independent and what they agree on is counted more than once."""
MOST_BEYOND = 3.0
"""Nats that a combination of levels may say beyond its levels apart."""
ANCHOR = 20.0
"""Pairs that the model before training counts for, so that a level that a register hardly shows keeps its worth."""


def trained(model: Model, levels: Table, *, seed: int = 1) -> Model:
    """The model with prior and worths estimated on the candidate pairs of a register; no labels are needed.

    Pairs that share an identifier, a telephone or a mailbox show how matches look; how often records that both have such
    a number share it gives the prior (`started`). From there Splink makes a step of EM for m (Winkler 1988). It takes each
    compared pair as one record on either side, linked by its number, so that it works on exactly the levels of
    comparison.py. A register with too few pairs, or none that are certain, keeps `model`.
    """
    if len(levels) < FROM_PAIRS:
        return model
    if len(levels) > SAMPLE:
        levels = levels[np.random.default_rng(seed).choice(len(levels), SAMPLE, replace=False)]
    fitted = started(model, levels)
    if fitted is None:
        return model
    shown = [column for column in range(len(COMPARISONS)) if _varies(levels[:, column])]
    table = np.vstack([levels, _neutral_pairs()])
    return _averaged(fitted, _expectation_maximisation(fitted, table, shown))


def started(model: Model, levels: Table) -> Model | None:
    """A first estimate by moments; None where too few pairs are certain.

    m of a comparison: its levels among certain pairs (of the other of the two certain comparisons for these themselves).
    Prior: the share of certain agreement among pairs that could show it, over its m. u: what is left of all pairs.
    """
    identified, reached = levels[:, IDENTIFIERS] == 1, levels[:, CONTACT] == _REACHED
    certain = (identified | reached) & (levels[:, IDENTIFIERS] != 0)
    if certain.sum() < FROM_ANCHORS:
        return None
    basis = {IDENTIFIERS: reached, CONTACT: identified}
    matches = {
        column: _shares(levels[basis.get(column, certain), column], model.worths[name].m)
        for column, name in enumerate(COMPARISONS)
    }
    estimates = [
        (known.sum(), (levels[known, column] == level).mean() / matches[column][level])
        for column, level in ((IDENTIFIERS, 1), (CONTACT, _REACHED))
        if (known := levels[:, column] != UNKNOWN).sum() >= FROM_ANCHORS
    ]
    if not estimates:
        return None
    prior = float(np.clip(np.average([one for _, one in estimates], weights=[n for n, _ in estimates]), 1e-6, 0.9))
    worths = {}
    for column, name in enumerate(COMPARISONS):
        overall = np.asarray(_shares(levels[:, column], model.worths[name].u))
        left = np.maximum((overall - prior * np.asarray(matches[column])) / (1 - prior), 0.05 * overall)
        worths[name] = Worth(matches[column], tuple(float(one) for one in left / left.sum()))
    agreement = _agreement(levels, certain, prior)
    return msgspec.structs.replace(model, prior=prior, worths=worths, join_from=FITTED_JOIN_FROM, agreement=agreement)


def _agreement(levels: Table, certain: npt.NDArray[np.bool_], prior: float) -> tuple[float, ...]:
    """`Model.agreement` by the same moments: log m/u of the combinations less what the comparisons say of them apart."""
    rows = together_of(levels)
    known = rows >= 0
    overall, overall_apart = _combined(levels[known], rows[known])
    matches, matches_apart = _combined(levels[known & certain], rows[known & certain])
    share = float(np.clip(prior * certain[known].mean() / max(certain.mean(), 1e-9), 1e-6, 0.9))
    others = np.maximum((overall - share * matches) / (1 - share), 0.05 * overall)
    others_apart = np.maximum((overall_apart - share * matches_apart) / (1 - share), 0.05 * overall_apart)
    beyond = np.log(matches / others) - np.log(matches_apart / others_apart)
    return tuple(float(one) for one in np.clip(beyond, -MOST_BEYOND, MOST_BEYOND))


def _combined(levels: Table, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Shares of the combinations, drawn to those that independent comparisons would have, and these."""
    apart = np.ones(1)
    for column in TOGETHER:
        counts = np.bincount(levels[:, column], minlength=len(LEVELS[COMPARISONS[column]])) + 0.5
        apart = np.outer(apart, counts / counts.sum()).ravel()
    counts = np.bincount(rows, minlength=COMBINATIONS) + ANCHOR * apart
    return counts / counts.sum(), apart


_REACHED = LEVELS["contact"].index("same")


def _shares(values: npt.NDArray[np.int8], before: tuple[float, ...]) -> tuple[float, ...]:
    counts = np.bincount(values[values != UNKNOWN], minlength=len(before)) + ANCHOR * np.asarray(before)
    return tuple(float(one) for one in counts / counts.sum())


def _varies(values: npt.NDArray[np.int8]) -> bool:
    return len(np.unique(values[values != UNKNOWN])) > 1


def _neutral_pairs() -> Table:
    """A pair for each level that shows nothing else: no level's share becomes nought, which Splink refuses."""
    rows = [(column, number) for column, name in enumerate(COMPARISONS) for number in range(len(LEVELS[name]))]
    table = np.full((len(rows), len(COMPARISONS)), UNKNOWN, dtype=np.int8)
    for row, (column, number) in enumerate(rows):
        table[row, column] = number
    return table


def _expectation_maximisation(model: Model, levels: Table, shown: list[int]) -> dict[str, Any]:
    """Splink's settings after training, as a dictionary."""
    import duckdb
    import pyarrow as pa
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(":memory:")
    connection.execute("SET threads TO 2")
    columns: dict[str, Any] = {"pair": pa.array(np.arange(len(levels)))}
    columns |= {COMPARISONS[column]: pa.array(levels[:, column].astype(np.int32)) for column in shown}
    table = pa.table(columns)
    api = DuckDBAPI(connection)
    sides = [api.register(table, dataset_display_name=side) for side in ("one", "other")]
    linker = Linker(sides, _settings(model, shown), log_level=logging.ERROR)
    linker.training.estimate_parameters_using_expectation_maximisation(
        "l.pair = r.pair", fix_u_probabilities=True, fix_probability_two_random_records_match=True
    )
    found: dict[str, Any] = linker.misc.save_model_to_json()
    connection.close()
    return found


def _settings(model: Model, shown: list[int]) -> dict[str, Any]:
    return {
        "link_type": "link_only",
        "unique_id_column_name": "pair",
        "probability_two_random_records_match": model.prior,
        "blocking_rules_to_generate_predictions": ["l.pair = r.pair"],
        "comparisons": [_comparison(COMPARISONS[column], model) for column in shown],
        "retain_matching_columns": False,
        "max_iterations": 1,
    }


def _comparison(name: str, model: Model) -> dict[str, Any]:
    worth = model.worths[name]
    levels: list[dict[str, Any]] = [
        {"sql_condition": f"{name}_l = {UNKNOWN}", "label_for_charts": "unknown", "is_null_level": True}
    ]
    for number in reversed(range(len(LEVELS[name]))):
        levels.append(
            {
                "sql_condition": f"{name}_l = {number}" if number else "ELSE",
                "label_for_charts": LEVELS[name][number],
                "m_probability": worth.m[number],
                "u_probability": worth.u[number],
            }
        )
    return {"output_column_name": name, "comparison_levels": levels}


def _averaged(model: Model, found: dict[str, Any]) -> Model:
    """m by moments, moved by `EM_SHARE` of Splink's step."""
    worths = dict(model.worths)
    for comparison in found["comparisons"]:
        name = comparison["output_column_name"]
        before, after = model.worths[name], _m_of(comparison)
        worths[name] = Worth(
            tuple((1 - EM_SHARE) * old + EM_SHARE * new for old, new in zip(before.m, after, strict=True)), before.u
        )
    return msgspec.structs.replace(model, worths=worths)


def _m_of(comparison: dict[str, Any]) -> tuple[float, ...]:
    by_label = {level["label_for_charts"]: level for level in comparison["comparison_levels"]}
    return tuple(float(by_label[label]["m_probability"]) for label in LEVELS[comparison["output_column_name"]])
