"""The filters and tags of all templates (built in: no {% load %}): numbers, dates, names, verdicts. Not the texts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.utils.http import urlencode

from tashbik.web import reading

register = template.Library()


def _digits(context: Context) -> str:
    return str(_reader(context).get("digits", "latn"))


def _reader(context: Context) -> dict[str, Any]:
    """The reader's looks (context.py); empty in a template rendered without a request."""
    return context.get("reader") or {}


@register.simple_tag(takes_context=True)
def num(context: Context, value: Any) -> str:
    """`{% num value %}`: a number as the reader writes it."""
    return reading.number(value, _digits(context))


@register.simple_tag(takes_context=True)
def pct(context: Context, value: Any) -> str:
    """`{% pct share %}`: a share (0–1) in percent."""
    return reading.percent(value, _digits(context))


@register.simple_tag(takes_context=True)
def money(context: Context, value: Decimal | None, currency: str) -> str:
    """`{% money amount currency %}`."""
    return reading.money(value, currency, _digits(context))


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime | str | None) -> str:
    """`{% day date %}`: a date in words, the Hijri one beside it where the reader wants it."""
    given = date.fromisoformat(value[:10]) if isinstance(value, str) and value else None
    if isinstance(value, date):
        given = value
    return reading.day(given, _digits(context), bool(_reader(context).get("hijri")))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> str:
    """`{% moment datetime %}`: date and time of day."""
    return reading.moment(value, _digits(context))


@register.filter
def age(value: date | None) -> str:
    """`{{ date|age }}`: how old, in words."""
    return reading.age(value)


@register.filter
def concept(value: str) -> str:
    """`{{ id|concept }}`: a concept's name in the reader's language."""
    return reading.concept(value)


@register.filter
def place(value: str) -> str:
    """`{{ code|place }}`: a country's or division's name in the reader's language."""
    return reading.place(value) if value else ""


@register.filter
def own_name(value: Any) -> str:
    """`{{ enterprise|own_name }}`: the name of an enterprise or exchange in the reader's language."""
    return str(value.name(reading.language()))


@register.filter
def in_words(value: dict[str, str] | None) -> str:
    """`{{ words|in_words }}`: own words by language, the reader's first, else any."""
    if not value:
        return ""
    return value.get(reading.language()) or next(iter(value.values()))


@register.filter
def item(value: dict[Any, Any], key: Any) -> Any:
    """`{{ mapping|item:key }}`; empty where the key is missing."""
    return value.get(key, "") if value else ""


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """`{% query page=2 %}`: the page's query string with some values changed; empty or None takes one out."""
    values = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            values.pop(key, None)
        else:
            values[key] = value
    return "?" + urlencode(list(values.lists()), doseq=True) if values else "?"
