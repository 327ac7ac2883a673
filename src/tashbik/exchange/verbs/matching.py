"""What people add to matches: questions sent, answered and settled; verdicts overridden; enterprises kept or left out. Not the matching."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from tashbik.errors import InvalidError, NotFoundError, StateError
from tashbik.exchange import messages
from tashbik.exchange.actor import Actor
from tashbik.exchange.audit import changed, verb
from tashbik.exchange.models import Enterprise, MatchOverride, Need, Question
from tashbik.exchange.queries.matches_questions import Asking, can_be_asked
from tashbik.exchange.queries.matches_stored import key_of, need_record

OUTCOMES = ("pass", "fail")
LONGEST_ANSWER = 2_000
LONGEST_REASON = 500


# questions


@verb("question.send", on="need")
def send(*, actor: Actor, need: Need, askings: Sequence[Asking]) -> list[Question]:
    """Send the questions behind unknowns to the enterprises, one message to each; what was asked before is not asked again.

    Returns the questions that were sent. Raises StateError for a need that is not released, InvalidError for an enterprise that is not of
    an exchange of the need, NotFoundError for a requirement that the need does not have.
    """
    _expect_released(need)
    _expect_reachable(need, askings)
    known = {(line.id, key_of(one)) for line in need_record(need).lines for one in line.requirements}
    if any((one.line, one.requirement) not in known for one in askings):
        raise NotFoundError(
            _("The need has changed meanwhile. Nothing was sent."), mend=_("Look at the matches again.")
        )
    before = set(need.questions.values_list("line", "enterprise_id", "requirement"))
    sent: list[Question] = []
    for one in askings:
        place = (one.line, one.enterprise.pk, one.requirement)
        if place not in before:
            before.add(place)
            sent.append(_question(actor, need, one))
    for question in sent:
        changed(question)
    _write_to_enterprises(need, sent)
    return sent


def _expect_released(need: Need) -> None:
    if need.status != Need.Status.RELEASED:
        raise StateError(
            _("Questions are sent and answers settled only while the need is released."),
            mend=_("Release the need first; one that is closed stays as it is."),
        )


def _expect_reachable(need: Need, askings: Sequence[Asking]) -> None:
    if any(not can_be_asked(need, one.enterprise) for one in askings):
        raise InvalidError(
            {"enterprise": [_("It belongs to another exchange: pass the need on to that exchange first.")]},
            _("Nothing was sent: not all of these enterprises can be asked."),
        )


def _question(actor: Actor, need: Need, one: Asking) -> Question:
    return Question.objects.create(
        need=need,
        line=one.line,
        enterprise=one.enterprise,
        requirement=one.requirement,
        asked=one.asked(),
        by=actor.user,
    )


def _write_to_enterprises(need: Need, sent: Sequence[Question]) -> None:
    by_enterprise = sorted(sent, key=lambda one: one.enterprise_id)
    open_title = need.confidentiality != Need.Confidentiality.OFFICERS
    for number, group in groupby(by_enterprise, key=lambda one: one.enterprise_id):
        questions = list(group)
        enterprise = Enterprise.objects.select_related("exchange").get(pk=number)
        messages.tell(
            messages.people_of_enterprise(enterprise),
            kind="question.sent",
            exchange=need.exchange,
            about=need,
            need=need.code,
            title=(need.title or need.code) if open_title else need.code,
            questions=_in(questions),
            page="matches:answer",
            arguments=(need.code, number),
        )


def _in(questions: Sequence[Question]) -> Callable[[str], list[str]]:
    """The texts of questions in the language of who receives them."""
    return lambda language: list(dict.fromkeys(one.asked[language] for one in questions))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an enterprise says to a question: met (`pass`), not met (`fail`) or neither, and its words."""

    claim: str = ""
    words: str = ""


@verb("question.answer", on="enterprise")
def answer(*, actor: Actor, enterprise: Enterprise, need: Need, answers: Mapping[int, Answer]) -> list[Question]:
    """Answer questions about a need, by their numbers; empty answers are passed over. An answer may be changed until it is settled.

    Returns the questions answered. Raises NotFoundError, StateError (settled, or the need is not released), InvalidError (by number).
    """
    _expect_released(need)
    given = {number: one for number, one in answers.items() if one.claim or one.words.strip()}
    _expect_answers(given)
    asked = need.questions.select_for_update(of=("self",)).filter(enterprise=enterprise, pk__in=given)
    found = {one.pk: one for one in asked}
    if set(found) != set(given):
        raise NotFoundError(_("There are no questions here, or they are not for you."))
    if any(one.status == Question.Status.SETTLED for one in found.values()):
        raise StateError(_("An answer was settled meanwhile and cannot be changed any more. Nothing was saved."))
    for number, one in given.items():
        _answered(found[number], one)
    if found:
        _write_to_asker(need, enterprise, list(found.values()))
    return list(found.values())


