"""The register's pages as a reader goes through them, without JavaScript: search, filters, map, profile, files."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec.structs import replace

from tashbik.exchange.index import register_index
from tashbik.exchange.models import Attachment, Enterprise, Role
from tashbik.exchange.projection import QUESTIONS, record_of
from tashbik.exchange.storing import new_row, restate, store, store_many
from tashbik.registry import records
from tashbik.registry.generator import generate
from tashbik.registry.understanding import understand
from tashbik.web.charts.map import APART, LEAST_DEGREES, Dot, drawn, frame_around, gathered
from tashbik.web.register.questions import QUESTIONS as WORDED
from tashbik.web.register.questions import WHY
from tests.world import World

LIST = reverse("register:list")


class Links(HTMLParser):
    """Addresses of a page's links, and the values of its forms' fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fields: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "input" and given.get("type") == "hidden":
            self.fields.append((given["name"], given.get("value", "")))


def get(client, query: str = "", status: int = 200) -> str:
    page = client.get(LIST + query, follow=True)
    assert page.status_code == status
    return page.content.decode()


def names(text: str) -> list[str]:
    """Codes of the enterprises of a list, in order."""
    found = [one.partition("/enterprise/")[2] for one in Links(text).links if "/enterprise/" in one]
    return list(dict.fromkeys(one.replace("%3A", ":") for one in found))


@pytest.fixture(autouse=True)
def _fresh_windows() -> None:
    cache.clear()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("role", ["visitor", "buyer", "officer"])
def test_list_in_each_language(world: World, browse, language: str, role: str) -> None:
    text = get(browse(role, language))
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in text
    assert names(text) == ["dz:F-3", "tn:F-9", "dz:F-2", "dz:F-1"]
    assert "<bdi>Fonderie du Sahel</bdi>" in text
    assert 'lang="fr" dir="auto">Moulage sous pression' in text
    assert "style=" not in text and not re.search(r"<script(?! src=)", text)
    english = {"en": True}.get(language, False)
    assert ("enterprises found" in text.lower()) is english


def test_words_become_filters_that_can_be_taken_away(world: World, browse) -> None:
    client = browse()
    page = client.get(LIST, {"process-words": "صب المعادن", "material-words": "", "country": ["DZ", "TN"]})
    assert page.status_code == 302
    asked = parse_qs(urlsplit(page["Location"]).query)
    assert asked == {"concept": ["process.metal-casting"], "country": ["DZ", "TN"]}
    text = get(client, "?" + urlsplit(page["Location"]).query)
    assert names(text) == ["tn:F-9", "dz:F-2", "dz:F-1"]
    assert ("concept", "process.metal-casting") in Links(text).fields  # kept by the forms
    without = [parse_qs(urlsplit(one).query) for one in Links(text).links if one.startswith("?")]
    assert {"country": ["DZ", "TN"]} in without
    assert {"concept": ["process.metal-casting"], "country": ["TN"]} in without


def test_words_that_mean_nothing_stay_and_are_told(world: World, browse) -> None:
    text = get(browse(), "?process-words=Galvanising%20blib&machine-words=qqqq")
    assert 'value="qqqq"' in text and 'aria-invalid="true"' in text
    assert "These words name none that is known." in text
    near = get(browse(), "?certificate-words=iatf")
    assert "?certificate=certificate.iatf-16949" in Links(near).links


def test_search_keeps_filters_and_filters_keep_the_search(world: World, browse) -> None:
    register_index().follow()
    text = get(browse(), "?q=die%20casting&country=TN&sort=name")
    assert names(text) == ["tn:F-9"]
    fields = Links(text).fields
    assert ("country", "TN") in fields and ("q", "die casting") in fields and ("sort", "name") in fields


def test_scripts_are_given_the_address_without_empty_fields(world: World, browse) -> None:
    page = browse().get(LIST, {"country": "DZ", "process-words": "", "fresh": ""}, headers={"HX-Request": "true"})
    assert page["HX-Push-Url"] == LIST + "?country=DZ"
    assert "HX-Push-Url" not in browse().get(LIST)


