"""Forums of chance for the tests; no tests."""

from __future__ import annotations

import random

from tashbik.forum import Forum, Interpreter, Person, Request, Slot, Table

LANGUAGES = [("ar",), ("ar", "fr"), ("fr", "en"), ("en",)]


def forum_of_chance(
    seed: int, *, people: int = 12, requests: int = 25, days: int = 2, per_day: int = 4, tables: int = 3
) -> Forum:
    """A forum with all that the records can say: languages, limits, absences, sessions, fixed slots, precedence."""
    rng = random.Random(seed)
    slots = tuple(
        Slot(f"{9 + index}:00", day, "morning" if 2 * index < per_day else "afternoon")
        for day in range(1, days + 1)
        for index in range(per_day)
    )
    everybody = tuple(
        Person(
            f"p{index}",
            rng.choice(LANGUAGES),
            rng.choice([None, None, 3]),
            tuple(sorted(rng.sample(range(1, len(slots) + 1), rng.choice([0, 0, 1, 2])))),
        )
        for index in range(people)
    )
    asked: list[Request] = []
    for index in range(requests):
        first, second = rng.sample(range(people), 2)
        asked.append(
            Request(
                f"r{index}",
                f"p{first}",
                f"p{second}",
                rng.choice([2, 2, 5]),
                rng.random() < 0.1,
                rng.choice(["", "", "", "morning"]),
                rng.choice([None] * 9 + [rng.randint(1, len(slots))]),
                (f"r{index - 1}",) if index and rng.random() < 0.1 else (),
            )
        )
    return Forum(
        slots,
        everybody,
        tuple(asked),
        tuple(Table(f"t{index}", "AB"[index % 2]) for index in range(tables)),
        (Interpreter("i1", ("ar", "en")), Interpreter("i2", ("ar", "fr"), (1,))),
    )
