"""Linkage graphs read from CSV and written as GraphML and CSV. Not pictures (drawing.py)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tashbik.errors import FileError, InputError
from tashbik.network.analysis import NAMES, Analysis, table
from tashbik.network.graph import KINDS, Edge, EdgeKind
from tashbik.registry.encodings import detect_encoding
from tashbik.registry.export import neutralised

SOURCES = ("source", "supplier", "maker", "from")
TARGETS = ("target", "buyer", "customer", "for_company", "to")
WEIGHTS = ("weight", "n_products", "quantity", "value")
DATES = ("as_of", "date")


def read_edges(path: Path, *, kind: EdgeKind = "supply") -> Iterator[Edge]:
    """The edges of a CSV with a header: source and target, and if they are there weight, kind and as_of.

    Columns may be named as in SOURCES, TARGETS, WEIGHTS and DATES; `kind` is that of rows that name none. Raises InputError with file, row, field.
    """
    if not path.is_file():
        raise FileError("no such file", file=str(path), mend="check the path")
    with path.open(encoding=detect_encoding(path), errors="replace", newline="") as stream:
        reader = csv.DictReader(stream)
        header = [one.strip().lower() for one in reader.fieldnames or []]
        source, target = _column(header, SOURCES, path), _column(header, TARGETS, path)
        weight = next((one for one in WEIGHTS if one in header), "")
        day = next((one for one in DATES if one in header), "")
        for number, cells in enumerate(reader, 2):
            row = {(key or "").strip().lower(): value for key, value in cells.items() if isinstance(value, str | None)}
            yield Edge(
                source=_text(row, source, path, number),
                target=_text(row, target, path, number),
                kind=_kind(row.get("kind") or kind, path, number),
                weight=_weight(row.get(weight) or "1", path, number, weight),
                as_of=_day(row.get(day) or "", path, number, day),
            )


def _column(header: list[str], names: tuple[str, ...], path: Path) -> str:
    found = next((one for one in names if one in header), None)
    if found is None:
        raise InputError(f"no column {names[0]!r}", file=str(path), row=1, mend=f"name a column {' or '.join(names)}")
    return found


def _text(row: dict[str, str | None], field: str, path: Path, number: int) -> str:
    value = (row.get(field) or "").strip()
    if not value:
        raise InputError("empty", file=str(path), row=number, field=field, mend="name both ends of the tie")
    return value


def _kind(value: str, path: Path, number: int) -> EdgeKind:
    for one in KINDS:
        if one == value.strip().lower():
            return one
    raise InputError(
        f"{value!r} is no kind", file=str(path), row=number, field="kind", mend=f"one of {', '.join(KINDS)}"
    )


def _weight(value: str, path: Path, number: int, field: str) -> float:
    try:
        weight = float(value)
    except ValueError:
        weight = 0.0
    if not 0 < weight < float("inf"):
        raise InputError(f"{value!r} is not above 0", file=str(path), row=number, field=field, mend="a number above 0")
    return weight


def _day(value: str, path: Path, number: int, field: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InputError(
            f"{value!r} is not a date", file=str(path), row=number, field=field, mend="write it like 2026-09-30"
        ) from error


def graphml(analysis: Analysis, language: str = "en") -> Iterator[str]:
    """The graph with its measures as GraphML (graphml.graphdrawing.org), piece by piece. Edges keep their direction, kind and weight."""
    graph = analysis.graph
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield '<key id="name" for="node" attr.name="name" attr.type="string"/>\n'
    for name in NAMES:
        yield f'<key id="{name}" for="node" attr.name="{name}" attr.type="double"/>\n'
    yield '<key id="kind" for="edge" attr.name="kind" attr.type="string"/>\n'
    yield '<key id="weight" for="edge" attr.name="weight" attr.type="double"/>\n<graph edgedefault="directed">\n'
    columns = [(name, analysis.measures[name].values.tolist()) for name in NAMES]
    for place, identifier in enumerate(graph.ids):
        data = "".join(
            f'<data key="{name}">{column[place]!r}</data>' for name, column in columns if column[place] == column[place]
        )
        label = escape(_printable(graph.name(place, language)))
        yield f'<node id={quoteattr(_printable(identifier))}><data key="name">{label}</data>{data}</node>\n'
    for source, target, weight, kind in zip(
        graph.source.tolist(), graph.target.tolist(), graph.weight.tolist(), graph.kind.tolist(), strict=True
    ):
        ends = f"source={quoteattr(_printable(graph.ids[source]))} target={quoteattr(_printable(graph.ids[target]))}"
        yield f'<edge {ends}><data key="kind">{KINDS[kind]}</data><data key="weight">{weight!r}</data></edge>\n'
    yield "</graph>\n</graphml>\n"


def _printable(text: str) -> str:
    """Text without the control characters that XML 1.0 forbids."""
    return "".join(char if char >= " " or char in "\t\n\r" else "\ufffd" for char in text)


def write_graphml(analysis: Analysis, path: Path, language: str = "en") -> None:
    """Write GraphML; the file appears whole or not at all."""
    partial = _partial(path)
    with partial.open("w", encoding="utf-8") as stream:
        stream.writelines(graphml(analysis, language))
    partial.replace(path)


def write_table(analysis: Analysis, path: Path) -> None:
    """Write all nodes with all measures as CSV, formulas neutralised; the file appears whole or not at all."""
    header, rows = table(analysis)
    partial = _partial(path)
    with partial.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([neutralised(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    partial.replace(path)


def write_text(text: str, path: Path) -> None:
    """Write a text such as a picture; the file appears whole or not at all."""
    partial = _partial(path)
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _partial(path: Path) -> Path:
    if not path.parent.is_dir():
        raise FileError("no such folder", file=str(path.parent), mend="check the path")
    return path.with_name(path.name + ".partial")
