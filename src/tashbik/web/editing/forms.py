"""The forms of the sections of a record: what is typed. Not how they are read from a record and put back (sections.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.visibility import GROUPS
from tashbik.nomenclature.classifications import isic_code
from tashbik.web.editing import fields, labels

LANGUAGE_CHOICES = [(code, name) for code, name in labels.LANGUAGES.items() if code != "und"]


class SectionForm(forms.Form):
    """A form whose choices offer what stands in the record besides the usual."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, fields.Choice):
                field.offer(str(self.initial.get(name) or ""))

    groups: ClassVar[tuple[tuple[Any, tuple[str, ...], bool], ...]] = ()
    """Legend, fields, and whether the group is folded until something stands in it; without groups all fields follow one another."""

    def grouped(self) -> list[dict[str, Any]]:
        """The fields by group; a folded group opens where it has values or errors."""
        rest = tuple(name for name in self.fields if not any(name in names for _, names, _ in self.groups))
        found = [*self.groups, ("", rest, False)] if rest else list(self.groups)
        return [
            {
                "legend": legend,
                "fields": [self[name] for name in names],
                "folded": folded
                and not any(self[name].value() or (self.is_bound and self[name].errors) for name in names),
                "folds": folded,
            }
            for legend, names, folded in found
        ]


class IdentityForm(SectionForm):
    """Who the enterprise is."""

    name_ar = fields.Text(label=_("Name in Arabic"))
    name_fr = fields.Text(label=_("Name in French"))
    name_en = fields.Text(label=_("Name in English"))
    aliases = fields.Lines(label=_("Other names"), help_text=_("Trade names, abbreviations; one a line."))
    legal_form = fields.Text(label=_("Legal form"), max_length=80)
    founded = fields.Year(label=_("Founded in"))
    employees = fields.Number(label=_("People employed"), whole=True, high=10_000_000)
    employees_year = fields.Year(label=_("in the year"))
    turnover = fields.Text(label=_("Turnover"), max_length=80, help_text=_("Amount with currency, or a range."))
    turnover_year = fields.Year(label=_("in the year"))
    activities = fields.Lines(label=_("Activities (ISIC)"), help_text=_("Codes of ISIC Rev. 4, one a line, e.g. 2431."))
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), required=False, choices=LANGUAGE_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    website = fields.Text(label=_("Website"), code=True, help_text=_("In full, beginning with https://"))
    description_ar = fields.Area(label=_("Description in Arabic"), language="ar")
    description_fr = fields.Area(label=_("Description in French"), language="fr")
    description_en = fields.Area(label=_("Description in English"), language="en")

    groups = (
        (_("Names"), ("name_ar", "name_fr", "name_en", "aliases"), False),
        (
            _("The enterprise"),
            (
                "legal_form",
                "founded",
                "employees",
                "employees_year",
                "turnover",
                "turnover_year",
                "activities",
                "languages",
            ),
            False,
        ),
        (_("In its own words"), ("website", "description_ar", "description_fr", "description_en"), False),
    )

    def clean_activities(self) -> tuple[str, ...]:
        """Codes that the classification has."""
        given: tuple[str, ...] = self.cleaned_data["activities"]
        wrong = [one for one in given if not isic_code(one)]
        if wrong:
            raise forms.ValidationError(
                _("ISIC Rev. 4 has no such code: %(codes)s."), params={"codes": ", ".join(wrong)}
            )
        return tuple(isic_code(one) for one in given)

    def clean_website(self) -> str:
        """An address of the web, nothing that a browser would run."""
        given = str(self.cleaned_data["website"]).strip()
        if given and not given.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("Give the address in full, beginning with https://"))
        return given

    def clean(self) -> dict[str, Any]:
        """At least one name."""
        data = super().clean() or {}
        if not any(str(data.get(f"name_{one}", "")).strip() for one in ("ar", "fr", "en")):
            self.add_error("name_ar", _("Give the name in at least one language."))
        return data


class IdentifierForm(SectionForm):
    """An official number."""

    scheme = fields.Text(
        label=_("Register"), code=True, max_length=60, help_text=_("Code of the register, e.g. DZ-NRC; may stay empty.")
    )
    value = fields.Text(label=_("Number"), code=True, max_length=80)


