"""One enterprise taken up in another, and given back: records, links, proposals. Runs within the verbs of duplicates (verbs/identity.py)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, note
from tashbik.exchange.differences import merge as joined
from tashbik.exchange.linked import move_back, move_links
from tashbik.exchange.merging import combined
from tashbik.exchange.models import Enterprise, IdentityPair, Membership, Merge, Role, Submission
from tashbik.exchange.projection import record_of
from tashbik.exchange.queries.moderation import OPEN
from tashbik.exchange.storing import restate, store
from tashbik.registry import records


def take_up(
    actor: Actor, pair: IdentityPair, first: Enterprise, second: Enterprise, survivor: str, choices: dict[str, str]
) -> Merge:
    """Merge two records of one exchange: the `survivor` (first or second) gets what was chosen of both, the other is withdrawn.

    Raises StateError and InvalidError as verbs.identity.decide tells.
    """
    if survivor not in ("first", "second"):
        raise InvalidError({"survivor": [_("Say which of the two records stays.")]})
    kept, gone = (first, second) if survivor == "first" else (second, first)
    _expect_no_proposal(gone)
    _close_overtaken(first, second)
    before, gone_before = kept.snapshot(), gone.snapshot()
    try:
        record = combined(record_of(first), record_of(second), choices, survivor)
    except KeyError as error:
        raise InvalidError({"": [_("Unknown choice: %(choice)s") % {"choice": error.args[0]}]}) from error
    people = _who_acts_for(gone)
    cancelled = _cancel_returned(gone)
    moved = [*cancelled, *move_links(gone, kept)]
    store(kept, msgspec.structs.replace(record, id=kept.code))
    restate(gone, Enterprise.Status.WITHDRAWN)
    changed(kept, before)
    changed(gone, gone_before)
    made = Merge.objects.create(
        pair=pair,
        survivor=kept,
        absorbed=gone,
        choices=choices,
        survivor_before=before["record"],
        survivor_after=dict(kept.record),
        absorbed_before=gone_before["record"],
        absorbed_status=gone_before["status"],
        moved=moved,
        by=actor.user,
    )
    changed(made)
    note(f"{gone.code} → {kept.code}")
    messages.tell(
        people,
        kind="enterprise.merged",
        exchange=kept.exchange,
        about=kept,
        enterprise=gone.name,
        name=kept.name,
        page="register:profile",
        arguments=(kept.code,),
    )
    return made


def _who_acts_for(enterprise: Enterprise) -> list[messages.Recipient]:
    """The people of an enterprise that have accounts; nobody else is written to on account of a merge."""
    members = Membership.objects.filter(enterprise=enterprise, role=Role.MEMBER, user__is_active=True)
    return messages.people_of_enterprise(enterprise) if members.exists() else []


def _close_overtaken(*enterprises: Enterprise) -> None:
    """Merges of enterprises that stand in the register again by another way than undoing (their history, an import)."""
    for made in Merge.objects.select_for_update(of=("self",)).filter(absorbed__in=enterprises, undone=None):
        was = made.snapshot()
        made.undone = timezone.now()
        made.save(update_fields=["undone"])
        changed(made, was)


def _expect_no_proposal(gone: Enterprise) -> None:
    if Submission.objects.filter(enterprise=gone, status=Submission.Status.PENDING).exists():
        raise StateError(
            _("A proposal for %(code)s waits for moderation. Nothing was merged.") % {"code": gone.code},
            mend=_("Decide on the proposal first, or let the other record go on."),
        )


def _cancel_returned(gone: Enterprise) -> list[dict[str, Any]]:
    """Proposals that were returned to be corrected are taken back: there is nothing left to correct."""
    taken = []
    for one in Submission.objects.select_for_update().filter(enterprise=gone, status__in=OPEN):
        before = one.snapshot()
        taken.append({"model": one._meta.label, "id": one.pk, "status": one.status})
        one.status = Submission.Status.CANCELLED
        one.save(update_fields=["status"])
        changed(one, before)
    return taken


def give_back(actor: Actor, made: Merge, confirmed: bool) -> None:
    """Take a merge back: both records, what hung on them, returned proposals. Raises as verbs.identity.undo tells."""
    keys = (made.survivor_id, made.absorbed_id)
    rows = Enterprise.objects.select_for_update(of=("self",)).select_related("exchange").in_bulk(keys)
    kept, gone = rows[made.survivor_id], rows[made.absorbed_id]
    if kept.status == Enterprise.Status.WITHDRAWN:
        raise StateError(
            _("%(code)s was withdrawn or merged itself since.") % {"code": kept.code},
            mend=_("Undo that first, then this merge."),
        )
    before, gone_before = kept.snapshot(), gone.snapshot()
    _back(made, kept, confirmed)
    changed(kept, before)
    if gone.status == Enterprise.Status.WITHDRAWN:
        restate(gone, made.absorbed_status)  # its record was never touched
        changed(gone, gone_before)
    _reopen_returned(made.moved)
    move_back([one for one in made.moved if "status" not in one], gone, kept)
    was = made.snapshot()
    made.undone, made.undone_by = timezone.now(), actor.user
    made.save(update_fields=["undone", "undone_by"])
    changed(made, was)


def _back(made: Merge, kept: Enterprise, confirmed: bool) -> None:
    """The survivor's record as it was, with what others changed since."""
    back = joined(made.survivor_after, dict(kept.record), made.survivor_before)
    if back.conflicts and not confirmed:
        raise ConflictError(
            _("The record was changed since in fields that the merge had changed. Nothing was undone."),
            mend=_(
                "Look at the later changes. If you undo the merge all the same, these fields lose their later values."
            ),
        )
    choice = dict.fromkeys((one.key for one in back.conflicts), "theirs")
    result = joined(made.survivor_after, dict(kept.record), made.survivor_before, choice).record
    store(kept, msgspec.convert(result, records.Enterprise))


def _reopen_returned(moved: list[dict[str, Any]]) -> None:
    for one in moved:
        if "status" in one:
            row = (
                Submission.objects.select_for_update().filter(pk=one["id"], status=Submission.Status.CANCELLED).first()
            )
            if row is not None:
                before = row.snapshot()
                row.status = one["status"]
                row.save(update_fields=["status"])
                changed(row, before)
