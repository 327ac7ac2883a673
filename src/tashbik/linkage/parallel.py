"""The two heavy steps of an import, understanding and encoding, on all cores and in order. Not the steps themselves."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import TypeVar

from tashbik.language.encoder import Encoder, default_encoder
from tashbik.linkage.background import Background, default_background
from tashbik.linkage.index import Entry
from tashbik.linkage.offers import entries
from tashbik.registry.records import Enterprise
from tashbik.registry.rejects import Reject
from tashbik.registry.understanding import understand

CHUNK = 1_000
SERIAL_BELOW = 3_000
"""Items below which starting processes costs more than it saves."""

A = TypeVar("A")
B = TypeVar("B")


def understood(items: Iterable[Enterprise | Reject]) -> Iterator[Enterprise | Reject]:
    """Every enterprise understood, rejects passed on, in order."""
    yield from chain.from_iterable(in_batches(_understood, items))


def _understood(batch: list[Enterprise | Reject]) -> list[Enterprise | Reject]:
    return [item if isinstance(item, Reject) else understand(item) for item in batch]


def encoded(enterprises: Iterable[Enterprise], encoder: Encoder, background: Background) -> Iterator[list[Entry]]:
    """Index entries of understood enterprises, in batches; in this process where another encoder than the default is asked for."""
    if encoder is default_encoder():
        yield from in_batches(_encoded, enterprises)
        return
    for batch in _batches(iter(enterprises)):
        yield list(entries(batch, encoder, background))


def _encoded(batch: list[Enterprise]) -> list[Entry]:
    return list(entries(batch, default_encoder(), default_background()))


def in_batches(function: Callable[[list[A]], list[B]], items: Iterable[A]) -> Iterator[list[B]]:
    """`function` over batches of items, results in order; on all cores when there are many items.

    At most two batches a core are under way, so that memory does not grow with the items.
    """
    stream = iter(items)
    first = list(islice(stream, SERIAL_BELOW))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if len(first) < SERIAL_BELOW or cores == 1:
        for batch in _batches(chain(first, stream)):
            yield function(batch)
        return
    context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    with ProcessPoolExecutor(cores, mp_context=context, initializer=_end_with_parent, initargs=(os.getpid(),)) as pool:
        waiting: deque[Future[list[B]]] = deque()
        for batch in _batches(chain(first, stream)):
            waiting.append(pool.submit(function, batch))
            if len(waiting) >= 2 * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _end_with_parent(parent: int) -> None:
    """Let a worker end when the process that it works for was killed: an orphan would keep the files' locks that it inherited."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _batches(stream: Iterator[A]) -> Iterator[list[A]]:
    while batch := list(islice(stream, CHUNK)):
        yield batch
