"""Groups of a need: composed and kept, proposed to their members, answered, withdrawn. Not the composing (composition.py, network)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.composition import Wish, composed
from tashbik.exchange.group_agreement import agreement_of
from tashbik.exchange.models import Enterprise, Exchange, Group, GroupMember, Need, Referral
from tashbik.exchange.projection import as_json
from tashbik.exchange.queries import groups as queries
from tashbik.exchange.queries.group_sources import Market, market_of
from tashbik.exchange.queries.matches_questions import can_be_asked
from tashbik.exchange.storing import expect_version

LONGEST_TEXT = 2_000
LONGEST_WAIT = timedelta(days=366)


@verb("group.compose", on="need")
def compose(*, actor: Actor, need: Need, version: int, wish: Wish, seen: Iterable[str]) -> Group:
    """Compose a group for the current version of a released need and keep it, as a draft that its members do not see.

    `seen` are the codes of the members that were shown to who keeps it. Raises StateError for a need that is not released or where no group is
    found, ConflictError where need or register have changed so that the group would be another one.
    """
    expect_released(need)
    expect_version(need, version)
    market = market_of(actor, need)
    sources = market.sources(wish)
    made = composed(sources, wish) if sources.offers else None
    if made is None or made.group is None:
        raise StateError(
            _("No group satisfies these conditions, not even in part, so there is nothing to keep."),
            mend=_("Loosen a condition and look again."),
        )
    if set(seen) != set(made.group.partners):
        raise ConflictError(
            _("The register has changed meanwhile, and the group would be another one. Nothing was kept."),
            mend=_("Look at the group as it is now, then keep it."),
        )
    group = Group.objects.create(
        exchange=_exchange_of(actor, need),
        need=need,
        need_version=need.version,
        code=f"{need.code}-G{Group.objects.filter(need=need).count() + 1}",
        record=as_json(made),
        private_prices=market.rests_on_private_prices(one.id for one in made.partners),  # alternatives have costs too
        covered=min(1.0, max(0.0, made.group.covered)),
        by=actor.user,
    )
    changed(group)
    _add_members(group, market)
    return group


def expect_released(need: Need) -> None:
    """Raises StateError unless the need is released."""
    if need.status != Need.Status.RELEASED:
        raise StateError(
            _("Groups are composed and proposed only while the need is released."),
            mend=_("Release the need first; one that is closed stays as it is."),
        )


def _exchange_of(actor: Actor, need: Need) -> Exchange:
    """The exchange that composes it: the actor's where it has taken up the need, else the need's."""
    taken = need.referrals.filter(exchange=actor.exchange_id, status=Referral.Status.TAKEN)
    if actor.exchange_id and actor.exchange_id != need.exchange_id and taken.exists():
        return Exchange.objects.get(pk=actor.exchange_id)
    return need.exchange


def _add_members(group: Group, market: Market) -> None:
    made = queries.composed_of(group).group
    assert made is not None
    for one in made.members:
        member = GroupMember.objects.create(
            group=group,
            enterprise=market.enterprises[one.partner],
            role=one.role,
            share=min(1.0, max(0.0, one.part)),
        )
        changed(member)


@verb("group.propose", on="group")
def propose(*, actor: Actor, group: Group, answer_by: date, message: str = "") -> Group:
    """Ask the members to take part, each in its language, with its share and the draft agreement.

    Raises StateError for a group that is no draft, ConflictError where the need has a newer version, InvalidError for the date, and for members whose
    exchange was not given the need.
    """
    if group.status != Group.Status.DRAFT:
        raise StateError(
            _("This group was proposed to its members already, or it has ended."), mend=_("Compose a new group.")
        )
    expect_released(group.need)
    if group.need.version != group.need_version:
        raise ConflictError(
            _("The need was changed since the group was composed. Nothing was sent."),
            mend=_("Compose the group again for the new version."),
        )
    members = list(group.members.select_related("enterprise__exchange"))
    errors = _errors_of(group, members, answer_by, message)
    if errors:
        raise InvalidError(errors, _("The group was not proposed: some values need a correction."))
    group.status, group.proposed = Group.Status.PROPOSED, timezone.now()
    group.answer_by, group.message = answer_by, message.strip()
    group.save()
    for one in members:
        before = one.snapshot()
        one.status = GroupMember.Status.ASKED
        one.save(update_fields=["status"])
        changed(one, before)
        _write_proposal(group, one)
    return group


def _errors_of(group: Group, members: list[GroupMember], answer_by: date, message: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    today = timezone.now().date()
    if answer_by <= today:
        errors["answer_by"] = [_("The last day for answers must be after today.")]
    elif answer_by > today + LONGEST_WAIT:
        errors["answer_by"] = [_("The last day for answers must be within a year.")]
    if len(message) > LONGEST_TEXT:
        errors["message"] = [_("Shorten the message to %(limit)d characters.") % {"limit": LONGEST_TEXT}]
    foreign = [one.enterprise.code for one in members if not can_be_asked(group.need, one.enterprise)]
    if foreign:
        text = _("%(codes)s: of another exchange. Pass the need on to that exchange first.")
        errors[""] = [text % {"codes": ", ".join(foreign)}]
    absent = [one.enterprise.code for one in members if one.enterprise.status != Enterprise.Status.PUBLISHED]
    if absent:
        errors.setdefault("", []).append(_("%(codes)s: not in the register any more.") % {"codes": ", ".join(absent)})
    return errors


def _write_proposal(group: Group, member: GroupMember) -> None:
    messages.tell(
        messages.people_of_enterprise(member.enterprise),
        kind="group.proposed",
        exchange=group.exchange,
        about=member,
        **_told(group),
        answer_by=group.answer_by,
        message=group.message,
        tasks=_in_language(group, member),
        agreement=lambda language: agreement_of(group, language, prices_of=()).as_text(),
        page="groups:place",
        arguments=(member.pk,),
    )


def _in_language(group: Group, member: GroupMember) -> Callable[[str], list[str]]:
    """What a member is asked to make, in the language of who receives it."""
    return lambda language: queries.tasks_of(group, member.enterprise.code, language)


def _told(group: Group) -> dict[str, object]:
    """What every message about a group says."""
    open_title = group.need.confidentiality != Need.Confidentiality.OFFICERS
    return {"group": group.code, "title": (group.need.title or group.need.code) if open_title else group.need.code}


@verb("group.answer", on="member")
def answer(*, actor: Actor, member: GroupMember, accept: bool, reason: str = "", note: str = "") -> GroupMember:
    """Say for an enterprise that it takes part, or that it does not and why. With the last acceptance the group is agreed; one refusal ends it.

    Raises StateError when the group no longer waits for it, or the need is no longer released, InvalidError for a refusal without a reason.
    """
    group = Group.objects.select_for_update(of=("self",)).get(pk=member.group_id)
    member.group = group
    if group.status != Group.Status.PROPOSED or member.status != GroupMember.Status.ASKED:
        raise StateError(
            _("This proposal no longer waits for your answer."), mend=_("Look at its page for what became of it.")
        )
    if accept:
        expect_released(group.need)
    errors = _errors_of_answer(accept, reason, note)
    if errors:
        raise InvalidError(errors, _("Your answer was not sent: some values need a correction."))
    member.status = GroupMember.Status.ACCEPTED if accept else GroupMember.Status.DECLINED
    member.reason, member.note = ("" if accept else reason), note.strip()
    member.answered, member.answered_by = timezone.now(), actor.user
    member.save()
    _follow(group, member)
    return member


def _errors_of_answer(accept: bool, reason: str, note: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not accept and reason not in GroupMember.Reason.values:
        errors["reason"] = [_("Choose a reason: it helps to compose a group that suits.")]
    if len(note) > LONGEST_TEXT:
        errors["note"] = [_("Shorten the note to %(limit)d characters.") % {"limit": LONGEST_TEXT}]
    return errors


def _follow(group: Group, member: GroupMember) -> None:
    """What an answer means for the group, and who is told."""
    before = group.snapshot()
    waiting = group.members.exclude(status=GroupMember.Status.ACCEPTED).exists()
    if member.status == GroupMember.Status.DECLINED:
        group.status, group.ended = Group.Status.DECLINED, timezone.now()
    elif not waiting:
        group.status = Group.Status.AGREED
    group.save(update_fields=["status", "ended"])
    changed(group, before)
    _write_answer(group, member)
    if group.status == Group.Status.AGREED:
        _write_to_members(group, "group.agreed")
    elif group.status == Group.Status.DECLINED:
        _write_to_members(group, "group.ended", but=member, reason=_declined)


def _declined(language: str) -> str:
    return _("One of the partners does not take part.")


def _write_answer(group: Group, member: GroupMember) -> None:
    """To who composed it, else to the buyer's people."""
    by = group.by
    people = [messages.Recipient(by.email, by.language)] if by is not None and by.is_active else []
    messages.tell(
        people or messages.people_of_buyer(group.need),
        kind="group.answered",
        exchange=group.exchange,
        about=group,
        **_told(group),
        enterprise=member.enterprise.name,
        accepted=member.status == GroupMember.Status.ACCEPTED,
        reason=lambda _language: member.get_reason_display() if member.reason else "",
        page="groups:page",
        arguments=(group.code,),
    )


