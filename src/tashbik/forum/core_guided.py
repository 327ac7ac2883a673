"""The fewest breaks, proven from below: unsatisfiable cores of a SAT solver. One process, one solver; no meetings, only clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pysat.solvers import Solver

from tashbik.forum.clauses import Formula, totalized

Model = Sequence[int]
CORE_ROUNDS = 4
"""Times that a core is asked for again from itself, as long as it shrinks."""


def minimised(
    formula: Formula, objective: Sequence[int], solver_name: str, on_bound: Callable[[int], None]
) -> tuple[int, Model] | None:
    """The fewest true literals of `objective` and a model that has them; None where the formula has no model.

    OLL (Morgado, Dodaro & Marques-Silva, CP 2014) for unit weights: every core is replaced by a count of its literals,
    of which one more is allowed. `on_bound` hears of each new lower bound. `formula` grows by the counts.
    """
    with Solver(name=solver_name, bootstrap_with=formula.clauses) as solver:
        search = _Oll(formula, solver)
        search.allow_none(objective)
        while not solver.solve(assumptions=list(search.assumptions)):
            core = search.core()
            if not core:
                return None
            search.relax(core)
            on_bound(search.bound)
        model = solver.get_model()
        return search.bound, model


class _Oll:
    def __init__(self, formula: Formula, solver: Solver) -> None:
        self.formula = formula
        self.solver = solver
        self.sent = len(formula.clauses)
        self.bound = 0
        self.assumptions: dict[int, None] = {}
        self.next_of: dict[int, tuple[list[int], int]] = {}
        """For an assumption "less than j + 1 of a count", the count and j."""

    def allow_none(self, literals: Iterable[int]) -> None:
        self.assumptions.update(dict.fromkeys(-one for one in literals))

    def core(self) -> list[int]:
        """Assumptions that cannot all hold; asked for again from itself while it shrinks."""
        core = self.solver.get_core() or []
        for _ in range(CORE_ROUNDS):
            if len(core) < 2 or self.solver.solve(assumptions=core[::-1]):
                break
            again = self.solver.get_core() or []
            if len(again) >= len(core):
                break
            core = again
        return core

    def relax(self, core: list[int]) -> None:
        """Let one literal of a core be true, and count how many are."""
        self.bound += 1
        for one in core:
            del self.assumptions[one]
            if one in self.next_of:
                self._follow(*self.next_of.pop(one))
        if len(core) == 1:
            self.formula.add(-core[0])
        else:
            self.formula.add(*(-one for one in core))
            self._follow(totalized(self.formula, [-one for one in core], len(core)), 0)
        for clause in self.formula.clauses[self.sent :]:
            self.solver.add_clause(clause)
        self.sent = len(self.formula.clauses)

    def _follow(self, count: list[int], reached: int) -> None:
        """Assume that no more of a count are true than are known to be."""
        if reached + 1 < len(count):
            self.assumptions[-count[reached + 1]] = None
            self.next_of[-count[reached + 1]] = (count, reached + 1)
