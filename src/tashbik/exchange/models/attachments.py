"""Files that belong to a record: evidence of an enterprise, drawings of a need, papers of a quote. Not how they are checked (exchange.uploads)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

from tashbik.exchange.models.parties import Exchange, User
from tashbik.exchange.models.snapshot import Snapshot


class Attachment(Snapshot, models.Model):
    """A file with its digest. `revision` is a drawing's own; `replaces` the attachment that it takes the place of."""

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="attachments")
    owner_kind = models.CharField(max_length=20)
    owner_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200, blank=True)
    revision = models.CharField(max_length=20, blank=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced_by")
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=300)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created", "pk")
        indexes = (models.Index(fields=("owner_kind", "owner_id"), name="attachment_owner"),)

    def __str__(self) -> str:
        return self.name

    def parties(self) -> set[tuple[str, int]]:
        """As of the record that it belongs to."""
        owner = self._owner()
        return owner.parties() if owner is not None else set()

    def exchanges(self) -> set[int]:
        """As of the record that it belongs to, and its own."""
        owner = self._owner()
        several = getattr(owner, "exchanges", None)
        return {self.exchange_id} | (set(several()) if several is not None else set())

    def _owner(self) -> Any:
        model = apps.get_model("exchange", self.owner_kind)
        return model._default_manager.filter(pk=self.owner_id).first()
