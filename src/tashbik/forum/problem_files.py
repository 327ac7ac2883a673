"""Tells which format a problem file has, and reads it. The formats are read elsewhere (dzn, event_json, forum_json)."""

from __future__ import annotations

from pathlib import Path

from tashbik.errors import FileError
from tashbik.forum.dzn import read_dzn
from tashbik.forum.event import Event
from tashbik.forum.event_json import read_event


def read_problem(path: Path) -> Event:
    """The event of a file, by its content: a JSON object, or MiniZinc data.

    Raises FileError for a file that is neither, and what the readers raise.
    """
    if not path.is_file():
        raise FileError("no such file", file=str(path), mend="check the path")
    with path.open("rb") as stream:
        head = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    return read_event(path) if head.startswith(b"{") else read_dzn(path)
