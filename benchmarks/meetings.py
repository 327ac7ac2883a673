"""Meeting scheduling measured: this project, CP-SAT on a plain model and RC2 on a plain MaxSAT encoding, in one run.

    python -m benchmarks.meetings [--rivals originals|all|none] [--recheck] [--limit 60] [--only PATTERN] [--fairness D]
    python -m benchmarks.meetings --forum [--limit 60]

The published events are read from TASHBIK_SHARED. The plain models share nothing with the project's encoding but the records of the
event, so that where they come to an end they prove its answers anew; `recheck` uses them to refute "one break fewer".
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from ortools.sat.python import cp_model
from pysat.card import CardEnc, EncType
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from tashbik.forum import (
    Absence,
    Changes,
    Forum,
    Interpreter,
    Person,
    Request,
    Slot,
    Table,
    gaps_of,
    plan_claims,
    plan_violations,
    replan,
)
from tashbik.forum.check import claims, violations
from tashbik.forum.dzn import read_dzn
from tashbik.forum.event import AFTERNOON, MORNING, Event
from tashbik.forum.exact import solve
from tashbik.forum.race import Entrant, Send, raced


@dataclass(frozen=True)
class Answer:
    """What a solver said: status, breaks, seconds of wall time."""

    status: str
    breaks: int | None
    seconds: float

    def __str__(self) -> str:
        value = "" if self.breaks is None else f" {self.breaks}"
        return f"{self.status}{value}, {self.seconds:.1f} s"


def allowed(event: Event, number: int) -> list[int]:
    """Slots that a meeting's session, fixing and people allow; nothing is propagated."""
    meeting = event.meetings[number - 1]
    halves = {MORNING: range(1, event.morning_slots + 1), AFTERNOON: range(event.morning_slots + 1, event.slots + 1)}
    slots = halves.get(meeting.session, range(1, event.slots + 1))
    closed = event.forbidden[meeting.first - 1] | event.forbidden[meeting.second - 1]
    return [slot for slot in slots if slot not in closed and meeting.fixed in (0, slot)]


def cp_sat_model(event: Event, fairness: int, most: int | None = None) -> cp_model.CpModel:
    """The problem as one would write it for CP-SAT; with `most`, the question whether so few breaks suffice."""
    model = cp_model.CpModel()
    numbers = range(1, len(event.meetings) + 1)
    at = {(one, slot): model.new_bool_var("") for one in numbers for slot in allowed(event, one)}
    for one in numbers:
        model.add_exactly_one(at[one, slot] for slot in allowed(event, one))
        for before in event.meetings[one - 1].after:
            model.add(
                sum(slot * at[before, slot] for slot in allowed(event, before))
                < sum(slot * at[one, slot] for slot in allowed(event, one))
            )
    for slot in range(1, event.slots + 1):
        model.add(sum(var for (_, when), var in at.items() if when == slot) <= event.tables)
    busy = [_cp_busy(model, event, at, own) for own in event.meetings_of]
    breaks = [_cp_breaks(model, own, len(numbers)) for own, numbers in zip(busy, event.meetings_of, strict=True)]
    most_of, least_of = model.new_int_var(0, event.slots, ""), model.new_int_var(0, event.slots, "")
    for one in breaks:
        model.add(one <= most_of)
        model.add(one >= least_of)
    model.add(most_of - least_of <= fairness)
    if most is None:
        model.minimize(sum(breaks))
        return model
    model.add(sum(breaks) <= most)
    _add_implied(model, event, busy, breaks)
    return model


def _cp_busy(model: cp_model.CpModel, event: Event, at: dict[tuple[int, int], Any], own: tuple[int, ...]) -> list[Any]:
    busy = [model.new_bool_var("") for _ in range(event.slots)] if own else [0] * event.slots
    if own:
        for slot, one in enumerate(busy, 1):
            model.add(sum(at[number, slot] for number in own if (number, slot) in at) == one)
    return busy


