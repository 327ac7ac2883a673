"""Forms of editions: the edition itself, its participants, times and tables of meetings, plans. Not its parts (part_forms.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models import Edition, MeetingSlot, Participant, Room
from tashbik.exchange.participant_details import Details
from tashbik.exchange.verbs.editions import EditionSheet
from tashbik.exchange.verbs.meetings import Hours
from tashbik.web.editions.fields import (
    add_texts,
    country_choices,
    day_field,
    days_of,
    initial_texts,
    language_choices,
    texts_of,
    time_field,
)

ZONES = ("Africa/", "Asia/", "Europe/", "Indian/")


class EditionForm(forms.Form):
    """What an edition says of itself."""

    def __init__(self, *args: Any, sheet: EditionSheet | None = None, version: int = 1, **options: Any) -> None:
        sheet = sheet or EditionSheet()
        plain = ("code", "starts", "ends", "zone", "place", "country", "wishes_until", "meeting_limit")
        initial = {name: getattr(sheet, name) for name in plain} | {"languages": list(sheet.languages)}
        for name in ("name", "theme", "venue"):
            initial |= initial_texts(getattr(sheet, name), name)
        options["initial"] = {**initial, "version": version}
        super().__init__(*args, **options)
        add_texts(self, "name", _("Name"), most=200)
        add_texts(self, "theme", _("Theme"), rows=2, most=400)
        self.fields["starts"] = day_field(label=_("First day"))
        self.fields["ends"] = day_field(label=_("Last day"))
        add_texts(self, "venue", _("Venue"))
        self.fields["place"] = forms.CharField(label=_("Town"), max_length=120, required=False)
        self.fields["country"] = forms.ChoiceField(label=_("Country"), required=False, choices=country_choices())
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone of the venue"),
            choices=[(one, one) for one in _zones()],
            help_text=_("All times are local there."),
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages of the edition"),
            choices=language_choices(("ar", "fr", "en")),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["wishes_until"] = day_field(
            label=_("Last day for wishes"),
            required=False,
            help_text=_("Until then participants say whom they want to meet. Organisers can add wishes afterwards."),
        )
        self.fields["meeting_limit"] = forms.IntegerField(
            label=_("Most meetings of one participant"), help_text=_("A participant can ask for fewer.")
        )
        self.fields["code"] = forms.SlugField(
            label=_("Short name in addresses"),
            max_length=40,
            help_text=_("Small Latin letters, digits and hyphens, like amf-6. It stays once registration is open."),
            widget=forms.TextInput(attrs={"dir": "ltr", "class": "short-field"}),
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def sheet(self) -> EditionSheet:
        """What was typed."""
        given = self.cleaned_data
        names = ("code", "starts", "ends", "zone", "place", "country", "wishes_until", "meeting_limit")
        values: dict[str, Any] = {name: given[name] for name in names}
        values |= {name: texts_of(given, name) for name in ("name", "theme", "venue")}
        return EditionSheet(languages=tuple(given["languages"]), **values)


def _zones() -> list[str]:
    return sorted(one for one in available_timezones() if one.startswith(ZONES))


class ParticipantForm(forms.Form):
    """What a participant says of themselves, as an organiser types it."""

    name = forms.CharField(
        label=_("Name of the participant"), max_length=160, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    body = forms.CharField(
        label=_("Body or enterprise"),
        max_length=200,
        required=False,
        help_text=_("If this is the name of an enterprise of the register, the two are tied together."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    position = forms.CharField(
        label=_("Position"), max_length=160, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    category = forms.ChoiceField(label=_("Category"), choices=[("", "—"), *Participant.Category.choices])
    country = forms.ChoiceField(label=_("Country"))
    language = forms.ChoiceField(label=_("Language of messages"))
    languages = forms.MultipleChoiceField(
        label=_("Languages of meetings"),
        required=False,
        help_text=_("Those the person can hold a meeting in. Two who share none are given an interpreter."),
        widget=forms.CheckboxSelectMultiple,
    )
    seeks = forms.CharField(
        label=_("What they are looking for"),
        required=False,
        max_length=2_000,
        help_text=_("In their own words, in Arabic, French or English: partners are proposed from it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    offers = forms.CharField(
        label=_("What they offer"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    meeting_limit = forms.IntegerField(
        label=_("Most meetings"), required=False, help_text=_("Left empty: as many as the edition allows.")
    )
    unavailable = forms.MultipleChoiceField(
        label=_("Times when they are not there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    enterprise = forms.CharField(
        label=_("Number in the register"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "code"}),
    )

    def __init__(
        self, *args: Any, slots: Iterable[MeetingSlot] = (), details: Details | None = None, **options: Any
    ) -> None:
        if details is not None:
            names = [one for one in self.base_fields if one not in ("languages", "unavailable")]
            options["initial"] = {name: getattr(details, name) for name in names} | {
                "languages": list(details.languages),
                "unavailable": [str(one) for one in details.unavailable],
            }
        super().__init__(*args, **options)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        self.fields["language"].choices = language_choices(("ar", "fr", "en"))  # type: ignore[attr-defined]
        self.fields["languages"].choices = language_choices()  # type: ignore[attr-defined]
        times = slot_choices(slots)
        self.fields["unavailable"].choices = times  # type: ignore[attr-defined]
        if not times:
            del self.fields["unavailable"]

    def details(self) -> Details:
        """What was typed."""
        given = self.cleaned_data
        plain = {name: given[name] for name in self.fields if name not in ("languages", "unavailable")}
        return Details(
            **plain,
            languages=tuple(given["languages"]),
            unavailable=tuple(int(one) for one in given.get("unavailable", ())),
        )


def slot_choices(slots: Iterable[MeetingSlot]) -> list[tuple[str, str]]:
    """Slots by number, with day and time."""
    from tashbik.web import reading

    return [(str(one.number), f"{reading.day(one.day)} · {one.starts:%H:%M}") for one in slots]


class UploadForm(forms.Form):
    """A file of participants."""

    file = forms.FileField(
        label=_("File of participants"),
        help_text=_(
            "One participant a row, with headers in Arabic, French or English. The name, the category and the country are needed."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"required": _("Choose a file first.")},
    )
    approved = forms.BooleanField(label=_("Approve them at once, as far as quotas allow"), required=False, initial=True)


class HoursForm(forms.Form):
    """The hours of meetings of each day: morning and afternoon; length and pause in minutes."""

    length = forms.IntegerField(label=_("Length of a meeting, in minutes"), initial=20)
    pause = forms.IntegerField(label=_("Pause between two meetings, in minutes"), initial=5)

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        self.edition = edition
        kept = edition.details.get("hours", {})
        options["initial"] = {"length": kept.get("length", 20), "pause": kept.get("pause", 5), **_kept_hours(kept)}
        super().__init__(*args, **options)
        for day in days_of(edition):
            for half in HALVES:
                for end in ("from", "until"):
                    self.fields[f"{day.isoformat()}_{half}_{end}"] = time_field(label=LABELS[half, end], required=False)

    def days(self) -> list[tuple[date, list[Any]]]:
        """The bound fields of each day."""
        return [
            (day, [self[f"{day.isoformat()}_{half}_{end}"] for half in HALVES for end in ("from", "until")])
            for day in days_of(self.edition)
        ]

    def clean(self) -> dict[str, Any]:
        """Both ends of a half or none."""
        given = super().clean() or {}
        for day in days_of(self.edition):
            for half in HALVES:
                names = [f"{day.isoformat()}_{half}_{end}" for end in ("from", "until")]
                filled = [given.get(name) is not None for name in names]
                if any(filled) and not all(filled):
                    self.add_error(names[filled.index(False)], _("Give both times, or leave both empty."))
        return given

    def hours(self) -> list[Hours]:
        """What was typed."""
        given = self.cleaned_data
        return [
            Hours(day, given[f"{day.isoformat()}_{half}_from"], given[f"{day.isoformat()}_{half}_until"])
            for day in days_of(self.edition)
            for half in HALVES
            if given.get(f"{day.isoformat()}_{half}_from") is not None
        ]


HALVES = ("morning", "afternoon")
LABELS = {
    ("morning", "from"): pgettext_lazy("hours", "Morning, from"),
    ("morning", "until"): pgettext_lazy("hours", "Morning, until"),
    ("afternoon", "from"): pgettext_lazy("hours", "Afternoon, from"),
    ("afternoon", "until"): pgettext_lazy("hours", "Afternoon, until"),
}


def _kept_hours(kept: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in kept.get("hours", []):
        half = "morning" if time.fromisoformat(one["starts"]) < time(13, 0) else "afternoon"
        found[f"{one['day']}_{half}_from"] = one["starts"][:5]
        found[f"{one['day']}_{half}_until"] = one["ends"][:5]
    return found


class TablesForm(forms.Form):
    """How many tables there are, how they are called, and in which room."""

    letter = forms.CharField(
        label=_("Letter or word before the number"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"class": "short-field", "dir": "auto"}),
    )
    count = forms.IntegerField(label=_("Number of tables"))
    room = forms.ModelChoiceField(
        label=_("Room"), queryset=Room.objects.none(), required=False, empty_label=_("not said")
    )

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["room"].queryset = edition.rooms.all()  # type: ignore[attr-defined]


class PairForm(forms.Form):
    """Two participants."""

    first = forms.ModelChoiceField(label=_("Participant"), queryset=Participant.objects.none(), empty_label="—")
    second = forms.ModelChoiceField(
        label=pgettext_lazy("meeting", "With"), queryset=Participant.objects.none(), empty_label="—"
    )

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        approved = edition.participants.filter(status=Participant.Status.APPROVED)
        for name in ("first", "second"):
            self.fields[name].queryset = approved  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = named  # type: ignore[attr-defined]


def named(participant: Participant) -> str:
    """A participant with where they come from, as choices show them."""
    return f"{participant.name} · {participant.body}" if participant.body else participant.name


class WishForm(PairForm):
    """A wish, as an organiser states it for somebody."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Wish"),
        choices=[
            ("want", pgettext_lazy("wish", "want to meet")),
            ("must", pgettext_lazy("wish", "must meet")),
            ("no", pgettext_lazy("wish", "no")),
            ("", pgettext_lazy("wish", "take the wish back")),
        ],
        required=False,
    )


