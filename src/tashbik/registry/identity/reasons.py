"""Why a pair has its probability, field by field, in words of the reader's language. Not the probability (model.py)."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from tashbik.registry.identity.comparison import CHANCE, COMPARISONS, LEVELS, UNKNOWN, Setting, name_levels
from tashbik.registry.identity.model import Model
from tashbik.registry.identity.naming import Name
from tashbik.registry.identity.particulars import Profile

LANGUAGES = ("ar", "fr", "en")


class Reason(NamedTuple):
    """One comparison of a pair: the field, its level, what it adds to the log-odds (nats; + speaks for one enterprise, −
    against, 0 where a side says nothing), and what both sides say."""

    field: str
    level: str
    weight: float
    first: str
    second: str

    def text(self, language: str) -> str:
        """The reason in words. KeyError for a language other than ar, fr, en."""
        return texts()[f"{self.field}.{self.level}"][language]

    def label(self, language: str) -> str:
        """The name of the field."""
        return texts()[f"field.{self.field}"][language]


@cache
def texts() -> dict[str, dict[str, str]]:
    """The words of reasons by key and language."""
    raw = resources.files("tashbik.registry.identity").joinpath("data/reasons.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in raw.splitlines() if line and not line.startswith("#")]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}


def reasons_of(a: Profile, b: Profile, levels: tuple[int, ...], model: Model, setting: Setting) -> tuple[Reason, ...]:
    """A reason for each comparison that has something to compare, those that weigh most first."""
    weights = model.weights()
    beyond = float(model.beyond(np.asarray([levels], dtype=np.int8))[0])
    said = _said(a, b, setting)
    found = [
        Reason(
            name,
            LEVELS[name][level],
            float(model.slope * (weights[column, level] + beyond * (column == CHANCE))),
            *said[name],
        )
        for column, (name, level) in enumerate(zip(COMPARISONS, levels, strict=True))
        if level != UNKNOWN
    ]
    return tuple(sorted(found, key=lambda one: (-abs(np.round(one.weight, 6)), COMPARISONS.index(one.field))))


def _said(a: Profile, b: Profile, setting: Setting) -> dict[str, tuple[str, str]]:
    first, second = _compared_names(a, b, setting)
    names = (first.written, second.written) if first and second else ("", "")
    asides = tuple(" ".join(word.folded for word in one.aside) if one else "" for one in (first, second))
    numbers = tuple(
        ", ".join(f"{scheme} {value}" for scheme, values in one.numbers for value in sorted(values)) for one in (a, b)
    )
    contacts = tuple(", ".join(sorted(one.phones | one.mailboxes | one.domains)) for one in (a, b))
    return {
        "name": names, "words": names, "chance": names, "trade": names, "aside": (asides[0], asides[1]),
        "country": (a.country, b.country), "named": (" ".join(sorted(a.named)), " ".join(sorted(b.named))),
        "place": (a.town, b.town), "address": (" ".join(sorted(a.street)), " ".join(sorted(b.street))),
        "contact": (contacts[0], contacts[1]), "products": (" ".join(sorted(a.wares)), " ".join(sorted(b.wares))),
        "identifiers": (numbers[0], numbers[1]),
    }  # fmt: skip


def _compared_names(a: Profile, b: Profile, setting: Setting) -> tuple[Name | None, Name | None]:
    """The two names, of all that both records have, that were compared: those that agree best."""
    both = [(x, y) for x in a.names for y in b.names]
    return max(both, key=lambda one: name_levels(one[0], one[1], setting.rarity)) if both else (None, None)
