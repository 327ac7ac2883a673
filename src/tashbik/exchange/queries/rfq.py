"""Requests for quotation and invitations as an actor may see them, and what waits. Not the acts (verbs), not the arithmetic (pricing)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tashbik.errors import NotFoundError
from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Award, Enterprise, Invitation, Need, Outcome, Quote, Rfq, Role
from tashbik.exchange.permissions import exchanges_of, may, require
from tashbik.exchange.pricing import ONE, Asked, Column, asked_lines, compare
from tashbik.exchange.queries.quotes import offered_by, standing_quotes
from tashbik.exchange.queries.waiting import Task, waits
from tashbik.exchange.sealing import WAITING, accepting, opened, shows_prices

PAGE = 25
SOON = 3
"""Days before a deadline from which on a request waits for its buyer."""
VIEWS = ("all", "open", "compare", "awarded", "cancelled")
ENDED = (Outcome.Kind.DELIVERED, Outcome.Kind.SETTLED, Outcome.Kind.CANCELLED)


def is_sealed(rfq: Rfq) -> bool:
    """Whether the prices of a request are still hidden from the buyer's side."""
    return not opened(rfq)


def visible(actor: Actor) -> QuerySet[Rfq]:
    """The requests on whose buyer's side the actor is."""
    rfqs = Rfq.objects.select_related("need__buyer", "need__exchange", "exchange")
    if actor.system:
        return rfqs
    mine = Q(pk__in=())
    if actor.role == Role.OFFICER and actor.exchange_id:
        mine = Q(exchange=actor.exchange_id) | Q(need__exchange=actor.exchange_id)
    elif actor.role == Role.BUYER:
        mine = Q(need__buyer__isnull=True, need__by=actor.user_id)
        if actor.organisation_id:
            mine |= Q(need__buyer=actor.organisation_id)
    return rfqs.filter(mine)


def listing(actor: Actor, view: str = "all") -> QuerySet[Rfq]:
    """The requests of a view (VIEWS) with `invited`, `answered` and `quoted` counted; one query, however many."""
    rfqs = visible(actor).annotate(
        invited=Count("invitations"),
        answered=Count("invitations", filter=~Q(invitations__status__in=WAITING)),
        quoted=Count("invitations", filter=Q(invitations__status=Invitation.Status.QUOTED)),
    )
    return rfqs.filter(_of_view(view)).order_by("-created", "-pk")


def _of_view(view: str) -> Q:
    today = timezone.now().date()
    running = Q(status=Rfq.Status.OPEN, deadline__gte=today)
    return {
        "open": running,
        "compare": Q(status__in=(Rfq.Status.OPEN, Rfq.Status.CLOSED)) & ~running,
        "awarded": Q(status=Rfq.Status.AWARDED),
        "cancelled": Q(status=Rfq.Status.CANCELLED),
    }.get(view, Q())


def invited(actor: Actor) -> QuerySet[Invitation]:
    """The invitations of the actor's enterprise, those that wait first."""
    if actor.enterprise_id is None:
        return Invitation.objects.none()
    mine = Invitation.objects.filter(enterprise=actor.enterprise_id)
    return mine.select_related("rfq__need__buyer", "rfq__exchange").order_by("-rfq__deadline", "-pk")


def find(actor: Actor, code: str) -> Rfq:
    """A request by its code, for its buyer's side. Raises NotFoundError, also for one that the actor may not know of."""
    rfq = Rfq.objects.select_related("need__buyer", "need__exchange", "exchange").filter(code=code).first()
    if rfq is None or not may(actor, "rfq.see", rfq):
        raise NotFoundError(
            _("There is no such request for quotation."), mend=_("Look for it in the list of requests.")
        )
    return rfq


def find_invitation(actor: Actor, number: int) -> Invitation:
    """An invitation, for the enterprise or the buyer's side. Raises NotFoundError."""
    found = Invitation.objects.select_related("rfq__need__buyer", "rfq__need__exchange", "rfq__exchange", "enterprise")
    invitation = found.filter(pk=number).first()
    if invitation is None or not may(actor, "invitation.see", invitation):
        raise NotFoundError(_("There is no such invitation."), mend=_("Look for it in the list of requests."))
    return invitation


def find_award(actor: Actor, number: int) -> Award:
    """An award, for either side. Raises NotFoundError."""
    found = Award.objects.select_related(
        "rfq__need__buyer", "rfq__need__exchange", "rfq__exchange", "quote__invitation__enterprise"
    ).prefetch_related("outcomes", "quote__lines")
    award = found.filter(pk=number).first()
    if award is None or not may(actor, "outcome.record", award):
        raise NotFoundError(_("There is no such award."), mend=_("Look for it on the page of the request."))
    return award


