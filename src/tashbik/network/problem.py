"""The sourcing problem as arrays, and its file: suppliers, demands, costs, incompatible pairs. Not its solution (solve.py).

The problem is capacitated facility location with splittable demand (Cornuejols, Sridharan and Thizy, "A comparison of
heuristics and relaxations for the capacitated plant location problem", EJOR 50, 1991), with or without incompatible customers
(Ceschia and Schaerf, Computers & Industrial Engineering, 2022). The file is described in docs/networks.md.
"""

from __future__ import annotations

import gzip
import math
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tashbik.errors import FileError, HostileInputError, InputError

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

MAX_BYTES = 1 << 30
"""Largest file, unpacked: a problem of 3,000 × 10,000 has about 300 MB."""
SHOWN_REST = 3


@dataclass(frozen=True, eq=False)
class Problem:
    """Suppliers i, demands j: `capacity[i]`, `fixed_cost[i]`, `quantity[j]`, `unit_cost[i, j]`, all ≥ 0; ids and incompatible pairs of positions."""

    suppliers: tuple[str, ...]
    demands: tuple[str, ...]
    capacity: Floats
    fixed_cost: Floats
    quantity: Floats
    unit_cost: Floats
    incompatible: tuple[tuple[int, int], ...] = ()
    name: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of suppliers and of demands."""
        return len(self.suppliers), len(self.demands)

    @cached_property
    def total(self) -> float:
        """Sum of all quantities."""
        return float(math.fsum(self.quantity))

    @cached_property
    def conflicts(self) -> tuple[frozenset[int], ...]:
        """For each demand the demands that may not share a supplier with it."""
        found: list[set[int]] = [set() for _ in self.demands]
        for one, other in self.incompatible:
            found[one].add(other)
            found[other].add(one)
        return tuple(map(frozenset, found))

    def part(self, suppliers: Positions, demands: Positions, quantity: Floats) -> Problem:
        """The problem of some suppliers and some demands, with other quantities of these (`quantity` runs over `demands`)."""
        place = {int(demand): number for number, demand in enumerate(demands)}
        pairs = tuple((place[one], place[other]) for one, other in self.incompatible if one in place and other in place)
        return Problem(
            tuple(self.suppliers[i] for i in suppliers),
            tuple(self.demands[j] for j in demands),
            self.capacity[suppliers],
            self.fixed_cost[suppliers],
            quantity,
            np.ascontiguousarray(self.unit_cost[np.ix_(suppliers, demands)]),
            pairs,
            self.name,
        )


@dataclass(frozen=True)
class Answer:
    """What was found: `status` optimal, feasible, infeasible or unknown; `bound` is proven; ids, not positions."""

    status: str
    cost: float | None
    bound: float | None
    seconds: float
    open: tuple[str, ...] = ()
    allocation: tuple[tuple[str, str, float], ...] = field(default=(), repr=False)

    @property
    def gap(self) -> float | None:
        """Proven relative gap (cost − bound) / cost."""
        if self.cost is None or self.bound is None:
            return None
        return max(0.0, self.cost - self.bound) / max(abs(self.cost), 1e-12)

    def as_json(self) -> dict[str, Any]:
        """The document of `tashbik network source --json`."""
        return {
            "status": self.status,
            "cost": self.cost,
            "bound": self.bound,
            "seconds": round(self.seconds, 4),
            "open": list(self.open),
            "allocation": [list(one) for one in self.allocation],
        }


def read_problem(path: Path) -> Problem:
    """The problem of a file (`.json`, or gzipped `.json.gz`). Raises InputError that names file, row and field."""
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise FileError("cannot be read", file=str(path), mend="check the path") from error
    raw = _unpacked(packed, str(path)) if packed[:2] == b"\x1f\x8b" else packed
    try:
        document = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileError(f"not JSON: {error}", file=str(path), mend="see docs/networks.md for the format") from error
    return problem_of(document, file=str(path))


def _unpacked(packed: bytes, file: str) -> bytes:
    try:
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        raw = unpacker.decompress(packed, MAX_BYTES)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise FileError(f"not a gzip file: {error}", file=file, mend="pack it again") from error
    if not unpacker.eof:
        cause = "larger than 1 GiB when unpacked" if unpacker.unconsumed_tail else "cut off"
        raise HostileInputError(f"gzip file {cause}", file=file, mend="give a whole, smaller file")
    return raw


def problem_of(document: Any, *, file: str = "") -> Problem:
    """The problem of a decoded document. Raises InputError that names the row (1-based position) and the field."""
    if not isinstance(document, dict):
        raise InputError("not an object", file=file, mend='expected {"suppliers": …, "demands": …, "unit_cost": …}')
    suppliers, capacity, fixed = _rows(document, "suppliers", ("capacity", "fixed_cost"), file)
    demands, quantity = _rows(document, "demands", ("quantity",), file)
    costs = _matrix(document, len(suppliers), len(demands), file)
    pairs = _pairs(document.get("incompatible"), len(demands), file)
    name = document.get("name", "")
    return Problem(suppliers, demands, capacity, fixed, quantity, costs, pairs, name if isinstance(name, str) else "")


def _rows(document: dict[str, Any], name: str, fields: tuple[str, ...], file: str) -> tuple[Any, ...]:
    rows = document.get(name)
    if not isinstance(rows, list):
        raise InputError("missing or not a list", file=file, field=name, mend="see docs/networks.md")
    ids: list[str] = []
    for number, row in enumerate(rows, 1):
        identifier = row.get("id") if isinstance(row, dict) else None
        if not isinstance(identifier, str) or not identifier:
            raise InputError("no id, or not a text", file=file, row=number, field=f"{name}.id", mend="give each an id")
        ids.append(identifier)
    if len(set(ids)) < len(ids):
        again = next(one for number, one in enumerate(ids) if one in ids[:number])
        raise InputError(f"id {again!r} occurs twice", file=file, field=f"{name}.id", mend="make the ids unique")
    columns = [
        np.array(
            [_number(row.get(field), file, number, f"{name}.{field}") for number, row in enumerate(rows, 1)], float
        )
        for field in fields
    ]
    return tuple(ids), *columns


def _number(value: Any, file: str, row: int, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise InputError(f"{value!r} is not a number ≥ 0", file=file, row=row, field=field, mend="give a number ≥ 0")
    return float(value)


def _matrix(document: dict[str, Any], height: int, width: int, file: str) -> Floats:
    rows = document.get("unit_cost")
    if not isinstance(rows, list) or len(rows) != height:
        raise InputError(f"expected {height} rows", file=file, field="unit_cost", mend="one row for each supplier")
    costs = np.zeros((height, width))
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != width:
            raise InputError(
                f"expected {width} numbers", file=file, row=number, field="unit_cost", mend="one for each demand"
            )
        if not all(type(value) in (int, float) for value in row):
            bad = next(value for value in row if type(value) not in (int, float))
            _number(bad, file, number, "unit_cost")
        costs[number - 1] = row
    wrong = np.argwhere(~((costs >= 0) & (costs < 1e15)))
    if len(wrong):
        row, column = map(int, wrong[0])
        _number(float(costs[row, column]), file, row + 1, f"unit_cost[{column}]")
    return costs


def _pairs(pairs: Any, width: int, file: str) -> tuple[tuple[int, int], ...]:
    if pairs is None:
        return ()
    if not isinstance(pairs, list):
        raise InputError("not a list", file=file, field="incompatible", mend="a list of pairs of positions")
    found: dict[tuple[int, int], None] = {}
    for number, pair in enumerate(pairs, 1):
        good = isinstance(pair, list) and len(pair) == 2 and all(type(one) is int and 0 <= one < width for one in pair)
        if not good or pair[0] == pair[1]:
            raise InputError(
                f"{pair!r} is not a pair of two positions from 0 to {width - 1}",
                file=file,
                row=number,
                field="incompatible",
                mend="give positions of two different demands",
            )
        found[min(pair), max(pair)] = None
    return tuple(found)
