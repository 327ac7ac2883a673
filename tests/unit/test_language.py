import pytest

from tashbik.language import names
from tashbik.language.analysis import index_words, tokenise
from tashbik.language.dates import find_dates, parse_date
from tashbik.language.scripts import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("مسبك لصب الألمنيوم", "ar"),
        ("ورشة CNC معتمدة ISO 9001", "ar"),
        ("Cherche sous-traitant pour carters en aluminium", "fr"),
        ("Looking for a supplier of steel forgings", "en"),
        ("découpage et emboutissage", "fr"),
        ("1234 / 55", "und"),
        ("", "und"),
    ],
)
def test_language_of_short_texts(text, language):
    assert detect(text).language == language


def test_capitals_and_accents_meet_in_the_index():
    assert index_words("COMPRIMES PELLICULES", "fr") == index_words("comprimés pelliculés", "fr")


def test_elided_articles_are_cut_and_offsets_kept():
    text = "fabrication d'engrenages l’acier"
    assert [text[token.start : token.end] for token in tokenise(text)] == ["fabrication", "engrenages", "acier"]


def test_a_firm_has_one_key_in_both_scripts():
    assert names.name_key("شركة محمد للصناعات المعدنية") == names.name_key("Mohamed Metal Industries Co.")
    assert names.name_key("شركة محمد للصناعات المعدنية") != names.name_key("Karim Metal Industries Co.")


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [("باراسيتامول", "paracetamol"), ("بوليستر", "polyester"), ("خالد", "Khaled"), ("جميل", "Djamil")],
)
def test_skeletons_meet_across_scripts(arabic, latin):
    assert names.skeleton(arabic) == names.skeleton(latin) != ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mars 2027", "2027-03-31"),
        ("قبل آذار 2027", "2027-03-31"),
        ("جويلية 2027", "2027-07-31"),
        ("15/03/2027", "2027-03-15"),
        ("March 15, 2027", "2027-03-15"),
        ("2027-02", "2027-02-28"),
        ("٣ سبتمبر ٢٠٢٦", "2026-09-03"),
    ],
)
def test_dates_in_three_languages(text, day):
    assert [found.last.isoformat() for found in find_dates(text)] == [day]


def test_a_cell_with_two_dates_is_no_date():
    assert parse_date("mars 2027 ou avril 2027") is None
    assert parse_date("32/13/2027") is None
