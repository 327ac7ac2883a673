"""What programs need: kept answers of repeated requests. Tokens and webhooks are in parties.py. Not the API itself (web.api)."""

from __future__ import annotations

from django.db import models

from tashbik.exchange.models.parties import Membership


class IdempotencyKey(models.Model):
    """The answer to a request that a program may send again under the same key; without an answer it is still being worked on."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("membership", "key"), name="one_idempotency_key"),)

    def __str__(self) -> str:
        return self.key
