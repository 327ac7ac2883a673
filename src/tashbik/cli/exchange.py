"""The commands of `tashbik exchange`: bring an installation up, run it, back it up. They call the room; no rule of the exchange is here."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import click

from tashbik.cli import output
from tashbik.cli.frame import EXISTING, json_option
from tashbik.cli.texts import text
from tashbik.errors import InputError

SETTINGS = "tashbik.web.settings"


def data_option(command: Any) -> Any:
    """`--data`."""
    return click.option("--data", "folder", type=EXISTING, default=None, help=text("opt.data"))(command)


@click.group("exchange", help=text("exchange"))
def exchange() -> None:
    """The group."""


def _set_up(folder: Path | None, **environment: str) -> None:
    """Bring Django up on a data folder; a command has no need of the key that signs what a site hands out."""
    if folder is not None:
        os.environ["TASHBIK_DATA"] = str(folder)
    for name, value in environment.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("TASHBIK_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


@exchange.command("prepare", help=text("exchange.prepare"))
@data_option
def prepare(folder: Path | None) -> None:
    """Make or update the tables."""
    _set_up(folder)
    from django.conf import settings

    from tashbik.exchange.installation import prepare as make

    make()
    click.echo(text("exchange-prepared", folder=settings.TASHBIK_DATA))


@exchange.command("serve", help=text("exchange.serve"))
@data_option
@click.option("--demo", is_flag=True, help=text("opt.demo"))
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help=text("opt.bind"))
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help=text("opt.processes"))
def serve(folder: Path | None, demo: bool, bind: str, processes: int) -> None:
    """Run the site and its worker until one of them ends or the signal to stop comes."""
    if demo:
        os.environ.update(TASHBIK_DEMONSTRATION="1", TASHBIK_HTTPS="0")
    elif "TASHBIK_SECRET_KEY" not in os.environ and os.environ.get("TASHBIK_DEBUG") != "1":
        raise InputError("TASHBIK_SECRET_KEY is not set", field="TASHBIK_SECRET_KEY", mend="see docs/running.md")
    _set_up(folder)
    from tashbik.exchange.installation import prepare as make

    make()
    if demo:
        _load_demonstration()
    site = ["gunicorn", "tashbik.web.wsgi", "--bind", bind, "--workers", str(processes), "--threads", "4"]
    site += ["--timeout", "120", "--log-level", "warning", "--worker-tmp-dir", _memory_folder()]
    worker = ["tashbik", "exchange", "worker"]
    running = [subprocess.Popen([sys.executable, "-m", *words]) for words in (site, worker)]
    click.echo(text("exchange-ready", url=f"http://{bind}/"))
    if demo:
        _show_accounts()
    click.echo(text("exchange-stop"))
    sys.exit(_until_one_ends(running))


def _memory_folder() -> str:
    """Where gunicorn's heartbeat files go: memory, where the system has it, so that a slow disk never looks like a hanging worker."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else str(Path.cwd())


def _until_one_ends(running: list[subprocess.Popen[bytes]]) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.5) and all(one.poll() is None for one in running):
        pass
    code = next((one.returncode for one in running if one.poll()), 0)
    for one in running:
        one.terminate()
    for one in running:
        one.wait()
    return code


def _load_demonstration() -> None:
    from tashbik.exchange import demonstration
    from tashbik.exchange.index import register_index

    if not demonstration.loaded():
        click.echo(text("exchange-loading"))
        demonstration.load()
    register_index().follow()


def _show_accounts() -> None:
    from tashbik.exchange import demonstration

    click.echo(text("exchange-accounts", password=demonstration.PASSWORD))
    for email, _password, role in demonstration.accounts():
        click.echo(f"  {role:15} {email}")


@exchange.command("worker", help=text("exchange.worker"))
@data_option
@click.option("--once", is_flag=True, help=text("opt.once"))
def worker(folder: Path | None, once: bool) -> None:
    """Do background work."""
    _set_up(folder)
    from tashbik.exchange import jobs
    from tashbik.exchange.index import register_index

    if once:
        jobs.release_the_dead()
        count = jobs.work_off()
        register_index().follow()
        click.echo(text("exchange-worked", count=count))
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    jobs.work(stop.is_set)


