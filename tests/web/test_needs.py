"""The needs' pages: from a text in any language to release, without JavaScript; lists, files, versions, passing on; who sees what."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from tashbik.exchange.models import Attachment, Need, Referral, Role
from tashbik.exchange.need_sheet import edition_of, is_pending, sheet_of
from tashbik.exchange.queries import needs as queries
from tashbik.exchange.verbs import needs as verbs
from tests.exchange.test_needs import TEXT, released
from tests.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

SOON = (timezone.localdate() + timedelta(days=40)).isoformat()
NEEDS = {
    "ar": (
        "1- صب 2000 غطاء مضخة شهريا من حديد الزهر GG25 بوزن 12 كغ، شهادة إيزو 9001 إلزامية\n"
        "2- خراطة أعمدة فولاذ C45 قطر 40 مم وطول 1.2 م، 500 قطعة، تفاوت ±0.05 مم\n"
        "التسليم في سطيف قبل 31 مارس 2027",
        2,
        {"DZ-19"},
        "التسليم",
    ),
    "fr": (
        "5 000 pièces/mois de carters en aluminium moulé sous pression (alliage AlSi9Cu3), 34 × 22 × 9 cm, tolérance ±0,1 mm, "
        "IATF 16949 exigé, livraison à Blida avant le 15 mars 2027",
        1,
        {"DZ-09"},
        "livraison",
    ),
    "en": (
        "- 10,000 stainless steel 316L flanges, DN 100, lead time 6 weeks\n- 300 pieces of machined shafts in C45, 2.5 kg each\n"
        "Delivery Oran by 2027-02-01, ISO 9001 preferred",
        2,
        {"DZ-31"},
        "delivery",
    ),
}


def page(client: Client, name: str, *arguments: Any, status: int = 200, query: str = "") -> str:
    """A page's text."""
    response = client.get(reverse(f"needs:{name}", args=arguments) + query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def edition(text: str) -> str:
    """The edition that a form on the page carries."""
    found = re.search(r'name="edition" value="(\d+)"', text)
    assert found, "no form with an edition"
    return found[1]


def send(client: Client, name: str, *arguments: Any, **values: Any) -> Any:
    """Post a form to a page."""
    return client.post(reverse(f"needs:{name}", args=arguments), values)


def act(client: Client, code: str, line: str, do: str) -> None:
    """Press a button of a line."""
    values = {"edition": edition(page(client, "lines", code)), "do": do}
    assert send(client, "line-act", code, line, **values).status_code == 302


def terms(**changes: Any) -> dict[str, Any]:
    """Terms as they are typed."""
    given = {
        "title": "Carters",
        "kind": "subcontract",
        "place": "Blida",
        "country": "DZ",
        "incoterm": "DAP",
        "due": SOON,
        "confidentiality": "open",
        "eligibility": "",
    }
    return {**given, **changes}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("role", [Role.BUYER, Role.OFFICER])
def test_from_a_text_to_release(world: World, browse: Callable[..., Client], language: str, role: str) -> None:
    text, count, region, _word = NEEDS[language]
    client = browse(role, language)
    page(client, "new")
    response = send(
        client, "new", text=text, kind="subcontract", **({"buyer": world.buyer.pk} if role == "officer" else {})
    )
    code = Need.objects.order_by("-pk")[0].code
    assert response["Location"] == reverse("needs:lines", args=(code,))
    need = Need.objects.get(code=code)
    assert (len(need.record["lines"]), need.buyer, need.language) == (count, world.buyer, language)
    # nothing is released before all is complete
    check = page(client, "check", code)
    assert reverse("needs:release", args=(code,)) not in check
    assert send(client, "release", code, edition=edition(page(client, "lines", code))).status_code == 422
    for line in need.record["lines"]:
        shown = page(client, "lines", code)
        response = send(
            client, "quantity", code, line["id"], edition=edition(shown), value="1 500", unit="piece", period="month",
            price_breaks="500; 1 500؛ ٣٠٠٠",
        )  # fmt: skip
        assert response.status_code == 302
        act(client, code, line["id"], "confirm")
    shown = page(client, "terms", code)
    place = re.search(r'name="place" value="([^"]*)"', shown)
    assert place
    values = terms(place=place[1], edition=edition(shown))
    if role == "officer":
        values["buyer"] = world.buyer.pk
    assert send(client, "terms", code, **values)["Location"] == reverse("needs:drawings", args=(code,))
    page(client, "drawings", code)
    check = page(client, "check", code)
    assert send(client, "release", code, edition=edition(check))["Location"] == reverse("needs:page", args=(code,))
    need.refresh_from_db()
    assert (need.status, need.version) == ("released", 1)
    assert {sheet_of(need).place.region} == region
    assert [list(sheet_of(need).of_line(line.id).price_breaks) for line in sheet_of(need).lines] == [
        [500, 1500, 3000]
    ] * count
    shown = page(client, "page", code)
    assert world.buyer.name in shown
    for one in ("dz", "visitor"):
        assert page(browse("" if one == "visitor" else Role.MEMBER, language), "page", code)


def test_units_dates_and_sizes_are_understood_and_shown(world: World, browse: Callable[..., Client]) -> None:
    for language in ("ar", "fr", "en"):
        need = verbs.create(actor=world[Role.BUYER], text=NEEDS[language][0])
        stated = {one.kind: one for line in sheet_of(need).lines for one in line.requirements}
        shown = page(browse(Role.BUYER, language), "lines", need.code)
        if language == "fr":
            assert stated["envelope"].numbers == (340, 220, 90)
            assert "340 × 220 × 90" in shown
            assert "15 mars 2027" in shown
        elif language == "en":
            assert stated["lead_time"].numbers == (42,)
            assert "42 days" in shown
            assert "1 February 2027" in shown
        else:
            assert (40.0 in stated["envelope"].numbers, stated["weight"].numbers) == (True, (12,))
            assert "31 مارس 2027" in shown
            assert "EN-GJL-250" in shown  # the grade by the European designation, beside GG25 as written
            assert "<bdi>GG25</bdi>" in shown


@pytest.fixture
def draft(world: World) -> Need:
    """A buyer's draft."""
    return verbs.create(actor=world[Role.BUYER], text=TEXT)


def requirements(need: Need, line: str = "1") -> list[Any]:
    """What a line states."""
    return list(sheet_of(Need.objects.get(pk=need.pk)).line(line).requirements)


def test_buttons_of_a_line(world: World, browse: Callable[..., Client], draft: Need) -> None:
    client = browse(Role.BUYER)
    before = requirements(draft)
    act(client, draft.code, "1", "switch:0")
    assert requirements(draft)[0].mandatory != before[0].mandatory
    act(client, draft.code, "1", "drop:0")
    assert [one.kind for one in requirements(draft)] == [one.kind for one in before[1:]]
    act(client, draft.code, "1", "confirm")
    assert sheet_of(Need.objects.get(pk=draft.pk)).of_line("1").confirmed
    act(client, draft.code, "1", "unconfirm")
    send(
        client,
        "line-new",
        draft.code,
        edition=edition(page(client, "lines", draft.code)),
        words="200 brides en acier 316L",
    )
    assert len(sheet_of(Need.objects.get(pk=draft.pk)).lines) == 2
    act(client, draft.code, "2", "merge")
    assert sheet_of(Need.objects.get(pk=draft.pk)).lines[0].text.endswith("316L")
    shown = page(client, "line-text", draft.code, "1")
    rows = {"text": "500 carters\n200 brides\n300 arbres", "rows": "on", "edition": edition(shown)}
    assert send(client, "line-text", draft.code, "1", **rows).status_code == 302
    assert [one.id for one in sheet_of(Need.objects.get(pk=draft.pk)).lines] == [
        "1",
        "3",
        "4",
    ]  # no number is given twice
    act(client, draft.code, "3", "remove")
    assert [one.id for one in sheet_of(Need.objects.get(pk=draft.pk)).lines] == ["1", "4"]
    for nonsense in ("drop:99", "merge"):  # there is none so far down; nothing stands before the first line
        act(client, draft.code, "1", nonsense)
    assert send(client, "line-act", draft.code, "1", edition=0, do="dance").status_code == 404


def test_confirming_all_lines_at_once(world: World, browse: Callable[..., Client]) -> None:
    need = verbs.create(actor=world[Role.BUYER], text="- 500 carters\n- 200 brides")
    client = browse(Role.BUYER)
    send(client, "confirm-all", need.code, edition=edition(page(client, "lines", need.code)))
    assert all(sheet_of(Need.objects.get(pk=need.pk)).of_line(one).confirmed for one in ("1", "2"))


def test_requirements_in_words(world: World, browse: Callable[..., Client], draft: Need) -> None:
    client = browse(Role.BUYER, "fr")
    ask = {"edition": edition(page(client, "lines", draft.code))}
    assert send(client, "words", draft.code, "1", **ask, words="tolérance ±0,05 mm, ISO 14001 exigé").status_code == 302
    kinds = {one.kind: one for one in requirements(draft)}
    assert kinds["tolerance"].numbers == (0.05,)
    assert any(one.values == ("certificate.iso-14001",) for one in requirements(draft))
    ask = {"edition": edition(page(client, "lines", draft.code))}
    refused = send(client, "words", draft.code, "1", **ask, words="comme d'habitude")
    assert refused.status_code == 422
    assert "comme d&#x27;habitude" in refused.content.decode()  # what was typed is kept


GIVEN = {
    "process": ({"words": "usinage CNC"}, lambda one: one.values and one.values[0].startswith("process.")),
    "material": ({"words": "AlSi9Cu3"}, lambda one: (one.values, one.unit) == (("en-ac-46000",), "grade")),
    "certificate": ({"words": "ISO 9001"}, lambda one: one.values == ("certificate.iso-9001",)),
    "envelope": ({"first": "34", "second": "22,5", "third": "", "unit": "cm"}, lambda one: one.numbers == (340, 225)),
    "weight": ({"value": "٢٥٠", "unit": "g"}, lambda one: one.numbers == (0.25,)),
    "tolerance": ({"value": "50", "unit": "um", "words": ""}, lambda one: one.numbers == pytest.approx((0.05,))),
    "lead_time": ({"value": "6", "unit": "week"}, lambda one: one.numbers == (42,)),
    "quantity": (
        {"value": "1,500", "unit": "kg", "period": "month"},
        lambda one: (one.numbers, one.unit) == ((1500,), "kg"),
    ),
    "delivery": ({"place": "سطيف", "country": "DZ", "due": "2027-03-01"}, lambda one: one.place.region == "DZ-19"),
    "place": ({"place": "Sétif", "country": "DZ", "within": "100"}, lambda one: one.numbers == (100,)),
    "hs": ({"words": "7616.99"}, lambda one: one.values == ("761699",)),
    "form": ({"words": "comprimé"}, lambda one: bool(one.values)),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_requirements_by_hand(world: World, browse: Callable[..., Client], draft: Need, kind: str) -> None:
    client, (values, right) = browse(Role.BUYER, "fr"), GIVEN[kind]
    url = reverse("needs:requirement-new", args=(draft.code, "1")) + f"?kind={kind}"
    shown = client.get(url).content.decode()
    response = client.post(url, {**values, "mandatory": "no", "edition": edition(shown)})
    assert response.status_code == 302, response.content.decode()
    number, made = len(requirements(draft)) - 1, requirements(draft)[-1]
    assert (made.kind, made.mandatory) == (kind, False)
    assert right(made), made
    # and corrected: the form shows what is there and gives the same again
    url = reverse("needs:requirement", args=(draft.code, "1", number))
    response = client.get(url)
    form = response.context["form"]
    again = {name: value for name, value in form.initial.items() if value not in (None, "")}
    response = client.post(url, {**again, "mandatory": "yes", "edition": edition(response.content.decode())})
    assert response.status_code == 302, response.content.decode()
    assert right(requirements(draft)[number]), requirements(draft)[number]
    assert requirements(draft)[number].mandatory


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("process", {"words": "abracadabra"}),
        ("envelope", {"first": "-3", "unit": "mm"}),
        ("envelope", {"first": "x", "unit": "mm"}),
        ("weight", {"value": "", "unit": "kg"}),
        ("tolerance", {"value": "", "words": "", "unit": "mm"}),
        ("delivery", {"place": "", "country": "", "due": ""}),
        ("delivery", {"place": "Oran", "due": "demain"}),
        ("hs", {"words": "99"}),
        ("form", {"words": "zzz"}),
    ],
)
def test_values_that_are_none_are_told(
    world: World, browse: Callable[..., Client], draft: Need, kind: str, values: dict[str, str]
) -> None:
    url = reverse("needs:requirement-new", args=(draft.code, "1")) + f"?kind={kind}"
    before = requirements(draft)
    response = browse(Role.BUYER).post(url, {**values, "mandatory": "yes", "edition": 0})
    assert response.status_code == 422
    assert 'class="errors"' in response.content.decode()
    assert requirements(draft) == before


