"""One record out of two, field by field as an officer chose. Pure; not the merging of two people's changes (differences.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace

from tashbik.exchange.visibility import GROUPS, LEVELS, level_of
from tashbik.language.analysis import fold
from tashbik.registry import records

SINGLE: dict[str, tuple[str, ...]] = {
    "legal_form": ("legal_form",),
    "place": ("place",),
    "founded": ("founded",),
    "employees": ("employees", "employees_year"),
    "turnover": ("turnover", "turnover_year"),
    "website": ("website",),
    "finance_need": ("finance_need",),
}
"""Fields that have one value, with those that go with it: a year without its number means nothing."""
LISTS = (
    *("identifiers", "sites", "activities", "languages", "contacts", "capabilities", "machines", "certificates"),
    *("exports", "references"),
)
"""Fields of which both sides' items can be kept."""
WORDS = ("names", "description")
"""Fields chosen language by language."""
ORDER = ("names", "identifiers", "legal_form", "place", "founded", "employees", "turnover", "website", "contacts", "capabilities",
         "machines", "certificates", "exports", "references", "activities", "languages", "sites", "description", "finance_need",
         "provenance")  # fmt: skip
"""In which order fields are asked."""
GUARDED = {"contacts": ("contacts",), "capacities": ("capabilities",), "prices": ("capabilities",), "machines": ("machines",),
           "certificates": ("certificates",), "exports": ("exports",), "references": ("references",),
           "figures": ("employees", "turnover"), "finance": ("finance_need",)}  # fmt: skip
"""The fields that each group of visibility.GROUPS is about."""
CONSENT = "consent"
SIDES = ("first", "second")
BOTH = "both"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of two records: its key (`names/fr`, `place`), both values, and whether they agree. `options` are what can be chosen."""

    key: str
    first: Any
    second: Any
    agrees: bool = False

    @property
    def side(self) -> str:
        """The one record that states it; empty where both do."""
        return "" if stated(self.first) and stated(self.second) else "first" if stated(self.first) else "second"

    @property
    def differs(self) -> bool:
        """Whether both state it, differently: then it is to be chosen."""
        return not self.side and not self.agrees

    @property
    def options(self) -> tuple[str, ...]:
        """Either side; both where both can be kept."""
        return (*SIDES, BOTH) if self.key in LISTS or self.key == "provenance" else SIDES

    def default(self, survivor: str) -> str:
        """Both where both can be kept, else the survivor's."""
        return BOTH if BOTH in self.options else survivor


def fields(first: records.Enterprise, second: records.Enterprise) -> list[Field]:
    """The fields that at least one of two records states, in the order in which they are asked."""
    found = []
    for key, a, b in _values(first, second):
        if stated(a) or stated(b):
            found.append(Field(key, a, b, _same(key, a, b)))
    return found


def _values(first: records.Enterprise, second: records.Enterprise) -> Iterable[tuple[str, Any, Any]]:
    for field in ORDER:
        a, b = getattr(first, field), getattr(second, field)
        if field in WORDS:
            yield from ((f"{field}/{language}", a.get(language, ""), b.get(language, "")) for language in {**a, **b})
        else:
            yield field, a, b


def stated(value: Any) -> bool:
    """Whether a record says something by it."""
    return value not in (None, "", (), {}, records.Place(), records.Provenance())


def _same(key: str, a: Any, b: Any) -> bool:
    if key in LISTS:
        return not _added(key, a, b) and not _added(key, b, a)
    return bool(a == b)


def combined(
    first: records.Enterprise, second: records.Enterprise, chosen: Mapping[str, str], survivor: str
) -> records.Enterprise:
    """The record of both under the id of the survivor's (`first` or `second`). `chosen` maps keys to first, second or both; what it
    leaves open is as Field.default says. Names that are not chosen become aliases. Raises KeyError for an option that is not offered."""
    sides = {"first": first, "second": second}
    taken = {one.key: one.side or _option(one, chosen, survivor) for one in fields(first, second) if not one.agrees}
    own, other = sides[survivor], sides[SIDES[1 - SIDES.index(survivor)]]
    values: dict[str, Any] = {}
    for key, side in taken.items():
        field, _slash, language = key.partition("/")
        if language:
            values.setdefault(field, dict(getattr(own, field)))[language] = getattr(sides[side], field)[language]
        elif side != BOTH:
            values |= {part: getattr(sides[side], part) for part in SINGLE.get(field, (field,))}
        elif field == "provenance":
            values[field] = _both_sources(own.provenance, other.provenance)
        else:
            values[field] = (*getattr(own, field), *_added(field, getattr(own, field), getattr(other, field)))
    values["aliases"] = _aliases(own, other, values.get("names", own.names))
    return replace(own, **values, visibility=_visibility(own, other, taken, survivor))


