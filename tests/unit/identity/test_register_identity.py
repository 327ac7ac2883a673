"""The identity of a register: pairs with reasons, clusters, one new record, decisions that bind and teach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tashbik.errors import InputError
from tashbik.registry.identity import PairDecision, Particulars, RegisterIdentity, of_enterprise
from tashbik.registry.identity.comparison import LEVELS
from tashbik.registry.identity.reasons import LANGUAGES, texts
from tashbik.registry.records import Contact, Enterprise, Identifier, Place


def firm(identity: str, *names: str, **more: object) -> Particulars:
    """A record in Algeria."""
    return Particulars(id=identity, names=names, **{"country": "DZ", **more})  # type: ignore[arg-type]


REGISTER = (
    firm("ar", "شركة زروقي للصناعات البلاستيكية", locality="سطيف", phones=("036 51 22 40",)),
    firm("fr", "SARL Zerrouki Plastique", locality="Sétif", phones=("+213 36 51 22 40",)),
    firm("en", "Zerouki Plastics Co.", locality="Setif"),
    firm("upc", "UPC", locality="Constantine"),
    firm("long", "Union Plastique Constantinoise", locality="Constantine"),
    firm("other", "Meubles Bensalem", locality="Oran"),
    firm("abroad", "Coopérative Tidmex Maroc", country="MA"),
)


@pytest.fixture
def identity() -> RegisterIdentity:
    return RegisterIdentity(REGISTER)


def test_one_enterprise_in_three_languages_is_one_cluster(identity: RegisterIdentity) -> None:
    assert {frozenset(one.records) for one in identity.cluster()} >= {frozenset({"ar", "fr", "en"})}


def test_an_abbreviation_is_a_candidate_and_says_why(identity: RegisterIdentity) -> None:
    pair = next(one for one in identity.candidates() if {one.first, one.second} == {"upc", "long"})
    assert ("name", "alias") in {(reason.field, reason.level) for reason in pair.reasons}
    assert pair.probability > 0.5


def test_the_most_uncertain_pair_comes_first(identity: RegisterIdentity) -> None:
    uncertainties = [one.uncertainty for one in identity.candidates()]
    assert len(uncertainties) > 1
    assert uncertainties == sorted(uncertainties, reverse=True)


def test_reasons_are_ordered_by_weight_and_add_up_to_the_probability(identity: RegisterIdentity) -> None:
    pair = identity.pair("ar", "fr")
    weights = [abs(reason.weight) for reason in pair.reasons]
    assert weights == sorted(weights, reverse=True)
    prior = identity.model.prior
    odds = prior / (1 - prior)
    for reason in pair.reasons:
        odds *= 2.718281828459045**reason.weight
    assert pair.probability == pytest.approx(odds / (1 + odds), abs=1e-3)


def test_every_level_has_words_in_three_languages() -> None:
    for field, levels in LEVELS.items():
        for key in (f"field.{field}", *(f"{field}.{level}" for level in levels)):
            assert all(texts()[key][language] for language in LANGUAGES), key


def test_conflicting_identifiers_are_never_merged_on_the_name() -> None:
    records = [
        firm("a", "SARL Zerrouki Plastique", locality="Sétif", identifiers=(("RC", "16B0001"),)),
        firm("b", "SARL Zerrouki Plastique", locality="Sétif", identifiers=(("RC", "16B0002"),)),
        firm("c", "Zerrouki Plastique", locality="Sétif"),
    ]
    clusters = RegisterIdentity(records).cluster()
    assert all(not {"a", "b"} <= set(one.records) for one in clusters)


def test_a_decision_binds_even_against_identifiers() -> None:
    records = [
        firm("a", "SARL Zerrouki Plastique", identifiers=(("RC", "16B0001"),)),
        firm("b", "SARL Zerrouki Plastique", identifiers=(("RC", "16B0002"),)),
    ]
    identity = RegisterIdentity(records)
    identity.learn([PairDecision("a", "b", True)])
    assert [one.records for one in identity.cluster()] == [("a", "b")]


def test_a_pair_found_distinct_is_parted_and_not_asked_again(identity: RegisterIdentity) -> None:
    identity.learn([PairDecision("fr", "en", False), PairDecision("ar", "en", False)])
    assert all("en" not in one.records for one in identity.cluster())
    assert all({one.first, one.second} != {"fr", "en"} for one in identity.candidates())


def test_records_without_a_common_key_are_compared_where_others_join_them() -> None:
    from tashbik.registry.identity.completing import pairs_left_out

    pairs = np.array([(0, 1), (1, 2), (3, 4)], dtype=np.int32)
    assert pairs_left_out(6, pairs, np.array([True, True, True]), ()).tolist() == [[0, 2]]
    assert pairs_left_out(6, pairs, np.array([True, False, False]), ()).tolist() == []
    assert pairs_left_out(6, pairs, np.array([True, False, True]), {(1, 3)}).tolist() == [
        [0, 3],
        [0, 4],
        [1, 3],
        [1, 4],
    ]


def test_products_say_the_trade_where_the_name_does_not() -> None:
    records = [
        firm("a", "Zerrouki Plastique", locality="Sétif"),
        firm("b", "Zerrouki", locality="Sétif", products=("أثاث",)),
        firm("c", "Zerrouki", locality="Sétif", products=("للبلاستيك",)),
    ]
    identity = RegisterIdentity(records)
    assert identity.pair("a", "c").probability > identity.pair("a", "b").probability


def test_numbers_of_another_scheme_do_not_conflict() -> None:
    records = [
        firm("a", "SARL Zerrouki Plastique", locality="Sétif", identifiers=(("", "16B0987654"),)),
        firm("b", "SARL Zerrouki Plastique", locality="Sétif", identifiers=(("", "000516098765432"),)),
    ]
    assert [one.records for one in RegisterIdentity(records).cluster()] == [("a", "b")]


def test_a_new_record_is_checked_against_the_register(identity: RegisterIdentity) -> None:
    found = identity.check_one(firm("new", "Ets ZEROUKI PLASTIQUE", locality="سطيف"))
    assert {one.second for one in found[:3]} == {"ar", "fr", "en"}
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert identity.check_one(firm("new", "Boulangerie Marsa")) == []


def test_a_record_taken_in_is_found_from_then_on(identity: RegisterIdentity) -> None:
    record = firm("new", "Chaudronnerie Kadid", phones=("021 55 66 77",))
    assert identity.check_one(record) == []
    identity.add(record)
    assert [one.second for one in identity.check_one(firm("again", "KADID CHAUDRONNERIE"))] == ["new"]
    with pytest.raises(InputError, match="new"):
        identity.add(record)


def test_the_weakest_record_of_a_cluster_is_named(identity: RegisterIdentity) -> None:
    cluster = next(one for one in identity.cluster() if "fr" in one.records)
    assert cluster.weakest in cluster.records
    assert 0 <= cluster.weakest_probability <= cluster.probability <= 1


def test_a_repeated_id_and_an_unknown_one_are_refused(identity: RegisterIdentity) -> None:
    with pytest.raises(InputError, match="'fr'"):
        RegisterIdentity([REGISTER[1], REGISTER[1]])
    with pytest.raises(InputError, match="'nobody'"):
        identity.pair("fr", "nobody")
    with pytest.raises(InputError, match="itself"):
        identity.learn([PairDecision("fr", "fr", True)])


def test_an_empty_register_has_no_pairs_and_no_clusters() -> None:
    identity = RegisterIdentity([])
    assert identity.candidates() == []
    assert identity.cluster() == []


def test_the_particulars_of_a_record_of_the_register() -> None:
    record = Enterprise(
        id="E1",
        names={"ar": "مؤسسة النور", "fr": "Ets Nour"},
        identifiers=(Identifier(scheme="DZ-RC", value="16B1"),),
        place=Place(country="DZ", locality="Sétif"),
        contacts=(Contact(phone="036 51 22 40", email="a@nour.dz"),),
    )
    found = of_enterprise(record)
    assert found.names == ("مؤسسة النور", "Ets Nour")
    assert found.identifiers == (("DZ-RC", "16B1"),)
    assert (found.phones, found.emails, found.locality) == (("036 51 22 40",), ("a@nour.dz",), "Sétif")


def test_the_own_countries_are_those_given_else_that_of_most_records() -> None:
    register = [
        firm("a", "Kadid Chaudronnerie", country="DZ"),
        firm("b", "Kadid Chaudronnerie", country="DZ"),
        firm("c", "Kadid Chaudronnerie", country="TN"),
        firm("d", "Kadid Chaudronnerie", country="FR"),
        firm("e", "Kadid Chaudronnerie", country="FR"),
        firm("f", "Kadid Chaudronnerie", country="IT"),
    ]

    def level(identity: RegisterIdentity, first: str, second: str) -> str:
        return next(one.level for one in identity.pair(first, second).reasons if one.field == "country")

    several, found = RegisterIdentity(register, homes=("DZ", "TN")), RegisterIdentity(register)
    pairs = ("ab", "ac", "de", "df")
    assert [level(several, *one) for one in pairs] == ["same-home", "home-and-abroad", "same-abroad", "abroad-both"]
    assert found.setting.homes == {"DZ"} and RegisterIdentity(register, homes=()).setting.homes == frozenset()
    assert level(RegisterIdentity(register, homes=()), "a", "b") == "same-abroad"


def test_taking_a_decision_back_leaves_no_trace_of_the_pairs_compared_for_it() -> None:
    identity = RegisterIdentity([firm("r0", "zerrouki"), firm("r1", "kadid"), firm("r2", "zerrouki sarl")])
    before = identity.cluster()
    identity.learn([PairDecision("r0", "r1", True)])
    assert identity.cluster() != before
    identity.undo("r0", "r1")
    assert identity.cluster() == before
    assert len(identity.compared_within(0.5)[0]) == len(identity.compare_all()[0])


def test_without_its_compared_pairs_a_register_still_checks_one(identity: RegisterIdentity, tmp_path: Path) -> None:
    identity.compare_all()
    expected = identity.check_one(firm("new", "Zerrouki Plastiques"))
    assert expected
    identity.built_from = {"change": "7"}
    identity.forget_pairs()
    identity.save(tmp_path / "identity.npz")
    opened = RegisterIdentity.open(tmp_path / "identity.npz")
    assert opened.check_one(firm("new", "Zerrouki Plastiques")) == expected
    assert opened.built_from == {"change": "7"} and opened.setting.homes == identity.setting.homes
    assert [one.name for one in tmp_path.iterdir()] == ["identity.npz"]
