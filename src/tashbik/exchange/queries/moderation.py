"""What officers moderate and what their submitters see of it: the queue, one submission before and after, records in work. Not deciding (verbs)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tashbik.exchange.actor import Actor
from tashbik.exchange.differences import Change, Merged, Plain, changes, merge
from tashbik.exchange.models import Draft, Enterprise, Revision, Role, Submission
from tashbik.exchange.permissions import may, require
from tashbik.exchange.projection import next_question, record_of
from tashbik.exchange.queries.history import record_at
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.language.analysis import fold

REVERIFY_AFTER = timedelta(days=183)
"""Age of data from which an enterprise is asked to verify them: half a year, as spare capacity and staff change within it."""
OPEN = (Submission.Status.PENDING, Submission.Status.RETURNED)

NEXT = {
    "capabilities": _("What can you make or do?"),
    "place": _("Where is your workshop?"),
    "contacts": _("How can a buyer reach you?"),
    "capacity": _("How much can you make in a month?"),
    "spare": _("How much of your capacity is free now?"),
    "envelope": _("How large can your parts be?"),
    "materials": _("Which materials and grades do you work?"),
    "lead_time": _("How long from order to delivery?"),
    "certificates": _("Which certificates do you hold?"),
    "machines": _("Which machines do you have?"),
    "employees": _("How many people work for you?"),
    "identifiers": _("What is your commercial register number?"),
    "references": _("Whom have you delivered to?"),
    "exports": _("Which countries have you exported to?"),
}
"""The questions of projection.QUESTIONS as they are put to the enterprise."""


@dataclass(frozen=True, slots=True)
class InWork:
    """The record that a form starts from. `edition` names it exactly; `proposal` is the submission whose changes it has in it, if any."""

    record: Plain
    edition: str
    proposal: Submission | None


@dataclass(frozen=True, slots=True)
class Item:
    """A submission as an officer decides on it: what it changes, what changed meanwhile, and which enterprises it may double."""

    submission: Submission
    changes: tuple[Change, ...]
    merged: Merged | None
    seen: str
    alike: tuple[Enterprise, ...]


def digest_of(record: Plain) -> str:
    """A short name of a record's exact content."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def proposal_of(enterprise: Enterprise) -> Submission | None:
    """The one submission of an enterprise that is not settled: waiting, or returned to be corrected."""
    return Submission.objects.filter(enterprise=enterprise, status__in=OPEN).order_by("-created", "-pk").first()


def edition_of(enterprise: Enterprise, proposal: Submission | None) -> str:
    """The name of the state that someone edits: the version, and the proposal's content where there is one."""
    return f"{enterprise.version}:{digest_of(proposal.record)}" if proposal else str(enterprise.version)


def in_work(actor: Actor, enterprise: Enterprise) -> InWork:
    """What the actor edits: officers the record itself, members the record with what they proposed already."""
    if may(actor, "enterprise.edit", enterprise):
        return InWork(dict(enterprise.record), str(enterprise.version), None)
    require(actor, "enterprise.propose", enterprise)
    proposal = proposal_of(enterprise)
    if proposal is None:
        return InWork(dict(enterprise.record), str(enterprise.version), None)
    return InWork(with_proposal(enterprise, proposal), edition_of(enterprise, proposal), proposal)


def with_proposal(enterprise: Enterprise, proposal: Submission) -> Plain:
    """The record with a proposal's changes; where both changed a field, the proposal's word stands until an officer decides."""
    merged = merged_with(enterprise, proposal, {})
    choice = dict.fromkeys((one.key for one in merged.conflicts), "theirs")
    return merged_with(enterprise, proposal, choice).record if choice else merged.record


def merged_with(enterprise: Enterprise, proposal: Submission, settled: dict[str, str]) -> Merged:
    """A proposal brought into the record as it is now."""
    ours = dict(enterprise.record)
    base = record_at(enterprise, proposal.base_version)
    return merge(base if base is not None else ours, ours, dict(proposal.record), settled)


def record_of_edition(actor: Actor, enterprise: Enterprise, edition: str) -> Plain | None:
    """The record that a form started from, found again by its edition; None where the history does not have it."""
    now = in_work(actor, enterprise)
    if edition == now.edition:
        return now.record
    version, _colon, content = edition.partition(":")
    if not version.isdigit():
        return None
    if content:
        found = _proposed(enterprise, content)
        if found is not None:
            return found
    return record_at(enterprise, int(version))


def _proposed(enterprise: Enterprise, content: str) -> Plain | None:
    numbers = Submission.objects.filter(enterprise=enterprise).values_list("pk", flat=True)
    revisions = Revision.objects.filter(subject_kind="submission", subject_id__in=list(numbers), erased=False)
    for state in revisions.order_by("-pk").values_list("after", flat=True)[:50]:
        if state and digest_of(state["record"]) == content:
            return dict(state["record"])
    return None


def queue(actor: Actor, *, status: str = "pending", kind: str = "", words: str = "") -> QuerySet[Submission]:
    """The submissions of the officer's exchange, the oldest first. `kind`: `new` or `change`; `words`: part of a name or code."""
    require(actor, "submission.accept")
    found = Submission.objects.select_related("enterprise", "by", "exchange")
    if not actor.system:
        found = found.filter(exchange_id=actor.exchange_id or 0)
    if status:
        found = found.filter(status=status)
    if kind:
        found = found.filter(enterprise__isnull=kind == "new")
    if words:
        names = ("enterprise__code", "enterprise__name_ar", "enterprise__name_fr", "enterprise__name_en")
        asked = Q(*((f"{name}__icontains", words) for name in names), _connector=Q.OR)
        proposed = Q(*((f"record__names__{one}__icontains", words) for one in ("ar", "fr", "en")), _connector=Q.OR)
        found = found.filter(asked | proposed)
    return found.order_by("created", "pk")


