"""A forum as bits and numbers, and a plan under way that can be changed quickly. Decides nothing about what is good.

Slots are bits of an integer, with an empty bit between days, so that the runs of a person are counted by shifting.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from tashbik.forum.requests import Forum


class Grid:
    """The forum's fixed facts: indices from 0 for people and requests, bits for slots."""

    def __init__(self, forum: Forum) -> None:
        self.forum = forum
        self.bits: list[int] = []
        """The bit of each slot."""
        position, day = 0, None
        for slot in forum.slots:
            position += 1 + (day is not None and slot.day != day)
            day = slot.day
            self.bits.append(1 << position)
        self.index_of = {one.id: index for index, one in enumerate(forum.people)}
        self.pairs = [(self.index_of[one.first], self.index_of[one.second]) for one in forum.requests]
        self.open = [self.mask(set(range(1, len(self.bits) + 1)) - set(one.unavailable)) for one in forum.people]
        self.limits = [
            min(mask.bit_count(), mask.bit_count() if one.limit is None else one.limit)
            for one, mask in zip(forum.people, self.open, strict=True)
        ]
        self.domains = [self._domain(index) for index in range(len(forum.requests))]
        request_of = {one.id: index for index, one in enumerate(forum.requests)}
        self.before = [[request_of[name] for name in one.after] for one in forum.requests]
        self.after: list[list[int]] = [[] for _ in forum.requests]
        for index, names in enumerate(self.before):
            for one in names:
                self.after[one].append(index)
        self.of_person: list[list[int]] = [[] for _ in forum.people]
        for index, pair in enumerate(self.pairs):
            for person in pair:
                self.of_person[person].append(index)

    def mask(self, slots: Iterable[int]) -> int:
        """The bits of slots numbered from 1."""
        return sum(self.bits[slot - 1] for slot in slots)

    def _domain(self, index: int) -> int:
        """Bits of the slots in which a request can lie at all."""
        request = self.forum.requests[index]
        first, second = self.pairs[index]
        mask = self.open[first] & self.open[second]
        if request.fixed is not None:
            mask &= self.bits[request.fixed - 1]
        if request.session:
            mask &= self.mask(n for n, one in enumerate(self.forum.slots, 1) if one.session == request.session)
        if self.translators[index] is not None:
            able = self.translators[index] or ()
            mask &= self.mask(
                slot
                for slot in range(1, len(self.bits) + 1)
                if any(slot not in self.forum.interpreters[one].unavailable for one in able)
            )
        return mask

    @cached_property
    def translators(self) -> list[tuple[int, ...] | None]:
        """For each request the interpreters who can serve it; None where none is needed."""
        spoken = [frozenset(one.languages) for one in self.forum.people]
        able = [frozenset(one.languages) for one in self.forum.interpreters]
        found: list[tuple[int, ...] | None] = []
        for first, second in self.pairs:
            one, two = spoken[first], spoken[second]
            if not one or not two or one & two:
                found.append(None)
            else:
                found.append(tuple(index for index, langs in enumerate(able) if langs & one and langs & two))
        return found

    def gaps(self, busy: int) -> int:
        """Breaks within days of somebody busy in these bits: runs, less the days on which he is busy."""
        if not busy:
            return 0
        return (busy & ~(busy << 1)).bit_count() - sum(1 for mask in self.days if busy & mask)

    @cached_property
    def days(self) -> list[int]:
        """The bits of each day."""
        found: dict[int, int] = {}
        for slot, bit in zip(self.forum.slots, self.bits, strict=True):
            found[slot.day] = found.get(slot.day, 0) | bit
        return list(found.values())


class Draft:
    """A plan under way: the slot (index from 0, or None) of each request, who is busy when, tables and interpreters taken."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.slot: list[int | None] = [None] * len(grid.pairs)
        self.busy = [0] * len(grid.open)
        self.held = [0] * len(grid.open)
        self.taken = [0] * len(grid.bits)
        self.at: list[dict[int, int]] = [{} for _ in grid.open]
        """For each person, his request in each slot."""
        self.serving: list[dict[int, int]] = [{} for _ in grid.bits]
        """For each slot, which request each busy interpreter serves."""

    def free(self, request: int) -> int:
        """Bits of the slots in which both are free and that the request allows; tables and interpreters not asked."""
        first, second = self.grid.pairs[request]
        return self.grid.domains[request] & ~self.busy[first] & ~self.busy[second]

    def below_limits(self, request: int) -> bool:
        """Whether both may have one meeting more."""
        return all(self.held[one] < self.grid.limits[one] for one in self.grid.pairs[request])

    def fits(self, request: int, slot: int) -> bool:
        """Whether a request can be put in a slot in which both are free: table, interpreter, precedence."""
        if self.taken[slot] >= len(self.grid.forum.tables) or not self.in_order(request, slot):
            return False
        return self.interpretable(request, slot)

    def interpretable(self, request: int, slot: int) -> bool:
        """Whether a request needs no interpreter, or one can be had in this slot."""
        return self.grid.translators[request] is None or self._serve(request, slot, set(), try_only=True)

    def in_order(self, request: int, slot: int) -> bool:
        """Whether the held requests that must come before and after do."""
        for one in self.grid.before[request]:
            at = self.slot[one]
            if at is not None and at >= slot:
                return False
        for one in self.grid.after[request]:
            at = self.slot[one]
            if at is not None and at <= slot:
                return False
        return True

    def put(self, request: int, slot: int, interpreter: int | None = None) -> None:
        """Hold a request in a slot in which it fits, with an interpreter of one's choice where one is needed."""
        first, second = self.grid.pairs[request]
        bit = self.grid.bits[slot]
        self.slot[request] = slot
        self.busy[first] |= bit
        self.busy[second] |= bit
        self.held[first] += 1
        self.held[second] += 1
        self.taken[slot] += 1
        self.at[first][slot] = self.at[second][slot] = request
        if self.grid.translators[request] is not None:
            if interpreter is None:
                self._serve(request, slot, set(), try_only=False)
            else:
                self.serving[slot][interpreter] = request

    def take(self, request: int) -> int:
        """Hold a request no more; the slot that it had."""
        slot = self.slot[request]
        assert slot is not None
        first, second = self.grid.pairs[request]
        bit = self.grid.bits[slot]
        self.slot[request] = None
        self.busy[first] &= ~bit
        self.busy[second] &= ~bit
        self.held[first] -= 1
        self.held[second] -= 1
        self.taken[slot] -= 1
        del self.at[first][slot], self.at[second][slot]
        if self.grid.translators[request] is not None:
            serving = self.serving[slot]
            del serving[next(one for one, served in serving.items() if served == request)]
        return slot

    def _serve(self, request: int, slot: int, seen: set[int], try_only: bool) -> bool:
        """Give a request an interpreter in a slot, changing those of others if need be (augmenting path)."""
        serving = self.serving[slot]
        for one in self.grid.translators[request] or ():
            if one in seen or slot + 1 in self.grid.forum.interpreters[one].unavailable:
                continue
            seen.add(one)
            if one not in serving or self._serve(serving[one], slot, seen, try_only):
                if not try_only:
                    serving[one] = request
                return True
        return False

    def gaps(self) -> int:
        """Breaks of all people."""
        return sum(map(self.grid.gaps, self.busy))
