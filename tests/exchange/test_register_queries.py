"""The register as it is searched: every filter, who may ask what, order, figures, map, profile, files and linked data."""

from __future__ import annotations

import csv
import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from tashbik.errors import InvalidError, NotFoundError, NotPermittedError, TooManyError
from tashbik.exchange import limits
from tashbik.exchange.actor import VISITOR, Actor
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Role
from tashbik.exchange.projection import QUESTIONS, record_of
from tashbik.exchange.queries import register, register_counts, register_export, register_jsonld, register_map
from tashbik.exchange.queries.register_filters import Filters
from tashbik.exchange.queries.register_profile import profile
from tashbik.exchange.storing import new_row, restate, store, store_many
from tashbik.registry import records
from tashbik.registry.generator import generate
from tashbik.registry.layout import recognise
from tashbik.registry.understanding import understand
from tests.world import World

TODAY = date(2026, 11, 24)


def codes(actor: Actor, **filters) -> list[str]:
    return [row.enterprise.code for row in register.found(actor, Filters(**filters))[0:50]]


def change(row: Enterprise, **values) -> Enterprise:
    """Store an enterprise with some fields of its record changed."""
    row.refresh_from_db()
    return store(row, replace(record_of(row), **values))


@pytest.fixture
def stocked(world: World) -> World:
    """The small installation with facts to filter by."""
    first, second, third = world.enterprises
    change(first, employees=85, activities=("2431",))
    change(
        second,
        employees=8,
        activities=("2431", "2592"),
        certificates=(records.Certificate(scheme="certificate.iso-9001", words="ISO 9001"),),
    )
    change(third, activities=("2592",), provenance=records.Provenance(source="old", as_of=TODAY - timedelta(days=800)))
    return world


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["dz:F-3", "tn:F-9", "dz:F-2", "dz:F-1"]),
        ({"exchange": "tn"}, ["tn:F-9"]),
        ({"exchange": "nowhere"}, []),
        ({"countries": ("TN",)}, ["tn:F-9"]),
        ({"countries": ("TN", "DZ"), "region": "DZ-09"}, ["dz:F-2"]),
        ({"sectors": ("25",)}, ["dz:F-3", "dz:F-2"]),
        ({"sectors": ("24", "25")}, ["dz:F-3", "tn:F-9", "dz:F-2", "dz:F-1"]),
        ({"concepts": ("process.turning",)}, ["dz:F-3"]),
        ({"concepts": ("process.metal-casting",)}, ["tn:F-9", "dz:F-2", "dz:F-1"]),
        ({"concepts": ("process.metal-casting", "material.aluminium")}, ["dz:F-1"]),
        ({"concepts": ("process.metal-casting", "process.turning")}, []),
        ({"certificates": ("certificate.iso-9001",)}, ["dz:F-2", "dz:F-1"]),
        ({"certificates": ("certificate.iso-9001",), "sectors": ("25",)}, ["dz:F-2"]),
        ({"sizes": ("micro",)}, ["dz:F-2"]),
        ({"sizes": ("micro", "medium"), "countries": ("DZ",)}, ["dz:F-2", "dz:F-1"]),
        ({"spare": True}, ["dz:F-1"]),
        ({"fresh": 24}, ["tn:F-9", "dz:F-2", "dz:F-1"]),
        ({"fresh": 24, "sort": "name", "concepts": ("process.turning",)}, []),
    ],
)
def test_filters_narrow_and_combine(stocked: World, filters: dict, expected: list[str]) -> None:
    member = stocked[Role.BUYER]
    assert codes(member, **filters) == expected
    found = register.found(member, Filters(**filters))
    assert (found.count(), found.capped) == (len(expected), False)


@pytest.mark.parametrize("status", [Enterprise.Status.PENDING, Enterprise.Status.WITHDRAWN])
def test_only_published_enterprises_are_found(stocked: World, status: str) -> None:
    restate(stocked.enterprises[1], status)
    register_index().follow()
    assert "dz:F-2" not in codes(stocked[Role.OFFICER])
    assert "dz:F-2" not in codes(stocked[Role.OFFICER], certificates=("certificate.iso-9001",))
    assert "dz:F-2" not in codes(stocked[Role.OFFICER], words="Fonderie du Sahel")


