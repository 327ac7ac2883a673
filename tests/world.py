"""A small installation for tests: two exchanges, one person in each role at each, enterprises, a need. Fictitious throughout."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from allauth.account.models import EmailAddress

from tashbik.exchange.actor import SYSTEM, VISITOR, Actor, acting
from tashbik.exchange.models import Enterprise, Exchange, Membership, Need, Organisation, Role, User
from tashbik.exchange.projection import as_json
from tashbik.exchange.storing import new_row, store_many
from tashbik.registry import records
from tashbik.registry.need_text import need_line
from tashbik.registry.understanding import understand

NEED = "500 carters en aluminium moulé sous pression par mois, alliage ADC12, ISO 9001, livraison à Blida"
ENTERPRISES = {
    "F-1": (
        "مسبك الهضاب",
        "صب الألمنيوم تحت الضغط، ADC12، طاقة 20000 قطعة شهريا منها 8000 شاغرة، شهادة إيزو 9001",
        "DZ",
        "سطيف",
    ),
    "F-2": (
        "Fonderie du Sahel",
        "Moulage sous pression d'aluminium, presse 400 t, pièces jusqu'à 300 x 200 mm",
        "DZ",
        "Blida",
    ),
    "F-3": ("Atelier Mécanique Annaba", "Tournage et fraisage CNC de pièces en acier", "DZ", "Annaba"),
}


@dataclass
class World:
    """What a test may use. `actors[role]` acts at the first exchange, `elsewhere[role]` at the second."""

    dz: Exchange
    tn: Exchange
    enterprises: list[Enterprise]
    foreign: Enterprise
    buyer: Organisation
    need: Need
    actors: dict[str, Actor] = field(default_factory=dict)
    elsewhere: dict[str, Actor] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Actor:
        """The actor of a role at the first exchange."""
        return self.actors[role]


def record(local: str, name: str, words: str, country: str, town: str) -> records.Enterprise:
    """An understood record of an enterprise with one capability."""
    language = "ar" if name[0] > "\u0600" else "fr"
    return understand(
        records.Enterprise(
            id=local,
            names={language: name},
            place=records.Place(country=country, locality=town),
            capabilities=(records.Capability(id="1", words={language: words}),),
            provenance=records.Provenance(source="test", as_of=date(2026, 9, 30)),
        )
    )


def make_world() -> World:
    """Build it in the test's database."""
    dz = Exchange.objects.create(
        code="dz",
        country="DZ",
        currency="DZD",
        name_ar="بورصة الاختبار",
        name_fr="Bourse d'essai",
        name_en="Test exchange",
    )
    tn = Exchange.objects.create(
        code="tn", country="TN", currency="TND", name_ar="بورصة أخرى", name_fr="Autre bourse", name_en="Other exchange"
    )
    made = [(new_row(dz, one), one) for one in (record(key, *rest) for key, rest in ENTERPRISES.items())]
    other = record("F-9", "Fonderie de Sfax", "Moulage sous pression d'aluminium", "TN", "Sfax")
    made.append((new_row(tn, other), other))
    store_many(made, ())
    rows = [row for row, _ in made]
    buyer = Organisation.objects.create(
        exchange=dz, kind="buyer", name="Grands Moteurs", country="DZ", email="b@t.example"
    )
    need = Need.objects.create(
        exchange=dz,
        buyer=buyer,
        code="dz-N-1",
        title="Carters",
        text=NEED,
        language="fr",
        record=as_json(records.Need(id="dz-N-1", lines=(need_line("1", NEED, country="DZ"),), buyer=buyer.name)),
        status=Need.Status.RELEASED,
        due=date(2027, 3, 1),
    )
    world = World(dz, tn, rows[:3], rows[3], buyer, need)
    for exchange, actors in ((dz, world.actors), (tn, world.elsewhere)):
        _people(world, exchange, actors)
    world.actors[Role.VISITOR] = world.elsewhere[Role.VISITOR] = VISITOR
    world.actors["system"] = SYSTEM
    return world


def _people(world: World, exchange: Exchange, actors: dict[str, Actor]) -> None:
    for role in Role:
        if role == Role.VISITOR:
            continue
        user = User.objects.create_user(
            f"{role}@{exchange.code}.example", "a-long-password", name=f"{role} {exchange.code}"
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        mine = exchange == world.dz
        membership = Membership.objects.create(
            user=user,
            exchange=exchange,
            role=role,
            organisation=world.buyer if role == Role.BUYER and mine else _organisation(exchange, role),
            enterprise=(world.enterprises[0] if mine else world.foreign) if role == Role.MEMBER else None,
        )
        actors[role] = acting(membership)
        if mine:
            world.users[role] = user


def _organisation(exchange: Exchange, role: str) -> Organisation | None:
    if role not in (Role.BUYER, Role.INSTITUTION, Role.FINANCIER):
        return None
    return Organisation.objects.create(
        exchange=exchange, kind=role, name=f"{role} {exchange.code}", country=exchange.country
    )
