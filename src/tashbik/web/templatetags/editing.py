"""What templates ask about acts on an enterprise: `{% load editing %}`. Not the acts."""

from __future__ import annotations

from django import template

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise
from tashbik.exchange.permissions import may

register = template.Library()

ACTS = ("propose", "edit", "verify", "visibility", "withdraw", "erase", "history", "undo")


@register.simple_tag
def acts_on(actor: Actor, enterprise: Enterprise) -> dict[str, bool]:
    """`{% acts_on actor enterprise as can %}`: which acts the actor may do: propose, edit, verify, visibility, withdraw, erase, history, undo."""
    return {act: may(actor, f"enterprise.{act}", enterprise) for act in ACTS}
