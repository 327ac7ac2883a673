"""Tells which format a problem file has, and reads it. The formats are read elsewhere (dzn, event_json, forum_json)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tashbik.errors import FileError
from tashbik.forum.dzn import read_dzn
from tashbik.forum.event import Event
from tashbik.forum.event_json import decoded, read_event
from tashbik.forum.forum_json import read_forum
from tashbik.forum.requests import Forum


class _Head(msgspec.Struct):
    format: str = "tashbik-event"


def read_problem(path: Path) -> Event | Forum:
    """The event or forum of a file, by its content: MiniZinc data, or JSON with `format` `tashbik-event` (default) or `tashbik-forum`.

    Raises FileError for a file that is neither, and what the readers raise.
    """
    if not path.is_file():
        raise FileError("no such file", file=str(path), mend="check the path")
    with path.open("rb") as stream:
        head = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"{"):
        return read_dzn(path)
    return read_forum(path) if decoded(path, _Head).format == "tashbik-forum" else read_event(path)
