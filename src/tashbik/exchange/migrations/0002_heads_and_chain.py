"""The two counters, and the audit chain's rows made append-only in the database itself."""

from __future__ import annotations

import secrets

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON exchange_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON exchange_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON exchange_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
)


def heads(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The chain starts empty; the database gets a name of its own, by which an index knows which one it follows."""
    head = apps.get_model("exchange", "Head")
    head.objects.create(name="audit", number=0, digest="")
    head.objects.create(name="index", number=0, digest=secrets.token_hex(8))


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Triggers that refuse to change or delete audit entries."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    """Rows and triggers; going back is not offered."""

    dependencies = (("exchange", "0001_initial"),)
    operations = (migrations.RunPython(heads), migrations.RunPython(guard))
