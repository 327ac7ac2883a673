"""Matches: what the matrix says, weights and filters, the cache, what is kept from whom, questions and their answers, overrides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tashbik.errors import InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange.audit import broken_links
from tashbik.exchange.index import register_index
from tashbik.exchange.models import Enterprise, Mail, MatchOverride, Need, Question, Referral, Role
from tashbik.exchange.projection import as_json, record_of
from tashbik.exchange.queries import matches, matches_questions, matches_stored
from tashbik.exchange.queries.matches import Choices, Matrix
from tashbik.exchange.queries.matches_rows import WITHHELD, Cell, Row
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.storing import new_row, restate, store, store_many
from tashbik.exchange.verbs import matching
from tashbik.exchange.verbs.matching import Answer
from tashbik.registry import records
from tests.world import World, record

HIDDEN_NUMBER = 7654


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def indexed(world: World) -> World:
    """The world with its index brought up."""
    register_index().follow()
    return world


def seen(world: World, role: str = Role.OFFICER, **choices: object) -> Matrix:
    """The matrix of the world's need."""
    need = Need.objects.get(pk=world.need.pk)
    return matches.matrix(world[role], need, matches.lines_of(need)[0], Choices(**choices))  # type: ignore[arg-type]


def row_of(world: World, code: str, role: str = Role.OFFICER) -> Row:
    """The row of an enterprise."""
    return next(one for one in seen(world, role).rows if one.code == code)


def cell_of(world: World, code: str, kind: str, role: str = Role.OFFICER) -> Cell:
    """One cell."""
    return next(one for one in row_of(world, code, role).cells if one.verdict.requirement.kind == kind)


def with_quantity(world: World) -> None:
    """The need asks once more for 500 pieces a month; the first enterprise has spare capacity that only its own exchange sees."""
    need = msgspec.convert(world.need.record, records.Need)
    asked = records.Requirement(
        kind="quantity", numbers=(500.0,), unit="piece", period="month", words="500 pièces par mois"
    )
    line = msgspec.structs.replace(need.lines[0], requirements=(*need.lines[0].requirements, asked))
    world.need.record = as_json(msgspec.structs.replace(need, lines=(line,)))
    world.need.save()
    known = record_of(world.enterprises[0])
    spare = records.Rate(value=HIDDEN_NUMBER, unit="piece", period="month")
    able = msgspec.structs.replace(known.capabilities[0], spare=spare, spare_as_of=date.today())
    store(
        world.enterprises[0],
        msgspec.structs.replace(
            known, capabilities=(able,), visibility={"capacities": "exchange", "certificates": "exchange"}
        ),
    )
    register_index().follow()


# the matrix


def test_the_matrix_shows_pass_and_unknown_with_what_is_offered(indexed: World) -> None:
    found = seen(indexed)
    assert [one.code for one in found.rows] == ["dz:F-1", "dz:F-2", "tn:F-9"]
    assert found.found == 3
    kinds = {one.verdict.requirement.kind: one.verdict for one in found.rows[0].cells}
    assert kinds["material"].outcome == "pass"
    assert kinds["material"].offered == "ADC12"
    assert kinds["certificate"].outcome == "pass"
    assert kinds["product"].outcome == "unknown"
    assert {one.verdict.outcome for one in found.rows[1].cells if one.verdict.requirement.kind == "certificate"} == {
        "unknown"
    }
    assert found.rows[1].link.km == 0
    assert 200 < (found.rows[0].link.km or 0) < 260


def test_the_fit_is_what_the_formula_gives_by_hand(indexed: World) -> None:
    row = seen(indexed).rows[0]
    worth = {"process": 1.0, "product": 0.5 * 0.4, "material": 1.0, "certificate": 1.0}
    near = next(one.verdict.closeness for one in row.cells if one.verdict.requirement.kind == "delivery")
    total = 3 * worth["process"] + 3 * worth["product"] + 2 * worth["material"] + 0.7 + 0.7 * (0.5 + 0.5 * near)
    total += 1.0  # the quantity: its words state enough spare capacity
    assert row.score == pytest.approx(0.75 * total / 10.4 + 0.25 * row.link.relevance, abs=1e-6)


