"""The figures of an exchange's report: counted right, of the period and the exchange only, for those who may see them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tashbik.errors import NotPermittedError
from tashbik.exchange.models import Award, Enterprise, Invitation, Need, Outcome, Question, Quote, Rfq
from tashbik.exchange.queries.reports import Period, report
from tests.world import World


def now(days: float = 0):
    return timezone.now() + timedelta(days=days)


def this_month() -> Period:
    return Period(now(-30).date(), now().date())


def cycle(world: World, number: int = 0) -> Award:
    """A need with a request, two invitations (one declined), a quote and an award of 1000 DZD."""
    Need.objects.filter(pk=world.need.pk).update(released=now(-10))
    rfq = Rfq.objects.create(
        exchange=world.dz, need=world.need, need_version=1, code=f"R{number}", deadline=now(5).date(), currency="DZD"
    )
    first, second = (Invitation.objects.create(rfq=rfq, enterprise=one) for one in world.enterprises[:2])
    Invitation.objects.filter(pk=first.pk).update(created=now(-4), seen=now(-3), answered=now(-2), status="quoted")
    Invitation.objects.filter(pk=second.pk).update(
        created=now(-4), seen=now(-3), answered=now(), status="declined", reason="capacity"
    )
    quote = Quote.objects.create(invitation=first, status="submitted", currency="DZD")
    return Award.objects.create(rfq=rfq, quote=quote, lines={"1": "1"}, value=Decimal(1000), currency="DZD")


def test_what_is_counted(world: World) -> None:
    award = cycle(world)
    Outcome.objects.create(award=award, kind="ordered", on=now().date())
    Outcome.objects.create(award=award, kind="delivered", on=now().date())
    Question.objects.create(need=world.need, line="1", enterprise=world.enterprises[0], requirement="envelope-8ec4dffd")
    found = report(world["analyst"], world.dz, this_month())
    assert (found.register.published, found.register.new) == (3, 3)
    assert sum(count for _low, _high, count in found.register.bands) == 3
    assert found.needs_by_kind == (("subcontract", 1),)
    assert [key.partition(".")[0] for key, _count in found.needs_by_sector] == ["process"]
    assert found.needs_funnel == (("released", 1), ("asked", 1), ("quoted", 1), ("awarded", 1))
    assert found.invitations_funnel == (("sent", 2), ("seen", 2), ("answered", 2), ("quoted", 1), ("awarded", 1))
    assert found.response_days == pytest.approx(3.0, abs=0.01)
    assert [(one.currency, one.count, one.value) for one in found.awards] == [("DZD", 1, Decimal(1000))]
    assert found.outcomes == (("delivered", 1),)
    assert found.declined == (("capacity", 1),)
    assert found.asked == (("envelope", 1),)


def test_other_periods_and_exchanges_are_left_out(world: World) -> None:
    cycle(world)
    past = report(world["officer"], world.dz, Period(now(-90).date(), now(-60).date()))
    assert past.register.new == 0
    assert dict(past.invitations_funnel)["sent"] == 0
    assert (past.awards, past.outcomes, past.response_days) == ((), (), None)
    other = report(world.elsewhere["officer"], world.tn, this_month())
    assert (other.register.published, other.awards) == (1, ())
    assert dict(other.needs_funnel)["released"] == 0


def test_awards_without_an_outcome_and_other_currencies(world: World) -> None:
    cycle(world)
    second = cycle(world, 1)
    Award.objects.filter(pk=second.pk).update(currency="EUR", value=Decimal("5.125"))
    found = report(world["officer"], world.dz, this_month())
    assert [(one.currency, one.value) for one in found.awards] == [("DZD", Decimal(1000)), ("EUR", Decimal("5.125"))]
    assert found.outcomes == (("none", 2),)


def test_who_may_see_it(world: World) -> None:
    for role, actor in world.actors.items():
        if role in ("officer", "analyst", "administrator", "system"):
            assert report(actor, world.dz, this_month())
        else:
            with pytest.raises(NotPermittedError):
                report(actor, world.dz, this_month())
    with pytest.raises(NotPermittedError):
        report(world.elsewhere["officer"], world.dz, this_month())


def test_queries_do_not_grow(world: World) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            report(world["officer"], world.dz, this_month())
        return len(captured)

    cycle(world)
    before = count()
    for number in (1, 2):
        cycle(world, number)
    assert count() == before
    assert Enterprise.objects.count() == 4
