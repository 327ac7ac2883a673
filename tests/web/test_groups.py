"""Pages of groups without JavaScript, in three languages; who may open them; downloads; queries that do not grow."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tashbik.exchange.composition import Wish
from tashbik.exchange.models import Group, Need
from tashbik.web.groups import wishes
from tests.grouped import TEXT, in_days, kept, proposed, quoted, ready, second_member
from tests.world import World

Browse = Callable[..., Client]
FIRST, SECOND = "dz:F-1", "dz:F-2"
HEADINGS = {"ar": "شكّل تجمّعًا", "fr": "Composer un groupement", "en": "Compose a group"}
FINDINGS = {
    "ar": "مؤسستان معًا تصنعان الطلبية كلها",
    "fr": "2 entreprises assurent ensemble toute la commande",
    "en": "2 enterprises together make the whole order",
}


def read(client: Client, name: str, *arguments: object, status: int = 200, query: str = "", **headers: str) -> str:
    """A page as text."""
    response = client.get(reverse(name, args=arguments) + query, headers=headers or None)
    assert response.status_code == status
    return response.content.decode()


def hidden_fields(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form that keeps the group."""
    form = page[page.index("/keep/") : page.index("</form>", page.index("/keep/"))]
    fields: dict[str, list[str]] = {}
    for part in form.split('<input type="hidden" name="')[1:]:
        name, _, rest = part.partition('" value="')
        fields.setdefault(name, []).append(rest.partition('"')[0].replace("&amp;", "&"))
    return fields


# the composer


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_composer_in_each_language(world: World, browse: Browse, language: str) -> None:
    ready(world)
    page = read(browse("officer", language=language), "groups:compose", "dz-N-1")
    assert HEADINGS[language] in page and FINDINGS[language] in page
    assert page.count('<svg class="chart who"') == 1 and "<desc>" in page
    assert "DZD</bdi>" in page and 'name="budget"' not in page  # no cost is known


def test_where_prices_are_quoted_costs_are_shown(world: World, browse: Browse) -> None:
    ready(world)
    quoted(world, {0: "100", 1: "90"})
    page = read(browse("officer"), "groups:compose", "dz-N-1")
    assert "950,000 DZD" in page and "2 prices are quoted" in page and 'name="budget"' in page


def test_htmx_gets_the_result_alone(world: World, browse: Browse) -> None:
    ready(world)
    page = read(browse("officer"), "groups:compose", "dz-N-1", **{"HX-Request": "true"})
    assert '<div id="live" hx-swap-oob="innerHTML">2 enterprises together' in page
    assert "<html" not in page and "Keep this group" in page and '<form method="get"' not in page


def test_conditions_that_clash_are_said_with_a_way_out(world: World, browse: Browse) -> None:
    ready(world)
    page = read(browse("officer"), "groups:compose", "dz-N-1", query="?partners=1")
    assert "Why there is no complete group" in page and "at most 1 partners" in page and "Choose this option" in page
    assert "80% of the order, the rest is not covered" in page


def test_left_out_and_taken_in_stay_in_the_form(world: World, browse: Browse) -> None:
    ready(world)
    query = f"?without={SECOND}&with={FIRST}&apart={FIRST}|{SECOND}"
    page = read(browse("officer"), "groups:compose", "dz-N-1", query=query)
    for field in (
        f'name="without" value="{SECOND}" checked',
        f'name="with" value="{FIRST}" checked',
        'name="apart" value="',
    ):
        assert field in page


def test_nothing_to_compose(world: World, browse: Browse) -> None:
    ready(world, lines=("Peinture de façades au Pôle Sud, 3 lots",))
    page = read(browse("officer"), "groups:compose", "dz-N-1")
    assert "No enterprise that may take part can make any line of this need" in page


def test_hostile_addresses(world: World, browse: Browse) -> None:
    ready(world)
    query = "?partners=-1&most=abc&local=1e400&lead=<b>&critical=9&apart=x|&group=99&fixed=nan&budget=inf&reach=moon&country=🙂"
    assert FINDINGS["en"] in read(browse("officer"), "groups:compose", "dz-N-1", query=query)


def test_a_need_that_is_not_released(world: World, browse: Browse) -> None:
    need = ready(world)
    Need.objects.filter(pk=need.pk).update(status="closed")
    assert "only while the need is released" in read(browse("officer"), "groups:compose", "dz-N-1", status=409)


