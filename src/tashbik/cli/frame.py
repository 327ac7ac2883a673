"""What the commands share: errors as one line, common options, the day of judgement, opening a register. Not the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from tashbik.cli import output
from tashbik.cli.texts import locale_language, text
from tashbik.errors import FileError, InputError, TashbikError
from tashbik.settings import load

F = TypeVar("F", bound=Callable[..., Any])
EXISTING = click.Path(path_type=Path)


class Commands(click.Group):
    """A group whose errors are one line on standard error and exit code 2, with `--json` one JSON document."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; turn errors into one line, one JSON shape and an exit code."""
        output.tolerate_encodings()
        try:
            sys.exit(super().main(*args, **{**extra, "standalone_mode": False}) or 0)
        except TashbikError as error:
            _fail(error)
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "tashbik"
            _fail(InputError(error.format_message(), mend=f"see `{command} --help`"))
        except OSError as error:
            _fail(FileError(error.strerror or str(error), file=str(error.filename or ""), mend="check the path"))
        except click.Abort:
            sys.exit(1)


def _fail(error: TashbikError) -> NoReturn:
    if "--json" in sys.argv:
        output.print_json(error.as_json())
    click.echo(f"tashbik: {error}", err=True)
    sys.exit(2)


def json_option(command: F) -> F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help=text("opt.json"))(command)


def language_option(command: F) -> F:
    """`--language`."""
    return click.option("--language", type=click.Choice(["ar", "fr", "en"]), default=None, help=text("opt.language"))(
        command
    )


def today() -> date | None:
    """The day of judgement of the settings, if one is set."""
    value = load().today
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InputError(f"{value!r} is not a date", field="TASHBIK_TODAY", mend="write it like 2026-09-30") from error


def open_register(registry: Path, temporary: Path, quiet: bool) -> Any:
    """The workspace of a register folder, or of a file read into a temporary folder."""
    from tashbik.linkage.workspace import Workspace

    if registry.is_dir() and not (registry / "records.jsonl").exists():
        raise InputError("no register in this folder", file=str(registry), mend="run `tashbik import` first")
    if registry.is_dir():
        opened = Workspace(registry)
        if opened.rebuilt and not quiet:
            output.console(stderr=True).print(text("index-rebuilt", reason=opened.rebuilt))
        return opened
    work = Workspace(temporary)
    with output.progress(quiet) as bar:
        task = bar.add_task(text("reading"), total=None)
        report = work.import_file(registry, step=lambda count: bar.advance(task, count))
    if report.rejects and not quiet:
        output.print_rejects(output.console(stderr=True), report.rejects, locale_language(), 3)
    return work
