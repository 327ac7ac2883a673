"""How two names agree word by word: spelling, script, joined words, abbreviations. Evidence only, no verdict (comparison.py)."""

from __future__ import annotations

import re
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from tashbik.language.names import renders
from tashbik.registry.identity.naming import LEGAL, LINKS, Name, Word, word_of
from tashbik.registry.identity.rarity import Rarity

MATCHED = 0.7
"""Likeness from which two words count as one and the same."""
SPELT_THE_SAME = 0.94
"""Likeness from which a difference is of script or doubled letters, not of spelling."""
ACROSS_SCRIPTS = 0.95
CORROBORATING, CORROBORATED = 0.9, 0.85
"""Likeness from which a word vouches for others of its name, and the likeness of those."""
LIKE_SHORT, LIKE_LONG = 0.84, 0.78
"""Least likeness of a misspelling: one letter in seven for short words, two in nine or ten for longer ones."""
TELLING = 0.3
"""Weight from which a word tells one firm from another (rarity.py: a word of a single firm weighs about 1)."""

MISSPELT_BESIDE, MISSPELT_LIKENESS = 0.72, 0.86
"""Likeness from which a word is a misspelling where others of its name agree ("Asra Zeneca"), and what it then counts for."""

_DOUBLED = re.compile(r"(.)\1+")
_known: dict[tuple[str, str], float] = {}


def word_likeness(a: Word, b: Word) -> float:
    """Likeness of two words, 0–1; 0 below `MATCHED`. Memoised."""
    if a.folded == b.folded or (a.mark and a.mark == b.mark):
        return 1.0
    key = (a.folded, b.folded)
    known = _known.get(key)
    if known is None:
        if len(_known) > 300_000:
            _known.clear()
        known = _known[key] = _word_likeness(a, b)
    return known


def _word_likeness(a: Word, b: Word) -> float:
    if a.arabic != b.arabic:
        return _likeness_across_scripts(a, b)
    shorter = min(len(a.folded), len(b.folded))
    if shorter < 4:
        return 0.0
    if _plain(a.folded) == _plain(b.folded):
        return ACROSS_SCRIPTS
    likeness = float(OSA.normalized_similarity(a.folded, b.folded))
    if len(a.said) >= 3 and a.said == b.said:
        return max(likeness, 0.9)
    if a.bones == b.bones and len(a.bones) >= 4 and likeness >= 0.6:
        return max(likeness, 0.86)
    if likeness >= (LIKE_SHORT if shorter < 7 else LIKE_LONG):
        return likeness
    if a.folded.startswith(b.folded) or b.folded.startswith(a.folded):
        return 0.75
    return 0.0


def _plain(folded: str) -> str:
    """Spelling without the doubling of letters, and i for y."""
    return _DOUBLED.sub(r"\1", folded.replace("y", "i"))


def _likeness_across_scripts(a: Word, b: Word) -> float:
    latin, in_arabic = (b, a) if a.arabic else (a, b)
    lacking = renders(latin.folded, in_arabic.folded)
    if lacking < 0 and latin.folded[:2] in ("al", "el"):
        lacking = renders(latin.folded[2:], in_arabic.folded)
    if lacking >= 0 and len(in_arabic.folded) >= 3 and in_arabic.heard:
        return (ACROSS_SCRIPTS, 0.86, 0.78)[min(lacking, 2)]
    if a.bones == b.bones and len(a.bones) >= 3:
        return 0.8
    if min(len(a.bones), len(b.bones)) < 4:
        return 0.0
    likeness = float(OSA.normalized_similarity(a.bones, b.bones))
    return min(likeness, 0.84) if likeness >= 0.75 else 0.0


class Evidence(NamedTuple):
    """What two names share and what each has alone, in weights of rarity.py; `exactness` is the least likeness of a
    telling word that matched (1 where all are the same); `chance` about how many other firms of the register would share
    the same words by accident."""

    shared: float
    left_less: float
    left_more: float
    exactness: float
    chance: float


def alignment(first: tuple[Word, ...], second: tuple[Word, ...]) -> tuple[list[float], list[float]]:
    """For each word of both names, its likeness to the word it goes with (0 where it stands alone)."""
    likeness_first, likeness_second = [0.0] * len(first), [0.0] * len(second)
    found = [
        (likeness, i, j)
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if (likeness := word_likeness(a, b)) >= MATCHED
    ]
    for likeness, i, j in sorted(found, reverse=True):
        if not likeness_first[i] and not likeness_second[j]:
            likeness_first[i] = likeness_second[j] = likeness
    if not all(likeness_first) or not all(likeness_second):
        _join(first, second, likeness_first, likeness_second)
        _join(second, first, likeness_second, likeness_first)
        if any(close >= CORROBORATING and not word.mark for word, close in zip(first, likeness_first, strict=True)):
            _corroborate(first, second, likeness_first, likeness_second)
    return likeness_first, likeness_second


def _corroborate(
    first: tuple[Word, ...], second: tuple[Word, ...], of_first: list[float], of_second: list[float]
) -> None:
    """Where one word agrees, another that is nearly the same does too (`_nearly`)."""
    for i, a in enumerate(first):
        if of_first[i] or len(a.heard) < 2 or a.mark:
            continue
        for j, b in enumerate(second):
            if not of_second[j] and not b.mark and (close := _nearly(a, b)):
                of_first[i] = of_second[j] = close
                break


