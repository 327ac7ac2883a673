"""Pairs of records that may be one enterprise, merges, and the model that decisions train. Not the comparing (registry.identity)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.parties import User
from tashbik.exchange.models.register import Enterprise
from tashbik.exchange.models.snapshot import Snapshot


class IdentityPair(Snapshot, models.Model):
    """Two enterprises of the register that may be one; `first` has the lower key.

    `probability` (calibrated) and `uncertainty` (1 at a half, 0 at 0 and 1) are those of model `model_version`; `levels` names the level of each
    comparison that had something to compare, `reasons` keeps them with their weights (nats) and what both sides say. `state` is a digest of
    what both records say of their identity: a pair that was put aside is reopened when it changes, and `earlier` is then what was decided.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("pair", "to be decided")
        SAME = "same", pgettext_lazy("pair", "one enterprise")
        DISTINCT = "distinct", pgettext_lazy("pair", "two enterprises")
        LATER = "later", pgettext_lazy("pair", "put off")

    first = models.ForeignKey(Enterprise, models.CASCADE, related_name="pairs_as_first")
    second = models.ForeignKey(Enterprise, models.CASCADE, related_name="pairs_as_second")
    probability = models.FloatField()
    uncertainty = models.FloatField()
    levels = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    conflicting = models.BooleanField(default=False)
    first_source = models.CharField(max_length=200, blank=True)
    second_source = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=64)
    model_version = models.PositiveIntegerField(default=0)
    status = models.CharField(_("Status"), max_length=8, choices=Status.choices, default=Status.WAITING)
    earlier = models.CharField(max_length=8, choices=Status.choices, blank=True)
    note = models.TextField(_("Note"), blank=True)
    found = models.DateTimeField(auto_now_add=True)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-uncertainty", "pk")
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="one_pair"),)
        indexes = (
            models.Index(fields=("status", "-uncertainty", "id"), name="pair_queue"),
            models.Index(fields=("status", "-decided"), name="pair_decided"),
        )

    never_shown: ClassVar[tuple[str, ...]] = ("reasons", "levels")

    def __str__(self) -> str:
        return f"pair {self.pk}"

    def parties(self) -> set[tuple[str, int]]:
        """Both enterprises."""
        return {("enterprise", self.first_id), ("enterprise", self.second_id)}

    def exchanges(self) -> set[int]:
        """Those of both enterprises."""
        return {self.first.exchange_id, self.second.exchange_id}

    @property
    def crosses(self) -> bool:
        """Whether the two stand in the registers of two exchanges: then they can be linked, not merged."""
        return self.first.exchange_id != self.second.exchange_id


class Merge(Snapshot, models.Model):
    """An enterprise taken up in another: what its address leads to, and all that is needed to undo it.

    `choices` says field by field whose value was taken; `survivor_before`, `absorbed_before` are the records with both sources,
    `survivor_after` what came of them; `moved` lists the links that went over to the survivor and those taken away since both had one.
    """

    pair = models.ForeignKey(IdentityPair, models.SET_NULL, null=True, related_name="merges")
    survivor = models.ForeignKey(Enterprise, models.PROTECT, related_name="took_up")
    absorbed = models.ForeignKey(Enterprise, models.PROTECT, related_name="taken_up_in")
    choices = models.JSONField(default=dict)
    survivor_before = models.JSONField()
    survivor_after = models.JSONField()
    absorbed_before = models.JSONField()
    absorbed_status = models.CharField(max_length=10)
    moved = models.JSONField(default=list)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    undone = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-created", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("absorbed",), condition=models.Q(undone=None), name="taken_up_once"),
        )

    never_shown: ClassVar[tuple[str, ...]] = ("survivor_before", "survivor_after", "absorbed_before", "moved")

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.survivor_id}"

    def exchanges(self) -> set[int]:
        """Of both; a merge stays within one exchange."""
        return {self.survivor.exchange_id}


class IdentityModel(Snapshot, models.Model):
    """A version of the parameters by which pairs are judged (registry.identity.Model as JSON); the highest is in force.

    `base` is the model before decisions: the one that comes with Tashbik, or that a large register was fitted to. `parameters` is it after
    `decisions` decisions.
    """

    version = models.PositiveIntegerField(unique=True)
    base = models.JSONField()
    parameters = models.JSONField()
    decisions = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-version",)

    never_shown: ClassVar[tuple[str, ...]] = ("base", "parameters")

    def __str__(self) -> str:
        return f"identity model {self.version}"
