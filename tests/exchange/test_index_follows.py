"""The index follows the register's rows exactly."""

from __future__ import annotations

import msgspec

from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Head
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import restate, store
from tashbik.registry import records
from tests.world import World, record


def found(words: str) -> set[str]:
    return set(register_index().enterprises_like(words, 10))


def test_new_changed_and_withdrawn_enterprises_are_followed(world: World) -> None:
    index = register_index()
    assert index.follow() == 4
    assert index.health().problems == ()
    assert "dz:F-2" in found("moulage sous pression")
    changed = record("dz:F-2", "Fonderie du Sahel", "Confiserie et chocolaterie", "DZ", "Blida")
    store(Enterprise.objects.get(code="dz:F-2"), changed)
    restate(Enterprise.objects.get(code="dz:F-1"), Enterprise.Status.WITHDRAWN)
    assert index.health().behind == 2
    assert index.follow() == 2
    assert index.health().problems == ()
    assert "dz:F-1" not in found("صب الألمنيوم تحت الضغط")
    assert next(iter(index.enterprises_like("chocolat", 5))) == "dz:F-2"


def test_an_index_of_another_database_is_made_anew(world: World) -> None:
    register_index().follow()
    Head.objects.filter(name="index").update(digest="another")
    register_index.cache_clear()
    assert register_index().health().problems
    assert register_index().follow() == 4
    assert register_index().health().problems == ()


def test_a_damaged_index_is_made_anew(world: World, data_folder) -> None:
    register_index().follow()
    (data_folder / "index" / "made-with.json").write_text("{")
    register_index.cache_clear()
    register_index().follow()
    assert register_index().health().problems == ()


def test_columns_come_from_the_record(world: World) -> None:
    row = Enterprise.objects.get(code="dz:F-1")
    assert (row.country, row.region, row.has_spare, row.capabilities) == ("DZ", "DZ-19", True, 1)
    assert row.facets.filter(kind="process", value="process.metal-casting").exists()  # broader than what is stated
    assert msgspec.convert(row.record, records.Enterprise) == record_of(row)


def test_matches_come_from_the_index(world: World) -> None:
    register_index().follow()
    need = msgspec.convert(world.need.record, records.Need)
    (result,) = register_index().matcher().match(need)
    assert {link.enterprise for link in result.links} >= {"dz:F-1", "dz:F-2"}
    assert "dz:F-3" not in {link.enterprise for link in result.links}
