"""The page that matters most, on the demonstration register: a need in French, a foundry in Arabic, and why."""

from __future__ import annotations

import pytest

from tashbik.linkage.evaluate import evaluate_matches
from tashbik.linkage.evaluation_files import read_qrels
from tashbik.linkage.explain import explanation, questions
from tashbik.linkage.match import Matcher
from tashbik.linkage.workspace import Workspace
from tashbik.registry.demonstration import label_files, needs_of_the_demonstration, register_files
from tests.conftest import TODAY


@pytest.fixture(scope="module")
def matcher(tmp_path_factory):
    work = Workspace(tmp_path_factory.mktemp("demonstration"))
    for file in register_files():
        assert work.import_file(file).rejects == []
    yield Matcher(work.index, work.encoder, today=TODAY)
    work.close()


@pytest.fixture(scope="module")
def answers(matcher):
    return {need.id: matcher.match(need)[0] for need in needs_of_the_demonstration()}


def test_the_foundry_is_found_and_every_requirement_is_told(answers):
    link = next(one for one in answers["N-01"].links if one.enterprise == "TSB-0001")
    outcomes = {one.requirement.kind: one.outcome for one in link.verdicts}
    assert outcomes["process"] == outcomes["material"] == outcomes["quantity"] == outcomes["delivery"] == "pass"
    assert outcomes["envelope"] == outcomes["tolerance"] == "unknown"
    assert outcomes["certificate"] == "fail"
    assert "800 t" in " ".join(questions(link, "en"))
    assert "EN AC-46000" in explanation(link, "fr") and "ADC10" in explanation(link, "fr")
    assert "September 2026" in explanation(link, "en") and "230 km" in explanation(link, "en")
    assert "8,000" in explanation(link, "ar")


def test_a_moulder_of_plastics_with_the_same_words_is_not(answers):
    assert "TSB-0002" not in {link.enterprise for link in answers["N-01"].links}


def test_what_nobody_makes_is_an_honest_no(answers):
    assert answers["N-11"].links == ()


def test_the_labelled_needs_are_answered(matcher):
    judged: dict[str, dict[str, float]] = {}
    for file in label_files():
        for need, relevant in read_qrels(file).items():
            judged.setdefault(need, {}).update(relevant)
    figures = evaluate_matches(matcher, needs_of_the_demonstration(), judged)
    assert figures["queries"] >= 40
    assert figures["recall@1"] >= 0.85
    assert figures["ndcg@10"] >= 0.68
    assert figures["empty"] >= 0.75


@pytest.mark.parametrize(
    ("need", "enterprise"),
    [
        ("N-02", "TSB-0012"),
        ("N-03", "TSB-0008"),
        ("N-04", "TSB-0003"),
        ("N-05", "TSB-0005"),
        ("N-06", "TSB-0010"),
        ("N-08", "TSB-0004"),
        ("N-12", "TSB-0011"),
    ],
)
def test_the_trade_is_found_across_languages(answers, need, enterprise):
    assert enterprise in {link.enterprise for link in answers[need].links[:15]}


def test_every_explanation_can_be_told_in_three_languages(answers):
    for answer in answers.values():
        for link in (*answer.links, *answer.misses):
            for language in ("ar", "fr", "en"):
                assert explanation(link, language)
                assert len(questions(link, language)) == sum(one.outcome == "unknown" for one in link.verdicts)
