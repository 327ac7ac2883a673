"""The link by which the owner of a recommendation reports without an account: signed, for one task, until it ends. Not the reporting (verbs)."""

from __future__ import annotations

from dataclasses import replace

from django.core import signing
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Recommendation

SALT = "tashbik.recommendation.owner"


def token_of(recommendation: Recommendation) -> str:
    """The token of the present owner's link; assigning the recommendation anew makes another."""
    return signing.dumps(_content(recommendation), salt=SALT, compress=True)


def _content(recommendation: Recommendation) -> list[str]:
    when = recommendation.assigned.isoformat() if recommendation.assigned else ""
    return [str(recommendation.pk), when]


def of_token(token: str) -> Recommendation:
    """The recommendation that a link was sent for. Raises NotFoundError for a link that is forged, replaced or no longer needed."""
    try:
        content = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise _gone() from error
    found = Recommendation.objects.select_related("edition__exchange", "organisation").filter(pk=content[0]).first()
    if found is None or not found.assigned or _content(found) != content or found.status not in Recommendation.OPEN:
        raise _gone()
    return found


def _gone() -> NotFoundError:
    return NotFoundError(
        _("This link is no longer in force."),
        mend=_("Use the link of the latest message, or ask the forum's organiser."),
    )


def as_owner(actor: Actor, recommendation: Recommendation) -> Actor:
    """The actor who came by the link: whoever they are, they may report on this recommendation."""
    return replace(actor, parties=actor.parties | {("recommendation", recommendation.pk)})
