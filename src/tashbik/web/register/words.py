"""Words typed into a field, understood as concepts of one kind, and suggestions while one types. Not the understanding itself (nomenclature)."""

from __future__ import annotations

from functools import cache

from tashbik.language.analysis import fold
from tashbik.nomenclature import tables
from tashbik.nomenclature.classify import classify

SUGGESTED = 8
"""Suggestions at most: what fits under a field on a telephone."""


def concepts_of(kind: str, text: str) -> list[str]:
    """Concepts that the words name, in the order of the text: one for each stretch of words, the likeliest."""
    exact = _by_label(kind).get(fold(text.strip()))
    if exact:
        return [exact]
    taken: list[tuple[int, int, str]] = []
    for one in classify(text, kinds=(kind,)):
        if all(one.end <= start or end <= one.start for start, end, _ in taken):
            taken.append((one.start, one.end, one.concept))
    return [concept for _, _, concept in sorted(taken)]


def suggestions(kind: str, text: str, language: str) -> list[str]:
    """Concepts whose name, in any language, has the words typed so far: those that begin with them first, then by name."""
    typed = fold(text.strip())
    if len(typed) < 2:
        return []
    found: dict[str, tuple[bool, str]] = {}
    for term, concept in _terms(kind):
        if typed in term:
            rank = (not term.startswith(typed), tables.concepts()[concept].label(language))
            found[concept] = min(rank, found.get(concept, rank))
    return sorted(found, key=lambda one: (found[one], one))[:SUGGESTED]


def near(kind: str, text: str, language: str) -> list[str]:
    """What may have been meant by words that name no concept: by the whole of them, else by their longest word."""
    longest = max(text.split(), key=len, default="")
    return (
        suggestions(kind, text, language)
        or suggestions(kind, longest[:12], language)
        or suggestions(kind, longest[:5], language)
    )


@cache
def _terms(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (fold(term), concept.id)
        for concept in tables.concepts().values()
        if concept.kind == kind
        for language in tables.LANGUAGES
        for term in concept.terms[language]
    )


@cache
def _by_label(kind: str) -> dict[str, str]:
    """Labels, which a suggestion writes into the field, to their concepts."""
    return {
        fold(concept.label(language)): concept.id
        for concept in reversed(tables.concepts().values())
        if concept.kind == kind
        for language in tables.LANGUAGES
    }
