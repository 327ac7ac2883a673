"""What an administrator reads: people, organisations, the audit trail, figures. Permission is asked by who calls (web)."""

from __future__ import annotations

from django.db.models import QuerySet

from tashbik.exchange.models import AuditEntry, Enterprise, Exchange, Job, Mail, Membership, Need, Organisation, User
from tashbik.exchange.permissions import RULES


def figures(exchange: Exchange) -> dict[str, int]:
    """How much there is."""
    return {
        "enterprises": Enterprise.objects.filter(exchange=exchange, status=Enterprise.Status.PUBLISHED).count(),
        "needs": Need.objects.filter(exchange=exchange).count(),
        "people": Membership.objects.filter(exchange=exchange).count(),
        "mails_waiting": Mail.objects.filter(exchange=exchange, status=Mail.Status.WAITING).count(),
        "jobs_failed": Job.objects.filter(status=Job.Status.FAILED).count(),
    }


def people(exchange: Exchange) -> QuerySet[Membership]:
    """Memberships with what their page shows."""
    return (
        Membership.objects.filter(exchange=exchange)
        .select_related("user", "organisation", "enterprise")
        .order_by("user__name", "user__email", "pk")
    )


def organisations(exchange: Exchange) -> QuerySet[Organisation]:
    """The organisations of an exchange."""
    return Organisation.objects.filter(exchange=exchange)


def trail(exchange: Exchange, *, verb: str = "", role: str = "") -> QuerySet[AuditEntry]:
    """Audit entries of an exchange, newest first."""
    entries = AuditEntry.objects.filter(exchange=exchange).order_by("-number")
    if verb in RULES:
        entries = entries.filter(verb=verb)
    return entries.filter(role=role) if role else entries


def verbs() -> list[str]:
    """The verbs that an entry may name."""
    return sorted(RULES)


def names_of(users: set[int]) -> dict[int, str]:
    """Names of people by their number; who was erased has none."""
    return {one.pk: str(one) for one in User.objects.filter(pk__in=users)}
