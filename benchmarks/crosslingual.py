"""`python -m benchmarks.crosslingual`: official labels found across languages, by the encoder alone and by the engine. Not speed (run.py)."""

from __future__ import annotations

import argparse
import os
from datetime import date
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded; the encoder's products collapse with more

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.document import DOCUMENT, markdown_table, put_section
from benchmarks.official_labels import Label, folder, label_sets, pairs
from tashbik.language.encoder import default_encoder
from tashbik.linkage.evaluate import Text, evaluate_retrieval
from tashbik.nomenclature import tables

DEPTH = 10
HEADS = (
    "labels",
    "asked → offered",
    "pairs",
    "known",
    "encoder MRR@10",
    "Tashbik MRR@10",
    "difference",
    "Tashbik R@10",
)

READING = """
Each label in one language asks; all labels of the set in the other language are offered; the one of the same code is right. “Encoder” ranks by the
cosine of the same sentence vectors that the engine uses, nothing else. “Known” is the share of pairs of which a label stands in Tashbik's
vocabulary word for word. French of ISIC is used only where code and English label are those of the class. The labels are read from the
shared data folder (`TASHBIK_SHARED`) and are not part of this project.

The weights are learned on the vocabulary's own terms by `tashbik.linkage.calibrate`, which reads none of these labels. Its starting values and the
design, among them the shares of the renderings and of hubness, were compared on these sets, though: they are development sets, not a
blind test. One setting serves all sets and directions.
"""


class Pairing(NamedTuple):
    """What came of one set in one direction."""

    labels: str
    asked: str
    offered: str
    pairs: int
    known: float
    encoder: float
    engine: float
    recall: float

    def cells(self) -> list[str]:
        """The table's row."""
        first = [self.labels, f"{self.asked} → {self.offered}", f"{self.pairs:,}", f"{self.known:.0%}"]
        return [*first, *figures(self.encoder, self.engine, self.recall)]


def figures(encoder: float, engine: float, recall: float) -> list[str]:
    """The measured columns."""
    return [f"{encoder:.3f}", f"{engine:.3f}", f"{engine - encoder:+.3f}", f"{recall:.3f}"]


def paired(name: str, labels: list[Label], asked: str, offered: str) -> Pairing:
    """Measure one set in one direction."""
    chosen = pairs(labels, asked, offered)
    found = by_engine(chosen, asked, offered)
    known = known_share(chosen, asked, offered)
    return Pairing(name, asked, offered, len(chosen), known, by_encoder(chosen), found["mrr@10"], found["recall@10"])


def known_share(chosen: list[tuple[str, str]], asked: str, offered: str) -> float:
    """Share of the pairs of which either label is a term of the vocabulary, word for word."""
    queries, offers = vocabulary_terms(asked), vocabulary_terms(offered)
    return float(np.mean([query.casefold() in queries or offer.casefold() in offers for query, offer in chosen]))


@cache
def vocabulary_terms(language: str) -> frozenset[str]:
    """All terms of the vocabulary in a language."""
    alternatives = [one.terms[language] for one in tables.concepts().values()]
    alternatives += [one.terms[language] for one in tables.words()]
    return frozenset(term.casefold() for terms in alternatives for term in terms)


def by_encoder(chosen: list[tuple[str, str]]) -> float:
    """Mean reciprocal rank by cosine; of equals the right one counts as last."""
    encoder = default_encoder()
    likeness = encoder.encode([query for query, _ in chosen]) @ encoder.encode([offer for _, offer in chosen]).T
    ranks = (likeness >= np.diag(likeness)[:, None]).sum(axis=1)
    return float(np.where(ranks <= DEPTH, 1.0 / ranks, 0.0).mean())


def by_engine(chosen: list[tuple[str, str]], asked: str, offered: str) -> dict[str, float]:
    """The engine's metrics over the same pairs."""
    documents = [Text(f"d{number}", offer, offered) for number, (_, offer) in enumerate(chosen)]
    queries = [Text(f"q{number}", query, asked) for number, (query, _) in enumerate(chosen)]
    judgements = {f"q{number}": {f"d{number}": 1.0} for number in range(len(chosen))}
    return evaluate_retrieval(documents, queries, judgements, depth=DEPTH)


def summary(rows: list[Pairing]) -> list[str]:
    """The last row: plain means over sets and directions."""
    columns = zip(*(row[-3:] for row in rows), strict=True)
    return ["mean", "", "", "", *figures(*(float(np.mean(column)) for column in columns))]


def show(cells: list[list[str]]) -> None:
    """Print the table."""
    table = Table(title="Official labels across languages", title_justify="left")
    for column, head in enumerate(HEADS):
        table.add_column(head, justify="left" if column < 2 else "right")
    for row in cells:
        table.add_row(*row)
    Console(width=max(Console().width, 120)).print(table)


def write(cells: list[list[str]], file: Path) -> None:
    """Write the section of the document."""
    made = f"Date: {date.today()}. Command: `python -m benchmarks.crosslingual`."
    body = ["## Official labels across languages", made, "", markdown_table(HEADS, cells)]
    put_section("official labels", "\n".join(body) + "\n" + READING, file)


def main() -> None:
    """Measure every set in every direction; where the data is not there, say so and end well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crosslingual", description=__doc__)
    parser.add_argument("--report", type=Path, default=DOCUMENT, help="the document to write")
    chosen = parser.parse_args()
    if not folder().is_dir():
        print(f"skipped: the shared data is not at {folder()}; set TASHBIK_SHARED")
        return
    rows = []
    for name, labels in label_sets(folder()).items():
        for asked, offered in permutations(tables.LANGUAGES, 2):
            rows.append(paired(name, labels, asked, offered))
    cells = [*(row.cells() for row in rows), summary(rows)]
    show(cells)
    write(cells, chosen.report)


if __name__ == "__main__":
    main()
