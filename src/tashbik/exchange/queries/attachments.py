"""Which files of a record an actor may read, and the signed links under which they are handed out. Not their keeping (verbs/attachments.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import models
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError, NotPermittedError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Attachment, Enterprise, Need, Question, Quote, Role
from tashbik.exchange.permissions import may
from tashbik.exchange.projection import record_of
from tashbik.exchange.queries.needs import is_inside, is_invited
from tashbik.exchange.sealing import accepting, opened, shows_prices
from tashbik.exchange.visibility import hidden_groups

LINK_SECONDS = 600
"""How long a link works: long enough for a slow line, too short to be passed on."""
_SALT = "tashbik.attachments"


@dataclass(frozen=True, slots=True)
class Owner:
    """A kind of record that has files: its model, the verbs of which one must be allowed to add or remove them, who reads them."""

    model: type[models.Model]
    changed_by: tuple[str, ...]
    read_by: Callable[[Actor, Any], bool]


def _reads_enterprise(actor: Actor, enterprise: Enterprise) -> bool:
    """Evidence is shown as the certificates are, and never to who has not signed in: it may carry names and signatures."""
    if _may_any(actor, OWNERS["enterprise"].changed_by, enterprise):
        return True
    published = enterprise.status == Enterprise.Status.PUBLISHED
    hidden = hidden_groups(actor, enterprise, record_of(enterprise))
    return published and actor.user is not None and not actor.is_visitor and "certificates" not in hidden


def _reads_need(actor: Actor, need: Need) -> bool:
    return is_inside(actor, need) or is_invited(actor, need)


def _reads_quote(actor: Actor, quote: Quote) -> bool:
    """As its prices are shown: the enterprise always, the buyer's side once quotes are opened; never a draft of others."""
    rfq = quote.invitation.rfq
    inside = ("enterprise", quote.invitation.enterprise_id) in actor.parties or may(actor, "quote.compare", rfq)
    return inside and shows_prices(actor, quote, open_now=opened(rfq))


def _reads_question(actor: Actor, question: Question) -> bool:
    return may(actor, "question.answer", question) or may(actor, "question.settle", question)


OWNERS: dict[str, Owner] = {
    "enterprise": Owner(Enterprise, ("enterprise.propose", "enterprise.edit"), _reads_enterprise),
    "need": Owner(Need, ("need.edit",), _reads_need),
    "quote": Owner(Quote, ("quote.draft",), _reads_quote),
    "question": Owner(Question, ("question.answer",), _reads_question),
}


def _may_any(actor: Actor, verbs: tuple[str, ...], subject: models.Model) -> bool:
    return any(may(actor, one, subject) for one in verbs)


def owner_of(kind: str, number: int) -> models.Model:
    """The record that files belong to. Raises NotFoundError."""
    owner = OWNERS[kind].model._default_manager.filter(pk=number).first() if kind in OWNERS else None
    if owner is None:
        raise NotFoundError(_("The record that this file belongs to is not there."))
    return owner


def may_change(actor: Actor, owner: models.Model) -> bool:
    """Whether the actor may add files to a record and remove them, in its present state."""
    kind = str(owner._meta.model_name)
    if kind not in OWNERS or not _may_any(actor, OWNERS[kind].changed_by, owner):
        return False
    return actor.system or _is_open_to_change(actor, owner)


def _is_open_to_change(actor: Actor, owner: models.Model) -> bool:
    """The papers of a quote change with its draft alone: not what was sent, nor after the deadline; those of a need while it can be edited."""
    if isinstance(owner, Quote):
        draft = owner.status == Quote.Status.DRAFT and accepting(owner.invitation.rfq)
        return draft and (owner.on_paper or actor.role != Role.OFFICER)
    return not isinstance(owner, Need) or owner.status in (Need.Status.DRAFT, Need.Status.RELEASED)


def may_read(actor: Actor, attachment: Attachment) -> bool:
    """Whether the actor may have the file."""
    owner = owner_of(attachment.owner_kind, attachment.owner_id)
    return OWNERS[attachment.owner_kind].read_by(actor, owner)


def attachments_of(actor: Actor, owner: models.Model, purpose: str = "") -> list[Attachment]:
    """The files of a record in force (replaced ones left out); none where the actor may not read them."""
    kind = str(owner._meta.model_name)
    if not OWNERS[kind].read_by(actor, owner):
        return []
    found = Attachment.objects.filter(owner_kind=kind, owner_id=owner.pk, replaced_by__isnull=True)
    return list(found.filter(purpose=purpose) if purpose else found)


def ticket_for(actor: Actor, attachment: Attachment) -> str:
    """What a link to the file carries: signed, for this reader, for ten minutes. Raises NotPermittedError."""
    if not may_read(actor, attachment):
        raise NotPermittedError(_("This file is not open to you."), mend=_("Ask its owner or the exchange."))
    return signing.dumps([attachment.pk, actor.user_id or 0], salt=_SALT)


def by_ticket(actor: Actor, ticket: str) -> Attachment:
    """The file of a link. Raises NotFoundError where the link is not genuine, has run out or is another reader's, or the right is gone."""
    try:
        number, reader = signing.loads(ticket, salt=_SALT, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise _no_longer() from error
    attachment = Attachment.objects.filter(pk=number).first()
    if attachment is None or reader != (actor.user_id or 0) or not may_read(actor, attachment):
        raise _no_longer()
    return attachment


def _no_longer() -> NotFoundError:
    return NotFoundError(
        _("This link to a file does not work, or no longer."),
        mend=_("Links work for ten minutes and for one reader. Open the file again from the page it is on."),
    )
