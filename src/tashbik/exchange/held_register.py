"""The register as the worker holds it to check single enterprises: in memory, and in a file from which the next worker opens it. Not the pairs (pairing.py).

The file (`TASHBIK_DATA/identity.npz`) is a convenience: it says which database it was made from, up to which change, after which erasure of
personal data and for which countries. Where that is not what the rows say, or where it cannot be read, the register is read anew.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Max

from tashbik.errors import FileError
from tashbik.exchange.models import Enterprise, Head
from tashbik.exchange.models.audit import AuditEntry
from tashbik.exchange.pairing import (
    LEAST,
    NEAR,
    Found,
    awaited,
    found_of,
    homes,
    key_of,
    living,
    particulars_of,
    read_register,
)
from tashbik.registry.identity import Model, RegisterIdentity

_log = logging.getLogger("tashbik.identity")
STORE_EVERY = 500
"""Changed records taken in after which the file is written anew."""
WORN = 10
"""The register is read anew once one in so many of its records was taken in since: words keep the weights of the reading."""


ABANDONED = 3_600.0
"""Seconds after which a file that is not whole is nobody's any more."""


class BuiltFrom(msgspec.Struct, frozen=True):
    """What a register was made from: the database, its last change taken in, its last erasure, the own countries, the records read."""

    database: str
    change: int
    erasure: int
    homes: tuple[str, ...]
    records: int


def built_from(change: int, records: int = 0) -> BuiltFrom:
    """That of the rows as they are now, up to a change. To be asked before they are read, so that no erasure is missed."""
    erasure = AuditEntry.objects.filter(verb="enterprise.erase").aggregate(last=Max("number"))["last"] or 0
    return BuiltFrom(Head.objects.get(name="index").digest, change, erasure, homes(), records)


class HeldRegister:
    """A changed record stands in it anew under its version, the old ones are passed over."""

    def __init__(self, identity: RegisterIdentity, built: BuiltFrom) -> None:
        self.identity = identity
        self.built = built
        self.current = {key_of(one.id): one.id for one in identity.profiles}
        self._untold = 0

    @property
    def change(self) -> int:
        """The change number up to which it was taken in."""
        return self.built.change

    def still_true(self) -> bool:
        """Whether it is that of the rows, as far as a sample tells: not after another database was put in place, nor after an erasure."""
        last = Enterprise.objects.aggregate(last=Max("change"))["last"] or 0
        if self.built != built_from(self.change, self.built.records) or last < self.change or self.is_worn():
            return False
        sample = list(self.current)[:: max(1, len(self.current) // 200)]
        rows = living().filter(pk__in=sample, change__lte=self.change).values_list("pk", "version")
        return all(self.current[pk] == f"{pk}:{version}" for pk, version in rows)

    def is_worn(self) -> bool:
        """Whether it was read so long ago that the weights of its words tell little."""
        return (len(self.identity.profiles) - self.built.records) * WORN > self.built.records + STORE_EVERY

    def take(self, rows: Sequence[tuple[int, int, dict[str, Any]]], change: int) -> None:
        """Take changed rows in."""
        for one in particulars_of(rows):
            if self.current.get(key_of(one.id)) != one.id:
                self.identity.add(one)
                self.current[key_of(one.id)] = one.id
                self._untold += 1
        self.built = msgspec.structs.replace(self.built, change=change)

    def near(self, key: int, model: Model) -> list[Found]:
        """The pairs of one enterprise that the register holds."""
        identity = self.identity
        identity.model = model
        mine = self.current[key]
        record = living().filter(pk=key).values_list("pk", "version", "record").first()
        if record is None:
            return []
        (particulars,) = particulars_of([record])
        found = [one for one in identity.check_one(particulars, limit=NEAR, least=LEAST) if one.first == mine]
        return [found_of(one) for one in found if self.current[key_of(one.second)] == one.second]

    def store_now_and_then(self) -> None:
        """Write the file where much was taken in since it was written."""
        if self._untold >= STORE_EVERY:
            self.store()

    def store(self) -> None:
        """Write the file; where that cannot be done the register is only read anew after a restart."""
        plain = msgspec.to_builtins(self.built)
        self.identity.built_from = {name: msgspec.json.encode(value).decode() for name, value in plain.items()}
        try:
            self.identity.save(place())
        except OSError as error:
            _log.warning("the register's identity was not stored in %s: %s", place(), error)
        self._untold = 0


_held: HeldRegister | None = None


def place() -> Path:
    """The file of this installation."""
    return Path(settings.TASHBIK_DATA) / "identity.npz"


def held_register(change: int, alive: Callable[[int], None]) -> HeldRegister:
    """The register in this process's memory as of a change number; opened or read where it is not there yet."""
    global _held
    if _held is None or not _held.still_true():
        worn = _held is not None and _held.is_worn()
        _held = None if worn else _opened(alive)
    if _held is None:
        built = built_from(change)
        _held = hold(read_register(alive), built, alive)
    rows = living().filter(change__gt=_held.change, change__lte=change).order_by("change")
    _held.take(list(rows.values_list("pk", "version", "record")), change)
    awaited(_held.store_now_and_then, lambda: alive(0))
    return _held


def hold(identity: RegisterIdentity, built: BuiltFrom, alive: Callable[[int], None]) -> HeldRegister:
    """Hold a register that was read from these rows, and write its file."""
    global _held
    identity.forget_pairs()
    held = _held = HeldRegister(identity, msgspec.structs.replace(built, records=len(identity.profiles)))
    awaited(held.store, lambda: alive(len(identity.profiles)))
    return held


def _opened(alive: Callable[[int], None]) -> HeldRegister | None:
    """What the file holds; None where there is none, or none of these rows."""
    _clear_unfinished()
    if not place().exists():
        return None
    try:
        identity = awaited(lambda: RegisterIdentity.open(place()), lambda: alive(0))
        plain = {name: msgspec.json.decode(value) for name, value in identity.built_from.items()}
        held = HeldRegister(identity, msgspec.convert(plain, BuiltFrom))
    except (FileError, msgspec.MsgspecError) as error:
        _log.warning("the stored identity is made anew: %s", error)
        return None
    return held if held.still_true() else None


def _clear_unfinished() -> None:
    """Remove what a process that was killed left half written."""
    for one in place().parent.glob(f"{place().name}.*"):
        with suppress(FileNotFoundError):
            if time.time() - one.stat().st_mtime > ABANDONED:
                one.unlink()


def forget_register() -> None:
    """Let the register in memory go."""
    global _held
    _held = None


def drop_stored() -> None:
    """Remove the file, whole and unfinished ones: it holds contacts, which an erasure has to reach."""
    for one in (place(), *place().parent.glob(f"{place().name}.*")):
        one.unlink(missing_ok=True)


def pairs_of(held: HeldRegister, keys: Sequence[int], model: Model, alive: Callable[[int], None]) -> list[Found]:
    """The pairs of some enterprises, each pair once."""
    found: dict[tuple[int, int], Found] = {}
    for number, key in enumerate(keys, 1):
        if key in held.current:
            found |= {(one.first, one.second): one for one in held.near(key, model)}
        if number % 200 == 0:
            alive(number)
    return list(found.values())
