"""A firm's name taken apart: words, what stands in parentheses, initials, countries named. Not how rare a word is (rarity.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tashbik.language import arabic
from tashbik.language.analysis import fold_latin
from tashbik.language.names import consonants, skeleton, spoken
from tashbik.registry.identity.countries_in_names import country_words
from tashbik.registry.identity.generic_words import IN_TOWN, is_trade, meaning

LEGAL = frozenset(
    "sarl eurl spa sa sas sasu snc sca srl sro scs gmbh ag kg kgaa bv nv plc ltd ltda llc llp inc corp co cie as asa ab oy oyj"
    " aps kft zrt rt doo dd sl slu sau lda pvt pty sdn bhd pte pt tbk jsc ojsc cjsc pjsc ooo zao oao eeig epe epic eurl sal"
    " saoc saog wll fzco fze fzc bsc qsc sae psc dmcc cv de ste societe company companies limited incorporated corporation"
    " unlimited sti sirketi ticaret ve san tic spol gesellschaft anonim anonyme partage ets etablissements m/s messrs"
    " شركه مساهمه محدوده ذم م ذات مسووليه موسسه شمم ش ذ ذمم شم شذمم".split()
)
"""Forms and titles that the law gives a firm. They say the least about which firm it is; all else is learned (rarity.py)."""
LINKS = frozenset(
    "and et und e y de du des la le les el l d of the for pour lil fi و في ل لل von der die das di del".split()
)
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?<![^\W\d_])((?:[^\W\d_]\s?[.,،]\s?){1,}[^\W\d_]?)(?![^\W\d_])")
_ARABIC = re.compile("[\u0621-\u064a]")
_SERVANT = re.compile(r"\b(عبد)\s+(ال)")
_SERVANT_IN_LATIN = re.compile(r"\babd(?:[eau]l)?[\s-]?(?:[eau][lr])?\s+(?=\w{4})")  # abd el kader, abdel kader
_ASIDE = re.compile(r"\(([^()]*)\)?")
_SPACING_MARKS = str.maketrans({"¨": "", "`": "", "´": "", "^": "", "~": "", "&": " ", "/": " ", "'": " ", "’": " "})


class Word(NamedTuple):
    """A word of a name: folded, its consonant skeleton, its consonants as heard (finer), its sounds (names.spoken),
    its generic mark (a meaning shared by all scripts) or empty, and whether it is in Arabic letters."""

    folded: str
    bones: str
    heard: str
    said: str
    mark: str
    arabic: bool


class Name(NamedTuple):
    """A name taken apart. `words` in order without links and countries; `legal` forms; `aside` words in parentheses;
    `countries` it names (ISO codes);
    `sequence` of all its words outside parentheses, links left out, each with whether an abbreviation may
    pass it over; `trades` that it says (generic marks); `shorts` words that may be an abbreviation."""

    written: str
    words: tuple[Word, ...]
    legal: frozenset[str]
    aside: tuple[Word, ...]
    countries: frozenset[str]
    sequence: tuple[tuple[str, bool], ...]
    trades: frozenset[str]
    shorts: tuple[str, ...]


@lru_cache(maxsize=200_000)
def word_of(folded: str) -> Word:
    """The word with its skeleton and mark, Arabic particles cut."""
    bare = _without_article(folded)
    return Word(bare, skeleton(bare), consonants(bare), spoken(bare), meaning(bare), bool(_ARABIC.search(bare)))


def _without_article(folded: str) -> str:
    if not _ARABIC.search(folded):
        return folded
    for prefix in ("وال", "بال", "لل", "ال"):
        if folded.startswith(prefix) and len(folded) - len(prefix) >= 3:
            return folded[len(prefix) :]
    if (
        len(folded) > 4 and folded[0] in "لوب" and meaning(folded[1:]) and not meaning(folded)
    ):  # لمواد البناء, for building materials
        return folded[1:]
    return folded


def folded_words(text: str) -> list[str]:
    """Words of a text in order, folded; letters written apart are one word ("S.A." is sa, "S I F I" is sifi, "4 A" is 4a)."""
    plain = text.translate(_SPACING_MARKS)
    plain = plain.lower() if plain.isascii() else fold_latin(arabic.normalise(plain))
    if "." in plain or "," in plain or "،" in plain:
        plain = _DOTTED.sub(lambda found: " " + re.sub(r"[\s.,،]", "", found.group()) + " ", plain)
    if "abd" in plain or "عبد" in plain:
        plain = _SERVANT.sub(r"\1\2", _SERVANT_IN_LATIN.sub("abdel", plain))
    words: list[str] = []
    single = False
    for word in _WORD.findall(plain):
        alone = len(word) == 1 and not _ARABIC.search(word)  # an Arabic و or ل stands for itself
        if alone and single:
            words[-1] += word
        else:
            words.append(word)
        single = alone
    return words


def take_apart(written: str, town: frozenset[str] = frozenset()) -> Name:
    """The name's parts. Pure; the same for the same text and town.

    `town` is the record's own, its words as heard: where a name of several words says it, it says where and not which firm.
    """
    outer = folded_words(_ASIDE.sub(" ", written) if "(" in written else written)
    inner = " ".join(_ASIDE.findall(written)) if "(" in written else ""
    words, legal, countries = _sorted_out(outer)
    aside, legal_inside, countries_inside = _sorted_out(folded_words(inner))
    if not words:
        words, aside = aside, []
    if town and len(words) > 1:
        words = [_of_town(word) if word.heard in town and not word.mark else word for word in words]
    return Name(
        written=written,
        words=tuple(words),
        legal=shared_set(legal + legal_inside),
        aside=tuple(aside),
        countries=shared_set(countries + countries_inside),
        sequence=tuple(_step(one) for one in outer if one not in LINKS),
        trades=shared_set(word.mark for word in words if is_trade(word.mark)),
        shorts=tuple(word.folded for word in (*words, *aside) if 3 <= len(word.folded) <= 7 and not word.mark),
    )


@lru_cache(maxsize=50_000)
def _of_town(word: Word) -> Word:
    return word._replace(mark=IN_TOWN + word.heard)


def shared_set(values: Iterable[str]) -> frozenset[str]:
    """The values as a set; equal small sets are one object, since a million records repeat few of them."""
    return _shared_set(tuple(sorted(set(values))))


@lru_cache(maxsize=10_000)
def _shared_set(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(values)


@lru_cache(maxsize=100_000)
def _step(folded: str) -> tuple[str, bool]:
    return folded, folded in LEGAL


def _sorted_out(folded: list[str]) -> tuple[list[Word], list[str], list[str]]:
    words: list[Word] = []
    legal: list[str] = []
    countries: list[str] = []
    for one in folded:
        bare = _without_article(one)
        if one in LEGAL or bare in LEGAL:
            legal.append(bare)
        elif one in LINKS:
            continue
        elif code := country_words().get(one) or country_words().get(bare):
            countries.append(code)
        else:
            words.append(word_of(one))
    return words, legal, countries
