"""People and their roles: granting, taking away, tokens, having one's data out or erased."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tashbik.errors import InvalidError, NotPermittedError, StateError
from tashbik.exchange import audit
from tashbik.exchange.actor import SYSTEM, signed_in
from tashbik.exchange.models import ApiToken, Membership, Revision, User
from tashbik.exchange.verbs import accounts
from tests.world import World


def test_an_administrator_grants_a_role(world: World) -> None:
    User.objects.create_user("new@x.example", "a-long-password")
    made = accounts.grant(
        actor=world["administrator"], exchange=world.dz, email="NEW@x.example", role="buyer", organisation=world.buyer
    )
    assert (made.role, made.organisation) == ("buyer", world.buyer)
    with pytest.raises(StateError):
        accounts.grant(
            actor=world["administrator"],
            exchange=world.dz,
            email="new@x.example",
            role="buyer",
            organisation=world.buyer,
        )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody@x.example", "role": "officer"}, "email"),
        ({"email": "officer@dz.example", "role": "king"}, "role"),
        ({"email": "officer@dz.example", "role": "member"}, "enterprise"),
        ({"email": "officer@dz.example", "role": "buyer"}, "organisation"),
    ],
)
def test_a_grant_names_what_is_wrong(world: World, values, field: str) -> None:
    with pytest.raises(InvalidError) as raised:
        accounts.grant(actor=world["administrator"], exchange=world.dz, **values)
    assert set(raised.value.fields) == {field}


def test_an_enterprise_of_another_exchange_cannot_be_acted_for(world: World) -> None:
    with pytest.raises(InvalidError):
        accounts.grant(
            actor=world["administrator"],
            exchange=world.dz,
            email="officer@dz.example",
            role="member",
            enterprise=world.foreign,
        )


def test_only_the_exchanges_own_administrator_grants(world: World) -> None:
    for actor in (world["officer"], world["member"], world["visitor"], world.elsewhere["administrator"]):
        with pytest.raises(NotPermittedError):
            accounts.grant(actor=actor, exchange=world.dz, email="officer@tn.example", role="officer")


def test_the_last_administrator_stays(world: World) -> None:
    with pytest.raises(StateError):
        accounts.revoke(
            actor=world["administrator"], membership=Membership.objects.get(exchange=world.dz, role="administrator")
        )
    officer = Membership.objects.get(exchange=world.dz, role="officer")
    pk = officer.pk
    accounts.revoke(actor=world["administrator"], membership=officer)
    revision = Revision.objects.get(subject_kind="membership", subject_id=pk)
    assert revision.before["role"] == "officer" and revision.after is None


def test_a_token_is_kept_as_a_digest_and_ends_at_once(world: World) -> None:
    mine = Membership.objects.get(exchange=world.dz, role="officer")
    token, plain = accounts.create_token(actor=world["officer"], membership=mine, label="reports")
    assert plain not in str(list(ApiToken.objects.values())) and accounts.token_digest(plain) == token.digest
    assert plain not in str(list(Revision.objects.values()))
    with pytest.raises(NotPermittedError):
        accounts.create_token(actor=world["administrator"], membership=mine, label="of another")
    accounts.revoke_token(actor=world["officer"], token=token)
    assert token.expires <= timezone.now()


def test_a_person_has_all_out_and_is_erased(world: World) -> None:
    person = world.users["buyer"]
    me = signed_in(person)
    kept = accounts.export_person(actor=me, person=person)
    assert kept["account"]["email"] == "buyer@dz.example" and kept["roles"][0]["role"] == "buyer"
    with pytest.raises(NotPermittedError):
        accounts.export_person(actor=world["administrator"], person=person)
    accounts.edit_profile(actor=me, person=person, name="Another name")
    accounts.erase_person(actor=me, person=person)
    everything = str(list(User.objects.filter(pk=person.pk).values())) + str(list(Revision.objects.values()))
    assert "buyer@dz.example" not in everything and "Another name" not in everything
    assert list(audit.broken_links()) == []


def test_the_only_administrator_cannot_be_erased(world: World) -> None:
    person = world.users["administrator"]
    with pytest.raises(StateError):
        accounts.erase_person(actor=signed_in(person), person=person)


def test_a_profile_takes_only_known_values(world: World) -> None:
    person = world.users["officer"]
    with pytest.raises(InvalidError) as raised:
        accounts.edit_profile(actor=world["officer"], person=person, digits="roman")
    assert "digits" in raised.value.fields
    accounts.edit_profile(actor=world["officer"], person=person, digits="arab", hijri=True)
    assert (person.digits, person.hijri) == ("arab", True)


def test_commands_make_users_and_exchanges(world: World) -> None:
    made = accounts.make_user(
        actor=SYSTEM, email="A@b.example", role="officer", exchange="tn", name="A", enterprise="", password="x" * 12
    )
    assert made.email == "a@b.example" and made.check_password("x" * 12)
    with pytest.raises(InvalidError):
        accounts.make_user(
            actor=SYSTEM, email="A@b.example", role="officer", exchange="none", name="", enterprise="", password=""
        )
    with pytest.raises(NotPermittedError):
        accounts.found_exchange(actor=world["administrator"], code="x", name="X")
    with pytest.raises(InvalidError):
        accounts.found_exchange(actor=SYSTEM, code="dz", name="X")
