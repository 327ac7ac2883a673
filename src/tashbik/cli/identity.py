"""The commands `tashbik dedupe` and `tashbik evaluate identity`: parse, call the identity of the register, print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from tashbik.cli import output
from tashbik.cli.frame import EXISTING, json_option, language_option
from tashbik.cli.texts import locale_language, text
from tashbik.errors import FileError, InputError

SHOWN = 20
"""Pairs and clusters shown in a terminal."""


@click.command("identity", help=text("evaluate-identity"))
@click.option("--records", type=EXISTING, required=True, help=text("opt.identity-records"))
@click.option("--gold", type=EXISTING, required=True, help=text("opt.identity-gold"))
@json_option
def evaluate_identity(records: Path, gold: Path, as_json: bool) -> None:
    """Measure identity."""
    from tashbik.registry.identity import evaluate_identity as measure
    from tashbik.registry.identity.files import read_clusters, read_particulars

    known = read_particulars(records)
    truth = read_clusters(gold, (one.id for one in known))
    output.print_figures(measure(known, truth, workers=_workers()), as_json)


@click.command("dedupe", help=text("dedupe"))
@click.argument("register", type=EXISTING)
@click.option("--out", type=EXISTING, default=None, help=text("opt.dedupe-out"))
@click.option("--least", type=click.FloatRange(0, 1), default=0.05, show_default=True, help=text("opt.dedupe-least"))
@click.option("--decisions", type=EXISTING, default=None, help=text("opt.dedupe-decisions"))
@language_option
@json_option
def dedupe(
    register: Path, out: Path | None, least: float, decisions: Path | None, language: str | None, as_json: bool
) -> None:
    """Find records of one enterprise."""
    from tashbik.registry.identity import RegisterIdentity
    from tashbik.registry.identity.files import read_decisions, read_particulars, write_clusters, write_pairs

    kind = _kind(out)
    chosen = language or locale_language()
    identity = RegisterIdentity(read_particulars(register), workers=_workers())
    identity.compare_all()
    if decisions is not None:
        identity.learn(read_decisions(decisions))
    pairs = identity.candidates(least=least, limit=None if kind == "pairs" else 10_000)
    groups = identity.cluster()
    if out is not None and kind == "pairs":
        write_pairs(out, pairs, chosen)
    elif out is not None:
        grouped = {one for group in groups for one in group.records}
        write_clusters(out, groups, (one.id for one in identity.profiles if one.id not in grouped))
    if as_json:
        output.print_json(_document(pairs, groups, len(identity.profiles), chosen))
        return
    _show(pairs, groups, len(identity.profiles), chosen)
    if out is not None:
        click.echo(text("dedupe-written", file=out))


def _kind(out: Path | None) -> str:
    """Whether a file takes pairs or clusters, by its name. InputError for any other."""
    if out is None:
        return ""
    if out.suffix.lower() == ".csv" and not out.is_dir():
        for kind in ("pairs", "clusters"):
            if kind in out.stem:
                if not out.parent.is_dir():
                    raise FileError("no such folder", file=str(out.parent), mend="make it, or give another")
                return kind
    raise InputError(
        f"{out.name!r} says neither pairs nor clusters", field="--out", mend="end it in pairs.csv or clusters.csv"
    )


def _workers() -> int:
    return min(8, os.cpu_count() or 1)


def _document(pairs: list[Any], groups: list[Any], records: int, language: str) -> dict[str, Any]:
    return {
        "records": records,
        "pairs": [
            {
                "first": one.first,
                "second": one.second,
                "probability": one.probability,
                "reasons": [
                    {
                        "field": reason.field,
                        "level": reason.level,
                        "weight": reason.weight,
                        "first": reason.first,
                        "second": reason.second,
                        "text": reason.text(language),
                    }
                    for reason in one.reasons
                ],
            }
            for one in pairs
        ],
        "clusters": [
            {"records": one.records, "probability": one.probability, "weakest": one.weakest} for one in groups
        ],
    }


def _show(pairs: list[Any], groups: list[Any], records: int, language: str) -> None:
    out = output.console()
    out.print(text("dedupe-found", language, records=records, pairs=len(pairs), clusters=len(groups)))
    table = Table(show_edge=False, pad_edge=False)
    table.add_column(text("col.first", language))
    table.add_column(text("col.second", language))
    table.add_column(text("col.probability", language), justify="right")
    table.add_column(text("col.reasons", language))
    for one in pairs[:SHOWN]:
        name = next((reason for reason in one.reasons if reason.field == "name"), None)
        said = (name.first, name.second) if name else ("", "")
        reasons = "\n".join(
            f"{_sign(reason.weight)} {reason.label(language)}: {reason.text(language)}" for reason in one.reasons[:3]
        )
        table.add_row(
            escape(f"{one.first}  {said[0]}"),
            escape(f"{one.second}  {said[1]}"),
            f"{100 * one.probability:.0f} %",
            escape(reasons),
        )
    if pairs:
        out.print(table)
    if len(pairs) > SHOWN:
        out.print(f"… +{len(pairs) - SHOWN}")


def _sign(weight: float) -> str:
    return "+" if weight > 0.05 else "−" if weight < -0.05 else "·"
