"""Participants from a file, and the mending of rows that could not be taken. Each row is taken whole or kept whole: none is half-written or lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import append_many, changed, verb
from tashbik.exchange.models import Edition, Participant, ParticipantList
from tashbik.exchange.participant_details import Details, apply, linked
from tashbik.exchange.participant_rows import (
    REGISTERED,
    REPEATED,
    SUFFIXES,
    FileRow,
    columns_of,
    rows_of,
    understood,
)
from tashbik.exchange.quotas import Places
from tashbik.language.analysis import fold

Status = Participant.Status


@verb("participant.import", on="edition")
def take(*, actor: Actor, edition: Edition, file: File[bytes], name: str, approved: bool = False) -> ParticipantList:
    """Take the participants of a CSV or XLSX file: rows that are right are registered, the others kept with their cells to be mended.

    With `approved` they are approved at once as far as quotas allow, the rest goes on the waiting list. Rows that say what is registered
    already count as known. Raises InvalidError for the file as a whole, StateError once the edition is closed.
    """
    _expect_not_closed(edition)
    rows = _read(file, name)
    headers = {header: "" for one in rows for header in one.cells}
    known = headers | columns_of(headers)  # a header that is not read names no field
    made = ParticipantList(edition=edition, name=PurePath(name).name[:200], columns=known, by=actor.user)
    taking = _Taking(edition, approved)
    made.rows = [kept for one in rows if (kept := taking.row(one)) is not None]
    made.taken, made.known = taking.write(actor, "participant.import"), taking.known
    made.save()
    changed(made)
    return made


def _expect_not_closed(edition: Edition) -> None:
    if edition.status == Edition.Status.CLOSED:
        raise StateError(_("The edition is closed: nobody can be registered any more."))


def _read(file: File[bytes], name: str) -> list[FileRow]:
    from pathlib import Path

    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        text = _("Give a CSV or XLSX file.")
        raise InvalidError({"file": [text]}, text)
    if (file.size or 0) > settings.TASHBIK_UPLOAD_BYTES:
        text = _("The file is larger than %(limit)s MB. Split it.") % {
            "limit": settings.TASHBIK_UPLOAD_BYTES // 1_000_000
        }
        raise InvalidError({"file": [text]}, text)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"participants{suffix}"
        with path.open("wb") as stream:
            for block in file.chunks():
                stream.write(block)
        return rows_of(path)


@verb("participant.mend", on="listing")
def mend(
    *,
    actor: Actor,
    listing: ParticipantList,
    rows: Mapping[int, Mapping[str, str]],
    leave: Sequence[int] = (),
    approved: bool = False,
) -> ParticipantList:
    """Take kept rows with cells as they were mended, by row number; those in `leave` are dropped, those still wrong stay with what was typed."""
    _expect_not_closed(listing.edition)
    taking = _Taking(listing.edition, approved)
    kept = []
    for one in listing.rows:
        number = int(one["row"])
        if number in leave:
            continue
        if number in rows:
            cells = {**one["cells"], **{key: value for key, value in rows[number].items() if key in one["cells"]}}
            again = taking.row(FileRow(number, cells))
            if again is not None:
                kept.append(again)
        else:
            kept.append(one)
    listing.taken += taking.write(actor, "participant.mend")
    listing.known += taking.known
    listing.rows = kept
    listing.save()
    return listing


@dataclass(frozen=True, slots=True)
class _Known:
    """How a participant who is registered already is recognised."""

    name: str
    body: str


class _Taking:
    """Takes rows one by one, and writes those that are right at the end, all at once."""

    def __init__(self, edition: Edition, approved: bool) -> None:
        self.edition = Edition.objects.select_for_update().get(pk=edition.pk)
        self.approved = approved
        self.known = 0
        self._fallback = self.edition.exchange.language
        self._new: list[tuple[Participant, Details]] = []
        there = edition.participants.exclude(status=Status.CANCELLED).values_list("email", "name", "body")
        self._people = {(fold(name), fold(body)) for _email, name, body in there}
        self._addresses = {email: (fold(name), fold(body)) for email, name, body in there if email}
        self._in_file: set[str] = set()

    def row(self, one: FileRow) -> dict[str, Any] | None:
        """Take a row; what is kept of it where it cannot be taken."""
        if one.reject:
            return {"row": one.number, "cells": one.cells, "code": one.reject}
        details, wrong = understood(one.cells, language=self._fallback)
        code = "" if wrong else self._whole(details)
        if wrong or code in (REPEATED, REGISTERED):
            return {"row": one.number, "cells": one.cells, "code": code}
        if code == "known":
            self.known += 1
            return None
        participant = Participant(edition=self.edition, status=Status.APPLIED)
        apply(participant, details)
        self._new.append((participant, details))
        return None

    def _whole(self, details: Details) -> str:
        """What a row as a whole is besides right: known already, in the file twice, or under another's address."""
        person, email = (fold(details.name), fold(details.body)), details.email.strip().lower()
        if email and self._addresses.get(email, person) != person:
            return REPEATED if email in self._in_file else REGISTERED
        if person in self._people:
            return "known"
        self._people.add(person)
        if email:
            self._addresses[email] = person
            self._in_file.add(email)
        return ""

    def write(self, actor: Actor, verb_name: str) -> int:
        """Register the rows taken; returns how many."""
        if not self._new:
            return 0
        linked(self._new)
        places = Places(self.edition)
        for one, _details in self._new:
            if self.approved:
                free = places.free(one.category, one.country)
                one.status = Status.APPROVED if free else Status.WAITING
                if free:
                    places.take(one.category, one.country)
        people = Participant.objects.bulk_create([one for one, _details in self._new], batch_size=500)
        append_many(actor, verb_name, [(one, None) for one in people])
        return len(people)
