"""Enterprises of the list in the reader's words. Not the profile (profile.py) nor the filters (choices.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from tashbik.exchange.queries.register import Row
from tashbik.language.scripts import is_arabic
from tashbik.nomenclature import tables
from tashbik.nomenclature.places import lookup
from tashbik.registry import records
from tashbik.web import reading
from tashbik.web.editing import labels

CONCEPTS, CERTIFICATES = 4, 3
"""Concepts and certificates named in a row of the list."""


def row(one: Row, digits: str, today: date) -> dict[str, Any]:
    """What a row of the list shows."""
    able = sorted(one.record.capabilities, key=lambda capability: not capability.core)
    language, text = in_words(able[0].words) if able else ("", "")
    concepts = dict.fromkeys(concept for capability in able for concept in capability.concepts)
    named = [
        concept for concept in concepts if concept.startswith(("process.", "product.")) and concept in tables.concepts()
    ]
    valid = [held for held in one.record.certificates if held.expiry is None or held.expiry >= today]
    spare = next((capability for capability in able if capability.spare and capability.spare.value > 0), None)
    return {
        "enterprise": one.enterprise,
        "place": place(one.record.place),
        "language": language,
        "words": text,
        "concepts": [reading.concept(concept) for concept in named[:CONCEPTS]],
        "more_concepts": max(0, len(named) - CONCEPTS),
        "certificates": [certificate(held) for held in valid[:CERTIFICATES]],
        "more_certificates": max(0, len(valid) - CERTIFICATES),
        "certificates_hidden": "certificates" in one.hidden,
        "spare": rate(spare.spare, digits) if spare else "",
        "spare_as_of": spare.spare_as_of if spare else None,
        "spare_hidden": "capacities" in one.hidden,
        "size": one.enterprise.get_size_display() if one.enterprise.size and "figures" not in one.hidden else "",
        "completeness": one.enterprise.completeness / 100,
    }


def in_words(said: records.Words) -> tuple[str, str]:
    """Own words with their language: the reader's first, else any."""
    mine = reading.language()
    language = mine if said.get(mine) else next((one for one, text in said.items() if text), "")
    return ("" if language == "und" else language), said.get(language, "")


def place(where: records.Place) -> str:
    """Town, region and country, each named once, in the reader's language where the nomenclature has them."""
    named = [
        _town(where),
        reading.place(where.region) if where.region else "",
        reading.place(where.country) if where.country else "",
    ]
    parts = dict.fromkeys(one for one in named if one)
    if reading.language() != "ar":
        return ", ".join(parts)
    return "، ".join(
        one if is_arabic(one) else f"\u2068{one}\u2069" for one in parts
    )  # isolated, so that the order stays


def _town(where: records.Place) -> str:
    known = lookup(where.locality, where.country) if where.locality else None
    return known.label(reading.language()) if known is not None and known.kind != "country" else where.locality


def rate(value: records.Rate | None, digits: str) -> str:
    """A quantity per period."""
    return reading.shaped(labels.rate(msgspec.to_builtins(value)), digits) if value else ""


def envelope(value: records.Envelope, digits: str) -> str:
    """Sides in millimetres; empty for none."""
    return reading.shaped(labels.envelope(msgspec.to_builtins(value)), digits) if value.sides else ""


def certificate(held: records.Certificate) -> str:
    """The name of a certificate."""
    return held.words or (reading.concept(held.scheme) if held.scheme else "")
