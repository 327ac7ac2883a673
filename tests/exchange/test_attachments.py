"""Checks of uploads; adding, removing and reading files of each kind of record; signed links."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from tashbik.errors import InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange import audit
from tashbik.exchange.models import Attachment, AuditEntry, Need, Question, Role
from tashbik.exchange.queries import attachments as reading
from tashbik.exchange.uploads import checked, safe_name
from tashbik.exchange.verbs import attachments
from tests.world import World


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
DXF = b"999\nmade by hand\n  0\nSECTION\n  2\nHEADER\n  0\nENDSEC\n  0\nEOF\n"
STEP = b"ISO-10303-21;\nHEADER;\nENDSEC;\n"
IGES = b"".join([b"drawing".ljust(72), b"S      1\n"])


def packed(**files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return kept.getvalue()


XLSX = packed(xl__workbook_xml=b"<workbook/>")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("رسم الغطاء.pdf", PDF),
        ("photo.PNG", PNG),
        ("photo.jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 20),
        ("part.dxf", DXF),
        ("part.dwg", b"AC1032" + b"\0" * 20),
        ("part.stp", STEP),
        ("part.igs", IGES),
        ("scan.tif", b"II*\0" + b"\0" * 20),
        ("scan.webp", b"RIFF\0\0\0\0WEBPVP8 "),
        ("set.zip", packed(a_pdf=PDF, b__c_dxf=DXF)),
        ("prices.xlsx", XLSX),
    ],
)
def test_papers_pictures_and_drawings_are_taken(settings, name: str, content: bytes) -> None:
    found = checked(ContentFile(content), name)
    assert found.size == len(content) and len(found.sha256) == 64 and "/" in found.media_type


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"", "empty"),
        ("a.exe", b"MZ", "not taken"),
        ("a.html", b"<script>", "not taken"),
        ("a.svg", b"<svg onload='x'/>", "not taken"),
        ("noextension", PDF, "not taken"),
        ("a.pdf", b"MZ\x90\0", "not what its name says"),
        ("a.png", b"<html>", "not what its name says"),
        ("a.dxf", b"<html>", "not what its name says"),
        ("a.pdf", PDF + b"<< /S /JavaScript /JS (app.alert) >>", "script"),
        ("a.zip", packed(run_exe=b"MZ"), "not taken"),
        ("a.zip", packed(in_zip=packed(a_pdf=PDF)), "not taken"),
        ("a.zip", b"PK\x03\x04garbage", "damaged"),
        ("a.xlsx", packed(xl__workbook_xml=b"", xl__vbaProject_bin=b"x"), "macros"),
        ("a.docx", XLSX, "macros or is not"),
    ],
)
def test_what_is_refused_and_why(settings, name: str, content: bytes, why: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked(ContentFile(content), name)
    assert why in str(refused.value.fields["file"])


def test_size_and_unpacked_size_are_limited(settings) -> None:
    settings.TASHBIK_UPLOAD_BYTES = 1_000_000
    with pytest.raises(InvalidError, match="larger than 1 MB"):
        checked(ContentFile(PDF + b"\0" * 1_000_000), "a.pdf")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"\0" * 21_000_000)
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(InvalidError, match="too much"):
        checked(ContentFile(bomb.getvalue()), "a.zip")


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\drawings\\lid.dxf", "lid.dxf"),
        ("رسم\u202e الغطاء\x00.pdf", "رسم الغطاء.pdf"),
        ('a"b;<c>.pdf', "abc.pdf"),
        (".pdf", "file.pdf"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def put(world: World, actor, owner, **more) -> Attachment:
    return attachments.add(actor=actor, owner=owner, file=ContentFile(PDF), name="شهادة.pdf", **more)


def test_evidence_is_added_replaced_and_removed(world: World, django_capture_on_commit_callbacks) -> None:
    enterprise = world.enterprises[0]
    first = put(world, world["member"], enterprise, purpose="certificate", title="ISO 9001")
    assert default_storage.exists(first.file.name) and "شهادة" not in first.file.name
    second = put(world, world["officer"], enterprise, replaces=first, revision="B")
    assert reading.attachments_of(world["member"], enterprise) == [second]
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(actor=world["member"], attachment=second)
    assert reading.attachments_of(world["member"], enterprise) == [first]
    assert not default_storage.exists(second.file.name)
    removed = AuditEntry.objects.latest("number")
    assert (removed.verb, removed.subject_kind) == ("attachment.remove", "attachment")
    assert removed.revision is not None and removed.revision.after is None
    assert list(audit.broken_links()) == []


def test_a_file_replaces_only_one_of_its_own_record(world: World) -> None:
    other = put(world, world["officer"], world.enterprises[1])
    with pytest.raises(InvalidError):
        put(world, world["member"], world.enterprises[0], replaces=other)


def test_a_record_has_so_many_files_at_most(world: World, monkeypatch) -> None:
    monkeypatch.setattr(attachments, "MOST", 1)
    put(world, world["member"], world.enterprises[0])
    with pytest.raises(InvalidError) as refused:
        put(world, world["member"], world.enterprises[0])
    assert "as many files" in refused.value.fields["file"][0]


ADDS = {"enterprise": {"member", "officer"}, "need": {"buyer", "officer"}, "question": {"member", "officer"}}


def owner(world: World, kind: str):
    if kind == "question":
        return Question.objects.create(need=world.need, line="1", enterprise=world.enterprises[0], requirement="r1")
    return world.need if kind == "need" else world.enterprises[0]


@pytest.mark.parametrize("kind", ADDS)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_on_adding_and_removing(world: World, kind: str, role: str) -> None:
    to = owner(world, kind)
    there = put(world, world["system"], to)
    for actor, allowed in ((world[role], role in ADDS[kind]), (world.elsewhere[role], False)):
        if allowed:
            attachments.remove(actor=actor, attachment=put(world, actor, to))
        else:
            with pytest.raises(NotPermittedError):
                put(world, actor, to)
            with pytest.raises(NotPermittedError):
                attachments.remove(actor=actor, attachment=there)


READS = {
    "enterprise": ({role for role in Role if role != "visitor"},) * 2,
    "need": ({"buyer", "officer"}, set()),
    "question": ({"member", "buyer", "officer"}, set()),
}


@pytest.mark.parametrize("kind", READS)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_on_reading(world: World, kind: str, role: str) -> None:
    Need.objects.update(confidentiality="invited")
    there = put(world, world["system"], owner(world, kind))
    here, elsewhere = READS[kind]
    for actor, allowed in ((world[role], role in here), (world.elsewhere[role], role in elsewhere)):
        if allowed:
            assert reading.by_ticket(actor, reading.ticket_for(actor, there)) == there
        else:
            with pytest.raises(NotPermittedError):
                reading.ticket_for(actor, there)


def test_links_are_signed_for_one_reader_and_run_out(world: World, monkeypatch) -> None:
    there = put(world, world["member"], world.enterprises[0])
    ticket = reading.ticket_for(world["member"], there)
    for wrong in (
        ticket[:-1] + ("A" if ticket[-1] != "A" else "B"),
        "",
        signing.dumps([there.pk, world["member"].user_id]),
    ):
        with pytest.raises(NotFoundError):
            reading.by_ticket(world["member"], wrong)
    with pytest.raises(NotFoundError):
        reading.by_ticket(world["officer"], ticket)
    monkeypatch.setattr(reading, "LINK_SECONDS", -1)
    with pytest.raises(NotFoundError, match="does not work"):
        reading.by_ticket(world["member"], ticket)
