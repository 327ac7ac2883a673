"""What hangs on an enterprise (memberships, invitations, questions …), moved to another one and back. Not which record survives (verbs/identity.py).

Every model with a key to the enterprise is taken, also those of areas to come; what belongs to the record itself stays (STAYS). Where both
enterprises have a link of which there can be one (an invitation to the same request), one that nobody answered gives way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from tashbik.errors import StateError
from tashbik.exchange.audit import changed
from tashbik.exchange.models import Attachment, Enterprise, Invitation, Question, Quote, Rfq

STAYS = frozenset({"facet", "submission", "identitypair", "merge"})
"""Models whose rows speak of the record itself and stay with it."""
Moved = dict[str, Any]
"""A link that went over (`model`, `id`, `field`), or one taken away (`model`, `id`, `row`: the row serialized)."""


def _keys() -> Iterator[tuple[type[models.Model], str]]:
    """Every model and field by which a row belongs to an enterprise."""
    for relation in Enterprise._meta.get_fields(include_hidden=True):
        if isinstance(relation, (models.ManyToOneRel, models.OneToOneRel)):
            model = relation.related_model
            if isinstance(model, type) and model._meta.model_name not in STAYS:
                yield model, relation.field.name


def count_links(enterprise: Enterprise) -> dict[str, int]:
    """How many rows of each model hang on an enterprise; models without any left out."""
    counts: Counter[str] = Counter()
    for model, field in _keys():
        counts[str(model._meta.model_name)] += model._default_manager.filter(**{field: enterprise}).count()
    counts["attachment"] = _attachments(enterprise).count()
    return {name: count for name, count in counts.items() if count}


def move_links(source: Enterprise, target: Enterprise) -> list[Moved]:
    """Move what hangs on `source` to `target`, within a verb. What cannot be there twice and was answered twice stays as history.

    Raises StateError where both have quoted in a request that is still open.
    """
    moved = [*_rival_invitations(source, target), *_rival_questions(source, target)]
    for model, field in _keys():
        for row in model._default_manager.filter(**{field: source}).order_by("pk"):
            if _set(row, field, target.pk):
                moved.append({"model": model._meta.label, "id": row.pk, "field": field})
    for one in _attachments(source):
        before = one.snapshot()
        one.owner_id = target.pk
        one.save(update_fields=["owner_id"])
        changed(one, before)
        moved.append({"model": one._meta.label, "id": one.pk, "field": "owner_id"})
    return moved


def move_back(moved: list[Moved], source: Enterprise, target: Enterprise) -> None:
    """Undo move_links: what went from `source` to `target` and is still there goes back, what was taken away is there again."""
    for one in reversed(moved):
        model = apps.get_model(one["model"])
        if "row" in one:
            continue
        row = model._default_manager.filter(pk=one["id"]).first()
        if row is not None and _value(row, one["field"]) == target.pk:
            _set(row, one["field"], source.pk)
    for one in moved:
        if "row" in one and not apps.get_model(one["model"])._default_manager.filter(pk=one["id"]).exists():
            for item in serializers.deserialize("json", one["row"]):
                item.save()
                changed(item.object)


def _attachments(enterprise: Enterprise) -> models.QuerySet[Attachment]:
    return Attachment.objects.filter(owner_kind="enterprise", owner_id=enterprise.pk)


def _value(row: models.Model, field: str) -> Any:
    return getattr(row, row._meta.get_field(field).attname)  # type: ignore[union-attr]


def _set(row: models.Model, field: str, key: int) -> bool:
    """Give a row another enterprise; whether it could be, for there may be one of its kind already."""
    before = row.snapshot() if hasattr(row, "snapshot") else None
    attribute = row._meta.get_field(field).attname  # type: ignore[union-attr]
    was = getattr(row, attribute)
    setattr(row, attribute, key)
    try:
        with transaction.atomic():
            row.save(update_fields=[field])
    except IntegrityError:
        setattr(row, attribute, was)
        return False
    if before is not None:
        changed(row, before)
    return True


class _Exact(DjangoJSONEncoder):
    """To the microsecond, so that what is brought back is what was taken away."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _taken_away(row: models.Model) -> Moved:
    kept = {"model": row._meta.label, "id": row.pk, "row": serializers.serialize("json", [row], cls=_Exact)}
    before = row.snapshot()  # type: ignore[attr-defined]
    row.delete()
    changed(row, before)
    return kept


def _rival_invitations(source: Enterprise, target: Enterprise) -> Iterator[Moved]:
    """Invitations of both to one request: an unanswered one gives way to the other."""
    theirs = {one.rfq_id: one for one in Invitation.objects.filter(enterprise=target).prefetch_related("quotes")}
    mine = Invitation.objects.filter(enterprise=source, rfq__in=theirs).select_related("rfq").prefetch_related("quotes")
    for one in mine:
        other = theirs[one.rfq_id]
        if one.rfq.status == Rfq.Status.OPEN and _has_quoted(one) and _has_quoted(other):
            raise StateError(
                _("Both have quoted for %(code)s, which is still open. Nothing was merged.") % {"code": one.rfq.code},
                mend=_("Have one of the two quotes withdrawn, or merge when the request is closed."),
            )
        if not _answered(one):
            yield _taken_away(one)
        elif not _answered(other):
            yield _taken_away(other)


def _has_quoted(one: Invitation) -> bool:
    return any(quote.status == Quote.Status.SUBMITTED for quote in one.quotes.all())


def _answered(one: Invitation) -> bool:
    return bool(one.quotes.all()) or one.status in (Invitation.Status.DECLINED, Invitation.Status.QUOTED)


def _rival_questions(source: Enterprise, target: Enterprise) -> Iterator[Moved]:
    """The same question put to both: one that is not answered gives way."""
    theirs = {(one.need_id, one.line, one.requirement): one for one in Question.objects.filter(enterprise=target)}
    for one in Question.objects.filter(enterprise=source):
        other = theirs.get((one.need_id, one.line, one.requirement))
        if other is None:
            continue
        if one.status == Question.Status.SENT:
            yield _taken_away(one)
        elif other.status == Question.Status.SENT:
            yield _taken_away(other)