def test_nothing_found_says_what_to_do(world: World, browse) -> None:
    text = get(browse(), "?country=MA")
    assert "Nothing fits all of this" in text and LIST in Links(text).links
    assert "Take one filter away" in get(browse(), "?country=MA&fresh=6")
    Enterprise.objects.update(status="withdrawn", change=9_999)
    cache.clear()
    assert "No enterprise is registered yet" in get(browse())
    assert reverse("imports:list") in Links(get(browse("officer"))).links


def test_addresses_that_mean_nothing_are_passed_over(world: World, browse) -> None:
    odd = "?country=XYZ&sector=04&concept=material.none&size=huge&fresh=7&sort=magic&page=nine&view=cube&region=TN-61&spare=yes"
    assert len(names(get(browse("buyer"), odd))) == 4


def test_visitors_do_not_filter_by_what_members_see(world: World, browse) -> None:
    store(world.enterprises[0], replace(record_of(world.enterprises[0]), employees=85))
    visitor, member = get(browse()), get(browse("buyer"))
    assert 'name="size"' not in visitor and 'name="spare"' not in visitor and "8,000" not in visitor
    assert 'name="size"' in member and 'name="spare"' in member and "8,000" in member
    assert len(names(get(browse(), "?size=medium&spare=1"))) == 4
    assert names(get(browse("buyer"), "?size=medium&spare=1")) == ["dz:F-1"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_map_says_its_finding_and_has_a_table(world: World, browse, language: str) -> None:
    text = get(browse("buyer", language), "?view=map&country=DZ")
    assert '<svg class="map"' in text and "<circle" in text and "<table" in text
    assert {"en": "Algeria", "fr": "Algérie", "ar": "الجزائر"}[language] in text
    finding = re.search(r"<figcaption>(.*?)</figcaption>", text)
    assert finding and "3" in finding[1]
    leads = [parse_qs(urlsplit(one).query) for one in Links(text).links if "region=DZ-" in one]
    assert leads and all(one["country"] == ["DZ"] for one in leads)


def test_drawing_keeps_places_inside_and_gathers_what_would_overlap() -> None:
    points = [(36.7, 3.0), (36.75, 3.05), (27.0, 17.5), (24.7, 46.7)]
    frame = frame_around(points)
    assert all(frame.holds(*one) for one in points)
    assert all(0 <= frame.at(*one)[0] <= frame.width and 0 <= frame.at(*one)[1] <= frame.height for one in points)
    assert gathered(frame, points) == [[0, 1], [2], [3]]
    alone = frame_around([(36.7, 3.0)])
    assert alone.north - alone.south >= LEAST_DEGREES and gathered(alone, []) == []
    near = frame_around(
        [(30, 10), (30, 10 + APART / 2 * (frame.east - frame.west) / frame.width), (24.7, 46.7), (36.7, 3.0)]
    )
    assert near.width == frame.width
    text = drawn(frame, [Dot(36.7, 3.0, 4, '<b>"x"</b>')], language="ar", title="t")
    assert "<b>" not in text and "style=" not in text and 'direction="rtl"' in text and "ليبيا" in text


def test_visitors_search_only_so_often(world: World, browse) -> None:
    register_index().follow()
    client = browse()
    answers = [client.get(LIST, {"q": "casting"}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert client.get(LIST).status_code == 200  # without words there is nothing to keep off
    assert browse("buyer").get(LIST, {"q": "casting"}).status_code == 200


def test_limit_is_of_the_address_that_the_proxy_saw(world: World, browse, settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    register_index().follow()
    client = browse()
    for number in range(30):
        client.get(LIST, {"q": "casting"}, headers={"X-Forwarded-For": f"10.0.0.{number}, 192.0.2.7"})
    assert client.get(LIST, {"q": "casting"}, headers={"X-Forwarded-For": "10.9.9.9, 192.0.2.7"}).status_code == 429
    assert client.get(LIST, {"q": "casting"}, headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 200


def test_suggestions_while_typing(world: World, browse) -> None:
    client = browse("", "fr")
    text = client.get(reverse("register:concepts", args=["process"]), {"process-words": "décou"}).content.decode()
    assert text.count("<option") > 2 and "découpe" in text.lower()
    assert "<option" not in client.get(reverse("register:concepts", args=["nothing"])).content.decode()


def full(world: World) -> Enterprise:
    """The first enterprise with all that a profile may show."""
    row = world.enterprises[0]
    record = replace(
        record_of(row),
        names={"ar": "مسبك الهضاب", "fr": "Fonderie des Plateaux", "en": "Hodna Foundry"},
        contacts=(records.Contact(role="sales", email="vente@hodna.example", phone="+213 36 00 00 00"),),
        identifiers=(records.Identifier(scheme="DZ-NRC", value="98B0012345"),),
        activities=("2431",),
        employees=85,
        legal_form="SARL",
        references=("Grands Moteurs",),
        exports=(records.Export(product="carters", country="FR", year=2025),),
        machines=(records.Machine(words={"fr": "Presse 900 t"}, force=8826.0, quantity=2),),
        certificates=(
            records.Certificate(scheme="certificate.iso-9001", words="ISO 9001", expiry=date(2020, 1, 31)),
            records.Certificate(scheme="certificate.iatf-16949", words="IATF 16949", expiry=date(2099, 1, 31)),
        ),
        sites=(records.Place(country="DZ", region="DZ-16", locality="Zone de Tala", latitude=36.73, longitude=3.28),),
        provenance=records.Provenance(
            source="visit", as_of=date(2026, 9, 30), verified_by="CTIM", verified_on=date(2026, 10, 1)
        ),
    )
    return store(Enterprise.objects.get(pk=row.pk), record)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_profile_says_everything_to_who_may_see_it(world: World, browse, language: str) -> None:
    row = full(world)
    text = browse("buyer", language).get(reverse("register:profile", args=[row.code])).content.decode()
    for said in (
        "مسبك الهضاب",
        "Fonderie des Plateaux",
        "Hodna Foundry",
        "vente@hodna.example",
        "98B0012345",
        "Zone de Tala",
        "Grands Moteurs",
        "CTIM",
        "visit",
        "2431",
    ):
        assert f"{said}" in text
    assert "<bdi" in text and '<svg class="map"' in text
    assert text.count('class="tag wrong"') == 1  # one certificate has run out
    assert reverse("register:jsonld", args=[row.code]) in text and 'rel="alternate" type="application/ld+json"' in text
    iron = {"ar": "2431", "fr": "Fonderie", "en": "Casting of iron and steel"}[language]
    assert iron in text


def test_profile_says_what_is_hidden_and_from_whom(world: World, browse) -> None:
    row = full(world)
    address = reverse("register:profile", args=[row.code])
    visitor = browse().get(address).content.decode()
    for hidden in ("vente@hodna.example", "8,000", "Grands Moteurs"):
        assert hidden not in visitor
    for group in ("Contacts", "Capacity and spare capacity", "References", "People employed and turnover"):
        assert f"{group}: shown to who has a role at an exchange." in visitor
    assert "Financing need: shown to the officers of its exchange only." in visitor
    member = browse("buyer").get(address).content.decode()
    assert "vente@hodna.example" in member and "shown to who has a role" not in member
    assert "shown to the officers" not in browse("officer").get(address).content.decode()


def test_profile_tells_its_keepers_what_to_answer_next(world: World, browse) -> None:
    row = world.enterprises[0]
    address = reverse("register:profile", args=[row.code])
    for role in ("member", "officer"):
        text = browse(role).get(address).content.decode()
        assert "The most useful question now:" in text and "points" in text
    assert "The most useful question now:" not in browse("buyer").get(address).content.decode()
    assert set(WORDED) == set(WHY) == {name for name, _ in QUESTIONS}


def test_profile_that_is_not_there(world: World, browse) -> None:
    assert browse().get(reverse("register:profile", args=["dz:none"])).status_code == 404
    restate(world.enterprises[0], Enterprise.Status.WITHDRAWN)
    address = reverse("register:profile", args=[world.enterprises[0].code])
    assert browse().get(address).status_code == 404
    assert browse("buyer").get(address).status_code == 404
    assert browse("officer").get(address).status_code == 200


def test_evidence_is_listed_for_members_only(world: World, browse) -> None:
    row = world.enterprises[0]
    Attachment.objects.create(
        exchange=world.dz,
        owner_kind="enterprise",
        owner_id=row.pk,
        purpose="evidence",
        title="ISO 9001 scan",
        file="x.bin",
        name="iso.pdf",
        media_type="application/pdf",
        size=1000,
        sha256="0" * 64,
    )
    address = reverse("register:profile", args=[row.code])
    assert "ISO 9001 scan" in browse("buyer").get(address).content.decode()
    assert "ISO 9001 scan" not in browse().get(address).content.decode()


def test_linked_data_of_a_profile(world: World, browse) -> None:
    row = full(world)
    address = reverse("register:jsonld", args=[row.code])
    page = browse().get(address)
    assert page["Content-Type"].startswith("application/ld+json")
    node = json.loads(page.content)
    assert node["@id"] == "http://testserver" + reverse("register:profile", args=[row.code])
    assert "contactPoint" not in node and "numberOfEmployees" not in node
    assert json.loads(browse("buyer").get(address).content)["contactPoint"][0]["email"] == "vente@hodna.example"
    assert browse().get(reverse("register:jsonld", args=["dz:none"])).status_code == 404


@pytest.mark.parametrize("role", [*Role.values])
def test_files_by_role(world: World, browse, role: str) -> None:
    allowed = role in (Role.OFFICER, Role.ANALYST, Role.ADMINISTRATOR)
    client = browse(role)
    assert (reverse("register:export", args=["csv"]) in get(client)) is allowed
    page = client.get(reverse("register:export", args=["csv"]) + "?country=DZ")
    if not allowed:
        assert page.status_code == (302 if role == Role.VISITOR else 403)
        return
    text = b"".join(page.streaming_content).decode()
    assert text.count("\r\n") == 4 and "tn:" not in text and "Sfax" not in text
    assert page["Content-Disposition"].startswith('attachment; filename="register-dz-')
    sheet = client.get(reverse("register:export", args=["xlsx"]))
    assert b"".join(sheet.streaming_content)[:2] == b"PK"
    assert client.get(reverse("register:export", args=["pdf"])).status_code == 404


def test_file_in_the_readers_language(world: World, browse) -> None:
    page = browse("officer", "ar").get(reverse("register:export", args=["csv"]))
    first = b"".join(page.streaming_content).decode().splitlines()
    assert "البلد" in first[0] and "الجزائر" in first[1]


@pytest.mark.parametrize(
    "query", ["", "?view=map", "?country=DZ&country=MA&country=EG&country=SA&sort=fresh", "?concept=process.machining"]
)
def test_queries_do_not_grow_with_rows(world: World, browse, query: str) -> None:
    client = browse("officer")
    client.get(LIST)
    totals = []
    for seed, more in ((3, 1), (4, 12)):
        store_many([(new_row(world.dz, one), one) for one in map(understand, generate(more, seed=seed))], ())
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST + query).status_code == 200
        totals.append(len(captured))
    assert totals[0] == totals[1]


def test_queries_of_a_profile_do_not_grow_with_what_it_lists(world: World, browse) -> None:
    client = browse("buyer")
    totals = []
    for count in (1, 3):
        row = Enterprise.objects.get(pk=world.enterprises[0].pk)
        able = tuple(records.Capability(id=str(number), words={"fr": f"Tournage {number}"}) for number in range(count))
        held = tuple(records.Certificate(words=f"ISO {number}") for number in range(count))
        store(row, replace(record_of(row), capabilities=able, certificates=held))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("register:profile", args=[row.code]))
        totals.append(len(captured))
    assert totals[0] == totals[1]
