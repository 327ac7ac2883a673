"""Groups composed for a need, and their members."""

from __future__ import annotations

from typing import ClassVar

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of groups."""

    dependencies: ClassVar = [("exchange", "0008_identity")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("need_version", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=50, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "composed, not proposed yet"),
                            ("proposed", "proposed to its members"),
                            ("agreed", "agreed by all members"),
                            ("declined", "declined by a member"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("record", models.JSONField()),
                ("private_prices", models.BooleanField(default=False)),
                (
                    "covered",
                    models.FloatField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                ("answer_by", models.DateField(blank=True, null=True)),
                ("message", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("proposed", models.DateTimeField(blank=True, null=True)),
                ("ended", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "exchange",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="exchange.exchange"
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="exchange.need"
                    ),
                ),
            ],
            options={
                "ordering": ("-created", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "lead partner"), ("member", "member")], default="member", max_length=10
                    ),
                ),
                (
                    "share",
                    models.FloatField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("chosen", "not asked yet"),
                            ("asked", "asked"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                        ],
                        default="chosen",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("capacity", "no free capacity"),
                            ("share", "our share does not suit: too small or too large"),
                            ("dates", "dates cannot be kept"),
                            ("partners", "we would rather not work with one of the partners"),
                            ("terms", "terms do not suit"),
                            ("other", "another reason"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("answered", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_places",
                        to="exchange.enterprise",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="exchange.group"
                    ),
                ),
            ],
            options={
                "ordering": ("group", "pk"),
            },
        ),
        migrations.AddIndex(
            model_name="group",
            index=models.Index(fields=["exchange", "status", "-created"], name="group_list"),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(fields=["enterprise", "status"], name="group_waiting"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("group", "enterprise"), name="one_group_place"),
        ),
    ]
