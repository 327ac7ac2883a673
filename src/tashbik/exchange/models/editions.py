"""An edition of a forum: its bodies, rooms, tracks, sessions, papers, and who takes part. Not its business meetings (meetings.py).

Texts in several languages are JSON by language code (`{"ar": …, "fr": …, "en": …}`); a missing language falls back to another.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.parties import Exchange, Organisation, User
from tashbik.exchange.models.register import Enterprise
from tashbik.exchange.models.snapshot import Snapshot
from tashbik.nomenclature.places import known_place


def badge_code() -> str:
    """The unguessable code of a badge: 12 letters and digits."""
    return secrets.token_hex(6)


class Edition(Snapshot, models.Model):
    """One edition of a forum, owned by the exchange that organises it.

    `wishes_until` is the last day on which participants can state wishes. `details` keeps the hours that slots were made of (`hours`). `zone` is the IANA name of the venue's time zone; all times of
    slots and sessions are local there.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("edition", "in preparation")
        OPEN = "open", pgettext_lazy("edition", "open for registration")
        RUNNING = "running", pgettext_lazy("edition", "under way")
        CLOSED = "closed", pgettext_lazy("edition", "closed")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="editions")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.JSONField(_("name"), default=dict)
    theme = models.JSONField(_("theme"), default=dict, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    zone = models.CharField(_("time zone"), max_length=40, default="Africa/Algiers")
    venue = models.JSONField(_("venue"), default=dict, blank=True)
    place = models.CharField(_("town"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    languages = models.JSONField(_("languages"), default=list)
    wishes_until = models.DateField(_("wishes until"), null=True, blank=True)
    meeting_limit = models.PositiveSmallIntegerField(_("most meetings of a participant"), default=12)
    details = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-starts", "-pk")

    def __str__(self) -> str:
        return self.code

    def text(self, field: str, language: str) -> str:
        """A text of the edition (`name`, `theme`, `venue`) in a language, or in another where that one is missing."""
        return said(getattr(self, field), language)

    def town(self, language: str) -> str:
        """The town in a language as far as the gazetteer knows it, else as it was written; empty where none was."""
        known = known_place(self.place, self.country) if self.place else None
        return known.label(language) if known is not None and known.kind != "country" else self.place

    def over(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.ends < today


def said(texts: dict[str, str], language: str) -> str:
    """A text in a language, or in another where that one is missing."""
    return next((texts[code] for code in (language, "ar", "fr", "en") if texts.get(code)), "")


class OfEdition(Snapshot, models.Model):
    """What belongs to an edition, and so to its exchange."""

    edition: Any

    class Meta:
        abstract = True

    def exchanges(self) -> set[int]:
        """The exchange of the edition."""
        return {self.edition.exchange_id}


class EditionBody(OfEdition):
    """A body that stands behind an edition."""

    class Part(models.TextChoices):
        PATRON = "patron", pgettext_lazy("body", "patron")
        HOST = "host", pgettext_lazy("body", "host")
        ORGANISER = "organiser", pgettext_lazy("body", "organiser")
        PARTNER = "partner", pgettext_lazy("body", "partner")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="bodies")
    part = models.CharField(_("part"), max_length=10, choices=Part.choices)
    name = models.JSONField(_("name"), default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return said(self.name, "ar")


class Room(OfEdition):
    """A room or hall of the venue; meeting tables stand in one."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rooms")
    name = models.JSONField(_("name"), default=dict)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return said(self.name, "ar")


class Track(OfEdition):
    """A track (axis) that sessions belong to."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tracks")
    title = models.JSONField(_("title"), default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return said(self.title, "ar")


class EditionSession(OfEdition):
    """A session of the programme (a ceremony, a plenary, a panel, a workshop, a break, the business meetings)."""

    class Kind(models.TextChoices):
        CEREMONY = "ceremony", pgettext_lazy("session", "ceremony")
        PLENARY = "plenary", pgettext_lazy("session", "plenary session")
        PANEL = "panel", pgettext_lazy("session", "panel")
        WORKSHOP = "workshop", pgettext_lazy("session", "workshop")
        MEETINGS = "meetings", pgettext_lazy("session", "business meetings")
        BREAK = "break", pgettext_lazy("session", "break")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sessions")
    track = models.ForeignKey(Track, models.SET_NULL, null=True, blank=True, related_name="sessions")
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="sessions")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PLENARY)
    title = models.JSONField(_("title"), default=dict)
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    chair = models.CharField(_("chair"), max_length=200, blank=True)

    class Meta:
        ordering = ("day", "starts", "pk")

    def __str__(self) -> str:
        return said(self.title, "ar")


class Participant(OfEdition):
    """Who takes part in an edition. `badge` is the code on the badge; `attended` when it was first shown.

    Personal data are the name, the e-mail address and the position: what an invitation and a badge need. `languages` are those the
    person can hold a meeting in; `unavailable` numbers of meeting slots (from 1).
    """

    class Category(models.TextChoices):
        MINISTRY = "ministry", pgettext_lazy("participant", "ministry")
        ORGANISATION = "organisation", pgettext_lazy("participant", "regional or international organisation")
        INSTITUTION = "institution", pgettext_lazy("participant", "support institution")
        FINANCIER = "financier", pgettext_lazy("participant", "financier")
        SMI = "smi", pgettext_lazy("participant", "small or medium industry")
        INDUSTRY = "industry", pgettext_lazy("participant", "large industry")
        EXPERT = "expert", pgettext_lazy("participant", "expert")
        PRESS = "press", pgettext_lazy("participant", "press")

    class Status(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("participant", "applied")
        APPROVED = "approved", pgettext_lazy("participant", "approved")
        WAITING = "waiting", pgettext_lazy("participant", "on the waiting list")
        DECLINED = "declined", pgettext_lazy("participant", "declined")
        CANCELLED = "cancelled", pgettext_lazy("participant", "cancelled")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="participations")
    enterprise = models.ForeignKey(Enterprise, models.SET_NULL, null=True, blank=True, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="participations"
    )
    name = models.CharField(_("name"), max_length=160)
    body = models.CharField(_("body or enterprise"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    country = models.CharField(_("country"), max_length=2)
    language = models.CharField(_("language of messages"), max_length=2, default="ar")
    languages = models.JSONField(_("languages of meetings"), default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.APPLIED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    meeting_limit = models.PositiveSmallIntegerField(_("most meetings"), null=True, blank=True)
    unavailable = models.JSONField(default=list, blank=True)
    offers = models.TextField(_("what you offer"), blank=True)
    seeks = models.TextField(_("what you are looking for"), blank=True)
    badge = models.CharField(max_length=16, unique=True, default=badge_code)
    invited = models.DateTimeField(null=True, blank=True)
    attended = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")
        indexes = (models.Index(fields=("edition", "status", "category"), name="participant_list"),)

    def __str__(self) -> str:
        return self.name

    def parties(self) -> set[tuple[str, int]]:
        """The person (signed in, or come by a personal link), and the enterprise or organisation they come from."""
        own = (
            ("participant", self.pk),
            ("user", self.user_id),
            ("enterprise", self.enterprise_id),
            ("organisation", self.organisation_id),
        )
        return {(kind, key) for kind, key in own if key}


class Quota(OfEdition):
    """The most participants of a category, of a country, or of both; an empty field stands for all."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="quotas")
    category = models.CharField(_("category"), max_length=12, choices=Participant.Category.choices, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    most = models.PositiveIntegerField(_("most"))

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("edition", "category", "country"), name="one_quota"),)

    def __str__(self) -> str:
        return f"{self.category or '*'}/{self.country or '*'}: {self.most}"


class Paper(OfEdition):
    """A paper or talk in a session, with who presents it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="papers")
    session = models.ForeignKey(EditionSession, models.CASCADE, related_name="papers")
    title = models.JSONField(_("title"), default=dict)
    abstract = models.TextField(_("abstract"), blank=True)
    speakers = models.ManyToManyField(Participant, blank=True, related_name="papers")
    speaker_names = models.CharField(_("speakers"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return said(self.title, "ar")


class SessionAttendance(OfEdition):
    """A participant seen at a session."""

    session = models.ForeignKey(EditionSession, models.CASCADE, related_name="attendances")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attendances")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("session", "participant"), name="one_attendance"),)

    def __str__(self) -> str:
        return f"{self.participant_id} at {self.session_id}"

    @property
    def edition(self) -> Edition:
        """The edition of the session."""
        return self.session.edition


class ParticipantList(OfEdition):
    """A file of participants: how many rows were taken, and those that could not be, with their cells and what is wrong with each.

    `rows` are `{"row": 3, "cells": {header: text}, "problems": [{"column", "value", "reason"}]}`; they stay until they are mended or left.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="lists")
    name = models.CharField(max_length=200)
    columns = models.JSONField(default=dict)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=list)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    never_shown: ClassVar[tuple[str, ...]] = ("rows",)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name