@pytest.mark.parametrize(
    ("role", "status"), [("officer", 200), ("buyer", 200), ("member", 403), ("analyst", 403), ("visitor", 403)]
)
def test_who_may_open_the_composer(world: World, browse: Browse, role: str, status: int) -> None:
    need = ready(world)
    Need.objects.filter(pk=need.pk).update(confidentiality="open")
    response = browse(role).get(reverse("groups:compose", args=("dz-N-1",)))
    assert response.status_code in ((302, 403) if role == "visitor" else (status,))


def test_queries_of_the_composer(world: World, browse: Browse) -> None:
    ready(world)
    client = browse("officer")
    read(client, "groups:compose", "dz-N-1")
    with CaptureQueriesContext(connection) as narrow:
        read(client, "groups:compose", "dz-N-1", query="?reach=own&partners=1")
    with CaptureQueriesContext(connection) as wide:
        read(client, "groups:compose", "dz-N-1", query="?reach=all")
    assert len(wide) <= len(narrow) < 45


def test_wishes_go_to_the_address_and_back() -> None:
    wish = Wish(
        max_partners=4, critical=("1",), most_part=0.6, country="DZ", local=0.35, lead="a", apart=(("a", "b"),),
        required=("c",), excluded=("d", "e"), budget=1000.5, caution=2, risk_cost=1, fixed_cost=7, transport=0.02,
        reach="all", chosen=2,
    )  # fmt: skip
    assert wishes.read(QueryDict(wishes.query_of(wish)[1:])).wish == wish
    assert wishes.read(QueryDict("caution=0")).wish.caution == 0
    assert wishes.read(QueryDict("")) == wishes.Asked(Wish(), reach_said=False)


# keeping, proposing


def test_from_the_composer_to_the_members(world: World, browse: Browse) -> None:
    ready(world)
    officer = browse("officer")
    fields = hidden_fields(read(officer, "groups:compose", "dz-N-1", query="?partners=2&critical=1"))
    assert fields["partners"] == ["2"] and set(fields["member"]) == {FIRST, SECOND}
    response = officer.post(reverse("groups:keep", args=("dz-N-1",)), fields)
    group = Group.objects.get()
    assert response.status_code == 303 and response["Location"] == reverse("groups:page", args=(group.code,))
    assert "Propose it to the members" in read(officer, "groups:page", group.code)
    wrong = officer.post(reverse("groups:propose", args=(group.code,)), {"answer_by": in_days(-3).isoformat()})
    assert wrong.status_code == 422 and "must be after today" in wrong.content.decode()
    sent = officer.post(reverse("groups:propose", args=(group.code,)), {"answer_by": in_days(9).isoformat()})
    assert sent.status_code == 303
    group.refresh_from_db()
    assert group.status == "proposed"
    assert read(officer, "groups:propose", group.code, status=409)


def test_a_group_that_changed_meanwhile_is_not_kept(world: World, browse: Browse) -> None:
    ready(world)
    fields = {"version": "1", "member": [FIRST], "partners": "2"}
    response = browse("officer").post(reverse("groups:keep", args=("dz-N-1",)), fields)
    assert response.status_code == 303 and "partners=2" in response["Location"]
    assert not Group.objects.exists()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_pages_of_a_stored_group(world: World, browse: Browse, language: str) -> None:
    ready(world)
    group = proposed(world)
    for role in ("officer", "buyer"):
        client = browse(role, language=language)
        assert FINDINGS[language] in read(client, "groups:page", group.code)
        assert group.code in read(client, "groups:list")
        assert group.code in read(client, "groups:view", "proposed")
        assert group.code not in read(client, "groups:view", "agreed")
        assert 'name="reason"' in read(client, "groups:withdraw", group.code)


def test_the_agreement_in_any_language(world: World, browse: Browse) -> None:
    ready(world)
    group = kept(world)
    page = read(browse("officer", language="en"), "groups:agreement", group.code, query="?in=ar")
    assert '<article lang="ar" dir="rtl">' in page and "مشروع اتفاق شراكة" in page and "\u2068" in page
    assert "Projet d&#x27;accord" in read(browse("officer", language="fr"), "groups:agreement", group.code)
    assert '<article lang="en" dir="ltr">' in read(browse("buyer"), "groups:agreement", group.code, query="?in=xx")


