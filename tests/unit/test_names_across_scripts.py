"""Names across scripts: sounds, consonants, what an Arabic word lets be heard, generic words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashbik.language.names import consonants, generic_mark, name_key, renders, sounds, spoken


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Kamel", "Kamal"),
        ("Tahri", "Taheri"),
        ("Djamel", "Gamal"),
        ("Youcef", "Youssef"),
        ("Cherif", "Sharif"),
        ("Qods", "Kuds"),
    ],
)
def test_spellings_of_one_name_are_spoken_alike(first: str, second: str) -> None:
    assert spoken(first) == spoken(second)


@pytest.mark.parametrize(("first", "second"), [("Saidal", "Sidal"), ("Cinfa", "Sanofi"), ("Bayer", "Boyer")])
def test_other_names_are_not(first: str, second: str) -> None:
    assert spoken(first) != spoken(second)


@pytest.mark.parametrize(
    ("latin", "arabic", "lacking"),
    [
        ("Kamel", "كمال", 0),
        ("Zerrouki", "زروقي", 0),
        ("Mohammed", "محمد", 0),
        ("Hachemi", "هاشمي", 0),
        ("Dirox", "دوروكس", 1),  # the Arabic has a و where the Latin has i
        ("Zifox", "زافوفكس", -1),  # one f too few
        ("Saidal", "صيدال", 0),
    ],
)
def test_a_latin_word_renders_an_arabic_one(latin: str, arabic: str, lacking: int) -> None:
    assert renders(latin, arabic) == lacking


def test_consonants_leave_out_what_writers_drop() -> None:
    assert consonants("كمال") == consonants("Kamel") == "kml"
    assert consonants("Mohammed") == consonants("محمد") == "mmd"


def test_t_and_d_stay_apart_in_sounds() -> None:
    assert sounds("Tabuk") != sounds("Dabuk")


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ("santé medical صحه", "health"),
        ("plastique plastics بلاستيك", "plastic"),
        ("pharma pharmaceutique ادويه", "pharma"),
        ("production انتاج", "production"),
    ],
)
def test_a_generic_word_has_one_mark_in_three_languages(words: str, mark: str) -> None:
    from tashbik.language.analysis import fold

    assert {generic_mark(fold(word)) for word in words.split()} == {mark}


def test_a_name_that_is_no_generic_word_has_no_mark() -> None:
    assert generic_mark("saidal") == ""


def test_the_key_of_a_name_is_the_same_in_both_scripts() -> None:
    assert name_key("شركة محمد للصناعات المعدنية") == name_key("Mohamed Metal Industries Co.")


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_doubling_a_letter_changes_no_sound(word: str) -> None:
    doubled = "".join(char * 2 if char in "lmnrt" else char for char in word)
    assert sounds(doubled) == sounds(word)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_taken(first: str, second: str) -> None:
    assert renders(first, second) >= -1
    assert isinstance(spoken(first), str)
