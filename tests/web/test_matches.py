"""The pages of matches in three languages, without scripts: matrix, cell, side by side, why not, questions, decisions, PDF, XLSX."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tashbik.exchange.index import register_index
from tashbik.exchange.models import MatchOverride, Need, Question
from tashbik.exchange.storing import new_row, store_many
from tashbik.web import printing
from tashbik.web.templatetags.bidi import bidi
from tests.world import World, record

Browse = Callable[..., Client]
CODE = "dz-N-1"
BASE = f"/matches/{CODE}/"


@pytest.fixture
def indexed(world: World) -> World:
    """The world with its index brought up."""
    register_index().follow()
    return world


def page(client: Client, url: str, **given: Any) -> str:
    """The text of a page that must be there."""
    response = client.get(url, given)
    assert response.status_code == 200, response.content[:500]
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ["المطابقات", "مسبك الهضاب", "العملية", "مستوفى", "غير معلوم", "ADC12", "أرسل"]),
        ("fr", ["Correspondances", "procédé", "satisfaite", "à préciser", "ADC12", "Envoyer"]),
        ("en", ["Matches", "process", "met", "unknown", "ADC12", "Send the questions"]),
    ],
)
def test_the_matrix_in_three_languages(indexed: World, browse: Browse, language: str, words: list[str]) -> None:
    text = page(browse("officer", language), BASE)
    assert all(one in text for one in words), [one for one in words if one not in text]


def test_choices_stand_in_the_address(indexed: World, browse: Browse) -> None:
    client = browse("buyer")
    weights = {"w.process": "0", "w.product": "0", "w.material": "0", "w.certificate": "0", "w.delivery": "3"}
    weights["w.quantity"] = "0"
    assert page(client, BASE).index("مسبك الهضاب") < page(client, BASE).index("Fonderie du Sahel")
    text = page(client, BASE, **weights)
    assert text.index("Fonderie du Sahel") < text.index("مسبك الهضاب")
    assert "Fonderie de Sfax" not in page(client, BASE, own="1")
    assert page(client, BASE, sort="nonsense", page="99", **{"w.process": "17"})


@pytest.mark.parametrize("role", ["visitor", "member", "analyst", "institution", "administrator"])
def test_others_are_refused(indexed: World, browse: Browse, role: str) -> None:
    Need.objects.update(confidentiality=Need.Confidentiality.OPEN)
    for url in (
        BASE,
        BASE + "words/",
        BASE + "questions/",
        BASE + "why-not/",
        BASE + "matches.xlsx",
        BASE + "override/",
    ):
        assert browse(role).get(url).status_code in (302, 403), url
    assert browse("buyer").get(BASE + "override/").status_code == 403
    assert browse(role).get("/matches/").status_code == (200 if role == "member" else 302 if role == "visitor" else 403)


def test_a_cell_opens_with_and_without_scripts(indexed: World, browse: Browse) -> None:
    given = {"line": "1", "enterprise": "dz:F-1", "number": "2"}
    whole = page(browse("officer", "fr"), BASE + "cell/", **given)
    assert "ADC12" in whole
    assert "</html>" in whole
    part = browse("officer", "fr").get(BASE + "cell/", given, headers={"HX-Request": "true"}).content.decode()
    assert "ADC12" in part
    assert "</html>" not in part
    for wrong in (
        {**given, "number": "99"},
        {**given, "number": "x"},
        {**given, "enterprise": "nobody"},
        {**given, "line": "9"},
    ):
        assert browse("officer").get(BASE + "cell/", wrong).status_code == 404


def test_side_by_side(indexed: World, browse: Browse) -> None:
    client = browse("officer")
    chosen = {"enterprise": ["dz:F-1", "dz:F-2"], "act": "compare", "line": "1"}
    response = client.post(BASE + "chosen/", chosen)
    assert response.status_code == 303
    text = page(client, response["Location"])
    assert "مسبك الهضاب" in text
    assert "Fonderie du Sahel" in text
    assert text.count("best") >= 2
    response = client.post(BASE + "chosen/", {"enterprise": ["dz:F-1"], "act": "compare"}, follow=True)
    assert "Two to 4 enterprises can be compared" in response.content.decode()


def test_why_not(indexed: World, browse: Browse) -> None:
    assert "dz:F-3" in page(browse("buyer"), BASE + "why-not/", q="annaba")
    text = page(browse("buyer", "fr"), BASE + "why-not/", enterprise="dz:F-3")
    assert "non satisfaite" in text
    assert "No published enterprise" in page(browse("buyer"), BASE + "why-not/", q="<script>")
    assert browse("buyer").get(BASE + "why-not/", {"enterprise": "dz:none"}).status_code == 404


def test_the_words_that_matched(indexed: World, browse: Browse) -> None:
    text = page(browse("officer", "ar"), BASE + "words/")
    assert "صب تحت الضغط" in text
    assert "Fonderie du Sahel" in text


def test_questions_from_the_matrix_to_the_settled_answer(indexed: World, browse: Browse) -> None:
    buyer, member = browse("buyer"), browse("member", "ar")
    response = buyer.post(BASE + "questions/", {"enterprise": ["dz:F-1", "tn:F-9"], "line": "1"}, follow=True)
    text = response.content.decode()
    assert "1 question was sent to 1 enterprise." in text
    assert "Enterprises of other exchanges were left out" in text
    question = Question.objects.get()
    assert "سؤال" in page(member, "/")
    url = f"/matches/answer/{CODE}/{indexed.enterprises[0].pk}/"
    asked = page(member, url)
    assert question.asked["ar"][:10] in asked
    assert indexed.buyer.name in asked
    assert member.post(url, {f"words-{question.pk}": ""}).status_code == 422
    done = member.post(url, {f"claim-{question.pk}": "pass", f"words-{question.pk}": "نعم، 300 قطعة"})
    assert done.status_code == 303
    assert "نعم، 300" in page(buyer, BASE)
    answers = page(buyer, BASE + "questions/")
    assert "The answer meets it" in answers
    done = buyer.post(f"/matches/settle/{question.pk}/", {"verdict": "pass", "next": BASE})
    assert (done.status_code, done["Location"]) == (303, BASE)
    assert "answered by the enterprise on" in page(buyer, BASE)
    assert "مستوفى" in page(member, url)


def test_an_anonymous_buyer_stays_anonymous_to_the_enterprise(indexed: World, browse: Browse) -> None:
    Need.objects.update(anonymous=True)
    browse("buyer").post(BASE + "questions/", {"enterprise": "dz:F-1", "line": "1"})
    url = f"/matches/answer/{CODE}/{indexed.enterprises[0].pk}/"
    assert indexed.buyer.name not in page(browse("member", "fr"), url)
    assert browse("analyst").get(url).status_code == 403
    assert browse("member").get(f"/matches/answer/{CODE}/{indexed.enterprises[1].pk}/").status_code == 404


def test_an_officer_decides_otherwise_and_takes_it_back(indexed: World, browse: Browse) -> None:
    officer = browse("officer")
    given = {"line": "1", "enterprise": "dz:F-2", "number": "2"}
    assert "Reason" in page(officer, BASE + "override/", **given)
    assert officer.post(BASE + "override/", {**given, "decision": "pass", "reason": ""}).status_code == 422
    done = officer.post(BASE + "override/", {**given, "decision": "pass", "reason": "Seen on a visit"})
    assert done.status_code == 303
    assert "decided by an officer" in page(officer, BASE)
    cell = page(browse("buyer"), BASE + "cell/", **given)
    assert "Seen on a visit" in cell
    assert "officer dz" in cell
    assert officer.post(f"/matches/restore/{MatchOverride.objects.get().pk}/").status_code == 303
    assert "decided by an officer" not in page(officer, BASE)


def test_an_officer_leaves_an_enterprise_out(indexed: World, browse: Browse) -> None:
    officer = browse("officer")
    officer.post(BASE + "override/", {"enterprise": "dz:F-1", "decision": "drop", "reason": "In liquidation"})
    assert "In liquidation" in page(officer, BASE)
    assert "Take back" in page(officer, BASE)
    assert "Take back" not in page(browse("buyer"), BASE)


def test_a_need_without_lines(indexed: World, browse: Browse) -> None:
    indexed.need.record = {**indexed.need.record, "lines": []}
    indexed.need.save()
    assert "There is nothing to match yet" in page(browse("officer"), BASE)


def test_several_lines_stand_together_and_alone(indexed: World, browse: Browse) -> None:
    line = indexed.need.record["lines"][0]
    second = {
        "id": "2",
        "text": "tournage CNC acier",
        "requirements": [{"kind": "process", "values": ["process.cnc-turning"]}],
    }
    indexed.need.record = {**indexed.need.record, "lines": [line, second]}
    indexed.need.save()
    text = page(browse("officer"), BASE)
    assert "Line 2" in text
    assert "not found for this line" in text
    assert "Atelier" in page(browse("officer"), BASE, line="2")
    assert browse("officer").get(BASE, {"line": "7"}).status_code == 404


@pytest.mark.parametrize("extra", [0, 2])
def test_the_number_of_queries_does_not_grow(indexed: World, browse: Browse, extra: int) -> None:
    made = [record(f"X-{n}", f"Fonderie {n}", "Moulage sous pression, ADC12", "DZ", "Blida") for n in range(extra)]
    store_many([(new_row(indexed.dz, one), one) for one in made], ())
    register_index().follow()
    client = browse("officer")
    assert page(client, BASE, near="1").count('name="enterprise"') >= 3 + extra
    with CaptureQueriesContext(connection) as caught:
        page(client, BASE, near="1")
    assert len(caught) <= 15, [one["sql"][:90] for one in caught]


# paper and spreadsheet


def test_the_spreadsheet_reads_back(indexed: World, browse: Browse) -> None:
    known = indexed.enterprises[1]
    known.name_fr = "=HYPERLINK(1)"
    known.save()
    response = browse("officer", "ar").get(BASE + "matches.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(response.content)).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[2][0] == "المؤسسة"
    assert rows[3][0] == "مسبك الهضاب"
    assert "'=HYPERLINK(1)" in {row[0] for row in rows}
    assert any("مستوفى" in str(value) and "ADC12" in str(value) for value in rows[3])
    french = openpyxl.load_workbook(BytesIO(browse("officer", "fr").get(BASE + "matches.xlsx").content)).worksheets[0]
    assert not french.sheet_view.rightToLeft


def test_the_pdf_has_the_arabic_text_and_an_embedded_font(indexed: World, browse: Browse) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf (requirements-dev.txt) is not installed")
    if not printing.has_arabic_font():
        pytest.skip("no font with Arabic letters is installed; install fonts-noto-core")
    response = browse("officer", "ar").get(BASE + "matches.pdf")
    assert response["Content-Type"] == "application/pdf"
    read = pypdf.PdfReader(BytesIO(response.content))
    text = "".join(one.extract_text() for one in read.pages)
    assert "ADC12" in text
    assert any("\u0600" <= one <= "\u06ff" or "\ufb50" <= one <= "\ufefc" for one in text)
    assert (
        "\u0645\u0633\u062a\u0648\u0641\u0649" in text or "\u0649\u0641\u0648\u062a\u0633\u0645" in text
    )  # met, in either order of letters
    assert embedded_fonts(read)


def embedded_fonts(read: Any) -> set[str]:
    """Names of the fonts whose files a PDF carries."""
    fonts = set()
    for one in read.pages:
        for font in one["/Resources"]["/Font"].values():
            for inner in font.get_object().get("/DescendantFonts", []):
                descriptor = inner.get_object()["/FontDescriptor"]
                if {"/FontFile2", "/FontFile3"} & set(descriptor):
                    fonts.add(str(descriptor["/FontName"]))
    return fonts


def test_a_missing_font_names_the_package(indexed: World, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "has_arabic_font", lambda: False)
    response = browse("officer").get(BASE + "matches.pdf")
    assert response.status_code == 503
    assert "fonts-noto-core" in response.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.png",
        "file:///etc/hostname",
        "static://host/a.css",
        "static:/../settings.py",
        "static:/no/such.css",
        "data:,x",
    ],
)
def test_a_printed_page_fetches_own_static_files_only(url: str) -> None:
    with pytest.raises(ValueError, match="static"):
        printing.static_file(url)
    assert printing.static_file("static:/tashbik/icons/icons.svg").is_file()


# words that run the other way


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("ar", "السبيكة ADC12 مطلوبة", 'السبيكة <bdi dir="ltr">ADC12</bdi> مطلوبة'),
        ("ar", "400×300 مم", '<bdi dir="ltr">400×300</bdi> مم'),
        ("ar", "المسافة 230 كم", "المسافة 230 كم"),
        ("ar", "وفق ISO 9001:2015، سارية", 'وفق <bdi dir="ltr">ISO 9001:2015</bdi>، سارية'),
        ("ar", "<b>A & B</b>", '<bdi dir="ltr">&lt;b&gt;A &amp; B&lt;/b&gt;</bdi>'),
        ("ar", "شركة <b>", 'شركة &lt;<bdi dir="ltr">b</bdi>&gt;'),
        ("fr", "demandé : صب تحت الضغط, ici", 'demandé : <bdi dir="rtl">صب تحت الضغط</bdi>, ici'),
        ("en", "plain <i>", "plain &lt;i&gt;"),
    ],
)
def test_runs_that_go_the_other_way_are_set_apart(language: str, text: str, shown: str) -> None:
    with translation.override(language):
        assert bidi(text) == shown