def item(actor: Actor, submission: Submission) -> Item:
    """One submission with all that a decision needs."""
    require(actor, "submission.see", submission)
    enterprise, settled = submission.enterprise, submission.status not in OPEN
    merged = merged_with(enterprise, submission, {}) if enterprise is not None and not settled else None
    before: Plain = {}
    if enterprise is not None:
        before = (record_at(enterprise, submission.base_version) if settled else None) or dict(enterprise.record)
    after = with_proposal(enterprise, submission) if enterprise is not None and not settled else submission.record
    alike = _alike(submission) if may(actor, "submission.accept", submission) else ()
    return Item(submission, tuple(changes(before, after)), merged, digest_of(submission.record), alike)


def _alike(submission: Submission) -> tuple[Enterprise, ...]:
    """Enterprises of the exchange that have the name of one that is to be new."""
    names = {str(one) for one in submission.record.get("names", {}).values() if one}
    if submission.enterprise_id or not names:
        return ()
    same = Q(sort_name__in={fold(one)[:300] for one in names})
    for name in names:
        same |= Q(name_ar__iexact=name) | Q(name_fr__iexact=name) | Q(name_en__iexact=name)
    return tuple(Enterprise.objects.filter(same, exchange_id=submission.exchange_id)[:5])


def next_after(actor: Actor, submission: Submission) -> Submission | None:
    """The next one that waits, in the order of the queue; from the beginning after the last."""
    waiting = queue(actor).exclude(pk=submission.pk)
    later = Q(created__gt=submission.created) | Q(created=submission.created, pk__gt=submission.pk)
    return waiting.filter(later).first() or waiting.first()


def submissions_of(actor: Actor) -> QuerySet[Submission]:
    """What the actor sent in, for oneself or for one's enterprise, the newest first."""
    mine = Q(by_id=actor.user_id) if actor.user_id else Q(pk__in=())
    if actor.enterprise_id:
        mine |= Q(enterprise_id=actor.enterprise_id)
    return Submission.objects.filter(mine).select_related("enterprise").order_by("-created", "-pk")


@waits
def submissions_waiting(actor: Actor) -> Iterator[Task]:
    """For officers: what waits in the queue."""
    if actor.role != Role.OFFICER or not may(actor, "submission.accept"):
        return
    waiting = queue(actor)
    count = waiting.count()
    if count:
        label = ngettext_lazy("%(count)d submission to decide on", "%(count)d submissions to decide on", count)
        yield Task(label % {"count": count}, "moderation:queue", count=count, urgency=2)


@waits
def returned_to_me(actor: Actor) -> Iterator[Task]:
    """For who sent something in: what came back, and what is begun and not sent."""
    if actor.user_id is None:
        return
    for one in submissions_of(actor).filter(status=Submission.Status.RETURNED)[:5]:
        name = one.enterprise.name(actor.language) if one.enterprise else _name(one.record, actor.language)
        label = _("Returned to be corrected: %(name)s") % {"name": name}
        yield Task(label, "editing:returned", (one.pk,), urgency=1)
    drafts = Draft.objects.filter(user_id=actor.user_id, form__startswith="enterprise.")
    subjects = {draft.subject_id for draft in drafts}
    codes = dict(Enterprise.objects.filter(pk__in=subjects).values_list("pk", "code"))
    for number in sorted(subjects):
        mine = sum(draft.subject_id == number for draft in drafts)
        label = ngettext_lazy("%(count)d draft not sent yet", "%(count)d drafts not sent yet", mine) % {"count": mine}
        if number in codes:
            yield Task(label, "editing:tasks", (codes[number],), count=mine, detail=codes[number], urgency=4)
        elif number == 0:
            yield Task(label, "editing:register", count=mine, urgency=4)


def _name(record: Plain, language: str) -> str:
    names = record.get("names", {})
    return str(names.get(language) or next(iter(names.values()), ""))


@waits
def profile_of_mine(actor: Actor) -> Iterator[Task]:
    """For a member: data that are to be verified again, and the next question that makes the profile more useful."""
    if actor.role != Role.MEMBER or actor.enterprise_id is None:
        return
    enterprise = Enterprise.objects.filter(pk=actor.enterprise_id, status=Enterprise.Status.PUBLISHED).first()
    if enterprise is None:
        return
    if due_for_verification(enterprise):
        label = _("Say that the data of your enterprise are still true, or correct them")
        yield Task(label, "editing:verify", (enterprise.code,), urgency=3)
    question = next_question(record_of(enterprise))
    if question:
        label = _("Complete the profile of your enterprise")
        yield Task(label, "editing:tasks", (enterprise.code,), detail=NEXT[question], urgency=6)


def due_for_verification(enterprise: Enterprise, today: date | None = None) -> bool:
    """Whether the data are older than what buyers can count on."""
    newest = max((one for one in (enterprise.as_of, enterprise.verified_on) if one), default=None)
    return newest is None or (today or date.today()) - newest > REVERIFY_AFTER
