"""The model fitted to a register without labels: Splink's expectation–maximisation on DuckDB. Not the comparing (comparison.py)."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tashbik.registry.identity.comparison import COMPARISONS, LEVELS, UNKNOWN
from tashbik.registry.identity.model import Model, Table, Worth

FROM_PAIRS = 20_000
"""Candidate pairs from which a register says enough of itself; below, the model stays as it came."""
SAMPLE = 1_000_000
"""Pairs that are trained on at most."""
ROUNDS = 15
"""Rounds of training at most; each is one step of EM by Splink, then the anchoring, which makes it EM for the mode of a
posterior with Dirichlet priors."""
ANCHOR = 200.0
"""Pairs of each kind that the model before training counts for, so that a level that a register hardly shows keeps its worth."""


def trained(model: Model, levels: Table, *, seed: int = 1) -> Model:
    """The model with prior and worths estimated on the candidate pairs of a register, drawn to `model` by `ANCHOR` pairs.

    Splink takes each compared pair as one record on either side, linked by its number; its comparison levels read the
    levels of comparison.py, so that EM (Winkler 1988) runs on exactly what identity compares. Below `FROM_PAIRS` the
    model is returned as it is.
    """
    if len(levels) < FROM_PAIRS:
        return model
    if len(levels) > SAMPLE:
        levels = levels[np.random.default_rng(seed).choice(len(levels), SAMPLE, replace=False)]
    shown = [column for column in range(len(COMPARISONS)) if _varies(levels[:, column])]
    if len(shown) < 2:
        return model
    table = np.vstack([levels, _neutral_pairs()])
    seen = (levels != UNKNOWN).sum(axis=0)
    fitted = model
    for _ in range(ROUNDS):
        before = fitted
        fitted = _anchored(model, _expectation_maximisation(fitted, table, shown), seen)
        if abs(fitted.prior - before.prior) < 1e-4:
            break
    return fitted


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
    session = linker.training.estimate_parameters_using_expectation_maximisation(
        "l.pair = r.pair", fix_u_probabilities=False
    )
    found: dict[str, Any] = linker.misc.save_model_to_json()
    found["probability_two_random_records_match"] = session.core_model_settings.probability_two_random_records_match
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


def _worth(comparison: dict[str, Any], size: int) -> Worth:
    by_label = {level["label_for_charts"]: level for level in comparison["comparison_levels"]}
    names = LEVELS[comparison["output_column_name"]]
    return Worth(*(tuple(float(by_label[names[number]].get(kind, 0.0) or 0.0) for number in range(size))
                   for kind in ("m_probability", "u_probability")))  # fmt: skip


def _anchored(model: Model, found: dict[str, Any], seen: npt.NDArray[np.int64]) -> Model:
    """What Splink found, with `ANCHOR` pairs' worth of `model` in the worth of each level."""
    share = float(np.clip(found["probability_two_random_records_match"], 1e-6, 1 - 1e-6))
    worths = dict(model.worths)
    for comparison in found["comparisons"]:
        name = comparison["output_column_name"]
        before, after = model.worths[name], _worth(comparison, len(LEVELS[name]))
        pairs = float(seen[COMPARISONS.index(name)])
        worths[name] = Worth(
            _mixed(before.m, after.m, share * pairs), _mixed(before.u, after.u, (1 - share) * pairs)
        )
    return msgspec.structs.replace(model, prior=share, worths=worths)


def _mixed(before: tuple[float, ...], after: tuple[float, ...], pairs: float) -> tuple[float, ...]:
    mixed = ANCHOR * np.asarray(before) + pairs * np.asarray(after)
    return tuple(float(one) for one in mixed / mixed.sum())
