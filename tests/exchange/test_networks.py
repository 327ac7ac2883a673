"""Ties, clusters and stored networks: rules with their refusals, who is shown what, and what the analysis finds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tashbik.errors import ConflictError, InvalidError, NotFoundError, NotPermittedError
from tashbik.exchange import jobs
from tashbik.exchange.actor import VISITOR
from tashbik.exchange.audit import broken_links
from tashbik.exchange.models import (
    AuditEntry,
    Award,
    Cluster,
    ClusterMember,
    DeclaredTie,
    Enterprise,
    Invitation,
    Job,
    Need,
    NetworkSnapshot,
    Organisation,
    Outcome,
    Quote,
    Rfq,
)
from tashbik.exchange.models.networks import Level
from tashbik.exchange.queries import networks as queries
from tashbik.exchange.queries import networks_ties as ties
from tashbik.exchange.queries.networks_dependence import report
from tashbik.exchange.queries.networks_levels import as_seen, eyes_of
from tashbik.exchange.queries.networks_names import nodes_of
from tashbik.exchange.queries.networks_near import alike_groups
from tashbik.exchange.queries.networks_stored import coverage_of, newest, restored, stored_of, unpacked
from tashbik.exchange.queries.networks_ties import Scope, all_ties, organisation_node, unnamed_node
from tashbik.exchange.verbs import clusters, networks
from tashbik.exchange.verbs.clusters import ClusterFacts
from tashbik.exchange.verbs.networks import Ends
from tests.world import World

TODAY = date(2026, 11, 20)
FACTS = ClusterFacts(name_ar="عنقود", country="DZ", region="DZ-25", sectors=("24",), source="test", as_of=TODAY)


def declare(world: World, actor: str = "officer", **given: Any) -> DeclaredTie:
    ends = given.pop("ends", None) or Ends(maker=world.enterprises[0], buyer_organisation=world.buyer)
    values: dict[str, Any] = {"source": "invoice", "as_of": TODAY} | given
    return networks.declare(actor=world[actor], ends=ends, **values)


def bought(
    world: World, enterprise: Enterprise, need: Need, *, awarded: bool = True, code: str = "R-1"
) -> Award | None:
    """A request that an enterprise was asked by and, if awarded, won."""
    rfq = Rfq.objects.create(
        exchange=need.exchange, need=need, need_version=1, code=code, deadline="2027-01-01", currency="DZD"
    )
    invitation = Invitation.objects.create(rfq=rfq, enterprise=enterprise, status="quoted" if awarded else "sent")
    if not awarded:
        return None
    quote = Quote.objects.create(invitation=invitation, status="submitted", currency="DZD")
    return Award.objects.create(rfq=rfq, quote=quote, value=Decimal(1), currency="DZD")


def opened_need(need: Need, **values: Any) -> Need:
    Need.objects.filter(pk=need.pk).update(confidentiality=Need.Confidentiality.OPEN, **values)
    need.refresh_from_db()
    return need


def seen_by(world: World, role: str) -> list[ties.Tie]:
    return list(as_seen(all_ties(Scope(world.dz.pk)), eyes_of(world[role])))


# declaring


def test_a_member_declares_a_buyer_and_it_stands_in_the_history(world: World) -> None:
    tie = declare(world, "member")
    assert (tie.maker, tie.buyer_organisation, tie.level) == (world.enterprises[0], world.buyer, "members")
    assert AuditEntry.objects.get(verb="tie.declare").subject_id == tie.pk
    assert not list(broken_links())


def test_a_buyer_declares_its_supplier_from_outside_the_register(world: World) -> None:
    tie = declare(world, "buyer", ends=Ends(maker_name="Usine d'ailleurs", buyer_organisation=world.buyer))
    assert (tie.maker, tie.maker_name) == (None, "Usine d'ailleurs")


@pytest.mark.parametrize("role", ["visitor", "institution", "financier", "analyst", "organiser", "administrator"])
def test_others_declare_nothing(world: World, role: str) -> None:
    with pytest.raises(NotPermittedError):
        declare(world, role)


def test_nobody_declares_for_others(world: World) -> None:
    others = Ends(maker=world.enterprises[1], buyer=world.enterprises[2])
    with pytest.raises(NotPermittedError):
        declare(world, "member", ends=others)
    with pytest.raises(NotPermittedError):
        networks.declare(actor=world.elsewhere["officer"], ends=others, source="x", as_of=TODAY)
    assert not DeclaredTie.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": " "}, "source"),
        ({"as_of": date(2999, 1, 1)}, "as_of"),
        ({"since": 1700}, "since"),
        ({"since": 2027}, "since"),
        ({"level": "public"}, "level"),
        ({"level": "nobody"}, "level"),
    ],
)
def test_what_cannot_be_declared(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        declare(world, "member", **changes)
    assert set(caught.value.fields) == {field}


def test_a_tie_has_one_maker_and_one_buyer(world: World) -> None:
    own = world.enterprises[0]
    for ends, field in (
        (Ends(maker=own, maker_name="x", buyer_name="y"), "maker"),
        (Ends(buyer=own), "maker"),
        (Ends(maker=own), "buyer"),
        (Ends(maker=own, buyer=own), "buyer"),
        (Ends(maker=own, buyer_name="y", buyer_organisation=world.buyer), "buyer"),
    ):
        with pytest.raises(InvalidError) as caught:
            declare(world, "member", ends=ends)
        assert field in caught.value.fields


def test_either_side_removes_a_tie_and_nobody_else(world: World) -> None:
    for role in ("member", "buyer", "officer"):
        networks.remove(actor=world[role], tie=declare(world))
    tie = declare(world)
    for actor in (world["analyst"], VISITOR, world.elsewhere["member"], world.elsewhere["officer"]):
        with pytest.raises(NotPermittedError):
            networks.remove(actor=actor, tie=tie)
    assert DeclaredTie.objects.get() == tie


# who is shown what


def test_requests_are_shown_to_both_sides_and_officers_alone(world: World) -> None:
    bought(world, world.enterprises[0], opened_need(world.need), awarded=False)
    shown = {role for role in world.actors if any(one.origin == "asked" for one in seen_by(world, role))}
    assert shown == {"member", "buyer", "officer"}
    foreign = as_seen(all_ties(Scope(world.dz.pk)), eyes_of(world.elsewhere["officer"]))
    assert not list(foreign)


def test_awards_of_open_needs_are_shown_to_members_as_far_as_references_are(world: World) -> None:
    bought(world, world.enterprises[1], opened_need(world.need))

    def shown() -> set[str]:
        return {role for role in world.actors if any(one.origin == "awarded" for one in seen_by(world, role))}

    assert "analyst" in shown()
    assert "visitor" not in shown()
    firm = world.enterprises[1]
    Enterprise.objects.filter(pk=firm.pk).update(record={**firm.record, "visibility": {"references": "exchange"}})
    assert shown() == {"buyer", "officer"}


def test_an_award_of_a_need_that_is_not_open_is_not_shown_to_members(world: World) -> None:
    bought(world, world.enterprises[1], world.need)
    assert world.need.confidentiality == "invited"
    assert not seen_by(world, "analyst")


def test_an_anonymous_buyer_is_named_to_its_own_side_alone(world: World) -> None:
    bought(world, world.enterprises[0], opened_need(world.need, anonymous=True))
    named, unnamed = organisation_node(world.buyer.pk), unnamed_node("dz-N-1")
    targets = {role: {one.target for one in seen_by(world, role)} for role in world.actors}
    assert targets["officer"] == targets["buyer"] == {named}
    assert targets["member"] == {unnamed}
    assert targets["analyst"] == targets["visitor"] == set()


def test_a_cancelled_award_is_no_tie_and_a_delivery_weighs_more(world: World) -> None:
    award = bought(world, world.enterprises[0], world.need)
    assert award is not None

    def weights() -> list[float]:
        return [one.weight for one in all_ties(Scope(world.dz.pk)) if one.origin == "awarded"]

    assert weights() == [ties.AWARDED]
    Outcome.objects.create(award=award, kind="delivered", on=TODAY)
    assert weights() == [ties.AWARDED + ties.DELIVERED]
    Outcome.objects.create(award=award, kind="cancelled", on=TODAY)
    assert weights() == []


def test_a_withdrawn_enterprise_has_no_ties(world: World) -> None:
    declare(world)
    bought(world, world.enterprises[0], world.need)
    Enterprise.objects.filter(pk=world.enterprises[0].pk).update(status="withdrawn")
    assert list(all_ties(Scope(world.dz.pk))) == []


def test_another_module_adds_a_source(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ties, "SOURCES", dict(ties.SOURCES))
    made = ties.Tie("dz:F-1", "dz:F-2", "link", 1.0, TODAY, "public", "met", world.dz.pk)
    ties.tie_source("meetings")(lambda scope: iter([made]))
    assert list(all_ties(Scope(world.dz.pk))) == [made]


def test_ties_of_one_party_are_those_of_all_that_touch_it(world: World) -> None:
    declare(world)
    declare(world, ends=Ends(maker=world.enterprises[1], buyer=world.enterprises[0]))
    declare(world, ends=Ends(maker=world.enterprises[1], buyer=world.enterprises[2]))
    bought(world, world.enterprises[0], world.need)
    cluster = clusters.create(actor=world["officer"], facts=FACTS)
    clusters.join(actor=world["officer"], enterprise=world.enterprises[0], cluster=cluster, source="test")
    every = list(all_ties(Scope(world.dz.pk)))
    node = world.enterprises[0].code
    one = list(all_ties(Scope(enterprise_id=world.enterprises[0].pk)))
    assert sorted(map(repr, one)) == sorted(repr(tie) for tie in every if node in (tie.source, tie.target))
    buyer = organisation_node(world.buyer.pk)
    of_buyer = list(all_ties(Scope(organisation_id=world.buyer.pk)))
    assert sorted(map(repr, of_buyer)) == sorted(repr(tie) for tie in every if buyer in (tie.source, tie.target))


# clusters


def test_an_officer_founds_a_cluster_and_changes_it(world: World) -> None:
    cluster = clusters.create(actor=world["officer"], facts=FACTS)
    assert (cluster.code, cluster.exchange) == ("dz-c-1", world.dz)
    institution = Organisation.objects.create(exchange=world.dz, kind="institution", name="Centre")
    facts = ClusterFacts(**{**FACTS_AS_DICT, "name_fr": "Grappe", "institutions": [institution]})
    clusters.edit(actor=world["officer"], cluster=cluster, version=1, facts=facts)
    cluster.refresh_from_db()
    assert (cluster.name_fr, cluster.version, list(cluster.institutions.all())) == ("Grappe", 2, [institution])
    with pytest.raises(ConflictError):
        clusters.edit(actor=world["officer"], cluster=cluster, version=1, facts=FACTS)


FACTS_AS_DICT = {one: getattr(FACTS, one) for one in FACTS.__slots__}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_ar": ""}, "name_ar"),
        ({"country": "XX"}, "country"),
        ({"region": "TN-11"}, "region"),
        ({"sectors": ("243",)}, "sectors"),
        ({"source": ""}, "source"),
        ({"as_of": None}, "as_of"),
    ],
)
def test_what_a_cluster_needs(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        clusters.create(actor=world["officer"], facts=ClusterFacts(**{**FACTS_AS_DICT, **changes}))
    assert field in caught.value.fields


def test_an_enterprise_joins_once_and_leaves(world: World) -> None:
    cluster = clusters.create(actor=world["officer"], facts=FACTS)
    own = world.enterprises[0]
    member = clusters.join(actor=world["member"], enterprise=own, cluster=cluster, source="own", since=2024)
    with pytest.raises(ConflictError):
        clusters.join(actor=world["officer"], enterprise=own, cluster=cluster, source="own")
    with pytest.raises(NotPermittedError):
        clusters.join(actor=world["member"], enterprise=world.enterprises[1], cluster=cluster, source="x")
    with pytest.raises(InvalidError):
        clusters.join(actor=world["officer"], enterprise=world.enterprises[1], cluster=cluster, source="", since=3000)
    clusters.leave(actor=world["member"], enterprise=own, cluster=cluster)
    assert not ClusterMember.objects.exists()
    assert AuditEntry.objects.filter(subject_kind="clustermember", subject_id=member.pk or 1).count() == 2
    with pytest.raises(NotFoundError):
        clusters.leave(actor=world["member"], enterprise=own, cluster=cluster)
    assert not list(broken_links())


@pytest.mark.parametrize("role", ["member", "buyer", "institution", "analyst", "visitor"])
def test_others_found_no_cluster(world: World, role: str) -> None:
    with pytest.raises(NotPermittedError):
        clusters.create(actor=world[role], facts=FACTS)
    assert not Cluster.objects.exists()


# the analysis


def test_the_analysis_is_a_job_and_stored_for_each_level(world: World) -> None:
    declare(world)
    networks.analyse(actor=world["analyst"], exchange=world.dz)
    networks.analyse(actor=world["analyst"], exchange=world.dz)
    assert Job.objects.filter(kind=networks.KIND).count() == 1
    jobs.work_off()
    rows = NetworkSnapshot.objects.filter(exchange=world.dz)
    assert {(one.level, one.basis) for one in rows} == {
        (level, basis) for level in ("public", "members", "exchange") for basis in ("ties", "near")
    }
    row = newest(world.dz.pk, "members")
    assert row is not None
    known = coverage_of(row)
    assert (known.enterprises, known.tied, known.ties, row.as_of) == (3, 1, {"declared": 1}, TODAY)
    assert unpacked(row).ids == ["dz:F-1", organisation_node(world.buyer.pk)]
    assert newest(world.dz.pk, "public").edges == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("role", ["member", "buyer", "visitor", "institution"])
def test_others_have_nothing_analysed(world: World, role: str) -> None:
    with pytest.raises(NotPermittedError):
        networks.analyse(actor=world[role], exchange=world.dz)


def test_nobody_has_the_network_of_another_exchange_analysed(world: World) -> None:
    with pytest.raises(NotPermittedError):
        networks.analyse(actor=world.elsewhere["officer"], exchange=world.dz)


def test_changes_have_the_network_renewed_soon_and_narrowing_at_once(world: World) -> None:
    tie = declare(world)
    assert not Job.objects.filter(kind=networks.KIND).exists()  # nobody has asked for a network yet
    networks.build(world.dz.pk)
    networks.build(None)
    declare(world, ends=Ends(maker=world.enterprises[1], buyer_organisation=world.buyer))
    waiting = Job.objects.filter(kind=networks.KIND)
    assert {one.subject_id for one in waiting} == {world.dz.pk, 0}
    assert all(one.run_at > timezone.now() + networks.SOON - timedelta(minutes=1) for one in waiting)
    networks.remove(actor=world["member"], tie=tie)
    left = NetworkSnapshot.objects.values_list("level", flat=True).distinct()
    assert set(left) == {"exchange"}
    assert all(one.run_at <= timezone.now() for one in waiting.all())
    jobs.work_off()
    row = newest(world.dz.pk, "members")
    assert row is not None
    assert "dz:F-1" not in unpacked(row).ids


def test_each_role_is_given_the_network_of_its_level(world: World) -> None:
    declare(world, level=Level.EXCHANGE)
    declare(world, ends=Ends(maker=world.enterprises[1], buyer=world.enterprises[2]), level=Level.PUBLIC)
    networks.build(world.dz.pk)
    counts = {}
    for role, actor in world.actors.items():
        network = queries.opened(actor, world.dz)
        assert network is not None
        counts[role] = network.row.edges
    assert counts.pop("officer") == counts.pop("system") == 2
    assert set(counts.values()) == {1}
    elsewhere = queries.opened(world.elsewhere["officer"], world.dz)
    assert elsewhere is not None
    assert elsewhere.row.level == "members"


def test_an_anonymous_buyer_is_in_no_stored_network_but_the_officers(world: World) -> None:
    bought(world, world.enterprises[0], opened_need(world.need, anonymous=True))
    networks.build(world.dz.pk)
    networks.build(None)
    named = organisation_node(world.buyer.pk)
    for row in NetworkSnapshot.objects.all():
        content = unpacked(row)
        inside = named in content.ids or any(one.buyer == named for one in content.gaps)
        assert inside == (row.level == "exchange"), row


def test_what_is_withdrawn_after_the_analysis_is_shown_no_more(world: World) -> None:
    declare(world, level=Level.PUBLIC)
    networks.build(world.dz.pk)
    Enterprise.objects.filter(pk=world.enterprises[0].pk).update(status="withdrawn")
    network = queries.opened(VISITOR, world.dz)
    assert network is not None
    assert network.stored.ids == [organisation_node(world.buyer.pk)]
    assert network.stored.source == []
    queries.findings(network)


def test_invitations_are_contacts_and_make_nobody_dependent(world: World) -> None:
    bought(world, world.enterprises[0], world.need, awarded=False)
    networks.build(world.dz.pk)
    network = queries.opened(world["officer"], world.dz)
    assert network is not None
    node = organisation_node(world.buyer.pk)
    assert network.value(node, "degree") == 1
    assert not network.value(node, "suppliers")


def test_a_demand_is_missing_until_it_is_supplied(world: World) -> None:
    opened_need(world.need)
    networks.build(world.dz.pk)
    network = queries.opened(VISITOR, world.dz)
    assert network is not None
    before = [one for one in network.stored.gaps if "dz-N-1" in one.needs]
    assert before
    near = [one for one in before if one.kind == "unlinked"]
    assert near
    for code in near[0].makers:
        firm = Enterprise.objects.get(code=code)
        declare(world, ends=Ends(maker=firm, buyer_organisation=world.buyer), level=Level.PUBLIC)
    networks.build(world.dz.pk)
    after = queries.opened(VISITOR, world.dz)
    assert after is not None
    assert near[0].concept not in {one.concept for one in after.stored.gaps}


def test_a_need_that_is_not_open_is_a_gap_for_officers_alone(world: World) -> None:
    networks.build(world.dz.pk)
    found = {role: queries.opened(world[role], world.dz) for role in ("officer", "analyst", "visitor")}
    assert {role: bool(one and one.stored.gaps) for role, one in found.items()} == {
        "officer": True,
        "analyst": False,
        "visitor": False,
    }


def test_alike_enterprises_are_gathered(world: World) -> None:
    from tashbik.exchange.storing import new_row, store_many
    from tests.world import record

    words = "Injection plastique de pièces en polypropylène"
    made = [record(f"P-{number}", f"Plasturgie {number}", words, "DZ", "Blida") for number in range(4)]
    store_many([(new_row(world.dz, one), one) for one in made], ())
    groups = alike_groups(Scope(world.dz.pk), "machines")
    assert ["dz:P-0", "dz:P-1", "dz:P-2", "dz:P-3"] in [one.members for one in groups]
    assert all("process.injection-moulding" in one.shared for one in groups if "dz:P-0" in one.members)


# one node, and the resilience of a buyer


def test_a_node_is_told_with_the_ties_that_its_reader_may_see(world: World) -> None:
    declare(world)
    declare(world, ends=Ends(maker=world.enterprises[1], buyer=world.enterprises[0]), level=Level.EXCHANGE)
    bought(world, world.enterprises[0], opened_need(world.need, anonymous=True), code="R-2")
    networks.build(world.dz.pk)
    roles = {
        role: [(one.role, one.node) for one in queries.ego(world[role], "dz:F-1").neighbours]
        for role in ("officer", "member", "analyst", "visitor")
    }
    buyer, unnamed = organisation_node(world.buyer.pk), unnamed_node("dz-N-1")
    assert roles["officer"] == [("supplier", "dz:F-2"), ("buyer", buyer), ("contact", buyer)]
    assert roles["member"] == [
        ("supplier", "dz:F-2"),
        ("buyer", buyer),
        ("buyer", unnamed),
        ("contact", unnamed),
    ]
    assert roles["analyst"] == [("buyer", buyer)]
    assert roles["visitor"] == []


def test_the_page_of_a_buyer_does_not_tell_an_invited_enterprise_who_asked(world: World) -> None:
    bought(world, world.enterprises[0], opened_need(world.need, anonymous=True))
    with pytest.raises(NotFoundError):
        queries.ego(world["member"], organisation_node(world.buyer.pk))
    assert queries.ego(world["officer"], organisation_node(world.buyer.pk)).neighbours


def test_a_report_says_what_fails_with_a_supplier(world: World) -> None:
    declare(world, volume="main")
    declare(world, ends=Ends(maker=world.enterprises[2], buyer_organisation=world.buyer), volume="occasional")
    declare(world, ends=Ends(maker=world.enterprises[1], buyer=world.enterprises[0]))
    networks.build(world.dz.pk)
    found = report(world["officer"], world.buyer)
    assert [(one.node, round(one.part, 2), one.only_supplier) for one in found.suppliers] == [
        ("dz:F-1", 0.8, "dz:F-2"),
        ("dz:F-3", 0.2, ""),
    ]
    assert found.concentration == pytest.approx(0.68)
    assert found.grade == "high"
    assert "dz:F-2" in [one.node for one in found.suppliers[0].replacements]


def test_reports_are_for_the_buyer_its_officers_and_analysts(world: World) -> None:
    for role in ("buyer", "officer", "analyst", "administrator"):
        assert report(world[role], world.buyer).organisation == world.buyer
    for actor in (VISITOR, world["member"], world.elsewhere["officer"], world.elsewhere["buyer"]):
        with pytest.raises(NotPermittedError):
            report(actor, world.buyer)


def test_a_stored_network_is_read_back_as_it_was_analysed(world: World) -> None:
    from tashbik.exchange.queries.networks_stored import SUPPLYING, graph_of
    from tashbik.network.analysis import NAMES, analyse
    from tashbik.network.drawing import layout

    declare(world)
    declare(world, ends=Ends(maker=world.enterprises[1], buyer=world.enterprises[0]))
    found = analyse(graph_of(all_ties(Scope(world.dz.pk))), supplies=SUPPLYING)
    drawn = layout(found.graph, found.communities.of)
    stored = stored_of(found, drawn, {}, gaps=[], alike={}, quotients=[], spread=[])
    again, where = restored(stored, nodes_of(stored.ids, {}), TODAY)
    for name in NAMES:
        assert again.measures[name].values.tolist() == pytest.approx(found.measures[name].values.tolist(), nan_ok=True)
    assert where.x.tolist() == stored.x
    assert (again.graph.flows != found.graph.flows).nnz == 0


def test_queries_do_not_grow_with_the_ties(world: World) -> None:
    counts = []
    for firms in (world.enterprises[:1], world.enterprises[1:]):
        for firm in firms:
            declare(world, ends=Ends(maker=firm, buyer_organisation=world.buyer))
        networks.build(world.dz.pk)
        with CaptureQueriesContext(connection) as captured:
            queries.opened(world["officer"], world.dz)
            report(world["officer"], world.buyer)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_supplier_that_was_asked_to_quote_is_not_counted_among_the_others(world: World) -> None:
    bought(world, world.enterprises[0], world.need)
    bought(world, world.enterprises[1], world.need, awarded=False, code="R-2")
    networks.build(world.dz.pk)
    found = report(world["officer"], world.buyer)
    assert [one.node for one in found.suppliers] == ["dz:F-1"]
    assert found.contacts == 1