# recipients


def open_to(actor: Actor, need: Need) -> QuerySet[Enterprise]:
    """The enterprises that can be asked: published ones of the exchange that asks."""
    own = actor.exchange_id if actor.exchange_id in exchanges_of(need) else need.exchange_id
    return Enterprise.objects.filter(exchange=own, status=Enterprise.Status.PUBLISHED)


def candidates(actor: Actor, need: Need, words: str, most: int = 20) -> list[Enterprise]:
    """Enterprises by name or code, for who wants to ask one that the matches do not name."""
    found = open_to(actor, need)
    for word in words.split()[:6]:
        names = Q(name_ar__icontains=word) | Q(name_fr__icontains=word) | Q(name_en__icontains=word)
        found = found.filter(names | Q(code__icontains=word) | Q(locality__icontains=word))
    return list(found[:most]) if words.strip() else []


@dataclass(frozen=True, slots=True)
class Asking:
    """One enterprise asked, as the buyer's side sees it. `quote` is the one that stands; `priced` whether its prices are shown."""

    invitation: Invitation
    quote: Quote | None
    priced: bool
    instead: bool


def askings(actor: Actor, rfq: Rfq) -> list[Asking]:
    """The enterprises asked, with what they answered; three queries, however many."""
    require(actor, "rfq.see", rfq)
    rows = list(rfq.invitations.select_related("enterprise"))
    quotes = {one.invitation_id: one for one in standing_quotes(rfq)}
    open_now = opened(rfq)
    found = []
    for one in rows:
        quote = quotes.get(one.pk)
        priced = quote is not None and shows_prices(actor, quote, open_now=open_now)
        may_enter = accepting(rfq) and one.status != Invitation.Status.DECLINED and actor.role == Role.OFFICER
        found.append(Asking(one, quote, priced, may_enter))
    return found


def quotes_of_invitation(actor: Actor, invitation: Invitation) -> list[Quote]:
    """The versions of an enterprise's quote that the actor may read, the newest first. Drafts only for who may go on writing them."""
    open_now = opened(invitation.rfq)
    quotes = invitation.quotes.prefetch_related("lines").order_by("-version")
    return [one for one in quotes if shows_prices(actor, _of(one, invitation), open_now=open_now)]


def _of(quote: Quote, invitation: Invitation) -> Quote:
    quote.invitation = invitation
    return quote


# comparison


@dataclass(frozen=True, slots=True)
class Compared:
    """Quotes side by side. `unrated`: currencies without a rate; `mixed`: whether the delivery terms differ."""

    rfq: Rfq
    lines: tuple[Asked, ...]
    columns: list[Column]
    quotes: dict[int, Quote]
    unrated: tuple[str, ...]
    currencies: tuple[str, ...]
    mixed: bool
    awarded: dict[str, set[int]]


def comparison(
    actor: Actor, rfq: Rfq, *, rates: Mapping[str, Decimal] | None = None, runs: Decimal = ONE
) -> Compared | None:
    """The quotes that stand, compared in the request's currency; None while they are sealed. The number of queries does not grow."""
    require(actor, "quote.compare", rfq)
    if not opened(rfq):
        return None
    quotes = standing_quotes(rfq)
    lines = asked_lines(rfq.record, rfq.details)
    columns = compare(lines, [offered_by(one) for one in quotes], currency=rfq.currency, rates=rates, runs=runs)
    used = sorted({one.currency for one in quotes} - {rfq.currency})
    awarded: dict[str, set[int]] = {}
    for award in rfq.awards.prefetch_related("outcomes"):
        outcomes = list(award.outcomes.all())
        if not outcomes or outcomes[-1].kind != Outcome.Kind.CANCELLED:
            for line in award.lines:
                awarded.setdefault(line, set()).add(award.quote_id)
    return Compared(
        rfq=rfq,
        lines=lines,
        columns=columns,
        quotes={one.pk: one for one in quotes},
        unrated=tuple(one for one in used if one not in (rates or {})),
        currencies=tuple(used),
        mixed=len({one.incoterm for one in quotes}) > 1,
        awarded=awarded,
    )


