"""Forms of the needs' pages: what is typed, with numbers and places in any of the three languages. Not requirements (requirement_forms.py)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Exchange, Need, Organisation, Role
from tashbik.exchange.need_checks import INCOTERMS, MAX_TEXT
from tashbik.exchange.need_sheet import Sheet
from tashbik.exchange.queries.needs import buyers
from tashbik.language.arabic import normalise_digits
from tashbik.language.numbers import NUMBER, parse_number
from tashbik.nomenclature.places import known_place, places
from tashbik.registry.records import Place
from tashbik.web import reading
from tashbik.web.needs.showing import unit_name

COUNTED_IN = (
    *("piece", "set", "pair", "dozen", "kg", "t", "g", "l", "hl", "m", "m2", "m3"),
    *("box", "bag", "bottle", "roll", "pallet", "sheet", "garment", "tablet", "mould", "machine", "head", "hour"),
)
"""Units in which quantities are asked for, the commonest first."""
PERIODS = (
    ("", _("in all, for this order")),
    ("day", _("a day")),
    ("week", _("a week")),
    ("month", _("a month")),
    ("year", _("a year")),
)
_ONE_NUMBER = re.compile(rf"\s*(?:{NUMBER})\s*")
_BETWEEN = re.compile(r"[;؛،\n]+|\s+/\s+")


def number_of(text: str) -> float:
    """A number as written in any of the three languages. Raises ValueError."""
    plain = normalise_digits(text).replace("٫", ".").replace("٬", ",").strip()
    if not _ONE_NUMBER.fullmatch(plain):
        raise ValueError(text)
    return parse_number(plain)


class NumberField(forms.CharField):
    """A number greater than zero, with a decimal comma or point, in European or Arabic digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "size": 12}), **options)

    def clean(self, value: Any) -> Any:
        """The number; None where none is given and none is required."""
        text = super().clean(value)
        if not text:
            return None
        try:
            found = number_of(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write a number, for example 12.5.")) from error
        if not 0 < found < 1e12:
            raise forms.ValidationError(_("Numbers must be greater than zero."))
        return found


def unit_choices(ids: tuple[str, ...]) -> list[tuple[str, str]]:
    """Units with their names in the reader's language."""
    return [(one, unit_name(one)) for one in ids]


class StateForm(forms.Form):
    """A need in the buyer's own words."""

    text = forms.CharField(
        label=_("What do you need?"),
        help_text=_(
            "Type or paste it in Arabic, French or English: what is to be made, of which material, how many, sizes and tolerances, "
            "certificates, where to and by when. A list, a numbered list or rows of a spreadsheet become lines."
        ),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        error_messages={"required": _("Write what you need.")},
    )
    kind = forms.ChoiceField(label=_("Kind of need"), choices=Need.Kind.choices, initial=Need.Kind.SUBCONTRACT)
    buyer = forms.ModelChoiceField(
        label=pgettext_lazy("organisation", "Buyer"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("not named yet"),
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        narrow_buyers(self, actor)


def narrow_buyers(form: forms.Form, actor: Actor) -> None:
    """Officers choose among the exchange's buyers; buyers are not asked."""
    if actor.role == Role.OFFICER:
        form.fields["buyer"].queryset = buyers(actor)  # type: ignore[attr-defined]
    else:
        del form.fields["buyer"]


class UploadForm(forms.Form):
    """A file of needs, one a row."""

    file = forms.FileField(
        label=_("A file of needs"),
        help_text=_(
            "One need a row, with a column for the text, and if you like the country, the place of delivery and the date."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": _("Choose a file first.")},
    )


class WordsForm(forms.Form):
    """A requirement, or a further line, in words."""

    words = forms.CharField(
        max_length=2_000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write what is to be added.")},
    )


class LineForm(forms.Form):
    """The text of a line; each row of it becomes a line of its own."""

    text = forms.CharField(
        label=_("Text of the line"),
        help_text=_(
            "It is read anew when you save. To split the line, put each part on a row of its own and tick the box."
        ),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    rows = forms.BooleanField(label=_("Each row is a line of its own"), required=False)


class QuantityForm(forms.Form):
    """How many, in what, how often, and from which quantities prices are asked."""

    value = NumberField(label=_("Quantity"), max_length=30)
    unit = forms.ChoiceField(label=_("Unit"))
    period = forms.ChoiceField(label=_("How often"), choices=PERIODS, required=False)
    price_breaks = forms.CharField(
        label=_("Price-break quantities"),
        help_text=_("Quantities from which you ask for another price, with a semicolon between: 500; 1000; 5000"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(COUNTED_IN)  # type: ignore[attr-defined]

    def clean_price_breaks(self) -> tuple[float, ...]:
        """The quantities, each once."""
        written = [one for one in _BETWEEN.split(self.cleaned_data["price_breaks"]) if one.strip()]
        try:
            return tuple(number_of(one) for one in written)
        except ValueError as error:
            raise forms.ValidationError(
                _("Write numbers with a semicolon between, for example 500; 1000; 5000.")
            ) from error


def date_field(**options: Any) -> forms.DateField:
    """A date, chosen or typed as 2026-09-30."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Write the date like 2026-09-30.")},
        **options,
    )


class PlaceFields(forms.Form):
    """A place in words with its country, found in the gazetteer where it is there."""

    place = forms.CharField(
        label=_("Town or region"), max_length=120, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        ids = [one.id for one in places().values() if one.kind == "country"]
        chosen = str(self.initial.get("country") or "")
        ids += [chosen] if chosen and chosen not in ids else []
        named = sorted(((one, reading.place(one)) for one in ids), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

    def found_place(self) -> Place:
        """The place with its region and coordinates; with the words alone where the gazetteer has none of that name."""
        return place_of(self.cleaned_data["place"], self.cleaned_data["country"])


def place_of(written: str, country: str) -> Place:
    """The place of some words in a country."""
    known = known_place(written, country) if written.strip() else None
    if known is None or known.kind == "country":
        return Place(country=known.id if known else country, locality="" if known else written.strip())
    return Place(
        country=known.country,
        region=known.division,
        locality=known.id,
        latitude=known.latitude,
        longitude=known.longitude,
    )


def place_words(place: Place) -> str:
    """The town or region of a place as one would write it."""
    known = places().get(place.locality) or places().get(place.region)
    return known.label(reading.language()) if known else place.locality


class TermsForm(PlaceFields):
    """What holds for the whole need."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind of need"), choices=Need.Kind.choices)
    buyer = forms.ModelChoiceField(
        label=pgettext_lazy("organisation", "Buyer"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("not named yet"),
    )
    incoterm = forms.ChoiceField(
        label=_("Incoterms 2020 rule"),
        choices=[("", "—"), *((one, one) for one in INCOTERMS)],
        required=False,
        help_text=_("Who carries cost and risk on the way; leave it open if you have no preference."),
    )
    due = date_field(label=_("Last day for answers"), required=False)
    confidentiality = forms.ChoiceField(
        label=_("Who may see it"), choices=Need.Confidentiality.choices, widget=forms.RadioSelect
    )
    anonymous = forms.BooleanField(
        label=_("Do not show the buyer's name"),
        required=False,
        help_text=_(
            "Only the officers of your exchange see it. Take care that texts and drawings do not name you either."
        ),
    )
    eligibility = forms.CharField(
        label=_("Who may answer"),
        help_text=_("Conditions for the enterprises, for example country, size or experience."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    field_order = (
        *("title", "kind", "buyer", "place", "country", "incoterm", "due"),
        *("confidentiality", "anonymous", "eligibility"),
    )

    def __init__(self, *args: Any, actor: Actor, buyer_fixed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].label = _("Place of delivery: town or region")
        if buyer_fixed:
            del self.fields["buyer"]
        else:
            narrow_buyers(self, actor)


def terms_initial(need: Need, sheet: Sheet) -> dict[str, Any]:
    """What the form of the terms shows at first."""
    return {
        "title": sheet.title,
        "kind": sheet.kind,
        "buyer": need.buyer_id,
        "place": place_words(sheet.place),
        "country": sheet.place.country or need.exchange.country,
        "incoterm": sheet.incoterm,
        "due": sheet.due,
        "confidentiality": sheet.confidentiality,
        "anonymous": sheet.anonymous,
        "eligibility": sheet.eligibility,
    }


class DrawingForm(forms.Form):
    """A drawing or another paper, maybe in place of an older revision."""

    file = forms.FileField(label=_("Drawing or document"), error_messages={"required": _("Choose a file first.")})
    title = forms.CharField(
        label=_("What it shows"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    revision = forms.CharField(
        label=_("Revision"), max_length=20, required=False, help_text=_("As on the drawing, for example B.")
    )
    replaces = forms.ChoiceField(label=_("In place of"), required=False)

    def __init__(self, *args: Any, files: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["replaces"].choices = [("", _("none: it is a new document")), *files]  # type: ignore[attr-defined]


class ReferForm(forms.Form):
    """To which exchange a need is passed on, with a word for its officers."""

    exchange = forms.ModelChoiceField(label=_("Exchange"), queryset=Exchange.objects.none(), empty_label=None)
    note = forms.CharField(
        label=_("A word for its officers"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("It is sent by e-mail. Do not name the buyer if the need is anonymous."),
    )

    def __init__(self, *args: Any, need: Need, **options: Any) -> None:
        super().__init__(*args, **options)
        taken = [one.exchange_id for one in need.referrals.all() if one.status != "declined"]
        field = self.fields["exchange"]
        field.queryset = Exchange.objects.exclude(pk__in=[need.exchange_id, *taken])  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.name(reading.language())  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done; kept in the history."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
