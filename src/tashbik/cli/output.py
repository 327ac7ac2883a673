"""How results look: JSON for programs, tables for people. Not what the results are."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tashbik.cli.texts import text
from tashbik.linkage.explain import asked_text, kind_name, offered_text, questions, word
from tashbik.linkage.explain import explanation as explain
from tashbik.linkage.match import LineResult, Link
from tashbik.registry.records import Need
from tashbik.registry.rejects import Reject

_MARKS = {"pass": ("✓", "green"), "fail": ("✕", "red"), "unknown": ("?", "yellow")}


def console(stderr: bool = False) -> Console:
    """A console; rich leaves colours out where it is not a terminal or NO_COLOR is set."""
    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
    sys.stdout.flush()


def print_json_list(name: str, items: Iterator[Any], rest: Callable[[], dict[str, Any]]) -> None:
    """One JSON document with a list that may be long, written item by item, and what is known after it.

    Nothing is written before the first item is there, so that an error before it leaves no half of a document.
    """
    out = sys.stdout.buffer
    first = next(items, None)
    out.write(b'{"' + name.encode() + b'": [')
    if first is not None:
        out.write(b"\n" + msgspec.json.encode(first))
    for item in items:
        out.write(b",\n" + msgspec.json.encode(item))
    closing = b"".join(b',\n"' + key.encode() + b'": ' + msgspec.json.encode(value) for key, value in rest().items())
    out.write(b"\n]" + closing + b"}\n")
    out.flush()


def tolerate_encodings() -> None:
    """Print a question mark for what the terminal's encoding lacks instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_figures(figures: dict[str, float], as_json: bool) -> None:
    """Measured figures, one a line or as one JSON document."""
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        console().print(f"{name:14} {value:.4f}" if isinstance(value, float) else f"{name:14} {value}")


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """A progress bar on standard error; none where the output is for programs or not a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    shown = console(stderr=True)
    with Progress(*columns, console=shown, disable=quiet or not shown.is_terminal) as bar:
        yield bar


def link_json(link: Link, language: str) -> dict[str, Any]:
    """A link as the documented JSON; `explanations` has the same in all three languages."""
    return {
        "enterprise": link.enterprise,
        "name": name_of(link, language),
        "capability": link.offer.capability.id,
        "score": round(100 * link.score, 1),
        "share": link.share,
        "mandatory_failed": link.mandatory_failed,
        "verdicts": [
            {
                "requirement": one.requirement.kind,
                "verdict": one.outcome,
                "asked": asked_text(one, language),
                "offered": offered_text(one, language),
                "source": one.source,
                "as_of": one.as_of.isoformat() if one.as_of else None,
                "reason": one.reason,
                "mandatory": one.requirement.mandatory,
            }
            for one in link.verdicts
        ],
        "questions": questions(link, language),
        "explanation": explain(link, language),
    }


def line_json(result: LineResult, language: str) -> dict[str, Any]:
    """A need line with its links and nearest misses."""
    chosen = language or reading_language(result)
    return {
        "id": result.line.id,
        "text": result.line.text,
        "language": chosen,
        "requirements": [
            {
                "kind": one.kind,
                "words": one.words,
                "values": list(one.values),
                "numbers": list(one.numbers),
                "mandatory": one.mandatory,
            }
            for one in result.line.requirements
        ],
        "links": [link_json(link, chosen) for link in result.links],
        "misses": [link_json(link, chosen) for link in result.misses] if not result.links else [],
        **({"named": [link_json(link, chosen) for link in result.named]} if result.named else {}),
    }


def reading_language(result: LineResult) -> str:
    """The language to explain in where none was chosen: the need's own."""
    return result.line.language if result.line.language in ("ar", "fr", "en") else "en"


def name_of(link: Link, language: str) -> str:
    """The enterprise's name in a language, else in any."""
    names = link.offer.names
    return names.get(language) or next(iter(names.values()), link.enterprise)


def print_need(out: Console, need: Need, results: list[LineResult], language: str, shown: int) -> None:
    """A need with the links of each line as a table, then the explanation of the best."""
    for result in results:
        chosen = language or reading_language(result)
        out.print(f"[bold]{text('need', chosen)} {escape(need.id)}[/bold]  {escape(result.line.text)}")
        for link in result.named:
            out.print(f"  [bold]{escape(name_of(link, chosen))}[/bold] — " + _marks(link, chosen))
            out.print(explain(link, chosen), style="dim", markup=False)
        if not result.links:
            out.print("  " + text("no-match", chosen))
            for link in result.misses:
                out.print(f"  {text('nearest', chosen)} {escape(name_of(link, chosen))} — " + _marks(link, chosen))
            out.print()
            continue
        out.print(_table(result.links[:shown], chosen))
        out.print(explain(result.links[0], chosen), style="dim", markup=False)
        for question in questions(result.links[0], chosen):
            out.print("  ? " + question, style="yellow", markup=False)
        out.print()


def _table(links: tuple[Link, ...], language: str) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column(text("col.enterprise", language), no_wrap=False, max_width=34)
    table.add_column(text("col.place", language), max_width=16)
    table.add_column(text("col.score", language), justify="right")
    table.add_column(text("col.verdicts", language))
    table.add_column(text("col.questions", language), justify="right")
    for link in links:
        place = " ".join(part for part in (link.offer.place.locality, link.offer.place.country) if part)
        asked = sum(one.outcome == "unknown" for one in link.verdicts)
        table.add_row(
            escape(name_of(link, language)),
            escape(place),
            f"{100 * link.score:.0f}",
            _marks(link, language),
            str(asked),
        )
    return table


def _marks(link: Link, language: str) -> str:
    parts = []
    for one in link.verdicts:
        mark, colour = _MARKS[one.outcome]
        parts.append(f"[{colour}]{mark}[/{colour}] {kind_name(one, language)}")
    return word("list", language).join(parts)


def print_rejects(out: Console, rejects: list[Reject], language: str, limit: int = 10) -> None:
    """The first rejects, one a line."""
    for one in rejects[:limit]:
        out.print(
            "  "
            + text(
                "rejected-row",
                language,
                row=one.row,
                field=one.field,
                value=one.value[:60],
                message=one.message(language),
            ),
            markup=False,
        )
    if len(rejects) > limit:
        out.print(f"  … +{len(rejects) - limit}")
