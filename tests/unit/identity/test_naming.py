"""Names taken apart, the rarity of words, and how names agree."""

from __future__ import annotations

import pytest

from tashbik.registry.identity.countries_in_names import country_of
from tashbik.registry.identity.likeness import MATCHED, abbreviates, alignment, word_likeness
from tashbik.registry.identity.naming import folded_words, take_apart, word_of
from tashbik.registry.identity.rarity import Rarity


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("S.A.", ["sa"]),
        ("S I F I", ["sifi"]),
        ("4 A SANTÉ", ["4a", "sante"]),
        ("PHYSIOP¨HARM", ["physiopharm"]),
        ("JOHNSON&JOHNSON", ["johnson", "johnson"]),
        ("A/S", ["as"]),
    ],
)
def test_words_of_a_name(written: str, words: list[str]) -> None:
    assert folded_words(written) == words


def test_a_name_is_taken_apart() -> None:
    name = take_apart("SARL Nour Cosmétiques Algérie (NC Groupe)")
    assert [word.folded for word in name.words] == ["nour", "cosmetiques"]
    assert name.legal == {"sarl"}
    assert name.countries == {"DZ"}
    assert [word.folded for word in name.aside] == ["nc", "groupe"]


def test_an_arabic_name_is_taken_apart() -> None:
    name = take_apart("شركة الأمل للصناعات الغذائية ذ.م.م")
    assert [word.folded for word in name.words] == ["امل", "صناعات", "غذاييه"]
    assert name.trades == {"food"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ALGERIE", "DZ"),
        ("الجزائر", "DZ"),
        ("Royaume-Uni", "GB"),
        ("Tunsie", "TN"),
        ("Deutschland", "DE"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_a_country_however_it_is_written(written: str, code: str) -> None:
    assert country_of(written) == code


@pytest.mark.parametrize(
    ("first", "second"),
    [("kamel", "kamal"), ("physiopharm", "physiofarm"), ("cipla", "ciipla"), ("hachemi", "هاشمي"), ("pharma", "ادويه")],
)
def test_words_that_are_the_same(first: str, second: str) -> None:
    a, b = word_of(first), word_of(second)
    assert word_likeness(a, b) >= MATCHED
    assert word_likeness(a, b) == word_likeness(b, a)


@pytest.mark.parametrize(("first", "second"), [("saidal", "sidal"), ("cinfa", "sanofi"), ("biocad", "biocare")])
def test_words_that_are_not(first: str, second: str) -> None:
    assert word_likeness(word_of(first), word_of(second)) < MATCHED


def test_a_consonant_too_few_is_no_exact_rendering() -> None:
    assert word_likeness(word_of("zifox"), word_of("زافوفكس")) < 0.85


@pytest.mark.parametrize(
    ("first", "second"),
    [("AFRO PHARM", "AFROPHARM"), ("GROUPE NAHLA", "NAHLAGROUPE"), ("HOFFMANN LA ROCHE", "LAROCHE HOFFMANN")],
)
def test_words_written_together_agree(first: str, second: str) -> None:
    of_first, of_second = alignment(take_apart(first).words, take_apart(second).words)
    assert all(of_first)
    assert all(of_second)


@pytest.mark.parametrize(
    ("short", "name", "is_one"),
    [
        ("upc", "SARL Union Pharmaceutique Constantinoise", True),
        ("bms", "Bristol Myers Squibb", True),
        ("taphco", "Tassili Arab Pharmaceutical Company / SPA", True),
        ("gpa", "Laboratoire Groupement Pharmaceutique Algérien", False),  # it would be lgpa
        ("upx", "Union Pharmaceutique Constantinoise", False),
        ("up", "Union Pharmaceutique", False),
    ],
)
def test_abbreviations(short: str, name: str, is_one: bool) -> None:
    assert abbreviates(short, take_apart(name)) is is_one


def test_a_word_of_every_name_weighs_less_than_that_of_one_firm_however_often_it_is_held() -> None:
    brands = [
        f"{brand} moulage" for brand in "sonaco tidmex vorane kelpis ramdou bifast gozine lumtec narval disoma".split()
    ]
    names = [*brands, *(f"zitouna {form}" for form in ("alpha", "beta", "alpha beta"))] + ["zitouna"] * 30
    rarity = Rarity.learn(map(take_apart, names))
    assert rarity.weight(word_of("zitouna")) > 1.5 * rarity.weight(word_of("moulage"))
    assert rarity.weight(word_of("unseen")) == pytest.approx(1)


@pytest.mark.parametrize(
    ("word", "mark"),
    [
        ("pharmaceutical", "pharma"),
        ("pharmacetical", "pharma"),  # a letter too few
        ("cosmatics", "chemical"),
        ("ilac", "pharma"),
        ("sanayi", "industry"),
        ("jordanian", "from-jo"),
        ("لمواد", "materials"),  # for materials
        ("tidmex", ""),
        ("loreal", ""),
    ],
)
def test_generic_words_have_their_meaning_in_any_language_and_misspelt(word: str, mark: str) -> None:
    assert word_of(word).mark == mark


def test_a_misspelt_word_agrees_beside_one_that_agrees() -> None:
    alone = alignment(take_apart("ASRA").words, take_apart("ASTRA").words)
    beside = alignment(take_apart("ASRA ZENECA").words, take_apart("ASTRA ZENECA").words)
    assert not any(alone[0])
    assert all(beside[0])
    assert all(beside[1])


def test_two_arabic_words_agree_with_one_latin_word() -> None:
    of_first, of_second = alignment(take_apart("رحماني نور الدين").words, take_apart("Rahmani Noureddine").words)
    assert all(of_first)
    assert all(of_second)


def test_the_town_of_a_record_in_its_name_says_where_and_not_which_firm() -> None:
    town = frozenset({word_of("setif").heard})
    there, elsewhere = take_apart("Plastique Setif", town), take_apart("Plastique Setif")
    assert [word.mark for word in there.words] == ["plastic", f"at-{word_of('setif').heard}"]
    assert [word.mark for word in elsewhere.words] == ["plastic", ""]
    assert there.trades == {"plastic"}
    assert take_apart("Setif", town).words == take_apart("Setif").words
