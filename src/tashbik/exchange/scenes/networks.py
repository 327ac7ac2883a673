"""The demonstration's network: who supplies whom, three clusters, some finished orders. Fictitious, and it says so. Not the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from tashbik.exchange.models import (
    Award,
    Cluster,
    ClusterMember,
    DeclaredTie,
    Enterprise,
    Exchange,
    Facet,
    Invitation,
    Need,
    Organisation,
    Outcome,
    Quote,
    QuoteLine,
    Rfq,
)
from tashbik.exchange.models.networks import Level
from tashbik.exchange.verbs.networks import build

SOURCE = "عرض توضيحي (démonstration)"
LARGE = (
    "مجمع العربات الصناعية (توضيحي)",
    "Société des équipements ferroviaires (fictive)",
    "شركة تجهيزات الطاقة (توضيحية)",
    "Groupe agroalimentaire des Hauts Plateaux (fictif)",
)
"""Further large buyers of the demonstration."""
CHAINS = (
    ("process.metal-casting", "process.machining"),
    ("process.machining", "process.heat-treatment"),
    ("process.heat-treatment", "process.machining"),
    ("process.machining", "process.surface-coating"),
    ("process.mould-making", "process.plastics-processing"),
    ("process.sheet-metal-working", "process.surface-coating"),
    ("process.sheet-metal-working", "process.steel-structure-fabrication"),
    ("product.plastic-compounds", "process.plastics-processing"),
    ("product.packaging", "product.food-products"),
    ("process.textile-processing", "process.garment-making"),
    ("process.leather-processing", "product.footwear"),
    ("process.industrial-maintenance", "product.food-products"),
    ("process.laboratory-testing", "product.food-products"),
)
"""What makers of the first supply to makers of the second."""
WANTED = (
    ("process.metal-casting", 0),
    ("process.machining", 0),
    ("process.plastics-processing", 0),
    ("process.surface-coating", 1),
    ("process.sheet-metal-working", 1),
    ("process.forging", 1),
    ("product.electrical-goods", 2),
    ("process.industrial-maintenance", 2),
    ("product.packaging", 3),
    ("product.food-products", 3),
)
"""What each of the large buyers is supplied with, by its place in LARGE."""
CLUSTERS = (
    (
        (
            "عنقود الصناعات الميكانيكية بالشرق (توضيحي)",
            "Grappe mécanique de l'Est (fictive)",
            "Eastern mechanical cluster (fictitious)",
        ),
        "DZ-25",
        ("24", "25", "28"),
        ("process.machining", "process.metal-casting", "process.forging"),
    ),
    (
        (
            "عنقود الصناعات الغذائية بالوسط (توضيحي)",
            "Grappe agroalimentaire du Centre (fictive)",
            "Central food cluster (fictitious)",
        ),
        "DZ-09",
        ("10", "11"),
        ("product.food-products",),
    ),
    (
        (
            "عنقود اللدائن والتغليف (توضيحي)",
            "Grappe plasturgie et emballage (fictive)",
            "Plastics and packaging cluster (fictitious)",
        ),
        "DZ-19",
        ("17", "22"),
        ("process.plastics-processing", "product.packaging"),
    ),
)
MOST_MEMBERS = 14
ORDERS = 12
"""Finished orders of the demonstration's buyer."""


def load(exchange: Exchange) -> None:
    """Load it into the demonstration's first exchange, and analyse the network."""
    makers = _makers(exchange)
    today = date.today()
    buyers = [
        Organisation.objects.create(
            exchange=exchange,
            kind=Organisation.Kind.BUYER,
            name=name,
            country=exchange.country,
            language="ar" if name[0] > "z" else "fr",
        )
        for name in LARGE
    ]
    DeclaredTie.objects.bulk_create([*_chains(exchange, makers, today), *_supplies(exchange, makers, buyers, today)])
    _clusters(exchange, makers, today)
    _orders(exchange, makers, today)
    build(exchange.pk)
    build(None)


def _makers(exchange: Exchange) -> dict[str, list[Enterprise]]:
    """The enterprises of the exchange by concept, in the order of their codes."""
    wanted = (
        {one for pair in CHAINS for one in pair}
        | {one for one, _ in WANTED}
        | {one for row in CLUSTERS for one in row[3]}
    )
    rows = Facet.objects.filter(enterprise__exchange=exchange, value__in=wanted, enterprise__status="published")
    found: dict[str, list[Enterprise]] = {one: [] for one in wanted}
    for row in rows.select_related("enterprise").defer("enterprise__record").order_by("enterprise__code", "value"):
        found[row.value].append(row.enterprise)
    return found


def _tie(exchange: Exchange, number: int, today: date, **ends: Enterprise | Organisation) -> DeclaredTie:
    volumes = DeclaredTie.Volume
    return DeclaredTie(
        exchange=exchange,
        volume=(volumes.REGULAR, volumes.OCCASIONAL, volumes.MAIN)[number % 3],
        since=today.year - 1 - number % 6,
        source=SOURCE,
        as_of=today - timedelta(days=20 + 7 * (number % 40)),
        level=Level.PUBLIC if number % 4 else Level.MEMBERS,
        **ends,
    )


