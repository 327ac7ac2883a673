"""What must hold for any register: symmetry, order, conflicting identifiers, undoing, taking records in one by one, storing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tashbik.errors import FileError, InputError
from tashbik.registry.identity import PairDecision, Particulars, RegisterIdentity
from tashbik.registry.identity.comparison import Setting, compare, identifiers_level
from tashbik.registry.identity.particulars import profile_of
from tashbik.registry.identity.rarity import Rarity

WORDS = st.sampled_from(
    "zerrouki زروقي Zerouki plastique بلاستيك للصناعات SARL شركة Sétif pharm pharmaceutical GPA Tidmex تيدمكس Algérie Maroc (ZP)".split()
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
RECORDS = st.builds(
    dict,
    names=st.lists(NAMES, min_size=1, max_size=2).map(tuple),
    country=st.sampled_from(("DZ", "Maroc", "")),
    locality=st.sampled_from(("Sétif", "سطيف", "")),
    phones=st.sampled_from(((), ("036 51 22 40",), ("+213 36 51 22 40",))),
    identifiers=st.sampled_from(((), (("RC", "1"),), (("RC", "2"),), (("NIF", "1"),))),
    products=st.sampled_from(((), ("plastique",), ("للبلاستيك",))),
)
REGISTERS = st.lists(RECORDS, max_size=8).map(
    lambda rows: [Particulars(id=f"r{number}", **row) for number, row in enumerate(rows)]
)
STEADY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def grouped(identity: RegisterIdentity) -> set[frozenset[str]]:
    """The clusters as sets of ids."""
    return {frozenset(one.records) for one in identity.cluster()}


def probabilities(identity: RegisterIdentity) -> dict[frozenset[str], float]:
    """The probability of each candidate pair."""
    return {frozenset((one.first, one.second)): one.probability for one in identity.candidates(least=0)}


@STEADY
@given(REGISTERS)
def test_comparing_is_symmetric(register: Sequence[Particulars]) -> None:
    profiles = [profile_of(record) for record in register]
    setting = Setting(Rarity.learn(name for one in profiles for name in one.names), frozenset({"DZ"}))
    for a in profiles:
        for b in profiles:
            assert compare(a, b, setting) == compare(b, a, setting)


@STEADY
@given(REGISTERS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_neither_probabilities_nor_clusters(
    register: list[Particulars], chooser: object
) -> None:
    shuffled = list(register)
    chooser.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = RegisterIdentity(register), RegisterIdentity(shuffled)
    assert probabilities(first) == pytest.approx(probabilities(second))
    assert grouped(first) == grouped(second)


@STEADY
@given(REGISTERS)
def test_conflicting_identifiers_never_share_a_cluster(register: list[Particulars]) -> None:
    identity = RegisterIdentity(register)
    profiles = {profile.id: profile for profile in identity.profiles}
    for cluster in grouped(identity):
        assert all(identifiers_level(profiles[a], profiles[b]) != 0 for a in cluster for b in cluster if a != b)


@STEADY
@given(REGISTERS.filter(lambda register: len(register) > 1), st.data())
def test_a_decision_binds_and_taking_it_back_restores_all(register: list[Particulars], data: st.DataObject) -> None:
    identity = RegisterIdentity(register)
    before = grouped(identity), identity.model, probabilities(identity)
    first, second = data.draw(
        st.lists(st.sampled_from([one.id for one in register]), min_size=2, max_size=2, unique=True)
    )
    same = data.draw(st.booleans())
    identity.learn([PairDecision(first, second, same)])
    assert any({first, second} <= cluster for cluster in grouped(identity)) is same
    identity.undo(second, first)
    assert (grouped(identity), identity.model, probabilities(identity)) == before


@STEADY
@given(REGISTERS)
def test_a_decision_given_twice_counts_once(register: list[Particulars]) -> None:
    if len(register) < 2:
        return
    decision = PairDecision(register[0].id, register[1].id, True)
    once, twice = RegisterIdentity(register), RegisterIdentity(register)
    once.learn([decision])
    twice.learn([decision])
    twice.learn([decision])
    assert once.model == twice.model


@STEADY
@given(REGISTERS, RECORDS)
def test_a_record_taken_in_has_the_pairs_that_its_check_found(
    register: list[Particulars], row: dict[str, object]
) -> None:
    record = Particulars(id="new", **row)  # type: ignore[arg-type]
    identity = RegisterIdentity(register)
    identity.compare_all()
    found = {one.second: one.probability for one in identity.check_one(record, limit=100)}
    identity.add(record)
    pairs = {(one.first, one.second): one.probability for one in identity.candidates()}
    assert {first: value for (first, second), value in pairs.items() if second == "new"} == pytest.approx(found)


@settings(STEADY, max_examples=20)
@given(REGISTERS, RECORDS)
def test_what_was_stored_opens_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, register: list[Particulars], row: dict[str, object]
) -> None:
    file = tmp_path_factory.mktemp("identity") / "register.identity"
    identity = RegisterIdentity(register)
    if len(register) > 1:
        identity.learn([PairDecision(register[0].id, register[1].id, False)])
    identity.compare_all()
    identity.save(file)
    opened = RegisterIdentity.open(file)
    record = Particulars(id="new", **row)  # type: ignore[arg-type]
    assert opened.model == identity.model
    assert opened.check_one(record) == identity.check_one(record)
    assert opened.candidates(least=0) == identity.candidates(least=0)
    assert grouped(opened) == grouped(identity)


def test_an_identity_stored_before_its_pairs_were_compared_compares_them_when_asked(tmp_path: Path) -> None:
    records = [Particulars(id=one, names=("SARL Zerrouki Plastique",), country="DZ") for one in "ab"]
    RegisterIdentity(records).save(tmp_path / "one.identity")
    assert grouped(RegisterIdentity.open(tmp_path / "one.identity")) == {frozenset("ab")}


def test_a_file_that_is_absent_or_damaged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        RegisterIdentity.open(tmp_path / "absent.identity")
    damaged = tmp_path / "damaged.identity"
    damaged.write_bytes(b"not a register")
    with pytest.raises(FileError, match="can be read"):
        RegisterIdentity.open(damaged)
    RegisterIdentity([]).save(damaged)
    damaged.write_bytes(damaged.read_bytes()[:200])
    with pytest.raises(FileError):
        RegisterIdentity.open(damaged)


def test_only_a_decision_can_be_taken_back() -> None:
    identity = RegisterIdentity([Particulars(id=one, names=("Zerrouki",)) for one in "ab"])
    with pytest.raises(InputError, match="no decision"):
        identity.undo("a", "b")
