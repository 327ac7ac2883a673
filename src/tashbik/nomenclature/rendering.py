"""A text said in another language as far as the vocabulary reaches, for likeness of meaning. Not a translation for people."""

from __future__ import annotations

from functools import cache

from tashbik.nomenclature import tables
from tashbik.nomenclature.terms import find_terms, widest


@cache
def _labels(language: str) -> dict[str, str]:
    labels = {word.id: word.terms[language][0] for word in tables.words()}
    labels.update({concept.id: concept.label(language) for concept in tables.concepts().values()})
    return labels


def rendered(text: str, language: str, target: str, *, without: str = "") -> str:
    """`text` with its longest known terms replaced by their labels in `target`; what is not known stays as written.

    `without` names a concept that must not help, for measuring how well unknown terms are met. Word order stays that
    of the text: a sentence encoder minds it little.
    """
    parts: list[str] = []
    position = 0
    for hit in widest(find_terms(text, language)):
        known = [sense for sense in hit.senses if sense != without]
        if hit.start < position or not known:
            continue
        parts += [text[position : hit.start], _labels(target)[known[0]]]
        position = hit.end
    return " ".join(" ".join([*parts, text[position:]]).split())
