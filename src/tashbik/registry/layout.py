"""Which column is which field: by header in three languages, or by a mapping file. Not the making of records (enterprise_rows.py, need_rows.py)."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from tashbik.errors import InputError
from tashbik.language.analysis import fold

LIST_MARKS = re.compile(r"\s*[;|\n؛]\s*")


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns by field; `constants` stand for fields without a column; columns in `lists` hold several values a cell."""

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    name: str = "headers"
    encoding: str = ""

    def value(self, cells: dict[str, Any], wanted: str) -> str:
        """The text of a field in a row, stripped; its constant or empty where the row has none."""
        column = self.columns.get(wanted)
        raw = cells.get(column, "") if column else ""
        text = " ; ".join(map(str, raw)) if isinstance(raw, list) else "" if raw is None else str(raw)
        return text.strip() or self.constants.get(wanted, "")

    def values(self, cells: dict[str, Any], wanted: str) -> list[str]:
        """The values of a field that may hold several."""
        text = self.value(cells, wanted)
        if wanted not in self.lists:
            return [text] if text else []
        return [part for part in LIST_MARKS.split(text) if part]


def _key(header: str) -> str:
    return " ".join(re.sub(r"[^\w]+|_", " ", fold(header)).split())


@cache
def _aliases() -> dict[str, str]:
    text = resources.files("tashbik.registry").joinpath("data/fields.tsv").read_text(encoding="utf-8")
    table: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith(("#", "field\t")):
            name, *cells = line.split("\t")
            for alias in [name, *(term for cell in cells for term in cell.split("|"))]:
                table.setdefault(_key(alias), name)
    return table


LISTS = frozenset(
    {"product", "process", "material", "machine", "certificate", "exports", "references", "alias", "languages"}
)


def recognise(headers: Iterable[str]) -> Layout:
    """The layout of a file from its headers, in any of the three languages. A field keeps the first column that names it."""
    columns: dict[str, str] = {}
    for header in headers:
        name = _aliases().get(_key(header))
        if name is not None:
            columns.setdefault(name, header)
    return Layout(columns, lists=LISTS)


def ready_layout(headers: Iterable[str]) -> Layout | None:
    """A mapping that comes with Tashbik and names exactly these headers."""
    found = {header.lstrip("\ufeff") for header in headers}
    for layout, signature in _ready():
        if signature == found:
            return layout
    return None


@cache
def _ready() -> tuple[tuple[Layout, set[str]], ...]:
    folder = resources.files("tashbik.registry").joinpath("data/mappings")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    loaded = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return tuple(
        (_layout(data, file.name.removesuffix(".toml")), set(data["headers"]))
        for data, file in zip(loaded, files, strict=True)
    )


def read_mapping(path: Path) -> Layout:
    """A mapping file (TOML, see docs/registry.md). Raises InputError naming the key that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the mapping cannot be read: {error}", file=path.name, mend="see docs/registry.md") from error
    _check_mapping(data, path)
    return _layout(data, path.stem)


def _check_mapping(data: dict[str, Any], path: Path) -> None:
    fields = set(_aliases().values())
    for part in ("columns", "constants", "lists"):
        for key in data.get(part, ()):
            if key not in fields:
                raise InputError(
                    f"unknown field {key!r}", file=path.name, field=f"{part}.{key}", mend="see `tashbik fields`"
                )
    for key in data.keys() - {"columns", "constants", "lists", "headers", "encoding"}:
        raise InputError(f"unknown key {key!r}", file=path.name, field=key, mend="see docs/registry.md")
    try:
        codecs.lookup(data.get("encoding") or "utf-8")
    except LookupError as error:
        raise InputError(
            f"unknown encoding {data['encoding']!r}", file=path.name, field="encoding", mend="write it like utf-8"
        ) from error


def _layout(data: dict[str, Any], name: str) -> Layout:
    return Layout(
        columns=dict(data.get("columns", {})),
        constants=dict(data.get("constants", {})),
        lists=frozenset(data.get("lists", ())),
        name=name,
        encoding=data.get("encoding", ""),
    )


def layout_for(headers: Iterable[str], mapping: Path | None = None) -> Layout:
    """The layout to read a file by: the mapping given, else a ready one for these headers, else what the headers say."""
    names = list(headers)
    return read_mapping(mapping) if mapping else ready_layout(names) or recognise(names)


@cache
def field_labels() -> dict[str, dict[str, str]]:
    """The name of each field in ar, fr and en: the first header that the table gives for it in that language."""
    text = resources.files("tashbik.registry").joinpath("data/fields.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    names = rows[0][1:]
    return {
        field: {name: cell.partition("|")[0].strip() for name, cell in zip(names, cells, strict=False)}
        for field, *cells in rows[1:]
    }


def field_names() -> dict[str, tuple[str, ...]]:
    """All fields with the headers that name them."""
    table: dict[str, list[str]] = {}
    for alias, name in _aliases().items():
        table.setdefault(name, []).append(alias)
    return {name: tuple(aliases) for name, aliases in table.items()}
