"""What other pages say of duplicates: `{% load identity %}`. Not the pages of duplicates."""

from __future__ import annotations

from typing import Any

from django import template

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Import
from tashbik.exchange.permissions import may
from tashbik.exchange.queries import identity as queries

register = template.Library()


@register.inclusion_tag("identity/_of_import.html", takes_context=True)
def pairs_of_import(context: template.Context, run: Import) -> dict[str, Any]:
    """`{% pairs_of_import run %}`: how many enterprises that an import wrote look like others; nothing before it is run."""
    actor: Actor = context["actor"]
    shown = run.status == Import.Status.DONE and may(actor, "identity.see", run)
    found = queries.of_import(actor, run) if shown else None
    return {"found": found, "run": run, "reader": context.get("reader")}


@register.inclusion_tag("identity/_of_enterprise.html", takes_context=True)
def identity_of(context: template.Context, enterprise: Enterprise) -> dict[str, Any]:
    """`{% identity_of enterprise %}`: for its officers, pairs that wait and what it took up; the records it is linked with, for all."""
    actor: Actor = context["actor"]
    officer = may(actor, "identity.see", enterprise)
    return {
        "pairs": list(queries.pairs_of_enterprise(actor, enterprise)[:5]) if officer else [],
        "merges": list(queries.merges_into(enterprise)[:20]) if officer else [],
        "linked": [one for one in queries.linked_with(enterprise) if one.status == Enterprise.Status.PUBLISHED],
        "enterprise": enterprise,
        "reader": context.get("reader"),
    }
