"""Erasing an enterprise's or a person's data out of attached files and stored import files, rejected rows and the history."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from tashbik.errors import StateError
from tashbik.exchange import audit, jobs
from tashbik.exchange.models import Attachment, AuditEntry, Enterprise, Import, ImportReject, Revision
from tashbik.exchange.projection import record_of
from tashbik.exchange.verbs import accounts, attachments, imports, undoing
from tests.world import World

HEADER = ["id", "name", "country", "capability", "employees", "email", "phone", "Gérant"]
ROWS = [
    ["A-1", "Atelier Un", "DZ", "Tournage CNC", "12", "salim@un.example", "+213 36 11", "Salim Un"],
    ["A-2", "Atelier Deux", "DZ", "Fraisage", "9", "karim@deux.example", "+213 36 22", "Karim Deux"],
    ["A-1", "Atelier Un", "DZ", "Soudage", "many", "salim@un.example", "+213 36 11", "Salim Un"],
]
PERSONAL = ("salim", "Salim", "36 11")


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def as_csv() -> bytes:
    return "\n".join(";".join(row) for row in [HEADER, *ROWS]).encode()


def as_xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_json_lines() -> bytes:
    return "".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in ROWS).encode()


def imported(world: World, content: bytes, name: str) -> Import:
    run = imports.upload(actor=world["officer"], exchange=world.dz, file=ContentFile(content, name), name=name)
    imports.check(actor=world["officer"], run=run)
    jobs.work_off()
    imports.start(actor=world["officer"], run=Import.objects.get(pk=run.pk))
    jobs.work_off()
    return Import.objects.get(pk=run.pk)


def text_of(path: Path) -> str:
    if path.suffix == ".xlsx":
        return str([[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()])
    return path.read_text()


@pytest.mark.parametrize(
    ("make", "name"), [(as_csv, "r.csv"), (as_xlsx, "r.xlsx"), (as_json_lines, "r.jsonl")], ids=["csv", "xlsx", "jsonl"]
)
def test_rows_of_the_enterprise_are_emptied_of_persons(world: World, make: Callable[[], bytes], name: str) -> None:
    run = imported(world, make(), name)
    assert run.rejected_count == 1
    undoing.erase(actor=world["officer"], enterprise=Enterprise.objects.get(code="dz:A-1"), imports=True)
    jobs.work_off()
    run.refresh_from_db()
    left = text_of(Path(run.file.path))
    assert not any(one in left for one in PERSONAL)
    assert "Tournage CNC" in left and "karim@deux.example" in left and "Karim Deux" in left
    kept = [
        *ImportReject.objects.values("cells", "value"),
        *Revision.objects.values("before", "after"),
        *Import.objects.values("columns"),
    ]
    assert not any(one in str(kept) for one in PERSONAL)
    assert run.size == Path(run.file.path).stat().st_size
    assert AuditEntry.objects.filter(verb="enterprise.erase", note="2 rows emptied in 1 import files").count() == 1
    assert list(audit.broken_links()) == []


def test_an_emptied_file_can_be_read_again_and_brings_nothing_back(world: World) -> None:
    run = imported(world, as_csv(), "r.csv")
    undoing.erase(actor=world["officer"], enterprise=Enterprise.objects.get(code="dz:A-1"), imports=True)
    jobs.work_off()
    again = imported(world, Path(run.file.path).read_bytes(), "again.csv")
    assert (again.total, again.rejected_count) == (3, 1)
    assert record_of(Enterprise.objects.get(code="dz:A-1")).contacts == ()


def test_nothing_is_erased_while_an_import_runs(world: World) -> None:
    run = imported(world, as_csv(), "r.csv")
    Import.objects.filter(pk=run.pk).update(status=Import.Status.RUNNING)
    enterprise = Enterprise.objects.get(code="dz:A-1")
    with pytest.raises(StateError, match="running"):
        undoing.erase(actor=world["officer"], enterprise=enterprise, imports=True)
    assert record_of(Enterprise.objects.get(pk=enterprise.pk)).contacts


def attached(world: World, role: str) -> Attachment:
    file = ContentFile(b"%PDF-1.4\n%signed by Salim\n%%EOF", name="salim.pdf")
    return attachments.add(
        actor=world[role], owner=world.enterprises[0], file=file, name="salim.pdf", title="Card of Salim"
    )


def test_files_of_the_enterprise_go_where_asked_with_their_history(
    world: World, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    path = Path(attached(world, "member").file.path)
    undoing.erase(actor=world["officer"], enterprise=world.enterprises[0])
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        undoing.erase(actor=world["officer"], enterprise=world.enterprises[0], files=True)
    assert not path.exists()
    assert not Attachment.objects.exists()
    assert "alim" not in str(list(Revision.objects.values("before", "after")))
    assert list(audit.broken_links()) == []


def test_a_person_takes_along_only_the_files_that_they_may_change(
    world: World, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    mine, other = attached(world, "member"), attached(world, "officer")
    paths = [Path(one.file.path) for one in (mine, other)]
    person = world.users["member"]
    assert accounts.own_files(world["member"], person) == [mine]
    assert accounts.own_files(world["buyer"], person) == []
    with django_capture_on_commit_callbacks(execute=True):
        accounts.erase_person(actor=world["member"], person=person, files=True)
    assert [path.exists() for path in paths] == [False, True]
    assert list(Attachment.objects.all()) == [other]
    assert list(audit.broken_links()) == []