def test_the_agreement_as_pdf(world: World, browse: Browse) -> None:
    ready(world)
    group = kept(world)
    response = browse("officer", language="ar").get(reverse("groups:agreement-pdf", args=(group.code,)) + "?in=ar")
    if response.status_code == 503 or b"%PDF" not in response.content[:8]:
        pytest.skip("no PDF can be made on this machine")
    assert (
        response["Content-Type"] == "application/pdf" and "agreement-dz-N-1-G1.pdf" in response["Content-Disposition"]
    )


def test_downloads(world: World, browse: Browse) -> None:
    ready(world, lines=(f'=HYPERLINK("x"), {TEXT}',))
    quoted(world, {0: "100", 1: "90"})
    group = kept(world)
    client = browse("officer", language="ar")
    text = client.get(reverse("groups:csv", args=(group.code,))).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 3 and {row[0] for row in rows[1:]} == {FIRST, SECOND}
    assert sum(float(row[4]) for row in rows[1:]) == pytest.approx(10_000) and {row[9] for row in rows[1:]} == {"DZD"}
    assert all(row[3].startswith("'=") for row in rows[1:])
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("groups:xlsx", args=(group.code,))).content))
    assert book.active.sheet_view.rightToLeft and book.active.max_row == 3


def test_costs_are_kept_from_the_buyer_where_they_are_private(world: World, browse: Browse) -> None:
    ready(world)
    quoted(world, {0: "100", 1: "90"})
    group = kept(world)
    Group.objects.filter(pk=group.pk).update(private_prices=True)
    assert "950,000" in read(browse("officer"), "groups:page", group.code)
    for name in ("groups:page", "groups:csv", "groups:agreement"):
        text = browse("buyer").get(reverse(name, args=(group.code,))).content.decode()
        assert "950,000" not in text and "DZD" not in text and ",90" not in text


# members


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_member_reads_and_accepts(world: World, browse: Browse, language: str) -> None:
    ready(world)
    quoted(world, {0: "100", 1: "90"})
    group = proposed(world, message="مرحبا")
    place = group.members.get(enterprise__code=FIRST)
    client = browse("member", language=language)
    page = read(client, "groups:place", place.pk)
    assert "مرحبا" in page and "950,000" not in page and "450,000" not in page
    assert group.code in read(client, "groups:list")
    assert "450,000" not in read(client, "groups:own-agreement", place.pk)
    response = client.post(reverse("groups:accept", args=(place.pk,)))
    assert response.status_code == 303
    place.refresh_from_db()
    assert place.status == "accepted"
    assert reverse("groups:decline", args=(place.pk,)) not in read(client, "groups:place", place.pk)
    assert client.post(reverse("groups:accept", args=(place.pk,))).status_code == 409


def test_a_member_declines_with_a_reason(world: World, browse: Browse) -> None:
    ready(world)
    second_member(world)
    group = proposed(world)
    place = group.members.get(enterprise__code=FIRST)
    client = browse("member")
    address = reverse("groups:decline", args=(place.pk,))
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "dates", "note": "trop tôt"}).status_code == 303
    officer = read(browse("officer"), "groups:page", group.code)
    assert "dates cannot be kept" in officer and "trop tôt" in officer
    assert "Compose again without those who declined" in officer and f"without={FIRST.replace(':', '%3A')}" in officer


def test_strangers_see_nothing(world: World, browse: Browse) -> None:
    ready(world)
    group = proposed(world)
    place = group.members.get(enterprise__code=SECOND)
    for role in ("member", "analyst", "institution"):
        client = browse(role)
        for name, argument in (
            ("groups:page", group.code), ("groups:place", place.pk), ("groups:csv", group.code),
            ("groups:own-agreement", place.pk), ("groups:agreement", group.code), ("groups:propose", group.code),
        ):  # fmt: skip
            assert client.get(reverse(name, args=(argument,))).status_code in (403, 404), (role, name)
    assert browse("analyst").get(reverse("groups:list")).status_code == 403


def test_doors_to_the_composer(world: World, browse: Browse) -> None:
    need = ready(world)
    address = reverse("groups:compose", args=("dz-N-1",))
    for role in ("officer", "buyer"):
        assert address in read(browse(role), "needs:page", "dz-N-1")
        assert address in read(browse(role), "matches:matrix", "dz-N-1")
    Need.objects.filter(pk=need.pk).update(confidentiality="open")
    assert address not in read(browse("member"), "needs:page", "dz-N-1")
    Need.objects.filter(pk=need.pk).update(status="closed")
    assert address not in read(browse("officer"), "matches:matrix", "dz-N-1")
