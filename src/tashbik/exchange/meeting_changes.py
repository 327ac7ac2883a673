"""Changes to published meetings and the messages that tell of them, to those touched only. Not the planning (verbs.planning)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tashbik.exchange import messages
from tashbik.exchange.audit import changed
from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Edition, Meeting, MeetingSlot, Participant
from tashbik.exchange.queries.participation import link_arguments, span_of

MANY = 20
"""Messages beyond which they are written in the background."""
CHUNK = 25
"""Messages written in one transaction: what a killed worker does again at most is none, for the position is kept with them."""

Line = dict[str, Any]
"""What is told of one change, as plain values: `kind` (placed, added, moved, ended), `meeting`, and for one that was moved `slot` and `table` of before."""


class Telling:
    """Collects what is told to whom of a set of changes, and writes one message to each."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._lines: dict[int, list[Line]] = defaultdict(list)

    def about(self, meeting: Meeting, line: Line) -> None:
        """Tell both sides of a meeting; its key is read when the message is written, so it may still be unsaved."""
        for key in (meeting.first_id, meeting.second_id):
            self._lines[key].append({**line, "meeting": meeting})

    def touched(self) -> set[int]:
        """Keys of the participants that something is told to."""
        return set(self._lines)

    def write(
        self, kind: str = "meetings.changed", field: str = "changes", *, only: Iterable[int] | None = None
    ) -> int:
        """Write to each who is approved and has an address, in the background where they are many; returns how many."""
        keys = set(self._lines) if only is None else set(only) & set(self._lines)
        people = self.edition.participants.filter(pk__in=keys, status=Participant.Status.APPROVED).exclude(email="")
        told = sorted(people.values_list("pk", flat=True))
        lines = {str(key): [{**one, "meeting": one["meeting"].pk} for one in self._lines[key]] for key in told}
        payload = {"kind": kind, "field": field, "people": told, "lines": lines}
        if len(told) > MANY:
            enqueue("forum.tell", self.edition.pk, payload=payload)
        else:
            _write(self.edition, payload, told)
        return len(told)


@handles("forum.tell")
def _tell(work: Work) -> None:
    """Write the messages chunk by chunk, each with the position reached: a restart goes on from there."""
    edition = Edition.objects.select_related("exchange").get(pk=work.job.subject_id)
    people = work.job.payload["people"]
    while work.job.done < len(people):
        with transaction.atomic():
            done = work.job.done + CHUNK
            _write(edition, work.job.payload, people[work.job.done : done])
            work.report(min(done, len(people)), len(people))


def _write(edition: Edition, payload: dict[str, Any], keys: Iterable[int]) -> None:
    """The messages to some participants."""
    people = edition.participants.in_bulk(keys)
    lines = {key: payload["lines"][str(key)] for key in people}
    named = {one["meeting"] for rows in lines.values() for one in rows}
    rows = Meeting.objects.select_related("first", "second", "slot", "table").in_bulk(named)
    slots = {one.pk: one for one in edition.slots.all()}
    for key, person in sorted(people.items()):
        mine = sorted(lines[key], key=lambda one: rows[one["meeting"]].slot.number)
        with translation.override(person.language):
            told = [_said(one, rows[one["meeting"]], person, slots) for one in mine]
        _post(edition, person, payload["kind"], **{payload["field"]: told})


def _post(edition: Edition, person: Participant, kind: str, **values: Any) -> None:
    messages.post(
        kind=kind,
        to=person.email,
        language=person.language,
        exchange=edition.exchange,
        about=person,
        name=person.name,
        edition=edition.text("name", person.language),
        page="participation:link",
        arguments=link_arguments(person),
        **values,
    )


def when(slot: MeetingSlot) -> str:
    """Day and hours of a slot in the language in force."""
    return (
        f"{date_format(slot.day, 'j F')}، {slot.starts:%H:%M}"
        if _arabic()
        else f"{date_format(slot.day, 'j F')}, {slot.starts:%H:%M}"
    )


def _arabic() -> bool:
    return (translation.get_language() or "ar").startswith("ar")


def partner(meeting: Meeting, person: Participant) -> str:
    """The other side, with where they come from."""
    other = meeting.second if meeting.first_id == person.pk else meeting.first
    return f"{other.name} ({other.body})" if other.body else other.name


def placed() -> Line:
    """A meeting as it stands in the plan."""
    return {"kind": "placed"}


def added() -> Line:
    """A meeting that is new in the plan."""
    return {"kind": "added"}


def moved(before: MeetingSlot, table: str) -> Line:
    """A meeting that has another time or table now."""
    return {"kind": "moved", "slot": before.pk, "table": table}


def ended() -> Line:
    """A meeting that does not take place."""
    return {"kind": "ended"}


def _said(line: Line, meeting: Meeting, person: Participant, slots: Mapping[int, MeetingSlot]) -> str:
    """A change as a sentence, in the language in force, to one of its two sides."""
    values = {"when": when(meeting.slot), "partner": partner(meeting, person), "table": meeting.table.label}
    match line["kind"]:
        case "placed":
            return _("%(when)s: %(partner)s, table %(table)s") % values
        case "added":
            return _("New: %(when)s, %(partner)s, table %(table)s") % values
        case "moved":
            text = _("Moved: %(partner)s, from %(before)s (table %(old)s) to %(after)s (table %(new)s)")
            old = {"before": when(slots[line["slot"]]), "old": line["table"]}
            return text % {"partner": values["partner"], "after": values["when"], "new": values["table"], **old}
        case _:
            return _("Cancelled: %(when)s, %(partner)s (%(why)s)") % {**values, "why": meeting.why}


def is_to_come(meeting: Meeting) -> bool:
    """Whether a meeting has not begun: of one that has, only its sides say what became of it."""
    return span_of(meeting.edition, meeting.slot)[0] > timezone.now()


def cancel_meeting(meeting: Meeting, reason: str, telling: Telling) -> None:
    """Within a verb: cancel one planned meeting; `reason` is a key of Meeting.REASONS or words."""
    before = meeting.snapshot()
    meeting.status, meeting.reason = Meeting.Status.CANCELLED, reason[:300]
    meeting.save()
    changed(meeting, before)
    telling.about(meeting, ended())


def cancel_meetings_of(participant: Participant) -> int:
    """Within a verb: cancel the planned meetings to come of somebody who does not come, and tell the others; returns how many."""
    planned = Meeting.objects.filter(edition_id=participant.edition_id, status=Meeting.Status.PLANNED)
    mine = planned.filter(first=participant) | planned.filter(second=participant)
    telling = Telling(participant.edition)
    planned_ones = mine.select_related("first", "second", "slot", "table", "edition__exchange")
    rows = [one for one in planned_ones if is_to_come(one)]
    for one in rows:
        cancel_meeting(one, "cancelled", telling)
    telling.write(only=telling.touched() - {participant.pk})
    return len(rows)
