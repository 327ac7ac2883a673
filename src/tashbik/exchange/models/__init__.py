"""The models, by what they are about. Rules of who may do what are in permissions.py, what can be done in verbs/."""

from tashbik.exchange.models.attachments import Attachment
from tashbik.exchange.models.audit import AuditEntry, Head, Revision
from tashbik.exchange.models.editions import (
    Edition,
    EditionBody,
    EditionSession,
    Paper,
    Participant,
    ParticipantList,
    Quota,
    Room,
    SessionAttendance,
    Track,
)
from tashbik.exchange.models.groups import Group, GroupMember
from tashbik.exchange.models.identity import IdentityModel, IdentityPair, Merge
from tashbik.exchange.models.imports import Import, ImportReject
from tashbik.exchange.models.integration import IdempotencyKey
from tashbik.exchange.models.jobs import Job
from tashbik.exchange.models.mail import Mail
from tashbik.exchange.models.matching import MatchOverride, Question
from tashbik.exchange.models.meetings import (
    Interpreter,
    Meeting,
    MeetingCondition,
    MeetingFeedback,
    MeetingPlan,
    MeetingProposal,
    MeetingSlot,
    MeetingTable,
    MeetingWish,
)
from tashbik.exchange.models.needs import Need, Referral
from tashbik.exchange.models.networks import Cluster, ClusterMember, DeclaredTie, NetworkSnapshot
from tashbik.exchange.models.parties import (
    ApiToken,
    Exchange,
    Membership,
    Organisation,
    Role,
    User,
    Webhook,
    WebhookDelivery,
)
from tashbik.exchange.models.recommendations import (
    Communique,
    DeadlineReminder,
    Evidence,
    Progress,
    Recommendation,
    Step,
    Vote,
)
from tashbik.exchange.models.register import Draft, Enterprise, Facet, Submission
from tashbik.exchange.models.rfq import Award, Invitation, Outcome, Quote, QuoteLine, Rfq

__all__ = [
    "ApiToken",
    "Attachment",
    "AuditEntry",
    "Award",
    "Cluster",
    "ClusterMember",
    "Communique",
    "DeadlineReminder",
    "DeclaredTie",
    "Draft",
    "Edition",
    "EditionBody",
    "EditionSession",
    "Enterprise",
    "Evidence",
    "Exchange",
    "Facet",
    "Group",
    "GroupMember",
    "Head",
    "IdempotencyKey",
    "IdentityModel",
    "IdentityPair",
    "Import",
    "ImportReject",
    "Interpreter",
    "Invitation",
    "Job",
    "Mail",
    "MatchOverride",
    "Meeting",
    "MeetingCondition",
    "MeetingFeedback",
    "MeetingPlan",
    "MeetingProposal",
    "MeetingSlot",
    "MeetingTable",
    "MeetingWish",
    "Membership",
    "Merge",
    "Need",
    "NetworkSnapshot",
    "Organisation",
    "Outcome",
    "Paper",
    "Participant",
    "ParticipantList",
    "Progress",
    "Question",
    "Quota",
    "Quote",
    "QuoteLine",
    "Recommendation",
    "Referral",
    "Revision",
    "Rfq",
    "Role",
    "Room",
    "SessionAttendance",
    "Step",
    "Submission",
    "Track",
    "User",
    "Vote",
    "Webhook",
    "WebhookDelivery",
]
