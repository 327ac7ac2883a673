"""Which of the concepts that a text names belong together: a lone word of another sector is likely another sense. Not recognition (classify.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from tashbik.nomenclature import tables
from tashbik.nomenclature.classify import Classified

_SECTORS = (
    ("food", range(10, 13)),
    ("textile", range(13, 16)),
    ("wood", (16, 31)),
    ("paper", (17, 18)),
    ("chemistry", (19, 20, 21)),
    ("plastics", (22,)),
    ("minerals", (23,)),
    ("metal", (24, 25, 28, 29, 30, 33)),
    ("electrical", (26, 27)),
)
"""Divisions of ISIC Rev. 4 that one workshop may well unite."""
_SECTOR_OF = {division: name for name, divisions in _SECTORS for division in divisions}
_JUDGED = ("process", "product", "machine")


@cache
def sectors(concept: str) -> frozenset[str]:
    """Sectors of a concept by its ISIC codes, or by its nearest broader concept that has any; empty where none is said."""
    for one in (concept, *tables.ancestors(concept)):
        found = tables.concepts().get(one)
        if found is not None and found.isic:
            return frozenset(_SECTOR_OF.get(int(code[:2]), "services") for code in found.isic)
    return frozenset()


def coherent(found: Sequence[Classified]) -> list[Classified]:
    """The concepts without lone words of a sector that nothing else in the text supports (`5-ply carton` is no twisted yarn).

    A term of several words stays, and so does everything where no sector has more than its rivals.
    """
    judged = [one for one in found if one.concept.split(".", 1)[0] in _JUDGED and sectors(one.concept)]
    votes = _votes(judged)
    best = max(votes.values(), default=0.0)
    return [one for one in found if one not in judged or _kept(one, votes, best)]


def _votes(found: Iterable[Classified]) -> dict[str, float]:
    """Weight of evidence by sector: each place of the text counts once, longer terms more."""
    places: dict[tuple[int, int], frozenset[str]] = {}
    for one in found:
        place = (one.start, one.end)
        places[place] = places.get(place, frozenset()) | sectors(one.concept)
    votes: dict[str, float] = {}
    for (start, end), named in places.items():
        for sector in named:
            votes[sector] = votes.get(sector, 0.0) + (end - start) / len(named)
    return votes


def _kept(one: Classified, votes: dict[str, float], best: float) -> bool:
    own = max(votes[sector] for sector in sectors(one.concept))
    return " " in one.words or 2 * own > best
