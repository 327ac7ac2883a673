"""The fewest breaks, approached from above: ever better models of a SAT solver until none is left. Only clauses, no meetings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pysat.solvers import Solver

from tashbik.forum.clauses import Formula, totalized

Model = Sequence[int]


def improved(
    formula: Formula,
    objective: Sequence[int],
    solver_name: str,
    on_model: Callable[[int, Model], None],
    on_bound: Callable[[int], None],
) -> tuple[int, Model] | None:
    """The fewest true literals of `objective` and a model that has them; None where the formula has no model.

    A first model without any aim, then half of the gap between the best model and the least that is not refuted is asked for, over
    a unary count of the objective. `on_model` hears of each better model, `on_bound` of each refutation. `formula` grows by the
    count.
    """
    with Solver(name=solver_name, bootstrap_with=formula.clauses) as solver:
        if not solver.solve():
            return None
        best = _valued(solver.get_model(), objective)
        on_model(*best)
        sent = len(formula.clauses)
        count = totalized(formula, objective, best[0])
        for clause in formula.clauses[sent:]:
            solver.add_clause(clause)
        least = 0
        while least < best[0]:
            aim = (least + best[0]) // 2
            if solver.solve(assumptions=[-count[aim]]):
                best = _valued(solver.get_model(), objective)
                on_model(*best)
            else:
                least = aim + 1
                solver.add_clause([count[aim]])
                on_bound(least)
        return best


def _valued(model: Model, objective: Sequence[int]) -> tuple[int, Model]:
    true = {one for one in model if one > 0}
    return sum(one in true for one in objective), model
