"""Where an edition takes place and which languages are spoken, as readers write it: `{% load venue %}{{ edition|where }}`, `{{ edition|town }}`, `{{ codes|spoken }}`. Not what else is told of it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tashbik.exchange.models import Edition
from tashbik.web import reading

register = template.Library()


@register.filter
def town(edition: Edition) -> str:
    """The town in the reader's language, as far as the gazetteer knows it."""
    return edition.town(reading.language())


@register.filter
def where(edition: Edition) -> SafeString:
    """Venue, town and country, each set apart; a country of the town's name is not said twice."""
    language = reading.language()
    country = reading.place(edition.country) if edition.country else ""
    parts = dict.fromkeys((edition.text("venue", language), edition.town(language), country))
    return format_html_join(" · ", "<bdi>{}</bdi>", ((one,) for one in parts if one))


@register.filter
def spoken(codes: list[str]) -> str:
    """Languages by name, as one phrase."""
    names = reading.locale_of(reading.language()).languages
    return reading.listed([str(names.get(code, code)) for code in codes])
