"""Forms of the participants' and the public pages. What is allowed in them is decided by the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models import Edition, MeetingFeedback, MeetingSlot, Participant
from tashbik.exchange.participant_details import SPOKEN, Details
from tashbik.exchange.pricing import CURRENCIES
from tashbik.language.analysis import fold
from tashbik.nomenclature.places import places
from tashbik.web import reading

LANGUAGES = [("ar", _("Arabic")), ("fr", _("French")), ("en", _("English"))]


_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Codes of two letters that name no country."""


def countries() -> list[tuple[str, str]]:
    """All countries in the reader's language: the Arab countries first, then the others, each sorted by name."""
    arab = {code for code in places() if len(code) == 2}
    codes = (str(code) for code in reading.locale_of(reading.language()).territories)
    known = {code for code in codes if len(code) == 2 and code.isalpha()}
    named = [(code, reading.place(code)) for code in (known | arab) - _NO_COUNTRIES]
    return sorted(named, key=lambda one: (one[0] not in arab, fold(one[1])))


def spoken() -> list[tuple[str, str]]:
    """Languages that meetings may be held in, by name."""
    names = reading.locale_of(reading.language()).languages
    return [(code, str(names.get(code, code))) for code in SPOKEN]


class ApplicationForm(forms.Form):
    """What somebody who wants to take part says of themselves."""

    name = forms.CharField(label=_("Your name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    body = forms.CharField(
        label=_("Enterprise or body that you come from"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    position = forms.CharField(
        label=_("Position"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Only for messages about this forum; it is not shown to anybody but the organiser."),
    )
    category = forms.ChoiceField(label=_("You come as"), choices=Participant.Category.choices)
    country = forms.ChoiceField(label=_("Country"))
    language = forms.ChoiceField(
        label=_("Messages to you in"), choices=LANGUAGES, widget=forms.RadioSelect(attrs={"class": "row"})
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you can hold a meeting"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "row"}),
        help_text=_("Where two people share none, an interpreter is planned with them."),
    )
    offers = forms.CharField(
        label=_("What you offer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In your own words: processes, products, capacities. Others see it."),
    )
    seeks = forms.CharField(
        label=_("What you are looking for"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **arguments: Any) -> None:
        super().__init__(*args, **arguments)
        self.fields["country"].choices = [("", ""), *countries()]  # type: ignore[attr-defined]
        self.fields["languages"].choices = spoken()  # type: ignore[attr-defined]

    def details(self) -> Details:
        """What was said, for the verb."""
        values = dict(self.cleaned_data)
        return Details(**{**values, "languages": tuple(values["languages"])})


class AbsenceForm(forms.Form):
    """The times at which a participant cannot come to meetings."""

    slots = forms.TypedMultipleChoiceField(
        label=_("I cannot come at these times"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "row"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, list[tuple[int, str]]]], **arguments: Any) -> None:
        super().__init__(*args, **arguments)
        self.fields["slots"].choices = choices  # type: ignore[attr-defined]


def slot_choices(edition: Edition, digits: str) -> list[tuple[str, list[tuple[int, str]]]]:
    """The slots of meetings by day, for a form."""
    days: dict[Any, list[MeetingSlot]] = {}
    for one in edition.slots.all():
        days.setdefault(one.day, []).append(one)
    return [
        (
            reading.day(day, digits),
            [(one.number, reading.shaped(f"{one.starts:%H:%M}–{one.ends:%H:%M}", digits)) for one in slots],
        )
        for day, slots in days.items()
    ]


class FeedbackForm(forms.Form):
    """What came of a meeting."""

    happened = forms.TypedChoiceField(
        label=_("Did the meeting take place?"),
        choices=[("yes", pgettext_lazy("meeting", "Yes")), ("no", pgettext_lazy("meeting", "No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "row"}),
    )
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=MeetingFeedback.Outcome.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=300,
        required=False,
        help_text=_("For example: send drawings, visit the workshop, make a quotation."),
    )
    next_by = forms.DateField(
        label=pgettext_lazy("next step", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "short-field"}, format="%Y-%m-%d"),
    )
    order_value = forms.DecimalField(
        label=_("Value of the orders that came of it"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"class": "number short-field", "inputmode": "decimal", "step": "any"}),
        help_text=_("You can come back and say it later. It is shown only in sums."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=[("", ""), *((code, code) for code in CURRENCIES)],
        widget=forms.Select(attrs={"class": "short-field"}),
    )
    rating = forms.TypedChoiceField(
        label=_("How useful was it, from 1 (not at all) to 5 (very)?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(number, str(number)) for number in range(1, 6)],
        widget=forms.RadioSelect(attrs={"class": "row"}),
    )


class AddressForm(forms.Form):
    """The address to which a personal link is sent anew."""

    email = forms.EmailField(label=_("E-mail address with which you registered"))


class ConfirmForm(forms.Form):
    """The address to which the link to the application is sent."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only for messages about this forum; it is not shown to anybody but the organiser."),
    )
