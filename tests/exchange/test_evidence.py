"""Evidence: every source gives a table in three languages, what is frozen stays as it was, uploads are read or refused with the reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange import evidence as tables
from tashbik.exchange.evidence import LANGUAGES, Parameters, Table
from tashbik.exchange.models import DeclaredTie, Enterprise, Evidence, NetworkSnapshot
from tashbik.exchange.verbs import evidence as verbs
from tashbik.exchange.verbs import recommendation_work as work
from tashbik.exchange.verbs.networks import build
from tests.exchange.recommending import adopted, an_edition, assigned, drafted, today
from tests.exchange.test_reports import cycle
from tests.world import World

EVERY = (
    "register.countries",
    "register.sectors",
    "report.sectors",
    "report.funnel",
    "network.measures",
    "network.missing",
)


def texts_of(table: Table) -> list[dict[str, str]]:
    cells = [cell for row in table.rows for cell in row if isinstance(cell, dict)]
    return [table.title, table.source, table.coverage, *(one.label for one in table.columns), *cells]


@pytest.mark.parametrize("name", EVERY)
def test_every_source_speaks_three_languages_and_names_nobody(world: World, name: str) -> None:
    cycle(world)
    type(world.need).objects.update(confidentiality="open")
    ends = {"maker": world.enterprises[2], "buyer_organisation": world.buyer}
    DeclaredTie.objects.create(exchange=world.dz, source="test", as_of=today(), level="public", **ends)
    build(world.dz.pk)
    table = tables.table_of(world.dz, name, Parameters(start=date(2020, 1, 1)))
    assert len({one.name for one in tables.sources()}) == len(tables.sources())
    for texts in texts_of(table):
        assert set(texts) == set(LANGUAGES) and all(texts.values())
    for languages in (table.title, table.coverage, table.columns[0].label):
        assert len(set(languages.values())) == 3, languages
    said = str(tables.frozen(table))
    assert not any(enterprise.name("fr") in said for enterprise in world.enterprises) and world.buyer.name not in said
    assert all(len(row) == len(table.columns) for row in table.rows) and table.as_of <= today()


def test_the_register_is_counted(world: World) -> None:
    table = tables.table_of(world.dz, "register.countries", Parameters())
    assert [(row[0]["en"], row[1]) for row in table.rows] == [("Algeria", 3.0), ("Tunisia", 1.0)]  # type: ignore[index]
    assert "4" in table.coverage["en"]
    narrowed = tables.table_of(world.dz, "register.sectors", Parameters(country="TN"))
    assert all(row[1] == 1 for row in narrowed.rows) and "Tunisie" in narrowed.coverage["fr"]
    with pytest.raises(StateError):
        tables.table_of(world.dz, "register.sectors", Parameters(country="OM"))


def test_a_network_that_was_not_analysed(world: World) -> None:
    assert not NetworkSnapshot.objects.exists()
    with translation.override("en"), pytest.raises(StateError, match="not been analysed"):
        tables.table_of(world.dz, "network.measures", Parameters())


def test_clusters_are_read_off_the_network(world: World) -> None:
    """Two sectors in two regions: each is twice as common in its own as in both together."""
    from tests.world import record

    Enterprise.objects.all().delete()
    from msgspec.structs import replace

    from tashbik.exchange.storing import new_row, store_many

    towns = [("Moulage d'aluminium", "Blida"), ("Confection de vêtements de travail", "Oran")]
    made = []
    for number in range(8):
        words, town = towns[number % 2]
        one = replace(record(f"C-{number}", f"Maison {number}", words, "DZ", town), employees=20)
        made.append((new_row(world.dz, one), one))
    store_many(made, ())
    build(None)
    if not any(row.employees and row.region for row, _ in made):
        pytest.skip("the records have no headcount")
    table = tables.table_of(world.dz, "network.clusters", Parameters())
    assert [(row[1], row[2]) for row in table.rows] == [(2.0, 4.0), (2.0, 4.0)]
    with pytest.raises(StateError):
        tables.table_of(world.dz, "network.clusters", Parameters(country="TN"))


def test_what_is_frozen_stays(world: World) -> None:
    one = drafted(world, an_edition(world))
    seen = tables.digest_of(tables.frozen(tables.table_of(world.dz, "register.countries", Parameters())))
    found = verbs.freeze(actor=world["organiser"], recommendation=one, source="register.countries", seen=seen)
    assert (found.digest, found.frozen, found.as_of) == (seen, today(), today())
    Enterprise.objects.filter(country="TN").delete()
    found.refresh_from_db()
    assert len(tables.thawed(found.table).rows) == 2 and verbs.is_whole(found)
    with pytest.raises(ConflictError):
        verbs.freeze(actor=world["organiser"], recommendation=one, source="register.countries", seen=seen)
    Evidence.objects.filter(pk=found.pk).update(table={**found.table, "rows": []})
    found.refresh_from_db()
    assert not verbs.is_whole(found)


def test_when_evidence_is_added_and_removed(world: World) -> None:
    organiser, edition = world["organiser"], an_edition(world)
    one = drafted(world, edition)
    with pytest.raises(NotFoundError):
        verbs.freeze(actor=organiser, recommendation=one, source="weather")
    with pytest.raises(NotPermittedError):
        verbs.freeze(actor=world["analyst"], recommendation=one, source="register.countries")
    found = verbs.freeze(actor=organiser, recommendation=one, source="register.countries")
    verbs.remove(actor=organiser, evidence=found)
    assert not Evidence.objects.exists()
    public = adopted(world, edition)
    kept = verbs.freeze(actor=organiser, recommendation=public, source="register.countries")
    with pytest.raises(StateError):
        verbs.remove(actor=organiser, evidence=kept)
    work.drop(actor=organiser, recommendation=public, version=public.version, reason="x")
    with pytest.raises(StateError):
        verbs.freeze(actor=organiser, recommendation=public, source="register.countries")


def test_a_report_cites_evidence_of_its_own_recommendation(world: World) -> None:
    edition = an_edition(world)
    one, other = assigned(world, edition), assigned(world, edition)
    found = verbs.freeze(actor=world["organiser"], recommendation=one, source="register.countries")
    with pytest.raises(InvalidError) as refused:
        work.report(actor=world["institution"], recommendation=other, report=work.Report("x", evidence=found))
    assert list(refused.value.fields) == ["evidence"]
    work.report(actor=world["institution"], recommendation=one, report=work.Report("x", evidence=found))
    assert one.reports.get().evidence == found


# uploads


def read(content: bytes) -> Table:
    return tables.uploaded(content, title={"fr": "t"}, origin={"fr": "o"}, as_of=today())


def test_uploads_are_read_in_the_encodings_of_the_trade() -> None:
    text = "السنة;القيمة;ملاحظة\n٢٠٠٩;١٢٫٥;أ\n٢٠١٠;-3;\n"
    for content in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        table = read(content)
        assert [one.number for one in table.columns] == [False, True, False] and table.drawn
        assert [row[1] for row in table.rows] == [12.5, -3.0] and table.columns[0].label["ar"] == "السنة"
    assert read('pays,valeur\nAlgérie,"1 234,5"\n'.encode()).rows == (("Algérie", 1234.5),)
    assert read("البلد,القيمة\nالجزائر,5\n".encode("cp1256")).rows == (("الجزائر", 5.0),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a;b\n",
        b"a;\n1;2\n",
        b"a;b\n1;2;3\n",
        b"a;b\n" + b"x" * 300 + b";1\n",
        b"a;b\n" + b"x;1\n" * 61,
        b";".join([b"a"] * 9) + b"\n" + b";".join([b"1"] * 9),
        b"PK\x03\x04\x00\x00",
        b"a" * 250_000,
    ],
)
def test_uploads_that_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidError) as refused:
        read(content)
    assert list(refused.value.fields) == ["file"]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"title": {}}, "title_ar"),
        ({"origin": {"fr": " "}}, "origin_ar"),
        ({"as_of": None}, "as_of"),
        ({"as_of": today() + timedelta(days=1)}, "as_of"),
        ({"title": {"en": "x" * 201}}, "title_en"),
    ],
)
def test_an_upload_says_what_it_is(world: World, change: dict[str, Any], wrong: str) -> None:
    given = {"content": b"a;b\nx;1\n", "title": {"fr": "t"}, "origin": {"fr": "o"}, "as_of": today(), **change}
    one = drafted(world, an_edition(world))
    with pytest.raises(InvalidError) as refused:
        verbs.freeze(actor=world["organiser"], recommendation=one, upload=verbs.Upload(**given))
    assert list(refused.value.fields) == [wrong]
