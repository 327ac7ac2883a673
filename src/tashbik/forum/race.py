"""Runs methods beside each other, each in a process of its own, and ends them all. Knows neither meetings nor solvers."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from tashbik.errors import TashbikError

GRACE = 2
"""Seconds beyond the time limit after which the system ends a process whose starter could not."""

Send = Callable[[Any], None]
Method = Callable[..., None]
"""A function of a module, called with a `Send` and its arguments; all of them can be pickled."""


@dataclass(frozen=True)
class Entrant:
    """A method with its arguments, and its name."""

    name: str
    method: Method
    arguments: tuple[Any, ...]


def raced(entrants: Sequence[Entrant], *, time_limit: float) -> Generator[tuple[str, Any], None, None]:
    """What the methods send, with their names, as it comes; ends when all have ended or after `time_limit` seconds.

    The processes are killed when the iterator is closed, exhausted or left by an exception, Ctrl-C included. Should the starter
    itself be killed, the system ends them with it (Linux) or soon after the time limit (elsewhere on POSIX).
    Raises RaceError where every method failed.
    """
    deadline = time.monotonic() + time_limit
    context = multiprocessing.get_context("spawn")
    running: dict[Connection[Any, Any], tuple[str, SpawnProcess]] = {}
    failed = 0
    try:
        for one in entrants:
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(
                target=_run, args=(sender, os.getpid(), time_limit, one.method, one.arguments), daemon=True
            )
            process.start()
            sender.close()
            running[receiver] = one.name, process
        while running and (left := deadline - time.monotonic()) > 0:
            ready = set(wait(list(running), left))
            for receiver in [one for one in running if one in ready]:
                name, process = running[receiver]
                try:
                    yield name, receiver.recv()
                except EOFError:
                    process.join()
                    failed += process.exitcode != 0
                    receiver.close()
                    del running[receiver]
        if failed == len(entrants):
            raise RaceError("every method of the solver ended early", mend="is there enough memory?")
    finally:
        _end(running)


class RaceError(TashbikError):
    """All processes of a race ended before they were done."""

    code = "solver-ended"


def _end(running: dict[Connection[Any, Any], tuple[str, SpawnProcess]]) -> None:
    for _, process in running.values():
        process.kill()
    for receiver, (_, process) in running.items():
        process.join()
        process.close()
        receiver.close()


def _run(
    sender: Connection[Any, Any], starter: int, time_limit: float, method: Method, arguments: tuple[Any, ...]
) -> None:
    _end_with_starter(starter, time_limit)
    with suppress(BrokenPipeError):
        method(sender.send, *arguments)
    sender.close()


def _end_with_starter(starter: int, time_limit: float) -> None:
    """A solver in C does not hear Python's signals: the system must end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the starter ends us, without a traceback
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(ceil(time_limit) + GRACE)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if hasattr(os, "getppid") and os.getppid() != starter:
        os._exit(1)  # it was killed before we could ask to be ended with it
