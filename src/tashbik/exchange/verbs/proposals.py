"""The engine's proposals of an edition, made anew in the background. Not the engine's reasons (proposing.py)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from tashbik.errors import StateError
from tashbik.exchange import audit
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import verb
from tashbik.exchange.jobs import Work, enqueue_once, handles
from tashbik.exchange.models import Edition, MeetingProposal
from tashbik.exchange.proposing import Proposed, propose

KIND = "forum.propose"
KEPT = 8
"""Proposals kept of each participant, besides those that are among the best of the other side."""


@verb("proposal.make", on="edition")
def make(*, actor: Actor, edition: Edition) -> None:
    """Have the engine propose partners in the background; what it proposed before is replaced. Raises StateError once the edition is closed."""
    if edition.status == Edition.Status.CLOSED:
        raise StateError(_("The edition is closed: nothing can be changed any more."))
    enqueue_once(KIND, edition.pk)


@handles(KIND)
def _make(work: Work) -> None:
    """The proposing itself; a restart begins it anew, what was there stays until its end."""
    edition = Edition.objects.select_related("exchange").filter(pk=work.job.subject_id).first()
    if edition is None:
        return
    kept = best_of_each(propose(edition, report=work.report))
    with transaction.atomic():
        edition.proposals.all().delete()
        MeetingProposal.objects.bulk_create([_row(edition, one) for one in kept], batch_size=500)
        audit.append(SYSTEM, "proposal.make", subject=edition, note=f"{len(kept)} proposals")


def best_of_each(proposals: list[Proposed]) -> list[Proposed]:
    """Those that are among the KEPT best of either side; `proposals` are best first."""
    counts: dict[int, int] = {}
    kept = []
    for one in proposals:
        if min(counts.get(one.first, 0), counts.get(one.second, 0)) < KEPT:
            kept.append(one)
            counts[one.first] = counts.get(one.first, 0) + 1
            counts[one.second] = counts.get(one.second, 0) + 1
    return kept


def _row(edition: Edition, one: Proposed) -> MeetingProposal:
    return MeetingProposal(
        edition=edition,
        first_id=one.first,
        second_id=one.second,
        score=one.score,
        reason={language: " ".join(texts) for language, texts in one.reasons.items()},
        met_before=one.met_before,
    )
