"""Forms of the work on recommendations: tasks, reports, closing, evidence. Not the wording (forms.py) nor the checks (exchange)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tashbik.exchange.evidence import Parameters
from tashbik.exchange.models import Organisation, Recommendation
from tashbik.exchange.models.editions import said
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.recommendation_sheet import LONGEST_NAME, LONGEST_UNIT, Task
from tashbik.exchange.verbs.evidence import Upload
from tashbik.exchange.verbs.recommendation_work import Report
from tashbik.exchange.verbs.recommendations import LONGEST_NOTE
from tashbik.web import reading
from tashbik.web.needs.forms import date_field
from tashbik.web.recommendations.forms import OWN_NAMES, InThree, ValueField, country_choices, indicator_typed


class TaskForm(InThree, forms.Form):
    """Who does it, until when, and what is measured."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Owner with an account"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("another body, named below"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the body"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of its contact"),
        required=False,
        help_text=gettext_lazy("A link goes there by which the body reports without an account."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), choices=list(OWN_NAMES.items()), required=False
    )
    deadline = date_field(label=gettext_lazy("Deadline"))
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=LONGEST_UNIT)
    baseline = ValueField(label=gettext_lazy("Value now"))
    target = ValueField(label=gettext_lazy("Target value"))

    def __init__(self, *args: Any, recommendation: Recommendation, **options: Any) -> None:
        one = recommendation
        known = {
            "organisation": one.organisation_id,
            "name": one.owner_name or ("" if one.organisation_id else one.words("body", reading.language())),
            "email": one.owner_email,
            "language": one.owner_language,
            "deadline": one.deadline,
            "unit": one.unit,
            "baseline": one.baseline,
            "target": one.target,
        }
        super().__init__(*args, **options)
        self.initial = known
        self.add_texts("indicator", gettext_lazy("What is measured"), longest=LONGEST_NAME, texts=one.indicator)
        self.fields["organisation"].queryset = queries.owners_to_choose(one)  # type: ignore[attr-defined]

    def task(self) -> Task:
        """What was typed."""
        data = self.cleaned_data
        return Task(
            deadline=data["deadline"],
            organisation=data["organisation"],
            name=data["name"],
            email=data["email"],
            language=data["language"] or "ar",
            indicator=indicator_typed(self),
        )


class ReportForm(forms.Form):
    """What was done, and where the indicator stands."""

    words = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Say in a few words what was done.")},
    )
    value = ValueField(label=gettext_lazy("Value of the indicator now"))
    on = date_field(label=gettext_lazy("As of"))
    address = forms.URLField(
        label=gettext_lazy("Address of a document that shows it"), required=False, max_length=400, assume_scheme="https"
    )
    evidence = forms.ModelChoiceField(
        label=gettext_lazy("Frozen evidence that shows it"), queryset=Recommendation.objects.none(), required=False
    )
    done = forms.BooleanField(label=gettext_lazy("It is carried out"), required=False)

    def __init__(self, *args: Any, recommendation: Recommendation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"on": timezone.localdate()}
        rows = recommendation.evidence.all()
        self.fields["evidence"].queryset = rows  # type: ignore[attr-defined]
        self.fields["evidence"].label_from_instance = lambda one: said(  # type: ignore[attr-defined]
            one.table["title"], reading.language()
        )
        if not rows:
            del self.fields["evidence"]
        if recommendation.indicator:
            self.fields["value"].help_text = " ".join(
                one for one in (recommendation.words("indicator", reading.language()), recommendation.unit) if one
            )

    def report(self) -> Report:
        """What was typed."""
        data = self.cleaned_data
        return Report(
            words=data["words"],
            on=data["on"],
            value=data["value"],
            address=data["address"],
            evidence=data.get("evidence"),
            done=data["done"],
        )


class CloseForm(forms.Form):
    """What was achieved."""

    result = forms.CharField(
        label=gettext_lazy("What was achieved"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Say what was achieved.")},
    )
    value = ValueField(label=gettext_lazy("Last value of the indicator"))
    on = date_field(label=gettext_lazy("Day on which it was carried out"))


class ParametersForm(forms.Form):
    """What a source of evidence is narrowed by."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    start = date_field(label=pgettext_lazy("period", "From"), required=False)
    end = date_field(label=pgettext_lazy("period", "To"), required=False)

    def __init__(self, *args: Any, wanted: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = [("", _("the whole register")), *country_choices()[1:]]  # type: ignore[attr-defined]
        for name in ("country", "start", "end"):
            if name not in wanted:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("start") and data.get("end") and data["start"] > data["end"]:
            self.add_error("end", _("The end lies before the start."))
        return data

    def parameters(self) -> Parameters:
        """What was chosen."""
        data = self.cleaned_data
        return Parameters(country=data.get("country", ""), start=data.get("start"), end=data.get("end"))


class UploadForm(InThree, forms.Form):
    """A table of evidence from a file."""

    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        help_text=gettext_lazy("The first row names the columns, the first column names the rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )
    as_of = date_field(label=gettext_lazy("Day of the figures"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_texts("title", gettext_lazy("What the table shows"), longest=LONGEST_NAME, wanted="one")
        self.add_texts("origin", gettext_lazy("Source of the figures"), longest=LONGEST_NAME, wanted="one")

    def upload(self) -> Upload:
        """What was typed and chosen; no more of the file is read than may be taken."""
        file = self.cleaned_data["file"]
        return Upload(
            content=file.read(300_000),
            title=self.texts("title"),
            origin=self.texts("origin"),
            as_of=self.cleaned_data["as_of"],
        )
