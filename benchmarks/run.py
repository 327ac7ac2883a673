"""`python -m benchmarks.run`: Tashbik beside its peers, same data, one run, one table a size. Only orders the steps (worker.py)."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.document import DOCUMENT
from benchmarks.engines.port import ENTRANTS
from benchmarks.figures import Asking, Building
from benchmarks.machine import described
from benchmarks.report import WIDTH, Row, show, write

SIZES = (10_000, 100_000)
MILLION = 1_000_000
SEED = 1
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LANCEDB_LOG": "error"}
"""Of every step: one BLAS thread; without the last, LanceDB writes two warnings a query."""

note = Console(stderr=True, style="dim")


class StepError(Exception):
    """A step ended without figures; the message is why."""


def step(*words: object) -> bytes:
    """Run one step in its own process and return what it printed. This process stays small: on Linux a child's peak starts at its parent's size."""
    command = [sys.executable, "-m", "benchmarks.worker", *map(str, words)]
    done = subprocess.run(command, env={**os.environ, **ENVIRONMENT}, capture_output=True)
    lines = done.stdout.strip().splitlines()
    answer = lines[-1] if lines and not done.returncode else b'{"absent": "failed (exit %d)"}' % done.returncode
    absent = msgspec.json.decode(answer).get("absent")
    if absent:
        note.print(done.stderr.decode(errors="replace")[-2_000:], markup=False)
        raise StepError(absent)
    return answer


def building(*words: object) -> Building:
    """A step that makes something."""
    return msgspec.json.decode(step(*words), type=Building)


def measured(size: int, chosen: Sequence[str], work: Path) -> list[Row]:
    """All engines at one size, in the order of the list."""
    note.print(f"{size:,}: data")
    building("write", "--data", work, "--size", size, "--seed", SEED)
    encoding = None
    if any(ENTRANTS[key].vectors for key in chosen):
        note.print(f"{size:,}: vectors")
        encoding = building("encode", "--data", work)
    built: dict[str, Building] = {}
    return [_row(size, key, work, encoding, built) for key in chosen]


def _row(size: int, key: str, work: Path, encoding: Building | None, built: dict[str, Building]) -> Row:
    title = ENTRANTS[key].title
    try:
        note.print(f"{size:,}: {title}")
        made = _built(ENTRANTS[key].index_of or key, work, encoding, built)
        asked = step("ask", "--data", work, "--engine", key, "--folder", _folder(ENTRANTS[key].index_of or key, work))
        return Row(key, title, building=made, asking=msgspec.json.decode(asked, type=Asking))
    except StepError as error:
        return Row(key, title, absent=str(error))


def _built(key: str, work: Path, encoding: Building | None, built: dict[str, Building]) -> Building:
    """The figures of an entrant's index, made now unless another entrant asked it before; the encoding is charged to it."""
    if key not in built:
        made = building("build", "--data", work, "--engine", key, "--folder", _folder(key, work))
        if ENTRANTS[key].vectors and encoding is not None:
            made.seconds += encoding.seconds
            made.peak_mb = max(made.peak_mb, encoding.peak_mb)
        built[key] = made
    return built[key]


def _folder(key: str, work: Path) -> Path:
    folder = work / key
    folder.mkdir(exist_ok=True)
    return folder


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of profiles")
    parser.add_argument("--million", action="store_true", help=f"{MILLION:,} profiles too; takes hours and some 15 GB")
    parser.add_argument("--engines", nargs="+", choices=tuple(ENTRANTS), default=list(ENTRANTS), help="only these")
    parser.add_argument("--report", type=Path, default=DOCUMENT, help="the document to write")
    return parser.parse_args()


def main() -> None:
    """Measure, print and write; the document is written after each size, so that a long run that is cut leaves something."""
    chosen = arguments()
    sizes = sorted({*chosen.sizes, *([MILLION] if chosen.million else [])})
    machine = described(
        {"Date": str(date.today()), "Command": f"`{shlex.join(['python', '-m', 'benchmarks.run', *sys.argv[1:]])}`"}
    )
    console = Console(width=max(Console().width, WIDTH))
    results: dict[int, list[Row]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="tashbik-") as work:
            Path(work).chmod(0o711)  # a private PostgreSQL server runs under an account that must pass through
            results[size] = measured(size, chosen.engines, Path(work))
        show(size, results[size], console)
        write(results, machine, chosen.report)


if __name__ == "__main__":
    main()
