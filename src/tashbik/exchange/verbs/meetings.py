"""What an edition's meetings are made of: slots, tables, wishes, conditions. Not proposals (proposals.py) nor plans (planning.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, note, verb
from tashbik.exchange.models import (
    Edition,
    Meeting,
    MeetingCondition,
    MeetingSlot,
    MeetingTable,
    MeetingWish,
    Participant,
    Room,
)
from tashbik.exchange.permissions import may
from tashbik.exchange.queries.participation import local_now

SHORTEST, LONGEST = 5, 180
"""Minutes of a slot."""
MOST_SLOTS, MOST_TABLES, MOST_WISHES, MOST_MUSTS = 120, 300, 60, 5
MORNING_ENDS = time(13, 0)
"""Slots that begin before are of the morning, others of the afternoon."""
MORNING, AFTERNOON = "morning", "afternoon"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of meetings on a day, local at the venue."""

    day: date
    starts: time
    ends: time


# slots and tables


@verb("slot.make", on="edition")
def make_slots(
    *, actor: Actor, edition: Edition, hours: Sequence[Hours], length: int, pause: int = 0
) -> list[MeetingSlot]:
    """Make the slots anew from the hours of each day, `length` minutes long with `pause` between; returns them.

    What was said of times (absences of participants and interpreters, fixed slots) is dropped with the old ones where they change.
    Raises StateError where meetings are published, InvalidError by field (hours, length, pause).
    """
    _expect_not_closed(edition)
    if edition.meetings.exists():
        raise StateError(
            _("Meetings are published on these times already, so the times cannot be made anew. Nothing was changed."),
            mend=_("Cancel single meetings, or plan again on the day."),
        )
    made = _slots(edition, hours, length, pause)
    before = [(one.day, one.starts, one.ends) for one in edition.slots.all()]
    if before != [(one.day, one.starts, one.ends) for one in made]:
        edition.slots.all().delete()
        MeetingSlot.objects.bulk_create(made)
        _forget_absences(edition)
    edition.details = {**edition.details, "hours": _hours_json(hours, length, pause)}
    edition.save(update_fields=["details"])
    note(f"{len(made)} slots of {length} minutes")
    return list(edition.slots.all())


def _expect_not_closed(edition: Edition) -> None:
    if edition.status == Edition.Status.CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))


def _hours_json(hours: Sequence[Hours], length: int, pause: int) -> dict[str, object]:
    plain = [{name: value.isoformat() for name, value in asdict(one).items()} for one in hours]
    return {"length": length, "pause": pause, "hours": plain}


def _slots(edition: Edition, hours: Sequence[Hours], length: int, pause: int) -> list[MeetingSlot]:
    errors: dict[str, list[str]] = {}
    if not SHORTEST <= length <= LONGEST:
        errors["length"] = [_("Write a number from %(least)d to %(most)d.") % {"least": SHORTEST, "most": LONGEST}]
    if not 0 <= pause <= LONGEST:
        errors["pause"] = [_("Write a number from %(least)d to %(most)d.") % {"least": 0, "most": LONGEST}]
    ordered = sorted(hours, key=lambda one: (one.day, one.starts))
    problems = list(_problems_of_hours(edition, ordered))
    if problems:
        errors["hours"] = problems
    if errors:
        raise InvalidError(errors, _("The times were not saved: some values need a correction."))
    times = [(one.day, start, end) for one in ordered for start, end in _cut(one, length, pause)]
    if not times:
        raise InvalidError({"hours": [_("No meeting fits into these hours: make them longer, or meetings shorter.")]})
    if len(times) > MOST_SLOTS:
        raise InvalidError(
            {"hours": [_("These are more than %(most)d times: make meetings longer.") % {"most": MOST_SLOTS}]}
        )
    return [
        MeetingSlot(
            edition=edition,
            number=number,
            day=day,
            starts=start,
            ends=end,
            session=MORNING if start < MORNING_ENDS else AFTERNOON,
        )
        for number, (day, start, end) in enumerate(times, 1)
    ]


