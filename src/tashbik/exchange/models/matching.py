"""What people add to the engine's matches: questions to enterprises, and officers' overrides. Not the matching (linkage)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.models.needs import Need
from tashbik.exchange.models.parties import User
from tashbik.exchange.models.register import Enterprise
from tashbik.exchange.models.snapshot import Snapshot


class Question(Snapshot, models.Model):
    """A question behind an unknown, sent to an enterprise; the answer settles that requirement and may become part of its profile.

    `requirement` is the key of the requirement as it was worded (queries.matches_stored.key_of): a requirement that is changed later
    is another one. `asked` holds the question by language (`ar`, `fr`, `en`), the `kind` and the `words` of the requirement. `claim` is
    what the enterprise says (`pass`, `fail`, or empty where words alone answer), `verdict` what the buyer's side made of it.
    """

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
    claim = models.CharField(max_length=8, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    answered = models.DateTimeField(null=True, blank=True)
    settled = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("created", "pk")
        constraints = (
            models.UniqueConstraint(fields=("need", "line", "enterprise", "requirement"), name="one_question"),
        )
        indexes = (models.Index(fields=("enterprise", "status"), name="question_waiting"),)

    def __str__(self) -> str:
        return f"question {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """Both sides: who is asked and who asks."""
        return {("enterprise", self.enterprise_id)} | self.need.parties()

    def exchanges(self) -> set[int]:
        """Those of the need, and the one of the enterprise."""
        return self.need.exchanges() | {self.enterprise.exchange_id}


class MatchOverride(Snapshot, models.Model):
    """An officer's word against the engine's: a verdict on one requirement, or an enterprise kept or left out, with the reason.

    Of a verdict, `line` and `requirement` (its key, as for a question) say which; an enterprise is kept or left out for the whole need:
    both are empty.
    """

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

    def exchanges(self) -> set[int]:
        """Those of the need."""
        return self.need.exchanges()
