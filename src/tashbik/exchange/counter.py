"""The change numbers by which the index follows the register. Not the following (index.py)."""

from __future__ import annotations

from collections.abc import Sequence

from tashbik.exchange.models import Enterprise, Head


def next_changes(count: int) -> int:
    """The first of `count` new change numbers. Must run in a transaction: the counter is locked until its end, so that numbers
    become visible in their order and a reader never passes over one that is still to be committed."""
    head = Head.objects.select_for_update().get(name="index")
    head.number += count
    head.save(update_fields=["number"])
    return head.number - count + 1


def numbered(rows: Sequence[Enterprise]) -> None:
    """Give rows (not yet saved) their change numbers."""
    first = next_changes(len(rows))
    for offset, row in enumerate(rows):
        row.change = first + offset
