"""The weights of the calibrated sum and where they come from. Not their use (the engines) nor their learning (calibrate.py)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from tashbik.linkage.index import Weights

CALIBRATION = "data/calibration.json"


@cache
def _learned() -> dict[str, Any]:
    text = resources.files("tashbik.linkage").joinpath(CALIBRATION).read_text(encoding="utf-8")
    learned: dict[str, Any] = json.loads(text)
    return learned


@cache
def weights() -> Weights:
    """The weights learned by `tashbik.linkage.calibrate` on the vocabulary's own terms, each held out in turn."""
    return Weights(**_learned()["weights"])


@cache
def rendering_share() -> float:
    """Weight of each rendering of a question beside the question itself (asking.py)."""
    return float(_learned()["rendering"])
