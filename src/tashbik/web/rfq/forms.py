"""Forms of the RFQ cycle but for the quote itself (quote_form.py). Not the checks: the verbs make them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models import Invitation, Outcome
from tashbik.exchange.pricing import CURRENCIES, INCOTERMS

_CURRENCIES = [(one, one) for one in CURRENCIES]
_INCOTERMS = [("", "—"), *((one, one) for one in INCOTERMS)]


def day_input() -> forms.DateInput:
    """A date field that the browser shows as its own."""
    return forms.DateInput(attrs={"type": "date", "class": "short-field"}, format="%Y-%m-%d")


class RequestForm(forms.Form):
    """What a request says besides the need."""

    deadline = forms.DateField(
        label=_("Quotes are accepted until"),
        widget=day_input(),
        help_text=_("The end of that day, universal time (UTC)."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=_CURRENCIES,
        help_text=_("Quotes in another currency are taken too; to compare them you give the exchange rate."),
    )
    incoterm = forms.ChoiceField(
        label=_("Incoterm"),
        choices=_INCOTERMS,
        required=False,
        help_text=_("Incoterms 2020: who bears transport and risk."),
    )
    message = forms.CharField(
        label=_("Message to those asked"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    sealed = forms.BooleanField(
        label=_("Keep prices sealed until the deadline"),
        required=False,
        help_text=_("You see who has quoted, and the prices once all have answered or the deadline has passed."),
    )


class DeadlineForm(forms.Form):
    """A later deadline."""

    deadline = forms.DateField(label=_("Quotes are accepted until"), widget=day_input())


class ReasonForm(forms.Form):
    """Why; told to those asked where the request is cancelled."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class DeclineForm(forms.Form):
    """Why an enterprise will not quote."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=Invitation.Reason.choices, widget=forms.RadioSelect, required=False
    )
    note = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class OutcomeForm(forms.Form):
    """What became of an award."""

    kind = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    on = forms.DateField(label=pgettext_lazy("date", "On"), widget=day_input())
    value = forms.DecimalField(
        label=_("Value"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=3,
        localize=False,
        help_text=_("What was really ordered, delivered or settled; leave it empty if it is as awarded."),
        widget=forms.NumberInput(attrs={"class": "number", "step": "any"}),
    )
    note = forms.CharField(
        label=pgettext_lazy("remark", "Note"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *arguments: Any, kinds: set[str], currency: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [one for one in Outcome.Kind.choices if one[0] in kinds]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        self.fields["value"].label = _("Value (%(currency)s)") % {"currency": currency}
