"""Health and metrics for machines that watch the site. No personal data, nothing of an exchange's content."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tashbik.exchange.index import register_index
from tashbik.exchange.models import AuditEntry, Enterprise, Job, Mail, Need, Rfq

LATE = timedelta(minutes=10)
"""A job that waits longer than this past its time shows that no worker runs."""


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Database, index and worker: 200 when all are well, else 503 with what is not."""
    checks: dict[str, str] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        checks["index"] = "ok" if register_index().health().behind < 1_000 else "behind"
        waiting = Job.objects.filter(status=Job.Status.WAITING, run_at__lt=timezone.now() - LATE)
        checks["worker"] = "late" if waiting.exists() else "ok"
    except (DatabaseError, OSError) as error:
        checks["error"] = type(error).__name__
    well = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if well else "unwell", "checks": checks}, status=200 if well else 503)


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges in the text format of Prometheus; asks for the token, or where none is set answers this machine alone."""
    if not _may_read(request):
        return HttpResponse(status=403)
    health = register_index().health()
    lines = _gauge("tashbik_enterprises", "Enterprises by status.", "status", _counts(Enterprise))
    lines += _gauge("tashbik_needs", "Needs by status.", "status", _counts(Need))
    lines += _gauge("tashbik_rfqs", "Requests for quotation by status.", "status", _counts(Rfq))
    lines += _gauge("tashbik_jobs", "Background jobs by status.", "status", _counts(Job))
    lines += _gauge("tashbik_mails", "Messages by status.", "status", _counts(Mail))
    lines += _gauge("tashbik_index_entries", "Entries of the index.", "", {"": health.entries})
    lines += _gauge("tashbik_index_behind", "Changes that the index does not follow yet.", "", {"": health.behind})
    lines += _gauge("tashbik_audit_entries", "Entries of the audit chain.", "", {"": AuditEntry.objects.count()})
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    token = settings.TASHBIK_METRICS_TOKEN
    if not token:
        return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers
    return secrets.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")


def _counts(model: type) -> dict[str, int]:
    rows = model._default_manager.order_by().values_list("status").annotate(count=Count("pk"))  # type: ignore[attr-defined]
    return {str(status): count for status, count in rows}


def _gauge(name: str, text: str, label: str, values: dict[str, int]) -> list[str]:
    lines = [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
    return lines + [
        f'{name}{{{label}="{key}"}} {value}' if label else f"{name} {value}" for key, value in values.items()
    ]
