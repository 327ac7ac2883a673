"""Forms of ties, clusters and their members. Not what is allowed (verbs)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Cluster, DeclaredTie, Enterprise, Organisation, Role
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_clusters import named
from tashbik.exchange.verbs.clusters import ClusterFacts
from tashbik.exchange.verbs.networks import Ends
from tashbik.nomenclature.classifications import isic
from tashbik.nomenclature.places import places
from tashbik.web import reading

DAY = forms.DateInput(attrs={"type": "date", "class": "short-field"}, format="%Y-%m-%d")
YEAR = forms.NumberInput(attrs={"class": "short-field", "min": 1900, "max": 2100})


class TieForm(forms.Form):
    """Who supplies whom; an enterprise or buyer names the other side only."""

    role = forms.ChoiceField(
        label=_("What is the other side to you?"),
        choices=(("buyer", _("it buys from us")), ("maker", _("it supplies us"))),
        widget=forms.RadioSelect,
    )
    other = forms.CharField(
        label=_("The other side"),
        max_length=200,
        help_text=_(
            "Its number in the register or its name. A name that is not in the register is kept as that of a company outside it."
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    product = forms.CharField(
        label=_("What is supplied"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    volume = forms.ChoiceField(label=pgettext_lazy("volume", "How much"), choices=DeclaredTie.Volume.choices)
    since = forms.IntegerField(label=_("Since (year)"), required=False, widget=YEAR)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("How it is known: an invoice, a contract, a visit, a publication."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    as_of = forms.DateField(label=_("Day of the data"), widget=DAY)
    level = forms.ChoiceField(label=_("Who is shown the tie"), choices=Level.choices, initial=Level.MEMBERS)

    def __init__(self, *args: Any, actor: Actor, subject: Enterprise | Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor, self.subject = actor, subject
        level: Any = self.fields["level"]
        if actor.role != Role.OFFICER:
            level.choices = [one for one in Level.choices if one[0] != Level.PUBLIC]
        if isinstance(subject, Organisation):
            role: Any = self.fields["role"]
            role.choices = [one for one in role.choices if one[0] == "maker"]
            self.initial["role"] = "maker"
        if actor.role == Role.OFFICER:
            self.fields["role"].label = _("What is the other side to it?")
            role = self.fields["role"]
            words = {"buyer": _("it is the buyer"), "maker": _("it is the supplier")}
            role.choices = [(key, words[key]) for key, _text in role.choices]

    def ends(self) -> Ends:
        """The two sides, as typed."""
        values = self.cleaned_data
        other = named(values["other"].strip())
        outside = "" if other else values["other"]
        own = self.subject
        if isinstance(own, Organisation):
            return Ends(maker=other, maker_name=outside, buyer_organisation=own)
        if values["role"] == "maker":
            return Ends(maker=other, maker_name=outside, buyer=own)
        buyer = None if other else _buyer(values["other"], own.exchange_id)
        if buyer is not None:
            return Ends(maker=own, buyer_organisation=buyer)
        return Ends(maker=own, buyer=other, buyer_name=outside)


def _buyer(name: str, exchange_id: int) -> Organisation | None:
    """A buyer of the exchange by its full name."""
    rows = Organisation.objects.filter(exchange=exchange_id, kind=Organisation.Kind.BUYER, name__iexact=name.strip())
    return rows.first()


class ClusterForm(forms.Form):
    """What is said of a cluster."""

    name_ar = forms.CharField(
        label=_("Name in Arabic"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
    )
    name_fr = forms.CharField(
        label=_("Name in French"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "fr"}),
    )
    name_en = forms.CharField(
        label=_("Name in English"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "en"}),
    )
    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(label=_("Region"), required=False)
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), required=False, help_text=_("Divisions of ISIC Rev. 4; hold Ctrl to choose several.")
    )
    institutions = forms.ModelMultipleChoiceField(
        label=_("Institutions that serve it"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    about = forms.CharField(
        label=_("About the cluster"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    source = forms.CharField(label=_("Source"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    as_of = forms.DateField(label=_("Day of the data"), widget=DAY)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, exchange_id: int, country: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = dict(self.fields)
        fields["country"].choices = _countries()
        fields["region"].choices = [("", pgettext_lazy("region", "the whole country")), *_regions(country)]
        fields["sectors"].choices = [
            (code, f"{code} {one.label(reading.language())}")
            for code, one in isic().items()
            if len(code) == 2 and code.isdigit()
        ]
        fields["institutions"].queryset = Organisation.objects.filter(exchange=exchange_id).exclude(
            kind=Organisation.Kind.BUYER
        )

    def facts(self) -> ClusterFacts:
        """What is typed."""
        values = self.cleaned_data
        names = ("name_ar", "name_fr", "name_en", "country", "region", "about", "source", "as_of")
        return ClusterFacts(
            **{one: values[one] for one in names},
            sectors=tuple(values["sectors"]),
            institutions=tuple(values["institutions"]),
        )


def initial_of(cluster: Cluster) -> dict[str, Any]:
    """What the form shows of a cluster."""
    names = ("name_ar", "name_fr", "name_en", "country", "region", "sectors", "about", "source", "as_of", "version")
    return {one: getattr(cluster, one) for one in names} | {"institutions": cluster.institutions.all()}


def _countries() -> list[tuple[str, str]]:
    known = ((one.label(reading.language()), code) for code, one in places().items() if one.kind == "country")
    return [(code, name) for name, code in sorted(known)]


def _regions(country: str) -> list[tuple[str, str]]:
    known = (
        (one.label(reading.language()), code)
        for code, one in places().items()
        if one.kind == "division" and (not country or one.country == country)
    )
    return [(code, name) for name, code in sorted(known)]


class JoinForm(forms.Form):
    """An enterprise that enters a cluster; a member enters its own."""

    enterprise = forms.CharField(
        label=_("Enterprise"),
        max_length=300,
        help_text=_("Its number in the register, or its full name."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    since = forms.IntegerField(label=_("Since (year)"), required=False, widget=YEAR)
    source = forms.CharField(label=_("Source"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))

    def __init__(self, *args: Any, own: Enterprise | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.own = own
        if own is not None:
            del self.fields["enterprise"]

    def clean_enterprise(self) -> Enterprise:
        """The enterprise of the number or name."""
        found = named(self.cleaned_data["enterprise"].strip())
        if found is None:
            raise forms.ValidationError(
                _("No published enterprise has this number, or several have this name: give the number.")
            )
        return found
