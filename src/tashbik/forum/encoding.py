"""The published problem as clauses for a SAT solver. Builds them; neither solves nor reads.

After the MaxSAT model of Bofill et al., JAIR 74 (2022), with what measurement added: the tables of a slot are counted by
its *participants* (twice as many as its meetings, but they share one variable each, and those who are busy in every slot
fall out), breaks by runs with a lower bound for each participant, and two more clauses a slot that tell a break from
afar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from tashbik.forum.clauses import Formula, between, counted
from tashbik.forum.domains import Domains, fewest_breaks
from tashbik.forum.event import Event


@dataclass
class Encoding:
    """Clauses of an event, and what their variables mean.

    Attributes
    ----------
    at: the variable of each meeting (from 1) in each slot of its domain.
    busy: for each participant (from 1) with meetings, his variable in each slot in which he can be busy.
    breaks: for each participant, at index j the variable "at least j + 1 breaks".
    least: for each participant, the breaks that he must have.
    """

    formula: Formula
    at: dict[tuple[int, int], int]
    busy: dict[int, dict[int, int]] = field(default_factory=dict)
    breaks: list[list[int]] = field(default_factory=list)
    least: list[int] = field(default_factory=list)

    @property
    def bound(self) -> int:
        """Breaks that there must be in all, participant by participant."""
        return sum(self.least)

    @property
    def objective(self) -> list[int]:
        """The variables of which as few as possible may be true: every one of them is a break beyond `bound`."""
        return [one for own, least in zip(self.breaks, self.least, strict=True) for one in own[least:]]

    def slots(self, model: Sequence[int]) -> list[int]:
        """The slot of each meeting in a model of the solver."""
        true = {one for one in model if one > 0}
        found = {meeting: slot for (meeting, slot), one in self.at.items() if one in true}
        return [found[meeting] for meeting in sorted(found)]


Count = Literal["participants", "meetings", "fewer", "both"]
"""What the tables of a slot are counted by."""
PEOPLE_PAY = 3
"""Participants are counted where they are so many times fewer. Measured on the published events: 5 to 8 times fewer, participants are
20 to 100 times faster; under twice fewer, they are as much slower."""


def encoded(event: Event, domains: Domains, fairness: int, count: Count = "fewer") -> Encoding:
    """The event as clauses. `fairness` is the largest difference between the breaks of two participants."""
    made = Encoding(Formula(), {})
    _place(made, domains)
    idle = any(len(own) < 2 for own in event.meetings_of)
    for participant, own in enumerate(event.meetings_of, 1):
        made.least.append(fewest_breaks(event, domains, participant))
        made.breaks.append([])
        if own:
            _occupy(made, domains, participant, own)
        if len(own) > 1:
            made.breaks[-1] = _count_breaks(made, participant, len(own), fairness if idle else event.slots)
        _require(made, made.breaks[-1], made.least[-1])
    if not idle:
        _be_fair(made, fairness)
    _precede(made, event, domains)
    _share_tables(made, event, domains, count)
    return made


def _place(made: Encoding, domains: Domains) -> None:
    """Every meeting lies in exactly one slot."""
    for number, domain in enumerate(domains, 1):
        here = []
        for slot in sorted(domain):
            made.at[number, slot] = made.formula.new()
            here.append(made.at[number, slot])
        made.formula.add(*here)
        made.formula.at_most_one(here)


def _occupy(made: Encoding, domains: Domains, participant: int, own: Sequence[int]) -> None:
    """A participant is busy where one of his meetings lies, with at most one, and as often as he has meetings."""
    slots = sorted(set().union(*(domains[number - 1] for number in own)))
    busy = {}
    for slot in slots:
        here = [made.at[number, slot] for number in own if (number, slot) in made.at]
        made.formula.at_most_one(here)
        busy[slot] = made.formula.equals_any(here)
    made.busy[participant] = busy
    if len(own) == len(slots):
        for one in busy.values():
            made.formula.add(one)
        return
    row = counted(made.formula, list(busy.values()), len(own) + 1)
    _require(made, row, len(own))
    for one in row[len(own) :]:
        made.formula.add(-one)


def _require(made: Encoding, row: Sequence[int], least: int) -> None:
    """At least so many, of a unary count."""
    if least > len(row):
        made.formula.add()
    for one in row[:least]:
        made.formula.add(one)


def _count_breaks(made: Encoding, participant: int, held: int, most: int) -> list[int]:
    """The unary count of a participant's breaks, which is that of the starts of his runs without the first; at most `most`."""
    busy = made.busy[participant]
    starts = [_start(made.formula, busy, slot) for slot in busy]
    runs = min(held, len(starts))
    row = counted(made.formula, starts, min(runs, most + 1) + 1)
    made.formula.add(row[0])
    for one in row[min(runs, most + 1) :]:
        made.formula.add(-one)
    breaks = row[1 : min(runs, most + 1)]
    for fewer, more in pairwise(breaks):
        made.formula.add(-more, fewer)
    _tell_breaks(made.formula, busy, held, breaks[0] if breaks else None)
    return breaks


