"""The award of a request to one quote or line by line to several, and what became of it. Not the comparing (pricing)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.jobs import Work, enqueue, handles
from tashbik.exchange.models import Award, Job, Outcome, Quote, Rfq, Role
from tashbik.exchange.pricing import Asked, Offered, asked_lines, cell_of, compare
from tashbik.exchange.queries import rfq as _waiting  # noqa: F401  (registers what waits)
from tashbik.exchange.queries.quotes import offered_by, standing_quotes
from tashbik.exchange.sealing import opened
from tashbik.exchange.verbs.rfq import buyer_shown, told
from tashbik.language.units import label

GRACE = timedelta(days=7)
"""After the promised delivery until the outcome is asked for."""
AGAIN = timedelta(days=30)
MOST_ASKED = 3
NEXT: dict[str, frozenset[str]] = {
    "": frozenset({"ordered", "delivered", "cancelled"}),
    "ordered": frozenset({"delivered", "disputed", "cancelled"}),
    "delivered": frozenset({"disputed"}),
    "disputed": frozenset({"delivered", "settled", "cancelled"}),
    "settled": frozenset({"delivered", "disputed"}),
    "cancelled": frozenset(),
}
"""What may follow upon what; the other side may also confirm what one side has recorded."""
ENDS = ("delivered", "settled", "cancelled")


@dataclass(frozen=True, slots=True)
class Choice:
    """Lines of one quote that are awarded, with the quantity of each."""

    quote_id: int
    lines: Mapping[str, Decimal]


@dataclass(slots=True)
class _Case:
    """What is awarded, against what was offered."""

    lines: dict[str, Asked]
    quotes: dict[int, Quote]
    offers: dict[int, Offered]
    choices: Sequence[Choice]
    currency: str
    rates: Mapping[str, Decimal]
    errors: dict[str, list[str]] = field(default_factory=dict)

    def wrong(self, name: str, text: str) -> None:
        """Note an error."""
        self.errors.setdefault(name, []).append(text)


@verb("award.make", on="rfq")
def award(
    *,
    actor: Actor,
    rfq: Rfq,
    choices: Sequence[Choice],
    reason: str = "",
    rates: Mapping[str, Decimal] | None = None,
    rates_source: str = "",
) -> list[Award]:
    """Award a whole request or lines of it to one or several quotes, and write to those chosen and to the others.

    `rates` are those that the quotes were compared by (units of the request's currency for one of each other), with where and when they
    were read. A reason is asked for where the choice is not, or cannot be known to be, the cheapest. Lines that are awarded already can be
    awarded anew only after that award was cancelled. Raises StateError, InvalidError (fields choices, line-<id>, reason).
    """
    _expect_open_for_award(rfq)
    quotes = {one.pk: one for one in standing_quotes(rfq)}
    offers = {key: offered_by(one) for key, one in quotes.items()}
    lines = {one.id: one for one in asked_lines(rfq.record, rfq.details)}
    case = _Case(lines, quotes, offers, [one for one in choices if one.lines], rfq.currency, rates or {})
    _check(case, awarded_lines(rfq))
    if not (case.errors or reason.strip() or _cheapest(case)):
        case.wrong(
            "reason", _("Say why: what you chose is not the cheapest, or cannot be compared without exchange rates.")
        )
    if case.errors:
        raise InvalidError(case.errors, _("Nothing was awarded: some values need a correction."))
    first = rfq.status != Rfq.Status.AWARDED
    rfq.status, rfq.closed = Rfq.Status.AWARDED, rfq.closed or timezone.now()
    rfq.save()
    kept = _rates_kept(rates or {}, rates_source)
    made = [_award(actor, rfq, case, one, reason.strip(), kept) for one in case.choices]
    if first:
        _tell_others(rfq, case)
    return made


@verb("outcome.record", on="award")
def record_outcome(
    *, actor: Actor, award: Award, kind: str, on: date, value: Decimal | None = None, note: str = ""
) -> Outcome:
    """Record what became of an award: ordered, delivered, disputed, settled or cancelled, on a day, with the value in its currency.

    Both sides may: the second confirms, or says it otherwise. Raises InvalidError (fields kind, on, value, note).
    """
    side = side_of(actor, award)
    _check_outcome(award, side, kind, on, value, note)
    outcome = Outcome.objects.create(
        award=award, kind=kind, side=side, on=on, value=value, note=note.strip()[:2_000], by=actor.user
    )
    changed(outcome)
    rfq = award.rfq
    other = (
        messages.people_of_buyer(rfq.need)
        if side == Outcome.Side.ENTERPRISE
        else messages.people_of_enterprise(award.quote.invitation.enterprise)
    )
    messages.tell(
        other,
        kind="outcome.recorded",
        exchange=rfq.exchange,
        about=award,
        **told(rfq),
        outcome=lambda _language: str(Outcome.Kind(kind).label),
        on=on,
        page="rfq:outcome",
        arguments=(award.pk,),
    )
    return outcome


# the award's checks


def _expect_open_for_award(rfq: Rfq) -> None:
    if rfq.status == Rfq.Status.CANCELLED:
        raise StateError(_("This request for quotation was cancelled."), mend=_("Open a new request for quotation."))
    if not opened(rfq):
        raise StateError(
            _("The quotes are sealed until the deadline, or until all have answered."),
            mend=_("Award after that; or close the request early, with the reason."),
        )


def awarded_lines(rfq: Rfq) -> set[str]:
    """The lines under an award that was not cancelled."""
    awards = rfq.awards.prefetch_related("outcomes")
    return {line for one in awards if state_of(one) != Outcome.Kind.CANCELLED for line in one.lines}


def state_of(award: Award) -> str:
    """The last outcome recorded; empty for none."""
    outcomes = list(award.outcomes.all())
    return outcomes[-1].kind if outcomes else ""


def _check(case: _Case, taken: set[str]) -> None:
    if not case.choices:
        case.wrong("choices", _("Choose a quote for at least one line."))
    for choice in case.choices:
        if choice.quote_id not in case.quotes:
            case.wrong("choices", _("A chosen quote does not stand any more: it was replaced or withdrawn."))
            continue
        for line, quantity in choice.lines.items():
            _check_line(case, choice.quote_id, line, quantity, taken)


def _check_line(case: _Case, quote_id: int, line: str, quantity: Decimal, taken: set[str]) -> None:
    if line not in case.lines:
        case.wrong("choices", _("This request has no line %(line)s.") % {"line": line})
    elif line in taken:
        case.wrong(f"line-{line}", _("This line is awarded already."))
    elif quantity <= 0:
        case.wrong(f"line-{line}", _("The quantity must be more than 0."))
    elif cell_of(case.offers[quote_id], case.lines[line], quantity=quantity).state != "quoted":
        case.wrong(f"line-{line}", _("The chosen quote has no price for this line at this quantity."))


def _cheapest(case: _Case) -> bool:
    return is_cheapest(case.lines, case.offers, case.choices, case.currency, case.rates)


def is_cheapest(
    lines: Mapping[str, Asked],
    offers: Mapping[int, Offered],
    choices: Sequence[Choice],
    currency: str,
    rates: Mapping[str, Decimal],
) -> bool:
    """Whether no other quote would have been cheaper: over all its lines where one quote is chosen, line by line where several are.

    False where it cannot be known, because a competing quote stands in a currency without a rate.
    """
    baskets = (
        [choices[0].lines] if len(choices) == 1 else [{line: one.lines[line]} for one in choices for line in one.lines]
    )
    chosen = [choices[0].quote_id] if len(choices) == 1 else [one.quote_id for one in choices for _line in one.lines]
    for basket, quote_id in zip(baskets, chosen, strict=True):
        wanted = [lines[line] for line in basket]
        columns = compare(wanted, list(offers.values()), currency=currency, rates=rates, quantities=basket)
        whole = {one.offered.id: one.converted for one in columns if one.complete}
        price = whole.get(quote_id)
        if len(whole) > 1 and (price is None or any(one is None or one < price for one in whole.values())):
            return False
    return True


def _rates_kept(rates: Mapping[str, Decimal], source: str) -> dict[str, Any]:
    if not rates:
        return {}
    return {"rates": {code: str(rate) for code, rate in sorted(rates.items())}, "source": source.strip()[:300]}


# its steps


def _award(actor: Actor, rfq: Rfq, case: _Case, choice: Choice, reason: str, rates: dict[str, Any]) -> Award:
    quote, offered = case.quotes[choice.quote_id], case.offers[choice.quote_id]
    cells = {
        line: cell_of(offered, case.lines[line], quantity=quantity) for line, quantity in sorted(choice.lines.items())
    }
    made = Award.objects.create(
        rfq=rfq,
        quote=quote,
        lines={line: str(cell.quantity) for line, cell in cells.items()},
        value=sum((cell.total for cell in cells.values()), Decimal(0)),
        currency=quote.currency,
        reason=reason,
        rates=rates,
        by=actor.user,
    )
    changed(made)
    messages.tell(
        messages.people_of_enterprise(quote.invitation.enterprise),
        kind="award",
        exchange=rfq.exchange,
        about=made,
        **told(rfq),
        buyer=buyer_shown(rfq),
        lines=lambda language: [_line_told(case.lines[line], cell.quantity, language) for line, cell in cells.items()],
        page="rfq:outcome",
        arguments=(made.pk,),
    )
    promised = promised_on(made)
    if promised is not None:
        enqueue("outcome.ask", made.pk, run_at=datetime.combine(promised + GRACE, time(6), UTC))
    return made


def _line_told(line: Asked, quantity: Decimal, language: str) -> str:
    words = " ".join(line.text.split())
    short = words if len(words) <= 120 else words[:119] + "…"
    amount = f"{quantity.normalize():f} {label(line.unit, language, float(quantity)) if line.unit else ''}".strip()
    return f"{short} ({amount})"


def promised_on(award: Award) -> date | None:
    """The day by which the quote promised delivery: its slowest awarded line, counted from the award. None where none was stated."""
    offered = offered_by(award.quote)
    times = [
        price.lead_time for line in award.lines for price in offered.prices.get(line, ()) if price.lead_time is not None
    ]
    return award.created.date() + timedelta(days=max(times)) if times else None


def _tell_others(rfq: Rfq, case: _Case) -> None:
    chosen = {one.quote_id for one in case.choices}
    for key, quote in case.quotes.items():
        if key not in chosen:
            messages.tell(
                messages.people_of_enterprise(quote.invitation.enterprise),
                kind="award.lost",
                exchange=rfq.exchange,
                about=quote,
                **told(rfq),
                page="rfq:invitation",
                arguments=(quote.invitation_id,),
            )


# outcomes


def side_of(actor: Actor, award: Award) -> str:
    """Which side of an award the actor is on."""
    if ("enterprise", award.quote.invitation.enterprise_id) in actor.parties:
        return Outcome.Side.ENTERPRISE
    return Outcome.Side.BUYER if actor.role == Role.BUYER else Outcome.Side.EXCHANGE


def outcomes_open_to(award: Award, side: str) -> set[str]:
    """The kinds of outcome that a side may record now."""
    outcomes = list(award.outcomes.all())
    if not outcomes:
        return set(NEXT[""])
    last = outcomes[-1]
    mine = any(one.kind == last.kind and one.side == side for one in outcomes)
    return set(NEXT[last.kind]) | (set() if mine else {str(last.kind)})


def _check_outcome(award: Award, side: str, kind: str, on: date, value: Decimal | None, note: str) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in outcomes_open_to(award, side):
        errors["kind"] = [_("This cannot follow upon what has been recorded already.")]
    if on > timezone.now().date():
        errors["on"] = [_("The day lies in the future.")]
    elif on < award.created.date():
        errors["on"] = [_("The day lies before the award.")]
    if value is not None and value < 0:
        errors["value"] = [_("The value must not be negative.")]
    if kind == Outcome.Kind.DISPUTED and not note.strip():
        errors["note"] = [_("Say in a few words what the dispute is about.")]
    if errors:
        raise InvalidError(errors, _("The outcome was not recorded: some values need a correction."))


@verb("outcome.ask", on="award")
def ask_outcome(*, actor: Actor, award: Award) -> Award:
    """Ask both sides what became of an award. Raises StateError once its end is recorded."""
    if state_of(award) in ENDS:
        raise StateError(_("The outcome of this award is recorded already."), mend=_("Look at the award's page."))
    award.asked += 1
    award.save(update_fields=["asked"])
    enterprise = award.quote.invitation.enterprise
    for people in (messages.people_of_buyer(award.rfq.need), messages.people_of_enterprise(enterprise)):
        messages.tell(
            people,
            kind="outcome.asked",
            exchange=award.rfq.exchange,
            about=award,
            **told(award.rfq),
            promised=promised_on(award),
            page="rfq:outcome",
            arguments=(award.pk,),
        )
    return award


@handles("outcome.ask")
def ask_for_outcome(work: Work) -> None:
    """Ask for the outcome of an award unless its end is recorded; again after 30 days, three times at most."""
    award = Award.objects.filter(pk=work.job.subject_id).first()
    if award is None or award.asked >= MOST_ASKED or state_of(award) in ENDS or _asks(work.job, award):
        return
    with transaction.atomic():
        ask_outcome(actor=SYSTEM, award=award)
        enqueue("outcome.ask", award.pk, run_at=timezone.now() + AGAIN, payload={"after": work.job.pk})


def _asks(job: Job, award: Award) -> bool:
    """Whether this very job has asked already, and was killed before it could say so."""
    later = Job.objects.filter(kind="outcome.ask", subject_id=award.pk, pk__gt=job.pk)
    return later.filter(payload__after=job.pk).exists()
