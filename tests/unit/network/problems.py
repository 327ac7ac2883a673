"""Small sourcing problems, and their optimum by enumeration with SciPy: nothing of the solver that is tested."""

from __future__ import annotations

from itertools import chain, combinations, product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from tashbik.network import Problem


def problem(capacity, fixed, quantity, costs, pairs=()) -> Problem:
    """A problem of plain lists."""
    return Problem(
        tuple(f"s{n}" for n in range(len(capacity))),
        tuple(f"d{n}" for n in range(len(quantity))),
        np.array(capacity, float),
        np.array(fixed, float),
        np.array(quantity, float),
        np.array(costs, float).reshape(len(capacity), len(quantity)),
        tuple(pairs),
    )


@st.composite
def problems(draw, *, suppliers=5, demands=5, conflicts=False) -> Problem:
    """Random problems with ties, zeros, scarce and ample capacity."""
    height, width = draw(st.integers(1, suppliers)), draw(st.integers(1, demands))
    number = st.one_of(st.integers(0, 12), st.floats(0, 12, allow_nan=False).map(lambda value: round(value, 2)))
    capacity = draw(st.lists(st.integers(0, 25), min_size=height, max_size=height))
    fixed = draw(st.lists(number, min_size=height, max_size=height))
    quantity = draw(st.lists(st.integers(0, 8), min_size=width, max_size=width))
    costs = draw(st.lists(number, min_size=height * width, max_size=height * width))
    all_pairs = list(combinations(range(width), 2))
    pairs = draw(st.lists(st.sampled_from(all_pairs), unique=True, max_size=4)) if conflicts and all_pairs else []
    return problem(capacity, fixed, quantity, costs, pairs)


def optimum(one: Problem) -> float | None:
    """The least cost over all sets of suppliers and, for each, all sets of compatible demands; None where no plan exists."""
    height, width = one.shape
    sets = maximal_sets(width, one.incompatible)
    best = None
    for chosen in chain.from_iterable(combinations(range(height), size) for size in range(height + 1)):
        fixed = float(one.fixed_cost[list(chosen)].sum())
        for served in product(sets, repeat=len(chosen)):
            cost = _shipping(one, chosen, served)
            if cost is not None and (best is None or cost + fixed < best):
                best = cost + fixed
            if not one.incompatible:
                break
    return best


def maximal_sets(width: int, pairs) -> list[frozenset[int]]:
    """Maximal sets of demands that do not clash."""
    free = [
        frozenset(chosen)
        for size in range(width + 1)
        for chosen in combinations(range(width), size)
        if not any(a in chosen and b in chosen for a, b in pairs)
    ]
    return [one for one in free if not any(one < other for other in free)]


def _shipping(one: Problem, chosen, served) -> float | None:
    if not chosen:
        return 0.0 if one.quantity.sum() == 0 else None
    width = len(one.demands)
    costs = one.unit_cost[list(chosen)].ravel()
    bounds = [(0, None if demand in served[row] else 0) for row in range(len(chosen)) for demand in range(width)]
    equal = np.tile(np.eye(width), len(chosen))
    most = np.kron(np.eye(len(chosen)), np.ones(width))
    found = linprog(costs, most, one.capacity[list(chosen)], equal, one.quantity, bounds, method="highs")
    return float(found.fun) if found.status == 0 else None
