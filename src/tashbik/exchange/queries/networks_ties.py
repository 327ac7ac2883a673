"""Where the ties of the linkage graph come from: declared, asked to quote, awarded, members of clusters; other modules may add sources.

Not which of them are shown to whom (networks_levels.py), nor nearness, which is no tie (networks_near.py). A source is a function from a
`Scope` to ties, registered by `@tie_source("name")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q

from tashbik.exchange.models import (
    Award,
    Cluster,
    ClusterMember,
    DeclaredTie,
    Enterprise,
    Invitation,
    Need,
    Outcome,
)
from tashbik.exchange.models.networks import Level
from tashbik.exchange.visibility import GROUPS
from tashbik.language.analysis import fold
from tashbik.network.graph import EdgeKind

VOLUMES = {DeclaredTie.Volume.OCCASIONAL: 1.0, DeclaredTie.Volume.REGULAR: 2.0, DeclaredTie.Volume.MAIN: 4.0}
"""Weights of declared ties by how much is supplied; an award weighs as much as a regular supply."""
AWARDED, DELIVERED = 2.0, 1.0
"""Weight of an award, and what is added for each delivery recorded."""
ASKED, QUOTED = 0.25, 0.5
"""Weights of an invitation to quote, and of one that was answered by a quote: contacts, not yet supplies."""
BELONGS = 1.0


@dataclass(frozen=True, slots=True)
class Scope:
    """What ties are asked for: those kept by one exchange (none: by all), of one enterprise or organisation (none: of all)."""

    exchange_id: int | None = None
    enterprise_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two nodes, by their ids (see `enterprise_node` and the like), with what decides who is shown it.

    `level` as of models.networks.Level; `parties` are always shown it. `unnamed`: the code of a need whose buyer is anonymous to all but
    `parties` of that side and the officers of the exchange `home`. `origin` names the source, `about` its subject, `words` what is said of it.
    """

    source: str
    target: str
    kind: EdgeKind
    weight: float
    as_of: date | None
    level: str
    origin: str
    exchange_id: int
    parties: frozenset[tuple[str, int]] = field(default=frozenset())
    unnamed: str = ""
    buyer: tuple[str, int] | None = None
    home: int = 0
    about: str = ""
    words: str = ""
    pk: int = 0


Source = Callable[[Scope], Iterator[Tie]]
SOURCES: dict[str, Source] = {}


def tie_source(name: str) -> Callable[[Source], Source]:
    """Register a source of ties."""

    def register(function: Source) -> Source:
        SOURCES[name] = function
        return function

    return register


def all_ties(scope: Scope) -> Iterator[Tie]:
    """The ties of all sources, whoever may see them."""
    for source in SOURCES.values():
        yield from source(scope)


def enterprise_node(code: str) -> str:
    """The node of an enterprise is its code."""
    return code


def organisation_node(number: int) -> str:
    """The node of a buyer or institution."""
    return f"organisation:{number}"


def cluster_node(code: str) -> str:
    """The node of a cluster."""
    return f"cluster:{code}"


def unnamed_node(need: str) -> str:
    """The node of the buyer of a need who is anonymous: one for each need, so that several needs of one buyer are not seen to be of one."""
    return f"unnamed:{need}"


def outside_node(name: str) -> str:
    """The node of a company outside the register: the same for the same name, however it is capitalised."""
    return f"outside:{sha256(fold(name).encode()).hexdigest()[:12]}"


_PUBLISHED = Enterprise.Status.PUBLISHED


# the sources


@tie_source("declared")
def declared(scope: Scope) -> Iterator[Tie]:
    """Ties that an enterprise, a buyer or an officer has declared."""
    for one in _declared_rows(scope):
        if any(end is not None and end.status != _PUBLISHED for end in (one.maker, one.buyer)):
            continue
        yield Tie(
            source=enterprise_node(one.maker.code) if one.maker else outside_node(one.maker_name),
            target=_declared_buyer(one),
            kind="supply",
            weight=VOLUMES[DeclaredTie.Volume(one.volume)],
            as_of=one.as_of,
            level=one.level,
            origin="declared",
            exchange_id=one.exchange_id,
            parties=frozenset(one.parties()),
            about=one.product,
            words=one.source,
            pk=one.pk,
        )


