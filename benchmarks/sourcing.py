"""Sourcing, composition and the linkage graph, measured in one run: `python -m benchmarks.sourcing [--limit 60] [--only cap,capa,wlp,random,compose,graph]`.

Plain HiGHS solves the same strong formulation on one thread, its model built beforehand; both sides are checked by the verifier. Wall
time and processor time are given, for on a busy machine only the latter says something.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.machine import described
from tashbik.network import (
    Conditions,
    CountryShare,
    Order,
    OrderLine,
    Partner,
    PartnerOffer,
    Problem,
    compose,
    faults,
    read_problem,
    savings,
    source,
    weaknesses,
)
from tashbik.network.analysis import analyse
from tashbik.network.drawing import svg
from tashbik.network.graph import linkage_graph, of_arrays
from tashbik.network.graph_files import read_edges
from tashbik.network.milp import build
from tashbik.registry.records import Place

T = TypeVar("T")
SMALL = ("cap41", "cap62", "cap71", "cap81", "cap91", "cap101", "cap122", "cap131")
KNOWN = {10_000: 18_438_046.543, 12_000: 17_765_201.949, 14_000: 17_160_439.012}
"""OR-Library's optima of capa with other capacities."""


def shared() -> Path:
    """The folder of shared data."""
    return Path(os.environ.get("TASHBIK_SHARED", "../shared")) / "data"


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """A result, its wall seconds and its processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - processor


def row(*cells: object) -> None:
    """One row of a table."""
    print("| " + " | ".join(f"{one:.4g}" if isinstance(one, float) else str(one) for one in cells) + " |", flush=True)


def head(*cells: str) -> None:
    """The head of a table."""
    print()
    row(*cells)
    row(*("---" for _ in cells))


def small() -> None:
    """The small published problems beside plain HiGHS."""
    head("problem", "status", "gap %", "wall s", "CPU s", "HiGHS wall s", "HiGHS CPU s", "faults")
    problems = {name: read_problem(shared() / "sourcing" / f"{name}.json") for name in SMALL}
    source(problems["cap41"])
    plain_highs(problems["cap41"], 60)
    sums = np.zeros(4)
    for name, one in problems.items():
        answer, wall, processor = timed(lambda one=one: source(one))
        other = plain_highs(one, 60)
        assert abs(other[2] - (answer.cost or 0)) <= 1e-6 * other[2]
        sums += (wall, processor, other[0], other[1])
        row(name, answer.status, 100 * (answer.gap or 0), wall, processor, other[0], other[1], len(faults(one, answer)))
    row("**sum**", "", "", *map(float, sums), "")
    print(f"\nPart of plain HiGHS: wall {sums[0] / sums[2]:.2f}, CPU {sums[1] / sums[3]:.2f}")


def plain_highs(one: Problem, seconds: float) -> tuple[float, float, float]:
    """Wall and processor seconds of HiGHS' run on the whole program, and its cost."""
    solver, _ = build(one, np.ones(one.shape, bool))
    solver.setOptionValue("time_limit", seconds)
    _, wall, processor = timed(solver.run)
    return wall, processor, float(solver.getInfo().objective_function_value)


def large(limit: float) -> None:
    """Published problems of 100 × 1000, and variants with other capacities and fixed costs."""
    head("problem", "status", "cost", "known", "gap %", "wall s", "CPU s", "faults")
    one = read_problem(shared() / "sourcing" / "capa-8000.json")
    variants: list[tuple[str, Problem, float | None]] = [("capa-8000", one, 19_240_822.449)]
    for capacity, known in KNOWN.items():
        variants.append((f"capa-{capacity}", replace(one, capacity=np.full(100, float(capacity))), known))
    for capacity, part in ((5000, 0.3), (6000, 0.3), (7000, 0.15), (5000, 0.1)):
        changed = replace(one, capacity=np.full(100, float(capacity)), fixed_cost=one.fixed_cost * part)
        variants.append((f"capa-{capacity}, fixed costs × {part}", changed, None))
    for name, variant, known in variants:
        report(name, variant, known, limit)


def report(name: str, one: Problem, known: float | None, limit: float) -> None:
    """One row of an answer."""
    answer, wall, processor = timed(lambda: source(one, time_limit=limit))
    row(
        name,
        answer.status,
        f"{answer.cost:.3f}",
        known or "",
        100 * (answer.gap or 0),
        wall,
        processor,
        len(faults(one, answer)),
    )


def incompatible(limit: float) -> None:
    """Published problems with incompatible demands."""
    head("problem", "status", "cost", "best known", "gap %", "wall s", "CPU s", "faults")
    known = json.loads((shared() / "sourcing" / "best_known.json").read_text())
    for name in ("wlp01", "wlp02", "wlp03"):
        report(name, read_problem(shared() / "sourcing" / f"{name}.json"), known[name]["value"], limit)


