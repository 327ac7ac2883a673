"""Reads whole forums and plans from the project's JSON; the records are the format (requests). Not events (event_json)."""

from __future__ import annotations

from pathlib import Path

from tashbik.forum.event_json import decoded
from tashbik.forum.requests import Forum, Plan, checked


def read_forum(path: Path) -> Forum:
    """The forum in a JSON file. Raises as `decoded`, and InputError for names and numbers that do not fit together."""
    return checked(decoded(path, Forum), str(path))


def read_plan(path: Path) -> Plan:
    """The plan in a JSON file, as `tashbik forum schedule --json` prints it. Raises as `decoded`."""
    return decoded(path, Plan)
