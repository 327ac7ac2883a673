"""What a model's state looks like in the history: plain JSON values by field. Not the history itself (audit.py)."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Snapshot(models.Model):
    """Gives a model `snapshot()`; fields named in `never_shown` are left out, as are passwords."""

    never_shown: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def snapshot(self) -> dict[str, Any]:
        """The concrete fields as JSON values."""
        hidden = {*self.never_shown, "password", "last_login"}
        values = {
            field.attname: self._plain(field) for field in self._meta.concrete_fields if field.attname not in hidden
        }
        return dict(json.loads(json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)))

    def _plain(self, field: Any) -> Any:
        value = getattr(self, field.attname)
        return str(value) if isinstance(field, models.FileField) else value
