"""The pages of networks: in three languages, for each role, without scripts, with files; and what they must not tell."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tashbik.exchange.models import (
    Award,
    Cluster,
    DeclaredTie,
    Enterprise,
    Invitation,
    Job,
    Need,
    Organisation,
    Quote,
    Rfq,
)
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_ties import organisation_node
from tashbik.exchange.verbs import clusters, networks
from tashbik.exchange.verbs.clusters import ClusterFacts
from tashbik.exchange.verbs.networks import Ends
from tests.world import World

Browse = Callable[..., Client]
TODAY = date(2026, 11, 20)
READ = ("overview", "explorer", "communities", "clusters", "missing", "alike", "dependence", "definitions")


@pytest.fixture
def network(world: World) -> World:
    """A world with ties, a cluster, an open need and its networks analysed."""
    officer, firms = world["officer"], world.enterprises
    Need.objects.filter(pk=world.need.pk).update(confidentiality=Need.Confidentiality.OPEN)
    for ends, level in (
        (Ends(maker=firms[0], buyer_organisation=world.buyer), Level.PUBLIC),
        (Ends(maker=firms[1], buyer=firms[0]), Level.MEMBERS),
        (Ends(maker=firms[2], buyer=firms[0]), Level.EXCHANGE),
        (Ends(maker=firms[1], buyer_name="Société d'ailleurs"), Level.PUBLIC),
    ):
        networks.declare(actor=officer, ends=ends, source="enquête", as_of=TODAY, level=level)
    facts = ClusterFacts(
        name_fr="Grappe de l'Est", country="DZ", region="DZ-25", sectors=("24",), source="essai", as_of=TODAY
    )
    cluster = clusters.create(actor=officer, facts=facts)
    clusters.join(actor=officer, enterprise=firms[0], cluster=cluster, source="essai", since=2024)
    networks.build(world.dz.pk)
    networks.build(None)
    Job.objects.all().delete()
    return world


def order(world: World, need: Need) -> None:
    """An award of a need to the second enterprise, the first having been asked too."""
    rfq = Rfq.objects.create(
        exchange=world.dz, need=need, need_version=1, code="R-7", deadline="2027-01-01", currency="DZD"
    )
    Invitation.objects.create(rfq=rfq, enterprise=world.enterprises[0], status="sent")
    won = Invitation.objects.create(rfq=rfq, enterprise=world.enterprises[1], status="quoted")
    quote = Quote.objects.create(invitation=won, status="submitted", currency="DZD")
    Award.objects.create(rfq=rfq, quote=quote, value=Decimal(1), currency="DZD")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_is_read_in_every_language(network: World, browse: Browse, language: str) -> None:
    client = browse("officer", language=language)
    node = organisation_node(network.buyer.pk)
    addresses = [reverse(f"networks:{one}") for one in READ]
    addresses += [reverse("networks:community", args=(0,)), reverse("networks:cluster", args=("dz-c-1",))]
    addresses += [reverse("networks:node", args=(one,)) for one in ("dz:F-1", "dz:F-3", node)]
    addresses += [reverse("networks:dependence-report", args=(network.buyer.pk,)), reverse("networks:cluster-new")]
    addresses += [reverse("networks:tie-new", args=("dz:F-1",)), reverse("networks:missing") + "?kind=absent"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert f'lang="{language}"' in text
        assert "style=" not in text and "onclick" not in text, address


@pytest.mark.parametrize(
    "role", ["", "member", "buyer", "institution", "financier", "analyst", "organiser", "administrator"]
)
def test_every_role_reads_the_network_of_its_level(network: World, browse: Browse, role: str) -> None:
    client = browse(role)
    for page in READ:
        assert client.get(reverse(f"networks:{page}") + "?exchange=dz").status_code == 200
    shown = client.get(reverse("networks:data") + "?exchange=dz").json()
    assert len(shown["source"]) == (3 if role == "" else 4)  # the tie that only officers see is with the third
    assert "dz:F-3" not in shown["ids"]
    assert ("Renew the analysis" in client.get(reverse("networks:overview") + "?exchange=dz").content.decode()) == (
        role in ("analyst", "administrator")
    )


def test_an_owner_and_a_buyer_are_led_to_their_own_place(network: World, browse: Browse) -> None:
    for role, node in (("member", "dz:F-1"), ("buyer", organisation_node(network.buyer.pk)), ("analyst", "")):
        text = browse(role).get(reverse("networks:overview")).content.decode()
        assert ("Your place in the network" in text) == bool(node)
        if node:
            assert f'href="{reverse("networks:node", args=(node,))}">Your place' in text


def test_the_explorer_works_without_scripts(network: World, browse: Browse) -> None:
    client = browse("officer")
    text = client.get(reverse("networks:explorer"), {"q": "fonderie"}).content.decode()
    assert "Fonderie du Sahel" in text
    assert '<tr data-node="dz:F-3"' not in text
    picture = re.search(r'<noscript><img src="([^"]+)"', text)
    assert picture
    drawn = client.get(picture[1].replace("&amp;", "&"))
    assert drawn["Content-Type"] == "image/svg+xml"
    circles = ET.fromstring(drawn.content).findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 6
    assert sum(one.get("fill-opacity") is None for one in circles) == 1


def test_filters_and_order_of_the_table(network: World, browse: Browse) -> None:
    client = browse("officer")
    buyers = client.get(reverse("networks:explorer"), {"kind": "buyer"}).content.decode()
    assert re.findall(r'<tr data-node="([^"]+)"', buyers) == [organisation_node(network.buyer.pk)]
    by_degree = client.get(reverse("networks:explorer"), {"sort": "-degree"}).content.decode()
    assert re.findall(r'<tr data-node="([^"]+)"', by_degree)[0] == "dz:F-1"
    assert (
        client.get(reverse("networks:explorer"), {"sort": "nonsense", "community": "x", "page": "zz"}).status_code
        == 200
    )


def test_files_hold_the_network(network: World, browse: Browse) -> None:
    client = browse("officer")
    graph = ET.fromstring(client.get(reverse("networks:file", args=("graphml",))).content)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(graph.findall(f".//{space}node")) == 6
    assert len(graph.findall(f".//{space}edge")) == 5
    nodes = list(
        csv.DictReader(io.StringIO(client.get(reverse("networks:file", args=("csv",))).content.decode("utf-8-sig")))
    )
    assert {one["id"] for one in nodes} >= {"dz:F-1", "cluster:dz-c-1"}
    ties = list(
        csv.DictReader(
            io.StringIO(client.get(reverse("networks:file", args=("ties.csv",))).content.decode("utf-8-sig"))
        )
    )
    assert ("dz:F-1", organisation_node(network.buyer.pk), "supply") in {
        (one["source"], one["target"], one["kind"]) for one in ties
    }
    assert ET.fromstring(client.get(reverse("networks:file", args=("svg",))).content).tag.endswith("svg")
    assert client.get(reverse("networks:file", args=("exe",))).status_code == 404


def test_names_that_a_spreadsheet_would_reckon_are_made_harmless(network: World, browse: Browse) -> None:
    Enterprise.objects.filter(code="dz:F-1").update(name_ar="=1+1", name_fr="", name_en="")
    text = browse("officer").get(reverse("networks:file", args=("ties.csv",))).content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text


# what must not be told


def test_no_page_names_an_anonymous_buyer(network: World, browse: Browse) -> None:
    DeclaredTie.objects.all().delete()
    Need.objects.filter(pk=network.need.pk).update(anonymous=True)
    order(network, network.need)
    networks.build(network.dz.pk)
    networks.build(None)
    node, name = organisation_node(network.buyer.pk), network.buyer.name
    addresses = [reverse(f"networks:{one}") for one in (*READ, "data", "picture")]
    addresses += [reverse("networks:file", args=(one,)) for one in ("graphml", "csv", "ties.csv", "svg")]
    addresses += [reverse("networks:node", args=(one,)) for one in ("dz:F-1", "dz:F-2", node)]
    for role in ("", "member", "analyst", "institution"):
        client = browse(role)
        for address in addresses:
            for scope in ("?exchange=dz", "?exchange=all", "?exchange=dz&basis=near"):
                if role == "analyst" and address == reverse("networks:dependence"):
                    continue  # lists the exchange's buyers by name, whatever they asked for
                text = client.get(address + scope).content.decode()
                assert name not in text and node not in text.replace(address, ""), (role, address)
    assert name in browse("officer").get(reverse("networks:explorer")).content.decode()


def test_an_invited_enterprise_sees_its_request_without_the_buyer(network: World, browse: Browse) -> None:
    DeclaredTie.objects.all().delete()
    Need.objects.filter(pk=network.need.pk).update(anonymous=True)
    order(network, network.need)
    text = browse("member").get(reverse("networks:node", args=("dz:F-1",))).content.decode()
    assert "unnamed buyer of need dz-N-1" in text
    assert "unnamed buyer" not in browse("analyst").get(reverse("networks:node", args=("dz:F-1",))).content.decode()


def test_reports_are_closed_to_others(network: World, browse: Browse) -> None:
    address = reverse("networks:dependence-report", args=(network.buyer.pk,))
    assert {role: browse(role).get(address).status_code for role in ("member", "institution", "buyer", "analyst")} == {
        "member": 403,
        "institution": 403,
        "buyer": 200,
        "analyst": 200,
    }
    assert browse("").get(address).status_code == 302


def test_nothing_is_there_before_the_first_analysis(world: World, browse: Browse) -> None:
    for page in READ:
        assert browse("officer").get(reverse(f"networks:{page}")).status_code == 200
    assert browse("").get(reverse("networks:data")).status_code == 404
    assert browse("").get(reverse("networks:overview") + "?exchange=nowhere").status_code == 404


# acts


def test_a_member_declares_a_tie_and_removes_it(network: World, browse: Browse) -> None:
    client = browse("member")
    address = reverse("networks:tie-new", args=("dz:F-1",))
    values = {
        "role": "buyer",
        "other": "Fonderie du Sahel",
        "volume": "main",
        "source": "",
        "as_of": "2026-11-01",
        "level": "members",
    }
    refused = client.post(address, values)
    assert refused.status_code == 422
    assert "Fonderie du Sahel" in refused.content.decode()
    assert client.post(address, values | {"level": "public", "source": "contrat"}).status_code == 422
    answer = client.post(address, values | {"source": "contrat"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("networks:node", args=("dz:F-1",)))
    tie = DeclaredTie.objects.latest("pk")
    assert (tie.buyer, tie.volume) == (network.enterprises[1], "main")
    page = client.get(answer["Location"]).content.decode()
    assert "contrat" in page
    assert client.post(reverse("networks:tie-remove", args=(tie.pk,)), {"node": "dz:F-1"}).status_code == 302
    assert not DeclaredTie.objects.filter(pk=tie.pk).exists()


def test_an_unknown_name_is_a_company_from_outside_and_a_buyers_name_the_buyer(network: World, browse: Browse) -> None:
    client, address = browse("member"), reverse("networks:tie-new", args=("dz:F-1",))
    values = {"role": "buyer", "volume": "regular", "source": "x", "as_of": "2026-11-01", "level": "members"}
    client.post(address, values | {"other": "شركة من الخارج"})
    assert DeclaredTie.objects.latest("pk").buyer_name == "شركة من الخارج"
    client.post(address, values | {"other": network.buyer.name})
    assert DeclaredTie.objects.latest("pk").buyer_organisation == network.buyer
    assert "شركة من الخارج" in client.get(reverse("networks:node", args=("dz:F-1",))).content.decode()


def test_a_buyer_declares_a_supplier(network: World, browse: Browse) -> None:
    client, node = browse("buyer"), organisation_node(network.buyer.pk)
    assert "Declare a tie" in client.get(reverse("networks:node", args=(node,))).content.decode()
    values = {
        "role": "maker",
        "other": "dz:F-3",
        "volume": "main",
        "source": "x",
        "as_of": "2026-11-01",
        "level": "exchange",
    }
    assert client.post(reverse("networks:tie-new", args=(node,)), values).status_code == 302
    tie = DeclaredTie.objects.latest("pk")
    assert (tie.maker, tie.buyer_organisation) == (network.enterprises[2], network.buyer)


def test_nobody_declares_for_another(network: World, browse: Browse) -> None:
    assert browse("member").get(reverse("networks:tie-new", args=("dz:F-2",))).status_code == 403
    assert browse("analyst").get(reverse("networks:tie-new", args=("dz:F-1",))).status_code == 403
    assert browse("").get(reverse("networks:tie-new", args=("dz:F-1",))).status_code == 302


def test_an_officer_founds_a_cluster_and_enters_a_member(network: World, browse: Browse) -> None:
    client = browse("officer")
    institution = Organisation.objects.create(exchange=network.dz, kind="institution", name="Centre technique")
    values: dict[str, Any] = {
        "name_ar": "",
        "country": "DZ",
        "region": "DZ-09",
        "sectors": ["10"],
        "source": "x",
        "as_of": "2026-11-01",
    }
    assert client.post(reverse("networks:cluster-new"), values).status_code == 422
    values |= {"name_ar": "عنقود الغذاء", "institutions": [institution.pk]}
    answer = client.post(reverse("networks:cluster-new"), values)
    assert answer["Location"] == reverse("networks:cluster", args=("dz-c-2",))
    assert "Centre technique" in client.get(answer["Location"]).content.decode()
    joined = client.post(reverse("networks:cluster-join", args=("dz-c-2",)), {"enterprise": "dz:F-2", "source": "x"})
    assert joined.status_code == 302
    again = client.post(reverse("networks:cluster-join", args=("dz-c-2",)), {"enterprise": "dz:F-2", "source": "x"})
    assert again.status_code == 422
    edited = client.post(reverse("networks:cluster-edit", args=("dz-c-2",)), values | {"version": 1, "about": "نص"})
    assert edited.status_code == 302
    assert Cluster.objects.get(code="dz-c-2").about == "نص"
    stale = client.post(reverse("networks:cluster-edit", args=("dz-c-2",)), values | {"version": 1})
    assert stale.status_code == 422


def test_a_member_joins_and_leaves_with_its_own_enterprise(network: World, browse: Browse) -> None:
    client = browse("member")
    page = client.get(reverse("networks:cluster", args=("dz-c-1",))).content.decode()
    assert "Leave the cluster" in page and "Join the cluster" not in page
    assert client.post(reverse("networks:cluster-leave", args=("dz-c-1",)), {"enterprise": "dz:F-1"}).status_code == 302
    assert "Join the cluster" in client.get(reverse("networks:cluster", args=("dz-c-1",))).content.decode()
    assert client.post(reverse("networks:cluster-join", args=("dz-c-1",)), {"source": "nous"}).status_code == 302
    assert client.post(reverse("networks:cluster-leave", args=("dz-c-1",)), {"enterprise": "dz:F-2"}).status_code == 403


def test_the_analysis_is_renewed_by_a_button(network: World, browse: Browse) -> None:
    client = browse("analyst")
    assert client.post(reverse("networks:renew"), {"exchange": "dz"}).status_code == 302
    assert Job.objects.filter(kind="network.analyse", subject_id=network.dz.pk).count() == 1
    text = client.get(reverse("networks:overview")).content.decode()
    assert "analysed anew shortly" in text
    assert browse("member").post(reverse("networks:renew"), {"exchange": "dz"}).status_code == 403


# costs


@pytest.mark.parametrize("page", ["explorer", "missing", "clusters", "dependence-report"])
def test_queries_do_not_grow(network: World, browse: Browse, page: str) -> None:
    client = browse("officer")
    arguments = (network.buyer.pk,) if page == "dependence-report" else ()
    counts = []
    for more in (0, 3):
        for number in range(more):
            firm = Enterprise.objects.create(
                exchange=network.dz, code=f"dz:N-{number}", name_fr=f"N {number}", record={}
            )
            DeclaredTie.objects.create(
                exchange=network.dz, maker=firm, buyer_organisation=network.buyer, source="x", as_of=TODAY
            )
            Cluster.objects.create(
                exchange=network.dz, code=f"dz-c-{9 + number}", name_fr="x", country="DZ", source="x", as_of=TODAY
            )
        networks.build(network.dz.pk)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"networks:{page}", args=arguments)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_report_is_printed(network: World, browse: Browse) -> None:
    pytest.importorskip("weasyprint")
    answer = browse("officer", language="ar").get(reverse("networks:dependence-paper", args=(network.buyer.pk,)))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