class PlaceForm(SectionForm):
    """Where it is."""

    country = fields.Choice(label=_("Country"), choices=fields.countries)
    region = fields.Choice(label=_("Region"), choices=[("", "—")])
    locality = fields.Text(label=_("Town"), max_length=200)
    address = fields.Text(label=_("Address"))
    latitude = fields.Number(
        label=_("Latitude"), low=-90, high=90, help_text=_("Leave both empty: they are found by the town.")
    )
    longitude = fields.Number(label=_("Longitude"), low=-180, high=180)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        country = self.data.get(self.add_prefix("country")) if self.is_bound else self.initial.get("country")
        region = self.fields["region"]
        if isinstance(region, fields.Choice):
            region.choices = fields.regions(str(country or ""))
            region.offer(str(self.initial.get("region") or ""))

    def clean(self) -> dict[str, Any]:
        """Both coordinates or none."""
        data = super().clean() or {}
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("longitude", _("Give both coordinates, or neither."))
        return data


class CapabilityForm(SectionForm):
    """What it can make or do, in own words and with limits."""

    kind = fields.Choice(label=_("Kind"), choices=list(labels.KINDS.items()))
    words_ar = fields.Area(label=_("In your own words, in Arabic"), language="ar")
    words_fr = fields.Area(label=_("In your own words, in French"), language="fr")
    words_en = fields.Area(label=_("In your own words, in English"), language="en")
    core = forms.BooleanField(label=_("Main activity"), required=False)
    materials = fields.Lines(label=_("Materials"), help_text=_("As you call them, one a line."))
    capacity = fields.Number(label=_("Capacity"))
    capacity_unit = fields.Choice(label=_("Unit"), choices=fields.counted_in)
    capacity_period = fields.Choice(label=_("Period"), choices=list(fields.PERIODS))
    spare = fields.Number(label=_("of which free now"))
    lead_time = fields.Number(label=_("Lead time (days)"), high=3_650)
    envelope_min = fields.Sides(label=_("Smallest part (mm)"))
    envelope_max = fields.Sides(
        label=_("Largest part (mm)"), help_text=_("Sides with × between them, e.g. 340 × 220 × 80.")
    )
    weight_min = fields.Number(label=_("Lightest part (kg)"))
    weight_max = fields.Number(label=_("Heaviest part (kg)"))
    tolerance = fields.Number(label=_("Tolerance (± mm)"), high=1_000)
    tolerance_class = fields.Text(
        label=_("Tolerance class"), code=True, max_length=40, help_text=_("e.g. ISO 2768-m, IT8")
    )
    finish = fields.Text(label=_("Finish"), max_length=120)
    batch_min = fields.Number(label=_("Smallest batch (pieces)"))
    batch_max = fields.Number(label=_("Largest batch (pieces)"))
    minimum_order = fields.Number(label=_("Smallest order (pieces)"))
    price_hint = fields.Text(
        label=_("Indication of price"), max_length=120, help_text=_("Shown to officers only, unless you say otherwise.")
    )

    groups = (
        (_("What"), ("kind", "words_ar", "words_fr", "words_en", "core", "materials"), False),
        (_("How much, how soon"), ("capacity", "capacity_unit", "capacity_period", "spare", "lead_time"), False),
        (_("Size and weight"), ("envelope_min", "envelope_max", "weight_min", "weight_max"), True),
        (_("Precision and finish"), ("tolerance", "tolerance_class", "finish"), True),
        (_("Quantities and price"), ("batch_min", "batch_max", "minimum_order", "price_hint"), True),
    )

    def clean(self) -> dict[str, Any]:
        """Own words in one language at least; nothing free beyond the capacity; nothing smallest above the largest."""
        data = super().clean() or {}
        if not any(str(data.get(f"words_{one}", "")).strip() for one in ("ar", "fr", "en")):
            self.add_error("words_ar", _("Say in your own words, in one language at least, what you can make or do."))
        capacity, spare = data.get("capacity"), data.get("spare")
        if spare is not None and capacity is None:
            self.add_error("capacity", _("Give the whole capacity too."))
        elif spare is not None and spare > capacity:
            self.add_error("spare", _("Not more can be free than there is."))
        for low, high in (("weight_min", "weight_max"), ("batch_min", "batch_max")):
            if data.get(low) is not None and data.get(high) is not None and data[low] > data[high]:
                self.add_error(high, _("The largest must not be below the smallest."))
        return data


class MachineForm(SectionForm):
    """A machine, or several alike."""

    words = fields.Text(label=_("Machine"), help_text=_("In your own words, e.g. 400 t die-casting machine."))
    make = fields.Text(label=_("Make"), max_length=80)
    model = fields.Text(label=_("Model"), code=True, max_length=80)
    year = fields.Year(label=_("Year"))
    quantity = fields.Number(label=_("How many"), whole=True, low=1, high=10_000)
    envelope = fields.Sides(label=_("Working space (mm)"))
    axes = fields.Number(label=_("Axes"), whole=True, high=20)
    force = fields.Number(label=_("Force (kN)"))
    condition = fields.Text(label=_("Condition"), max_length=80)

    groups = (
        ("", ("words", "make", "model", "quantity"), False),
        (_("More about it"), ("year", "envelope", "axes", "force", "condition"), True),
    )


