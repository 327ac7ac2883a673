"""From a need to ranked links: candidates, verdicts, ranking, near misses. Not the wording (explain.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tashbik.language.encoder import Encoder
from tashbik.linkage.asking import asked_of
from tashbik.linkage.calibration import weights as default_weights
from tashbik.linkage.index import Candidate, CandidateIndex
from tashbik.linkage.judges import judge
from tashbik.linkage.offers import Offer, unpack
from tashbik.linkage.verdict import Case, Verdict
from tashbik.registry.records import Need, NeedLine, Requirement

CANDIDATES = 100
"""Offers judged for each line. Judging is linear in it; recall no longer rises from 100 to 250 on the demonstration needs and on the
373 specifications of medicines."""
CORE = {"process": 3.0, "product": 3.0, "substance": 6.0, "form": 4.0, "dosage": 4.0, "material": 2.0, "hs": 2.0}
"""Kinds that say what the thing is, and their weights in the fit; all others weigh 1."""
DECISIVE = ("process", "product", "substance", "form", "dosage", "hs")
"""Kinds whose failure makes an offer a near miss rather than a link, when mandatory."""
LIKELY = 0.38
"""Calibrated score from which an offer is shown where no trade was recognised in the line or in the offer: of the demonstration
register 99 % of the irrelevant offers lie below 0.35 and a quarter of the relevant ones above 0.44: it shows little that is wrong, and
misses the more of what is right."""
PLAUSIBLE = {"process": 0.15, "product": 0.2}
"""Calibrated score below which one shared word, process or product, is taken for a coincidence (labels of the demonstration needs)."""
RELEVANCE_WEIGHT = 0.25
"""Part of the text's own likeness in the score, beside the fit of the requirements."""


@dataclass(frozen=True, slots=True)
class Link:
    """A need line, an offer, and why: `score` 0–1, verdicts in the order of the requirements, the share it can take."""

    offer: Offer
    score: float
    relevance: float
    verdicts: tuple[Verdict, ...]
    share: float | None
    mandatory_failed: bool

    @property
    def enterprise(self) -> str:
        """The register's id of the enterprise."""
        return self.offer.enterprise


@dataclass(frozen=True, slots=True)
class LineResult:
    """Links of one line, best first, the nearest misses, and the offers of enterprises that were asked about by name."""

    line: NeedLine
    links: tuple[Link, ...]
    misses: tuple[Link, ...] = field(default=())
    named: tuple[Link, ...] = field(default=())


class Matcher:
    """Matches needs against an index under one encoder. `today` fixes the day of judgement for repeatable results."""

    def __init__(self, index: CandidateIndex, encoder: Encoder, *, today: date | None = None) -> None:
        self._index = index
        self._encoder = encoder
        self._today = today

    def match(self, need: Need, *, top: int = 20) -> list[LineResult]:
        """All lines of a need."""
        return [self.match_line(need, line, top=top) for line in need.lines]

    def match_line(self, need: Need, line: NeedLine, *, top: int = 20) -> LineResult:
        """Links of one line: at most `top` enterprises, one offer each, with those that fail something mandatory last."""
        asked = asked_of(line.text, line.language, self._encoder)
        found = self._index.search(asked, default_weights(), max(CANDIDATES, 3 * top))
        case = Case(need, line, self._today or date.today(), {})
        judged = [self._judged(candidate, case) for candidate in found]
        links = one_an_enterprise([link for link in judged if is_link(link)])
        chosen = {link.enterprise for link in links}
        misses = one_an_enterprise([link for link in judged if link.enterprise not in chosen and link.relevance > 0])
        return LineResult(line, tuple(links[:top]), tuple(misses[:3]))

    def why_not(self, need: Need, line: NeedLine, offers: Sequence[Offer]) -> list[Link]:
        """Verdicts of named offers, whether they were found or not."""
        case = Case(need, line, self._today or date.today(), {})
        return [link_of(offer, 0.0, case) for offer in offers]

    def _judged(self, candidate: Candidate, case: Case) -> Link:
        return link_of(unpack(candidate.payload), candidate.score, case)


def link_of(offer: Offer, relevance: float, case: Case) -> Link:
    """The link of an offer to a line: its verdicts, fit and share."""
    verdicts = tuple(judge(requirement, offer, case) for requirement in case.line.requirements)
    likeness = min(1.0, max(0.0, relevance))
    score = (1 - RELEVANCE_WEIGHT) * fit(verdicts) + RELEVANCE_WEIGHT * likeness if verdicts else likeness
    share = min((one.share for one in verdicts if one.share is not None), default=None)
    return Link(offer, round(score, 6), relevance, verdicts, share, any(_blocks(one) for one in verdicts))


def fit(verdicts: Sequence[Verdict]) -> float:
    """Weighted mean of what the verdicts are worth: a pass its closeness (at least one half), unknown below it, a fail little."""
    total = sum(_weight(one.requirement) for one in verdicts)
    return sum(_weight(one.requirement) * _worth(one) for one in verdicts) / total if total else 0.0


def _weight(requirement: Requirement) -> float:
    return CORE.get(requirement.kind, 1.0) * (1.0 if requirement.mandatory else 0.7)


def _worth(verdict: Verdict) -> float:
    if verdict.outcome == "pass":
        return 0.5 + 0.5 * verdict.closeness
    return (0.5 if verdict.outcome == "unknown" else 0.3) * verdict.closeness


def _blocks(verdict: Verdict) -> bool:
    return verdict.outcome == "fail" and verdict.requirement.mandatory


def is_link(link: Link) -> bool:
    """Whether an offer is shown as a link: it does one of the processes asked for; or makes the product and fails no process.

    Where nothing of the trade was recognised on either side, likeness of the texts decides. Of a medicine all must fit. The same medicine in another dosage form is shown, last: buyers and registers name forms differently.
    """
    decisive = [one for one in link.verdicts if one.requirement.kind in DECISIVE]
    blocked = {one.requirement.kind for one in decisive if _blocks(one)}
    passes = {one.requirement.kind for one in decisive if one.outcome == "pass"}
    if any(one.requirement.kind == "substance" for one in decisive):
        return not blocked or (blocked == {"form"} and {"substance", "dosage"} <= passes)
    if "process" in passes:
        return link.relevance >= PLAUSIBLE["process"]
    if passes and "process" not in blocked:
        return link.relevance >= PLAUSIBLE["product"]
    return not blocked and link.relevance >= LIKELY


def one_an_enterprise(links: Sequence[Link]) -> list[Link]:
    """The best link of each enterprise: without mandatory failures first, then by score, ties by id."""
    best: dict[str, Link] = {}
    for link in sorted(links, key=lambda one: (one.mandatory_failed, -one.score, one.offer.key)):
        best.setdefault(link.enterprise, link)
    return list(best.values())
