"""The draft agreement of a stored group in any of the languages, with the amounts that a reader may see. Not its wording (network.drafting)."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from tashbik.exchange.composition import Composed, titled
from tashbik.exchange.models import Group
from tashbik.exchange.queries.groups import composed_of
from tashbik.network import Agreement, agreement

ISOLATE, POP = "\u2068", "\u2069"
"""First-strong isolate and its end (Unicode UAX #9)."""
PRICES = "price"
"""Key of the section of prices (network.drafting)."""


def agreement_of(
    group: Group, language: str, *, prices_of: Collection[str] | None = None, buyer: str = ""
) -> Agreement:
    """The draft in a language. `prices_of`: the members whose amounts are written, for drafts that members read (None: all, and the weakest
    member with who would replace it); where no price is known, none is."""
    return drafted(composed_of(group), language, prices_of=prices_of, buyer=buyer)


def drafted(made: Composed, language: str, *, prices_of: Collection[str] | None = None, buyer: str = "") -> Agreement:
    """The draft of what was composed. Raises ValueError where there is no group."""
    if made.group is None:
        raise ValueError("there is no group to draft an agreement for")
    lines = tuple(replace(one, text=_apart(one.text)) for one in titled(made.order).lines)
    order = replace(made.order, id=_apart(made.order.id), buyer=_apart(buyer), lines=lines)
    partners = [replace(one, names={key: _apart(name) for key, name in one.names.items()}) for one in made.partners]
    weakest = made.weak[0] if made.weak and prices_of is None else None
    draft = agreement(order, partners, made.group, language=language, weakest=weakest)
    shown = [
        made.costed and not made.unpriced and (prices_of is None or one.partner in prices_of)
        for one in made.group.members
    ]
    return replace(
        draft,
        sections=tuple(
            replace(one, rows=tuple(row for row, see in zip(one.rows, shown, strict=True) if see))
            if one.key == PRICES
            else one
            for one in draft.sections
        ),
    )


def _apart(text: str) -> str:
    """A name set apart, so that it keeps its own direction in a text of the other."""
    return f"{ISOLATE}{text}{POP}" if text else ""
