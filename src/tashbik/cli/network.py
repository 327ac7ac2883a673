"""The commands `tashbik network …`: parse, call the room `network`, print. No decisions about the trade are taken here."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from tashbik.cli import output
from tashbik.cli.frame import EXISTING, Commands, json_option, language_option, open_register, today
from tashbik.cli.texts import locale_language
from tashbik.errors import FileError, InputError
from tashbik.settings import load

if TYPE_CHECKING:
    from tashbik.network import Composition, Conditions, Group, PartnerOffer, Sources
    from tashbik.network.analysis import Analysis

T = TypeVar("T")
KINDS = ("link", "rfq", "award", "supply", "process", "place", "membership")


@cache
def network_texts() -> dict[str, dict[str, str]]:
    """The texts of these commands by key and language."""
    raw = resources.files("tashbik.network").joinpath("data/commands.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in raw.splitlines() if line and not line.startswith("#")]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}


def said(key: str, language: str = "", **values: object) -> str:
    """One text with its placeholders filled; KeyError for a key that is not there."""
    return network_texts()[key][language or locale_language()].format(**values)


@click.group("network", cls=Commands, help=said("network"))
def network() -> None:
    """The group of commands."""


@network.command("source", help=said("source"))
@click.argument("problem", type=EXISTING)
@click.option(
    "--time-limit", type=click.FloatRange(0.1, 86_400), default=60.0, show_default=True, help=said("opt.time-limit")
)
@json_option
def source(problem: Path, time_limit: float, as_json: bool) -> None:
    """Solve a sourcing problem."""
    from tashbik.network import read_problem
    from tashbik.network import source as solve
    from tashbik.network.wording import number

    answer = solve(read_problem(problem), time_limit=time_limit)
    if as_json:
        output.print_json(answer.as_json())
        return
    language = locale_language()
    status = said(f"status.{answer.status}")
    if answer.cost is None or answer.bound is None:
        click.echo(said("unsourced", status=status))
        return
    click.echo(
        said(
            "sourced",
            status=status,
            cost=number(answer.cost, language),
            bound=number(answer.bound, language),
            gap=f"{100 * (answer.gap or 0):.3f}",
            seconds=f"{answer.seconds:.2f}",
            open=len(answer.open),
        )
    )
    click.echo(" ".join(answer.open))


@network.command("compose", help=said("compose"))
@click.argument("file", type=EXISTING, required=False)
@click.option("--registry", type=EXISTING, default=None, help=said("opt.registry"))
@click.option("--needs", type=EXISTING, default=None, help=said("opt.needs"))
@click.option("--terms", "terms_file", type=EXISTING, default=None, help=said("opt.terms"))
@click.option("--conditions", "conditions_file", type=EXISTING, default=None, help=said("opt.conditions"))
@click.option("--max-partners", type=click.IntRange(1), default=None, help=said("opt.max-partners"))
@click.option("--budget", type=click.FloatRange(0), default=None, help=said("opt.budget"))
@click.option("--lead", default=None, help=said("opt.lead"))
@click.option("--most-part", type=click.FloatRange(0, 1), default=None, help=said("opt.most-part"))
@click.option(
    "--alternatives", "count", type=click.IntRange(1, 20), default=3, show_default=True, help=said("opt.alternatives")
)
@click.option("--top", type=click.IntRange(1, 200), default=20, show_default=True, help=said("opt.top"))
@click.option("--agreement", "draft", is_flag=True, help=said("opt.agreement"))
@language_option
@json_option
def compose(
    file: Path | None,
    registry: Path | None,
    needs: Path | None,
    terms_file: Path | None,
    conditions_file: Path | None,
    count: int,
    top: int,
    draft: bool,
    language: str | None,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Compose groups."""
    from tashbik.network import Conditions, Terms

    chosen = language or load().language or locale_language()
    given = {name: value for name, value in wishes.items() if value is not None}
    base = _decoded(conditions_file, Conditions) if conditions_file else None
    if file is not None and registry is None and needs is None:
        pairs: Iterator[tuple[Sources, Conditions]] = iter([_order_file(file, base)])
    elif registry is not None and needs is not None and file is None:
        terms = _decoded(terms_file, Terms) if terms_file else Terms()
        pairs = ((one, base or Conditions()) for one in _matched(registry, needs, terms, top, as_json))
    else:
        raise InputError("give an order file, or --registry and --needs", field="FILE", mend="see docs/networks.md")
    answers = []
    for sources, conditions in pairs:
        wanted = msgspec.structs.replace(conditions, **given)
        document, lines = _composed(sources, wanted, count, chosen, draft)
        answers.append(document)
        if not as_json:
            click.echo("\n".join(lines) + "\n")
    if as_json:
        output.print_json({"orders": answers})


