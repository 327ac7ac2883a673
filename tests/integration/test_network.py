"""The commands `tashbik network …` as a user and a program meet them: results, files, JSON, errors with exit code 2, three languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

REGISTER = (
    "id,name,country,capability,spare\n"
    "E1,مسبك الهضاب,DZ,صب الألمنيوم تحت الضغط ADC10,8000 قطعة/شهر\n"
    "E2,Fonderie Atlas,MA,Fonderie d'aluminium sous pression AlSi9Cu3,6000 pièces/mois\n"
    "E3,Menuiserie Atlas,MA,Menuiserie bois et meubles,\n"
)
NEEDS = 'id,text\nN1,"Pièces en aluminium moulées sous pression AlSi9Cu3, 12 000 pièces/mois"\n'
ORDER = {
    "order": {
        "id": "O",
        "currency": "TND",
        "lines": [{"id": "a", "quantity": 100, "text": "supports"}, {"id": "b", "quantity": 50}],
    },
    "partners": [{"id": "P", "names": {"fr": "Presse Sud"}, "fixed_cost": 10}, {"id": "Q", "fixed_cost": 5}],
    "offers": [
        {"partner": "P", "line": "a", "capacity": 80, "unit_price": 2, "machine": "machine.press", "machines": 4},
        {"partner": "Q", "line": "a", "capacity": 60, "unit_price": 3},
        {"partner": "Q", "line": "b", "capacity": 50, "unit_price": 1},
    ],
}
PROBLEM = {
    "suppliers": [{"id": "s", "capacity": 5, "fixed_cost": 3}, {"id": "t", "capacity": 5, "fixed_cost": 1}],
    "demands": [{"id": "d", "quantity": 4}],
    "unit_cost": [[1], [2]],
}


def run(*words: object, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TASHBIK_LANGUAGE": language, "TASHBIK_TODAY": "2026-11-24", "NO_COLOR": "1"}
    code = "from tashbik.cli.network import network; network(prog_name='tashbik network')"
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, encoding="utf-8")


def test_source_prints_the_documented_json_and_nothing_else(write):
    done = run("source", write("p.json", json.dumps(PROBLEM)), "--json")
    found = json.loads(done.stdout)
    assert list(found) == ["status", "cost", "bound", "seconds", "open", "allocation"] and done.returncode == 0
    assert (found["status"], found["cost"], found["open"]) == ("optimal", 7, ["s"]) and found["bound"] <= 7
    assert found["allocation"] == [["s", "d", 4.0]]


@pytest.mark.parametrize(("language", "word"), [("ar", "الحل الأمثل"), ("fr", "optimal"), ("en", "optimal")])
def test_source_for_people(write, language, word):
    done = run("source", write("p.json", json.dumps(PROBLEM)), "--time-limit", 5, language=language)
    assert done.stdout.startswith(word) and done.stdout.splitlines()[1] == "s"


def test_an_infeasible_problem_is_an_answer(write):
    problem = {**PROBLEM, "demands": [{"id": "d", "quantity": 40}]}
    found = json.loads(run("source", write("p.json", json.dumps(problem)), "--json").stdout)
    assert found["status"] == "infeasible" and found["cost"] is None and found["allocation"] == []


def test_bad_files_are_one_line_and_exit_code_2(write, tmp_path):
    bad = write("p.json", json.dumps({**PROBLEM, "unit_cost": [[1], [-2]]}))
    done = run("source", bad)
    assert (
        done.returncode == 2 and done.stderr.count("\n") == 1 and "row 2" in done.stderr and "unit_cost" in done.stderr
    )
    assert json.loads(run("source", bad, "--json").stdout)["row"] == 2
    assert run("source", tmp_path / "none.json").returncode == 2
    order = write("o.json", json.dumps({**ORDER, "offers": [{"partner": "P", "line": "a", "capacity": "many"}]}))
    done = run("compose", order, "--json")
    assert done.returncode == 2 and json.loads(done.stdout)["field"] == "offers[0].capacity"
    assert run("compose").returncode == 2 and run("graph", bad).returncode == 2


def test_compose_an_order_file(write):
    done = run("compose", write("o.json", json.dumps(ORDER)), "--agreement", "--language", "fr", "--json")
    found = json.loads(done.stdout)["orders"][0]
    made = {(one["partner"], one["line"]): one["quantity"] for one in found["group"]["allocations"]}
    assert found["complete"] and made == pytest.approx({("P", "a"): 80, ("Q", "a"): 20, ("Q", "b"): 50})
    assert found["group"]["cost"] == pytest.approx(10 + 160 + 5 + 60 + 50) and found["conflict"] == []
    assert {one["kind"] for one in found["savings"]} >= {"machine", "capacity", "line"}
    assert any("Presse Sud" in row for row in found["agreement"]["sections"][0]["rows"])
    assert {one["partner"] for one in found["weaknesses"]} == {"P", "Q"} and found["sentences"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_compose_tells_why_an_order_cannot_be_met(write, language):
    done = run("compose", write("o.json", json.dumps(ORDER)), "--max-partners", 1, "--language", language)
    assert done.returncode == 0 and "{" not in done.stdout
    found = json.loads(run("compose", write("o.json", json.dumps(ORDER)), "--max-partners", 1, "--json").stdout)[
        "orders"
    ][0]
    assert not found["complete"] and "max_partners" in [one["kind"] for one in found["conflict"]]
    assert found["reliefs"][0]["cost"] == pytest.approx(285) and found["group"]["covered"] < 1


def test_compose_from_a_register_and_needs(write):
    terms = write("t.json", json.dumps({"currency": "DZD", "fixed_cost": 5000}))
    register, needs = write("r.csv", REGISTER), write("n.csv", NEEDS)
    done = run("compose", "--registry", register, "--needs", needs, "--terms", terms, "--json")
    found = json.loads(done.stdout)["orders"][0]
    assert {one["partner"] for one in found["group"]["members"]} == {"E1", "E2"}, done.stderr
    assert found["complete"] and any("unit_price" in one["fields"] for one in found["assumed"])
    assert sum(one["quantity"] for one in found["group"]["allocations"]) == pytest.approx(12000)


def test_graph_writes_its_files(write, tmp_path):
    edges = write("e.csv", "maker,for_company,n_products\nA,B,3\nB,C,1\nA,C,1\nD,C,2\n")
    files = [tmp_path / name for name in ("g.graphml", "t.csv", "g.svg")]
    done = run(
        "graph", edges, "--graphml", files[0], "--table", files[1], "--svg", files[2], "--language", "ar", "--json"
    )
    found = json.loads(done.stdout)
    assert (found["nodes"], found["edges"]) == (4, 4) and found["measures"]["degree"]["top"][0] == ["C", 3.0]
    assert found["measures"]["suppliers"]["coverage"] == 0.5 and found["single_sources"][0]["id"] == "A"
    assert all(one.stat().st_size for one in files) and ElementTree.parse(files[2]).getroot().get("lang") == "ar"
    assert not list(tmp_path.glob("*.partial"))
    assert run("graph", edges, "--svg", tmp_path / "no" / "g.svg").returncode == 2


def test_the_egyptian_network_of_makers(shared: Path):
    done = run("graph", shared / "registry" / "eg_pharma_links.csv", "--json")
    found = json.loads(done.stdout)
    assert found["nodes"] == 3567 and found["edges"] == 4922 and found["modularity"] > 0.75
    assert found["measures"]["degree"]["top"][0][0] == "ORGANIX"


def test_help_is_in_three_languages():
    assert "قصى مدة" in run("source", "--help", language="ar").stdout
    assert "Durée maximale" in run("source", "--help", language="fr").stdout
    assert "Time limit" in run("source", "--help", language="en").stdout
