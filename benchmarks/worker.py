"""One step of the benchmark in a process of its own: `python -m benchmarks.worker STEP ...`. Not the order of steps (run.py).

Prints one JSON object: the step's figures, or `{"absent": why}` where an engine is not installed or failed.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.data import WARM_UP, Corpus
from benchmarks.engines.port import ENTRANTS, Engine, NotInstalledError
from benchmarks.figures import DEPTH, MEGA, Asking, Building, averages, peak_mb, percentile
from tashbik.language.encoder import default_encoder


def write(data: Path, size: int, seed: int) -> Building:
    """Generate the data of one size."""
    started = time.perf_counter()
    Corpus(data).write(size, seed)
    return Building(time.perf_counter() - started, peak_mb())


def encode(data: Path) -> Building:
    """Encode the profiles once for all engines that take vectors; each is charged with the time."""
    default_encoder()
    started = time.perf_counter()
    Corpus(data).encode()
    return Building(time.perf_counter() - started, peak_mb())


@contextmanager
def running(engine: Engine) -> Iterator[Engine]:
    """An engine that is started, and stopped whatever happens: no server is left behind."""
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()


def build(data: Path, engine: Engine) -> Building:
    """Make an engine's index."""
    with running(engine):
        started = time.perf_counter()
        engine.build(Corpus(data))
        seconds = time.perf_counter() - started
        disk = engine.disk_bytes() / MEGA
    return Building(seconds, peak_mb(), disk)


def ask(data: Path, engine: Engine) -> Asking:
    """Ask all needs, one after another, and judge the answers."""
    needs = Corpus(data).needs()
    rankings, times = [], []
    with running(engine):
        engine.open()
        for need in needs:
            began = time.perf_counter()
            rankings.append(engine.ask(need, DEPTH))
            times.append(1000 * (time.perf_counter() - began))
    measured = times[WARM_UP:]
    quality = averages(needs[WARM_UP:], rankings[WARM_UP:])
    return Asking(quality, percentile(measured, 50), percentile(measured, 95), peak_mb())


def _step(chosen: argparse.Namespace) -> Building | Asking | dict[str, str]:
    if chosen.step == "write":
        return write(chosen.data, chosen.size, chosen.seed)
    if chosen.step == "encode":
        return encode(chosen.data)
    try:
        engine = ENTRANTS[chosen.engine].engine(chosen.folder)
        return build(chosen.data, engine) if chosen.step == "build" else ask(chosen.data, engine)
    except NotInstalledError as missing:
        return {"absent": f"not installed ({missing})"}
    except ImportError as missing:
        return {"absent": f"not installed (no {missing.name})"}
    except Exception as error:  # one engine's failure must not cost the others' figures
        traceback.print_exc()
        return {"absent": f"failed ({type(error).__name__})"}


def main() -> None:
    """Run the step that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worker", description=__doc__)
    parser.add_argument("step", choices=("write", "encode", "build", "ask"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=tuple(ENTRANTS))
    parser.add_argument("--folder", type=Path)
    sys.stdout.buffer.write(msgspec.json.encode(_step(parser.parse_args())) + b"\n")


if __name__ == "__main__":
    main()
