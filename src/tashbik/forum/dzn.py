"""Reads events in the published MiniZinc data format (`*.dzn`). Not the project's own JSON (event_json)."""

from __future__ import annotations

import re
from pathlib import Path

from tashbik.errors import FileError, HostileInputError, InputError
from tashbik.forum.event import Event
from tashbik.forum.event_checks import event_from

LARGEST_FILE = 20_000_000
"""Bytes; the published files have 5,000 to 12,000."""

NUMBERS = ("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots")
DERIVED = ("nMeetingsBusiness", "meetingsxBusiness")
"""They follow from `requested` and are not read."""
LISTS = ("requested", "forbidden", "fixed", "precedences")

_ASSIGNMENT = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*([^;]*?)\s*(?:;|\Z)", re.S)
_SET = re.compile(r"\{([^{}]*)\}|(-?\d+)\s*\.\.\s*(-?\d+)")
_INTEGERS = re.compile(r"\s*(?:-?\d+\s*(?:,\s*-?\d+\s*)*,?\s*)?\Z")


def read_dzn(path: Path) -> Event:
    """The event in a `.dzn` file. Raises FileError, InputError (with file and field) or HostileInputError."""
    if not path.is_file():
        raise FileError("no such file", file=str(path), mend="check the path")
    if path.stat().st_size > LARGEST_FILE:
        raise HostileInputError("larger than 20 MB", file=str(path), mend="give one event a file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("is not text in UTF-8", file=str(path), mend="expected MiniZinc data") from error
    return parse_dzn(text, name=path.name.removesuffix(".dzn"), file=str(path))


def parse_dzn(text: str, *, name: str, file: str = "") -> Event:
    """The event in a text of MiniZinc data; `file` is named in errors."""
    values = _assignments(text, file)
    for one in NUMBERS + ("requested",):
        if one not in values:
            raise InputError("is missing", file=file, field=one, mend=f"expected `{one} = …;`")
    participants, meetings, tables, slots, morning = (_integer(values[one], file, one) for one in NUMBERS)
    return event_from(
        name=name,
        file=file,
        participants=participants,
        meetings=meetings,
        tables=tables,
        slots=slots,
        morning_slots=morning,
        requested=_rows(values["requested"], file),
        forbidden=_sets(values["forbidden"], file, "forbidden") if "forbidden" in values else [],
        fixed=_integers(values["fixed"], file, "fixed") if "fixed" in values else [],
        precedences=_sets(values["precedences"], file, "precedences") if "precedences" in values else [],
    )


def _assignments(text: str, file: str) -> dict[str, str]:
    text = re.sub(r"/\*.*?\*/|%[^\n]*", " ", text, flags=re.S)
    values: dict[str, str] = {}
    position = 0
    while text[position:].strip():
        found = _ASSIGNMENT.match(text, position)
        if found is None:
            line = text.count("\n", 0, position) + 1
            raise InputError("is no assignment", file=file, row=line, mend="expected `name = value;`")
        name, value = found[1], found[2]
        if name not in NUMBERS + LISTS + DERIVED:
            known = ", ".join(NUMBERS + LISTS)
            raise InputError("is not a name of this format", file=file, field=name, mend=f"expected one of {known}")
        if name in values:
            raise InputError("is given twice", file=file, field=name, mend="keep one")
        values[name] = value
        position = found.end()
    return values


def _integer(value: str, file: str, field: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", value):
        raise InputError(f"{value[:40]!r} is not an integer", file=file, field=field, mend="expected an integer")
    return int(value)


def _inside(value: str, file: str, field: str) -> str:
    if not (value.startswith("[") and value.endswith("]")):
        raise InputError("is not an array", file=file, field=field, mend="expected [ … ]")
    return value[1:-1].strip()


def _integers(value: str, file: str, field: str) -> list[int]:
    return _split(_inside(value, file, field), file, field)


def _split(text: str, file: str, field: str) -> list[int]:
    if not _INTEGERS.match(text):
        raise InputError(
            f"{text.strip()[:40]!r} is not a list of integers", file=file, field=field, mend="expected 1, 2, …"
        )
    numbers = re.findall(r"-?\d+", text)
    if any(len(one) > 9 for one in numbers):
        raise InputError(
            "holds a number that is too large", file=file, field=field, mend="expected numbers of the event"
        )
    return [int(one) for one in numbers]


def _rows(value: str, file: str) -> list[list[int]]:
    inside = _inside(value, file, "requested")
    if not (inside.startswith("|") or not inside):
        raise InputError("is not an array of rows", file=file, field="requested", mend="expected [| a, b, s, | … |]")
    return [_split(row, file, "requested") for row in inside.split("|") if row.strip()]


def _sets(value: str, file: str, field: str) -> list[list[int]]:
    inside = _inside(value, file, field)
    if re.sub(r"[\s,]", "", _SET.sub("", inside)):
        raise InputError("is not an array of sets", file=file, field=field, mend="expected [{1, 2}, {}, …]")
    found = []
    for one in _SET.finditer(inside):
        if one[2] is None:
            found.append(_split(one[1], file, field))
            continue
        low, high = int(one[2]), int(one[3])
        if high - low > 10_000:
            raise HostileInputError(f"the range {one[0]} is too long", file=file, field=field)
        found.append(list(range(low, high + 1)))
    return found