def _expect_answers(given: Mapping[int, Answer]) -> None:
    if not given:
        raise InvalidError({"": [_("Answer at least one question.")]}, _("There is no answer yet."))
    errors = {
        str(number): [_("Choose met or not met, or write your answer.")]
        for number, one in given.items()
        if one.claim not in ("", *OUTCOMES)
    }
    errors |= {
        str(number): [_("Shorten the answer to %(limit)d characters.") % {"limit": LONGEST_ANSWER}]
        for number, one in given.items()
        if len(one.words) > LONGEST_ANSWER
    }
    if errors:
        raise InvalidError(errors, _("Some answers need a correction. What you typed was kept."))


def _answered(question: Question, given: Answer) -> None:
    before = question.snapshot()
    question.claim, question.answer = given.claim, given.words.strip()
    question.status, question.answered = Question.Status.ANSWERED, timezone.now()
    question.save(update_fields=["claim", "answer", "status", "answered"])
    changed(question, before)


def _write_to_asker(need: Need, enterprise: Enterprise, questions: Sequence[Question]) -> None:
    """To those who asked, else to the buyer's people."""
    askers = {one.by.email: one.by for one in questions if one.by is not None and one.by.is_active}
    people = [messages.Recipient(one.email, one.language) for one in askers.values()]
    messages.tell(
        people or messages.people_of_buyer(need),
        kind="question.answered",
        exchange=need.exchange,
        about=need,
        need=need.code,
        title=need.title or need.code,
        enterprise=enterprise.name,
        page="matches:questions",
        arguments=(need.code,),
    )


@verb("question.settle", on="question")
def settle(*, actor: Actor, question: Question, verdict: str) -> Question:
    """Say whether an answer meets the requirement (`pass`, `fail`). Raises StateError without an answer, InvalidError for another word."""
    _expect_released(question.need)
    if question.status == Question.Status.SENT:
        raise StateError(
            _("The enterprise has not answered yet."), mend=_("Answer for it first if it told you otherwise.")
        )
    if verdict not in OUTCOMES:
        raise InvalidError({"verdict": [_("Choose met or not met.")]}, _("The answer was not settled."))
    question.verdict, question.status = verdict, Question.Status.SETTLED
    question.settled, question.settled_by = timezone.now(), actor.user
    question.save(update_fields=["verdict", "status", "settled", "settled_by"])
    return question


# overrides


@verb("match.override", on="need")
def override(
    *,
    actor: Actor,
    need: Need,
    enterprise: Enterprise,
    decision: str,
    reason: str,
    line: str = "",
    requirement: str = "",
) -> MatchOverride:
    """Set an officer's word against the engine's: `pass` or `fail` of one requirement (its key), `keep` or `drop` of the enterprise.

    A second one in the same place replaces the first. Raises InvalidError (decision, reason), NotFoundError for no such requirement.
    """
    of_requirement = decision in OUTCOMES
    _expect_decision(decision, reason)
    if of_requirement and (line, requirement) not in {
        (one.id, key_of(each)) for one in need_record(need).lines for each in one.requirements
    }:
        raise NotFoundError(_("The need has no such requirement any more."), mend=_("Look at the matches again."))
    place = {"line": line, "requirement": requirement} if of_requirement else {"line": "", "requirement": ""}
    found = need.overrides.select_for_update(of=("self",)).filter(enterprise=enterprise, **place).first()
    before = found.snapshot() if found else None
    made = found or MatchOverride(need=need, enterprise=enterprise, **place)
    made.decision, made.reason, made.by, made.created = decision, reason.strip(), actor.user, timezone.now()
    made.save()
    changed(made, before)
    return made


def _expect_decision(decision: str, reason: str) -> None:
    errors: dict[str, list[str]] = {}
    if decision not in MatchOverride.Decision.values:
        errors["decision"] = [_("Choose a decision.")]
    if not reason.strip():
        errors["reason"] = [_("Give the reason: it is shown with the decision.")]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [_("Shorten the reason to %(limit)d characters.") % {"limit": LONGEST_REASON}]
    if errors:
        raise InvalidError(errors, _("The decision was not saved: some values need a correction."))


@verb("match.restore", on="override")
def restore(*, actor: Actor, override: MatchOverride) -> None:
    """Take an override back: the engine's word holds again."""
    override.delete()
