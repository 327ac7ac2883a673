"""Needs of buyers, and their being passed on to other exchanges. Not their understanding (registry.need_text)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.parties import Exchange, Organisation, User
from tashbik.exchange.models.snapshot import Snapshot


class Need(Snapshot, models.Model):
    """A buyer's need. `record` is the registry record (registry.records.Need as JSON) that the buyer confirmed; `text` what was typed.

    `details` holds what the record has no field for: `{"lines": {line id: {"price_breaks": [quantity, …], "confirmed": true}}}`,
    `edition` (how often it was edited), `last_line` (the highest line number given) and, while a released need is being changed,
    `pending`: the sheet of the next version (exchange.need_sheet). The record never names the buyer: see queries.needs.shown_buyer.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("need", "draft")
        RELEASED = "released", pgettext_lazy("need", "released")
        CLOSED = "closed", pgettext_lazy("need", "closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("need", "withdrawn")

    class Kind(models.TextChoices):
        SUBCONTRACT = "subcontract", pgettext_lazy("need", "subcontracting")
        SUPPLY = "supply", pgettext_lazy("need", "supply")
        PARTNERSHIP = "partnership", pgettext_lazy("need", "partnership")
        TECHNOLOGY = "technology", pgettext_lazy("need", "technology")
        FINANCE = "finance", pgettext_lazy("need", "financing")

    class Confidentiality(models.TextChoices):
        OPEN = "open", _("open: listed for all")
        INVITED = "invited", _("only those invited")
        OFFICERS = "officers", _("only the exchange's officers until invitations are sent")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="needs")
    buyer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="needs")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.SUBCONTRACT)
    record = models.JSONField()
    details = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    confidentiality = models.CharField(max_length=10, choices=Confidentiality.choices, default=Confidentiality.INVITED)
    anonymous = models.BooleanField(default=False)
    due = models.DateField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)
    released = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created", "-pk")
        indexes = (models.Index(fields=("exchange", "status", "-created"), name="need_list"),)

    def __str__(self) -> str:
        return self.code

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        return {("organisation", self.buyer_id)} if self.buyer_id else {("user", self.by_id or 0)}

    def exchanges(self) -> set[int]:
        """Its own exchange, and those that it was passed on to and that have not declined it. Prefetch `referrals` for many needs."""
        referred = {one.exchange_id for one in self.referrals.all() if one.status != Referral.Status.DECLINED}
        return {self.exchange_id} | referred


class Referral(Snapshot, models.Model):
    """A need passed on to another exchange, which may take it up for its own register."""

    class Status(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("referral", "passed on")
        TAKEN = "taken", pgettext_lazy("referral", "taken up")
        DECLINED = "declined", pgettext_lazy("referral", "declined")

    need = models.ForeignKey(Need, models.CASCADE, related_name="referrals")
    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="referrals")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OFFERED)
    note = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    decided = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created", "pk")
        constraints = (models.UniqueConstraint(fields=("need", "exchange"), name="one_referral"),)

    def __str__(self) -> str:
        return f"{self.need_id} → {self.exchange_id}"
