"""Forms of the recommendations' pages: wording in three languages, decisions, tasks, reports, evidence. Not their checks (exchange.recommendation_sheet)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tashbik.exchange.evidence import LANGUAGES, Texts
from tashbik.exchange.models import Edition, EditionSession, Recommendation, Vote
from tashbik.exchange.models.editions import said
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.recommendation_sheet import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_UNIT,
    Indicator,
    Wording,
    countries,
)
from tashbik.exchange.verbs.recommendations import LONGEST_NOTE, LONGEST_PREAMBLE
from tashbik.web import reading
from tashbik.web.needs.forms import date_field, number_of

OWN_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
DIRECTIONS = {"ar": "rtl", "fr": "ltr", "en": "ltr"}


class ValueField(forms.CharField):
    """A value of an indicator, with a decimal comma or point, in European or Arabic digits; may be negative."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "dir": "ltr", "size": 12}
        super().__init__(widget=forms.TextInput(attrs=attributes), required=False, max_length=30, **options)

    def clean(self, value: Any) -> Any:
        """The number; None where none is given."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        sign = -1 if text[0] in "-−\u2013" else 1
        try:
            return sign * Decimal(str(number_of(text.lstrip("-−\u2013"))))
        except ValueError as error:
            raise forms.ValidationError(_("Write a number, for example 12.5.")) from error

    def prepare_value(self, value: Any) -> Any:
        """A stored value without the zeros that say nothing."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class WordsField(forms.CharField):
    """A text in one of three languages. `wanted` says that it is asked for; that one language is given is checked by the verb, for all three together."""

    def __init__(self, *, wanted: bool, **options: Any) -> None:
        super().__init__(required=wanted, **options)

    def validate(self, value: Any) -> None:
        """Nothing is required of one language alone."""


def ordered() -> list[str]:
    """The three languages, the reader's first."""
    return sorted(LANGUAGES, key=lambda one: one != reading.language())


