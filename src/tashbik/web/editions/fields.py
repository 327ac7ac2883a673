"""Fields that the forms of editions share: texts in three languages, countries, languages, days and times. Not the forms (forms.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.errors import ExchangeError, InvalidError
from tashbik.exchange.models import Edition
from tashbik.exchange.participant_details import SPOKEN
from tashbik.web import reading
from tashbik.web.refusals import show

LANGUAGES = ("ar", "fr", "en")
_IN = {
    "ar": pgettext_lazy("text", "in Arabic"),
    "fr": pgettext_lazy("text", "in French"),
    "en": pgettext_lazy("text", "in English"),
}
ARAB = (
    *("DZ", "BH", "KM", "DJ", "EG", "IQ", "JO", "KW", "LB", "LY", "MR"),
    *("MA", "OM", "PS", "QA", "SA", "SO", "SD", "SY", "TN", "AE", "YE"),
)
"""Members of the League of Arab States, offered first."""


def add_texts(form: forms.Form, name: str, label: Any, *, rows: int = 0, most: int = 300) -> None:
    """Add a field for each language: name_ar, name_fr, name_en; at least one is asked for by the verb."""
    for code in LANGUAGES:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        widget.attrs |= {"dir": "rtl" if code == "ar" else "ltr", "lang": code}
        form.fields[f"{name}_{code}"] = forms.CharField(
            label=_("%(what)s, %(language)s") % {"what": label, "language": _IN[code]},
            required=False,
            max_length=most,
            widget=widget,
        )


def texts_of(cleaned: Mapping[str, Any], name: str) -> dict[str, str]:
    """The texts by language that were typed."""
    return {code: text for code in LANGUAGES if (text := str(cleaned.get(f"{name}_{code}") or "").strip())}


def initial_texts(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """Texts by language as initial values of their fields."""
    return {f"{name}_{code}": texts.get(code, "") for code in LANGUAGES}


def day_field(**options: Any) -> forms.DateField:
    """A date, chosen or typed as 2026-09-30."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Write the date like 2026-09-30.")},
        **options,
    )


def time_field(**options: Any) -> forms.TimeField:
    """A time of day, chosen or typed as 09:30."""
    return forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages={"invalid": _("Write the time like 09:30.")},
        **options,
    )


def country_choices(empty: Any = "—") -> list[tuple[Any, Any]]:
    """All countries by name in the reader's language, Arab states first."""
    names = {str(code): str(name) for code, name in Locale(reading.language()).territories.items()}
    arab = sorted(((code, reading.place(code)) for code in ARAB), key=lambda pair: pair[1])
    others = (code for code in names if len(code) == 2 and code.isalpha() and code not in ARAB and code not in _NONE)
    rest = sorted(((code, names[code]) for code in others), key=lambda pair: pair[1])
    return [("", empty), (_("Arab states"), arab), (_("Other countries"), rest)]


_NONE = ("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB")
"""Territories of the CLDR that are no countries."""


def language_choices(codes: Iterable[str] = SPOKEN) -> list[tuple[str, str]]:
    """Languages by name in the reader's language."""
    names = Locale(reading.language()).languages
    return [(code, str(names[code])) for code in codes]


def day_choices(edition: Edition) -> list[tuple[str, str]]:
    """The days of an edition."""
    return [(one.isoformat(), reading.day(one)) for one in days_of(edition)]


def days_of(edition: Edition) -> list[date]:
    """Every day of an edition."""
    count = (edition.ends - edition.starts).days + 1
    return [date.fromordinal(edition.starts.toordinal() + number) for number in range(count)]


def refuse(form: forms.Form, error: ExchangeError) -> None:
    """Show a refusal on the form: errors of a text stand at its first language."""
    if isinstance(error, InvalidError):
        fields = {f"{name}_ar" if f"{name}_ar" in form.fields else name: texts for name, texts in error.fields.items()}
        error = InvalidError(fields, str(error.message))
    show(form, error)
