"""Keeping what someone has typed and not yet sent, every few seconds. Not the sending (the verb of each form)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import VERBS
from tashbik.exchange.models import Draft
from tashbik.exchange.permissions import require

MOST_CHARACTERS = 200_000
"""Longest draft, all values together: far above any form of the exchange, far below what would fill the database."""


def save_draft(*, actor: Actor, form: str, values: dict[str, Any], subject_id: int = 0, base_version: int = 0) -> Draft:
    """Keep a draft of the actor's own, in place of the last one of the same form and subject.

    Drafts are no part of the history: what is saved every few seconds by everyone would bury it and make all wait for the chain's head.
    So this verb checks the permission itself and leaves no entry. Raises InvalidError for a draft that is too long.
    """
    require(actor, "draft.save")
    if actor.user is None or sum(len(str(one)) for one in values.values()) > MOST_CHARACTERS:
        raise InvalidError({"": [_("This is too long to be kept as a draft.")]})
    with transaction.atomic():
        draft, _made = Draft.objects.update_or_create(
            user=actor.user,
            form=form,
            subject_id=subject_id,
            defaults={"values": values, "base_version": base_version},
        )
    return draft


def draft_of(actor: Actor, form: str, subject_id: int = 0) -> Draft | None:
    """The actor's own draft of a form, if there is one."""
    if actor.user_id is None:
        return None
    return Draft.objects.filter(user_id=actor.user_id, form=form, subject_id=subject_id).first()


def drop_draft(*, actor: Actor, form: str, subject_id: int = 0) -> None:
    """Forget a draft: it was sent, or its writer does not want it any more."""
    Draft.objects.filter(user_id=actor.user_id or 0, form=form, subject_id=subject_id).delete()


VERBS["draft.save"] = save_draft
