"""Needs as an actor may see them: lists, one need, its versions, who is told the buyer's name, what waits. Not the acts (verbs.needs)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec.structs import replace

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import (
    Attachment,
    AuditEntry,
    Exchange,
    Invitation,
    Need,
    Organisation,
    Referral,
    Rfq,
    Role,
)
from tashbik.exchange.need_sheet import Sheet, in_force
from tashbik.exchange.permissions import may
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.registry import records

PAGE = 25
"""Needs on one page of the list."""
_OFFICE = (Role.OFFICER,)
_PUBLIC = (Need.Status.RELEASED, Need.Status.CLOSED)


# who sees what


def visible(actor: Actor) -> QuerySet[Need]:
    """The needs that the actor may know of: open ones that are released or closed, own ones, those of the exchange or passed on to it, those
    that the actor's enterprise was invited to quote for."""
    needs = Need.objects.select_related("exchange", "buyer").prefetch_related("referrals")
    if actor.system:
        return needs
    return needs.filter(_own(actor) | _open() | _passed_on(actor) | _invited(actor))


def _own(actor: Actor) -> Q:
    own = Q(pk__in=())
    if actor.role == Role.BUYER:
        own |= Q(buyer__isnull=True, by=actor.user_id)
        if actor.organisation_id:
            own |= Q(buyer=actor.organisation_id)
    if actor.role in _OFFICE:
        own |= Q(exchange=actor.exchange_id)
    return own


def _open() -> Q:
    return Q(confidentiality=Need.Confidentiality.OPEN, status__in=_PUBLIC)


def _passed_on(actor: Actor) -> Q:
    if actor.role not in _OFFICE or not actor.exchange_id:
        return Q(pk__in=())
    mine = Referral.objects.filter(need=OuterRef("pk"), exchange=actor.exchange_id)
    return Q(Exists(mine.exclude(status=Referral.Status.DECLINED))) & ~Q(status=Need.Status.DRAFT)


def _invited(actor: Actor) -> Q:
    if actor.enterprise_id is None:
        return Q(pk__in=())
    mine = Invitation.objects.filter(rfq__need=OuterRef("pk"), enterprise=actor.enterprise_id)
    return Q(Exists(mine)) & Q(status__in=_PUBLIC)


def find(actor: Actor, code: str) -> Need:
    """One need by its code. Raises NotFoundError where there is none that the actor may know of."""
    need = visible(actor).filter(code=code).first()
    if need is None:
        raise NotFoundError(
            _("There is no need of this number, or it is not open to you."),
            mend=_("Check the number, or ask its exchange for an invitation."),
        )
    return need


def is_at_home(actor: Actor, need: Need) -> bool:
    """Whether the actor is on the buyer's side: the buyer, or an officer of the need's own exchange."""
    if actor.system or bool(actor.parties & need.parties()):
        return True
    return actor.role in _OFFICE and actor.exchange_id == need.exchange_id


def is_inside(actor: Actor, need: Need) -> bool:
    """Whether the actor works with the need (may see its matches, versions and drawings), rather than only reads it."""
    return may(actor, "need.see", need)


def is_invited(actor: Actor, need: Need) -> bool:
    """Whether the actor's enterprise was asked to quote for it, has not declined, and the request was not cancelled."""
    if actor.enterprise_id is None:
        return False
    asked = Invitation.objects.filter(rfq__need=need, enterprise=actor.enterprise_id)
    return asked.exclude(status=Invitation.Status.DECLINED).exclude(rfq__status=Rfq.Status.CANCELLED).exists()


def shown_buyer(actor: Actor, need: Need) -> str:
    """The buyer's name; empty where there is none, or it is anonymous and the actor is not on the buyer's side."""
    if need.buyer is None or (need.anonymous and not is_at_home(actor, need)):
        return ""
    return need.buyer.name


def shown_record(actor: Actor, need: Need) -> records.Need:
    """The registry record in force as the actor may see it, with the buyer's name where the actor may know it. For exports and the API."""
    record = msgspec.convert(need.record, records.Need)
    return replace(record, id=need.code, buyer=shown_buyer(actor, need), status=need.status, version=need.version)


def allowed(actor: Actor, need: Need) -> set[str]:
    """Verbs on the need that the actor may do in its present state, by the last part of their names."""
    if not is_at_home(actor, need):
        return set()
    by_state = {
        Need.Status.DRAFT: ("edit", "release", "withdraw"),
        Need.Status.RELEASED: ("edit", "revise", "discard", "close", "withdraw", "refer"),
    }
    return {one for one in by_state.get(Need.Status(need.status), ()) if may(actor, f"need.{one}", need)}


# lists


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty values narrow nothing. `view` is drafts, unasked (released without an RFQ), referred, or empty."""

    status: str = ""
    kind: str = ""
    exchange: str = ""
    text: str = ""
    view: str = ""


def listing(actor: Actor, filters: Filters) -> QuerySet[Need]:
    """The needs of a list, newest first."""
    needs = visible(actor)
    if filters.status:
        needs = needs.filter(status=filters.status)
    elif filters.view != "drafts":
        needs = needs.exclude(status=Need.Status.WITHDRAWN)
    if filters.kind:
        needs = needs.filter(kind=filters.kind)
    if filters.exchange:
        needs = needs.filter(exchange__code=filters.exchange)
    for word in filters.text.split()[:6]:
        needs = needs.filter(_says(actor, word))
    return _viewed(actor, needs, filters.view)


def _says(actor: Actor, word: str) -> Q:
    """Title, text and number; the buyer's name only where the actor may know it."""
    said = Q(title__icontains=word) | Q(text__icontains=word) | Q(code__icontains=word)
    named = Q(buyer__name__icontains=word)
    return said | (named if actor.system else named & (Q(anonymous=False) | _own(actor)))


