"""Identity end to end: files in, figures, pairs and clusters out; a generated register; the real names where they are."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest
from benchmarks.identity_register import generate
from click.testing import CliRunner

from tashbik.cli.identity import dedupe, evaluate_identity
from tashbik.errors import FileError, InputError, TashbikError
from tashbik.registry.identity import RegisterIdentity, pairwise
from tashbik.registry.identity import evaluate_identity as measure
from tashbik.registry.identity.files import read_clusters, read_decisions, read_particulars

REGISTER = """id,name,country,ville,téléphone
1,SARL Zerrouki Plastique,Algérie,Sétif,036 51 22 40
2,شركة زروقي للبلاستيك,الجزائر,سطيف,
3,Zerouki Plastics Co.,Algeria,Setif,+213 36 51 22 40
4,Meubles Bensalem,Algérie,Oran,041 33 22 11
5,SARL Frères Merabet,Algérie,Batna,
6,Merabet Frères Emballage,Algérie,,
"""


def run(command: object, *arguments: object) -> str:
    """What a command prints; errors are raised."""
    result = CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    return result.output


def test_dedupe_proposes_pairs_with_reasons_and_changes_nothing(write, tmp_path: Path) -> None:
    register = write("register.csv", REGISTER)
    document = msgspec.json.decode(run(dedupe, register, "--json", "--language", "ar"))
    assert document["records"] == 6
    assert ["1", "2", "3"] in [sorted(one["records"]) for one in document["clusters"]]
    pair = next(one for one in document["pairs"] if {one["first"], one["second"]} == {"1", "3"})
    assert {"contact", "name"} <= {reason["field"] for reason in pair["reasons"]}
    assert "الهاتف أو البريد الإلكتروني نفسه" in {reason["text"] for reason in pair["reasons"]}
    assert register.read_text(encoding="utf-8") == REGISTER


def test_decisions_written_into_the_file_of_pairs_are_learned(write, tmp_path: Path) -> None:
    register, pairs, clusters = write("register.csv", REGISTER), tmp_path / "pairs.csv", tmp_path / "clusters.csv"
    run(dedupe, register, "--out", pairs)
    with pairs.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {"first", "second", "probability", "decision", "reasons"} <= set(rows[0])
    for row in rows:
        row["decision"] = "distinct" if "2" in (row["first"], row["second"]) else ""
    decided = tmp_path / "decided-pairs.csv"
    with decided.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    run(dedupe, register, "--decisions", decided, "--out", clusters)
    with clusters.open(encoding="utf-8-sig", newline="") as stream:
        cluster = {row["id"]: row["cluster"] for row in csv.DictReader(stream)}
    assert cluster["1"] == cluster["3"] != cluster["2"]
    assert len(cluster) == 6


def test_evaluate_identity_prints_its_figures(write) -> None:
    register = write("register.csv", REGISTER)
    gold = write("gold.csv", "id,cluster\n1,a\n2,a\n3,a\n4,b\n5,c\n6,d\n")
    figures = msgspec.json.decode(run(evaluate_identity, "--records", register, "--gold", gold, "--json"))
    assert list(figures) == ["precision", "recall", "f1", "records", "pairs", "seconds"]
    assert (figures["records"], figures["pairs"], figures["recall"]) == (6, 3, 1.0)


@pytest.mark.parametrize(
    ("records", "gold", "place"),
    [
        ("id,name\n1,A\n1,B\n", "id,cluster\n1,a\n", ("r.csv", 3, "id")),
        ("id,name\n1,\n", "id,cluster\n1,a\n", ("r.csv", 2, "name")),
        ("name\nA\n", "id,cluster\n1,a\n", ("r.csv", 1, "id")),
        ("id,name\n1,A\n2,B\n", "id,cluster\n1,a\n", ("g.csv", None, "id")),
        ("id,name\n1,A\n", "id,group\n1,a\n", ("g.csv", 1, "cluster")),
        ("id,name\n1,A\n", "id,cluster\n1,\n", ("g.csv", 2, "cluster")),
    ],
)
def test_bad_files_are_refused_with_their_place(write, records: str, gold: str, place: tuple[object, ...]) -> None:
    with pytest.raises(InputError) as raised:
        run(evaluate_identity, "--records", write("r.csv", records), "--gold", write("g.csv", gold))
    assert (raised.value.file, raised.value.row, raised.value.field) == place
    assert raised.value.mend


def test_other_bad_input_is_refused(write, tmp_path: Path) -> None:
    register = write("register.csv", REGISTER)
    with pytest.raises(InputError, match="neither pairs nor clusters"):
        run(dedupe, register, "--out", tmp_path / "result.csv")
    with pytest.raises(FileError):
        run(dedupe, tmp_path / "absent.csv")
    with pytest.raises(TashbikError, match="no register"):
        run(dedupe, tmp_path)
    with pytest.raises(InputError, match="decision"):
        read_decisions(write("d-pairs.csv", "first,second,decision\n1,2,perhaps\n"))


def test_a_generated_register_in_three_languages() -> None:
    made = list(generate(3_000, seed=5))
    identity = RegisterIdentity([one.record for one in made])
    figures = pairwise(identity.cluster_of_each().tolist(), [one.enterprise for one in made])
    assert figures["precision"] > 0.85
    assert figures["recall"] > 0.9


def test_two_processes_find_what_one_finds() -> None:
    from tashbik.registry.identity import parallel

    records = [one.record for one in generate(1_500, seed=6)]
    alone, shared = RegisterIdentity(records), RegisterIdentity(records, workers=2)
    worthwhile, chunk = parallel.WORTHWHILE, parallel.CHUNK
    try:
        parallel.WORTHWHILE, parallel.CHUNK = 1, 500
        assert shared.compare_all()[1].tolist() == alone.compare_all()[1].tolist()
    finally:
        parallel.WORTHWHILE, parallel.CHUNK = worthwhile, chunk


def test_the_real_names(shared: Path) -> None:
    file = shared / "registry" / "dz_holder_names_gold.csv"
    records = read_particulars(file)
    figures = measure(records, read_clusters(file, (one.id for one in records)))
    assert figures["records"] == 689
    assert figures["f1"] >= 0.87