def test_words_that_name_several_things_are_asked_back(
    world: World, browse: Callable[..., Client], draft: Need
) -> None:
    client = browse(Role.BUYER)
    url = reverse("needs:requirement-new", args=(draft.code, "1")) + "?kind=process"
    response = client.post(url, {"words": "laser", "mandatory": "yes", "edition": 0})
    assert response.status_code == 422
    near = response.context["form"].near
    assert len(near) > 1
    response = client.post(url, {"words": "laser", "concept": near[:2], "mandatory": "yes", "edition": 0})
    assert requirements(draft)[-1].values == tuple(near[:2])


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    world: World, browse: Callable[..., Client], draft: Need
) -> None:
    buyer, officer = browse(Role.BUYER), browse(Role.OFFICER)
    first, second = edition(page(buyer, "terms", draft.code)), edition(page(officer, "terms", draft.code))
    assert send(buyer, "terms", draft.code, **terms(title="First", edition=first)).status_code == 302
    refused = send(officer, "terms", draft.code, **terms(title="Second words", edition=second))
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Second words" in text
    assert "meanwhile" in text
    assert Need.objects.get(pk=draft.pk).title == "First"
    assert send(officer, "terms", draft.code, **terms(title="Second words", edition=edition(text))).status_code == 302
    assert Need.objects.get(pk=draft.pk).title == "Second words"


