"""Recommendations from draft to end: every step with its refusals, votes, owners, reminders, the communiqué, what is seen and what waits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError, StateError
from tashbik.exchange.actor import VISITOR
from tashbik.exchange.audit import broken_links
from tashbik.exchange.jobs import work_off
from tashbik.exchange.models import Job, Mail, Recommendation, Step, Vote
from tashbik.exchange.owner_link import as_owner, of_token, token_of
from tashbik.exchange.queries import recommendation_progress as progress
from tashbik.exchange.queries import recommendations as queries
from tashbik.exchange.queries.waiting import waiting_for
from tashbik.exchange.verbs import recommendation_reminders as reminders
from tashbik.exchange.verbs import recommendation_work as work
from tashbik.exchange.verbs import recommendations as verbs
from tests.exchange.recommending import (
    BODY,
    TEXT,
    a_task,
    adopted,
    an_edition,
    assigned,
    drafted,
    participants,
    today,
    wording,
)
from tests.world import World


def test_the_whole_course(world: World) -> None:
    organiser, owner, edition = world["organiser"], world["institution"], an_edition(world)
    one = assigned(world, edition)
    assert (one.number, one.status, one.owner) == (1, "assigned", "institution dz")
    work.report(actor=owner, recommendation=one, report=work.Report("Commencé", value=Decimal(180)))
    one.refresh_from_db()
    assert (one.status, one.value, progress.reached(one)) == ("under_way", 180, 0.4)
    work.report(actor=owner, recommendation=one, report=work.Report("Fini", value=Decimal(310), done=True))
    one.refresh_from_db()
    assert one.status == "done" and progress.reached(one) == 1
    work.close(actor=organiser, recommendation=one, version=one.version, result="Le registre existe.")
    assert (one.status, one.closed, one.result) == ("closed", today(), "Le registre existe.")
    steps = [step.status for step in one.steps.all()]
    assert steps == ["drafted", "adopted", "assigned", "under_way", "done", "closed"]
    assert list(broken_links()) == []
    kinds = list(Mail.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "recommendation.assigned",
        "recommendation.reported",
        "recommendation.done",
        "recommendation.ended",
    ]


# drafts


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": {}}, "text_ar"),
        ({"text": {"fr": "x" * 2001}}, "text_fr"),
        ({"body": {"en": " "}}, "body_ar"),
        ({"sector": "church"}, "sector"),
        ({"topic": ""}, "topic"),
        ({"country": "XX"}, "country"),
    ],
)
def test_drafts_that_cannot_be_taken(world: World, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(InvalidError) as refused:
        drafted(world, an_edition(world), **fields)
    assert list(refused.value.fields) == [wrong] and not Recommendation.objects.exists()


def test_a_target_needs_words(world: World) -> None:
    from tashbik.exchange.recommendation_sheet import Indicator

    with pytest.raises(InvalidError) as refused:
        drafted(world, an_edition(world), indicator=Indicator({}, "%", None, Decimal("NaN")))
    assert set(refused.value.fields) == {"target", "indicator_ar"}


def test_numbers_follow_and_belong_to_the_edition(world: World) -> None:
    first, second = an_edition(world), an_edition(world, code="forum-7", days_ago=20)
    assert [drafted(world, one).number for one in (first, first, second)] == [1, 2, 1]
    with pytest.raises(InvalidError) as refused:
        drafted(world, first, session=second.sessions.get())
    assert list(refused.value.fields) == ["session"]


def test_a_draft_takes_up_one_of_an_earlier_edition_only(world: World) -> None:
    first, second = an_edition(world, days_ago=400), an_edition(world, code="forum-7", days_ago=20)
    before = adopted(world, first)
    again = drafted(world, second, origin=before)
    assert list(queries.earlier(second)) == [before] and again.origin == before
    later = adopted(world, second)
    with pytest.raises(InvalidError) as refused:
        drafted(world, first, origin=later)
    assert list(refused.value.fields) == ["origin"]


def test_editing_needs_the_version_that_was_read(world: World) -> None:
    one = drafted(world, an_edition(world))
    read = one.version
    verbs.edit(actor=world["organiser"], recommendation=one, version=read, wording=wording(topic="finance"))
    with pytest.raises(ConflictError):
        verbs.edit(actor=world["organiser"], recommendation=one, version=read, wording=wording(topic="markets"))
    one.refresh_from_db()
    assert one.topic == "finance"


def test_an_adopted_text_is_final_but_for_languages_that_were_missing(world: World) -> None:
    organiser = world["organiser"]
    one = adopted(world, an_edition(world), text={"ar": TEXT["ar"]}, body={"ar": BODY["ar"]})
    with pytest.raises(StateError):
        verbs.edit(actor=organiser, recommendation=one, version=one.version, wording=wording())
    verbs.translate(
        actor=organiser, recommendation=one, version=one.version, text={"ar": "غير ذلك", "fr": TEXT["fr"]}, body={}
    )
    assert one.text == {"ar": TEXT["ar"], "fr": TEXT["fr"]} and one.body == {"ar": BODY["ar"]}
    with pytest.raises(InvalidError):
        verbs.translate(actor=organiser, recommendation=one, version=one.version, text={"ar": "x"}, body={})


# the vote


def test_a_vote_carries_it(world: World) -> None:
    edition, organiser = an_edition(world), world["organiser"]
    people, one = participants(world, edition), drafted(world, edition)
    with pytest.raises(StateError):
        verbs.cast_vote(actor=world["member"], participant=people[0], recommendation=one, choice="for")
    verbs.poll(actor=organiser, recommendation=one, voting=True)
    verbs.cast_vote(actor=world["member"], participant=people[0], recommendation=one, choice="against")
    with pytest.raises(NotPermittedError):
        verbs.cast_vote(actor=world["member"], participant=people[1], recommendation=one, choice="for")
    with pytest.raises(InvalidError):
        verbs.cast_vote(actor=organiser, participant=people[1], recommendation=one, choice="perhaps")
    verbs.cast_vote(actor=organiser, participant=people[1], recommendation=one, choice="for")
    with translation.override("en"), pytest.raises(StateError, match="1 for, 1 against"):
        verbs.adopt(actor=organiser, recommendation=one, version=one.version, by="vote")
    verbs.cast_vote(actor=world["member"], participant=people[0], recommendation=one, choice="for")
    assert queries.tally(one) == {"for": 2, "against": 0, "abstain": 0} and Vote.objects.count() == 2
    verbs.adopt(actor=organiser, recommendation=one, version=one.version, by="vote")
    assert (one.status, one.adopted_by, one.voting) == ("adopted", "vote", False)
    with pytest.raises(StateError):
        verbs.cast_vote(actor=organiser, participant=people[2], recommendation=one, choice="for")


def test_votes_on_another_text_do_not_count(world: World) -> None:
    edition, organiser = an_edition(world), world["organiser"]
    person, one = participants(world, edition, 1)[0], drafted(world, edition)
    verbs.poll(actor=organiser, recommendation=one, voting=True)
    verbs.cast_vote(actor=organiser, participant=person, recommendation=one, choice="for")
    verbs.edit(actor=organiser, recommendation=one, version=one.version, wording=wording(topic="markets"))
    assert queries.tally(one)["for"] == 1
    verbs.edit(actor=organiser, recommendation=one, version=one.version, wording=wording(text={"ar": "نص آخر"}))
    assert queries.tally(one)["for"] == 0


def test_only_approved_participants_of_the_edition_vote(world: World) -> None:
    edition, other = an_edition(world), an_edition(world, code="forum-7", days_ago=20)
    one, stranger, waiting = (
        drafted(world, edition),
        participants(world, other, 1)[0],
        participants(world, edition, 1)[0],
    )
    verbs.poll(actor=world["organiser"], recommendation=one, voting=True)
    waiting.status = "waiting"
    waiting.save()
    for person in (stranger, waiting):
        with pytest.raises(StateError):
            verbs.cast_vote(actor=world["organiser"], participant=person, recommendation=one, choice="for")


def test_deciding(world: World) -> None:
    organiser, edition = world["organiser"], an_edition(world)
    one = drafted(world, edition)
    for by, on, wrong in (("shouting", None, "by"), ("consensus", today() + timedelta(days=1), "on")):
        with pytest.raises(InvalidError) as refused:
            verbs.adopt(actor=organiser, recommendation=one, version=one.version, by=by, on=on)
        assert list(refused.value.fields) == [wrong]
    with pytest.raises(InvalidError):
        verbs.reject(actor=organiser, recommendation=one, version=one.version, reason=" ")
    verbs.reject(actor=organiser, recommendation=one, version=one.version, reason="hors sujet")
    with pytest.raises(StateError):
        verbs.adopt(actor=organiser, recommendation=one, version=one.version, by="consensus")
    work.reopen(actor=organiser, recommendation=one, version=one.version, reason="à revoir")
    assert one.status == "drafted"


# the work


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"organisation": None}, "name"),
        ({"organisation": None, "name": "هيئة", "email": "nowhere"}, "email"),
        ({"deadline": None}, "deadline"),
        ({"deadline": today()}, "deadline"),
    ],
)
def test_tasks_that_cannot_be_given(world: World, fields: dict[str, Any], wrong: str) -> None:
    one = adopted(world, an_edition(world))
    with pytest.raises(InvalidError) as refused:
        work.assign(actor=world["organiser"], recommendation=one, version=one.version, task=a_task(world, **fields))
    assert list(refused.value.fields) == [wrong]
    one.refresh_from_db()
    assert one.status == "adopted" and not Mail.objects.exists()


def test_an_organisation_of_another_exchange_is_no_owner(world: World) -> None:
    one = adopted(world, an_edition(world))
    other = world.elsewhere["institution"].organisation_id
    from tashbik.exchange.models import Organisation

    with pytest.raises(InvalidError) as refused:
        task = a_task(world, organisation=Organisation.objects.get(pk=other))
        work.assign(actor=world["organiser"], recommendation=one, version=one.version, task=task)
    assert list(refused.value.fields) == ["organisation"]


def test_a_body_without_account_reports_by_its_link(world: World) -> None:
    one = assigned(
        world, an_edition(world), organisation=None, name="هيئة", email="contact@body.example", language="fr"
    )
    letter = Mail.objects.get(kind="recommendation.assigned")
    assert (letter.to, letter.language) == ("contact@body.example", "fr") and "mettre en œuvre" in letter.body
    token = token_of(one)
    assert of_token(token) == one
    with pytest.raises(NotPermittedError):
        work.report(actor=VISITOR, recommendation=one, report=work.Report("fait"))
    work.report(actor=as_owner(VISITOR, one), recommendation=one, report=work.Report("fait"))
    assert one.reports.get().words == "fait"
    for forged in (token[:-2], "x", token_of(one) + "y"):
        with pytest.raises(NotFoundError):
            of_token(forged)
    other = assigned(world, one.edition)
    with pytest.raises(NotPermittedError):
        work.report(actor=as_owner(VISITOR, one), recommendation=other, report=work.Report("x"))
    one.refresh_from_db()
    work.assign(actor=world["organiser"], recommendation=one, version=one.version, task=a_task(world))
    with pytest.raises(NotFoundError):
        of_token(token)


def test_who_reports(world: World) -> None:
    one = assigned(world, an_edition(world))
    for role in ("member", "buyer", "financier", "analyst", "visitor"):
        with pytest.raises(NotPermittedError):
            work.report(actor=world[role], recommendation=one, report=work.Report("x"))
    with pytest.raises(NotPermittedError):
        work.report(actor=world.elsewhere["organiser"], recommendation=one, report=work.Report("x"))
    work.report(actor=world["organiser"], recommendation=one, report=work.Report("reçu par courrier"))


@pytest.mark.parametrize(
    ("report", "wrong"),
    [
        (work.Report(" "), "words"),
        (work.Report("x", on=today() + timedelta(days=1)), "on"),
        (work.Report("x", on=today() - timedelta(days=500)), "on"),
        (work.Report("x", value=Decimal("Infinity")), "value"),
        (work.Report("x", address="javascript:alert(1)"), "address"),
    ],
)
def test_reports_that_cannot_be_kept(world: World, report: work.Report, wrong: str) -> None:
    one = assigned(world, an_edition(world))
    with pytest.raises(InvalidError) as refused:
        work.report(actor=world["institution"], recommendation=one, report=report)
    assert list(refused.value.fields) == [wrong] and not one.reports.exists()


def test_an_older_report_does_not_change_the_present_value(world: World) -> None:
    one = assigned(world, an_edition(world))
    Recommendation.objects.update(adopted=today() - timedelta(days=50))
    for days, value in ((1, 200), (30, 150)):
        report = work.Report("x", on=today() - timedelta(days=days), value=Decimal(value))
        work.report(actor=world["institution"], recommendation=one, report=report)
    one.refresh_from_db()
    assert one.value == 200


def test_ending_and_opening_again(world: World) -> None:
    organiser, edition = world["organiser"], an_edition(world)
    one = assigned(world, edition)
    for result, on, wrong in (("", None, "result"), ("x", today() + timedelta(days=2), "on")):
        with pytest.raises(InvalidError) as refused:
            work.close(actor=organiser, recommendation=one, version=one.version, result=result, on=on)
        assert list(refused.value.fields) == [wrong]
    work.drop(actor=organiser, recommendation=one, version=one.version, reason="sans objet")
    with pytest.raises(StateError):
        work.close(actor=organiser, recommendation=one, version=one.version, result="x")
    work.reopen(actor=organiser, recommendation=one, version=one.version, reason="repris")
    assert one.status == "assigned"
    work.report(actor=world["institution"], recommendation=one, report=work.Report("x", done=True))
    one.refresh_from_db()
    work.reopen(actor=organiser, recommendation=one, version=one.version, reason="incomplet")
    assert one.status == "under_way"
    assert [step.note for step in Step.objects.filter(recommendation=one, status="dropped")] == ["sans objet"]


# reminders


def test_stages() -> None:
    day = today()
    said = {left: reminders.stage_of(day + timedelta(days=left), day) for left in (31, 30, 8, 7, 0, -1, -30, -31, -400)}
    assert said == {
        31: "",
        30: "before-30",
        8: "before-30",
        7: "before-7",
        0: "before-7",
        -1: "overdue-0",
        -30: "overdue-0",
        -31: "overdue-1",
        -400: "",
    }


def test_owners_are_reminded_once_for_each_stage(world: World) -> None:
    one = assigned(world, an_edition(world), deadline=today() + timedelta(days=20))
    Mail.objects.all().delete()
    work_off()
    work_off()
    letter = Mail.objects.get()
    assert (letter.kind, letter.to, letter.language) == ("recommendation.due", "institution@dz.example", "ar")
    assert "20" in letter.body and one.reference in letter.subject
    waiting = Job.objects.get(kind=work.REMINDING, status="waiting")
    assert waiting.run_at.date() > today()
    assert reminders.due(today()) == []
    assert reminders.due(today() + timedelta(days=14)) == [one]
    assert reminders.due(today() + timedelta(days=21)) == [one]
    reminders.remind(actor=world["organiser"], recommendation=one, day=today() + timedelta(days=25))
    assert Mail.objects.filter(kind="recommendation.overdue").count() == 1
    with pytest.raises(StateError):
        reminders.remind(actor=world["organiser"], recommendation=one, day=today() + timedelta(days=25))


def test_who_is_done_is_not_reminded(world: World) -> None:
    one = assigned(world, an_edition(world), deadline=today() + timedelta(days=3))
    work.report(actor=world["institution"], recommendation=one, report=work.Report("x", done=True))
    assert reminders.due(today()) == []
    with pytest.raises(StateError):
        reminders.remind(actor=world["organiser"], recommendation=one)


# the communiqué


PREAMBLE = {"ar": "اجتمع المشاركون.", "fr": "Les participants se sont réunis.", "en": "The participants met."}


def test_the_communique_is_frozen(world: World) -> None:
    edition, organiser = an_edition(world), world["organiser"]
    with pytest.raises(StateError):
        verbs.issue(actor=organiser, edition=edition, preamble=PREAMBLE)
    drafted(world, edition)
    one = adopted(world, edition)
    first = verbs.issue(actor=organiser, edition=edition, preamble=PREAMBLE)
    assert [(item["place"], item["reference"]) for item in first.items] == [(1, one.reference)]
    assert first.items[0]["text"] == TEXT and first.items[0]["sector"]["fr"]
    work.assign(actor=organiser, recommendation=one, version=one.version, task=a_task(world))
    first.refresh_from_db()
    assert first.items[0]["owner"] == ""
    second = verbs.issue(actor=organiser, edition=edition, preamble=PREAMBLE)
    assert (second.number, second.items[0]["owner"]) == (2, "institution dz")


def test_the_communique_needs_all_languages(world: World) -> None:
    edition = an_edition(world)
    adopted(world, edition, text={"ar": "نص"})
    with pytest.raises(InvalidError) as refused:
        verbs.issue(actor=world["organiser"], edition=edition, preamble={"ar": "x", "fr": ""})
    assert set(refused.value.fields) == {"preamble_fr", "preamble_en", ""}
    assert "forum-6/1" in refused.value.fields[""][0]


# what is seen


def test_who_sees_what(world: World) -> None:
    edition = an_edition(world)
    draft, public = drafted(world, edition), adopted(world, edition)
    hidden = adopted(world, an_edition(world, code="secret", status="draft", days_ago=10))
    for role, expected in (
        ("visitor", {public}),
        ("member", {public}),
        ("officer", {draft, public, hidden}),
        ("organiser", {draft, public, hidden}),
        ("analyst", {draft, public, hidden}),
    ):
        assert set(queries.visible(world[role])) == expected, role
    assert set(queries.visible(world.elsewhere["organiser"])) == {public}
    participants(world, edition, 1)
    assert set(queries.visible(world["member"])) == {public}
    verbs.poll(actor=world["organiser"], recommendation=draft, voting=True)
    assert set(queries.visible(world["member"])) == {public, draft}
    with pytest.raises(NotFoundError):
        queries.find(VISITOR, "forum-6", draft.number)
    with pytest.raises(NotFoundError):
        queries.edition_named(VISITOR, "secret")


def test_filters(world: World) -> None:
    edition = an_edition(world)
    arab = adopted(world, edition, country="", topic="finance")
    late = assigned(world, edition)
    Recommendation.objects.filter(pk=late.pk).update(deadline=today() - timedelta(days=3))

    def found(**filters: str) -> list[Recommendation]:
        return list(queries.listing(VISITOR, queries.Filters(**filters)))

    assert found(country="arab") == [arab] and found(country="DZ") == [late]
    assert found(topic="finance") == [arab] and found(view="overdue") == [late]
    assert found(text="unifié registre") == [arab, late] and found(text="nothing") == []
    assert found(view="unassigned") == [arab] and found(edition="other") == []


def test_progress_counts_each_once(world: World) -> None:
    organiser, old, new = world["organiser"], an_edition(world, days_ago=700), an_edition(world, code="f-7", days_ago=9)
    late, going, waiting = assigned(world, old), assigned(world, new), adopted(world, new, country="TN")
    Recommendation.objects.filter(pk=late.pk).update(deadline=today() - timedelta(days=3))
    dropped = adopted(world, old)
    work.drop(actor=organiser, recommendation=dropped, version=dropped.version, reason="x")
    drafted(world, new, origin=late)
    again = adopted(world, new, origin=late)
    found = progress.overview(VISITOR, queries.Filters())
    assert dict(found.whole.counts) == {"overdue": 1, "going": 1, "waiting": 2, "dropped": 1}
    assert [(row.key, row.total) for row in found.countries] == [("DZ", 4), ("TN", 1)]
    assert [(row.key, row.total) for row in found.editions] == [("f-7", 3), ("forum-6", 2)]
    fates = {one.edition.code: one.taken_up for one in progress.fates(VISITOR, queries.editions(VISITOR), found)}
    assert fates == {"f-7": 0, "forum-6": 1}
    assert list(progress.overdue(VISITOR, queries.Filters())) == [late]
    assert {going, waiting, again} <= set(queries.visible(VISITOR))


def test_what_waits(world: World) -> None:
    edition = an_edition(world)
    draft = drafted(world, edition)
    adopted(world, edition)
    assigned(world, edition)
    participants(world, edition, 1)
    verbs.poll(actor=world["organiser"], recommendation=draft, voting=True)
    pages = {
        role: {(one.page, *one.arguments) for one in waiting_for(world[role]) if one.page.startswith("recommend")}
        for role in ("organiser", "institution", "member", "financier", "visitor")
    }
    assert pages == {
        "organiser": {("recommendations:view", "undecided"), ("recommendations:view", "unassigned")},
        "institution": {("recommendations:view", "mine")},
        "member": {("recommendations:vote", "forum-6", 1)},
        "financier": set(),
        "visitor": set(),
    }


def test_queries_do_not_grow_with_rows(world: World) -> None:
    edition = an_edition(world)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            assigned(world, edition)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows = list(queries.listing(VISITOR, queries.Filters()))
            progress.last_reports(rows)
            found = progress.overview(VISITOR, queries.Filters())
            progress.fates(VISITOR, queries.editions(VISITOR), found)
            assert [one.owner for one in rows] == ["institution dz"] * len(rows)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", ["visitor", "member", "buyer", "institution", "financier", "analyst", "administrator"])
def test_who_may_not_draft_or_decide(world: World, role: str) -> None:
    edition = an_edition(world)
    one = drafted(world, edition)
    with pytest.raises(NotPermittedError):
        verbs.draft(actor=world[role], edition=edition, wording=wording())
    with pytest.raises(NotPermittedError):
        verbs.adopt(actor=world[role], recommendation=one, version=one.version, by="consensus")
    with pytest.raises(NotPermittedError):
        verbs.issue(actor=world[role], edition=edition, preamble=PREAMBLE)
    assert queries.allowed(world[role], one) == set()