def _viewed(actor: Actor, needs: QuerySet[Need], view: str) -> QuerySet[Need]:
    if view == "drafts":
        return needs.filter(_own(actor), _unfinished())
    if view == "unasked":
        asked = Exists(Rfq.objects.filter(need=OuterRef("pk")))
        return needs.filter(_own(actor), ~asked, status=Need.Status.RELEASED)
    if view == "referred":
        mine = Referral.objects.filter(need=OuterRef("pk"), exchange=actor.exchange_id)
        return needs.filter(Exists(mine.filter(status=Referral.Status.OFFERED)), status=Need.Status.RELEASED)
    return needs


def _unfinished() -> Q:
    """Drafts, and released needs with changes that are not in force."""
    return Q(status=Need.Status.DRAFT) | Q(status=Need.Status.RELEASED, details__has_key="pending")


def exchanges() -> list[Exchange]:
    """All exchanges, for filters and for passing on."""
    return list(Exchange.objects.all())


def buyers(actor: Actor) -> QuerySet[Organisation]:
    """The buyers for whom an officer may state a need."""
    return Organisation.objects.filter(exchange=actor.exchange_id, kind=Organisation.Kind.BUYER)


def attachments(actor: Actor, need: Need) -> list[Attachment]:
    """The drawings and papers of a need, newest revision of each; none for who only reads an open need."""
    if not (is_inside(actor, need) or is_invited(actor, need)):
        return []
    return current_files(need)


def current_files(need: Need) -> list[Attachment]:
    """The newest revision of each file of a need."""
    return list(Attachment.objects.filter(owner_kind="need", owner_id=need.pk, replaced_by__isnull=True))


def referrals(actor: Actor, need: Need) -> list[Referral]:
    """Where the need was passed on to: all for its own side, for another exchange only its own."""
    found = need.referrals.select_related("exchange")
    if is_at_home(actor, need):
        return list(found)
    return list(found.filter(exchange=actor.exchange_id)) if actor.role in _OFFICE else []


# versions


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it was put in force: its number, when, and its sheet (None where its content was erased on request)."""

    number: int
    at: datetime | None
    sheet: Sheet | None


def versions(actor: Actor, need: Need) -> list[Version]:
    """All versions, the newest first; only the one in force for who does not work with the need."""
    now = Version(need.version, need.released, in_force(need))
    if need.status == Need.Status.DRAFT or not is_inside(actor, need):
        return [now]
    entries = AuditEntry.objects.filter(
        subject_kind="need", subject_id=need.pk, verb__in=("need.release", "need.revise"), revision__isnull=False
    ).select_related("revision")
    past: dict[int, Version] = {}
    for number, entry in enumerate(entries, 1):
        after = entry.revision.after if entry.revision else None
        at = int(after["version"]) if after else number
        past[at] = Version(at, entry.at, _sheet_then(after) if after else None)
    if need.anonymous and not is_at_home(actor, need):  # an earlier text may name the buyer
        past = {at: one for at, one in past.items() if one.sheet and one.sheet.anonymous}
    past[need.version] = _dated(now, past.get(need.version))
    return [past[number] for number in sorted(past, reverse=True)]


def _dated(now: Version, entry: Version | None) -> Version:
    """The version in force, with the moment at which it was put in force."""
    return Version(now.number, entry.at if entry else now.at, now.sheet)


def _sheet_then(after: dict[str, object]) -> Sheet:
    """The sheet of a revision. Buyer and persons are left out."""
    names = {field.attname for field in Need._meta.concrete_fields} - {
        "buyer_id",
        "by_id",
        "created",
        "updated",
        "released",
    }
    then = Need(**{name: value for name, value in after.items() if name in names})
    then.due = Need._meta.get_field("due").to_python(after.get("due"))
    return in_force(then)


# what waits


@waits
def tasks(actor: Actor) -> Iterator[Task]:
    """Drafts to complete (buyers), needs passed on to the exchange, and released needs that nobody was asked to quote for (officers)."""
    if actor.role == Role.BUYER:
        yield from _task(actor, "drafts", urgency=3)
    if actor.role in _OFFICE:
        yield from _task(actor, "referred", urgency=2)
        yield from _task(actor, "unasked", urgency=4)


def _task(actor: Actor, view: str, *, urgency: int) -> Iterator[Task]:
    found = listing(actor, Filters(view=view)).order_by()
    count = found.count()
    if count:
        due = found.aggregate(first=Min("due"))["first"] if view != "drafts" else None
        one = found.values_list("code", flat=True).first() if count == 1 else None
        where: tuple[str, tuple[str, ...]] = ("needs:page", (one,)) if one else ("needs:view", (view,))
        yield Task(_label(view, count), *where, count=count, due=due, urgency=urgency)


def _label(view: str, count: int) -> str:
    if view == "drafts":
        return ngettext("%(count)d need to complete and release", "%(count)d needs to complete and release", count) % {
            "count": count
        }
    if view == "referred":
        return ngettext(
            "%(count)d need passed on to your exchange, to decide on",
            "%(count)d needs passed on to your exchange, to decide on",
            count,
        ) % {"count": count}
    return ngettext(
        "%(count)d released need for which no quotation was requested",
        "%(count)d released needs for which no quotation was requested",
        count,
    ) % {"count": count}
