"""Whom a participant could meet: the engine's proposals, those who ask, own wishes, and a search. Not the meetings that are planned (participation.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError, NotPermittedError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Edition, MeetingProposal, MeetingWish, Participant
from tashbik.exchange.permissions import may

PAGE = 20
"""Participants on one page."""
VIEWS = ("proposed", "asking", "wished", "all")
_ASKS = (MeetingWish.Kind.MUST, MeetingWish.Kind.WANT)
_WORDS = 6


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody to meet: what the participant wishes of it, whether they ask too (a "no" of theirs is never shown), and the engine's
    reason with its score from 0 to 100."""

    participant: Participant
    wish: str = ""
    note: str = ""
    asks: bool = False
    points: int | None = None
    reason: dict[str, str] | None = None
    met_before: bool = False


def open_to_wishes(edition: Edition) -> QuerySet[Participant]:
    """The participants of an edition that can be met."""
    return Participant.objects.filter(edition=edition, status=Participant.Status.APPROVED).exclude(
        category=Participant.Category.PRESS
    )


def partners(
    actor: Actor, participant: Participant, *, view: str = "proposed", text: str = ""
) -> QuerySet[Participant]:
    """The participants of a view (VIEWS), narrowed by words; those proposed first, best first, others by name. Raises NotPermittedError.

    E-mail addresses are neither searched nor loaded.
    """
    if not may(actor, "agenda.see", participant):
        raise NotPermittedError(_("This page is another participant's."))
    found = _others(participant).defer("email")
    if view == "proposed":
        found = found.filter(Q(fit__isnull=False))
    elif view == "asking":
        found = found.filter(wishes__about=participant, wishes__kind__in=_ASKS)
    elif view == "wished":
        found = found.filter(wished__by=participant)
    for word in text.split()[:_WORDS]:
        found = found.filter(_says(word))
    return found.order_by(F("fit").desc(nulls_last=True), "name", "pk")


def _others(participant: Participant) -> QuerySet[Participant]:
    pair = Q(first=OuterRef("pk"), second=participant) | Q(second=OuterRef("pk"), first=participant)
    best = MeetingProposal.objects.filter(pair).order_by("-score").values("score")[:1]
    found = open_to_wishes(participant.edition).exclude(pk=participant.pk).annotate(fit=Subquery(best))
    if participant.enterprise_id:
        found = found.exclude(enterprise=participant.enterprise_id)
    if participant.organisation_id:
        found = found.exclude(organisation=participant.organisation_id)
    return found


def _says(word: str) -> Q:
    return Q(
        *(Q(**{f"{field}__icontains": word}) for field in ("name", "body", "position", "offers", "seeks")),
        _connector=Q.OR,
    )


def find_partner(actor: Actor, participant: Participant, number: int) -> Participant:
    """One of those who can be met. Raises NotFoundError."""
    partner = partners(actor, participant, view="all").filter(pk=number).first()
    if partner is None:
        raise NotFoundError(_("This participant cannot be met, or no longer."))
    return partner


def counts(participant: Participant) -> dict[str, int]:
    """How many there are in each view."""
    others = _others(participant)
    return {
        "proposed": others.filter(Q(fit__isnull=False)).count(),
        "asking": others.filter(wishes__about=participant, wishes__kind__in=_ASKS).count(),
        "wished": others.filter(wished__by=participant).count(),
        "all": others.count(),
    }


def with_wishes(participant: Participant, rows: list[Participant]) -> list[Partner]:
    """What stands between a participant and some others; three queries, however many they are."""
    keys = [one.pk for one in rows]
    own = {one.about_id: one for one in MeetingWish.objects.filter(by=participant, about__in=keys)}
    asking = set(
        MeetingWish.objects.filter(by__in=keys, about=participant, kind__in=_ASKS).values_list("by", flat=True)
    )
    proposals = {
        one.second_id if one.first_id == participant.pk else one.first_id: one
        for one in MeetingProposal.objects.filter(
            Q(first=participant, second__in=keys) | Q(second=participant, first__in=keys)
        )
    }
    return [_partner(one, own.get(one.pk), one.pk in asking, proposals.get(one.pk)) for one in rows]


def _partner(one: Participant, wish: MeetingWish | None, asks: bool, proposal: MeetingProposal | None) -> Partner:
    return Partner(
        participant=one,
        wish=wish.kind if wish else "",
        note=wish.note if wish else "",
        asks=asks,
        points=round(proposal.score) if proposal else None,
        reason=proposal.reason if proposal else None,
        met_before=bool(proposal and proposal.met_before),
    )
