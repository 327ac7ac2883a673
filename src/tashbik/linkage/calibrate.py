"""Learning the weights of the calibrated sum: `python -m tashbik.linkage.calibrate [--write]`. Not used at run time.

The data are the vocabulary's own terms. A term in one language asks for a term of the same concept in another, among those of the
other concepts; every term found that covers the whole of a text is held out, so that the vocabulary helps only with parts
of what it is asked, as it does with texts that it does not know. Weights are learned on every other concept and reported on the rest;
no official label and no evaluation set is read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from tashbik.language.encoder import default_encoder
from tashbik.linkage.asking import drawn_towards
from tashbik.linkage.background import default_background
from tashbik.linkage.calibration import CALIBRATION
from tashbik.linkage.features import FIELDS, features_with
from tashbik.linkage.index import HUB_COLUMN, Asked, Entry, Weights
from tashbik.linkage.memory_index import channel_scores
from tashbik.nomenclature import tables
from tashbik.nomenclature.rendering import rendered_with
from tashbik.nomenclature.terms import Hit, find_terms

PAIRS = 400
"""Concepts asked for in each ordered pair of languages, for learning and again for reporting."""
STEPS: dict[str, tuple[float, ...]] = {
    "words": (0.0, 0.1, 0.2, 0.3),
    "senses": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    "broader": (0.0, 0.05, 0.1, 0.2),
    "bones": (0.0, 0.05, 0.1, 0.2, 0.3),
    "hubness": (0.0, 0.15, 0.25, 0.35, 0.5),
}
RENDERINGS = (0.0, 0.2, 0.3, 0.45, 0.6)
MIN_GAIN = 0.003
"""A step that gains less is not taken: half a standard error of the mean over some 3,600 questions, so that weights stay moderate."""
NEUTRAL = Weights(words=0.1, senses=0.1, broader=0.1, bones=0.1, meaning=1.0, hubness=0.0)
"""Where learning starts, whatever is stored."""

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Task:
    """Queries against documents of one pair of languages, query i asking for document i: all that the sum is made of.

    `channels` by field, shape (n, n); `own` and `others` the query vectors and those of their renderings.
    """

    channels: dict[str, Matrix]
    own: Matrix
    others: tuple[Matrix, ...]
    documents: Matrix
    hubs: Matrix


def held_out(text: str, language: str) -> list[Hit]:
    """Terms found in a text that are not the whole of it."""
    return [hit for hit in find_terms(text, language) if hit.end - hit.start < len(text.strip())]


def tasks(half: int, seed: int = 1) -> Iterator[Task]:
    """One task an ordered pair of languages, a language with itself too, out of the even or the odd concepts."""
    concepts = [concept for concept in tables.concepts().values() if concept.kind != "substance"][half::2]
    for asked, answered in product(tables.LANGUAGES, repeat=2):
        chooser = Random(f"{seed}/{half}/{asked}/{answered}")
        chosen = chooser.sample(concepts, min(PAIRS, len(concepts)))
        queries = [chooser.choice(concept.terms[asked]) for concept in chosen]
        answers = [
            chooser.choice([term for term in concept.terms[answered] if term != query] or [query])
            for concept, query in zip(chosen, queries, strict=True)
        ]
        yield _task(queries, asked, answers, answered)


def _task(queries: list[str], asked: str, documents: list[str], answered: str) -> Task:
    encoder = default_encoder()
    vectors = encoder.encode(documents)
    hubs = default_background().hubs(vectors)
    entries = [
        Entry(str(place), "", features_with(text, answered, held_out(text, answered)), vector, (0.0, 0.0, 0.0))
        for place, (text, vector) in enumerate(zip(documents, vectors, strict=True))
    ]
    known = [held_out(text, asked) for text in queries]
    questions = [
        Asked(features_with(text, asked, hits), vector)
        for text, hits, vector in zip(queries, known, encoder.encode(queries), strict=True)
    ]
    others = tuple(
        encoder.encode([rendered_with(text, hits, target) for text, hits in zip(queries, known, strict=True)])
        for target in tables.LANGUAGES
        if target != asked
    )
    channels = {name: np.stack([channel_scores(entries, one, name) for one in questions]) for name in FIELDS}
    own = np.stack([one.vector for one in questions])
    return Task(channels, own, others, vectors, hubs[:, HUB_COLUMN[asked]])


def reciprocal_rank(task: Task, weight: Weights, rendering: float) -> float:
    """Mean reciprocal rank at 10 of a task under some weights; ties count against."""
    asked = np.stack(
        [drawn_towards(own, np.stack(other), rendering) for own, *other in zip(task.own, *task.others, strict=True)]
    )
    score = weight.meaning * (asked @ task.documents.T - weight.hubness * task.hubs[None, :])
    score = score + sum(getattr(weight, name) * task.channels[name] for name in FIELDS)
    ranks = (score >= np.diag(score)[:, None]).sum(axis=1)
    return float(np.where(ranks <= 10, 1.0 / ranks, 0.0).mean())


def learn(data: list[Task], start: Weights, rendering: float) -> tuple[Weights, float]:
    """Weights and rendering share of the best mean over the tasks: the best single step again and again, until none helps."""

    def quality(weight: Weights, share: float) -> float:
        return float(np.mean([reciprocal_rank(task, weight, share) for task in data]))

    best, changed = quality(start, rendering), True
    while changed:
        trials = [(replace(start, **{name: step}), rendering) for name, steps in STEPS.items() for step in steps]
        trials += [(start, step) for step in RENDERINGS]
        reached, weight, share = max(((quality(*trial), *trial) for trial in trials), key=lambda one: one[0])
        changed = reached > best + MIN_GAIN
        if changed:
            best, start, rendering = reached, weight, share
    return start, rendering


def main() -> None:
    """Learn, report beside the meaning alone, and with `--write` store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--write", action="store_true", help="store the weights learned")
    write = parser.parse_args().write
    learned, rendering = learn(list(tasks(0)), NEUTRAL, 0.0)
    alone = Weights(0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    report = list(tasks(1))
    before = float(np.mean([reciprocal_rank(task, alone, 0.0) for task in report]))
    after = float(np.mean([reciprocal_rank(task, learned, rendering) for task in report]))
    print(f"weights {learned}, rendering {rendering}")
    print(f"MRR@10 on the other half of the concepts: meaning alone {before:.3f}, calibrated sum {after:.3f}")
    if write:
        values = {name: getattr(learned, name) for name in (*FIELDS, "meaning", "hubness")}
        text = json.dumps({"rendering": rendering, "weights": values})
        Path(__file__).parent.joinpath(CALIBRATION).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
