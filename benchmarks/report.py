"""The comparison as a table on the screen and as a section of docs/benchmarks.md. Not the measuring (worker.py)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.data import MEASURED, WARM_UP
from benchmarks.document import markdown_table, put_section
from benchmarks.engines.port import REFERENCE
from benchmarks.figures import QUALITY, SIDES, Asking, Building

WIDTH = 160
QUALITY_HEADS = (*QUALITY, *SIDES)
HEADS = ("", *QUALITY_HEADS, "index s", "p50 ms", "p95 ms", "÷ Tashbik", "index MB", "query MB", "disk MB")

READING = f"""
### How to read it
- **Data.** Profiles and needs are generated from Tashbik's own vocabulary (`tashbik.registry.generator`): a profile says one process,
  product and material in Arabic (half of them), French or English, and {MEASURED} needs ask for the same three in a language drawn anew. Relevant are
  the profiles about the same three concepts, one to four a need. Every term is therefore known to Tashbik, which no peer is told: what the
  table shows of finding across languages is what the vocabulary is worth where it covers a trade, not what happens outside it. Official
  labels are measured in the cross-lingual section.
- **R@10 same, R@10 other.** Recall of the relevant profiles that are in the need's language, and of those that are not. Engines that see
  words only find the others by grades, loan words and abbreviations alone.
- **Peers at their best.** Queries are the need's words joined by OR. PostgreSQL and bm25s get each text's language and use their stemmers and stop
  words; SQLite takes accents off, or compares trigrams; LanceDB has its default, English stems and stop words for all rows, and fuses
  lists of ten, which ranked better than longer ones. Nothing of Tashbik's own normalisation is lent to them. LanceDB and Tashbik compare all vectors exactly below
  20,000 profiles and use HNSW above; bm25s + exact vectors always compares all.
- **Time.** From the need's text to ranked ids, encoding included, one query after another from one thread, {WARM_UP} to warm up; “÷ Tashbik” is the
  median over that of Tashbik's first row. BLAS has one thread; LanceDB runs on threads of its own, PostgreSQL on one process a query. Index
  seconds are from the profiles' file to a durable index; encoding is done once for the peers that need it, on all cores as
  Tashbik's import does, and counted for each of them. Profiles that repeat a text are encoded once, for all alike.
- **“Without vectors”** asks the same index by stems, senses and skeletons only and encodes nothing: what the vocabulary alone is worth, at the
  price of a word search.
- **“Full match”** goes on where all other rows end: requirements out of the need, verdicts on 100 candidates, the best 20 explained. It ranks
  links, and leaves out offers that fail something decisive.
- **Index MB, query MB** are the peak resident sizes of the process that makes the index and of the one that is asked, each plus that of its largest
  helper (a worker, a server's backend); they include the encoder and mapped files. **Disk** is the index with all that it
  needs to answer; for PostgreSQL the table and its indexes.
- **Not measured:** other languages, spelling mistakes, many users at once, updates while asking, filters, and whether a link is good business.
"""


class Row(msgspec.Struct):
    """An engine's figures at one size; `absent` says why there are none."""

    key: str
    title: str
    absent: str = ""
    building: Building | None = None
    asking: Asking | None = None


def cells(row: Row, reference: float) -> list[str]:
    """A row of the table in words; `reference` is the median in ms that others are divided by, 0 if there is none."""
    if row.absent or row.asking is None or row.building is None:
        return [f"{row.title}: {row.absent}", *[""] * (len(HEADS) - 1)]
    asking, building = row.asking, row.building
    return [
        row.title,
        *(f"{asking.quality[head]:.3f}" for head in QUALITY_HEADS),
        f"{building.seconds:,.1f}",
        f"{asking.p50_ms:,.2f}",
        f"{asking.p95_ms:,.2f}",
        f"{asking.p50_ms / reference:.2f}" if reference else "",
        f"{building.peak_mb:,.0f}",
        f"{asking.peak_mb:,.0f}",
        f"{building.disk_mb:,.1f}",
    ]


def table_rows(rows: Sequence[Row]) -> list[list[str]]:
    """All rows in words."""
    reference = next((row.asking.p50_ms for row in rows if row.key == REFERENCE and row.asking), 0.0)
    return [cells(row, reference) for row in rows]


def show(size: int, rows: Sequence[Row], console: Console) -> None:
    """Print the table of one size."""
    table = Table(title=f"{size:,} profiles, {MEASURED} needs", title_justify="left")
    table.add_column(HEADS[0], min_width=max(len(row.title) for row in rows))
    for head in HEADS[1:]:
        table.add_column(head, justify="right")
    for row in table_rows(rows):
        table.add_row(*row)
    console.print(table)


def write(results: dict[int, list[Row]], machine: dict[str, str], file: Path) -> None:
    """Write the section of the document with a table a size."""
    parts = ["## Tashbik beside its peers", *(f"- {name}: {value}" for name, value in machine.items())]
    for size, rows in results.items():
        parts += ["", f"### {size:,} profiles", markdown_table(HEADS, table_rows(rows))]
    put_section("peers", "\n".join(parts) + "\n" + READING, file)