def _start(formula: Formula, busy: dict[int, int], slot: int) -> int:
    """True where a run starts."""
    if slot - 1 not in busy:
        return busy[slot]
    made = formula.new()
    formula.add(-busy[slot], busy[slot - 1], made)
    formula.add(-made, busy[slot])
    formula.add(-made, -busy[slot - 1])
    return made


def _tell_breaks(formula: Formula, busy: dict[int, int], held: int, broken: int | None) -> None:
    """Redundant: idle between busy slots, or busy slots further apart than his meetings reach, is a break."""
    first, last = min(busy), max(busy)
    slots = range(first, last + 1)
    so_far = _ever_busy(formula, busy, slots)
    to_come = _ever_busy(formula, busy, slots[::-1])
    excuse = [broken] if broken else []
    for slot in slots[1:-1]:
        formula.add(-so_far[slot - 1], -to_come[slot + 1], *excuse, *([busy[slot]] if slot in busy else []))
    for slot in range(first, last + 1 - held):
        formula.add(-so_far[slot], -to_come[slot + held], *excuse)


def _ever_busy(formula: Formula, busy: dict[int, int], slots: range) -> dict[int, int]:
    """For each slot, in this order, a variable that is true when the participant was busy in it or in one before."""
    made: dict[int, int] = {}
    before: list[int] = []
    for slot in slots:
        made[slot] = formula.equals_any([*before, *([busy[slot]] if slot in busy else [])])
        before = [made[slot]]
    return made


def _be_fair(made: Encoding, fairness: int) -> None:
    """Where somebody has `fairness` + v breaks, everybody has v."""
    for least in range(1, max(map(len, made.breaks)) - fairness + 1):
        many = made.formula.new()
        for own in made.breaks:
            if len(own) >= least + fairness:
                made.formula.add(-own[least + fairness - 1], many)
            made.formula.add(-many, *own[least - 1 : least])


def _precede(made: Encoding, event: Event, domains: Domains) -> None:
    """A meeting lies after those that come before it."""
    for number, meeting in enumerate(event.meetings, 1):
        for before in meeting.after:
            for slot in domains[number - 1]:
                for other in domains[before - 1]:
                    if other >= slot:
                        made.formula.add(-made.at[number, slot], -made.at[before, other])


def _share_tables(made: Encoding, event: Event, domains: Domains, count: Count) -> None:
    """No slot holds more meetings than tables, and none so few that the others cannot hold the rest."""
    need = len(event.meetings) - (event.slots - 1) * event.tables
    resting = [one for one, busy in made.busy.items() if len(busy) > len(event.meetings_of[one - 1])]
    for slot in range(1, event.slots + 1):
        here = [made.at[number, slot] for number, domain in enumerate(domains, 1) if slot in domain]
        if len(here) <= event.tables and need <= 0:
            continue
        people = [made.busy[one][slot] for one in resting if slot in made.busy[one]]
        always = sum(slot in busy for busy in made.busy.values()) - len(people)
        fewer = PEOPLE_PAY * len(people) <= len(here)
        if count in ("participants", "both") or (count == "fewer" and fewer):
            busiest, least = 2 * event.tables - always, max(0, 2 * need - always)
            between(made.formula, [-one for one in people], len(people) - busiest, len(people) - least)
        if count in ("meetings", "both") or (count == "fewer" and not fewer):
            between(made.formula, here, max(0, need), event.tables)
