"""A site of its own for the browser: the demonstration in a folder that is thrown away, served as `make demo` serves it. Not who reads it (reader.py)."""

from __future__ import annotations

import ctypes
import email
import email.policy
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

START_WITHIN = 300.0
"""Seconds until a site that has not started is given up; loading the demonstration takes 20 to 40 on two free cores."""
MAIL_WITHIN = 60.0
"""Seconds within which the worker is to have written an e-mail."""
PR_SET_PDEATHSIG = 1
"""Of linux/prctl.h."""
_OURS = ("TASHBIK_", "DJANGO_")


class SiteError(RuntimeError):
    """The site did not start, or a command on it failed; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its address and its folder of data."""

    url: str
    folder: Path

    def command(self, *words: str) -> str:
        """Run `tashbik exchange WORDS --data FOLDER` and give what it prints. Raises SiteError where it fails."""
        done = subprocess.run(
            [*_tashbik(*words), "--data", str(self.folder)],
            capture_output=True,
            text=True,
            env=_environment(),
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise SiteError(f"tashbik exchange {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def letters(self) -> list[EmailMessage]:
        """All e-mails sent until now, the oldest first."""
        files = sorted((self.folder / "mail").glob("*.log"), key=lambda one: one.stat().st_mtime_ns)
        return [letter for file in files for letter in _letters_of(file.read_bytes())]

    def letter(self, address: str, *, subject: str) -> EmailMessage:
        """The e-mail to an address with a subject; waits for the worker. Raises SiteError where none comes."""
        wanted = _one_line(subject)
        until = time.monotonic() + MAIL_WITHIN
        while time.monotonic() < until:
            found = [one for one in self.letters() if address in str(one["To"]) and _subject(one) == wanted]
            if found:
                return found[-1]
            time.sleep(0.5)
        sent = [f"{one['To']}: {_subject(one)}" for one in self.letters()]
        raise SiteError(f"no e-mail to {address} with the subject {subject!r}; there are {sent}")


def _subject(letter: EmailMessage) -> str:
    return _one_line(str(letter["Subject"]))


def _one_line(text: str) -> str:
    """The text with plain single spaces: folding leaves others in a long subject, and French has no-break ones."""
    return " ".join(text.split())


def _letters_of(data: bytes) -> Iterator[EmailMessage]:
    """The messages of one file: Django parts them by a line of 79 hyphens."""
    for part in data.split(b"\n" + b"-" * 79):
        if part.strip():
            letter = email.message_from_bytes(part.lstrip(), policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            yield letter


@contextmanager
def demonstration(folder: Path) -> Iterator[Site]:
    """Serve the demonstration from an empty folder until the block ends; the whole group of processes ends with it.

    Raises SiteError where it does not answer within START_WITHIN seconds.
    """
    compile_catalogues()
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    with (folder / "site.log").open("w+", encoding="utf-8") as log:
        words = ("serve", "--demo", "--data", str(folder), "--bind", f"127.0.0.1:{port}", "--processes", "1")
        process = subprocess.Popen(
            _tashbik(*words),
            env=_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/live", process, folder / "site.log")
            yield Site(url=f"http://127.0.0.1:{port}", folder=folder)
        finally:
            _stop(process)


def _end_with_parent() -> None:
    """Ask the kernel to end this process as SIGTERM would when the one that started it dies, even if that one was killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def compile_catalogues() -> None:
    """Compile the message catalogues, for the site and for the test, which takes its words from them."""
    subprocess.run(
        [sys.executable, "-m", "tashbik.web.catalogues"], check=True, capture_output=True, env=_environment()
    )


def chromium() -> str:
    """Path of the system's Chromium; empty where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def _tashbik(*words: str) -> Sequence[str]:
    return [sys.executable, "-m", "tashbik", "exchange", *words]


def _environment() -> dict[str, str]:
    """The environment of a fresh installation: nothing of the tests' settings, no other database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS) and name != "DATABASE_URL"}
    return {**kept, "TASHBIK_EMAIL_URL": "file", "TASHBIK_HTTPS": "0", "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise SiteError(f"the site did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end as Ctrl+C would; what is left of its group after that is killed."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
