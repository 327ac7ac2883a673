"""Recommendations of an edition, with their evidence, votes, reports of progress, and the communiqué. Not the order of their steps (verbs).

Texts in several languages are JSON by language code, as in editions.py. Once adopted, the text of a recommendation does not change.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.editions import Edition, EditionSession, OfEdition, Participant, said
from tashbik.exchange.models.parties import Organisation, User


class Recommendation(OfEdition):
    """What an edition asks of a government or private body, and what came of it.

    `number` is its own within the edition, given when it is drafted, and never given again. `country` is ISO 3166-1; empty stands for all
    Arab countries. `voting`: participants can vote now. `adopted_by` says how it was adopted. The owner is an organisation of the exchange, or
    a body named in words with an address to write to; `assigned` is when it was given the task. `indicator` is what is measured, in
    `unit`; `baseline` where it stood, `target` where it is to stand at the deadline, `value` what was last reported. `origin` is the
    recommendation of an earlier edition that it takes up again.
    """

    class Status(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("recommendation", "drafted")
        ADOPTED = "adopted", pgettext_lazy("recommendation", "adopted")
        ASSIGNED = "assigned", pgettext_lazy("recommendation", "assigned")
        UNDER_WAY = "under_way", pgettext_lazy("recommendation", "under way")
        DONE = "done", pgettext_lazy("recommendation", "reported as done")
        CLOSED = "closed", pgettext_lazy("recommendation", "carried out and closed")
        DROPPED = "dropped", pgettext_lazy("recommendation", "dropped")
        REJECTED = "rejected", pgettext_lazy("recommendation", "not adopted")

    class Sector(models.TextChoices):
        GOVERNMENT = "government", pgettext_lazy("addressee", "government")
        PRIVATE = "private", pgettext_lazy("addressee", "private sector")

    class Topic(models.TextChoices):
        LINKAGE = "linkage", pgettext_lazy("topic", "linkage and networking")
        FINANCE = "finance", pgettext_lazy("topic", "finance")
        TECHNOLOGY = "technology", pgettext_lazy("topic", "technology and innovation")
        CAPACITY = "capacity", pgettext_lazy("topic", "capacity building")
        COMPETITIVENESS = "competitive", pgettext_lazy("topic", "competitiveness")
        MARKETS = "markets", pgettext_lazy("topic", "markets")

    class Adoption(models.TextChoices):
        CONSENSUS = "consensus", pgettext_lazy("adoption", "by consensus")
        VOTE = "vote", pgettext_lazy("adoption", "by vote")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="recommendations")
    session = models.ForeignKey(EditionSession, models.SET_NULL, null=True, blank=True, related_name="recommendations")
    number = models.PositiveSmallIntegerField()
    text = models.JSONField(_("text"), default=dict)
    sector = models.CharField(_("addressed to"), max_length=10, choices=Sector.choices)
    body = models.JSONField(_("addressee"), default=dict, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFTED)
    voting = models.BooleanField(default=False)
    adopted_by = models.CharField(max_length=9, choices=Adoption.choices, blank=True)
    adopted = models.DateField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="recommendations", verbose_name=_("owner")
    )
    owner_name = models.CharField(_("owner"), max_length=200, blank=True)
    owner_email = models.EmailField(_("e-mail address"), blank=True)
    owner_language = models.CharField(_("language of messages"), max_length=2, default="ar")
    assigned = models.DateTimeField(null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    indicator = models.JSONField(_("indicator"), default=dict, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=3, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=3, null=True, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=3, null=True, blank=True)
    value_on = models.DateField(null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    closed = models.DateField(null=True, blank=True)
    origin = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="taken_up")
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)

    OPEN: ClassVar[tuple[str, ...]] = ("adopted", "assigned", "under_way", "done")
    """Statuses in which something is still expected of somebody."""
    PUBLIC: ClassVar[tuple[str, ...]] = (*OPEN, "closed", "dropped")
    """Statuses that everybody may see."""

    class Meta:
        ordering = ("edition", "number")
        constraints = (models.UniqueConstraint(fields=("edition", "number"), name="one_recommendation_number"),)
        indexes = (
            models.Index(fields=("status", "deadline"), name="recommendation_due"),
            models.Index(fields=("status", "country"), name="recommendation_country"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How it is named: the edition's code and its number."""
        return f"{self.edition.code}/{self.number}"

    def parties(self) -> set[tuple[str, int]]:
        """Its owner: the organisation, and who holds the link that was sent to the owner."""
        own = {("organisation", self.organisation_id)} if self.organisation_id else set()
        return own | ({("recommendation", self.pk)} if self.pk and self.assigned else set())

    def words(self, field: str, language: str) -> str:
        """A text of it (`text`, `body`, `indicator`) in a language, or in another where that one is missing."""
        return said(getattr(self, field), language)

    @property
    def owner(self) -> str:
        """Name of the owner; empty while nobody is."""
        return self.organisation.name if self.organisation else self.owner_name

    def overdue(self, today: date) -> bool:
        """Whether its deadline is past and it was neither reported as done nor ended."""
        open_still = self.status in (self.Status.ADOPTED, self.Status.ASSIGNED, self.Status.UNDER_WAY)
        return open_still and self.deadline is not None and self.deadline < today


