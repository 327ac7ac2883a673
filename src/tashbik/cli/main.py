"""The command `tashbik`: parses, calls a room, prints. No decisions about the trade are taken here."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from tashbik import __version__
from tashbik.cli import output
from tashbik.cli.exchange import exchange
from tashbik.cli.forum import forum
from tashbik.cli.frame import EXISTING, Commands, json_option, language_option, open_register, today
from tashbik.cli.identity import dedupe, evaluate_identity
from tashbik.cli.network import network
from tashbik.cli.texts import locale_language, text
from tashbik.errors import FileError, InputError
from tashbik.settings import load


@click.group(cls=Commands, help=text("app"))
@click.version_option(__version__)
def main() -> None:
    """The command group."""


main.add_command(dedupe)
main.add_command(exchange)
main.add_command(forum)
main.add_command(network)


@main.command("import", help=text("import"))
@click.argument("file", type=EXISTING)
@click.option("--into", "folder", type=EXISTING, default=Path("register"), show_default=True, help=text("opt.into"))
@click.option("--mapping", type=EXISTING, default=None, help=text("opt.mapping"))
@click.option("--rejects", type=EXISTING, default=None, help=text("opt.rejects"))
@json_option
def import_(file: Path, folder: Path, mapping: Path | None, rejects: Path | None, as_json: bool) -> None:
    """Import a register."""
    from tashbik.linkage.workspace import Workspace

    if not file.is_file():
        raise FileError("no such file", file=str(file), mend="check the path")
    if rejects is not None:
        rejects.touch()  # said now rather than after a long import
    work = Workspace(folder)
    with output.progress(as_json) as bar:
        task = bar.add_task(text("reading"), total=None)
        report = work.import_file(file, mapping=mapping, step=lambda count: bar.advance(task, count))
    work.close()
    language = locale_language()
    if rejects is not None:
        _write_rejects(rejects, report.rejects, language)
    if as_json:
        rows = [one.as_row(language) for one in report.rejects]
        output.print_json(
            {"taken": report.taken, "unchanged": report.unchanged, "rejected": len(rows), "rejects": rows}
        )
        return
    out = output.console()
    out.print(text("imported", taken=report.taken, unchanged=report.unchanged, rejected=len(report.rejects)))
    output.print_rejects(out, report.rejects, language)


def _write_rejects(path: Path, rejects: Sequence[Any], language: str) -> None:
    from tashbik.registry.export import neutralised

    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, ["file", "row", "field", "value", "reason", "message"])
        writer.writeheader()
        writer.writerows({key: neutralised(value) for key, value in one.as_row(language).items()} for one in rejects)


@main.command("match", help=text("match"))
@click.option("--registry", type=EXISTING, required=True, help=text("opt.registry"))
@click.option("--needs", type=EXISTING, required=True, help=text("opt.needs"))
@click.option("--top", type=click.IntRange(1, 1000), default=20, show_default=True, help=text("opt.top"))
@click.option("--why-not", "named", multiple=True, help=text("opt.why_not"))
@language_option
@json_option
def match(registry: Path, needs: Path, top: int, named: tuple[str, ...], language: str | None, as_json: bool) -> None:
    """Match needs."""
    from tashbik.linkage.match import Matcher
    from tashbik.registry.readers import read_needs
    from tashbik.registry.rejects import Reject

    chosen = language or load().language
    rejects: list[Reject] = []
    if not needs.is_file():
        raise FileError("no such file", file=str(needs), mend="check the path")
    with tempfile.TemporaryDirectory(prefix="tashbik-") as temporary:
        work = open_register(registry, Path(temporary), as_json)
        matcher = Matcher(work.index, work.encoder, today=today())
        offers = _offers_of_named(work, named)
        out = output.console()

        def answers() -> Iterator[dict[str, Any]]:
            for need in read_needs(needs):
                if isinstance(need, Reject):
                    rejects.append(need)
                    continue
                results = matcher.match(need, top=top)
                results = [replace(one, named=tuple(matcher.why_not(need, one.line, offers))) for one in results]
                if as_json:
                    yield {"id": need.id, "lines": [output.line_json(result, chosen) for result in results]}
                else:
                    output.print_need(out, need, results, chosen, top)

        if as_json:
            output.print_json_list(
                "needs", answers(), lambda: {"rejects": [one.as_row(locale_language()) for one in rejects]}
            )
        else:
            for _ in answers():
                pass
            output.print_rejects(out, rejects, locale_language())
        work.close()


def _offers_of_named(work: Any, named: Sequence[str]) -> list[Any]:
    """The offers of enterprises named by their ids. Raises InputError for an id that the register does not have."""
    from tashbik.linkage.offers import offers_of

    offers: list[Any] = []
    for one in named:
        record = work.journal.get(one)
        if record is None:
            raise InputError(f"no enterprise {one!r} in the register", field="--why-not", mend="give its id")
        offers += offers_of(record)
    return offers


@main.command("search", help=text("search"))
@click.argument("words", nargs=-1, required=True)
@click.option("--registry", type=EXISTING, required=True, help=text("opt.registry"))
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help=text("opt.top"))
@json_option
def search(words: tuple[str, ...], registry: Path, top: int, as_json: bool) -> None:
    """Search a register."""
    from tashbik.linkage.asking import asked_of
    from tashbik.linkage.calibration import weights
    from tashbik.linkage.offers import unpack

    with tempfile.TemporaryDirectory(prefix="tashbik-") as temporary:
        work = open_register(registry, Path(temporary), as_json)
        found = work.index.search(asked_of(" ".join(words), "", work.encoder), weights(), top)
        work.close()
    rows = [(unpack(one.payload), one.score) for one in found]
    if as_json:
        output.print_json(
            {
                "results": [
                    {
                        "enterprise": offer.enterprise,
                        "capability": offer.capability.id,
                        "score": score,
                        "text": offer.text(),
                    }
                    for offer, score in rows
                ]
            }
        )
        return
    out = output.console()
    for offer, score in rows:
        out.print(
            f"{score:5.2f}  [bold]{escape(next(iter(offer.names.values()), offer.enterprise))}[/bold]  {escape(offer.text()[:140])}"
        )


@main.command("classify", help=text("classify"))
@click.argument("words", nargs=-1, required=True)
@language_option
@json_option
def classify(words: tuple[str, ...], language: str | None, as_json: bool) -> None:
    """Concepts of a text."""
    from tashbik.nomenclature.classifications import codes, hs, isic
    from tashbik.nomenclature.classify import classify as find
    from tashbik.nomenclature.tables import concepts

    shown = language or locale_language()
    found = find(" ".join(words))
    if as_json:
        output.print_json(
            {
                "concepts": [
                    {
                        "concept": one.concept,
                        "label": concepts()[one.concept].label(shown),
                        "score": one.score,
                        "words": one.words,
                        "isic": codes(concepts()[one.concept].isic, isic(), shown),
                        "hs": codes(concepts()[one.concept].hs, hs(), shown),
                    }
                    for one in found
                ]
            }
        )
        return
    for one in found:
        click.echo(f"{one.score:.2f}  {one.concept}  {concepts()[one.concept].label(shown)}  ← {one.words}")


@main.group("evaluate", help=text("evaluate"))
def evaluate() -> None:
    """Measurements."""


evaluate.add_command(evaluate_identity)


@evaluate.command("retrieval", help=text("retrieval"))
@click.option("--documents", type=EXISTING, required=True, help=text("opt.documents"))
@click.option("--queries", type=EXISTING, required=True, help=text("opt.queries"))
@click.option("--qrels", type=EXISTING, required=True, help=text("opt.qrels"))
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help=text("opt.top"))
@json_option
def retrieval(documents: Path, queries: Path, qrels: Path, top: int, as_json: bool) -> None:
    """Measure retrieval."""
    from tashbik.linkage.evaluate import evaluate_retrieval
    from tashbik.linkage.evaluation_files import read_qrels, read_texts

    result = evaluate_retrieval(read_texts(documents), read_texts(queries), read_qrels(qrels), depth=top)
    output.print_figures(result, as_json)


@evaluate.command("match", help=text("evaluate-match"))
@click.option("--registry", type=EXISTING, required=True, help=text("opt.registry"))
@click.option("--needs", type=EXISTING, required=True, help=text("opt.needs"))
@click.option("--qrels", type=EXISTING, required=True, help=text("opt.qrels"))
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help=text("opt.top"))
@json_option
def evaluate_match(registry: Path, needs: Path, qrels: Path, top: int, as_json: bool) -> None:
    """Measure whole matches."""
    from tashbik.linkage.evaluate import evaluate_matches
    from tashbik.linkage.evaluation_files import read_qrels
    from tashbik.linkage.match import Matcher
    from tashbik.registry.readers import read_needs
    from tashbik.registry.rejects import Reject

    judged = read_qrels(qrels)
    asked = [one for one in read_needs(needs) if not isinstance(one, Reject)]
    with tempfile.TemporaryDirectory(prefix="tashbik-") as temporary:
        work = open_register(registry, Path(temporary), as_json)
        result = evaluate_matches(Matcher(work.index, work.encoder, today=today()), asked, judged, depth=top)
        work.close()
    output.print_figures(result, as_json)


@main.command("export", help=text("export"))
@click.argument("folder", type=EXISTING)
@click.argument("file", type=EXISTING)
@json_option
def export(folder: Path, file: Path, as_json: bool) -> None:
    """Export a register."""
    from tashbik.registry.export import export as write
    from tashbik.registry.journal import Journal

    if not (folder / "records.jsonl").exists():
        raise InputError("no register in this folder", file=str(folder), mend="run `tashbik import` first")
    count = write(Journal(folder / "records.jsonl").records(), file)
    if as_json:
        output.print_json({"count": count, "file": str(file)})
    else:
        click.echo(text("exported", count=count, file=file))


@main.command("doctor", help=text("doctor"))
@click.argument("folder", type=EXISTING)
@click.option("--rebuild", is_flag=True, help=text("opt.rebuild"))
@json_option
@click.pass_context
def doctor(context: click.Context, folder: Path, rebuild: bool, as_json: bool) -> None:
    """Check a folder."""
    from tashbik.linkage import workspace

    if not (folder / "records.jsonl").exists():
        raise InputError("no register in this folder", file=str(folder), mend="run `tashbik import` first")
    if rebuild:
        workspace.rebuild(folder)
    work = workspace.Workspace(folder)
    health = work.health()
    work.close()
    if as_json:
        output.print_json(
            {
                "records": health.records,
                "entries": health.entries,
                "expected": health.expected,
                "problems": health.problems,
                "rebuilt": rebuild,
            }
        )
    else:
        if rebuild:
            click.echo(text("rebuilt"))
        for problem in health.problems:
            click.echo(f"✕ {problem}")
        if not health.problems:
            click.echo(text("healthy", records=health.records, entries=health.entries))
    if health.problems:
        context.exit(1)


@main.command("fields", help=text("fields"))
@json_option
def fields(as_json: bool) -> None:
    """Fields and headers."""
    from tashbik.registry.layout import field_names

    if as_json:
        output.print_json({"fields": {name: list(aliases) for name, aliases in field_names().items()}})
        return
    for name, aliases in field_names().items():
        click.echo(f"{name:20} {' | '.join(aliases)}")


@main.command("generate", help=text("generate"))
@click.argument("file", type=EXISTING)
@click.option("--count", type=click.IntRange(1), default=10_000, show_default=True, help=text("opt.count"))
@click.option("--seed", type=int, default=1, show_default=True, help=text("opt.seed"))
@json_option
def generate(file: Path, count: int, seed: int, as_json: bool) -> None:
    """Generate enterprises."""
    from tashbik.registry.export import export as write
    from tashbik.registry.generator import generate as make

    written = write(make(count, seed), file)
    if as_json:
        output.print_json({"count": written, "file": str(file)})
    else:
        click.echo(text("exported", count=written, file=file))


@main.command("demo", help=text("demo"))
@click.option("--needs", "shown", type=click.IntRange(1), default=12, show_default=True, help=text("opt.needs_shown"))
@language_option
@json_option
def demo(shown: int, language: str | None, as_json: bool) -> None:
    """The demonstration."""
    from tashbik.linkage.match import Matcher
    from tashbik.linkage.workspace import Workspace
    from tashbik.registry.demonstration import needs_of_the_demonstration, register_files

    chosen = language or load().language
    out = output.console()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="tashbik-") as temporary, output.progress(as_json) as bar:
        work = Workspace(Path(temporary))
        task = bar.add_task(text("reading"), total=None)
        for file in register_files():
            work.import_file(file, step=lambda count: bar.advance(task, count))
        needs = needs_of_the_demonstration()
        matcher = Matcher(work.index, work.encoder, today=today())
        task = bar.add_task(text("matching"), total=len(needs))
        answers = []
        for need in needs:
            answers.append((need, matcher.match(need, top=5)))
            bar.advance(task)
        records = len(work.journal)
        work.close()
    if as_json:
        output.print_json(
            {
                "needs": [
                    {"id": need.id, "lines": [output.line_json(one, chosen) for one in results]}
                    for need, results in answers
                ]
            }
        )
        return
    for need, results in answers[:shown]:
        output.print_need(out, need, results, chosen, 5)
    linked = sum(any(one.links for one in results) for _, results in answers)
    out.print(
        text(
            "demo-summary",
            needs=len(answers),
            enterprises=records,
            seconds=time.perf_counter() - started,
            linked=linked,
        )
    )
    out.print(text("demo-note"), style="italic")
