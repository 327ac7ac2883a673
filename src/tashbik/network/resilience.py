"""What follows from a group: whose failure would hurt most, who would replace them, what one more of something would save. Not the composing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from tashbik.network.composing import best_group, compose, group_of, market_of
from tashbik.network.order import (
    Composition,
    Conditions,
    Group,
    MissGain,
    NearMiss,
    Order,
    Partner,
    PartnerOffer,
    Saving,
    Uncovered,
    Weakness,
)
from tashbik.network.program import Choice, Market, Program, Row

BINDING = 1e-5
REPLACEMENT_GAP = 1e-3
"""Relative gap at which a replacement is good enough to be named."""


def weaknesses(
    order: Order,
    partners: Sequence[Partner],
    offers: Sequence[PartnerOffer],
    conditions: Conditions | None,
    group: Group,
) -> list[Weakness]:
    """Each member's failure, worst first: by what it would leave uncovered times the member's risk where a risk is known, else by the part alone."""
    market = market_of(order, partners, offers, conditions or Conditions())
    program = Program(_eased(market))
    found = [_weakness(program, group, one) for one in group.partners]
    known = any(one.risk > 0 for one in partners if one.id in group.partners)
    return sorted(found, key=lambda one: (-(one.expected if known else one.uncovered), -one.uncovered, one.partner))


def _eased(market: Market) -> Market:
    """The market in an emergency: what partners can and cannot do stays, what was wished of the group's make-up does not."""
    kept = market.conditions
    eased = Conditions(
        apart=kept.apart, excluded=kept.excluded, caution=kept.caution, risk_cost=kept.risk_cost, sources=1
    )
    return Market(market.order, market.partners, market.offers, eased, market.unit_cost, market.worth)


def _weakness(program: Program, group: Group, failed: str) -> Weakness:
    rest = set(group.partners) - {failed}
    outside = [column for one, column in program.engaged.items() if one not in rest]
    dropped = [one for one in program.conditions() if one.kind in ("lead", "line")]
    alone = program.solve(without=dropped, aim="both", fixed=dict.fromkeys(outside, 0.0))
    without = {program.engaged[failed]: 0.0}
    helped = program.solve(
        without=dropped, aim="both", extra=[_at_most(outside, 1)], fixed=without, gap=REPLACEMENT_GAP
    )
    gone = _loss(program, alone)
    replaced = group_of(program, helped) if helped else None
    newcomer = next((one for one in replaced.partners if one not in rest), "") if replaced else ""
    left = _loss(program, helped)
    better = bool(newcomer) and left < gone - BINDING
    risk = program.market.by_id[failed].risk
    return Weakness(
        partner=failed,
        uncovered=gone,
        expected=risk * gone,
        lines=_uncovered(program, alone),
        replacement=newcomer if better else "",
        left=left if better else gone,
        extra=replaced.cost - group.cost if better and replaced else 0.0,
    )


def _at_most(columns: Sequence[int], count: int) -> Row:
    return dict.fromkeys(columns, 1.0), -math.inf, float(count)


def _loss(program: Program, choice: Choice | None) -> float:
    worth = program.market.worth
    if choice is None:
        return 1.0
    loss = sum(worth[line] * part for line, part in choice.uncovered.items()) / sum(worth.values())
    return loss if loss > BINDING else 0.0


def _uncovered(program: Program, choice: Choice | None) -> tuple[Uncovered, ...]:
    quantity = {line.id: line.quantity for line in program.market.order.lines}
    parts = choice.uncovered if choice else dict.fromkeys(quantity, 1.0)
    return tuple(
        Uncovered(line=line, quantity=part * quantity[line], part=part)
        for line, part in parts.items()
        if part > BINDING
    )


def savings(
    order: Order,
    partners: Sequence[Partner],
    offers: Sequence[PartnerOffer],
    conditions: Conditions | None,
    composition: Composition,
) -> list[Saving]:
    """What one more machine, unit of capacity or partner would save, and one unit less ordered; largest first. Empty for an incomplete group.

    One more partner is answered by composing anew, a machine by sharing out anew within the group, capacity and lines by the dual
    prices of the linear program with the group's choices fixed: these hold for small changes.
    """
    if not composition.complete or composition.group is None:
        return []
    wanted = conditions or Conditions()
    program = Program(market_of(order, partners, offers, wanted))
    choice = program.solve()
    if choice is None:
        return []
    found = [*_marginal(program, choice), *_machines(program, choice)]
    if wanted.max_partners is not None:
        more = compose(order, partners, offers, msgspec.structs.replace(wanted, max_partners=wanted.max_partners + 1))
        if more.complete and more.group is not None:
            found.append(Saving(kind="partners", amount=_objective(program, choice, more)))
    return sorted((one for one in found if abs(one.amount) > 1e-9), key=lambda one: -one.amount)