def _option(one: Field, chosen: Mapping[str, str], survivor: str) -> str:
    option = chosen.get(one.key) or one.default(survivor)
    if option not in one.options:
        raise KeyError(f"{one.key}: {option}")
    return option


def _aliases(own: records.Enterprise, other: records.Enterprise, names: Mapping[str, str]) -> tuple[str, ...]:
    """Every name that either record had and that is not a name now."""
    known = (*own.aliases, *own.names.values(), *other.names.values(), *other.aliases)
    return tuple(one for one in dict.fromkeys(known) if one.strip() and one not in names.values())


def _both_sources(own: records.Provenance, other: records.Provenance) -> records.Provenance:
    """Both sources by name; the data are as old as the older of them."""
    days = [one.as_of for one in (own, other) if one.as_of]
    return replace(
        own,
        source=" · ".join(dict.fromkeys(one for one in (own.source, other.source) if one)),
        locator=" · ".join(dict.fromkeys(one for one in (own.locator, other.locator) if one)),
        as_of=min(days, default=None),
    )


def _added(field: str, own: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items of `other` that `own` does not have; capabilities whose ids are taken get new ones."""
    likeness = LIKENESS.get(field, lambda one: one)
    had = {likeness(one) for one in own} if field in LIKENESS else set()
    new = [one for one in other if (likeness(one) not in had if field in LIKENESS else one not in own)]
    return tuple(_renumbered(own, new)) if field == "capabilities" else tuple(new)


def _renumbered(own: tuple[records.Capability, ...], new: list[records.Capability]) -> Iterable[records.Capability]:
    used = {one.id for one in own}
    for one in new:
        name, number = one.id, 2
        while name in used:
            name, number = f"{one.id}-{number}", number + 1
        used.add(name)
        yield replace(one, id=name)


def number_key(value: str) -> str:
    """A number as it is compared: letters and digits alone."""
    return re.sub(r"[\W_]+", "", fold(value))


def _contact_key(one: records.Contact) -> tuple[str, str, str]:
    phone = "".join(char for char in one.phone if char.isdigit())[-8:]
    return (one.email.casefold(), phone, "" if one.email or phone else fold(one.name))


LIKENESS: dict[str, Callable[[Any], Any]] = {
    "identifiers": lambda one: (one.scheme.casefold(), number_key(one.value)),
    "contacts": _contact_key,
    "capabilities": lambda one: repr(replace(one, id="")),
    "certificates": lambda one: (one.scheme or fold(one.words), fold(one.scope), one.expiry),
    "references": fold,
}
"""By what items of a list are one; others where they are equal."""


def _visibility(
    own: records.Enterprise, other: records.Enterprise, taken: Mapping[str, str], survivor: str
) -> dict[str, str]:
    """The survivor's levels; the stricter of both for each group of which something comes from the other record."""
    levels = dict(own.visibility)
    for group, fields in GUARDED.items():
        if any(taken.get(field, survivor) != survivor for field in fields):
            strictest = max((level_of(own, group), level_of(other, group)), key=LEVELS.index)
            if group in levels or strictest != GROUPS[group]:
                levels[group] = strictest
    if taken.get("contacts", survivor) != survivor:  # the consent of the persons of both
        days = [one.visibility.get(CONSENT, "") for one in (own, other)]
        levels.pop(CONSENT, None)
        if all(days):
            levels[CONSENT] = max(days, key=date.fromisoformat)
    return levels


def conflicting(first: records.Enterprise, second: records.Enterprise) -> list[tuple[str, str, str]]:
    """Schemes under which both have numbers, none of them shared: scheme (maybe empty), the first's numbers, the second's."""
    mine, others = _numbers(first), _numbers(second)
    return [
        (scheme, ", ".join(mine[scheme, shape].values()), ", ".join(others[scheme, shape].values()))
        for scheme, shape in mine
        if (scheme, shape) in others and not mine[scheme, shape].keys() & others[scheme, shape].keys()
    ]


def _numbers(record: records.Enterprise) -> dict[tuple[str, str], dict[str, str]]:
    """Numbers as they are compared and as written, by scheme; numbers without one by their shape, as registry.identity has them."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for one in record.identifiers:
        if key := number_key(one.value):
            scheme = one.scheme.strip().upper()
            shape = "" if scheme else "".join("9" if char.isdigit() else "A" for char in key)
            found.setdefault((scheme, shape), {})[key] = one.value
    return found
