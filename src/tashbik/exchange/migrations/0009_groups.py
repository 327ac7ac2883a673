"""Groups composed for a need."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing yet."""

    dependencies: ClassVar = [("exchange", "0008_identity")]
    operations: ClassVar = []
