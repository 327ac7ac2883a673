"""Declared ties, industrial clusters and analysed networks."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables of models/networks.py."""

    dependencies: ClassVar = [("exchange", "0011_recommendations")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Cluster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_ar", models.CharField(blank=True, max_length=200, verbose_name="Name in Arabic")),
                ("name_fr", models.CharField(blank=True, max_length=200, verbose_name="Name in French")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="Name in English")),
                ("country", models.CharField(max_length=2)),
                ("region", models.CharField(blank=True, max_length=10)),
                ("sectors", models.JSONField(blank=True, default=list)),
                ("about", models.TextField(blank=True)),
                ("source", models.CharField(max_length=300)),
                ("as_of", models.DateField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "exchange",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clusters", to="exchange.exchange"
                    ),
                ),
                (
                    "institutions",
                    models.ManyToManyField(blank=True, related_name="clusters", to="exchange.organisation"),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="ClusterMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
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
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="exchange.cluster"
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clusters", to="exchange.enterprise"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("cluster", "enterprise"), name="one_cluster_membership")
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredTie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("maker_name", models.CharField(blank=True, max_length=200)),
                ("buyer_name", models.CharField(blank=True, max_length=200)),
                ("product", models.CharField(blank=True, max_length=200)),
                (
                    "volume",
                    models.CharField(
                        choices=[("occasional", "now and then"), ("regular", "regularly"), ("main", "a main supplier")],
                        default="regular",
                        max_length=10,
                    ),
                ),
                ("since", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
                ("as_of", models.DateField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("public", "everyone"),
                            ("members", "everyone with a role at an exchange"),
                            ("exchange", "the exchange's officers"),
                        ],
                        default="members",
                        max_length=8,
                    ),
                ),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "buyer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ties_to_makers",
                        to="exchange.enterprise",
                    ),
                ),
                (
                    "buyer_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ties",
                        to="exchange.organisation",
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
                    "exchange",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ties", to="exchange.exchange"
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ties_to_buyers",
                        to="exchange.enterprise",
                    ),
                ),
            ],
            options={
                "ordering": ("-as_of", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("maker__isnull", False), ("maker_name", "")),
                            models.Q(("maker", None), models.Q(("maker_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="tie_has_one_maker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("buyer__isnull", False), ("buyer_name", ""), ("buyer_organisation", None)),
                            models.Q(("buyer", None), ("buyer_name", ""), ("buyer_organisation__isnull", False)),
                            models.Q(
                                ("buyer", None),
                                ("buyer_organisation", None),
                                models.Q(("buyer_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="tie_has_one_buyer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NetworkSnapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("public", "everyone"),
                            ("members", "everyone with a role at an exchange"),
                            ("exchange", "the exchange's officers"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("ties", "ties"), ("near", "ties, shared processes and places")],
                        default="ties",
                        max_length=4,
                    ),
                ),
                ("options", models.JSONField(default=dict)),
                ("coverage", models.JSONField(default=dict)),
                ("nodes", models.PositiveIntegerField()),
                ("edges", models.PositiveIntegerField()),
                ("as_of", models.DateField(null=True)),
                ("made", models.DateTimeField()),
                ("result", models.BinaryField()),
                (
                    "exchange",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="networks",
                        to="exchange.exchange",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exchange", "level", "basis"), name="one_network", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
