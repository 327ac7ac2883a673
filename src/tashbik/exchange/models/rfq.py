"""The RFQ cycle: request for quotation, invitations, quotes, award, outcome. Not the order of its steps (verbs)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.needs import Need
from tashbik.exchange.models.parties import Exchange, User
from tashbik.exchange.models.register import Enterprise
from tashbik.exchange.models.snapshot import Snapshot

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 3, "validators": [MinValueValidator(0)]}
"""Amounts; three decimals, as the dinars of Tunisia, Kuwait, Bahrain, Jordan, Libya and Iraq and the rial of Oman have them."""


class Rfq(Snapshot, models.Model):
    """A request for quotation on one version of a need.

    `record` and `details` are the need's as they stood in that version: what is quoted for does not change while the buyer revises the
    need. `sealed`: prices are shown to the buyer's side only after the deadline, or once every enterprise asked has answered.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "open")
        CLOSED = "closed", pgettext_lazy("request", "closed for quotes")
        AWARDED = "awarded", pgettext_lazy("request", "awarded")
        CANCELLED = "cancelled", pgettext_lazy("request", "cancelled")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="rfqs")
    need = models.ForeignKey(Need, models.PROTECT, related_name="rfqs")
    need_version = models.PositiveIntegerField()
    code = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    deadline = models.DateField()
    currency = models.CharField(max_length=3)
    incoterm = models.CharField(max_length=3, blank=True)
    message = models.TextField(blank=True)
    sealed = models.BooleanField(default=True)
    record = models.JSONField(default=dict)
    details = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    closed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created", "-pk")
        indexes = (models.Index(fields=("exchange", "status", "-created"), name="rfq_list"),)

    def __str__(self) -> str:
        return self.code

    def parties(self) -> set[tuple[str, int]]:
        """The buyer's side."""
        return self.need.parties()

    def exchanges(self) -> set[int]:
        """The exchange that asks its enterprises, and the one that the need belongs to."""
        return {self.exchange_id, self.need.exchange_id}


class Invitation(Snapshot, models.Model):
    """An enterprise asked to quote: seen, declined (with a reason) or quoted."""

    class Status(models.TextChoices):
        SENT = "sent", pgettext_lazy("invitation", "sent")
        SEEN = "seen", pgettext_lazy("invitation", "seen")
        DECLINED = "declined", pgettext_lazy("invitation", "declined")
        QUOTED = "quoted", pgettext_lazy("invitation", "quoted")

    class Reason(models.TextChoices):
        CAPACITY = "capacity", _("no free capacity")
        PROCESS = "process", _("not our process or size")
        DATES = "dates", _("dates cannot be kept")
        TERMS = "terms", _("terms do not suit")
        QUANTITY = "quantity", _("quantity too small or too large")
        OTHER = "other", _("another reason")

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="invitations")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="invitations")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    note = models.TextField(blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    seen = models.DateTimeField(null=True, blank=True)
    answered = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("rfq", "enterprise"), name="one_invitation"),)

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """The enterprise invited, and the buyer's side."""
        return {("enterprise", self.enterprise_id)} | self.rfq.parties()

    def exchanges(self) -> set[int]:
        """As of the RFQ."""
        return self.rfq.exchanges()


