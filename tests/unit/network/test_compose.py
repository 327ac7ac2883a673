"""Composition of groups: against enumeration, condition by condition, conflicts, alternatives, weak points and savings."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.optimize import linprog

from tashbik.errors import InputError
from tashbik.network import (
    Conditions,
    CountryShare,
    NearMiss,
    Order,
    OrderLine,
    Partner,
    PartnerOffer,
    alternatives,
    compose,
    miss_gains,
    savings,
    weaknesses,
)
from tashbik.registry.records import Place

ORDER = Order(
    id="O1",
    currency="DZD",
    place=Place(country="DZ", latitude=36.75, longitude=3.06),
    lines=(
        OrderLine(id="cast", text="carters", quantity=1000, critical=True),
        OrderLine(id="turn", text="axes", quantity=500, unit="kg"),
    ),
)
PARTNERS = (
    Partner(id="A", fixed_cost=100, place=Place(country="DZ", latitude=36.4, longitude=2.8), risk=0.1),
    Partner(id="B", fixed_cost=50, place=Place(country="DZ"), risk=0.2),
    Partner(id="C", fixed_cost=10, place=Place(country="TN"), can_lead=False),
    Partner(id="D", fixed_cost=500, place=Place(country="TN")),
)
OFFERS = (
    PartnerOffer(partner="A", line="cast", capacity=700, unit_price=5.0, machine="machine.press", machines=2),
    PartnerOffer(partner="B", line="cast", capacity=400, unit_price=6.0, minimum=100),
    PartnerOffer(partner="B", line="turn", capacity=500, unit_price=2.0, price_spread=0.5),
    PartnerOffer(partner="C", line="turn", capacity=300, unit_price=1.0),
    PartnerOffer(partner="D", line="cast", capacity=1000, unit_price=9.0),
    PartnerOffer(partner="D", line="turn", capacity=500, unit_price=4.0),
)
MARKET = (ORDER, PARTNERS, OFFERS)


def test_the_plain_example():
    found = compose(*MARKET)
    group = found.group
    assert found.complete and set(group.partners) == {"A", "B", "C"} and group.lead in {"A", "B"}
    made = {(one.partner, one.line): one.quantity for one in group.allocations}
    assert made == pytest.approx({("A", "cast"): 700, ("B", "cast"): 300, ("B", "turn"): 200, ("C", "turn"): 300})
    assert group.cost == pytest.approx(160 + 3500 + 1800 + 400 + 300) == pytest.approx(group.counted)
    assert group.bound == pytest.approx(group.cost, rel=1e-5) and group.covered == 1 and group.uncovered == ()
    assert group.spread == pytest.approx(200 * 0.5) and sum(one.part for one in group.members) == pytest.approx(1)


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        (Conditions(max_partners=2), lambda group: len(group.partners) <= 2),
        (Conditions(apart=(("A", "B"),)), lambda group: not {"A", "B"} <= set(group.partners)),
        (Conditions(required=("D",)), lambda group: "D" in group.partners),
        (Conditions(excluded=("A",)), lambda group: "A" not in group.partners),
        (Conditions(lead="B"), lambda group: group.lead == "B"),
        (Conditions(lead="D", lead_part=0.4), lambda group: group.members[0].part >= 0.4 - 1e-6),
        (Conditions(most_part=0.5, sources=1), lambda group: max(one.part for one in group.allocations) <= 0.5 + 1e-6),
        (
            Conditions(countries=(CountryShare(country="TN", least=0.3),)),
            lambda group: _part(group, "TN") >= 0.3 - 1e-6,
        ),
        (Conditions(countries=(CountryShare(country="DZ", most=0.5),)), lambda group: _part(group, "DZ") <= 0.5 + 1e-6),
        (Conditions(sources=3), lambda group: sum(one.line == "cast" for one in group.allocations) == 3),
        (Conditions(budget=6200), lambda group: group.cost <= 6200),
    ],
)
def test_each_condition_holds(conditions, holds):
    found = compose(*MARKET, conditions)
    assert found.complete and holds(found.group), found


def _part(group, country):
    countries = {one.id: one.place.country for one in PARTNERS}
    return sum(one.part for one in group.members if countries[one.partner] == country)


def test_minimum_and_shared_capacity():
    offers = (
        PartnerOffer(partner="A", line="cast", capacity=600, unit_price=1, pool="hall"),
        PartnerOffer(partner="A", line="turn", capacity=600, unit_price=1, pool="hall"),
        PartnerOffer(partner="B", line="cast", capacity=1000, minimum=900, unit_price=2),
        PartnerOffer(partner="D", line="turn", capacity=500, unit_price=3),
    )
    found = compose(ORDER, PARTNERS, offers, Conditions(sources=1)).group
    made = {(one.partner, one.line): one.quantity for one in found.allocations}
    assert made[("B", "cast")] >= 900 - 1e-6
    assert made.get(("A", "cast"), 0) / 600 + made.get(("A", "turn"), 0) / 600 <= 1 + 1e-6


def test_transport_caution_and_risk_are_counted():
    line = OrderLine(id="x", quantity=10, transport=0.01)
    order = Order(id="o", lines=(line,), place=Place(latitude=36.75, longitude=3.06))
    near = Partner(id="near", place=Place(latitude=36.75, longitude=3.06), risk=0.5)
    far = Partner(id="far", place=Place(latitude=35.75, longitude=3.06))
    offers = (
        PartnerOffer(partner="near", line="x", capacity=10, unit_price=10, price_spread=3),
        PartnerOffer(partner="far", line="x", capacity=10, unit_price=10),
    )
    market = (order, (near, far), offers)
    assert compose(*market).group.partners == ("near",)
    assert compose(*market, Conditions(caution=1)).group.partners == ("far",)
    assert compose(*market, Conditions(risk_cost=1)).group.partners == ("far",)
    group = compose(*market, Conditions(excluded=("near",))).group
    assert group.allocations[0].transport == pytest.approx(0.01 * 111.2, rel=1e-2)


def test_unknown_prices_are_estimated_and_said():
    offers = (*OFFERS[:5], replace(OFFERS[5], unit_price=None))
    group = compose(ORDER, PARTNERS, offers, Conditions(required=("D",), max_partners=2)).group
    price = next(one.unit_price for one in group.allocations if (one.partner, one.line) == ("D", "turn"))
    assert price == 1.5 and group.spread > 0


def test_conflicts_are_irreducible_and_reliefs_work():
    conditions = Conditions(max_partners=1, excluded=("D",), sources=2)
    found = compose(*MARKET, conditions)
    kinds = {one.kind for one in found.conflict}
    assert not found.complete and "max_partners" in kinds
    for relief in found.reliefs:
        assert relief.cost > 0 and relief.without in found.conflict
    for one in found.conflict:
        if one.kind == "max_partners":
            assert compose(*MARKET, replace(conditions, max_partners=None)).complete
    assert {one.without.kind for one in found.reliefs} == {"max_partners"}


def test_a_conflict_names_only_what_it_is_about():
    found = compose(ORDER, PARTNERS[:3], OFFERS[:4], Conditions(sources=3, max_partners=3))
    assert [one.kind for one in found.conflict] == ["sources"] and found.conflict[0].about == ("cast",)


def test_what_nobody_makes_is_uncovered():
    found = compose(ORDER, PARTNERS[:1], OFFERS[:1], Conditions(sources=1))
    assert not found.complete and {one.line for one in found.group.uncovered} == {"cast", "turn"}
    assert [one.line for one in found.group.uncovered if one.part == pytest.approx(0.3, rel=1e-5)] == ["cast"]


def test_alternatives_are_distinct_and_ordered():
    found = alternatives(*MARKET, count=4)
    sets = [set(one.partners) for one in found]
    assert len(found) >= 2 and [one.counted for one in found] == sorted(one.counted for one in found)
    assert not any(first <= second for number, first in enumerate(sets) for second in sets[number + 1 :])


def test_weak_points_and_replacements():
    group = compose(*MARKET).group
    found = {one.partner: one for one in weaknesses(*MARKET, None, group)}
    worth = {"cast": 6.0 * 1000, "turn": 2.0 * 500}
    alone = (600 * 6.0) / sum(worth.values())  # without A, B makes 400 of 1000 castings
    assert found["A"].uncovered == pytest.approx(alone, rel=1e-3) and found["A"].replacement == "D"
    assert found["A"].left == 0 and found["A"].expected == pytest.approx(0.1 * alone, rel=1e-3)
    assert found["C"].uncovered == 0


def test_savings_equal_composing_anew():
    found = compose(*MARKET)
    saved = {(one.kind, one.partner, one.line): one.amount for one in savings(*MARKET, None, found)}
    press = replace(OFFERS[0], capacity=1050)
    again = compose(ORDER, PARTNERS, (press, *OFFERS[1:])).group.cost
    assert saved["machine", "A", "cast"] == pytest.approx(found.group.cost - again, rel=1e-4)
    more = compose(ORDER, PARTNERS, (replace(OFFERS[0], capacity=701), *OFFERS[1:])).group.cost
    assert saved["capacity", "A", "cast"] == pytest.approx(found.group.cost - more, rel=1e-3)
    less = replace(ORDER, lines=(ORDER.lines[0], replace(ORDER.lines[1], quantity=499)))
    assert saved["line", "", "turn"] == pytest.approx(
        found.group.cost - compose(less, *MARKET[1:]).group.cost, rel=1e-3
    )


def test_one_more_partner_may_save():
    conditions = Conditions(max_partners=2)
    found = compose(*MARKET, conditions)
    saved = next(one for one in savings(*MARKET, conditions, found) if one.kind == "partners")
    assert saved.amount == pytest.approx(found.group.cost - compose(*MARKET).group.cost, rel=1e-3)


def test_near_misses_say_what_they_would_bring():
    market = (ORDER, PARTNERS[:1], OFFERS[:1])
    found = compose(*market, Conditions(sources=1))
    missed = NearMiss(offer=OFFERS[1], partner=PARTNERS[1], failing=("certificate",))
    gains = miss_gains(*market, Conditions(sources=1), found, [missed])
    assert gains[0].partner == "B" and gains[0].covered > 0.1 and gains[0].failing == ("certificate",)


@pytest.mark.parametrize(
    "change",
    [
        {"offers": (*OFFERS, PartnerOffer(partner="X", line="cast", capacity=1))},
        {"offers": (PartnerOffer(partner="A", line="cast", capacity=-1),)},
        {"conditions": Conditions(lead="nobody")},
        {"order": replace(ORDER, lines=(replace(ORDER.lines[0], quantity=0),))},
        {"order": replace(ORDER, lines=())},
    ],
)
def test_bad_orders_are_refused(change):
    market = {"order": ORDER, "partners": PARTNERS, "offers": OFFERS, "conditions": Conditions(), **change}
    with pytest.raises(InputError):
        compose(**market)


@st.composite
def markets(draw):
    lines = tuple(
        OrderLine(id=f"l{n}", quantity=draw(st.integers(1, 9)), critical=draw(st.booleans())) for n in range(2)
    )
    partners = tuple(Partner(id=f"p{n}", fixed_cost=draw(st.integers(0, 9))) for n in range(3))
    offers = tuple(
        PartnerOffer(
            partner=partner.id,
            line=line.id,
            capacity=draw(st.integers(0, 9)),
            minimum=draw(st.integers(0, 3)),
            unit_price=draw(st.integers(1, 6)),
        )
        for partner in partners
        for line in lines
    )
    limit = draw(st.sampled_from([None, 1, 2]))
    return Order(id="o", lines=lines), partners, offers, Conditions(max_partners=limit, least_part=0.0)


def enumerated(order, partners, offers, conditions):
    """The least cost over all sets of offers used, each a linear program of SciPy."""
    best = None
    for used in product((False, True), repeat=len(offers)):
        chosen = [one for one, flag in zip(offers, used, strict=True) if flag]
        engaged = {one.partner for one in chosen}
        if conditions.max_partners is not None and len(engaged) > conditions.max_partners:
            continue
        if any(line.critical and sum(one.line == line.id for one in chosen) < 2 for line in order.lines):
            continue
        if not chosen:
            continue
        rows = np.array([[float(one.line == line.id) for one in chosen] for line in order.lines])
        quantity = {line.id: line.quantity for line in order.lines}
        bounds = [(one.minimum, min(one.capacity, quantity[one.line])) for one in chosen]
        if any(low > high for low, high in bounds):
            continue
        prices = [one.unit_price for one in chosen]
        found = linprog(prices, A_eq=rows, b_eq=[line.quantity for line in order.lines], bounds=bounds, method="highs")
        if found.status == 0:
            cost = found.fun + sum(one.fixed_cost for one in partners if one.id in engaged)
            best = cost if best is None else min(best, cost)
    return best


@settings(max_examples=40, deadline=None)
@given(markets())
def test_composition_agrees_with_enumeration(market):
    found, best = compose(*market), enumerated(*market)
    assert found.complete == (best is not None)
    if best is not None:
        assert found.group.cost == pytest.approx(best, rel=1e-5, abs=1e-6)
