"""What free texts state, as buyers and firms write: each case was once misread."""

from __future__ import annotations

from datetime import date

import pytest

from tashbik.registry.facts import read_facts
from tashbik.registry.need_text import need_line
from tashbik.registry.records import Capability, Enterprise
from tashbik.registry.understanding import understand


def requirements(text: str) -> dict[str, list]:
    found: dict[str, list] = {}
    for one in need_line("1", text).requirements:
        found.setdefault(one.kind, []).append(one)
    return found


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("340×220×90 mm", (340, 220, 90)),
        ("Ø60 × 1200 mm", (1200, 60, 60)),
        ("Ø 800 mm", (800, 800)),
        ("قطر 2200 مم وطول 8000 مم", (8000, 2200, 2200)),
        ("pièces Ø 4 à Ø 42 mm", (42, 42)),
        ("سلك قطر 3 مم", ()),
        ("acier 1.2738, 316L", ()),
    ],
)
def test_sides_of_a_part(text, sides):
    assert read_facts(text).sides == sides


def test_a_grade_is_no_quantity_and_a_length_no_grade():
    facts = read_facts("tiges en 316L, longueur 1200 mm, 500 pcs/month")
    assert [grade.words for grade in facts.grades] == ["316L"]
    assert [(rate.value, rate.unit, rate.period) for rate in facts.rates] == [(500, "piece", "month")]


@pytest.mark.parametrize(
    ("text", "value", "unit", "period"),
    [
        ("50 000 pots de 50 ml par mois", 50_000, "piece", "month"),
        ("25 000 polos par mois", 25_000, "piece", "month"),
        ("20 chaudières/an", 20, "piece", "year"),
        ("6 vessels/quarter", 2, "piece", "month"),
        ("20 ألف قطعة شهريا", 20_000, "piece", "month"),
        ("boîtes de 400 g, 300 tonnes par mois", 300, "t", "month"),
        ("٥٠٠ كغ شهريا", 500, "kg", "month"),
    ],
)
def test_the_quantity_asked_for(text, value, unit, period):
    asked = requirements(text)["quantity"][0]
    assert (asked.numbers, asked.unit, asked.period) == ((value,), unit, period)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("livraison avant mars 2027", date(2027, 2, 28)),
        ("livraison avant fin mars 2027", date(2027, 3, 31)),
        ("التسليم قبل نهاية مايو 2027", date(2027, 5, 31)),
        ("by the end of April 2027", date(2027, 4, 30)),
    ],
)
def test_due_dates(text, due):
    assert read_facts(text).due == due


@pytest.mark.parametrize(
    ("text", "days"), [("خلال أسبوعين", 14), ("délai de trois semaines", 21), ("delivery in 6 weeks", 42)]
)
def test_lead_times_in_figures_and_words(text, days):
    assert read_facts(text).lead_time == days


def test_certificates_are_wished_for_unless_demanded():
    wished = requirements("pièces tournées, ISO 9001 souhaitée")["certificate"][0]
    demanded = requirements("pièces tournées, ISO 9001 exigée")["certificate"][0]
    assert (wished.mandatory, demanded.mandatory) == (False, True)
    assert requirements("خراطة، يشترط إيزو 9001")["certificate"][0].mandatory


def test_one_certificate_or_the_other_is_one_requirement():
    found = requirements("concentré de tomate, HACCP ou ISO 22000")["certificate"]
    assert [set(one.values) for one in found] == [{"certificate.haccp", "certificate.iso-22000"}]


def test_the_first_product_is_what_is_asked_for():
    found = requirements("Safety shoes with leather upper and PU sole, 20,000 pairs")["product"]
    assert found[0].mandatory and found[0].values == ("product.safety-shoes",)
    assert not any(one.mandatory for one in found[1:])


def test_the_destination_is_the_place_of_delivery():
    found = requirements("مؤسسة من سطيف تطلب قطعا مخروطة، التسليم بالبليدة")["delivery"][0]
    assert found.place.region == "DZ-09"


def test_a_place_inside_a_things_name_is_none():
    assert [one.place.id for one in read_facts("صابون حلب").places] == []


def test_words_of_another_sector_are_another_sense():
    concepts = {
        one.concept for one in read_facts("5-ply corrugated cartons, flexographic printing, cardboard boxes").concepts
    }
    assert not any(one.startswith("process.yarn") for one in concepts)


