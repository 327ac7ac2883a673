"""Forms of an edition's parts, by kind: bodies, rooms, tracks, sessions, papers, quotas, interpreters. Not the edition's own (forms.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models import Edition, EditionBody, EditionSession, Participant
from tashbik.exchange.verbs.parts import Part
from tashbik.web.editions.fields import (
    add_texts,
    country_choices,
    day_choices,
    initial_texts,
    language_choices,
    texts_of,
    time_field,
)
from tashbik.web.editions.forms import named, slot_choices

NAMES: dict[str, tuple[Any, Any, Any]] = {
    "body": (
        _("Bodies"),
        _("Add a body"),
        _("Patrons, host, organising and partner bodies, in the order in which they are named."),
    ),
    "room": (_("Rooms"), _("Add a room"), _("Rooms and halls of the venue; tables for meetings stand in one.")),
    "track": (pgettext_lazy("programme", "Tracks"), _("Add a track"), _("Themes that sessions belong to.")),
    "session": (
        _("Sessions"),
        _("Add a session"),
        _("Ceremonies, plenary sessions, panels, workshops, breaks and business meetings."),
    ),
    "paper": (_("Papers"), _("Add a paper"), _("Papers and talks, each in a session.")),
    "quota": (_("Quotas"), _("Add a quota"), _("The maximum number of participants of a category, of a country, or of both.")),
    "interpreter": (
        _("Interpreters"),
        _("Add an interpreter"),
        _("An interpreter translates between any two of their languages, in one meeting at a time."),
    ),
}
"""Kinds of parts: what they are called, the verb on the button, what they are for."""


class PartForm(forms.Form):
    """The form of a part of one kind."""

    def __init__(self, *args: Any, edition: Edition, kind: str, part: Part | None = None, **options: Any) -> None:
        self.kind, self.edition = kind, edition
        if part is not None:
            options["initial"] = {**options.get("initial", {}), **_initial(part)}
        super().__init__(*args, **options)
        _BUILD[kind](self)

    def values(self) -> dict[str, Any]:
        """What was typed, as the verb takes it."""
        given = self.cleaned_data
        values: dict[str, Any] = {}
        for name in self.fields:
            stem, _dash, code = name.rpartition("_")
            if stem in ("name", "title") and code in ("ar", "fr", "en"):
                values[stem] = texts_of(given, stem)
            else:
                values[name] = given[name]
        if "day" in values:
            values["day"] = date.fromisoformat(values["day"])
        if "unavailable" in values:
            values["unavailable"] = [int(one) for one in values["unavailable"]]
        if values.get("order", 0) is None:
            values["order"] = 0
        return values


def _initial(part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in part._meta.concrete_fields:
        value = getattr(part, field.attname)
        if field.name in ("name", "title") and isinstance(value, dict):
            found |= initial_texts(value, field.name)
        else:
            found[field.name] = value
    if "day" in found:
        found["day"] = found["day"].isoformat()
    if "unavailable" in found:
        found["unavailable"] = [str(one) for one in found["unavailable"]]
    if hasattr(part, "speakers"):
        found["speakers"] = [one.pk for one in part.speakers.all()]
    return found


def _order() -> forms.IntegerField:
    return forms.IntegerField(label=_("Place in the order"), required=False, initial=0, min_value=0, max_value=999)


def _body(form: PartForm) -> None:
    form.fields["part"] = forms.ChoiceField(label=pgettext_lazy("body", "Part"), choices=EditionBody.Part.choices)
    add_texts(form, "name", _("Name"))
    form.fields["order"] = _order()


def _room(form: PartForm) -> None:
    add_texts(form, "name", _("Name"))
    form.fields["capacity"] = forms.IntegerField(label=_("Seats"), required=False, min_value=1, max_value=100_000)


def _track(form: PartForm) -> None:
    add_texts(form, "title", _("Title"))
    form.fields["order"] = _order()


def _session(form: PartForm) -> None:
    edition = form.edition
    form.fields["kind"] = forms.ChoiceField(
        label=_("Kind of session"), choices=EditionSession.Kind.choices, initial="plenary"
    )
    add_texts(form, "title", _("Title"))
    form.fields["day"] = forms.ChoiceField(label=_("Day"), choices=day_choices(edition))
    form.fields["starts"] = time_field(label=pgettext_lazy("hours", "From"))
    form.fields["ends"] = time_field(label=pgettext_lazy("hours", "Until"))
    form.fields["room"] = forms.ModelChoiceField(
        label=_("Room"), queryset=edition.rooms.all(), required=False, empty_label=_("not said")
    )
    form.fields["track"] = forms.ModelChoiceField(
        label=pgettext_lazy("programme", "Track"), queryset=edition.tracks.all(), required=False, empty_label=_("none")
    )
    form.fields["chair"] = forms.CharField(
        label=_("Chair"), required=False, max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )


def _paper(form: PartForm) -> None:
    edition = form.edition
    form.fields["session"] = forms.ModelChoiceField(
        label=pgettext_lazy("programme", "Session"), queryset=edition.sessions.all(), empty_label="—"
    )
    add_texts(form, "title", _("Title"))
    form.fields["abstract"] = forms.CharField(
        label=_("Abstract"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    speakers = forms.ModelMultipleChoiceField(
        label=_("Speakers among the participants"),
        queryset=edition.participants.filter(status=Participant.Status.APPROVED),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    speakers.label_from_instance = named  # type: ignore[method-assign,assignment]
    form.fields["speakers"] = speakers
    form.fields["speaker_names"] = forms.CharField(
        label=_("Other speakers"), required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    form.fields["order"] = _order()


def _quota(form: PartForm) -> None:
    form.fields["category"] = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("all categories")), *Participant.Category.choices]
    )
    form.fields["country"] = forms.ChoiceField(
        label=_("Country"), required=False, choices=country_choices(_("all countries"))
    )
    form.fields["most"] = forms.IntegerField(label=_("Most participants"), min_value=0, max_value=100_000)


def _interpreter(form: PartForm) -> None:
    form.fields["name"] = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    form.fields["languages"] = forms.MultipleChoiceField(
        label=_("Languages"), choices=language_choices(), widget=forms.CheckboxSelectMultiple
    )
    times = slot_choices(form.edition.slots.all())
    if times:
        form.fields["unavailable"] = forms.MultipleChoiceField(
            label=_("Times when they are not there"), required=False, choices=times, widget=forms.CheckboxSelectMultiple
        )


_BUILD: dict[str, Callable[[PartForm], None]] = {
    "body": _body,
    "room": _room,
    "track": _track,
    "session": _session,
    "paper": _paper,
    "quota": _quota,
    "interpreter": _interpreter,
}