def _decoded(path: Path, kind: type[T]) -> T:
    if not path.is_file():
        raise FileError("no such file", file=str(path), mend="check the path")
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise InputError(
            message, file=str(path), field=place.strip("`.") or "$", mend="see docs/networks.md"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileError(f"not JSON: {error}", file=str(path), mend="see docs/networks.md") from error


def _order_file(path: Path, base: Conditions | None) -> tuple[Sources, Conditions]:
    from tashbik.network import OrderFile, Sources

    given = _decoded(path, OrderFile)
    return Sources(given.order, given.partners, given.offers, given.misses), base or given.conditions


def _matched(registry: Path, needs: Path, terms: Any, top: int, quiet: bool) -> Iterator[Sources]:
    from tashbik.linkage.match import Matcher
    from tashbik.network import from_links
    from tashbik.registry.readers import read_needs
    from tashbik.registry.rejects import Reject

    if not needs.is_file():
        raise FileError("no such file", file=str(needs), mend="check the path")
    with tempfile.TemporaryDirectory(prefix="tashbik-") as temporary:
        work = open_register(registry, Path(temporary), quiet)
        matcher = Matcher(work.index, work.encoder, today=today())
        for need in read_needs(needs):
            if isinstance(need, Reject):
                raise InputError(need.message(locale_language()), file=str(needs), row=need.row, field=need.field)
            yield from_links(need, matcher.match(need, top=top), terms)
        work.close()


def _composed(
    sources: Sources, conditions: Conditions, count: int, language: str, draft: bool
) -> tuple[dict[str, Any], list[str]]:
    from tashbik.network import agreement, alternatives, compose, miss_gains, savings, weaknesses
    from tashbik.network.composing import estimated
    from tashbik.network.telling import sentences

    market = (sources.order, sources.partners, sources.offers, conditions)
    offers = estimated(sources.offers)
    found = compose(*market)
    others = alternatives(*market, count=count + 1)[1:] if found.complete else []
    weak = weaknesses(*market, found.group) if found.group else []
    saved = savings(*market, found)
    gains = miss_gains(*market, found, sources.misses[:10])
    document = {
        "order": sources.order.id,
        **_plain(found),
        "alternatives": _plain(others),
        "weaknesses": _plain(weak),
        "savings": _plain(saved),
        "misses": _plain(gains),
        "assumed": [
            {"partner": one.partner, "line": one.line, "fields": list(one.assumed)}
            for one in _open_points(found, offers)
        ],
    }
    lines = _lines(sources, found, others, language)
    lines += _questions(sources, _open_points(found, offers), language)
    lines += sentences(sources, found, weak, saved, gains, language)
    document["sentences"] = lines
    if draft and found.group is not None:
        written = agreement(
            sources.order, sources.partners, found.group, language=language, weakest=weak[0] if weak else None
        )
        document["agreement"] = _plain(written)
        lines = [*lines, "", written.as_text()]
    return document, lines


def _open_points(found: Composition, offers: Sequence[PartnerOffer]) -> list[PartnerOffer]:
    """Offers used by the group of which something was assumed."""
    made = {(one.partner, one.line) for one in found.group.allocations} if found.group else set()
    return [one for one in offers if one.assumed and (one.partner, one.line) in made]


def _questions(sources: Sources, offers: Sequence[PartnerOffer], language: str) -> list[str]:
    from tashbik.network.wording import assumed_words, line_name, name_of

    by_id = {one.id: one for one in sources.partners}
    lines = [said("no-prices", language)] if any(not one.unit_price for one in offers) else []
    for one in offers:
        name, line = name_of(one.partner, by_id, language), line_name(one.line, sources.order)
        lines.append(said("to-ask", language, name=name, line=line, assumed=assumed_words(one.assumed, language)))
    return lines


def _plain(value: Any) -> Any:
    """A record as JSON takes it, with every field: records leave defaults out when they are stored."""
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _lines(sources: Sources, found: Composition, others: Sequence[Group], language: str) -> list[str]:
    from tashbik.network.wording import line_name, money, name_of, percent, quantity

    order, by_id = sources.order, {one.id: one for one in sources.partners}
    units = {line.id: line.unit for line in order.lines}
    group = found.group
    if group is None:
        return [said("order-none", language, order=order.id)]
    head = said(
        "order",
        language,
        order=order.id,
        percent=percent(group.covered, language),
        cost=money(group.cost, order, language),
        spread=money(group.spread, order, language),
        members=len(group.members),
    )
    roles = {one.partner: said(f"role.{one.role}", language) for one in group.members}
    made = [
        said(
            "made",
            language,
            name=name_of(one.partner, by_id, language),
            role=roles[one.partner],
            line=line_name(one.line, order),
            quantity=quantity(one.quantity, units[one.line], language),
            percent=percent(one.part, language),
        )
        for one in group.allocations
    ]
    missing = [
        said(
            "uncovered",
            language,
            line=line_name(one.line, order),
            quantity=quantity(one.quantity, units[one.line], language),
        )
        for one in group.uncovered
    ]
    rest = [
        said(
            "alternative",
            language,
            names=" + ".join(name_of(one, by_id, language) for one in other.partners),
            cost=money(other.cost, order, language),
        )
        for other in others
    ]
    return [head, *made, *missing, *rest]


@network.command("graph", help=said("graph"))
@click.argument("edges", type=EXISTING)
@click.option("--kind", type=click.Choice(KINDS), default="supply", show_default=True, help=said("opt.kind"))
@click.option("--graphml", type=EXISTING, default=None, help=said("opt.graphml"))
@click.option("--table", "table_file", type=EXISTING, default=None, help=said("opt.table"))
@click.option("--svg", "svg_file", type=EXISTING, default=None, help=said("opt.svg"))
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help=said("opt.top"))
@language_option
@json_option
def graph(
    edges: Path,
    kind: Any,
    graphml: Path | None,
    table_file: Path | None,
    svg_file: Path | None,
    top: int,
    language: str | None,
    as_json: bool,
) -> None:
    """Analyse a graph."""
    from tashbik.network.analysis import analyse
    from tashbik.network.drawing import svg
    from tashbik.network.graph import linkage_graph
    from tashbik.network.graph_files import read_edges, write_graphml, write_table, write_text

    chosen = language or load().language or locale_language()
    started = time.perf_counter()
    found = analyse(linkage_graph(read_edges(edges, kind=kind)))
    seconds = time.perf_counter() - started
    written = [one for one in (graphml, table_file, svg_file) if one is not None]
    if graphml is not None:
        write_graphml(found, graphml, chosen)
    if table_file is not None:
        write_table(found, table_file)
    if svg_file is not None:
        write_text(svg(found, language=chosen), svg_file)
    if as_json:
        output.print_json(_graph_json(found, top, seconds, chosen))
        return
    for line in _graph_lines(found, top, seconds, chosen):
        click.echo(line)
    for one in written:
        click.echo(said("written", chosen, file=one))


