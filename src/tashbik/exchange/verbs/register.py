"""Registering, proposing, editing, verifying, opening up and withdrawing enterprises. Not imports (verbs/imports.py) nor going back (verbs/undoing.py)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date

import msgspec
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, NotPermittedError, StateError
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, note, verb
from tashbik.exchange.models import Enterprise, Exchange, Role, Submission
from tashbik.exchange.permissions import EXCHANGE, RULES
from tashbik.exchange.projection import as_json, record_of
from tashbik.exchange.queries.moderation import OPEN, edition_of, proposal_of
from tashbik.exchange.storing import expect_version, new_row, restate, store
from tashbik.exchange.visibility import GROUPS, LEVELS
from tashbik.registry import records

CONSENT = "consent"
"""Key of a record's visibility under which the date of the consent to it is kept."""
SOURCE = "registration"
"""Source of what an enterprise says of itself here."""


def new_local_id() -> str:
    """A local id that no other enterprise has; it says nothing and is never used again."""
    return f"E-{secrets.token_hex(4).upper()}"


@verb("enterprise.register")
def register(
    *, actor: Actor, exchange: Exchange, record: records.Enterprise, instead_of: Submission | None = None
) -> Submission | Enterprise:
    """Bring an enterprise into a register: published at once by its officers; for others a submission, maybe instead of one returned.

    Raises InvalidError for a record that cannot be taken, NotPermittedError for the register of another exchange.
    """
    _valid(record)
    record = _self_declared(record)
    if actor.system or RULES["enterprise.register"][Role(actor.role)] == EXCHANGE:
        if not actor.system and actor.exchange_id != exchange.pk:
            raise NotPermittedError(_("You can only register enterprises of your own exchange."))
        return store(new_row(exchange, msgspec.structs.replace(record, id=new_local_id())), record)
    if instead_of is not None:
        _superseded(actor, instead_of)
    return Submission.objects.create(exchange=exchange, record=as_json(record), by=actor.user)


def _self_declared(record: records.Enterprise) -> records.Enterprise:
    source = record.provenance.source or SOURCE
    as_of = record.provenance.as_of or date.today()
    return msgspec.structs.replace(
        record, provenance=msgspec.structs.replace(record.provenance, source=source, as_of=as_of)
    )


def _superseded(actor: Actor, old: Submission) -> None:
    """A submission that a corrected one takes the place of."""
    old = Submission.objects.select_for_update().get(pk=old.pk)
    if not actor.parties & old.parties():
        raise NotPermittedError(_("This submission is not yours."))
    if old.status not in OPEN:
        raise StateError(_("This submission is settled already. Start a new one."))
    before = old.snapshot()
    old.status = Submission.Status.CANCELLED
    old.save(update_fields=["status"])
    changed(old, before)


@verb("enterprise.propose", on="enterprise")
def propose(
    *, actor: Actor, enterprise: Enterprise, record: records.Enterprise, edition: str, section: str = ""
) -> Submission:
    """Propose a changed record, to be accepted by an officer. An enterprise has one proposal at a time, which collects its changes.

    `edition` names the state that was edited (queries.moderation.in_work). Raises ConflictError when someone changed the record or the proposal
    meanwhile, StateError for one that is withdrawn, InvalidError for a record that cannot be taken or that changes nothing.
    """
    _alive(enterprise)
    _valid(record)
    proposal = proposal_of(enterprise)
    if edition != edition_of(enterprise, proposal):
        raise _overtaken()
    known = record_of(enterprise)
    record = msgspec.structs.replace(record, id=enterprise.code, visibility=known.visibility)
    if record == known:
        raise InvalidError({"": [_("Nothing is changed yet.")]})
    if proposal is None or proposal.status != Submission.Status.PENDING:
        if proposal is not None:
            _superseded(actor, proposal)
        proposal = Submission(exchange=enterprise.exchange, enterprise=enterprise, by=actor.user, section=section)
        before = None
    else:
        before = proposal.snapshot()
        proposal.section = section if proposal.section == section else ""
        proposal.by = actor.user
    proposal.base_version, proposal.record = enterprise.version, as_json(record)
    proposal.save()
    changed(proposal, before)
    return _told(proposal)


def _told(proposal: Submission) -> Submission:
    note(f"submission {proposal.pk}")
    return proposal


def _overtaken() -> ConflictError:
    return ConflictError(
        _("Someone else changed this record meanwhile. Nothing was overwritten, and what you typed is kept."),
        mend=_("Look at what changed, then save again."),
    )


