"""Fewer gaps with the same meetings: simulated annealing over exchanges between two slots. No proofs.

A move takes one meeting to another slot, and with it all that must follow: the meetings of the two slots that are joined to it
by people who would clash (a Kempe chain). Where the tables do not suffice, another meeting is sent the other way.
"""

from __future__ import annotations

import math
import random
import time

from tashbik.forum.grid import Draft
from tashbik.forum.selecting import restore, slots_in

MOST = 2
"""Gaps of a person beyond which each counts MORE on top."""
MORE = 6
HOTTEST, COLDEST = 0.4, 0.05
"""Temperatures, in gaps. Hotter ones (1.0) left up to half as many gaps again in the same time on 500 people."""
CHAIN = 24
"""Meetings in a chain beyond which a move is not tried."""


def compacted(draft: Draft, *, until: float, goal: int = 0, seed: int = 1) -> None:
    """Lessen the gaps of a draft in place, until time.monotonic() passes `until` or `goal` gaps are left."""
    rng = random.Random(seed)
    started = time.monotonic()
    best, best_cost = list(draft.slot), _cost(draft, range(len(draft.busy)))
    cost, temperature, step = best_cost, HOTTEST, 0
    while best_cost > goal:
        step += 1
        if step % 64 == 1:
            share = (time.monotonic() - started) / max(1e-9, until - started)
            if share >= 1:
                break
            temperature = HOTTEST * (COLDEST / HOTTEST) ** share
            uneasy = [one for one, busy in enumerate(draft.busy) if draft.grid.gaps(busy)]
            worst = [one for one in uneasy if draft.grid.gaps(draft.busy[one]) > MOST]
            if not uneasy:
                break
        change = _try_move(draft, rng, worst if worst and step % 2 else uneasy, temperature)
        cost += change
        if cost < best_cost:
            best, best_cost = list(draft.slot), cost
    restore(draft, best)


def _cost(draft: Draft, people: range | set[int]) -> int:
    total = 0
    for one in people:
        gaps = draft.grid.gaps(draft.busy[one])
        total += gaps + (MORE * (gaps - MOST) if gaps > MOST else 0)
    return total


def _try_move(draft: Draft, rng: random.Random, uneasy: list[int], temperature: float) -> int:
    """One move, taken back unless the annealing accepts it; the change of cost."""
    person = rng.choice(uneasy)
    if not draft.at[person]:
        return 0
    source, request = rng.choice(list(draft.at[person].items()))
    target = _target(draft, person, request, source, rng)
    if target is None:
        return 0
    chain = _chain(draft, request, source, target)
    if chain is None:
        return 0
    chain = _balanced(draft, chain, source, target, rng)
    if chain is None:
        return 0
    return _exchange(draft, chain, source, target, rng, temperature)


def _target(draft: Draft, person: int, request: int, source: int, rng: random.Random) -> int | None:
    """A slot beside the person's other meetings, or now and then any that the request allows."""
    grid = draft.grid
    others = draft.busy[person] & ~grid.bits[source]
    beside = (others << 1 | others >> 1) & ~others
    mask = grid.domains[request] & ~grid.bits[source]
    slots = list(slots_in(grid, mask & beside if rng.random() < 0.8 else mask))
    return rng.choice(slots) if slots else None


def _chain(draft: Draft, request: int, source: int, target: int) -> list[int] | None:
    """The meetings that change places between two slots with `request`; None where one of them cannot."""
    grid = draft.grid
    chain, seen = [request], {request}
    for one in chain:
        there = target if draft.slot[one] == source else source
        if not grid.domains[one] & grid.bits[there] or len(chain) > CHAIN:
            return None
        for person in grid.pairs[one]:
            rival = draft.at[person].get(there)
            if rival is not None and rival not in seen:
                seen.add(rival)
                chain.append(rival)
    return chain


def _balanced(draft: Draft, chain: list[int], source: int, target: int, rng: random.Random) -> list[int] | None:
    """The chain, with one meeting more the other way where the tables of a slot would not suffice."""
    leaving = sum(draft.slot[one] == source for one in chain)
    surplus = leaving - (len(chain) - leaving)
    tables = len(draft.grid.forum.tables)
    crowded, other = (target, source) if surplus > 0 else (source, target)
    excess = draft.taken[crowded] + abs(surplus) - tables
    if surplus == 0 or excess <= 0:
        return chain
    if excess > 1:
        return None
    candidates = [one for one, at in enumerate(draft.slot) if at == crowded]
    for one in rng.sample(candidates, min(8, len(candidates))):
        if one not in chain and draft.free(one) & draft.grid.bits[other]:
            return [*chain, one]
    return None


def _exchange(draft: Draft, chain: list[int], source: int, target: int, rng: random.Random, temperature: float) -> int:
    """Exchange the chain's meetings between the slots, if they fit and the annealing accepts it."""
    people = {person for one in chain for person in draft.grid.pairs[one]}
    before = _cost(draft, people)
    moved = [(one, draft.take(one)) for one in chain]
    done: list[int] = []
    for one, slot in moved:
        there = target if slot == source else source
        if not draft.fits(one, there) or not draft.free(one) & draft.grid.bits[there]:
            break
        draft.put(one, there)
        done.append(one)
    else:
        change = _cost(draft, people) - before
        if change <= 0 or rng.random() < math.exp(-change / temperature):
            return change
    for one in done:
        draft.take(one)
    for one, slot in moved:
        draft.put(one, slot)
    return 0


def fewest_gaps(draft: Draft, person: int) -> int:
    """A lower bound on a person's gaps in any plan in which he has the same meetings.

    Dynamic programming over the slots in which at least one of them can lie, with their number; which lies where is relaxed.
    """
    grid = draft.grid
    own = list(draft.at[person].values())
    can = 0
    for one in own:
        can |= grid.domains[one]
    best: dict[tuple[int, bool, bool], int] = {(0, False, False): 0}  # held, busy in the slot before, busy on this day
    day = None
    for facts, bit in zip(grid.forum.slots, grid.bits, strict=True):
        following: dict[tuple[int, bool, bool], int] = {}
        for (held, busy, active), gaps in best.items():
            if facts.day != day:
                busy = active = False
            choices = [((held, False, active), gaps)]
            if can & bit and held < len(own):
                choices.append(((held + 1, True, True), gaps + (active and not busy)))
            for state, cost in choices:
                following[state] = min(following.get(state, cost), cost)
        best, day = following, facts.day
    return min(gaps for (held, _, _), gaps in best.items() if held == len(own))