@exchange.command("found", help=text("exchange.found"))
@click.argument("code")
@click.option("--name", required=True, help=text("opt.name"))
@click.option("--country", default="", help=text("opt.country"))
@click.option("--currency", default="USD", show_default=True, help=text("opt.currency"))
@data_option
def found(code: str, name: str, country: str, currency: str, folder: Path | None) -> None:
    """Make an exchange."""
    _set_up(folder)
    from tashbik.exchange.actor import SYSTEM
    from tashbik.exchange.verbs.accounts import found_exchange

    made = found_exchange(actor=SYSTEM, code=code, name=name, country=country, currency=currency)
    click.echo(text("exchange-founded", code=made.code))


@exchange.command("user", help=text("exchange.user"))
@click.argument("email")
@click.option("--role", required=True, help=text("opt.role"))
@click.option("--exchange", "code", required=True, help=text("opt.exchange"))
@click.option("--name", default="", help=text("opt.name"))
@click.option("--enterprise", default="", help=text("opt.enterprise"))
@data_option
def user(email: str, role: str, code: str, name: str, enterprise: str, folder: Path | None) -> None:
    """Make a user with a role and a password that is shown once."""
    _set_up(folder)
    from tashbik.exchange.actor import SYSTEM
    from tashbik.exchange.verbs.accounts import make_user

    password = secrets.token_urlsafe(12)
    made = make_user(
        actor=SYSTEM, email=email, role=role, exchange=code, name=name, enterprise=enterprise, password=password
    )
    click.echo(text("exchange-user", email=made.email, password=password))


@exchange.command("backup", help=text("exchange.backup"))
@click.argument("archive", type=EXISTING)
@data_option
@json_option
def backup(archive: Path, folder: Path | None, as_json: bool) -> None:
    """Write a backup."""
    _set_up(folder)
    from tashbik.exchange.backup import backup as write

    manifest = write(archive)
    if as_json:
        output.print_json({**manifest, "file": str(archive), "bytes": archive.stat().st_size})
    else:
        click.echo(text("exchange-saved", file=archive, size=f"{archive.stat().st_size / 1e6:.1f}"))


@exchange.command("restore", help=text("exchange.restore"))
@click.argument("archive", type=EXISTING)
@click.option("--replace", is_flag=True, help=text("opt.replace"))
@data_option
@json_option
def restore(archive: Path, replace: bool, folder: Path | None, as_json: bool) -> None:
    """Restore a backup."""
    _set_up(folder)
    from tashbik.exchange.backup import restore as put_back

    enterprises, entries = put_back(archive, replace=replace)
    if as_json:
        output.print_json({"enterprises": enterprises, "audit": entries})
    else:
        click.echo(text("exchange-restored", enterprises=enterprises, entries=entries))


@exchange.command("doctor", help=text("exchange.doctor"))
@click.option("--repair", is_flag=True, help=text("opt.repair"))
@data_option
@json_option
@click.pass_context
def doctor(context: click.Context, repair: bool, folder: Path | None, as_json: bool) -> None:
    """Check index, audit chain and files; exit code 1 if anything is wrong."""
    _set_up(folder)
    from tashbik.exchange.audit import broken_links
    from tashbik.exchange.backup import missing_files
    from tashbik.exchange.index import register_index
    from tashbik.exchange.models import AuditEntry

    index = register_index()
    health = index.health()
    if repair and health.problems:
        index.rebuild()
        health = index.health()
    problems = [*health.problems, *broken_links(), *(f"file missing: {name}" for name in missing_files())]
    entries = AuditEntry.objects.count()
    if as_json:
        figures = {"enterprises": health.enterprises, "entries": health.entries, "audit": entries}
        output.print_json({**figures, "problems": problems})
    elif problems:
        for one in problems:
            click.echo(one, err=True)
    else:
        click.echo(text("exchange-healthy", enterprises=health.enterprises, entries=health.entries, audit=entries))
    context.exit(1 if problems else 0)