def test_weights_of_the_reader_change_the_order(indexed: World) -> None:
    """Only the delivery counts: F-2 stands in Blida itself (worth 1), F-1 is 230 km away (worth under 1)."""
    weights = {"process": 0, "product": 0, "material": 0, "quantity": 0, "certificate": 0, "delivery": 3}
    found = seen(indexed, weights=weights).rows
    assert [one.code for one in found[:2]] == ["dz:F-2", "dz:F-1"]
    assert found[0].score == pytest.approx(0.75 + 0.25 * found[0].link.relevance, abs=1e-6)


def test_all_weights_zero_leave_the_likeness_of_the_words(indexed: World) -> None:
    kinds = ("process", "product", "material", "quantity", "certificate", "delivery")
    for row in seen(indexed, weights=dict.fromkeys(kinds, 0)).rows:
        assert row.score == pytest.approx(row.link.relevance)


@pytest.mark.parametrize(
    ("choices", "codes"),
    [
        ({"own": True}, ["dz:F-1", "dz:F-2"]),
        ({"countries": ("TN",)}, ["tn:F-9"]),
        ({"certificates": ("certificate.iso-9001",)}, ["dz:F-1"]),
        ({"spare": True}, ["dz:F-1"]),
        ({"sort": "distance"}, ["dz:F-2", "dz:F-1", "tn:F-9"]),
        ({"sort": "name"}, ["tn:F-9", "dz:F-2", "dz:F-1"]),
    ],
)
def test_filters_and_orders(indexed: World, choices: dict[str, object], codes: list[str]) -> None:
    assert [one.code for one in seen(indexed, **choices).rows] == codes


def test_what_fails_something_mandatory_is_left_out_on_request(indexed: World) -> None:
    key = cell_of(indexed, "dz:F-2", "material").key
    matching.override(
        actor=indexed["officer"], need=indexed.need, enterprise=indexed.enterprises[1],
        decision="fail", reason="No ADC12 there", line="1", requirement=key,
    )  # fmt: skip
    assert "dz:F-2" in {one.code for one in seen(indexed).rows}
    assert seen(indexed).rows[-1].code == "dz:F-2"
    assert "dz:F-2" not in {one.code for one in seen(indexed, met=True).rows}


# the cache


