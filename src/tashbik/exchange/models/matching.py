"""What people add to the engine's matches: questions to enterprises, and officers' overrides. Not the matching (linkage)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.models.needs import Need
from tashbik.exchange.models.parties import User
from tashbik.exchange.models.register import Enterprise
from tashbik.exchange.models.snapshot import Snapshot


class Question(Snapshot, models.Model):
    """A question behind an unknown, sent to an enterprise; the answer settles that requirement and may become part of its profile."""

    class Status(models.TextChoices):
        SENT = "sent", _("sent")
        ANSWERED = "answered", _("answered")
        SETTLED = "settled", _("settled")

    need = models.ForeignKey(Need, models.CASCADE, related_name="questions")
    line = models.CharField(max_length=40)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="questions")
    requirement = models.CharField(max_length=20)
    asked = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    answer = models.TextField(blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    answered = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created", "pk")
        constraints = (
            models.UniqueConstraint(fields=("need", "line", "enterprise", "requirement"), name="one_question"),
        )

    def __str__(self) -> str:
        return f"question {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """Both sides: who is asked and who asks."""
        return {("enterprise", self.enterprise_id)} | self.need.parties()


class MatchOverride(Snapshot, models.Model):
    """An officer's word against the engine's: a verdict on one requirement, or an enterprise kept or left out, with the reason."""

    class Decision(models.TextChoices):
        PASS = "pass", _("met")
        FAIL = "fail", _("not met")
        KEEP = "keep", _("kept in the list")
        DROP = "drop", _("left out of the list")

    need = models.ForeignKey(Need, models.CASCADE, related_name="overrides")
    line = models.CharField(max_length=40, blank=True)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="overrides")
    requirement = models.CharField(max_length=20, blank=True)
    decision = models.CharField(max_length=4, choices=Decision.choices)
    reason = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created", "pk")
        constraints = (
            models.UniqueConstraint(fields=("need", "line", "enterprise", "requirement"), name="one_override"),
        )

    def __str__(self) -> str:
        return f"override {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """Whose need it is."""
        return self.need.parties()
