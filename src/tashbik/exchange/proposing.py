"""Meetings worth proposing: who of an edition can give what another looks for, by the linkage engine, and why. Not their storing (verbs.proposals).

Each participant is an offer to the engine: what their enterprise can do by the register, and what they say they offer. Each asks with what they say
they look for, and with the open needs of their organisation. Two whose capabilities complete each other (one product or material, different
processes) are proposed too, lower.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from tashbik.exchange.models import Edition, Meeting, Need, Participant
from tashbik.exchange.projection import record_of
from tashbik.language.encoder import Encoder, default_encoder
from tashbik.linkage import explain
from tashbik.linkage.background import default_background
from tashbik.linkage.match import Link, Matcher
from tashbik.linkage.memory_index import MemoryIndex
from tashbik.linkage.offers import entries
from tashbik.nomenclature import tables
from tashbik.registry import records
from tashbik.registry.need_text import need_line
from tashbik.registry.understanding import understand

LANGUAGES = ("ar", "fr", "en")
TOP = 10
"""Partners that are kept of what one participant asks for."""
COMPLETING = 38.0
"""Score of two whose capabilities complete each other: below what anybody asks for, who passes at least half."""
MUTUAL = 0.3
"""Part of the weaker direction's score that is added where both give what the other looks for."""
_BETWEEN = re.compile(r"[,;،؛\n]| و(?=\w)")
MOST_PARTS = 5
"""Things of one text that are looked for each on its own."""
LACKING = 0.7
"""What a partner is worth who does the trade but fails something that was asked for: in a meeting that can be talked about."""
LEAST = 25.0
"""Score below which a pair is not proposed."""
PART = 0.8
"""What one thing of several that are looked for is worth, of the whole."""
COMMON = 6
"""A product or material that more participants than this share says little of a pair."""


@dataclass(slots=True)
class Proposed:
    """A pair with its score (0–100) and the reasons by language; `both` where each gives what the other looks for."""

    first: int
    second: int
    score: float
    reasons: dict[str, list[str]] = field(default_factory=lambda: {code: [] for code in LANGUAGES})
    met_before: bool = False
    both: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What one participant gives another: the score, and the reason as a function of the language."""

    asks: int
    gives: int
    score: float
    text: Callable[[str], str]


def propose(
    edition: Edition, *, report: Callable[[int, int], None] = lambda done, total: None, encoder: Encoder | None = None
) -> list[Proposed]:
    """All proposals for an edition's approved participants (press left out), best first. `report` is told how far it is."""
    encoder = encoder or default_encoder()
    rows = edition.participants.filter(status=Participant.Status.APPROVED).exclude(category=Participant.Category.PRESS)
    people = {one.pk: one for one in rows.select_related("enterprise", "organisation")}
    offers = {key: offered(one) for key, one in people.items()}
    index = MemoryIndex()
    index.upsert(entries((one for one in offers.values() if one.capabilities), encoder, default_background()))
    index.commit()
    matcher = Matcher(index, encoder)
    found: list[_Found] = []
    asked = _asked(people.values())
    for number, (key, need, text) in enumerate(asked):
        found += _matched(matcher, people, key, need, text)
        report(number + 1, len(asked))
    found += _completing(people, offers)
    return _paired(found, met_before(edition, people.values()))


def offered(participant: Participant) -> records.Enterprise:
    """A participant as the engine's offer, under the participant's key."""
    row = participant.enterprise
    own = record_of(row) if row is not None else records.Enterprise(id="", names={})
    record = msgspec.structs.replace(own, id=str(participant.pk), names=own.names or {"ar": participant.body})
    if not participant.offers.strip():
        return record
    place = record.place if record.place.country else records.Place(country=participant.country)
    said = records.Enterprise(
        id=record.id,
        names=record.names,
        place=place,
        capabilities=(records.Capability(id="said", words={participant.language: participant.offers}),),
    )
    return msgspec.structs.replace(
        record, place=place, capabilities=(*record.capabilities, *understand(said).capabilities)
    )


def _asked(people: Iterable[Participant]) -> list[tuple[int, records.Need, str]]:
    """What each asks for: their own words, and the open needs of their organisation; with the words that the reason quotes."""
    rows = list(people)
    asked = []
    for one in rows:
        if one.seeks.strip():
            lines = tuple(need_line(str(n), text, country=one.country) for n, text in enumerate(_parts(one.seeks), 1))
            asked.append((one.pk, records.Need(id=f"seeks-{one.pk}", lines=lines), _short(one.seeks)))
    needs = defaultdict(list)
    released = Need.objects.filter(
        buyer__in={one.organisation_id for one in rows if one.organisation_id},
        status=Need.Status.RELEASED,
        confidentiality=Need.Confidentiality.OPEN,
        anonymous=False,
    )
    for need in released:
        needs[need.buyer_id].append(need)
    for one in rows:
        for need in needs.get(one.organisation_id, ()):
            asked.append((one.pk, msgspec.convert(need.record, records.Need), f"{need.title} ({need.code})"))
    return asked


def _parts(text: str) -> list[str]:
    """A text as a whole, and each of the several things that it lists: who can do one of them is worth meeting too."""
    parts = [one.strip() for one in _BETWEEN.split(text) if len(one.split()) > 1]
    return [text, *parts[:MOST_PARTS]] if len(parts) > 1 else [text]


