"""The demonstration's editions: the one of 2010 closed with what came of its meetings, the coming one with a plan that is sound and as good as it says."""

from __future__ import annotations

import msgspec

from tashbik import forum
from tashbik.exchange.forum_problem import forum_of, held_of
from tashbik.exchange.models import Edition, Job, MeetingFeedback, Participant
from tashbik.exchange.scenes.forum import load
from tashbik.exchange.verbs.proposals import KIND
from tests.world import World


def test_both_editions_hold_together(world: World) -> None:
    load(world.dz)
    past, coming = Edition.objects.get(code="amf-5"), Edition.objects.get(code="linkage-2027")
    assert (past.status, past.starts.isoformat(), past.ends.isoformat()) == ("closed", "2010-03-14", "2010-03-15")
    assert set(past.meetings.values_list("status", flat=True)) == {"held", "missed"}
    assert MeetingFeedback.objects.filter(outcome="agreement", order_value__gt=0).count() == 4
    people = Participant.objects.filter(edition__in=(past, coming))
    assert set(people.values_list("category", flat=True)) == set(Participant.Category.values)
    assert coming.participants.filter(status="applied").count() == 3
    plan = coming.plans.get()
    held = held_of(plan)
    assert forum.plan_violations(forum_of(plan), held) == []
    answer = msgspec.convert({**plan.answer, "meetings": msgspec.to_builtins(held)}, forum.Plan)
    assert forum.plan_claims(forum_of(plan), answer) == []
    assert coming.meetings.count() == len(held) == 100
    assert Job.objects.filter(kind=KIND, subject_id=coming.pk).exists()
