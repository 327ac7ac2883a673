"""Messages to people, written in their language and sent in the background. Not their wording (exchange.messages)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.parties import Exchange


class Mail(models.Model):
    """A message: written with the act that causes it, in the same transaction, and sent once that is committed.

    `due` is when it is tried next: a try moves it on before it begins, so that no two workers send one message.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "waiting")
        SENT = "sent", pgettext_lazy("message", "sent")
        FAILED = "failed", pgettext_lazy("message", "failed")

    exchange = models.ForeignKey(Exchange, models.CASCADE, null=True, related_name="mails")
    to = models.EmailField()
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    due = models.DateTimeField(default=timezone.now)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created", "-pk")
        indexes = (models.Index(fields=("status", "due"), name="mail_queue"),)

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"
