"""Many enterprises to index entries on all cores. Not one need (match.py)."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from tashbik.language.encoder import Encoder, default_encoder
from tashbik.linkage.background import Background, default_background
from tashbik.linkage.index import Entry
from tashbik.linkage.offers import entries
from tashbik.registry.records import Enterprise

CHUNK = 1_000
SERIAL_BELOW = 3_000
"""Enterprises below which starting processes costs more than it saves."""


def parallel_entries(
    enterprises: Iterable[Enterprise], encoder: Encoder, background: Background
) -> Iterator[list[Entry]]:
    """Batches of entries in order. With few enterprises, one core or another encoder than the default, in this process."""
    stream = iter(enterprises)
    first = list(islice(stream, SERIAL_BELOW))
    cores = os.cpu_count() or 1
    if len(first) < SERIAL_BELOW or cores == 1 or encoder is not default_encoder():
        for batch in _chunks(_chain(first, stream)):
            yield list(entries(batch, encoder, background))
        return
    yield from _in_processes(_chain(first, stream), cores)


def _chain(first: list[Enterprise], rest: Iterator[Enterprise]) -> Iterator[Enterprise]:
    yield from first
    yield from rest


def _chunks(enterprises: Iterable[Enterprise]) -> Iterator[list[Enterprise]]:
    stream = iter(enterprises)
    while batch := list(islice(stream, CHUNK)):
        yield batch


def _in_processes(enterprises: Iterator[Enterprise], cores: int) -> Iterator[list[Entry]]:
    """At most two chunks a core are under way, so that memory does not grow with the register."""
    context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    with ProcessPoolExecutor(cores, mp_context=context) as pool:
        waiting: deque[Future[list[Entry]]] = deque()
        for batch in _chunks(enterprises):
            waiting.append(pool.submit(_encoded, batch))
            if len(waiting) >= 2 * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _encoded(batch: list[Enterprise]) -> list[Entry]:
    return list(entries(batch, default_encoder(), default_background()))