def test_pages_and_filters_do_not_match_again(indexed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = seen(indexed)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("matched again")

    monkeypatch.setattr("tashbik.linkage.match.Matcher.match", refuse)
    assert [one.code for one in seen(indexed, sort="distance").rows] != [one.code for one in first.rows]


def test_a_changed_enterprise_is_matched_again(indexed: World) -> None:
    assert cell_of(indexed, "dz:F-2", "certificate").verdict.outcome == "unknown"
    known = record_of(indexed.enterprises[1])
    held = records.Certificate(scheme="certificate.iso-9001", words="ISO 9001")
    store(indexed.enterprises[1], msgspec.structs.replace(known, certificates=(held,)))
    register_index().follow()
    assert cell_of(indexed, "dz:F-2", "certificate").verdict.outcome == "pass"


def test_a_withdrawn_enterprise_is_gone_at_once(indexed: World) -> None:
    seen(indexed)
    restate(indexed.enterprises[0], Enterprise.Status.WITHDRAWN)  # the index has not followed yet
    assert "dz:F-1" not in {one.code for one in seen(indexed).rows}


def test_a_changed_need_is_matched_again(indexed: World) -> None:
    before = len(seen(indexed).line.requirements)
    with_quantity(indexed)
    assert len(seen(indexed).line.requirements) == before + 1


@pytest.mark.parametrize("extra", [0, 4])
def test_the_number_of_queries_does_not_grow_with_rows(indexed: World, extra: int) -> None:
    made = [
        record(f"X-{n}", f"Fonderie {n}", "Moulage sous pression d'aluminium, ADC12", "DZ", "Blida")
        for n in range(extra)
    ]
    store_many([(new_row(indexed.dz, one), one) for one in made], ())
    register_index().follow()
    assert len(seen(indexed, near=True).rows) == 3 + extra
    with CaptureQueriesContext(connection) as caught:
        seen(indexed, near=True)
    assert len(caught) <= 6, [one["sql"][:90] for one in caught]


# who sees what


@pytest.mark.parametrize("role", [one for one in Role if one not in (Role.OFFICER, Role.BUYER)])
def test_others_do_not_see_the_matches(indexed: World, role: str) -> None:
    indexed.need.confidentiality = Need.Confidentiality.OPEN
    indexed.need.save()
    with pytest.raises(NotPermittedError):
        matches.opened(indexed[role], indexed.need.code)


def test_another_exchange_sees_them_once_the_need_is_passed_on(indexed: World) -> None:
    abroad = indexed.elsewhere[Role.OFFICER]
    with pytest.raises(NotFoundError):
        matches.opened(abroad, indexed.need.code)
    Referral.objects.create(need=indexed.need, exchange=indexed.tn)
    assert matches.opened(abroad, indexed.need.code) == indexed.need
    Referral.objects.update(status=Referral.Status.DECLINED)
    with pytest.raises(NotFoundError):
        matches.opened(abroad, indexed.need.code)


def test_hidden_groups_do_not_leak_by_the_cells(indexed: World) -> None:
    with_quantity(indexed)
    own, buyer = cell_of(indexed, "dz:F-1", "quantity"), cell_of(indexed, "dz:F-1", "quantity", Role.BUYER)
    assert str(HIDDEN_NUMBER) in own.engine.offered
    assert buyer.verdict.outcome == own.verdict.outcome == "pass"
    assert buyer.engine.reason == WITHHELD
    assert not buyer.engine.offered
    assert buyer.engine.as_of is None
    assert str(HIDDEN_NUMBER) not in repr(
        [(one.verdict, one.engine) for one in row_of(indexed, "dz:F-1", Role.BUYER).cells]
    )
    assert row_of(indexed, "dz:F-1", Role.BUYER).share is None


def test_hidden_groups_do_not_leak_by_the_filters(indexed: World) -> None:
    with_quantity(indexed)
    assert [one.code for one in seen(indexed, spare=True).rows] == ["dz:F-1"]
    assert not seen(indexed, Role.BUYER, spare=True).rows
    assert not seen(indexed, Role.BUYER, certificates=("certificate.iso-9001",)).rows
    assert "certificate.iso-9001" not in seen(indexed, Role.BUYER).options.certificates


def test_the_question_to_the_enterprise_does_not_tell_the_buyer_what_is_hidden(indexed: World) -> None:
    with_quantity(indexed)
    known = record_of(indexed.enterprises[0])
    able = msgspec.structs.replace(known.capabilities[0], spare_as_of=date(2020, 1, 1))
    store(indexed.enterprises[0], msgspec.structs.replace(known, capabilities=(able,)))
    register_index().follow()
    row = row_of(indexed, "dz:F-1", Role.BUYER)
    asked = [one.asked() for one in matches_questions.askings("1", [row])]
    assert any(one["kind"] == "quantity" for one in asked)
    assert str(HIDDEN_NUMBER) not in repr(asked)


# why not


def test_why_not_names_what_is_not_met(indexed: World) -> None:
    assert [one.code for one in matches.search("annaba")] == ["dz:F-3"]
    assert [one.code for one in matches.search("F-3")] == ["dz:F-3"]
    assert [one.code for one in matches.search("هضاب")] == ["dz:F-1"]
    Enterprise.objects.filter(code="dz:F-3").update(name_ar="ورشة عنابة")  # not the name that it is sorted by
    assert [one.code for one in matches.search("ورشة")] == ["dz:F-3"]
    assert matches.search("   ") == []
    ((line, rows),) = matches.rows_named(indexed[Role.BUYER], indexed.need, ["dz:F-3"])
    assert line.line.id == "1"
    outcomes = {one.verdict.requirement.kind: one.verdict.outcome for one in rows[0].cells}
    assert outcomes["process"] == "fail"
    assert rows[0].near_miss
    assert rows[0].failed


def test_an_enterprise_that_is_not_published_has_no_answer(indexed: World) -> None:
    restate(indexed.enterprises[2], Enterprise.Status.WITHDRAWN)
    with pytest.raises(NotFoundError):
        matches.find_enterprise("dz:F-3")
    assert matches.search("annaba") == []
    assert matches.rows_named(indexed[Role.BUYER], indexed.need, ["dz:F-3"])[0][1] == []


def test_all_lines_together(indexed: World) -> None:
    need = msgspec.convert(indexed.need.record, records.Need)
    second = records.NeedLine(
        id="2", text="tournage CNC acier", language="fr",
        requirements=(records.Requirement(kind="process", words="tournage CNC", values=("process.cnc-turning",)),),
    )  # fmt: skip
    indexed.need.record = as_json(msgspec.structs.replace(need, lines=(*need.lines, second)))
    indexed.need.save()
    found = matches.overall(indexed[Role.OFFICER], indexed.need, matches.lines_of(indexed.need), Choices())
    able = {one.enterprise.code: [row is not None and not row.near_miss for row in one.rows] for one in found.rows}
    assert able["dz:F-1"][0] and not able["dz:F-1"][1]
    assert able["dz:F-3"][1]


# questions


def ask(world: World, *codes: str, role: str = Role.BUYER) -> list[Question]:
    """Send the questions behind the unknowns of some enterprises."""
    rows = [row_of(world, one, role) for one in codes]
    return matching.send(actor=world[role], need=world.need, askings=matches_questions.askings("1", rows))


def test_questions_are_sent_once_and_by_one_message_each(indexed: World) -> None:
    sent = ask(indexed, "dz:F-1", "dz:F-2")
    assert {one.asked["kind"] for one in sent if one.enterprise == indexed.enterprises[1]} == {
        "product",
        "material",
        "quantity",
        "certificate",
    }
    assert all(one.asked[language] for one in sent for language in ("ar", "fr", "en"))
    to_member = Mail.objects.get(kind="question.sent", to=indexed.users[Role.MEMBER].email)
    assert sent[0].asked[to_member.language] in to_member.body.replace("\u2068", "").replace("\u2069", "")
    assert indexed.buyer.name not in to_member.body
    assert Mail.objects.filter(kind="question.sent").count() == 2
    assert ask(indexed, "dz:F-1", "dz:F-2") == []
    assert Mail.objects.filter(kind="question.sent").count() == 2
    assert list(broken_links()) == []


def test_who_is_of_another_exchange_is_not_asked_before_the_need_is_passed_on(indexed: World) -> None:
    with pytest.raises(InvalidError):
        ask(indexed, "tn:F-9")
    assert not Question.objects.exists()
    offered = Referral.objects.create(need=indexed.need, exchange=indexed.tn)
    indexed.need = Need.objects.get(pk=indexed.need.pk)
    with pytest.raises(InvalidError):  # passed on, and not taken up yet
        ask(indexed, "tn:F-9")
    Referral.objects.filter(pk=offered.pk).update(status=Referral.Status.TAKEN)
    indexed.need = Need.objects.get(pk=indexed.need.pk)
    assert ask(indexed, "tn:F-9")


def test_nothing_is_asked_for_a_need_that_is_not_released(indexed: World) -> None:
    row = row_of(indexed, "dz:F-1")
    Need.objects.update(status=Need.Status.CLOSED)
    with pytest.raises(StateError):
        matching.send(actor=indexed["buyer"], need=indexed.need, askings=matches_questions.askings("1", [row]))


def test_the_cycle_of_a_question(indexed: World) -> None:
    sent = ask(indexed, "dz:F-1")
    member = indexed[Role.MEMBER]
    assert [one.page for one in waiting_for(member) if one.page.startswith("matches:")] == ["matches:answer"]
    given = {sent[0].pk: Answer("pass", "نعم، نصنع علب تروس مماثلة")}
    matching.answer(actor=member, enterprise=indexed.enterprises[0], need=indexed.need, answers=given)
    assert Mail.objects.filter(kind="question.answered", to=indexed.users[Role.BUYER].email).count() == 1
    cell = cell_of(indexed, "dz:F-1", "product")
    assert cell.verdict.outcome == "unknown", "an answer is settled by the buyer's side"
    assert cell.question is not None and cell.question.claim == "pass"
    assert [one.page for one in waiting_for(indexed[Role.BUYER]) if one.page.startswith("matches:")] == [
        "matches:questions"
    ]
    matching.settle(actor=indexed[Role.BUYER], question=cell.question, verdict="pass")
    cell = cell_of(indexed, "dz:F-1", "product")
    assert (cell.verdict.outcome, cell.origin, cell.engine.outcome) == ("pass", "answer", "unknown")
    assert not [one for one in waiting_for(indexed[Role.BUYER]) if one.page.startswith("matches:")]
    with pytest.raises(StateError):
        matching.answer(actor=member, enterprise=indexed.enterprises[0], need=indexed.need, answers=given)
    assert list(broken_links()) == []


def test_a_settled_answer_moves_the_score_as_a_full_pass_does(indexed: World) -> None:
    before = row_of(indexed, "dz:F-1")
    sent = ask(indexed, "dz:F-1")
    matching.answer(
        actor=indexed[Role.MEMBER],
        enterprise=indexed.enterprises[0],
        need=indexed.need,
        answers={sent[0].pk: Answer("pass")},
    )
    matching.settle(actor=indexed[Role.OFFICER], question=Question.objects.get(pk=sent[0].pk), verdict="pass")
    gained = 3 * (1.0 - 0.5 * 0.4) / 10.4 * 0.75
    assert row_of(indexed, "dz:F-1").score - before.score == pytest.approx(gained, abs=1e-6)


def test_answers_are_checked(indexed: World) -> None:
    sent = ask(indexed, "dz:F-1")
    member, enterprise = indexed[Role.MEMBER], indexed.enterprises[0]
    for wrong in ({}, {sent[0].pk: Answer()}, {sent[0].pk: Answer("maybe")}, {sent[0].pk: Answer("", "x" * 2_001)}):
        with pytest.raises(InvalidError):
            matching.answer(actor=member, enterprise=enterprise, need=indexed.need, answers=wrong)
    with pytest.raises(NotFoundError):
        matching.answer(
            actor=member, enterprise=enterprise, need=indexed.need, answers={sent[0].pk + 999: Answer("pass")}
        )
    with pytest.raises(StateError):
        matching.settle(actor=indexed[Role.BUYER], question=sent[0], verdict="pass")


def test_who_may_not(indexed: World) -> None:
    row = row_of(indexed, "dz:F-1")
    asked = matches_questions.askings("1", [row])
    question = ask(indexed, "dz:F-1")[0]
    given = {question.pk: Answer("pass")}
    for role in (Role.MEMBER, Role.ANALYST, Role.INSTITUTION, Role.VISITOR):
        with pytest.raises(NotPermittedError):
            matching.send(actor=indexed[role], need=indexed.need, askings=asked)
        with pytest.raises(NotPermittedError):
            matching.settle(actor=indexed[role], question=question, verdict="pass")
    for actor in (indexed[Role.BUYER], indexed.elsewhere[Role.MEMBER], indexed.elsewhere[Role.OFFICER]):
        with pytest.raises(NotPermittedError):
            matching.answer(actor=actor, enterprise=indexed.enterprises[0], need=indexed.need, answers=given)
    for actor in (indexed[Role.BUYER], indexed[Role.MEMBER], indexed.elsewhere[Role.OFFICER]):
        with pytest.raises(NotPermittedError):
            matching.override(
                actor=actor, need=indexed.need, enterprise=indexed.enterprises[0], decision="drop", reason="no"
            )
    assert matching.answer(
        actor=indexed[Role.OFFICER], enterprise=indexed.enterprises[0], need=indexed.need, answers=given
    )


def test_a_question_belongs_to_the_requirement_as_it_was_worded(indexed: World) -> None:
    ask(indexed, "dz:F-2")
    need = msgspec.convert(indexed.need.record, records.Need)
    changed = tuple(
        msgspec.structs.replace(one, mandatory=not one.mandatory) if one.kind == "certificate" else one
        for one in need.lines[0].requirements
    )
    line = msgspec.structs.replace(need.lines[0], requirements=changed)
    indexed.need.record = as_json(msgspec.structs.replace(need, lines=(line,)))
    indexed.need.save()
    assert cell_of(indexed, "dz:F-2", "certificate").question is None
    assert cell_of(indexed, "dz:F-2", "material").question is not None
    assert len(matches_stored.key_of(changed[-1])) <= 20


def test_confidential_needs_send_no_title(indexed: World) -> None:
    Need.objects.update(confidentiality=Need.Confidentiality.OFFICERS)
    indexed.need = Need.objects.get(pk=indexed.need.pk)
    ask(indexed, "dz:F-1", role=Role.OFFICER)
    mail = Mail.objects.get(kind="question.sent")
    assert "Carters" not in mail.subject + mail.body
    assert matches_questions.shown_title(indexed[Role.MEMBER], indexed.need) == "dz-N-1"


# overrides


def test_an_enterprise_is_left_out_and_taken_back(indexed: World) -> None:
    done = matching.override(
        actor=indexed["officer"],
        need=indexed.need,
        enterprise=indexed.enterprises[0],
        decision="drop",
        reason="In liquidation",
    )
    found = seen(indexed)
    assert "dz:F-1" not in {one.code for one in found.rows}
    assert [(one.code, one.standing and one.standing.reason) for one in found.dropped] == [("dz:F-1", "In liquidation")]
    matching.restore(actor=indexed["officer"], override=done)
    assert "dz:F-1" in {one.code for one in seen(indexed).rows}
    assert list(broken_links()) == []


def test_an_enterprise_that_was_not_found_is_kept(indexed: World) -> None:
    matching.override(
        actor=indexed["officer"],
        need=indexed.need,
        enterprise=indexed.enterprises[2],
        decision="keep",
        reason="Has bought a press",
    )
    found = seen(indexed, met=True, own=True)
    assert "dz:F-3" in {one.code for one in found.rows}
    assert next(one for one in found.rows if one.code == "dz:F-3").kept


def test_a_second_decision_replaces_the_first(indexed: World) -> None:
    key = cell_of(indexed, "dz:F-2", "material").key
    for decision in ("fail", "pass"):
        matching.override(
            actor=indexed["officer"], need=indexed.need, enterprise=indexed.enterprises[1],
            decision=decision, reason="Seen on a visit", line="1", requirement=key,
        )  # fmt: skip
    assert MatchOverride.objects.count() == 1
    cell = cell_of(indexed, "dz:F-2", "material")
    assert (cell.verdict.outcome, cell.origin, cell.engine.outcome) == ("pass", "override", "unknown")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reason": "  "}, InvalidError),
        ({"reason": "x" * 501}, InvalidError),
        ({"decision": "maybe"}, InvalidError),
        ({"requirement": "material-00000000"}, NotFoundError),
    ],
)
def test_decisions_are_checked(indexed: World, changes: dict[str, str], error: type[Exception]) -> None:
    given = {"decision": "pass", "reason": "Seen", "line": "1", "requirement": "process-00000000", **changes}
    with pytest.raises(error):
        matching.override(actor=indexed["officer"], need=indexed.need, enterprise=indexed.enterprises[1], **given)
    assert not MatchOverride.objects.exists()
