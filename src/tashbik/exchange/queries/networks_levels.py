"""Which ties of the linkage graph are shown to whom, and under which name of the buyer. Not where ties come from (networks_ties.py).

Officers are shown all ties that their exchange keeps; who has a role at an exchange, those open to members; everyone, those open to
all; and each its own. The buyer of an anonymous need has a node of its own for each need, unless the reader is on the buyer's side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, Organisation, Role
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_ties import Tie, unnamed_node

RANK = {str(Level.PUBLIC): 0, str(Level.MEMBERS): 1, str(Level.EXCHANGE): 2}


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes ties are seen with: the level for what each exchange keeps (`office`: the one whose officer it is), and own parties."""

    level: str
    office: int = 0
    parties: frozenset[tuple[str, int]] = frozenset()

    def see(self, tie: Tie) -> bool:
        """Whether a tie is shown."""
        level = self.level if self.level != Level.EXCHANGE or tie.exchange_id == self.office else Level.MEMBERS
        return RANK[tie.level] <= RANK[level] or bool(tie.parties & self.parties)

    def name_the_buyer(self, tie: Tie) -> bool:
        """Whether the buyer is known by name: not where the need is anonymous, but to its own side."""
        office = self.office if self.level == Level.EXCHANGE else 0
        return not tie.unnamed or office == tie.home or tie.buyer in self.parties


@dataclass(frozen=True, slots=True)
class Side:
    """An enterprise or organisation as the table of permissions knows it: whose it is, and of which exchange."""

    exchange_id: int
    party: tuple[str, int]

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        return {self.party}


def side_of(subject: Enterprise | Organisation) -> Side:
    """The side of an enterprise or organisation."""
    kind = "enterprise" if isinstance(subject, Enterprise) else "organisation"
    return Side(subject.exchange_id, (kind, subject.pk))


def level_of(actor: Actor, exchange_id: int | None) -> str:
    """The level at which the actor is shown the ties that an exchange keeps (none: those of all exchanges together)."""
    if exchange_id is not None and (actor.system or (actor.role == Role.OFFICER and actor.exchange_id == exchange_id)):
        return str(Level.EXCHANGE)
    return str(Level.PUBLIC if actor.is_visitor else Level.MEMBERS)


def eyes_of(actor: Actor) -> Eyes:
    """The eyes of an actor."""
    office = actor.exchange_id if actor.role == Role.OFFICER else None
    own = frozenset(one for one in actor.parties if one[0] != "user")
    return Eyes(level_of(actor, office), office or 0, own)


def as_seen(ties: Iterable[Tie], eyes: Eyes) -> Iterator[Tie]:
    """The ties that are shown, with the buyers under the names that are shown."""
    for tie in ties:
        if eyes.see(tie):
            yield tie if eyes.name_the_buyer(tie) else replace(tie, target=unnamed_node(tie.unnamed))
