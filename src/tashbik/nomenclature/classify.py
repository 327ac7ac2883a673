"""`classify(text)`: which concepts a text speaks of, how surely, and which of its words decided."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from tashbik.nomenclature import tables
from tashbik.nomenclature.terms import Hit, find_terms, widest


class Classified(NamedTuple):
    """A concept with its score (0–1) and the words that decided, as written, with their offsets."""

    concept: str
    score: float
    words: str
    start: int
    end: int


def classify(text: str, *, language: str = "", kinds: Iterable[str] = ()) -> list[Classified]:
    """Concepts that the text names, best first; one entry a concept.

    The score grows with the length of the term and shrinks with the number of concepts that share it; a term inside a
    longer one does not count. `kinds` restricts to some kinds (process, material, …). Empty text gives an empty list.
    """
    wanted = frozenset(kinds)
    best: dict[str, Classified] = {}
    for hit in _deciding(find_terms(text, language)):
        senses = [sense for sense in hit.senses if sense in tables.concepts()]
        for sense in senses:
            if wanted and tables.concepts()[sense].kind not in wanted:
                continue
            score = _score(hit, senses)
            if sense not in best or best[sense].score < score:
                best[sense] = Classified(sense, score, text[hit.start : hit.end], hit.start, hit.end)
    return sorted(best.values(), key=lambda found: (-found.score, found.start, found.concept))


def _deciding(hits: list[Hit]) -> list[Hit]:
    """The widest hits, and processes of several words inside the name of a product (moulées sous pression in pièces moulées sous pression).

    A phrase of no concept gives way to concepts inside it that reach from its first word to its last (خراطة وتفريز).
    """
    of_concepts = [hit for hit in hits if any(sense in tables.concepts() for sense in hit.senses)]
    kept = _processes_inside(of_concepts)
    for hit in widest(hits):
        inside = [one for one in widest(of_concepts) if hit.start <= one.start and one.end <= hit.end]
        if hit in of_concepts or not _span(inside, hit):
            kept.append(hit)
        else:
            kept += inside
    return kept


def _processes_inside(hits: list[Hit]) -> list[Hit]:
    """The widest process names of several words that stand inside a longer name of a product; their other senses are left out."""
    products = [hit for hit in hits if any(sense.startswith("product.") for sense in hit.senses)]
    inside = []
    for hit in hits:
        senses = tuple(sense for sense in hit.senses if sense.startswith("process."))
        within = any(one.start <= hit.start and hit.end <= one.end and one.length > hit.length for one in products)
        if senses and hit.length > 1 and within:
            inside.append(hit._replace(senses=senses))
    return widest(inside)


def _span(inside: list[Hit], hit: Hit) -> bool:
    return bool(inside) and min(one.start for one in inside) == hit.start and max(one.end for one in inside) == hit.end


def _score(hit: Hit, senses: list[str]) -> float:
    certainty: float = 1.0 - 0.5 ** (hit.length + min(hit.end - hit.start, 20) / 20)
    return round(certainty / math.sqrt(len(senses)), 4)
