"""The register that the worker holds: opened from its file after a restart, read anew where the file is damaged, old or of other rows."""

from __future__ import annotations

import logging
import stat

import pytest
from msgspec.structs import replace

from tashbik.exchange import held_register, jobs, pairing
from tashbik.exchange.held_register import HeldRegister, forget_register, place
from tashbik.exchange.models import Enterprise, Exchange, Head, IdentityPair
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import new_row, store
from tashbik.exchange.verbs import identity, undoing
from tashbik.registry import records
from tashbik.registry.identity import stored
from tests.world import World, record


@pytest.fixture(autouse=True)
def no_register_in_memory():
    forget_register()
    yield
    forget_register()


@pytest.fixture
def reads(monkeypatch) -> list[int]:
    """The sizes of the registers that were read from the rows."""
    read, real = [], pairing.read_register

    def counted(alive):
        made = real(alive)
        read.append(len(made.profiles))
        return made

    for module in (pairing, held_register):
        monkeypatch.setattr(module, "read_register", counted)
    return read


def last() -> int:
    return Head.objects.get(name="index").number


def held() -> HeldRegister:
    return held_register.held_register(last(), lambda _: None)


def after_restart() -> HeldRegister:
    forget_register()
    return held()


def added(world: World, local: str, name: str, town: str = "Blida", **fields) -> Enterprise:
    made = replace(record(local, name, "صب الألمنيوم", "DZ", town), **fields)
    return store(new_row(world.dz, made), made)


def judged(one: HeldRegister, enterprise: Enterprise) -> list[tuple]:
    return [(pair.first, pair.second, pair.probability) for pair in one.near(enterprise.pk, pairing.default_model())]


def test_a_restarted_worker_opens_what_the_first_one_wrote(world: World, reads: list[int]) -> None:
    second = added(world, "S-1", "Fonderie du Sahel")
    before = held()
    assert stat.S_IMODE(place().stat().st_mode) == 0o600
    again = after_restart()
    assert again is not before and again.built == before.built and len(reads) == 1
    assert judged(again, second) == judged(before, second) != []


def test_what_changed_while_no_worker_ran_is_taken_in(world: World, reads: list[int]) -> None:
    held()
    second = added(world, "S-1", "Fonderie du Sahel")
    again = after_restart()
    assert len(reads) == 1 and again.change == last()
    assert {pair[:2] for pair in judged(again, second)} >= {(world.enterprises[1].pk, second.pk)}


@pytest.mark.parametrize("share", [0, 0.02, 0.5, 0.999])
def test_a_file_cut_short_is_made_anew(world: World, reads: list[int], caplog, share: float) -> None:
    held()
    whole = place().read_bytes()
    place().write_bytes(whole[: int(len(whole) * share)])
    with caplog.at_level(logging.WARNING, "tashbik.identity"):
        after_restart()
    assert len(reads) == 2 and "made anew" in caplog.text
    after_restart()
    assert len(reads) == 2


def test_a_file_with_a_wrong_byte_or_of_an_older_release_is_made_anew(
    world: World, reads: list[int], monkeypatch
) -> None:
    held()
    whole = bytearray(place().read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    place().write_bytes(bytes(whole))
    after_restart()
    assert len(reads) == 2
    monkeypatch.setattr(stored, "VERSION", "0.0.9/1")
    forget_register()
    held_register.hold(pairing.read_register(lambda _: None), held_register.built_from(last()), lambda _: None)
    monkeypatch.undo()
    assert after_restart().change == last()


def test_a_file_of_another_database_or_of_other_countries_is_made_anew(world: World, reads: list[int]) -> None:
    held()
    Head.objects.filter(name="index").update(digest="f" * 16)  # as restoring a backup does
    after_restart()
    assert len(reads) == 2
    Enterprise.objects.filter(pk=world.enterprises[0].pk).update(version=7)
    after_restart()
    assert len(reads) == 3
    Exchange.objects.filter(code="tn").update(country="LY")
    assert after_restart().identity.setting.homes == {"DZ", "LY"} and len(reads) == 4


def test_a_folder_that_cannot_be_written_costs_the_file_only(world: World, caplog) -> None:
    place().mkdir()
    with caplog.at_level(logging.WARNING, "tashbik.identity"):
        assert held().change == last()
    assert "not stored" in caplog.text and not list(place().parent.glob("identity.npz.*"))


def test_the_file_is_written_anew_after_many_additions(world: World, reads: list[int], monkeypatch) -> None:
    monkeypatch.setattr(held_register, "STORE_EVERY", 2)
    monkeypatch.setattr(held_register, "WORN", 0)
    held()
    added(world, "S-1", "Fonderie du Sahel")
    held()
    opened = held_register.RegisterIdentity.open(place())
    assert len(opened.profiles) == reads[0]
    added(world, "S-2", "Minoterie Atlas")
    held()
    assert len(held_register.RegisterIdentity.open(place()).profiles) == reads[0] + 2 and len(reads) == 1


def test_a_register_that_took_in_much_is_read_anew(world: World, reads: list[int], monkeypatch) -> None:
    held()
    added(world, "S-1", "Fonderie du Sahel")
    held()
    monkeypatch.setattr(held_register, "STORE_EVERY", 0)
    held()
    assert reads == [reads[0], reads[0] + 1]


def test_the_job_keeps_what_it_compared_and_opens_it_later(world: World, reads: list[int], monkeypatch) -> None:
    monkeypatch.setattr(identity, "SMALL", 0)
    monkeypatch.setattr(identity, "MANY", 1)
    identity.find(actor=world["officer"])
    jobs.work_off()
    assert place().exists() and len(reads) == 1
    forget_register()
    second = added(world, "S-1", "Fonderie du Sahel")
    jobs.enqueue("identity.find")
    jobs.work_off()
    assert len(reads) == 1
    assert IdentityPair.objects.filter(first=world.enterprises[1], second=second).exists()


def test_erased_contacts_leave_memory_and_file(
    world: World, reads: list[int], django_capture_on_commit_callbacks
) -> None:
    second = added(world, "S-1", "Fonderie du Sahel", contacts=(records.Contact(phone="025 99 88 77"),))
    held()
    assert b"25998877" in place().read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        undoing.erase(actor=world["officer"], enterprise=second)
    assert not place().exists()
    again = held()
    assert len(reads) == 2 and b"25998877" not in place().read_bytes()
    assert not any("25998877" in one.phones for one in again.identity.profiles)
    assert record_of(Enterprise.objects.get(pk=second.pk)).contacts == ()


def test_countries_of_the_exchanges_are_at_home(world: World) -> None:
    second = added(world, "S-1", "Fonderie du Sahel")
    (pair,) = [one for one in held().near(second.pk, pairing.default_model()) if one.first == world.enterprises[1].pk]
    assert pair.levels["country"] == "same-home"
    assert (
        pairing.in_words({"field": "country", "level": "same-home"}, "fr")[1]
        == "dans le même pays, couvert par le registre"
    )
