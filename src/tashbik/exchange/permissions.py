"""Who may do what: one table, verb by role by reach. Not the doing (verbs), not what is shown of a record (visibility.py).

A rule names, for each role, how far the verb reaches: OWN (the actor is one of the record's parties), HOME (the record belongs to the
actor's exchange), EXCHANGE (or was passed on to it), ANY. A role that is not named may not. The system may do everything.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from django.utils.translation import gettext as _

from tashbik.errors import NotPermittedError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models.parties import Role


class Reach(IntEnum):
    """How far a permission reaches."""

    OWN = 1
    HOME = 2
    EXCHANGE = 3
    ANY = 4


OWN, HOME, EXCHANGE, ANY = Reach.OWN, Reach.HOME, Reach.EXCHANGE, Reach.ANY
VISITOR, MEMBER, BUYER, OFFICER = Role.VISITOR, Role.MEMBER, Role.BUYER, Role.OFFICER
INSTITUTION, FINANCIER, ANALYST, ORGANISER, ADMIN = (
    Role.INSTITUTION,
    Role.FINANCIER,
    Role.ANALYST,
    Role.ORGANISER,
    Role.ADMINISTRATOR,
)
EVERYONE = dict.fromkeys(Role, ANY)
SIGNED_IN = {role: ANY for role in Role if role != VISITOR}
OWN_PERSON = dict.fromkeys(Role, OWN)
ORGANISE = {ORGANISER: EXCHANGE, OFFICER: EXCHANGE}

Rule = dict[Role, Reach]

RULES: dict[str, Rule] = {
    # the register
    "enterprise.see": EVERYONE,  # which groups of fields are shown is decided in visibility.py
    "enterprise.export": {OFFICER: EXCHANGE, ANALYST: EXCHANGE, ADMIN: EXCHANGE},
    "enterprise.register": {MEMBER: ANY, OFFICER: EXCHANGE, ADMIN: EXCHANGE, VISITOR: OWN},
    "enterprise.propose": {MEMBER: OWN},
    "enterprise.edit": {OFFICER: EXCHANGE, ADMIN: EXCHANGE},
    "enterprise.verify": {MEMBER: OWN, OFFICER: EXCHANGE},
    "enterprise.remind": {OFFICER: EXCHANGE},
    "enterprise.visibility": {MEMBER: OWN, OFFICER: EXCHANGE},
    "enterprise.withdraw": {MEMBER: OWN, OFFICER: EXCHANGE, ADMIN: EXCHANGE},
    "enterprise.erase": {OFFICER: EXCHANGE, ADMIN: EXCHANGE},
    "enterprise.history": {MEMBER: OWN, OFFICER: EXCHANGE, ADMIN: EXCHANGE},
    "enterprise.undo": {OFFICER: EXCHANGE},
    "draft.save": OWN_PERSON,
    # attachments follow the permission of what they belong to
    "attachment.add": {MEMBER: OWN, BUYER: OWN, OFFICER: EXCHANGE},
    "attachment.remove": {MEMBER: OWN, BUYER: OWN, OFFICER: EXCHANGE},
    # moderation
    "submission.see": {MEMBER: OWN, VISITOR: OWN, OFFICER: EXCHANGE},  # a visitor: who registers an enterprise
    "submission.accept": {OFFICER: EXCHANGE},
    "submission.return": {OFFICER: EXCHANGE},
    "submission.cancel": {MEMBER: OWN, VISITOR: OWN},
    # imports
    "import.see": {OFFICER: EXCHANGE, ADMIN: EXCHANGE},
    "import.upload": {OFFICER: EXCHANGE},
    "import.map": {OFFICER: EXCHANGE},
    "import.check": {OFFICER: EXCHANGE},
    "import.run": {OFFICER: EXCHANGE},
    "import.undo": {OFFICER: EXCHANGE},
    # needs
    "need.see": {BUYER: OWN, OFFICER: EXCHANGE},  # open needs are seen by all: queries/needs.py
    "need.create": {BUYER: ANY, OFFICER: EXCHANGE},
    "need.edit": {BUYER: OWN, OFFICER: HOME},
    "need.release": {BUYER: OWN, OFFICER: HOME},
    "need.revise": {BUYER: OWN, OFFICER: HOME},
    "need.discard": {BUYER: OWN, OFFICER: HOME},
    "need.close": {BUYER: OWN, OFFICER: HOME},
    "need.withdraw": {BUYER: OWN, OFFICER: HOME},
    "need.refer": {OFFICER: HOME},
    "referral.decide": {OFFICER: EXCHANGE},
    # matches
    "match.see": {BUYER: OWN, OFFICER: EXCHANGE},
    "match.override": {OFFICER: EXCHANGE},
    "match.restore": {OFFICER: EXCHANGE},
    "question.send": {BUYER: OWN, OFFICER: EXCHANGE},
    "question.answer": {MEMBER: OWN, OFFICER: EXCHANGE},
    "question.settle": {BUYER: OWN, OFFICER: EXCHANGE},
    # the RFQ cycle
    "rfq.see": {BUYER: OWN, OFFICER: EXCHANGE},
    "rfq.open": {BUYER: OWN, OFFICER: EXCHANGE},
    "rfq.invite": {BUYER: OWN, OFFICER: EXCHANGE},
    "rfq.remind": {BUYER: OWN, OFFICER: EXCHANGE},
    "rfq.extend": {BUYER: OWN, OFFICER: EXCHANGE},
    "rfq.close": {BUYER: OWN, OFFICER: EXCHANGE},
    "rfq.cancel": {BUYER: OWN, OFFICER: EXCHANGE},
    "invitation.see": {MEMBER: OWN, BUYER: OWN, OFFICER: EXCHANGE},
    "invitation.open": {MEMBER: OWN},
    "invitation.decline": {MEMBER: OWN, OFFICER: EXCHANGE},
    "quote.draft": {MEMBER: OWN, OFFICER: EXCHANGE},
    "quote.submit": {MEMBER: OWN, OFFICER: EXCHANGE},
    "quote.withdraw": {MEMBER: OWN},
    "quote.compare": {BUYER: OWN, OFFICER: EXCHANGE},
    "award.make": {BUYER: OWN, OFFICER: EXCHANGE},
    "outcome.ask": {BUYER: OWN, OFFICER: EXCHANGE},
    "outcome.record": {MEMBER: OWN, BUYER: OWN, OFFICER: EXCHANGE},
    # identity: pairs of records that may be one enterprise
    "identity.see": {OFFICER: EXCHANGE},
    "identity.find": {OFFICER: EXCHANGE},
    "identity.decide": {OFFICER: EXCHANGE},  # merging asks that both enterprises be of the officer's exchange
    "identity.undo": {OFFICER: EXCHANGE},
    "identity.learn": {OFFICER: EXCHANGE},
    # groups composed for a need
    "group.see": {MEMBER: OWN, BUYER: OWN, OFFICER: EXCHANGE},
    "group.compose": {BUYER: OWN, OFFICER: EXCHANGE},
    "group.propose": {BUYER: OWN, OFFICER: EXCHANGE},
    "group.answer": {MEMBER: OWN, OFFICER: EXCHANGE},
    "group.withdraw": {BUYER: OWN, OFFICER: EXCHANGE},
    # networks
    "network.see": EVERYONE,  # which ties are shown is decided in queries/networks_levels.py
    "network.analyse": {OFFICER: EXCHANGE, ANALYST: EXCHANGE, ADMIN: EXCHANGE},
    "dependence.see": {BUYER: OWN, OFFICER: HOME, ANALYST: HOME, ADMIN: HOME},
    "tie.declare": {MEMBER: OWN, BUYER: OWN, OFFICER: EXCHANGE},
    "tie.remove": {MEMBER: OWN, BUYER: OWN, OFFICER: EXCHANGE},
    "cluster.create": {OFFICER: EXCHANGE, ADMIN: EXCHANGE},
    "cluster.edit": {OFFICER: EXCHANGE, ADMIN: EXCHANGE},
    "cluster.join": {MEMBER: OWN, OFFICER: EXCHANGE},
    "cluster.leave": {MEMBER: OWN, OFFICER: EXCHANGE},
    # the forum's editions, participants and meetings: the organiser's side
    "edition.see": {**ORGANISE, ANALYST: EXCHANGE, ADMIN: EXCHANGE},  # what is public of an edition is open to all
    "edition.create": ORGANISE,
    "edition.edit": ORGANISE,
    "edition.open": ORGANISE,
    "edition.begin": ORGANISE,
    "edition.close": ORGANISE,
    "part.add": ORGANISE,  # bodies, rooms, tracks, sessions, papers, quotas, interpreters
    "part.change": ORGANISE,
    "part.remove": ORGANISE,
    "participant.see": {**OWN_PERSON, **ORGANISE},
    "participant.export": ORGANISE,
    "participant.register": EVERYONE,  # oneself while registration is open, signed in or by a confirmed address
    "participant.edit": {**OWN_PERSON, **ORGANISE},
    "participant.import": ORGANISE,
    "participant.mend": ORGANISE,
    "participant.approve": ORGANISE,
    "participant.wait": ORGANISE,
    "participant.decline": ORGANISE,
    "participant.cancel": {**OWN_PERSON, **ORGANISE},
    "participant.erase": {**OWN_PERSON, **ORGANISE},
    "participant.invite": ORGANISE,
    "slot.make": ORGANISE,
    "table.make": ORGANISE,
    "wish.state": {**OWN_PERSON, **ORGANISE},
    "condition.set": ORGANISE,
    "condition.remove": ORGANISE,
    "proposal.make": ORGANISE,
    "plan.make": ORGANISE,
    "plan.revise": ORGANISE,
    "plan.publish": ORGANISE,
    "plan.drop": ORGANISE,
    # the forum: the participants' side
    "programme.see": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE, ADMIN: EXCHANGE},  # of an edition still in preparation
    "agenda.see": OWN_PERSON | {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},  # a visitor: who comes by a personal link
    "feedback.ask": ORGANISE,
    "feedback.give": OWN_PERSON | {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "absence.state": OWN_PERSON | {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "attendance.see": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "attendance.mark": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "attendance.undo": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "session.attend": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "badge.export": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "forum-report.see": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE, ANALYST: EXCHANGE, ADMIN: EXCHANGE},
    # recommendations
    "recommendation.see": {
        ORGANISER: EXCHANGE,
        OFFICER: EXCHANGE,
        ANALYST: EXCHANGE,
        ADMIN: EXCHANGE,
    },  # adopted ones are seen by all
    "recommendation.draft": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.edit": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.translate": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.poll": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.adopt": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.reject": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.assign": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.report": {**dict.fromkeys(Role, OWN), ORGANISER: EXCHANGE, OFFICER: EXCHANGE},  # the owner
    "recommendation.remind": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.close": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.drop": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "recommendation.reopen": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "vote.cast": {
        **dict.fromkeys(Role, OWN),
        ORGANISER: EXCHANGE,
        OFFICER: EXCHANGE,
    },  # a participant, or for them in the hall
    "evidence.freeze": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "evidence.remove": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    "communique.issue": {ORGANISER: EXCHANGE, OFFICER: EXCHANGE},
    # reports
    "report.see": {OFFICER: EXCHANGE, ANALYST: EXCHANGE, ADMIN: EXCHANGE},
    # accounts and the installation
    "exchange.found": {},  # commands only
    "user.make": {},  # commands only
    "profile.edit": OWN_PERSON,
    "person.export": OWN_PERSON,
    "person.erase": OWN_PERSON,
    "membership.grant": {ADMIN: EXCHANGE},
    "membership.revoke": {ADMIN: EXCHANGE},
    "organisation.create": {ADMIN: EXCHANGE, OFFICER: EXCHANGE},
    "organisation.edit": {ADMIN: EXCHANGE, OFFICER: EXCHANGE},
    "exchange.edit": {ADMIN: EXCHANGE},
    "audit.see": {ADMIN: EXCHANGE},
    "token.create": OWN_PERSON,
    "token.revoke": OWN_PERSON,
    "webhook.create": {ADMIN: EXCHANGE},
    "webhook.delete": {ADMIN: EXCHANGE},
}


def reach_of(actor: Actor, subject: Any) -> Reach:
    """How near a record is to the actor: OWN, HOME, EXCHANGE or ANY (elsewhere). Nothing yet made counts as the actor's own."""
    if subject is None:
        return OWN
    parties = getattr(subject, "parties", None)
    if parties is not None and actor.parties & parties():
        return OWN
    if actor.exchange_id and actor.exchange_id == getattr(subject, "exchange_id", None):
        return HOME
    return EXCHANGE if actor.exchange_id and actor.exchange_id in exchanges_of(subject) else ANY


def exchanges_of(subject: Any) -> set[int]:
    """The exchanges that a record belongs to: those its model names by `exchanges()`, else the one of its `exchange_id`."""
    several = getattr(subject, "exchanges", None)
    if several is not None:
        return set(several())
    return {subject.exchange_id} if getattr(subject, "exchange_id", None) else set()


def may(actor: Actor, verb: str, subject: Any = None) -> bool:
    """Whether the actor may do it. Raises KeyError for a verb that the table does not have."""
    rule = RULES[verb]
    if actor.system:
        return True
    reach = rule.get(Role(actor.role))
    if reach is None:
        return False
    if subject is None:
        return reach != OWN or actor.user is not None
    return reach == ANY or reach_of(actor, subject) <= reach


def require(actor: Actor, verb: str, subject: Any = None) -> None:
    """Raises NotPermittedError unless the actor may do it."""
    if not may(actor, verb, subject):
        raise NotPermittedError(
            _("Your role does not allow this."), mend=_("Ask the exchange's administrator for the role that does.")
        )
