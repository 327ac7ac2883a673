"""Found pairs written as rows: new ones, those judged anew, those reopened by a change, those let go. Not the finding (pairing.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Q

from tashbik.exchange.merging import conflicting
from tashbik.exchange.models import Enterprise, IdentityPair, Merge
from tashbik.exchange.pairing import Found, InForce, joint_state, judged, living, said_by, uncertainty, weighed
from tashbik.exchange.projection import record_of
from tashbik.registry import records

Status = IdentityPair.Status
CHUNK = 500
T = TypeVar("T")
JUDGED = ["probability", "uncertainty", "levels", "reasons", "model_version"]
SEEN = [*JUDGED, "state", "conflicting", "first_source", "second_source", "status", "earlier"]


def keep(found: Sequence[Found], version: int) -> int:
    """Write what was found, judged by model `version`; returns how many pairs wait that did not before.

    A pair that was decided stays so, unless what it was decided on has changed (`IdentityPair.state`): two that were told apart or put off
    wait again, and so do two that were merged and both stand in the register again.
    """
    return sum(_keep(chunk, version) for chunk in _chunks(found))


def _chunks(many: Sequence[T]) -> Iterator[Sequence[T]]:
    return (many[start : start + CHUNK] for start in range(0, len(many), CHUNK))


class _Seen(NamedTuple):
    """A record of a chunk, read once for all its pairs."""

    row: Enterprise
    record: records.Enterprise
    said: bytes


def _seen(keys: set[int]) -> dict[int, _Seen]:
    found = {}
    for row in living().filter(pk__in=keys):
        record = record_of(row)
        found[row.pk] = _Seen(row, record, said_by(record))
    return found


@transaction.atomic
def _keep(chunk: Sequence[Found], version: int) -> int:
    keys = {key for one in chunk for key in one[:2]}
    seen, known, apart = _seen(keys), _known(chunk), _told_apart(keys)
    new: list[IdentityPair] = []
    old: list[IdentityPair] = []
    reopened = 0
    for one in chunk:
        if one.first not in seen or one.second not in seen:
            continue
        first, second = seen[one.first], seen[one.second]
        pair = known.get((one.first, one.second))
        if pair is None:
            if (one.first, one.second) not in apart:
                new.append(_described(IdentityPair(first=first.row, second=second.row), one, version, first, second))
        elif pair.status == Status.WAITING:
            old.append(_described(pair, one, version, first, second))
        elif _reopens(pair, joint_state(first.said, second.said)):
            pair.earlier, pair.status = pair.status, Status.WAITING
            old.append(_described(pair, one, version, first, second))
            reopened += 1
    IdentityPair.objects.bulk_create(new, ignore_conflicts=True)
    IdentityPair.objects.bulk_update(old, SEEN, batch_size=200)
    return len(new) + reopened


def _known(chunk: Sequence[Found]) -> dict[tuple[int, int], IdentityPair]:
    rows = IdentityPair.objects.select_for_update().filter(first__in=[one.first for one in chunk])
    return {(one.first_id, one.second_id): one for one in rows}


def _described(pair: IdentityPair, one: Found, version: int, first: _Seen, second: _Seen) -> IdentityPair:
    pair.probability, pair.uncertainty = one.probability, uncertainty(one.probability)
    pair.levels, pair.reasons, pair.model_version = one.levels, one.reasons, version
    pair.state, pair.conflicting = joint_state(first.said, second.said), bool(conflicting(first.record, second.record))
    pair.first_source, pair.second_source = (side.record.provenance.source[:200] for side in (first, second))
    return pair


def _reopens(pair: IdentityPair, state: str) -> bool:
    """Whether a decided pair is to be decided again. Two that are linked across exchanges stay linked."""
    if pair.status == Status.SAME:
        return pair.merges.filter(undone=None).exists()  # and both stand in the register, as they were found
    return pair.state != state


def _told_apart(keys: set[int]) -> set[tuple[int, int]]:
    """Pairs that were told apart before one of them took up another record."""
    within = _taken_up(keys)
    if not within:
        return set()
    inside = {absorbed: survivor for survivor, group in within.items() for absorbed in group}
    reach = {*keys, *inside}
    decided = IdentityPair.objects.filter(status=Status.DISTINCT, first__in=reach, second__in=reach)
    pairs = {(inside.get(a, a), inside.get(b, b)) for a, b in decided.values_list("first_id", "second_id")}
    return {(min(one), max(one)) for one in pairs}


def _taken_up(keys: set[int]) -> dict[int, set[int]]:
    """What each enterprise took up, over several steps."""
    found: dict[int, set[int]] = {}
    asked = {key: key for key in keys}
    while asked:
        merges = Merge.objects.filter(undone=None, survivor__in=asked).values_list("survivor_id", "absorbed_id")
        asked = {absorbed: asked[survivor] for survivor, absorbed in merges if absorbed not in asked}
        for absorbed, root in asked.items():
            found.setdefault(root, set()).add(absorbed)
    return found


def let_go(found: Iterable[Found], keys: Sequence[int] | None = None) -> int:
    """Take pairs out of the queue that are not found any more (of some enterprises, or of all); returns how many.

    One that was reopened goes back to what had been decided.
    """
    kept = {one[:2] for one in found}
    waiting = IdentityPair.objects.filter(status=Status.WAITING)
    if keys is not None:
        waiting = waiting.filter(Q(first__in=keys) | Q(second__in=keys))
    gone = [pk for pk, *pair in waiting.values_list("pk", "first_id", "second_id") if tuple(pair) not in kept]
    for chunk in _chunks(gone):
        with transaction.atomic():
            rows = IdentityPair.objects.select_for_update().filter(pk__in=chunk, status=Status.WAITING)
            for status in (Status.DISTINCT, Status.LATER, Status.SAME):
                rows.filter(earlier=status).update(status=status, earlier="")
            rows.filter(earlier="").delete()
    return len(gone)


def judge_anew(force: InForce) -> Iterator[int]:
    """Judge what waits or was put off by the model in force, chunk by chunk; yields how many are done."""
    rows = IdentityPair.objects.filter(status__in=(Status.WAITING, Status.LATER)).exclude(model_version=force.version)
    done = 0
    for chunk in _chunks(list(rows.values_list("pk", flat=True))):
        with transaction.atomic():
            pairs = list(IdentityPair.objects.select_for_update().filter(pk__in=chunk))
            for pair, probability in zip(pairs, judged([one.levels for one in pairs], force.model), strict=True):
                pair.probability, pair.uncertainty = probability, uncertainty(probability)
                pair.reasons, pair.model_version = weighed(pair.reasons, force.model), force.version
            IdentityPair.objects.bulk_update(pairs, JUDGED, batch_size=200)
        done += len(chunk)
        yield done