def _problems_of_hours(edition: Edition, ordered: Sequence[Hours]) -> list[str]:
    found = []
    if not ordered:
        found.append(_("Give the hours of at least one day."))
    if any(not edition.starts <= one.day <= edition.ends for one in ordered):
        found.append(_("Choose days of the edition."))
    if any(one.starts >= one.ends for one in ordered):
        found.append(_("Hours must end after they begin."))
    if any(a.day == b.day and b.starts < a.ends for a, b in pairwise(ordered)):
        found.append(_("Hours of one day must not overlap."))
    return found


def _cut(hours: Hours, length: int, pause: int) -> list[tuple[time, time]]:
    """Start and end of each slot that fits."""
    at, end = datetime.combine(hours.day, hours.starts), datetime.combine(hours.day, hours.ends)
    found = []
    while at + timedelta(minutes=length) <= end:
        found.append((at.time(), (at + timedelta(minutes=length)).time()))
        at += timedelta(minutes=length + pause)
    return found


def _forget_absences(edition: Edition) -> None:
    edition.participants.exclude(unavailable=[]).update(unavailable=[])
    edition.interpreters.exclude(unavailable=[]).update(unavailable=[])


@verb("table.make", on="edition")
def make_tables(
    *, actor: Actor, edition: Edition, count: int, prefix: str = "", room: Room | None = None
) -> list[MeetingTable]:
    """Have tables prefix1 … prefix‹count›: missing ones are added, ones beyond the count taken away unless meetings are at them.

    Raises InvalidError (count, prefix, room), StateError where a table to be taken away has meetings.
    """
    _expect_not_closed(edition)
    prefix = prefix.strip()
    errors: dict[str, list[str]] = {}
    if not 0 <= count <= MOST_TABLES:
        errors["count"] = [_("Write a number from %(least)d to %(most)d.") % {"least": 0, "most": MOST_TABLES}]
    if len(prefix) > 10:
        errors["prefix"] = [_("Shorten this to %(limit)d characters.") % {"limit": 10}]
    if room is not None and room.edition_id != edition.pk:
        errors["room"] = [_("Choose a room of this edition.")]
    if errors:
        raise InvalidError(errors, _("The tables were not saved: some values need a correction."))
    wanted = [f"{prefix}{number}" for number in range(1, count + 1)]
    there = {one.label: one for one in edition.tables.all()}
    same_series = {label for label in there if label.startswith(prefix) and label[len(prefix) :].isdigit()}
    surplus = [there[label] for label in same_series - set(wanted)]
    if Meeting.objects.filter(table__in=surplus).exists():
        raise StateError(_("Meetings are published at some of the tables to be taken away. Nothing was changed."))
    for one in surplus:
        one.delete()
    MeetingTable.objects.bulk_create(
        [MeetingTable(edition=edition, label=label, room=room) for label in wanted if label not in there]
    )
    edition.tables.filter(label__in=wanted).exclude(room=room).update(room=room)
    note(f"{count} tables")
    return list(edition.tables.all())


# wishes and conditions


@verb("wish.state", on="by")
def state(*, actor: Actor, by: Participant, about: Participant, kind: str, note: str = "") -> MeetingWish | None:
    """What `by` wishes of a meeting with `about`: must, want or no; an empty kind takes the wish back (then None is returned).

    Raises StateError for a participant who is not approved, or after the last day for wishes (organisers may go on), InvalidError by
    field (about, kind, note), also for more than MOST_WISHES, or MOST_MUSTS musts of one person.
    """
    edition = by.edition
    _expect_time_of_wishes(actor, by)
    _check_wish(by, about, kind, note)
    wish = MeetingWish.objects.filter(by=by, about=about).first()
    before = wish.snapshot() if wish else None
    if not kind:
        if wish is not None:
            wish.delete()
            changed(wish, before)
        return None
    _expect_few(by, about, kind)
    wish = wish or MeetingWish(edition=edition, by=by, about=about)
    wish.kind, wish.note = kind, note.strip()
    wish.save()
    changed(wish, before)
    return wish


