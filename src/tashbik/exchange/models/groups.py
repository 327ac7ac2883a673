"""Groups composed for a need, and their members with what each answered. Not the composing (network), not the order of the steps (verbs)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.needs import Need
from tashbik.exchange.models.parties import Exchange, User
from tashbik.exchange.models.register import Enterprise
from tashbik.exchange.models.snapshot import Snapshot


class Group(Snapshot, models.Model):
    """A group composed for one version of a need.

    `record` is what was composed (exchange.composition.Composed as JSON): order, wishes, the group, alternatives, weak points.
    `private_prices`: its costs rest on prices that an enterprise shows to its exchange's officers only.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("group", "composed, not proposed yet")
        PROPOSED = "proposed", pgettext_lazy("group", "proposed to its members")
        AGREED = "agreed", pgettext_lazy("group", "agreed by all members")
        DECLINED = "declined", pgettext_lazy("group", "declined by a member")
        WITHDRAWN = "withdrawn", pgettext_lazy("group", "withdrawn")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="groups")
    need = models.ForeignKey(Need, models.PROTECT, related_name="groups")
    need_version = models.PositiveIntegerField()
    code = models.CharField(max_length=50, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    record = models.JSONField()
    private_prices = models.BooleanField(default=False)
    covered = models.FloatField(default=0, validators=[MinValueValidator(0), MaxValueValidator(1)])
    answer_by = models.DateField(null=True, blank=True)
    message = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    proposed = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created", "-pk")
        indexes = (models.Index(fields=("exchange", "status", "-created"), name="group_list"),)

    def __str__(self) -> str:
        return self.code

    def parties(self) -> set[tuple[str, int]]:
        """The buyer's side; once it is proposed, its members too. Prefetch `members` for many groups."""
        if self.status == self.Status.DRAFT or self.proposed is None:
            return self.need.parties()
        return self.need.parties() | {("enterprise", one.enterprise_id) for one in self.members.all()}

    def exchanges(self) -> set[int]:
        """The exchange that composed it, and the one that the need belongs to."""
        return {self.exchange_id, self.need.exchange_id}


class GroupMember(Snapshot, models.Model):
    """An enterprise in a group: its role, its part of the order's value (0–1), and what it answered."""

    class Role(models.TextChoices):
        LEAD = "lead", pgettext_lazy("group", "lead partner")
        MEMBER = "member", pgettext_lazy("group", "member")

    class Status(models.TextChoices):
        CHOSEN = "chosen", pgettext_lazy("group member", "not asked yet")
        ASKED = "asked", pgettext_lazy("group member", "asked")
        ACCEPTED = "accepted", pgettext_lazy("group member", "accepted")
        DECLINED = "declined", pgettext_lazy("group member", "declined")

    class Reason(models.TextChoices):
        CAPACITY = "capacity", _("no free capacity")
        SHARE = "share", _("our share does not suit: too small or too large")
        DATES = "dates", _("dates cannot be kept")
        PARTNERS = "partners", _("we would rather not work with one of the partners")
        TERMS = "terms", _("terms do not suit")
        OTHER = "other", _("another reason")

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="group_places")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    share = models.FloatField(default=0, validators=[MinValueValidator(0), MaxValueValidator(1)])
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHOSEN)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    note = models.TextField(blank=True)
    answered = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("group", "pk")
        constraints = (models.UniqueConstraint(fields=("group", "enterprise"), name="one_group_place"),)
        indexes = (models.Index(fields=("enterprise", "status"), name="group_waiting"),)

    def __str__(self) -> str:
        return f"group member {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """The enterprise itself, once it is asked."""
        return set() if self.status == self.Status.CHOSEN else {("enterprise", self.enterprise_id)}

    def exchanges(self) -> set[int]:
        """The enterprise's own: nobody else's officers answer for it."""
        return {self.enterprise.exchange_id}
