"""Rows of an edition made of tuples: bodies, rooms, tracks, sessions, papers, slots, tables, participants. Not what they say (texts.py, people.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256

from tashbik.exchange.models import (
    Edition,
    EditionBody,
    EditionSession,
    Enterprise,
    MeetingSlot,
    MeetingTable,
    Paper,
    Participant,
    Room,
    Track,
)

Texts = dict[str, str]


def bodies(edition: Edition, rows: Sequence[tuple[str, Texts]]) -> None:
    """The bodies behind an edition."""
    EditionBody.objects.bulk_create(
        EditionBody(edition=edition, part=part, name=name, order=number) for number, (part, name) in enumerate(rows)
    )


def programme(
    edition: Edition,
    tracks: Sequence[Texts],
    sessions: Sequence[tuple[int, str, str, str, Texts, int | None]],
    papers: Sequence[tuple[int, Texts]],
    room: Room,
    speakers: Sequence[Participant],
) -> None:
    """Tracks, sessions, and papers, each presented by one of the speakers in turn."""
    made_tracks = [Track.objects.create(edition=edition, title=one, order=number) for number, one in enumerate(tracks)]
    made = [
        EditionSession.objects.create(
            edition=edition,
            kind=kind,
            title=title,
            day=edition.starts + timedelta(days=day),
            starts=time.fromisoformat(starts),
            ends=time.fromisoformat(ends),
            room=room,
            track=made_tracks[track] if track is not None else None,
        )
        for day, starts, ends, kind, title, track in sessions
    ]
    for number, (place, title) in enumerate(papers):
        paper = Paper.objects.create(edition=edition, session=made[place], title=title, order=number)
        paper.speakers.add(speakers[number % len(speakers)])


def slots(edition: Edition, hours: Sequence[tuple[int, str, str]], minutes: int, pause: int) -> list[MeetingSlot]:
    """Slots of the hours of each day (from 0)."""
    made: list[MeetingSlot] = []
    for day, starts, ends in hours:
        on = edition.starts + timedelta(days=day)
        at, end = datetime.combine(on, time.fromisoformat(starts)), datetime.combine(on, time.fromisoformat(ends))
        while at + timedelta(minutes=minutes) <= end:
            session = "morning" if at.hour < 13 else "afternoon"
            last = (at + timedelta(minutes=minutes)).time()
            made.append(
                MeetingSlot(edition=edition, number=len(made) + 1, day=on, starts=at.time(), ends=last, session=session)
            )
            at += timedelta(minutes=minutes + pause)
    kept = [{"day": (edition.starts + timedelta(days=day)).isoformat(), "starts": a, "ends": b} for day, a, b in hours]
    edition.details = {"hours": {"length": minutes, "pause": pause, "hours": kept}}
    edition.save(update_fields=["details"])
    return MeetingSlot.objects.bulk_create(made)


def tables(edition: Edition, count: int, room: Room) -> list[MeetingTable]:
    """Tables A1, A2, … in a room."""
    rows = [MeetingTable(edition=edition, label=f"A{number}", room=room) for number in range(1, count + 1)]
    return MeetingTable.objects.bulk_create(rows)


def badge(edition: Edition, number: object) -> str:
    """The badge's code of a fictitious participant: the same each time, so that the demonstration is."""
    return sha256(f"{edition.code} {number}".encode()).hexdigest()[:12]


def participants(
    edition: Edition, rows: Sequence[tuple[str, str, str, str, str, str, str, str]], codes: Mapping[str, Enterprise]
) -> list[Participant]:
    """Participants, approved; of a number of the register the enterprise is looked up in `codes`."""
    made = []
    for number, (name, body, category, country, languages, position, seeks, offers) in enumerate(rows):
        spoken = languages.split()
        enterprise = codes.get(body)
        made.append(
            Participant(
                edition=edition,
                enterprise=enterprise,
                name=name,
                body=enterprise.name(spoken[0]) if enterprise else body,
                position=position,
                email=f"participant-{number + 1}@{edition.code}.example",
                category=category,
                country=country,
                language=spoken[0],
                languages=spoken,
                status=Participant.Status.APPROVED,
                seeks=seeks,
                offers=offers,
                badge=badge(edition, name),
            )
        )
    return Participant.objects.bulk_create(made)


def enterprises(numbers: Sequence[str]) -> dict[str, Enterprise]:
    """Enterprises of the demonstration by their own number, whatever exchange they are of."""
    wanted = set(numbers)
    rows = Enterprise.objects.filter(code__contains=":TSB-").defer("record")
    return {number: one for one in rows if (number := one.code.partition(":")[2]) in wanted}