def test_a_place_that_nobody_knows_is_kept_and_said(world: World, browse: Callable[..., Client], draft: Need) -> None:
    client = browse(Role.BUYER)
    shown = page(client, "terms", draft.code)
    send(client, "terms", draft.code, **terms(place="Trifouillis", edition=edition(shown)))
    assert sheet_of(Need.objects.get(pk=draft.pk)).place.locality == "Trifouillis"
    assert "gazetteer" in page(client, "terms", draft.code)


def test_a_released_need_gets_versions(world: World, browse: Callable[..., Client]) -> None:
    need = released(world[Role.BUYER])
    client = browse(Role.BUYER)
    shown = page(client, "lines", need.code)
    send(
        client, "quantity", need.code, "1", edition=edition(shown), value="800", unit="piece", period="month", price_breaks=""
    )  # fmt: skip
    assert is_pending(Need.objects.get(pk=need.pk))
    assert "not in force" in page(client, "page", need.code)
    outside = page(browse(Role.MEMBER), "page", need.code)
    assert "800 " not in outside
    assert "not in force" not in outside
    send(client, "release", need.code, edition=edition(page(client, "check", need.code)))
    assert Need.objects.get(pk=need.pk).version == 2
    compared = page(client, "versions", need.code)
    assert "500 pieces a month" in compared
    assert "800 pieces a month" in compared
    assert page(client, "versions", need.code, query="?from=2&to=1")
    assert "500 pieces" not in page(
        browse(Role.MEMBER), "versions", need.code
    )  # earlier versions are the buyer's side's
    act(client, need.code, "1", "switch:0")
    send(client, "discard", need.code, edition=edition(page(client, "check", need.code)))
    assert not is_pending(Need.objects.get(pk=need.pk))