def _short(text: str, most: int = 90) -> str:
    """The beginning of a text, to a whole word."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + "…"


def _matched(matcher: Matcher, people: dict[int, Participant], key: int, need: records.Need, text: str) -> list[_Found]:
    found = []
    for result in matcher.match(need, top=TOP + 1):
        for link in result.links:
            other = int(link.enterprise)
            if other != key:
                share = PART if result.line.id != "1" and need.id.startswith("seeks-") else 1.0
                share *= LACKING if link.mandatory_failed else 1.0
                found.append(
                    _Found(key, other, 100 * link.score * share, _reason(people[key], people[other], text, link))
                )
    return found


def _reason(asks: Participant, gives: Participant, text: str, link: Link) -> Callable[[str], str]:
    def said(language: str) -> str:
        names = list(
            dict.fromkeys(
                explain.name_of(one, language)
                for verdict in link.verdicts
                if verdict.outcome == "pass"
                for one in verdict.asked_ids or verdict.requirement.values
            )
        )[:3]
        offer = "، ".join(names) if language == "ar" else ", ".join(names)
        own = _short(next(iter(link.offer.capability.words.values()), ""))
        values = {"asks": asks.body or asks.name, "wanted": text, "gives": gives.body or gives.name}
        if offer:
            return _("%(asks)s is looking for: “%(wanted)s”. %(gives)s can do it: %(offer)s.") % {
                **values,
                "offer": offer,
            }
        return _("%(asks)s is looking for: “%(wanted)s”. %(gives)s offers: “%(offer)s”.") % {**values, "offer": own}

    return said


def _completing(people: dict[int, Participant], offers: dict[int, records.Enterprise]) -> list[_Found]:
    """Pairs of industries with a product or material in common, each with a process that the other has not."""
    industries = (Participant.Category.SMI, Participant.Category.INDUSTRY)
    able = {key: _concepts(one) for key, one in offers.items() if people[key].category in industries}
    sharing: dict[str, list[int]] = defaultdict(list)
    for key, concepts in able.items():
        for one in concepts["product"] | concepts["material"]:
            sharing[one].append(key)
    found = []
    for concept, keys in sharing.items():
        if not 2 <= len(keys) <= COMMON:
            continue
        for here, first in enumerate(keys):
            for second in keys[here + 1 :]:
                mine, theirs = (able[one]["process"] for one in (first, second))
                if mine - theirs and theirs - mine:
                    text = _together(people[first], people[second], concept, mine - theirs, theirs - mine)
                    found.append(_Found(first, second, COMPLETING, text))
    return found


def _concepts(record: records.Enterprise) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"process": set(), "product": set(), "material": set()}
    for capability in record.capabilities:
        for one in capability.concepts:
            kind = one.partition(".")[0]
            if kind in found and one in tables.concepts():
                found[kind].add(one)
    return found


def _together(
    first: Participant, second: Participant, concept: str, mine: set[str], theirs: set[str]
) -> Callable[[str], str]:
    def said(language: str) -> str:
        between = "، " if language == "ar" else ", "
        return _(
            "Both work on %(what)s: %(first)s by %(one)s, %(second)s by %(other)s; together they can offer more."
        ) % {
            "what": explain.name_of(concept, language),
            "first": first.body or first.name,
            "one": between.join(explain.name_of(one, language) for one in sorted(mine)[:2]),
            "second": second.body or second.name,
            "other": between.join(explain.name_of(one, language) for one in sorted(theirs)[:2]),
        }

    return said


def _paired(found: Sequence[_Found], met: set[tuple[int, int]]) -> list[Proposed]:
    """One proposal a pair: the best of each direction, raised where both give what the other looks for."""
    best: dict[tuple[int, int], _Found] = {}
    for one in found:
        there = best.get((one.asks, one.gives))
        if there is None or one.score > there.score:
            best[one.asks, one.gives] = one
    pairs: dict[tuple[int, int], list[_Found]] = defaultdict(list)
    for (asks, gives), one in best.items():
        pairs[min(asks, gives), max(asks, gives)].append(one)
    proposals = [_proposal(pair, sorted(each, key=lambda one: -one.score), met) for pair, each in pairs.items()]
    return sorted((one for one in proposals if one.score >= LEAST), key=lambda one: (-one.score, one.first, one.second))


def _proposal(pair: tuple[int, int], each: list[_Found], met: set[tuple[int, int]]) -> Proposed:
    both = len(each) == 2 and min(one.score for one in each) > COMPLETING
    score = each[0].score + (MUTUAL * each[1].score if both else 0.0)
    made = Proposed(*pair, score=round(min(100.0, score), 1), met_before=pair in met, both=both)
    for language in LANGUAGES:
        with translation.override(language):
            made.reasons[language] = [one.text(language) for one in (each if both else each[:1])]
    return made


def met_before(edition: Edition, people: Iterable[Participant]) -> set[tuple[int, int]]:
    """Pairs who held a meeting at another edition of the exchange, known by address, account or enterprise."""
    marks: dict[tuple[str, object], set[int]] = defaultdict(set)
    for one in people:
        for mark in _marks(one.email, one.user_id, one.enterprise_id):
            marks[mark].add(one.pk)
    held = Meeting.objects.filter(edition__exchange=edition.exchange_id, status=Meeting.Status.HELD).exclude(
        edition=edition
    )
    fields = [f"{side}__{name}" for side in ("first", "second") for name in ("email", "user_id", "enterprise_id")]
    found = set()
    for row in held.values_list(*fields):
        here, there = _keys(marks, row[:3]), _keys(marks, row[3:])
        found |= {(min(a, b), max(a, b)) for a in here for b in there if a != b}
    return found


def _marks(email: str, user: int | None, enterprise: int | None) -> list[tuple[str, object]]:
    every = (("email", email), ("user", user), ("enterprise", enterprise))
    return [(kind, value) for kind, value in every if value]


def _keys(marks: dict[tuple[str, object], set[int]], side: Sequence[object]) -> set[int]:
    email, user, enterprise = side
    return {
        key
        for mark in _marks(str(email or ""), user, enterprise)  # type: ignore[arg-type]
        for key in marks.get(mark, ())
    }
