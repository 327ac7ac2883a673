"""An enterprise's answer to an invitation: seen, declined, a quote drafted, submitted, replaced, withdrawn. Not the request itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import VERBS, changed, verb
from tashbik.exchange.models import Invitation, Quote, QuoteLine, Role
from tashbik.exchange.permissions import require
from tashbik.exchange.pricing import asked_lines
from tashbik.exchange.queries.quotes import writing
from tashbik.exchange.quoting import Terms, checked
from tashbik.exchange.sealing import WAITING, opened
from tashbik.exchange.verbs.rfq import expect_open, told

LARGEST_DRAFT = 200_000
"""Characters of a draft, at most."""


@verb("invitation.open", on="invitation")
def open_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Note that the enterprise has read the invitation; only the first time counts."""
    if invitation.status == Invitation.Status.SENT:
        invitation.status, invitation.seen = Invitation.Status.SEEN, timezone.now()
        invitation.save(update_fields=["status", "seen"])
    return invitation


@verb("invitation.decline", on="invitation")
def decline(*, actor: Actor, invitation: Invitation, reason: str, note: str = "") -> Invitation:
    """Say that the enterprise will not quote, and why. A quote that stands is withdrawn first."""
    expect_open(invitation.rfq)
    if invitation.status not in WAITING:
        raise StateError(
            _("This invitation is answered already."), mend=_("To take a quote back, withdraw it before the deadline.")
        )
    if reason not in Invitation.Reason.values:
        raise InvalidError({"reason": [_("Choose a reason.")]}, _("The invitation was not declined."))
    if reason == Invitation.Reason.OTHER and not note.strip():
        raise InvalidError(
            {"note": [_("Say in a few words what the reason is.")]}, _("The invitation was not declined.")
        )
    now = timezone.now()
    invitation.status, invitation.reason, invitation.note = Invitation.Status.DECLINED, reason, note.strip()[:2_000]
    invitation.seen, invitation.answered = invitation.seen or now, now
    invitation.save()
    _tell_buyer(invitation, "invitation.declined", reason=lambda _language: str(Invitation.Reason(reason).label))
    return invitation


def draft(*, actor: Actor, invitation: Invitation, typed: dict[str, Any], edition: int | None = None) -> Quote:
    """Keep what is typed into a quote, right or wrong; only the enterprise sees it. The first draft begins a new version.

    Drafts are no part of the history: what is saved every few seconds would bury it. So this verb checks the permission itself and
    leaves no entry; the submission does, with the role of who entered it. `edition` is that of the draft which was read (0: none yet, None: whatever is there). Raises ConflictError when someone else has
    saved it meanwhile, StateError when quotes are no longer accepted.
    """
    require(actor, "quote.draft", invitation)
    with transaction.atomic():
        invitation.refresh_from_db(from_queryset=Invitation.objects.select_for_update(of=("self",)))
        expect_open(invitation.rfq)
        return _saved(actor, invitation, typed, edition)


VERBS["quote.draft"] = draft


@verb("quote.submit", on="invitation")
def submit(*, actor: Actor, invitation: Invitation, typed: dict[str, Any], edition: int | None = None) -> Quote:
    """Send a quote; it replaces the version sent before. The buyer is told that it came, not what it says.

    Raises InvalidError (fields `currency`, `valid_until`, `line-<id>`, `line-<id>-<row>-<value>` …), ConflictError, StateError.
    """
    rfq = invitation.rfq
    expect_open(rfq)
    terms, errors = checked(typed, asked_lines(rfq.record, rfq.details), rfq.deadline)
    if terms is None:
        raise InvalidError(errors, _("The quote was not sent: some values need a correction."))
    for former in invitation.quotes.filter(status=Quote.Status.SUBMITTED):
        before = former.snapshot()
        former.status = Quote.Status.REPLACED
        former.save(update_fields=["status"])
        changed(former, before)
    quote = _saved(actor, invitation, typed, edition)
    before = quote.snapshot()
    _submit(quote, terms, rfq.need_version)
    changed(quote, before)
    now = timezone.now()
    invitation.status, invitation.reason, invitation.note = Invitation.Status.QUOTED, "", ""
    invitation.seen, invitation.answered = invitation.seen or now, invitation.answered or now
    invitation.save()
    _tell_buyer(invitation, "quote.received", sealed=not opened(rfq))
    _tell_enterprise(invitation, "quote.receipt", version=quote.version)
    return quote


@verb("quote.withdraw", on="quote")
def withdraw(*, actor: Actor, quote: Quote) -> Quote:
    """Take a quote back before the deadline; the invitation is open again."""
    invitation = quote.invitation
    expect_open(invitation.rfq)
    if quote.status != Quote.Status.SUBMITTED:
        raise StateError(_("Only a quote that stands can be withdrawn."), mend=_("Look at the invitation's page."))
    quote.status = Quote.Status.WITHDRAWN
    quote.save(update_fields=["status"])
    before = invitation.snapshot()
    invitation.status, invitation.answered = Invitation.Status.SEEN, None
    invitation.save(update_fields=["status", "answered"])
    changed(invitation, before)
    return quote


def _saved(
    actor: Actor,
    invitation: Invitation,
    typed: dict[str, Any],
    edition: int | None,
) -> Quote:
    """The draft with what was typed, made if there is none."""
    if len(str(typed)) > LARGEST_DRAFT:
        raise InvalidError({"": [_("This is too long to be kept.")]}, _("The draft was not saved."))
    quote = writing(actor, invitation)
    if edition is not None and edition != (quote.edition if quote else 0):
        raise ConflictError(
            _("Someone else of your enterprise has changed this quote meanwhile. Nothing was overwritten."),
            mend=_("Open the quote again to see what they typed, then make your changes."),
        )
    if quote is None:
        last = invitation.quotes.aggregate(last=Max("version"))["last"] or 0
        quote = Quote(invitation=invitation, version=last + 1)
    quote.typed, quote.edition, quote.by = typed, quote.edition + 1, actor.user
    quote.currency = str(typed.get("currency", ""))[:3].upper()
    quote.on_paper = quote.on_paper or actor.role == Role.OFFICER
    quote.save()
    return quote


def _submit(quote: Quote, terms: Terms, need_version: int) -> None:
    quote.status, quote.submitted = Quote.Status.SUBMITTED, timezone.now()
    quote.currency, quote.incoterm, quote.valid_until = terms.currency, terms.incoterm, terms.valid_until
    quote.note, quote.not_quoted, quote.need_version = terms.note, list(terms.left_out), need_version
    quote.save()
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote,
            line=line,
            from_quantity=price.from_quantity,
            unit_price=price.unit_price,
            tooling=price.tooling,
            lead_time=price.lead_time,
            note=price.note,
        )
        for line, prices in terms.prices.items()
        for price in prices
    )


def _tell_buyer(invitation: Invitation, kind: str, **values: Any) -> None:
    rfq = invitation.rfq
    messages.tell(
        messages.people_of_buyer(rfq.need),
        kind=kind,
        exchange=rfq.exchange,
        about=invitation,
        **told(rfq),
        enterprise=invitation.enterprise.name,
        page="rfq:page",
        arguments=(rfq.code,),
        **values,
    )


def _tell_enterprise(invitation: Invitation, kind: str, **values: Any) -> None:
    rfq = invitation.rfq
    messages.tell(
        messages.people_of_enterprise(invitation.enterprise),
        kind=kind,
        exchange=rfq.exchange,
        about=invitation,
        **told(rfq),
        page="rfq:invitation",
        arguments=(invitation.pk,),
        **values,
    )
