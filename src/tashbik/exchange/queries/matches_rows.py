"""Rows of the matrix: an enterprise against the requirements of a line, with people's words laid over the engine's, as one actor may see it.

Not the choice and order of rows (matches.py), not the matching (matches_stored.py), not the wording (web).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models.fields.json import KeyTransform

from tashbik.exchange.actor import Actor
from tashbik.exchange.models import Enterprise, MatchOverride, Need, Question
from tashbik.exchange.queries.matches_stored import StoredLine, StoredLink, key_of, verdict_of
from tashbik.exchange.visibility import hidden_groups
from tashbik.linkage.match import DECISIVE, RELEVANCE_WEIGHT, fit
from tashbik.linkage.verdict import Verdict
from tashbik.registry import records

Key = tuple[str, int, str]
"""Line, enterprise, requirement."""
WITHHELD = "withheld"
"""Reason of a verdict whose facts the reader may not see: the outcome stands, what it rests on is left out."""
MOST_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class People:
    """What people said on a need's matches, by line, enterprise and requirement; and who is kept or left out, by enterprise."""

    questions: Mapping[Key, Question]
    overrides: Mapping[Key, MatchOverride]
    standing: Mapping[int, MatchOverride]


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement against one offer. `verdict` is the one in force, as the reader may see it; `engine` what the engine found.

    `origin` says whose word is in force: engine, answer (the enterprise's, settled by the buyer's side) or override (an officer's).
    """

    number: int
    key: str
    verdict: Verdict
    engine: Verdict
    origin: str
    question: Question | None
    override: MatchOverride | None

    @property
    def withheld(self) -> bool:
        """Whether what the verdict rests on is kept from the reader."""
        return self.engine.reason == WITHHELD

    @property
    def to_ask(self) -> bool:
        """Whether a question is open that was not sent yet."""
        return self.verdict.outcome == "unknown" and self.question is None


@dataclass(frozen=True, slots=True)
class Row:
    """An enterprise on a line: verdicts, score 0–1, distance in km, share of the quantity, date of the data, groups kept from the reader."""

    enterprise: Enterprise
    link: StoredLink
    cells: tuple[Cell, ...]
    score: float
    near_miss: bool
    failed: bool
    share: float | None
    hidden: tuple[str, ...]
    standing: MatchOverride | None

    @property
    def code(self) -> str:
        """The enterprise's code."""
        return self.enterprise.code

    @property
    def fit(self) -> int:
        """Score of 100."""
        return round(100 * self.score)

    @property
    def as_of(self) -> date | None:
        """Date of the enterprise's data."""
        return self.link.provenance.as_of

    @property
    def kept(self) -> bool:
        """Whether an officer keeps it in the list."""
        return self.standing is not None and self.standing.decision == MatchOverride.Decision.KEEP

    @property
    def dropped(self) -> bool:
        """Whether an officer left it out of the list."""
        return self.standing is not None and self.standing.decision == MatchOverride.Decision.DROP

    def count(self, outcome: str) -> int:
        """How many requirements have this outcome."""
        return sum(one.verdict.outcome == outcome for one in self.cells)

    @property
    def complete(self) -> bool:
        """Whether nothing that is known speaks against it."""
        return self.count("fail") == 0

    @property
    def to_ask(self) -> int:
        """How many questions could be sent."""
        return sum(one.to_ask for one in self.cells)


def people_of(need: Need) -> People:
    """What people said on a need's matches."""
    overrides = list(need.overrides.select_related("by"))
    return People(
        questions={(one.line, one.enterprise_id, one.requirement): one for one in need.questions.all()},
        overrides={(one.line, one.enterprise_id, one.requirement): one for one in overrides if one.requirement},
        standing={one.enterprise_id: one for one in overrides if not one.requirement},
    )


def enterprises_of(codes: Iterable[str]) -> dict[str, Enterprise]:
    """Published enterprises by code, without their records but with how far each group is shown (`levels`)."""
    rows = Enterprise.objects.filter(
        code__in=set(codes)
    ).order_by()  # with an order or the status SQLite would walk another index
    light = rows.select_related("exchange").defer("record").annotate(levels=KeyTransform("visibility", "record"))
    return {one.code: one for one in light if one.status == Enterprise.Status.PUBLISHED}


def hidden_from(actor: Actor, enterprise: Enterprise) -> tuple[str, ...]:
    """The groups of an enterprise (of enterprises_of) that the actor does not see."""
    levels = getattr(enterprise, "levels", None) or {}
    return hidden_groups(actor, enterprise, records.Enterprise(id=enterprise.code, names={}, visibility=levels))


def group_of(verdict: Verdict) -> str:
    """The group of fields that a verdict rests on; empty for what is always shown."""
    if verdict.source in ("capacity", "spare capacity"):
        return "capacities"
    if verdict.requirement.kind == "machine" or verdict.source == "machines" or "force" in dict(verdict.details):
        return "machines"
    return "certificates" if verdict.requirement.kind == "certificate" else ""


def shown(verdict: Verdict, hidden: tuple[str, ...]) -> Verdict:
    """The verdict as far as its facts may be seen: the outcome stays."""
    if group_of(verdict) not in hidden:
        return verdict
    return replace(verdict, reason=WITHHELD, offered="", offered_ids=(), source="", as_of=None, share=None, details=())


def settled(verdict: Verdict, outcome: str) -> Verdict:
    """A verdict under a person's word: met fully, or not met at all."""
    return replace(verdict, outcome=outcome, closeness=1.0 if outcome == "pass" else 0.0)  # type: ignore[arg-type]


def score_of(verdicts: Iterable[Verdict], relevance: float, weights: Mapping[str, int]) -> float:
    """The score of linkage.match under the reader's weights: how often a requirement of each kind counts (0 to 3, 1 where none is given)."""
    counted = [one for one in verdicts for _ in range(min(weights.get(one.requirement.kind, 1), MOST_WEIGHT))]
    return (1 - RELEVANCE_WEIGHT) * fit(counted) + RELEVANCE_WEIGHT * relevance if counted else relevance


class RowMaker:
    """Makes the rows of one line for one actor."""

    def __init__(self, actor: Actor, line: StoredLine, people: People, weights: Mapping[str, int]) -> None:
        self._actor = actor
        self._line = line.line
        self._keys = tuple(key_of(one) for one in line.line.requirements)
        self._people = people
        self._weights = weights

    def row(self, enterprise: Enterprise, link: StoredLink) -> Row:
        """The row of an enterprise."""
        hidden = hidden_from(self._actor, enterprise)
        cells = tuple(self._cell(number, enterprise, link, hidden) for number in range(len(self._keys)))
        verdicts = [one.verdict for one in cells]
        shares = [one.engine.share for one in cells if one.engine.share is not None]
        standing = self._people.standing.get(enterprise.pk)
        kept = standing is not None and standing.decision == MatchOverride.Decision.KEEP
        return Row(
            enterprise=enterprise,
            link=link,
            cells=cells,
            score=score_of(verdicts, link.relevance, self._weights),
            near_miss=link.near_miss and not kept and not any(_said_to_do(one) for one in cells),
            failed=any(one.outcome == "fail" and one.requirement.mandatory for one in verdicts),
            share=min(shares, default=None),
            hidden=hidden,
            standing=standing,
        )

    def _cell(self, number: int, enterprise: Enterprise, link: StoredLink, hidden: tuple[str, ...]) -> Cell:
        where = (self._line.id, enterprise.pk, self._keys[number])
        engine = shown(verdict_of(link.verdicts[number], self._line.requirements[number]), hidden)
        question, override = self._people.questions.get(where), self._people.overrides.get(where)
        verdict, origin = engine, "engine"
        if question is not None and question.status == Question.Status.SETTLED:
            verdict, origin = settled(engine, question.verdict), "answer"
        if override is not None:
            verdict, origin = settled(engine, override.decision), "override"
        return Cell(number, self._keys[number], verdict, engine, origin, question, override)


def _said_to_do(cell: Cell) -> bool:
    """Whether a person says that it does what is asked, against the engine."""
    return cell.origin != "engine" and cell.verdict.outcome == "pass" and cell.verdict.requirement.kind in DECISIVE