def _objective(program: Program, choice: Choice, other: Composition) -> float:
    """How much cheaper another composition is, in what the program counts (its bound is that objective to 1e-6)."""
    assert other.group is not None
    gain = choice.objective - other.group.bound
    return gain if gain > 2e-6 * abs(choice.objective) else 0.0


def _marginal(program: Program, choice: Choice) -> list[Saving]:
    fixed = {column: float(one in choice.engaged) for one, column in program.engaged.items()}
    fixed |= {column: float(one == choice.lead) for one, column in program.lead.items()}
    fixed |= {column: float(number in choice.parts) for number, column in enumerate(program.used)}
    solver = program.solver(fixed=fixed, relaxed=True)
    solver.run()
    duals = np.asarray(solver.getSolution().row_dual)
    if not duals.size or not np.isfinite(duals).all():
        return []
    quantity = {line.id: line.quantity for line in program.market.order.lines}
    found = []
    for number in choice.parts:
        offer = program.market.offers[number]
        amount = -float(duals[program.capacity_row[number]]) / quantity[offer.line]
        if offer.capacity < quantity[offer.line] and amount > 0:
            found.append(Saving(kind="capacity", amount=amount, partner=offer.partner, line=offer.line))
    for line, row in program.line_row.items():
        found.append(Saving(kind="line", amount=float(duals[row]) / quantity[line], line=line))
    return found


def _machines(program: Program, choice: Choice) -> list[Saving]:
    """One more machine where all are busy, the group staying as it is."""
    market = program.market
    quantity = {line.id: line.quantity for line in market.order.lines}
    fixed = {column: float(one in choice.engaged) for one, column in program.engaged.items()}
    found = []
    for number, part in choice.parts.items():
        offer = market.offers[number]
        busy = part * quantity[offer.line] > (1 - BINDING) * offer.capacity or offer.pool
        if not offer.machine or offer.machines < 1 or not busy:
            continue
        other = Program(_with_machine(market, offer)).solve(fixed=fixed)
        amount = choice.objective - other.objective if other else 0.0
        if amount > BINDING * abs(choice.objective):
            found.append(
                Saving(kind="machine", amount=amount, partner=offer.partner, line=offer.line, machine=offer.machine)
            )
    return _once_a_pool(market, found)


def _with_machine(market: Market, offer: PartnerOffer) -> Market:
    def larger(one: PartnerOffer) -> PartnerOffer:
        shared = offer.pool and (one.partner, one.pool) == (offer.partner, offer.pool)
        if one is not offer and not shared:
            return one
        return msgspec.structs.replace(one, capacity=one.capacity * (one.machines + 1) / one.machines)

    return replace(market, offers=tuple(larger(one) for one in market.offers))


def _once_a_pool(market: Market, found: Sequence[Saving]) -> list[Saving]:
    """Machines of one pool serve several lines: one saving for them, not one a line."""
    pools = {(one.partner, one.line): one.pool or one.line for one in market.offers}
    best: dict[tuple[str, str], Saving] = {}
    for one in sorted(found, key=lambda saving: -saving.amount):
        best.setdefault((one.partner, pools[one.partner, one.line]), one)
    return list(best.values())


def miss_gains(
    order: Order,
    partners: Sequence[Partner],
    offers: Sequence[PartnerOffer],
    conditions: Conditions | None,
    composition: Composition,
    misses: Sequence[NearMiss],
) -> list[MissGain]:
    """What each near miss would bring if what it fails were mended, most first; those that would bring nothing are left out."""
    found = []
    for miss in misses:
        known = {one.id: one for one in partners}
        among = list({**known, miss.partner.id: known.get(miss.partner.id, miss.partner)}.values())
        other = best_group(order, among, [*offers, miss.offer], conditions)
        now = composition.group
        if other is None:
            continue
        covered = other.covered - (now.covered if now else 0.0)
        saved = now.cost - other.cost if now and abs(covered) < BINDING else 0.0
        if covered > BINDING or saved > BINDING * max(1.0, other.cost):
            found.append(
                MissGain(
                    partner=miss.partner.id, line=miss.offer.line, failing=miss.failing, covered=covered, saved=saved
                )
            )
    return sorted(found, key=lambda one: (-one.covered, -one.saved, one.partner))
