"""Meetings of forums as ties of the linkage graph: a source of networks_ties.py. Not which of them are shown to whom (networks_levels.py)."""

from __future__ import annotations

from collections.abc import Iterator

from tashbik.exchange.models import Enterprise, MeetingFeedback, Organisation
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries import participation
from tashbik.exchange.queries.networks_ties import Scope, Tie, enterprise_node, organisation_node, tie_source

WEIGHTS = {
    MeetingFeedback.Outcome.AGREEMENT: 1.5,
    MeetingFeedback.Outcome.FOLLOW_UP: 0.5,
    MeetingFeedback.Outcome.CONTACT: 0.25,
}
"""Weights by what came of a meeting: a contact is like an invitation to quote, an agreement lies between a quote and an award."""
ORDERED = 2.0
"""Weight of a meeting of which orders came: that of an award."""


@tie_source("met")
def met(scope: Scope) -> Iterator[Tie]:
    """Meetings that took place and led to something: known to the officers and the two sides alone, for they are said in confidence."""
    found = participation.meeting_ties(
        exchange_id=scope.exchange_id, enterprise_id=scope.enterprise_id, organisation_id=scope.organisation_id
    )
    for one in found:
        ordered = one.value is not None
        yield Tie(
            source=_node(one.source),
            target=_node(one.target),
            kind="link",
            weight=ORDERED if ordered else WEIGHTS[MeetingFeedback.Outcome(one.outcome)],
            as_of=one.date,
            level=Level.EXCHANGE,
            origin="met",
            exchange_id=one.edition.exchange_id,
            parties=frozenset({_party(one.source), _party(one.target)}),
            about=one.edition.code,
            words=one.outcome,
            pk=one.meeting,
        )


def _node(side: Enterprise | Organisation) -> str:
    return enterprise_node(side.code) if isinstance(side, Enterprise) else organisation_node(side.pk)


def _party(side: Enterprise | Organisation) -> tuple[str, int]:
    return ("enterprise" if isinstance(side, Enterprise) else "organisation", side.pk)
