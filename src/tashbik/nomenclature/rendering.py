"""A text said in another language as far as the vocabulary reaches, for likeness of meaning. Not a translation for people."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from tashbik.nomenclature import tables
from tashbik.nomenclature.terms import Hit, find_terms, widest


@cache
def _labels(language: str) -> dict[str, str]:
    labels = {word.id: word.terms[language][0] for word in tables.words()}
    labels.update({concept.id: concept.label(language) for concept in tables.concepts().values()})
    return labels


def rendered(text: str, language: str, target: str) -> str:
    """`text` with its longest known terms replaced by their labels in `target`; what is not known stays as written."""
    return rendered_with(text, find_terms(text, language), target)


def rendered_with(text: str, hits: Iterable[Hit], target: str) -> str:
    """`text` with the widest of some terms found in it replaced. Word order stays that of the text: a sentence encoder minds it little."""
    parts: list[str] = []
    position = 0
    for hit in widest(hits):
        if hit.start >= position:
            parts += [text[position : hit.start], _labels(target)[hit.senses[0]]]
            position = hit.end
    return " ".join(" ".join([*parts, text[position:]]).split())
