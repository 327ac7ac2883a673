"""What differs between two records, field by field, and the merging of two people's changes. Not the storing of the result (storing.py).

A record (registry.records.Enterprise as JSON) is taken apart into leaves: a path and a plain value. Words, place and visibility are compared
key by key, capabilities by their ids and then field by field; a rate or an envelope is one value, for half of it means nothing. Lists without ids
(machines, certificates, contacts …) are one leaf, merged by their items where both sides only added or took out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import msgspec

from tashbik.registry import records

Path = tuple[str, ...]
Plain = dict[str, Any]

NESTED = ("names", "description", "place", "provenance", "visibility")
"""Fields of an enterprise that are compared key by key."""
NESTED_OF_CAPABILITY = ("words", "attributes")

SECTIONS: dict[str, tuple[str, ...]] = {
    "identity": (
        *("names", "aliases", "identifiers", "legal_form", "founded", "employees", "employees_year", "turnover"),
        *("turnover_year", "activities", "languages", "website", "description"),
    ),
    "place": ("place", "sites"),
    "capabilities": ("capabilities",),
    "machines": ("machines",),
    "certificates": ("certificates",),
    "exports": ("exports", "references"),
    "contacts": ("contacts",),
    "finance": ("finance_need",),
}
"""The sections in which a record is edited, with their fields, in the order of the task list."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs; None stands for what is not there. A capability that came or went is one change."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed from `base`, to different values."""

    path: Path
    base: Any
    ours: Any
    theirs: Any

    @property
    def key(self) -> str:
        """The path as one text, for forms."""
        return key_of(self.path)


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a merge: the record, the fields that only our side changed meanwhile, and the conflicts (settled for our side)."""

    record: Plain
    meanwhile: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]


def key_of(path: Path) -> str:
    """A path as one text."""
    return "/".join(quote(part, safe="") for part in path)


def section_of(path: Path) -> str:
    """The section that a field is edited in; empty for provenance and visibility."""
    return next((name for name, fields in SECTIONS.items() if path[0] in fields), "")


def leaves(record: Mapping[str, Any]) -> dict[Path, Any]:
    """All fields of a record by path, in the record's order; the id is left out, and what has its default value is as good as not there."""
    found: dict[Path, Any] = {}
    for field, value in plain(msgspec.convert({"id": "", "names": {}, **record}, records.Enterprise)).items():
        if field == "capabilities":
            for one in value:
                found.update(_leaves_of_capability(one))
        elif field in NESTED:
            found.update({(field, key): inner for key, inner in value.items()})
        elif field != "id":
            found[(field,)] = value
    return found


def plain(value: Any) -> Any:
    """A value as JSON reads it back, fields of their default value left out wherever they came from."""
    if isinstance(value, msgspec.Struct):
        known = ((one, getattr(value, one.name)) for one in msgspec.structs.fields(value))
        return {one.name: plain(inner) for one, inner in known if one.required or inner != _default(one)}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()


