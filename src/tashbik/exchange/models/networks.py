"""Declared ties, industrial clusters and stored analyses of the linkage graph. Not the analysis (network), nor what is shown to whom (queries)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.parties import Exchange, Organisation, User
from tashbik.exchange.models.register import Enterprise
from tashbik.exchange.models.snapshot import Snapshot


class Level(models.TextChoices):
    """Who is shown a tie, from the widest to the narrowest; both its ends always are."""

    PUBLIC = "public", pgettext_lazy("ties", "everyone")
    MEMBERS = "members", pgettext_lazy("ties", "everyone with a role at an exchange")
    EXCHANGE = "exchange", pgettext_lazy("ties", "the exchange's officers")


class DeclaredTie(Snapshot, models.Model):
    """A tie that an enterprise, a buyer or an officer declares: the maker supplies the buyer.

    Each end is an enterprise of the register, a buyer of the exchange, or a name from outside. `volume` says how much: it is the weight of
    the tie. `source` and `as_of` say from where and of which day it is known.
    """

    class Volume(models.TextChoices):
        OCCASIONAL = "occasional", pgettext_lazy("volume", "now and then")
        REGULAR = "regular", pgettext_lazy("volume", "regularly")
        MAIN = "main", pgettext_lazy("volume", "a main supplier")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="ties")
    maker = models.ForeignKey(Enterprise, models.CASCADE, null=True, blank=True, related_name="ties_to_buyers")
    maker_name = models.CharField(max_length=200, blank=True)
    buyer = models.ForeignKey(Enterprise, models.CASCADE, null=True, blank=True, related_name="ties_to_makers")
    buyer_organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="ties")
    buyer_name = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=200, blank=True)
    volume = models.CharField(max_length=10, choices=Volume.choices, default=Volume.REGULAR)
    since = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300)
    as_of = models.DateField()
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.MEMBERS)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-as_of", "-pk")
        constraints = (
            models.CheckConstraint(
                name="tie_has_one_maker",
                condition=models.Q(maker__isnull=False, maker_name="")
                | (models.Q(maker=None) & ~models.Q(maker_name="")),
            ),
            models.CheckConstraint(
                name="tie_has_one_buyer",
                condition=models.Q(buyer__isnull=False, buyer_organisation=None, buyer_name="")
                | models.Q(buyer=None, buyer_organisation__isnull=False, buyer_name="")
                | (models.Q(buyer=None, buyer_organisation=None) & ~models.Q(buyer_name="")),
            ),
        )

    def __str__(self) -> str:
        return f"tie {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """Both ends."""
        ends = (
            ("enterprise", self.maker_id),
            ("enterprise", self.buyer_id),
            ("organisation", self.buyer_organisation_id),
        )
        return {(kind, number) for kind, number in ends if number}


class Cluster(Snapshot, models.Model):
    """An industrial cluster: enterprises of related sectors at a place, with the institutions that serve them. `sectors` are divisions of ISIC (two digits)."""

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="clusters")
    code = models.SlugField(max_length=40, unique=True)
    name_ar = models.CharField(_("Name in Arabic"), max_length=200, blank=True)
    name_fr = models.CharField(_("Name in French"), max_length=200, blank=True)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=10, blank=True)
    sectors = models.JSONField(default=list, blank=True)
    about = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    as_of = models.DateField()
    institutions = models.ManyToManyField(Organisation, related_name="clusters", blank=True)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        """Its name in the language, else in any."""
        own = {"ar": self.name_ar, "fr": self.name_fr, "en": self.name_en}
        return own.get(language) or self.name_ar or self.name_fr or self.name_en or self.code

    def snapshot(self) -> dict[str, Any]:
        """The fields, and the institutions by their numbers."""
        values = super().snapshot()
        if self.pk is not None:
            values["institutions"] = sorted(self.institutions.values_list("pk", flat=True))
        return values


class ClusterMember(Snapshot, models.Model):
    """An enterprise in a cluster: since when (a year), and from which source."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="members")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="clusters")
    since = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("cluster", "enterprise"), name="one_cluster_membership"),)

    def __str__(self) -> str:
        return f"{self.cluster_id}:{self.enterprise_id}"

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        return {("enterprise", self.enterprise_id)}


class NetworkSnapshot(models.Model):
    """An analysed network, read by pages and replaced as a whole. `result` is what network_stored.StoredNetwork writes, compressed.

    `exchange` none: all exchanges together. `level`: the ties that it rests on are those shown at that level or a wider one. `basis`: ties
    alone, or also nearness (shared processes and places). `as_of` is the day of the newest tie.
    """

    class Basis(models.TextChoices):
        TIES = "ties", pgettext_lazy("basis", "ties")
        NEAR = "near", pgettext_lazy("basis", "ties, shared processes and places")

    exchange = models.ForeignKey(Exchange, models.CASCADE, null=True, blank=True, related_name="networks")
    level = models.CharField(max_length=8, choices=Level.choices)
    basis = models.CharField(max_length=4, choices=Basis.choices, default=Basis.TIES)
    options = models.JSONField(default=dict)
    coverage = models.JSONField(default=dict)
    nodes = models.PositiveIntegerField()
    edges = models.PositiveIntegerField()
    as_of = models.DateField(null=True)
    made = models.DateTimeField()
    result = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("exchange", "level", "basis"), name="one_network", nulls_distinct=False),
        )

    never_shown: ClassVar[tuple[str, ...]] = ("result",)

    def __str__(self) -> str:
        return f"network {self.exchange_id or 'all'} {self.level} {self.basis}"