def awards_of(rfq: Rfq) -> list[Award]:
    """The awards of a request with enterprises and outcomes; three queries, however many."""
    awards = rfq.awards.select_related("quote__invitation__enterprise").prefetch_related("outcomes", "quote__lines")
    return list(awards)


# what waits


def overdue_awards(actor: Actor, today: date | None = None) -> list[Award]:
    """Awards of the actor's side past the promised lead time whose end nobody has recorded."""
    ended = Outcome.objects.filter(award=OuterRef("pk"), kind__in=ENDED)
    awards = Award.objects.filter(~Exists(ended)).annotate(lead=Max("quote__lines__lead_time"))
    if actor.role == Role.MEMBER:
        awards = awards.filter(quote__invitation__enterprise=actor.enterprise_id or 0)
    else:
        awards = awards.filter(rfq__in=visible(actor).values("pk"))
    day = today or timezone.now().date()
    found: list[Any] = list(awards.select_related("rfq__need").order_by("created")[:500])
    return [one for one in found if one.lead and one.created.date() + timedelta(days=one.lead) < day]


@waits
def tasks_of_member(actor: Actor) -> Iterator[Task]:
    """Invitations that wait for an answer, with their deadline; awards whose outcome is not recorded."""
    if actor.role != Role.MEMBER or actor.enterprise_id is None:
        return
    today = timezone.now().date()
    waiting = invited(actor).filter(status__in=WAITING, rfq__status=Rfq.Status.OPEN, rfq__deadline__gte=today)
    for one in waiting.order_by("rfq__deadline")[:10]:
        yield Task(
            _("Answer the request for quotation %(code)s") % {"code": one.rfq.code},
            "rfq:invitation",
            (one.pk,),
            detail=f"{one.rfq.need.title or one.rfq.need.code} · {days_left(one.rfq)}",
            due=one.rfq.deadline,
            urgency=1 if (one.rfq.deadline - today).days <= SOON else 3,
        )
    yield from _overdue(actor)


@waits
def tasks_of_buyer(actor: Actor) -> Iterator[Task]:
    """Quotes to compare, requests near their deadline with answers missing, awards whose outcome is not recorded."""
    if actor.role not in (Role.BUYER, Role.OFFICER):
        return
    quoted = Invitation.objects.filter(rfq=OuterRef("pk"), status=Invitation.Status.QUOTED)
    ready = [one.code for one in visible(actor).filter(_of_view("compare"), Exists(quoted)).order_by()[:500]]
    if ready:
        count = len(ready)
        text = ngettext("%(count)d request with quotes to compare", "%(count)d requests with quotes to compare", count)
        yield Task(
            text % {"count": count}, *_where("rfq:compare", ready), count=count, urgency=2, view=_view("compare", ready)
        )
    limit = timezone.now().date() + timedelta(days=SOON)
    near = [one for one in listing(actor, "open").filter(deadline__lte=limit)[:200] if _lacks_answers(one)]
    if near:
        text = ngettext(
            "%(count)d request near its deadline, with answers missing",
            "%(count)d requests near their deadline, with answers missing",
            len(near),
        )
        first = min(one.deadline for one in near)
        codes = [one.code for one in near]
        where = _where("rfq:page", codes)
        yield Task(
            text % {"count": len(near)}, *where, count=len(near), due=first, urgency=3, view=_view("open", codes)
        )
    yield from _overdue(actor)


def _where(page: str, codes: list[str]) -> tuple[str, tuple[Any, ...]]:
    """The page of the one request there is, else the list."""
    return (page, (codes[0],)) if len(codes) == 1 else ("rfq:list", ())


def _view(view: str, codes: list[str]) -> str:
    return view if len(codes) > 1 else ""


def _lacks_answers(rfq: Any) -> bool:
    return bool(rfq.answered < rfq.invited)


def _overdue(actor: Actor) -> Iterator[Task]:
    late = overdue_awards(actor)
    if not late:
        return
    text = ngettext("%(count)d award without an outcome", "%(count)d awards without an outcome", len(late))
    if len(late) == 1 or actor.role == Role.MEMBER:  # a member has no list of requests
        yield Task(text % {"count": len(late)}, "rfq:outcome", (late[0].pk,), count=len(late), urgency=4)
    else:
        yield Task(text % {"count": len(late)}, "rfq:list", count=len(late), urgency=4, view="awarded")


def days_left(rfq: Rfq) -> str:
    """How many days are left, the last one included, in words."""
    left = (rfq.deadline - timezone.now().date()).days + 1
    if left < 1:
        return _("the deadline has passed")
    return ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left}
