"""A private PostgreSQL server in a temporary folder, or the one that the environment names. Not the queries (postgres_fts.py)."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.engines.port import NotInstalledError

VARIABLE = "TASHBIK_BENCH_POSTGRES"
"""Environment variable with the connection string of a server to use instead of a private one."""
OPTIONS = {"listen_addresses": "", "shared_buffers": "512MB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}
PATIENCE = 60.0
"""Seconds that a server is given to start."""


class Server:
    """A running server. `address` is what a client connects by; `stop` ends a private one and leaves a foreign one alone."""

    def __init__(self, folder: Path) -> None:
        self._process: subprocess.Popen[Any] | None = None
        self.address = os.environ.get(VARIABLE, "")
        if not self.address:
            self.address = self._start(folder)

    def _start(self, folder: Path) -> str:
        programs, account = _programs(), _account()
        if account:
            shutil.chown(folder, **account)
        where: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, **account}
        data = str(folder / "data")
        if not Path(data).exists():
            made = ["-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
            subprocess.run([str(programs / "initdb"), *made], check=True, **where)
        options = {**OPTIONS, "unix_socket_directories": str(folder)}
        given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", data, *given]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **where)
        address = f"host={folder} user=bench dbname=postgres"
        self._wait(address)
        return address

    def _wait(self, address: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process and self._process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(address).close()
                return
            time.sleep(0.1)
        self.stop()
        raise NotInstalledError("a private server did not start")

    def stop(self) -> None:
        """End a private server, without waiting for its clients."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None


def _programs() -> Path:
    """The folder of initdb and postgres: Debian's newest, else that of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise NotInstalledError("no initdb on PATH")


def _account() -> dict[str, str]:
    """Under root, the unprivileged account that the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    return {"user": "postgres" if "postgres" in names else "nobody"}
