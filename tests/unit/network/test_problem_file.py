"""Files of sourcing problems: what is read, and what is refused with its place."""

from __future__ import annotations

import gzip
import json

import pytest

from tashbik.errors import FileError, HostileInputError, InputError
from tashbik.network import problem_of, read_problem

GOOD = {
    "name": "two",
    "suppliers": [{"id": "a", "capacity": 5, "fixed_cost": 1.5}, {"id": "b", "capacity": 0, "fixed_cost": 0}],
    "demands": [{"id": "x", "quantity": 2}, {"id": "y", "quantity": 0.5}],
    "unit_cost": [[1, 2], [3, 4]],
    "incompatible": [[1, 0], [0, 1]],
    "optimum": 4,
}


def test_plain_and_gzipped_files_are_the_same(tmp_path):
    plain, packed = tmp_path / "p.json", tmp_path / "p.json.gz"
    plain.write_text(json.dumps(GOOD))
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for one in (read_problem(plain), read_problem(packed)):
        assert one.suppliers == ("a", "b") and one.shape == (2, 2) and one.name == "two"
        assert one.unit_cost.tolist() == [[1, 2], [3, 4]] and one.incompatible == ((0, 1),)
        assert one.total == 2.5 and one.conflicts == (frozenset({1}), frozenset({0}))


@pytest.mark.parametrize(
    ("change", "row", "field"),
    [
        ({"suppliers": None}, None, "suppliers"),
        (
            {"suppliers": [{"id": "a", "capacity": 5, "fixed_cost": 1}, {"capacity": 1, "fixed_cost": 1}]},
            2,
            "suppliers.id",
        ),
        ({"suppliers": [{"id": "a", "capacity": -5, "fixed_cost": 1}] * 2}, None, "suppliers.id"),
        ({"demands": [{"id": "x", "quantity": "2"}, {"id": "y", "quantity": 1}]}, 1, "demands.quantity"),
        ({"demands": [{"id": "x", "quantity": 2}, {"id": "y", "quantity": True}]}, 2, "demands.quantity"),
        ({"unit_cost": [[1, 2]]}, None, "unit_cost"),
        ({"unit_cost": [[1, 2], [3]]}, 2, "unit_cost"),
        ({"unit_cost": [[1, -2], [3, 4]]}, 1, "unit_cost[1]"),
        ({"unit_cost": [[1, 2], [3, "4"]]}, 2, "unit_cost"),
        ({"incompatible": [[0, 2]]}, 1, "incompatible"),
        ({"incompatible": [[0, 1], [1, 1]]}, 2, "incompatible"),
    ],
)
def test_bad_problems_name_row_and_field(change, row, field):
    with pytest.raises(InputError) as caught:
        problem_of({**GOOD, **change}, file="p.json")
    assert (caught.value.file, caught.value.row, caught.value.field) == ("p.json", row, field) and caught.value.mend


def test_files_that_are_no_problems(tmp_path):
    broken = tmp_path / "b.json"
    broken.write_text("{")
    with pytest.raises(FileError):
        read_problem(broken)
    with pytest.raises(FileError):
        read_problem(tmp_path / "none.json")
    broken.write_bytes(gzip.compress(b"[1]" * 100)[:-9])
    with pytest.raises(HostileInputError):
        read_problem(broken)
    broken.write_text("[]")
    with pytest.raises(InputError):
        read_problem(broken)
