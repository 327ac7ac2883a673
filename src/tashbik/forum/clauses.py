"""Clauses and the cardinality constraints over them: counters and totalizers. Knows nothing of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations


@dataclass
class Formula:
    """Clauses over the variables 1, 2, …; a literal is a variable or its negative."""

    clauses: list[list[int]] = field(default_factory=list)
    variables: int = 0

    def new(self) -> int:
        """A variable that no clause speaks of yet."""
        self.variables += 1
        return self.variables

    def add(self, *literals: int) -> None:
        """A clause; without literals it is the contradiction."""
        self.clauses.append(list(literals))

    def at_most_one(self, literals: Sequence[int]) -> None:
        """At most one is true; pairwise, which propagates best at these sizes."""
        for one, two in combinations(literals, 2):
            self.add(-one, -two)

    def equals_any(self, literals: Sequence[int]) -> int:
        """A variable that is true exactly when one of these is."""
        made = self.new()
        self.add(-made, *literals)
        for one in literals:
            self.add(-one, made)
        return made


def counted(formula: Formula, literals: Sequence[int], depth: int) -> list[int]:
    """Unary count: the result's j-th entry (from 0) is true exactly when at least j + 1 literals are; `depth` entries at most.

    The sequential counter of Sinz (CP 2005), in both directions, in the order of the literals.
    """
    row: list[int] = []
    for position, literal in enumerate(literals):
        following = []
        for j in range(min(position + 1, depth)):
            made = formula.new()
            same = [row[j]] if j < len(row) else []
            for one in same:
                formula.add(-one, made)
            carry = [row[j - 1]] if j else []
            formula.add(-literal, *(-one for one in carry), made)
            formula.add(-made, literal, *same)
            for one in carry:
                formula.add(-made, one, *same)
            following.append(made)
        row = following
    return row


def merged(formula: Formula, left: Sequence[int], right: Sequence[int], depth: int, floor: bool = False) -> list[int]:
    """The node of a totalizer: unary count of two unary counts, `depth` entries at most.

    Bailleux & Boufkhad (CP 2003). Entries follow from their inputs; with `floor` also the other way about.
    """
    made = [formula.new() for _ in range(min(len(left) + len(right), depth))]
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            if i + j and made:
                above = made[min(i + j, depth) - 1]
                formula.add(above, *([-left[i - 1]] if i else []), *([-right[j - 1]] if j else []))
            if floor and i + j < len(made):
                below = made[i + j]
                formula.add(-below, *([left[i]] if i < len(left) else []), *([right[j]] if j < len(right) else []))
    return made


def totalized(formula: Formula, literals: Sequence[int], depth: int, floor: bool = False) -> list[int]:
    """Unary count by a balanced totalizer; see `merged`."""
    if len(literals) < 2:
        return list(literals)[:depth]
    half = len(literals) // 2
    left = totalized(formula, literals[:half], depth, floor)
    return merged(formula, left, totalized(formula, literals[half:], depth, floor), depth, floor)


def between(formula: Formula, literals: Sequence[int], least: int, most: int) -> None:
    """At least `least` and at most `most` of the literals are true."""
    if least > len(literals) or most < 0:
        formula.add()
        return
    if most < len(literals) or least > 0:
        made = totalized(formula, literals, min(max(most + 1, least), len(literals)), floor=least > 0)
        for one in made[:least]:
            formula.add(one)
        if most < len(made):
            formula.add(-made[most])