class ConditionForm(PairForm):
    """What the organiser fixes for a pair."""

    session = forms.ChoiceField(
        label=_("Half of the day"),
        required=False,
        choices=[
            ("", "—"),
            ("morning", pgettext_lazy("hours", "morning")),
            ("afternoon", pgettext_lazy("hours", "afternoon")),
        ],
    )
    slot = forms.ChoiceField(label=_("Fixed time"), required=False)
    after = forms.ChoiceField(label=_("Not before the meeting of"), required=False)

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, edition=edition, **options)
        self.fields["slot"].choices = [("", "—"), *slot_choices(edition.slots.all())]  # type: ignore[attr-defined]
        rows = edition.conditions.select_related("first", "second")
        pairs = [(str(one.pk), f"{one.first.name} – {one.second.name}") for one in rows]
        self.fields["after"].choices = [("", "—"), *pairs]  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """How a plan is to be made."""

    proposals = forms.BooleanField(
        label=_("Fill free places with proposed meetings that nobody has declined"), required=False
    )


class DayForm(forms.Form):
    """What is different on the day: who is not there, from when to when; from which time on is planned."""

    now = forms.ChoiceField(label=_("Plan anew from"), help_text=_("What lies before stays as it is."))
    refill = forms.BooleanField(
        label=_("Let wishes that found no place take places that become free"), required=False, initial=True
    )
    ROWS = 4

    def __init__(self, *args: Any, edition: Edition, now: int = 1, **options: Any) -> None:
        options["initial"] = {"now": str(now), "refill": True}
        super().__init__(*args, **options)
        times = slot_choices(edition.slots.all())
        approved = edition.participants.filter(status=Participant.Status.APPROVED)
        people = [(str(one.pk), named(one)) for one in approved]
        self.fields["now"].choices = times  # type: ignore[attr-defined]
        for number in range(1, self.ROWS + 1):
            self.fields[f"person_{number}"] = forms.ChoiceField(
                label=_("Who is not there"), required=False, choices=[("", "—"), *people]
            )
            self.fields[f"first_{number}"] = forms.ChoiceField(
                label=pgettext_lazy("absence", "From"), required=False, choices=[("", _("the beginning")), *times]
            )
            self.fields[f"last_{number}"] = forms.ChoiceField(
                label=pgettext_lazy("absence", "Up to and including"),
                required=False,
                choices=[("", _("the end")), *times],
            )

    def rows(self) -> list[list[Any]]:
        """The bound fields of each row."""
        return [
            [self[f"{name}_{number}"] for name in ("person", "first", "last")] for number in range(1, self.ROWS + 1)
        ]

    def missing(self) -> list[tuple[int, int, int | None]]:
        """Who is not there: key, first and last slot."""
        found = []
        for number in range(1, self.ROWS + 1):
            person, first, last = (self.cleaned_data[f"{name}_{number}"] for name in ("person", "first", "last"))
            if person:
                found.append((int(person), int(first or 1), int(last) if last else None))
        return found
