"""Files that identity reads and writes: registers, true clusters, pairs, clusters. Not the judging (register_identity.py)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tashbik.errors import FileError, InputError
from tashbik.registry.export import neutralised
from tashbik.registry.identity.particulars import Particulars, of_enterprise
from tashbik.registry.identity.register_identity import CandidatePair, Cluster, PairDecision
from tashbik.registry.journal import Journal
from tashbik.registry.layout import LIST_MARKS, Layout, ready_layout, recognise
from tashbik.registry.rejects import Reject
from tashbik.registry.tables import Row, read_rows

_NAMES = ("name", "name_ar", "name_fr", "name_en", "alias")


def read_particulars(path: Path) -> list[Particulars]:
    """The records of a file (CSV, XLSX, JSON Lines: columns recognised in three languages) or of a register's folder.

    `id` and a name are needed, all else helps. Raises FileError, or InputError naming file, row, field.
    """
    if path.is_dir():
        return _of_folder(path)
    records: dict[str, Particulars] = {}
    layout: Layout | None = None
    for row in _rows(path):
        if layout is None:
            layout = ready_layout(row.cells) or recognise(row.cells)
            _check_columns(layout, path)
        record = _of_row(row, layout, path)
        if record.id in records:
            raise InputError("repeated", file=path.name, row=row.number, field="id", mend="give each row its own id")
        records[record.id] = record
    if not records:
        raise FileError("no row of data", file=path.name, mend="check that the file was saved")
    return list(records.values())


def _of_folder(path: Path) -> list[Particulars]:
    journal = path / "records.jsonl"
    if not journal.is_file():
        raise InputError("no register in this folder", file=str(path), mend="run `tashbik import` first")
    return [of_enterprise(record) for record in Journal(journal).records()]


def _rows(path: Path) -> Iterator[Row]:
    for row in read_rows(path):
        if isinstance(row, Reject):
            raise InputError(row.message("en"), file=path.name, row=row.row, field=row.field, mend="mend the row")
        yield row


def _check_columns(layout: Layout, path: Path) -> None:
    if "id" not in layout.columns:
        raise InputError("no such column", file=path.name, row=1, field="id", mend="name a column `id`")
    if not any(name in layout.columns for name in _NAMES):
        raise InputError("no such column", file=path.name, row=1, field="name", mend="name a column `name`")


def _of_row(row: Row, layout: Layout, path: Path) -> Particulars:
    def many(wanted: str) -> tuple[str, ...]:
        return tuple(part for part in LIST_MARKS.split(layout.value(row.cells, wanted)) if part)

    names = tuple(dict.fromkeys(name for wanted in _NAMES for name in many(wanted)))
    identity = layout.value(row.cells, "id")
    for field, missing in (("id", not identity), ("name", not names)):
        if missing:
            raise InputError("empty", file=path.name, row=row.number, field=field, mend="fill the cell")
    return Particulars(
        id=identity,
        names=names,
        country=layout.value(row.cells, "country"),
        locality=layout.value(row.cells, "locality") or layout.value(row.cells, "region"),
        address=layout.value(row.cells, "address"),
        phones=many("phone"),
        emails=many("email"),
        website=layout.value(row.cells, "website"),
        identifiers=tuple(_identifier(one) for one in many("identifier")),
        products=many("product"),
        source=layout.value(row.cells, "source"),
    )


def _identifier(written: str) -> tuple[str, str]:
    """ "RC: 16 B 0987" has the scheme that it names; a bare number has none."""
    scheme, mark, value = written.partition(":")
    return (scheme.strip(), value.strip()) if mark and value.strip() else ("", written)


def read_clusters(path: Path, ids: Iterable[str]) -> dict[str, str]:
    """The true cluster of each id. InputError where a row lacks one, an id repeats, or an id of `ids` has no row."""
    clusters: dict[str, str] = {}
    for row in _rows(path):
        for field in ("id", "cluster"):
            if field not in row.cells:
                raise InputError(
                    "no such column", file=path.name, row=1, field=field, mend="have columns `id` and `cluster`"
                )
            if not str(row.cells[field]).strip():
                raise InputError("empty", file=path.name, row=row.number, field=field, mend="fill the cell")
        name = str(row.cells["id"]).strip()
        if name in clusters:
            raise InputError("repeated", file=path.name, row=row.number, field="id", mend="give each id once")
        clusters[name] = str(row.cells["cluster"]).strip()
    missing = next((one for one in ids if one not in clusters), None)
    if missing is not None:
        raise InputError(
            f"no cluster for the id {missing!r}", file=path.name, field="id", mend="give every record's cluster"
        )
    return clusters


def read_decisions(path: Path) -> list[PairDecision]:
    """Decisions on pairs, from the file that `write_pairs` wrote, its column `decision` filled in: `merge`, `distinct`, or
    empty for later. InputError naming the row where it says anything else."""
    decisions = []
    for row in _rows(path):
        for field in ("first", "second", "decision"):
            if field not in row.cells:
                raise InputError(
                    "no such column", file=path.name, row=1, field=field, mend="give the file that dedupe wrote"
                )
        word = str(row.cells["decision"]).strip().casefold()
        if word not in ("merge", "distinct", ""):
            raise InputError(
                f"{word!r}", file=path.name, row=row.number, field="decision", mend="write merge, distinct or nothing"
            )
        if word:
            first, second = (str(row.cells[field]).strip().removeprefix("'") for field in ("first", "second"))
            decisions.append(PairDecision(first, second, word == "merge"))
    return decisions


def write_pairs(path: Path, pairs: Sequence[CandidatePair], language: str) -> None:
    """Pairs with their reasons, one a row, for a spreadsheet; an empty column to decide in."""
    rows = (
        {
            "first": one.first,
            "second": one.second,
            "probability": f"{one.probability:.3f}",
            "decision": "",
            "first_name": _said(one, 0),
            "second_name": _said(one, 1),
            "reasons": " | ".join(
                f"{reason.label(language)} {reason.weight:+.1f}: {reason.text(language)}" for reason in one.reasons
            ),
        }
        for one in pairs
    )
    _write(path, ("first", "second", "probability", "decision", "first_name", "second_name", "reasons"), rows)


def _said(pair: CandidatePair, side: int) -> str:
    return next(((one.first, one.second)[side] for one in pair.reasons if one.field == "name"), "")


def write_clusters(path: Path, clusters: Sequence[Cluster], alone: Iterable[str]) -> None:
    """The cluster of every record, one record a row; a record without others is a cluster of itself."""
    rows = [
        {"id": record, "cluster": f"{number}", "probability": f"{one.probability:.3f}"}
        for number, one in enumerate(clusters, 1)
        for record in one.records
    ]
    rows += [
        {"id": record, "cluster": f"{number}", "probability": ""}
        for number, record in enumerate(alone, len(clusters) + 1)
    ]
    _write(path, ("id", "cluster", "probability"), rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    temporary = path.with_name(path.name + ".partial")
    with temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, header)
        writer.writeheader()
        writer.writerows({key: neutralised(value) for key, value in row.items()} for row in rows)
    temporary.replace(path)
