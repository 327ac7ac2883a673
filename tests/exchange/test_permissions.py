"""Every role on every verb: the table of the docs is the table of the code, and it holds on real records of two exchanges."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.timezone import now

from tashbik.exchange import handlers  # noqa: F401  # registers all verbs
from tashbik.exchange.audit import VERBS
from tashbik.exchange.models import (
    Cluster,
    DeclaredTie,
    Edition,
    Group,
    GroupMember,
    IdentityPair,
    Import,
    Invitation,
    MeetingPlan,
    Participant,
    Question,
    Recommendation,
    Rfq,
    Role,
    Submission,
)
from tashbik.exchange.permissions import RULES, Reach, may
from tests.world import World

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
ROLES = list(Role)
READING = {"see", "export", "history", "compare"}
"""Last parts of rules that guard reading, for which there is no verb."""


def documented() -> dict[str, dict[str, str]]:
    rows = [line.strip("| \n").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if "|" in line]
    header = [cell.strip() for cell in rows[0][1:]]
    table = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\| `([\w.-]+)` \|(.*)\|$", line):
            cells = [cell.strip() for cell in match[2].split("|")]
            table[match[1]] = {role: cell for role, cell in zip(header, cells, strict=True) if cell}
    return table


def test_the_documented_table_is_the_one_in_force() -> None:
    assert documented() == {
        verb: {role.value: reach.name.lower() for role, reach in rule.items()} for verb, rule in RULES.items()
    }


def test_every_rule_guards_a_verb_or_a_reading() -> None:
    without = {name for name in RULES if name not in VERBS and name.rpartition(".")[2] not in READING}
    assert without == set()


def test_every_verb_has_a_rule() -> None:
    assert set(VERBS) <= set(RULES)


def _of_a_forum(world: World) -> dict[str, object]:
    """An edition, and a participant of the member's enterprise and the buyer's organisation."""
    edition = Edition.objects.create(exchange=world.dz, code="e-1", starts="2027-03-14", ends="2027-03-15")
    participant = Participant.objects.create(
        edition=edition, enterprise=world.enterprises[0], organisation=world.buyer, category="smi", country="DZ"
    )
    return {
        **dict.fromkeys(("edition", "part", "slot", "table", "condition", "proposal"), edition),
        **dict.fromkeys(("programme", "badge", "session", "forum-report", "communique"), edition),
        **dict.fromkeys(("participant", "wish", "agenda", "absence", "feedback", "attendance"), participant),
        **dict.fromkeys(
            ("recommendation", "evidence", "vote"),
            Recommendation.objects.create(edition=edition, number=1, sector="government", topic="linkage"),
        ),
        "plan": MeetingPlan.objects.create(edition=edition, number=1),
    }


@pytest.fixture
def subjects(world: World) -> dict[str, object]:
    """A record of each kind at the first exchange, to which its member and its buyer are parties."""
    rfq = Rfq.objects.create(
        exchange=world.dz, need=world.need, need_version=1, code="R-1", deadline="2027-01-01", currency="DZD"
    )
    group = Group.objects.create(
        exchange=world.dz, need=world.need, need_version=1, code="G-1", record={}, status="proposed", proposed=now()
    )
    GroupMember.objects.create(group=group, enterprise=world.enterprises[0], status="asked")
    return {
        "enterprise": world.enterprises[0],
        "group": group,
        "submission": Submission.objects.create(exchange=world.dz, enterprise=world.enterprises[0], record={}),
        "import": Import.objects.create(exchange=world.dz, name="x"),
        "need": world.need,
        "match": world.need,
        "question": Question.objects.create(
            need=world.need, line="1", enterprise=world.enterprises[0], requirement="process"
        ),
        "rfq": rfq,
        "identity": IdentityPair.objects.create(
            first=world.enterprises[0], second=world.enterprises[1], probability=0.5, uncertainty=1.0, state=""
        ),
        "invitation": Invitation.objects.create(rfq=rfq, enterprise=world.enterprises[0]),
        "exchange": world.dz,
        "membership": world.dz,
        "organisation": world.buyer,
        "webhook": world.dz,
        "audit": world.dz,
        **_of_a_forum(world),
        "network": world.dz,
        "tie": DeclaredTie.objects.create(
            exchange=world.dz,
            maker=world.enterprises[0],
            buyer_organisation=world.buyer,
            source="x",
            as_of="2026-11-01",
        ),
        "cluster": Cluster.objects.create(
            exchange=world.dz, code="dz-c-1", country="DZ", source="x", as_of="2026-11-01"
        ),
    }


OWNED = {
    "member": {"participant", "wish", "agenda", "absence", "feedback", "attendance", "enterprise", "group", "submission", "question", "invitation", "tie"},
    "buyer": {"participant", "wish", "agenda", "absence", "feedback", "attendance", "need", "group", "match", "question", "rfq", "invitation", "organisation", "tie"},
}
"""Kinds of the fixture's records that a role is a party of."""


def expected(role: str, reach: Reach, kind: str, at_home: bool) -> bool:
    """What a reach means for a record of the first exchange, said anew and plainly."""
    if reach == Reach.ANY:
        return True
    if reach == Reach.OWN:
        return at_home and kind in OWNED.get(role, ())
    return at_home


TRIED_WITH_THEIR_AREA = {
    *("attachment", "award", "dependence", "draft", "outcome", "person", "profile", "quote", "referral", "report", "token"),
    *("user",),
}
"""Kinds of records whose permissions are tried in the tests of their area, since they hang on more than one record."""


def test_every_kind_of_record_is_tried(subjects: dict[str, object]) -> None:
    assert {verb.partition(".")[0] for verb in RULES} - set(subjects) == TRIED_WITH_THEIR_AREA


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_home_and_elsewhere(world: World, subjects: dict[str, object], role: Role) -> None:
    for verb, rule in RULES.items():
        kind = verb.partition(".")[0]
        if kind not in subjects:
            continue
        for actors, at_home in ((world.actors, True), (world.elsewhere, False)):
            allowed = may(actors[role], verb, subjects[kind])
            wanted = role in rule and expected(role, rule[role], kind, at_home and role != Role.VISITOR)
            assert allowed == wanted, (verb, role, "home" if at_home else "elsewhere")


def test_nobody_but_the_system_may_do_what_commands_do(world: World) -> None:
    for verb in ("exchange.found", "user.make"):
        assert not any(may(world[role], verb) for role in ROLES)
        assert may(world["system"], verb)


def test_nobody_changes_anything_of_another_exchange(world: World, subjects: dict[str, object]) -> None:
    for verb in RULES:
        kind, _, act = verb.rpartition(".")
        if kind in subjects and act not in READING:
            able = [role for role in ROLES if may(world.elsewhere[role], verb, subjects[kind])]
            assert not able or verb in ("enterprise.register", "need.create", "participant.register"), (verb, able)
