"""Work that is done in the background and survives a restart. Not the worker (exchange.jobs)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """A piece of work: taken by a worker under a lease; once the lease has run out another worker takes it up again."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(default=0)
    payload = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    run_at = models.DateTimeField(default=timezone.now)
    worker = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("run_at", "pk")
        indexes = (models.Index(fields=("status", "run_at"), name="job_queue"),)

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id} {self.status}"
