"""Duplicates: having pairs found, deciding on them, merging, undoing, learning. Not the comparing (registry.identity) nor the finding (pairing.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import ConflictError, InvalidError, StateError
from tashbik.exchange import audit, held_register, pair_rows, pairing
from tashbik.exchange.actor import SYSTEM, Actor
from tashbik.exchange.audit import note, verb
from tashbik.exchange.jobs import Work, enqueue_once, handles
from tashbik.exchange.merging import conflicting
from tashbik.exchange.models import Enterprise, Head, IdentityModel, IdentityPair, Import, Merge
from tashbik.exchange.projection import as_json, record_of
from tashbik.exchange.queries import identity as _queries  # noqa: F401  # its tasks are those of the first page
from tashbik.exchange.taking_up import give_back, take_up
from tashbik.exchange.verbs.undoing import PERSONAL, erase
from tashbik.registry.identity import Model, RegisterIdentity

Status = IdentityPair.Status
LEARN_EVERY = 10
"""Decisions after which the model learns by itself."""
ALL, CHANGED = 1, 0
"""Subjects of the job that finds pairs: the whole register, or what changed since."""
SMALL = 2_000
"""Enterprises up to which the whole register is compared at each change: it takes a second or two."""
MANY = 20
"""A change of one enterprise in so many has the whole register compared."""
AGAIN = timedelta(seconds=10)
TELLING = frozenset(
    "enterprise.register enterprise.edit enterprise.undo enterprise.withdraw enterprise.erase submission.accept import.run import.undo".split()
)
"""Verbs after which changed enterprises are checked against the register."""


# finding


@verb("identity.find")
def find(*, actor: Actor) -> None:
    """Have the whole register looked through for pairs, in the background."""
    enqueue_once("identity.find", ALL)


def _look_after(actor: Actor, verb_name: str, subject: Any) -> None:
    if verb_name in TELLING:
        enqueue_once("identity.find", CHANGED)
    if verb_name == "enterprise.erase":
        transaction.on_commit(held_register.drop_stored)
        _forget(actor, subject)


def _forget(actor: Actor, enterprise: Enterprise) -> None:
    """Contacts that were erased go from pairs and merges too, and from the records that the enterprise took up."""
    for pair in IdentityPair.objects.filter(Q(first=enterprise) | Q(second=enterprise)):
        pair.reasons = [
            {**one, "first": "", "second": ""} if one["field"] == "contact" else one for one in pair.reasons
        ]
        pair.save(update_fields=["reasons"])
    for made in Merge.objects.filter(Q(survivor=enterprise) | Q(absorbed=enterprise)).select_related("absorbed"):
        for state in (made.survivor_before, made.survivor_after, made.absorbed_before):
            for field in PERSONAL:
                state.pop(field, None)
        made.save(update_fields=["survivor_before", "survivor_after", "absorbed_before"])
        if made.survivor_id == enterprise.pk and made.undone is None:
            erase(actor=actor, enterprise=made.absorbed)


audit.AFTER.append(_look_after)


@handles("identity.find")
def _find(work: Work) -> None:
    """Find pairs; what an import still writes is looked at when it has come to its end."""
    last = Enterprise.objects.aggregate(last=Max("change"))["last"] or 0
    known = _mark()
    new = (
        _find_among_all(work, last) if work.job.subject_id == ALL or _is_much(known) else _find_among(work, known, last)
    )
    with transaction.atomic():
        Head.objects.update_or_create(name="identity", defaults={"number": last})
        if new:
            audit.append(SYSTEM, "identity.find", note=f"{new} pairs")
    if Import.objects.filter(status__in=(Import.Status.RUNNING, Import.Status.UNDOING)).exists():
        enqueue_once("identity.find", CHANGED, run_at=timezone.now() + AGAIN)


def _mark() -> int:
    """The change number up to which the register was looked through."""
    found = Head.objects.filter(name="identity").values_list("number", flat=True).first()
    return int(found or 0)


def _is_much(known: int) -> bool:
    total = pairing.living().count()
    return known == 0 or total <= SMALL or Enterprise.objects.filter(change__gt=known).count() * MANY > total


def _find_among_all(work: Work, last: int) -> int:
    alive = _alive(work)
    built = held_register.built_from(last)
    identity = pairing.read_register(alive)
    work.report(0, total := len(identity.profiles))
    new = _kept(identity, lambda: alive(total))
    if total > SMALL:  # single changes will be checked against it
        held_register.hold(identity, built, alive)
    else:
        held_register.drop_stored()
    return new


def _kept(identity: RegisterIdentity, alive: Callable[[], None]) -> int:
    force = _settled(pairing.fitted(identity, alive))
    found = pairing.all_pairs(identity, force.model, alive)
    new = pair_rows.keep(found, force.version)
    pair_rows.let_go(found)
    return new


def _find_among(work: Work, known: int, last: int) -> int:
    rows = Enterprise.objects.filter(change__gt=known, change__lte=last)
    keys = list(rows.order_by("change").values_list("pk", flat=True))
    alive, force = _alive(work), pairing.model_in_force()
    held = held_register.held_register(last, alive)
    found = held_register.pairs_of(held, keys, force.model, alive)
    new = pair_rows.keep(found, force.version)
    pair_rows.let_go(found, keys)
    return new


def _alive(work: Work) -> Callable[[int], None]:
    return lambda done: work.report(done)


def find_now() -> int:
    """Find the pairs of the whole register at once, where it is small (the demonstration's); returns how many wait."""
    new = _kept(pairing.read_register(lambda _: None), lambda: None)
    last = Enterprise.objects.aggregate(last=Max("change"))["last"] or 0
    Head.objects.update_or_create(name="identity", defaults={"number": last})
    return new


# learning


@verb("identity.learn")
def learn(*, actor: Actor) -> IdentityModel:
    """Teach the model all decisions: a new version, by which what waits is judged anew in the background.

    Raises StateError where there is no decision, or none since the last version.
    """
    force = pairing.model_in_force()
    model, decisions = pairing.taught(force.base)
    if decisions == 0:
        raise StateError(_("There is no decision to learn from yet."), mend=_("Decide on some pairs first."))
    if decisions == force.decisions and as_json(model) == as_json(force.model):
        raise StateError(_("The model knows all decisions already."))
    enqueue_once("identity.judge")
    return _new_version(force.base, model, decisions, actor)


def _new_version(base: Model, model: Model, decisions: int, actor: Actor) -> IdentityModel:
    last = IdentityModel.objects.aggregate(last=Max("version"))["last"] or 0
    return IdentityModel.objects.create(
        version=last + 1, base=as_json(base), parameters=as_json(model), decisions=decisions, by=actor.user
    )


def _settled(base: Model) -> pairing.InForce:
    """The model in force after the register was fitted: a new version, taught all decisions, where the fit is another one."""
    force = pairing.model_in_force()
    if as_json(base) == as_json(force.base):
        return force
    model, decisions = pairing.taught(base)
    with transaction.atomic():
        made = _new_version(base, model, decisions, SYSTEM)
        audit.append(SYSTEM, "identity.learn", subject=made)
    return pairing.model_in_force()


@handles("identity.learn")
def _learn(work: Work) -> None:
    try:
        learn(actor=SYSTEM)
    except StateError:  # another worker, or an officer, was quicker
        return


@handles("identity.judge")
def _judge(work: Work) -> None:
    for done in pair_rows.judge_anew(pairing.model_in_force()):
        work.report(done)


def _learn_soon() -> None:
    decided = IdentityPair.objects.filter(status__in=(Status.SAME, Status.DISTINCT)).count()
    if decided >= pairing.model_in_force().decisions + LEARN_EVERY:
        enqueue_once("identity.learn")


# deciding


@verb("identity.decide", on="pair")
def decide(
    *,
    actor: Actor,
    pair: IdentityPair,
    decision: str,
    remark: str = "",
    seen: str = "",
    survivor: str = "",
    choices: Mapping[str, str] | None = None,
) -> IdentityPair:
    """Decide on a pair: `distinct`, `later`, or `same`.

    Two that are the same and of one exchange are merged: `survivor` (`first` or `second`) keeps its address, `choices` says field by field whose
    value is taken (merging.combined). Two of different exchanges are linked. `seen` is the state that was read. Raises ConflictError when a
    record has changed since, StateError for a pair that is decided, with conflicting identifiers, or that cannot be merged now.
    """
    if decision not in (Status.SAME, Status.DISTINCT, Status.LATER):
        raise InvalidError({"decision": [_("Choose one of the decisions offered.")]})
    if pair.status not in (Status.WAITING, Status.LATER):
        raise StateError(_("This pair is decided already."), mend=_("Undo that decision first."))
    first, second = _both(pair)
    if seen and seen != pairing.state_of(first, second):
        raise ConflictError(
            _("One of the two records was changed while you were reading. Nothing was decided."),
            mend=_("Read both again, then decide."),
        )
    if decision == Status.SAME:
        _expect_no_conflict(first, second)
        if first.exchange_id == second.exchange_id:
            take_up(actor, pair, first, second, survivor, dict(choices or {}))
            enqueue_once("identity.find", CHANGED)
    pair.state = pairing.state_of(first, second)
    _put(pair, decision, remark.strip()[:2_000], actor)
    _learn_soon()
    return pair


def _put(pair: IdentityPair, status: str, text: str, actor: Actor | None) -> None:
    pair.status, pair.note, pair.earlier = status, text, ""
    pair.decided, pair.decided_by = (timezone.now(), actor.user) if actor else (None, None)
    pair.save(update_fields=["status", "note", "earlier", "decided", "decided_by", "state"])


def _both(pair: IdentityPair) -> tuple[Enterprise, Enterprise]:
    """Both enterprises, locked. Raises StateError where one is withdrawn."""
    keys = (pair.first_id, pair.second_id)
    rows = {
        one.pk: one
        for one in Enterprise.objects.select_for_update(of=("self",))
        .select_related("exchange")
        .filter(pk__in=keys)
        .order_by("pk")
    }
    if any(one.status == Enterprise.Status.WITHDRAWN for one in rows.values()):
        raise StateError(_("One of the two was withdrawn from the register meanwhile. Nothing is left to decide."))
    return rows[pair.first_id], rows[pair.second_id]


def _expect_no_conflict(first: Enterprise, second: Enterprise) -> None:
    conflicts = conflicting(record_of(first), record_of(second))
    if conflicts:
        scheme, mine, other = conflicts[0]
        raise StateError(
            _(
                "Their official numbers conflict (%(scheme)s: %(first)s and %(second)s). Names alone do not make them one enterprise."
            )
            % {"scheme": scheme or "—", "first": mine, "second": other},
            mend=_("If one of the numbers is wrong, correct it in that record first; else mark the two as distinct."),
        )


# undoing


@verb("identity.undo", on="pair")
def undo(*, actor: Actor, pair: IdentityPair, confirmed: bool = False) -> IdentityPair:
    """Undo the decision on a pair; it waits again. A merge is taken back with all that it moved; what was changed since by others stays.

    Raises StateError for a pair that is not decided or whose survivor was taken up itself; ConflictError where later changes touched the
    fields that the merge changed, unless `confirmed`.
    """
    if pair.status == Status.WAITING:
        raise StateError(_("This pair is not decided."))
    made = Merge.objects.select_for_update().filter(pair=pair, undone=None).first()
    if made is not None:
        give_back(actor, made, confirmed)
        enqueue_once("identity.find", CHANGED)
        note(f"merge {made.pk}")
    _put(pair, Status.WAITING, "", None)
    return pair
