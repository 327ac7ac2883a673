"""Times of day as the reader writes them: `{% load clock %}{% clock slot.starts %}`. Not dates (`{% day %}`, built in)."""

from __future__ import annotations

from datetime import datetime, time

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tashbik.web import reading

register = template.Library()


@register.simple_tag(takes_context=True)
def clock(context: Context, value: time | datetime | None, until: time | datetime | None = None) -> SafeString:
    """`{% clock from until %}`: hours and minutes, with the end where it is given; the start is read first in every language."""
    if value is None:
        return SafeString("")
    digits = str((context.get("reader") or {}).get("digits", "latn"))
    text = f"{value:%H:%M}" if until is None else f"{value:%H:%M}–{until:%H:%M}"
    direction = "rtl" if reading.language() == "ar" else "ltr"
    return format_html('<bdi dir="{}" class="clock">{}</bdi>', direction, reading.shaped(text, digits))