def _chains(exchange: Exchange, makers: dict[str, list[Enterprise]], today: date) -> list[DeclaredTie]:
    """Every maker of the one supplies one or two of the other, a few of them many."""
    ties: dict[tuple[int, int], DeclaredTie] = {}
    for step, (given, taken) in enumerate(CHAINS):
        others = makers[taken]
        for number, maker in enumerate(makers[given][:16]):
            for turn in range(1 + number % 2):
                buyer = others[(3 * number * turn + number // 3 + step) % len(others)] if others else maker
                if buyer.pk != maker.pk:
                    ties[maker.pk, buyer.pk] = _tie(exchange, number + step, today, maker=maker, buyer=buyer)
    return list(ties.values())


def _supplies(
    exchange: Exchange, makers: dict[str, list[Enterprise]], buyers: Sequence[Organisation], today: date
) -> list[DeclaredTie]:
    """Three or four suppliers of each of the first buyers' wants; forgings come from one alone."""
    ties: dict[tuple[int, int], DeclaredTie] = {}
    for number, (concept, place) in enumerate(WANTED):
        count = 1 if concept == "process.forging" else 3 + number % 2
        for turn, maker in enumerate(makers[concept][number % 3 :][:count]):
            ties[maker.pk, place] = _tie(exchange, number + turn, today, maker=maker, buyer_organisation=buyers[place])
    return list(ties.values())


def _clusters(exchange: Exchange, makers: dict[str, list[Enterprise]], today: date) -> None:
    institution = (
        Organisation.objects.filter(exchange=exchange, kind=Organisation.Kind.INSTITUTION).order_by("pk").first()
    )
    for number, (names, region, sectors, concepts) in enumerate(CLUSTERS, 1):
        cluster = Cluster.objects.create(
            exchange=exchange,
            code=f"{exchange.code}-c-{number}",
            name_ar=names[0],
            name_fr=names[1],
            name_en=names[2],
            country=exchange.country,
            region=region,
            sectors=list(sectors),
            source=SOURCE,
            as_of=today - timedelta(days=30 * number),
        )
        if institution is not None:
            cluster.institutions.add(institution)
        among = {one.pk: one for concept in concepts for one in makers[concept]}
        ClusterMember.objects.bulk_create(
            [
                ClusterMember(cluster=cluster, enterprise=one, since=today.year - 1 - place % 4, source=SOURCE)
                for place, one in enumerate(list(among.values())[:MOST_MEMBERS])
            ]
        )


def _orders(exchange: Exchange, makers: dict[str, list[Enterprise]], today: date) -> None:
    """Requests of the demonstration's buyer that ended in an award and a delivery, each with two who were asked besides."""
    needs = list(Need.objects.filter(exchange=exchange, buyer__isnull=False).order_by("pk")[:ORDERS])
    pool = [one for concept, _ in WANTED for one in makers[concept]]
    if len(pool) < 3:
        return
    for number, need in enumerate(needs):
        asked = list(
            {
                pool[(5 * number + 7 * turn) % len(pool)].pk: pool[(5 * number + 7 * turn) % len(pool)]
                for turn in range(3)
            }.values()
        )
        _order(exchange, need, asked, number, today - timedelta(days=60 + 25 * number))


def _order(exchange: Exchange, need: Need, asked: Sequence[Enterprise], number: int, day: date) -> None:
    moment = datetime.combine(day, time(9), UTC)
    rfq = Rfq.objects.create(
        exchange=exchange,
        need=need,
        need_version=need.version,
        code=f"{need.code}-D{number + 1}",
        status=Rfq.Status.AWARDED,
        deadline=day,
        currency=exchange.currency,
        record=need.record,
        details=need.details,
        message=SOURCE,
        closed=moment,
    )
    statuses = (Invitation.Status.QUOTED, Invitation.Status.SEEN, Invitation.Status.DECLINED)
    invitations = [
        Invitation.objects.create(rfq=rfq, enterprise=one, status=status)
        for one, status in zip(asked, statuses, strict=False)
    ]
    quote = Quote.objects.create(
        invitation=invitations[0],
        status=Quote.Status.SUBMITTED,
        currency=exchange.currency,
        submitted=moment,
        note=SOURCE,
    )
    line = str(need.record["lines"][0]["id"])
    price = Decimal(40 + 15 * number)
    QuoteLine.objects.create(quote=quote, line=line, unit_price=price)
    award = Award.objects.create(
        rfq=rfq, quote=quote, lines={line: "100"}, value=100 * price, currency=exchange.currency, reason=SOURCE
    )
    Rfq.objects.filter(pk=rfq.pk).update(created=moment - timedelta(days=20))
    Award.objects.filter(pk=award.pk).update(created=moment)
    if number % 3:
        Outcome.objects.create(award=award, kind=Outcome.Kind.DELIVERED, on=day + timedelta(days=30), note=SOURCE)