def _write_to_members(group: Group, kind: str, *, but: GroupMember | None = None, **values: object) -> None:
    """To the members that were asked and did not decline."""
    asked = group.members.select_related("enterprise__exchange").filter(
        status__in=(GroupMember.Status.ASKED, GroupMember.Status.ACCEPTED)
    )
    for one in asked:
        if but is None or one.pk != but.pk:
            messages.tell(
                messages.people_of_enterprise(one.enterprise),
                kind=kind,
                exchange=group.exchange,
                about=one,
                **{**_told(group), **values},
                page="groups:place",
                arguments=(one.pk,),
            )


@verb("group.withdraw", on="group")
def withdraw(*, actor: Actor, group: Group, reason: str = "") -> Group:
    """Give a group up: a draft without a word, one that was proposed with the reason, which its members are told."""
    if group.status in (Group.Status.DECLINED, Group.Status.WITHDRAWN):
        raise StateError(_("This group has ended already."), mend=_("Compose a new group."))
    was_proposed = group.status != Group.Status.DRAFT
    if was_proposed and not reason.strip():
        raise InvalidError({"reason": [_("Say why: the members are told.")]}, _("The group was not withdrawn."))
    if len(reason) > LONGEST_TEXT:
        limit = {"limit": LONGEST_TEXT}
        raise InvalidError(
            {"reason": [_("Shorten the reason to %(limit)d characters.") % limit]}, _("The group was not withdrawn.")
        )
    group.status, group.ended, group.reason = Group.Status.WITHDRAWN, timezone.now(), reason.strip()
    group.save()
    if was_proposed:
        _write_to_members(group, "group.ended", reason=group.reason)
    return group