class InThree:
    """Part of a form with texts in three languages: fields `<name>_<language>` in groups, the reader's language first."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def add_texts(
        self,
        name: str,
        label: Any,
        *,
        longest: int,
        rows: int = 0,
        texts: Texts | None = None,
        hint: Any = "",
        wanted: str = "",
    ) -> None:
        """Add a text in each language; `wanted`: in `all` of them, in `one` (the reader's is asked for), or in none."""
        for one in ordered():
            attributes = {"dir": DIRECTIONS[one], "lang": one}
            widget = forms.Textarea(attrs={**attributes, "rows": rows}) if rows else forms.TextInput(attrs=attributes)
            self.fields[f"{name}_{one}"] = WordsField(
                label=label,
                wanted=wanted == "all" or (wanted == "one" and one == reading.language()),
                max_length=longest,
                widget=widget,
                help_text=hint,
                initial=(texts or {}).get(one, ""),
            )

    def texts(self, name: str) -> Texts:
        """The texts that were typed."""
        return {one: self.cleaned_data.get(f"{name}_{one}", "") for one in LANGUAGES}

    def groups(self) -> Iterator[dict[str, Any]]:
        """The fields of each language, for the page; `open` where it is the reader's, holds words, or has an error."""
        for one in ordered():
            fields: list[BoundField] = [
                self[name]  # type: ignore[index]
                for name in self.fields
                if name.endswith(f"_{one}")
            ]
            said = any(field.value() or field.errors for field in fields)
            yield {"name": OWN_NAMES[one], "language": one, "fields": fields, "open": one == reading.language() or said}


class WordingForm(InThree, forms.Form):
    """A recommendation as it is drafted."""

    sector = forms.ChoiceField(
        label=gettext_lazy("Addressed to"),
        choices=Recommendation.Sector.choices,
        initial=Recommendation.Sector.GOVERNMENT,
        widget=forms.RadioSelect(attrs={"class": "row"}),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    topic = forms.ChoiceField(label=pgettext_lazy("recommendation", "Topic"), choices=Recommendation.Topic.choices)
    session = forms.ModelChoiceField(
        label=gettext_lazy("Drafted in the session"),
        queryset=EditionSession.objects.none(),
        required=False,
        empty_label=pgettext_lazy("session", "none in particular"),
    )
    origin = forms.ModelChoiceField(
        label=gettext_lazy("Takes up again"),
        queryset=Recommendation.objects.none(),
        required=False,
        empty_label=pgettext_lazy("recommendation", "none"),
        help_text=gettext_lazy("A recommendation of an earlier edition that this one continues."),
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=LONGEST_UNIT)
    baseline = ValueField(label=gettext_lazy("Value now"))
    target = ValueField(label=gettext_lazy("Target value"))

    def __init__(self, *args: Any, edition: Edition, wording: Wording | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = _initial(wording)
        self.add_texts(
            "text",
            gettext_lazy("Recommendation"),
            longest=LONGEST_TEXT,
            rows=5,
            texts=wording.text if wording else None,
            wanted="one",
        )
        self.add_texts(
            "body",
            gettext_lazy("Body that is to act"),
            longest=LONGEST_NAME,
            texts=wording.body if wording else None,
            hint=gettext_lazy("For example a ministry, a federation, a bank."),
            wanted="one",
        )
        self.add_texts(
            "indicator",
            gettext_lazy("What is measured"),
            longest=LONGEST_NAME,
            texts=wording.indicator.words if wording else None,
        )
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        self.fields["session"].queryset = edition.sessions.all()  # type: ignore[attr-defined]
        self.fields["session"].label_from_instance = _session_name  # type: ignore[attr-defined]
        self.fields["origin"].queryset = queries.earlier(edition)  # type: ignore[attr-defined]
        self.fields["origin"].label_from_instance = short_name  # type: ignore[attr-defined]
        if not self.fields["origin"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["origin"]

    def wording(self) -> Wording:
        """What was typed."""
        data = self.cleaned_data
        return Wording(
            text=self.texts("text"),
            body=self.texts("body"),
            sector=data["sector"],
            topic=data["topic"],
            country=data["country"],
            session=data["session"],
            origin=data.get("origin"),
            indicator=indicator_typed(self),
        )


def indicator_typed(form: Any) -> Indicator:
    """The indicator of a form that has its fields."""
    data = form.cleaned_data
    return Indicator(form.texts("indicator"), data["unit"], data["baseline"], data["target"])


def _initial(wording: Wording | None) -> dict[str, Any]:
    if wording is None:
        return {}
    names = ("sector", "country", "topic", "session", "origin")
    known = {name: getattr(wording, name) for name in names}
    one = wording.indicator
    return {**known, "unit": one.unit, "baseline": one.baseline, "target": one.target}


def country_choices() -> list[tuple[str, str]]:
    """All Arab countries together, then each country by name."""
    named = sorted(((code, reading.place(code)) for code in countries()), key=lambda pair: pair[1])
    return [("", _("all Arab countries")), *named]


def _session_name(session: EditionSession) -> str:
    return said(session.title, reading.language())


def short_name(one: Recommendation) -> str:
    """Number and the beginning of the text."""
    words = one.words("text", reading.language())
    return f"{one.reference} · {words if len(words) < 80 else words[:79] + '…'}"


class TranslationForm(InThree, forms.Form):
    """The languages that an adopted recommendation lacks."""

    def __init__(self, *args: Any, recommendation: Recommendation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_texts("text", gettext_lazy("Recommendation"), longest=LONGEST_TEXT, rows=5)
        self.add_texts("body", gettext_lazy("Body that is to act"), longest=LONGEST_NAME)
        for name in ("text", "body"):
            for one in getattr(recommendation, name):
                del self.fields[f"{name}_{one}"]


class AdoptForm(forms.Form):
    """How and when it was adopted."""

    by = forms.ChoiceField(
        label=gettext_lazy("How it was adopted"),
        choices=Recommendation.Adoption.choices,
        initial=Recommendation.Adoption.CONSENSUS,
        widget=forms.RadioSelect(attrs={"class": "row"}),
    )
    on = date_field(label=gettext_lazy("Day of adoption"))
    note = forms.CharField(
        label=pgettext_lazy("field", "Remark"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class VoteForm(forms.Form):
    """One's own vote."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Your vote"), choices=Vote.Choice.choices, widget=forms.RadioSelect(attrs={"class": "row"})
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=pgettext_lazy("field", "Reason"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Say why in a few words: everybody can read it later.")},
    )


class CommuniqueForm(InThree, forms.Form):
    """The opening words of a communiqué."""

    def __init__(self, *args: Any, texts: Texts, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_texts(
            "preamble", gettext_lazy("Opening words"), longest=LONGEST_PREAMBLE, rows=6, texts=texts, wanted="all"
        )