def _graph_json(found: Analysis, top: int, seconds: float, language: str) -> dict[str, Any]:
    return {
        "nodes": len(found.graph),
        "edges": len(found.graph.source),
        "communities": found.communities.count,
        "modularity": found.communities.modularity,
        "as_of": found.graph.as_of,
        "seconds": round(seconds, 4),
        "measures": {
            name: {
                "definition": one.definition(language),
                "coverage": one.coverage,
                "estimated": one.estimated,
                "top": found.top(name, top),
            }
            for name, one in found.measures.items()
            if name not in ("community", "component")
        },
        "brokers": found.brokers(top),
        "single_sources": [
            {"id": one, "buyers": buyers, "weight": weight} for one, buyers, weight in found.single_sources(top)
        ],
    }


def _graph_lines(found: Analysis, top: int, seconds: float, language: str) -> list[str]:
    from tashbik.network.wording import number

    lines = [
        said(
            "analysed",
            language,
            nodes=number(len(found.graph), language),
            edges=number(len(found.graph.source), language),
            communities=found.communities.count,
            modularity=f"{found.communities.modularity:.3f}",
            seconds=f"{seconds:.2f}",
        )
    ]
    lists: list[tuple[str, Sequence[tuple[str, float]]]] = [
        (said("hubs", language), found.top("degree", top)),
        (said("brokers", language), found.brokers(top)),
        (said("single-sources", language), [(one, buyers) for one, buyers, _ in found.single_sources(top)]),
    ]
    for title, rows in lists:
        lines.append(title)
        lines += [said("row", language, name=one, value=number(value, language)) for one, value in rows]
    return lines
