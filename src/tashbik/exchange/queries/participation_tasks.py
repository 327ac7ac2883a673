"""What waits for a participant on the first page: meetings of which nothing was said yet, and the agenda on the days of the forum. Not the organiser's tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Meeting, MeetingFeedback, Participant
from tashbik.exchange.queries.participation import local_now
from tashbik.exchange.queries.waiting import Task, waits


@waits
def tasks(actor: Actor) -> Iterator[Task]:
    """For a signed-in participant; three queries, however many editions there are."""
    if actor.user_id is None:
        return
    mine = list(Participant.objects.filter(user=actor.user_id, status="approved").select_related("edition"))
    unsaid = _unsaid(mine, timezone.now().date()) if mine else Counter()
    for one in mine:
        edition, today = one.edition, local_now(one.edition).date()
        if edition.starts <= today <= edition.ends:
            yield Task(_("Your agenda of today"), "participation:agenda", (one.badge,), due=today, urgency=1)
        count = unsaid[one.pk]
        if count:
            label = ngettext(
                "%(count)d meeting: say what came of it", "%(count)d meetings: say what came of them", count
            )
            name = edition.text("name", actor.language)
            yield Task(
                label % {"count": count}, "participation:agenda", (one.badge,), count=count, detail=name, urgency=3
            )


def _unsaid(participants: list[Participant], today: date) -> Counter[int]:
    """How many meetings of past days each participant has said nothing of."""
    keys = {one.pk for one in participants}
    found: Counter[int] = Counter()
    for side in ("first", "second"):
        said = MeetingFeedback.objects.filter(meeting=OuterRef("pk"), by=OuterRef(side))
        rows = Meeting.objects.filter(~Q(Exists(said)), **{f"{side}__in": keys}, slot__day__lt=today)
        found.update(rows.exclude(status=Meeting.Status.CANCELLED).values_list(side, flat=True))
    return found
