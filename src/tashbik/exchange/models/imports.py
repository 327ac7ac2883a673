"""An import of a register file, from upload to undo, and its rejected rows. Not the reading of rows (registry.readers)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.models.parties import Exchange, User
from tashbik.exchange.models.snapshot import Snapshot


class Import(Snapshot, models.Model):
    """One uploaded file on its way into the register. `position` is the row up to which its changes are committed."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("failed")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="imports")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="imports")
    file = models.FileField(upload_to="imports/%Y/%m/", max_length=300)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    repairs = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="repaired_by")
    error = models.CharField(max_length=500, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created", "-pk")

    def __str__(self) -> str:
        return self.name

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        return {("user", self.by_id)} if self.by_id else set()


class ImportReject(models.Model):
    """A row that could not be taken: where, which field, its value, the reason code of registry.rejects, and its cells to be mended."""

    import_run = models.ForeignKey(Import, models.CASCADE, related_name="rejects")
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=120, blank=True)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=60)
    cells = models.JSONField(default=dict)

    class Meta:
        ordering = ("row", "pk")

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"
