"""Who acts: a person in one role at one exchange, or the exchange itself. Not what they may do (permissions.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tashbik.exchange.models.parties import Membership, Role, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls a verb or a query. `system` acts for the exchange itself: workers, commands, scheduled reminders."""

    role: str = Role.VISITOR
    user: User | None = None
    exchange_id: int | None = None
    organisation_id: int | None = None
    enterprise_id: int | None = None
    language: str = "ar"
    system: bool = False
    parties: frozenset[tuple[str, int]] = field(default=frozenset())

    @property
    def user_id(self) -> int | None:
        """The user's key, if a person acts."""
        return self.user.pk if self.user else None

    @property
    def is_visitor(self) -> bool:
        """Whether nobody has signed in, or without any role."""
        return self.role == Role.VISITOR and not self.system


VISITOR = Actor()
SYSTEM = Actor(role="system", system=True)


def acting(membership: Membership, *, language: str = "") -> Actor:
    """The actor of a membership."""
    parties: set[tuple[str, int]] = {("user", membership.user_id)}
    if membership.organisation_id:
        parties.add(("organisation", membership.organisation_id))
    if membership.enterprise_id:
        parties.add(("enterprise", membership.enterprise_id))
    return Actor(
        role=membership.role,
        user=membership.user,
        exchange_id=membership.exchange_id,
        organisation_id=membership.organisation_id,
        enterprise_id=membership.enterprise_id,
        language=language or membership.user.language,
        parties=frozenset(parties),
    )


def signed_in(user: User, *, language: str = "") -> Actor:
    """A user without (or before choosing) a membership: a visitor who can be told apart."""
    return Actor(user=user, language=language or user.language, parties=frozenset({("user", user.pk)}))
