import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashbik.language.numbers import parse_number
from tashbik.language.quantities import find_quantities, fold_aligned
from tashbik.language.units import convert, measures, spellings, units


@pytest.mark.parametrize(
    ("text", "values", "unit", "per", "sign"),
    [
        ("٥٠٠ كغ شهريا", (500,), "kg", "month", ""),
        ("12000 قطعة شهريًّا", (12000,), "piece", "month", ""),
        ("12000 قطعة سنويًا", (12000,), "piece", "year", ""),
        ("300 كغ في الشّهر", (300,), "kg", "month", ""),
        ("1 200 mm", (1200,), "mm", "", ""),
        ("10 t/mois", (10,), "t", "month", ""),
        ("5 000 pièces/mois", (5000,), "piece", "month", ""),
        ("10,000 pcs per month", (10000,), "piece", "month", ""),
        ("340×220×90 mm", (340, 220, 90), "mm", "", ""),
        ("340 mm x 220 mm x 90 mm", (340, 220, 90), "mm", "", ""),
        ("قطر ٤٠ مم", (40,), "mm", "", "Ø"),
        ("tolérance ±0,1 mm", (0.1,), "mm", "", "±"),
        ("+/- 0.05 mm", (0.05,), "mm", "", "±"),
        ("3 طن في اليوم", (3,), "t", "day", ""),
        ("500 mg/5 ml", (500,), "mg", "5 ml", ""),
        ("2,5 %", (2.5,), "pct", "", ""),
    ],
)
def test_quantities_as_people_write_them(text, values, unit, per, sign):
    found = find_quantities(text)
    assert len(found) == 1
    assert (found[0].values, found[0].unit, found[0].per, found[0].sign) == (values, unit, per, sign)


def test_diameter_and_tolerance_stand_side_by_side():
    assert [(one.values, one.sign) for one in find_quantities("Ø 40 ±0,05")] == [((40,), "Ø"), ((0.05,), "±")]


@pytest.mark.parametrize("code", ["M10", "AlSi9Cu3", "ADC10", "42CrMo4"])
def test_numbers_inside_codes_are_left_alone(code):
    assert find_quantities(code) == []


@given(st.floats(min_value=0.001, max_value=9_999_999, allow_nan=False).map(lambda value: round(value, 2)))
def test_a_number_written_the_french_and_the_english_way_is_the_same(value):
    english = f"{value:,.2f}"
    french = english.replace(",", "\u202f").replace(".", ",")
    assert parse_number(english) == parse_number(french) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("5,000", 5000), ("0,125", 0.125), ("1.250.000", 1_250_000), ("1 000,5", 1000.5), ("12,5", 12.5)],
)
def test_single_marks_are_read_by_what_stands_round_them(text, value):
    assert parse_number(text) == value


@given(st.text(max_size=60))
def test_folding_keeps_offsets(text):
    assert len(fold_aligned(text)) == len(text)


def test_units_convert_only_within_their_dimension():
    assert convert(1, "t", "kg") == pytest.approx(1000)
    assert convert(1, "in", "mm") == pytest.approx(25.4)
    assert convert(2, "dozen", "piece") == 24
    assert convert(1, "kg", "mm") is None
    assert convert(1, "piece", "kg") is None


def test_every_unit_has_spellings_in_three_languages():
    for unit in units().values():
        assert all(unit.terms[language] for language in ("ar", "fr", "en")), unit.id
    assert set(spellings().values()) == set(units())


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("±0.05 mm", "fr", "±0,05\u202fmm"),
        ("±0.05 mm", "en", "±0.05\xa0mm"),
        ("±0.05 mm", "ar", "±0.05\xa0مم"),
        ("1200×300 mm", "fr", "1\u202f200×300\u202fmm"),
        ("12.5 kg", "ar", "12.5\xa0كغ"),
        ("ISO 9001, 1.2738", "fr", "ISO 9001, 1.2738"),
    ],
)
def test_measures_are_written_as_the_language_writes_them(text, language, told):
    assert measures(text, language) == told
    assert measures(told, language) == told  # a second time changes nothing
