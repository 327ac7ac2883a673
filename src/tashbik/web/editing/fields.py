"""Form fields of the register: numbers as written in three languages, lists by line, places, sizes, dates. Not whole forms (forms.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tashbik.language.arabic import normalise_digits
from tashbik.language.numbers import parse_number
from tashbik.language.units import label as unit_label
from tashbik.nomenclature import tables
from tashbik.nomenclature.places import places
from tashbik.web import reading

UNITS = (
    "piece",
    "kg",
    "t",
    "m",
    "m2",
    "m3",
    "l",
    "hl",
    "pair",
    "set",
    "dozen",
    "garment",
    "box",
    "bottle",
    "bag",
    "mould",
    "hour",
)
"""Units in which capacities are given, the commonest first."""
PERIODS = (("month", _("a month")), ("week", _("a week")), ("day", _("a day")), ("year", _("a year")))


class Number(forms.CharField):
    """A number that is not below zero, with decimal comma or point, grouping, European or Arabic digits; None for none."""

    def __init__(self, *, whole: bool = False, low: float = 0, high: float = 1e12, **options: Any) -> None:
        self.whole, self.low, self.high = whole, low, high
        attrs = {"inputmode": "numeric" if whole else "decimal", "class": "number", "dir": "ltr"}
        super().__init__(required=False, max_length=40, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        """The number."""
        text = super().clean(value)
        if not text:
            return None
        try:
            found = parse_number(normalise_digits(text).replace("٫", ".").replace("٬", ",").strip())
        except ValueError as error:
            raise forms.ValidationError(_("Write a number, e.g. 1200 or 0.5.")) from error
        if self.whole and found != int(found):
            raise forms.ValidationError(_("Write a whole number."))
        if not self.low <= found <= self.high:
            raise forms.ValidationError(_("This number cannot be right. Please check it."))
        return int(found) if self.whole else found

    def prepare_value(self, value: Any) -> Any:
        """A number as it is typed: no grouping, no needless decimals."""
        return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else value


class Year(Number):
    """A year with four digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(whole=True, low=1800, high=date.today().year + 1, **options)


class Lines(forms.CharField):
    """Several values, one a line."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        super().__init__(required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": rows}), **options)

    def clean(self, value: Any) -> Any:
        """The values as a tuple."""
        return tuple(dict.fromkeys(line.strip() for line in super().clean(value).splitlines() if line.strip()))

    def prepare_value(self, value: Any) -> Any:
        """One a line."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value


class Sides(forms.CharField):
    """A size in millimetres: one to three sides with × or x between them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            max_length=60,
            widget=forms.TextInput(attrs={"dir": "ltr", "class": "short-field"}),
            **options,
        )

    def clean(self, value: Any) -> Any:
        """The sides, the longest first."""
        text = normalise_digits(super().clean(value)).lower().replace("mm", "").replace("×", "x").replace("*", "x")
        if not text.strip():
            return ()
        try:
            sides = tuple(parse_number(part.strip().replace("٫", ".")) for part in text.split("x"))
        except ValueError as error:
            raise forms.ValidationError(_("Write the sides in millimetres, e.g. 340 × 220 × 80.")) from error
        if not 1 <= len(sides) <= 3 or any(not 0 < one < 1e6 for one in sides):
            raise forms.ValidationError(_("Write the sides in millimetres, e.g. 340 × 220 × 80."))
        return tuple(sorted(sides, reverse=True))

    def prepare_value(self, value: Any) -> Any:
        """Sides with × between them."""
        return " × ".join(f"{one:g}" for one in value) if isinstance(value, (list, tuple)) else value


class Text(forms.CharField):
    """A line of text that need not be given."""

    def __init__(self, *, code: bool = False, **options: Any) -> None:
        attrs = {"class": "code", "dir": "ltr"} if code else {}
        options.setdefault("max_length", 300)
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)


class Area(forms.CharField):
    """Several lines of text that need not be given, in one language: its attributes `lang` and direction follow it."""

    def __init__(self, *, language: str = "", rows: int = 4, **options: Any) -> None:
        attrs: dict[str, Any] = {"rows": rows}
        if language:
            attrs |= {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
        super().__init__(required=False, max_length=10_000, widget=forms.Textarea(attrs=attrs), **options)


class Day(forms.DateField):
    """A date that need not be given, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


class Choice(forms.ChoiceField):
    """A choice that need not be made; `choices` may be a function, called for each form, so that it is in the reader's language.

    A value that stands in the record and is not offered is offered besides, so that saving a form never loses it.
    """

    def __init__(self, *, choices: Any, **options: Any) -> None:
        super().__init__(required=False, choices=choices, **options)

    def offer(self, value: str) -> None:
        """Offer a value besides the usual ones."""
        offered: list[Any] = list(self.choices)  # type: ignore[arg-type]  # a flat list, or a function that gives one
        if value and value not in dict(offered):
            self.choices = [*offered, (value, value)]


def countries() -> list[tuple[str, str]]:
    """The countries of the gazetteer by name, none first."""
    named = sorted((one.label(reading.language()), code) for code, one in places().items() if one.kind == "country")
    return [("", "—"), *((code, name) for name, code in named)]


def all_countries() -> list[tuple[str, str]]:
    """All countries of ISO 3166-1 by name, none first."""
    territories = reading.locale_of(reading.language()).territories
    named = sorted((str(name), code) for code, name in territories.items() if len(code) == 2 and code.isalpha())
    return [("", "—"), *((code, name) for name, code in named)]


def regions(country: str) -> list[tuple[str, str]]:
    """The divisions of a country by name, none first."""
    named = sorted(
        (one.label(reading.language()), code)
        for code, one in places().items()
        if one.kind == "division" and one.country == country
    )
    return [("", "—"), *((code, name) for name, code in named)]


def counted_in() -> list[tuple[str, str]]:
    """Units by name."""
    return [(one, unit_label(one, reading.language(), 5)) for one in UNITS]


def schemes() -> list[tuple[str, str]]:
    """Certificates of the vocabulary by name, none first."""
    named = sorted(
        (one.label(reading.language()), one.id) for one in tables.concepts().values() if one.kind == "certificate"
    )
    return [("", gettext("another one, written beside")), *((code, name) for name, code in named)]