def generated(limit: float) -> None:
    """Problems after Cornuejols, Sridharan and Thizy (1991): capacity `ratio` times the demand."""
    head("problem", "status", "cost", "known", "gap %", "wall s", "CPU s", "faults")
    for height, width in ((50, 50), (100, 100), (100, 200)):
        for ratio in (1.5, 3.0, 10.0):
            report(f"{height} × {width}, ratio {ratio:g}", like_cornuejols(height, width, ratio), None, limit)


def like_cornuejols(height: int, width: int, ratio: float, seed: int = 1) -> Problem:
    """A random problem of that family."""
    random = np.random.default_rng((seed, height, width, int(10 * ratio)))
    where, there = random.random((height, 2)), random.random((width, 2))
    quantity, capacity = random.uniform(5, 35, width), random.uniform(10, 160, height)
    fixed = random.uniform(0, 90, height) + random.uniform(100, 110, height) * np.sqrt(capacity)
    capacity *= ratio * quantity.sum() / capacity.sum()
    costs = 10 * np.linalg.norm(where[:, None] - there[None], axis=2)
    ids = tuple(f"s{n}" for n in range(height)), tuple(f"d{n}" for n in range(width))
    return Problem(*ids, capacity, fixed, quantity, costs)


def market(seed: int) -> tuple[Order, list[Partner], list[PartnerOffer], Conditions]:
    """An order of 8 lines with 30 partners who offer six lines in ten."""
    random = np.random.default_rng(seed)
    lines = tuple(
        OrderLine(id=f"L{n}", quantity=float(random.integers(500, 20_000)), critical=n < 2, transport=0.0005)
        for n in range(8)
    )
    partners = [
        Partner(
            id=f"P{n}",
            fixed_cost=float(random.integers(5, 60) * 1000),
            risk=float(random.uniform(0.02, 0.2)),
            can_lead=bool(random.random() < 0.6),
            place=Place(
                country=("DZ", "TN", "MA")[int(random.integers(3))],
                latitude=float(random.uniform(30, 37)),
                longitude=3.0,
            ),
        )
        for n in range(30)
    ]
    offers = [
        PartnerOffer(
            partner=partner.id,
            line=line.id,
            capacity=line.quantity * float(random.uniform(0.1, 0.9)),
            minimum=0.05 * line.quantity,
            unit_price=float(random.uniform(40, 80)),
            price_spread=3.0,
            machine="machine.press",
            machines=3,
        )
        for line in lines
        for partner in partners
        if random.random() < 0.6
    ]
    shares = (CountryShare(country="DZ", least=0.4),)
    wanted = Conditions(
        max_partners=6, apart=(("P1", "P2"),), countries=shares, caution=1.0, risk_cost=0.5, lead_part=0.1
    )
    order = Order(id="O", lines=lines, place=Place(country="DZ", latitude=36.7, longitude=3.0))
    return order, partners, offers, wanted


def composing() -> None:
    """Groups from 30 partners for 8 lines."""
    head("order", "offers", "complete", "members", "compose s", "CPU s", "weak points CPU s", "savings CPU s")
    for seed in range(5):
        one = market(seed)
        found, wall, processor = timed(lambda one=one: compose(*one))
        group = found.group
        assert group is not None
        weak = timed(lambda one=one, group=group: weaknesses(*one, group))[2]
        saved = timed(lambda one=one, found=found: savings(*one, found))[2]
        row(seed, len(one[2]), found.complete, len(group.members), wall, processor, weak, saved)


def graphs() -> None:
    """The Egyptian network of makers and companies, and 10⁶ random ties with hubs."""
    head("graph", "nodes", "ties", "communities", "analysis s", "CPU s", "with picture s")
    path = shared() / "registry" / "eg_pharma_links.csv"
    found, wall, processor = timed(lambda: analyse(linkage_graph(read_edges(path))))
    picture = timed(lambda: svg(found))[1]
    row(
        "Egyptian makers",
        len(found.graph),
        len(found.graph.source),
        found.communities.count,
        wall,
        processor,
        wall + picture,
    )
    random = np.random.default_rng(1)
    ends = random.integers(200_000, size=10**6), (random.pareto(1.5, 10**6) * 1000).astype(int) % 200_000
    graph = of_arrays([str(n) for n in range(200_000)], *ends, kind="supply")
    found, wall, processor = timed(lambda: analyse(graph))
    row("10⁶ random ties", len(graph), len(graph.source), found.communities.count, wall, processor, "")


def parts(limit: float) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The parts by name."""
    yield "cap", small
    yield "capa", lambda: large(limit)
    yield "wlp", lambda: incompatible(limit)
    yield "random", lambda: generated(limit)
    yield "compose", composing
    yield "graph", graphs


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("highspy", "rustworkx", "graspologic-native", "scipy")
    )
    for name, value in described({"Solvers": versions}).items():
        print(f"{name}: {value}")
    for name, part in parts(chosen.limit):
        if not chosen.only or name in chosen.only.split(","):
            part()


if __name__ == "__main__":
    main()
