"""The request for quotation itself: opened, more enterprises asked, reminded, extended, closed, cancelled. Not quotes nor awards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Enterprise, Exchange, Invitation, Need, Quote, Referral, Rfq
from tashbik.exchange.permissions import exchanges_of
from tashbik.exchange.pricing import CURRENCIES, INCOTERMS
from tashbik.exchange.sealing import WAITING, accepting, past
from tashbik.exchange.storing import expect_version

MOST_RECIPIENTS = 200
REMIND_DAYS = 3
"""Days before the deadline at which those who have not answered are reminded."""
PAUSE = timedelta(hours=24)
"""Between two reminders of one enterprise."""
LONGEST = timedelta(days=366)


@verb("rfq.open", on="need")
def open_rfq(
    *,
    actor: Actor,
    need: Need,
    version: int,
    enterprises: Sequence[Enterprise],
    deadline: date,
    currency: str,
    incoterm: str = "",
    message: str = "",
    sealed: bool = True,
) -> Rfq:
    """Ask enterprises of one exchange to quote for the current version of a released need, and write to them.

    Raises StateError for a need that is not released, ConflictError when it is no longer of the version that was read, InvalidError for
    values (fields enterprises, deadline, currency, incoterm).
    """
    if need.status != Need.Status.RELEASED:
        raise StateError(
            _("The need is not released, so nobody can be asked to quote for it yet."), mend=_("Release it first.")
        )
    expect_version(need, version)
    exchange = _exchange_of(actor, need)
    errors = _errors_of(deadline, currency, incoterm) | _errors_of_recipients(enterprises, exchange)
    if errors:
        raise InvalidError(errors, _("The request was not sent: some values need a correction."))
    rfq = Rfq.objects.create(
        exchange=exchange,
        need=need,
        need_version=need.version,
        code=f"{need.code}-R{need.rfqs.count() + 1}",
        deadline=deadline,
        currency=currency,
        incoterm=incoterm,
        message=message.strip(),
        sealed=sealed,
        record=need.record,
        details=_details_of(need),
        by=actor.user,
    )
    changed(rfq)
    _invite(rfq, enterprises)
    _plan(rfq)
    return rfq


@verb("rfq.invite", on="rfq")
def invite(*, actor: Actor, rfq: Rfq, enterprises: Sequence[Enterprise]) -> list[Invitation]:
    """Ask further enterprises while the request is open. Those already asked are passed over."""
    expect_open(rfq)
    asked = set(rfq.invitations.values_list("enterprise_id", flat=True))
    new = [one for one in enterprises if one.pk not in asked]
    errors = _errors_of_recipients(new, rfq.exchange, already=len(asked))
    if errors:
        raise InvalidError(errors, _("Nobody was asked: some values need a correction."))
    return _invite(rfq, new)


@verb("rfq.remind", on="rfq")
def remind(*, actor: Actor, rfq: Rfq, invitations: Iterable[int] | None = None) -> int:
    """Remind those asked who have not answered (or those of them whose invitations are named); returns how many.

    Each is reminded once a day at most. Raises StateError when there is nobody to remind.
    """
    expect_open(rfq)
    waiting = rfq.invitations.filter(status__in=WAITING).select_related("enterprise__exchange")
    if invitations is not None:
        waiting = waiting.filter(pk__in=list(invitations))
    due = [one for one in waiting if one.reminded is None or one.reminded <= timezone.now() - PAUSE]
    if not due:
        raise StateError(
            _("There is nobody to remind: all have answered, or were reminded within the last 24 hours."),
            mend=_("Try again tomorrow."),
        )
    for one in due:
        _remind(rfq, one)
    return len(due)


@verb("rfq.extend", on="rfq")
def extend(*, actor: Actor, rfq: Rfq, deadline: date) -> Rfq:
    """Move the deadline later, and tell those asked. A request that was closed, or whose deadline has passed, opens again without any quote."""
    over = rfq.status == Rfq.Status.CLOSED or (rfq.status == Rfq.Status.OPEN and past(rfq))
    if not (accepting(rfq) or (over and not quotes_of(rfq))):
        raise StateError(
            _("Quotes for this request have been opened, so its deadline cannot be moved."),
            mend=_("Open a new request for quotation."),
        )
    errors = _errors_of(deadline, rfq.currency, rfq.incoterm)
    if not errors and deadline <= rfq.deadline:
        errors = {"deadline": [_("The new deadline must be later than the one in force.")]}
    if errors:
        raise InvalidError(errors, _("The deadline was not moved."))
    rfq.deadline, rfq.status, rfq.closed = deadline, Rfq.Status.OPEN, None
    rfq.save()
    _tell_asked(rfq, "rfq.extended")
    _plan(rfq)
    return rfq


@verb("rfq.close", on="rfq")
def close(*, actor: Actor, rfq: Rfq, reason: str = "") -> Rfq:
    """Accept no more quotes. Before the deadline, and while some have not answered, only with a reason."""
    if rfq.status != Rfq.Status.OPEN:
        raise StateError(
            _("This request for quotation is not open."), mend=_("Look at its page for what became of it.")
        )
    early = not past(rfq) and rfq.invitations.filter(status__in=WAITING).exists()
    if early and not reason.strip():
        raise InvalidError(
            {"reason": [_("Some enterprises have not answered and still have time: say why you close early.")]},
            _("The request was not closed."),
        )
    rfq.status, rfq.closed = Rfq.Status.CLOSED, timezone.now()
    rfq.reason = reason.strip()
    rfq.save()
    if early:
        _tell_asked(rfq, "rfq.ended", statuses=WAITING)
    messages.tell(
        messages.people_of_buyer(rfq.need),
        kind="rfq.closed",
        exchange=rfq.exchange,
        about=rfq,
        **told(rfq),
        quotes=len(quotes_of(rfq)),
        invited=rfq.invitations.count(),
        page="rfq:page",
        arguments=(rfq.code,),
    )
    return rfq


@verb("rfq.cancel", on="rfq")
def cancel(*, actor: Actor, rfq: Rfq, reason: str) -> Rfq:
    """Call the request off, with the reason that those asked are told. Not after an award."""
    if rfq.status not in (Rfq.Status.OPEN, Rfq.Status.CLOSED):
        raise StateError(
            _("This request for quotation is awarded or cancelled already."),
            mend=_("After an award, record its outcome instead."),
        )
    if not reason.strip():
        raise InvalidError({"reason": [_("Say why: those asked are told.")]}, _("The request was not cancelled."))
    _cancel(rfq, reason.strip())
    return rfq


# what others of the cycle use


def expect_open(rfq: Rfq) -> None:
    """Raises StateError unless quotes are still accepted."""
    if not accepting(rfq):
        raise StateError(
            _("The deadline has passed or the request was closed: quotes are no longer accepted."),
            mend=_("Ask the exchange for a new request."),
        )


def quotes_of(rfq: Rfq) -> list[Quote]:
    """The quotes that stand."""
    return list(Quote.objects.filter(invitation__rfq=rfq, status=Quote.Status.SUBMITTED))


def told(rfq: Rfq) -> dict[str, object]:
    """What every message about a request says."""
    return {"rfq": rfq.code, "title": rfq.need.title or rfq.need.code, "deadline": rfq.deadline}


def buyer_shown(rfq: Rfq) -> str:
    """The buyer's name as enterprises may know it; empty where the buyer stays anonymous."""
    return rfq.need.buyer.name if rfq.need.buyer and not rfq.need.anonymous else ""


