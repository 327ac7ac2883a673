"""The filter `bidi` (`{% load bidi %}`): runs of words that go the other way within a text, each set apart. Not whole names: those stand in <bdi>."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tashbik.web import reading

register = template.Library()

_LATIN = re.compile(r"(?:± ?)?[A-Za-zÀ-ɏ0-9](?:[A-Za-zÀ-ɏ0-9 \u00a0\u202f.,:/+\-–×±≈°%&'’_]*[A-Za-zÀ-ɏ0-9%°+])?")
"""Latin words, codes and numbers with what may stand between them."""
_TURNS = re.compile(r"[A-Za-zÀ-ɏ×±≈–/:+-]")
"""What makes such a run read wrongly in Arabic; a bare number does not."""
_LETTERS = re.compile(r"[A-Za-zÀ-ɏ]")
_ARABIC = re.compile(r"[\u0600-\u06ff](?:[\u0600-\u06ff\s0-9.,()×±–-]*[\u0600-\u06ff])?")


@register.filter
def bidi(value: object) -> SafeString:
    """`{{ text|bidi }}`: the text, escaped; in Arabic its Latin words, codes and measures, in the other languages its Arabic words in <bdi>."""
    text = "" if value is None else str(value)
    if reading.language() == "ar":
        if _LETTERS.search(text) and not _ARABIC.search(text):
            return mark_safe(f'<bdi dir="ltr">{escape(text)}</bdi>')
        return _set_apart(text, _LATIN, "ltr")
    return _set_apart(text, _ARABIC, "rtl")


def _set_apart(text: str, run: re.Pattern[str], direction: str) -> SafeString:
    parts: list[str] = []
    at = 0
    for found in run.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(_one(found[0], direction))
        at = found.end()
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # every part was escaped


def _one(words: str, direction: str) -> str:
    if direction == "ltr" and not _TURNS.search(words):
        return escape(words)
    return f'<bdi dir="{direction}">{escape(words)}</bdi>'
