"""Background work: the queue in the database and the worker that empties it. Not the work itself (handlers register themselves).

A job is put on the queue in the transaction that causes it. A worker takes it under a lease that it renews as it reports progress; when a
worker is killed the lease runs out and another takes the job up again (one that starts on the same machine at once), so handlers must be able
to go on where they stopped.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from tashbik.errors import TashbikError
from tashbik.exchange.models import Job

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
MOST_TAKEN = 12
"""How often a job is taken up at most: one that ends its worker each time (memory) must not do so for ever."""
"""Tries of a job that fails by an error that is not the input's; each waits four times as long as the one before."""
_log = logging.getLogger("tashbik.jobs")

Handler = Callable[["Work"], None]
HANDLERS: dict[str, Handler] = {}


class Work:
    """What a handler is given: its job, and the way to report progress, which renews the lease."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def report(self, done: int, total: int | None = None) -> None:
        """Say how far the work is; also tells the queue that the worker lives."""
        self.job.done = done
        if total is not None:
            self.job.total = total
        self.job.leased_until = timezone.now() + LEASE
        self.job.save(update_fields=["done", "total", "leased_until"])


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def enqueue(
    kind: str, subject_id: int = 0, *, payload: dict[str, Any] | None = None, run_at: datetime | None = None
) -> Job:
    """Put a job on the queue, with the transaction that is open."""
    return Job.objects.create(kind=kind, subject_id=subject_id, payload=payload or {}, run_at=run_at or timezone.now())


def enqueue_once(kind: str, subject_id: int = 0, *, run_at: datetime | None = None) -> None:
    """Put a job on the queue unless one of its kind and subject waits there already."""
    waiting = Job.objects.filter(kind=kind, subject_id=subject_id, status=Job.Status.WAITING)
    if not waiting.exists():
        enqueue(kind, subject_id, run_at=run_at)


def work_off(*, now: datetime | None = None) -> int:
    """Do every job that is due, those they cause too; returns how many. What the worker does, and tests."""
    count = 0
    while job := _take(now or timezone.now()):
        _do(job)
        count += 1
    return count


def _take(now: datetime) -> Job | None:
    with transaction.atomic():
        due = Q(status=Job.Status.WAITING, run_at__lte=now) | Q(status=Job.Status.RUNNING, leased_until__lt=now)
        job = Job.objects.select_for_update(skip_locked=_skips()).filter(due).order_by("run_at", "pk").first()
        if job is None:
            return None
        if job.attempts >= MOST_TAKEN:
            _finish(job, Job.Status.FAILED, "taken up too often: its worker ended each time before the job did")
            return _take(now)
        job.status, job.leased_until, job.worker = Job.Status.RUNNING, timezone.now() + LEASE, me()
        job.attempts += 1
        job.save(update_fields=["status", "leased_until", "worker", "attempts"])
        return job


def me() -> str:
    """This process, as leases name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def release_the_dead() -> int:
    """Let jobs be taken up at once whose worker ran on this machine and is no more; returns how many."""
    host = socket.gethostname()
    count = 0
    for job in Job.objects.filter(status=Job.Status.RUNNING, worker__startswith=f"{host}:"):
        number = int(job.worker.rpartition(":")[2])
        if number == os.getpid() or not _alive(number):
            count += Job.objects.filter(pk=job.pk, worker=job.worker).update(leased_until=timezone.now() - LEASE)
    return count


def _alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _skips() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)


def _do(job: Job) -> None:
    try:
        HANDLERS[job.kind](Work(job))
    except TashbikError as error:
        _log.warning("job failed", extra={"job": job.pk, "kind": job.kind, "error": str(error)})
        _finish(job, Job.Status.FAILED, str(error))
    except Exception as error:
        _log.exception("job broke", extra={"job": job.pk, "kind": job.kind})
        _again(job, f"{type(error).__name__}: {error}")
    else:
        _finish(job, Job.Status.DONE)


def _again(job: Job, error: str) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        _finish(job, Job.Status.FAILED, error)
        return
    job.status, job.error = Job.Status.WAITING, error[:2000]
    job.run_at = timezone.now() + timedelta(seconds=5 * 4 ** (job.attempts - 1))
    job.save(update_fields=["status", "error", "run_at"])


def _finish(job: Job, status: str, error: str = "") -> None:
    job.status, job.error, job.finished = status, error[:2000], timezone.now()
    job.save(update_fields=["status", "error", "finished"])


def work(stop: Callable[[], bool], *, pause: float = 1.0) -> None:
    """The worker's loop: jobs, then the index, until `stop` says so."""
    from tashbik.exchange.index import register_index

    release_the_dead()
    while not stop():
        close_old_connections()
        if work_off() + register_index().follow() == 0:
            time.sleep(pause)