# what changes in the need


def follow_revision(*, need: Need) -> None:
    """Take a new version of a need over into its open requests and tell those asked; to be called within the verb that releases it."""
    for rfq in need.rfqs.filter(status=Rfq.Status.OPEN, need_version__lt=need.version).select_related("exchange"):
        before = rfq.snapshot()
        rfq.need = need
        rfq.need_version, rfq.record, rfq.details = need.version, need.record, _details_of(need)
        rfq.save()
        changed(rfq, before)
        _tell_asked(rfq, "rfq.revised")


# steps


def _details_of(need: Need) -> dict[str, object]:
    """What the request takes over besides the record: the price breaks of the lines, and nothing that is not in force yet."""
    return {"lines": need.details.get("lines", {})}


def _exchange_of(actor: Actor, need: Need) -> Exchange:
    """The exchange whose enterprises are asked: the actor's where it has taken up the need, else the need's. Raises StateError where
    the need was passed on to the actor's exchange and not taken up yet."""
    if not actor.exchange_id or actor.exchange_id == need.exchange_id or actor.exchange_id not in exchanges_of(need):
        return need.exchange
    if not need.referrals.filter(exchange=actor.exchange_id, status=Referral.Status.TAKEN).exists():
        raise StateError(
            _("The need was passed on to your exchange and not taken up yet."), mend=_("Take it up first.")
        )
    return Exchange.objects.get(pk=actor.exchange_id)


