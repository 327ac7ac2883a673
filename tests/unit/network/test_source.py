"""The solver of sourcing problems against enumeration, published optima and the verifier, which itself is tested against spoilt answers."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tashbik.network import Answer, cost_of, faults, read_problem, source
from tashbik.network.milp import solve_milp
from tests.unit.network.problems import optimum, problem, problems


def check(one, answer, best):
    assert faults(one, answer) == []
    if best is None:
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.cost == pytest.approx(best, rel=1e-5, abs=1e-6)
    assert answer.bound <= best + 1e-6 * max(1, best)


@settings(max_examples=50, deadline=None)
@given(problems(suppliers=4))
def test_tiny_problems_have_the_optimum_of_enumeration(one):
    check(one, source(one, time_limit=20), optimum(one))


@settings(max_examples=25, deadline=None)
@given(problems(suppliers=3, demands=4, conflicts=True))
def test_tiny_problems_with_incompatible_demands_have_the_optimum_of_enumeration(one):
    check(one, source(one, time_limit=20), optimum(one))


def random_problem(height, width, *, pairs=0, seed=1):
    random = np.random.default_rng(seed)
    quantity, capacity = random.integers(5, 35, width), random.integers(20, 160, height)
    capacity = np.ceil(capacity * 3 * quantity.sum() / capacity.sum())
    fixed = np.round(100 * np.sqrt(capacity) + random.integers(0, 90, height))
    where, there = random.random((height, 2)), random.random((width, 2))
    costs = np.round(100 * np.linalg.norm(where[:, None] - there[None], axis=2))
    clash = {tuple(sorted(map(int, random.choice(width, 2, replace=False)))) for _ in range(pairs)}
    return problem(capacity, fixed, quantity, costs, sorted(clash))


@pytest.mark.parametrize("seed", range(4))
def test_mid_sized_problems_agree_with_the_plain_program(seed):
    one = random_problem(15, 30, seed=seed)
    plain = solve_milp(one, seconds=60)
    answer = source(one, time_limit=60)
    assert plain.status == answer.status == "optimal" and faults(one, answer) == []
    assert answer.cost == pytest.approx(plain.plan.cost, rel=1e-5)


def test_search_and_branching_with_incompatible_demands_agree_with_the_plain_program(monkeypatch):
    one = random_problem(8, 16, pairs=14, seed=3)
    plain = solve_milp(one, seconds=60)
    monkeypatch.setattr("tashbik.network.neighbourhood.SMALL", 0)  # so that the methods for large ones are taken
    answer = source(one, time_limit=4)
    assert faults(one, answer) == []
    assert answer.bound <= plain.plan.cost + 1e-6 <= answer.cost + 2e-6


def test_branching_alone_closes_incompatible_demands():
    from tashbik.network.ascent import Limits, ascend, first_prices
    from tashbik.network.incumbent import Incumbent
    from tashbik.network.tree import Tree

    one = random_problem(4, 8, pairs=6, seed=5)
    best = solve_milp(one, seconds=60).plan.cost
    incumbent = Incumbent(one, np.inf)
    root = ascend(one, np.full(4, -1), first_prices(one), Limits(incumbent.cutoff, np.inf, 60))
    tree = Tree(one, incumbent, root)
    tree.run(np.inf)
    assert tree.done and incumbent.cost == pytest.approx(best) and tree.bound <= best + 1e-6


@pytest.mark.parametrize("name", ["cap41", "cap62", "cap71", "cap81", "cap91", "cap101", "cap122", "cap131"])
def test_published_problems_to_proven_optimum(shared, name):
    one = read_problem(shared / "sourcing" / f"{name}.json")
    known = json.loads((shared / "sourcing" / "best_known.json").read_text())[name]["value"]
    check(one, source(one, time_limit=60), known)


def test_a_large_problem_within_a_thousandth(shared):
    one = read_problem(shared / "sourcing" / "capa-8000.json")
    answer = source(one, time_limit=60)
    assert faults(one, answer) == [] and answer.gap <= 1e-3
    assert answer.bound <= 19_240_822.449 * (1 + 1e-7) <= answer.cost * (1 + 2e-7)


def test_incompatible_demands_of_a_published_problem_in_a_few_seconds(shared):
    one = read_problem(shared / "sourcing" / "wlp01.json")
    answer = source(one, time_limit=8)
    assert faults(one, answer) == []
    assert answer.bound <= 28716 <= answer.cost <= 28716 * 1.05


def test_a_fraction_of_a_demand_and_an_idle_supplier():
    one = problem([3, 3, 50], [1, 1, 1000], [4, 2], [[1, 1], [2, 2], [0, 0]])
    answer = source(one)
    assert answer.cost == 1 + 1 + 3 + 2 * 3 and set(answer.open) == {"s0", "s1"} and faults(one, answer) == []


def test_nothing_is_demanded_and_nothing_can_be_had():
    assert source(problem([1], [5], [0], [[1]])).cost == 0
    assert source(problem([1], [5], [2], [[1]])).status == "infeasible"
    clash = problem([9, 9], [1, 1], [1, 1, 1], [[1] * 3] * 2, [(0, 1), (0, 2), (1, 2)])
    assert source(clash).status == "infeasible"


def spoilt():
    one = problem([5, 5], [10, 20], [3, 4], [[1, 2], [3, 1]], [(0, 1)])
    right = Answer("optimal", 37.0, 37.0, 0.0, ("s0", "s1"), (("s0", "d0", 3.0), ("s1", "d1", 4.0)))
    assert faults(one, right) == [] and cost_of(one, right) == 37
    yield one, right, replace(right, allocation=(("s0", "d0", 3.0),)), "gets"
    yield one, right, replace(right, allocation=(("s0", "d0", 3.1), ("s1", "d1", 4.0)), cost=37.1), "gets"
    yield one, right, replace(right, allocation=(("s0", "d0", 3.0), ("s0", "d1", 4.0)), cost=41.0), "ships"
    yield one, right, replace(right, open=("s0",)), "not engaged"
    yield one, right, replace(right, cost=36.0, bound=36.0), "cost is"
    yield one, right, replace(right, bound=37.1), "above cost"
    yield one, right, replace(right, bound=36.0), "called optimal"
    yield one, right, replace(right, bound=None), "no bound"
    yield one, right, replace(right, open=("s0", "s1", "s1")), "twice"
    yield one, right, replace(right, open=("s0", "s1", "s9")), "unknown supplier"
    yield one, right, replace(right, allocation=(("s0", "d0", float("nan")), ("s1", "d1", 4.0))), "quantity"
    both = (("s0", "d0", 3.0), ("s0", "d1", 1.0), ("s1", "d1", 3.0))
    yield one, right, replace(right, allocation=both, cost=38.0, bound=38.0), "serves"


@pytest.mark.parametrize(("one", "right", "wrong", "word"), list(spoilt()))
def test_the_verifier_finds_every_fault(one, right, wrong, word):
    assert any(word in fault for fault in faults(one, wrong)), faults(one, wrong)
