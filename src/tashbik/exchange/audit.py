"""The frame of every mutation: permission, transaction, revision and hash-chained entry at once. Not the mutations (verbs/).

::

    @verb("need.release", on="need")
    def release(*, actor: Actor, need: Need, version: int) -> Need: ...

runs `release` in one transaction: the subject is locked and read again, the permission is checked, the function called, and what it
changed written as a revision with an audit entry. What a verb changes besides its subject it tells by `changed()`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models.audit import AuditEntry, Head, Revision
from tashbik.exchange.models.imports import Import
from tashbik.exchange.models.snapshot import Snapshot
from tashbik.exchange.permissions import RULES, require

P = ParamSpec("P")
R = TypeVar("R")

AFTER: list[Callable[[Actor, str, Any], None]] = []
"""Called with the actor, the verb and its subject within the transaction of each verb, after it: what tells others of it (webhooks.py)."""
VERBS: dict[str, Callable[..., Any]] = {}
"""Every verb by its name, for the tests that try every role on each."""


@dataclass(slots=True)
class _Act:
    """What one verb has changed so far."""

    actor: Actor
    verb: str
    changes: list[tuple[Any, dict[str, Any] | None]] = field(default_factory=list)
    note: str = ""
    forgets: bool = False


_acts: ContextVar[tuple[_Act, ...]] = ContextVar("acts", default=())


def verb(name: str, *, on: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function the verb `name`; `on` names the argument that is its subject (none: it creates one)."""
    if name not in RULES:
        raise KeyError(f"permissions.RULES has no rule for {name}")

    def frame(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **arguments: P.kwargs) -> R:
            actor = cast(Actor, arguments["actor"])
            subject = arguments.get(on) if on else None
            with transaction.atomic():
                before = _taken_up(subject) if subject is not None else None
                require(actor, name, subject)
                act = _Act(actor, name)
                token = _acts.set((*_acts.get(), act))
                try:
                    result = function(*args, **arguments)
                finally:
                    _acts.reset(token)
                about = subject if subject is not None else result
                for hook in AFTER:
                    hook(actor, name, about)
                _write(act, about, before)
            return result

        VERBS[name] = run
        return run

    return frame


def _taken_up(subject: Any) -> dict[str, Any]:
    """Lock the subject, read it as it is now, and keep how it was."""
    model = subject._meta.model  # not type(subject): the user of a request is a lazy object
    try:
        subject.refresh_from_db(from_queryset=model._default_manager.select_for_update(of=("self",)))
    except model.DoesNotExist as error:
        raise NotFoundError(_("This record is no longer there.")) from error
    return dict(subject.snapshot())


def changed(subject: models.Model, before: dict[str, Any] | None = None) -> None:
    """Tell, within a verb, of another record that it made or changed."""
    _acts.get()[-1].changes.append((subject, before))


def note(text: str) -> None:
    """Keep a remark (no personal data) with the entry of the verb that runs."""
    _acts.get()[-1].note = text[:500]


def forget() -> None:
    """Within a verb that erases: that it happened is kept, what was changed is not."""
    _acts.get()[-1].forgets = True


def _write(act: _Act, subject: Any, before: dict[str, Any] | None) -> None:
    if isinstance(subject, models.Model):
        act.changes.insert(0, (subject, before))
    if not act.changes:
        append(act.actor, act.verb, note=act.note)
    for one, was in act.changes:
        now = one.snapshot() if one.pk is not None and hasattr(one, "snapshot") else None
        number = one.pk or (was or {}).get("id")  # what was deleted has its number in how it was
        if was is not None and was == now:
            append(act.actor, act.verb, subject=one, number=number, note=act.note)
            continue
        revision = Revision.objects.create(
            subject_kind=kind_of(one),
            subject_id=number or 0,
            before=None if act.forgets else was,
            after=None if act.forgets else now,
            erased=act.forgets,
        )
        append(act.actor, act.verb, subject=one, number=number, revision=revision, note=act.note)


