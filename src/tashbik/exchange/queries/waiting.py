"""What waits for an actor: the tasks of the first page. Each area registers its own; nothing is listed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tashbik.exchange.actor import Actor


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: its text, the page (a URL name with arguments) where it is done, how many, until when, and how urgent (lower first).

    `view` is the view of a list that shows just these.
    """

    label: Any
    page: str
    arguments: tuple[Any, ...] = ()
    count: int = 0
    detail: Any = ""
    due: Any = None
    urgency: int = 5
    view: str = ""


Source = Callable[[Actor], Iterator[Task]]
_sources: list[Source] = []


def waits(source: Source) -> Source:
    """Register a function that yields the tasks of an actor (none for whom it is not)."""
    _sources.append(source)
    return source


def waiting_for(actor: Actor) -> list[Task]:
    """All tasks of the actor, the most urgent first."""
    tasks = [task for source in _sources for task in source(actor)]
    return sorted(tasks, key=lambda task: task.urgency)
