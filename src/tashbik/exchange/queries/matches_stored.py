"""The engine's matches of a need, kept in the cache until the register changes. Not who sees them (matches.py), not people's words on them.

Matching a line costs tens of milliseconds; turning a page, filtering and re-weighting do not match again. What is kept is known by the
need's record, by how far the index follows the register, and by the day of judgement: a change of any of them is another entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date

import msgspec
from django.core.cache import cache

from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Need
from tashbik.exchange.projection import record_of
from tashbik.linkage.judges.logistics import distance
from tashbik.linkage.match import LineResult, Link
from tashbik.linkage.offers import offers_of
from tashbik.linkage.verdict import Verdict
from tashbik.registry import records

TOP = 60
"""Enterprises that are kept of each line."""
KEPT_SECONDS = 24 * 3600


class StoredVerdict(msgspec.Struct, frozen=True, array_like=True):
    """A verdict without its requirement: the line has that, at the same place."""

    outcome: str
    reason: str
    asked: str = ""
    offered: str = ""
    asked_ids: tuple[str, ...] = ()
    offered_ids: tuple[str, ...] = ()
    source: str = ""
    as_of: date | None = None
    closeness: float = 0.0
    share: float | None = None
    details: tuple[tuple[str, str], ...] = ()


class StoredLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link: the enterprise's code, the capability with its words and concepts, likeness (0–1), distance in km, where the data come from."""

    enterprise: str
    capability: str
    words: dict[str, str] = {}
    concepts: tuple[str, ...] = ()
    relevance: float
    verdicts: tuple[StoredVerdict, ...]
    km: float | None = None
    provenance: records.Provenance = records.Provenance()
    near_miss: bool = False


class StoredLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line with its links as the engine ranked them, and after them its near misses."""

    line: records.NeedLine
    links: tuple[StoredLink, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[StoredLine, ...]).decode
_PARTS = tuple(one.name for one in dataclass_fields(Verdict) if one.name != "requirement")


def stored(need: Need) -> tuple[StoredLine, ...]:
    """The matches of a need's lines; from the cache, else matched now and kept."""
    index = register_index()
    today = date.today()
    key = _key(need, index.mark, today)
    kept = cache.get(key)
    if isinstance(kept, bytes):
        return _decode(kept)
    record = need_record(need)
    found = tuple(_line(record, one) for one in index.matcher().match(record, top=TOP))
    cache.set(key, _encode(found), KEPT_SECONDS)
    return found


def need_record(need: Need) -> records.Need:
    """The typed record of a need, without the buyer's name."""
    return msgspec.structs.replace(msgspec.convert(need.record, records.Need), id=need.code, buyer="")


def _key(need: Need, mark: str, today: date) -> str:
    content = msgspec.json.encode(need.record, order="sorted")
    digest = hashlib.sha256(content).hexdigest()[:20]
    return f"matches:{need.pk}:{digest}:{mark}:{today.isoformat()}:{TOP}"


def _line(need: records.Need, result: LineResult) -> StoredLine:
    where = place_of(need, result.line)
    links = [_link(one, where, near_miss=False) for one in result.links]
    misses = [_link(one, where, near_miss=True) for one in result.misses]
    return StoredLine(line=result.line, links=(*links, *misses))


def _link(link: Link, where: records.Place, *, near_miss: bool) -> StoredLink:
    away = distance(where, link.offer.place)
    return StoredLink(
        enterprise=link.enterprise,
        capability=link.offer.capability.id,
        words=link.offer.capability.words,
        concepts=link.offer.capability.concepts[:30],
        relevance=min(1.0, max(0.0, link.relevance)),
        verdicts=tuple(StoredVerdict(*(getattr(one, part) for part in _PARTS)) for one in link.verdicts),
        km=None if away is None else round(away),
        provenance=link.offer.provenance,
        near_miss=near_miss,
    )


def place_of(need: records.Need, line: records.NeedLine) -> records.Place:
    """Where a line is to be delivered: as it says itself, else as the need says."""
    own = [one.place for one in line.requirements if one.place is not None and one.kind == "delivery"]
    return own[0] if own else need.place


def verdict_of(kept: StoredVerdict, requirement: records.Requirement) -> Verdict:
    """The verdict that was kept, on its requirement."""
    return Verdict(requirement, **{part: getattr(kept, part) for part in _PARTS})


def key_of(requirement: records.Requirement) -> str:
    """The key under which questions and overrides name a requirement: its kind and a digest of all it says (at most 20 characters)."""
    digest = hashlib.sha256(msgspec.json.encode(requirement, order="sorted")).hexdigest()
    return f"{requirement.kind}-{digest[:8]}"


def named(need: Need, enterprises: Iterable[Enterprise]) -> dict[str, dict[str, list[StoredLink]]]:
    """Verdicts of enterprises that were named, found or not: by line, by code, one link for each capability, the best first."""
    record = need_record(need)
    offers = {one.code: list(offers_of(record_of(one))) for one in enterprises}
    matcher = register_index().matcher()
    answer: dict[str, dict[str, list[StoredLink]]] = {}
    for line in record.lines:
        where = place_of(record, line)
        answer[line.id] = {
            code: [_link(one, where, near_miss=True) for one in _best_first(matcher.why_not(record, line, of_one))]
            for code, of_one in offers.items()
        }
    return answer


def _best_first(links: Sequence[Link]) -> list[Link]:
    return sorted(links, key=lambda one: (one.mandatory_failed, -one.score, one.offer.key))
