import pytest

from tashbik.nomenclature import check, tables
from tashbik.nomenclature.classify import classify
from tashbik.nomenclature.grades import find_grades, grades
from tashbik.nomenclature.places import distance_km, find_places, lookup, places
from tashbik.nomenclature.rendering import rendered
from tashbik.nomenclature.terms import find_terms, widest


def test_the_tables_have_no_problems():
    concept_files = sorted((check.DATA / "concepts").glob("*.tsv"))
    lexicon_files = sorted((check.DATA / "lexicon").glob("*.tsv"))
    assert check.check_concepts(concept_files) + check.check_lexicon(lexicon_files) == []


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("process", 1000),
        ("material", 450),
        ("machine", 800),
        ("product", 2400),
        ("certificate", 180),
        ("substance", 1300),
    ],
)
def test_the_vocabulary_is_as_large_as_promised(kind, least):
    assert sum(concept.kind == kind for concept in tables.concepts().values()) >= least


def test_the_checker_finds_what_is_wrong(tmp_path):
    table = tmp_path / "bad.tsv"
    table.write_text(
        "id\tbroader\tisic\ths\tar\tfr\ten\n"
        "process.a\tprocess.b\t\t\tخراطة | تورنة | تشكيل\ttournage | chariotage | dressage\tturning | lathe work | facing\n"
        "process.b\tprocess.a\t99999\t\tخراطة | تفريز | فريزة\tfraisage | fraisage cnc\tmilling | تفريز | cutting\n",
        encoding="utf-8",
    )
    problems = "\n".join(check.check_concepts([table]))
    for expected in (
        "cycle",
        "isic '99999'",
        "already belongs to process.a",
        "fr has fewer than 3",
        "in Arabic script",
    ):
        assert expected in problems


@pytest.mark.parametrize("text", ["inox 304", "ستانلس 304", "stainless steel 304", "1.4301", "AISI 304"])
def test_one_concept_by_its_names_in_any_language(text):
    assert {"material.stainless-steel-304"} & {found.concept for found in classify(text)} or any(
        grades()[found.grade].material == "material.stainless-steel-304" for found in find_grades(text)
    )


def test_a_term_inside_a_longer_one_does_not_count():
    found = {one.concept for one in classify("acier inoxydable")}
    assert "material.stainless-steel" in found
    assert "material.steel" not in found


def test_classify_names_the_words_that_decided():
    text = "نصنع من الألمنيوم"
    best = classify(text, kinds=["material"])[0]
    assert text[best.start : best.end] == best.words == "الألمنيوم"


def test_no_concept_in_an_empty_or_odd_text():
    assert classify("") == []
    assert classify("??? ___ 12") == []


def test_widest_hits_do_not_contain_each_other():
    hits = widest(find_terms("tôle en acier inoxydable"))
    assert all(
        not (a.start <= b.start and b.end <= a.end) for a in hits for b in hits if a is not b and a.length > b.length
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AlSi9Cu3", "ADC10"),
        ("AlSi9Cu3", "EN AC-46000"),
        ("A380", "ADC10"),
        ("42CrMo4", "AISI 4140"),
        ("C45", "AISI 1045"),
    ],
)
def test_grades_are_equivalent_across_standards(one, other):
    assert [found.grade for found in find_grades(one)] == [found.grade for found in find_grades(other)] != []


def test_neighbouring_grades_are_not_confused():
    assert find_grades("ADC12")[0].grade != find_grades("ADC10")[0].grade


def test_a_bare_number_is_no_grade():
    assert find_grades("304 pièces") == []
    assert [found.words for found in find_grades("tubes inox 304")] == ["304"]


def test_every_designation_stands_in_one_row_and_every_material_exists():
    owner: dict[tuple[str, str], str] = {}
    for grade in grades().values():
        assert grade.material in tables.concepts(), grade.id
        for system, names in grade.designations.items():
            for name in names:
                assert owner.setdefault((system, name), grade.id) == grade.id, name


def test_the_gazetteer_has_the_arab_states_with_their_divisions_and_towns():
    kinds = [place.kind for place in places().values()]
    assert kinds.count("country") == 22 and kinds.count("division") >= 340 and kinds.count("town") >= 900
    for place in places().values():
        assert place.country in places() and (place.kind == "country" or place.division in places()), place.id


def test_names_that_are_common_words_need_a_cell_or_their_article():
    assert find_places("قابس كهربائي ورباط وموصل") == []
    assert lookup("قابس").id == "TN-81"
    assert [found.place.id for found in find_places("مصنع في مدينة الموصل")] == ["IQ-NI.mosul"]


def test_a_lone_word_decides_by_the_forms_of_its_own_term():
    concepts = {one.concept for one in classify("tolérance, 220 tonnes, joints moulés, soudage TIG")}
    assert not concepts & {
        "process.sheet-metal-working",
        "product.mould",
        "process.mould-making",
        "product.shoe-uppers",
    }
    assert {"process.turning", "process.milling"} <= {one.concept for one in classify("خراطة وتفريز")}
    assert "process.welding" in {one.concept for one in classify("ولحام")}


def test_no_term_crosses_a_clause_mark():
    assert classify("pièces/mois, tôle")[0].words == "tôle"


def test_a_text_is_rendered_as_far_as_the_vocabulary_reaches():
    assert rendered("خراطة xyz", "ar", "fr") == "tournage xyz"
    assert rendered("xyz", "fr", "ar") == "xyz"


def test_places_with_arabic_particles():
    assert find_places("التسليم بالبليدة")[0].place.id == lookup("Blida").id


def test_distance_of_two_towns():
    setif, blida = lookup("Sétif"), lookup("البليدة")
    away = distance_km((setif.latitude, setif.longitude), (blida.latitude, blida.longitude))
    assert away == pytest.approx(233, abs=10)
    assert distance_km((0, 0), (0, 180)) == pytest.approx(20015, abs=1)
