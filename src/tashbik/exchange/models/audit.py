"""What happened: the hash-chained audit entries and the revisions that they speak of. Not how they are written (audit.py of the room).

The chain holds no content: an entry has the digest of its revision. So personal data in a revision can be erased on request,
and the chain still proves that nothing else was changed.
"""

from __future__ import annotations

from django.db import models


class Head(models.Model):
    """A counter that every transaction takes in turn: `audit` (sequence and last hash) and `index` (last change number)."""

    name = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.name}:{self.number}"


class Revision(models.Model):
    """A record before and after one act. `erased` says that its content was removed on request; its digest stays in the chain."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    import_run = models.ForeignKey("exchange.Import", models.SET_NULL, null=True, blank=True, related_name="revisions")
    erased = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="revision_subject"),)

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}#{self.pk}"


class AuditEntry(models.Model):
    """One act: who, as what, when, which verb, on what; `digest` of what it changed; `previous` and `hash` chain the entries."""

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=14)
    exchange = models.ForeignKey("exchange.Exchange", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.BigIntegerField(null=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="entries")
    note = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="audit_subject"),)

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"
