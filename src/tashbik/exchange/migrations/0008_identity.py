"""Pairs to be reviewed and merges."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies: ClassVar = [("exchange", "0007_enterprise_by_size")]
    operations: ClassVar = []
