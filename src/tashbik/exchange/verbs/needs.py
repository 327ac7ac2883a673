"""What can be done with a need: stated, edited, released, revised, closed, withdrawn, and passed on to another exchange. Not matches nor RFQs."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.audit import note as remark
from tashbik.exchange.messages import officers_of, tell
from tashbik.exchange.models import Exchange, Need, Organisation, Referral, Rfq, Role
from tashbik.exchange.need_checks import Missing, check, missing
from tashbik.exchange.need_sheet import (
    Sheet,
    edition_of,
    from_text,
    in_force,
    is_pending,
    pending_json,
    sheet_of,
    write,
)
from tashbik.exchange.queries import needs as queries
from tashbik.exchange.verbs.rfq import follow_revision

DRAFT, RELEASED, CLOSED, WITHDRAWN = (
    Need.Status.DRAFT,
    Need.Status.RELEASED,
    Need.Status.CLOSED,
    Need.Status.WITHDRAWN,
)


def today() -> date:
    """The day by which dates are judged."""
    return timezone.localdate()


def at_home(actor: Actor, need: Need) -> None:
    """Raises NotPermittedError for officers of an exchange that the need was passed on to: they work with it, its buyer changes it."""
    if not queries.is_at_home(actor, need):
        raise NotPermittedError(
            _("The need belongs to another exchange: only its buyer and that exchange's officers change it."),
            mend=_("Write to the exchange that passed it on."),
        )


def expect_edition(need: Need, edition: int) -> None:
    """Raises ConflictError where someone else has edited the need since it was read."""
    if edition_of(need) != edition:
        raise ConflictError(
            _("Someone else changed this need meanwhile. Nothing was overwritten, and what you typed is kept."),
            mend=_("Look at what changed, then save again."),
        )


@verb("need.create")
def create(
    *,
    actor: Actor,
    text: str = "",
    sheet: Sheet | None = None,
    kind: str = Need.Kind.SUBCONTRACT,
    buyer: Organisation | None = None,
    exchange: Exchange | None = None,
) -> Need:
    """A draft of a need, from a text that is understood or from a sheet. `exchange` only where the actor has none (the system).

    Raises InvalidError for values that a draft cannot hold, or for a buyer of another exchange.
    """
    home = exchange if actor.system and exchange else _home(actor)
    made = sheet or from_text(Sheet(kind=kind), text, country=home.country)
    check(made, today=today())
    need = Need(exchange=home, buyer=_buyer(actor, home, buyer), by=actor.user, code=_next_code(home))
    write(need, made)
    need.save()
    return need


def _home(actor: Actor) -> Exchange:
    found = Exchange.objects.filter(pk=actor.exchange_id or 0).first()
    if found is None:
        raise NotPermittedError(
            _("Your role does not allow this."), mend=_("Ask the exchange's administrator for the role that does.")
        )
    return found


def _buyer(actor: Actor, exchange: Exchange, chosen: Organisation | None) -> Organisation | None:
    """A buyer states needs of their own organisation; an officer those of any buyer of the exchange, or of nobody named yet."""
    if actor.role == Role.BUYER:
        return Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    if chosen is not None and (chosen.exchange_id != exchange.pk or chosen.kind != Organisation.Kind.BUYER):
        raise InvalidError({"buyer": [_("Choose a buyer of your exchange.")]})
    return chosen


def _next_code(exchange: Exchange) -> str:
    """The next free number of the exchange; its row is locked, so that two needs never get one number."""
    Exchange.objects.select_for_update().get(pk=exchange.pk)
    number = Need.objects.filter(exchange=exchange).count() + 1
    while Need.objects.filter(code=f"{exchange.code}-N-{number}").exists():
        number += 1
    return f"{exchange.code}-N-{number}"


@verb("need.edit", on="need")
def edit(*, actor: Actor, need: Need, sheet: Sheet, edition: int, buyer: Organisation | None = None) -> Need:
    """Save a sheet: that of a draft, or of a released need's next version, which takes effect by `revise`. `buyer` as officers choose.

    Raises ConflictError where the need was edited since `edition`, StateError for one that is closed or withdrawn, InvalidError by field.
    """
    at_home(actor, need)
    expect_edition(need, edition)
    _still(need, DRAFT, RELEASED, text=_("The need is closed or withdrawn: it cannot be changed any more."))
    check(sheet, today=today())
    if buyer is not None:
        _change_buyer(actor, need, buyer)
    if need.status == DRAFT:
        write(need, sheet)
    else:
        need.details = {key: value for key, value in need.details.items() if key != "pending"}
        if sheet != in_force(need):
            need.details["pending"] = pending_json(sheet)
    need.details["edition"] = edition + 1
    need.save()
    return need


def _change_buyer(actor: Actor, need: Need, buyer: Organisation) -> None:
    if buyer.pk == need.buyer_id:
        return
    if actor.role == Role.BUYER:
        raise NotPermittedError(_("A need stays with the buyer who stated it."))
    _still(need, DRAFT, text=_("The need has been released: its buyer cannot be changed any more."))
    need.buyer = _buyer(actor, need.exchange, buyer)


def _still(need: Need, *allowed: str, text: str, mend: str = "") -> None:
    if need.status not in allowed:
        raise StateError(text, mend=mend)


def names_of_buyer(need: Need) -> list[str]:
    """What an anonymous need must not say."""
    return [need.buyer.name] if need.buyer else []


def lacking(need: Need, sheet: Sheet) -> list[Missing]:
    """What is missing before the sheet of a need can be put in force."""
    files = [f"{one.title} {one.name}" for one in queries.current_files(need)] if sheet.anonymous else []
    return missing(sheet, today=today(), names=names_of_buyer(need), files=files)


def _complete(need: Need, sheet: Sheet) -> None:
    """Raises InvalidError that names, section by section, what is missing for release."""
    found = lacking(need, sheet)
    if found:
        fields: dict[str, list[str]] = {}
        for one in found:
            fields.setdefault(one.section, []).append(f"{one.line}: {one.text}" if one.line else str(one.text))
        raise InvalidError(fields, _("The need is not complete yet. Nothing was released; what you entered is kept."))


@verb("need.release", on="need")
def release(*, actor: Actor, need: Need, edition: int) -> Need:
    """Release a complete draft: from now on it can be matched and quoted for, and those see it whom its confidentiality lets.

    Raises InvalidError with what is missing, StateError unless it is a draft, ConflictError where it was edited since `edition`.
    """
    at_home(actor, need)
    expect_edition(need, edition)
    _still(need, DRAFT, text=_("Only a draft can be released, and this need is none any more."))
    sheet = in_force(need)
    _complete(need, sheet)
    need.status, need.released = RELEASED, timezone.now()
    write(need, sheet)
    need.save()
    return need


@verb("need.revise", on="need")
def revise(*, actor: Actor, need: Need, edition: int, sheet: Sheet | None = None) -> Need:
    """Put the changes of a released need (those saved by `edit`, or `sheet`) in force as its next version; earlier ones stay readable.

    Raises StateError without changes or unless released, InvalidError with what is missing, ConflictError as `edit`.
    """
    at_home(actor, need)
    expect_edition(need, edition)
    _still(need, RELEASED, text=_("Only a released need gets a new version."))
    new = sheet or sheet_of(need)
    if new == in_force(need):
        raise StateError(_("Nothing in the need was changed, so there is no new version."))
    check(new, today=today())
    _complete(need, new)
    need.version += 1
    write(need, new)
    need.details["edition"] = edition + 1
    need.save()
    follow_revision(need=need)
    return need


@verb("need.discard", on="need")
def discard(*, actor: Actor, need: Need, edition: int) -> Need:
    """Drop the changes of a released need that are not in force yet. Raises StateError where there are none."""
    at_home(actor, need)
    expect_edition(need, edition)
    if not is_pending(need):
        raise StateError(_("There are no changes to drop."))
    need.details = {key: value for key, value in need.details.items() if key != "pending"}
    need.details["edition"] = edition + 1
    need.save()
    return need


@verb("need.close", on="need")
def close(*, actor: Actor, need: Need) -> Need:
    """Close a released need that has been met or is no longer pursued. Raises StateError unless released, or while an RFQ is open."""
    at_home(actor, need)
    _still(need, RELEASED, text=_("Only a released need can be closed."))
    _no_open_rfq(need)
    return _ended(need, CLOSED)


@verb("need.withdraw", on="need")
def withdraw(*, actor: Actor, need: Need, reason: str = "") -> Need:
    """Withdraw a draft or a released need. Raises StateError once it is closed, while an RFQ is open, or after an award (close it then)."""
    at_home(actor, need)
    _still(need, DRAFT, RELEASED, text=_("The need is closed or withdrawn: it cannot be changed any more."))
    _no_open_rfq(need)
    if need.rfqs.filter(status=Rfq.Status.AWARDED).exists():
        raise StateError(
            _("An order was awarded on this need, so it cannot be withdrawn."), mend=_("Close it instead.")
        )
    remark(reason)
    return _ended(need, WITHDRAWN)


def _no_open_rfq(need: Need) -> None:
    code = need.rfqs.filter(status=Rfq.Status.OPEN).values_list("code", flat=True).first()
    if code:
        raise StateError(
            _("The request for quotation %(code)s on this need is still open. Nothing was changed.") % {"code": code},
            mend=_("Close or cancel it first."),
        )


def _ended(need: Need, status: str) -> Need:
    need.status = status
    need.details = {key: value for key, value in need.details.items() if key != "pending"}
    need.save()
    return need


@verb("need.refer", on="need")
def refer(*, actor: Actor, need: Need, exchange: Exchange, note: str = "") -> Referral:
    """Pass a released need on to another exchange, whose officers are told; one that declined can be asked again.

    Raises StateError unless the need is released, ConflictError where it was passed on to that exchange already, InvalidError for the own one.
    """
    at_home(actor, need)
    _still(need, RELEASED, text=_("Only a released need can be passed on."), mend=_("Release it first."))
    if exchange.pk == need.exchange_id:
        raise InvalidError({"exchange": [_("The need is at this exchange already: choose another.")]})
    referral = Referral.objects.select_for_update().filter(need=need, exchange=exchange).first()
    before = referral.snapshot() if referral else None
    if referral is not None and referral.status != Referral.Status.DECLINED:
        raise ConflictError(_("The need was passed on to this exchange already."))
    referral = referral or Referral(need=need, exchange=exchange)
    referral.status, referral.note, referral.decided = Referral.Status.OFFERED, note, None
    referral.save()
    changed(referral, before)
    _tell_of_referral(need, referral)
    return referral


def _tell_of_referral(need: Need, referral: Referral) -> None:
    tell(
        officers_of(referral.exchange),
        kind="need.referred",
        exchange=referral.exchange,
        about=need,
        need=need.code,
        title=need.title,
        from_exchange=need.exchange.name,
        note=referral.note,
        page="needs:page",
        arguments=(need.code,),
    )


@verb("referral.decide", on="referral")
def decide(*, actor: Actor, referral: Referral, take: bool, note: str = "") -> Referral:
    """Take up or decline a need that was passed on to the actor's exchange; the other exchange's officers are told.

    Raises StateError where it was decided already, or the need is no longer released.
    """
    if referral.status != Referral.Status.OFFERED:
        raise StateError(_("This was decided already: nothing was changed."))
    need = referral.need
    if need.status != RELEASED:
        raise StateError(_("The need has been closed or withdrawn meanwhile."))
    referral.status = Referral.Status.TAKEN if take else Referral.Status.DECLINED
    referral.decided = timezone.now()
    referral.save()
    remark(note)
    tell(
        officers_of(need.exchange),
        kind="referral.decided",
        exchange=need.exchange,
        about=need,
        need=need.code,
        title=need.title,
        to_exchange=referral.exchange.name,
        taken=take,
        page="needs:page",
        arguments=(need.code,),
    )
    return referral