def _errors_of(deadline: date, currency: str, incoterm: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    today = timezone.now().date()
    if deadline <= today:
        errors["deadline"] = [_("The deadline must be after today.")]
    elif deadline > today + LONGEST:
        errors["deadline"] = [_("The deadline must be within a year.")]
    if currency not in CURRENCIES:
        errors["currency"] = [_("Choose the currency of the prices.")]
    if incoterm and incoterm not in INCOTERMS:
        errors["incoterm"] = [_("Choose an Incoterms 2020 rule, or leave it empty.")]
    return errors


def _errors_of_recipients(
    enterprises: Sequence[Enterprise], exchange: Exchange, already: int = 0
) -> dict[str, list[str]]:
    if not enterprises:
        return {"enterprises": [_("Choose at least one enterprise.")]}
    if already + len(enterprises) > MOST_RECIPIENTS:
        return {"enterprises": [_("At most %(count)d enterprises can be asked.") % {"count": MOST_RECIPIENTS}]}
    foreign = [one.code for one in enterprises if one.exchange_id != exchange.pk]
    if foreign:
        text = _("%(codes)s: of another exchange. Pass the need on to that exchange to reach them.")
        return {"enterprises": [text % {"codes": ", ".join(foreign)}]}
    absent = [one.code for one in enterprises if one.status != Enterprise.Status.PUBLISHED]
    if absent:
        return {"enterprises": [_("%(codes)s: not in the register any more.") % {"codes": ", ".join(absent)}]}
    return {}


def _invite(rfq: Rfq, enterprises: Sequence[Enterprise]) -> list[Invitation]:
    made = []
    for enterprise in dict.fromkeys(enterprises):
        invitation = Invitation.objects.create(rfq=rfq, enterprise=enterprise)
        changed(invitation)
        messages.tell(
            messages.people_of_enterprise(enterprise),
            kind="invitation",
            exchange=rfq.exchange,
            about=invitation,
            **told(rfq),
            buyer=buyer_shown(rfq),
            message=rfq.message,
            page="rfq:invitation",
            arguments=(invitation.pk,),
        )
        made.append(invitation)
    return made


def _remind(rfq: Rfq, invitation: Invitation) -> None:
    before = invitation.snapshot()
    invitation.reminders += 1
    invitation.reminded = timezone.now()
    invitation.save(update_fields=["reminders", "reminded"])
    changed(invitation, before)
    messages.tell(
        messages.people_of_enterprise(invitation.enterprise),
        kind="reminder",
        exchange=rfq.exchange,
        about=invitation,
        **told(rfq),
        days=(rfq.deadline - timezone.now().date()).days + 1,
        page="rfq:invitation",
        arguments=(invitation.pk,),
    )


def _tell_asked(rfq: Rfq, kind: str, *, statuses: Sequence[str] | None = None, **values: object) -> None:
    """Write to those asked who have not declined."""
    asked = rfq.invitations.select_related("enterprise__exchange").exclude(status=Invitation.Status.DECLINED)
    for invitation in asked.filter(status__in=statuses) if statuses else asked:
        messages.tell(
            messages.people_of_enterprise(invitation.enterprise),
            kind=kind,
            exchange=rfq.exchange,
            about=invitation,
            **{**told(rfq), **values},
            page="rfq:invitation",
            arguments=(invitation.pk,),
        )


def _cancel(rfq: Rfq, reason: str) -> None:
    rfq.status, rfq.closed, rfq.reason = Rfq.Status.CANCELLED, timezone.now(), reason
    rfq.save()
    _tell_asked(rfq, "rfq.cancelled", reason=reason)


# what happens by itself


def _plan(rfq: Rfq) -> None:
    """Put the reminder before the deadline and the closing after it on the queue."""
    reminder = _moment(rfq.deadline - timedelta(days=REMIND_DAYS), 6)
    if reminder > timezone.now():
        enqueue("rfq.remind", rfq.pk, run_at=reminder)
    enqueue("rfq.close", rfq.pk, run_at=_moment(rfq.deadline + timedelta(days=1), 0))


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


@handles("rfq.remind")
def remind_before_deadline(work: Work) -> None:
    """Remind those who have not answered, unless the deadline was moved, the request closed, or nobody is left."""
    rfq = Rfq.objects.filter(pk=work.job.subject_id, status=Rfq.Status.OPEN).first()
    if rfq is None or not 0 <= (rfq.deadline - timezone.now().date()).days <= REMIND_DAYS:
        return
    try:
        remind(actor=SYSTEM, rfq=rfq)
    except StateError:  # all have answered, or were reminded a moment ago
        return


@handles("rfq.close")
def close_after_deadline(work: Work) -> None:
    """Close a request whose deadline has passed; one whose deadline was moved has a later job of its own."""
    rfq = Rfq.objects.filter(pk=work.job.subject_id, status=Rfq.Status.OPEN).first()
    if rfq is not None and past(rfq):
        close(actor=SYSTEM, rfq=rfq)
