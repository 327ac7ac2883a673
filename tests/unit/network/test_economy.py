"""Missing linkages, likeness of enterprises, location quotient and the Ellison–Glaeser index: by hand and against the formulas."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tashbik.errors import InputError
from tashbik.network.concentration import Plant, agglomeration, location_quotients
from tashbik.network.gaps import Demand, Supply, is_near, missing_links
from tashbik.network.graph import Edge, linkage_graph
from tashbik.network.likeness import PURPOSES, alike, features_for
from tashbik.registry.records import Capability, Enterprise, Machine, Place

BLIDA, ALGIERS, ORAN = (
    Place(country="DZ", region="DZ-09", latitude=36.47, longitude=2.83),
    Place(country="DZ", region="DZ-16", latitude=36.75, longitude=3.06),
    Place(country="DZ", region="DZ-31", latitude=35.70, longitude=-0.63),
)


def test_missing_links_by_hand():
    supplies = [
        Supply(enterprise="near", concept="process.x", place=ALGIERS),
        Supply(enterprise="far", concept="process.y", place=ORAN),
        Supply(enterprise="tied", concept="process.z", place=ALGIERS),
        Supply(enterprise="buyer", concept="process.q", place=BLIDA),
    ]
    demands = [
        Demand(enterprise="buyer", concept=f"process.{one}", place=BLIDA, weight=w)
        for one, w in zip("xyzq", (1, 4, 3, 2), strict=True)
    ]
    found = missing_links(demands, supplies, linkage_graph([Edge(source="tied", target="buyer")]))
    assert [(one.concept, one.kind, one.makers) for one in found] == [
        ("process.y", "absent", ("far",)),
        ("process.q", "absent", ()),
        ("process.x", "unlinked", ("near",)),
    ]
    assert 320 < found[0].km < 380 and found[1].km is None and 30 < found[2].km < 45


def test_a_maker_of_the_narrower_makes_the_broader():
    from tashbik.nomenclature.tables import concepts

    narrow = next(one for one in concepts().values() if one.broader in concepts())
    supplies = [Supply(enterprise="m", concept=narrow.id, place=BLIDA)]
    graph = linkage_graph([])
    broad = [Demand(enterprise="b", concept=narrow.broader, place=BLIDA)]
    assert missing_links(broad, supplies, graph)[0].kind == "unlinked"


def test_nearness_by_the_best_that_is_known():
    assert is_near(BLIDA, ALGIERS, 50) and not is_near(BLIDA, ORAN, 50)
    assert not is_near(Place(country="DZ", region="DZ-09"), ALGIERS, 50)
    assert is_near(Place(country="DZ"), ALGIERS, 50) and not is_near(Place(country="TN"), ALGIERS, 50)
    assert not is_near(Place(), Place(), 50)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 8)), min_size=1, max_size=8))
def test_likeness_is_found_for_every_pair_and_jaccard_is_networkx(sets):
    profiles = {f"e{n}": [f"f{one}" for one in chosen] for n, chosen in enumerate(sets)}
    found = {(one.one, one.other): one for one in alike(profiles, top=99, least=1e-9)}
    graph = nx.Graph([(one, feature) for one, features in profiles.items() for feature in features])
    for one, other in combinations(profiles, 2):
        common = set(profiles[one]) & set(profiles[other])
        assert ((one, other) in found) == bool(common)
        if common:
            pair = found[one, other]
            assert set(pair.shared) == common and 0 < pair.likeness <= 1
            assert pair.jaccard == pytest.approx(next(nx.jaccard_coefficient(graph, [(one, other)]))[2])
            assert (pair.likeness == pytest.approx(1)) == (set(profiles[one]) == set(profiles[other]))


def test_rare_features_weigh_more():
    profiles = {"a": ["common", "rare"], "b": ["common", "x"], "c": ["rare", "y"], "d": ["common"], "e": ["common"]}
    found = {(one.one, one.other): one.likeness for one in alike(profiles, least=0.01)}
    assert found["a", "c"] > found["a", "b"]


def test_features_by_purpose():
    one = Enterprise(
        id="e",
        names={"en": "E"},
        capabilities=(
            Capability(id="1", concepts=("process.casting", "material.aluminium", "product.pump"), grades=("AlSi9",)),
        ),
        machines=(Machine(concepts=("machine.press",)),),
    )
    assert features_for(one, "purchasing") == ("material.aluminium", "AlSi9")
    assert features_for(one, "export") == ("product.pump",)
    assert features_for(one, "machines") == ("machine.press", "process.casting")
    assert len(PURPOSES) == 3


PLANTS = [
    Plant(industry="shoes", region="A", employees=60),
    Plant(industry="shoes", region="A", employees=20),
    Plant(industry="shoes", region="B", employees=20),
    Plant(industry="steel", region="B", employees=100),
]


def test_location_quotient_by_hand():
    found = {(one.industry, one.region): one for one in location_quotients(PLANTS)}
    assert found["shoes", "A"].quotient == pytest.approx((80 / 80) / (100 / 200)) and found["shoes", "A"].plants == 2
    assert found["shoes", "B"].quotient == pytest.approx((20 / 120) / (100 / 200))
    assert found["steel", "B"].quotient == pytest.approx((100 / 120) / (100 / 200))


def test_ellison_glaeser_by_hand():
    found = {one.industry: one for one in agglomeration(PLANTS)}
    raw = (0.8 - 0.4) ** 2 + (0.2 - 0.6) ** 2
    size = 0.6**2 + 0.2**2 + 0.2**2
    assert found["shoes"].raw == pytest.approx(raw) and found["shoes"].herfindahl == pytest.approx(size)
    assert found["shoes"].gamma == pytest.approx((raw / (1 - 0.4**2 - 0.6**2) - size) / (1 - size))
    assert found["steel"].gamma is None


def test_plants_thrown_at_random_are_not_concentrated():
    import numpy as np

    random, gammas = np.random.default_rng(1), []
    for _ in range(200):
        plants = [Plant(industry="i", region=f"r{random.integers(10)}", employees=1.0) for _ in range(50)]
        plants += [Plant(industry="other", region=f"r{n}", employees=10_000.0) for n in range(10)]
        gammas.append(next(one.gamma for one in agglomeration(plants) if one.industry == "i"))
    assert abs(sum(gammas) / len(gammas)) < 0.005


def test_a_plant_without_employees_is_refused():
    with pytest.raises(InputError):
        location_quotients([Plant(industry="i", region="r", employees=0)])
