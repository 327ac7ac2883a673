import pytest

from tashbik.registry.medicines import form_parts, moieties, read_medicine
from tashbik.registry.strengths import readings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 G", "1000MG"),
        ("2% (2G/100G)", "20MG/ML"),
        ("0,3%", "3MG/ML"),
        ("40MG/0.8ML", "50 mg/ml"),
        ("5MG/160MG", "160 MG/5 MG"),
        ("5/160 MG", "5MG/160MG"),
        ("500UG/10ML", "0,05MG/ML"),
        ("٥٠٠ ملغ", "0,5 G"),
    ],
)
def test_one_strength_in_two_spellings(one, other):
    assert set(readings(one)) & set(readings(other))


@pytest.mark.parametrize(
    ("one", "other"), [("10MG", "100MG"), ("5MG/160MG", "10MG/160MG"), ("10MG", "10MG/ML"), ("4G/1G", "4G")]
)
def test_different_strengths_stay_apart(one, other):
    assert not set(readings(one)) & set(readings(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AMOXICILLINE TRIHYDRATEE EXPRIME EN AMOXICILLINE", "amoxicilline"),
        ("CETIRIZINE DICHLORHYDRATE", "cetirizine"),
        ("SUCCINATE DE SOLIFENACINE", "solifénacine"),
        ("LEVODOPA/CARBIDOPA", "CARBIDOPA / LEVODOPA"),
        ("باراسيتامول", "PARACETAMOL"),
    ],
)
def test_one_moiety_whatever_salt_and_spelling(one, other):
    assert moieties(one) == moieties(other) != frozenset()


def test_a_combination_is_not_its_part():
    assert moieties("PARACETAMOL/CODEINE") != moieties("PARACETAMOL")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("COMPRIME EFFERVESSANT", "أقراص فوارة"),
        ("GELULE", "capsules"),
        ("COMPRIME PELLICULE SECABLE", "film-coated scored tablets"),
        ("SIROP", "شراب"),
        ("COLLYRE EN SOLUTION", "COLLYRE SOLUTION"),
    ],
)
def test_one_form_in_two_languages(one, other):
    assert form_parts(one) == form_parts(other) != frozenset()


def test_a_medicine_in_free_text():
    found = read_medicine("نبحث عن مصنع لأقراص باراسيتامول فوارة ١ غ")
    assert found is not None
    assert found.moieties == moieties("PARACETAMOL")
    assert found.form == {"tablet", "effervescent"}
    assert found.strengths == readings("1 G")


@pytest.mark.parametrize(
    "text", ["carters aluminium 500 kg", "أنظمة معلومات", "solution logicielle de gestion", "sacs 25 kg"]
)
def test_what_is_no_medicine(text):
    assert read_medicine(text) is None
