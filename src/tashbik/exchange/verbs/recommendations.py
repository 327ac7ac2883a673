"""From draft to adoption: recommendations drafted, edited, put to the vote, adopted or not, and the communiqué. Not their being carried out (recommendation_work.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, NotPermittedError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.evidence import LANGUAGES, Texts, in_three
from tashbik.exchange.models import Communique, Edition, Participant, Recommendation, Step, Vote
from tashbik.exchange.permissions import may
from tashbik.exchange.queries.recommendations import tally
from tashbik.exchange.recommendation_sheet import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Wording,
    check_wording,
    lacks,
    stripped,
    write_wording,
)
from tashbik.exchange.storing import expect_version

Status = Recommendation.Status
LONGEST_NOTE = 2_000
LONGEST_PREAMBLE = 4_000


def today() -> date:
    """The day by which dates are judged."""
    return timezone.localdate()


def expect(recommendation: Recommendation, *statuses: str, text: str) -> None:
    """Raises StateError unless the recommendation is in one of the statuses."""
    if recommendation.status not in statuses:
        raise StateError(text, mend=_("Look at the recommendation's page: it says what can be done now."))


def moved(recommendation: Recommendation, status: str, *, on: date | None = None, note: str = "") -> None:
    """Put it in a status (not saved) and keep the step for its history."""
    recommendation.status = status
    step = Step.objects.create(recommendation=recommendation, status=status, on=on or today(), note=note)
    changed(step)


def saved(recommendation: Recommendation) -> Recommendation:
    """Save it as the next version."""
    recommendation.version += 1
    recommendation.save()
    return recommendation


def reason_given(reason: str, message: str) -> str:
    """The reason, without the spaces around. Raises InvalidError for field `reason` where none is given."""
    given = reason.strip()
    if not given:
        raise InvalidError({"reason": [_("Say why in a few words: everybody can read it later.")]}, message)
    if len(given) > LONGEST_NOTE:
        raise InvalidError({"reason": [_("Write at most %(count)d characters.") % {"count": LONGEST_NOTE}]}, message)
    return given


@verb("recommendation.draft", on="edition")
def draft(*, actor: Actor, edition: Edition, wording: Wording) -> Recommendation:
    """A draft, with the next number of the edition. Raises InvalidError by field (recommendation_sheet.check_wording)."""
    check_wording(wording, edition)
    last = edition.recommendations.aggregate(last=Max("number"))["last"] or 0
    recommendation = Recommendation(edition=edition, number=last + 1)
    write_wording(recommendation, wording)
    recommendation.save()
    changed(recommendation)
    changed(Step.objects.create(recommendation=recommendation, status=Status.DRAFTED, on=today()))
    return recommendation


@verb("recommendation.edit", on="recommendation")
def edit(*, actor: Actor, recommendation: Recommendation, version: int, wording: Wording) -> Recommendation:
    """Change a draft. Votes that were cast on another text do not count any more.

    Raises ConflictError where it was changed since `version`, StateError once it is decided, InvalidError by field.
    """
    expect_version(recommendation, version)
    expect(recommendation, Status.DRAFTED, text=_("The recommendation is decided: its text stays as it was adopted."))
    check_wording(wording, recommendation.edition)
    if stripped(wording.text) != recommendation.text:
        for vote in recommendation.votes.all():
            before = vote.snapshot()
            vote.delete()
            changed(vote, before)
    write_wording(recommendation, wording)
    return saved(recommendation)


@verb("recommendation.translate", on="recommendation")
def translate(
    *, actor: Actor, recommendation: Recommendation, version: int, text: Texts, body: Texts
) -> Recommendation:
    """Add the languages in which an adopted recommendation has no text or addressee yet; what is there does not change.

    Raises StateError where nothing is missing, InvalidError for a text that is too long or where nothing was added.
    """
    expect_version(recommendation, version)
    expect(recommendation, *Recommendation.PUBLIC, text=_("A draft is not translated but edited."))
    errors: dict[str, list[str]] = {}
    added = 0
    for name, given, longest in (("text", stripped(text), LONGEST_TEXT), ("body", stripped(body), LONGEST_NAME)):
        texts: Texts = getattr(recommendation, name)
        fresh = {one: given[one] for one in LANGUAGES if given.get(one) and not texts.get(one)}
        added += len(fresh)
        for one, words in fresh.items():
            if len(words) > longest:
                errors[f"{name}_{one}"] = [_("Write at most %(count)d characters.") % {"count": longest}]
        setattr(recommendation, name, {**fresh, **texts})
    if errors or not added:
        raise InvalidError(
            errors or {"": [_("Write the text in a language that is missing.")]}, _("Nothing was added.")
        )
    return saved(recommendation)


@verb("recommendation.poll", on="recommendation")
def poll(*, actor: Actor, recommendation: Recommendation, voting: bool) -> Recommendation:
    """Open the vote of the participants on a draft, or end it; votes that were cast stay."""
    expect(recommendation, Status.DRAFTED, text=_("The recommendation is decided: there is nothing to vote on."))
    if recommendation.voting == voting:
        raise StateError(_("The vote is open already.") if voting else _("No vote is open."))
    recommendation.voting = voting
    return saved(recommendation)


@verb("vote.cast", on="participant")
def cast_vote(*, actor: Actor, participant: Participant, recommendation: Recommendation, choice: str) -> Vote:
    """Vote as a participant, or as the organiser for one who votes in the hall; a vote may be changed while the vote is open.

    Raises NotPermittedError for another's vote, StateError while no vote is open or for who was not approved, InvalidError (`choice`).
    """
    own = participant.user_id is not None and participant.user_id == actor.user_id
    if not own and not may(actor, "recommendation.poll", recommendation):
        raise NotPermittedError(_("Each participant votes for themselves."))
    if participant.edition_id != recommendation.edition_id or participant.status != Participant.Status.APPROVED:
        raise StateError(_("Only approved participants of this edition vote."))
    if choice not in Vote.Choice.values:
        raise InvalidError({"choice": [_("Choose for, against or abstention.")]}, _("The vote was not counted."))
    locked = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if locked.status != Status.DRAFTED or not locked.voting:
        raise StateError(_("The vote on this recommendation is not open."), mend=_("Nothing was counted."))
    vote = Vote.objects.filter(recommendation=locked, participant=participant).first()
    before = vote.snapshot() if vote else None
    vote = vote or Vote(recommendation=locked, participant=participant)
    vote.choice = choice
    vote.save()
    changed(vote, before)
    return vote


@verb("recommendation.adopt", on="recommendation")
def adopt(
    *, actor: Actor, recommendation: Recommendation, version: int, by: str, on: date | None = None, note: str = ""
) -> Recommendation:
    """Adopt a draft by consensus, or by a vote in which more were for it than against. The text is final from then on.

    Raises InvalidError (`by`, `on`), StateError where the votes do not carry it.
    """
    expect_version(recommendation, version)
    expect(recommendation, Status.DRAFTED, text=_("The recommendation is decided already."))
    day = on or today()
    errors: dict[str, list[str]] = {}
    if by not in Recommendation.Adoption.values:
        errors["by"] = [_("Choose how it was adopted.")]
    if not recommendation.edition.starts <= day <= today():
        errors["on"] = [_("The day must lie between the first day of the edition and today.")]
    if errors:
        raise InvalidError(errors, _("The recommendation was not adopted."))
    if by == Recommendation.Adoption.VOTE:
        _expect_majority(tally(recommendation))
    recommendation.adopted_by, recommendation.adopted, recommendation.voting = by, day, False
    moved(recommendation, Status.ADOPTED, on=day, note=note.strip()[:LONGEST_NOTE])
    return saved(recommendation)


def _expect_majority(votes: dict[str, int]) -> None:
    if votes["for"] <= votes["against"]:
        raise StateError(
            _("There are not enough votes in favour: %(for)d for, %(against)d against.") % votes,
            mend=_("Let participants vote, change the text, or reject it."),
        )


@verb("recommendation.reject", on="recommendation")
def reject(*, actor: Actor, recommendation: Recommendation, version: int, reason: str) -> Recommendation:
    """Decide that a draft is not adopted, and why; only the organiser's side sees it afterwards."""
    expect_version(recommendation, version)
    expect(recommendation, Status.DRAFTED, text=_("The recommendation is decided already."))
    given = reason_given(reason, _("The recommendation was not rejected."))
    recommendation.voting = False
    moved(recommendation, Status.REJECTED, note=given)
    return saved(recommendation)


