"""Bringing an installation up: its folders, its tables, its cache, its static files. Not its data (demonstration.py)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tashbik.exchange.jobs import enqueue_once


def prepare(*, static: bool = True) -> None:
    """Make what is missing and bring the tables up to this version; running it again changes nothing."""
    for folder in (settings.TASHBIK_DATA, settings.MEDIA_ROOT):
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    enqueue_once("register.remind")
    enqueue_once("recommendations.remind")
    enqueue_once("forum.feedback")
    if static and not settings.DEBUG:
        call_command("collectstatic", verbosity=0, interactive=False)
    gather_statistics()


def gather_statistics() -> None:
    """Let SQLite look at its tables, so that it chooses indexes by what is in them; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=2000")
            cursor.execute("PRAGMA optimize=0x10002")
