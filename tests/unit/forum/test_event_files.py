"""Events are read from the published format and from JSON, without loss; what is none is refused with its place."""

from __future__ import annotations

import json

import pytest

from tashbik.errors import FileError, HostileInputError, InputError
from tashbik.forum.dzn import parse_dzn, read_dzn
from tashbik.forum.event import Event, Meeting
from tashbik.forum.event_json import event_json, read_event, read_timetable
from tashbik.forum.problem_files import read_problem

SMALL = """
nBusiness = 3; nMeetings = 2; nTables = 1; % a comment = 5;
nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2, 1,
|2, 3, 0 |];
nMeetingsBusiness = [1,2,1];
meetingsxBusiness = [{1,2},{1,2,3},{1,3}];
forbidden = [{0}, {0,4}, 2..3];
fixed = [0,
1];
precedences = [{2},{}];
"""
EVENT = Event(
    name="small",
    participants=3,
    slots=4,
    morning_slots=2,
    tables=1,
    meetings=(Meeting(1, 2, 1, 0, frozenset({2})), Meeting(2, 3, 3, 1)),
    forbidden=(frozenset(), frozenset({4}), frozenset({2, 3})),
)


def test_the_published_format_is_read():
    assert parse_dzn(SMALL, name="small") == EVENT
    assert EVENT.meetings_of == ((1,), (1, 2), (2,))


def test_json_is_written_and_read_without_loss(tmp_path):
    path = tmp_path / "small.json"
    path.write_bytes(event_json(EVENT))
    assert read_problem(path) == EVENT


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("nTables = 1;", "", "nTables"),
        ("nTables = 1;", "nTables = one;", "nTables"),
        ("nTables = 1;", "nTables = 1; nTables = 2;", "nTables"),
        ("nTables = 1;", "nTable = 1;", "nTable"),
        ("|1, 2, 1,", "|1, 5, 1,", "requested"),
        ("|1, 2, 1,", "|1, 1, 1,", "requested"),
        ("|1, 2, 1,", "|1, 2, 7,", "requested"),
        ("|1, 2, 1,", "|1, 2,", "requested"),
        ("|1, 2, 1,", "|1, 2, 1, |1, 3, 1,", "requested"),
        ("[{0}, {0,4}, 2..3]", "[{0}, {0,9}, 2..3]", "forbidden"),
        ("[{0}, {0,4}, 2..3]", "[{0}, {0,4}]", "forbidden"),
        ("[{0}, {0,4}, 2..3]", "[{0}, 4, 2..3]", "forbidden"),
        ("[0,\n1]", "[0,\n5]", "fixed"),
        ("[0,\n1]", "[0,\nx]", "fixed"),
        ("[{2},{}]", "[{3},{}]", "precedences"),
        ("nMorningSlots = 2;", "nMorningSlots = 5;", "nMorningSlots"),
    ],
)
def test_an_error_names_file_and_field(old, new, field):
    assert old in SMALL
    with pytest.raises(InputError) as error:
        parse_dzn(SMALL.replace(old, new), name="small", file="small.dzn")
    assert (error.value.file, error.value.field) == ("small.dzn", field)
    assert error.value.mend


def test_sizes_beyond_reason_are_refused_before_anything_is_built():
    with pytest.raises(HostileInputError):
        parse_dzn(SMALL.replace("nBusiness = 3", "nBusiness = 999999999"), name="small")
    with pytest.raises(HostileInputError):
        parse_dzn(SMALL.replace("2..3", "1..99999999"), name="small")


def test_what_is_no_file_or_no_json_is_told(tmp_path, write):
    with pytest.raises(FileError):
        read_dzn(tmp_path / "none.dzn")
    with pytest.raises(FileError):
        read_problem(tmp_path / "none.json")
    with pytest.raises(FileError):
        read_problem(write("broken.json", '{"participants": 3'))
    with pytest.raises(InputError) as error:
        read_event(write("wrong.json", '{"participants": 3, "slots": 2, "tables": 1, "meetings": [{"first": "x"}]}'))
    assert error.value.field == "$.meetings[0].first"
    with pytest.raises(InputError):
        read_event(
            write(
                "wrong.json",
                json.dumps({"participants": 2, "slots": 2, "tables": 1, "meetings": [], "forbidden": {"3": [1]}}),
            )
        )
    with pytest.raises(InputError):
        read_timetable(write("answer.json", '{"status": "perfect"}'))