# the communiqué


@verb("communique.issue", on="edition")
def issue(*, actor: Actor, edition: Edition, preamble: Texts, on: date | None = None) -> Communique:
    """Issue the final communiqué: a frozen copy of all adopted recommendations in three languages, in the order of their numbers.

    Raises StateError where none is adopted, InvalidError (`preamble_ar` …, or a recommendation that lacks a language).
    """
    adopted = list(edition.recommendations.filter(status__in=Recommendation.PUBLIC).select_related("organisation"))
    if not adopted:
        raise StateError(
            _("No recommendation of this edition is adopted."),
            mend=_("Adopt the drafts first, then issue the communiqué."),
        )
    errors = _lacking(preamble, adopted)
    if errors:
        raise InvalidError(errors, _("The communiqué was not issued."))
    last = edition.communiques.aggregate(last=Max("number"))["last"] or 0
    communique = Communique.objects.create(
        edition=edition,
        number=last + 1,
        preamble={one: preamble[one].strip() for one in LANGUAGES},
        items=[_item(place, one) for place, one in enumerate(adopted, 1)],
        issued=on or today(),
        by=actor.user,
    )
    changed(communique)
    return communique


def _lacking(preamble: Texts, adopted: list[Recommendation]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for one in LANGUAGES:
        words = preamble.get(one, "").strip()
        if not words:
            errors[f"preamble_{one}"] = [_("Write the opening words in this language too.")]
        elif len(words) > LONGEST_PREAMBLE:
            errors[f"preamble_{one}"] = [_("Write at most %(count)d characters.") % {"count": LONGEST_PREAMBLE}]
    unfinished = ", ".join(one.reference for one in adopted if lacks(one))
    if unfinished:
        errors[""] = [_("Add the missing languages first to: %(numbers)s.") % {"numbers": unfinished}]
    return errors


def _item(place: int, one: Recommendation) -> dict[str, Any]:
    """An adopted recommendation as the communiqué says it."""
    return {
        "place": place,
        "reference": one.reference,
        "text": one.text,
        "body": one.body,
        "country": one.country,
        "sector": in_three(lambda: Recommendation.Sector(one.sector).label),
        "topic": in_three(lambda: Recommendation.Topic(one.topic).label),
        "adopted": one.adopted.isoformat() if one.adopted else "",
        "adopted_by": one.adopted_by,
        "votes": tally(one) if one.adopted_by == Recommendation.Adoption.VOTE else {},
        "owner": one.owner,
        "deadline": one.deadline.isoformat() if one.deadline else "",
    }
