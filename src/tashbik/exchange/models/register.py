"""The register: enterprises with what is filtered by, facets, submissions to be moderated, drafts. Not the records' fields (registry.records)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.models.parties import Exchange, User
from tashbik.exchange.models.snapshot import Snapshot


class Enterprise(Snapshot, models.Model):
    """An enterprise of the register of one exchange.

    `record` is the whole understood registry record (registry.records.Enterprise as JSON): the truth. The other columns are read
    off it by exchange.projection and are there to filter and sort. `version` rises with each change (optimistic lock); `change` is
    the number by which the index follows: it rises over the whole installation in the order of commits.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for moderation")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Size(models.TextChoices):
        UNKNOWN = "", _("size unknown")
        MICRO = "micro", _("fewer than 10 people")
        SMALL = "small", _("10 to 49 people")
        MEDIUM = "medium", _("50 to 249 people")
        LARGE = "large", _("250 people or more")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="enterprises")
    code = models.CharField(max_length=120, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    record = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    change = models.BigIntegerField(default=0, db_index=True)
    name_ar = models.CharField(max_length=300, blank=True)
    name_fr = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    sort_name = models.CharField(max_length=300, blank=True)
    sort_name_ar = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=10, blank=True)
    locality = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    employees = models.PositiveIntegerField(null=True)
    size = models.CharField(max_length=6, choices=Size.choices, blank=True)
    capabilities = models.PositiveIntegerField(default=0)
    has_spare = models.BooleanField(default=False)
    spare_as_of = models.DateField(null=True)
    as_of = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    completeness = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("sort_name", "pk")
        indexes = (
            models.Index(fields=("status", "sort_name", "id"), name="enterprise_by_name"),
            models.Index(fields=("status", "sort_name_ar", "id"), name="enterprise_by_arabic_name"),
            models.Index(fields=("exchange", "status", "sort_name", "id"), name="enterprise_of_exchange"),
            models.Index(fields=("status", "country", "region", "sort_name", "id"), name="enterprise_by_place"),
            models.Index(fields=("status", "size", "sort_name", "id"), name="enterprise_by_size"),
            models.Index(fields=("status", "-completeness", "id"), name="enterprise_by_completeness"),
            models.Index(fields=("status", "as_of", "id"), name="enterprise_by_age"),
        )

    never_shown: ClassVar[tuple[str, ...]] = ("change",)

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        """Its name in the language, else in any."""
        own = {"ar": self.name_ar, "fr": self.name_fr, "en": self.name_en}
        return own.get(language) or self.name_fr or self.name_ar or self.name_en or self.code

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        return {("enterprise", self.pk)}


class Facet(models.Model):
    """A concept that an enterprise is found by, with all broader ones: kind process, product, material, machine, certificate or sector."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("enterprise", "kind", "value"), name="one_facet"),)
        indexes = (models.Index(fields=("kind", "value", "enterprise"), name="facet_value"),)

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class Submission(Snapshot, models.Model):
    """A proposed record, of a new enterprise or of a change to one, that an officer accepts or returns."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for moderation")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("returned")
        CANCELLED = "cancelled", _("taken back")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="submissions")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, blank=True, related_name="submissions")
    base_version = models.PositiveIntegerField(default=0)
    record = models.JSONField()
    section = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    reasons = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="submissions")
    created = models.DateTimeField(auto_now_add=True)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("created", "pk")
        indexes = (models.Index(fields=("exchange", "status", "created"), name="submission_queue"),)

    def __str__(self) -> str:
        return f"submission {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        mine: set[tuple[str, int]] = {("user", self.by_id)} if self.by_id else set()
        return mine | ({("enterprise", self.enterprise_id)} if self.enterprise_id else set())


class Draft(models.Model):
    """What a user has typed into a form and not yet sent: autosaved, one for each user, kind of form and subject."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(default=0)
    values = models.JSONField(default=dict)
    base_version = models.PositiveIntegerField(default=0)
    saved = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "form", "subject_id"), name="one_draft"),)

    def __str__(self) -> str:
        return f"{self.form}:{self.subject_id}"

    def snapshot(self) -> dict[str, Any]:
        """Drafts are not part of the history."""
        return {}
