"""Backups of a whole installation, database and files, into one archive, and their restoring. The index is not in it: it is made anew."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from tashbik import __version__
from tashbik.errors import FileError, StateError, TashbikError
from tashbik.exchange.audit import broken_links
from tashbik.exchange.models import AuditEntry, Enterprise, Head

MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def backup(archive: Path) -> dict[str, Any]:
    """Write the archive while the site runs; returns its manifest. The archive appears under its name only when it is whole."""
    name = DATABASE[connection.vendor]
    with tempfile.TemporaryDirectory(prefix="tashbik-backup-") as temporary:
        dump = Path(temporary) / name
        _dump(dump)
        manifest = {
            "tashbik": __version__,
            "made": timezone.now().isoformat(timespec="seconds"),
            "store": connection.vendor,
            "database": name,
            "sha256": _digest(dump),
            "audit": _chain_head(),
        }
        (Path(temporary) / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        partial = archive.with_name(archive.name + ".partial")
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(partial, "w:gz", compresslevel=3) as tar:
            tar.add(Path(temporary) / MANIFEST, MANIFEST)
            tar.add(dump, name)
            if Path(settings.MEDIA_ROOT).is_dir():
                tar.add(settings.MEDIA_ROOT, "files")
        partial.chmod(0o600)
        partial.replace(archive)
    return manifest


def _chain_head() -> dict[str, Any]:
    head = Head.objects.get(name="audit")
    return {"number": head.number, "hash": head.digest}


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(str(settings.DATABASES["default"]["NAME"]))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        return
    _run(["pg_dump", "--format=custom", "--no-owner", "--file", str(target), _address()])


def _address() -> str:
    """The database's address for PostgreSQL's own tools; the password goes by the environment (PGPASSWORD)."""
    given = connection.settings_dict
    parts = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "dbname": given["NAME"]}
    return " ".join(f"{key}='{value}'" for key, value in parts.items() if value)


def _run(command: list[str]) -> None:
    import os

    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"])}
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    except FileNotFoundError as error:
        raise TashbikError(f"{command[0]} is not installed", mend="install PostgreSQL's client tools") from error
    if done.returncode:
        raise TashbikError(f"{command[0]}: {done.stderr.strip().splitlines()[-1]}", mend="see the database's log")


def restore(archive: Path, *, replace: bool = False) -> tuple[int, int]:
    """Put an archive in the place of the installation's data, which must be empty unless `replace`; nothing else may run meanwhile.

    Returns how many enterprises and audit entries there are. Raises FileError for an archive that is damaged or of the other store: before
    anything is touched.
    """
    with tempfile.TemporaryDirectory(prefix="tashbik-restore-") as temporary:
        folder = Path(temporary)
        manifest = _unpacked(archive, folder)
        if manifest["store"] != connection.vendor:
            raise FileError(
                f"the backup is of {manifest['store']}, the installation is on {connection.vendor}",
                file=str(archive),
                mend="set DATABASE_URL to the same kind of store",
            )
        if not replace and not _empty():
            raise StateError("the installation has data", mend="restore with --replace, after a backup")
        connections.close_all()
        _load(folder / str(manifest["database"]))
        _files(folder / "files")
    from tashbik.exchange.installation import prepare

    prepare()
    Head.objects.filter(name="index").update(
        digest=secrets.token_hex(8)
    )  # an index of what was there before is not followed
    shutil.rmtree(Path(settings.TASHBIK_DATA) / "index", ignore_errors=True)
    (Path(settings.TASHBIK_DATA) / "identity.npz").unlink(missing_ok=True)
    problems = list(broken_links())
    if problems:
        raise FileError(f"the audit chain does not verify: {problems[0]}", file=str(archive), mend="use another backup")
    return Enterprise.objects.count(), AuditEntry.objects.count()


def _unpacked(archive: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = _digest(folder / str(manifest["database"])) == manifest["sha256"]
    except (OSError, tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise FileError(
            "this is not a backup, or it is damaged", file=str(archive), mend="use another backup"
        ) from error
    if not whole:
        raise FileError("the database in the backup is damaged", file=str(archive), mend="use another backup")
    return manifest


def _empty() -> bool:
    tables = connection.introspection.table_names()
    return "exchange_enterprise" not in tables or not Enterprise.objects.exists()


def _load(dump: Path) -> None:
    if connection.vendor == "postgresql":
        _run(
            [
                "pg_restore",
                "--clean",
                "--if-exists",
                "--no-owner",
                "--single-transaction",
                "--dbname",
                _address(),
                str(dump),
            ]
        )
        return
    target = Path(settings.DATABASES["default"]["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    shutil.copyfile(dump, partial)
    for left in (f"{target.name}-wal", f"{target.name}-shm"):
        target.with_name(left).unlink(missing_ok=True)
    partial.replace(target)


def _files(source: Path) -> None:
    target = Path(settings.MEDIA_ROOT)
    away = target.with_name(target.name + ".old")
    shutil.rmtree(away, ignore_errors=True)
    if target.exists():
        target.rename(away)
    if source.is_dir():
        shutil.copytree(source, target)
    shutil.rmtree(away, ignore_errors=True)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def missing_files() -> Iterator[str]:
    """Names of attachments and imports whose files are gone."""
    from tashbik.exchange.models import Attachment, Import

    for model in (Attachment, Import):
        for name in model._default_manager.values_list("file", flat=True).iterator():
            if name and not (Path(settings.MEDIA_ROOT) / name).is_file():
                yield str(name)
