"""The weights of the calibrated sum and where they come from. Not their use (the engines)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from tashbik.linkage.index import Weights


@cache
def weights() -> Weights:
    """The weights learned by `tashbik.linkage.calibrate` on the vocabulary's own terms, each held out in turn."""
    text = resources.files("tashbik.linkage").joinpath("data/calibration.json").read_text(encoding="utf-8")
    return Weights(**json.loads(text)["weights"])
