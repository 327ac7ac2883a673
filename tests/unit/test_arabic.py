import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashbik.language import arabic


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("أَلْمِنْيُوم", "المنيوم"),
        ("إنتاج", "انتاج"),
        ("صناعـــة", "صناعه"),
        ("٥٠٠", "500"),
        ("۱۲٫۵", "12.5"),
        ("ﺷﺮﻛﺔ", "شركه"),
        ("کیلو", "كيلو"),
    ],
)
def test_spellings_that_writers_treat_as_the_same_become_one(written, normal):
    assert arabic.normalise(written) == normal


@given(st.text(alphabet=st.characters(min_codepoint=0x600, max_codepoint=0x6FF), max_size=40))
def test_normalising_twice_changes_nothing(text):
    once = arabic.normalise(text)
    assert arabic.normalise(once) == once


@pytest.mark.parametrize("form", ["الصناعة", "والصناعة", "بالصناعة", "للصناعة", "صناعة", "فالصناعة", "كالصناعة"])
def test_the_light_stem_drops_particles_with_the_article(form):
    assert arabic.light_stem(arabic.normalise(form)) == arabic.light_stem(arabic.normalise("صناعة"))


def test_the_light_stem_leaves_short_words_whole():
    assert arabic.light_stem("بئر") == "بئر"
    assert arabic.light_stem("ورق") == "ورق"