def kind_of(subject: models.Model) -> str:
    """The name under which a model stands in the history."""
    return str(subject._meta.model_name)


def append(
    actor: Actor,
    verb_name: str,
    *,
    subject: Any = None,
    number: int | None = None,
    revision: Revision | None = None,
    note: str = "",
) -> AuditEntry:
    """Append an entry to the chain; must run in a transaction, and is the last to do in it: the chain's head stays locked until its end."""
    head = Head.objects.select_for_update().get(name="audit")
    entry = _entry(
        actor, verb_name, head, subject=subject, number=number, revision=revision, note=note, at=timezone.now()
    )
    entry.save(force_insert=True)
    head.number, head.digest = entry.number, entry.hash
    head.save(update_fields=["number", "digest"])
    return entry


def _entry(
    actor: Actor,
    verb_name: str,
    head: Head,
    *,
    subject: Any,
    number: int | None,
    revision: Revision | None,
    note: str,
    at: datetime,
) -> AuditEntry:
    """The entry that follows the chain's head, not yet saved."""
    entry = AuditEntry(
        number=head.number + 1,
        at=at,
        user_id=actor.user_id,
        role=actor.role,
        exchange_id=getattr(subject, "exchange_id", None) or actor.exchange_id,
        verb=verb_name,
        subject_kind=kind_of(subject) if subject is not None else "",
        subject_id=number or (subject.pk if subject is not None else None),
        revision=revision,
        note=note,
        digest=digest_of(revision),
        previous=head.digest,
    )
    entry.hash = hash_of(entry)
    return entry


def append_many(
    actor: Actor,
    verb_name: str,
    changes: Sequence[tuple[Snapshot, dict[str, Any] | None]],
    *,
    import_run: Import | None = None,
) -> None:
    """Append the entries of many changed records at once, each with its revision (how it was; how it is is read off the record)."""
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                subject_kind=kind_of(subject),
                subject_id=subject.pk,
                before=was,
                after=subject.snapshot(),
                import_run=import_run,
            )
            for subject, was in changes
        ],
        batch_size=200,
    )
    head = Head.objects.select_for_update().get(name="audit")
    now, entries = timezone.now(), []
    for (subject, _was), revision in zip(changes, revisions, strict=True):
        entry = _entry(actor, verb_name, head, subject=subject, number=subject.pk, revision=revision, note="", at=now)
        head.number, head.digest = entry.number, entry.hash
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    head.save(update_fields=["number", "digest"])


def digest_of(revision: Revision | None) -> str:
    """SHA-256 of a revision's content; empty for none."""
    if revision is None:
        return ""
    return hashlib.sha256(_canonical([revision.before, revision.after])).hexdigest()


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 of an entry with the hash of the one before it."""
    content = [
        entry.number,
        entry.at.isoformat(timespec="microseconds"),
        entry.user_id,
        entry.role,
        entry.exchange_id,
        entry.verb,
        entry.subject_kind,
        entry.subject_id,
        entry.note,
        entry.digest,
        entry.previous,
    ]
    return hashlib.sha256(_canonical(content)).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def broken_links() -> Iterator[str]:
    """Whatever does not verify in the chain, in words: a hash, a link, a missing number, a revision that was changed."""
    previous, number = "", 0
    for entry in AuditEntry.objects.select_related("revision").order_by("number").iterator(2_000):
        number += 1
        if entry.number != number:
            yield f"entry {number} is missing"
            number = entry.number
        if entry.previous != previous:
            yield f"entry {entry.number} does not follow the entry before it"
        if entry.hash != hash_of(entry):
            yield f"entry {entry.number} was changed"
        revision = entry.revision
        if revision is not None and not revision.erased and digest_of(revision) != entry.digest:
            yield f"the revision of entry {entry.number} was changed"
        previous = entry.hash
    head = Head.objects.get(name="audit")
    if (head.number, head.digest) != (number, previous):
        yield "the last entries are missing"