def test_orders(stocked: World) -> None:
    change(stocked.foreign, provenance=records.Provenance(source="x"))
    assert codes(VISITOR, sort="fresh")[-2:] == ["dz:F-3", "tn:F-9"]  # without a date: last
    best = Enterprise.objects.order_by("-completeness", "pk").values_list("code", flat=True)
    assert codes(VISITOR, sort="completeness") == list(best)
    assert codes(VISITOR, sort="relevance") == codes(VISITOR)  # no words to be close to


def test_arabic_readers_find_enterprises_under_their_arabic_names(
    stocked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-2 has a French and an Arabic name: it stands and is found under the one in the reader's letters."""
    change(stocked.enterprises[1], names={"fr": "Fonderie du Sahel", "ar": "آلات الساحل"})
    french, arabic = replace_language(VISITOR, "fr"), replace_language(VISITOR, "ar")
    assert codes(french, exchange="dz") == ["dz:F-3", "dz:F-2", "dz:F-1"]
    assert codes(arabic, exchange="dz") == ["dz:F-3", "dz:F-2", "dz:F-1"]  # Latin letters first, then alif before mim
    change(stocked.enterprises[0], names={"fr": "Zinguerie", "ar": "أبواب الهضاب"})
    assert codes(french, exchange="dz") == ["dz:F-3", "dz:F-2", "dz:F-1"]
    assert codes(arabic, exchange="dz") == ["dz:F-3", "dz:F-1", "dz:F-2"]
    for words in ("الات الساحل", "آلات", "Sahel"):
        assert codes(arabic, words=words)[0] == "dz:F-2"
    monkeypatch.setattr(register, "COUNTED", 1)  # a large find is cut by the database, in the same order
    assert codes(arabic, countries=("DZ",)) == ["dz:F-3", "dz:F-1", "dz:F-2"]


def replace_language(actor: Actor, language: str) -> Actor:
    """The actor reading in a language."""
    return dataclasses.replace(actor, language=language)


def test_words_find_by_meaning_name_and_code(stocked: World) -> None:
    register_index().follow()
    assert set(codes(VISITOR, words="die casting of aluminium")) >= {"dz:F-1", "dz:F-2", "tn:F-9"}
    assert codes(VISITOR, words="fonderie SAHEL")[0] == "dz:F-2"
    assert codes(VISITOR, words="مسبك الهضاب")[0] == "dz:F-1"
    assert codes(VISITOR, words="F-3")[0] == "dz:F-3"
    assert codes(VISITOR, words="tn:F-9")[0] == "tn:F-9"
    assert codes(VISITOR, words="aluminium die casting", countries=("TN",)) == ["tn:F-9"]
    assert codes(VISITOR, words="qzxv wkjh") == []
    named = codes(VISITOR, words="die casting of aluminium", sort="name")
    assert named == [one for one in codes(VISITOR) if one in named]


def hide(row: Enterprise, **levels: str) -> None:
    change(row, visibility=levels)


ASKED = {
    "figures": ({"sizes": ("micro",)}, "dz:F-2", 1),
    "capacities": ({"spare": True}, "dz:F-1", 0),
    "certificates": ({"certificates": ("certificate.iso-9001",)}, "dz:F-2", 1),
    "machines": ({"concepts": ("machine.press",)}, "dz:F-2", 1),
}


@pytest.mark.parametrize("group", list(ASKED))
@pytest.mark.parametrize("level", ["public", "members", "exchange"])
def test_what_is_hidden_is_not_found_by(stocked: World, group: str, level: str) -> None:
    filters, code, number = ASKED[group]
    hide(stocked.enterprises[number], **{group: level})
    closed_to_visitors = group in ("figures", "capacities")  # a filter that visitors do not have: passed over
    sees = {
        "visitor": level == "public" or closed_to_visitors,
        "buyer": level != "exchange",
        "officer": True,
    }
    for role, expected in sees.items():
        assert (code in codes(stocked[role], **filters)) is expected, role
    assert (code in codes(stocked.elsewhere[Role.OFFICER], **filters)) is (level != "exchange")
    own = Actor(
        role=Role.MEMBER,
        enterprise_id=stocked.enterprises[number].pk,
        parties=frozenset({("enterprise", stocked.enterprises[number].pk)}),
    )
    assert code in codes(own, **filters)
    for role in ("visitor", "buyer", "officer"):
        figures = register_counts.figures(register.found(stocked[role], Filters(countries=("DZ",))))
        counted = {
            "figures": ("size", "micro"),
            "capacities": ("spare", "1"),
            "certificates": ("certificate", "certificate.iso-9001"),
        }
        if group in counted:
            name, value = counted[group]
            if role == "visitor" and closed_to_visitors:
                assert name not in figures
            else:
                others = 1 if group == "certificates" else 0  # the first enterprise names the same certificate
                assert figures[name].get(value, 0) == others + (
                    level in ("public",) or (level == "members" and role != "visitor") or role == "officer"
                )


def test_figures_say_what_each_value_would_leave(stocked: World) -> None:
    officer = stocked[Role.OFFICER]
    whole = register_counts.figures(register.found(officer, Filters()))
    assert whole["country"] == {"DZ": 3, "TN": 1}
    assert whole["exchange"] == {"dz": 3, "tn": 1}
    assert whole["sector"] == {"24": 3, "25": 2}
    assert whole["size"] == {"micro": 1, "medium": 1}
    assert whole["spare"] == {"1": 1}
    narrowed = register_counts.figures(register.found(officer, Filters(countries=("DZ",), sectors=("25",))))
    assert narrowed["country"] == {"DZ": 2}  # of the sector, in any country
    assert narrowed["sector"] == {"24": 2, "25": 2}  # in the country, of any sector
    assert narrowed["certificate"] == {"certificate.iso-9001": 1}


def test_figures_of_the_whole_register_follow_its_changes(stocked: World) -> None:
    assert register_counts.whole(VISITOR)["country"] == {"DZ": 3, "TN": 1}
    restate(stocked.foreign, Enterprise.Status.WITHDRAWN)
    assert register_counts.whole(VISITOR)["country"] == {"DZ": 3}
    assert "size" not in register_counts.whole(VISITOR)
    assert "size" in register_counts.whole(stocked[Role.BUYER])


def test_a_large_find_is_capped_and_still_paged_in_order(stocked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = codes(stocked[Role.BUYER], concepts=("process.metal-casting",))
    monkeypatch.setattr(register, "COUNTED", 1)
    monkeypatch.setattr(register, "CAP", 2)
    for sort in ("name", "completeness", "fresh"):
        found = register.found(stocked[Role.BUYER], Filters(concepts=("process.metal-casting",), sort=sort))
        assert found.lines is None
        assert (found.count(), found.capped) == (2, True)
        assert {row.enterprise.code for row in found[0:3]} == set(whole)
    assert [
        row.enterprise.code for row in register.found(VISITOR, Filters(concepts=("process.metal-casting",)))[0:3]
    ] == whole
    sized = Filters(sizes=("micro", "medium"), fresh=24, exchange="dz")
    assert [row.enterprise.code for row in register.found(stocked[Role.BUYER], sized)[0:5]] == ["dz:F-2", "dz:F-1"]
    assert register_counts.figures(register.found(VISITOR, Filters(countries=("DZ",)))) == {}
    by_region = register_map.spread(register.found(VISITOR, Filters(countries=("DZ",))))
    assert by_region.placed == 3


def test_map_gathers_by_place_and_says_what_it_leaves_out(stocked: World) -> None:
    change(stocked.enterprises[2], place=records.Place())
    gathered = register_map.spread(register.found(VISITOR, Filters()))
    assert {(one.country, one.count) for one in gathered.spots} == {("DZ", 1), ("TN", 1)}
    assert (gathered.placed, gathered.unplaced, gathered.left_out) == (3, 1, 0)
    assert all(18 < one.latitude < 38 and -9 < one.longitude < 12 for one in gathered.spots)


def many(world: World, count: int) -> None:
    made = [(new_row(world.dz, one), one) for one in map(understand, generate(count, seed=3))]
    store_many(made, ())


@pytest.mark.parametrize("filters", [Filters(), Filters(countries=("DZ", "MA", "SA", "EG"), sort="completeness")])
def test_queries_do_not_grow_with_rows(world: World, filters: Filters) -> None:
    totals = []
    for more in (1, 12):
        many(world, more) if more == 1 else many_more(world, more)
        with CaptureQueriesContext(connection) as captured:
            found = register.found(world[Role.OFFICER], filters)
            found.count(), found[0:25], register_counts.figures(found), register_map.spread(found)
        totals.append(len(captured))
    assert totals[0] == totals[1] <= 16


def many_more(world: World, count: int) -> None:
    made = [(new_row(world.dz, one), one) for one in map(understand, generate(count, seed=4))]
    store_many(made, ())


def test_profile_by_role(stocked: World) -> None:
    row = stocked.enterprises[0]
    change(row, contacts=(records.Contact(email="x@y.example"),), references=("Client",), finance_need="loan")
    seen = {role: profile(stocked[role], row.code) for role in ("visitor", "buyer", "member", "officer")}
    assert set(seen["visitor"].hidden) == {"contacts", "capacities", "prices", "references", "figures", "finance"}
    assert seen["visitor"].record.contacts == () and seen["visitor"].record.capabilities[0].spare is None
    assert set(seen["buyer"].hidden) == {"prices", "finance"} and seen["buyer"].record.contacts
    assert seen["member"].hidden == seen["officer"].hidden == ()
    assert seen["member"].own and seen["officer"].own and not seen["buyer"].own
    assert seen["buyer"].missing == () and seen["buyer"].question == ""
    worths = dict(QUESTIONS)
    assert seen["member"].question in dict(seen["member"].missing)
    assert all(worths[name] == worth for name, worth in seen["member"].missing)
    assert sum(worth for _, worth in seen["member"].missing) == 100 - Enterprise.objects.get(pk=row.pk).completeness


def test_profile_of_the_unpublished_is_for_its_keepers(stocked: World) -> None:
    row = stocked.enterprises[0]
    restate(row, Enterprise.Status.WITHDRAWN)
    for role in ("member", "officer"):
        assert profile(stocked[role], row.code).own
    for actor in (VISITOR, stocked[Role.BUYER], stocked.elsewhere[Role.OFFICER]):
        with pytest.raises(NotFoundError):
            profile(actor, row.code)
    with pytest.raises(NotFoundError):
        profile(VISITOR, "dz:none")


def test_export_is_for_some_roles_and_their_own_exchange(stocked: World) -> None:
    allowed = {Role.OFFICER, Role.ANALYST, Role.ADMINISTRATOR}
    for role in Role:
        if role in allowed:
            assert len(list(register_export.rows(stocked[role], stocked.dz, Filters(), "fr"))) == 4
            with pytest.raises(NotPermittedError):
                register_export.rows(stocked[role], stocked.tn, Filters(), "fr")
        else:
            with pytest.raises(NotPermittedError):
                register_export.rows(stocked[role], stocked.dz, Filters(), "fr")
    elsewhere = register_export.rows(stocked[Role.OFFICER], stocked.dz, Filters(exchange="tn"), "fr")
    assert len(list(elsewhere)) == 4  # the filter on another exchange is replaced by one's own


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_export_can_be_read_in_again_and_carries_no_formula(stocked: World, language: str) -> None:
    change(stocked.enterprises[2], names={"fr": "=HYPERLINK(0)"}, legal_form="+SARL")
    lines = list(register_export.rows(stocked[Role.OFFICER], stocked.dz, Filters(), language))
    header = lines[0]
    fields = recognise(header).columns
    assert set(fields) == set(register_export.FIELDS)
    assert list(fields.values()) == header
    cells = [dict(zip(register_export.FIELDS, line, strict=True)) for line in lines[1:]]
    spoiled = next(one for one in cells if one["id"] == "F-3")
    assert (spoiled["name_fr"], spoiled["legal_form"]) == ("'=HYPERLINK(0)", "'+SARL")
    text = "".join(register_export.as_csv(lines))
    assert text.startswith("\ufeff") and next(csv.reader(text[1:].splitlines())) == header


def test_export_shows_an_analyst_no_more_than_the_page(stocked: World) -> None:
    change(
        stocked.enterprises[0], contacts=(records.Contact(email="x@y.example"),), visibility={"contacts": "exchange"}
    )
    for role, expected in ((Role.OFFICER, "x@y.example"), (Role.ANALYST, "")):
        lines = list(register_export.rows(stocked[role], stocked.dz, Filters(), "en"))
        column = list(register_export.FIELDS).index("email")
        assert {line[column] for line in lines[1:]} - {""} == ({expected} - {""})


def test_sheet_runs_from_right_to_left_and_has_a_limit(
    stocked: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = list(register_export.rows(stocked[Role.OFFICER], stocked.dz, Filters(), "ar"))
    assert register_export.write_xlsx(lines, tmp_path / "a.xlsx", right_to_left=True) == 3
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet.sheet_view.rightToLeft and sheet.max_row == 4
    monkeypatch.setattr(register_export, "SHEET_ROWS", 2)
    with pytest.raises(InvalidError):
        register_export.write_xlsx(lines, tmp_path / "b.xlsx", right_to_left=False)


def test_linked_data_states_what_is_stated_and_nothing_else(stocked: World) -> None:
    row = change(
        stocked.enterprises[1],
        identifiers=(records.Identifier(scheme="DZ-NRC", value="98B1"),),
        exports=(records.Export(product="carters", country="FR", year=2025),),
        certificates=(records.Certificate(scheme="certificate.iso-9001", words="ISO 9001", expiry=date(2027, 1, 31)),),
    )
    node = register_jsonld.organisation(record_of(row), url="https://x.example/e")
    assert node["@context"] == "https://schema.org" and node["@type"] == "LocalBusiness"
    assert node["name"] == [{"@value": "Fonderie du Sahel", "@language": "fr"}]
    assert node["address"]["addressCountry"] == "DZ" and node["address"]["addressLocality"] == "Blida"
    assert {"@type": "PropertyValue", "propertyID": "DZ-NRC", "value": "98B1"} in node["identifier"]
    assert node["areaServed"] == [{"@type": "Country", "identifier": "FR"}]
    assert node["hasCredential"][0]["expires"] == "2027-01-31"
    offer = node["makesOffer"][0]["itemOffered"]
    assert offer["@type"] == "Service" and {one["@language"] for one in offer["name"]} == {"ar", "fr", "en"}
    assert "contactPoint" not in node and "numberOfEmployees" in node
    assert not [one for one in json.dumps(node).split('"') if one in ("null", "None")]
    bare = register_jsonld.organisation(records.Enterprise(id="a", names={"und": "A"}), url="u")
    assert set(bare) == {"@context", "@type", "@id", "url", "name", "identifier"} and bare["@type"] == "Organization"


def test_limits_count_each_key_in_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    limit = limits.Limit("try", most=2, seconds=60)
    assert [limits.take(limit, "here"), limits.take(limit, "here")] == [1, 0]
    with pytest.raises(TooManyError) as refused:
        limits.take(limit, "here")
    assert "20" in refused.value.mend  # 1,000,000 lies 40 s into its minute
    assert limits.take(limit, "there") == 1
    assert limits.take(limits.Limit("other", most=1, seconds=60), "here") == 0
    now[0] += 60
    assert limits.take(limit, "here") == 1
