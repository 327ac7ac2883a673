"""The command line as a user and a program meet it: results, JSON, errors with exit code 2, help in three languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REGISTER = "id,name,country,capability,spare\nE1,مسبك الهضاب,DZ,صب الألمنيوم تحت الضغط ADC10,8000 قطعة/شهر\nE2,Menuiserie Atlas,MA,Menuiserie bois et meubles,\n"
NEEDS = 'id,text\nN1,"Pièces en aluminium moulées sous pression AlSi9Cu3, 5 000 pièces/mois"\n'


def run(*words: object, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TASHBIK_LANGUAGE": language, "TASHBIK_TODAY": "2026-11-24", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "tashbik", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    base = tmp_path_factory.mktemp("commands")
    (base / "register.csv").write_text(REGISTER, encoding="utf-8")
    (base / "needs.csv").write_text(NEEDS, encoding="utf-8")
    (base / "labels.qrels").write_text("N1 0 E1 3\n", encoding="utf-8")
    done = run("import", base / "register.csv", "--into", base / "r", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["taken"] == 2
    return base


def test_match_prints_the_documented_json(folder):
    done = run("match", "--registry", folder / "r", "--needs", folder / "needs.csv", "--top", 5, "--json")
    line = json.loads(done.stdout)["needs"][0]["lines"][0]
    link = line["links"][0]
    assert link["enterprise"] == "E1" and link["share"] == 1.0 and 0 < link["score"] <= 100
    outcomes = {one["requirement"]: one["verdict"] for one in link["verdicts"]}
    assert outcomes["process"] == outcomes["material"] == outcomes["quantity"] == "pass"
    assert {"requirement", "verdict", "asked", "offered", "source"} <= set(link["verdicts"][0])
    assert link["explanation"] and isinstance(link["questions"], list)


def test_match_is_readable_in_arabic(folder):
    done = run("match", "--registry", folder / "register.csv", "--needs", folder / "needs.csv", "--language", "ar")
    assert done.returncode == 0 and "مستوفى" in done.stdout and "مسبك الهضاب" in done.stdout
    assert "\x1b[" not in done.stdout


def test_whole_matches_are_measured(folder):
    words = ("--registry", folder / "r", "--needs", folder / "needs.csv", "--qrels", folder / "labels.qrels")
    figures = json.loads(run("evaluate", "match", *words, "--json").stdout)
    assert (figures["queries"], figures["recall@1"], figures["mrr@10"]) == (1, 1.0, 1.0)


def test_retrieval_prints_the_documented_figures(tmp_path):
    (tmp_path / "d.jsonl").write_text(
        '{"id": "d1", "text": "filature de coton", "lang": "fr"}\n{"id": "d2", "text": "fonderie", "lang": "fr"}\n'
    )
    (tmp_path / "q.jsonl").write_text('{"id": "q1", "text": "غزل القطن", "lang": "ar"}\n')
    (tmp_path / "j").write_text("q1 0 d1 1\n")
    words = (
        "--documents",
        tmp_path / "d.jsonl",
        "--queries",
        tmp_path / "q.jsonl",
        "--qrels",
        tmp_path / "j",
        "--json",
    )
    figures = json.loads(run("evaluate", "retrieval", *words).stdout)
    assert set(figures) == {
        "queries",
        "recall@1",
        "recall@10",
        "mrr@10",
        "ndcg@10",
        "index_seconds",
        "p50_ms",
        "p95_ms",
    }
    assert figures["mrr@10"] == 1.0


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
def test_export_and_import_again_is_the_same_register(folder, tmp_path, suffix):
    assert run("export", folder / "r", tmp_path / f"out.{suffix}").returncode == 0
    run("import", tmp_path / f"out.{suffix}", "--into", tmp_path / "again")
    one, other = (
        {json.dumps(json.loads(line), sort_keys=True) for line in file.read_text(encoding="utf-8").splitlines()}
        for file in (_exported(folder / "r", tmp_path / "1.jsonl"), _exported(tmp_path / "again", tmp_path / "2.jsonl"))
    )
    assert one == other


def _exported(register: Path, file: Path) -> Path:
    run("export", register, file)
    return file


def test_search_classify_and_doctor(folder):
    found = json.loads(run("search", "--registry", folder / "r", "meubles en bois", "--json").stdout)
    assert next(iter(found.values()))[0]["enterprise"] == "E2"
    assert "process.turning" in run("classify", "خراطة").stdout
    assert json.loads(run("doctor", folder / "r", "--json").stdout)["problems"] == []


def test_a_stale_index_is_made_anew(folder, tmp_path):
    run("import", folder / "register.csv", "--into", tmp_path / "r")
    mark = tmp_path / "r" / "index" / "made-with.json"
    mark.write_text(mark.read_text().replace('"vocabulary": "', '"vocabulary": "older-'))
    done = run("match", "--registry", tmp_path / "r", "--needs", folder / "needs.csv")
    assert done.returncode == 0 and "made anew" in done.stderr and "مسبك الهضاب" in done.stdout


@pytest.mark.parametrize(
    ("content", "expected"),
    [("a,b\n1,2\n", "none of the columns is known"), ("", "the file is empty")],
)
def test_bad_input_ends_with_two_and_one_line(tmp_path, content, expected):
    (tmp_path / "bad.csv").write_text(content)
    done = run("import", tmp_path / "bad.csv", "--into", tmp_path / "r")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert "bad.csv" in done.stderr and expected in done.stderr


def test_errors_have_one_json_shape(tmp_path):
    done = run("match", "--registry", tmp_path / "none.csv", "--needs", tmp_path / "none.csv", "--json")
    assert done.returncode == 2
    assert set(json.loads(done.stdout)) == {"error", "message", "file", "row", "field", "mend"}


@pytest.mark.parametrize(("language", "word"), [("ar", "استيراد"), ("fr", "Importer"), ("en", "Import a register")])
def test_help_is_in_the_readers_language(language, word):
    assert word in run("--help", language=language).stdout


def test_the_demonstration_runs(tmp_path):
    done = run("demo", "--needs", 2, language="fr")
    assert done.returncode == 0 and "N-01" in done.stdout and "TSB" not in done.stderr


def test_why_not_tells_of_any_enterprise(folder):
    words = ("--registry", folder / "r", "--needs", folder / "needs.csv")
    line = json.loads(run("match", *words, "--why-not", "E2", "--json").stdout)["needs"][0]["lines"][0]
    assert "E2" not in {link["enterprise"] for link in line["links"]}
    told = line["named"][0]
    assert told["enterprise"] == "E2" and any(one["verdict"] == "fail" for one in told["verdicts"])
    assert run("match", *words, "--why-not", "E9").returncode == 2


def test_markup_in_foreign_text_is_only_text(tmp_path):
    (tmp_path / "r.csv").write_text("id,name,capability\nE1,Société [/b] [SARL],tournage [bold]\n", encoding="utf-8")
    (tmp_path / "n.csv").write_text("id,text\nN1,tournage [/b] de pièces\n", encoding="utf-8")
    done = run("match", "--registry", tmp_path / "r.csv", "--needs", tmp_path / "n.csv")
    assert done.returncode == 0 and "[SARL]" in done.stdout and "[/b]" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("match", "--needs", "x.csv"),
        ("import", "missing.csv", "--into", "new"),
        ("export", "{r}", "/nowhere/at/all.csv"),
        ("import", "{register}", "--into", "{r2}", "--rejects", "/nowhere/at/all.csv"),
        ("match", "--registry", "{empty}", "--needs", "{needs}"),
    ],
)
def test_every_error_is_one_line_and_two(folder, tmp_path, words):
    places = {
        "r": folder / "r",
        "r2": tmp_path / "r2",
        "register": folder / "register.csv",
        "empty": tmp_path,
        "needs": folder / "needs.csv",
    }
    done = run(*(str(word).format(**places) for word in words))
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
    assert not (tmp_path / "records.jsonl").exists() and not Path("new").exists()


def test_a_terminal_that_lacks_arabic_gets_question_marks():
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "TASHBIK_LANGUAGE": "ar"}
    done = subprocess.run([sys.executable, "-m", "tashbik", "classify", "خراطة"], capture_output=True, env=environment)
    assert done.returncode == 0 and b"process.turning" in done.stdout