def _expect_time_of_wishes(actor: Actor, by: Participant) -> None:
    edition = by.edition
    if by.status != Participant.Status.APPROVED:
        raise StateError(_("Wishes can be stated once the participation is confirmed."))
    if edition.status not in (Edition.Status.OPEN, Edition.Status.RUNNING):
        raise StateError(_("Wishes can be stated while the edition is open or under way."))
    last = edition.wishes_until
    if last and last < _today(edition) and not may(actor, "edition.edit", edition):
        raise StateError(
            _("The last day for wishes is past. Nothing was changed."),
            mend=_("Write to the organiser, who can add one."),
        )


def _today(edition: Edition) -> date:
    """The day at the venue."""
    return local_now(edition).date()


def _check_wish(by: Participant, about: Participant, kind: str, note: str) -> None:
    errors: dict[str, list[str]] = {}
    if about.edition_id != by.edition_id or about.status != Participant.Status.APPROVED:
        errors["about"] = [_("Choose a participant of this edition whose participation is confirmed.")]
    elif about.pk == by.pk:
        errors["about"] = [_("Choose somebody else than the participant themselves.")]
    if kind and kind not in MeetingWish.Kind.values:
        errors["kind"] = [_("Choose must, want or no.")]
    if len(note) > 300:
        errors["note"] = [_("Shorten this to %(limit)d characters.") % {"limit": 300}]
    if errors:
        raise InvalidError(errors, _("The wish was not saved: some values need a correction."))


def _expect_few(by: Participant, about: Participant, kind: str) -> None:
    others = list(MeetingWish.objects.filter(by=by).exclude(about=about).values_list("kind", flat=True))
    if kind == MeetingWish.Kind.MUST and others.count(MeetingWish.Kind.MUST) >= MOST_MUSTS:
        text = _("At most %(most)d meetings can be a must: choose “want to meet”, or take another must back.")
        raise InvalidError({"kind": [text % {"most": MOST_MUSTS}]}, text % {"most": MOST_MUSTS})
    if len(others) >= MOST_WISHES:
        text = _("At most %(most)d wishes can be stated: take another back first.") % {"most": MOST_WISHES}
        raise InvalidError({"about": [text]}, text)


def pair(one: Participant, other: Participant) -> tuple[Participant, Participant]:
    """Two participants in the order in which pairs are stored."""
    return (one, other) if one.pk < other.pk else (other, one)


@verb("condition.set", on="edition")
def set_condition(
    *,
    actor: Actor,
    edition: Edition,
    first: Participant,
    second: Participant,
    session: str = "",
    slot: MeetingSlot | None = None,
    after: MeetingCondition | None = None,
) -> MeetingCondition:
    """Fix for a pair the session, the slot, or a meeting that comes before; a second one replaces the first.

    Raises InvalidError by field (first, second, session, slot, after).
    """
    _expect_not_closed(edition)
    errors: dict[str, list[str]] = {}
    if {first.edition_id, second.edition_id} != {edition.pk} or first.pk == second.pk:
        errors["second"] = [_("Choose two different participants of this edition.")]
    if session not in ("", MORNING, AFTERNOON):
        errors["session"] = [_("Choose morning or afternoon.")]
    if slot is not None and slot.edition_id != edition.pk:
        errors["slot"] = [_("Choose a time of this edition.")]
    if not session and slot is None and after is None:
        errors["session"] = [_("Say what is fixed: half of the day, time, or what comes before.")]
    here, there = pair(first, second)
    found = MeetingCondition.objects.filter(edition=edition, first=here, second=there).first()
    if after is not None and (after.edition_id != edition.pk or _goes_round(found, after)):
        errors["after"] = [_("Choose another pair that does not itself wait for this one.")]
    if errors:
        raise InvalidError(errors, _("The condition was not saved: some values need a correction."))
    before = found.snapshot() if found else None
    made = found or MeetingCondition(edition=edition, first=here, second=there)
    made.session, made.slot, made.after = session, slot, after
    made.save()
    changed(made, before)
    return made


def _goes_round(found: MeetingCondition | None, after: MeetingCondition) -> bool:
    seen: MeetingCondition | None = after
    while seen is not None:
        if found is not None and seen.pk == found.pk:
            return True
        seen = seen.after
    return False


@verb("condition.remove", on="condition")
def remove_condition(*, actor: Actor, condition: MeetingCondition) -> None:
    """Take a condition away; others that waited for its pair then wait for nothing."""
    condition.delete()
