"""Puts chosen requests into slots: the tightest first, others moved out of the way, and improves what is held. No proofs."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from tashbik.forum.grid import Draft, Grid
from tashbik.forum.worth import Selection, total_worth

REACH = 3
"""How many meetings in a row may be moved to make room for one."""
TRIES = 400
"""Slots looked at in one attempt to make room."""


def slots_in(grid: Grid, mask: int) -> Iterator[int]:
    """Indices of the slots whose bits are in a mask, in the order of time."""
    for slot, bit in enumerate(grid.bits):
        if mask & bit:
            yield slot


def filled(grid: Grid, selection: Selection, *, until: float, seed: int = 1) -> Draft:
    """A draft that holds as many of the selected requests as it can place, and then others that still fit, best first.

    `until`: time.monotonic() from which nothing is moved any more to make room; what fits as it is is still placed.
    """
    chosen = selection.chosen
    draft = Draft(grid)
    rng = random.Random(seed)
    requests = grid.forum.requests
    order = sorted(
        range(len(requests)),
        key=lambda one: (
            one not in chosen,
            not requests[one].must,
            grid.domains[one].bit_count() > 1,
            -requests[one].weight if one not in chosen else 0,
            grid.domains[one].bit_count() - sum(len(grid.of_person[person]) for person in grid.pairs[one]),
        ),
    )
    for position, request in enumerate(order):
        done = position == len(chosen) and all(draft.slot[one] is not None for one in chosen)
        if done and total_worth(grid, chosen) >= selection.bound:
            break
        if draft.below_limits(request):
            place(draft, request, rng, REACH if time.monotonic() < until else 0)
    return draft


def place(draft: Draft, request: int, rng: random.Random, reach: int = REACH) -> bool:
    """Hold a request: in a slot where it fits, with the fewest gaps, or by moving others out of its way."""
    best = cheapest(draft, request)
    if best is not None:
        draft.put(request, best)
        return True
    return reach > 0 and _make_room(draft, request, rng, reach, {request}, [TRIES])


def cheapest(draft: Draft, request: int) -> int | None:
    """The slot in which a request fits and adds the fewest gaps; among equals one with the most tables left."""
    grid = draft.grid
    first, second = grid.pairs[request]
    found, least = None, (0, 0)
    for slot in slots_in(grid, draft.free(request)):
        if draft.fits(request, slot):
            bit = grid.bits[slot]
            cost = (grid.gaps(draft.busy[first] | bit) + grid.gaps(draft.busy[second] | bit), draft.taken[slot])
            if found is None or cost < least:
                found, least = slot, cost
    return found


def _make_room(draft: Draft, request: int, rng: random.Random, reach: int, moving: set[int], tries: list[int]) -> bool:
    """Put a request where it clashes with others, after moving these to other slots (an ejection chain)."""
    grid = draft.grid
    slots = list(slots_in(grid, grid.domains[request]))
    rng.shuffle(slots)
    slots.sort(key=lambda slot: len(_rivals(draft, request, slot)))
    for slot in slots:
        tries[0] -= 1
        if tries[0] < 0:
            return False
        rivals = _rivals(draft, request, slot)
        if len(rivals) > reach or moving & set(rivals) or any(grid.forum.requests[one].fixed for one in rivals):
            continue
        if not rivals and draft.taken[slot] >= len(grid.forum.tables):
            rivals = _movable(draft, slot, moving, rng)
        if _shift(draft, request, slot, rivals, rng, reach, moving, tries):
            return True
    return False


def _rivals(draft: Draft, request: int, slot: int) -> list[int]:
    """The meetings of the two in a slot."""
    first, second = draft.grid.pairs[request]
    found = {draft.at[one][slot] for one in (first, second) if slot in draft.at[one]}
    return sorted(found)


def _movable(draft: Draft, slot: int, moving: set[int], rng: random.Random) -> list[int]:
    """A meeting of a slot without free tables that fits elsewhere."""
    here = [one for one, at in enumerate(draft.slot) if at == slot and one not in moving]
    rng.shuffle(here)
    for one in here:
        if draft.grid.forum.requests[one].fixed is None and cheapest(draft, one) is not None:
            return [one]
    return []


def _shift(
    draft: Draft,
    request: int,
    slot: int,
    rivals: list[int],
    rng: random.Random,
    reach: int,
    moving: set[int],
    tries: list[int],
) -> bool:
    """Take the rivals out, put the request in, and find the rivals other slots; everything as before where that fails."""
    undo = list(draft.slot)
    for one in rivals:
        draft.take(one)
    if draft.fits(request, slot) and not any(
        draft.busy[one] & draft.grid.bits[slot] for one in draft.grid.pairs[request]
    ):
        draft.put(request, slot)
        held = moving | {request, *rivals}
        for one in rivals:
            other = cheapest(draft, one)
            if other is not None:
                draft.put(one, other)
            elif reach <= 1 or not _make_room(draft, one, rng, reach - len(rivals), held, tries):
                break
        else:
            return True
    restore(draft, undo)
    return False


def restore(draft: Draft, slots: list[int | None]) -> None:
    """Bring a draft back to an assignment of slots."""
    changed = [one for one, (now, then) in enumerate(zip(draft.slot, slots, strict=True)) if now != then]
    for one in changed:
        if draft.slot[one] is not None:
            draft.take(one)
    for one in changed:
        then = slots[one]
        if then is not None:
            draft.put(one, then)
