"""The site under load: 10⁵ generated enterprises, 20 readers at once, times of each kind of page. `python -m benchmarks.load [--count 100000]`.

Readers sign in, then open pages in turn with a pause for reading between two (`--pause`, seconds, exponentially distributed; 0 asks without rest).
Bounded by `--seconds`; everything runs on this machine and stops by itself. With DATABASE_URL set, the store is PostgreSQL (the database must be empty).
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

QUESTIONS = ("صب الألمنيوم تحت الضغط", "découpe laser inox", "injection plastique", "cold rooms", "confection", "تعليب الأغذية")
NEED_PAGES = 12
BATCH = 2_000


@dataclass
class Times:
    """Milliseconds by kind of page, and answers that were none."""

    by_kind: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, ms: float) -> None:
        """Note one."""
        with self.lock:
            self.by_kind.setdefault(kind, []).append(ms)


def fill(count: int) -> None:
    """The demonstration, then generated enterprises up to `count`, into the exchanges in turn."""
    from itertools import islice

    from django.db import transaction

    from tashbik.exchange import demonstration
    from tashbik.exchange.index import register_index
    from tashbik.exchange.installation import prepare
    from tashbik.exchange.models import Enterprise, Exchange
    from tashbik.exchange.storing import new_row, store_many
    from tashbik.linkage.parallel import understood
    from tashbik.registry.generator import generate

    prepare()
    demonstration.load()
    exchanges = list(Exchange.objects.all())
    stream = understood(generate(max(0, count - Enterprise.objects.count()), seed=7))
    number = 0
    while batch := list(islice(stream, BATCH)):
        with transaction.atomic():
            rows = [(new_row(exchanges[(number + n) % len(exchanges)], one), one) for n, one in enumerate(batch)]
            store_many(rows, ())
        number += len(batch)
    register_index().follow()


@contextmanager
def site(folder: Path, processes: int) -> Iterator[int]:
    """The site as `tashbik exchange serve --demo` runs it; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tashbik", "exchange", "serve", "--demo", "--data", str(folder)]
    command += ["--bind", f"127.0.0.1:{port}", "--processes", str(processes)]
    with (folder / "site.log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(port)
            yield port
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(30)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            link.request("GET", "/health/live")
            if link.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("the site did not come up")


class Reader:
    """One reader with a connection and cookies of their own."""

    def __init__(self, port: int, seed: int, times: Times) -> None:
        self.port, self.times = port, times
        self.random = random.Random(seed)
        self.cookies = {"language": self.random.choice(("ar", "fr", "en"))}
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One request; keeps the cookies that come."""
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        body = None
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}/"}
            body = urlencode(form)
        try:
            self.link.request(method, path, body, headers)
            answer = self.link.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # an idle connection that the site closed: browsers ask again
            self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.link.request(method, path, body, headers)
            answer = self.link.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, text

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page."""
        _status, page = self.ask("GET", "/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
        status, _text = self.ask("POST", "/accounts/login/", form)
        assert status == 302, status

    def read(self, until: float, pause: float, kinds: list[str], codes: list[str]) -> None:
        """Open pages until the time is up."""
        while time.monotonic() < until:
            kind = self.random.choice(kinds)
            path = self._path(kind, codes)
            started = time.perf_counter()
            try:
                status, _text = self.ask("GET", path)
            except (OSError, http.client.HTTPException) as error:
                self.times.failures.append(f"{kind}: {error}")
                self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                continue
            self.times.add(kind, 1000 * (time.perf_counter() - started))
            if status != 200:
                self.times.failures.append(f"{path}: {status}")
            time.sleep(self.random.expovariate(1 / pause) if pause else 0)

    def _path(self, kind: str, codes: list[str]) -> str:
        number = self.random.randrange(1, NEED_PAGES + 1)
        return {
            "home": "/",
            "list": f"/register/?page={self.random.randrange(1, 20)}",
            "filtered list": "/register/?country=DZ",
            "search": f"/register/?q={quote(self.random.choice(QUESTIONS))}",
            "profile": f"/register/enterprise/{quote(self.random.choice(codes))}",
            "needs": "/needs/",
            "need": f"/needs/dz-N-{number:02d}/",
            "matches": f"/matches/dz-N-{number:02d}/",
        }[kind]


def measure(port: int, *, users: int, seconds: float, pause: float, paths: list[str]) -> Times:
    """Let `users` officers read for some seconds; the first round, in which caches fill, does not count."""
    from tashbik.exchange import demonstration

    times = Times()
    kinds = ["home", "list", "filtered list", "search", "profile", "needs", "need", "matches"]
    readers = [Reader(port, seed, times) for seed in range(users)]
    readers[0].sign_in("officer@demo.example", demonstration.PASSWORD)  # once: attempts to sign in are limited
    for one in readers[1:]:
        one.cookies |= {"sessionid": readers[0].cookies["sessionid"]}
    for kind in kinds:
        for _ in range(NEED_PAGES if kind == "matches" else 2):
            readers[0].ask("GET", readers[0]._path(kind, paths))
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=one.read, args=(until, pause, kinds, paths)) for one in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def table(times: Times) -> list[dict[str, object]]:
    """Median, 95th percentile and count by kind."""
    rows: list[dict[str, object]] = []
    for kind, values in sorted(times.by_kind.items()):
        ordered = sorted(values)
        rows.append(
            {
                "page": kind,
                "requests": len(values),
                "p50_ms": round(statistics.median(ordered), 1),
                "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
            }
        )
    return rows


def main() -> None:
    """Fill, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--data", type=Path, default=None, help="folder to keep; filled once")
    options = parser.parse_args()
    folder = (options.data or Path(tempfile.mkdtemp(prefix="tashbik-load-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "TASHBIK_DATA": str(folder),
        "TASHBIK_SECRET_KEY": "for-the-benchmark-only-" + "0" * 40,
        "TASHBIK_HTTPS": "0",
        "DJANGO_SETTINGS_MODULE": "tashbik.web.settings",
    }
    import django

    django.setup()
    from django.db import connections

    from tashbik.exchange.models import Enterprise

    started = time.perf_counter()
    fill(options.count)
    filled = time.perf_counter() - started
    codes = list(Enterprise.objects.values_list("code", flat=True)[:500])
    count = Enterprise.objects.count()
    connections.close_all()
    with site(folder, options.processes) as port:
        times = measure(port, users=options.users, seconds=options.seconds, pause=options.pause, paths=codes)
    result = {
        "store": "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite",
        "enterprises": count,
        "fill_seconds": round(filled, 1),
        "users": options.users,
        "pause_s": options.pause,
        "requests_a_second": round(sum(map(len, times.by_kind.values())) / options.seconds, 1),
        "failures": times.failures[:5],
        "pages": table(times),
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
