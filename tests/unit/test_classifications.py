import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tashbik.language.analysis import fold
from tashbik.nomenclature import tables
from tashbik.nomenclature.classifications import hs, hs_chapter, isic, isic_code, isic_section

ARABIC = re.compile("[\u0600-\u06ff]")
LATIN = re.compile("[A-Za-zÀ-ÿ]")


def test_isic_is_complete():
    assert Counter(heading.level for heading in isic().values()) == {
        "section": 21,
        "division": 88,
        "group": 238,
        "class": 419,
    }
    assert [code for code in isic() if code.isalpha()] == list("ABCDEFGHIJKLMNOPQRSTU")
    assert sorted(code for code in isic() if code.isdigit()) == [code for code in isic() if code.isdigit()]


def test_the_harmonized_system_is_complete():
    sections = [code for code, heading in hs().items() if heading.level == "section"]
    chapters = [code for code, heading in hs().items() if heading.level == "chapter"]
    assert sections == [f"S{number:02}" for number in range(1, 22)]
    assert chapters == [f"{number:02}" for number in range(1, 98) if number != 77]


def test_no_table_names_a_code_twice():
    for name, headings in (("isic4", isic()), ("hs", hs())):
        assert len(list(tables.table(f"classifications/{name}.tsv"))) == len(headings)


def test_every_parent_is_the_next_broader_heading():
    above = {"section": "", "division": "section", "group": "division", "class": "group"}
    for code, heading in isic().items():
        assert (isic()[heading.parent].level if heading.parent else "") == above[heading.level], code
        if heading.level in ("group", "class"):
            assert code[:-1] == heading.parent


def test_chapters_belong_to_sections():
    for heading in hs().values():
        assert (heading.parent in hs()) is (heading.level == "chapter")
    assert [hs()[code].parent for code in ("01", "25", "73", "84", "97")] == ["S01", "S05", "S15", "S16", "S21"]


@pytest.mark.parametrize("headings", [isic, hs])
def test_titles_are_written_in_their_scripts(headings):
    for heading in headings().values():
        assert ARABIC.search(heading.label("ar")), heading
        assert not LATIN.search(heading.label("ar")), heading
        for language in ("fr", "en"):
            assert LATIN.search(heading.label(language)), heading
            assert not ARABIC.search(heading.label(language)), heading


@pytest.mark.parametrize("headings", [isic, hs])
def test_titles_are_clean(headings):
    for heading in headings().values():
        for title in heading.names.values():
            assert title == " ".join(title.split())
            assert not re.search("[\u064b-\u0652’]|[(] | [),;]|[)]\\w", title), title
            assert re.fullmatch(r"[^()]*(?:\([^()]*\)[^()]*)*", title), title
        assert heading.label("fr")[0].isupper()
        assert not heading.label("fr").isupper()
        assert heading.label("en")[0].isupper()


def test_a_title_that_levels_share_names_the_same_activities():
    narrower = defaultdict(list)
    for code, heading in isic().items():
        narrower[heading.parent].append(code)
    for language in tables.LANGUAGES:
        codes = defaultdict(list)
        for code, heading in isic().items():
            codes[fold(heading.label(language))].append(code)
        for chain in codes.values():
            for broader, code in pairwise(chain):
                assert narrower[broader] == [code]


def test_concepts_use_codes_that_exist():
    unknown = {
        concept.id: (concept.isic, concept.hs)
        for concept in tables.concepts().values()
        if any(code not in isic() or code.isalpha() for code in concept.isic)
        or any(not hs_chapter(code) for code in concept.hs)
    }
    assert unknown == {}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2592", "2592"),
        ("C2592", "2592"),
        ("c 25.92", "2592"),
        ("25.92", "2592"),
        ("25.9.2", "2592"),
        ("259", "259"),
        ("٢٥٩٢", "2592"),
        (" 0111 ", "0111"),
        ("C", "C"),
        ("Treatment and coating of metals; machining", "2592"),
        ("TRAITEMENT ET REVETEMENT DES METAUX, USINAGE", "2592"),
        ("معالجة وطلي المعادن؛ المعالجة بالالات", "2592"),
        ("Fabrication d’articles d’habillement autres qu’en fourrure", "1410"),
        ("Fabrication de meubles", "3100"),
        ("fabrication de boissons", "110"),
        ("A2592", ""),
        ("2598", ""),
        ("25921", ""),
        ("25 workers", ""),
        ("", ""),
        ("—", ""),
    ],
)
def test_isic_codes_are_read(written, code):
    assert isic_code(written) == code


def test_every_title_is_read():
    for code, heading in isic().items():
        for title in heading.names.values():
            assert code.isalpha() or isic_code(title).startswith(code), (code, title)


def test_sections_of_codes():
    assert [isic_section(code) for code in ("0111", "25", "G", "9900", "2598", "")] == ["A", "C", "G", "U", "", ""]


@pytest.mark.parametrize(
    ("code", "chapter"),
    [
        ("73", "73"),
        ("7308", "73"),
        ("73.08", "73"),
        ("7308.90", "73"),
        ("7308 90 00 00", "73"),
        ("77", ""),
        ("98", ""),
        ("730", ""),
        ("S15", ""),
        ("", ""),
    ],
)
def test_chapters_of_codes(code, chapter):
    assert hs_chapter(code) == chapter


def test_labels():
    assert isic()["2431"].label("fr") == "Fonderie de fer et d'acier"
    assert hs()["73"].label("en") == "Articles of iron or steel"
