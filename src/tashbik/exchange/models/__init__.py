"""The models, by what they are about. Rules of who may do what are in permissions.py, what can be done in verbs/."""

from tashbik.exchange.models.attachments import Attachment
from tashbik.exchange.models.audit import AuditEntry, Head, Revision
from tashbik.exchange.models.imports import Import, ImportReject
from tashbik.exchange.models.integration import IdempotencyKey
from tashbik.exchange.models.jobs import Job
from tashbik.exchange.models.mail import Mail
from tashbik.exchange.models.matching import MatchOverride, Question
from tashbik.exchange.models.needs import Need, Referral
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
from tashbik.exchange.models.register import Draft, Enterprise, Facet, Submission
from tashbik.exchange.models.rfq import Award, Invitation, Outcome, Quote, QuoteLine, Rfq

__all__ = [
    "ApiToken",
    "Attachment",
    "AuditEntry",
    "Award",
    "Draft",
    "Enterprise",
    "Exchange",
    "Facet",
    "Head",
    "IdempotencyKey",
    "Import",
    "ImportReject",
    "Invitation",
    "Job",
    "Mail",
    "MatchOverride",
    "Membership",
    "Need",
    "Organisation",
    "Outcome",
    "Question",
    "Quote",
    "QuoteLine",
    "Referral",
    "Revision",
    "Rfq",
    "Role",
    "Submission",
    "User",
    "Webhook",
    "WebhookDelivery",
]
