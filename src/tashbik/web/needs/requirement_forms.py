"""A requirement by hand: one form for each kind of value, with its units, turned into the fixed units of the records. Not reading of words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tashbik.language.analysis import fold
from tashbik.language.units import convert
from tashbik.nomenclature import tables
from tashbik.nomenclature.classifications import hs_chapter
from tashbik.nomenclature.classify import classify
from tashbik.nomenclature.grades import find_grades
from tashbik.registry.medicines import from_fields
from tashbik.registry.records import Place, Requirement
from tashbik.web import reading
from tashbik.web.needs.forms import (
    COUNTED_IN,
    PERIODS,
    NumberField,
    PlaceFields,
    date_field,
    place_words,
    unit_choices,
)
from tashbik.web.needs.showing import unit_name

CHOICES = 8
"""Concepts offered where the words name none exactly."""
CONCEPTS = ("process", "product", "material", "machine", "certificate")
KINDS = (
    *CONCEPTS,
    *("envelope", "weight", "tolerance", "quantity", "batch", "lead_time", "delivery", "place", "hs"),
    *("substance", "form", "dosage"),
)
"""Kinds that can be added by hand, in the order in which a buyer thinks of them."""


class RequirementForm(forms.Form):
    """What all kinds have: whether it is mandatory."""

    kind: ClassVar[str] = ""
    mandatory = forms.TypedChoiceField(
        label=_("How strict is it?"),
        choices=[
            ("yes", _("mandatory: who does not meet it is shown last")),
            ("no", _("preferred: it counts, but does not exclude")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )

    def requirement(self, kind: str) -> Requirement:
        """The requirement of a valid form."""
        return Requirement(kind=kind, mandatory=self.cleaned_data["mandatory"], **self.stated())  # type: ignore[arg-type]

    def stated(self) -> dict[str, Any]:
        """Its values."""
        raise NotImplementedError

    @classmethod
    def shown(cls, one: Requirement) -> dict[str, Any]:
        """What the form shows of a requirement that is being corrected."""
        return {"mandatory": "yes" if one.mandatory else "no"}


class ConceptForm(RequirementForm):
    """A process, product, material, machine or certificate: words that name one, or a choice among those that come near."""

    words = forms.CharField(label=_("In words"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    concept = forms.MultipleChoiceField(
        label=_("Which of these do you mean? Any of those that you tick will do."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("words", "concept", "mandatory")

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kind = kind
        words = str((self.data.get("words") if self.is_bound else self.initial.get("words")) or "")
        ticked = self.data.getlist("concept") if self.is_bound and hasattr(self.data, "getlist") else []
        chosen = [*ticked, *self.initial.get("concept", ())]
        self.near = [one for one in dict.fromkeys([*chosen, *near(words, kind)]) if one.startswith(f"{kind}.")]
        if self.near:
            self.fields["concept"].choices = [(one, reading.concept(one)) for one in self.near]  # type: ignore[attr-defined]
        else:
            del self.fields["concept"]

    def clean(self) -> dict[str, Any]:
        """Words that name a grade or one concept suffice; else one must be ticked."""
        data: dict[str, Any] = super().clean() or {}
        words, ticked = data.get("words", ""), data.get("concept") or []
        grades = [one.grade for one in find_grades(words)] if self._kind == "material" else []
        exact = named(words, self._kind)
        data["values"] = tuple(ticked or grades or exact)
        data["grade"] = bool(grades) and not ticked
        if words and not data["values"]:
            if self.near:
                self.add_error("concept", gettext("Tick what you mean, or use other words."))
            else:
                self.add_error(
                    "words",
                    gettext("This is not in the vocabulary: use a more common word, in any of the three languages."),
                )
        return data

    def stated(self) -> dict[str, Any]:
        """Concept ids, or a grade."""
        data = self.cleaned_data
        return {"words": data["words"], "values": data["values"], "unit": "grade" if data["grade"] else ""}

    @classmethod
    def shown(cls, one: Requirement) -> dict[str, Any]:
        """Words with the concepts ticked."""
        ticked = () if one.unit == "grade" else one.values
        return {**super().shown(one), "words": one.words, "concept": list(ticked)}


def named(words: str, kind: str) -> list[str]:
    """The concepts of a kind that words name; several only where one phrase names them alike."""
    found = classify(words, kinds=(kind,))
    best = [one.concept for one in found if (one.start, one.end) == (found[0].start, found[0].end)]
    return best if len(found) == len(best) else []


def near(words: str, kind: str) -> list[str]:
    """Concepts of a kind that words name, then those whose names hold one of the words."""
    found = [one.concept for one in classify(words, kinds=(kind,))]
    asked = {word for word in fold(words).split() if len(word) > 2}
    if not asked:
        return found[:CHOICES]
    scored = [(_shared(asked, terms(one)), one.id) for one in tables.concepts().values() if one.kind == kind]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))
    return list(dict.fromkeys([*found, *(concept for _score, concept in best)]))[:CHOICES]


def terms(concept: tables.Concept) -> list[str]:
    """All names of a concept, folded."""
    return [fold(term) for language in concept.terms.values() for term in language]


def _shared(asked: set[str], names: Iterable[str]) -> float:
    return max((len(asked & set(name.split())) / (1 + len(name.split())) for name in names), default=0.0)


class MeasureForm(RequirementForm):
    """A number with its unit, kept in the unit that the kind fixes."""

    UNITS: ClassVar[dict[str, tuple[str, ...]]] = {
        "weight": ("kg", "g", "t"),
        "tolerance": ("mm", "um"),
        "lead_time": ("day", "week", "month"),
        "quantity": COUNTED_IN,
        "batch": COUNTED_IN,
    }
    value = NumberField(label=_("Value"), max_length=30)
    unit = forms.ChoiceField(label=_("Unit"))
    period = forms.ChoiceField(label=_("How often"), choices=PERIODS[1:], initial="month")
    field_order = ("value", "unit", "period", "mandatory")

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kind = kind
        self.fields["unit"].choices = unit_choices(self.UNITS[kind])  # type: ignore[attr-defined]
        if kind != "quantity":
            del self.fields["period"]

    def stated(self) -> dict[str, Any]:
        """The number in kg, mm, days, or the unit itself for quantities."""
        value, unit = self.cleaned_data["value"], self.cleaned_data["unit"]
        words = f"{value:g} {unit_name(unit, value)}"
        if self._kind in ("quantity", "batch"):
            return {"words": words, "numbers": (value,), "unit": unit, "period": self.cleaned_data.get("period", "")}
        target = self.UNITS[self._kind][0]
        return {"words": words, "numbers": (convert(value, unit, target) or value,), "unit": target}

    @classmethod
    def shown(cls, one: Requirement) -> dict[str, Any]:
        """The number in the unit in which it is kept."""
        value = f"{one.numbers[0]:g}" if one.numbers else ""
        return {**super().shown(one), "value": value, "unit": one.unit or "piece", "period": one.period or "month"}


class ToleranceForm(RequirementForm):
    """A tolerance: plus or minus so much, or a class of a standard."""

    value = NumberField(label=_("Tolerance ±"), max_length=30, required=False)
    unit = forms.ChoiceField(label=_("Unit"))
    words = forms.CharField(
        label=_("or a class of a standard"), max_length=60, required=False, help_text=_("For example ISO 2768-mK, IT7.")
    )
    field_order = ("value", "unit", "words", "mandatory")

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(MeasureForm.UNITS["tolerance"])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("value") and not data.get("words") and "value" not in self.errors:
            self.add_error("value", gettext("Give a number or a class."))
        return data

    def stated(self) -> dict[str, Any]:
        """± in mm, or the class."""
        value, unit, words = (self.cleaned_data[one] for one in ("value", "unit", "words"))
        if value is None:
            return {"words": words, "values": (words,)}
        sign = f"± {value:g} {unit_name(unit, value)}"
        return {"words": sign, "numbers": (convert(value, unit, "mm") or value,), "unit": "mm"}

    @classmethod
    def shown(cls, one: Requirement) -> dict[str, Any]:
        """The number in mm, or the class."""
        number = {"value": f"{one.numbers[0]:g}", "unit": "mm"} if one.numbers else {"words": one.words}
        return {**super().shown(one), **number}


class EnvelopeForm(RequirementForm):
    """Up to three sides of a part; a diameter stands as two equal sides."""

    first = NumberField(label=_("Longest side, or diameter"), max_length=30)
    second = NumberField(label=_("Second side; of a round part the diameter again"), max_length=30, required=False)
    third = NumberField(label=_("Third side"), max_length=30, required=False)
    unit = forms.ChoiceField(label=_("Unit"))
    field_order = ("first", "second", "third", "unit", "mandatory")

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(("mm", "cm", "m", "in"))  # type: ignore[attr-defined]

    def stated(self) -> dict[str, Any]:
        """Sides in mm, longest first."""
        unit = self.cleaned_data["unit"]
        sides = [one for name in ("first", "second", "third") if (one := self.cleaned_data[name]) is not None]
        words = " × ".join(f"{one:g}" for one in sides) + f" {unit_name(unit)}"
        return {
            "words": words,
            "numbers": tuple(sorted((convert(one, unit, "mm") or one for one in sides), reverse=True)),
            "unit": "mm",
        }

    @classmethod
    def shown(cls, one: Requirement) -> dict[str, Any]:
        """Sides in mm."""
        sides = dict(zip(("first", "second", "third"), (f"{side:g}" for side in one.numbers), strict=False))
        return {**super().shown(one), **sides, "unit": "mm"}


class WhereForm(RequirementForm, PlaceFields):
    """Where to, and by when."""

    due = date_field(label=_("Delivered by"), required=False)
    within = NumberField(label=_("Within so many kilometres"), max_length=12, required=False)
    field_order = ("place", "country", "within", "due", "mandatory")

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kind = kind
        del self.fields["due" if kind == "place" else "within"]

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("place") or data.get("country") or data.get("due")) and not self.errors:
            self.add_error(
                "place", gettext("Give a place or a date.") if self._kind == "delivery" else gettext("Give a place.")
            )
        return data

    def stated(self) -> dict[str, Any]:
        """A place, with a date or a distance in km."""
        data, place = self.cleaned_data, self.found_place()
        within = data.get("within")
        return {
            "words": data["place"],
            "place": place if place != Place() else None,
            "due": data.get("due"),
            "numbers": (within,) if within else (),
            "unit": "km" if within else "",
        }

    @classmethod
    def shown(cls, one: Requirement) -> dict[str, Any]:
        """Place and date or distance."""
        place = one.place or Place()
        within = f"{one.numbers[0]:g}" if one.numbers else ""
        where = {"place": place_words(place), "country": place.country, "due": one.due, "within": within}
        return {**super().shown(one), **where}


class CodeForm(RequirementForm):
    """A heading of the Harmonized System, or a part of a medicine's name."""

    words = forms.CharField(label=_("Value"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    field_order = ("words", "mandatory")

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kind = kind

    def clean_words(self) -> str:
        """A heading must be one."""
        words = str(self.cleaned_data["words"]).strip()
        if self._kind == "hs":
            digits = "".join(one for one in words if one.isdecimal())
            if len(digits) < 4 or not hs_chapter(digits):
                raise forms.ValidationError(
                    _("Write a heading of the Harmonized System, at least four digits, for example 7616.")
                )
        elif not self._medicine(words):
            raise forms.ValidationError(_("This was not understood: write it as on the package."))
        return words

    def _medicine(self, words: str) -> tuple[Requirement, ...]:
        cells = {one: words if one == self._kind else "" for one in ("substance", "form", "dosage")}
        return tuple(from_fields(**cells).requirements())

    def stated(self) -> dict[str, Any]:
        """The code, or what was read of the words."""
        words = self.cleaned_data["words"]
        if self._kind == "hs":
            code = "".join(one for one in words if one.isdecimal())
            return {"words": f"HS {code}", "values": (code,)}
        found = self._medicine(words)[0]
        return {"words": words, "values": found.values, "numbers": found.numbers, "unit": found.unit}

    @classmethod
    def shown(cls, one: Requirement) -> dict[str, Any]:
        """As written."""
        return {**super().shown(one), "words": one.words.removeprefix("HS ")}


_FORMS: dict[str, type[RequirementForm]] = {
    **dict.fromkeys(CONCEPTS, ConceptForm),
    **dict.fromkeys(("weight", "lead_time", "quantity", "batch"), MeasureForm),
    "tolerance": ToleranceForm,
    "envelope": EnvelopeForm,
    "delivery": WhereForm,
    "place": WhereForm,
    **dict.fromkeys(("hs", "substance", "form", "dosage"), CodeForm),
}


def form_for(kind: str, *, data: Any = None, shown: Requirement | None = None, country: str = "") -> RequirementForm:
    """The form of a kind; KeyError for one that there is not."""
    make = _FORMS[kind]
    initial = make.shown(shown) if shown else {"country": country}
    return make(data, kind=kind, initial=initial)  # type: ignore[call-arg]