class Quote(Snapshot, models.Model):
    """An enterprise's offer. A draft is seen by the enterprise alone; a new version replaces the one submitted before.

    `typed` holds the draft's values as they were typed, right or wrong; lines are made of them at submission. `edition` rises with each
    saving of the draft (optimistic lock). `not_quoted` names the need lines that are left out on purpose. `on_paper`: an officer has
    entered it for the enterprise.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("quote", "draft")
        SUBMITTED = "submitted", pgettext_lazy("quote", "submitted")
        WITHDRAWN = "withdrawn", pgettext_lazy("quote", "withdrawn")
        REPLACED = "replaced", pgettext_lazy("quote", "replaced by a newer version")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="quotes")
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    currency = models.CharField(max_length=3)
    incoterm = models.CharField(max_length=3, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    typed = models.JSONField(default=dict, blank=True)
    edition = models.PositiveIntegerField(default=0)
    not_quoted = models.JSONField(default=list, blank=True)
    need_version = models.PositiveIntegerField(default=1)
    on_paper = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    submitted = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("invitation", "version")
        constraints = (models.UniqueConstraint(fields=("invitation", "version"), name="one_quote_version"),)

    never_shown: ClassVar[tuple[str, ...]] = ("typed",)

    def __str__(self) -> str:
        return f"quote {self.pk}"

    def snapshot(self) -> dict[str, Any]:
        """The fields, and the lines once it is submitted."""
        values = super().snapshot()
        if self.pk is not None and self.status != self.Status.DRAFT:
            values["lines"] = [line.snapshot() for line in self.lines.all()]
        return values

    def parties(self) -> set[tuple[str, int]]:
        """The enterprise that offers, and the buyer's side."""
        return self.invitation.parties()

    def exchanges(self) -> set[int]:
        """As of the RFQ."""
        return self.invitation.exchanges()


class QuoteLine(Snapshot, models.Model):
    """The price of one need line from one quantity on. Money is in the quote's currency; lead time in days."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines")
    line = models.CharField(max_length=40)
    from_quantity = models.DecimalField(max_digits=18, decimal_places=3, default=0, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=20, blank=True)
    unit_price = models.DecimalField(max_digits=18, decimal_places=4, validators=[MinValueValidator(0)])
    tooling = models.DecimalField(default=0, **MONEY)
    lead_time = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("line", "from_quantity")
        constraints = (models.UniqueConstraint(fields=("quote", "line", "from_quantity"), name="one_price_break"),)

    def __str__(self) -> str:
        return f"{self.line} ≥ {self.from_quantity}"


class Award(Snapshot, models.Model):
    """A quote, or some of its lines, accepted. `lines` names the need lines with the quantities ordered (as decimal text).

    `rates` are the exchange rates that the quotes were compared by, as whoever awarded them typed them in; `asked` counts how often both sides were asked for the outcome.
    """

    rfq = models.ForeignKey(Rfq, models.PROTECT, related_name="awards")
    quote = models.ForeignKey(Quote, models.PROTECT, related_name="awards")
    lines = models.JSONField(default=dict)
    value = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    reason = models.TextField(blank=True)
    rates = models.JSONField(default=dict, blank=True)
    asked = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created", "pk")

    def __str__(self) -> str:
        return f"award {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """The enterprise that won, and the buyer's side."""
        return self.quote.parties()

    def exchanges(self) -> set[int]:
        """As of the RFQ."""
        return self.rfq.exchanges()


class Outcome(Snapshot, models.Model):
    """What became of an award: ordered, delivered, disputed, cancelled, with value and date."""

    class Kind(models.TextChoices):
        ORDERED = "ordered", pgettext_lazy("outcome", "order placed")
        DELIVERED = "delivered", pgettext_lazy("outcome", "delivered")
        DISPUTED = "disputed", pgettext_lazy("outcome", "in dispute")
        SETTLED = "settled", pgettext_lazy("outcome", "dispute settled")
        CANCELLED = "cancelled", pgettext_lazy("outcome", "cancelled")

    class Side(models.TextChoices):
        BUYER = "buyer", pgettext_lazy("side", "buyer")
        ENTERPRISE = "enterprise", pgettext_lazy("side", "enterprise")
        EXCHANGE = "exchange", pgettext_lazy("side", "exchange")

    award = models.ForeignKey(Award, models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    side = models.CharField(max_length=10, choices=Side.choices, default=Side.EXCHANGE)
    on = models.DateField()
    value = models.DecimalField(null=True, blank=True, **MONEY)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"

    def parties(self) -> set[tuple[str, int]]:
        """Both sides of the award."""
        return self.award.parties()

    def exchanges(self) -> set[int]:
        """As of the RFQ."""
        return self.award.exchanges()