@verb("enterprise.edit", on="enterprise")
def edit(
    *, actor: Actor, enterprise: Enterprise, record: records.Enterprise, version: int, section: str = ""
) -> Enterprise:
    """Change a record at once. Raises ConflictError when it is no longer of the version that was edited, InvalidError as `propose`."""
    expect_version(enterprise, version)
    _alive(enterprise)
    _valid(record)
    known = record_of(enterprise)
    record = msgspec.structs.replace(
        record, id=enterprise.code, visibility=known.visibility
    )  # that has a verb of its own
    if record == known:
        raise InvalidError({"": [_("Nothing is changed yet.")]})
    note(section)
    return store(enterprise, record)


@verb("enterprise.verify", on="enterprise")
def verify(*, actor: Actor, enterprise: Enterprise, version: int, today: date | None = None) -> Enterprise:
    """Say that all data, spare capacities too, are true as of today. Raises ConflictError for another version than was looked at."""
    expect_version(enterprise, version)
    _alive(enterprise)
    record, day = record_of(enterprise), today or date.today()
    by = enterprise.code if actor.role == Role.MEMBER else enterprise.exchange.code
    provenance = msgspec.structs.replace(record.provenance, as_of=day, verified_on=day, verified_by=by)
    able = tuple(
        msgspec.structs.replace(one, spare_as_of=day) if one.spare is not None else one for one in record.capabilities
    )
    return store(enterprise, msgspec.structs.replace(record, provenance=provenance, capabilities=able))


@verb("enterprise.visibility", on="enterprise")
def set_visibility(
    *,
    actor: Actor,
    enterprise: Enterprise,
    levels: Mapping[str, str],
    consent: bool,
    version: int,
    today: date | None = None,
) -> Enterprise:
    """Set who sees which group of fields, and keep the date of the consent to it; at once, for it is the enterprise's own to decide.

    Contacts are shown to everyone only with consent. Raises InvalidError for an unknown group or level, or for the lack of consent.
    """
    expect_version(enterprise, version)
    wrong = {
        group: [_("Choose one of the levels offered.")] for group, level in levels.items() if not _is(group, level)
    }
    if wrong:
        raise InvalidError(wrong)
    record = record_of(enterprise)
    kept = {**{group: level for group, level in record.visibility.items() if group in GROUPS}, **levels}
    if kept.get("contacts") == "public" and not consent:
        message = _(
            "Contacts are personal data: they are shown to everyone only with the consent of the persons named."
        )
        raise InvalidError({"consent": [message]})
    if consent:
        kept[CONSENT] = record.visibility.get(CONSENT) or (today or date.today()).isoformat()
    return store(enterprise, msgspec.structs.replace(record, visibility=kept))


def _is(group: str, level: str) -> bool:
    return group in GROUPS and level in LEVELS


@verb("enterprise.withdraw", on="enterprise")
def withdraw(*, actor: Actor, enterprise: Enterprise, reason: str = "") -> Enterprise:
    """Take an enterprise out of the register; its history stays, and an officer can undo it. Its open proposals are taken back."""
    _alive(enterprise)
    for one in Submission.objects.select_for_update().filter(enterprise=enterprise, status__in=OPEN):
        before = one.snapshot()
        one.status = Submission.Status.CANCELLED
        one.save(update_fields=["status"])
        changed(one, before)
    note(reason)
    return restate(enterprise, Enterprise.Status.WITHDRAWN)


def _alive(enterprise: Enterprise) -> None:
    if enterprise.status == Enterprise.Status.WITHDRAWN:
        raise StateError(
            _("This enterprise was withdrawn from the register."),
            mend=_("An officer of its exchange can undo that on its history page."),
        )


def _valid(record: records.Enterprise) -> None:
    """What no register takes, whoever sends it. Raises InvalidError."""
    wrong: dict[str, list[str]] = {}
    if not any(name.strip() for name in record.names.values()):
        wrong["names"] = [_("Give the name in at least one language.")]
    if record.website and not record.website.lower().startswith(("http://", "https://")):
        wrong["website"] = [_("Give the address in full, beginning with https://")]
    years = {"founded": record.founded, "employees_year": record.employees_year, "turnover_year": record.turnover_year}
    for field, year in years.items():
        if year is not None and not 1800 <= year <= date.today().year + 1:
            wrong[field] = [_("Give the year with four digits, e.g. 1998.")]
    if record.employees is not None and record.employees < 0:
        wrong["employees"] = [_("Give a number that is not below zero.")]
    ids = [one.id for one in record.capabilities]
    if len(set(ids)) != len(ids) or not all(ids):
        wrong["capabilities"] = [_("Each capability needs an id of its own.")]
    if wrong:
        raise InvalidError(wrong, _("Some values cannot be taken."))
