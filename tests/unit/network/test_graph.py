"""The linkage graph: every measure equals networkx's on random graphs, by hand on small ones; files and picture."""

from __future__ import annotations

import csv
import math
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tashbik.errors import InputError
from tashbik.network.analysis import NAMES, analyse, table
from tashbik.network.drawing import SIZE, layout, packed, svg
from tashbik.network.flows import chain_position, dependence
from tashbik.network.graph import Edge, Node, linkage_graph, of_arrays
from tashbik.network.graph_files import read_edges, write_graphml, write_table
from tashbik.network.holes import clustering, constraint, effective_size, triangles
from tashbik.network.measures import (
    betweenness,
    betweenness_from,
    by_size,
    communities,
    components,
    core_numbers,
    degree,
    modularity,
    strength,
)


@st.composite
def graphs(draw, *, acyclic=False):
    """A random graph of up to 14 nodes with parallel ties and loops, here and in networkx."""
    size = draw(st.integers(2, 14))
    ends = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1), st.integers(1, 5))
    edges = draw(st.lists(ends, min_size=1, max_size=40))
    if acyclic:
        edges = [(min(a, b), max(a, b), w) for a, b, w in edges if a != b] or [(0, 1, 1)]
    graph = of_arrays(
        [f"n{n}" for n in range(size)], [e[0] for e in edges], [e[1] for e in edges], [e[2] for e in edges], "supply"
    )
    other = nx.DiGraph() if acyclic else nx.Graph()
    other.add_nodes_from(range(size))
    for a, b, weight in edges:
        if a != b:
            before = other[a][b]["weight"] if other.has_edge(a, b) else 0
            other.add_edge(a, b, weight=before + weight)
    return graph, other


def same(ours, theirs):
    theirs = [theirs[n] for n in range(len(ours))]
    np.testing.assert_allclose(np.asarray(ours, float), np.array(theirs, float), rtol=1e-9, atol=1e-12)


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_undirected_measures_equal_networkx(pair):
    graph, other = pair
    same(degree(graph), dict(other.degree()))
    same(strength(graph), dict(other.degree(weight="weight")))
    same(core_numbers(graph), nx.core_number(other))
    same(betweenness(graph), nx.betweenness_centrality(other))
    same(betweenness_from(graph, np.arange(len(graph))), nx.betweenness_centrality(other))
    same(clustering(graph), nx.clustering(other))
    same(constraint(graph), nx.constraint(other, weight="weight"))
    found = triangles(graph)
    assert len(found.first) == sum(nx.triangles(other).values()) // 3
    parts = components(graph)
    for one in nx.connected_components(other):
        assert len({parts[n] for n in one}) == 1
    assert parts.max() + 1 == nx.number_connected_components(other)


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_effective_size_and_modularity_equal_networkx(pair):
    graph, other = pair
    plain = nx.Graph(other)
    for _, _, data in plain.edges(data=True):
        data.clear()
    same(effective_size(graph), nx.effective_size(plain))
    found = communities(graph)
    sets = [set(np.flatnonzero(found.of == label).tolist()) for label in range(found.count)]
    if other.number_of_edges():
        assert found.modularity == pytest.approx(nx.community.modularity(other, sets, weight="weight"))
        assert modularity(graph, found.of) == pytest.approx(found.modularity)
        single = np.arange(len(graph))
        assert found.modularity >= modularity(graph, single) - 1e-12


@settings(max_examples=60, deadline=None)
@given(graphs(acyclic=True))
def test_position_in_the_chain_equals_trophic_levels(pair):
    graph, other = pair
    levels = nx.trophic_levels(other)
    ours = chain_position(graph)
    for node in other:
        if other.degree(node):
            assert ours[node] == pytest.approx(levels[node], rel=1e-9)
        else:
            assert math.isnan(ours[node])


def test_a_ring_that_buys_from_nobody_stands_at_one():
    graph = of_arrays("abcd", [0, 1, 1, 2], [1, 0, 2, 3], kind="supply")
    assert chain_position(graph).tolist() == pytest.approx([1, 1, 2, 3])


def test_communities_of_two_cliques_joined_by_one_tie():
    edges = [(a, b) for block in (0, 5) for a in range(block, block + 5) for b in range(a + 1, block + 5)] + [(0, 5)]
    graph = of_arrays([str(n) for n in range(11)], *zip(*edges, strict=True))
    found = communities(graph)
    assert found.count == 3 and len(set(found.of[:5])) == len(set(found.of[5:10])) == 1 and found.of[10] == 2
    assert (communities(graph).of == found.of).all()


def test_labels_are_numbered_by_size():
    assert by_size(np.array([7, 3, 3, 9, 7, 3])).tolist() == [1, 0, 0, 2, 1, 0]