def _declared_rows(scope: Scope) -> Iterator[DeclaredTie]:
    rows = DeclaredTie.objects.select_related("maker", "buyer").defer("maker__record", "buyer__record")
    if scope.enterprise_id:
        rows = rows.filter(Q(maker=scope.enterprise_id) | Q(buyer=scope.enterprise_id))
    if scope.organisation_id:
        rows = rows.filter(buyer_organisation=scope.organisation_id)
    return rows.filter(**_of(scope)).order_by("pk").iterator(2_000)


def _declared_buyer(one: DeclaredTie) -> str:
    if one.buyer:
        return enterprise_node(one.buyer.code)
    if one.buyer_organisation_id:
        return organisation_node(one.buyer_organisation_id)
    return outside_node(one.buyer_name)


def outside_names(scope: Scope) -> dict[str, str]:
    """The names of companies outside the register, by their nodes."""
    rows = DeclaredTie.objects.filter(**_of(scope)).order_by("pk")
    names = [name for pair in rows.values_list("maker_name", "buyer_name") for name in pair if name]
    return {outside_node(name): name for name in reversed(names)}


def _of(scope: Scope, path: str = "exchange") -> dict[str, int]:
    return {path: scope.exchange_id} if scope.exchange_id else {}


_NEED = ("exchange_id", "buyer_id", "code", "anonymous", "confidentiality")


@tie_source("asked")
def asked(scope: Scope) -> Iterator[Tie]:
    """Invitations to quote, and quotes given: known to the officers and the two sides alone."""
    rows = Invitation.objects.filter(**_of(scope, "rfq__exchange"), **_ends(scope, "", "rfq__need__"))
    rows = rows.filter(rfq__need__buyer__isnull=False, enterprise__status=_PUBLISHED).order_by("pk")
    fields = ("enterprise_id", "enterprise__code", "status", "created", "rfq__exchange_id", "rfq__code")
    for row in rows.values(*fields, *(f"rfq__need__{one}" for one in _NEED)).iterator(2_000):
        quoted = row["status"] == Invitation.Status.QUOTED
        yield _bought(
            row,
            "rfq__need__",
            code=row["enterprise__code"],
            enterprise_id=row["enterprise_id"],
            kind="rfq",
            weight=QUOTED if quoted else ASKED,
            as_of=_day(row["created"]),
            level=Level.EXCHANGE,
            origin="quoted" if quoted else "asked",
            exchange_id=row["rfq__exchange_id"],
            about=row["rfq__code"],
        )


@tie_source("awarded")
def awarded(scope: Scope) -> Iterator[Tie]:
    """Awards with what came of them. Those of open needs with a named buyer are shown to members as far as the enterprise shows its references."""
    path, need = "quote__invitation__enterprise", "rfq__need__"
    rows = Award.objects.filter(**_of(scope, "rfq__exchange"), **_ends(scope, "quote__invitation__", need))
    rows = rows.filter(**{f"{path}__status": _PUBLISHED, "rfq__need__buyer__isnull": False}).order_by("pk")
    fields = (
        f"{path}_id",
        f"{path}__code",
        f"{path}__record__visibility",
        "pk",
        "created",
        "rfq__exchange_id",
        "rfq__code",
    )
    came = _outcomes(scope)
    for row in rows.values(*fields, *(f"{need}{one}" for one in _NEED)).iterator(2_000):
        delivered, cancelled, latest = came.get(row["pk"], (0, False, None))
        if cancelled:
            continue
        open_to_members = row[f"{need}confidentiality"] == Need.Confidentiality.OPEN and not row[f"{need}anonymous"]
        shown = (row[f"{path}__record__visibility"] or {}).get("references", GROUPS["references"])
        yield _bought(
            row,
            need,
            code=row[f"{path}__code"],
            enterprise_id=row[f"{path}_id"],
            kind="award",
            weight=AWARDED + DELIVERED * delivered,
            as_of=latest or _day(row["created"]),
            level=Level.MEMBERS if open_to_members and shown != "exchange" else Level.EXCHANGE,
            origin="awarded",
            exchange_id=row["rfq__exchange_id"],
            about=row["rfq__code"],
        )