def test_a_tariff_heading_is_a_requirement_and_no_quantity():
    found = requirements("صمامات نحاسية، البند الجمركي 8481.80، 500 قطعة شهريا")
    assert found["hs"][0].values == ("848180",)
    assert found["quantity"][0].numbers == (500,)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Trading of used injection moulding machines", "trade"),
        ("تجارة واستيراد أحذية السلامة", "trade"),
        ("Centre de formation en soudage", "training"),
        ("لوحات توزيع كهربائية وقواطع", "process"),
        ("جلود طبيعية مدبوغة", "process"),
        ("Distribution transformers up to 1600 kVA", "process"),
        ("Systèmes d'information industriels", "process"),
        ("Fabrication et vente de meubles", "process"),
    ],
)
def test_traders_and_schools_are_told_from_makers(words, kind):
    firm = Enterprise(id="E", names={}, capabilities=(Capability(id="1", words={"und": words}),))
    assert understand(firm).capabilities[0].kind == kind


@pytest.mark.parametrize("text", ["tolérance DCTG 10", "مصبوبات بتفاوت DCTG10", "cast iron, ISO 8062-3 DCTG 10"])
def test_a_casting_tolerance_grade_is_no_length(text):
    found = requirements(text)["tolerance"][0]
    assert found.numbers == ()
    assert found.values[0].replace(" ", "").endswith("DCTG10")
    assert "certificate" not in requirements(text)


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("corps de vanne en fonte, DN 100", "DN 100", 100),
        ("صمامات حديد زهر DN80 PN16", "DN80", 80),
        ("vannes DN 50 à DN 200", "DN 200", 200),
    ],
)
def test_a_nominal_diameter_is_a_size_and_no_grade(text, words, value):
    found = requirements(text)
    assert [(one.words, one.numbers, one.unit) for one in found["envelope"]] == [(words, (value, value), "mm")]
    assert not any(one.unit == "grade" for one in found.get("material", []))
    assert read_facts(text).sides == ()  # an offer's bore is not the largest part that it makes


@pytest.mark.parametrize(
    ("text", "value", "unit", "period"),
    [
        ("500 carters en aluminium moulés sous pression par mois", 500, "piece", "month"),
        ("Usiner 300 arbres en acier chaque mois", 300, "piece", "month"),
        ("12 000 bouteilles d'huile d'olive par an", 12_000, "bottle", "year"),
        ("نحتاج إلى 500 غطاء مضخة من الألمنيوم شهريا", 500, "piece", "month"),
        ("500 die-cast aluminium housings per month", 500, "piece", "month"),
    ],
)
def test_a_quantity_whose_period_ends_the_clause(text, value, unit, period):
    asked = requirements(text)["quantity"][0]
    assert (asked.numbers, asked.unit, asked.period) == ((value,), unit, period)


@pytest.mark.parametrize(
    "text",
    [
        "atelier de 12 machines travaillant à façon par mois",
        "certifié ISO 9001 pour carters, livrés par mois",
        "تأسست سنة 2010 وتسلم طلبياتها في ورشة واحدة شهريا",
    ],
)
def test_numbers_that_count_no_goods(text):
    assert "quantity" not in requirements(text)
    assert not any(rate.period for rate in read_facts(text).rates)


def test_cavities_of_a_mould_are_no_quantity():
    found = requirements("étude et réalisation d'un moule 8 empreintes pour bouchons")
    assert "batch" not in found and "quantity" not in found


def test_a_bare_number_before_the_goods_is_an_order():
    order = requirements("نبحث عمن يخرط لنا 200 محور")["batch"][0]
    assert (order.numbers, order.unit) == ((200,), "piece")


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("Nous cherchons à faire usiner 500 carters", "process.machining"),
        ("نبحث عمن يخرط لنا 200 محور", "process.turning"),
        ("نريد أن نلحم هياكل من الفولاذ", "process.welding"),
        ("نريد أن نصبّ 500 غطاء من الألمنيوم", "process.metal-casting"),
        ("we want to galvanise 40 t of beams", "process.hot-dip-galvanising"),
    ],
)
def test_a_verb_names_the_process(text, process):
    assert process in [value for one in requirements(text)["process"] for value in one.values]


@pytest.mark.parametrize("text", ["نريد نصب خيمة كبيرة", "لدينا نقص في القطع", "une tour à louer"])
def test_words_that_only_look_like_verbs_of_work(text):
    assert "process" not in requirements(text)


def test_a_verb_adds_nothing_to_a_narrower_process_that_is_named():
    found = requirements("faire usiner des arbres par tournage CNC")["process"]
    assert [one.values for one in found] == [("process.cnc-turning",)]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("couvercle de pompe en fonte", "product.machine-housing"),
        ("غطاء مضخة من حديد الزهر", "product.machine-housing"),
        ("pump cover, cast iron", "product.machine-housing"),
        ("supports de moteurs électriques", "product.mechanical-component"),
        ("pompes centrifuges avec moteur", "product.centrifugal-pump"),
    ],
)
def test_a_part_is_not_the_product_it_belongs_to(text, concept):
    first = requirements(text)["product"][0]
    assert first.values == (concept,)
