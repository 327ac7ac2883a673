"""Declaring ties, and having the linkage graph analysed, at once or soon after ties have changed. Not the analysis (queries.networks_stored)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, NotPermittedError
from tashbik.exchange import audit
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import verb
from tashbik.exchange.jobs import Work, enqueue, enqueue_once, handles
from tashbik.exchange.models import DeclaredTie, Enterprise, Exchange, Job, Need, NetworkSnapshot, Organisation, Role
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries.networks_stored import LEVELS_OF_ALL, LEVELS_OF_AN_EXCHANGE, Material, made, packed
from tashbik.exchange.queries.networks_ties import Scope

KIND = "network.analyse"
SOON = timedelta(minutes=5)
"""How long after a change of ties the analysis is renewed by itself, so that many changes make one renewal."""
CHANGES_TIES = (
    *("tie.declare", "cluster.create", "cluster.edit", "cluster.join", "cluster.leave"),
    *(
        "rfq.open",
        "rfq.invite",
        "quote.submit",
        "award.make",
        "outcome.record",
        "need.release",
        "need.close",
        "import.run",
    ),
)
"""Verbs after which the analysis is renewed soon."""
NARROWS = ("tie.remove", "enterprise.visibility", "need.revise", "need.withdraw")
"""Verbs that may take a tie from sight: what others than officers see is taken away at once and made anew."""
EARLIEST = 1900


# ties


@dataclass(frozen=True, slots=True)
class Ends:
    """Who supplies whom: each end an enterprise, a buyer of an exchange, or a name from outside the register."""

    maker: Enterprise | None = None
    maker_name: str = ""
    buyer: Enterprise | None = None
    buyer_organisation: Organisation | None = None
    buyer_name: str = ""

    def parties(self) -> set[tuple[str, int]]:
        """The ends that are of the register or of an exchange."""
        found: set[tuple[str, int]] = {("enterprise", one.pk) for one in (self.maker, self.buyer) if one is not None}
        return found | ({("organisation", self.buyer_organisation.pk)} if self.buyer_organisation else set())

    def exchanges(self) -> set[int]:
        """The exchanges of the ends."""
        known = (self.maker, self.buyer, self.buyer_organisation)
        return {one.exchange_id for one in known if one is not None}


@verb("tie.declare")
def declare(
    *,
    actor: Actor,
    ends: Ends,
    source: str,
    as_of: date,
    product: str = "",
    volume: str = DeclaredTie.Volume.REGULAR,
    since: int | None = None,
    level: str = Level.MEMBERS,
) -> DeclaredTie:
    """Declare that one supplies another. Raises InvalidError, and NotPermittedError where no end is the actor's or of the actor's exchange."""
    _expect_own(actor, ends)
    _expect_tie(actor, ends, source, as_of, since, level)
    return DeclaredTie.objects.create(
        exchange_id=actor.exchange_id or 0,
        maker=ends.maker,
        maker_name=ends.maker_name.strip(),
        buyer=ends.buyer,
        buyer_organisation=ends.buyer_organisation,
        buyer_name=ends.buyer_name.strip(),
        product=product.strip(),
        volume=volume,
        since=since,
        source=source.strip(),
        as_of=as_of,
        level=level,
        by=actor.user,
    )


def _expect_own(actor: Actor, ends: Ends) -> None:
    own = bool(actor.parties & ends.parties())
    if actor.exchange_id is None or not (own or (actor.role == Role.OFFICER and actor.exchange_id in ends.exchanges())):
        raise NotPermittedError(
            _("You can only declare ties of your own. Nothing was saved."),
            mend=_("Name yourselves as one of the two sides."),
        )


def _expect_tie(actor: Actor, ends: Ends, source: str, as_of: date, since: int | None, level: str) -> None:
    errors: dict[str, list[str]] = {}
    if bool(ends.maker) == bool(ends.maker_name.strip()):
        errors["maker"] = [_("Name one supplier: an enterprise of the register, or a name from outside it.")]
    if [bool(ends.buyer), bool(ends.buyer_organisation), bool(ends.buyer_name.strip())].count(True) != 1:
        errors["buyer"] = [_("Name one buyer: an enterprise of the register, or a name from outside it.")]
    elif ends.maker is not None and ends.maker == ends.buyer:
        errors["buyer"] = [_("Supplier and buyer are the same.")]
    if not source.strip():
        errors["source"] = [_("Say how this is known.")]
    if as_of > timezone.localdate():
        errors["as_of"] = [_("The day lies in the future.")]
    if since is not None and not EARLIEST <= since <= as_of.year:
        errors["since"] = [_("Write a year, not after the day of the data.")]
    if level not in Level.values or (level == Level.PUBLIC and actor.role != Role.OFFICER):
        errors["level"] = [_("Only an officer opens a tie to everyone.")]
    if errors:
        raise InvalidError(errors, _("The tie was not saved."))


@verb("tie.remove", on="tie")
def remove(*, actor: Actor, tie: DeclaredTie) -> None:
    """Take a declared tie away; either side may. It stays in the history."""
    tie.delete()


# the analysis


@verb("network.analyse", on="exchange")
def analyse(*, actor: Actor, exchange: Exchange | None) -> None:
    """Have the network of an exchange (none: of all together) analysed anew, at once."""
    renew(exchange.pk if exchange else None)


def renew(exchange_id: int | None, *, after: timedelta = timedelta()) -> None:
    """Put the analysis of a network on the queue; one that waits there is brought forward where it is wanted at once."""
    number, at = exchange_id or 0, timezone.now() + after
    if after:
        enqueue_once(KIND, number, run_at=at)
    elif not Job.objects.filter(kind=KIND, subject_id=number, status=Job.Status.WAITING).update(run_at=at):
        enqueue(KIND, number, run_at=at)


def waiting(exchange_id: int | None) -> Job | None:
    """The job that will renew or renews a network, if there is one."""
    rows = Job.objects.filter(kind=KIND, subject_id=exchange_id or 0)
    return rows.filter(status__in=(Job.Status.WAITING, Job.Status.RUNNING)).order_by("run_at").first()


@handles(KIND)
def _analyse(work: Work) -> None:
    build(work.job.subject_id or None, work)


def build(exchange_id: int | None, work: Work | None = None) -> None:
    """Analyse the network of an exchange, or of all together, and store it: for each level, with ties alone and with nearness."""
    material = Material(Scope(exchange_id))
    levels = LEVELS_OF_AN_EXCHANGE if exchange_id else LEVELS_OF_ALL
    wanted = [(level, basis) for level in levels for basis in NetworkSnapshot.Basis.values]
    for number, (level, basis) in enumerate(wanted, 1):
        stored, coverage, as_of = made(material, str(level), basis)
        values = {
            "options": {"basis": basis},
            "coverage": msgspec.to_builtins(coverage),
            "nodes": len(stored.ids),
            "edges": len(stored.source),
            "as_of": as_of,
            "made": timezone.now(),
            "result": packed(stored),
        }
        with transaction.atomic():
            rows = NetworkSnapshot.objects.filter(exchange=exchange_id, level=level, basis=basis)
            rows.delete()
            NetworkSnapshot.objects.create(exchange_id=exchange_id, level=level, basis=basis, **values)
        if work is not None:
            work.report(number, len(wanted))


def follow(actor: Actor, name: str, subject: Any) -> None:
    """After a verb that changes ties: renew soon; after one that narrows what is seen: take away at once what others than officers see."""
    if name not in CHANGES_TIES and name not in NARROWS:
        return
    exchanges = _exchanges_of(subject) or ({actor.exchange_id} if actor.exchange_id else set())
    rows = NetworkSnapshot.objects.filter(Q(exchange__in=exchanges) | Q(exchange=None))
    if not rows.exists():
        return
    narrows = name in NARROWS and not (isinstance(subject, Need) and _stays_open(subject))
    if narrows:
        rows.exclude(level=Level.EXCHANGE).delete()
    for number in (*sorted(exchanges), None):
        renew(number, after=timedelta() if narrows else SOON)


def _exchanges_of(subject: Any) -> set[int]:
    """The exchanges that keep ties of a record: its own; of a need also those that request quotes for it from their enterprises."""
    found = {subject.exchange_id} if getattr(subject, "exchange_id", None) else set()
    return found | set(subject.rfqs.values_list("exchange", flat=True)) if isinstance(subject, Need) else found


def _stays_open(need: Need) -> bool:
    """Whether a revised need is shown as widely as one can be."""
    shown = need.status in (Need.Status.RELEASED, Need.Status.CLOSED) and not need.anonymous
    return shown and need.confidentiality == Need.Confidentiality.OPEN


audit.AFTER.append(follow)