def _outcomes(scope: Scope) -> dict[int, tuple[int, bool, date | None]]:
    """Of each award: deliveries recorded, whether it was cancelled, and the day of the last outcome."""
    found: dict[int, tuple[int, bool, date | None]] = {}
    rows = Outcome.objects.filter(**_of(scope, "award__rfq__exchange"))
    rows = rows.filter(**_ends(scope, "award__quote__invitation__", "award__rfq__need__"))
    for award, kind, day in rows.order_by("pk").values_list("award_id", "kind", "on"):
        count, cancelled, _ = found.get(award, (0, False, None))
        found[award] = (count + (kind == Outcome.Kind.DELIVERED), cancelled or kind == Outcome.Kind.CANCELLED, day)
    return found


def _ends(scope: Scope, to_enterprise: str, to_need: str) -> dict[str, int]:
    ends = {}
    if scope.enterprise_id:
        ends[f"{to_enterprise}enterprise"] = scope.enterprise_id
    if scope.organisation_id:
        ends[f"{to_need}buyer"] = scope.organisation_id
    return ends


def _bought(row: dict[str, Any], need: str, *, code: str, enterprise_id: int, **given: Any) -> Tie:
    """A tie from an enterprise to the buyer of a need."""
    buyer = row[f"{need}buyer_id"]
    return Tie(
        source=enterprise_node(code),
        target=organisation_node(buyer),
        parties=frozenset({("enterprise", enterprise_id), ("organisation", buyer)}),
        unnamed=row[f"{need}code"] if row[f"{need}anonymous"] else "",
        buyer=("organisation", buyer),
        home=row[f"{need}exchange_id"],
        **given,
    )


def _day(moment: datetime) -> date:
    return moment.date()


@tie_source("members")
def members(scope: Scope) -> Iterator[Tie]:
    """Enterprises in clusters."""
    if scope.organisation_id:
        return
    rows = ClusterMember.objects.filter(**_of(scope, "cluster__exchange"), **_ends(scope, "", ""))
    fields = (
        "enterprise_id",
        "enterprise__code",
        "cluster__code",
        "cluster__exchange_id",
        "cluster__as_of",
        "source",
        "since",
        "pk",
    )
    for row in rows.filter(enterprise__status=_PUBLISHED).order_by("pk").values(*fields).iterator(2_000):
        yield Tie(
            source=enterprise_node(row["enterprise__code"]),
            target=cluster_node(row["cluster__code"]),
            kind="membership",
            weight=BELONGS,
            as_of=row["cluster__as_of"],
            level=Level.PUBLIC,
            origin="member",
            exchange_id=row["cluster__exchange_id"],
            parties=frozenset({("enterprise", row["enterprise_id"])}),
            about=str(row["since"] or ""),
            words=row["source"],
            pk=row["pk"],
        )


@tie_source("institutions")
def institutions(scope: Scope) -> Iterator[Tie]:
    """Institutions that serve clusters."""
    if scope.enterprise_id:
        return
    rows = Cluster.institutions.through.objects.filter(**_of(scope, "cluster__exchange"))
    if scope.organisation_id:
        rows = rows.filter(organisation=scope.organisation_id)
    fields = ("organisation_id", "cluster__code", "cluster__exchange_id", "cluster__as_of", "cluster__source")
    for number, code, exchange, day, source in rows.order_by("pk").values_list(*fields):
        yield Tie(
            source=organisation_node(number),
            target=cluster_node(code),
            kind="membership",
            weight=BELONGS,
            as_of=day,
            level=Level.PUBLIC,
            origin="institution",
            exchange_id=exchange,
            parties=frozenset({("organisation", number)}),
            words=source,
        )