class OfRecommendation(OfEdition):
    """What belongs to a recommendation, and so to its edition and exchange."""

    recommendation: Any

    class Meta:
        abstract = True

    @property
    def edition(self) -> Edition:
        """The edition of the recommendation."""
        edition: Edition = self.recommendation.edition
        return edition

    def parties(self) -> set[tuple[str, int]]:
        """As of the recommendation."""
        found: set[tuple[str, int]] = self.recommendation.parties()
        return found


class Step(OfRecommendation):
    """A change of status, with its day and what was said of it: the history that everybody may read once it is adopted."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="steps")
    status = models.CharField(max_length=10, choices=Recommendation.Status.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"{self.status} {self.on}"


class Evidence(OfRecommendation):
    """A table frozen as it was on a day: what a recommendation, or a report on it, rests on.

    `table` is exchange.evidence.Table as JSON: title, columns, rows, source, coverage, date of the data, each text in three languages. Its
    picture is drawn from these frozen numbers alone. `digest` is the SHA-256 of the table, so that a change would show.
    """

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="evidence")
    source = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict, blank=True)
    table = models.JSONField()
    digest = models.CharField(max_length=64)
    as_of = models.DateField()
    frozen = models.DateField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}"


class Vote(OfRecommendation):
    """How a participant voted; a participant has one vote, which may be changed until the vote ends."""

    class Choice(models.TextChoices):
        FOR = "for", pgettext_lazy("vote", "for")
        AGAINST = "against", pgettext_lazy("vote", "against")
        ABSTAIN = "abstain", pgettext_lazy("vote", "abstention")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="votes")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("recommendation", "participant"), name="one_vote"),)

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.choice}"


class Progress(OfRecommendation):
    """A report of the owner on a day: words, the indicator's value then, and what shows it (frozen evidence, or an address)."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="reports")
    on = models.DateField()
    words = models.TextField()
    value = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    evidence = models.ForeignKey(Evidence, models.SET_NULL, null=True, blank=True, related_name="reports")
    address = models.URLField(max_length=400, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("on", "pk")
        verbose_name_plural = "reports of progress"

    def __str__(self) -> str:
        return f"{self.recommendation_id} on {self.on}"


class DeadlineReminder(OfRecommendation):
    """That the owner was reminded: once for each stage of one deadline. `stage` is `before-30`, `before-7`, `overdue-0`, `overdue-1` …"""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="reminders")
    deadline = models.DateField()
    stage = models.CharField(max_length=16)
    on = models.DateField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("recommendation", "deadline", "stage"), name="one_reminder_a_stage"),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.deadline}"


class Communique(OfEdition):
    """The final communiqué of an edition as it was issued, frozen: a later issue has a higher number.

    `preamble` is a text by language; `items` the adopted recommendations as they then stood, each with number, reference, and by language
    text, addressee and country, how and when it was adopted, owner and deadline.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="communiques")
    number = models.PositiveSmallIntegerField()
    preamble = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    issued = models.DateField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("edition", "-number")
        constraints = (models.UniqueConstraint(fields=("edition", "number"), name="one_communique_number"),)

    def __str__(self) -> str:
        return f"{self.edition.code}-communique-{self.number}"
