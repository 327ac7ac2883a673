"""Files on pages: adding, refusing, opening by signed links, removing; headers; who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tashbik.exchange.models import Attachment, Role
from tests.exchange.test_attachments import PDF, put
from tests.world import World


def at(page: str, *arguments) -> str:
    return reverse(f"attachments:{page}", args=arguments)


def upload(name: str = "شهادة.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_file_is_added_opened_and_removed(world: World, browse, language: str) -> None:
    client, row = browse("member", language), world.enterprises[0]
    back = reverse("editing:evidence", args=(row.code,))
    assert client.get(at("add", "enterprise", row.pk) + f"?next={back}").status_code == 200
    answer = client.post(at("add", "enterprise", row.pk), {"file": upload(), "title": "ISO 9001", "next": back})
    assert answer.status_code == 302 and answer.url == back
    assert "ISO 9001" in client.get(back).content.decode()
    there = Attachment.objects.get()
    opened = client.get(at("open", there.pk), follow=True)
    assert b"".join(opened.streaming_content) == PDF
    asked = client.post(at("remove", there.pk), {"next": back})
    assert asked.status_code == 200 and Attachment.objects.exists()
    assert client.post(at("remove", there.pk), {"next": back, "confirmed": "1"}).url == back
    assert not Attachment.objects.exists()
    assert client.get(at("open", there.pk)).status_code == 404


def test_a_file_is_handed_out_as_a_download_in_a_sandbox(world: World, browse) -> None:
    there = put(world, world["member"], world.enterprises[0])
    answer = browse("member").get(at("open", there.pk), follow=True)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%D8%B4")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "script-src" not in policy
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_is_not_taken_is_said_in_the_form(world: World, browse) -> None:
    client, row = browse("member", "en"), world.enterprises[0]
    for name, content, why in (("a.html", b"<script>", "not taken"), ("a.pdf", b"MZ", "not what its name says")):
        answer = client.post(at("add", "enterprise", row.pk), {"file": upload(name, content)})
        assert answer.status_code == 422 and why in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_newer_revision_takes_the_place_of_the_older(world: World, browse) -> None:
    client, old = browse("buyer"), put(world, world["buyer"], world.need, revision="A")
    client.post(at("add", "need", world.need.pk), {"file": upload("b.pdf"), "revision": "B", "replaces": old.pk})
    newer = Attachment.objects.latest("pk")
    assert (newer.replaces, newer.revision) == (old, "B")


def test_links_are_for_one_reader(world: World, browse) -> None:
    there = put(world, world["member"], world.enterprises[0])
    link = browse("member").get(at("open", there.pk)).url
    answer = browse("member").get(link)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.status_code == 200
    assert browse("officer").get(link).status_code == 404
    assert browse().get(link).status_code == 404
    assert browse("member").get(link[:-3] + "xx/").status_code == 404


def test_going_back_leads_to_this_site_only(world: World, browse) -> None:
    row = world.enterprises[0]
    answer = browse("member").post(
        at("add", "enterprise", row.pk), {"file": upload(), "next": "https://elsewhere.example/"}
    )
    assert answer.url == "/"


@pytest.mark.parametrize("role", list(Role))
def test_who_may(world: World, browse, role: str) -> None:
    client, row = browse(role), world.enterprises[0]
    there = put(world, world["system"], row)
    drawing = put(world, world["system"], world.need)
    adds = role in ("member", "officer")
    refused = {302, 403} if role == "visitor" else {403}
    before = Attachment.objects.count()
    answer = client.post(at("add", "enterprise", row.pk), {"file": upload()})
    assert (
        (answer.status_code == 302 and Attachment.objects.count() == before + 1)
        if adds
        else answer.status_code in {403, 422}
    )
    assert Attachment.objects.count() == before + adds
    if not adds:
        assert client.post(at("remove", there.pk), {"confirmed": "1"}).status_code == 403
    opened = client.get(at("open", drawing.pk))
    allowed = role in ("buyer", "officer")
    assert (
        ("/file/" in opened.url)
        if allowed
        else opened.status_code in refused and "/file/" not in getattr(opened, "url", "")
    )