def _nearly(a: Word, b: Word) -> float:
    """Likeness of two words beside others that agree: the same consonants (Fatima and Fatma, Rida and Reda, Kacemi and Gacemi,
    since ق is a hard g in much of the Maghreb) or a misspelling; 0 for any others."""
    if a.heard.replace("g", "k") == b.heard.replace("g", "k"):
        return CORROBORATED
    if a.arabic != b.arabic or min(len(a.folded), len(b.folded)) < 4:
        return 0.0
    return MISSPELT_LIKENESS if OSA.normalized_similarity(a.folded, b.folded) >= MISSPELT_BESIDE else 0.0


def _join(parts: tuple[Word, ...], wholes: tuple[Word, ...], likeness: list[float], of_wholes: list[float]) -> None:
    """Words of one side written together on the other: AFRO PHARM and AFROPHARM, HOFFMANN LA ROCHE and LAROCHE."""
    for j, whole in enumerate(wholes):
        size = len(whole.folded)
        if of_wholes[j] >= ACROSS_SCRIPTS or size < 6:
            continue
        for i, part in enumerate(parts):
            if 4 <= len(part.folded) <= size - 2 and _holds(whole.folded, part.folded, parts):
                likeness[i] = of_wholes[j] = 1.0
        for i in range(len(parts) - 1):
            if parts[i].arabic != whole.arabic:
                if not (of_wholes[j] or likeness[i] or likeness[i + 1]):
                    joined = word_of(parts[i].folded + parts[i + 1].folded)
                    likeness[i] = likeness[i + 1] = of_wholes[j] = word_likeness(joined, whole)
                continue
            if abs(len(parts[i].folded) + len(parts[i + 1].folded) - size) > 0.12 * size:
                continue
            close = float(
                OSA.normalized_similarity(parts[i].folded + parts[i + 1].folded, whole.folded, score_cutoff=0.86)
            )
            if close and close > max(likeness[i], likeness[i + 1], of_wholes[j]) - 0.01:
                likeness[i], likeness[i + 1] = max(likeness[i], close), max(likeness[i + 1], close)
                of_wholes[j] = close


def _holds(whole: str, part: str, parts: tuple[Word, ...]) -> bool:
    """Whether a word is another one with a generic word, a link or a further word of that name before or after it."""
    if whole.startswith(part):
        rest = whole[len(part) :]
    elif whole.endswith(part):
        rest = whole[: -len(part)]
    else:
        return False
    return rest in LINKS or rest in LEGAL or bool(word_of(rest).mark) or any(rest == word.folded for word in parts)


def evidence(first: tuple[Word, ...], second: tuple[Word, ...], rarity: Rarity) -> Evidence:
    """Weigh an alignment."""
    of_first, of_second = alignment(first, second)
    shared, exactness, left, rarest = 0.0, 1.0, [0.0, 0.0], [1.0, 1.0]
    for side, (words, likeness) in enumerate(((first, of_first), (second, of_second))):
        for word, close in zip(words, likeness, strict=True):
            weight = rarity.weight(word)
            if close < MATCHED:
                left[side] += weight
                continue
            shared += close * weight / 2
            if weight > TELLING:
                rarest[side] *= rarity.frequency(word)
            if close < 0.85:
                left[side] += weight * (1 - close)
            if weight > TELLING and close < exactness:
                exactness = close
    return Evidence(shared, min(left), max(left), exactness, rarity.names * max(rarest))


def best_evidence(a: Name, b: Name, rarity: Rarity) -> Evidence:
    """The evidence of the readings of both names, with and without what stands in parentheses, that agree best."""
    if not a.aside and not b.aside:
        return evidence(a.words, b.words, rarity)
    readings = (
        evidence(x, y, rarity)
        for x, y in product((a.words, a.words + a.aside) if a.aside else (a.words,),
                            (b.words, b.words + b.aside) if b.aside else (b.words,))
    )  # fmt: skip
    return max(readings, key=lambda one: one.shared - 0.5 * one.left_more - one.left_less)


def abbreviates(short: str, name: Name) -> bool:
    """Whether a word is made of the beginnings of the name's words in order: UPC, TAPHCO (Tassili Arab Pharmaceutical Co).

    Every word that is not a legal form has to give at least one letter, and at least three words have to give some.
    """
    words = name.sequence
    if len(words) < 3 or (short[0] != words[0][0][0] and short[0] != words[1][0][0]) or not 3 <= len(short) <= 7:
        return False
    return _spelt(short, words, 0)


def _spelt(rest: str, words: tuple[tuple[str, bool], ...], given: int) -> bool:
    if not rest:
        return given >= 3 and all(legal for _, legal in words)
    if not words:
        return False
    (word, optional), *others = words
    following = tuple(others)
    for length in range(min(4, len(rest), len(word)), 0, -1):
        if rest[:length] == word[:length] and _spelt(rest[length:], following, given + 1):
            return True
    return optional and _spelt(rest, following, given)


def abbreviation(a: Name, b: Name) -> bool:
    """Whether one name shows an abbreviation of the other."""
    return any(abbreviates(word, b) for word in a.shorts) or any(abbreviates(word, a) for word in b.shorts)


def own_abbreviations(name: Name) -> frozenset[str]:
    """Abbreviations of itself that a name gives: GPA in "Groupement Pharmaceutique Algérien (GPA)"."""
    return frozenset(word.folded for word in name.aside if abbreviates(word.folded, name))
