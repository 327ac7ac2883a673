"""Merged enterprises elsewhere: their addresses, the import that brings them again, the pages that tell of them."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.urls import reverse

from tashbik.exchange import jobs
from tashbik.exchange.models import Enterprise, IdentityPair, Import, Mail, Membership
from tashbik.exchange.projection import record_of
from tashbik.exchange.verbs import identity, imports
from tests.world import World

ROWS = "id,name_fr,name_ar,country,locality,processes,employees\n"


def imported(world: World, row: str, name: str) -> Import:
    run = imports.upload(
        actor=world["officer"], exchange=world.dz, file=ContentFile((ROWS + row).encode(), name=name), name=name
    )
    imports.check(actor=world["officer"], run=run)
    jobs.work_off()
    run.refresh_from_db()
    imports.start(actor=world["officer"], run=run)
    jobs.work_off()
    run.refresh_from_db()
    assert run.status == "done"
    return run


def merged(world: World) -> IdentityPair:
    """The same foundry by an import, merged into the one that was there."""
    imported(world, "X-1,Fonderie du Sahel,,DZ,Blida,moulage,20\n", "a.csv")
    pair = IdentityPair.objects.get(first=world.enterprises[1], second__code="dz:X-1")
    return identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")


def test_a_merged_address_leads_to_the_survivor(world: World, browse) -> None:
    merged(world)
    answer = browse("visitor").get(reverse("register:profile", args=["dz:X-1"]))
    assert (answer.status_code, answer.url) == (302, reverse("register:profile", args=["dz:F-2"]))
    assert browse("visitor").get(reverse("register:jsonld", args=["dz:X-1"])).url.endswith("dz:F-2")


def test_who_acted_for_the_merged_one_is_told(world: World) -> None:
    imported(world, "X-1,Fonderie du Sahel,,DZ,Blida,moulage,20\n", "a.csv")
    pair = IdentityPair.objects.get(first=world.enterprises[1], second__code="dz:X-1")
    Membership.objects.create(user=world.users["buyer"], exchange=world.dz, role="member", enterprise=pair.second)
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    mail = Mail.objects.get(kind="enterprise.merged")
    assert mail.to == "buyer@dz.example" and "Fonderie du Sahel" in mail.body


def test_nobody_is_written_to_where_nobody_acts_for_it(world: World) -> None:
    merged(world)
    assert not Mail.objects.filter(kind="enterprise.merged").exists()


def test_an_import_keeps_a_merged_record_up_to_date_and_does_not_bring_it_back(world: World) -> None:
    pair = merged(world)
    run = imported(world, "X-1,Fonderie du Sahel,,DZ,Blida,moulage,35\n", "b.csv")
    gone = Enterprise.objects.get(code="dz:X-1")
    assert (gone.status, record_of(gone).employees, run.changed_count) == ("withdrawn", 35, 1)
    again = imported(world, "X-1,Fonderie du Sahel,,DZ,Blida,moulage,35\n", "c.csv")
    assert (again.changed_count, again.unchanged_count) == (0, 1)
    identity.undo(actor=world["officer"], pair=pair)
    gone.refresh_from_db()
    assert (gone.status, record_of(gone).employees) == ("published", 35)


def test_the_import_and_the_profile_tell_of_pairs_and_the_history_of_decisions(world: World, browse) -> None:
    run = imported(world, "X-1,Fonderie du Sahel,,DZ,Blida,moulage,20\n", "a.csv")
    officer = browse("officer")
    page = officer.get(reverse("imports:page", args=[run.pk])).content.decode()
    assert "1 enterprise of this file looks like" in page
    pair = IdentityPair.objects.get(first=world.enterprises[1], second__code="dz:X-1")
    profile = reverse("register:profile", args=["dz:F-2"])
    assert reverse("identity:pair", args=[pair.pk]) in officer.get(profile).content.decode()
    assert reverse("identity:pair", args=[pair.pk]) not in browse("visitor").get(profile).content.decode()
    identity.decide(actor=world["officer"], pair=pair, decision="same", survivor="first")
    history = officer.get(reverse("moderation:history", args=["enterprise", world.enterprises[1].pk])).content.decode()
    assert "decided whether two records are one enterprise" in history
    assert officer.get(reverse("moderation:history", args=["identitypair", pair.pk])).status_code == 200
