"""The name by which Arabic readers find an enterprise, with its index."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from tashbik.language.analysis import fold

BATCH = 2_000


def fill(apps: Any, schema_editor: Any) -> None:
    """Names of the enterprises that are there, as exchange.projection has them."""
    model = apps.get_model("exchange", "Enterprise")
    chosen = (
        model.objects.using(schema_editor.connection.alias).only("pk", "name_ar", "name_fr", "name_en").order_by("pk")
    )
    last = 0
    while rows := list(chosen.filter(pk__gt=last)[:BATCH]):
        for one in rows:
            one.sort_name_ar = fold(one.name_ar or one.name_fr or one.name_en)[:300]
        model.objects.using(schema_editor.connection.alias).bulk_update(rows, ["sort_name_ar"], batch_size=400)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("exchange", "0012_networks")]

    operations = [
        migrations.AddField(
            "enterprise", "sort_name_ar", models.CharField(blank=True, default="", max_length=300), False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            "enterprise", models.Index(fields=["status", "sort_name_ar", "id"], name="enterprise_by_arabic_name")
        ),
    ]