def _cp_breaks(model: cp_model.CpModel, busy: list[Any], held: int) -> Any:
    """A variable of at least a participant's breaks; exactly so many satisfy it: what is refuted with it is refuted."""
    if held < 2:
        return 0
    starts = []
    for before, now in pairwise([0, *busy]):
        starts.append(model.new_bool_var(""))
        model.add(starts[-1] >= now - before)
    breaks = model.new_int_var(0, len(busy), "")
    model.add(sum(starts) - 1 <= breaks)
    return breaks


def _add_implied(model: cp_model.CpModel, event: Event, busy: list[list[Any]], breaks: list[Any]) -> None:
    """What follows anyway and helps a refutation: people at tables in each slot, and the span of who has no break."""
    least = len(event.meetings) - (event.slots - 1) * event.tables
    for slot in range(event.slots):
        model.add(sum(own[slot] for own in busy) <= 2 * event.tables)
        model.add(sum(own[slot] for own in busy) >= 2 * least)
    for own, counted, numbers in zip(busy, breaks, event.meetings_of, strict=True):
        if len(numbers) < 2:
            continue
        model.add(sum(own) == len(numbers))
        broken = model.new_bool_var("")
        model.add(counted == 0).only_enforce_if(~broken)
        model.add(counted >= 1).only_enforce_if(broken)
        first, last = model.new_int_var(1, event.slots, ""), model.new_int_var(1, event.slots, "")
        for slot, one in enumerate(own, 1):
            model.add(first <= slot).only_enforce_if(one)
            model.add(last >= slot).only_enforce_if(one)
        model.add(last - first == len(numbers) - 1).only_enforce_if(~broken)


