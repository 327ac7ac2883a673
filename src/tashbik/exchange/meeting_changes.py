"""Changes to published meetings and the messages that tell of them, to those touched only. Not the planning (verbs.planning)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tashbik.exchange import messages
from tashbik.exchange.audit import changed
from tashbik.exchange.models import Edition, Meeting, MeetingSlot, Participant
from tashbik.exchange.queries.participation import link_arguments

Line = Callable[[str, Participant], str]
"""A sentence about one change: called with the language and with whom it is told."""


class Telling:
    """Collects what is told to whom of a set of changes, and writes one message to each."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._lines: dict[int, list[tuple[int, Line]]] = defaultdict(list)
        self._people: dict[int, Participant] = {}

    def about(self, meeting: Meeting, line: Line) -> None:
        """Tell both sides of a meeting."""
        for one in (meeting.first, meeting.second):
            self._people[one.pk] = one
            self._lines[one.pk].append((meeting.slot.number, line))

    def touched(self) -> set[int]:
        """Keys of the participants that something is told to."""
        return set(self._lines)

    def write(
        self, kind: str = "meetings.changed", field: str = "changes", *, only: Iterable[int] | None = None
    ) -> int:
        """Write to each who has an address; returns how many."""
        count = 0
        for key in sorted(self._lines if only is None else set(only) & set(self._lines)):
            person = self._people[key]
            if not person.email or person.status != Participant.Status.APPROVED:
                continue
            lines = sorted(self._lines[key], key=lambda pair: pair[0])
            with translation.override(person.language):
                told = [line(person.language, person) for _number, line in lines]
            self._post(person, kind, **{field: told})
            count += 1
        return count

    def _post(self, person: Participant, kind: str, **values: Any) -> None:
        messages.post(
            kind=kind,
            to=person.email,
            language=person.language,
            exchange=self.edition.exchange,
            about=person,
            name=person.name,
            edition=self.edition.text("name", person.language),
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


def placed(meeting: Meeting) -> Line:
    """“14 March, 10:30: X, table A3.”"""
    slot, table = meeting.slot, meeting.table.label
    return lambda _language, person: (
        _("%(when)s: %(partner)s, table %(table)s")
        % {
            "when": when(slot),
            "partner": partner(meeting, person),
            "table": table,
        }
    )


def added(meeting: Meeting) -> Line:
    """A meeting that is new in the plan."""
    slot, table = meeting.slot, meeting.table.label
    return lambda _language, person: (
        _("New: %(when)s, %(partner)s, table %(table)s")
        % {
            "when": when(slot),
            "partner": partner(meeting, person),
            "table": table,
        }
    )


def moved(meeting: Meeting, before: MeetingSlot, before_table: str) -> Line:
    """A meeting that has another time or table; `meeting` as it is now."""
    slot, table = meeting.slot, meeting.table.label
    return lambda _language, person: (
        _("Moved: %(partner)s, from %(before)s (table %(old)s) to %(after)s (table %(new)s)")
        % {
            "partner": partner(meeting, person),
            "before": when(before),
            "old": before_table,
            "after": when(slot),
            "new": table,
        }
    )


def ended(meeting: Meeting) -> Line:
    """A meeting that does not take place, and why."""
    slot = meeting.slot
    return lambda _language, person: (
        _("Cancelled: %(when)s, %(partner)s (%(why)s)")
        % {
            "when": when(slot),
            "partner": partner(meeting, person),
            "why": meeting.why,
        }
    )


def cancel_meeting(meeting: Meeting, reason: str, telling: Telling) -> None:
    """Within a verb: cancel one planned meeting; `reason` is a key of Meeting.REASONS or words."""
    before = meeting.snapshot()
    meeting.status, meeting.reason = Meeting.Status.CANCELLED, reason[:300]
    meeting.save()
    changed(meeting, before)
    telling.about(meeting, ended(meeting))


def cancel_meetings_of(participant: Participant) -> int:
    """Within a verb: cancel all planned meetings of somebody who does not come, and tell the others; returns how many."""
    planned = Meeting.objects.filter(edition_id=participant.edition_id, status=Meeting.Status.PLANNED)
    mine = planned.filter(first=participant) | planned.filter(second=participant)
    telling = Telling(participant.edition)
    rows = list(mine.select_related("first", "second", "slot", "table", "edition__exchange"))
    for one in rows:
        cancel_meeting(one, "cancelled", telling)
    telling.write(only=telling.touched() - {participant.pk})
    return len(rows)
