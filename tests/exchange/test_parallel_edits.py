"""Two people edit one record in the same moment, each in a thread and a transaction of their own: one is kept, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, transaction
from msgspec.structs import replace

from tashbik.errors import ConflictError
from tashbik.exchange.audit import broken_links
from tashbik.exchange.models import Enterprise, Head
from tashbik.exchange.projection import record_of
from tashbik.exchange.verbs import register
from tests.world import World, make_world

ROUNDS = 8

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite's test database lives in memory, where threads cannot write beside each other; runs on PostgreSQL",
    ),
]


@pytest.fixture
def world(transactional_db: None, data_folder: Path) -> World:
    """The small installation, committed, so that other threads see it. The counters, which migrations make, may have been emptied away."""
    with transaction.atomic():
        for name in ("audit", "index"):
            Head.objects.get_or_create(name=name)
        return make_world()


def edited(world: World, key: int, version: int, name: str, together: Barrier) -> str:
    """What came of an edit that begins when the other one does: the name that was kept, or "told"."""
    try:
        enterprise = Enterprise.objects.get(pk=key)
        record = replace(record_of(enterprise), names={"en": name})
        together.wait(30)
        register.edit(actor=world["officer"], enterprise=enterprise, record=record, version=version)
    except ConflictError:
        return "told"
    finally:
        connection.close()
    return name


def test_of_two_edits_in_one_moment_one_is_kept_and_the_other_told(world: World) -> None:
    key = world.enterprises[0].pk
    for number in range(ROUNDS):
        version = Enterprise.objects.get(pk=key).version
        together = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            names = [f"Name {number} {side}" for side in ("a", "b")]
            begun = [pool.submit(edited, world, key, version, name, together) for name in names]
            results = [one.result() for one in begun]
        kept = [result for result in results if result != "told"]
        assert len(kept) == 1 and results.count("told") == 1
        now = Enterprise.objects.get(pk=key)
        assert now.version == version + 1
        assert record_of(now).names == {"en": kept[0]}
    assert list(broken_links()) == []