class CertificateForm(SectionForm):
    """A certificate held."""

    scheme = fields.Choice(label=_("Certificate"), choices=fields.schemes)
    words = fields.Text(label=_("As it is called"), max_length=120)
    scope = fields.Text(label=_("Scope"), max_length=200)
    issuer = fields.Text(label=_("Issued by"), max_length=120)
    expiry = fields.Day(label=_("Valid until"))
    evidence = fields.Text(label=_("Number or address of the evidence"), max_length=200)


class ReferencesForm(SectionForm):
    """Whom it has delivered to."""

    references = fields.Lines(
        label=_("References"), rows=4, help_text=_("Customers who agree to be named, one a line.")
    )


class ExportForm(SectionForm):
    """An export."""

    product = fields.Text(label=_("Product or HS heading"), max_length=200)
    country = fields.Choice(label=_("Country"), choices=fields.all_countries)
    year = fields.Year(label=_("Year"))


class ContactForm(SectionForm):
    """A way to reach it."""

    role = fields.Text(
        label=_("Post"), max_length=120, help_text=_("e.g. sales; a post rather than a person, where that does.")
    )
    name = fields.Text(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), required=False, widget=forms.EmailInput(attrs={"dir": "ltr"}))
    phone = fields.Text(label=_("Telephone"), code=True, max_length=40)


class FinanceForm(SectionForm):
    """What it needs money for."""

    finance_need = fields.Area(
        label=_("Financing need"),
        help_text=_(
            "What for, how much, by when. Shown to the officers of your exchange only, unless you say otherwise."
        ),
    )


class VisibilityForm(forms.Form):
    """Who sees which group of fields."""

    consent = forms.BooleanField(
        label=_("The persons named have agreed that their data are shown so."),
        help_text=_("Needed where contacts are shown to everyone. The date is kept; you can take it back at any time."),
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = {
            group: forms.ChoiceField(label=labels.GROUPS[group], choices=list(labels.LEVELS.items()))
            for group in GROUPS
        }
        self.fields = {**own, "consent": self.fields["consent"]}


class RegistrationForm(SectionForm):
    """What is needed to begin with: name, number, place, contact, and what the enterprise makes, in free text."""

    exchange = forms.ChoiceField(label=_("Exchange"), help_text=_("The exchange of your country or region."))
    name_ar = fields.Text(label=_("Name in Arabic"))
    name_fr = fields.Text(label=_("Name in French"))
    name_en = fields.Text(label=_("Name in English"))
    scheme = fields.Text(
        label=_("Register"), code=True, max_length=60, help_text=_("Code of the register, e.g. DZ-NRC; may stay empty.")
    )
    identifier = fields.Text(label=_("Commercial register number"), code=True, max_length=80)
    country = fields.Choice(label=_("Country"), choices=fields.countries)
    locality = fields.Text(label=_("Town"), max_length=200)
    address = fields.Text(label=_("Address"))
    role = fields.Text(
        label=_("Post of the contact"),
        max_length=120,
        help_text=_("e.g. sales; a post rather than a person, where that does."),
    )
    contact = fields.Text(label=_("Name of the contact"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), required=False, widget=forms.EmailInput(attrs={"dir": "ltr"}))
    phone = fields.Text(label=_("Telephone"), code=True, max_length=40)
    text = forms.CharField(
        label=_("What do you make or do?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "In your own words, in any of the three languages: processes, materials, sizes, quantities, machines, certificates. "
            "On the next page you see what was understood."
        ),
    )

    def __init__(self, *args: Any, exchanges: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["exchange"].choices = exchanges  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """At least one name, and a way to be reached."""
        data = super().clean() or {}
        if not any(str(data.get(f"name_{one}", "")).strip() for one in ("ar", "fr", "en")):
            self.add_error("name_ar", _("Give the name in at least one language."))
        if not (data.get("email") or data.get("phone")):
            self.add_error("email", _("Give an e-mail address or a telephone number."))
        return data


if TYPE_CHECKING:
    _FormSet = BaseFormSet[SectionForm]
else:
    _FormSet = BaseFormSet  # generic for the type checker only


class Rows(_FormSet):
    """Several rows of one form; a row that is emptied, or ticked to be removed, is left out."""

    def add_fields(self, form: Any, index: Any) -> None:
        """The tick by which a row is removed stands last."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this one")
            form.fields["DELETE"].initial = form.initial.get("DELETE")


def rows_of(form: type[SectionForm], extra: int = 1) -> type[_FormSet]:
    """The row set of a form."""
    return formset_factory(form, formset=Rows, extra=extra, can_delete=True, max_num=200, validate_max=True)