def by_cp_sat(send: Send, event: Event, fairness: int, limit: float, most: int | None = None) -> None:
    """CP-SAT with its default search on two cores."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = limit
    status = solver.solve(cp_sat_model(event, fairness, most))
    value = round(solver.objective_value) if most is None and status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    send((solver.status_name(status).lower(), value))


def plain_wcnf(event: Event, fairness: int) -> WCNF:
    """The basic MaxSAT encoding: one soft clause for each participant and slot at which a break can end."""
    if all(len(own) > 1 for own in event.meetings_of):
        raise ValueError("fairness is encoded only for events in which somebody has no breaks")
    formula = WCNF()
    top = 0

    def new() -> int:
        nonlocal top
        top += 1
        return top

    at = {(one, slot): new() for one in range(1, len(event.meetings) + 1) for slot in allowed(event, one)}

    def at_most(literals: list[int], bound: int) -> None:
        nonlocal top
        if len(literals) > bound:
            made = CardEnc.atmost(literals, bound, top_id=top, encoding=EncType.seqcounter)
            formula.extend(made.clauses)
            top = max(top, made.nv)

    for one in range(1, len(event.meetings) + 1):
        here = [at[one, slot] for slot in allowed(event, one)]
        formula.append(here)
        formula.extend([-a, -b] for a, b in combinations(here, 2))
        for before in event.meetings[one - 1].after:
            for slot in allowed(event, one):
                formula.extend(
                    [-at[one, slot], -at[before, other]] for other in allowed(event, before) if other >= slot
                )
    for slot in range(1, event.slots + 1):
        at_most([var for (_, when), var in at.items() if when == slot], event.tables)
    for own in event.meetings_of:
        ends = _plain_breaks(formula, new, at, own, event.slots)
        at_most(ends, fairness)
        for one in ends:
            formula.append([-one], weight=1)
    return formula


def _plain_breaks(
    formula: WCNF, new: Any, at: dict[tuple[int, int], int], own: tuple[int, ...], slots: int
) -> list[int]:
    busy, before = [new() for _ in range(slots)], [new() for _ in range(slots)]
    for slot in range(slots):
        here = [at[one, slot + 1] for one in own if (one, slot + 1) in at]
        formula.extend([-a, -b] for a, b in combinations(here, 2))
        formula.append([-busy[slot], *here])
        formula.extend([-one, busy[slot]] for one in here)
        formula.append([-busy[slot], before[slot]])
    formula.extend([-one, two] for one, two in pairwise(before))
    ends = []
    for slot in range(1, slots - 1):
        ends.append(new())
        formula.append([-before[slot - 1], busy[slot], -busy[slot + 1], ends[-1]])
    return ends


def by_rc2(send: Send, event: Event, fairness: int) -> None:
    """RC2 with its defaults (Glucose 3) on the plain encoding."""
    with RC2(plain_wcnf(event, fairness)) as solver:
        model = solver.compute()
        send(("infeasible", None) if model is None else ("optimal", solver.cost))


def rival(method: Any, event: Event, fairness: int, limit: float, *more: Any) -> Answer:
    """The answer of a rival in a process of its own, ended at the limit."""
    started = time.perf_counter()
    with closing(raced([Entrant("rival", method, (event, fairness, *more))], time_limit=limit)) as messages:
        for _, (status, value) in messages:
            return Answer(status, value, time.perf_counter() - started)
    return Answer("unknown", None, time.perf_counter() - started)


def recheck(event: Event, fairness: int, status: str, breaks: int | None, limit: float) -> str:
    """A second proof of an answer by the plain models beside each other: who came first, `open` where neither did in time."""
    if status == "optimal" and breaks == 0:
        return "trivial"
    most = len(event.meetings) * event.slots if breaks is None else breaks - 1
    entrants = [
        Entrant("CP-SAT", by_cp_sat, (event, fairness, limit, most)),
        Entrant("RC2", by_rc2, (event, fairness)),
    ]
    expected = {"CP-SAT": ("infeasible", None), "RC2": (status, breaks)}
    with closing(raced(entrants, time_limit=limit)) as messages:
        for name, answer in messages:
            if answer != ("unknown", None):
                return name if answer == expected[name] else f"CONTRADICTED by {name}: {answer}"
    return "open"


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime + own.ru_utime + own.ru_stime


def _row(record: dict[str, Any], folder: Path, arguments: argparse.Namespace) -> tuple[str, bool]:
    event, fairness = read_dzn(folder / record["file"]), record["d"]
    before = _cpu()
    found = solve(event, fairness=fairness, time_limit=arguments.limit)
    cpu = _cpu() - before
    sound = not claims(event, found)
    if found.meetings:
        sound = sound and not violations(event, found.meetings, fairness=fairness)
    right = sound and (found.status, found.breaks) == (record["status"], record["value"])
    cells = [
        record["file"].removesuffix(".dzn"),
        str(fairness),
        f"{record['status']} {record['value'] if record['value'] is not None else ''}".strip(),
    ]
    cells += [str(Answer(found.status, found.breaks, found.seconds)), f"{cpu:.1f}", "yes" if right else "**no**"]
    wanted = arguments.rivals == "all" or (
        arguments.rivals == "originals" and record["variant"] == "original" and fairness == 2
    )
    if wanted:
        cells.append(str(rival(by_cp_sat, event, fairness, arguments.limit + 5, arguments.limit)))
        cells.append(str(rival(by_rc2, event, fairness, arguments.limit)))
    else:
        cells += ["", ""]
    again = arguments.recheck and found.status in ("optimal", "infeasible")
    cells.append(recheck(event, fairness, found.status, found.breaks, arguments.limit) if again else "")
    return "| " + " | ".join(cells) + " |", right


def forum_of(people: int, requests: int, days: int, per_day: int, tables: int, seed: int = 1) -> Forum:
    """A forum of chance: languages and absences as they occur, some people asked for far more often than others."""
    rng = random.Random(seed)
    slots = tuple(
        Slot(f"{9 + index // 2}:{30 * (index % 2):02}", day, "morning" if 2 * index < per_day else "afternoon")
        for day in range(1, days + 1)
        for index in range(per_day)
    )
    spoken = [("ar", "fr")] * 8 + [("ar", "en")] * 4 + [("ar",)] * 3 + [("fr", "en")] * 3 + [("en",)] * 2
    everybody = tuple(
        Person(
            f"p{index}",
            rng.choice(spoken),
            rng.choice([None, None, 8, 12]),
            tuple(sorted(rng.sample(range(1, len(slots) + 1), rng.choice([0, 0, 0, 1, 2, 4])))),
        )
        for index in range(people)
    )
    wanted = [rng.paretovariate(1.5) for _ in range(people)]
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < requests:
        one, other = rng.randrange(people), rng.choices(range(people), wanted)[0]
        if one != other:
            pairs.setdefault((min(one, other), max(one, other)))
    asked = tuple(
        Request(f"r{index}", f"p{one}", f"p{other}", rng.choice([2, 2, 2, 5]), rng.random() < 0.05)
        for index, (one, other) in enumerate(pairs)
    )
    languages = [("ar", "en"), ("ar", "fr"), ("fr", "en")]
    interpreters = tuple(Interpreter(f"i{index}", languages[index % 3]) for index in range(6))
    return Forum(
        slots, everybody, asked, tuple(Table(f"t{index}", "AB"[index % 2]) for index in range(tables)), interpreters
    )


def measure_forum(limit: float) -> None:
    """Plan two days of 8, 12 and 20 slots with 60 tables, and plan each anew with four absences and two added requests."""
    from tashbik.forum.planning import plan

    print(
        "| slots a day | held | musts | wishes | gaps (people with more than 2; of them proven unavoidable) | moves | s | new plan: changed (unavoidable) | s |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for per_day in (8, 12, 20):
        forum = forum_of(500, 2500, 2, per_day, 60)
        found = plan(forum, time_limit=limit)
        assert not plan_violations(forum, found.meetings) and not plan_claims(forum, found)
        changes = Changes(
            now=3,
            absences=(Absence("p1"), Absence("p7", 5), Absence("p9", 1, 8), Absence("p20")),
            added=(Request("n1", "p3", "p4", 5, True), Request("n2", "p30", "p44", 5)),
        )
        revision = replan(forum, found.meetings, changes)
        many = sum(gaps > 2 for gaps in gaps_of(forum, found.meetings).values())
        forced = sum(one.value == one.bound for one in found.many_gaps.values())
        levels = [f"{one.value} of {one.bound}" for one in (found.musts, found.wishes)]
        levels += [f"{found.gaps.value} ({many}; {forced})", f"{found.moves.value} (at least {found.moves.bound})"]
        cells = [str(per_day), str(len(found.meetings)), *levels, f"{found.seconds:.0f}"]
        cells += [f"{revision.changes} ({revision.bound})", f"{revision.seconds:.2f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Print the table in Markdown, row by row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rivals", choices=["originals", "all", "none"], default="originals")
    parser.add_argument("--recheck", action="store_true", help="prove every answer a second time by the plain models")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for each solver and instance")
    parser.add_argument("--only", default="", help="files whose names contain this")
    parser.add_argument("--fairness", type=int, default=None, help="runs of this fairness bound only")
    parser.add_argument("--forum", action="store_true", help="plan a forum of 500 people and 2,500 requests instead")
    arguments = parser.parse_args()
    if arguments.forum:
        measure_forum(arguments.limit)
        return
    folder = Path(os.environ.get("TASHBIK_SHARED", "../shared")) / "data" / "meetings"
    records = json.loads((folder / "published_visible.json").read_text(encoding="utf-8"))
    records = [one for one in records if arguments.only in one["file"] and arguments.fairness in (None, one["d"])]
    print("| event | d | published | this project | CPU s | right | CP-SAT | RC2 | second proof |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    right = 0
    for record in records:
        row, good = _row(record, folder, arguments)
        right += good
        print(row, flush=True)
    print(f"\n{right} of {len(records)} as published")


if __name__ == "__main__":
    main()
