"""What a set of held requests is worth. Chooses nothing."""

from __future__ import annotations

from dataclasses import dataclass

from tashbik.forum.grid import Grid


@dataclass(frozen=True)
class Selection:
    """Requests that a relaxation would hold (indices from 0), and the worth that no plan can exceed."""

    chosen: frozenset[int]
    bound: int


def must_weight(grid: Grid) -> int:
    """What a must counts on top of its weight: more than all weights and bonuses together."""
    return 1 + sum(one.weight for one in grid.forum.requests) + grid.forum.first_bonus * len(grid.forum.people)


def worth_of(grid: Grid, held: frozenset[int] | set[int]) -> tuple[int, int]:
    """Musts held, and weights and bonuses of what is held."""
    requests = grid.forum.requests
    served = {one for index in held for one in grid.pairs[index]}
    wishes = sum(requests[index].weight for index in held) + grid.forum.first_bonus * len(served)
    return sum(requests[index].must for index in held), wishes


def total_worth(grid: Grid, held: frozenset[int] | set[int]) -> int:
    """Musts and wishes in one number, in which a must goes before everything else."""
    musts, wishes = worth_of(grid, held)
    return musts * must_weight(grid) + wishes
