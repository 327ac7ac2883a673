"""Recommendations of an edition: evidence, votes, progress, reminders, the communiqué."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables of models/recommendations.py."""

    dependencies: ClassVar = [("exchange", "0010_editions")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40)),
                ("parameters", models.JSONField(blank=True, default=dict)),
                ("table", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("as_of", models.DateField()),
                ("frozen", models.DateField()),
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
                "verbose_name_plural": "evidence",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.JSONField(default=dict, verbose_name="text")),
                (
                    "sector",
                    models.CharField(
                        choices=[("government", "government"), ("private", "private sector")],
                        max_length=10,
                        verbose_name="addressed to",
                    ),
                ),
                ("body", models.JSONField(blank=True, default=dict, verbose_name="addressee")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("linkage", "linkage and networking"),
                            ("finance", "finance"),
                            ("technology", "technology and innovation"),
                            ("capacity", "capacity building"),
                            ("competitive", "competitiveness"),
                            ("markets", "markets"),
                        ],
                        max_length=12,
                        verbose_name="topic",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("drafted", "drafted"),
                            ("adopted", "adopted"),
                            ("assigned", "assigned"),
                            ("under_way", "under way"),
                            ("done", "reported as done"),
                            ("closed", "carried out and closed"),
                            ("dropped", "dropped"),
                            ("rejected", "not adopted"),
                        ],
                        default="drafted",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("voting", models.BooleanField(default=False)),
                (
                    "adopted_by",
                    models.CharField(
                        blank=True, choices=[("consensus", "by consensus"), ("vote", "by vote")], max_length=9
                    ),
                ),
                ("adopted", models.DateField(blank=True, null=True)),
                ("owner_name", models.CharField(blank=True, max_length=200, verbose_name="owner")),
                ("owner_email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("owner_language", models.CharField(default="ar", max_length=2, verbose_name="language of messages")),
                ("assigned", models.DateTimeField(blank=True, null=True)),
                ("deadline", models.DateField(blank=True, null=True, verbose_name="deadline")),
                ("indicator", models.JSONField(blank=True, default=dict, verbose_name="indicator")),
                ("unit", models.CharField(blank=True, max_length=40, verbose_name="unit")),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=18, null=True, verbose_name="baseline"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True, verbose_name="target"),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True, verbose_name="value"),
                ),
                ("value_on", models.DateField(blank=True, null=True)),
                ("result", models.TextField(blank=True, verbose_name="result")),
                ("closed", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="exchange.edition",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="exchange.organisation",
                        verbose_name="owner",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="taken_up",
                        to="exchange.recommendation",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="recommendations",
                        to="exchange.editionsession",
                    ),
                ),
            ],
            options={
                "ordering": ("edition", "number"),
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("words", models.TextField()),
                ("value", models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True)),
                ("address", models.URLField(blank=True, max_length=400)),
                ("made", models.DateTimeField(auto_now_add=True)),
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
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="exchange.evidence",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="exchange.recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "reports of progress",
                "ordering": ("on", "pk"),
            },
        ),
        migrations.AddField(
            model_name="evidence",
            name="recommendation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="exchange.recommendation"
            ),
        ),
        migrations.CreateModel(
            name="DeadlineReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deadline", models.DateField()),
                ("stage", models.CharField(max_length=16)),
                ("on", models.DateField()),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="exchange.recommendation",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("drafted", "drafted"),
                            ("adopted", "adopted"),
                            ("assigned", "assigned"),
                            ("under_way", "under way"),
                            ("done", "reported as done"),
                            ("closed", "carried out and closed"),
                            ("dropped", "dropped"),
                            ("rejected", "not adopted"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("note", models.TextField(blank=True)),
                ("made", models.DateTimeField(auto_now_add=True)),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="exchange.recommendation"
                    ),
                ),
            ],
            options={
                "ordering": ("on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "choice",
                    models.CharField(
                        choices=[("for", "for"), ("against", "against"), ("abstain", "abstention")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField(auto_now=True)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="exchange.participant"
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="exchange.recommendation"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Communique",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("preamble", models.JSONField(default=dict)),
                ("items", models.JSONField(default=list)),
                ("issued", models.DateField()),
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
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="communiques", to="exchange.edition"
                    ),
                ),
            ],
            options={
                "ordering": ("edition", "-number"),
                "constraints": [models.UniqueConstraint(fields=("edition", "number"), name="one_communique_number")],
            },
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(fields=["status", "deadline"], name="recommendation_due"),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(fields=["status", "country"], name="recommendation_country"),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(fields=("edition", "number"), name="one_recommendation_number"),
        ),
        migrations.AddConstraint(
            model_name="deadlinereminder",
            constraint=models.UniqueConstraint(
                fields=("recommendation", "deadline", "stage"), name="one_reminder_a_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(fields=("recommendation", "participant"), name="one_vote"),
        ),
    ]
