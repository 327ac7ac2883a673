"""The import wizard as an officer goes through it, without JavaScript."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tashbik.exchange import jobs
from tashbik.exchange.models import Enterprise, Import
from tests.world import World

REGISTER = "id,name,country,capability,employees\nA-1,Atelier Un,DZ,Tournage CNC,12\nA-3,Atelier Trois,DZ,Fraisage,many\n,,DZ,Soudage,5\n"


def upload(client, text: str = REGISTER):
    file = SimpleUploadedFile("register.csv", text.encode(), "text/csv")
    return client.post(reverse("imports:list"), {"file": file}, follow=True)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_from_upload_to_undo(world: World, browse, language: str) -> None:
    client = browse("officer", language)
    page = upload(client)
    run = Import.objects.get()
    assert page.redirect_chain[-1][0] == reverse("imports:columns", args=[run.pk])
    assert "Atelier Un" in page.content.decode()
    choice = {f"column-{number}": one["field"] for number, one in enumerate(run.columns)}
    client.post(reverse("imports:columns", args=[run.pk]), choice)
    jobs.work_off()
    page = client.get(reverse("imports:page", args=[run.pk])).content.decode()
    assert "many" in page and reverse("imports:mend", args=[run.pk]) in page
    client.post(reverse("imports:start", args=[run.pk]))
    jobs.work_off()
    assert Enterprise.objects.filter(code="dz:A-1").exists()
    rejected = b"".join(client.get(reverse("imports:rejects", args=[run.pk])).streaming_content).decode()
    assert rejected.startswith("\ufeffid,name") and "Atelier Trois" in rejected
    mend = reverse("imports:mend", args=[run.pk])
    fields = {}
    for one in run.rejects.all():
        for number, column in enumerate(run.columns):
            fields[f"cell-{one.pk}-{number}"] = {"employees": "7", "name": "Atelier Mendé"}.get(
                column["header"], str(one.cells.get(column["header"], ""))
            )
    client.post(mend, fields)
    jobs.work_off()
    mended = Import.objects.get(repairs=run)
    assert (mended.created_count, mended.rejected_count) == (2, 0)
    client.post(reverse("imports:undo", args=[run.pk]))
    jobs.work_off()
    assert Enterprise.objects.get(code="dz:A-1").status == "withdrawn"


def test_a_wrong_choice_of_columns_is_told_and_kept(world: World, browse) -> None:
    client = browse("officer")
    upload(client)
    run = Import.objects.get()
    page = client.post(reverse("imports:columns", args=[run.pk]), {"column-3": "capability"})
    assert page.status_code == 422 and "name or the number" in page.content.decode()


def test_progress_is_sent_alone_to_htmx(world: World, browse) -> None:
    client = browse("officer")
    upload(client)
    run = Import.objects.get()
    client.post(
        reverse("imports:columns", args=[run.pk]), {f"column-{n}": c["field"] for n, c in enumerate(run.columns)}
    )
    page = client.get(reverse("imports:page", args=[run.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page and 'hx-trigger="every 2s"' in page


@pytest.mark.parametrize("role", ["visitor", "member", "buyer", "analyst"])
def test_others_do_not_come_in(world: World, browse, role: str) -> None:
    client = browse(role)
    assert client.get(reverse("imports:list")).status_code in (302, 403)
    assert upload(client).status_code in (200, 403) and not Import.objects.exists()


def test_queries_do_not_grow_with_imports(world: World, browse) -> None:
    client = browse("officer")

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("imports:list"))
        return len(found)

    upload(client)
    one = count()
    upload(client)
    upload(client)
    assert count() == one
