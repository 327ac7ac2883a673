"""The main job on real input: a published register of medicines as the register, product specifications as the needs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tashbik.linkage.explain import explanation, questions
from tashbik.linkage.match import Matcher
from tashbik.linkage.workspace import Workspace
from tashbik.registry.readers import read_enterprises, read_needs
from tashbik.registry.rejects import Reject
from tests.conftest import TODAY


@pytest.fixture(scope="module")
def matcher(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    work = Workspace(tmp_path_factory.mktemp("medicines"))
    report = work.import_file(shared / "registry" / "dz_pharma_products.csv")
    assert (report.taken, report.rejects) == (165, [])
    yield Matcher(work.index, work.encoder, today=TODAY)
    work.close()


def holders(path: Path) -> dict[str, set[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: set(row["holders"].split("|")) for row in csv.DictReader(stream)}


def recall(matcher: Matcher, needs: list, truth: dict[str, set[str]]) -> float:
    shares = []
    for need in needs:
        found = {link.enterprise for link in matcher.match(need, top=10)[0].links}
        shares.append(len(found & truth[need.id]) / min(10, len(truth[need.id])))
    return sum(shares) / len(shares)


def test_specifications_find_their_holders(matcher: Matcher, shared: Path) -> None:
    path = shared / "registry" / "dz_pharma_needs.csv"
    truth = holders(path)
    needs = [need for need in read_needs(path) if not isinstance(need, Reject) and len(truth[need.id]) >= 3]
    assert len(needs) == 373
    assert recall(matcher, needs, truth) >= 0.99


def test_every_link_can_be_told_in_three_languages(matcher: Matcher, shared: Path) -> None:
    needs = [need for need in read_needs(shared / "registry" / "dz_pharma_needs.csv") if not isinstance(need, Reject)]
    for need in needs[::12]:
        result = matcher.match(need, top=5)[0]
        for link in (*result.links, *result.misses):
            assert all(explanation(link, language) for language in ("ar", "fr", "en"))
            assert all(isinstance(questions(link, language), list) for language in ("ar", "fr", "en"))


def test_needs_in_a_buyers_words_find_the_same_holders(matcher: Matcher, shared: Path) -> None:
    truth = holders(shared / "registry" / "dz_pharma_needs.csv")
    path = Path(__file__).parent / "data" / "medicine_needs_in_words.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        specification = {row["id"]: row["specification"] for row in csv.DictReader(stream)}
    needs = [need for need in read_needs(path) if not isinstance(need, Reject)]
    assert len(needs) >= 60
    assert recall(matcher, needs, {one: truth[specification[one]] for one in specification}) >= 0.90


def test_tenders_for_software_match_no_maker_of_medicines(matcher: Matcher, shared: Path) -> None:
    needs = [one for one in read_needs(shared / "registry" / "etimad_notices_2025.csv") if not isinstance(one, Reject)]
    assert len(needs) == 271
    assert [need.lines[0].text for need in needs if matcher.match(need)[0].links] == []


@pytest.mark.parametrize(
    ("file", "records"),
    [
        ("arab_listed_industrial_en.csv", 125),
        ("dz_holder_names_gold.csv", 689),
        ("dz_medicines_2025.csv", 4_000),
        ("dz_pharma_enterprises.csv", 165),
        ("eg_pharma_links.csv", 4_000),
        ("eg_pharma_makers.csv", 1_780),
        ("osh_arab_facilities.csv", 13),
        ("osh_facility_pairs_labelled.csv", 100),
    ],
)
def test_every_register_is_read_with_its_mapping(shared: Path, file: str, records: int) -> None:
    found = list(read_enterprises(shared / "registry" / file, understood=False))
    rejects = [one for one in found if isinstance(one, Reject)]
    assert len(found) - len(rejects) >= records
    assert len(rejects) <= 0.01 * len(found)