def _leaves_of_capability(one: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    root = ("capabilities", str(one["id"]))
    yield root, True
    for field, value in one.items():
        if field in NESTED_OF_CAPABILITY:
            yield from (((*root, field, key), inner) for key, inner in value.items())
        elif field != "id":
            yield (*root, field), value


def record_from(found: Mapping[Path, Any], record_id: str) -> Plain:
    """The record that has these leaves."""
    record: Plain = {"id": record_id}
    able: dict[str, Plain] = {}
    for path, value in found.items():
        if path[0] == "capabilities":
            _put(able.setdefault(path[1], {"id": path[1]}), path[2:], value)
        else:
            _put(record, path, value)
    if able:
        record["capabilities"] = list(able.values())
    record.setdefault("names", {})
    return record


def _put(target: Plain, path: Path, value: Any) -> None:
    if len(path) == 2:
        target.setdefault(path[0], {})[path[1]] = value
    elif path:
        target[path[0]] = value


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs, field by field, in the order of the record."""
    was, now = leaves(before), leaves(after)
    whole = {path for path in was.keys() ^ now.keys() if _is_root(path)}
    able = {"before": _capabilities(before), "after": _capabilities(after)}
    found = []
    for path in dict.fromkeys((*was, *now)):
        if path in whole:
            found.append(Change(path, able["before"].get(path[1]), able["after"].get(path[1])))
        elif was.get(path) != now.get(path) and path[:2] not in whole:
            found.append(Change(path, was.get(path), now.get(path)))
    return found


def _is_root(path: Path) -> bool:
    return path[0] == "capabilities" and len(path) == 2


def _capabilities(record: Mapping[str, Any]) -> dict[str, Plain]:
    able = msgspec.convert(list(record.get("capabilities", ())), list[records.Capability])
    return {one.id: plain(one) for one in able}


def merge(base: Plain, ours: Plain, theirs: Plain, settled: Mapping[str, str] | None = None) -> Merged:
    """Bring the changes from `base` to `theirs` into `ours`.

    Where both changed one field to different values it is a conflict and keeps our value, unless `settled` (key of the path → `theirs`)
    says otherwise.
    """
    choice = settled or {}
    was, mine, proposed = leaves(base), leaves(ours), leaves(theirs)
    result = dict(mine)
    conflicts = list(_whole_capabilities(base, ours, theirs))
    apart = {one.path for one in conflicts}
    for conflict in conflicts:
        if choice.get(conflict.key) == "theirs":
            _take_capability(result, conflict)
    for path in dict.fromkeys((*was, *mine, *proposed)):
        if path[:2] in apart or proposed.get(path) == was.get(path) or proposed.get(path) == mine.get(path):
            continue
        value, clear = _joined(was.get(path), mine.get(path), proposed.get(path))
        if not clear:
            conflict = Conflict(path, was.get(path), mine.get(path), proposed.get(path))
            conflicts.append(conflict)
            value = proposed.get(path) if choice.get(conflict.key) == "theirs" else mine.get(path)
        _set(result, path, value)
    kept = {one.path for one in conflicts}
    meanwhile = tuple(one for one in changes(base, ours) if one.path not in kept)
    return Merged(record_from(result, str(ours.get("id", base.get("id", "")))), meanwhile, tuple(conflicts))


def _set(result: dict[Path, Any], path: Path, value: Any) -> None:
    if value is None:
        result.pop(path, None)
    else:
        result[path] = value


def _joined(was: Any, mine: Any, proposed: Any) -> tuple[Any, bool]:
    """The value that has both changes, and whether there is one."""
    if mine == was:
        return proposed, True
    if not (_is_list(was) and _is_list(mine) and _is_list(proposed)):
        return mine, False
    was, mine, proposed = list(was or ()), list(mine or ()), list(proposed or ())
    gone = [one for one in was if one not in proposed]
    if any(one not in mine for one in gone):  # an item that both changed
        return mine, False
    added = [one for one in proposed if one not in was and one not in mine]
    return [one for one in mine if one not in gone] + added or None, True


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, (list, tuple))


def _whole_capabilities(base: Plain, ours: Plain, theirs: Plain) -> Iterator[Conflict]:
    """Capabilities that one side took out and the other changed."""
    was, mine, proposed = _capabilities(base), _capabilities(ours), _capabilities(theirs)
    for name, one in was.items():
        out_of_one = (name in mine) != (name in proposed)
        if (out_of_one and mine.get(name, one) != one) or (out_of_one and proposed.get(name, one) != one):
            yield Conflict(("capabilities", name), one, mine.get(name), proposed.get(name))


def _take_capability(result: dict[Path, Any], conflict: Conflict) -> None:
    for path in [path for path in result if path[:2] == conflict.path]:
        del result[path]
    if conflict.theirs is not None:
        result.update(_leaves_of_capability(conflict.theirs))
