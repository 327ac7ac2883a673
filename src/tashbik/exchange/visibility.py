"""Which groups of an enterprise's fields are shown to whom. Not who may change them (permissions.py).

Each group has a level that the enterprise may set: `public` (anyone), `members` (anyone who has a role at an exchange), `exchange` (the officers of its own
exchange). The enterprise itself and its exchange's officers see all.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise
from tashbik.exchange.models.parties import Role
from tashbik.exchange.projection import record_of
from tashbik.registry import records

LEVELS = ("public", "members", "exchange")
GROUPS: dict[str, str] = {
    "contacts": "members",
    "capacities": "members",
    "prices": "exchange",
    "machines": "public",
    "certificates": "public",
    "exports": "public",
    "references": "members",
    "figures": "members",
    "finance": "exchange",
}
"""Groups with the level that holds where the enterprise has set none."""


def level_of(record: records.Enterprise, group: str) -> str:
    """The level in force for a group; an unknown one counts as the strictest."""
    level = record.visibility.get(group, GROUPS[group])
    return level if level in LEVELS else "exchange"


def hidden_groups(actor: Actor, enterprise: Enterprise, record: records.Enterprise) -> tuple[str, ...]:
    """The groups that the actor does not see."""
    if actor.system or ("enterprise", enterprise.pk) in actor.parties:
        return ()
    if actor.exchange_id == enterprise.exchange_id and actor.role in (Role.OFFICER, Role.ADMINISTRATOR):
        return ()
    seen = {"public"} if actor.is_visitor else {"public", "members"}
    return tuple(group for group in GROUPS if level_of(record, group) not in seen)


def visible_record(actor: Actor, enterprise: Enterprise) -> tuple[records.Enterprise, tuple[str, ...]]:
    """The record as the actor may see it, and the groups left out."""
    record = record_of(enterprise)
    hidden = hidden_groups(actor, enterprise, record)
    return without(record, hidden), hidden


def without(record: records.Enterprise, hidden: tuple[str, ...]) -> records.Enterprise:
    """A record without some groups."""
    blank: dict[str, Any] = {}
    if "contacts" in hidden:
        blank["contacts"] = ()
    if "machines" in hidden:
        blank["machines"] = ()
    if "certificates" in hidden:
        blank["certificates"] = ()
    if "exports" in hidden:
        blank["exports"] = ()
    if "references" in hidden:
        blank["references"] = ()
    if "finance" in hidden:
        blank["finance_need"] = ""
    if "figures" in hidden:
        blank |= {"employees": None, "employees_year": None, "turnover": "", "turnover_year": None}
    able = tuple(_capability_without(one, hidden) for one in record.capabilities)
    return replace(record, capabilities=able, **blank)


def _capability_without(one: records.Capability, hidden: tuple[str, ...]) -> records.Capability:
    if "capacities" in hidden:
        one = replace(one, capacity=None, spare=None, spare_as_of=None)
    return replace(one, price_hint="") if "prices" in hidden else one
