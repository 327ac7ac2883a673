"""Analysed networks and declared ties."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies: ClassVar = [("exchange", "0011_recommendations")]
    operations: ClassVar = []