def test_dependence_by_hand():
    edges = [
        Edge(source="m", target="x", kind="supply", weight=3),
        Edge(source="n", target="x", kind="supply", weight=1),
        Edge(source="m", target="y", kind="award", weight=5),
        Edge(source="y", target="x", kind="place", weight=9),
    ]
    graph = linkage_graph(edges, [Node(id="idle", names={"ar": "عاطل"})])
    found, at = dependence(graph), graph.position
    assert found.suppliers[at["x"]] == 2 and found.concentration[at["x"]] == pytest.approx(10 / 16)
    assert found.largest[at["x"]] == at["m"] and found.largest_part[at["x"]] == 0.75
    assert found.sole_for[at["m"]] == 1 and found.at_stake[at["m"]] == 5 and found.sole_for[at["n"]] == 0
    assert math.isnan(found.concentration[at["idle"]]) and graph.name(at["idle"], "fr") == "عاطل"
    assert len(graph.of_kinds(["place"]).source) == 1


def test_sampled_betweenness_is_near_the_exact_one(monkeypatch):
    other = nx.barabasi_albert_graph(300, 2, seed=4)
    graph = of_arrays([str(n) for n in range(300)], *zip(*other.edges(), strict=True))
    exact = betweenness(graph)
    monkeypatch.setattr("tashbik.network.measures.EXACT_NODES", 10)
    sampled = betweenness(graph, pivots=100)
    assert np.corrcoef(exact, sampled)[0, 1] > 0.95
    assert analyse(graph).measures["betweenness"].estimated


def test_analysis_says_definition_coverage_and_date(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text(
        "maker,for_company,n_products,as_of\nA,B,2,2025-03-01\nB,C,1,2026-01-05\n=D,A,1,\n", encoding="utf-8"
    )
    found = analyse(linkage_graph(read_edges(path)))
    assert set(found.measures) == set(NAMES) and str(found.graph.as_of) == "2026-01-05"
    suppliers = found.measures["suppliers"]
    assert suppliers.coverage == 0.75 and not suppliers.estimated
    assert len({suppliers.definition(language) for language in ("ar", "fr", "en")}) == 3
    assert found.top("position", 1) == [("C", 4.0)] and found.top("degree", 9, lowest=True)[0][1] == 1
    assert found.single_sources(1)[0][1] == 1
    header, rows = table(found)
    assert list(header[:3]) == ["id", "name", "degree"] and len(rows) == 4
    write_table(found, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["A", "B", "C", "'=D"]


def test_graphml_is_read_by_networkx(tmp_path):
    edges = [
        Edge(source="a<b", target='c"d', kind="rfq", weight=2.5),
        Edge(source='c"d', target="مصنع\x01", kind="award"),
    ]
    found = analyse(linkage_graph(edges, [Node(id="a<b", names={"en": "A & B"})]))
    write_graphml(found, tmp_path / "g.graphml")
    read = nx.read_graphml(tmp_path / "g.graphml")
    assert read.number_of_nodes() == 3 and read["a<b"]['c"d'] == {"kind": "rfq", "weight": 2.5}
    assert read.nodes["a<b"]["name"] == "A & B" and read.nodes['c"d']["degree"] == 2


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_picture_is_named_and_described(language):
    other = nx.relaxed_caveman_graph(6, 8, 0.1, seed=2)
    graph = of_arrays([f"<{n}>" for n in range(48)], *zip(*other.edges(), strict=True))
    found = analyse(graph)
    root = ElementTree.fromstring(svg(found, language=language))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img" and root.get("lang") == language
    ids = {root.find(f"{space}title").get("id"), root.find(f"{space}desc").get("id")}
    assert set(root.get("aria-labelledby").split()) == ids and "48" in root.find(f"{space}desc").text
    circles = root.findall(f"{space}circle")
    assert len(circles) == 48 and all(one.find(f"{space}title").text.startswith("<") for one in circles)


def test_the_layout_fits_and_repeats():
    other = nx.gnm_random_graph(80, 100, seed=3)
    graph = of_arrays([str(n) for n in range(80)], *zip(*other.edges(), strict=True))
    of = communities(graph).of
    one, two = layout(graph, of), layout(graph, of)
    assert (
        (one.x == two.x).all() and one.x.min() >= 0 and one.x.max() <= SIZE and one.y.min() >= 0 and one.y.max() <= SIZE
    )


def test_discs_do_not_overlap():
    radii = np.array([5.0, 3.0, 3.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0])
    middles, _ = packed(radii)
    for one in range(len(radii)):
        for other in range(one):
            assert np.hypot(*(middles[one] - middles[other])) >= radii[one] + radii[other] - 1e-9


@pytest.mark.parametrize(
    ("rows", "row", "field"),
    [
        ("source,weight\na,1\n", 1, ""),
        ("source,target\na,\n", 2, "target"),
        ("source,target,weight\na,b,1\na,b,zero\n", 3, "weight"),
        ("source,target,kind\na,b,friend\n", 2, "kind"),
        ("source,target,as_of\na,b,2026-13-01\n", 2, "as_of"),
    ],
)
def test_bad_edges_name_row_and_field(write, rows, row, field):
    with pytest.raises(InputError) as caught:
        list(read_edges(write("e.csv", rows)))
    assert (caught.value.row, caught.value.field) == (row, field)


def test_an_empty_graph_has_no_measures_and_no_errors():
    found = analyse(linkage_graph([], [Node(id="alone")]))
    assert found.communities.count == 1 and found.brokers() == [] and "<svg" in svg(found)
    assert analyse(linkage_graph([])).measures["degree"].coverage == 0
