"""Pairs to be reviewed, merges, and the model that decisions train."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """IdentityModel, IdentityPair, Merge."""

    dependencies: ClassVar = [("exchange", "0007_enterprise_by_size")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="IdentityModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                ("base", models.JSONField()),
                ("parameters", models.JSONField()),
                ("decisions", models.PositiveIntegerField(default=0)),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
            },
        ),
        migrations.CreateModel(
            name="IdentityPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("probability", models.FloatField()),
                ("uncertainty", models.FloatField()),
                ("levels", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=list)),
                ("conflicting", models.BooleanField(default=False)),
                ("first_source", models.CharField(blank=True, max_length=200)),
                ("second_source", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(max_length=64)),
                ("model_version", models.PositiveIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "to be decided"),
                            ("same", "one enterprise"),
                            ("distinct", "two enterprises"),
                            ("later", "put off"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="Status",
                    ),
                ),
                (
                    "earlier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("waiting", "to be decided"),
                            ("same", "one enterprise"),
                            ("distinct", "two enterprises"),
                            ("later", "put off"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="Note")),
                ("found", models.DateTimeField(auto_now_add=True)),
                ("decided", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs_as_first",
                        to="exchange.enterprise",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs_as_second",
                        to="exchange.enterprise",
                    ),
                ),
            ],
            options={
                "ordering": ("-uncertainty", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("choices", models.JSONField(default=dict)),
                ("survivor_before", models.JSONField()),
                ("survivor_after", models.JSONField()),
                ("absorbed_before", models.JSONField()),
                ("absorbed_status", models.CharField(max_length=10)),
                ("moved", models.JSONField(default=list)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("undone", models.DateTimeField(blank=True, null=True)),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_up_in",
                        to="exchange.enterprise",
                    ),
                ),
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
                    "pair",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="merges",
                        to="exchange.identitypair",
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="took_up", to="exchange.enterprise"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created", "-pk"),
            },
        ),
        migrations.AddIndex(
            model_name="identitypair",
            index=models.Index(fields=["status", "-uncertainty", "id"], name="pair_queue"),
        ),
        migrations.AddIndex(
            model_name="identitypair",
            index=models.Index(fields=["status", "-decided"], name="pair_decided"),
        ),
        migrations.AddConstraint(
            model_name="identitypair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="one_pair"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone", None)), fields=("absorbed",), name="taken_up_once"
            ),
        ),
    ]
