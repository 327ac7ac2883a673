"""One enterprise as a reader may see it, with what its profile still lacks. Not the list (register.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Attachment, Enterprise
from tashbik.exchange.permissions import may
from tashbik.exchange.projection import QUESTIONS, next_question, record_of, stated
from tashbik.exchange.queries.attachments import attachments_of
from tashbik.exchange.visibility import hidden_groups, without
from tashbik.registry import records


@dataclass(frozen=True, slots=True)
class Profile:
    """An enterprise, its record without what is hidden from the reader, the groups that are hidden, and the evidence open to the reader.

    `own` says whether the reader acts for the enterprise or keeps its register; `missing` are then the questions not yet answered
    with what each answer adds to the score, the most useful first.
    """

    enterprise: Enterprise
    record: records.Enterprise
    hidden: tuple[str, ...]
    own: bool
    evidence: list[Attachment]
    question: str
    missing: tuple[tuple[str, int], ...]


def profile(actor: Actor, code: str) -> Profile:
    """The profile of an enterprise. Raises NotFoundError where there is none, or it is not published and not the actor's to keep."""
    enterprise = Enterprise.objects.select_related("exchange").filter(code=code).first()
    if enterprise is None or not _may_see(actor, enterprise):
        raise NotFoundError(
            _("There is no enterprise under this address, or it is not published."),
            mend=_("Search the register for its name."),
        )
    record = record_of(enterprise)
    hidden = hidden_groups(actor, enterprise, record)
    own = keeps(actor, enterprise)
    return Profile(
        enterprise=enterprise,
        record=without(record, hidden),
        hidden=hidden,
        own=own,
        evidence=attachments_of(actor, enterprise),
        question=next_question(record) if own else "",
        missing=missing(record) if own else (),
    )


def keeps(actor: Actor, enterprise: Enterprise) -> bool:
    """Whether the actor acts for the enterprise or keeps its register."""
    return may(actor, "enterprise.propose", enterprise) or may(actor, "enterprise.edit", enterprise)


def _may_see(actor: Actor, enterprise: Enterprise) -> bool:
    if enterprise.status == Enterprise.Status.PUBLISHED:
        return may(actor, "enterprise.see", enterprise)
    return keeps(actor, enterprise)


def missing(record: records.Enterprise) -> tuple[tuple[str, int], ...]:
    """The questions that a record does not answer, with the points that each answer adds, most first."""
    given = stated(record)
    return tuple(sorted(((name, worth) for name, worth in QUESTIONS if not given[name]), key=lambda one: -one[1]))
