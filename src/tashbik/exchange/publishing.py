"""A plan's meetings written as the edition's meetings, and told to whom they concern. Not the plan's making (verbs.planning)."""

from __future__ import annotations

from collections.abc import Mapping

from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import append_many, changed
from tashbik.exchange.forum_problem import held_of, interpreter_id, pair_of, request_id, slots_by_number
from tashbik.exchange.meeting_changes import Telling, added, ended, is_to_come, moved, placed
from tashbik.exchange.models import Edition, Meeting, MeetingPlan, Participant
from tashbik.forum import Held

PLANNED, CANCELLED = Meeting.Status.PLANNED, Meeting.Status.CANCELLED


def publish_meetings(actor: Actor, plan: MeetingPlan) -> int:
    """Within a verb: make the edition's meetings those of the plan, and tell those touched; returns how many were told.

    Meetings that stay keep their row; those that are over are not touched; those to come that are not in the plan are cancelled.
    """
    edition = plan.edition
    rows = {
        request_id(one.first_id, one.second_id): one
        for one in edition.meetings.select_related("first", "second", "slot", "table")
    }
    writer = _Writer(edition, rows)
    held = held_of(plan)
    first_time = not any(one.status == PLANNED for one in rows.values())
    for one in held:
        writer.put(one)
    absent = _absent_of(plan)
    names = {one.request for one in held}
    for name, row in rows.items():
        if name not in names and row.status == PLANNED and is_to_come(row):
            writer.end(row, "absent" if set(pair_of(name)) & absent else "replanned")
    writer.store(actor)
    return writer.tell(first_time)


def _absent_of(plan: MeetingPlan) -> set[int]:
    from tashbik.exchange.forum_problem import key_of

    absences = plan.revision.get("changes", {}).get("absences", [])
    return {key_of(one["person"]) for one in absences}


class _Writer:
    """Writes meetings one by one and collects what is told of each."""

    def __init__(self, edition: Edition, rows: dict[str, Meeting]) -> None:
        self.edition = edition
        self._rows = rows
        self._slots = slots_by_number(edition)
        self._tables = {one.label: one for one in edition.tables.all()}
        self._interpreters = {interpreter_id(one.pk): one for one in edition.interpreters.all()}
        self._people = {one.pk: one for one in edition.participants.all()}
        self._new: list[Meeting] = []
        self._whole, self._news = Telling(edition), Telling(edition)

    def put(self, held: Held) -> None:
        """A meeting of the plan: a new row, or the one that is there moved, if it has to."""
        row = self._rows.get(held.request)
        if row is not None and row.status not in (PLANNED, CANCELLED):
            return
        place = {
            "slot": self._slots[held.slot],
            "table": self._tables[held.table],
            "interpreter": self._interpreters.get(held.interpreter),
        }
        if row is None:
            row = Meeting(edition=self.edition, **self._pair(held.request), **place)
            self._new.append(row)
            self._news.about(row, added())
        else:
            self._move(row, place)
        self._whole.about(row, placed())

    def _pair(self, request: str) -> dict[str, Participant]:
        first, second = pair_of(request)
        return {"first": self._people[first], "second": self._people[second]}

    def _move(self, row: Meeting, place: Mapping[str, object]) -> None:
        before, slot, table, again = row.snapshot(), row.slot, row.table, row.status == CANCELLED
        for name, value in place.items():
            setattr(row, name, value)
        same_interpreter = before["interpreter_id"] == row.interpreter_id
        if not again and (slot.pk, table.pk) == (row.slot_id, row.table_id) and same_interpreter:
            return
        row.status, row.reason = PLANNED, ""
        row.save()
        changed(row, before)
        if again:
            self._news.about(row, added())
        elif (slot.pk, table.pk) != (row.slot_id, row.table_id):
            self._news.about(row, moved(slot, table.label))

    def end(self, row: Meeting, reason: str) -> None:
        """A meeting that is not held any more."""
        before = row.snapshot()
        row.status, row.reason = CANCELLED, reason
        row.save()
        changed(row, before)
        self._news.about(row, ended())

    def store(self, actor: Actor) -> None:
        """Write the new rows, all at once."""
        rows = Meeting.objects.bulk_create(self._new, batch_size=500)
        append_many(actor, "plan.publish", [(one, None) for one in rows])

    def tell(self, first_time: bool) -> int:
        """Tell everybody their meetings the first time, else those touched what has changed."""
        if first_time:
            return self._whole.write("meetings.published", "meetings")
        return self._news.write("meetings.changed", "changes")
