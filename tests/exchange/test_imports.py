"""Imports: dry run, run, rejects, undo, going on after a kill; what others changed is never lost."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile

from tashbik.errors import InvalidError, NotPermittedError, StateError
from tashbik.exchange import audit, intake, jobs
from tashbik.exchange.index import register_index
from tashbik.exchange.models import AuditEntry, Enterprise, Import, Job
from tashbik.exchange.projection import record_of
from tashbik.exchange.storing import store
from tashbik.exchange.verbs import imports
from tests.world import World

HEAD = "id,name,country,capability,employees\n"
GOOD = "A-1,Atelier Un,DZ,Tournage CNC,12\nA-2,مصنع الاثنين,DZ,صب الحديد,\n"
BAD = "A-3,Atelier Trois,DZ,Fraisage,many\n,,DZ,Soudage,5\n"


def uploaded(world: World, text: str, name: str = "register.csv", **more) -> Import:
    return imports.upload(
        actor=world["officer"], exchange=world.dz, file=ContentFile(text.encode(), name), name=name, **more
    )


def checked(world: World, text: str, **more) -> Import:
    run = uploaded(world, text, **more)
    imports.check(actor=world["officer"], run=run)
    jobs.work_off()
    run.refresh_from_db()
    return run


def done(world: World, text: str) -> Import:
    run = checked(world, text)
    imports.start(actor=world["officer"], run=run)
    jobs.work_off()
    run.refresh_from_db()
    return run


def test_a_dry_run_counts_and_writes_nothing(world: World) -> None:
    before = Enterprise.objects.count()
    run = checked(world, HEAD + GOOD + BAD)
    assert (run.status, run.created_count, run.rejected_count) == ("checked", 2, 2)
    assert Enterprise.objects.count() == before
    reasons = [(one.row, one.reason, one.cells.get("name")) for one in run.rejects.all()]
    assert reasons == [(4, "not-a-number", "Atelier Trois"), (5, "no-id", "")]


def test_an_import_is_written_indexed_and_audited(world: World) -> None:
    run = done(world, HEAD + GOOD + BAD)
    assert (run.status, run.created_count) == ("done", 2)
    row = Enterprise.objects.get(code="dz:A-2")
    assert row.status == "published" and row.name_ar == "مصنع الاثنين"
    assert "dz:A-2" in register_index().enterprises_like("صب الحديد", 10)
    entry = AuditEntry.objects.filter(verb="import.run", subject_kind="enterprise", subject_id=row.pk).get()
    assert entry.role == "officer" and entry.revision.import_run_id == run.pk
    assert list(audit.broken_links()) == []


def test_running_it_again_changes_nothing(world: World) -> None:
    done(world, HEAD + GOOD)
    version = Enterprise.objects.get(code="dz:A-1").version
    again = done(world, HEAD + GOOD)
    assert (again.created_count, again.changed_count, again.unchanged_count) == (0, 0, 2)
    assert Enterprise.objects.get(code="dz:A-1").version == version


def test_a_file_without_a_column_empties_no_field(world: World) -> None:
    done(world, HEAD + GOOD)
    run = done(world, "id,name,phone\nA-1,Atelier Un,+213 21 00 00 00\n")
    record = record_of(Enterprise.objects.get(code="dz:A-1"))
    assert run.changed_count == 1
    assert record.employees == 12 and record.capabilities and record.contacts[0].phone


def test_an_import_is_undone_but_not_what_others_did_since(world: World) -> None:
    done(world, HEAD + GOOD)
    run = done(world, HEAD + "A-1,Atelier Un,DZ,Confiserie,99\nA-2,مصنع الاثنين,DZ,تعليب الأغذية,7\n")
    touched = Enterprise.objects.get(code="dz:A-2")
    store(touched, record_of(touched))
    imports.undo(actor=world["officer"], run=run)
    jobs.work_off()
    run.refresh_from_db()
    assert (run.status, run.unchanged_count) == ("undone", 1)
    assert record_of(Enterprise.objects.get(code="dz:A-1")).employees == 12
    assert record_of(Enterprise.objects.get(code="dz:A-2")).employees == 7
    assert list(audit.broken_links()) == []


def test_undoing_a_first_import_withdraws_what_it_made(world: World) -> None:
    run = done(world, HEAD + GOOD)
    imports.undo(actor=world["officer"], run=run)
    jobs.work_off()
    assert Enterprise.objects.get(code="dz:A-1").status == "withdrawn"
    assert "dz:A-1" not in register_index().enterprises_like("Tournage CNC", 10)
    assert register_index().health().problems == ()
    assert done(world, HEAD + GOOD).changed_count == 2  # and it can be imported again


def test_mended_rows_are_an_import_of_their_own(world: World) -> None:
    run = done(world, HEAD + GOOD + BAD)
    rows = [{**one.cells, "employees": "8", "name": "Atelier Trois"} for one in run.rejects.filter(row=4)]
    new = imports.upload(
        actor=world["officer"], exchange=world.dz, file=imports.mended(run, rows), name="mended.csv", repairs=run
    )
    imports.check(actor=world["officer"], run=new)
    jobs.work_off()
    new.refresh_from_db()
    assert (new.created_count, new.rejected_count, new.repairs) == (1, 0, run)


def test_columns_can_be_said(world: World) -> None:
    run = uploaded(world, "ref;who;town;what\nB-1;Fonderie;Blida;Moulage\n")
    assert run.mapping["ref"] == "id" and run.mapping["who"] == ""
    mapping = {"ref": "id", "who": "name", "town": "locality", "what": "capability"}
    imports.choose_columns(actor=world["officer"], run=run, mapping=mapping)
    imports.check(actor=world["officer"], run=run)
    jobs.work_off()
    run.refresh_from_db()
    assert run.created_count == 1
    for wrong in ({"who": "nothing"}, {"who": "name", "what": "name"}, {"town": "locality"}):
        with pytest.raises(InvalidError):
            imports.choose_columns(actor=world["officer"], run=run, mapping=wrong)


@pytest.mark.parametrize(
    ("name", "text"), [("register.exe", "MZ"), ("register.csv", ""), ("register.xlsx", "not a workbook")]
)
def test_what_is_no_table_is_refused(world: World, name: str, text: str) -> None:
    with pytest.raises(InvalidError):
        uploaded(world, text, name)
    assert not Import.objects.exists()


def test_a_file_too_large_is_refused(world: World, settings) -> None:
    settings.TASHBIK_UPLOAD_BYTES = 10
    with pytest.raises(InvalidError):
        uploaded(world, HEAD + GOOD)


def test_steps_have_an_order(world: World) -> None:
    run = uploaded(world, HEAD + GOOD)
    with pytest.raises(StateError):
        imports.start(actor=world["officer"], run=run)
    with pytest.raises(StateError):
        imports.undo(actor=world["officer"], run=run)


def test_only_officers_of_the_exchange_import(world: World) -> None:
    run = uploaded(world, HEAD + GOOD)
    for actor in (world["member"], world["buyer"], world["visitor"], world.elsewhere["officer"]):
        with pytest.raises(NotPermittedError):
            imports.check(actor=actor, run=run)
        with pytest.raises(NotPermittedError):
            imports.upload(actor=actor, exchange=world.dz, file=ContentFile(b"x", "x.csv"), name="x.csv")


def test_a_killed_run_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CHUNK", 3)
    rows = io.StringIO()
    rows.write(HEAD)
    for number in range(10):
        rows.write(f"C-{number},Atelier {number},DZ,Tournage,{number + 1}\n")
    run = checked(world, rows.getvalue())
    imports.start(actor=world["officer"], run=run)
    written = imports._write
    calls = []

    class Killed(BaseException):
        """What no handler catches, as a kill."""

    def dying(*arguments):
        written(*arguments)
        calls.append(1)
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(imports, "_write", dying)
    with pytest.raises(Killed):
        jobs.work_off()
    run.refresh_from_db()
    assert (run.status, run.position) == ("running", 3)  # the second chunk was rolled back with its position
    monkeypatch.setattr(imports, "_write", written)
    Job.objects.filter(status="running").update(leased_until="2020-01-01T00:00:00Z")
    jobs.work_off()
    run.refresh_from_db()
    assert (run.status, run.created_count) == ("done", 10)
    assert Enterprise.objects.filter(code__startswith="dz:C-").count() == 10
    assert list(audit.broken_links()) == []
