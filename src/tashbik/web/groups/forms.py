"""Forms of groups but for the composer's own (composer.py). Not the checks: the verbs make them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.models import GroupMember
from tashbik.web.rfq.forms import day_input


class ProposeForm(forms.Form):
    """Until when the members are to answer, and a word to them."""

    answer_by = forms.DateField(label=_("Answers are expected until"), widget=day_input())
    message = forms.CharField(
        label=_("Message to the members"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class DeclineForm(forms.Form):
    """Why an enterprise does not take part."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=GroupMember.Reason.choices, widget=forms.RadioSelect, required=False
    )
    note = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class WithdrawForm(forms.Form):
    """Why a group is given up."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