def test_needs_from_a_file_row_by_row(world: World, browse: Callable[..., Client]) -> None:
    client = browse(Role.BUYER)
    rows = "id,text,country,locality,due\nA,500 carters en aluminium,DZ,Sétif,2027-03-01\nB,,DZ,,\nC,200 brides en acier,DZ,,demain\n"
    for file in (SimpleUploadedFile("needs.csv", rows.encode()), _workbook(rows)):
        before = Need.objects.count()
        response = client.post(reverse("needs:upload"), {"file": file})
        assert response["Location"] == reverse("needs:uploaded")
        assert Need.objects.count() == before + 1
        report = page(client, "uploaded")
        assert "write what is asked for" in report
        assert "demain" in report
    need = Need.objects.order_by("-pk")[0]
    assert (need.status, need.buyer, sheet_of(need).place.region) == ("draft", world.buyer, "DZ-19")


def _workbook(rows: str) -> SimpleUploadedFile:
    book, stream = Workbook(), BytesIO()
    for row in rows.splitlines():
        book.active.append(row.split(","))
    book.save(stream)
    return SimpleUploadedFile("needs.xlsx", stream.getvalue())


@pytest.mark.parametrize(
    ("name", "content"), [("needs.pdf", b"%PDF"), ("needs.xlsx", b"no workbook"), ("needs.csv", b"foo,bar\n1,2\n")]
)
def test_files_that_are_none_are_refused(
    world: World, browse: Callable[..., Client], name: str, content: bytes
) -> None:
    before = Need.objects.count()
    response = browse(Role.BUYER).post(reverse("needs:upload"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert "Nothing was taken" in response.content.decode()
    assert Need.objects.count() == before


def test_drawings_with_revisions(world: World, browse: Callable[..., Client], draft: Need) -> None:
    client = browse(Role.BUYER)
    file = SimpleUploadedFile("carter.pdf", b"%PDF-1.4\n%%EOF\n")
    response = client.post(
        reverse("needs:drawings", args=(draft.code,)),
        {"file": file, "title": "Carter", "revision": "B", "replaces": ""},
    )
    assert response.status_code == 302, response.content.decode()
    attached = Attachment.objects.get(owner_kind="need", owner_id=draft.pk)
    assert (attached.title, attached.revision) == ("Carter", "B")
    newer = SimpleUploadedFile("carter.pdf", b"%PDF-1.5\n%%EOF\n")
    values = {"file": newer, "title": "Carter", "revision": "C", "replaces": attached.pk}
    assert client.post(reverse("needs:drawings", args=(draft.code,)), values).status_code == 302
    assert [one.revision for one in queries.attachments(world[Role.BUYER], draft)] == ["C"]
    newest = queries.attachments(world[Role.BUYER], draft)[0]
    link = reverse("attachments:open", args=(newest.pk,))
    assert link in page(client, "page", draft.code)
    assert b"".join(client.get(link, follow=True).streaming_content) == b"%PDF-1.5\n%%EOF\n"  # type: ignore[attr-defined]
    Need.objects.filter(pk=draft.pk).update(status="released", confidentiality="open")
    member = browse(Role.MEMBER)
    assert link not in page(member, "page", draft.code)  # drawings are for who is invited
    assert member.get(link).status_code == 403
    refused = client.post(reverse("needs:drawings", args=(draft.code,)), {"title": "x"})
    assert refused.status_code == 422


def test_passing_on_and_deciding(world: World, browse: Callable[..., Client]) -> None:
    need = released(world[Role.BUYER], anonymous=True)
    officer = browse(Role.OFFICER)
    assert "Other exchange" in page(officer, "refer", need.code)
    assert send(officer, "refer", need.code, exchange=world.tn.pk, note="Fonderies ?").status_code == 302
    assert page(browse(Role.BUYER), "refer", need.code, status=403)
    there = browse("")
    there.force_login(world.elsewhere[Role.OFFICER].user, "allauth.account.auth_backends.AuthenticationBackend")
    assert need.title in page(there, "view", "referred")
    shown = page(there, "page", need.code)
    assert "Fonderies ?" in shown
    assert world.buyer.name not in shown
    referral = Referral.objects.get()
    assert send(officer, "decide", need.code, referral.pk, decision="take").status_code == 403
    assert send(there, "decide", need.code, referral.pk, decision="take").status_code == 302
    assert Referral.objects.get().status == "taken"
    assert send(there, "decide", need.code, referral.pk, decision="decline").status_code == 409
    for name in ("lines", "terms", "check", "text", "drawings", "close", "withdraw", "refer"):
        page(there, name, need.code, status=403)  # they work with it; its own side changes it
    assert "no other exchange" in page(officer, "refer", need.code)


def test_ending_a_need(world: World, browse: Callable[..., Client], draft: Need) -> None:
    client = browse(Role.BUYER)
    page(client, "withdraw", draft.code)
    assert send(client, "withdraw", draft.code, reason="plus de budget").status_code == 302
    assert Need.objects.get(pk=draft.pk).status == "withdrawn"
    page(client, "lines", draft.code, status=409)
    need = released(world[Role.BUYER])
    page(client, "close", need.code)
    assert send(client, "close", need.code).status_code == 302
    assert send(client, "close", need.code).status_code == 409


def test_an_anonymous_buyer_is_on_no_page_of_others(world: World, browse: Callable[..., Client]) -> None:
    need = released(world[Role.BUYER], anonymous=True)
    Need.objects.filter(pk=world.need.pk).update(confidentiality="officers")
    for role in Role:
        inside = role in (Role.BUYER, Role.OFFICER)
        client = browse(role)
        for text in (page(client, "page", need.code), page(client, "list"), page(client, "versions", need.code)):
            assert inside or world.buyer.name not in text, role
        assert inside or need.code not in page(client, "list", query=f"?q={world.buyer.name}"), role


PAGES = ("lines", "text", "terms", "drawings", "check", "close", "withdraw")


@pytest.mark.parametrize("role", list(Role))
def test_each_roles_access(world: World, browse: Callable[..., Client], role: str, draft: Need) -> None:
    client, inside = browse(role), role in (Role.BUYER, Role.OFFICER)
    page(client, "list")
    page(client, "new", status=200 if inside else 302 if role == Role.VISITOR else 403)
    for name in ("page", *PAGES):  # others are not even told that there is a draft
        page(client, name, draft.code, status=200 if inside else 404)
    assert send(client, "release", draft.code, edition=0).status_code == (422 if inside else 404)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_lists_say_what_to_do_when_empty(world: World, browse: Callable[..., Client], language: str) -> None:
    Need.objects.all().delete()
    for role in (Role.OFFICER, Role.BUYER, Role.VISITOR):
        assert 'class="empty"' in page(browse(role, language), "list")
    for view in ("drafts", "unasked", "referred"):
        assert 'class="empty"' in page(browse(Role.OFFICER, language), "view", view)
    assert 'class="empty"' in page(browse(Role.OFFICER, language), "list", query="?q=zzz")
    page(browse(Role.OFFICER, language), "view", "nonsense", status=404)


def test_arabic_pages_run_right_to_left_with_codes_apart(world: World, browse: Callable[..., Client]) -> None:
    need = verbs.create(actor=world[Role.BUYER], text=NEEDS["ar"][0])
    text = page(browse(Role.BUYER, "ar"), "lines", need.code)
    assert 'dir="rtl"' in text
    assert "<bdi>GG25</bdi>" in text
    assert 'lang="ar" dir="auto"' in text
    for english in ("Confirm this line", "As written", "mandatory", "Line 1"):
        assert english not in text


def queries_of(client: Client, url: str) -> int:
    """How many queries a page makes."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_needs_nor_lines(world: World, browse: Callable[..., Client]) -> None:
    client = browse(Role.OFFICER)
    one = verbs.create(actor=world[Role.BUYER], text=TEXT)
    three = verbs.create(actor=world[Role.BUYER], text=f"- {TEXT}\n- {TEXT}\n- {TEXT}")
    assert len(sheet_of(three).lines) == 3
    for name in ("lines", "check", "page"):
        counts = [queries_of(client, reverse(f"needs:{name}", args=(need.code,))) for need in (one, three)]
        assert counts[0] == counts[1], name
    Need.objects.exclude(pk=one.pk).delete()
    before = queries_of(client, reverse("needs:list"))
    for need in (released(world[Role.BUYER]), released(world[Role.BUYER])):
        verbs.refer(actor=world[Role.OFFICER], need=need, exchange=world.tn)
    assert queries_of(client, reverse("needs:list")) == before
    assert edition_of(one) == 0
